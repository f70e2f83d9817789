//! SQL of the counter: what a desk receives most, what a person or a visit has, visits.

use crate::acts::See;
use base::Moment;
use directory::Actor;
use sea_query::{Condition, Expr, ExprTrait, Order, Query};
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// Procedures a desk received since one moment and before another, the most frequent first.
pub async fn most_received(
    tx: &Read<'_>,
    desk: Uuid,
    since: Moment,
    before: Moment,
    limit: i64,
) -> Result<Vec<(String, i64)>, Error> {
    tx.all(
        sql!(
            "SELECT procedure_code, COUNT(*) FROM onestop_dossier WHERE desk = $1 AND submitted_at > $2 AND submitted_at < $3
             GROUP BY procedure_code ORDER BY COUNT(*) DESC, procedure_code LIMIT $4"
        ),
        &[&desk, &since, &before, &limit],
    )
    .await
}

/// An open dossier of the person at the desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenDossier {
    /// Its id.
    pub id: Uuid,
    /// The code people call it by.
    pub code: String,
    /// Procedure.
    pub procedure_code: String,
    /// Its short name.
    pub procedure_name: String,
    /// What must be kept next.
    pub due_at: Moment,
}
store::from_row!(OpenDossier { id, code, procedure_code, procedure_name, due_at });

/// Open dossiers of the person with this number that `who` may see anyway: a hint, never a wall.
pub async fn open_of_person(tx: &Read<'_>, who: &Actor, applicant_id: &str) -> Result<Vec<OpenDossier>, Error> {
    let mut query = Query::select();
    query
        .column("id")
        .expr(Expr::cust("COALESCE(code, filing_code)"))
        .columns(["procedure_code", "procedure_name", "sort_due_at"])
        .from("onestop_dossier")
        .cond_where(open_of(applicant_id))
        .cond_where(directory::filter::<See>(who))
        .order_by("sort_due_at", Order::Asc)
        .limit(5);
    tx.all_dyn(&query).await
}

/// How many open dossiers of one procedure this person has anywhere in the province. Only the number: what they are is for those who may
/// see them.
pub async fn same_open_anywhere(tx: &Read<'_>, applicant_id: &str, procedure_code: &str) -> Result<i64, Error> {
    tx.one(
        sql!(
            "SELECT COUNT(*) FROM onestop_dossier WHERE applicant_id = $1 AND procedure_code = $2
             AND state IN ('submitted', 'awaiting_supplement', 'in_progress')"
        ),
        &[&applicant_id, &procedure_code],
    )
    .await
}

fn open_of(applicant_id: &str) -> Condition {
    Condition::all().add(Expr::col("applicant_id").eq(applicant_id)).add(Expr::col("state").is_in([
        "submitted",
        "awaiting_supplement",
        "in_progress",
    ]))
}

/// Opens a visit; opening it again changes nothing.
pub async fn open_visit(tx: &Write<'_>, id: Uuid, desk: Uuid, officer: Uuid, at: Moment) -> Result<(), Error> {
    tx.run(
        sql!("INSERT INTO onestop_visit (id, desk, officer, opened_at) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING"),
        &[&id, &desk, &officer, &at],
    )
    .await?;
    Ok(())
}

/// Ends a visit.
pub async fn close_visit(tx: &Write<'_>, id: Uuid, desk: Uuid, at: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE onestop_visit SET closed_at = $3 WHERE id = $1 AND desk = $2 AND closed_at IS NULL"), &[&id, &desk, &at])
        .await?;
    Ok(())
}

/// One dossier of a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfVisit {
    /// Its id.
    pub id: Uuid,
    /// The code people call it by.
    pub code: String,
    /// Whose it is.
    pub applicant_name: String,
    /// Procedure.
    pub procedure_name: String,
    /// Result due, once accepted.
    pub due_at: Option<Moment>,
}
store::from_row!(OfVisit { id, code, applicant_name, procedure_name, due_at });

/// What a visit brought, in its order.
pub async fn of_visit(tx: &Read<'_>, visit: Uuid, desk: Uuid) -> Result<Vec<OfVisit>, Error> {
    tx.all(
        sql!(
            "SELECT id, COALESCE(code, filing_code), applicant_name, procedure_name, due_at FROM onestop_dossier
             WHERE visit = $1 AND desk = $2 ORDER BY submitted_at, id LIMIT 50"
        ),
        &[&visit, &desk],
    )
    .await
}
