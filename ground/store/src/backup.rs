//! Backup: every table as typed JSON lines and every file, in one zip that either engine can be restored from.
//!
//! ```text
//! schema.json             tables, columns and their kinds, keys, and the migrations that had been applied
//! tables/<name>.jsonl     one row a line, values in the order of the columns: null, "text", 1, true, "uuid", "hex of bytea"
//! files/<owner>/<sha256>  the bytes
//! manifest.json           rows and SHA-256 of every table, number and bytes of the files; written last: without it nothing is whole
//! ```

use std::{
    io::Write as _,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use base::Moment;
use futures_util::StreamExt;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zip::{ZipWriter, write::SimpleFileOptions, write::StreamWriter};

use crate::{
    BadBackup, Cell, Column, Db, Error, FileId, FileRow, Files, FromRow, Migration, Read, Row, Write,
    schema::{self, Kind, Table},
    sql, sweep,
    value::Bound,
};

/// What stands at the head of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Version of this format.
    pub format: u32,
    /// Applied migrations: room, number, name, SHA-256.
    pub migrations: Vec<(String, u32, String, String)>,
    /// All tables, in the order in which they can be filled.
    pub tables: Vec<Table>,
}

/// What stands at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When it was made.
    pub made: Moment,
    /// Of which engine.
    pub engine: String,
    /// Per table: rows and SHA-256 of its lines.
    pub tables: Vec<TableSum>,
    /// Number of files.
    pub files: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Files whose bytes were missing or damaged when the backup was made: owner and SHA-256.
    pub missing: Vec<(Uuid, String)>,
}

/// Rows of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// Name.
    pub name: String,
    /// Number of rows.
    pub rows: u64,
    /// SHA-256 of the lines.
    pub sha256: String,
}

/// The format this program writes and reads.
pub(crate) const FORMAT: u32 = 1;
/// Tables whose rows mean nothing elsewhere.
pub(crate) const PASSING: [&str; 2] = ["store_house", "store_lease"];
/// How often the files are held anew, well within the time that one hold binds.
const AGAIN: Duration = Duration::from_secs(30);
/// Rows read at once.
const PAGE: u32 = 1000;

/// Rooms and their migrations, as `migrate` takes them.
pub type Rooms = [(&'static str, &'static [Migration])];
/// Told what is being written or read, and how many rows or files of it are done.
pub type Progress = Arc<dyn Fn(&str, u64) + Send + Sync>;

type Zip<W> = Arc<Mutex<ZipWriter<StreamWriter<W>>>>;

/// Writes a backup of one moment; the server may go on meanwhile. Answers the sink and what is in it.
pub async fn backup<W: std::io::Write + Send + 'static>(
    db: &Db,
    files: Option<&Files>,
    rooms: &Rooms,
    now: Moment,
    sink: W,
    progress: Progress,
) -> Result<(W, Manifest), Error> {
    let tables = schema::schema(rooms)?;
    let zip: Zip<W> = Arc::new(Mutex::new(ZipWriter::new_stream(sink)));
    let manifest = holding(db, now, write_all(db, files, tables, now, zip.clone(), progress)).await?;
    let zip = Arc::into_inner(zip).ok_or(Error::Panicked)?.into_inner().unwrap_or_else(PoisonError::into_inner);
    let sink = zip.finish().map_err(|e| fault(&e))?.into_inner();
    Ok((sink, manifest))
}

/// Nothing that was in use when the work began is swept before it ends.
async fn holding<T>(db: &Db, now: Moment, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let began = Instant::now();
    hold(db, now).await?;
    let mut work = std::pin::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            () = tokio::time::sleep(AGAIN) => {
                let now = now.plus(SignedDuration::try_from(began.elapsed()).unwrap_or_default());
                if let Err(error) = hold(db, now).await {
                    tracing::warn!(%error, "the files could not be held for the backup; trying again");
                }
            }
        }
    }
}

