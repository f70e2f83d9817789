//! Questions on their way to providers. The column `session` stays empty: no page asks that a session be proved again, and a migration that
//! has landed is not edited.
use base::Moment;
use store::{Error, Read, Write, sql};
use web::Key;

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
}

store::from_row!(Flow { provider, nonce, verifier, next });

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
            "INSERT INTO identity_flow (state, browser, provider, nonce, verifier, next, until)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[state, &browser, &flow.provider, &flow.nonce, &flow.verifier, &flow.next, &until],
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
             RETURNING provider, nonce, verifier, next"
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
