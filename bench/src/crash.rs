//! kill -9 under load: whatever was acknowledged is there, once, with its number, and in the log five seconds after the start. What was
//! asked and not answered is asked again with the same key, and so is the last thing that was answered: neither makes a second one.
use crate::{
    http::Line,
    load::{self, Desk},
    server::{Place, line_of, program},
};
use miette::{IntoDiagnostic, Result, miette};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};
use store::{Db, Read, StoreOptions, sql};
use testkit::{Engine, postgres::Cluster};

/// What was promised to somebody.
#[derive(Clone, Default)]
struct Acknowledged {
    /// Draft → dossier.
    submitted: BTreeMap<String, String>,
    /// Dossier → its code.
    accepted: BTreeMap<String, String>,
    /// Asked again after a kill, because no answer had come.
    asked_again: usize,
    /// Asked again although answered.
    asked_twice: usize,
    /// Asked again and answered otherwise than before.
    changed: usize,
}

impl Acknowledged {
    /// Keeps an answer; one that differs from an earlier answer to the same question is a broken promise.
    fn keep(&mut self, what: What, of: &str, answer: &str) {
        let kept = match what {
            What::Submit => &mut self.submitted,
            What::Accept => &mut self.accepted,
        };
        let before = kept.insert(of.to_owned(), answer.to_owned());
        self.changed += usize::from(before.is_some_and(|before| before != answer));
    }
}

#[derive(Clone, Copy)]
enum What {
    Submit,
    Accept,
}

/// The last question of each kind that one worker asked, and whether it was answered.
#[derive(Clone, Default)]
struct Asked {
    submit: Option<(String, bool)>,
    accept: Option<(String, bool)>,
}

/// What a database shows.
#[derive(Debug, Default)]
struct Shown {
    /// Dossier, its code, where its applicant lives: one house for each draft.
    dossiers: Vec<(String, Option<String>, String)>,
    /// Draft → what it became.
    drafts: BTreeMap<String, String>,
    /// The dossier of each acceptance in the log.
    acceptances: Vec<String>,
}

/// What is wrong with it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Verdict {
    lost: usize,
    doubled: usize,
    changed: usize,
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
    let mut people = vec![];
    for desk in &desks {
        let officer = load::token_of(server.port, desk).await?;
        people.push(Person { citizen: citizen.clone(), officer, commune: desk.commune.clone(), asked: Arc::default() });
    }
    let told = Arc::new(Mutex::new(Acknowledged::default()));
    let mut late = 0u64;
    let mut pause = 1u64;
    for round in 0..rounds {
        let port = server.port;
        let workers: Vec<_> = people.iter().map(|person| tokio::spawn(work(port, person.clone(), told.clone()))).collect();
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
            // Ended, so that nothing is noted any more when it is asked again.
            let _ = worker.await;
        }
        server = place.serve().await?;
        late += without_place(&place).await?;
        for person in &people {
            again(server.port, person, &told).await?;
        }
        if round % 50 == 49 || round + 1 == rounds {
            let told = lock(&told)?;
            println!(
                "{engine:?}: {} rounds, {} submitted, {} accepted; asked again without an answer {}, with one {}",
                round + 1,
                told.submitted.len(),
                told.accepted.len(),
                told.asked_again,
                told.asked_twice
            );
        }
    }
    let told = lock(&told)?.clone();
    if told.asked_again == 0 || told.asked_twice == 0 {
        return Err(miette!("no kill came between a question and its answer: run more rounds"));
    }
    let verdict = judge(&shown(&open(&place).await?).await?, &told, late)?;
    println!(
        "{engine:?}: {rounds} kills: lost {}, doubled {}, answered otherwise {}, numbers with a gap or twice {}, events without a place {}",
        verdict.lost, verdict.doubled, verdict.changed, verdict.gaps, verdict.without_pos
    );
    Ok(verdict)
}

fn lock<T>(told: &Mutex<T>) -> Result<MutexGuard<'_, T>> {
    told.lock().map_err(|_| miette!("a worker panicked"))
}

