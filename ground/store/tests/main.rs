//! What the data layer promises, on both engines.

mod files;
mod house;
mod jobs;
mod log;
mod search;
mod units;
