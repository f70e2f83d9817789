//! Official papers as PDF/A-2a + PDF/UA-1.
//!
//! A paper is a struct with everything that is printed on it; [`render`] gives the file. The same struct gives the same bytes on
//! every machine: the id and the date are passed in, the fonts are embedded (Tinos, metric-compatible with the typeface that
//! NĐ 30/2020 asks for), and the system's fonts, files and network are out of reach.
//!
//! ```
//! use paper::{Paper, Slip};
//!
//! let (_, slip) = Slip::samples().remove(0);
//! let pdf = paper::render(&slip)?;
//! assert!(pdf.starts_with(b"%PDF-1.7"));
//! # Ok::<(), paper::Error>(())
//! ```
//!
//! How to add a paper: its struct with `impl Paper` in a file of its own (words and samples included), its template beside the
//! others in `templates/` (layout from `shared.typ`), its line in the table of templates in `press.rs`, in `gallery.rs` and in the tests.

mod parts;
mod press;
mod print;
mod receipt;
mod result_sheet;
mod samples;
mod slip;
mod supplement;
mod words;

pub use parts::*;
pub use print::{BOX, unprintable};
pub use receipt::{AcceptanceReceipt, PaperReceived};
pub use result_sheet::{ResultSheet, Signer};
pub use slip::Slip;
pub use supplement::{Code, Stage, SupplementItem, SupplementRequest};

/// Why a paper could not be made. None of these is the reader's fault: they are faults of the program or of its caller.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Text too long for a QR code.
    #[error("{0} bytes do not fit into a QR code")]
    Qr(usize),
    /// Data that no paper can carry.
    #[error("bad data for a paper: {0}")]
    Data(&'static str),
    /// The template objects; a fault of this crate.
    #[error("typesetting failed: {0}")]
    Template(String),
}

/// A paper that can be typeset.
pub trait Paper: Sized {
    /// Title, as shown by PDF readers and read aloud.
    fn title(&self) -> String;

    /// Identity and date.
    fn issue(&self) -> &Issue;

    /// Fictitious examples with their names: used by the tests, the gallery and the screens that preview a paper.
    fn samples() -> Vec<(&'static str, Self)>;

    /// Template and words; the way from data to layout, open to this crate only.
    #[doc(hidden)]
    fn sheet(&self) -> Result<Sheet, Error>;
}

/// What a template is given.
#[doc(hidden)]
pub struct Sheet {
    pub(crate) template: &'static str,
    pub(crate) words: serde_json::Value,
}

/// Typesets a paper.
///
/// Takes some milliseconds of one core: call it outside a database unit, on a blocking thread.
pub fn render(paper: &impl Paper) -> Result<Vec<u8>, Error> {
    proof(paper).map(|(pdf, _)| pdf)
}

/// As [`render`], with the warnings of the typesetter: for whoever writes a template.
pub fn proof(paper: &impl Paper) -> Result<(Vec<u8>, Vec<String>), Error> {
    let Sheet { template, words } = paper.sheet()?;
    press::typeset(press::Job { template, title: paper.title(), issue: paper.issue(), words })
}
