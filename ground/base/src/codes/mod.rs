//! Codes of agencies, procedures, dossiers and filings.

mod agency;
mod dossier;
mod filing;
mod procedure;

pub use agency::{AgencyCode, AgencyCodeError};
pub use dossier::{DossierCode, DossierCodeError};
pub use filing::{FilingCode, FilingCodeError};
pub use procedure::{ProcedureCode, ProcedureCodeError};

/// Only ASCII digits, and as many as asked.
pub(crate) fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|b| b.is_ascii_digit())
}

/// What people type around a code: outer space and lower case.
pub(crate) fn tidy(text: &str) -> String {
    text.trim().to_ascii_uppercase()
}
