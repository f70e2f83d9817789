//! What can be wrong with a file, with the place. The wording for people is made where the file was asked for.

use std::fmt;

/// A fault of a file or of one row.
#[derive(Debug)]
pub struct Error {
    /// Line (CSV, JSONL: physical line on which the row starts; XLSX: row number), from 1; none: the file as a whole.
    pub line: Option<u64>,
    /// Column, from 1.
    pub column: Option<usize>,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Over the limit.
    #[error("the file has {bytes} bytes, the limit is {limit}")]
    TooLarge {
        /// Size found.
        bytes: u64,
        /// Size allowed.
        limit: u64,
    },
    /// A workbook that grows over the limit when unpacked.
    #[error("the workbook unpacks to more than {limit} bytes")]
    Bomb {
        /// Size allowed.
        limit: u64,
    },
    /// More rows than allowed.
    #[error("more than {limit} rows")]
    TooManyRows {
        /// Rows allowed.
        limit: u64,
    },
    /// More columns than allowed, in the file's limits or under its own header.
    #[error("{found} columns where at most {limit} can be")]
    TooManyColumns {
        /// Columns found.
        found: usize,
        /// Columns allowed.
        limit: usize,
    },
    /// A cell over the limit.
    #[error("a cell has more than {limit} bytes")]
    CellTooLarge {
        /// Bytes allowed.
        limit: usize,
    },
    /// A line over the limit.
    #[error("the line has more than {limit} bytes")]
    LineTooLong {
        /// Bytes allowed.
        limit: usize,
    },
    /// Bytes that are not the Unicode they should be.
    #[error("not {expected}: byte 0x{byte:02X} at position {position}{}", guess.hint())]
    NotUnicode {
        /// Encoding the file is read in.
        expected: &'static str,
        /// The first byte that does not fit.
        byte: u8,
        /// Its position in the file, from 0.
        position: u64,
        /// What the file probably is.
        guess: Guess,
    },
    /// A zero byte, so not text.
    #[error("a zero byte at position {position}: this is not a text file")]
    Binary {
        /// Its position in the file, from 0.
        position: u64,
    },
    /// A quote that nothing closes.
    #[error("a quoted cell is never closed")]
    OpenQuote,
    /// Text between a closing quote and the next separator.
    #[error("text after a closing quote")]
    AfterQuote,
    /// Required columns that no line names.
    #[error("no header line has the columns {}", missing.join(", "))]
    NoHeader {
        /// The first name of each column missing in the best line.
        missing: Vec<&'static str>,
    },
    /// Two columns with the same meaning.
    #[error("the column {0} is there twice")]
    TwiceInHeader(String),
    /// Old binary workbook, or one locked with a password.
    #[error("an old .xls workbook or one with a password; save it as .xlsx without a password")]
    OldWorkbook,
    /// JSONL where a table is asked for.
    #[error("JSON lines, not a table")]
    NotATable,
    /// Damaged workbook.
    #[error("damaged workbook: {0}")]
    Workbook(String),
    /// A cell that holds an error of the spreadsheet program (#REF!, #N/A …).
    #[error("the cell holds the error {0}")]
    CellError(String),
    /// JSON that cannot be read, or not as what is asked for.
    #[error("{0}")]
    Json(String),
    /// Text that the format cannot hold.
    #[error("cannot be written: {0}")]
    Unwritable(String),
    /// The disk, the pipe.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
}

/// Encoding that a file probably has when it is not Unicode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guess {
    /// Windows-1258: letters with the tone mark after them.
    Windows1258,
    /// TCVN3 ("ABC", the .VnTime fonts).
    Tcvn3,
    /// Nothing known; perhaps cut in the middle of a letter.
    Unknown,
}

impl Guess {
    fn hint(self) -> &'static str {
        match self {
            Self::Windows1258 => "; it looks like Windows-1258, save it as UTF-8",
            Self::Tcvn3 => "; it looks like TCVN3 (ABC), convert it to Unicode",
            Self::Unknown => "",
        }
    }
}

impl Error {
    pub(crate) fn at(line: u64, reason: impl Into<Reason>) -> Self {
        Self { line: Some(line), column: None, reason: reason.into() }
    }

    pub(crate) fn cell(line: u64, column: usize, reason: Reason) -> Self {
        Self { line: Some(line), column: Some(column), reason }
    }

    /// Whether nothing after it can be read: the rows end here.
    pub fn is_fatal(&self) -> bool {
        match self.reason {
            Reason::Io(_) | Reason::TooManyRows { .. } | Reason::Bomb { .. } => true,
            _ => self.line.is_none(),
        }
    }
}

impl From<Reason> for Error {
    fn from(reason: Reason) -> Self {
        Self { line: None, column: None, reason }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Reason::Io(error).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.line, self.column) {
            (Some(line), Some(column)) => write!(f, "line {line}, column {column}: {}", self.reason),
            (Some(line), None) => write!(f, "line {line}: {}", self.reason),
            _ => self.reason.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.reason {
            Reason::Io(error) => Some(error),
            _ => None,
        }
    }
}
