//! Alarms, complaints and samples in their rows.
use base::Moment;
use store::{Error, Read, Write, sql};
use uuid::Uuid;

use crate::watch::{Alarm, Complaint, Sample};

/// One alarm.
pub(crate) async fn alarm(tx: &Read<'_>, id: Uuid) -> Result<Option<Alarm>, Error> {
    tx.opt(
        sql!(
            "SELECT id, officer, officer_name, unit_path, unit_name, hour, looks, usual, raised_at, closed_at, closed_by, reason
             FROM audit_alarm WHERE id = $1"
        ),
        &[&id],
    )
    .await
}

/// Keeps an alarm; false when this officer's hour has one.
pub(crate) async fn insert_alarm(tx: &Write<'_>, a: &Alarm) -> Result<bool, Error> {
    let kept = tx
        .run(
            sql!(
                "INSERT INTO audit_alarm (id, officer, officer_name, unit_path, unit_name, hour, looks, usual, raised_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
            ),
            &[&a.id, &a.officer, &a.officer_name, &a.unit_path, &a.unit_name, &a.hour, &a.looks, &a.usual, &a.raised_at],
        )
        .await?;
    Ok(kept == 1)
}

/// Closes an alarm.
pub(crate) async fn close_alarm(tx: &Write<'_>, id: Uuid, at: Moment, by: &str, reason: &str) -> Result<(), Error> {
    tx.run(sql!("UPDATE audit_alarm SET closed_at = $2, closed_by = $3, reason = $4 WHERE id = $1"), &[&id, &at, &by, &reason])
        .await
        .map(drop)
}

/// Lists in which rights are asked: filters built by the policy.
fn listed(
    table: &'static str,
    columns: &[&'static str],
    rights: sea_query::Condition,
    order: &'static str,
) -> sea_query::SelectStatement {
    sea_query::Query::select()
        .columns(columns.iter().copied())
        .from(table)
        .cond_where(rights)
        .order_by(order, sea_query::Order::Desc)
        .order_by("id", sea_query::Order::Asc)
        .limit(200)
        .to_owned()
}

/// Alarms, the latest first.
pub(crate) async fn alarms(tx: &Read<'_>, rights: sea_query::Condition) -> Result<Vec<Alarm>, Error> {
    tx.all_dyn(&listed("audit_alarm", Alarm::FIELDS, rights, "raised_at")).await
}

/// Complaints, the latest first.
pub(crate) async fn complaints(tx: &Read<'_>, rights: sea_query::Condition) -> Result<Vec<Complaint>, Error> {
    tx.all_dyn(&listed("audit_complaint", Complaint::FIELDS, rights, "made_at")).await
}

/// Samples, the latest first.
pub(crate) async fn samples(tx: &Read<'_>, rights: sea_query::Condition) -> Result<Vec<Sample>, Error> {
    tx.all_dyn(&listed("audit_sample", Sample::FIELDS, rights, "drawn_at")).await
}

macro_rules! complaints {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, look, owner, officer, officer_name, unit_path, unit_name, purpose, looked_at, words, made_at, answer, answered_at,
                    answered_by
             FROM audit_complaint ",
            $rest
        ))
    };
}

/// One complaint.
pub(crate) async fn complaint(tx: &Read<'_>, id: Uuid) -> Result<Option<Complaint>, Error> {
    tx.opt(complaints!("WHERE id = $1"), &[&id]).await
}

/// A citizen's complaints.
pub(crate) async fn complaints_of(tx: &Read<'_>, owner: Uuid) -> Result<Vec<Complaint>, Error> {
    tx.all(complaints!("WHERE owner = $1 ORDER BY made_at DESC LIMIT 200"), &[&owner]).await
}

/// Keeps a complaint; false when the citizen complained about this look before.
pub(crate) async fn insert_complaint(tx: &Write<'_>, c: &Complaint) -> Result<bool, Error> {
    let kept = tx
        .run(
            sql!(
                "INSERT INTO audit_complaint (id, look, owner, officer, officer_name, unit_path, unit_name, purpose, looked_at, words, made_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING"
            ),
            &[
                &c.id,
                &c.look,
                &c.owner,
                &c.officer,
                &c.officer_name,
                &c.unit_path,
                &c.unit_name,
                &c.purpose,
                &c.looked_at,
                &c.words,
                &c.made_at,
            ],
        )
        .await?;
    Ok(kept == 1)
}

/// Answers a complaint.
pub(crate) async fn answer(tx: &Write<'_>, id: Uuid, at: Moment, by: &str, answer: &str) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE audit_complaint SET answer = $2, answered_at = $3, answered_by = $4 WHERE id = $1"),
        &[&id, &answer, &at, &by],
    )
    .await
    .map(drop)
}

/// One sample.
pub(crate) async fn sample(tx: &Read<'_>, id: Uuid) -> Result<Option<Sample>, Error> {
    tx.opt(
        sql!(
            "SELECT id, unit_path, unit_name, seed, since, until, population, population_sum, drawn, drawn_at, drawn_by
             FROM audit_sample WHERE id = $1"
        ),
        &[&id],
    )
    .await
}

/// Keeps a sample.
pub(crate) async fn insert_sample(tx: &Write<'_>, s: &Sample) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO audit_sample (id, unit_path, unit_name, seed, since, until, population, population_sum, drawn, drawn_at, drawn_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        &[
            &s.id,
            &s.unit_path,
            &s.unit_name,
            &s.seed,
            &s.since,
            &s.until,
            &s.population,
            &s.population_sum,
            &s.drawn,
            &s.drawn_at,
            &s.drawn_by,
        ],
    )
    .await
    .map(drop)
}
