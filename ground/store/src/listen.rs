//! Listeners: what must happen after an event, told in the order of the log.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use base::{Clock, Moment};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    Db, Error, Event, Read, Recorded, Write, from_row,
    keeper::{LEASE, Round},
    lease::lease,
    log::RawEvent,
    sql,
};

/// Hears the events of one system. Its own rows and its place in the log are written in one transaction; effects outside are jobs.
///
/// ```ignore
/// impl Listener for TellCitizen {
///     const NAME: &'static str = "notices.tell-citizen";
///     type On = onestop::Event;
///     async fn hear(&self, tx: &Write<'_>, e: &Recorded<onestop::Event>) -> Result<(), store::Error> {
///         enqueue(tx, &e.by(Self::NAME, self.clock.now()), &Mail { .. }).await.map(drop)
///     }
/// }
/// ```
#[allow(async_fn_in_trait)] // a unit runs where its database is and need not be `Send`
pub trait Listener: Send + Sync + 'static {
    /// Its name for ever: its place in the log is kept under it.
    const NAME: &'static str;
    /// The events it hears.
    type On: Event;
    /// Hears one event. An error is tried again some times, then the event is parked for `doctor` and the next one is heard.
    async fn hear(&self, tx: &Write<'_>, e: &Recorded<Self::On>) -> Result<(), Error>;
}

type Hearing<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// A [`Listener`] of any kind of event, made by [`ear`].
pub trait Ear: Send + Sync + 'static {
    /// Name of the listener.
    fn name(&self) -> &'static str;
    /// System whose events it hears.
    fn system(&self) -> &'static str;
    /// Parses and hears one event.
    fn hear_raw<'a>(&'a self, tx: &'a Write<'_>, event: &'a RawEvent) -> Hearing<'a>;
}

/// Makes a listener fit for the list of a room.
pub fn ear(listener: impl Listener) -> Arc<dyn Ear> {
    Arc::new(Typed(listener))
}

struct Typed<L>(L);

impl<L: Listener> Ear for Typed<L> {
    fn name(&self) -> &'static str {
        L::NAME
    }

    fn system(&self) -> &'static str {
        L::On::SYSTEM
    }

    fn hear_raw<'a>(&'a self, tx: &'a Write<'_>, event: &'a RawEvent) -> Hearing<'a> {
        Box::pin(async move {
            match event.parse::<L::On>()? {
                Some(event) => self.0.hear(tx, &event).await,
                // Lawfully destroyed before it was heard: there is nothing left to tell.
                None => Ok(()),
            }
        })
    }
}

/// Events told in one unit.
const BATCH: u32 = 64;
/// Places looked through in one unit, whosever events lie there.
const WINDOW: i64 = 2000;
/// Tries before an event is parked; the pauses between them add up to about four seconds.
pub(crate) const TRIES: u32 = 5;

/// One listener at work: what it knows between rounds.
pub(crate) struct Hearer {
    pub(crate) ear: Arc<dyn Ear>,
    db: Db,
    clock: Clock,
    holder: Uuid,
    /// Everything up to here is heard or is none of ours; its row may lag behind when nothing of ours came.
    seen: Option<i64>,
    /// After an error so many events are told one by one, so that only the guilty one is parked.
    one_by_one: u32,
}

impl Hearer {
    pub(crate) fn new(ear: Arc<dyn Ear>, db: Db, clock: Clock, holder: Uuid) -> Hearer {
        Hearer { ear, db, clock, holder, seen: None, one_by_one: 0 }
    }

