//! Runs jobs: takes what is due under a lease, keeps the lease while it works, notes how it ended.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use base::{Clock, Moment};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{
    By, Db, Error, Halt, Hand, JobId, JobRun, Write, from_row, sql,
    value::{Bound, Value},
};

/// A job whose runner died is taken over after this time.
const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// How often a runner renews its lease.
const RENEW: Duration = Duration::from_secs(5);
/// How often progress is written at most.
const REPORT: Duration = Duration::from_millis(250);

struct Claimed {
    id: JobId,
    kind: String,
    payload: String,
    tries: u32,
    trace: Uuid,
    owner: Option<Uuid>,
}
from_row!(Claimed { id, kind, payload, tries, trace, owner });

/// Those who do jobs in this process.
#[derive(Clone)]
pub(crate) struct Hands {
    db: Db,
    clock: Clock,
    holder: Uuid,
    by_kind: Arc<HashMap<&'static str, Arc<dyn Hand>>>,
    claim: Arc<str>,
}

impl Hands {
    pub(crate) fn new(db: Db, clock: Clock, holder: Uuid, hands: &[Arc<dyn Hand>]) -> Hands {
        let by_kind: HashMap<_, _> = hands.iter().map(|h| (h.kind(), h.clone())).collect();
        let kinds = (0..by_kind.len()).map(|i| format!("${}", i + 4)).collect::<Vec<_>>().join(", ");
        // The test is repeated outside: on PostgreSQL two runners may have chosen the same row.
        let claim = format!(
            "UPDATE store_job SET state = 'running', holder = $1, until = $2, tries = tries + 1,
                    started = CASE WHEN started IS NULL THEN $3 ELSE started END
             WHERE id = (SELECT id FROM store_job
                         WHERE kind IN ({kinds}) AND (state = 'waiting' AND due <= $3 OR state = 'running' AND until < $3)
                         ORDER BY due LIMIT 1)
               AND (state = 'waiting' AND due <= $3 OR state = 'running' AND until < $3)
             RETURNING id, kind, payload, tries, trace, owner"
        );
        Hands { db, clock, holder, by_kind: Arc::new(by_kind), claim: claim.into() }
    }

    pub(crate) fn none(&self) -> bool {
        self.by_kind.is_empty()
    }

    /// Takes the next job that is due, if any.
    async fn claim(&self) -> Result<Option<Claimed>, Error> {
        if self.none() {
            return Ok(None);
        }
        // A look first: an idle house writes nothing.
        let now = self.clock.now();
        let due: Option<i64> = self
            .db
            .read(async move |tx: &crate::Read<'_>| {
                tx.opt(
                    sql!(
                        "SELECT 1 FROM store_job
                         WHERE state = 'waiting' AND due <= $1 OR state = 'running' AND until < $1 LIMIT 1"
                    ),
                    &[&now],
                )
                .await
            })
            .await?;
        if due.is_none() {
            return Ok(None);
        }
        let (claim, holder, hands) = (self.claim.clone(), self.holder, self.by_kind.clone());
        self.db
            .write(async move |tx: &Write<'_>| {
                let until = now.plus(LEASE);
                let mut p: Vec<Bound<'_>> = vec![holder.bound(), until.bound(), now.bound()];
                p.extend(hands.keys().map(|k| Bound::Text((*k).into())));
                Ok(tx.fetch::<Claimed>(&claim, true, &p).await?.pop())
            })
            .await
    }

    /// Takes one job; `None` when nothing is due.
    pub(crate) async fn take_one(&self) -> Result<Option<JobTask>, Error> {
        let mut job = self.claim().await?;
        if job.is_none() {
            // Another runner may have been faster with the one, while a second one waits.
            job = self.claim().await?;
        }
        let Some(job) = job else { return Ok(None) };
        let Some(hand) = self.by_kind.get(job.kind.as_str()).cloned() else { return Ok(None) };
        Ok(Some(JobTask { hands: self.clone(), job, hand }))
    }
}

/// A job that was taken and waits to be done.
pub(crate) struct JobTask {
    hands: Hands,
    job: Claimed,
    hand: Arc<dyn Hand>,
}

impl JobTask {
    /// Does it, and notes the end. Errors of the note are logged: the lease runs out and the job is taken again.
    pub(crate) async fn work(self) {
        let JobTask { hands, job, hand } = self;
        let (id, tries, kind) = (job.id, job.tries, hand.kind());
        let seed = base::Seed::fresh();
        let by = By { who: job.owner.unwrap_or_default(), post: None, now: hands.clock.now(), trace: job.trace, seed };
        let run = JobRun {
            db: hands.db.clone(),
            id,
            by,
            tries,
            holder: hands.holder,
            clock: hands.clock.clone(),
            told: Mutex::default(),
        };
        let started = Instant::now();
        let ended = if tries > hand.tries() {
            Err(Halt::Never("the program ended each time while it was at this".into()))
        } else {
            keep_lease(&run, contained(&*hand, &job.payload, &run)).await
        };
        let outcome = ended.as_ref().map_or_else(Halt::word, |_| "done");
        metrics::histogram!("store_job_seconds", "kind" => kind, "outcome" => outcome).record(started.elapsed().as_secs_f64());
        if let Err(e) = note_end(&run, &*hand, ended).await {
            tracing::error!(kind, job = %id.0, error = %e, "the end of a job could not be noted");
        }
    }
}

