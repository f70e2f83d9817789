//! One file per command.
pub mod config;
