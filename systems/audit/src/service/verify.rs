//! Walks everything that a bill vouches for, and names each thing that does not fit.
//!
//! Three witnesses are compared: the rows as they are, the lists of leaves in the file store, and the bills, which are chained, named in the
//! log and stamped outside. Whichever of them was changed, the other two say what stood there and where.
use std::collections::VecDeque;

use directory::evidence::{self, SealedLook};
use pki::{Roots, tsp};
use store::{Db, FileId, Files, Read, evidence::Placed};
use uuid::Uuid;

use super::write::CHUNK;
use crate::{
    AuditEvent, Sum,
    bill::{Bill, EventLeaf, Leaves, ReadLeaf},
    event::bill_stream,
    finding::{Fault, Finding, Verdict},
    sql::bills::{self, BillRow},
    stamp_fault::StampFault,
};

/// Places of one gap that are told one by one.
const TOLD_OF_A_GAP: i64 = 1000;
/// Lines of one list that are told one by one.
const TOLD_OF_A_LIST: usize = 100;

/// Walks bills, leaves, log, looks and stamps; without roots stamps are counted but not judged.
pub async fn verify(db: &Db, files: &Files, roots: Option<&Roots>) -> Result<Verdict, store::Error> {
    let mut walk = Walk { db, files, roots, verdict: Verdict::default(), link: vec![0; 32], place: i64::MIN };
    let numbers = db.read(async |tx: &Read<'_>| bills::numbers(tx).await).await?;
    let mut previous = None;
    let mut number = 1;
    loop {
        let (row, known) = walk.row_and_log(number).await?;
        if row.is_none() && known.written.is_none() && numbers.last().is_none_or(|last| number > *last) {
            break;
        }
        let trusted = walk.bill(number, row.as_ref(), &known, previous).await?;
        if let Some(bill) = &trusted {
            walk.gap(bill.events.from).await?;
            walk.events(bill, row.as_ref().and_then(|r| r.events_file)).await?;
            walk.reads(bill, row.as_ref().and_then(|r| r.reads_file)).await?;
        }
        previous = known.written.or(row.map(|r| Sum::of(&r.body)));
        number += 1;
    }
    for odd in numbers.iter().filter(|n| **n < 1) {
        walk.verdict.find(Finding::new(Fault::BillUnknown).bill(*odd));
    }
    walk.open_events().await?;
    walk.open_reads(number - 1).await?;
    walk.strays().await?;
    Ok(walk.verdict)
}

struct Walk<'a> {
    db: &'a Db,
    files: &'a Files,
    roots: Option<&'a Roots>,
    verdict: Verdict,
    /// Link of the last place walked, as it must be.
    link: Vec<u8>,
    /// The last place walked.
    place: i64,
}

/// What the log says of a bill.
#[derive(Default)]
struct Known {
    written: Option<Sum>,
    token: Option<Sum>,
    stamped_at: Option<base::Moment>,
}

