//! Imports: staged in chunks, switched over at once.

use base::Moment;
use store::{By, Read, Write, sql};
use uuid::Uuid;

use crate::error::Error;
use crate::import::FaultLine;

/// An import as lists show it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ImportLine {
    /// Id.
    pub id: Uuid,
    /// The job that does it.
    pub job: Option<Uuid>,
    /// Name of the file.
    pub file: String,
    /// `uploading`, `waiting`, `staging`, `done`, `failed`.
    pub state: String,
    /// When it began.
    pub started_at: Moment,
    /// Who began it.
    pub started_name: String,
    /// When it ended.
    pub finished_at: Option<Moment>,
    /// The report, JSON.
    pub report: Option<String>,
}
store::from_row!(ImportLine { id, job, file, state, started_at, started_name, finished_at, report });

/// Begins an import, or begins it again after it was interrupted: what it had staged is gone.
pub(crate) async fn begin(tx: &Write<'_>, by: &By, id: Uuid, job: Option<Uuid>, file: &str, name: &str) -> Result<(), Error> {
    clear(tx, id).await?;
    let q = sql!(
        "INSERT INTO catalogue_import (id, job, file, state, started_at, started_by, started_name, beat)
         VALUES ($1, $2, $3, 'staging', $4, $5, $6, $4)
         ON CONFLICT (id) DO UPDATE SET state = 'staging', beat = $4, finished_at = NULL, report = NULL"
    );
    tx.run(q, &[&id, &job, &file, &by.now, &by.who, &name]).await?;
    Ok(())
}

/// Takes away what an import staged, and its list of faults.
pub(crate) async fn clear(tx: &Write<'_>, id: Uuid) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM catalogue_version WHERE import = $1 AND state = 'staged'"), &[&id]).await?;
    tx.run(sql!("DELETE FROM catalogue_record WHERE import = $1 AND state = 'staged'"), &[&id]).await?;
    tx.run(sql!("DELETE FROM catalogue_import_fault WHERE import = $1"), &[&id]).await?;
    Ok(())
}

/// Imports that gave no sign of life since `before`, and whether they were still on their way in.
pub(crate) async fn silent(tx: &Read<'_>, before: Moment) -> Result<Vec<(Uuid, bool)>, Error> {
    let q = sql!("SELECT id, state = 'uploading' FROM catalogue_import WHERE state IN ('uploading', 'staging') AND beat < $1");
    Ok(tx.all(q, &[&before]).await?)
}

/// A sign of life.
pub(crate) async fn beat(tx: &Write<'_>, id: Uuid, now: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE catalogue_import SET beat = $2 WHERE id = $1"), &[&id, &now]).await?;
    Ok(())
}

/// The import did not come to its end.
pub(crate) async fn fail(tx: &Write<'_>, id: Uuid, now: Moment, why: &str) -> Result<(), Error> {
    clear(tx, id).await?;
    let q = sql!("UPDATE catalogue_import SET state = 'failed', finished_at = $2, report = $3 WHERE id = $1 AND state <> 'done'");
    tx.run(q, &[&id, &now, &why]).await?;
    Ok(())
}

/// An import as if it had never been ordered.
pub(crate) async fn forget(tx: &Write<'_>, id: Uuid) -> Result<(), Error> {
    drop_parts(tx, id).await?;
    tx.run(sql!("DELETE FROM catalogue_import WHERE id = $1 AND state = 'uploading'"), &[&id]).await?;
    Ok(())
}

/// A row that could not be read.
pub(crate) struct NewFault {
    pub line: u64,
    pub code: String,
    pub reason: String,
}

/// Keeps rows that could not be read.
pub(crate) async fn faults(tx: &Write<'_>, id: Uuid, faults: &[NewFault]) -> Result<(), Error> {
    let rows: Vec<_> = faults.iter().map(|f| store::values![&id, &f.line, &f.code, &f.reason]).collect();
    let q =
        sql!("INSERT INTO catalogue_import_fault (import, line, code, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING");
    tx.run_each(q, &rows).await?;
    Ok(())
}

