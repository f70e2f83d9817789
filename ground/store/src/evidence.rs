//! The log as evidence: what each place holds now, so that somebody can vouch for it outside, and later say which place does not fit.
//!
//! [`verify_chain`](crate::verify_chain) stops at the first link that does not fit; who kept the hashes elsewhere goes on from here and
//! names every place.

use uuid::Uuid;

use crate::{Error, Read, from_row, log::Head, sql};

/// One place of the log as its rows are now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The place.
    pub pos: i64,
    /// The event that the log names there.
    pub event: Uuid,
    /// The link that the log keeps.
    pub link: Vec<u8>,
    /// The event's own row; `None` when it is gone.
    pub found: Option<FoundEvent>,
}

/// An event as its row is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundEvent {
    /// The thing it happened to.
    pub stream: Uuid,
    /// The system that wrote it.
    pub system: String,
    /// What happened.
    pub kind: String,
    /// When it was recorded.
    pub at: base::Moment,
    /// The hash of the row as it is now.
    pub hash: [u8; 32],
    /// Salt and payload were blanked, as a lawful destruction does.
    pub blanked: bool,
    /// What does not fit within the row itself, though its hash may.
    pub fault: Option<RowFault>,
}

/// What does not fit within one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// Salt and payload do not give the sealed hash, or only one of them is left.
    Payload,
    /// The log says another system than the event.
    System,
}

/// Places after this one, in order.
pub async fn places(tx: &Read<'_>, after: i64, limit: u32) -> Result<Vec<Placed>, Error> {
    let rows: Vec<PlaceRow> = tx
        .all(
            sql!(
                "SELECT l.pos, l.event, l.system AS place_system, l.link, e.id, e.stream, e.version, e.system, e.kind, e.kind_version,
                        e.at, e.who, e.post, e.trace, e.salt, e.payload, e.sealed
                 FROM store_log l LEFT JOIN store_event e ON e.id = l.event
                 WHERE l.pos > $1 ORDER BY l.pos LIMIT $2"
            ),
            &[&after, &limit],
        )
        .await?;
    Ok(rows.into_iter().map(PlaceRow::read).collect())
}

struct PlaceRow {
    pos: i64,
    event: Uuid,
    place_system: String,
    link: Vec<u8>,
    id: Option<Uuid>,
    stream: Option<Uuid>,
    version: Option<i64>,
    system: Option<String>,
    kind: Option<String>,
    kind_version: Option<i64>,
    at: Option<i64>,
    who: Option<Uuid>,
    post: Option<Uuid>,
    trace: Option<Uuid>,
    salt: Option<Vec<u8>>,
    payload: Option<String>,
    sealed: Option<Vec<u8>>,
}
from_row!(PlaceRow {
    pos,
    event,
    place_system,
    link,
    id,
    stream,
    version,
    system,
    kind,
    kind_version,
    at,
    who,
    post,
    trace,
    salt,
    payload,
    sealed
});

impl PlaceRow {
    fn read(self) -> Placed {
        let found = self.event();
        Placed { pos: self.pos, event: self.event, link: self.link, found }
    }

    fn event(&self) -> Option<FoundEvent> {
        let (system, kind, sealed) = (self.system.as_deref()?, self.kind.as_deref()?, self.sealed.as_deref()?);
        let head = Head {
            id: self.id?,
            stream: self.stream?,
            version: self.version?,
            system,
            kind,
            kind_version: self.kind_version?,
            at: self.at?,
            who: self.who?,
            post: self.post,
            trace: self.trace?,
        };
        let fits = payload_fits(self.salt.as_deref(), self.payload.as_deref(), sealed);
        let fault = match fits {
            Some(false) => Some(RowFault::Payload),
            _ if system != self.place_system => Some(RowFault::System),
            _ => None,
        };
        Some(FoundEvent {
            stream: head.stream,
            system: system.to_owned(),
            kind: kind.to_owned(),
            at: base::Moment::from_micros(head.at),
            hash: head.hash(sealed),
            blanked: fits.is_none(),
            fault,
        })
    }
}

