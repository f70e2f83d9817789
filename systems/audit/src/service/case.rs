//! A dossier before an auditor: its log, who looked, as it was on a date, and the complete file with its proofs.
use std::{
    collections::BTreeSet,
    io::{Cursor, Write as _},
};

use directory::{About, Cx, For, allow};
use store::{Db, Files as Store, Read, Write, evidence::Proven};
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::export::{self, Part};
use crate::{
    Error, Sum,
    acts::ReadCase,
    bill::{Bill, EventLeaf},
    files::{Content, Files},
    merkle,
    sql::bills::{self, BillRow},
};

/// Opens a dossier for an auditor; the reading is recorded with its reason before anything is shown.
pub async fn open(tx: &Write<'_>, cx: &Cx, files: &dyn Files, id: Uuid, reason: &str) -> Result<For<ReadCase>, Error> {
    let case = files.by_id(tx, id).await?.ok_or(Error::Missing("dossier"))?;
    let case = allow::<ReadCase>(&cx.who, case)?;
    directory::read_recorded(tx, cx, &case, About { kind: "dossier", id }, reason).await?;
    Ok(case)
}

/// Finds a dossier by its code, for who may open it; nothing of it is shown yet.
pub async fn find(tx: &Read<'_>, cx: &Cx, files: &dyn Files, code: &str) -> Result<Option<Uuid>, Error> {
    let case = files.by_code(tx, code).await?;
    Ok(case.filter(|case| directory::may::<ReadCase>(&cx.who, case)).map(|case| case.id))
}

/// An event of a dossier, and the bill that covers it.
#[derive(Clone, Debug)]
pub struct Logged {
    /// The event.
    pub event: Proven,
    /// The bill; none while it waits for one.
    pub bill: Option<i64>,
}

/// The log of a dossier.
pub async fn log(tx: &Read<'_>, _case: &For<ReadCase>, id: Uuid) -> Result<Vec<Logged>, store::Error> {
    let events = store::proven_events(tx, id).await?;
    let covering = covering(tx, &events).await?;
    Ok(events.into_iter().zip(covering).map(|(event, bill)| Logged { event, bill }).collect())
}

/// The number of the bill that covers each of these events: the first that reaches as far as its place.
async fn covering(tx: &Read<'_>, events: &[Proven]) -> Result<Vec<Option<i64>>, store::Error> {
    let placed = || events.iter().map(|event| event.pos).filter(|pos| *pos > 0);
    let (Some(first), Some(last)) = (placed().min(), placed().max()) else { return Ok(vec![None; events.len()]) };
    let reach = bills::reaching(tx, first, last).await?;
    let of = |event: &Proven| reach.iter().find(|bill| event.pos > 0 && bill.until >= event.pos).map(|bill| bill.number);
    Ok(events.iter().map(of).collect())
}

/// What goes into the archive before the file store is asked.
struct Gathered {
    parts: Vec<(String, Content)>,
    events: Vec<Proven>,
    looks: Vec<directory::evidence::SealedLook>,
    bills: Vec<BillRow>,
}

/// The complete file of a dossier: everything it holds, its events with what their hashes cover, the looks at it, the bills with their
/// stamps, and a proof for each event that leads from its line to the root in the bill.
pub async fn archive(
    db: &Db,
    store: &Store,
    cx: &Cx,
    files: std::sync::Arc<dyn Files>,
    id: Uuid,
    reason: String,
) -> Result<(String, Vec<u8>), Error> {
    let cx = cx.clone();
    let (code, gathered) = db
        .write(async move |tx: &Write<'_>| {
            let case = open(tx, &cx, &*files, id, &reason).await?;
            let events = store::proven_events(tx, id).await?;
            let numbers: BTreeSet<i64> = covering(tx, &events).await?.into_iter().flatten().collect();
            let bills = bills::of_numbers(tx, &numbers).await?;
            let looks = directory::evidence::of_thing_sealed(tx, id).await?;
            let parts = files.complete(tx, id).await?;
            Ok::<_, Error>((case.code.clone(), Gathered { parts, events, looks, bills }))
        })
        .await?;
    let parts = everything(db, store, gathered).await?;
    // packing is work for the processor, not for the threads that serve
    let packed = tokio::task::spawn_blocking(move || pack(&parts)).await.map_err(|e| Error::Archive(e.to_string()))?;
    Ok((code, packed.map_err(|e| Error::Archive(e.to_string()))?))
}

