//! Which column is which: names are compared folded, so `MÃ TTHC`, `Mã TTHC ` and `ma tthc` are the same.

use crate::{Error, Reason};

/// How many lines may stand above the header (titles, notes).
pub(crate) const LINES_ABOVE: usize = 30;

/// A column that a reader knows.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in code.
    pub key: &'static str,
    /// Names in files; the first is used in messages.
    pub names: &'static [&'static str],
    /// Whether a file without it is refused.
    pub required: bool,
}

impl Column {
    /// A column that must be there.
    pub const fn required(key: &'static str, names: &'static [&'static str]) -> Self {
        Self { key, names, required: true }
    }

    /// A column that may be there.
    pub const fn optional(key: &'static str, names: &'static [&'static str]) -> Self {
        Self { key, names, required: false }
    }

    fn is_named(&self, folded: &str) -> bool {
        folded == key(self.key) || self.names.iter().any(|name| key(name) == folded)
    }

    fn label(&self) -> &'static str {
        self.names.first().unwrap_or(&self.key)
    }
}

/// The header line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its line; 0: the file has none because no columns were asked for and it is empty.
    pub line: u64,
    /// Names as written.
    pub names: Vec<String>,
    /// Key of a known column and its place.
    places: Vec<(&'static str, usize)>,
}

impl Header {
    /// Place of a known column, from 0; none: the file does not have it.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.places.iter().find(|(k, _)| *k == key).map(|(_, place)| *place)
    }

    /// Names of columns that the reader does not know, as written.
    pub fn unknown(&self) -> Vec<&str> {
        let known = |i: usize| self.places.iter().any(|(_, place)| *place == i);
        self.names
            .iter()
            .enumerate()
            .filter(|(i, name)| !known(*i) && !name.trim().is_empty())
            .map(|(_, name)| name.as_str())
            .collect()
    }

    /// Reads a line as header. `Err` holds the labels of required columns that it lacks.
    fn read(line: u64, cells: &[String], columns: &[Column]) -> Result<Result<Self, Vec<&'static str>>, Error> {
        let folded: Vec<String> = cells.iter().map(|cell| key(cell)).collect();
        let mut places = Vec::new();
        let mut missing = Vec::new();
        let mut twice = None;
        for column in columns {
            let mut found = folded.iter().enumerate().filter(|(_, name)| !name.is_empty() && column.is_named(name));
            match found.next() {
                Some((place, _)) => places.push((column.key, place)),
                None if column.required => missing.push(column.label()),
                None => {}
            }
            if let Some((second, _)) = found.next() {
                twice = Some((second, column));
            }
        }
        // With no required column any line would do: one known name must stand in it.
        let nothing_known = places.is_empty() && !columns.is_empty();
        if !missing.is_empty() || nothing_known {
            return Ok(Err(missing));
        }
        if let Some((place, column)) = twice {
            return Err(Error::cell(line, place + 1, Reason::TwiceInHeader(column.label().to_owned())));
        }
        Ok(Ok(Self { line, names: cells.iter().map(|c| c.trim().to_owned()).collect(), places }))
    }

    /// Finds the header among the first lines; gives it with its index.
    pub(crate) fn find(lines: &[(u64, Vec<String>)], columns: &[Column]) -> Result<(usize, Self), Error> {
        let mut fewest: Option<(u64, Vec<&'static str>)> = None;
        for (index, (line, cells)) in lines.iter().enumerate() {
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            match Self::read(*line, cells, columns)? {
                Ok(header) => return Ok((index, header)),
                Err(missing) => {
                    if fewest.as_ref().is_none_or(|(_, best)| missing.len() < best.len()) {
                        fewest = Some((*line, missing));
                    }
                }
            }
        }
        let required = columns.iter().filter(|c| c.required).count();
        match fewest {
            // The best line is only worth naming when it has something of a header.
            Some((line, missing)) => Err(Error {
                line: (missing.len() < required).then_some(line),
                column: None,
                reason: Reason::NoHeader { missing },
            }),
            None => Err(Reason::Empty.into()),
        }
    }
}

/// A name as it is compared: folded, letters and digits only, so that brackets, stars and line breaks do not matter.
fn key(name: &str) -> String {
    base::text::fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}
