//! The one-stop: a dossier from filing to the result in hand.
//!
//! Vocabulary: a *draft* is not filed yet; a *filing* is filed and not accepted; with form 01 it becomes a *dossier* with a gapless code
//! and a due time; *steps* of the procedure are worked on in the competent unit; the *result* is issued there and *returned* at a desk.
//! In code, an [`objection::Objection`] is what the house does not allow now; *refusal* is form 03 and nothing else.
//!
//! # How to add an act
//!
//! 1. [`acts`]: its rights. 2. [`events`]: what happened, with a frozen sample in `tests/samples/`. 3. [`decide`]: the rule, pure.
//! 4. [`row`]: how the event changes the row. 5. [`service`]: load for the act → decide → save. 6. a page and an API route that call it.
//! 7. `tests/`: a module named after the act, its rights beside it.

pub mod acts;
pub mod api;
pub mod counter;
pub mod decide;
pub mod dossier;
pub mod draft;
pub mod events;
pub mod form;
pub mod messages;
pub mod objection;
pub mod pages;
pub mod pickers;
pub mod places;
pub mod prefill;
pub mod printing;
mod room;
pub mod row;
pub mod sent;
pub mod service;
pub mod sql;
pub mod story;

pub use room::{MIGRATIONS, room};
pub use service::Terms;

web::catalogue!("../i18n/en.toml");