async fn everything(db: &Db, store: &Store, gathered: Gathered) -> Result<Vec<Part>, Error> {
    let mut all = vec![];
    for (name, content) in gathered.parts {
        let bytes = match content {
            Content::Bytes(bytes) => bytes,
            Content::Kept(row) => store.read(&row).await?,
        };
        all.push(Part { name, bytes });
    }
    for event in &gathered.events {
        let name = format!("su-kien/event-{}", event.pos);
        all.push(Part { name: format!("{name}.bin"), bytes: event.preimage.clone() });
        if !event.salted.is_empty() {
            all.push(Part { name: format!("{name}.payload"), bytes: event.salted.clone() });
        }
    }
    let mut looks = String::new();
    for look in &gathered.looks {
        let (bill, leaf) = (look.bill.map_or("-".into(), |n| n.to_string()), look.leaf.map_or("-".into(), |n| n.to_string()));
        looks += &format!("{bill} {leaf} {} {}\n", look.id, Sum(look.seal));
    }
    all.push(Part { name: "luot-xem.txt".into(), bytes: looks.into_bytes() });
    for row in &gathered.bills {
        let parts = export::parts(db, store, row).await?;
        let list = parts.iter().find(|p| p.name.ends_with("-events.txt")).map(|p| p.bytes.clone());
        all.extend(proofs(row, list.as_deref().unwrap_or_default(), &gathered.events));
        // the lists name other dossiers: the proofs take their place here
        all.extend(
            parts.into_iter().filter(|p| !p.name.ends_with(".txt")).map(|p| Part { name: format!("bang-ke/{}", p.name), ..p }),
        );
    }
    all.push(Part { name: "DOC-TRUOC.txt".into(), bytes: README.as_bytes().to_vec() });
    Ok(all)
}

/// One proof for each event of this bill: its line, its number among how many, the root, and the hashes beside the way there.
fn proofs(row: &BillRow, list: &[u8], events: &[Proven]) -> Vec<Part> {
    let Some(bill) = Bill::read(&row.body) else { return vec![] };
    let list = String::from_utf8_lossy(list);
    let lines: Vec<&str> = list.lines().collect();
    let leaves: Vec<Sum> = lines.iter().map(|l| merkle::leaf(l.as_bytes())).collect();
    let of = |event: &Proven| {
        let at = lines.iter().position(|l| l.parse::<EventLeaf>().is_ok_and(|leaf| leaf.event == event.id))?;
        let beside: Vec<String> = merkle::proof(&leaves, at)?.iter().map(Sum::to_string).collect();
        let text = format!(
            "bill {}\nline {}\nnumber {at}\nof {}\nroot {}\n{}\n",
            bill.bill,
            lines[at],
            lines.len(),
            bill.events.root,
            beside.join("\n")
        );
        Some(Part { name: format!("bang-chung/event-{}.txt", event.pos), bytes: text.into_bytes() })
    };
    events.iter().filter_map(of).collect()
}

fn pack(parts: &[Part]) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = std::collections::HashSet::new();
    for part in parts {
        // two papers may bear one name
        let mut name = part.name.clone();
        for n in 2.. {
            if names.insert(name.clone()) {
                break;
            }
            name = format!("{n}-{}", part.name.replace('/', "-"));
        }
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(&part.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Read by people outside of the house, beside what they took out.
const README: &str = include_str!("../../templates/doc-truoc.txt");
