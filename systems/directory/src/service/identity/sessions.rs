//! What a session is at the provider, and how both end: by the person, by the provider's order, by its page.
use base::Moment;
use store::{By, Db, Write};
use uuid::Uuid;
use web::{Key, Realm, Session, session::Opened};

use super::{Arrived, Exchange, Stop, line};
use crate::{
    CitizenAccountId, Error,
    identity::{Refused, provider::Provider, token},
    secret::seal,
    service::{
        sessions,
        sign_in::{self, Place},
    },
    sql::{
        credentials::{self, Tried},
        identity::{self as sql, There},
    },
};

fn of_session(provider: &Provider, arrived: &Arrived, session: Key, subject: Uuid) -> There {
    There {
        session,
        subject,
        person: None,
        provider: provider.key.clone(),
        issuer: provider.issuer.clone(),
        sub: arrived.sub.clone(),
        sid: arrived.sid.clone(),
        level: arrived.identity.level.clone(),
        second: provider.profile.second_factor_there,
        waiting: false,
        token: None,
    }
}

/// Remembers what the session just opened is at the provider. `person`: who acts, when the account is an organisation's.
pub async fn keep_session(
    tx: &Write<'_>,
    provider: &Provider,
    arrived: &Arrived,
    opened: &Opened,
    person: Option<CitizenAccountId>,
) -> Result<(), Error> {
    let session = &opened.session;
    let token = seal::seal(&opened.token.csrf(), &arrived.id_token);
    let there = There { person, token, ..of_session(provider, arrived, session.key, session.subject.id) };
    Ok(sql::keep_there(tx, &there, session.ends_at).await?)
}

/// Remembers that the provider's word is there and the second factor is still to come. `key`: the visitor's own, before anybody is signed in.
pub async fn keep_waiting(
    tx: &Write<'_>,
    provider: &Provider,
    arrived: &Arrived,
    key: Key,
    subject: Uuid,
    now: Moment,
) -> Result<(), Error> {
    let there = There { waiting: true, ..of_session(provider, arrived, key, subject) };
    Ok(sql::keep_there(tx, &there, sign_in::second_until(now)).await?)
}

/// Writes that somebody came in by a provider.
pub async fn came_in(
    tx: &Write<'_>,
    by: &By,
    provider: &Provider,
    subject: Uuid,
    outcome: &str,
    place: &Place,
    level: Option<String>,
) -> Result<(), Error> {
    let kept = match place.device {
        Some(device) => credentials::device_secret(tx, device.id, subject).await?.map(|kept| (kept, device.key)),
        None => None,
    };
    let known_device = kept.is_some_and(|(kept, key)| sign_in::same(&kept, &key));
    Ok(credentials::record(tx, &Tried { known_device, ..line(by, provider, Some(subject), outcome, place, level) }).await?)
}

/// Ends a session; the answer is where the person may sign out at the provider too, none when there is nothing to do there.
pub async fn leave(tx: &Write<'_>, session: &Session) -> Result<Option<(Provider, There)>, Error> {
    let there = sql::there(tx, session.key).await?;
    sessions::end(tx, session.key).await?;
    let Some(there) = there else { return Ok(None) };
    let provider = sql::provider(tx, &there.provider).await?;
    Ok(provider.filter(|p| p.profile.sign_out_there && p.issuer == there.issuer).map(|p| (p, there)))
}

/// Where the person signs out at the provider (RP-Initiated Logout); none when it has no such page or cannot be asked now. `word`: what the
/// id token was sealed under.
pub async fn way_out(at: &Exchange<'_>, there: &There, word: &str) -> Option<String> {
    let provider = at.provider;
    let metadata = match at.providers.metadata(&provider.issuer, at.by.now).await {
        Ok(metadata) => metadata,
        Err(why) => {
            // the person is signed out here all the same
            tracing::warn!(provider = %provider.key, %why, "nobody can be led to sign out at the provider");
            return None;
        }
    };
    let mut url = reqwest::Url::parse(metadata.end_session_endpoint.as_ref()?).ok()?;
    {
        let mut asked = url.query_pairs_mut();
        asked.append_pair("client_id", &provider.client_id).append_pair("post_logout_redirect_uri", &at.addresses().signed_out);
        if let Some(token) = there.token.as_ref().and_then(|sealed| seal::open(word, sealed)) {
            asked.append_pair("id_token_hint", &token);
        }
    }
    Some(url.into())
}

/// The provider's server orders somebody out (Back-Channel Logout).
pub async fn ordered_out(at: &Exchange<'_>, order: &str) -> Result<(), Stop> {
    at.must_be_on()?;
    let (by, provider) = (at.by, at.provider.clone());
    let signed = at.providers.signed(&provider.issuer, order, by.now).await?;
    let ended = token::logout_token(&signed.claims, &provider.issuer, &provider.client_id, by.now)?;
    at.db
        .write(async move |tx: &Write<'_>| {
            if !sql::order(tx, &provider.issuer, &ended.jti, ended.until, by.now).await? {
                return Err(Stop::Refused(Refused::Untrusted("order carried out before")));
            }
            let all = sql::ended_there(tx, &provider.issuer, ended.sub.as_deref(), ended.sid.as_deref()).await?;
            end(tx, &by, &provider, &all).await?;
            Ok(())
        })
        .await
}

/// The provider's page shows ours while somebody signs out there (Front-Channel Logout): that session of theirs ends here too.
pub async fn seen_out(db: &Db, by: &By, provider: &Provider, iss: &str, sid: &str) -> Result<(), Error> {
    if !provider.active || provider.issuer != iss || sid.is_empty() {
        return Ok(());
    }
    let (by, provider, sid) = (*by, provider.clone(), sid.to_owned());
    db.write(async move |tx: &Write<'_>| {
        let all = sql::ended_there(tx, &provider.issuer, None, Some(&sid)).await?;
        end(tx, &by, &provider, &all).await
    })
    .await
}

async fn end(tx: &Write<'_>, by: &By, provider: &Provider, all: &[There]) -> Result<(), Error> {
    for (n, there) in all.iter().enumerate() {
        sessions::end(tx, there.session).await?;
        if provider.realm == Realm::Officer {
            credentials::unprove(tx, there.subject, None, by.now).await?;
        }
        let nowhere = Place { network: String::new(), device: None, agent: String::new() };
        let id = by.id("signed out by a provider", n as u64);
        let line = Tried { id, ..line(by, provider, Some(there.subject), "ended_by_provider", &nowhere, None) };
        credentials::record(tx, &line).await?;
    }
    Ok(())
}
