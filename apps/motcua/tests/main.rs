//! The whole house.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
mod command_line;
mod doors;
mod floors;
mod glossary;
mod gone;
mod keep;
mod once;
mod orders;
mod pairs;
mod promises;
mod security;
mod statements;
mod town;
mod walk;
mod words;
