//! What runs beside the requests: the log-keeper, the listeners, the jobs, the sweeping. Started once per process.

use std::{sync::Arc, time::Duration};

use base::Clock;
use tokio::{sync::watch, task::JoinSet};
use uuid::Uuid;

use crate::{
    Db, Ear, Error, Hand, Read,
    keeper::{Round, keep_log},
    listen::Hearer,
    run::Hands,
    sql,
};

/// Who works in this process.
#[derive(Clone)]
pub struct Crew {
    /// The time.
    pub clock: Clock,
    /// All listeners of all rooms.
    pub ears: Vec<Arc<dyn Ear>>,
    /// All workers of all rooms.
    pub hands: Vec<Arc<dyn Hand>>,
    /// The files, which are swept once an hour.
    pub files: Option<crate::Files>,
    /// Jobs done at the same time.
    pub at_once: usize,
}

impl Crew {
    /// A crew without listeners and workers: it keeps the log.
    pub fn new(clock: Clock) -> Crew {
        Crew { clock, ears: Vec::new(), hands: Vec::new(), files: None, at_once: 4 }
    }
}

/// How often other processes' work is looked for.
const POLL: Duration = Duration::from_millis(100);
const POLL_JOBS: Duration = Duration::from_millis(500);

/// The crew at work. Dropped, it stops at once, which is as safe as a crash; `stop` is quicker for who comes next.
#[derive(Debug)]
pub struct Running {
    stop: watch::Sender<bool>,
    tasks: JoinSet<()>,
    db: Db,
    holder: Uuid,
}

impl Running {
    /// Lets everybody finish the present step, waits at most ten seconds for it, and gives the leases back.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        let all = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(Duration::from_secs(10), all).await.is_err() {
            tracing::warn!("some work did not stop in time; it is taken up again at the next start");
        }
        if let Err(error) = crate::lease::hand_back(&self.db, self.holder).await {
            tracing::warn!(%error, "the leases could not be given back; they run out by themselves");
        }
    }
}

/// Starts the crew.
pub fn start(db: &Db, crew: Crew) -> Running {
    let (stop, stopping) = watch::channel(false);
    let (moved, moves) = watch::channel(());
    let holder = base::Seed::fresh().uuid("holder", 0);
    let mut tasks = JoinSet::new();
    tasks.spawn(keep(db.clone(), crew.clock.clone(), holder, moved, stopping.clone()));
    for ear in &crew.ears {
        let hearer = Hearer::new(ear.clone(), db.clone(), crew.clock.clone(), holder);
        tasks.spawn(listen(hearer, moves.clone(), stopping.clone()));
    }
    let hands = Hands::new(db.clone(), crew.clock.clone(), holder, &crew.hands);
    if !hands.none() {
        tasks.spawn(work(db.clone(), hands, crew.at_once.max(1), stopping.clone()));
    }
    tasks.spawn(tidy(db.clone(), crew.clock.clone(), holder, crew.files.clone(), stopping));
    Running { stop, tasks, db: db.clone(), holder }
}

/// Waits for a bell, a poll, or the end; false at the end.
async fn wait(bell: impl Future, poll: Duration, stopping: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        _ = bell => {}
        () = tokio::time::sleep(poll) => {}
        _ = stopping.wait_for(|stop| *stop) => {}
    }
    // A dropped `Running` is an end too.
    !*stopping.borrow() && stopping.has_changed().is_ok()
}

/// Logs the first of several errors in a row, so that a database that is away for an hour does not fill the log.
fn complain(who: &str, errors: u32, error: &Error) {
    if errors == 1 {
        tracing::warn!(who, %error, "cannot go on; trying again");
    }
}

/// Keeps the log, and tells the listeners whenever its head has moved, whoever moved it.
async fn keep(db: Db, clock: Clock, holder: Uuid, moved: watch::Sender<()>, mut stopping: watch::Receiver<bool>) {
    let (mut errors, mut rung, mut last) = (0u32, true, 0);
    loop {
        let round = keep_round(&db, &clock, holder, rung, &mut last, &moved).await;
        rung = false;
        errors = if round.is_err() { errors + 1 } else { 0 };
        let pause = match &round {
            Ok(Round::More) => Duration::ZERO,
            Ok(Round::Idle | Round::NotMine) => POLL,
            Err(e) => {
                complain("log-keeper", errors, e);
                Duration::from_millis(100 * u64::from(errors.min(10)))
            }
        };
        // While something is wrong, or another process keeps the log, the bell must not drive us round.
        let bell = async {
            match round {
                Ok(Round::Idle) => db.0.wake.events.notified().await,
                _ => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = bell => rung = true,
            go_on = wait(std::future::pending::<()>(), pause, &mut stopping) => if !go_on { return },
        }
    }
}

async fn keep_round(
    db: &Db,
    clock: &Clock,
    holder: Uuid,
    rung: bool,
    last: &mut i64,
    moved: &watch::Sender<()>,
) -> Result<Round, Error> {
    let mut round = Round::Idle;
    if rung || glance(db).await?.1 {
        round = keep_log(db, clock, holder).await?;
    }
    let (head, _) = glance(db).await?;
    if std::mem::replace(last, head) != head {
        moved.send_replace(());
    }
    Ok(round)
}

/// The head of the log, and whether events wait for a place.
async fn glance(db: &Db) -> Result<(i64, bool), Error> {
    let (head, new): (Option<i64>, bool) = db
        .read(async |tx: &Read<'_>| {
            tx.one(sql!("SELECT (SELECT pos FROM store_log_head WHERE id = 1), EXISTS (SELECT 1 FROM store_event_new)"), &[])
                .await
        })
        .await?;
    Ok((head.unwrap_or(0), new))
}

