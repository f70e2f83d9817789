//! Messages, from the sender to a real mail server.
mod delivery;
mod texts;
mod words;
