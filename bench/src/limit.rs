//! The store's own limit: what the database layer alone can do on this machine, in this run, with a unit of work like a submission.
use crate::figures::Figures;
use base::{Clock, Moment};
use miette::{IntoDiagnostic, Result};
use serde::{Deserialize, Serialize};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use store::{By, Db, Event, Key, Loaded, Migration, Read, Write, append, migrate, remember, sql};
use uuid::Uuid;

const MIGRATIONS: &[Migration] = &[Migration {
    number: 1,
    name: "bench",
    sql: "CREATE TABLE bench_row (id uuid NOT NULL PRIMARY KEY, code text NOT NULL UNIQUE, body text NOT NULL, at bigint NOT NULL);",
}];

#[derive(Serialize, Deserialize)]
struct Made {
    code: String,
}

impl Event for Made {
    const SYSTEM: &'static str = "bench";
    const VERSION: i64 = 1;
    const KINDS: &'static [&'static str] = &["made"];
    fn kind(&self) -> &'static str {
        "made"
    }
}

/// Units of work and point reads a second, with as many tasks as the HTTP stages have connections.
pub async fn measure(db: &Db, clock: &Clock, tasks: usize, span: Duration) -> Result<(Figures, Figures)> {
    migrate(db, &[("bench", MIGRATIONS)]).await.into_diagnostic()?;
    let made = Arc::new(AtomicU64::new(0));
    // About the size of a filled form.
    let body: Arc<str> = "x".repeat(1500).into();
    let writes = stage("store: units of work", tasks, span, |_| {
        let (db, made, body, now) = (db.clone(), made.clone(), body.clone(), clock.now());
        async move {
            let n = made.fetch_add(1, Ordering::Relaxed);
            write(&db, n, &body, now).await
        }
    })
    .await?;
    let total = made.load(Ordering::Relaxed).max(1);
    let reads = stage("store: point reads", tasks, span, |turn| {
        let db = db.clone();
        async move {
            let code = format!("B{}", turn.wrapping_mul(2_654_435_761) % total);
            let found: Option<String> = db
                .read(async move |tx: &Read<'_>| tx.opt(sql!("SELECT body FROM bench_row WHERE code = $1"), &[&code]).await)
                .await?;
            drop(found);
            Ok::<_, store::Error>(())
        }
    })
    .await?;
    Ok((writes, reads))
}

async fn write(db: &Db, n: u64, body: &str, now: Moment) -> Result<(), store::Error> {
    let by = By::new(Uuid::nil(), None, now);
    let (code, body) = (format!("B{n}"), body.to_owned());
    db.write(async move |tx: &Write<'_>| {
        let id = by.id("row", n);
        tx.run(sql!("INSERT INTO bench_row (id, code, body, at) VALUES ($1, $2, $3, $4)"), &[&id, &code, &body, &by.now]).await?;
        append(tx, &by, Loaded::new::<Made>(id), &[Made { code: code.clone() }]).await?;
        remember(tx, &Key::new("bench", &code, &body), &code, by.now).await
    })
    .await
}

/// Runs one kind of work from many tasks for a while.
pub async fn stage<E, F, W>(name: &str, tasks: usize, span: Duration, work: W) -> Result<Figures>
where
    W: Fn(u64) -> F,
    F: Future<Output = Result<(), E>> + Send + 'static,
    E: std::error::Error + Send + Sync + 'static,
{
    let started = Instant::now();
    let turn = AtomicU64::new(0);
    let mut all = Figures { name: name.to_owned(), ..Figures::default() };
    let workers = (0..tasks).map(|_| async {
        let mut own = Figures::default();
        while started.elapsed() < span {
            let at = Instant::now();
            tokio::spawn(work(turn.fetch_add(1, Ordering::Relaxed))).await.into_diagnostic()?.into_diagnostic()?;
            own.micros.push(u32::try_from(at.elapsed().as_micros()).unwrap_or(u32::MAX));
        }
        Ok::<_, miette::Report>(own)
    });
    for own in futures_util::future::join_all(workers).await {
        all.add(own?);
    }
    all.took = started.elapsed();
    Ok(all)
}
