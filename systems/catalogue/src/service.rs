//! Use cases of the catalogue: load and rights → rule → rows and event.

mod compose;
pub(crate) mod finder;
mod list;
mod publish;
mod settle;

pub use finder::Finder;
pub use list::{put_listing, put_on_list, take_off_list};
pub use publish::{publish, publish_written};
pub use settle::settle_term;

pub(crate) use compose::compose;
