//! Restore while a house is there: the backup is read in beside it and then takes its place. Until that one step nothing has moved, and the
//! old data stays under another name. On PostgreSQL these are schemas, on SQLite files ([`crate::swap`]).

use std::{io::Seek, path::Path, time::Instant};

use base::Moment;

use crate::{
    BadBackup, Db, Error, Files, Read, Restored, StoreOptions, Target, Write,
    backup::{Progress, Rooms},
    db::Engine,
    files::blocking,
    from_row, house,
    restore::{opened, read_in},
    sql, swap,
};

/// Where the backup is read into.
const FRESH: &str = "motcua_restored";

/// Data that a restore has put aside. As long as it is there nothing is swept from the files: it needs its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// The name of its file or schema.
    pub name: String,
    /// The room it takes, the files apart.
    pub bytes: u64,
}
from_row!(Before { name, bytes });

/// All data that restores have put aside, oldest first.
pub async fn befores(db: &Db) -> Result<Vec<Before>, Error> {
    match &db.0.engine {
        Engine::Sqlite(engine) => {
            let live = engine.path.clone();
            blocking(move || swap::befores(&live)).await
        }
        Engine::Postgres(_) => {
            db.read(async |tx: &Read<'_>| {
                let schemas = sql!(
                    postgres
                    "SELECT n.nspname::text, CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS bigint)
                     FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind = 'r'
                     WHERE starts_with(n.nspname::text, 'motcua_before_') GROUP BY n.nspname ORDER BY n.nspname"
                );
                tx.all(schemas, &[]).await
            })
            .await
        }
    }
}

/// Puts a backup in the place of the data at this address and answers what was restored. Nobody else may be at the database: whoever is,
/// has as long as [`StoreOptions::patience`] to go, then the restore is given up ([`BadBackup::InUse`], [`BadBackup::OpenElsewhere`]).
pub async fn restore_beside<R: std::io::Read + Seek + Send + 'static>(
    place: &Target,
    options: &StoreOptions,
    files: &Files,
    rooms: &Rooms,
    input: R,
    now: Moment,
    progress: Progress,
) -> Result<Restored, Error> {
    match place {
        Target::Sqlite(live) => {
            let fresh = swap::sibling(live, "restored");
            // One that was interrupted has left its half.
            swap::clear(&fresh)?;
            let done = async {
                let db = Db::open(&Target::Sqlite(fresh.clone()), options).await?;
                let restored = fill(&db, files, rooms, input, progress).await;
                db.close().await;
                let restored = restored?;
                put_file(&fresh, live, options, now).await.map(|()| restored)
            }
            .await;
            if done.is_err() {
                swap::clear(&fresh)?;
            }
            done
        }
        Target::Postgres(_) => {
            let alone = StoreOptions { connections: 1, workers: 1, ..options.clone() };
            let door = Db::open(place, &alone).await?;
            // The same.
            run(&door, format!("DROP SCHEMA IF EXISTS {FRESH} CASCADE; CREATE SCHEMA {FRESH}")).await?;
            let done = async {
                let fresh = Db::open(place, &StoreOptions { schema: Some(FRESH), ..options.clone() }).await?;
                let restored = fill(&fresh, files, rooms, input, progress).await;
                fresh.close().await;
                let restored = restored?;
                put_schema(&door, options, now).await.map(|()| restored)
            }
            .await;
            if done.is_err() {
                run(&door, format!("DROP SCHEMA IF EXISTS {FRESH} CASCADE")).await?;
            }
            door.close().await;
            done
        }
    }
}

/// Reads the backup in and hands it the files that lie there already.
async fn fill<R: std::io::Read + Seek + Send + 'static>(
    db: &Db,
    files: &Files,
    rooms: &Rooms,
    input: R,
    progress: Progress,
) -> Result<Restored, Error> {
    let restored = read_in(db, Some(files), rooms, opened(rooms, input)?, progress).await?;
    house::take_over(db, files).await?;
    Ok(restored)
}

/// Gives the fresh file the name of the one in use.
async fn put_file(fresh: &Path, live: &Path, options: &StoreOptions, now: Moment) -> Result<(), Error> {
    let (fresh, live, patience) = (fresh.to_owned(), live.to_owned(), options.patience);
    let when = now.local().strftime("%Y%m%d-%H%M%S").to_string();
    let put = tokio::task::spawn_blocking(move || swap::take_place(&fresh, &live, &when, patience));
    put.await.map_err(|_| Error::Panicked)?
}

/// Gives the fresh schema the name of the one in use, in one step.
async fn put_schema(door: &Db, options: &StoreOptions, now: Moment) -> Result<(), Error> {
    let until = Instant::now() + options.patience;
    loop {
        let others = door.read(async |tx: &Read<'_>| others(tx).await).await?;
        if others == 0 {
            break;
        }
        if Instant::now() >= until {
            return Err(BadBackup::InUse(others).into());
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let used: Vec<String> = door.read(async |tx: &Read<'_>| tx.fetch("SELECT current_schema()::text", false, &[]).await).await?;
    let used = used.first().map(|name| name.replace('"', "\"\"")).ok_or(Error::NoRow)?;
    let before = now.local().strftime("motcua_before_%Y%m%d_%H%M%S");
    run(door, format!("ALTER SCHEMA \"{used}\" RENAME TO \"{before}\"; ALTER SCHEMA {FRESH} RENAME TO \"{used}\"")).await
}

/// Connections of others to this database; the server's own helpers do not count.
async fn others(tx: &Read<'_>) -> Result<i64, Error> {
    let text = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                AND coalesce(backend_type, 'client backend') = 'client backend'";
    tx.fetch::<i64>(text, false, &[]).await?.first().copied().ok_or(Error::NoRow)
}

async fn run(db: &Db, script: String) -> Result<(), Error> {
    db.write(async move |tx: &Write<'_>| tx.script(&script).await).await
}