/// Makes everything staged live and what it replaces past: four statements, whatever the size.
pub(crate) async fn switch_over(tx: &Write<'_>, id: Uuid) -> Result<(), Error> {
    let q = sql!(
        "UPDATE catalogue_record SET state = 'past'
         WHERE state = 'live' AND EXISTS (
           SELECT 1 FROM catalogue_record s WHERE s.import = $1 AND s.state = 'staged' AND s.code = catalogue_record.code AND s.layer = catalogue_record.layer
         )"
    );
    tx.run(q, &[&id]).await?;
    tx.run(sql!("UPDATE catalogue_record SET state = 'live' WHERE import = $1 AND state = 'staged'"), &[&id]).await?;
    let q = sql!(
        "UPDATE catalogue_version SET state = 'past'
         WHERE state = 'live' AND origin = 'imported' AND code IN (
           SELECT s.code FROM catalogue_version s WHERE s.import = $1 AND s.state = 'staged'
         )"
    );
    tx.run(q, &[&id]).await?;
    let q = sql!(
        "INSERT INTO catalogue_procedure (code, stream, events)
         SELECT code, id, 0 FROM catalogue_version WHERE import = $1 AND state = 'staged'
         ON CONFLICT (code) DO NOTHING"
    );
    tx.run(q, &[&id]).await?;
    tx.run(sql!("UPDATE catalogue_version SET state = 'live' WHERE import = $1 AND state = 'staged'"), &[&id]).await?;
    Ok(())
}

/// The import came to its end.
pub(crate) async fn done(tx: &Write<'_>, id: Uuid, now: Moment, report: &str) -> Result<(), Error> {
    let q = sql!("UPDATE catalogue_import SET state = 'done', finished_at = $2, beat = $2, report = $3 WHERE id = $1");
    tx.run(q, &[&id, &now, &report]).await?;
    Ok(())
}

/// One import.
pub(crate) async fn import(tx: &Read<'_>, id: Uuid) -> Result<Option<ImportLine>, Error> {
    let q =
        sql!("SELECT id, job, file, state, started_at, started_name, finished_at, report FROM catalogue_import WHERE id = $1");
    Ok(tx.opt(q, &[&id]).await?)
}

/// Keeps a part of the file.
pub(crate) async fn put_part(tx: &Write<'_>, id: Uuid, n: i64, bytes: &[u8]) -> Result<(), Error> {
    let q = sql!("INSERT INTO catalogue_import_part (import, n, bytes) VALUES ($1, $2, $3)");
    tx.run(q, &[&id, &n, &bytes.to_vec()]).await?;
    Ok(())
}

/// The file in its parts.
pub(crate) async fn parts(tx: &Read<'_>, id: Uuid) -> Result<Vec<Vec<u8>>, Error> {
    Ok(tx.all(sql!("SELECT bytes FROM catalogue_import_part WHERE import = $1 ORDER BY n"), &[&id]).await?)
}

/// Lets the file go.
pub(crate) async fn drop_parts(tx: &Write<'_>, id: Uuid) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM catalogue_import_part WHERE import = $1"), &[&id]).await?;
    Ok(())
}

/// A file begins to come in.
pub(crate) async fn receive(tx: &Write<'_>, by: &By, id: Uuid, file: &str, name: &str) -> Result<(), Error> {
    let q = sql!(
        "INSERT INTO catalogue_import (id, job, file, state, started_at, started_by, started_name, beat)
         VALUES ($1, NULL, $2, 'uploading', $3, $4, $5, $3)
         ON CONFLICT (id) DO NOTHING"
    );
    tx.run(q, &[&id, &file, &by.now, &by.who, &name]).await?;
    Ok(())
}

/// The file is whole; the import waits for its job.
pub(crate) async fn wait(tx: &Write<'_>, id: Uuid, job: Uuid) -> Result<(), Error> {
    tx.run(sql!("UPDATE catalogue_import SET state = 'waiting', job = $2 WHERE id = $1"), &[&id, &job]).await?;
    Ok(())
}

/// The latest imports.
pub(crate) async fn latest(tx: &Read<'_>, many: u32) -> Result<Vec<ImportLine>, Error> {
    let q = sql!(
        "SELECT id, job, file, state, started_at, started_name, finished_at, report FROM catalogue_import
         WHERE state <> 'uploading' ORDER BY started_at DESC, id DESC LIMIT $1"
    );
    Ok(tx.all(q, &[&many]).await?)
}

/// Rows of an import that could not be read, in the order of the file.
pub(crate) async fn faults_of(tx: &Read<'_>, id: Uuid, from: u64, many: u32) -> Result<Vec<FaultLine>, Error> {
    let q = sql!("SELECT line, code, reason FROM catalogue_import_fault WHERE import = $1 ORDER BY line LIMIT $2 OFFSET $3");
    Ok(tx.all(q, &[&id, &many, &from]).await?)
}
