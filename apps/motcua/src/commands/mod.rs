//! One file per command.
pub mod config;
pub mod import;
pub mod questions;
pub mod user;
