//! Restore on PostgreSQL while a house is there: into a schema of its own, which then takes the name of the one in use. Until that one
//! step nothing has moved, and the old data stays under another name.

use std::{io::Seek, time::Instant};

use base::Moment;

use crate::{
    BadBackup, Db, Error, Files, Read, Restored, StoreOptions, Target, Write,
    backup::{Progress, Rooms},
    restore,
};

/// Where the backup is read into.
const FRESH: &str = "motcua_restored";

/// Puts a backup in the place of the data at this address and answers what was restored. Nobody else may be at the database: whoever is,
/// has as long as [`StoreOptions::patience`] to go, then the restore is given up ([`BadBackup::InUse`]).
pub async fn restore_beside<R: std::io::Read + Seek + Send + 'static>(
    url: &str,
    options: &StoreOptions,
    files: &Files,
    rooms: &Rooms,
    input: R,
    now: Moment,
    progress: Progress,
) -> Result<Restored, Error> {
    let place = Target::Postgres(url.to_owned());
    let alone = StoreOptions { connections: 1, workers: 1, ..options.clone() };
    let door = Db::open(&place, &alone).await?;
    // One that was interrupted has left its half.
    run(&door, format!("DROP SCHEMA IF EXISTS {FRESH} CASCADE; CREATE SCHEMA {FRESH}")).await?;
    let done = async {
        let fresh = Db::open(&place, &StoreOptions { schema: Some(FRESH), ..options.clone() }).await?;
        let restored = restore(&fresh, Some(files), rooms, input, progress).await;
        fresh.close().await;
        let restored = restored?;
        swap(&door, options, now).await.map(|()| restored)
    }
    .await;
    if done.is_err() {
        run(&door, format!("DROP SCHEMA IF EXISTS {FRESH} CASCADE")).await?;
    }
    door.close().await;
    done
}

/// Gives the fresh schema the name of the one in use, in one step.
async fn swap(door: &Db, options: &StoreOptions, now: Moment) -> Result<(), Error> {
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
