//! Numbers of people and taxpayers.

mod citizen;
mod tax;

pub use citizen::{CitizenId, CitizenIdError, Sex};
pub use tax::{TaxCode, TaxCodeError};
