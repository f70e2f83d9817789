//! Providers of identities, identities, questions on their way, sessions at providers, representation.
use base::Moment;
use store::{Error, FromRow, Read, Row, Write, sql};
use uuid::Uuid;
use web::{Key, Realm};

use crate::{CitizenAccountId, identity::provider::Provider};

macro_rules! provider_columns {
    () => {
        "key, realm, label, issuer, client_id, profile, active, place, version"
    };
}

impl FromRow for Provider {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Provider {
            key: row.get(0)?,
            realm: row.get(1)?,
            label: row.get(2)?,
            issuer: row.get(3)?,
            client_id: row.get(4)?,
            profile: serde_json::from_str(&row.get::<String>(5)?)?,
            active: row.get(6)?,
            place: row.get(7)?,
            version: row.get(8)?,
        })
    }
}

/// Every provider that was saved, in the order of the buttons.
pub async fn providers(tx: &Read<'_>) -> Result<Vec<Provider>, Error> {
    tx.all(sql!(concat!("SELECT ", provider_columns!(), " FROM identity_provider ORDER BY place, key")), &[]).await
}

/// Providers that people of a realm may come by, in the order of the buttons.
pub async fn open_to(tx: &Read<'_>, realm: Realm) -> Result<Vec<Provider>, Error> {
    tx.all(
        sql!(concat!("SELECT ", provider_columns!(), " FROM identity_provider WHERE active AND realm = $1 ORDER BY place, key")),
        &[&realm],
    )
    .await
}

/// One provider that was saved.
pub async fn provider(tx: &Read<'_>, key: &str) -> Result<Option<Provider>, Error> {
    tx.opt(sql!(concat!("SELECT ", provider_columns!(), " FROM identity_provider WHERE key = $1")), &[&key]).await
}

/// Writes a provider.
pub async fn save_provider(tx: &Write<'_>, p: &Provider, version: i64) -> Result<(), Error> {
    let profile = serde_json::to_string(&p.profile)?;
    tx.run(
        sql!(
            "INSERT INTO identity_provider (key, realm, label, issuer, client_id, profile, active, place, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (key) DO UPDATE
             SET realm = $2, label = $3, issuer = $4, client_id = $5, profile = $6, active = $7, place = $8, version = $9"
        ),
        &[&p.key, &p.realm, &p.label, &p.issuer, &p.client_id, &profile, &p.active, &p.place, &version],
    )
    .await
    .map(drop)
}

/// An identity as it is linked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Linked {
    /// The provider's name.
    pub issuer: String,
    /// What it calls the person.
    pub sub: String,
    /// Tax code of the organisation the person comes for; empty: for themselves.
    pub acts_for: String,
    /// The account here.
    pub subject: Uuid,
    /// The provider's key.
    pub provider: String,
    /// The level last time.
    pub level: Option<String>,
    /// How it was linked.
    pub how: String,
    /// Since when.
    pub linked_at: Moment,
    /// Last sign-in by it.
    pub last_at: Option<Moment>,
}

store::from_row!(Linked { issuer, sub, acts_for, subject, provider, level, how, linked_at, last_at });

/// The account that belongs to an identity.
pub async fn linked(tx: &Read<'_>, issuer: &str, sub: &str, realm: Realm, acts_for: &str) -> Result<Option<Linked>, Error> {
    tx.opt(
        sql!(
            "SELECT issuer, sub, acts_for, subject, provider, level, how, linked_at, last_at FROM identity
             WHERE issuer = $1 AND sub = $2 AND realm = $3 AND acts_for = $4"
        ),
        &[&issuer, &sub, &realm, &acts_for],
    )
    .await
}

/// Every identity of an account, the oldest first.
pub async fn identities_of(tx: &Read<'_>, subject: Uuid) -> Result<Vec<Linked>, Error> {
    tx.all(
        sql!(
            "SELECT issuer, sub, acts_for, subject, provider, level, how, linked_at, last_at FROM identity
             WHERE subject = $1 ORDER BY linked_at, issuer, sub"
        ),
        &[&subject],
    )
    .await
}

/// Links an identity; false when somebody was quicker.
pub async fn link(tx: &Write<'_>, realm: Realm, new: &Linked, by: Uuid) -> Result<bool, Error> {
    let written = tx
        .run(
            sql!(
                "INSERT INTO identity (issuer, sub, realm, acts_for, subject, provider, level, how, linked_at, linked_by, last_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"
            ),
            &[
                &new.issuer,
                &new.sub,
                &realm,
                &new.acts_for,
                &new.subject,
                &new.provider,
                &new.level,
                &new.how,
                &new.linked_at,
                &by,
                &new.last_at,
            ],
        )
        .await?;
    Ok(written == 1)
}

/// Takes the identities of an account at a provider away.
pub async fn unlink(tx: &Write<'_>, realm: Realm, subject: Uuid, issuer: &str, sub: &str) -> Result<u64, Error> {
    tx.run(
        sql!("DELETE FROM identity WHERE realm = $1 AND subject = $2 AND issuer = $3 AND sub = $4"),
        &[&realm, &subject, &issuer, &sub],
    )
    .await
}

