//! Writing tables. What people typed stays text in the spreadsheet program that opens the file: it never becomes a formula.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use crate::{Error, Reason};

/// One cell to write.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, whatever it looks like.
    Text(String),
    /// A whole number.
    Int(i64),
    /// Nothing.
    Blank,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Blank, Into::into)
    }
}

/// Writes CSV as spreadsheet programs like it: UTF-8 with its mark, commas, quotes where needed.
///
/// Text that starts like a formula gets an apostrophe before it; [`open`](crate::open) takes it away again.
pub fn write_csv(out: impl Write, header: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<(), Error> {
    let mut out = out;
    out.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(header.iter().map(|name| guarded(name))).map_err(csv_fault)?;
    for (index, row) in rows.into_iter().enumerate() {
        let line = index as u64 + 2;
        for (column, cell) in row.iter().enumerate() {
            let text = match cell {
                Cell::Text(text) if text.contains('\0') => {
                    return Err(Error::cell(line, column + 1, Reason::Unwritable("a zero byte".to_owned())));
                }
                Cell::Text(text) => guarded(text),
                Cell::Int(number) => number.to_string(),
                Cell::Blank => String::new(),
            };
            csv.write_field(text).map_err(csv_fault)?;
        }
        csv.write_record(None::<&[u8]>).map_err(csv_fault)?;
    }
    csv.flush()?;
    Ok(())
}

/// Writes a workbook of one sheet with a bold, frozen header line. Nothing in it tells when or by whom it was made.
pub fn write_xlsx(sheet: &str, header: &[&str], rows: impl IntoIterator<Item = Vec<Cell>>) -> Result<Vec<u8>, Error> {
    let mut workbook = Workbook::new();
    // The same rows give the same bytes.
    let made = ExcelDateTime::from_ymd(2000, 1, 1).map_err(workbook_fault)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let bold = Format::new().set_bold().set_text_wrap();
    let text_like_a_formula = Format::new().set_quote_prefix();
    let page = workbook.add_worksheet();
    page.set_name(sheet).map_err(workbook_fault)?;
    page.set_freeze_panes(1, 0).map_err(workbook_fault)?;
    for (column, name) in header.iter().enumerate() {
        let place = column_number(1, column)?;
        page.write_string_with_format(0, place, *name, &bold).map_err(|e| cell_fault(1, column, e))?;
        page.set_column_width(place, (name.chars().count() as f64 * 1.2).clamp(10.0, 60.0)).map_err(workbook_fault)?;
    }
    for (index, row) in rows.into_iter().enumerate() {
        let line = index as u64 + 2;
        let at = u32::try_from(line - 1).map_err(|_| Error::at(line, Reason::TooManyRows { limit: u64::from(u32::MAX) }))?;
        for (column, cell) in row.into_iter().enumerate() {
            let place = column_number(line, column)?;
            let written = match cell {
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) if looks_like_formula(&text) => {
                    page.write_string_with_format(at, place, text, &text_like_a_formula)
                }
                Cell::Text(text) => page.write_string(at, place, text),
                // Spreadsheet programs keep 15 digits of a number: longer ones are safe as text only.
                Cell::Int(number) if number.unsigned_abs() >= 1_000_000_000_000_000 => {
                    page.write_string(at, place, number.to_string())
                }
                Cell::Int(number) => page.write_number(at, place, number as f64),
                Cell::Blank => continue,
            };
            written.map_err(|e| cell_fault(line, column, e))?;
        }
    }
    workbook.save_to_buffer().map_err(workbook_fault)
}

/// Whether a spreadsheet program would calculate this text when it stands in a CSV file.
fn looks_like_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Text with the apostrophe that keeps it text; text that already has apostrophes there gets one more, so that none is lost.
fn guarded(text: &str) -> String {
    if looks_like_formula(text.trim_start_matches('\'')) { format!("'{text}") } else { text.to_owned() }
}

/// The reverse of [`guarded`].
pub(crate) fn unguarded(text: String) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if looks_like_formula(rest.trim_start_matches('\'')) => rest.to_owned(),
        _ => text,
    }
}

fn column_number(line: u64, column: usize) -> Result<u16, Error> {
    u16::try_from(column).map_err(|_| Error::at(line, Reason::TooManyColumns { found: column, limit: usize::from(u16::MAX) }))
}

fn csv_fault(error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => Reason::Unwritable(format!("{other:?}")).into(),
    }
}

fn cell_fault(line: u64, column: usize, error: rust_xlsxwriter::XlsxError) -> Error {
    Error::cell(line, column + 1, Reason::Unwritable(error.to_string()))
}

fn workbook_fault(error: rust_xlsxwriter::XlsxError) -> Error {
    Reason::Unwritable(error.to_string()).into()
}
