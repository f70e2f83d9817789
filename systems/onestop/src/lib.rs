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
//! 7. `tests/`: a module named after the act, its rights in `tests/rights.rs`.
//!
//! # How a page or a call takes files
//!
//! The handler takes [`sent::Sent`]; files are judged and stored while they come (by `web::upload`), those a script sent before by tus are
//! named in `tep.{paper}.id`. In the unit of work each of [`sent::Sent::papers`] goes to [`service::attach`], which asks for rights, the
//! paper and the limits; [`sent::Sent::file_faults`] are told beside their fields. A page draws
//! `web::files("tep.{paper}", …).many().endpoint(web::upload::endpoint(realm)).remove("/address")`.
//!
//! # How a question depends on an answer
//!
//! `show_if` in the package's `form.json`. The page carries it hidden and switched off; the script shows it, without one the page comes
//! again with it (`pages::filing`). What is switched off is neither sent, nor asked, nor kept.

pub mod acts;
pub mod address;
pub mod api;
pub mod changes;
pub mod counter;
pub mod decide;
pub mod dossier;
pub mod draft;
pub mod events;
pub mod evidence;
pub mod form;
pub mod index;
pub mod letterhead;
pub mod messages;
pub mod objection;
pub mod pages;
pub mod performance;
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

web::catalogue!("../i18n/en.toml");
