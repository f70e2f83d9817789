//! Restore: a backup into an empty database of either engine, whole or not at all.

use std::{
    io::{BufRead, BufReader, Read as _, Seek},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sha2::{Digest, Sha256};
use uuid::Uuid;
use zip::ZipArchive;

use crate::{
    BadBackup, ChainReport, Db, EngineKind, Error, Files, Migration, Read, Write,
    backup::{FORMAT, Head, Manifest, PASSING, Progress, Rooms, fault, row_of},
    house, migrate,
    schema::{self, Table},
    verify_chain,
};

type Archive<R> = Arc<Mutex<ZipArchive<R>>>;

/// What was restored.
#[derive(Clone, Debug)]
pub struct Restored {
    /// What the backup says about itself; every row and byte was compared with it.
    pub manifest: Manifest,
    /// A walk along the restored chain.
    pub chain: ChainReport,
}

/// Reads a whole backup and compares everything with its manifest; writes nothing.
pub async fn verify_backup<R: std::io::Read + Seek + Send + 'static>(input: R, progress: Progress) -> Result<Manifest, Error> {
    let check = move || {
        let mut zip = ZipArchive::new(input).map_err(|e| fault(&e))?;
        let (head, manifest) = front(&mut zip)?;
        for table in head.tables.iter().filter(|t| !PASSING.contains(&t.name.as_str())) {
            let mut lines = Lines::of(table, &manifest)?;
            lines.each(&mut zip, |line| row_of(table, line).map(drop))?;
            progress(&table.name, lines.rows);
        }
        let mut files = 0;
        for name in file_names(&zip) {
            let (_, sha256) = address(&name)?;
            let mut hash = Sha256::new();
            std::io::copy(&mut zip.by_name(&name).map_err(|e| fault(&e))?, &mut hash).map_err(|e| crate::files::disk(&e))?;
            if hash.finalize().as_slice() != sha256 {
                return Err(BadBackup::Damaged(name).into());
            }
            files += 1;
            progress("files", files);
        }
        if files != manifest.files {
            return Err(
                BadBackup::Damaged(format!("{files} files found, {} expected: the store of files", manifest.files)).into()
            );
        }
        Ok(manifest)
    };
    tokio::task::spawn_blocking(check).await.map_err(|_| Error::Panicked)?
}

/// Restores a backup into a database without tables and a file store of its own. A damaged backup, or one made by a newer program, is
/// refused; a restore that was interrupted can be run again, and until then the program does not start on it.
pub async fn restore<R: std::io::Read + Seek + Send + 'static>(
    db: &Db,
    files: Option<&Files>,
    rooms: &Rooms,
    input: R,
    progress: Progress,
) -> Result<Restored, Error> {
    let backup = opened(rooms, input)?;
    must_be_empty(db).await?;
    let Some(files) = files else { return read_in(db, None, rooms, backup, progress).await };
    if files.house().await?.is_some() {
        return Err(Error::OtherFiles);
    }
    let restored = read_in(db, Some(files), rooms, backup, progress).await?;
    house::join(db, files).await?;
    Ok(restored)
}

/// A backup whose two ends are there, and the rooms as they were when it was made.
pub(crate) struct Opened<R> {
    zip: ZipArchive<R>,
    head: Head,
    manifest: Manifest,
    then: Vec<(&'static str, &'static [Migration])>,
}

/// Opens a backup that this program can read.
pub(crate) fn opened<R: std::io::Read + Seek>(rooms: &Rooms, input: R) -> Result<Opened<R>, Error> {
    let mut zip = ZipArchive::new(input).map_err(|e| fault(&e))?;
    let (head, manifest) = front(&mut zip)?;
    let then = as_of(rooms, &head)?;
    Ok(Opened { zip, head, manifest, then })
}

/// Reads a backup into a database without tables.
pub(crate) async fn read_in<R: std::io::Read + Seek + Send + 'static>(
    db: &Db,
    files: Option<&Files>,
    rooms: &Rooms,
    backup: Opened<R>,
    progress: Progress,
) -> Result<Restored, Error> {
    let Opened { zip, head, manifest, then } = backup;
    db.write(async |tx: &Write<'_>| {
        tx.script(&migrate::translate("CREATE TABLE IF NOT EXISTS store_restoring (id bigint NOT NULL PRIMARY KEY)", tx.kind()))
            .await
    })
    .await?;
    migrate::steps(db, &then).await?;
    if schema::made_by(then.iter().flat_map(|(_, steps)| steps.iter()))? != head.tables {
        return Err(BadBackup::OtherProgram("its tables are not those of its migrations".into()).into());
    }
    let zip: Archive<R> = Arc::new(Mutex::new(zip));
    if let Some(files) = files {
        put_files(files, &zip, &progress).await?;
    }
    let (archive, sums, told) = (zip.clone(), manifest.clone(), progress.clone());
    let tables = head.tables.clone();
    db.write_within(Duration::from_secs(3600), async move |tx: &Write<'_>| load(tx, &archive, &tables, &sums, &told).await)
        .await?;
    migrate(db, rooms).await?;
    let chain = verify_chain(db).await?;
    Ok(Restored { manifest, chain })
}

