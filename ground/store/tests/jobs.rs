//! Jobs: done once they are ordered, tried again, found again, stopped.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use base::Clock;
use serde::{Deserialize, Serialize};
use store::{
    By, Crew, Error, Halt, Job, JobRun, JobView, Read, Work, Write, cancel, enqueue, hand, job, jobs, jobs_under_way, start,
    work_off,
};
use testkit::{Place, both};
use uuid::Uuid;

use crate::house::open;

#[derive(Serialize, Deserialize)]
struct Mail {
    to: String,
    owner: Option<Uuid>,
}

impl Job for Mail {
    const NAME: &'static str = "test.mail";
    const TRIES: u32 = 3;
    fn title(&self) -> String {
        format!("Gửi thư cho {}", self.to)
    }
    fn owner(&self) -> Option<Uuid> {
        self.owner
    }
}

/// Fails as often as told, then succeeds.
#[derive(Clone, Default)]
struct Post {
    sent: Arc<Mutex<Vec<String>>>,
    fails: Arc<AtomicU32>,
}

impl Work for Post {
    type On = Mail;
    async fn work(&self, job: Mail, run: &JobRun) -> Result<String, Halt> {
        match job.to.as_str() {
            "never" => return Err(Halt::Never("no such person".into())),
            "panic" => panic!("on purpose"),
            "slow" => {
                for done in 0..1000 {
                    run.progress(done, Some(1000), "đang gửi").await?;
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
            }
            _ if self.fails.load(Ordering::Relaxed) > 0 => {
                self.fails.fetch_sub(1, Ordering::Relaxed);
                return Err(Halt::Again("the line is down".into()));
            }
            _ => {}
        }
        self.sent.lock().unwrap().push(job.to);
        Ok(r#"{"sent":1}"#.into())
    }
}

async fn order(db: &store::Db, clock: &Clock, to: &str, owner: Option<Uuid>) -> store::JobId {
    let (by, mail) = (By::system(clock.now()), Mail { to: to.into(), owner });
    db.write(async move |tx: &Write<'_>| enqueue(tx, &by, &mail).await).await.unwrap()
}

async fn view(db: &store::Db, id: store::JobId) -> JobView {
    db.read(async move |tx: &Read<'_>| job(tx, id).await).await.unwrap().unwrap()
}

both! {
    /// A job is tried again after a pause that grows, at most as often as its kind says; the report stays.
    async fn a_job_is_tried_again(place: Place) {
        let db = open(&place).await;
        let clock = Clock::fixed(base::Moment::from_micros(1_800_000_000_000_000));
        let post = Post::default();
        post.fails.store(2, Ordering::Relaxed);
        let hands = [hand(post.clone())];
        let id = order(&db, &clock, "a@example.vn", None).await;
        for (seconds, state, tries) in [(0, "waiting", 1), (0, "waiting", 1), (2, "waiting", 2), (5, "done", 3), (100, "done", 3)] {
            clock.advance(jiff::SignedDuration::from_secs(seconds));
            work_off(&db, &clock, &hands).await.unwrap();
            let seen = view(&db, id).await;
            assert_eq!((seen.state.as_str(), seen.tries), (state, tries), "{seen:?}");
        }
        let seen = view(&db, id).await;
        assert_eq!((seen.report.as_deref(), seen.error), (Some(r#"{"sent":1}"#), None));
        for (to, tries) in [("never", 1), ("panic", 3)] {
            let id = order(&db, &clock, to, None).await;
            for _ in 0..5 {
                work_off(&db, &clock, &hands).await.unwrap();
                clock.advance(jiff::SignedDuration::from_secs(3600));
            }
            let seen = view(&db, id).await;
            assert_eq!((seen.state.as_str(), seen.tries), ("failed", tries), "{seen:?}");
        }
        assert_eq!(*post.sent.lock().unwrap(), ["a@example.vn"]);
    }

    /// What went well is forgotten after a week when nobody owns it; what failed is there to be looked at for a year, and then goes too.
    async fn ended_jobs_are_forgotten_in_their_time(place: Place) {
        let db = open(&place).await;
        let clock = Clock::fixed(base::Moment::from_micros(1_800_000_000_000_000));
        for to in ["a", "never"] {
            order(&db, &clock, to, None).await;
        }
        order(&db, &clock, "b", Some(Uuid::from_u128(1))).await;
        work_off(&db, &clock, &[hand(Post::default())]).await.unwrap();
        for (days, left) in [(6, "done done failed"), (8, "done failed"), (364, "done failed"), (366, "")] {
            let now = clock.now().plus(jiff::SignedDuration::from_hours(24 * days));
            store::sweep(&db, None, now).await.unwrap();
            let all = db.read(async |tx: &Read<'_>| jobs(tx, None, None, 10).await).await.unwrap();
            let mut states: Vec<_> = all.iter().map(|j| j.state.as_str()).collect();
            states.sort_unstable();
            assert_eq!(states.join(" "), left, "after {days} days");
        }
    }

    /// A unit that fails orders nothing.
    async fn a_failed_unit_orders_nothing(place: Place) {
        let db = open(&place).await;
        let by = By::system(Clock::system().now());
        let got = db.write(async move |tx: &Write<'_>| {
            enqueue(tx, &by, &Mail { to: "a".into(), owner: None }).await?;
            Err::<(), _>(Error::NoRow)
        }).await;
        assert!(got.is_err());
        assert!(db.read(async |tx: &Read<'_>| jobs(tx, None, None, 10).await).await.unwrap().is_empty());
    }

    /// People find their running work again by kind and owner, see how far it is, and can stop it.
    async fn a_running_job_is_found_and_stopped(place: Place) {
        let db = open(&place).await;
        let clock = Clock::system();
        let owner = base::Seed::fresh().uuid("me", 0);
        let running = start(&db, Crew { hands: vec![hand(Post::default())], ..Crew::new(clock.clone()) });
        let slow = order(&db, &clock, "slow", Some(owner)).await;
        order(&db, &clock, "other", None).await;
        let count = async || db.read(async move |tx: &Read<'_>| jobs_under_way(tx, owner).await).await.unwrap();
        assert_eq!(count().await, 1);
        while view(&db, slow).await.done == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let mine = db.read(async move |tx: &Read<'_>| jobs(tx, Some("test.mail"), Some(owner), 10).await).await.unwrap();
        assert_eq!(mine.iter().map(|j| (j.id, j.title.as_str(), j.total)).collect::<Vec<_>>(), [(slow, "Gửi thư cho slow", Some(1000))]);
        let now = clock.now();
        assert!(db.write(async move |tx: &Write<'_>| cancel(tx, slow, now).await).await.unwrap());
        while view(&db, slow).await.state == "running" {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        assert_eq!(view(&db, slow).await.state, "cancelled");
        assert_eq!(count().await, 0);
        running.stop().await;
    }

    /// Many workers, each job done once.
    async fn each_job_is_done_once(place: Place) {
        let db = open(&place).await;
        let clock = Clock::system();
        let post = Post::default();
        for n in 0..60 {
            order(&db, &clock, &format!("{n}"), None).await;
        }
        let crew = || Crew { hands: vec![hand(post.clone())], ..Crew::new(clock.clone()) };
        let other = open(&place).await;
        let (one, two) = (start(&db, crew()), start(&other, crew()));
        for _ in 0..200 {
            if post.sent.lock().unwrap().len() >= 60 { break }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        one.stop().await;
        two.stop().await;
        let mut sent = post.sent.lock().unwrap().clone();
        sent.sort();
        sent.dedup();
        assert_eq!((sent.len(), post.sent.lock().unwrap().len()), (60, 60));
    }
}
