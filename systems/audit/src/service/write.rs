//! Writes the bill of what happened since the last one.
//!
//! Looks are given their bill and number first, in small units, so that a look that commits late goes into the next bill. A bill that was
//! begun and not ended is taken up where it was left: what has its number already keeps it.
//!
//! One writer has its turn at a time, by a lease that each chunk of work renews. A writer that stood still until its turn was over changes
//! nothing any more: it numbers no look once the bill is written, and there is room for one bill of each number.
use base::Moment;
use directory::evidence;
use jiff::SignedDuration;
use store::{By, Db, FileId, Files, Loaded, Read, Write, append, enqueue, keep, lease};
use uuid::Uuid;

use crate::{
    AuditEvent, Error, Sum,
    bill::{Bill, EventLeaf, Events, FORMAT, Leaves, ReadLeaf, Reads},
    event::bill_stream,
    jobs::StampBill,
    sql::bills::{self, BillRow},
};

/// Looks that get their numbers in one unit.
const LOOKS: u32 = 500;
/// Places and looks read at once.
pub(crate) const CHUNK: u32 = 1000;
/// How long a writer that died may hold up the next.
const LEASE: SignedDuration = SignedDuration::from_mins(2);
/// What the lease is called.
const TURN: &str = "audit.bill";
/// The owner of the lists of leaves in the file store.
pub(crate) const OWNER: Uuid = Uuid::from_u128(0x6d6f_7463_7561_8000_8000_6175_6469_7400);

/// Who orders a bill, and when.
#[derive(Clone, Debug)]
pub struct Order {
    /// The person; nil for the house itself.
    pub who: Uuid,
    /// For which post.
    pub post: Option<Uuid>,
    /// When: the time the bill bears.
    pub now: Moment,
    /// Ask for a stamp afterwards.
    pub stamp: bool,
}

impl Order {
    /// By the house itself.
    pub fn of_house(now: Moment, stamp: bool) -> Order {
        Order { who: Uuid::nil(), post: None, now, stamp }
    }

    fn by(&self) -> By {
        By::new(self.who, self.post, self.now)
    }
}

/// The time, asked again and again.
pub type Now<'a> = &'a (dyn Fn() -> Moment + Send + Sync);

/// Writes the next bill; answers its number. For who has no clock beside the order: from then on the time goes by itself.
pub async fn write_bill(db: &Db, files: &Files, order: &Order) -> Result<i64, Error> {
    let ordered = std::time::Instant::now();
    let now = || order.now.plus(SignedDuration::from_secs(ordered.elapsed().as_secs().cast_signed()));
    write_bill_by(db, files, order, &now).await
}

/// Writes the next bill; its turn is kept by this clock for as long as the work goes on.
pub async fn write_bill_by(db: &Db, files: &Files, order: &Order, now: Now<'_>) -> Result<i64, Error> {
    let holder = base::Seed::fresh().uuid("biller", 0);
    let written = write(&Turn { db, holder, now }, files, order).await;
    db.write(async move |tx: &Write<'_>| store::release(tx, TURN, holder).await).await?;
    written
}

/// When the log began: the time of its first event.
pub(crate) async fn log_began(tx: &Read<'_>) -> Result<Option<Moment>, store::Error> {
    Ok(store::places(tx, 0, 1).await?.into_iter().next().and_then(|place| place.found).map(|event| event.at))
}

/// The turn of one writer.
struct Turn<'a> {
    db: &'a Db,
    holder: Uuid,
    now: Now<'a>,
}

async fn mine(tx: &Write<'_>, holder: Uuid, now: Moment) -> Result<(), Error> {
    if lease(tx, TURN, holder, now, LEASE).await? { Ok(()) } else { Err(Error::Elsewhere) }
}

async fn write(turn: &Turn<'_>, files: &Files, order: &Order) -> Result<i64, Error> {
    let (db, at) = (turn.db, order.now);
    turn.keep().await?;
    let (last, (to, _)) =
        db.read(async move |tx: &Read<'_>| Ok::<_, store::Error>((bills::last(tx).await?, store::log_head(tx).await?))).await?;
    let number = last.as_ref().map_or(1, |l| l.number + 1);
    turn.give_numbers(number).await?;
    let (reads, read_leaves) = turn.reads(number).await?;
    let from = last.as_ref().map_or(0, |l| l.until);
    let (events, event_leaves) = turn.events(from, to.max(from)).await?;
    let previous = last.map_or(Sum::ZERO, |l| Sum::of(&l.body));
    let bill = Bill { at, bill: number, events, format: FORMAT.into(), previous, reads };
    let body = bill.text()?;
    // bytes first: what the row names must lie safely
    let (events_kept, reads_kept) = (stored(files, &event_leaves).await?, stored(files, &read_leaves).await?);
    let (by, stamp, holder, now) = (order.by(), order.stamp, turn.holder, (turn.now)());
    db.write(async move |tx: &Write<'_>| {
        mine(tx, holder, now).await?;
        let mut ids: [Option<Uuid>; 2] = [None, None];
        for (id, stored) in ids.iter_mut().zip([&events_kept, &reads_kept]) {
            if let Some(stored) = stored {
                let FileId(kept) = keep(tx, &by, stored).await?;
                *id = Some(kept);
            }
        }
        let sha256 = Sum::of(&body);
        let row = BillRow {
            number,
            at,
            until: bill.events.to,
            body: body.clone(),
            sha256: sha256.to_string(),
            events_file: ids[0],
            reads_file: ids[1],
            token: None,
            stamped_at: None,
            stamp_error: None,
        };
        if !bills::insert(tx, &row).await? {
            return Err(Error::Elsewhere);
        }
        let event = AuditEvent::BillWritten { bill: number, sha256, until: bill.events.to };
        append(tx, &by, Loaded::new::<AuditEvent>(bill_stream(number)), &[event]).await?;
        if stamp {
            enqueue(tx, &by, &StampBill { bill: number }).await?;
        }
        Ok(number)
    })
    .await
}

