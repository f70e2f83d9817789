//! The acts of the one-stop: a module per act; who may do which in `rights`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod given;

mod accept;
mod addresses;
mod attach;
mod ceilings;
mod check_paper;
mod claim;
mod counter;
mod decisions;
mod determine_competence;
mod drafts;
mod events;
mod evidence;
mod filing_pages;
mod form_answers;
mod front;
mod hostile_text;
mod inbox;
mod index;
mod issue;
mod late_entries;
mod listed;
mod looks;
mod notes_and_files;
mod order_of_facts;
mod pass;
mod pass_on;
mod performance;
mod person;
mod release;
mod request_supplement;
mod resolve;
mod return_and_rate;
mod rights;
mod scenarios;
mod send_back;
mod supplement;
mod town;
mod version_followed;
mod version_in_force;
mod walk;
mod words;
