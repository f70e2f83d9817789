//! SQL of passes: who proved to hold a dossier without an account.

use base::Moment;
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// Charges a proof to a budget before it is judged; false when `most` were wrong since `window`, and nothing is charged. Whoever is charged
/// at the same time waits for the row: of many proofs at once no more are judged than the budget has.
pub async fn charge(tx: &Write<'_>, budget: &str, most: i64, now: Moment, window: Moment) -> Result<bool, Error> {
    let charged: Option<i64> = tx
        .opt(
            sql!(
                "INSERT INTO onestop_wrong_proof (budget, wrong, since) VALUES ($1, 1, $2)
                 ON CONFLICT (budget) DO UPDATE SET
                   wrong = CASE WHEN onestop_wrong_proof.since < $3 THEN 1 ELSE onestop_wrong_proof.wrong + 1 END,
                   since = CASE WHEN onestop_wrong_proof.since < $3 THEN $2 ELSE onestop_wrong_proof.since END
                 WHERE onestop_wrong_proof.since < $3 OR onestop_wrong_proof.wrong < $4
                 RETURNING wrong"
            ),
            &[&budget, &now, &window, &most],
        )
        .await?;
    Ok(charged.is_some())
}

/// Gives back what a proof was charged that was right, or not judged.
pub async fn give_back(tx: &Write<'_>, budget: &str) -> Result<(), Error> {
    tx.run(sql!("UPDATE onestop_wrong_proof SET wrong = wrong - 1 WHERE budget = $1"), &[&budget]).await?;
    Ok(())
}

/// Keeps a pass, and forgets old ones.
pub async fn keep(tx: &Write<'_>, token: &[u8], dossier: Uuid, until: Moment, now: Moment) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM onestop_pass WHERE until < $1"), &[&now]).await?;
    tx.run(sql!("INSERT INTO onestop_pass (token, dossier, until) VALUES ($1, $2, $3)"), &[&token.to_vec(), &dossier, &until])
        .await?;
    Ok(())
}

/// Is this a pass to this dossier, still good?
pub async fn holds(tx: &Read<'_>, token: &[u8], dossier: Uuid, now: Moment) -> Result<bool, Error> {
    let found: Option<i64> = tx
        .opt(
            sql!("SELECT until FROM onestop_pass WHERE token = $1 AND dossier = $2 AND until > $3"),
            &[&token.to_vec(), &dossier, &now],
        )
        .await?;
    Ok(found.is_some())
}