async fn stored(files: &Files, leaves: &Leaves) -> Result<Option<store::Stored>, Error> {
    if leaves.size() == 0 {
        return Ok(None);
    }
    Ok(Some(files.put_bytes(OWNER, leaves.text().as_bytes()).await?))
}

impl Turn<'_> {
    /// Keeps the turn while the next chunk is worked on.
    async fn keep(&self) -> Result<(), Error> {
        let (holder, now) = (self.holder, (self.now)());
        self.db.write(async move |tx: &Write<'_>| mine(tx, holder, now).await).await
    }

    /// Every look that is in no bill yet gets its number in this one.
    async fn give_numbers(&self, bill: i64) -> Result<(), Error> {
        loop {
            let (holder, now) = (self.holder, (self.now)());
            let given = self
                .db
                .write(async move |tx: &Write<'_>| {
                    mine(tx, holder, now).await?;
                    // another writer had its turn meanwhile: a look numbered now would stand in a bill that does not cover it
                    if bills::is_written(tx, bill).await? {
                        return Err(Error::Elsewhere);
                    }
                    let next = evidence::next_leaf(tx, bill).await?;
                    Ok::<_, Error>(evidence::put_into_bill(tx, bill, next, LOOKS).await?)
                })
                .await?;
            // fewer than asked for: whatever comes now belongs to tomorrow
            if given < u64::from(LOOKS) {
                return Ok(());
            }
        }
    }

    async fn reads(&self, bill: i64) -> Result<(Reads, Leaves), Error> {
        let (mut leaves, mut counts, mut after) = (Leaves::default(), std::collections::BTreeMap::new(), -1);
        loop {
            self.keep().await?;
            let looks = self.db.read(async move |tx: &Read<'_>| evidence::of_bill(tx, bill, after, CHUNK).await).await?;
            let Some(last) = looks.last() else { break };
            after = last.leaf.unwrap_or(i64::MAX);
            for look in looks {
                let kept: Option<[u8; 32]> = look.kept.and_then(|k| k.try_into().ok());
                let leaf = ReadLeaf { leaf: look.leaf.unwrap_or_default(), read: look.id, seal: Sum(kept.unwrap_or(look.seal)) };
                leaves.push(&leaf);
                *counts.entry(look.act).or_default() += 1;
            }
        }
        Ok((Reads { counts, leaves: leaves.sum(), root: leaves.root(), total: leaves.size() }, leaves))
    }

    async fn events(&self, from: i64, to: i64) -> Result<(Events, Leaves), Error> {
        let mut leaves = Leaves::default();
        let mut counts: std::collections::BTreeMap<String, std::collections::BTreeMap<String, u64>> = Default::default();
        let (mut after, mut blanked, mut link) = (from, 0, None);
        while after < to {
            self.keep().await?;
            let places = self.db.read(async move |tx: &Read<'_>| store::places(tx, after, CHUNK).await).await?;
            if places.is_empty() {
                break;
            }
            for placed in places {
                after = placed.pos;
                if placed.pos > to {
                    break;
                }
                let hash = placed.found.as_ref().map_or(Sum::ZERO, |f| Sum(f.hash));
                leaves.push(&EventLeaf { place: placed.pos, event: placed.event, hash });
                link = <[u8; 32]>::try_from(placed.link).ok().map(Sum);
                if let Some(found) = placed.found {
                    blanked += u64::from(found.blanked);
                    *counts.entry(found.system).or_default().entry(found.kind).or_default() += 1;
                }
            }
        }
        let link = match link {
            Some(link) => link,
            // nothing new: the link of the place where the bill before ended
            None => self
                .db
                .read(async move |tx: &Read<'_>| store::places(tx, from - 1, 1).await)
                .await?
                .into_iter()
                .find(|p| p.pos == from)
                .and_then(|p| p.link.try_into().ok())
                .map_or(Sum::ZERO, Sum),
        };
        Ok((Events { blanked, counts, from, leaves: leaves.sum(), link, root: leaves.root(), to }, leaves))
    }
}
