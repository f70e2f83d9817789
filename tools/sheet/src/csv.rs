//! CSV. The reader is our own because a stray quote must cost one line, not the rest of the file: when a record cannot be read,
//! reading goes on at the line after its first one.

use std::collections::VecDeque;
use std::io::{Read, Seek};

use crate::encoding::{Lines, TextLine};
use crate::header::LINES_ABOVE;
use crate::rows::{Raw, Rows, under_header};
use crate::write::unguarded;
use crate::{Column, Error, Header, Limits, Reason};

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// How many lines one record may take; more means a quote that was never closed.
const LINES_OF_A_RECORD: usize = 200;

/// How many bytes: bounds what is read again when a quote was never closed.
const BYTES_OF_A_RECORD: usize = 1 << 20;

pub(crate) fn open(
    source: impl Read + Seek + Send + 'static,
    columns: &[Column],
    limits: &Limits,
) -> Result<(Header, Rows), Error> {
    let lines = Lines::new(source, limits.line)?.surveyed()?;
    let mut records = Records { lines, waiting: VecDeque::new(), separator: b',', limits: limits.clone() };
    records.choose_separator(columns)?;
    under_header(Box::new(records), true, columns, limits)
}

/// The records of a file.
struct Records<R> {
    lines: Lines<R>,
    /// Lines read but not yet used.
    waiting: VecDeque<TextLine>,
    separator: u8,
    limits: Limits,
}

impl<R: Read + Seek> Records<R> {
    /// The separator under which the header is found and most rows are as wide as it.
    fn choose_separator(&mut self, columns: &[Column]) -> Result<(), Error> {
        while self.waiting.len() < LINES_ABOVE {
            match self.lines.next_line()? {
                Some(line) => self.waiting.push_back(line),
                None => break,
            }
        }
        if let Some(TextLine { text: Ok(text), .. }) = self.waiting.front()
            && let Some([separator]) = text.trim_end().strip_prefix("sep=").map(str::as_bytes)
        {
            self.separator = *separator;
            self.waiting.pop_front();
            return Ok(());
        }
        let text = |line: &TextLine| line.text.as_ref().ok().map(|text| (line.number, text.clone()));
        let sample: Vec<(u64, String)> = self.waiting.iter().filter_map(text).collect();
        let score = |separator: &u8| {
            let rows: Vec<Raw> = sample.iter().map(|(number, text)| (*number, first_cells(text, *separator))).collect();
            let (known, wide) = match Header::find(&rows, columns) {
                Ok((at, header)) => {
                    let known = columns.iter().filter(|c| header.place(c.key).is_some()).count();
                    (1 + columns.len() + known, rows.get(at).map_or(0, |(_, cells)| cells.len()))
                }
                // The nearest miss makes the better message.
                Err(Error { reason: Reason::NoHeader { missing }, .. }) => (columns.len().saturating_sub(missing.len()), 0),
                // A column is there twice: the separator is right all the same.
                Err(_) => (1 + columns.len(), 0),
            };
            // Rows as wide as the header speak for a separator; one column speaks for nothing.
            let alike = rows.iter().filter(|(_, cells)| wide > 1 && cells.len() == wide).count();
            (known, alike, wide)
        };
        // max_by_key takes the last of equals; the comma stands last here.
        self.separator = SEPARATORS.iter().rev().copied().max_by_key(score).unwrap_or(b',');
        Ok(())
    }

    fn next_line(&mut self) -> Result<Option<TextLine>, Error> {
        match self.waiting.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next_line(),
        }
    }

    fn record(&mut self) -> Result<Option<Raw>, Error> {
        let Some(TextLine { number, text }) = self.next_line()? else { return Ok(None) };
        let text = text.map_err(|reason| Error::at(number, reason))?;
        let mut bytes = text.len();
        let mut taken: Vec<TextLine> = Vec::new();
        let mut parsed = Parsed::default();
        let mut outcome = parsed.feed(&text, self.separator);
        while outcome.is_ok() && parsed.open.is_some() {
            if taken.len() >= LINES_OF_A_RECORD || bytes > BYTES_OF_A_RECORD {
                outcome = Err(Reason::OpenQuote);
                break;
            }
            match self.next_line()? {
                Some(line) => {
                    outcome = match &line.text {
                        Ok(text) => {
                            bytes += text.len();
                            parsed.feed(text, self.separator)
                        }
                        Err(_) => Err(Reason::OpenQuote),
                    };
                    taken.push(line);
                }
                None => outcome = Err(Reason::OpenQuote),
            }
        }
        let cells = outcome.map(|()| parsed.cells);
        let cells = match cells {
            Ok(cells) => cells,
            Err(reason) => {
                for line in taken.into_iter().rev() {
                    self.waiting.push_front(line);
                }
                return Err(Error::at(number, reason));
            }
        };
        let filled = cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
        if filled > self.limits.columns {
            return Err(Error::at(number, Reason::TooManyColumns { found: filled, limit: self.limits.columns }));
        }
        if let Some(large) = cells.iter().position(|cell| cell.len() > self.limits.cell) {
            return Err(Error::cell(number, large + 1, Reason::CellTooLarge { limit: self.limits.cell }));
        }
        Ok(Some((number, cells.into_iter().take(self.limits.columns).collect())))
    }
}

impl<R: Read + Seek> Iterator for Records<R> {
    type Item = Result<Raw, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.record().transpose()
    }
}

/// The cells of a line by itself.
fn first_cells(line: &str, separator: u8) -> Vec<String> {
    let mut parsed = Parsed::default();
    parsed.feed(line, separator).map(|()| parsed.cells).unwrap_or_default()
}

/// Cells of a record, read line by line.
#[derive(Default)]
struct Parsed {
    cells: Vec<String>,
    /// What stands so far in a quoted cell that goes on in the next line.
    open: Option<String>,
}

impl Parsed {
    /// Reads one more line.
    fn feed(&mut self, text: &str, separator: u8) -> Result<(), Reason> {
        let separator = char::from(separator);
        let mut rest = text;
        loop {
            let (cell, after) =
                match self.open.take().map(|cell| (cell, rest)).or_else(|| Some((String::new(), rest.strip_prefix('"')?))) {
                    Some((mut cell, quoted)) => match quoted_cell(&mut cell, quoted) {
                        Some(after) => (cell, after),
                        None => {
                            self.open = Some(cell);
                            return Ok(());
                        }
                    },
                    None => {
                        let end = rest.find([separator, '\r', '\n']).unwrap_or(rest.len());
                        let (cell, after) = rest.split_at(end);
                        (cell.to_owned(), after)
                    }
                };
            self.cells.push(unguarded(cell));
            let mut after = after.chars();
            match after.next() {
                None | Some('\r' | '\n') => return Ok(()),
                Some(c) if c == separator => rest = after.as_str(),
                Some(_) => return Err(Reason::AfterQuote),
            }
        }
    }
}

/// Adds to the cell up to its closing quote and gives what follows; none when the line has no closing quote.
fn quoted_cell<'t>(cell: &mut String, mut rest: &'t str) -> Option<&'t str> {
    loop {
        let Some((part, after)) = rest.split_once('"') else {
            cell.push_str(rest);
            return None;
        };
        cell.push_str(part);
        match after.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Some(after),
        }
    }
}
