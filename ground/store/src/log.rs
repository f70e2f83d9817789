//! The event log: `append` inside the unit, places and chain links by the log-keeper after the commit.

use base::{Moment, Seed};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Error, Read, Write, db::WAKE_EVENTS, from_row, sql, values};

/// Who acts, when, under which trace, with which chance: made outside the unit, because the unit may run again.
///
/// One for each unit: two units with the same `By` make the same ids.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Person (or system account) who acts.
    pub who: Uuid,
    /// The post they act for.
    pub post: Option<Uuid>,
    /// When.
    pub now: Moment,
    /// The request this belongs to.
    pub trace: Uuid,
    /// Where ids and salts of the unit come from.
    pub seed: Seed,
}

impl By {
    /// A new act of this person: own seed, own trace.
    pub fn new(who: Uuid, post: Option<Uuid>, now: Moment) -> By {
        let seed = Seed::fresh();
        By { who, post, now, trace: seed.uuid("trace", 0), seed }
    }

    /// Acts of the program itself.
    pub fn system(now: Moment) -> By {
        By::new(Uuid::nil(), None, now)
    }

    /// An id that a second run of the unit makes again. `n` tells apart ids of the same label.
    pub fn id(&self, label: &str, n: u64) -> Uuid {
        self.seed.uuid_at(self.now, label, n)
    }
}

/// What can happen to the things of one system: an enum, serialised with serde.
pub trait Event: Serialize + DeserializeOwned {
    /// The system that emits it, as in the name of its crate.
    const SYSTEM: &'static str;
    /// The version of the JSON; each (kind, version) has a frozen sample that must parse for ever.
    const VERSION: i64 = 1;
    /// Every kind there is; [`kinds!`](crate::kinds) writes it and `kind` from one list.
    const KINDS: &'static [&'static str];
    /// The kind, a word that never changes its meaning.
    fn kind(&self) -> &'static str;
}

/// Names the kinds of an enum of events, inside its `impl Event`: a variant that is left out does not compile, and a kind without a frozen
/// sample fails the system's own test (`testkit::frozen`).
///
/// ```ignore
/// impl store::Event for Event {
///     const SYSTEM: &'static str = "onestop";
///     store::kinds! { Submitted => "submitted", Accepted => "accepted" }
/// }
/// ```
#[macro_export]
macro_rules! kinds {
    ($($variant:ident => $kind:literal),+ $(,)?) => {
        const KINDS: &'static [&'static str] = &[$($kind),+];
        fn kind(&self) -> &'static str {
            match self {
                $(Self::$variant { .. } => $kind,)+
            }
        }
    };
}

/// A stream as it was loaded: `append` compares the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loaded {
    /// The system it belongs to.
    pub system: &'static str,
    /// The id of the thing.
    pub id: Uuid,
    /// Number of its events; 0: it is new.
    pub version: i64,
}

impl Loaded {
    /// A stream that begins now.
    pub fn new<E: Event>(id: Uuid) -> Loaded {
        Loaded { system: E::SYSTEM, id, version: 0 }
    }

    /// A stream with this many events.
    pub fn at<E: Event>(id: Uuid, version: i64) -> Loaded {
        Loaded { system: E::SYSTEM, id, version }
    }
}

/// Number of events of a stream.
pub type Version = i64;

/// An event read back.
#[derive(Clone, Debug)]
pub struct Recorded<E> {
    /// Its place in the log; 0 when read before the log-keeper has come by.
    pub pos: i64,
    /// Its id.
    pub id: Uuid,
    /// The thing it happened to.
    pub stream: Uuid,
    /// Its number in the stream, from 1.
    pub version: i64,
    /// When it was recorded.
    pub at: Moment,
    /// By whom.
    pub who: Uuid,
    /// For which post.
    pub post: Option<Uuid>,
    /// In which request.
    pub trace: Uuid,
    /// What happened.
    pub event: E,
}

