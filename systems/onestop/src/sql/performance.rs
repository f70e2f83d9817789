//! SQL of the figures on the front page: counts over all dossiers, nobody's data.

use base::Moment;
use store::{Error, Read, sql};

/// Dossiers that got their result within a span, and how many of them in time.
pub async fn done(tx: &Read<'_>, after: Moment, until: Moment) -> Result<(i64, i64), Error> {
    tx.one(
        sql!(
            "SELECT count(*), CAST(coalesce(sum(CASE WHEN on_time THEN 1 ELSE 0 END), 0) AS bigint)
             FROM onestop_dossier WHERE issued_at > $1 AND issued_at <= $2"
        ),
        &[&after, &until],
    )
    .await
}

/// Dossiers past what must be kept next, by field, most first; the same dossiers as behind the officers' tab "overdue".
pub async fn overdue(tx: &Read<'_>, now: Moment) -> Result<Vec<(String, i64)>, Error> {
    tx.all(
        sql!(
            "SELECT field, count(*) FROM onestop_dossier
             WHERE state IN ('submitted', 'in_progress') AND sort_due_at < $1 GROUP BY field ORDER BY count(*) DESC, field"
        ),
        &[&now],
    )
    .await
}

/// Microseconds from acceptance to result of the dossier at this place, the quickest first.
pub async fn took(tx: &Read<'_>, after: Moment, until: Moment, place: i64) -> Result<Option<i64>, Error> {
    let row: Option<(i64,)> = tx
        .opt(
            sql!(
                "SELECT issued_at - accepted_at FROM onestop_dossier
                 WHERE issued_at > $1 AND issued_at <= $2 AND accepted_at IS NOT NULL ORDER BY issued_at - accepted_at LIMIT 1 OFFSET $3"
            ),
            &[&after, &until, &place],
        )
        .await?;
    Ok(row.map(|(took,)| took))
}

/// Dossiers filed within a span, and how many of them were asked for more papers at least once.
pub async fn filed(tx: &Read<'_>, after: Moment, until: Moment) -> Result<(i64, i64), Error> {
    tx.one(
        sql!(
            "SELECT count(*), CAST(coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM onestop_supplement s WHERE s.dossier = d.id)
               THEN 1 ELSE 0 END), 0) AS bigint)
             FROM onestop_dossier d WHERE d.submitted_at > $1 AND d.submitted_at <= $2"
        ),
        &[&after, &until],
    )
    .await
}
