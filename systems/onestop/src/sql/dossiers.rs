//! SQL of dossiers: load for an act, save, list.

mod lists;

pub use lists::*;

use crate::events::Event;
use crate::row::DossierRow;
use base::FilingCode;
use sea_query::{Expr, ExprTrait, Order, Query};
use store::{By, Error, Loaded, Read, Write, sql};
use uuid::Uuid;

/// Statements that read whole dossiers: all columns of [`DossierRow`] in its order, and what narrows them.
macro_rules! dossiers {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, version, filing_code, code, state, procedure_code, procedure_version, procedure_name, field, channel,
             case_id, desk, desk_path, desk_name, unit, unit_path, unit_name, step, step_name, step_role, step_at_desk,
             step_due_at, assignee, assignee_name, authors, owner, applicant_name, applicant_id, applicant_birth,
             applicant_sex, applicant_phone, applicant_email, applicant_address, submitter_name, result_channel, answers, form_title,
             submitted_at, check_due_at, accepted_at, accepted_by_name, due_at, sort_due_at, calculation, term_row,
             outcome, issued_at, on_time, returned_at, fee_due, fee_note, fee_rows, fee_paid_at, rated, visit,
             last_at, filed_version, result_number FROM onestop_dossier ",
            $rest
        ))
    };
}

/// One dossier by id.
pub async fn by_id(tx: &Read<'_>, id: Uuid) -> Result<Option<DossierRow>, Error> {
    tx.opt(dossiers!("WHERE id = $1"), &[&id]).await
}

/// Dossiers by their ids, in any order.
pub async fn by_ids(tx: &Read<'_>, ids: &[Uuid]) -> Result<Vec<DossierRow>, Error> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let found = Query::select()
        .columns(DossierRow::FIELDS.iter().copied())
        .from("onestop_dossier")
        .and_where(Expr::col("id").is_in(ids.iter().copied()))
        .to_owned();
    tx.all_dyn(&found).await
}

/// One dossier by the code people hold: filing code or dossier code.
pub async fn by_code(tx: &Read<'_>, code: &str) -> Result<Option<DossierRow>, Error> {
    tx.opt(dossiers!("WHERE filing_code = $1 OR code = $1"), &[&code]).await
}

/// Is this filing code given to a dossier already?
pub async fn has_filing_code(tx: &Read<'_>, code: &FilingCode) -> Result<bool, Error> {
    tx.one(sql!("SELECT EXISTS (SELECT 1 FROM onestop_dossier WHERE filing_code = $1)"), &[code]).await
}

/// A page of a citizen's dossiers, newest first.
pub async fn owned(tx: &Read<'_>, owner: Uuid, offset: u64, limit: u64) -> Result<Vec<DossierRow>, Error> {
    tx.all(dossiers!("WHERE owner = $1 ORDER BY submitted_at DESC, id DESC LIMIT $2 OFFSET $3"), &[&owner, &limit, &offset]).await
}

/// How many dossiers a citizen has.
pub async fn how_many_owned(tx: &Read<'_>, owner: Uuid) -> Result<u64, Error> {
    tx.one(sql!("SELECT count(*) FROM onestop_dossier WHERE owner = $1"), &[&owner]).await
}

/// Keeps a new dossier with what made it.
pub async fn create(tx: &Write<'_>, by: &By, mut r: DossierRow, events: &[Event]) -> Result<DossierRow, Error> {
    let stream = Loaded { system: <Event as store::Event>::SYSTEM, id: r.id, version: 0 };
    r.version = i64::try_from(events.len()).map_err(|e| Error::Value(e.to_string()))?;
    futures_util::future::try_join3(store::append(tx, by, stream, events), insert(tx, &r), index(tx, &r)).await?;
    Ok(r)
}

/// The kind of dossiers in the store's index of words.
const KIND: &str = "dossier";

/// Makes a dossier findable by what it is called now.
async fn index(tx: &Write<'_>, r: &DossierRow) -> Result<(), Error> {
    let texts = r.findable();
    store::search::index(tx, KIND, r.id, &texts.iter().map(String::as_str).collect::<Vec<_>>()).await
}

/// Makes the next dossiers by id findable by what they are called now, at most so many; answers their ids. Nobody renames one meanwhile:
/// PostgreSQL locks its row until it is indexed, SQLite writes one unit after another.
pub async fn index_after(tx: &Write<'_>, after: Option<Uuid>, most: u64) -> Result<Vec<Uuid>, Error> {
    let mut next = Query::select();
    next.columns(DossierRow::FIELDS.iter().copied()).from("onestop_dossier");
    if let Some(after) = after {
        next.and_where(Expr::col("id").gt(after));
    }
    next.order_by("id", Order::Asc).limit(most).lock_exclusive();
    let rows: Vec<DossierRow> = tx.all_dyn(&next).await?;
    for row in &rows {
        index(tx, row).await?;
    }
    Ok(rows.iter().map(|row| row.id).collect())
}

