//! Tables as files: CSV, XLSX and JSONL, read and written without trusting them.
//!
//! [`open`] finds out what a file is by its content, finds the header line by the names of its columns, and gives the rows one by one
//! with the line number a person sees in a spreadsheet program. A bad row is an error with line, column and reason; the rows after
//! it are still read. Nothing panics on any bytes, and memory stays within [`Limits`].
//!
//! ```
//! use sheet::{Column, Limits};
//!
//! const COLUMNS: &[Column] = &[
//!     Column::required("code", &["Mã thủ tục", "Mã TTHC"]),
//!     Column::required("name", &["Tên thủ tục"]),
//! ];
//! let file = std::io::Cursor::new("Mã TTHC;TÊN THỦ TỤC\n1.001193;Đăng ký khai sinh\n");
//! let sheet = sheet::open(file, COLUMNS, &Limits::default())?;
//! for row in sheet.rows {
//!     let row = row?;
//!     assert_eq!((row.line, row.get("code"), row.get("name")), (2, "1.001193", "Đăng ký khai sinh"));
//! }
//! # Ok::<(), sheet::Error>(())
//! ```
//!
//! How to add a format: a module that yields [`Raw`](rows) rows, its mark in [`Format::of`], its arm in [`open`], its round trip in the tests.

mod csv;
mod encoding;
mod error;
mod header;
mod jsonl;
mod limits;
mod rows;
mod write;
mod xlsx;

use std::io::{Read, Seek, SeekFrom};

pub use error::{Error, Guess, Reason};
pub use header::{Column, Header};
pub use jsonl::{Line, jsonl};
pub use limits::Limits;
pub use rows::{Row, Rows};
pub use write::{Cell, write_csv, write_xlsx};

/// A table being read.
#[derive(Debug)]
pub struct Sheet {
    /// What the file is.
    pub format: Format,
    /// Where the columns stand.
    pub header: Header,
    /// The rows below the header, blank ones left out.
    pub rows: Rows,
}

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with separators.
    Csv,
    /// Office Open XML workbook; its first sheet is read.
    Xlsx,
    /// One JSON object a line: read it with [`jsonl`].
    Jsonl,
}

impl Format {
    /// What the content says it is; the name of a file is never asked.
    pub fn of(source: &mut (impl Read + Seek)) -> Result<Self, Error> {
        let mut start = Vec::new();
        source.seek(SeekFrom::Start(0))?;
        source.by_ref().take(4096).read_to_end(&mut start)?;
        source.seek(SeekFrom::Start(0))?;
        if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
            return Ok(Self::Xlsx);
        }
        if start.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(Reason::OldWorkbook.into());
        }
        match first_letters(&start).trim_ascii_start().first() {
            Some(b'{') => Ok(Self::Jsonl),
            Some(_) => Ok(Self::Csv),
            None if start.len() == 4096 => Ok(Self::Csv),
            None => Err(Reason::Empty.into()),
        }
    }
}

/// The first bytes as ASCII letters would stand in UTF-8: without a mark, and without the zero bytes of UTF-16.
fn first_letters(start: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let every_other = |bytes: &[u8], from: usize| bytes.iter().skip(from).step_by(2).copied().collect::<Vec<u8>>();
    match start {
        [0xEF, 0xBB, 0xBF, text @ ..] => text.into(),
        [0xFF, 0xFE, text @ ..] => every_other(text, 0).into(),
        [0xFE, 0xFF, text @ ..] => every_other(text, 1).into(),
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => every_other(start, 0).into(),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => every_other(start, 1).into(),
        text => text.into(),
    }
}

/// Opens a CSV or XLSX file and finds its header: the first line, among the first few, that names every required column.
pub fn open(mut source: impl Read + Seek + Send + 'static, columns: &[Column], limits: &Limits) -> Result<Sheet, Error> {
    let bytes = source.seek(SeekFrom::End(0))?;
    if bytes > limits.bytes {
        return Err(Reason::TooLarge { bytes, limit: limits.bytes }.into());
    }
    let format = Format::of(&mut source)?;
    let (header, rows) = match format {
        Format::Csv => csv::open(source, columns, limits)?,
        Format::Xlsx => xlsx::open(source, columns, limits)?,
        Format::Jsonl => return Err(Reason::NotATable.into()),
    };
    Ok(Sheet { format, header, rows })
}
