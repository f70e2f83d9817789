//! One file per command.
pub mod audit;
pub mod backup;
pub mod config;
pub mod doctor;
pub mod import;
pub mod openapi;
pub mod questions;
pub mod search;
pub mod user;
