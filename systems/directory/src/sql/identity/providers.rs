//! Providers of identities, as an administrator saved them.
use store::{Error, FromRow, Read, Row, Write, sql};
use web::Realm;

use crate::identity::provider::Provider;

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