async fn hold(db: &Db, now: Moment) -> Result<(), Error> {
    db.write(async move |tx: &Write<'_>| sweep::hold(tx, now).await).await
}

async fn write_all<W: std::io::Write + Send + 'static>(
    db: &Db,
    files: Option<&Files>,
    tables: Vec<Table>,
    now: Moment,
    zip: Zip<W>,
    progress: Progress,
) -> Result<Manifest, Error> {
    let (out, told) = (zip.clone(), progress.clone());
    let (sums, kept) = db
        .read(async move |tx: &Read<'_>| {
            let head = Head { format: FORMAT, migrations: schema::applied(tx).await?, tables: tables.clone() };
            entry(&out, "schema.json", |zip| Ok(serde_json::to_writer_pretty(zip, &head)?))?;
            let mut sums = Vec::new();
            for table in tables.iter().filter(|t| !PASSING.contains(&t.name.as_str())) {
                sums.push(write_table(tx, &out, table, &told).await?);
            }
            let kept: Vec<FileRow> =
                tx.all(sql!("SELECT id, owner, sha256, size FROM store_file WHERE uses > 0 ORDER BY owner, sha256"), &[]).await?;
            Ok::<_, Error>((sums, kept))
        })
        .await?;
    let mut manifest =
        Manifest { made: now, engine: format!("{:?}", db.kind()), tables: sums, files: 0, bytes: 0, missing: Vec::new() };
    if let Some(files) = files {
        for file in kept {
            if write_file(files, &zip, &file).await? {
                manifest.files += 1;
                manifest.bytes += file.size;
                progress("files", manifest.files);
            } else {
                manifest.missing.push((file.owner, hex::encode(file.sha256)));
            }
        }
    }
    entry(&zip, "manifest.json", |zip| Ok(serde_json::to_writer_pretty(zip, &manifest)?))?;
    Ok(manifest)
}

async fn write_table<W: std::io::Write>(
    tx: &Read<'_>,
    zip: &Zip<W>,
    table: &Table,
    progress: &Progress,
) -> Result<TableSum, Error> {
    entry(zip, &format!("tables/{}.jsonl", table.name), |_| Ok(()))?;
    let mut sum = TableSum { name: table.name.clone(), rows: 0, sha256: String::new() };
    let (mut hash, mut last) = (Sha256::new(), None::<Vec<Datum>>);
    loop {
        let (text, p) = page(table, last.as_deref());
        let rows: Vec<AnyRow> = tx.fetch(&text, true, &p).await?;
        for row in &rows {
            let mut line = serde_json::to_vec(&json(table, &row.0)?)?;
            line.push(b'\n');
            hash.update(&line);
            lock(zip).write_all(&line).map_err(|e| crate::files::disk(&e))?;
            sum.rows += 1;
        }
        progress(&table.name, sum.rows);
        if rows.len() < PAGE as usize {
            sum.sha256 = hex::encode(hash.finalize());
            return Ok(sum);
        }
        last = rows.last().map(|row| key_of(table, &row.0));
    }
}

/// The next rows after a key.
fn page<'r>(table: &Table, last: Option<&'r [Datum]>) -> (String, Vec<Bound<'r>>) {
    let columns = table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ");
    let key = table.key.join(", ");
    let after = last.map_or(String::new(), |last| {
        let places = (1..=last.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        format!(" WHERE ({key}) > ({places})")
    });
    let text = format!("SELECT {columns} FROM {}{after} ORDER BY {key} LIMIT {PAGE}", table.name);
    (text, last.unwrap_or_default().iter().map(Datum::bound).collect())
}

fn key_of(table: &Table, row: &[Datum]) -> Vec<Datum> {
    table.key.iter().filter_map(|k| table.columns.iter().position(|c| c.name == *k)).map(|at| row[at].clone()).collect()
}

async fn write_file<W: std::io::Write>(files: &Files, zip: &Zip<W>, file: &FileRow) -> Result<bool, Error> {
    // Looked at first: an entry that was begun cannot be taken back.
    if !sound(files, file).await? {
        return Ok(false);
    }
    entry(zip, &format!("files/{}/{}", file.owner, hex::encode(file.sha256)), |_| Ok(()))?;
    let mut bytes = files.get(file).await?;
    while let Some(chunk) = bytes.next().await {
        lock(zip).write_all(&chunk?).map_err(|e| crate::files::disk(&e))?;
    }
    Ok(true)
}

/// The bytes are there and are those that were stored.
async fn sound(files: &Files, file: &FileRow) -> Result<bool, Error> {
    let Ok(mut bytes) = files.get(file).await else { return Ok(false) };
    let mut hash = Sha256::new();
    while let Some(chunk) = bytes.next().await {
        hash.update(&chunk?);
    }
    Ok(hash.finalize().as_slice() == file.sha256)
}

/// All kept files whose bytes are missing or damaged, for `doctor`.
pub async fn damaged_files(db: &Db, files: &Files) -> Result<Vec<FileRow>, Error> {
    let (mut damaged, mut last) = (Vec::new(), FileId(Uuid::nil()));
    loop {
        let some: Vec<FileRow> = db
            .read(async move |tx: &Read<'_>| {
                tx.all(
                    sql!("SELECT id, owner, sha256, size FROM store_file WHERE uses > 0 AND id > $1 ORDER BY id LIMIT 1000"),
                    &[&last],
                )
                .await
            })
            .await?;
        let Some(end) = some.last() else { return Ok(damaged) };
        last = end.id;
        for file in some {
            if !sound(files, &file).await? {
                damaged.push(file);
            }
        }
    }
}

