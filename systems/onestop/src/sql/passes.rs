//! SQL of passes: who proved to hold a dossier without an account.

use base::Moment;
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// Wrong proofs of one dossier counted since `window`: from this network, and from all.
pub async fn wrong_tries(tx: &Read<'_>, dossier: Uuid, network: &str, window: Moment) -> Result<(i64, i64), Error> {
    let (here, all): (Option<i64>, Option<i64>) = tx
        .one(
            sql!(
                "SELECT CAST(sum(CASE WHEN network = $2 THEN wrong ELSE 0 END) AS bigint), CAST(sum(wrong) AS bigint)
                 FROM onestop_wrong_try WHERE dossier = $1 AND since > $3"
            ),
            &[&dossier, &network, &window],
        )
        .await?;
    Ok((here.unwrap_or(0), all.unwrap_or(0)))
}

/// Counts one more wrong proof, from one again when the last count began before `window`.
pub async fn count_wrong(tx: &Write<'_>, dossier: Uuid, network: &str, now: Moment, window: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO onestop_wrong_try (dossier, network, wrong, since) VALUES ($1, $2, 1, $3)
             ON CONFLICT (dossier, network) DO UPDATE SET
               wrong = CASE WHEN onestop_wrong_try.since < $4 THEN 1 ELSE onestop_wrong_try.wrong + 1 END,
               since = CASE WHEN onestop_wrong_try.since < $4 THEN $3 ELSE onestop_wrong_try.since END"
        ),
        &[&dossier, &network, &now, &window],
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
