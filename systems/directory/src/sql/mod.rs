//! All SQL of the directory, by aggregate.
pub mod credentials;
pub mod identity;
pub mod people;
pub mod reads;
pub mod time;
pub mod units;
