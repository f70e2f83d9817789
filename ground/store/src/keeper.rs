//! The log-keeper: gives committed events consecutive places and chain links, straight after their commit.
//!
//! Ids are made in the program, so commit order is not id order; who reads by id loses what commits late. One keeper at a time (a lease, and in
//! any case the row of the head, which serialises two of them) moves events from `store_event_new` into `store_log`.

use std::sync::LazyLock;

use base::{Clock, Moment};
use futures_util::future::{try_join, try_join_all, try_join3};
use jiff::SignedDuration;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    Db, Error, Read, Write,
    evidence::{Placed, RowFault, log_head, places},
    from_row,
    lease::lease,
    log::link,
    sql, values,
};

/// Events that get their places in one unit.
const BATCH: u32 = 1024;
/// How long a dead keeper may hold up the others. Short, because two at once do no harm: the row of the head makes them take turns.
pub(crate) const LEASE: SignedDuration = SignedDuration::from_millis(700);

/// What one round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// There may be more.
    More,
    /// Nothing is waiting.
    Idle,
    /// Another process does it.
    NotMine,
}

struct Waiting {
    event: Uuid,
    at: i64,
    stream: Uuid,
    version: i64,
    system: String,
    hash: Vec<u8>,
}
from_row!(Waiting { event, at, stream, version, system, hash });

/// Gives places to the events that wait. `Ok(None)`: another process is the keeper.
pub(crate) async fn keep_log(db: &Db, clock: &Clock, holder: Uuid) -> Result<Round, Error> {
    let now = clock.now();
    let kept: Option<Vec<Waiting>> = db
        .write_first(async move |tx: &Write<'_>| {
            // One round trip for both on PostgreSQL: with a keeper that waits for answers the queue grows while the others write.
            let (mine, (pos, last)) = try_join(lease(tx, "log", holder, now, LEASE), head(tx)).await?;
            if !mine {
                return Ok::<_, Error>(None);
            }
            let waiting = take(tx).await?;
            place(tx, pos, &last, &waiting).await?;
            Ok(Some(waiting))
        })
        .await?;
    let Some(kept) = kept else { return Ok(Round::NotMine) };
    metrics::counter!("store_log_events_total").increment(kept.len() as u64);
    if let Some(oldest) = kept.iter().map(|w| w.at).min() {
        metrics::histogram!("store_log_lag_seconds").record(clock.now().since(Moment::from_micros(oldest)).as_secs_f64());
    }
    Ok(if kept.len() == BATCH as usize { Round::More } else { Round::Idle })
}

/// The head of the log, locked until the end of the unit.
async fn head(tx: &Write<'_>) -> Result<(i64, Vec<u8>), Error> {
    let lock = sql!("UPDATE store_log_head SET pos = pos WHERE id = 1 RETURNING pos, link");
    if let Some(head) = tx.opt(lock, &[]).await? {
        return Ok(head);
    }
    tx.run(sql!("INSERT INTO store_log_head (id, pos, link) VALUES (1, 0, $1) ON CONFLICT DO NOTHING"), &[&[0u8; 32]]).await?;
    tx.one(lock, &[]).await
}

/// Takes the next events out of the queue, in their order.
async fn take(tx: &Write<'_>) -> Result<Vec<Waiting>, Error> {
    let mut waiting: Vec<Waiting> = tx
        .all(
            sql!(
                "DELETE FROM store_event_new WHERE event IN
                   (SELECT event FROM store_event_new ORDER BY at, stream, version LIMIT $1)
                 RETURNING event, at, stream, version, system, hash"
            ),
            &[&BATCH],
        )
        .await?;
    waiting.sort_by_key(|w| (w.at, w.stream, w.version));
    Ok(waiting)
}

/// Rows per statement: a statement costs PostgreSQL far more than a row.
const WIDE: usize = 32;
static PLACE_WIDE: LazyLock<String> = LazyLock::new(|| {
    let rows = (0..WIDE).map(|i| format!("(${}, ${}, ${}, ${})", 4 * i + 1, 4 * i + 2, 4 * i + 3, 4 * i + 4));
    format!("INSERT INTO store_log (pos, event, system, link) VALUES {}", rows.collect::<Vec<_>>().join(", "))
});

