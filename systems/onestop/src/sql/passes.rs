//! SQL of passes: who proved to hold a dossier without an account.

use base::Moment;
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// Wrong proofs of one dossier since `since`.
pub async fn wrong_tries(tx: &Read<'_>, dossier: Uuid) -> Result<Option<(i64, Moment)>, Error> {
    tx.opt(sql!("SELECT wrong, since FROM onestop_pass_try WHERE dossier = $1"), &[&dossier]).await
}

/// Counts one more wrong proof, from one again when the last count began before `window`.
pub async fn count_wrong(tx: &Write<'_>, dossier: Uuid, now: Moment, window: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO onestop_pass_try (dossier, wrong, since) VALUES ($1, 1, $2)
             ON CONFLICT (dossier) DO UPDATE SET
               wrong = CASE WHEN onestop_pass_try.since < $3 THEN 1 ELSE onestop_pass_try.wrong + 1 END,
               since = CASE WHEN onestop_pass_try.since < $3 THEN $2 ELSE onestop_pass_try.since END"
        ),
        &[&dossier, &now, &window],
    )
    .await?;
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
