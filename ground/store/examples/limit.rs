//! What the data layer can do by itself on this machine: the measure that `make bench` holds everything else against.
//!
//! `limit TARGET [SECONDS] [TASKS]` prints one JSON object: units of four statements, whole acts (row, event, number, job), and point reads per second.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use store::{
    By, Crew, Db, Error, Event, Job, Loaded, Migration, Read, Series, StoreOptions, Target, Write, append, enqueue, migrate,
    number, sql, start,
};
use uuid::Uuid;

const ROOM: &[Migration] = &[Migration {
    number: 1,
    name: "limit",
    sql: "CREATE TABLE limit_thing (id uuid NOT NULL PRIMARY KEY, name text NOT NULL, state text NOT NULL, n bigint NOT NULL);
          CREATE TABLE limit_trail (id uuid NOT NULL PRIMARY KEY, thing uuid NOT NULL, at bigint NOT NULL, body text NOT NULL);
          CREATE TABLE limit_out (id uuid NOT NULL PRIMARY KEY, body text NOT NULL);",
}];

#[derive(serde::Serialize, serde::Deserialize)]
struct Happened {
    what: String,
}
impl Event for Happened {
    const SYSTEM: &'static str = "limit";
    const KINDS: &'static [&'static str] = &["happened"];
    fn kind(&self) -> &'static str {
        "happened"
    }
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Errand;
impl Job for Errand {
    const NAME: &'static str = "limit.errand";
}

const THINGS: u64 = 4096;
const BODY: &str = "Hồ sơ đã được tiếp nhận tại bộ phận một cửa; kết quả trả tại nơi nộp trong giờ làm việc.";

fn thing(n: u64) -> Uuid {
    Uuid::from_u128(u128::from(n % THINGS) << 64 | 0x8000_0000)
}

/// Four statements: read a row, change it, add two rows.
async fn four(tx: &Write<'_>, by: &By, n: u64) -> Result<(), Error> {
    let id = thing(n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 17);
    let at: i64 = tx.one(sql!("SELECT n FROM limit_thing WHERE id = $1"), &[&id]).await?;
    tx.run(sql!("UPDATE limit_thing SET state = $1, n = $2 WHERE id = $3"), &[&"accepted", &(at + 1), &id]).await?;
    tx.run(
        sql!("INSERT INTO limit_trail (id, thing, at, body) VALUES ($1, $2, $3, $4)"),
        &[&by.id("trail", 0), &id, &by.now, &BODY],
    )
    .await?;
    tx.run(sql!("INSERT INTO limit_out (id, body) VALUES ($1, $2)"), &[&by.id("out", 0), &BODY]).await.map(drop)
}

/// A whole act: a row, an event, a job, a number of one of 64 desks.
async fn act(tx: &Write<'_>, by: &By, n: u64) -> Result<(), Error> {
    let id = by.id("thing", 0);
    tx.run(sql!("INSERT INTO limit_thing (id, name, state, n) VALUES ($1, $2, $3, 0)"), &[&id, &BODY, &"submitted"]).await?;
    append(tx, by, Loaded::new::<Happened>(id), &[Happened { what: BODY.into() }]).await?;
    enqueue(tx, by, &Errand).await?;
    number(tx, &Series::of_day(format!("desk {}", n % 64), by.now)).await.map(drop)
}

type Unit = for<'a> fn(&'a Write<'a>, &'a By, u64) -> std::pin::Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// Runs `one` from many tasks for some seconds; answers how often it came through in a second.
async fn rate<F, Fut>(tasks: u64, seconds: u64, one: F) -> f64
where
    F: Fn(u64) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<(), Error>> + Send,
{
    let (one, turn, done) = (Arc::new(one), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let began = Instant::now();
    let end = began + Duration::from_secs(seconds);
    let all = (0..tasks).map(|_| {
        let (one, turn, done) = (one.clone(), turn.clone(), done.clone());
        tokio::spawn(async move {
            while Instant::now() < end {
                if one(turn.fetch_add(1, Ordering::Relaxed)).await.is_ok() {
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
        })
    });
    futures_util::future::join_all(all).await;
    f64::from(u32::try_from(done.load(Ordering::Relaxed)).unwrap_or(u32::MAX)) / began.elapsed().as_secs_f64()
}

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut args = std::env::args().skip(1);
    let target: Target = args.next().ok_or_else(|| Error::Unfit("usage: limit TARGET [SECONDS] [TASKS]".into()))?.parse()?;
    let seconds = args.next().and_then(|s| s.parse().ok()).unwrap_or(5);
    let tasks = args.next().and_then(|s| s.parse().ok()).unwrap_or(32);
    let db = Db::open(&target, &StoreOptions::default()).await?;
    migrate(&db, &[("limit", ROOM)]).await?;
    let clock = base::Clock::system();
    db.write(async |tx: &Write<'_>| -> Result<(), Error> {
        for n in 0..THINGS {
            tx.run(
                sql!("INSERT INTO limit_thing (id, name, state, n) VALUES ($1, $2, 'new', 0) ON CONFLICT DO NOTHING"),
                &[&thing(n), &BODY],
            )
            .await?;
        }
        Ok(())
    })
    .await?;
    db.analyze().await?;
    let writing = |work: Unit| {
        let (db, clock) = (db.clone(), clock.clone());
        move |n| {
            let by = By::system(clock.now());
            db.write(async move |tx: &Write<'_>| work(tx, &by, n).await)
        }
    };
    let units = rate(tasks, seconds, writing(|tx, by, n| Box::pin(four(tx, by, n)))).await;
    let running = start(&db, Crew::new(clock.clone()));
    let acts = rate(tasks, seconds, writing(|tx, by, n| Box::pin(act(tx, by, n)))).await;
    let log = db.read(async |tx: &Read<'_>| store::log_state(tx).await).await?;
    running.stop().await;
    let reader = db.clone();
    let reads = rate(tasks, seconds, move |n| {
        let id = thing(n);
        let look = reader.read(async move |tx: &Read<'_>| {
            tx.one::<(String, String, i64)>(sql!("SELECT name, state, n FROM limit_thing WHERE id = $1"), &[&id]).await
        });
        async move { look.await.map(drop) }
    })
    .await;
    println!(
        "{{\"engine\":\"{:?}\",\"tasks\":{tasks},\"units\":{units:.0},\"acts\":{acts:.0},\"waiting_for_place\":{},\"reads\":{reads:.0}}}",
        db.kind(),
        log.waiting
    );
    Ok(())
}