fn entry<W: std::io::Write>(
    zip: &Zip<W>,
    name: &str,
    fill: impl FnOnce(&mut ZipWriter<StreamWriter<W>>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut zip = lock(zip);
    zip.start_file(name, SimpleFileOptions::default().large_file(true)).map_err(|e| fault(&e))?;
    fill(&mut zip)
}

fn lock<T>(zip: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    zip.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn fault(e: &zip::result::ZipError) -> Error {
    match e {
        zip::result::ZipError::Io(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => crate::files::disk(e),
        other => BadBackup::NotWhole(other.to_string()).into(),
    }
}

/// A value of any kind, out of a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Datum {
    Null,
    Text(String),
    Int(i64),
    Bool(bool),
    Bytes(Vec<u8>),
    Uuid(Uuid),
}

impl Datum {
    pub(crate) fn bound(&self) -> Bound<'_> {
        match self {
            Datum::Null => Bound::Null,
            Datum::Text(text) => Bound::Text(text.into()),
            Datum::Int(n) => Bound::Int(*n),
            Datum::Bool(yes) => Bound::Bool(*yes),
            Datum::Bytes(bytes) => Bound::Bytes(bytes.into()),
            Datum::Uuid(id) => Bound::Uuid(*id),
        }
    }
}

impl Column for Datum {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        Ok(match cell {
            Cell::Null => Datum::Null,
            Cell::Text(text) => Datum::Text(text.to_owned()),
            Cell::Int(n) => Datum::Int(n),
            Cell::Bool(yes) => Datum::Bool(yes),
            Cell::Bytes(bytes) => Datum::Bytes(bytes.to_vec()),
            Cell::Uuid(id) => Datum::Uuid(id),
            Cell::Real(n) => return Err(format!("{n} is a fraction")),
        })
    }
}

struct AnyRow(Vec<Datum>);

impl FromRow for AnyRow {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        (0..row.width()).map(|at| row.get(at)).collect::<Result<_, _>>().map(AnyRow)
    }
}

/// One row as it stands in the backup: the same from both engines.
fn json(table: &Table, row: &[Datum]) -> Result<Vec<serde_json::Value>, Error> {
    table
        .columns
        .iter()
        .zip(row)
        .map(|(column, value)| {
            Ok(match (column.kind, value) {
                (_, Datum::Null) => serde_json::Value::Null,
                (Kind::Text, Datum::Text(text)) => text.as_str().into(),
                (Kind::Bigint, Datum::Int(n)) => (*n).into(),
                (Kind::Boolean, Datum::Int(n)) => (*n != 0).into(),
                (Kind::Boolean, Datum::Bool(yes)) => (*yes).into(),
                (Kind::Bytea, Datum::Bytes(bytes)) => hex::encode(bytes).into(),
                (Kind::Uuid, Datum::Uuid(id)) => id.to_string().into(),
                (Kind::Uuid, Datum::Bytes(bytes)) if bytes.len() == 16 => {
                    Uuid::from_slice(bytes).unwrap_or_default().to_string().into()
                }
                (kind, value) => {
                    return Err(BadBackup::Damaged(format!("{}.{}: {value:?} is no {kind:?}", table.name, column.name)).into());
                }
            })
        })
        .collect()
}

/// The same way back.
pub(crate) fn row_of(table: &Table, line: &str) -> Result<Vec<Datum>, Error> {
    let values: Vec<serde_json::Value> = serde_json::from_str(line)?;
    let wrong = |what: &str| Error::from(BadBackup::Damaged(format!("{}: {what}", table.name)));
    if values.len() != table.columns.len() {
        return Err(wrong("a row has another number of values than the table has columns"));
    }
    table
        .columns
        .iter()
        .zip(values)
        .map(|(column, value)| {
            let unfit = || wrong(&format!("{} holds no {:?}", column.name, column.kind));
            let text = || value.as_str().ok_or_else(unfit);
            Ok(match column.kind {
                _ if value.is_null() => Datum::Null,
                Kind::Text => Datum::Text(text()?.to_owned()),
                Kind::Bigint => Datum::Int(value.as_i64().ok_or_else(unfit)?),
                Kind::Boolean => Datum::Bool(value.as_bool().ok_or_else(unfit)?),
                Kind::Bytea => Datum::Bytes(hex::decode(text()?).map_err(|_| unfit())?),
                Kind::Uuid => Datum::Uuid(text()?.parse().map_err(|_| unfit())?),
            })
        })
        .collect()
}