async fn place(tx: &Write<'_>, mut pos: i64, last: &[u8], waiting: &[Waiting]) -> Result<(), Error> {
    if waiting.is_empty() {
        return Ok(());
    }
    let mut links: Vec<(i64, [u8; 32])> = Vec::with_capacity(waiting.len());
    let mut previous = last.to_vec();
    for event in waiting {
        pos += 1;
        let link = link(&previous, pos, &event.hash);
        previous = link.to_vec();
        links.push((pos, link));
    }
    let rows: Vec<_> =
        waiting.iter().zip(&links).map(|(event, (pos, link))| values![pos, &event.event, &event.system, link]).collect();
    let (wide, rest) = rows.split_at(rows.len() / WIDE * WIDE);
    let wide: Vec<_> = wide.chunks(WIDE).map(<[_]>::concat).collect();
    try_join3(
        try_join_all(wide.iter().map(|rows| tx.execute(&PLACE_WIDE, true, rows))),
        tx.run_each(sql!("INSERT INTO store_log (pos, event, system, link) VALUES ($1, $2, $3, $4)"), rest),
        tx.run(sql!("UPDATE store_log_head SET pos = $1, link = $2 WHERE id = 1"), &[&pos, &previous]),
    )
    .await?;
    Ok(())
}

/// The state of the log, for `doctor` and `/health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogState {
    /// The last place given.
    pub pos: i64,
    /// Committed events that wait for a place.
    pub waiting: u64,
    /// Since when the oldest of them waits.
    pub since: Option<Moment>,
}

/// Where the log stands.
pub async fn log_state(tx: &Read<'_>) -> Result<LogState, Error> {
    let pos: Option<i64> = tx.opt(sql!("SELECT pos FROM store_log_head WHERE id = 1"), &[]).await?;
    let (waiting, since) = tx.one(sql!("SELECT count(*), min(at) FROM store_event_new"), &[]).await?;
    Ok(LogState { pos: pos.unwrap_or(0), waiting, since })
}

/// What a walk along the chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChainReport {
    /// Places seen.
    pub events: u64,
    /// Events whose payload was destroyed; their hash still fits.
    pub destroyed: u64,
    /// The first place that does not fit, and why.
    pub broken: Option<(i64, String)>,
}

/// Places read at once on the walk.
const WALKED: u32 = 1000;

/// Walks the whole chain and recomputes every link: any changed, missing or inserted event is found.
pub async fn verify_chain(db: &Db) -> Result<ChainReport, Error> {
    let mut report = ChainReport::default();
    let (mut pos, mut previous) = (0i64, vec![0u8; 32]);
    loop {
        // One look: links and head are of the same moment.
        let (links, head) =
            db.read(async move |tx: &Read<'_>| Ok::<_, Error>((places(tx, pos, WALKED).await?, log_head(tx).await?))).await?;
        for next in &links {
            if let Err(why) = fits(&mut report, &previous, pos, next) {
                report.broken = Some((next.pos, why));
                return Ok(report);
            }
            report.events += 1;
            pos = next.pos;
            previous.clone_from(&next.link);
        }
        if links.is_empty() {
            if head != (pos, previous) {
                report.broken = Some((pos, "the log ends before its head".into()));
            }
            return Ok(report);
        }
    }
}

fn fits(report: &mut ChainReport, previous: &[u8], pos: i64, next: &Placed) -> Result<(), String> {
    if next.pos != pos + 1 {
        return Err(format!("{} follows {pos}", next.pos));
    }
    let found = next.found.as_ref().ok_or("the event is gone")?;
    match found.fault {
        Some(RowFault::Payload) => return Err("the payload was changed".into()),
        Some(RowFault::System) => return Err("the log names another system than the event".into()),
        None => report.destroyed += u64::from(found.blanked),
    }
    if link(previous, next.pos, &found.hash).as_slice() != next.link {
        return Err("the event or its link was changed".into());
    }
    Ok(())
}

/// Blanks payload and salt of one stream's events (a lawful destruction): the hashes stay, the chain holds.
pub async fn destroy_payloads(tx: &Write<'_>, stream: Uuid) -> Result<u64, Error> {
    tx.run(sql!("UPDATE store_event SET payload = NULL, salt = NULL WHERE stream = $1 AND payload IS NOT NULL"), &[&stream]).await
}