    /// Tells the next events. An error means: pause, then another round.
    pub(crate) async fn round(&mut self) -> Result<Round, Error> {
        let (ear, seen) = (self.ear.clone(), self.seen);
        let (from, until, first) = self.db.read(async move |tx: &Read<'_>| look_ahead(tx, &*ear, seen).await).await?;
        let Some(first) = first else {
            self.seen = Some(until);
            return Ok(if until - from == WINDOW { Round::More } else { Round::Idle });
        };
        self.seen = Some(first - 1);
        let limit = if self.one_by_one > 0 { 1 } else { BATCH };
        let (ear, holder, now) = (self.ear.clone(), self.holder, self.clock.now());
        match self.db.write(async move |tx: &Write<'_>| tell(tx, &*ear, holder, now, first - 1, limit).await).await {
            Ok(Some(pos)) => {
                self.one_by_one = self.one_by_one.saturating_sub(1);
                self.seen = Some(pos);
                Ok(Round::More)
            }
            Ok(None) => {
                self.seen = None;
                Ok(Round::NotMine)
            }
            Err(e) if e.is_passing() || matches!(e, Error::Lost(_)) => Err(e),
            Err(_) if self.one_by_one == 0 => {
                self.one_by_one = BATCH;
                Ok(Round::More)
            }
            Err(e) => self.stumble(first - 1, e).await,
        }
    }

    /// Notes a failed try; after the last one the event is parked and the listener goes on with the next.
    async fn stumble(&mut self, before: i64, error: Error) -> Result<Round, Error> {
        let (ear, now, words) = (self.ear.clone(), self.clock.now(), error.to_string());
        let tries = self.db.write(async move |tx: &Write<'_>| note_failure(tx, &*ear, now, before, &words).await).await?;
        if tries >= TRIES {
            tracing::error!(listener = self.ear.name(), %error, "an event is parked");
            metrics::counter!("store_parked_total", "listener" => self.ear.name()).increment(1);
            self.seen = None;
            return Ok(Round::More);
        }
        Err(error)
    }

    /// How long to wait after the given number of errors in a row.
    pub(crate) fn pause(errors: u32) -> Duration {
        Duration::from_millis(50u64 << (2 * errors.min(4)).saturating_sub(2)).min(Duration::from_secs(4))
    }
}

/// From where, to where, and whether something of ours lies between.
async fn look_ahead(tx: &Read<'_>, ear: &dyn Ear, seen: Option<i64>) -> Result<(i64, i64, Option<i64>), Error> {
    let from = match seen {
        Some(pos) => pos,
        None => tx.opt(sql!("SELECT pos FROM store_listener WHERE name = $1"), &[&ear.name()]).await?.unwrap_or(0),
    };
    let head: Option<i64> = tx.opt(sql!("SELECT pos FROM store_log_head WHERE id = 1"), &[]).await?;
    let until = head.unwrap_or(0).clamp(from, from + WINDOW);
    let first = tx
        .one(sql!("SELECT min(pos) FROM store_log WHERE pos > $1 AND pos <= $2 AND system = $3"), &[&from, &until, &ear.system()])
        .await?;
    Ok((from, until, first))
}

/// Tells some events and moves the place, in one unit. `None`: another process has this listener.
///
/// `before`: up to there nothing of ours is left, though the row of the listener may not say so yet.
async fn tell(tx: &Write<'_>, ear: &dyn Ear, holder: Uuid, now: Moment, before: i64, limit: u32) -> Result<Option<i64>, Error> {
    let name = format!("listener {}", ear.name());
    if !lease(tx, &name, holder, now, LEASE).await? {
        return Ok(None);
    }
    let from: i64 = tx
        .one(
            sql!(
                "INSERT INTO store_listener (name, system, pos) VALUES ($1, $2, 0)
                 ON CONFLICT (name) DO UPDATE SET system = excluded.system RETURNING pos"
            ),
            &[&ear.name(), &ear.system()],
        )
        .await?;
    let from = from.max(before);
    let events = next_events(tx, ear, from, limit).await?;
    for event in &events {
        ear.hear_raw(tx, event).await?;
    }
    let pos = events.last().map_or(from, |e| e.pos);
    tx.run(sql!("UPDATE store_listener SET pos = $1, tries = 0, error = NULL WHERE name = $2"), &[&pos, &ear.name()]).await?;
    Ok(Some(pos))
}

async fn next_events(tx: &Read<'_>, ear: &dyn Ear, from: i64, limit: u32) -> Result<Vec<RawEvent>, Error> {
    tx.all(
        sql!(
            "SELECT l.pos, e.id, e.stream, e.version, e.at, e.who, e.post, e.trace, e.payload
             FROM store_log l JOIN store_event e ON e.id = l.event
             WHERE l.pos > $1 AND l.pos <= $2 AND l.system = $3 ORDER BY l.pos LIMIT $4"
        ),
        &[&from, &(from + WINDOW), &ear.system(), &limit],
    )
    .await
}

async fn note_failure(tx: &Write<'_>, ear: &dyn Ear, now: Moment, before: i64, words: &str) -> Result<u32, Error> {
    let words = words.replace('\0', "");
    let (from, tries): (i64, u32) = tx
        .one(
            sql!(
                "INSERT INTO store_listener (name, system, pos, tries, error) VALUES ($1, $2, 0, 1, $3)
                 ON CONFLICT (name) DO UPDATE SET tries = store_listener.tries + 1, error = excluded.error
                 RETURNING pos, tries"
            ),
            &[&ear.name(), &ear.system(), &words],
        )
        .await?;
    if tries >= TRIES
        && let Some(guilty) = next_events(tx, ear, from.max(before), 1).await?.first()
    {
        tx.run(
            sql!(
                "INSERT INTO store_parked (listener, pos, event, at, error) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT DO NOTHING"
            ),
            &[&ear.name(), &guilty.pos, &guilty.id, &now, &words],
        )
        .await?;
        tx.run(sql!("UPDATE store_listener SET pos = $1, tries = 0, error = NULL WHERE name = $2"), &[&guilty.pos, &ear.name()])
            .await?;
    }
    Ok(tries)
}

/// An event a listener could not digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Parked {
    /// Name of the listener.
    pub listener: String,
    /// Place of the event.
    pub pos: i64,
    /// Its id.
    pub event: Uuid,
    /// When it was parked.
    pub at: Moment,
    /// The last error.
    pub error: String,
}
from_row!(Parked { listener, pos, event, at, error });

/// All parked events, for `doctor`.
pub async fn parked(tx: &Read<'_>) -> Result<Vec<Parked>, Error> {
    tx.all(sql!("SELECT listener, pos, event, at, error FROM store_parked ORDER BY listener, pos"), &[]).await
}

/// Tells a parked event once more, after its cause was mended; on success it is parked no longer.
pub async fn hear_again(db: &Db, ear: Arc<dyn Ear>, pos: i64) -> Result<(), Error> {
    db.write(async move |tx: &Write<'_>| {
        let gone = tx.run(sql!("DELETE FROM store_parked WHERE listener = $1 AND pos = $2"), &[&ear.name(), &pos]).await?;
        if gone == 0 {
            return Err(Error::NoRow);
        }
        let events = next_events(tx, &*ear, pos - 1, 1).await?;
        let event = events.first().filter(|e| e.pos == pos).ok_or(Error::NoRow)?;
        ear.hear_raw(tx, event).await
    })
    .await
}

/// How far a listener has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListenerState {
    /// Name.
    pub name: String,
    /// Place of the last event it heard.
    pub pos: i64,
    /// Events of its system that it has not heard yet.
    pub behind: u64,
    /// Failed tries of the present event.
    pub tries: u32,
    /// The last error.
    pub error: Option<String>,
}
from_row!(ListenerState { name, pos, behind, tries, error });

/// All listeners that ever heard something.
pub async fn listeners(tx: &Read<'_>) -> Result<Vec<ListenerState>, Error> {
    tx.all(
        sql!(
            "SELECT name, pos, (SELECT count(*) FROM store_log l WHERE l.pos > s.pos AND l.system = s.system), tries, error
             FROM store_listener s ORDER BY name"
        ),
        &[],
    )
    .await
}
