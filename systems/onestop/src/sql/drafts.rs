//! SQL of drafts: a citizen's unfinished filing, or a reception at a desk.

use base::Moment;
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// A draft as kept.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // columns of onestop_draft
pub struct DraftRow {
    pub id: Uuid,
    pub version: i64,
    pub owner: Option<Uuid>,
    pub officer: Option<Uuid>,
    pub desk: Option<Uuid>,
    pub visit: Option<Uuid>,
    pub procedure_code: String,
    pub procedure_version: Uuid,
    pub data: String,
    pub saved_at: Moment,
    pub started_at: Moment,
    pub parked: bool,
    pub dossier: Option<Uuid>,
}
store::from_row!(DraftRow {
    id,
    version,
    owner,
    officer,
    desk,
    visit,
    procedure_code,
    procedure_version,
    data,
    saved_at,
    started_at,
    parked,
    dossier
});

impl DraftRow {
    /// Is its procedure chosen? At a desk the person may be known first.
    pub fn has_procedure(&self) -> bool {
        !self.procedure_code.is_empty()
    }
}

/// One draft.
pub async fn by_id(tx: &Read<'_>, id: Uuid) -> Result<Option<DraftRow>, Error> {
    tx.opt(
        sql!(
            "SELECT id, version, owner, officer, desk, visit, procedure_code, procedure_version, data, saved_at, started_at, parked, dossier
             FROM onestop_draft WHERE id = $1"
        ),
        &[&id],
    )
    .await
}

/// Open drafts of a citizen, last touched first: all that the largest setting of their number allows.
pub async fn owned(tx: &Read<'_>, owner: Uuid) -> Result<Vec<DraftRow>, Error> {
    tx.all(
        sql!(
            "SELECT id, version, owner, officer, desk, visit, procedure_code, procedure_version, data, saved_at, started_at, parked, dossier
             FROM onestop_draft WHERE owner = $1 AND dossier IS NULL ORDER BY saved_at DESC LIMIT 500"
        ),
        &[&owner],
    )
    .await
}

/// How many drafts of a citizen are open.
pub async fn open(tx: &Read<'_>, owner: Uuid) -> Result<i64, Error> {
    tx.one(sql!("SELECT COUNT(*) FROM onestop_draft WHERE owner = $1 AND dossier IS NULL"), &[&owner]).await
}

/// Open receptions at a desk: the officer's own, those anybody there parked, and those nobody touched since a moment.
pub async fn at_desk(tx: &Read<'_>, desk: Uuid, officer: Uuid, untouched_since: Moment) -> Result<Vec<DraftRow>, Error> {
    tx.all(
        sql!(
            "SELECT id, version, owner, officer, desk, visit, procedure_code, procedure_version, data, saved_at, started_at, parked, dossier
             FROM onestop_draft WHERE desk = $1 AND dossier IS NULL AND (parked OR officer = $2 OR saved_at < $3) ORDER BY saved_at DESC LIMIT 50"
        ),
        &[&desk, &officer, &untouched_since],
    )
    .await
}

/// Starts a draft; when the same was started at the same time, the unit runs again and finds it.
pub async fn insert(tx: &Write<'_>, d: &DraftRow) -> Result<(), Error> {
    let n = tx.run(
        sql!(
            "INSERT INTO onestop_draft
               (id, version, owner, officer, desk, visit, procedure_code, procedure_version, data, saved_at, started_at, parked, dossier)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO NOTHING"
        ),
        &[
            &d.id, &d.version, &d.owner, &d.officer, &d.desk, &d.visit, &d.procedure_code, &d.procedure_version, &d.data, &d.saved_at,
            &d.started_at, &d.parked, &d.dossier,
        ],
    )
    .await?;
    if n == 1 { Ok(()) } else { Err(tx.stale()) }
}

/// Saves a draft that was loaded at `d.version`; somebody else's change in between runs the unit again.
pub async fn save(tx: &Write<'_>, d: &DraftRow) -> Result<(), Error> {
    let n = tx
        .run(
            sql!(
                "UPDATE onestop_draft SET version = version + 1, officer = $3, visit = $4, procedure_code = $5, procedure_version = $6,
                   data = $7, saved_at = $8, parked = $9, dossier = $10
                 WHERE id = $1 AND version = $2 AND dossier IS NULL"
            ),
            &[
                &d.id, &d.version, &d.officer, &d.visit, &d.procedure_code, &d.procedure_version, &d.data, &d.saved_at, &d.parked,
                &d.dossier,
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(tx.stale()) }
}

/// Throws an unfinished draft away; false when it was filed meanwhile.
pub async fn discard(tx: &Write<'_>, id: Uuid) -> Result<bool, Error> {
    Ok(tx.run(sql!("DELETE FROM onestop_draft WHERE id = $1 AND dossier IS NULL"), &[&id]).await? == 1)
}
