//! Use cases: load with rights → decide → save and append. Each is named after what happens.
pub mod account;
pub mod citizens;
pub mod identity;
pub mod import;
pub mod people;
pub mod reads;
pub mod sessions;
pub mod sign_in;
pub mod time;
pub mod units;
