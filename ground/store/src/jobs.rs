//! Jobs: work that outlives the request (effects outside, imports, exports), with progress, retry and a kept report.
//!
//! A migration that leaves rows to be filled orders the job itself: `INSERT INTO store_job (id, kind, title, payload, state, due, trace,
//! created) SELECT …` from those rows, so that a house without such rows orders none.

use std::{future::Future, pin::Pin, sync::Arc};

use base::Moment;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{By, Db, Error, Read, Write, db::WAKE_JOBS, from_row, sql};

/// The order for a piece of work: data only.
pub trait Job: Serialize + DeserializeOwned + Send + 'static {
    /// Its kind, for ever ("notices.mail").
    const NAME: &'static str;
    /// How often it is tried at most.
    const TRIES: u32 = 8;
    /// What people read in the list of running work.
    fn title(&self) -> String {
        Self::NAME.to_owned()
    }
    /// Whose work it is: they find it again.
    fn owner(&self) -> Option<Uuid> {
        None
    }
}

/// Id of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize)]
pub struct JobId(pub Uuid);
crate::uuid_value!(JobId);

/// Orders a job in this unit: it starts after the commit, or never.
pub async fn enqueue<J: Job>(tx: &Write<'_>, by: &By, job: &J) -> Result<JobId, Error> {
    enqueue_at(tx, by, job, by.now).await
}

/// Orders a job that starts not before `due`.
pub async fn enqueue_at<J: Job>(tx: &Write<'_>, by: &By, job: &J, due: Moment) -> Result<JobId, Error> {
    let payload = serde_json::to_string(job)?;
    // The payload is part of the label: two units of one request may order different jobs with the same `By`.
    let id = JobId(by.id(&format!("{} {payload}", J::NAME), tx.serial()));
    tx.run(
        sql!(
            "INSERT INTO store_job (id, kind, owner, title, payload, state, due, trace, created)
             VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8)"
        ),
        &[&id, &J::NAME, &job.owner(), &job.title(), &payload, &due, &by.trace, &by.now],
    )
    .await?;
    tx.ring(WAKE_JOBS);
    Ok(id)
}

/// Why a job did not come to its end.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Halt {
    /// It may work later: tried again, each time after a longer pause.
    #[error("{0}")]
    Again(String),
    /// It will never work.
    #[error("{0}")]
    Never(String),
    /// Somebody cancelled it.
    #[error("cancelled")]
    Cancelled,
}

impl From<Error> for Halt {
    fn from(e: Error) -> Self {
        Halt::Again(e.to_string())
    }
}

/// Does the jobs of one kind. It runs outside of any unit and opens its own, in chunks.
pub trait Work: Send + Sync + 'static {
    /// The orders it takes.
    type On: Job;
    /// Does it; the text is the report that is kept (JSON or plain words).
    ///
    /// It may run twice (a crash after the effect, before the note of it): make the effect idempotent, e.g. by `run.id`.
    fn work(&self, job: Self::On, run: &JobRun) -> impl Future<Output = Result<String, Halt>> + Send;
}

/// A [`Work`] of any kind of job, made by [`hand`].
pub trait Hand: Send + Sync + 'static {
    /// The kind of job.
    fn kind(&self) -> &'static str;
    /// How often a job of this kind is tried.
    fn tries(&self) -> u32;
    /// Parses the order and does it.
    fn work_raw<'a>(
        &'a self,
        payload: &'a str,
        run: &'a JobRun,
    ) -> Pin<Box<dyn Future<Output = Result<String, Halt>> + Send + 'a>>;
}

/// Makes a worker fit for the list of a room.
pub fn hand(work: impl Work) -> Arc<dyn Hand> {
    Arc::new(Typed(work))
}

struct Typed<W>(W);

impl<W: Work> Hand for Typed<W> {
    fn kind(&self) -> &'static str {
        W::On::NAME
    }

    fn tries(&self) -> u32 {
        W::On::TRIES
    }

    fn work_raw<'a>(
        &'a self,
        payload: &'a str,
        run: &'a JobRun,
    ) -> Pin<Box<dyn Future<Output = Result<String, Halt>> + Send + 'a>> {
        Box::pin(async move {
            let job = serde_json::from_str(payload).map_err(|e| Halt::Never(e.to_string()))?;
            self.0.work(job, run).await
        })
    }
}

