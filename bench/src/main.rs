//! Two slow proofs in release builds: `bench` (speed, as ratios in one run) and `crash` (kill -9 under load).
//!
//! Both talk to the real program over real HTTP on 127.0.0.1, on SQLite and on PostgreSQL.

// The proofs measure real time; nothing here is replayed.
#![allow(clippy::disallowed_methods)]

mod bench;
mod crash;
mod figures;
mod http;
mod limit;
mod load;
mod server;

use clap::{Parser, Subcommand};
use miette::{IntoDiagnostic, Result, miette};
use std::time::Duration;
use testkit::Engine;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Speed, as ratios to the store's own limit.
    Speed {
        /// Connections.
        #[arg(long, default_value_t = 32)]
        lines: usize,
        /// Filings submitted and accepted.
        #[arg(long, default_value_t = 12_000)]
        filings: usize,
        /// Seconds of each reading stage.
        #[arg(long, default_value_t = 8)]
        seconds: u64,
    },
    /// kill -9 under load.
    Crash {
        /// Kills on each database.
        #[arg(long, default_value_t = 1000)]
        rounds: usize,
        /// One database only: `sqlite` or `postgres`.
        #[arg(long, value_parser = one_engine)]
        only: Option<Engine>,
    },
    /// The store alone, without HTTP.
    Limit {
        /// Seconds for each stage.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Concurrent tasks.
        #[arg(long, default_value_t = 32)]
        tasks: usize,
        /// The built program of `bench/layers`: other data layers under the same load, in the same run.
        #[arg(long)]
        beside: Option<std::path::PathBuf>,
    },
}

fn main() -> Result<()> {
    testkit::run(async {
        match Cli::parse().what {
            What::Speed { lines, filings, seconds } => {
                bench::run(bench::Plan { lines, filings, span: Duration::from_secs(seconds) }).await
            }
            What::Crash { rounds, only } => crash::run(rounds, only).await,
            What::Limit { seconds, tasks, beside } => limits(Duration::from_secs(seconds), tasks, beside.as_deref()).await,
        }
    })
}

fn one_engine(word: &str) -> Result<Engine, String> {
    match word {
        "sqlite" => Ok(Engine::Sqlite),
        "postgres" => Ok(Engine::Postgres),
        other => Err(format!("{other} is neither sqlite nor postgres")),
    }
}

async fn limits(span: Duration, tasks: usize, beside: Option<&std::path::Path>) -> Result<()> {
    for engine in Engine::ALL {
        println!("\n{engine:?}\n| stage | per s | p50 ms | p95 ms | p99 ms | of store | failed |\n|---|---|---|---|---|---|---|");
        let cluster = testkit::postgres::Cluster::start(true);
        let folder = tempfile::tempdir().into_diagnostic()?;
        let target = match engine {
            Engine::Sqlite => store::Target::Sqlite(folder.path().join("bench.db")),
            Engine::Postgres => store::Target::Postgres(cluster.url("postgres")),
        };
        let db = store::Db::open(&target, &store::StoreOptions::default()).await.into_diagnostic()?;
        let (writes, reads) = limit::measure(&db, &base::Clock::system(), tasks, span).await?;
        println!("{}\n{}", writes.row(None), reads.row(None));
        drop(db);
        let Some(program) = beside else { continue };
        let (word, place) = match engine {
            Engine::Sqlite => ("sqlite", folder.path().join("layers.db").display().to_string()),
            Engine::Postgres => ("postgres", cluster.url("postgres")),
        };
        let args = [word, &place, &tasks.to_string(), &span.as_secs().to_string()];
        let told = std::process::Command::new(program).args(args).output().into_diagnostic()?;
        if !told.status.success() {
            return Err(miette!("{}: {}", program.display(), String::from_utf8_lossy(&told.stderr)));
        }
        println!("\n| layer | units per s | of ours | reads per s | of ours |\n|---|---|---|---|---|");
        for line in String::from_utf8_lossy(&told.stdout).lines() {
            if let [name, units, read] = line.split_whitespace().collect::<Vec<_>>()[..] {
                let of = |rate: &str, ours: f64| rate.parse::<f64>().map_or(f64::NAN, |rate| rate / ours);
                println!(
                    "| {name} | {units} | {:.2} | {read} | {:.2} |",
                    of(units, writes.per_second()),
                    of(read, reads.per_second())
                );
            }
        }
    }
    Ok(())
}
