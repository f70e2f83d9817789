//! What sessions of ours are at providers, and the orders to end them.
use base::Moment;
use store::{Error, Read, Write, sql};
use uuid::Uuid;
use web::Key;

use crate::CitizenAccountId;

/// What a session of ours is at a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    /// Our session.
    pub session: Key,
    /// Whose it is.
    pub subject: Uuid,
    /// The person who acts, when the account is an organisation's.
    pub person: Option<CitizenAccountId>,
    /// The provider's key.
    pub provider: String,
    /// The provider's name.
    pub issuer: String,
    /// What it calls whoever came (`sub`).
    pub sub: String,
    /// Its own session.
    pub sid: Option<String>,
    /// The level.
    pub level: Option<String>,
    /// The provider asked a second factor.
    pub second: bool,
    /// The second factor is still to come here.
    pub waiting: bool,
    /// The id token, sealed.
    pub token: Option<Vec<u8>>,
}

store::from_row!(There { session, subject, person, provider, issuer, sub, sid, level, second, waiting, token });

/// Keeps what a session is at the provider.
pub async fn keep_there(tx: &Write<'_>, there: &There, until: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO identity_session (session, subject, person, provider, issuer, sub, sid, level, second, waiting, token, until)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
             ON CONFLICT (session) DO UPDATE SET subject = $2, person = $3, provider = $4, issuer = $5, sub = $6, sid = $7, level = $8,
               second = $9, waiting = $10, token = $11, until = $12"
        ),
        &[
            &there.session,
            &there.subject,
            &there.person,
            &there.provider,
            &there.issuer,
            &there.sub,
            &there.sid,
            &there.level,
            &there.second,
            &there.waiting,
            &there.token,
            &until,
        ],
    )
    .await
    .map(drop)
}

/// The second factor came: what waited under the visitor's key belongs to the session that was opened.
pub async fn waited(tx: &Write<'_>, before: Key, session: Key, subject: Uuid, until: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "UPDATE identity_session SET session = $2, waiting = false, until = $4
             WHERE session = $1 AND subject = $3 AND waiting"
        ),
        &[&before, &session, &subject, &until],
    )
    .await
    .map(drop)
}

/// What a session is at its provider.
pub async fn there(tx: &Read<'_>, session: Key) -> Result<Option<There>, Error> {
    tx.opt(
        sql!(
            "SELECT session, subject, person, provider, issuer, sub, sid, level, second, waiting, token
             FROM identity_session WHERE session = $1 AND NOT waiting"
        ),
        &[&session],
    )
    .await
}

/// Sessions of ours that end with a session (or a user) of the provider.
pub async fn ended_there(tx: &Read<'_>, issuer: &str, sub: Option<&str>, sid: Option<&str>) -> Result<Vec<There>, Error> {
    let (sub, sid) = (sub.map(str::to_owned), sid.map(str::to_owned));
    tx.all(
        sql!(
            "SELECT session, subject, person, provider, issuer, sub, sid, level, second, waiting, token FROM identity_session
             WHERE issuer = $1 AND (CAST($2 AS text) IS NULL OR sub = $2) AND (CAST($3 AS text) IS NULL OR sid = $3)"
        ),
        &[&issuer, &sub, &sid],
    )
    .await
}

/// Every session of an account at providers.
pub async fn sessions_of(tx: &Read<'_>, subject: Uuid) -> Result<Vec<There>, Error> {
    tx.all(
        sql!(
            "SELECT session, subject, person, provider, issuer, sub, sid, level, second, waiting, token
             FROM identity_session WHERE subject = $1"
        ),
        &[&subject],
    )
    .await
}

/// Forgets what a session was at the provider.
pub async fn forget_there(tx: &Write<'_>, session: Key) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM identity_session WHERE session = $1"), &[&session]).await.map(drop)
}

/// Forgets what the sessions of an account were at providers, except perhaps one.
pub async fn forget_all_there(tx: &Write<'_>, subject: Uuid, except: Option<Key>) -> Result<(), Error> {
    tx.run(
        sql!("DELETE FROM identity_session WHERE subject = $1 AND (CAST($2 AS bytea) IS NULL OR session <> $2)"),
        &[&subject, &except],
    )
    .await
    .map(drop)
}

/// Forgets what sessions were whose time is over.
pub async fn forget_over(tx: &Write<'_>, now: Moment) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM identity_session WHERE until < $1"), &[&now]).await.map(drop)
}

/// Remembers an order to sign somebody out; false when it was carried out before.
pub async fn order(tx: &Write<'_>, issuer: &str, jti: &str, until: Moment, now: Moment) -> Result<bool, Error> {
    tx.run(sql!("DELETE FROM identity_logout WHERE until < $1"), &[&now]).await?;
    let new = tx
        .run(
            sql!("INSERT INTO identity_logout (issuer, jti, until) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"),
            &[&issuer, &jti, &until],
        )
        .await?;
    Ok(new == 1)
}
