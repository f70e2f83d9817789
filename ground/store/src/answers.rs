//! Idempotency: the answer to a request is kept beside what it did, in the same unit.

use base::Moment;
use sha2::{Digest, Sha256};

use crate::{Error, Read, Write, sql};

/// What makes two requests the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Who and what it is for ("submit:0193…"): keys of different people never meet.
    pub scope: String,
    /// The key the caller sent.
    pub key: String,
    body: [u8; 32],
}

impl Key {
    /// The key of a request with this body; the body is kept as its hash only.
    pub fn new(scope: impl Into<String>, key: impl Into<String>, body: impl AsRef<[u8]>) -> Key {
        Key { scope: scope.into(), key: key.into(), body: Sha256::digest(body).into() }
    }
}

/// The answer given before, if any; [`Error::KeyReused`] when the body was another one.
pub async fn answered(tx: &Read<'_>, key: &Key) -> Result<Option<String>, Error> {
    let found: Option<([u8; 32], String)> =
        tx.opt(sql!("SELECT body, answer FROM store_answer WHERE scope = $1 AND key = $2"), &[&key.scope, &key.key]).await?;
    match found {
        Some((body, _)) if body != key.body => Err(Error::KeyReused),
        found => Ok(found.map(|(_, answer)| answer)),
    }
}

/// Keeps the answer, in the unit that did the work. When a twin was faster the unit runs again and finds the twin's answer.
pub async fn remember(tx: &Write<'_>, key: &Key, answer: &str, now: Moment) -> Result<(), Error> {
    let kept = tx
        .run(
            sql!("INSERT INTO store_answer (scope, key, body, answer, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"),
            &[&key.scope, &key.key, &key.body, &answer, &now],
        )
        .await?;
    if kept == 1 { Ok(()) } else { Err(tx.stale()) }
}

/// Forgets answers given before `until`; answers how many.
pub async fn forget_answers(tx: &Write<'_>, until: Moment) -> Result<u64, Error> {
    tx.run(sql!("DELETE FROM store_answer WHERE at < $1"), &[&until]).await
}
