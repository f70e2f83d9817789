//! What can go wrong between a unit of work and the database: one enum, the same on both engines.

/// An error of the data layer. Cloneable, because one failed commit answers many units.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Somebody else changed it first, also after the unit was run again.
    #[error("somebody else changed it first")]
    Conflict,
    /// The closure awaited something that is not the database.
    #[error("a unit of work may await nothing but the database")]
    Waited,
    /// The closure panicked; its unit was rolled back, others were not touched.
    #[error("the unit of work panicked")]
    Panicked,
    /// A statement of this unit failed and the unit went on all the same: it was rolled back.
    #[error("the unit of work went on after a failed statement: {0}")]
    WentOn(Box<Error>),
    /// `one` found no row.
    #[error("no row")]
    NoRow,
    /// `one` or `opt` found more than one row.
    #[error("more than one row")]
    ManyRows,
    /// A unique key is taken.
    #[error("already there: {0}")]
    Taken(String),
    /// A rule of the schema refused the row (foreign key, check, not null, type).
    #[error("the database refused the row: {0}")]
    Refused(String),
    /// The database cannot be reached. Nothing was written; try again later.
    #[error("the database cannot be reached: {0}")]
    Away(String),
    /// The database stayed locked or the queue stayed full. Nothing was written; try again.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The disk is full. Nothing was written.
    #[error("no space left: {0}")]
    Full(String),
    /// The answer to a commit was lost: it may or may not have happened. The idempotency row says which.
    #[error("the answer to the commit was lost: {0}")]
    Lost(String),
    /// The same idempotency key came with another body.
    #[error("this key was used for another request")]
    KeyReused,
    /// A column does not hold what the program expects.
    #[error("column {column}: {reason}")]
    Column {
        /// Position in the row, from 0.
        column: usize,
        /// What was expected and found.
        reason: String,
    },
    /// A value cannot be bound (text with a NUL character, …).
    #[error("cannot bind: {0}")]
    Value(String),
    /// The database refused a statement: a fault of the program.
    #[error("{message} [{code}] in {sql}")]
    Statement {
        /// Code of the engine.
        code: String,
        /// Words of the engine.
        message: String,
        /// Beginning of the statement.
        sql: String,
    },
    /// The schema on disk and the program do not fit.
    #[error("migration: {0}")]
    Migration(String),
    /// An event, job or answer cannot be written as or read from JSON.
    #[error("json: {0}")]
    Json(String),
    /// The file store failed.
    #[error("file store: {0}")]
    File(String),
    /// A file is larger than allowed; nothing was kept.
    #[error("larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The environment is not fit for use (version, collation, encoding).
    #[error("unfit: {0}")]
    Unfit(String),
    /// The file store belongs to another database. Nothing was changed.
    #[error("the file store belongs to another database")]
    OtherFiles,
    /// The file store holds files and does not say whose they are, while this database has had its own. Nothing was changed.
    #[error("the file store does not say whose it is; the database is that of house {0}")]
    NamelessFiles(uuid::Uuid),
    /// A backup cannot be read into this database.
    #[error("backup: {0}")]
    Backup(#[from] BadBackup),
}

/// Why a backup cannot be read. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBackup {
    /// Cut off, or another kind of file altogether.
    #[error("this is no whole backup of ours: {0}")]
    NotWhole(String),
    /// A part has not the rows or the checksum that the manifest names.
    #[error("{0} is damaged")]
    Damaged(String),
    /// Made by a newer program, or by one with other rooms.
    #[error("it was made by a newer program or another one: {0}")]
    OtherProgram(String),
    /// There is something already where it should go.
    #[error("the database is not empty: it has {0} tables. Restore into a new one")]
    NotEmpty(usize),
    /// Somebody else is at the database that it should take the place of.
    #[error("{0} other connections use the database: stop the other servers first")]
    InUse(i64),
    /// The same on SQLite, which does not say how many.
    #[error("another program has the database open: end it first")]
    OpenElsewhere,
}

impl Error {
    /// True when nothing was written and the same call may succeed later without any change.
    pub fn is_passing(&self) -> bool {
        matches!(self, Error::Away(_) | Error::Busy(_) | Error::Full(_) | Error::Conflict)
    }

    /// Adds the statement to an error that has none yet.
    pub(crate) fn at(self, sql: &str) -> Error {
        match self {
            Error::Statement { code, message, sql: old } if old.is_empty() => {
                Error::Statement { code, message, sql: sql.chars().take(200).collect() }
            }
            other => other,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Self {
        Error::Json(e.to_string())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as C;
        let words = e.to_string();
        let Some(inner) = e.sqlite_error() else {
            return Error::Statement { code: "sqlite".into(), message: words, sql: String::new() };
        };
        match (inner.code, inner.extended_code) {
            (_, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY) => Error::Taken(words),
            (C::ConstraintViolation, _) => Error::Refused(words),
            (C::DatabaseBusy | C::DatabaseLocked, _) => Error::Busy(words),
            (C::DiskFull, _) => Error::Full(words),
            (C::CannotOpen | C::SystemIoFailure, _) => Error::Away(words),
            (_, code) => Error::Statement { code: format!("sqlite {code}"), message: words, sql: String::new() },
        }
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(e: tokio_postgres::Error) -> Self {
        use tokio_postgres::error::SqlState as S;
        let Some(db) = e.as_db_error() else {
            return if e.is_closed() || std::error::Error::source(&e).is_some_and(|s| s.is::<std::io::Error>()) {
                Error::Away(words(&e))
            } else {
                Error::Statement { code: "postgres".into(), message: words(&e), sql: String::new() }
            };
        };
        let text = db.to_string();
        match db.code() {
            c if *c == S::UNIQUE_VIOLATION => Error::Taken(text),
            c if *c == S::T_R_SERIALIZATION_FAILURE || *c == S::T_R_DEADLOCK_DETECTED => Error::Conflict,
            c if *c == S::DISK_FULL => Error::Full(text),
            c if *c == S::TOO_MANY_CONNECTIONS || c.code() == "55P03" => Error::Busy(text),
            c if c.code().starts_with("57P") || c.code().starts_with("08") => Error::Away(text),
            c if c.code().starts_with("23") => Error::Refused(text),
            c => Error::Statement { code: c.code().into(), message: text, sql: String::new() },
        }
    }
}

/// An error with its sources: the driver's own words alone say little.
fn words(e: &dyn std::error::Error) -> String {
    let mut text = e.to_string();
    let mut next = e.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}
