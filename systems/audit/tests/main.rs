//! Evidence: a module per promise.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod house;
mod office;

mod auditor;
mod bills;
mod ceilings;
mod events;
mod merkle;
mod pages;
mod stamps;
mod tamper;
mod watch;
mod words;
