//! Waits of whoever guesses.
use base::Moment;
use store::{Error, FromRow, Read, Row, Write, sql};

use crate::secret::wait::Wait;

impl FromRow for Wait {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Wait { failures: row.get(0)?, last_at: row.get(1)?, until: row.get(2)? })
    }
}

/// The wait of a bucket.
pub async fn wait(tx: &Read<'_>, bucket: &str) -> Result<Option<Wait>, Error> {
    tx.opt(sql!("SELECT failures, last_at, until FROM sign_in_wait WHERE bucket = $1"), &[&bucket]).await
}

/// Counts one more try; none when the bucket must still wait. What happened before `forget` no longer counts.
pub async fn charge(tx: &Write<'_>, bucket: &str, now: Moment, forget: Moment) -> Result<Option<i64>, Error> {
    tx.opt(
        sql!(
            "INSERT INTO sign_in_wait (bucket, failures, last_at, until) VALUES ($1, 1, $2, $2)
             ON CONFLICT (bucket) DO UPDATE
             SET failures = CASE WHEN sign_in_wait.last_at > $3 THEN sign_in_wait.failures + 1 ELSE 1 END, last_at = $2
             WHERE sign_in_wait.until <= $2
             RETURNING failures"
        ),
        &[&bucket, &now, &forget],
    )
    .await
}

/// Says until when further tries are not looked at.
pub async fn set_until(tx: &Write<'_>, bucket: &str, until: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE sign_in_wait SET until = $2 WHERE bucket = $1"), &[&bucket, &until]).await.map(drop)
}

/// Takes one charge back and the wait with it.
pub async fn give_back(tx: &Write<'_>, bucket: &str, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "UPDATE sign_in_wait SET failures = CASE WHEN failures > 0 THEN failures - 1 ELSE 0 END, until = $2 WHERE bucket = $1"
        ),
        &[&bucket, &now],
    )
    .await
    .map(drop)
}

/// Forgets the wait of a bucket, and everything long past.
pub async fn clear_wait(tx: &Write<'_>, bucket: &str, long_past: Moment) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM sign_in_wait WHERE bucket = $1 OR last_at < $2"), &[&bucket, &long_past]).await.map(drop)
}
