//! The rows of one sheet.

use std::collections::HashMap;
use std::sync::Arc;

use quick_xml::events::{BytesStart, Event};

use super::parts::{Strings, Styles, Xml, attribute, damaged, event, push_text, reader, rich_text};
use super::values::{date_text, number, unescaped};
use crate::rows::Raw;
use crate::{Error, Limits, Reason};

/// Reads the rows of a sheet one by one from its unpacked XML.
pub(super) struct SheetRows {
    xml: Xml,
    strings: Arc<Strings>,
    styles: Arc<Styles>,
    merged: Merged,
    limits: Limits,
    line: u64,
    over: bool,
}

impl SheetRows {
    pub fn new(xml: Vec<u8>, strings: Arc<Strings>, styles: Arc<Styles>, limits: &Limits) -> Result<Self, Error> {
        let merged = Merged::of(&xml)?;
        Ok(Self { xml: reader(xml), strings, styles, merged, limits: limits.clone(), line: 0, over: false })
    }

    fn row(&mut self) -> Result<Option<Raw>, Error> {
        let mut buffer = Vec::new();
        loop {
            match event(&mut self.xml, &mut buffer)? {
                Event::Start(e) if e.local_name().as_ref() == "row" => {
                    self.line = row_number(&e, self.line)?;
                    return self.cells().map(Some);
                }
                Event::Empty(e) if e.local_name().as_ref() == "row" => self.line = row_number(&e, self.line)?,
                Event::End(e) if e.local_name().as_ref() == "sheetData" => return Ok(None),
                Event::Eof => return Err(damaged("cut in the middle of a sheet")),
                _ => {}
            }
            buffer.clear();
        }
    }

    /// The cells up to the end of the row. A fault is kept until the row has been read to its end, so that the next row can be read.
    fn cells(&mut self) -> Result<Raw, Error> {
        let mut buffer = Vec::new();
        let mut cells: Vec<String> = Vec::new();
        let mut fault: Option<Error> = None;
        let mut next = 0;
        loop {
            match event(&mut self.xml, &mut buffer)? {
                Event::Start(e) if e.local_name().as_ref() == "c" => {
                    let (place, kind, style) = cell_head(&e, next)?;
                    next = place.saturating_add(1);
                    let raw = self.value(&kind)?;
                    if raw.is_empty() {
                        buffer.clear();
                        continue;
                    }
                    match self.text(raw, &kind, style) {
                        _ if place >= self.limits.columns => {
                            let reason = Reason::TooManyColumns { found: place.saturating_add(1), limit: self.limits.columns };
                            fault.get_or_insert(Error::at(self.line, reason));
                        }
                        Err(reason) => {
                            fault.get_or_insert(Error::cell(self.line, place + 1, reason));
                        }
                        Ok(text) => {
                            if cells.len() <= place {
                                cells.resize(place + 1, String::new());
                            }
                            if let Some(cell) = cells.get_mut(place) {
                                *cell = text;
                            }
                        }
                    }
                }
                Event::Empty(e) if e.local_name().as_ref() == "c" => next = cell_head(&e, next)?.0.saturating_add(1),
                Event::End(e) if e.local_name().as_ref() == "row" => {
                    self.merged.fill(self.line, &mut cells);
                    return fault.map_or(Ok((self.line, cells)), Err);
                }
                Event::Eof => return Err(damaged("cut in the middle of a row")),
                _ => {}
            }
            buffer.clear();
        }
    }

    /// What stands in `<v>` or `<is>`, up to the end of the cell.
    fn value(&mut self, kind: &str) -> Result<String, Error> {
        let mut buffer = Vec::new();
        let mut value = String::new();
        let mut in_value = false;
        loop {
            match event(&mut self.xml, &mut buffer)? {
                Event::Start(e) if e.local_name().as_ref() == "is" && kind == "inlineStr" => {
                    value = rich_text(&mut self.xml, "is")?
                }
                Event::Start(e) if e.local_name().as_ref() == "v" => in_value = true,
                Event::End(e) if e.local_name().as_ref() == "v" => in_value = false,
                Event::End(e) if e.local_name().as_ref() == "c" => return Ok(value),
                Event::Eof => return Err(damaged("cut in the middle of a cell")),
                other if in_value => push_text(&mut value, &other)?,
                _ => {}
            }
            buffer.clear();
        }
    }