/// Notes a sign-in by an identity.
pub async fn used(tx: &Write<'_>, realm: Realm, of: &Linked, level: Option<&str>, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "UPDATE identity SET level = $5, last_at = $6
             WHERE issuer = $1 AND sub = $2 AND realm = $3 AND acts_for = $4"
        ),
        &[&of.issuer, &of.sub, &realm, &of.acts_for, &level.map(str::to_owned), &now],
    )
    .await
    .map(drop)
}

/// A question on its way to a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// The provider's key.
    pub provider: String,
    /// What only the answer to it may carry.
    pub nonce: String,
    /// What proves to the provider that whoever asked fetches the answer (PKCE).
    pub verifier: String,
    /// Where to go afterwards.
    pub next: String,
    /// A session that is to be proved again; none: somebody signs in.
    pub session: Option<Key>,
}

store::from_row!(Flow { provider, nonce, verifier, next, session });

/// Keeps a question. A browser has a few at most, and what is over is forgotten.
pub async fn ask(tx: &Write<'_>, state: &[u8; 32], browser: Key, flow: &Flow, until: Moment, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "DELETE FROM identity_flow WHERE until < $2 OR (browser = $1 AND until < (
               SELECT until FROM identity_flow WHERE browser = $1 ORDER BY until DESC LIMIT 1 OFFSET 4))"
        ),
        &[&browser, &now],
    )
    .await?;
    tx.run(
        sql!(
            "INSERT INTO identity_flow (state, browser, provider, nonce, verifier, next, session, until)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        &[state, &browser, &flow.provider, &flow.nonce, &flow.verifier, &flow.next, &flow.session, &until],
    )
    .await
    .map(drop)
}

/// Takes a question off the table: it is answered once, in the browser that asked it, by the provider that was asked.
pub async fn answered(
    tx: &Write<'_>,
    state: &[u8; 32],
    browser: Key,
    provider: &str,
    now: Moment,
) -> Result<Option<Flow>, Error> {
    tx.opt(
        sql!(
            "DELETE FROM identity_flow WHERE state = $1 AND browser = $2 AND provider = $3 AND until > $4
             RETURNING provider, nonce, verifier, next, session"
        ),
        &[state, &browser, &provider, &now],
    )
    .await
}

/// Whether another browser asked this question.
pub async fn asked_elsewhere(tx: &Read<'_>, state: &[u8; 32], browser: Key) -> Result<bool, Error> {
    let found: i64 =
        tx.one(sql!("SELECT count(*) FROM identity_flow WHERE state = $1 AND browser <> $2"), &[state, &browser]).await?;
    Ok(found > 0)
}

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

/// Keeps what a session is at the provider; what is over is forgotten.
pub async fn keep_there(tx: &Write<'_>, there: &There, until: Moment, now: Moment) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM identity_session WHERE until < $1"), &[&now]).await?;
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

/// Somebody came for an organisation; true when it was the first time.
pub async fn represent(
    tx: &Write<'_>,
    organisation: CitizenAccountId,
    person: CitizenAccountId,
    provider: &str,
    now: Moment,
) -> Result<bool, Error> {
    let again = tx
        .run(
            sql!("UPDATE representation SET last_at = $3, provider = $4 WHERE organisation = $1 AND person = $2"),
            &[&organisation, &person, &now, &provider],
        )
        .await?;
    if again > 0 {
        return Ok(false);
    }
    tx.run(
        sql!("INSERT INTO representation (organisation, person, provider, first_at, last_at) VALUES ($1, $2, $4, $3, $3)"),
        &[&organisation, &person, &now, &provider],
    )
    .await?;
    Ok(true)
}

/// An organisation and a person who came for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Represented {
    /// Name of the other one: the organisation's, or the person's.
    pub name: String,
    /// Tax code of the organisation.
    pub tax_code: Option<String>,
    /// First time.
    pub first_at: Moment,
    /// Last time.
    pub last_at: Moment,
}

store::from_row!(Represented { name, tax_code, first_at, last_at });

/// Organisations a person came for, the latest first.
pub async fn represented_by(tx: &Read<'_>, person: CitizenAccountId) -> Result<Vec<Represented>, Error> {
    tx.all(
        sql!(
            "SELECT a.name, a.tax_code, r.first_at, r.last_at
             FROM representation r JOIN citizen_account a ON a.id = r.organisation
             WHERE r.person = $1 ORDER BY r.last_at DESC, a.id LIMIT 50"
        ),
        &[&person],
    )
    .await
}

/// People who came for an organisation, the latest first.
pub async fn representatives(tx: &Read<'_>, organisation: CitizenAccountId) -> Result<Vec<Represented>, Error> {
    tx.all(
        sql!(
            "SELECT a.name, a.tax_code, r.first_at, r.last_at
             FROM representation r JOIN citizen_account a ON a.id = r.person
             WHERE r.organisation = $1 ORDER BY r.last_at DESC, a.id LIMIT 50"
        ),
        &[&organisation],
    )
    .await
}
