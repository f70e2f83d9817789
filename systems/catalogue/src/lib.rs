//! Procedures as versioned packages; authority by date.
mod list;
pub mod package;
pub mod record;
pub mod search;
mod version;

pub use list::{OnList, on_list};
pub use version::{Error, Origin, Version, VersionId, current, frozen, publish, put_on_list, receivable};

/// Tables of this system.
pub const MIGRATIONS: &[store::Migration] =
    &[store::Migration { number: 1, name: "versions", sql: include_str!("../migrations/0001_versions.sql") }];

/// The catalogue as one value.
pub fn room() -> web::Room {
    web::Room::new("catalogue").migrations(MIGRATIONS)
}