/// The id of the dossier at this place in the order of ids, from 1.
pub async fn at_place(tx: &Read<'_>, place: u64) -> Result<Option<Uuid>, Error> {
    let Some(before) = place.checked_sub(1) else { return Ok(None) };
    tx.opt(sql!("SELECT id FROM onestop_dossier ORDER BY id LIMIT 1 OFFSET $1"), &[&before]).await
}

/// How many dossiers there are.
pub async fn how_many(tx: &Read<'_>) -> Result<u64, Error> {
    tx.one(sql!("SELECT count(*) FROM onestop_dossier"), &[]).await
}

async fn insert(tx: &Write<'_>, r: &DossierRow) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO onestop_dossier (id, version, filing_code, code, state, procedure_code, procedure_version,
             procedure_name, field, channel, case_id, desk, desk_path, desk_name, unit, unit_path, unit_name,
             step, step_name, step_role, step_at_desk, step_due_at, assignee, assignee_name, authors, owner,
             applicant_name, applicant_id, applicant_birth, applicant_sex, applicant_phone, applicant_email,
             applicant_address, submitter_name, result_channel, answers, form_title, submitted_at,
             check_due_at, accepted_at, accepted_by_name, due_at, sort_due_at, calculation, term_row, outcome,
             issued_at, on_time, returned_at, fee_due, fee_note, fee_rows, fee_paid_at, rated, visit, last_at,
             filed_version, result_number) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
             $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32,
             $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50, $51,
             $52, $53, $54, $55, $56, $57, $58)"
        ),
        &[
            &r.id,
            &r.version,
            &r.filing_code,
            &r.code,
            &r.state,
            &r.procedure_code,
            &r.procedure_version,
            &r.procedure_name,
            &r.field,
            &r.channel,
            &r.case_id,
            &r.desk,
            &r.desk_path,
            &r.desk_name,
            &r.unit,
            &r.unit_path,
            &r.unit_name,
            &r.step,
            &r.step_name,
            &r.step_role,
            &r.step_at_desk,
            &r.step_due_at,
            &r.assignee,
            &r.assignee_name,
            &r.authors,
            &r.owner,
            &r.applicant_name,
            &r.applicant_id,
            &r.applicant_birth,
            &r.applicant_sex,
            &r.applicant_phone,
            &r.applicant_email,
            &r.applicant_address,
            &r.submitter_name,
            &r.result_channel,
            &r.answers,
            &r.form_title,
            &r.submitted_at,
            &r.check_due_at,
            &r.accepted_at,
            &r.accepted_by_name,
            &r.due_at,
            &r.sort_due_at,
            &r.calculation,
            &r.term_row,
            &r.outcome,
            &r.issued_at,
            &r.on_time,
            &r.returned_at,
            &r.fee_due,
            &r.fee_note,
            &r.fee_rows,
            &r.fee_paid_at,
            &r.rated,
            &r.visit,
            &r.last_at,
            &r.filed_version,
            &r.result_number,
        ],
    )
    .await?;
    Ok(())
}

/// Saves a changed dossier and appends what happened to it; a concurrent change runs the unit again.
pub async fn save(tx: &Write<'_>, by: &By, mut r: DossierRow, events: &[Event]) -> Result<DossierRow, Error> {
    let loaded = Loaded { system: <Event as store::Event>::SYSTEM, id: r.id, version: r.version };
    r.version = store::append(tx, by, loaded, events).await?;
    tx.run(
        sql!(
            "UPDATE onestop_dossier SET version = $2, code = $3, state = $4, procedure_version = $5, case_id = $6, unit =
             $7, unit_path = $8, unit_name = $9, step = $10, step_name = $11, step_role = $12, step_at_desk =
             $13, step_due_at = $14, assignee = $15, assignee_name = $16, authors = $17, check_due_at = $18,
             accepted_at = $19, accepted_by_name = $20, due_at = $21, sort_due_at = $22, calculation = $23,
             term_row = $24, outcome = $25, issued_at = $26, on_time = $27, returned_at = $28, fee_due = $29,
             fee_note = $30, fee_rows = $31, fee_paid_at = $32, rated = $33, last_at = $34, filed_version =
             $35, result_number = $36 WHERE id = $1"
        ),
        &[
            &r.id,
            &r.version,
            &r.code,
            &r.state,
            &r.procedure_version,
            &r.case_id,
            &r.unit,
            &r.unit_path,
            &r.unit_name,
            &r.step,
            &r.step_name,
            &r.step_role,
            &r.step_at_desk,
            &r.step_due_at,
            &r.assignee,
            &r.assignee_name,
            &r.authors,
            &r.check_due_at,
            &r.accepted_at,
            &r.accepted_by_name,
            &r.due_at,
            &r.sort_due_at,
            &r.calculation,
            &r.term_row,
            &r.outcome,
            &r.issued_at,
            &r.on_time,
            &r.returned_at,
            &r.fee_due,
            &r.fee_note,
            &r.fee_rows,
            &r.fee_paid_at,
            &r.rated,
            &r.last_at,
            &r.filed_version,
            &r.result_number,
        ],
    )
    .await?;
    // after its row, so that whoever indexes all of them waits for it
    if events.iter().any(|event| matches!(event, Event::Accepted { .. })) {
        index(tx, &r).await?;
    }
    Ok(r)
}
