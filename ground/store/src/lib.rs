//! SQLite or PostgreSQL behind one small face.
//!
//! ```ignore
//! let db = Db::open(&Target::Sqlite("motcua.db".into()), &StoreOptions::default()).await?;
//! migrate(&db, &[("onestop", MIGRATIONS)]).await?;
//!
//! let by = By::new(person, Some(post), clock.now());               // outside the unit: it may run again
//! let code = db.write(async move |tx: &Write<'_>| {
//!     let row: Option<(Uuid, i64)> = tx.opt(sql!("SELECT id, version FROM dossier WHERE code = $1"), &[&code]).await?;
//!     let (id, version) = row.ok_or(Error::NoRow)?;
//!     tx.run(sql!("UPDATE dossier SET state = $1 WHERE id = $2"), &[&State::Accepted, &id]).await?;
//!     append(tx, &by, Loaded::at::<DossierEvent>(id, version), &[DossierEvent::Accepted { .. }]).await?;
//!     enqueue(tx, &by, &Mail { .. }).await?;
//!     number(tx, &Series::of_day("H12.34.1", by.now)).await            // late: shortest lock
//! }).await?;
//! ```
//!
//! - A struct read from a row: `from_row!(Dossier { id, code, name })`, columns in the order of the SELECT; tuples and single columns read by themselves.
//!   Own types: `text_value!(State)` (Display + FromStr), `uuid_value!(DossierId)` (a newtype).
//! - SQL is the common subset of both engines: `ON CONFLICT`, `RETURNING`, CTEs, window functions, partial indexes. No sequences, `now()`, arrays,
//!   `ILIKE`. A nullable parameter is `CAST($1 AS text) IS NULL OR …`. Filters built at run time: `tx.all_dyn(&sea_query::SelectStatement)`.
//! - The closure awaits nothing but `tx`. Hashing, files and papers come before or after, long work is a [`Job`].
//! - A failed statement ends the unit: catch nothing, check first (`ON CONFLICT DO NOTHING` and count).
//! - One more table: a migration in your room, types `uuid bigint text boolean bytea`, JSON as `text`, time as `bigint` µs ([`base::Moment`]).
//! - One more effect after an event: a [`Listener`]; its outside part: a [`Job`] with its [`Work`].
//! - A server calls [`start`] once with the [`Crew`] of all rooms; a test or a command calls [`settle`] and [`work_off`] instead.
//! - Bytes: [`Files::put`] before the unit, [`keep`] inside. A program opens its tables and its files together, by [`open_house`].

pub mod answers;
pub mod backup;
mod beside;
mod crew;
mod db;
mod error;
pub mod evidence;
pub mod files;
mod house;
pub mod jobs;
pub mod keeper;
pub mod lease;
pub mod listen;
pub mod log;
pub mod migrate;
mod postgres;
pub mod restore;
mod run;
pub mod schema;
pub mod search;
pub mod series;
mod sql;
mod sqlite;
mod swap;
pub mod sweep;
mod value;

pub use answers::{Key, answered, forget_answers, remember};
pub use backup::{Manifest, backup, damaged_files};
pub use beside::{Before, befores, restore_beside};
pub use crew::{Crew, Running, settle, start, work_off};
pub use db::{Db, EngineKind, Read, StoreOptions, Target, Write, counting};
pub use error::{BadBackup, Error};
pub use evidence::{chain_link, events_without_place, log_head, places, proven_events};
pub use files::{FileId, FileRow, Files, Stored, file, keep, let_go};
pub use house::open_house;
pub use jobs::{
    Halt, Hand, Job, JobId, JobRun, JobState, JobView, Work, cancel, enqueue, enqueue_at, hand, job, job_state, jobs,
    jobs_under_way,
};
pub use keeper::{ChainReport, LogState, destroy_payloads, log_state, verify_chain};
pub use lease::{lease, release};
pub use listen::{Ear, Listener, ListenerState, Parked, ear, hear_again, listeners, parked};
pub use log::{By, Event, Loaded, Recorded, Version, append, events};
pub use migrate::{Migration, migrate};
pub use restore::{Restored, restore, verify_backup};
pub use series::{Series, number};
pub use sql::{STATEMENTS, Sql, linkme, prepare_all, statements};
pub use sweep::{Swept, sweep};
pub use value::{Bound, Cell, Column, FromRow, Row, Value};

text_value!(base::AgencyCode, base::ProcedureCode, base::DossierCode, base::FilingCode, base::CitizenId, base::TaxCode);

impl Value for base::Money {
    fn bound(&self) -> Bound<'_> {
        Bound::Int(self.amount())
    }
}
impl Column for base::Money {
    fn from_cell(cell: Cell<'_>) -> Result<Self, String> {
        i64::from_cell(cell).map(base::Money::dong)
    }
}