/// A citizen and an officer at one desk; what they asked last survives the kill, as a person's memory does.
#[derive(Clone)]
struct Person {
    citizen: String,
    officer: String,
    commune: String,
    asked: Arc<Mutex<Asked>>,
}

/// Files and accepts until the line breaks; only what was answered is noted.
async fn work(port: u16, person: Person, told: Arc<Mutex<Acknowledged>>) {
    let Ok(mut line) = line_of(port, &person.citizen).await else { return };
    let Ok(mut desk) = line_of(port, &person.officer).await else { return };
    while once(&mut line, &mut desk, &person, &told).await.is_ok() {}
}

async fn once(line: &mut Line, desk: &mut Line, person: &Person, told: &Mutex<Acknowledged>) -> Result<()> {
    let draft = load::draft(line, &person.commune).await?;
    lock(&person.asked)?.submit = Some((draft.clone(), false));
    let dossier = word(load::submit(line, &draft).await?, "id")?;
    lock(told)?.keep(What::Submit, &draft, &dossier);
    lock(&person.asked)?.submit = Some((draft, true));
    load::check(desk, &dossier).await?;
    lock(&person.asked)?.accept = Some((dossier.clone(), false));
    let code = word(load::accept(desk, &dossier).await?, "code")?;
    lock(told)?.keep(What::Accept, &dossier, &code);
    lock(&person.asked)?.accept = Some((dossier, true));
    Ok(())
}

/// One word of an answer that went well.
fn word((status, body): (u16, Value), name: &str) -> Result<String> {
    body[name].as_str().filter(|_| status == 200).map(str::to_owned).ok_or_else(|| miette!("{status} {body}"))
}

/// After the start: the last submission and the last acceptance once more, with the same key.
async fn again(port: u16, person: &Person, told: &Mutex<Acknowledged>) -> Result<()> {
    let asked = std::mem::take(&mut *lock(&person.asked)?);
    if let Some((draft, answered)) = asked.submit {
        let mut line = line_of(port, &person.citizen).await?;
        let dossier = word(load::submit(&mut line, &draft).await?, "id")?;
        note(told, What::Submit, &draft, &dossier, answered)?;
    }
    if let Some((dossier, answered)) = asked.accept {
        let mut desk = line_of(port, &person.officer).await?;
        let code = word(load::accept(&mut desk, &dossier).await?, "code")?;
        note(told, What::Accept, &dossier, &code, answered)?;
    }
    Ok(())
}

fn note(told: &Mutex<Acknowledged>, what: What, of: &str, answer: &str, answered: bool) -> Result<()> {
    let mut told = lock(told)?;
    told.keep(what, of, answer);
    told.asked_twice += usize::from(answered);
    told.asked_again += usize::from(!answered);
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

/// Reads what was filed and accepted.
async fn shown(db: &Db) -> Result<Shown> {
    type Rows = (Vec<(uuid::Uuid, Option<String>, Option<String>)>, Vec<(uuid::Uuid, uuid::Uuid)>, Vec<uuid::Uuid>);
    let read: std::result::Result<Rows, store::Error> = db
        .read(async |tx: &Read<'_>| {
            let dossiers = tx.all(sql!("SELECT id, code, applicant_address FROM onestop_dossier"), &[]).await?;
            let drafts = tx.all(sql!("SELECT id, dossier FROM onestop_draft WHERE dossier IS NOT NULL"), &[]).await?;
            let accepted = sql!("SELECT stream FROM store_event WHERE system = 'onestop' AND kind = 'accepted'");
            Ok((dossiers, drafts, tx.all(accepted, &[]).await?))
        })
        .await;
    let (dossiers, drafts, acceptances) = read.into_diagnostic()?;
    Ok(Shown {
        dossiers: dossiers.into_iter().map(|(id, code, home)| (id.to_string(), code, home.unwrap_or_default())).collect(),
        drafts: drafts.into_iter().map(|(draft, dossier)| (draft.to_string(), dossier.to_string())).collect(),
        acceptances: acceptances.iter().map(ToString::to_string).collect(),
    })
}

