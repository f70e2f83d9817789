//! kill -9 under load: whatever was acknowledged is there, once, with its number, and in the log five seconds after the start.
use crate::{
    http::Line,
    load::{self, Desk},
    server::{Place, line_of, program},
};
use miette::{IntoDiagnostic, Result, miette};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use store::{Db, Read, StoreOptions, sql};
use testkit::{Engine, postgres::Cluster};

/// What was promised to somebody.
#[derive(Default)]
struct Acknowledged {
    /// Draft → dossier.
    submitted: BTreeMap<String, String>,
    /// Dossier → its code.
    accepted: BTreeMap<String, String>,
}

/// What a database shows after all rounds.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdict {
    lost: usize,
    doubled: usize,
    gaps: usize,
    without_pos: u64,
}

/// Rounds on both databases, or on `only` one.
pub async fn run(rounds: usize, only: Option<Engine>) -> Result<()> {
    let mut bad = false;
    for engine in Engine::ALL.into_iter().filter(|e| only.is_none_or(|only| only == *e)) {
        bad |= one(engine, rounds).await? != Verdict::default();
    }
    if bad { Err(miette!("a promise was broken")) } else { Ok(()) }
}

async fn one(engine: Engine, rounds: usize) -> Result<Verdict> {
    let folder = tempfile::Builder::new().prefix("motcua-crash-").tempdir().into_diagnostic()?;
    let cluster = (engine == Engine::Postgres).then(|| Cluster::start(true));
    if let Some(cluster) = &cluster {
        cluster.admin("CREATE DATABASE motcua TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'").await;
    }
    let place = Place { program: program()?, data: folder.path().join("data"), url: cluster.as_ref().map(|c| c.url("motcua")) };
    place.load()?;
    let desks: Vec<Desk> = load::desks(&place).await?.into_iter().take(8).collect();
    let mut server = place.serve().await?;
    let citizen = load::citizen(server.port).await?;
    let mut officers = vec![];
    for desk in &desks {
        officers.push(load::token_of(server.port, desk).await?);
    }
    let told = Arc::new(Mutex::new(Acknowledged::default()));
    let mut late = 0u64;
    let mut pause = 1u64;
    for round in 0..rounds {
        let workers: Vec<_> = desks
            .iter()
            .zip(&officers)
            .map(|(desk, officer)| {
                tokio::spawn(work(server.port, citizen.clone(), officer.clone(), desk.commune.clone(), told.clone()))
            })
            .collect();
        // A different moment each time, 40 to 440 ms into the load.
        pause = (pause * 48_271) % 0x7fff_ffff;
        tokio::time::sleep(Duration::from_millis(40 + pause % 400)).await;
        // One round in ten the database goes first, under the server's hands.
        let cut = cluster.as_ref().filter(|_| round % 10 == 9);
        cut.inspect(|cluster| cluster.kill());
        server.kill();
        cut.inspect(|cluster| cluster.up());
        for worker in workers {
            worker.abort();
        }
        server = place.serve().await?;
        late += without_place(&place).await?;
        if round % 50 == 49 || round + 1 == rounds {
            println!(
                "{engine:?}: {} rounds, {} submitted, {} accepted",
                round + 1,
                count(&told, |a| a.submitted.len())?,
                count(&told, |a| a.accepted.len())?
            );
        }
    }
    let verdict = judge(&place, &told, late).await?;
    println!(
        "{engine:?}: {rounds} kills: lost {}, doubled {}, numbers with a gap or twice {}, events without a place {}",
        verdict.lost, verdict.doubled, verdict.gaps, verdict.without_pos
    );
    Ok(verdict)
}

fn count(told: &Mutex<Acknowledged>, of: impl Fn(&Acknowledged) -> usize) -> Result<usize> {
    Ok(of(&*told.lock().map_err(|_| miette!("a worker panicked"))?))
}

