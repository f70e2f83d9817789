//! XLSX, read part by part under a budget of unpacked bytes. Our own reader, because a general one may reserve memory for as many
//! strings as the file claims to have; this one keeps only what it has seen.

mod cells;
mod parts;
mod values;

use std::io::{Read, Seek};

use crate::rows::{Rows, under_header};
use crate::{Column, Error, Header, Limits};

/// How many sheets are tried for one that has the header.
const SHEETS: usize = 20;

pub(crate) fn open(source: impl Read + Seek, columns: &[Column], limits: &Limits) -> Result<(Header, Rows), Error> {
    let mut book = parts::Book::open(source, limits.unpacked)?;
    let strings = std::sync::Arc::new(book.strings()?);
    let styles = std::sync::Arc::new(book.styles()?);
    let mut first_error = None;
    for path in book.sheets()?.into_iter().take(SHEETS) {
        let xml = book.part(&path)?.ok_or_else(|| parts::damaged("a sheet is missing"))?;
        let rows = cells::SheetRows::new(xml, std::sync::Arc::clone(&strings), std::sync::Arc::clone(&styles), limits)?;
        match under_header(Box::new(rows), false, columns, limits) {
            Ok(found) => return Ok(found),
            Err(error) => {
                first_error.get_or_insert(error);
            }
        }
    }
    Err(first_error.unwrap_or_else(|| parts::damaged("no sheet in it")))
}
