//! Who may act on a dossier as its owner: the citizen signed in, or whoever proved to hold it and has a pass.

use crate::service::{self, Error};
use axum::extract::{FromRef, FromRequestParts};
use base::Lang;
use directory::{Cx, Visitor};
use http::request::Parts;
use store::{By, Read};
use uuid::Uuid;
use web::{House, Problem};

/// The header that carries a pass, given by `POST /api/v1/track/{code}/proof`.
const PASS: &str = "dossier-pass";

/// Somebody with a session or with a pass; whether it opens this dossier is asked in the unit of work ([`Keys::cx`]).
pub struct Holder {
    /// The house.
    pub house: House,
    /// What they came with.
    pub keys: Keys,
}

/// What somebody came with.
#[derive(Clone)]
pub struct Keys {
    signed_in: Option<Cx>,
    pass: Option<String>,
    by: By,
    lang: Lang,
}

impl Keys {
    /// The context of the dossier's owner; a dossier these keys do not open is not there.
    pub async fn cx(&self, tx: &Read<'_>, dossier: Uuid) -> Result<Cx, Error> {
        let Some(pass) = &self.pass else { return self.signed_in.clone().ok_or(Error::NotFound) };
        let who = service::held(tx, pass, dossier, self.by.now).await?;
        Ok(Cx { by: By { who: who.subject.id, ..self.by }, who, lang: self.lang })
    }

    /// What makes a call of one holder another call than the same of somebody else.
    pub fn mark(&self) -> Option<&str> {
        self.pass.as_deref()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Holder
where
    House: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Holder, Problem> {
        let pass = parts.headers.get(PASS).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let visitor = <Visitor as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        if visitor.who.is_none() && pass.is_none() {
            return Err(directory::no_citizen(&visitor.visit, &visitor.house).await?);
        }
        let (by, lang) = (crate::pages::tracking::by(&visitor, Uuid::nil()), visitor.visit.lang());
        Ok(Holder { house: visitor.house, keys: Keys { signed_in: visitor.who, pass, by, lang } })
    }
}
