//! What programs are shown and what they send.

mod dossier;
mod draft;
mod files;
mod handling;
mod history;
mod person;
mod reception;
mod tracking;

pub use dossier::*;
pub use draft::*;
pub use files::*;
pub use handling::*;
pub use history::*;
pub use person::*;
pub use reception::*;
pub use tracking::*;
