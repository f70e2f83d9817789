//! One database for one test, on either engine.
use crate::postgres;
use std::path::PathBuf;

/// The two engines every promise holds on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A database in the shared cluster.
    Postgres,
}

/// One database, gone when dropped.
#[derive(Debug)]
pub struct Place {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Sqlite(tempfile::TempDir),
    Postgres(postgres::Database),
}

impl Engine {
    /// Both, for loops.
    pub const ALL: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

    /// An empty database.
    pub async fn fresh(self) -> Place {
        let kind = match self {
            Engine::Sqlite => Kind::Sqlite(folder()),
            Engine::Postgres => Kind::Postgres(postgres::Database::create(None).await),
        };
        Place { kind }
    }

    /// A copy of a database that is made once per run: migrated, or filled with much data.
    ///
    /// `key` must change whenever `make` would make something else (hash what it is made from).
    pub async fn copy_of(self, key: &str, make: impl AsyncFnOnce(&Place)) -> Place {
        match self {
            Engine::Sqlite => {
                let made = sqlite_template(key, make).await;
                let folder = folder();
                std::fs::copy(&made, folder.path().join(FILE)).unwrap();
                Place { kind: Kind::Sqlite(folder) }
            }
            Engine::Postgres => {
                let template = postgres::template(key, async |database| {
                    let place = Place { kind: Kind::Postgres(database) };
                    make(&place).await;
                    let Kind::Postgres(database) = place.kind else { unreachable!() };
                    database
                });
                Place { kind: Kind::Postgres(postgres::Database::create(Some(&template.await)).await) }
            }
        }
    }
}

impl Engine {
    /// An open database with the tables of these rooms (and of the ground); migrated once per run, then copied.
    pub async fn migrated(self, rooms: &[(&'static str, &'static [store::Migration])]) -> (store::Db, Place) {
        let mut hash = 0xcbf2_9ce4_8422_2325u64;
        let texts = [("store", store::migrate::GROUND)].into_iter().chain(rooms.iter().copied()).flat_map(|(_, steps)| steps);
        for byte in texts.flat_map(|step| step.sql.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        }
        let place = self
            .copy_of(&format!("schema_{hash:016x}"), async |place| {
                store::migrate(&place.db().await, rooms).await.unwrap();
            })
            .await;
        (place.db().await, place)
    }
}

impl Place {
    /// Opens it.
    pub async fn db(&self) -> store::Db {
        let options = store::StoreOptions { connections: 8, ..Default::default() };
        store::Db::open(&self.target(), &options).await.unwrap()
    }

    /// Which engine this is.
    pub fn engine(&self) -> Engine {
        match self.kind {
            Kind::Sqlite(_) => Engine::Sqlite,
            Kind::Postgres(_) => Engine::Postgres,
        }
    }

    /// What `store::Db::open` takes.
    pub fn target(&self) -> store::Target {
        match &self.kind {
            Kind::Sqlite(folder) => store::Target::Sqlite(folder.path().join(FILE)),
            Kind::Postgres(database) => store::Target::Postgres(database.url()),
        }
    }

    /// The address as `DATABASE_URL` would hold it; nothing for SQLite.
    pub fn url(&self) -> Option<String> {
        match &self.kind {
            Kind::Sqlite(_) => None,
            Kind::Postgres(database) => Some(database.url()),
        }
    }

    /// A folder for the SQLite file, for `MOTCUA_DATA`.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        match &self.kind {
            Kind::Sqlite(folder) => Some(folder.path().join(FILE)),
            Kind::Postgres(_) => None,
        }
    }
}

const FILE: &str = "motcua.db";

fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("motcua-test-").tempdir_in(crate::memory_folder()).unwrap()
}

async fn sqlite_template(key: &str, make: impl AsyncFnOnce(&Place)) -> PathBuf {
    let home = postgres::home();
    std::fs::create_dir_all(&home).unwrap();
    let made = home.join(format!("{key}.sqlite"));
    let _lock = postgres::lock(&home.join(format!("{key}.sqlite.lock")));
    if !made.exists() {
        let place = Place { kind: Kind::Sqlite(folder()) };
        make(&place).await;
        let file = place.sqlite_file().unwrap();
        // Connections that go at the same moment leave the write-ahead log to the next one that comes: it is folded into the file here.
        let last = rusqlite::Connection::open(&file).unwrap();
        last.busy_timeout(std::time::Duration::from_secs(20)).unwrap();
        let busy: bool = last.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
        assert!(!busy, "close the database before its template is copied");
        drop(last);
        std::fs::copy(file, &made).unwrap();
    }
    made
}