/// Compares what is there with what was promised.
fn judge(shown: &Shown, told: &Acknowledged, without_pos: u64) -> Result<Verdict> {
    let known: BTreeMap<&String, Option<&String>> = shown.dossiers.iter().map(|(id, code, _)| (id, code.as_ref())).collect();
    let lost_filings = told
        .submitted
        .iter()
        .filter(|(draft, dossier)| shown.drafts.get(*draft) != Some(dossier) || !known.contains_key(dossier));
    let lost_numbers = told.accepted.iter().filter(|(dossier, code)| known.get(dossier).copied().flatten() != Some(code));
    let lost = lost_filings.count() + lost_numbers.count();
    let homes: Vec<&String> =
        shown.dossiers.iter().map(|(.., home)| home).filter(|home| home.starts_with(load::HOUSES)).collect();
    let more_than_once = |all: &[&String]| all.len() - all.iter().collect::<BTreeSet<_>>().len();
    let doubled = more_than_once(&homes) + more_than_once(&shown.acceptances.iter().collect::<Vec<_>>());
    // Codes of one desk on one day: AGENCY-YYMMDD-NNNN.
    let mut series: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (front, number) in known.values().flatten().filter_map(|code| code.rsplit_once('-')) {
        series.entry(front).or_default().push(number.parse().into_diagnostic()?);
    }
    let mut gaps = 0;
    for numbers in series.values_mut() {
        numbers.sort_unstable();
        gaps += numbers.iter().zip(1u64..).filter(|(have, want)| *have != want).count().min(1);
    }
    Ok(Verdict { lost, doubled, changed: told.changed, gaps, without_pos })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use store::{Sql, Write};
    use uuid::Uuid;

    const DOSSIER: &Sql = sql!(
        "INSERT INTO onestop_dossier (id, version, filing_code, code, state, procedure_code, procedure_version, procedure_name,
             field, channel, desk, desk_path, desk_name, owner, applicant_name, applicant_address, result_channel, answers,
             submitted_at, check_due_at, sort_due_at)
         VALUES ($1, 1, $2, $3, 'filed', '1.1', $1, '', '', 'online', $1, '', '', $1, '', $4, 'desk', '{}', 0, 0, 0)"
    );
    const DRAFT: &Sql = sql!(
        "INSERT INTO onestop_draft (id, version, procedure_code, procedure_version, data, saved_at, started_at, dossier)
         VALUES ($1, 1, '1.1', $1, '{}', 0, 0, $2)"
    );
    const ACCEPTED: &Sql = sql!(
        "INSERT INTO store_event (id, stream, version, system, kind, kind_version, at, who, trace, sealed)
         VALUES ($1, $2, $3, 'onestop', 'accepted', 1, 0, $1, $1, $4)"
    );

    fn draft(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    fn dossier(n: u128) -> Uuid {
        Uuid::from_u128(100 + n)
    }

    fn code(n: u128) -> String {
        format!("H12.1-261123-{n:04}")
    }

    async fn write<F>(db: &Db, work: F)
    where
        F: AsyncFn(&Write<'_>) -> Result<(), store::Error> + Send + 'static,
    {
        let done: std::result::Result<(), store::Error> = db.write(work).await;
        done.unwrap();
    }

    async fn add_dossier(tx: &Write<'_>, n: u128, of: u128, code: Option<String>) -> Result<(), store::Error> {
        let (filing, home) = (format!("N-{n}"), format!("{}{}", load::HOUSES, draft(of)));
        tx.run(DOSSIER, &[&dossier(n), &filing, &code, &home]).await.map(drop)
    }

    async fn add_acceptance(tx: &Write<'_>, n: u128, version: i64) -> Result<(), store::Error> {
        let id = Uuid::from_u128(1000 * n + version.unsigned_abs() as u128);
        tx.run(ACCEPTED, &[&id, &dossier(n), &version, &vec![0u8; 32]]).await.map(drop)
    }

    /// Four filings, three of them accepted, as they lie in the database; and what was said about them.
    async fn filed(engine: Engine) -> (Db, testkit::Place, Acknowledged) {
        let (db, place) = engine.migrated(&motcua::rooms::migrations()).await;
        let mut told = Acknowledged::default();
        write(&db, async |tx: &Write<'_>| {
            for n in 1..=4 {
                add_dossier(tx, n, n, (n < 4).then(|| code(n))).await?;
                tx.run(DRAFT, &[&draft(n), &dossier(n)]).await?;
                if n < 4 {
                    add_acceptance(tx, n, 2).await?;
                }
            }
            Ok(())
        })
        .await;
        for n in 1..=4 {
            told.keep(What::Submit, &draft(n).to_string(), &dossier(n).to_string());
            if n < 4 {
                told.keep(What::Accept, &dossier(n).to_string(), &code(n));
            }
        }
        (db, place, told)
    }

    /// The verdict after a fault was planted.
    async fn with<F>(engine: Engine, fault: F) -> Verdict
    where
        F: AsyncFn(&Write<'_>) -> Result<(), store::Error> + Send + 'static,
    {
        let (db, _place, told) = filed(engine).await;
        write(&db, fault).await;
        judge(&shown(&db).await.unwrap(), &told, 0).unwrap()
    }

    #[test]
    fn the_judge_finds_every_planted_fault_and_none_where_none_is() {
        testkit::run(async {
            let fine = Verdict::default;
            for engine in Engine::ALL {
                assert_eq!(with(engine, async |_: &Write<'_>| Ok(())).await, fine(), "{engine:?}");
                let gone = async |tx: &Write<'_>| {
                    tx.run(sql!("DELETE FROM onestop_dossier WHERE id = $1"), &[&dossier(4)]).await.map(drop)
                };
                assert_eq!(with(engine, gone).await, Verdict { lost: 1, ..fine() }, "{engine:?}: a filing is gone");
                let unaccepted = async |tx: &Write<'_>| {
                    tx.run(sql!("UPDATE onestop_dossier SET code = NULL WHERE id = $1"), &[&dossier(3)]).await.map(drop)
                };
                assert_eq!(with(engine, unaccepted).await, Verdict { lost: 1, ..fine() }, "{engine:?}: an acceptance is gone");
                // A draft's row shows its last dossier only: the first one was promised, and both are there.
                let twice = async |tx: &Write<'_>| {
                    add_dossier(tx, 5, 4, None).await?;
                    tx.run(sql!("UPDATE onestop_draft SET dossier = $2 WHERE id = $1"), &[&draft(4), &dossier(5)]).await.map(drop)
                };
                assert_eq!(with(engine, twice).await, Verdict { lost: 1, doubled: 1, ..fine() }, "{engine:?}: filed twice");
                let unseen = async |tx: &Write<'_>| add_dossier(tx, 5, 4, None).await;
                assert_eq!(with(engine, unseen).await, Verdict { doubled: 1, ..fine() }, "{engine:?}: a second one beside it");
                let accepted_twice = async |tx: &Write<'_>| add_acceptance(tx, 1, 3).await;
                assert_eq!(with(engine, accepted_twice).await, Verdict { doubled: 1, ..fine() }, "{engine:?}: accepted twice");
                let gap = async |tx: &Write<'_>| add_dossier(tx, 6, 6, Some(code(5))).await;
                assert_eq!(with(engine, gap).await, Verdict { gaps: 1, ..fine() }, "{engine:?}: a number was left out");
            }
        });
    }

    #[test]
    fn another_answer_to_the_same_question_and_an_event_without_its_place_are_noticed() {
        testkit::run(async {
            let (db, _place, mut told) = filed(Engine::Sqlite).await;
            told.keep(What::Accept, &dossier(1).to_string(), &code(1));
            assert_eq!(told.changed, 0, "the same answer again is no other answer");
            told.keep(What::Submit, &draft(1).to_string(), &dossier(2).to_string());
            let verdict = judge(&shown(&db).await.unwrap(), &told, 7).unwrap();
            assert_eq!(verdict, Verdict { lost: 1, changed: 1, without_pos: 7, ..Verdict::default() });
        });
    }
}
