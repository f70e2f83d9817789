//! The acts of the one-stop: a module per act, its rights beside it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod given;

mod accept;
mod attach;
mod counter;
mod decisions;
mod drafts;
mod events;
mod filing_pages;
mod form_answers;
mod front;
mod handling;
mod hostile_text;
mod performance;
mod request_supplement;
mod return_and_rate;
mod scenarios;
mod town;
mod walk;
mod words;
