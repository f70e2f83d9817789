//! Messages to people: templates, channels, delivery state.
mod message;
pub mod template;

pub use message::{Error, Notice, tell};

/// Tables of this system.
pub const MIGRATIONS: &[store::Migration] =
    &[store::Migration { number: 1, name: "messages", sql: include_str!("../migrations/0001_messages.sql") }];

/// The notices as one value.
pub fn room() -> web::Room {
    web::Room::new("notices").migrations(MIGRATIONS)
}
