//! One module per act, and its rights beside it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
mod administration;
mod api;
mod change_over;
mod citizens;
mod doors;
mod events;
mod hostile;
mod identity;
mod identity_officers;
mod identity_refused;
mod identity_rights;
mod import_units;
mod logout_orders;
mod person_leaves;
mod policy;
mod posts;
mod posts_rights;
mod reads;
mod real_provider;
mod sign_in;
mod sign_in_pages;
mod time;
mod town;
mod units;
mod units_rights;
mod words;