impl Walk<'_> {
    fn find(&mut self, finding: Finding) {
        self.verdict.find(finding);
    }

    /// A bill's row, and what the log says of it, as of one moment.
    async fn row_and_log(&self, number: i64) -> Result<(Option<BillRow>, Known), store::Error> {
        let stream = bill_stream(number);
        let (row, events) = self
            .db
            .read(async move |tx: &Read<'_>| {
                Ok::<_, store::Error>((bills::bill(tx, number).await?, store::proven_events(tx, stream).await?))
            })
            .await?;
        let mut known = Known::default();
        // what cannot be read any more was changed: its place will say so
        for event in events.iter().filter_map(|e| serde_json::from_str(e.payload.as_deref()?).ok()) {
            match event {
                AuditEvent::BillWritten { bill, sha256, .. } if bill == number => known.written = Some(sha256),
                AuditEvent::BillStamped { bill, token, stamped_at } if bill == number => {
                    (known.token, known.stamped_at) = (Some(token), Some(stamped_at));
                }
                _ => {}
            }
        }
        Ok((row, known))
    }

    /// Judges a bill's row; the bill itself when its text can be believed.
    async fn bill(
        &mut self,
        number: i64,
        row: Option<&BillRow>,
        known: &Known,
        previous: Option<Sum>,
    ) -> Result<Option<Bill>, store::Error> {
        let Some(row) = row else {
            self.find(Finding::new(Fault::BillMissing).bill(number));
            return Ok(None);
        };
        self.verdict.bills += 1;
        let sum = Sum::of(&row.body);
        let Some(written) = known.written else {
            self.find(Finding::new(Fault::BillUnknown).bill(number));
            return Ok(None);
        };
        let bill = Bill::read(&row.body).filter(|_| written == sum);
        let fits = bill
            .as_ref()
            .is_some_and(|b| b.bill == number && b.at == row.at && b.events.to == row.until && row.sha256 == sum.to_string());
        if !fits {
            self.find(Finding::new(Fault::BillChanged).bill(number));
        }
        self.stamp(number, row, known, &sum);
        let Some(bill) = bill else { return Ok(None) };
        if bill.previous != previous.unwrap_or(Sum::ZERO) {
            self.find(Finding::new(Fault::ChainBroken).bill(number));
        }
        Ok(Some(bill))
    }

    fn stamp(&mut self, number: i64, row: &BillRow, known: &Known, sum: &Sum) {
        let fault = match (&row.token, known.token) {
            (None, None) => {
                self.verdict.unstamped += 1;
                // a time without a stamp is nobody's
                row.stamped_at.map(|_| Finding::new(Fault::StampChanged))
            }
            (None, Some(_)) => Some(Finding::new(Fault::StampMissing)),
            (Some(token), known_sum) if known_sum != Some(Sum::of(token)) || row.stamped_at != known.stamped_at => {
                Some(Finding::new(Fault::StampChanged))
            }
            (Some(token), _) => match self.roots.map(|roots| tsp::verify(token, &sum.0, roots)) {
                None => {
                    self.verdict.unjudged += 1;
                    None
                }
                Some(Ok(_)) => {
                    self.verdict.stamped += 1;
                    None
                }
                Some(Err(why)) => Some(Finding::new(Fault::StampWrong).why(StampFault::of(&why).kept(&why))),
            },
        };
        if let Some(finding) = fault {
            self.find(finding.bill(number));
        }
    }

    /// The list of leaves as it was when the bill was written; else what there is of it now, when anything is.
    async fn list(&self, file: Option<Uuid>, sum: Sum) -> Result<Result<String, Option<String>>, store::Error> {
        if sum == Sum::of("") {
            return Ok(Ok(String::new()));
        }
        let Some(id) = file else { return Ok(Err(None)) };
        let found = self.db.read(async move |tx: &Read<'_>| store::file(tx, FileId(id)).await).await?;
        let Some(row) = found else { return Ok(Err(None)) };
        let Some(bytes) = self.files.find(&row).await? else { return Ok(Err(None)) };
        let fits = Sum::of(&bytes) == sum;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Ok(if fits { Ok(text) } else { Err(Some(text)) })
    }

    /// Places up to here belong to no bill that can be believed: only their links are walked.
    async fn gap(&mut self, until: i64) -> Result<(), store::Error> {
        if self.place.max(0) < until {
            let mut rows = Places::between(self.db, self.place, until);
            while let Some(placed) = rows.next().await? {
                self.linked(&placed);
            }
        }
        Ok(())
    }

    /// Judges a place by its row and the link before alone.
    fn linked(&mut self, placed: &Placed) {
        self.verdict.events += 1;
        let expected = self.place.max(0) + 1;
        if placed.pos < 1 {
            self.find(Finding::new(Fault::PlaceInserted).place(placed.pos).event(placed.event));
            return;
        }
        for missing in expected..placed.pos.min(expected.saturating_add(TOLD_OF_A_GAP)) {
            self.find(Finding::new(Fault::PlaceMissing).place(missing));
        }
        self.verdict.more |= placed.pos.saturating_sub(expected) > TOLD_OF_A_GAP;
        self.row(placed, None);
        if let Some(found) = &placed.found
            && store::chain_link(&self.link, placed.pos, &found.hash).as_slice() != placed.link
        {
            self.find(Finding::new(Fault::LinkChanged).place(placed.pos).event(placed.event));
        }
        self.place = placed.pos;
        self.link.clone_from(&placed.link);
    }

    /// Judges what the row of an event says about itself, and against what it was.
    fn row(&mut self, placed: &Placed, was: Option<&EventLeaf>) {
        let at = |fault| Finding::new(fault).place(placed.pos).event(placed.event);
        if was.is_some_and(|leaf| leaf.event != placed.event) {
            return self.find(at(Fault::OtherEvent));
        }
        let Some(found) = &placed.found else { return self.find(at(Fault::EventMissing)) };
        if was.is_some_and(|leaf| leaf.hash.0 != found.hash) {
            self.find(at(Fault::EventChanged));
        }
        match found.fault {
            Some(store::evidence::RowFault::Payload) => self.find(at(Fault::PayloadChanged)),
            Some(store::evidence::RowFault::System) => self.find(at(Fault::SystemChanged)),
            None => {}
        }
        self.verdict.blanked += u64::from(found.blanked);
    }

    async fn events(&mut self, bill: &Bill, file: Option<Uuid>) -> Result<(), store::Error> {
        let (number, until) = (bill.bill, bill.events.to);
        match self.list(file, bill.events.leaves).await? {
            Ok(text) => {
                let mut leaves: VecDeque<EventLeaf> = text.lines().filter_map(|l| l.parse().ok()).collect();
                let mut rows = Places::between(self.db, self.place, until);
                while let Some(placed) = rows.next().await? {
                    while let Some(gone) = leaves.pop_front_if(|l| l.place < placed.pos) {
                        self.missing(number, &gone);
                    }
                    let Some(leaf) = leaves.pop_front_if(|l| l.place == placed.pos) else {
                        self.find(Finding::new(Fault::PlaceInserted).bill(number).place(placed.pos).event(placed.event));
                        continue;
                    };
                    self.verdict.events += 1;
                    self.row(&placed, Some(&leaf));
                    // from what was, not from what is: one changed row does not make all that follow look changed
                    let link = store::chain_link(&self.link, leaf.place, &leaf.hash.0);
                    if link.as_slice() != placed.link {
                        self.find(Finding::new(Fault::LinkChanged).bill(number).place(placed.pos).event(placed.event));
                    }
                    (self.link, self.place) = (link.to_vec(), leaf.place);
                }
                for gone in leaves {
                    self.missing(number, &gone);
                }
                self.place = self.place.max(until);
            }
            Err(there) => self.events_without_list(bill, there).await?,
        }
        Ok(())
    }

    fn missing(&mut self, number: i64, leaf: &EventLeaf) {
        self.find(Finding::new(Fault::PlaceMissing).bill(number).place(leaf.place).event(leaf.event));
        self.link = store::chain_link(&self.link, leaf.place, &leaf.hash.0).to_vec();
        self.place = leaf.place;
    }

    /// The list is gone or changed: the rows are judged by their links and by the sum in the bill, and show what was changed in the list.
    async fn events_without_list(&mut self, bill: &Bill, there: Option<String>) -> Result<(), store::Error> {
        let mut own = Leaves::default();
        let mut rows = Places::between(self.db, self.place, bill.events.to);
        while let Some(placed) = rows.next().await? {
            let hash = placed.found.as_ref().map_or(Sum::ZERO, |f| Sum(f.hash));
            own.push(&EventLeaf { place: placed.pos, event: placed.event, hash });
            self.linked(&placed);
        }
        self.list_changed(bill.bill, own.sum() == bill.events.leaves, own.text(), there);
        Ok(())
    }

    /// Says which lines of a list are not as they were, when the rows still show it.
    fn list_changed(&mut self, number: i64, rows_fit: bool, own: &str, there: Option<String>) {
        let Some(there) = there else { return self.find(Finding::new(Fault::LeavesMissing).bill(number)) };
        let (own, there): (Vec<&str>, Vec<&str>) = (own.split('\n').collect(), there.split('\n').collect());
        let mut differing = (0..own.len().max(there.len())).filter(|i| rows_fit && own.get(*i) != there.get(*i));
        let told: Vec<usize> = differing.by_ref().take(TOLD_OF_A_LIST).collect();
        self.verdict.more |= differing.next().is_some();
        if told.is_empty() {
            self.find(Finding::new(Fault::LeavesChanged).bill(number));
        }
        for line in told {
            self.find(Finding::new(Fault::LeavesChanged).bill(number).leaf(line as i64));
        }
    }

    async fn reads(&mut self, bill: &Bill, file: Option<Uuid>) -> Result<(), store::Error> {
        let number = bill.bill;
        let list = self.list(file, bill.reads.leaves).await?;
        let mut leaves: VecDeque<ReadLeaf> = list.as_deref().unwrap_or_default().lines().filter_map(|l| l.parse().ok()).collect();
        let (mut own, mut after) = (Leaves::default(), i64::MIN);
        loop {
            let looks = self.db.read(async move |tx: &Read<'_>| evidence::of_bill(tx, number, after, CHUNK).await).await?;
            let Some(last) = looks.last() else { break };
            after = last.leaf.unwrap_or(i64::MAX);
            for look in looks {
                self.verdict.reads += 1;
                let at = look.leaf.unwrap_or_default();
                let kept: Option<[u8; 32]> = look.kept.as_deref().and_then(|k| k.try_into().ok());
                let seal = Sum(kept.unwrap_or_default());
                own.push(&ReadLeaf { leaf: at, read: look.id, seal });
                let here = |fault| Finding::new(fault).bill(number).leaf(at).read(look.id);
                if seal.0 != look.seal {
                    self.find(here(Fault::ReadChanged));
                }
                if list.is_err() {
                    continue;
                }
                while let Some(gone) = leaves.pop_front_if(|l| l.leaf < at) {
                    self.find(Finding::new(Fault::ReadMissing).bill(number).leaf(gone.leaf).read(gone.read));
                }
                match leaves.pop_front_if(|l| l.leaf == at) {
                    None => self.find(here(Fault::ReadInserted)),
                    Some(was) if was.read != look.id => self.find(here(Fault::OtherRead)),
                    // changed together with its seal
                    Some(was) if was.seal != seal && seal.0 == look.seal => self.find(here(Fault::ReadChanged)),
                    Some(_) => {}
                }
            }
        }
        for gone in leaves {
            self.find(Finding::new(Fault::ReadMissing).bill(number).leaf(gone.leaf).read(gone.read));
        }
        if let Err(there) = list {
            self.list_changed(number, own.sum() == bill.reads.leaves, own.text(), there);
        }
        Ok(())
    }

    /// What the last bill does not cover yet, and where the log ends.
    async fn open_events(&mut self) -> Result<(), store::Error> {
        loop {
            let after = self.place;
            // one look: places and head are of the same moment
            let (places, (pos, link)) = self
                .db
                .read(async move |tx: &Read<'_>| {
                    Ok::<_, store::Error>((store::places(tx, after, CHUNK).await?, store::log_head(tx).await?))
                })
                .await?;
            for placed in &places {
                self.verdict.events_open += 1;
                self.linked(placed);
                // also past what stands before the first place
                self.place = self.place.max(placed.pos);
            }
            if places.is_empty() {
                if (pos, &link) != (self.place.max(0), &self.link) {
                    self.find(Finding::new(Fault::HeadChanged).place(pos));
                }
                return Ok(());
            }
        }
    }

    /// Looks that are in no bill yet, and those whose marks fit no bill.
    async fn open_reads(&mut self, last: i64) -> Result<(), store::Error> {
        let mut after = Uuid::nil();
        loop {
            let looks = self.db.read(async move |tx: &Read<'_>| evidence::beyond_bill(tx, last, after, CHUNK).await).await?;
            let Some(end) = looks.last() else { return Ok(()) };
            after = end.id;
            for look in looks {
                self.verdict.reads += 1;
                self.verdict.reads_open += 1;
                self.open_read(&look, last);
            }
        }
    }

    fn open_read(&mut self, look: &SealedLook, last: i64) {
        let here = |fault| Finding::new(fault).read(look.id);
        let marks_fit = match (look.bill, look.leaf) {
            (None, None) => true,
            // a bill that is being written
            (Some(bill), Some(leaf)) => bill == last + 1 && leaf >= 0,
            _ => false,
        };
        if !marks_fit {
            let finding = here(Fault::ReadMarks);
            self.find(look.bill.map_or(finding.clone(), |b| finding.bill(b)));
        }
        // looks from before there were seals get theirs with the first bill
        let without = look.kept.is_none() && last == 0;
        if !without && look.kept.as_deref() != Some(&look.seal[..]) {
            self.find(here(Fault::ReadChanged));
        }
    }

    async fn strays(&mut self) -> Result<(), store::Error> {
        let strays = self.db.read(async |tx: &Read<'_>| store::events_without_place(tx, CHUNK).await).await?;
        for event in strays {
            self.find(Finding::new(Fault::StrayEvent).event(event));
        }
        Ok(())
    }
}

/// Places of the log, read a chunk at a time.
struct Places<'a> {
    db: &'a Db,
    after: i64,
    until: i64,
    read: VecDeque<Placed>,
}

impl<'a> Places<'a> {
    fn between(db: &'a Db, after: i64, until: i64) -> Places<'a> {
        Places { db, after, until, read: VecDeque::new() }
    }

    async fn next(&mut self) -> Result<Option<Placed>, store::Error> {
        if self.read.is_empty() && self.after < self.until {
            let after = self.after;
            self.read = self.db.read(async move |tx: &Read<'_>| store::places(tx, after, CHUNK).await).await?.into();
        }
        let next = self.read.pop_front_if(|p| p.pos <= self.until);
        self.after = next.as_ref().map_or(self.until, |p| p.pos);
        Ok(next)
    }
}