/// Whether salt and payload give the sealed hash; `None` when both were blanked.
fn payload_fits(salt: Option<&[u8]>, payload: Option<&str>, sealed: &[u8]) -> Option<bool> {
    use sha2::{Digest, Sha256};
    match (salt, payload) {
        (None, None) => None,
        (Some(salt), Some(payload)) => {
            Some(Sha256::new().chain_update(salt).chain_update(payload).finalize().as_slice() == sealed)
        }
        _ => Some(false),
    }
}

/// The link of a place: SHA-256(link before ‖ place ‖ hash of the event).
pub fn chain_link(before: &[u8], pos: i64, hash: &[u8]) -> [u8; 32] {
    crate::log::link(before, pos, hash)
}

/// The end of the log: its place and its link; nothing before the first event.
pub async fn log_head(tx: &Read<'_>) -> Result<(i64, Vec<u8>), Error> {
    let head = tx.opt(sql!("SELECT pos, link FROM store_log_head WHERE id = 1"), &[]).await?;
    Ok(head.unwrap_or((0, vec![0; 32])))
}

/// Events that neither have a place in the log nor wait for one: somebody put them there, or took their place away.
pub async fn events_without_place(tx: &Read<'_>, limit: u32) -> Result<Vec<Uuid>, Error> {
    tx.all(
        sql!(
            "SELECT e.id FROM store_event e
             WHERE NOT EXISTS (SELECT 1 FROM store_log l WHERE l.event = e.id)
               AND NOT EXISTS (SELECT 1 FROM store_event_new n WHERE n.event = e.id)
             ORDER BY e.id LIMIT $1"
        ),
        &[&limit],
    )
    .await
}

/// An event with everything its hash covers, for somebody who computes it again without us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Its place; 0 while it waits for one.
    pub pos: i64,
    /// Its id.
    pub id: Uuid,
    /// Number in its stream.
    pub version: i64,
    /// What happened.
    pub kind: String,
    /// When it was recorded.
    pub at: base::Moment,
    /// By whom.
    pub who: Uuid,
    /// For which post.
    pub post: Option<Uuid>,
    /// What it says; `None` when it was lawfully blanked.
    pub payload: Option<String>,
    /// Salt ‖ payload, whose SHA-256 ends `preimage`; empty when blanked.
    pub salted: Vec<u8>,
    /// The bytes whose SHA-256 is the hash of the event.
    pub preimage: Vec<u8>,
}

struct ProvenRow {
    pos: i64,
    id: Uuid,
    stream: Uuid,
    version: i64,
    system: String,
    kind: String,
    kind_version: i64,
    at: base::Moment,
    who: Uuid,
    post: Option<Uuid>,
    trace: Uuid,
    salt: Option<Vec<u8>>,
    payload: Option<String>,
    sealed: Vec<u8>,
}
from_row!(ProvenRow { pos, id, stream, version, system, kind, kind_version, at, who, post, trace, salt, payload, sealed });

/// The events of one stream as evidence, in their order; whoever calls it has asked for the right.
pub async fn proven_events(tx: &Read<'_>, stream: Uuid) -> Result<Vec<Proven>, Error> {
    let rows: Vec<ProvenRow> = tx
        .all(
            sql!(
                "SELECT coalesce(l.pos, 0) AS pos, e.id, e.stream, e.version, e.system, e.kind, e.kind_version, e.at, e.who, e.post, e.trace,
                        e.salt, e.payload, e.sealed
                 FROM store_event e LEFT JOIN store_log l ON l.event = e.id
                 WHERE e.stream = $1 ORDER BY e.version"
            ),
            &[&stream],
        )
        .await?;
    let read = |r: ProvenRow| {
        let head = Head {
            id: r.id,
            stream: r.stream,
            version: r.version,
            system: &r.system,
            kind: &r.kind,
            kind_version: r.kind_version,
            at: r.at.micros(),
            who: r.who,
            post: r.post,
            trace: r.trace,
        };
        let preimage = head.preimage(&r.sealed);
        let salted = r.salt.map(|salt| [salt.as_slice(), r.payload.as_deref().unwrap_or_default().as_bytes()].concat());
        Proven {
            pos: r.pos,
            id: r.id,
            version: r.version,
            at: r.at,
            who: r.who,
            post: r.post,
            salted: salted.unwrap_or_default(),
            preimage,
            kind: r.kind,
            payload: r.payload,
        }
    };
    Ok(rows.into_iter().map(read).collect())
}
