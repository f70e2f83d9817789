//! How imports stand, for the screens and programs of those who may import.

use directory::{Act, Cx, Denied, may_somewhere};
use serde::Serialize;
use store::{JobId, Read, Write};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{FaultLine, ImportLine, Report};
use crate::acts::Import;
use crate::error::Error;
use crate::sql;

/// How an import stands.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Progress {
    /// The import.
    pub id: Uuid,
    /// Name of the file.
    pub file: String,
    /// `waiting`, `running`, `again` (failed, tried again by itself), `done`, `failed`.
    pub state: &'static str,
    /// Rows read so far.
    pub read: u64,
    /// Rows in all, when known.
    pub of: Option<u64>,
    /// Who ordered it.
    pub by: String,
    /// When.
    #[schema(value_type = String)]
    pub started_at: base::Moment,
    /// When it came to its end.
    #[schema(value_type = Option<String>)]
    pub finished_at: Option<base::Moment>,
    /// The report, when done.
    pub report: Option<Report>,
    /// Why nothing was imported, in Vietnamese.
    pub why: Option<String>,
}

impl Progress {
    /// Is anything still to come?
    pub fn is_under_way(&self) -> bool {
        self.finished_at.is_none()
    }
}

fn allowed(cx: &Cx) -> Result<(), Denied> {
    if may_somewhere(&Import::SPEC, &cx.who) { Ok(()) } else { Err(Denied::of(&Import::SPEC)) }
}

/// One import.
pub async fn progress(tx: &Read<'_>, cx: &Cx, id: Uuid) -> Result<Progress, Error> {
    allowed(cx)?;
    let line = sql::imports::import(tx, id).await?.filter(|l| l.state != "uploading").ok_or(Error::NotFound)?;
    of(tx, line).await
}

/// The latest imports.
pub async fn latest(tx: &Read<'_>, cx: &Cx, many: u32) -> Result<Vec<Progress>, Error> {
    allowed(cx)?;
    let mut found = vec![];
    for line in sql::imports::latest(tx, many).await? {
        found.push(of(tx, line).await?);
    }
    Ok(found)
}

async fn of(tx: &Read<'_>, line: ImportLine) -> Result<Progress, Error> {
    let ended = line.finished_at.is_some();
    // an import that came to its end says all itself
    let job = match line.job.filter(|_| !ended || line.state == "failed") {
        Some(job) => store::job(tx, JobId(job)).await?,
        None => None,
    };
    let pending = job.as_ref().is_some_and(|j| matches!(j.state.as_str(), "waiting" | "running"));
    let state = match line.state.as_str() {
        "done" => "done",
        "failed" if pending => "again",
        "failed" => "failed",
        "waiting" if !pending => "failed",
        "waiting" => "waiting",
        _ => "running",
    };
    let finished_at = match state {
        "done" | "failed" => line.finished_at.or(job.as_ref().and_then(|j| j.finished)).or(Some(line.started_at)),
        _ => None,
    };
    let (report, why) = match line.state.as_str() {
        "done" => (line.report.map(|r| serde_json::from_str(&r)).transpose()?, None),
        _ => (None, line.report),
    };
    let (read, of) = job.map_or((0, None), |j| (j.done, j.total));
    Ok(Progress {
        id: line.id,
        file: line.file,
        state,
        read,
        of,
        by: line.started_name,
        started_at: line.started_at,
        finished_at,
        report,
        why,
    })
}

/// Rows that could not be read, in the order of the file.
pub async fn unreadable(tx: &Read<'_>, cx: &Cx, id: Uuid, from: u64, many: u32) -> Result<Vec<FaultLine>, Error> {
    allowed(cx)?;
    sql::imports::faults_of(tx, id, from, many).await
}

/// Asks an import to stop. What it staged goes; the catalogue stays as it was. `false`: it had come to its end.
pub async fn stop(tx: &Write<'_>, cx: &Cx, id: Uuid) -> Result<bool, Error> {
    allowed(cx)?;
    let line = sql::imports::import(tx, id).await?.filter(|l| l.state != "uploading").ok_or(Error::NotFound)?;
    let Some(job) = line.job else { return Ok(false) };
    if !store::cancel(tx, JobId(job), cx.by.now).await? {
        return Ok(false);
    }
    if line.state == "waiting" {
        // nobody will begin it any more; one that runs clears up after itself
        sql::imports::fail(tx, id, cx.by.now, "Đã dừng theo yêu cầu. Danh mục giữ nguyên như trước.").await?; // not on screen: kept
        sql::imports::drop_parts(tx, id).await?;
    }
    Ok(true)
}