fn front<R: std::io::Read + Seek>(zip: &mut ZipArchive<R>) -> Result<(Head, Manifest), Error> {
    let manifest: Manifest = part(zip, "manifest.json")?;
    let head: Head = part(zip, "schema.json")?;
    if head.format != FORMAT {
        return Err(BadBackup::OtherProgram(format!("format {}", head.format)).into());
    }
    Ok((head, manifest))
}

/// One of the two parts that say what the others are.
fn part<T: serde::de::DeserializeOwned>(zip: &mut ZipArchive<impl std::io::Read + Seek>, name: &str) -> Result<T, Error> {
    let missing = |e: &dyn std::fmt::Display| BadBackup::NotWhole(format!("{name}: {e}"));
    let file = zip.by_name(name).map_err(|e| missing(&e))?;
    serde_json::from_reader(file).map_err(|e| missing(&e).into())
}

/// The rooms as they were when the backup was made: so many steps of each, the ground first.
fn as_of(rooms: &Rooms, head: &Head) -> Result<Vec<(&'static str, &'static [Migration])>, Error> {
    let mut then = Vec::new();
    for (room, steps) in std::iter::once(&("store", migrate::GROUND)).chain(rooms) {
        let applied: Vec<_> = head.migrations.iter().filter(|(r, ..)| r == room).collect();
        let steps = steps.get(..applied.len()).ok_or_else(|| BadBackup::OtherProgram(format!("more steps of room {room}")))?;
        for (step, (_, number, _, sha256)) in steps.iter().zip(applied) {
            if step.number != *number || migrate::fingerprint(step) != *sha256 {
                return Err(BadBackup::OtherProgram(format!("{room} {number} was another migration")).into());
            }
        }
        then.push((*room, steps));
    }
    let unknown = head.migrations.iter().find(|(room, ..)| !then.iter().any(|(known, _)| known == room));
    unknown.map_or(Ok(then), |(room, ..)| Err(BadBackup::OtherProgram(format!("room {room} is not known here")).into()))
}

async fn must_be_empty(db: &Db) -> Result<(), Error> {
    let names = db.read(async |tx: &Read<'_>| schema::table_names(tx).await).await?;
    if names.is_empty() || names.iter().any(|n| n == "store_restoring") {
        return Ok(());
    }
    Err(BadBackup::NotEmpty(names.len()).into())
}

async fn load<R: std::io::Read + Seek>(
    tx: &Write<'_>,
    zip: &Archive<R>,
    tables: &[Table],
    manifest: &Manifest,
    progress: &Progress,
) -> Result<(), Error> {
    let deferred = defer_checks(tx).await?;
    for table in tables.iter().rev() {
        // Rows that migrations have put there come again with the backup.
        tx.script(&format!("DELETE FROM {}", table.name)).await?;
    }
    for table in tables.iter().filter(|t| !PASSING.contains(&t.name.as_str())) {
        load_table(tx, zip, table, manifest, progress).await?;
    }
    for command in deferred {
        tx.script(&command).await?;
    }
    tx.script("DROP TABLE store_restoring").await
}

/// Rows may come before those they refer to: the check waits until all are there. Answers what brings the old order back.
async fn defer_checks(tx: &Write<'_>) -> Result<Vec<String>, Error> {
    if tx.kind() == EngineKind::Sqlite {
        tx.script("PRAGMA defer_foreign_keys = ON").await?;
        return Ok(Vec::new());
    }
    let checks: Vec<(String, String)> = tx
        .fetch(
            "SELECT r.relname::text, c.conname::text FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
             JOIN pg_namespace n ON n.oid = r.relnamespace WHERE c.contype = 'f' AND n.nspname = current_schema()",
            false,
            &[],
        )
        .await?;
    let mut back = vec!["SET CONSTRAINTS ALL IMMEDIATE".to_owned()];
    for (table, check) in checks {
        tx.script(&format!("ALTER TABLE \"{table}\" ALTER CONSTRAINT \"{check}\" DEFERRABLE INITIALLY DEFERRED")).await?;
        back.push(format!("ALTER TABLE \"{table}\" ALTER CONSTRAINT \"{check}\" NOT DEFERRABLE"));
    }
    Ok(back)
}

/// Rows that are sent together.
const TOGETHER: usize = 500;

#[expect(clippy::await_holding_lock, reason = "one restore at a time: nobody else wants this archive meanwhile")]
async fn load_table<R: std::io::Read + Seek>(
    tx: &Write<'_>,
    zip: &Archive<R>,
    table: &Table,
    manifest: &Manifest,
    progress: &Progress,
) -> Result<(), Error> {
    let columns = table.columns.iter().map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ");
    let places = (1..=table.columns.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    let text = format!("INSERT INTO {} ({columns}) VALUES ({places})", table.name);
    let mut lines = Lines::of(table, manifest)?;
    let mut zip = zip.lock().unwrap_or_else(PoisonError::into_inner);
    let mut reader = lines.open(&mut zip)?;
    loop {
        let rows = lines.some(&mut reader, TOGETHER)?.iter().map(|line| row_of(table, line)).collect::<Result<Vec<_>, _>>()?;
        if rows.is_empty() {
            break;
        }
        let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(crate::backup::Datum::bound).collect()).collect();
        futures_util::future::try_join_all(rows.iter().map(|row| tx.execute(&text, true, row))).await?;
        progress(&table.name, lines.rows);
    }
    lines.end()
}

/// The lines of one table, counted and hashed on the way.
struct Lines<'a> {
    table: &'a Table,
    hash: Sha256,
    rows: u64,
    expected: (u64, &'a str),
}

impl<'a> Lines<'a> {
    fn of(table: &'a Table, manifest: &'a Manifest) -> Result<Lines<'a>, Error> {
        let sum = manifest.tables.iter().find(|t| t.name == table.name);
        let sum = sum.ok_or_else(|| BadBackup::Damaged(format!("the manifest does not name {}: it", table.name)))?;
        Ok(Lines { table, hash: Sha256::new(), rows: 0, expected: (sum.rows, &sum.sha256) })
    }

    fn open<'z, R: std::io::Read + Seek>(&self, zip: &'z mut ZipArchive<R>) -> Result<impl BufRead + use<'z, R>, Error> {
        let name = format!("tables/{}.jsonl", self.table.name);
        Ok(BufReader::new(zip.by_name(&name).map_err(|e| fault(&e))?))
    }

    /// The next lines; none at the end.
    fn some(&mut self, reader: &mut impl BufRead, most: usize) -> Result<Vec<String>, Error> {
        let mut all = Vec::new();
        while all.len() < most {
            let mut line = String::new();
            if reader.read_line(&mut line).map_err(|e| BadBackup::Damaged(format!("{}: {e}", self.table.name)))? == 0 {
                break;
            }
            self.hash.update(&line);
            self.rows += 1;
            all.push(line);
        }
        Ok(all)
    }

    fn end(self) -> Result<(), Error> {
        if (self.rows, hex::encode(self.hash.finalize()).as_str()) != self.expected {
            return Err(BadBackup::Damaged(self.table.name.clone()).into());
        }
        Ok(())
    }

    fn each<R: std::io::Read + Seek>(
        &mut self,
        zip: &mut ZipArchive<R>,
        mut take: impl FnMut(&str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut reader = self.open(zip)?;
        loop {
            let some = self.some(&mut reader, TOGETHER)?;
            if some.is_empty() {
                break;
            }
            some.iter().try_for_each(|line| take(line))?;
        }
        let (hash, rows) = (std::mem::take(&mut self.hash), self.rows);
        Lines { table: self.table, hash, rows, expected: self.expected }.end()
    }
}