impl<E> Recorded<E> {
    /// The `By` of what follows from this event in `listener`: same person and trace, a seed of its own that a second hearing makes again.
    pub fn by(&self, listener: &str, now: Moment) -> By {
        let mut hash = Sha256::new();
        hash.update(self.id);
        hash.update(listener.as_bytes());
        By { who: self.who, post: self.post, now, trace: self.trace, seed: Seed(hash.finalize().into()) }
    }
}

/// Appends events to a stream, or begins it when the version is 0. When somebody was first the unit runs again
/// ([`Write::stale`]). The events get their place in the log straight after the commit.
pub async fn append<E: Event>(tx: &Write<'_>, by: &By, stream: Loaded, events: &[E]) -> Result<Version, Error> {
    if events.is_empty() {
        return Ok(stream.version);
    }
    let version = stream.version + i64::try_from(events.len()).map_err(|e| Error::Value(e.to_string()))?;
    let at = claim(tx, by, stream, version).await?;
    let mut rows = Vec::with_capacity(events.len());
    for (event, version) in events.iter().zip(stream.version + 1..) {
        rows.push(Row::seal(by, stream, version, event)?);
    }
    let full: Vec<_> = rows.iter().map(|r| r.event_values(by)).collect();
    let new: Vec<_> = rows.iter().map(|r| values![&r.id, &at, &r.stream.id, &r.version, &r.stream.system, &r.hash]).collect();
    let event = sql!(
        "INSERT INTO store_event (id, stream, version, system, kind, kind_version, at, who, post, trace, salt, payload, sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    let waiting = sql!("INSERT INTO store_event_new (event, at, stream, version, system, hash) VALUES ($1, $2, $3, $4, $5, $6)");
    futures_util::future::try_join(tx.run_each(event, &full), tx.run_each(waiting, &new)).await?;
    tx.ring(WAKE_EVENTS);
    Ok(version)
}

/// Moves the stream from the loaded version to the next; answers the time by which its new events are ordered.
async fn claim(tx: &Write<'_>, by: &By, stream: Loaded, version: i64) -> Result<i64, Error> {
    let at: Option<i64> = if stream.version == 0 {
        tx.opt(
            sql!(
                "INSERT INTO store_stream (id, system, version, at) VALUES ($1, $2, $3, $4)
                 ON CONFLICT DO NOTHING RETURNING at"
            ),
            &[&stream.id, &stream.system, &version, &by.now],
        )
        .await?
    } else {
        tx.opt(
            sql!(
                "UPDATE store_stream SET version = $1, at = CASE WHEN at < $2 THEN $2 ELSE at END
                 WHERE id = $3 AND version = $4 AND system = $5 RETURNING at"
            ),
            &[&version, &by.now, &stream.id, &stream.version, &stream.system],
        )
        .await?
    };
    at.ok_or_else(|| tx.stale())
}

/// The parts of an event that the hash covers.
pub(crate) struct Row {
    pub(crate) id: Uuid,
    pub(crate) stream: Loaded,
    pub(crate) version: i64,
    kind: &'static str,
    kind_version: i64,
    salt: [u8; 16],
    payload: String,
    sealed: [u8; 32],
    pub(crate) hash: [u8; 32],
}

impl Row {
    fn seal<E: Event>(by: &By, stream: Loaded, version: i64, event: &E) -> Result<Row, Error> {
        // Two streams of one unit must not share ids: the stream is part of the label.
        let part = by.seed.part("event", 0).part(&stream.id.to_string(), version.cast_unsigned());
        let id = part.uuid_at(by.now, "id", 0);
        let mut salt = [0; 16];
        salt.copy_from_slice(&part.bytes("salt", 0)[..16]);
        let payload = serde_json::to_string(event)?;
        let sealed: [u8; 32] = Sha256::new().chain_update(salt).chain_update(&payload).finalize().into();
        let head = Head {
            id,
            stream: stream.id,
            version,
            system: stream.system,
            kind: event.kind(),
            kind_version: E::VERSION,
            at: by.now.micros(),
            who: by.who,
            post: by.post,
            trace: by.trace,
        };
        let hash = head.hash(&sealed);
        Ok(Row { id, stream, version, kind: event.kind(), kind_version: E::VERSION, salt, payload, sealed, hash })
    }

    fn event_values<'r>(&'r self, by: &'r By) -> Vec<crate::Bound<'r>> {
        values![
            &self.id,
            &self.stream.id,
            &self.version,
            &self.stream.system,
            &self.kind,
            &self.kind_version,
            &by.now,
            &by.who,
            &by.post,
            &by.trace,
            &self.salt,
            &self.payload,
            &self.sealed
        ]
    }
}

/// What the event hash covers beside the sealed payload.
pub(crate) struct Head<'a> {
    pub(crate) id: Uuid,
    pub(crate) stream: Uuid,
    pub(crate) version: i64,
    pub(crate) system: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) kind_version: i64,
    pub(crate) at: i64,
    pub(crate) who: Uuid,
    pub(crate) post: Option<Uuid>,
    pub(crate) trace: Uuid,
}

