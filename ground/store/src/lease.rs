//! Leases: one process at a time does a thing, and another takes over soon after it died.

use base::Moment;
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{Error, Write, sql};

/// Takes or keeps a lease for `length`; false when another living holder has it.
///
/// Asked at the beginning of the unit that does the work, it needs no renewal while there is nothing to do. It saves double work only: what
/// must not happen twice is guarded by the rows themselves.
pub async fn lease(tx: &Write<'_>, name: &str, holder: Uuid, now: Moment, length: SignedDuration) -> Result<bool, Error> {
    // A lease far beyond its length comes from a clock that was wrong: it does not bind.
    let absurd = now.plus(length * 10);
    let taken: Option<i64> = tx
        .opt(
            sql!(
                "INSERT INTO store_lease (name, holder, until) VALUES ($1, $2, $3)
                 ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
                 WHERE store_lease.holder = $2 OR store_lease.until < $4 OR store_lease.until > $5
                 RETURNING 1"
            ),
            &[&name, &holder, &now.plus(length), &now, &absurd],
        )
        .await?;
    Ok(taken.is_some())
}

/// Gives a lease back, so that another holder need not wait.
pub async fn release(tx: &Write<'_>, name: &str, holder: Uuid) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM store_lease WHERE name = $1 AND holder = $2"), &[&name, &holder]).await.map(drop)
}

/// Gives back all leases of a holder that goes home.
pub(crate) async fn hand_back(db: &crate::Db, holder: Uuid) -> Result<(), Error> {
    db.write(async move |tx: &Write<'_>| tx.run(sql!("DELETE FROM store_lease WHERE holder = $1"), &[&holder]).await.map(drop))
        .await
}
