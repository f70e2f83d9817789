//! Who arrives as an officer: found by the identity that is linked, or once by the provider's claim of the sign-in name.
use store::{By, Write};

use super::{Stop, belonging};
use crate::{
    DirectoryEvent as Event, Error, Realm,
    identity::{
        Refused,
        provider::{Identity, Provider},
    },
    service::{account, people},
    sql::{
        credentials::{self, Known},
        identity::{self as sql, Linked},
    },
};

/// Finds the officer an identity belongs to: linked before, or by the provider's claim of the sign-in name. Nobody is ever made.
pub async fn officer_arrives(tx: &Write<'_>, by: &By, provider: &Provider, who: &Identity) -> Result<Known, Stop> {
    let unknown = || Refused::Unknown { subject: who.subject.clone() };
    if let Some(linked) = sql::linked(tx, &provider.issuer, &who.subject, Realm::Officer, "").await? {
        sql::used(tx, Realm::Officer, &linked, who.level.as_deref(), by.now).await?;
        return Ok(credentials::officer_by_id(tx, linked.subject, by.now).await?.ok_or_else(unknown)?);
    }
    let login = who.login.as_deref().and_then(people::login).ok_or_else(unknown)?;
    let known = credentials::officer(tx, &login, by.now).await?.ok_or_else(unknown)?;
    // whoever has an identity there has it already: a second one needs an administrator
    let others = sql::identities_of(tx, known.subject).await?;
    if others.iter().any(|other| other.issuer == provider.issuer) {
        return Err(unknown().into());
    }
    let new = belonging(by, provider, &who.subject, known.subject, "login");
    let new = Linked { level: who.level.clone(), last_at: Some(by.now), ..new };
    link_officer(tx, by, &known, &new).await?;
    Ok(known)
}

/// Links an identity to an officer.
pub(super) async fn link_officer(tx: &Write<'_>, by: &By, known: &Known, new: &Linked) -> Result<(), Error> {
    if !sql::link(tx, Realm::Officer, new, by.who).await? {
        return Err(tx.stale().into());
    }
    // somebody who never had a password still enrols a second factor
    credentials::open_credential(tx, known.subject).await?;
    let event = Event::IdentityLinked { provider: new.provider.clone(), how: new.how.clone() };
    account::append(tx, by, known, event).await
}