impl Head<'_> {
    /// SHA-256 over [`Head::preimage`].
    pub(crate) fn hash(&self, sealed: &[u8]) -> [u8; 32] {
        Sha256::digest(self.preimage(sealed)).into()
    }

    /// All parts, each text preceded by its length so that no two events share one reading.
    pub(crate) fn preimage(&self, sealed: &[u8]) -> Vec<u8> {
        let mut all = Vec::with_capacity(256);
        all.extend(self.id.as_bytes());
        all.extend(self.stream.as_bytes());
        all.extend(self.version.to_be_bytes());
        for text in [self.system, self.kind] {
            all.extend((text.len() as u64).to_be_bytes());
            all.extend(text.as_bytes());
        }
        all.extend(self.kind_version.to_be_bytes());
        all.extend(self.at.to_be_bytes());
        all.extend(self.who.as_bytes());
        all.push(u8::from(self.post.is_some()));
        all.extend(self.post.unwrap_or_default().as_bytes());
        all.extend(self.trace.as_bytes());
        all.extend(sealed);
        all
    }
}

/// The link of one place of the log: SHA-256(previous ‖ pos ‖ event hash).
pub(crate) fn link(previous: &[u8], pos: i64, hash: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update(previous).chain_update(pos.to_be_bytes()).chain_update(hash).finalize().into()
}

/// An event as it lies in its row.
#[derive(Clone, Debug)]
pub struct RawEvent {
    pub(crate) pos: i64,
    pub(crate) id: Uuid,
    pub(crate) stream: Uuid,
    pub(crate) version: i64,
    pub(crate) at: Moment,
    pub(crate) who: Uuid,
    pub(crate) post: Option<Uuid>,
    pub(crate) trace: Uuid,
    pub(crate) payload: Option<String>,
}
from_row!(RawEvent { pos, id, stream, version, at, who, post, trace, payload });

impl RawEvent {
    /// Reads the payload; `None` when it was lawfully destroyed.
    pub(crate) fn parse<E: Event>(&self) -> Result<Option<Recorded<E>>, Error> {
        let Some(payload) = &self.payload else { return Ok(None) };
        let event = serde_json::from_str(payload).map_err(|e| Error::Json(format!("event {} of {}: {e}", self.id, E::SYSTEM)))?;
        let RawEvent { pos, id, stream, version, at, who, post, trace, .. } = *self;
        Ok(Some(Recorded { pos, id, stream, version, at, who, post, trace, event }))
    }
}

/// The events of one stream in their order; lawfully destroyed ones are left out.
pub async fn events<E: Event>(tx: &Read<'_>, stream: Uuid) -> Result<Vec<Recorded<E>>, Error> {
    let raw: Vec<RawEvent> = tx
        .all(
            sql!(
                "SELECT coalesce(l.pos, 0), e.id, e.stream, e.version, e.at, e.who, e.post, e.trace, e.payload
                 FROM store_event e LEFT JOIN store_log l ON l.event = e.id
                 WHERE e.stream = $1 AND e.system = $2 ORDER BY e.version"
            ),
            &[&stream, &E::SYSTEM],
        )
        .await?;
    raw.iter().filter_map(|r| r.parse().transpose()).collect()
}
