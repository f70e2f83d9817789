//! A restored SQLite file takes the place of the one in use, whole or not at all, whenever the machine stops.
//!
//! ```text
//! motcua-restored.db       being read in; thrown away when that is cut off
//! motcua-next-WHEN.db      read in and whole. With this name the restore is done: whoever opens the database next ends what is left of it
//! motcua-before-WHEN.db    what was in use until then
//! ```

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use rusqlite::{Connection, OpenFlags};

use crate::{BadBackup, Before, Error, files::disk};

/// How often it is looked whether others have gone.
const PAUSE: Duration = Duration::from_millis(50);

/// A file beside the database, named after it.
pub(crate) fn sibling(live: &Path, what: &str) -> PathBuf {
    live.with_file_name(format!("{}-{what}.db", stem(live)))
}

/// Throws a file away that did not come to its end, with all that SQLite keeps beside it.
pub(crate) fn clear(file: &Path) -> Result<(), Error> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut part = file.as_os_str().to_owned();
        part.push(end);
        match fs::remove_file(part) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(disk(&e)),
            _ => {}
        }
    }
    Ok(())
}

/// Puts a restored file in the place of the database. Whoever else has that open has as long as `patience` to go; until they have, nothing
/// moves.
pub(crate) fn take_place(fresh: &Path, live: &Path, when: &str, patience: Duration) -> Result<(), Error> {
    drop(alone(fresh, patience)?);
    let _turn = turn(live)?;
    let _held = held(live, patience)?;
    let before = before(live, when);
    if is_there(&before)? {
        return Err(Error::File(format!("{} is there already", before.display())));
    }
    let next = sibling(live, &format!("next-{when}"));
    rename(fresh, &next)?;
    move_in(live, &next, when)
}

/// Ends a restore that was done and not ended: the machine stopped between its last steps.
pub(crate) fn finish(live: &Path, patience: Duration) -> Result<(), Error> {
    if named(live, "next").map_err(|e| disk(&e))?.is_empty() {
        return Ok(());
    }
    let _turn = turn(live)?;
    for (next, when) in named(live, "next").map_err(|e| disk(&e))? {
        let _held = held(live, patience)?;
        move_in(live, &next, &when)?;
        tracing::warn!("a restore that was cut off at its last step is done now");
    }
    Ok(())
}

/// The databases that restores have put aside.
pub(crate) fn befores(live: &Path) -> io::Result<Vec<Before>> {
    let mut found = Vec::new();
    for (file, _) in named(live, "before")? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        found.push(Before { name, bytes: file.metadata()?.len() });
    }
    Ok(found)
}

fn before(live: &Path, when: &str) -> PathBuf {
    sibling(live, &format!("before-{when}"))
}

fn move_in(live: &Path, next: &Path, when: &str) -> Result<(), Error> {
    if is_there(live)? {
        rename(live, &before(live, when))?;
    }
    rename(next, live)
}

/// Renames, and makes the new name last.
fn rename(from: &Path, to: &Path) -> Result<(), Error> {
    let renamed = fs::rename(from, to).and_then(|()| File::open(folder(to))?.sync_all());
    renamed.map_err(|e| disk(&e))
}

/// One process at a time moves the files of a database.
fn turn(live: &Path) -> Result<File, Error> {
    let folder = File::open(folder(live)).map_err(|e| disk(&e))?;
    folder.lock().map_err(|e| disk(&e))?;
    Ok(folder)
}

/// The database in use, held; nothing when there is none.
fn held(live: &Path, patience: Duration) -> Result<Option<Connection>, Error> {
    if is_there(live)? { alone(live, patience).map(Some) } else { Ok(None) }
}

/// A folder that cannot be looked into is no empty folder.
fn is_there(file: &Path) -> Result<bool, Error> {
    file.try_exists().map_err(|e| disk(&e))
}

/// Folds a database into its one file and holds it: nobody else has it open, and until this is dropped nobody gets in. Whoever waits at its
/// door then stands before a file that has another name, and SQLite does not let them write.
fn alone(file: &Path, patience: Duration) -> Result<Connection, Error> {
    let conn = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.busy_timeout(Duration::ZERO)?;
    let until = Instant::now() + patience;
    loop {
        match fold(&conn) {
            Ok(true) => return Ok(conn),
            Ok(false) | Err(Error::Busy(_)) if Instant::now() < until => std::thread::sleep(PAUSE),
            Ok(false) | Err(Error::Busy(_)) => return Err(BadBackup::OpenElsewhere.into()),
            Err(other) => return Err(other),
        }
    }
}

/// Leaves the write-ahead log, which SQLite lets only those do who are alone, and takes the lock; false when somebody came in between.
fn fold(conn: &Connection) -> Result<bool, Error> {
    let mode = |text: &str| conn.query_row(text, [], |row| row.get::<_, String>(0));
    mode("PRAGMA journal_mode = DELETE")?;
    conn.execute_batch("BEGIN EXCLUSIVE")?;
    if mode("PRAGMA journal_mode")? == "delete" {
        return Ok(true);
    }
    conn.execute_batch("ROLLBACK")?;
    Ok(false)
}

/// The files beside the database that are named so, oldest first, each with its time.
fn named(live: &Path, what: &str) -> io::Result<Vec<(PathBuf, String)>> {
    let begin = format!("{}-{what}-", stem(live));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder(live))? {
        let entry = entry?;
        let name = entry.file_name();
        let when = name.to_str().and_then(|name| name.strip_prefix(begin.as_str())?.strip_suffix(".db"));
        found.extend(when.map(|when| (entry.path(), when.to_owned())));
    }
    found.sort();
    Ok(found)
}

fn stem(live: &Path) -> String {
    live.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn folder(live: &Path) -> &Path {
    live.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
