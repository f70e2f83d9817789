//! The list of rooms, in floor order. Migrations, menus, addresses, listeners, jobs, `doctor` and the tests follow from it.
use store::Migration;

/// Tables of all rooms, in the order in which they are made.
pub fn migrations() -> Vec<(&'static str, &'static [Migration])> {
    vec![("directory", directory::MIGRATIONS), ("motcua", MIGRATIONS)]
}

/// The program's own tables.
const MIGRATIONS: &[Migration] = &[Migration { number: 1, name: "notes", sql: include_str!("../migrations/0001_notes.sql") }];