/// The work itself; a panic in it is a failed try.
async fn contained(hand: &dyn Hand, payload: &str, run: &JobRun) -> Result<String, Halt> {
    use futures_util::FutureExt;
    let work = std::panic::AssertUnwindSafe(hand.work_raw(payload, run)).catch_unwind();
    work.await.unwrap_or_else(|_| Err(Halt::Again("the work panicked".into())))
}

/// Renews the lease while the work goes on.
async fn keep_lease(run: &JobRun, work: impl Future<Output = Result<String, Halt>>) -> Result<String, Halt> {
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            ended = &mut work => return ended,
            () = tokio::time::sleep(RENEW) => {
                let (id, holder, until) = (run.id, run.holder, run.clock.now().plus(LEASE));
                let renewed = run.db.write(async move |tx: &Write<'_>| -> Result<u64, Error> {
                    tx.run(
                        sql!("UPDATE store_job SET until = $1 WHERE id = $2 AND holder = $3 AND state = 'running'"),
                        &[&until, &id, &holder],
                    ).await
                }).await;
                match renewed {
                    // Another runner took it while we were held up: two must not go on.
                    Ok(0) => return Err(Halt::Cancelled),
                    Ok(_) => {}
                    Err(e) => tracing::warn!(error = %e, "the lease of a job could not be renewed"),
                }
            }
        }
    }
}

/// Steps done, in all, and words about the present one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    done: u64,
    total: Option<u64>,
    note: Option<String>,
    at: Option<Instant>,
}

impl JobRun {
    /// Reports progress; [`Halt::Cancelled`] when somebody asked to stop. Call it once per chunk: it writes at most four times a second.
    pub async fn progress(&self, done: u64, total: Option<u64>, note: &str) -> Result<(), Halt> {
        let told = {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let early = told.at.is_some_and(|at| at.elapsed() < REPORT);
            *told =
                Told { done, total, note: Some(note.replace('\0', "")), at: if early { told.at } else { Some(Instant::now()) } };
            if early {
                return Ok(());
            }
            told.clone()
        };
        let (id, holder, until) = (self.id, self.holder, self.clock.now().plus(LEASE));
        let cancelled: Option<bool> = self
            .db
            .write(async move |tx: &Write<'_>| {
                tx.opt::<bool>(
                    sql!(
                        "UPDATE store_job SET done = $1, total = $2, note = $3, until = $4
                         WHERE id = $5 AND holder = $6 AND state = 'running' RETURNING cancel"
                    ),
                    &[&told.done, &told.total, &told.note, &until, &id, &holder],
                )
                .await
            })
            .await?;
        // No row: the job is no longer ours.
        if cancelled.unwrap_or(true) { Err(Halt::Cancelled) } else { Ok(()) }
    }

    /// The time of the house.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }
}

impl Halt {
    fn word(&self) -> &'static str {
        match self {
            Halt::Again(_) => "again",
            Halt::Never(_) => "failed",
            Halt::Cancelled => "cancelled",
        }
    }
}

/// Pause before the next try: 1 s, 4 s, 16 s … at most an hour.
fn pause(tries: u32) -> SignedDuration {
    SignedDuration::from_secs(4i64.saturating_pow(tries.saturating_sub(1)).min(3600))
}

async fn note_end(run: &JobRun, hand: &dyn Hand, ended: Result<String, Halt>) -> Result<(), Error> {
    let (id, holder, now, tries) = (run.id, run.holder, run.clock.now(), run.tries);
    let told = run.told.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let again = matches!(ended, Err(Halt::Again(_))) && tries < hand.tries();
    let (state, report, error) = match ended {
        Ok(report) => ("done", Some(report), None),
        Err(Halt::Cancelled) => ("cancelled", None, None),
        Err(Halt::Again(words)) if again => ("waiting", None, Some(words)),
        Err(Halt::Again(words) | Halt::Never(words)) => ("failed", None, Some(words)),
    };
    if let Some(words) = &error {
        tracing::warn!(kind = hand.kind(), job = %id.0, tries, again, error = words, "a job did not come to its end");
    }
    let clean = |text: Option<String>| text.map(|t| t.replace('\0', ""));
    let (report, error) = (clean(report), clean(error));
    let finished = (!again).then_some(now);
    run.db
        .write(async move |tx: &Write<'_>| -> Result<(), Error> {
            tx.run(
                sql!(
                    "UPDATE store_job SET state = $1, report = $2, error = $3, due = $4, finished = $5, holder = NULL, until = 0,
                            done = CASE WHEN done < $6 THEN $6 ELSE done END,
                            total = CASE WHEN CAST($7 AS bigint) IS NULL THEN total ELSE $7 END,
                            note = CASE WHEN CAST($8 AS text) IS NULL THEN note ELSE $8 END
                     WHERE id = $9 AND holder = $10 AND state = 'running'"
                ),
                &[&state, &report, &error, &now.plus(pause(tries)), &finished, &told.done, &told.total, &told.note, &id, &holder],
            )
            .await
            .map(drop)
        })
        .await
}
