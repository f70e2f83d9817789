//! Staging and switching over.

use std::collections::{BTreeMap, HashMap};
use std::pin::Pin;
use std::time::Duration;

use base::Moment;
use directory::{Act, Cx, Denied, may_somewhere};
use sha2::{Digest, Sha256};
use store::{By, Db, Loaded, Read, Write};
use uuid::Uuid;

use super::rows::{self, Bytes, Item};
use super::{FaultLine, ImportError, Report, Summary};
use crate::acts::Import;
use crate::decide::Settlement;
use crate::error::Error;
use crate::event::CatalogueEvent;
use crate::record::{Layer, Record, Warning};
use crate::service::compose;
use crate::sql;
use crate::sql::imports::NewFault;
use crate::sql::records::NewRecord;
use crate::sql::versions::NewVersion;
use crate::version::{Origin, VersionId};

/// What is to be imported.
#[derive(Clone, Debug)]
pub struct Order {
    /// Its id; a second run of the same import has the same.
    pub id: Uuid,
    /// The job that does it.
    pub job: Option<Uuid>,
    /// Name of the file.
    pub file: String,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Rows read.
    pub read: u64,
    /// Rows in all, when it can be known without reading them.
    pub of: Option<u64>,
    /// Rows that could not be read.
    pub unreadable: u64,
}

/// Hears how far an import is; `false` stops it.
pub type Hear<'a> = dyn Fn(Told) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> + Send + Sync + 'a;

/// The time, asked again and again.
pub type Now<'a> = &'a (dyn Fn() -> Moment + Send + Sync);

/// Rows of one unit of work.
const CHUNK: usize = 100;
/// Faults that are kept with their reason; beyond, only their number.
const MOST_FAULTS: usize = 5_000;
/// Faults shown in the report itself.
const SHOWN_FAULTS: usize = 200;
/// How often an import is staged anew because somebody changed the catalogue meanwhile.
const ATTEMPTS: usize = 4;
/// An import that was silent for so long is dead.
const SILENCE: Duration = Duration::from_secs(15 * 60);

/// Imports a file. `told` hears how far it is, and stops it by answering `false`.
///
/// Nothing is visible before the end, and then everything is.
pub async fn import(
    db: &Db,
    cx: &Cx,
    now: Now<'_>,
    order: &Order,
    bytes: Vec<u8>,
    told: &Hear<'_>,
) -> Result<Report, ImportError> {
    if !may_somewhere(&Import::SPEC, &cx.who) {
        return Err(Denied::of(&Import::SPEC).into());
    }
    if let Some(report) = finished(db, order.id).await? {
        return Ok(report);
    }
    sweep(db, now()).await?;
    let bytes: Bytes = bytes.into();
    let done = attempts(db, cx, now, order, bytes, told).await;
    if let Err(e) = &done {
        let (id, now, why) = (order.id, now(), e.words().to_string());
        // the database may be away: then the sweep clears it later
        let cleared = db.write(async move |tx: &Write<'_>| sql::imports::fail(tx, id, now, &why).await).await;
        if let Err(error) = cleared {
            tracing::warn!(%error, import = %order.id, "a failed import could not be cleared yet");
        }
    }
    done
}

/// The report of an import that came to its end before: a job may run twice.
async fn finished(db: &Db, id: Uuid) -> Result<Option<Report>, ImportError> {
    let line = db.read(async move |tx: &Read<'_>| sql::imports::import(tx, id).await).await?;
    let report = line.filter(|l| l.state == "done").and_then(|l| l.report);
    Ok(report.map(|r| serde_json::from_str(&r)).transpose()?)
}

/// Clears what dead imports staged.
async fn sweep(db: &Db, now: Moment) -> Result<(), ImportError> {
    let before = Moment::from_micros(now.micros() - i64::try_from(SILENCE.as_micros()).unwrap_or(i64::MAX));
    db.write(async move |tx: &Write<'_>| {
        for (id, on_its_way) in sql::imports::silent(tx, before).await? {
            if on_its_way {
                sql::imports::forget(tx, id).await?;
            } else {
                sql::imports::fail(tx, id, now, "Bị ngắt giữa chừng. Danh mục giữ nguyên như trước.").await?; // not on screen: kept in reports
            }
        }
        Ok::<_, Error>(())
    })
    .await?;
    Ok(())
}

async fn attempts(db: &Db, cx: &Cx, now: Now<'_>, order: &Order, bytes: Bytes, told: &Hear<'_>) -> Result<Report, ImportError> {
    for attempt in 0..ATTEMPTS {
        let mut stage = Stage::begin(db, cx, now, order, attempt).await?;
        stage.read(bytes.clone(), told).await?;
        if let Some(report) = stage.switch_over().await? {
            return Ok(report);
        }
    }
    Err(ImportError::Unquiet)
}

/// What was in force when staging began.
struct Before {
    changes: i64,
    /// Hash of each live imported version, kept up to date with what this import stages.
    versions: HashMap<String, String>,
    records: HashMap<(String, Layer), String>,
    settled: HashMap<String, Vec<Settlement>>,
}

struct Stage<'a> {
    db: &'a Db,
    cx: &'a Cx,
    now: Now<'a>,
    order: &'a Order,
    by: By,
    before: Before,
    /// Where each record of this file stood, and the records of procedures that have two.
    seen: HashMap<(String, Layer), u64>,
    staged: HashMap<String, Vec<Record>>,
    summary: Summary,
    warnings: BTreeMap<Warning, u64>,
    faults: Vec<FaultLine>,
    made: u64,
}

