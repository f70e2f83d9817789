//! Who may come in, and by what: accounts, proofs, waits, browsers, the history of sign-ins. Only hashes.
mod accounts;
mod devices;
mod history;
mod proofs;
mod waits;

pub use accounts::*;
pub use devices::*;
pub use history::*;
pub use proofs::*;
pub use waits::*;
