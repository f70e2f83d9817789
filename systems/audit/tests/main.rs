//! Evidence: a module per promise.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod house;
mod office;

mod auditor;
mod bills;
mod events;
mod merkle;
mod stamps;
mod tamper;
mod watch;
mod words;
