//! What the data layer promises, on both engines.

mod house;
mod jobs;
mod log;
mod units;
