//! What the data layer promises, on both engines.

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
mod units;