    fn text(&self, raw: String, kind: &str, style: usize) -> Result<String, Reason> {
        let text = match kind {
            "s" => {
                let shared = raw.trim().parse().ok().and_then(|index| self.strings.get(index));
                shared.ok_or_else(|| Reason::Workbook("a cell names a text that is not there".to_owned()))?.to_owned()
            }
            "inlineStr" => raw,
            "str" => unescaped(&raw),
            "e" => return Err(Reason::CellError(raw)),
            "b" => if raw.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned(),
            "d" => raw,
            _ if self.styles.is_date(style) => date_text(&raw, self.styles.is_1904).unwrap_or_else(|| number(&raw)),
            _ => number(&raw),
        };
        if text.len() > self.limits.cell {
            return Err(Reason::CellTooLarge { limit: self.limits.cell });
        }
        Ok(text)
    }
}

impl Iterator for SheetRows {
    type Item = Result<Raw, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let item = self.row().transpose();
        self.over = match &item {
            None => true,
            Some(Err(error)) => error.line.is_none(),
            Some(Ok(_)) => false,
        };
        item
    }
}

fn row_number(row: &BytesStart<'_>, before: u64) -> Result<u64, Error> {
    match attribute(row, "r")? {
        Some(number) => number.parse().map_err(|_| damaged("a row without a number")),
        None => Ok(before.saturating_add(1)),
    }
}

/// Place from 0, type and style.
fn cell_head(cell: &BytesStart<'_>, next: usize) -> Result<(usize, String, usize), Error> {
    let place = match attribute(cell, "r")? {
        Some(reference) => reference_place(&reference).ok_or_else(|| damaged("a cell without a place"))?.0,
        None => next,
    };
    let style = attribute(cell, "s")?.and_then(|s| s.parse().ok()).unwrap_or(0);
    Ok((place, attribute(cell, "t")?.unwrap_or_default(), style))
}

/// `AB12` as column from 0 and row from 1.
fn reference_place(reference: &str) -> Option<(usize, u64)> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, digits) = reference.split_at_checked(letters)?;
    if letters.is_empty() || letters.len() > 3 {
        return None;
    }
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some((column - 1, digits.parse().ok()?))
}

/// Cells merged downwards: each row of the block has the value of its first one, as people mean who merge
/// "Lĩnh vực" over ten procedures. Merged sideways, the value stays in the first column.
struct Merged {
    /// (first row, column) → last row.
    blocks: HashMap<(u64, usize), u64>,
    /// column → (last row, value) of the block being passed.
    open: HashMap<usize, (u64, String)>,
}

impl Merged {
    fn of(xml: &[u8]) -> Result<Self, Error> {
        let mut blocks = HashMap::new();
        // The list stands after the rows.
        let end = b"</sheetData>";
        let after = xml.windows(end.len()).position(|w| w == end).or_else(|| xml.windows(10).rposition(|w| w == b"sheetData>"));
        let tail = after.and_then(|at| xml.get(at..)).unwrap_or_default();
        let start = tail.windows(11).position(|w| w == b"<mergeCells").and_then(|at| tail.get(at..)).unwrap_or_default();
        let mut reader = reader(start.to_vec());
        let mut buffer = Vec::new();
        while !start.is_empty() {
            match event(&mut reader, &mut buffer)? {
                Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "mergeCell" => {
                    let reference = attribute(&e, "ref")?.unwrap_or_default();
                    let corners = reference.split_once(':').and_then(|(a, b)| Some((reference_place(a)?, reference_place(b)?)));
                    if let Some(((column, first), (_, last))) = corners
                        && last > first
                    {
                        blocks.insert((first, column), last);
                    }
                }
                Event::End(e) if e.local_name().as_ref() == "mergeCells" => break,
                Event::Eof => break,
                _ => {}
            }
            buffer.clear();
        }
        Ok(Self { blocks, open: HashMap::new() })
    }

    fn fill(&mut self, line: u64, cells: &mut Vec<String>) {
        if self.blocks.is_empty() {
            return;
        }
        self.open.retain(|_, (last, _)| *last >= line);
        // A row with nothing of its own stays blank.
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            for (column, (_, value)) in &self.open {
                if cells.len() <= *column {
                    cells.resize(column + 1, String::new());
                }
                if let Some(cell) = cells.get_mut(*column).filter(|cell| cell.is_empty()) {
                    cell.clone_from(value);
                }
            }
        }
        for (column, cell) in cells.iter().enumerate() {
            if let Some(last) = self.blocks.get(&(line, column))
                && !cell.is_empty()
            {
                self.open.insert(column, (*last, cell.clone()));
            }
        }
    }
}