/// One run of a job: where it reports progress and learns that it was cancelled.
#[derive(Debug)]
pub struct JobRun {
    /// The database.
    pub db: Db,
    /// The job.
    pub id: JobId,
    /// Who, when and under which trace this run acts; the seed is new in each run.
    pub by: By,
    /// 1 for the first run.
    pub tries: u32,
    pub(crate) holder: Uuid,
    pub(crate) clock: base::Clock,
    pub(crate) told: std::sync::Mutex<crate::run::Told>,
}

/// What a screen shows of a job.
#[derive(Clone, Debug, Serialize)]
pub struct JobView {
    /// Id.
    pub id: JobId,
    /// Kind.
    pub kind: String,
    /// Whose work it is.
    pub owner: Option<Uuid>,
    /// What people read.
    pub title: String,
    /// `waiting`, `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// How often it was tried.
    pub tries: u32,
    /// Steps done.
    pub done: u64,
    /// Steps in all, when known.
    pub total: Option<u64>,
    /// Words about the present step.
    pub note: Option<String>,
    /// The report, when done.
    pub report: Option<String>,
    /// The last error.
    pub error: Option<String>,
    /// When it was ordered.
    pub created: Moment,
    /// When it came to its end.
    pub finished: Option<Moment>,
}
from_row!(JobView { id, kind, owner, title, state, tries, done, total, note, report, error, created, finished });

/// One job.
pub async fn job(tx: &Read<'_>, id: JobId) -> Result<Option<JobView>, Error> {
    tx.opt(
        sql!(
            "SELECT id, kind, owner, title, state, tries, done, total, note, report, error, created, finished
             FROM store_job WHERE id = $1"
        ),
        &[&id],
    )
    .await
}

/// The newest jobs of an owner (or of all), newest first.
pub async fn jobs(tx: &Read<'_>, kind: Option<&str>, owner: Option<Uuid>, limit: u32) -> Result<Vec<JobView>, Error> {
    tx.all(
        sql!(
            "SELECT id, kind, owner, title, state, tries, done, total, note, report, error, created, finished
             FROM store_job
             WHERE (CAST($1 AS text) IS NULL OR kind = $1) AND (CAST($2 AS uuid) IS NULL OR owner = $2)
             ORDER BY created DESC, id DESC LIMIT $3"
        ),
        &[&kind, &owner, &limit],
    )
    .await
}

/// How many jobs of an owner are waiting or running ("Việc đang chạy (n)").
pub async fn jobs_under_way(tx: &Read<'_>, owner: Uuid) -> Result<u64, Error> {
    tx.one(sql!("SELECT count(*) FROM store_job WHERE owner = $1 AND state IN ('waiting', 'running')"), &[&owner]).await
}

/// Asks a job to stop: a waiting one never starts, a running one learns it at its next progress report.
pub async fn cancel(tx: &Write<'_>, id: JobId, now: Moment) -> Result<bool, Error> {
    let stopped = tx
        .run(sql!("UPDATE store_job SET state = 'cancelled', finished = $2 WHERE id = $1 AND state = 'waiting'"), &[&id, &now])
        .await?;
    let asked = tx.run(sql!("UPDATE store_job SET cancel = TRUE WHERE id = $1 AND state = 'running'"), &[&id]).await?;
    Ok(stopped + asked > 0)
}

/// The state of the jobs, for `doctor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobState {
    /// Waiting or running.
    pub open: u64,
    /// Given up after their last try.
    pub failed: u64,
}

/// Where the jobs stand.
pub async fn job_state(tx: &Read<'_>) -> Result<JobState, Error> {
    let (open, failed) = tx
        .one(
            sql!(
                "SELECT count(CASE WHEN state IN ('waiting', 'running') THEN 1 END), count(CASE WHEN state = 'failed' THEN 1 END)
                 FROM store_job"
            ),
            &[],
        )
        .await?;
    Ok(JobState { open, failed })
}
