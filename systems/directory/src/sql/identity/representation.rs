//! Who came for which organisation.
use base::Moment;
use store::{Error, Read, Write, sql};

use crate::CitizenAccountId;

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
