//! From settings to an open house: data folder, database with its tables, file store, clock.
use crate::{config::Config, rooms, sql};
use base::Clock;
use miette::{Diagnostic, Result};
use std::path::PathBuf;
use store::{Db, Files, Read, StoreOptions, Target, Write};

/// An open house.
#[derive(Clone)]
pub struct Open {
    /// The database.
    pub db: Db,
    /// The file store.
    pub files: Files,
    /// The time.
    pub clock: Clock,
}

/// Why it does not open.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub enum NotOpen {
    /// The data folder.
    #[error("the data folder {folder} cannot be used: {source}")]
    #[diagnostic(code(motcua::data), help("set MOTCUA_DATA to a folder that you may write to"))]
    Folder {
        /// Which.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The database.
    #[error("the database {target} does not open: {source}")]
    #[diagnostic(code(motcua::database), help("{}", help(target)))]
    Database {
        /// Which, without its password.
        target: String,
        /// Why.
        source: store::Error,
    },
    /// Its tables.
    #[error("the tables of {target} cannot be brought up to date: {source}")]
    #[diagnostic(code(motcua::migrate), help("nothing was changed halfway; a backup of a newer program needs that program"))]
    Tables {
        /// Which, without its password.
        target: String,
        /// Why.
        source: store::Error,
    },
    /// The file store.
    #[error("the file store in {folder} cannot be used: {source}")]
    #[diagnostic(code(motcua::files), help("the folder must be writable and its disk must have room"))]
    Files {
        /// Which.
        folder: PathBuf,
        /// Why.
        source: store::Error,
    },
}

fn help(target: &str) -> &'static str {
    if target.starts_with("postgres") {
        "DATABASE_URL is postgresql://user:password@host/database; the database must exist, be UTF8 and have collation C"
    } else {
        "is another copy of the program restoring into it, or is the disk full?"
    }
}

/// Where the data lives.
pub fn target(config: &Config) -> Target {
    match &config.database_url {
        Some(url) => Target::Postgres(url.clone()),
        None => Target::Sqlite(config.data.join("motcua.db")),
    }
}

/// Opens the house, making what is not there yet. Any command may do so beside the server.
pub async fn open(config: &Config) -> Result<Open> {
    let open = connect(config).await?;
    let target = format!("{:?}", target(config));
    store::migrate(&open.db, &rooms::migrations()).await.map_err(|source| NotOpen::Tables { target, source })?;
    Ok(open)
}

/// The same without its tables: for what makes them itself (restore).
pub async fn connect(config: &Config) -> Result<Open> {
    let folder = || config.data.clone();
    make_private(&config.data).map_err(|source| NotOpen::Folder { folder: folder(), source })?;
    let target = target(config);
    let name = format!("{target:?}");
    let options = StoreOptions { connections: config.database_connections as usize, ..StoreOptions::default() };
    let db = Db::open(&target, &options).await.map_err(|source| NotOpen::Database { target: name, source })?;
    let files = config.data.join("files");
    let files = Files::folder(&files).await.map_err(|source| NotOpen::Files { folder: files, source })?;
    Ok(Open { db, files, clock: Clock::system() })
}

/// Makes the data folder when it is not there: nobody else on the machine may look into it.
fn make_private(folder: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

impl Open {
    /// What the program noted under this name.
    pub async fn note(&self, name: &'static str) -> Result<Option<String>, store::Error> {
        self.db.read(async move |tx: &Read<'_>| sql::note(tx, name).await).await
    }

    /// Notes something.
    pub async fn set_note(&self, name: &'static str, value: String) -> Result<(), store::Error> {
        let now = self.clock.now();
        self.db.write(async move |tx: &Write<'_>| sql::set_note(tx, name, &value, now).await).await
    }
}
