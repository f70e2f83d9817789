//! Which identity belongs to which account.
use base::Moment;
use store::{Error, Read, Write, sql};
use uuid::Uuid;
use web::Realm;

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
