//! Messages, from the sender to a real mail server.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
mod delivery;
mod served;
mod texts;
mod wishes;
mod words;
