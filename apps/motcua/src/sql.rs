//! SQL of what the program itself notes.

use base::Moment;
use store::{Error, Read, Write, sql};

/// What was noted under a name.
pub async fn note(tx: &Read<'_>, name: &str) -> Result<Option<String>, Error> {
    tx.opt(sql!("SELECT value FROM program_note WHERE name = $1"), &[&name]).await
}

/// Notes something under a name.
pub async fn set_note(tx: &Write<'_>, name: &str, value: &str, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO program_note (name, value, at) VALUES ($1, $2, $3)
             ON CONFLICT (name) DO UPDATE SET value = excluded.value, at = excluded.at"
        ),
        &[&name, &value, &now],
    )
    .await
    .map(drop)
}
