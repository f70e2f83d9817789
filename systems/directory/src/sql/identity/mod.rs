//! Providers of identities, identities, questions on their way, sessions at providers, representation.
mod links;
mod providers;
mod questions;
mod representation;
mod sessions;

pub use links::*;
pub use providers::*;
pub use questions::*;
pub use representation::*;
pub use sessions::*;
