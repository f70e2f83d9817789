//! Who arrives as a citizen: a person for themselves, or one who acts for an organisation. Accounts are found, joined by a sure number, opened.
use store::{By, Loaded, Write, append};

use super::{Stop, belonging};
use crate::{
    CitizenAccountId, DirectoryEvent as Event, Error, Realm, Subject,
    identity::{
        account::{AccountKind, CitizenAccount},
        provider::{Identity, Organisation, Provider},
    },
    sql::{
        credentials::{self, citizen_account, open_citizen, refresh_citizen, verified_account},
        identity::{self as sql, Linked},
    },
};

/// Somebody who came in as a citizen, perhaps for an organisation.
#[derive(Clone, Debug)]
pub struct Came {
    /// The account of the session.
    pub subject: Subject,
    /// The person who acts, when that is an organisation's.
    pub person: Option<CitizenAccountId>,
}

/// Somebody on the way in: who it is by whose word.
struct Coming<'a> {
    by: &'a By,
    provider: &'a Provider,
    who: &'a Identity,
}

/// Finds the account of whoever came, joins it by a verified number, or opens one.
pub async fn citizen_arrives(tx: &Write<'_>, by: &By, provider: &Provider, who: &Identity) -> Result<Came, Stop> {
    let come = Coming { by, provider, who };
    let subject = |account: CitizenAccountId| Subject { realm: Realm::Citizen, id: account.0 };
    let person = person_arrives(tx, &come).await?;
    match &who.organisation {
        None => Ok(Came { subject: subject(person), person: None }),
        Some(organisation) => {
            let account = organisation_arrives(tx, &come, organisation, person).await?;
            Ok(Came { subject: subject(account), person: Some(person) })
        }
    }
}

/// The person's own account: by the identity, by a verified number, or a new one. An organisation's representative is known by number alone.
async fn person_arrives(tx: &Write<'_>, come: &Coming<'_>) -> Result<CitizenAccountId, Stop> {
    let (by, provider, who) = (come.by, come.provider, come.who);
    let number = who.sure_number();
    let by_number = match number {
        Some(number) => verified_account(tx, number).await?,
        None => None,
    };
    let own = who.organisation.is_none();
    if own && let Some(linked) = sql::linked(tx, &provider.issuer, &who.subject, Realm::Citizen, "").await? {
        let known = citizen_account(tx, CitizenAccountId(linked.subject)).await?.ok_or(Error::Missing("account"))?;
        let number = known.keeps(number, by_number.as_ref())?;
        let known = refreshed(tx, come, known, number).await?;
        sql::used(tx, Realm::Citizen, &linked, who.level.as_deref(), by.now).await?;
        return Ok(known.id);
    }
    let (found, how) = match by_number {
        Some(known) => (known, "number"),
        None => {
            let id = CitizenAccountId(by.id("account of a person", 0));
            let name = who.name.as_ref().unwrap_or(&who.subject);
            (open(tx, come, CitizenAccount::new(id, AccountKind::Person, name)).await?, "opened")
        }
    };
    let mut account = refreshed(tx, come, found, number).await?;
    if own {
        recognise(tx, come, "", &mut account, how).await?;
    }
    Ok(account.id)
}

/// The organisation's account, by its tax code, or a new one; and that this person came for it.
async fn organisation_arrives(
    tx: &Write<'_>,
    come: &Coming<'_>,
    organisation: &Organisation,
    person: CitizenAccountId,
) -> Result<CitizenAccountId, Error> {
    let (by, provider) = (come.by, come.provider);
    let tax_code = organisation.tax_code.to_string();
    let mut account = match credentials::organisation(tx, &tax_code).await? {
        Some(known) => known,
        None => {
            let id = CitizenAccountId(by.id("account of an organisation", 0));
            let new = CitizenAccount::new(id, AccountKind::Organisation, &organisation.name);
            open(tx, come, CitizenAccount { tax_code: Some(tax_code.clone()), ..new }).await?
        }
    };
    if account.name != organisation.name {
        account.name.clone_from(&organisation.name);
        refresh_citizen(tx, &account).await?;
    }
    recognise(tx, come, &tax_code, &mut account, "opened").await?;
    if sql::represent(tx, account.id, person, &provider.key, by.now).await? {
        let event = Event::OrganisationRepresented { organisation: account.id, person, provider: provider.key.clone() };
        note(tx, by, &mut account, event).await?;
    }
    Ok(account.id)
}

/// Keeps what the provider says of the holder. `number`: what it answers for.
async fn refreshed(
    tx: &Write<'_>,
    come: &Coming<'_>,
    kept: CitizenAccount,
    number: Option<&str>,
) -> Result<CitizenAccount, Error> {
    let mut account = kept.refreshed(come.who, number, &come.provider.key, come.by.now);
    if kept.verified_at.is_none() && account.verified_at.is_some() {
        let event = Event::AccountVerified { account: account.id, provider: come.provider.key.clone() };
        append_to(tx, come.by, &mut account, event).await?;
    }
    refresh_citizen(tx, &account).await.map_err(|e| match e {
        // the same number came through another door a moment ago
        store::Error::Taken(_) => tx.stale(),
        other => other,
    })?;
    Ok(account)
}

async fn open(tx: &Write<'_>, come: &Coming<'_>, mut account: CitizenAccount) -> Result<CitizenAccount, Error> {
    let organisation = account.kind == AccountKind::Organisation;
    let event = Event::AccountOpened { account: account.id, provider: come.provider.key.clone(), organisation };
    account.version = append(tx, come.by, Loaded::new::<Event>(account.id.0), &[event]).await?;
    if !open_citizen(tx, &account, come.by.now).await? {
        // the same person at two doors at once: the unit runs again on what is now true
        return Err(tx.stale().into());
    }
    Ok(account)
}

async fn append_to(tx: &Write<'_>, by: &By, account: &mut CitizenAccount, event: Event) -> Result<(), Error> {
    account.version = append(tx, by, Loaded::at::<Event>(account.id.0, account.version), &[event]).await?;
    Ok(())
}

async fn note(tx: &Write<'_>, by: &By, account: &mut CitizenAccount, event: Event) -> Result<(), Error> {
    append_to(tx, by, account, event).await?;
    Ok(refresh_citizen(tx, account).await?)
}

/// Links the identity to the account, or notes that it was used.
async fn recognise(
    tx: &Write<'_>,
    come: &Coming<'_>,
    acts_for: &str,
    account: &mut CitizenAccount,
    how: &'static str,
) -> Result<(), Error> {
    let (by, provider, who) = (come.by, come.provider, come.who);
    if let Some(linked) = sql::linked(tx, &provider.issuer, &who.subject, Realm::Citizen, acts_for).await? {
        return Ok(sql::used(tx, Realm::Citizen, &linked, who.level.as_deref(), by.now).await?);
    }
    let new = Linked {
        acts_for: acts_for.to_owned(),
        level: who.level.clone(),
        last_at: Some(by.now),
        ..belonging(by, provider, &who.subject, account.id.0, how)
    };
    if !sql::link(tx, Realm::Citizen, &new, account.id.0).await? {
        return Err(tx.stale().into());
    }
    note(tx, by, account, Event::IdentityLinked { provider: new.provider, how: new.how }).await
}