fn file_names<R: std::io::Read + Seek>(zip: &ZipArchive<R>) -> Vec<String> {
    zip.file_names().flatten().filter(|n| n.starts_with("files/")).map(std::borrow::Cow::into_owned).collect()
}

/// `files/<owner>/<sha256>`; anything else in its place is refused, so no entry can lead elsewhere.
fn address(name: &str) -> Result<(Uuid, [u8; 32]), Error> {
    let read = || {
        let (owner, sha256) = name.strip_prefix("files/")?.split_once('/')?;
        Some((owner.parse().ok()?, hex::decode(sha256).ok()?.try_into().ok()?))
    };
    read().ok_or_else(|| BadBackup::Damaged(format!("{name:?}")).into())
}

async fn put_files<R: std::io::Read + Seek + Send + 'static>(
    files: &Files,
    zip: &Archive<R>,
    progress: &Progress,
) -> Result<(), Error> {
    let names = file_names(&zip.lock().unwrap_or_else(PoisonError::into_inner));
    for (done, name) in names.into_iter().enumerate() {
        let (owner, sha256) = address(&name)?;
        let (zip, staged) = (zip.clone(), files.stage());
        let to = staged.0.clone();
        let copied = move || {
            let mut zip = zip.lock().unwrap_or_else(PoisonError::into_inner);
            let mut from = zip.by_name(&name).map_err(std::io::Error::other)?;
            let (mut file, mut hash, mut size) = (std::fs::File::create(&to)?, Sha256::new(), 0);
            let mut chunk = vec![0; 1 << 16];
            loop {
                let n = from.read(&mut chunk)?;
                let Some(bytes) = chunk.get(..n).filter(|b| !b.is_empty()) else { break };
                hash.update(bytes);
                size += n as u64;
                std::io::Write::write_all(&mut file, bytes)?;
            }
            file.sync_all()?;
            Ok((hash.finalize().as_slice() == sha256, size))
        };
        let (sound, size) = crate::files::blocking(copied).await?;
        if !sound {
            return Err(BadBackup::Damaged(format!("a file of {owner}")).into());
        }
        files.place(staged, &crate::Stored { owner, sha256, size }).await?;
        progress("files", done as u64 + 1);
    }
    Ok(())
}
