//! What a doctor looks at: settings, disk, database, log, listeners, jobs, files, calendar. The same list on the command line and on
//! the administrator's screen.
use crate::{config::Config, house::Open, rooms};
use base::calendar::WorkCalendar;
use serde::Serialize;
use store::{Read, sql};
use web::{House, Wellness};

/// How one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nothing to do.
    Well,
    /// It works, but somebody should look.
    Ailing,
    /// It does not work.
    Down,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How it is.
    pub state: State,
    /// What was seen.
    pub seen: String,
    /// What to do about it; empty when nothing.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub cure: &'static str,
}

struct Findings(Vec<Finding>);

impl Findings {
    fn well(&mut self, what: &'static str, seen: impl Into<String>) {
        self.0.push(Finding { what, state: State::Well, seen: seen.into(), cure: "" });
    }

    fn ailing(&mut self, what: &'static str, seen: impl Into<String>, cure: &'static str) {
        self.0.push(Finding { what, state: State::Ailing, seen: seen.into(), cure });
    }

    fn down(&mut self, what: &'static str, seen: impl Into<String>, cure: &'static str) {
        self.0.push(Finding { what, state: State::Down, seen: seen.into(), cure });
    }
}

/// Looks at everything. `deep` also walks the whole chain of events and reads every file.
pub async fn look(config: &Config, open: &Open, deep: bool) -> Result<Vec<Finding>, store::Error> {
    let mut found = Findings(vec![]);
    settings(&mut found, config);
    disk(&mut found, config);
    log(&mut found, open).await?;
    work(&mut found, open).await?;
    calendar(&mut found, open);
    rooms_are_well(&mut found, config, open).await;
    if deep {
        statements(&mut found, open).await?;
        chain(&mut found, open).await?;
        files(&mut found, open).await?;
    }
    Ok(found.0)
}

fn settings(found: &mut Findings, config: &Config) {
    let remarks = config.findings();
    if remarks.is_empty() {
        found.well("settings", "nothing to remark");
    }
    for remark in remarks {
        let seen = format!("{} {}", remark.setting, remark.message);
        if remark.fatal {
            found.down("settings", seen, "correct it in motcua.toml; `motcua config check` shows where each value comes from");
        } else {
            found.ailing("settings", seen, "`motcua config check` shows where each value comes from");
        }
    }
}

fn disk(found: &mut Findings, config: &Config) {
    let Ok(stat) = rustix::fs::statvfs(&config.data) else {
        return found.down(
            "disk",
            format!("{} cannot be looked at", config.data.display()),
            "check that the data folder is mounted",
        );
    };
    let (free, all) = (stat.f_bavail * stat.f_frsize, (stat.f_blocks * stat.f_frsize).max(1));
    let seen = format!("{} free of {}", gigabytes(free), gigabytes(all));
    let (percent, gib) = (free * 100 / all, 1 << 30);
    if free < gib / 2 {
        found.down("disk", seen, "make room now: nothing can be received on a full disk");
    } else if percent < 10 && free < 20 * gib {
        found.ailing("disk", seen, "make room, or move the data folder to a larger disk");
    } else {
        found.well("disk", seen);
    }
}

fn gigabytes(bytes: u64) -> String {
    format!("{:.1} GB", bytes as f64 / 1e9)
}

