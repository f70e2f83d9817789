//! Rules of the ground floor, one module per subject. Names of tests are the sentences they prove; rule ids stand in them or beside them.

#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap has failed")]

mod calendar;
mod card;
mod codes;
mod due;
mod ids;
mod lunar;
mod money;
mod person;
mod text;
mod time;
mod vectors;
mod wording;