/// Files and accepts until the line breaks; only what was answered is noted.
async fn work(port: u16, citizen: String, officer: String, commune: String, told: Arc<Mutex<Acknowledged>>) {
    let Ok(mut line) = line_of(port, &citizen).await else { return };
    let Ok(mut desk) = line_of(port, &officer).await else { return };
    while once(&mut line, &mut desk, &commune, &told).await.is_ok() {}
}

async fn once(line: &mut Line, desk: &mut Line, commune: &str, told: &Mutex<Acknowledged>) -> Result<()> {
    let draft = load::draft(line, commune).await?;
    let (status, body) = load::submit(line, &draft).await?;
    let Some(dossier) = body["id"].as_str().filter(|_| status == 200).map(str::to_owned) else { return Err(miette!("{status}")) };
    told.lock().map_err(|_| miette!("poisoned"))?.submitted.insert(draft.clone(), dossier.clone());
    load::check(desk, &dossier).await?;
    let (status, body) = load::accept(desk, &dossier).await?;
    let Some(code) = body["code"].as_str().filter(|_| status == 200).map(str::to_owned) else { return Err(miette!("{status}")) };
    told.lock().map_err(|_| miette!("poisoned"))?.accepted.insert(dossier, code);
    Ok(())
}

async fn open(place: &Place) -> Result<Db> {
    Db::open(&place.target(), &StoreOptions { connections: 4, ..StoreOptions::default() }).await.into_diagnostic()
}

/// Events that have no place five seconds after the start.
async fn without_place(place: &Place) -> Result<u64> {
    let db = open(place).await?;
    let until = Instant::now() + Duration::from_secs(5);
    loop {
        let state = db.read(async |tx: &Read<'_>| store::log_state(tx).await).await.into_diagnostic()?;
        if state.waiting == 0 || Instant::now() >= until {
            return Ok(state.waiting);
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn judge(place: &Place, told: &Mutex<Acknowledged>, without_pos: u64) -> Result<Verdict> {
    let db = open(place).await?;
    let rows: Vec<(uuid::Uuid, Option<String>)> =
        db.read(async |tx: &Read<'_>| tx.all(sql!("SELECT id, code FROM onestop_dossier"), &[]).await).await.into_diagnostic()?;
    let drafts: Vec<(uuid::Uuid, uuid::Uuid)> = db
        .read(async |tx: &Read<'_>| tx.all(sql!("SELECT id, dossier FROM onestop_draft WHERE dossier IS NOT NULL"), &[]).await)
        .await
        .into_diagnostic()?;
    let known: BTreeMap<String, Option<String>> = rows.iter().map(|(id, code)| (id.to_string(), code.clone())).collect();
    let of_draft: BTreeMap<String, String> =
        drafts.iter().map(|(draft, dossier)| (draft.to_string(), dossier.to_string())).collect();
    let told = told.lock().map_err(|_| miette!("poisoned"))?;
    let lost_filings =
        told.submitted.iter().filter(|(draft, dossier)| of_draft.get(*draft) != Some(*dossier) || !known.contains_key(*dossier));
    let lost_numbers = told.accepted.iter().filter(|(dossier, code)| known.get(*dossier).and_then(Option::as_ref) != Some(*code));
    let lost = lost_filings.count() + lost_numbers.count();
    let distinct: BTreeSet<&String> = of_draft.values().collect();
    let doubled = of_draft.len() - distinct.len();
    // Codes of one desk on one day: AGENCY-YYMMDD-NNNN.
    let mut series: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for code in rows.iter().filter_map(|(_, code)| code.as_ref()) {
        if let Some((front, number)) = code.rsplit_once('-') {
            series.entry(front.to_owned()).or_default().push(number.parse().into_diagnostic()?);
        }
    }
    let mut gaps = 0;
    for numbers in series.values_mut() {
        numbers.sort_unstable();
        gaps += numbers.iter().zip(1u64..).filter(|(have, want)| *have != want).count().min(1);
    }
    Ok(Verdict { lost, doubled, gaps, without_pos })
}