async fn listen(mut hearer: Hearer, mut moves: watch::Receiver<()>, mut stopping: watch::Receiver<bool>) {
    let mut errors = 0u32;
    loop {
        moves.mark_unchanged();
        let pause = match hearer.round().await {
            Ok(Round::More) => {
                errors = 0;
                Duration::ZERO
            }
            Ok(Round::Idle) => {
                errors = 0;
                Duration::MAX
            }
            Ok(Round::NotMine) => POLL,
            Err(e) => {
                errors += 1;
                complain(hearer.ear.name(), errors, &e);
                Hearer::pause(errors)
            }
        };
        let go_on = if pause.is_zero() {
            !*stopping.borrow()
        } else if pause == Duration::MAX {
            wait(moves.changed(), Duration::from_secs(5), &mut stopping).await
        } else {
            wait(std::future::pending::<()>(), pause, &mut stopping).await
        };
        if !go_on {
            return;
        }
    }
}

async fn work(db: Db, hands: Hands, at_once: usize, mut stopping: watch::Receiver<bool>) {
    let mut at_work = JoinSet::new();
    let mut errors = 0u32;
    while !*stopping.borrow() && stopping.has_changed().is_ok() {
        while at_work.try_join_next().is_some() {}
        if at_work.len() >= at_once {
            tokio::select! {
                _ = at_work.join_next() => {}
                _ = stopping.wait_for(|stop| *stop) => {}
            }
            continue;
        }
        match hands.take_one().await {
            Ok(Some(job)) => {
                errors = 0;
                at_work.spawn(job.work());
            }
            Ok(None) => {
                errors = 0;
                wait(db.0.wake.jobs.notified(), POLL_JOBS, &mut stopping).await;
            }
            Err(e) => {
                errors += 1;
                complain("jobs", errors, &e);
                wait(std::future::pending::<()>(), Duration::from_millis(200 * u64::from(errors.min(10))), &mut stopping).await;
            }
        }
    }
    while at_work.join_next().await.is_some() {}
}

/// Sweeps once an hour, in one process.
async fn tidy(db: Db, clock: Clock, holder: Uuid, files: Option<crate::Files>, mut stopping: watch::Receiver<bool>) {
    const HOUR: Duration = Duration::from_secs(3600);
    // Not at once: the first minute of a server belongs to those who wait for it.
    let mut pause = Duration::from_secs(60);
    while wait(std::future::pending::<()>(), pause, &mut stopping).await {
        pause = HOUR;
        let now = clock.now();
        let mine = db
            .write(async move |tx: &crate::Write<'_>| {
                crate::lease(tx, "sweep", holder, now, jiff::SignedDuration::from_mins(59)).await
            })
            .await;
        match mine {
            Ok(true) => match crate::sweep(&db, files.as_ref(), now).await {
                Ok(swept) => {
                    tracing::info!(swept.objects, swept.leftovers, "swept");
                    if let Err(error) = db.analyze().await {
                        tracing::warn!(%error, "the tables could not be analysed");
                    }
                }
                Err(error) => tracing::warn!(%error, "sweeping failed; trying again in an hour"),
            },
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "sweeping failed; trying again in an hour"),
        }
    }
}

/// Brings log and listeners up to date and answers when nothing is left to tell: for commands that run without a server, and for tests.
///
/// Events parked on the way are left to `doctor`.
pub async fn settle(db: &Db, clock: &Clock, ears: &[Arc<dyn Ear>]) -> Result<(), Error> {
    let holder = base::Seed::fresh().uuid("holder", 0);
    loop {
        loop {
            match keep_log(db, clock, holder).await? {
                Round::More => {}
                Round::Idle => break,
                Round::NotMine if !glance(db).await?.1 => break,
                Round::NotMine => tokio::time::sleep(POLL).await,
            }
        }
        for ear in ears {
            let mut hearer = Hearer::new(ear.clone(), db.clone(), clock.clone(), holder);
            let mut errors = 0;
            loop {
                match hearer.round().await {
                    Ok(Round::More) => errors = 0,
                    Ok(Round::Idle) => break,
                    Ok(Round::NotMine) => tokio::time::sleep(POLL).await,
                    Err(e) if errors < 20 => {
                        errors += 1;
                        let pause = if e.is_passing() { Hearer::pause(errors) } else { Duration::from_millis(10) };
                        tokio::time::sleep(pause).await;
                    }
                    Err(e) => return Err(e),
                }
            }
        }
        if !glance(db).await?.1 {
            crate::lease::hand_back(db, holder).await?;
            return Ok(());
        }
    }
}

/// Does all jobs that are due, one after another; answers how many: for commands that run without a server, and for tests.
pub async fn work_off(db: &Db, clock: &Clock, hands: &[Arc<dyn Hand>]) -> Result<usize, Error> {
    let hands = Hands::new(db.clone(), clock.clone(), base::Seed::fresh().uuid("holder", 0), hands);
    let mut done = 0;
    while let Some(job) = hands.take_one().await? {
        job.work().await;
        done += 1;
    }
    Ok(done)
}
