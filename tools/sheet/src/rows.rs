//! Rows, whatever the file is.

use std::sync::Arc;

use crate::header::LINES_ABOVE;
use crate::{Column, Error, Header, Limits, Reason};

/// A row before it is known which column is which.
pub(crate) type Raw = (u64, Vec<String>);

/// Where raw rows come from.
pub(crate) type Source = Box<dyn Iterator<Item = Result<Raw, Error>> + Send>;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Line in the file, from 1.
    pub line: u64,
    /// All cells in order, as written, without the blanks around them; as many as the header has.
    pub cells: Vec<String>,
    header: Arc<Header>,
}

impl Row {
    /// The cell of a known column; empty when the file has no such column.
    pub fn get(&self, key: &str) -> &str {
        self.header.place(key).and_then(|place| self.cells.get(place)).map_or("", String::as_str)
    }
}

/// The rows of a file, one by one. After an error that is not fatal the next row is read.
pub struct Rows {
    source: Source,
    header: Arc<Header>,
    strict: bool,
    seen: u64,
    limit: u64,
    over: bool,
}

impl std::fmt::Debug for Rows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rows").field("seen", &self.seen).finish_non_exhaustive()
    }
}

/// Finds the header in the first rows and gives the rest.
///
/// `strict`: a row wider than the header is a fault (text files, where a stray separator shifts cells); else the rest is a note and left out.
pub(crate) fn under_header(
    mut source: Source,
    strict: bool,
    columns: &[Column],
    limits: &Limits,
) -> Result<(Header, Rows), Error> {
    let mut first: Vec<Raw> = Vec::new();
    let mut fault: Option<Error> = None;
    for _ in 0..LINES_ABOVE {
        match source.next() {
            Some(Ok(row)) => {
                first.push(row);
                // Reading on is only needed while the header has not been seen.
                if Header::find(&first, columns).is_ok() {
                    break;
                }
            }
            Some(Err(error)) if error.is_fatal() => return Err(error),
            // A fault above the header is nobody's row; without a header it is the likelier reason.
            Some(Err(error)) => {
                fault.get_or_insert(error);
            }
            None => break,
        }
    }
    let header = match (Header::find(&first, columns), fault) {
        (Ok((_, header)), _) => header,
        (Err(_), Some(fault)) => return Err(fault),
        (Err(error), None) => return Err(error),
    };
    let rows = Rows { source, header: Arc::new(header.clone()), strict, seen: 0, limit: limits.rows, over: false };
    Ok((header, rows))
}

impl Rows {
    /// Counts a row; over the limit the rows end.
    fn counted(&mut self, line: u64) -> Result<(), Error> {
        self.seen += 1;
        if self.seen > self.limit {
            self.over = true;
            return Err(Error::at(line, Reason::TooManyRows { limit: self.limit }));
        }
        Ok(())
    }
}

fn is_blank(row: &Raw) -> bool {
    row.1.iter().all(|cell| cell.trim().is_empty())
}

impl Iterator for Rows {
    type Item = Result<Row, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        loop {
            let (line, mut cells) = match self.source.next() {
                None => {
                    self.over = true;
                    return None;
                }
                Some(Err(error)) if error.is_fatal() => {
                    self.over = true;
                    return Some(Err(error));
                }
                // Faulty rows count too: a file of faults must end somewhere.
                Some(Err(error)) => {
                    let line = error.line.unwrap_or_default();
                    return Some(self.counted(line).and(Err(error)));
                }
                Some(Ok(row)) if is_blank(&row) => continue,
                Some(Ok(row)) => row,
            };
            if let Err(error) = self.counted(line) {
                return Some(Err(error));
            }
            for cell in &mut cells {
                if cell.trim().len() != cell.len() {
                    *cell = cell.trim().to_owned();
                }
            }
            let width = self.header.names.len();
            while cells.len() > width && cells.last().is_some_and(String::is_empty) {
                cells.pop();
            }
            if self.strict && cells.len() > width {
                return Some(Err(Error::at(line, Reason::TooManyColumns { found: cells.len(), limit: width })));
            }
            cells.resize(width, String::new());
            return Some(Ok(Row { line, cells, header: Arc::clone(&self.header) }));
        }
    }
}
