//! Procedures as versioned packages; authority by date.
pub mod package;
pub mod record;
