//! What the data layer promises, on both engines.

// Tests want a loud end and a short line.
#![allow(clippy::unwrap_used)]

mod backup;
mod crash;
mod faults;
mod files;
mod house;
mod jobs;
mod log;
mod migrations;
mod place;
mod property;
mod search;
mod together;
mod units;
