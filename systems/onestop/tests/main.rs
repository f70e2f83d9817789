//! The acts of the one-stop: a module per act, its rights beside it.

mod given;

mod accept;
mod form_answers;
mod handling;
mod request_supplement;
mod return_and_rate;
mod scenarios;
