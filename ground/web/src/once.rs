//! The same send twice is one act: a key in the form (`lan`, from `web::csrf_once()`) or in the header `Idempotency-Key`.
//!
//! ```ignore
//! async fn submit(house: State<House>, visit: Visit, once: Once, Form(form): Form<Filing>) -> Result<Response, Problem> {
//!     let to = once.run(&house, &form, async move |tx| service::submit(tx, &cx, form).await.map(|code| format!("/ho-so/{code}"))).await?;
//!     Ok(go(to).into_response())
//! }
//! ```
//!
//! The answer (a short text: where to go, or a JSON body) is kept in the unit that did the work. A twin finds it and gives it again.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use http::request::Parts;
use serde::Serialize;
use store::{Key, Read, Write};

use crate::house::House;
use crate::problem::Problem;
use crate::visit::Visit;

/// The key of this request, and whom it belongs to.
#[derive(Debug, Clone)]
pub struct Once {
    scope: String,
    key: Option<String>,
}

impl Once {
    /// For a form that carried `lan`; the key of a page never meets that of another visitor.
    pub fn of_form(visit: &Visit, lan: &str) -> Once {
        let known = !lan.is_empty() && lan.len() <= 64;
        Once { scope: scope(visit), key: known.then(|| lan.to_owned()) }
    }

    /// The key as [`store::Key`] for a body, when the caller does the remembering itself.
    pub fn key(&self, body: impl AsRef<[u8]>) -> Option<Key> {
        self.key.as_ref().map(|k| Key::new(self.scope.clone(), k.clone(), body))
    }

    /// The answer given before, if any: for work of which a part is done ahead of its unit.
    pub async fn answered<B: Serialize>(&self, house: &House, body: &B) -> Result<Option<String>, store::Error> {
        let Some(key) = self.key(serde_json::to_vec(body)?) else { return Ok(None) };
        house.db.read(async move |tx: &Read<'_>| store::answered(tx, &key).await).await
    }

    /// Does the work once. Without a key it is simply done.
    pub async fn run<B, F, E>(&self, house: &House, body: &B, work: F) -> Result<String, E>
    where
        B: Serialize,
        F: AsyncFn(&Write<'_>) -> Result<String, E> + Send + 'static,
        E: From<store::Error> + Send + 'static,
    {
        let body = serde_json::to_vec(body).map_err(store::Error::from)?;
        let key = self.key(body);
        let now = house.clock.now();
        house
            .db
            .write(async move |tx: &Write<'_>| {
                let Some(key) = &key else { return work(tx).await };
                let read: &Read<'_> = tx;
                if let Some(answer) = store::answered(read, key).await? {
                    return Ok(answer);
                }
                let answer = work(tx).await?;
                store::remember(tx, key, &answer, now).await?;
                Ok(answer)
            })
            .await
    }
}

/// Keys of one visitor, or of one session: the path is part of it, so that a key used on two forms is two keys.
fn scope(visit: &Visit) -> String {
    let who = visit.known_key().map(|k| hex::encode(&k.0[..12])).unwrap_or_else(|| "-".into());
    format!("{who}:{}", visit.path())
}

impl<S: Send + Sync> FromRequestParts<S> for Once {
    type Rejection = Problem;

    /// From the header; a program that changes something must send one.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Once, Problem> {
        let visit = <Visit as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let key = parts.headers.get("idempotency-key").and_then(|v| v.to_str().ok()).map(str::to_owned);
        let key = key.or_else(|| parts.extensions.get::<crate::guard::Posted>().and_then(|p| p.value("lan")));
        match key {
            Some(key) if key.is_empty() || key.len() > 64 => {
                Err(Problem::unreadable("the idempotency key must have 1 to 64 characters"))
            }
            key => Ok(Once { scope: scope(&visit), key }),
        }
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Once {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Once>, Problem> {
        <Once as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}