async fn log(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let (log, ears, parked) = open
        .db
        .read(async |tx: &Read<'_>| {
            let log = store::log_state(tx).await?;
            Ok::<_, store::Error>((log, store::listeners(tx).await?, store::parked(tx).await?))
        })
        .await?;
    let waits = log.since.map_or(0, |since| open.clock.now().since(since).as_secs());
    if waits > 60 {
        let seen = format!("{} events wait for their place, the oldest for {waits} s", log.waiting);
        found.ailing("event log", seen, "a server must be running (`motcua serve`): it keeps the log");
    } else {
        found.well("event log", format!("{} events in place, {} on their way", log.pos, log.waiting));
    }
    for ear in ears.iter().filter(|e| e.tries > 0 || e.behind > 1000) {
        let seen = format!("{} is {} events behind: {}", ear.name, ear.behind, ear.error.as_deref().unwrap_or("no error"));
        found.ailing("listeners", seen, "the log of the server says why; it is tried again by itself");
    }
    for event in &parked {
        let seen = format!("{} could not digest event {}: {}", event.listener, event.pos, event.error);
        found.ailing("parked events", seen, "mend the cause, then tell it again from the administrator's screen");
    }
    if parked.is_empty() {
        found.well("listeners", format!("{} have heard everything or are on the way", ears.len()));
    }
    Ok(())
}

async fn work(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let (waiting, failed): (i64, i64) = open
        .db
        .read(async |tx: &Read<'_>| {
            tx.one(
                sql!(
                    "SELECT count(CASE WHEN state IN ('waiting', 'running') THEN 1 END), count(CASE WHEN state = 'failed' THEN 1 END)
                     FROM store_job"
                ),
                &[],
            )
            .await
        })
        .await?;
    let seen = format!("{waiting} waiting or running, {failed} failed");
    if failed > 0 {
        found.ailing("jobs", seen, "each failed job says why on the administrator's screen");
    } else {
        found.well("jobs", seen);
    }
    Ok(())
}

/// Due times of November already reach into the next year.
fn calendar(found: &mut Findings, open: &Open) {
    let today = open.clock.now().date();
    let (calendar, next) = (WorkCalendar::vietnam(), today.year() + 1);
    if !calendar.is_settled(today.year()) {
        found.ailing(
            "calendar",
            format!("the days off of {} are not settled", today.year()),
            "due times are projected: enter the year's notice",
        );
    } else if today.month() >= 11 && !calendar.is_settled(next) {
        let seen = format!("the days off of {next} are not settled yet; due times that reach there are marked as projected");
        found.ailing("calendar", seen, "enter the year's notice as soon as it is published");
    } else {
        found.well(
            "calendar",
            format!("days off are settled until the end of {}", if calendar.is_settled(next) { next } else { today.year() }),
        );
    }
}

async fn rooms_are_well(found: &mut Findings, config: &Config, open: &Open) {
    let house = House::new(open.db.clone(), open.files.clone(), open.clock.clone(), config.web());
    for check in rooms::rooms().iter().flat_map(|room| room.health.iter()) {
        match (check.ask)(house.clone()).await {
            Wellness::Well => found.well(check.name, "well"),
            Wellness::Ailing { why } => found.ailing(check.name, why, ""),
            Wellness::Down { why } => found.down(check.name, why, ""),
        }
    }
}

async fn statements(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let faults = store::prepare_all(&open.db).await?;
    match faults.first() {
        None => found.well("statements", format!("{} are understood by the database", store::statements().len())),
        Some(first) => found.down(
            "statements",
            format!("{} are not understood, the first: {first}", faults.len()),
            "the tables were changed by hand",
        ),
    }
    Ok(())
}

async fn chain(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let report = store::verify_chain(&open.db).await?;
    match report.broken {
        None => found.well("chain", format!("{} events fit together", report.events)),
        Some((pos, why)) => {
            found.down(
                "chain",
                format!("event {pos} does not fit: {why}"),
                "the log was changed outside this program: keep the disk, call for help",
            );
        }
    }
    Ok(())
}

async fn files(found: &mut Findings, open: &Open) -> Result<(), store::Error> {
    let damaged = store::damaged_files(&open.db, &open.files).await?;
    match damaged.first() {
        None => found.well("files", "every file is whole"),
        Some(first) => {
            let seen = format!("{} files are missing or damaged, the first: {first:?}", damaged.len());
            found.down("files", seen, "restore them from the last backup");
        }
    }
    Ok(())
}