impl<'a> Stage<'a> {
    async fn begin(db: &'a Db, cx: &'a Cx, now: Now<'a>, order: &'a Order, attempt: usize) -> Result<Stage<'a>, ImportError> {
        let (id, job, file, name, by) = (order.id, order.job, order.file.clone(), cx.who.name.clone(), cx.by);
        db.write(async move |tx: &Write<'_>| sql::imports::begin(tx, &by, id, job, &file, &name).await).await?;
        let before = db
            .read(async move |tx: &Read<'_>| {
                let mut settled: HashMap<String, Vec<Settlement>> = HashMap::new();
                for (code, s) in sql::records::all_settlements(tx).await? {
                    settled.entry(code).or_default().push(s);
                }
                let records = sql::records::hashes(tx).await?.into_iter().map(|(code, layer, hash)| ((code, layer), hash));
                Ok::<_, Error>(Before {
                    changes: sql::procedures::changes(tx).await?,
                    versions: sql::versions::imported_hashes(tx).await?.into_iter().collect(),
                    records: records.collect(),
                    settled,
                })
            })
            .await?;
        // each attempt makes ids of its own
        let by = By { seed: cx.by.seed.part("import attempt", attempt as u64), ..cx.by };
        Ok(Stage {
            db,
            cx,
            now,
            order,
            by,
            before,
            seen: HashMap::new(),
            staged: HashMap::new(),
            summary: Summary::default(),
            warnings: BTreeMap::new(),
            faults: vec![],
            made: 0,
        })
    }

    /// Reads all rows: the file on a thread of its own, the database here, some chunks apart.
    async fn read(&mut self, bytes: Bytes, told: &Hear<'_>) -> Result<(), ImportError> {
        let of = lines(&bytes);
        let (send, mut chunks) = tokio::sync::mpsc::channel::<Result<Vec<Item>, ImportError>>(4);
        let reader = tokio::task::spawn_blocking(move || {
            let mut rows = match rows::open(bytes) {
                Ok(rows) => rows,
                Err(e) => return drop(send.blocking_send(Err(e))),
            };
            loop {
                let chunk: Result<Vec<Item>, ImportError> = rows.by_ref().take(CHUNK).collect();
                let over = chunk.as_ref().map_or(true, |c| c.len() < CHUNK);
                if send.blocking_send(chunk).is_err() || over {
                    return;
                }
            }
        });
        while let Some(chunk) = chunks.recv().await {
            let chunk = chunk?;
            self.chunk(chunk).await?;
            let now = Told { read: self.summary.read, of, unreadable: self.summary.unreadable };
            if !told(now).await {
                return Err(ImportError::Stopped);
            }
        }
        reader.await.map_err(|e| store::Error::Unfit(format!("reading the file: {e}")))?;
        Ok(())
    }

    async fn chunk(&mut self, items: Vec<Item>) -> Result<(), ImportError> {
        let mut faults = vec![];
        let mut records = vec![];
        for item in items {
            self.summary.read += 1;
            match item.what {
                Ok(record) => {
                    let key = (record.code.base().to_owned(), record.layer);
                    match self.seen.get(&key) {
                        Some(first) => faults.push((item.line, item.code, format!("mã này đã có ở dòng {first}"))), // not on screen: kept in reports
                        None => {
                            self.seen.insert(key, item.line);
                            records.push(record);
                        }
                    }
                }
                Err(why) => faults.push((item.line, item.code, why)),
            }
        }
        self.summary.unreadable += faults.len() as u64;
        let room = MOST_FAULTS.saturating_sub(self.faults.len());
        let faults: Vec<FaultLine> =
            faults.into_iter().take(room).map(|(line, code, reason)| FaultLine { line, code, reason }).collect();
        self.faults.extend(faults.iter().cloned());
        let made = self.compose(records).await?;
        self.keep(made, faults).await
    }

    /// Joins each record with the other one of its procedure and with what people settled. On threads for computing, not on the server's own.
    async fn compose(&mut self, records: Vec<Record>) -> Result<Made, ImportError> {
        let codes: Vec<String> = records.iter().map(|r| r.code.base().to_owned()).collect();
        let joined: Vec<String> = codes
            .iter()
            .zip(&records)
            .filter(|(code, r)| {
                [Layer::National, Layer::Provincial]
                    .iter()
                    .any(|l| *l != r.layer && self.before.records.contains_key(&((*code).clone(), *l)))
            })
            .map(|(code, _)| code.clone())
            .collect();
        let mut others: HashMap<String, Vec<Record>> = self
            .db
            .read(async move |tx: &Read<'_>| {
                let mut found = HashMap::new();
                for code in &joined {
                    found.insert(code.clone(), sql::records::live(tx, code).await?);
                }
                Ok::<_, Error>(found)
            })
            .await?;
        let mut work = vec![];
        for (code, record) in codes.iter().zip(records) {
            let mut known: Vec<Record> = others.remove(code).unwrap_or_default();
            known.extend(self.staged.get(code).into_iter().flatten().cloned());
            known.retain(|k| k.layer != record.layer);
            // a later one of the same source stands for the earlier
            known.reverse();
            known.dedup_by_key(|k| k.layer);
            self.staged.entry(code.clone()).or_default().push(record.clone());
            work.push((record, known, self.before.settled.get(code).cloned().unwrap_or_default()));
        }
        let composed = tokio::task::spawn_blocking(move || -> Result<Vec<Composed>, serde_json::Error> {
            work.into_iter()
                .map(|(record, mut known, settled)| {
                    let body = serde_json::to_string(&record)?;
                    let body_hash = hex::encode(Sha256::digest(&body));
                    let (code, layer) = (record.code.base().to_owned(), record.layer);
                    known.insert(0, record);
                    let parsed = compose(&known, &settled);
                    Ok(Composed { code, layer, body, body_hash, parsed })
                })
                .collect()
        })
        .await
        .map_err(|e| store::Error::Unfit(format!("joining records: {e}")))??;
        self.weigh(composed)
    }

    /// Tells new from changed from unchanged.
    fn weigh(&mut self, composed: Vec<Composed>) -> Result<Made, ImportError> {
        let mut made = Made::default();
        for c in composed {
            let Some(parsed) = c.parsed else { continue };
            for warning in parsed.warnings.keys() {
                *self.warnings.entry(*warning).or_default() += 1;
            }
            let hash = parsed.package.hash();
            let before = self.before.versions.get(&c.code);
            match before {
                None => self.summary.new += 1,
                Some(h) if *h == hash => self.summary.unchanged += 1,
                Some(_) => self.summary.changed += 1,
            }
            if before != Some(&hash) {
                self.before.versions.insert(c.code.clone(), hash.clone());
                let json = serde_json::to_string(&parsed.package)?;
                made.again.push(c.code.clone());
                let id = VersionId(self.id("version"));
                made.versions.push((id, parsed.package, hash, json));
            }
            let key = (c.code.clone(), c.layer);
            if self.before.records.get(&key) != Some(&c.body_hash) {
                made.records.push(NewRecord {
                    id: self.id("record"),
                    code: c.code,
                    layer: c.layer,
                    hash: c.body_hash,
                    body: c.body,
                });
            }
        }
        Ok(made)
    }

    fn id(&mut self, label: &str) -> Uuid {
        self.made += 1;
        self.by.id(label, self.made)
    }

    async fn keep(&self, made: Made, faults: Vec<FaultLine>) -> Result<(), ImportError> {
        let (by, import, now) = (self.by, self.order.id, (self.now)());
        self.db
            .write(async move |tx: &Write<'_>| {
                for code in &made.again {
                    sql::versions::unstage(tx, import, code).await?;
                }
                let versions: Vec<NewVersion<'_>> = made
                    .versions
                    .iter()
                    .map(|(id, package, hash, json)| NewVersion {
                        id: *id,
                        origin: Origin::Imported,
                        import: Some(import),
                        package,
                        hash: hash.clone(),
                        json: json.clone(),
                    })
                    .collect();
                sql::versions::insert(tx, &by, &versions).await?;
                sql::records::stage(tx, import, &made.records).await?;
                let faults: Vec<NewFault> =
                    faults.iter().map(|f| NewFault { line: f.line, code: f.code.clone(), reason: f.reason.clone() }).collect();
                sql::imports::faults(tx, import, &faults).await?;
                sql::imports::beat(tx, import, now).await
            })
            .await?;
        Ok(())
    }

    /// Makes everything staged live, in one short unit. `None`: the catalogue changed since staging began, and it has to be staged anew.
    async fn switch_over(self) -> Result<Option<Report>, ImportError> {
        let mut faults = self.faults;
        faults.truncate(SHOWN_FAULTS);
        let summary = self.summary;
        let report = Report { import: self.order.id, file: self.order.file.clone(), summary, warnings: self.warnings, faults };
        let json = serde_json::to_string(&report)?;
        let (by, id, now, changes) = (self.cx.by, self.order.id, (self.now)(), self.before.changes);
        let file = self.order.file.clone();
        let switched = self
            .db
            .write(async move |tx: &Write<'_>| {
                if !sql::procedures::unchanged(tx, changes, summary.new + summary.changed > 0).await? {
                    return Ok(false);
                }
                sql::imports::switch_over(tx, id).await?;
                sql::imports::done(tx, id, now, &json).await?;
                let Summary { read, new, changed, unchanged, unreadable } = summary;
                let event = CatalogueEvent::Imported { file: file.clone(), read, new, changed, unchanged, unreadable };
                store::append(tx, &by, Loaded::new::<CatalogueEvent>(id), &[event]).await?;
                Ok::<_, Error>(true)
            })
            .await?;
        Ok(switched.then_some(report))
    }
}

/// A record, and the package it becomes with all that is known.
struct Composed {
    code: String,
    layer: Layer,
    body: String,
    body_hash: String,
    parsed: Option<crate::record::Parsed>,
}

/// Rows of one chunk to be kept.
#[derive(Default)]
struct Made {
    versions: Vec<(VersionId, crate::package::Package, String, String)>,
    records: Vec<NewRecord>,
    /// Codes whose version this import may have staged before (the other record came earlier in the file).
    again: Vec<String>,
}

/// Lines of a text file; a workbook does not tell.
fn lines(bytes: &[u8]) -> Option<u64> {
    if bytes.starts_with(b"PK") {
        return None;
    }
    let ends = bytes.iter().filter(|b| **b == b'\n').count() as u64;
    Some(ends + u64::from(bytes.last().is_some_and(|b| *b != b'\n')))
}
