//! Kill -9 while it works: everything acknowledged is there, nothing twice, no gap, no event without its place five seconds after the start.

use std::{
    io::{BufRead, BufReader, Write as _},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use store::{
    By, Crew, Db, Error, Listener, Loaded, Read, Recorded, Series, StoreOptions, Target, Write, append, ear, enqueue, number,
    sql, start, verify_chain,
};
use testkit::{Place, both};

use crate::house::{Happened, open};

struct Copy;
impl Listener for Copy {
    const NAME: &'static str = "test.copy";
    type On = Happened;
    async fn hear(&self, tx: &Write<'_>, e: &Recorded<Happened>) -> Result<(), Error> {
        tx.run(sql!("INSERT INTO heard (pos, event, version) VALUES ($1, $2, $3)"), &[&e.pos, &e.id, &e.version]).await?;
        enqueue(tx, &e.by(Self::NAME, e.at), &Echo { n: e.version }).await.map(drop)
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Echo {
    n: i64,
}
impl store::Job for Echo {
    const NAME: &'static str = "test.echo";
}

fn series() -> Series {
    Series { scope: "crash".into(), day: "2026-11-23".into() }
}

/// What the child does until it is killed: numbers on its output are acknowledged.
async fn work(target: Target) {
    let db = Db::open(&target, &StoreOptions::default()).await.unwrap();
    let clock = base::Clock::system();
    let _running = start(&db, Crew { ears: vec![ear(Copy)], ..Crew::new(clock.clone()) });
    let tasks = (0..8).map(|_| {
        let (db, clock) = (db.clone(), clock.clone());
        tokio::spawn(async move {
            loop {
                let by = By::system(clock.now());
                let got = db
                    .write(async move |tx: &Write<'_>| -> Result<u64, Error> {
                        let id = by.id("thing", 0);
                        append(
                            tx,
                            &by,
                            Loaded::new::<Happened>(id),
                            &[Happened::Made { name: "a".into() }, Happened::Renamed { to: "b".into() }],
                        )
                        .await?;
                        let n = number(tx, &series()).await?;
                        tx.run(
                            sql!("INSERT INTO thing (id, name, n, yes) VALUES ($1, $2, $3, TRUE)"),
                            &[&id, &n.to_string(), &n],
                        )
                        .await?;
                        Ok(n)
                    })
                    .await;
                if let Ok(n) = got {
                    let mut out = std::io::stdout().lock();
                    let _ = writeln!(out, "acknowledged {n}").and_then(|()| out.flush());
                }
            }
        })
    });
    futures_util::future::join_all(tasks).await;
}

/// Not a test: the child of the tests below.
#[test]
#[ignore = "started by the crash tests"]
fn child() {
    let Ok(target) = std::env::var("STORE_CRASH_TARGET") else { return };
    testkit::run(work(target.parse().unwrap()));
}

fn address(place: &Place) -> String {
    place.url().unwrap_or_else(|| format!("sqlite:{}", place.sqlite_file().unwrap().display()))
}

/// Starts the child, kills it after some milliseconds, answers what it had acknowledged.
fn round(place: &Place, millis: u64) -> Vec<i64> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child", "--ignored", "--nocapture"])
        .env("STORE_CRASH_TARGET", address(place))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut said = vec![];
    let first = lines.by_ref().find_map(|l| l.strip_prefix("acknowledged ").map(|n| n.parse::<i64>().unwrap()));
    said.extend(first);
    std::thread::sleep(Duration::from_millis(millis));
    child.kill().unwrap();
    child.wait().unwrap();
    said.extend(lines.filter_map(|l| l.strip_prefix("acknowledged ").and_then(|n| n.parse::<i64>().ok())));
    said
}

both! {
    /// Killed at random moments, again and again.
    async fn kill_nine_loses_nothing(place: Place) {
        open(&place).await.close().await;
        let rounds: u64 = std::env::var("STORE_CRASH_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
        let mut acknowledged = vec![];
        for n in 0..rounds {
            let place = &place;
            let chance = base::Seed::fresh().bytes("kill", n);
            let millis = u64::from(u16::from_be_bytes([chance[0], chance[1]])) % 400;
            acknowledged.extend(tokio::task::block_in_place(|| round(place, millis)));
        }
        // The restart.
        let db = open(&place).await;
        let running = start(&db, Crew { ears: vec![ear(Copy)], ..Crew::new(base::Clock::system()) });
        let began = Instant::now();
        loop {
            let log = db.read(async |tx: &Read<'_>| store::log_state(tx).await).await.unwrap();
            if log.waiting == 0 { break }
            assert!(began.elapsed() < Duration::from_secs(5), "{log:?} after five seconds");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let (things, most, last): (i64, i64, i64) = db.read(async |tx: &Read<'_>| {
            tx.one(sql!("SELECT (SELECT count(*) FROM thing), (SELECT max(n) FROM thing), (SELECT n FROM store_series WHERE scope = 'crash')"), &[]).await
        }).await.unwrap();
        assert_eq!((things, most), (last, last), "numbers have no gap and none comes twice");
        let there: Vec<i64> = db.read(async |tx: &Read<'_>| tx.all(sql!("SELECT n FROM thing ORDER BY n"), &[]).await).await.unwrap();
        let count = acknowledged.len();
        acknowledged.sort_unstable();
        acknowledged.dedup();
        assert_eq!(acknowledged.len(), count, "no number was acknowledged twice");
        assert!(acknowledged.iter().all(|n| there.binary_search(n).is_ok()), "everything acknowledged is there");
        assert!(count as u64 > rounds * 5, "the child did work: {count}");
        // Listeners catch up and have heard each event once, each hearing with its job.
        loop {
            let (heard, jobs): (i64, i64) = db.read(async |tx: &Read<'_>| {
                tx.one(sql!("SELECT (SELECT count(*) FROM heard), (SELECT count(*) FROM store_job)"), &[]).await
            }).await.unwrap();
            assert_eq!(heard, jobs);
            if heard == 2 * things { break }
            assert!(began.elapsed() < Duration::from_secs(60), "{heard} of {} heard", 2 * things);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        running.stop().await;
        let chain = verify_chain(&db).await.unwrap();
        assert_eq!((chain.events as i64, chain.broken), (2 * things, None));
        println!("{rounds} kills: {count} acknowledged, {things} there");
    }
}
