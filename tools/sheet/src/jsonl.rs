//! JSON lines: one object a line, each line judged by itself.

use std::io::{Read, Seek, SeekFrom};
use std::marker::PhantomData;

use serde::de::DeserializeOwned;

use crate::encoding::{Lines, TextLine};
use crate::{Error, Limits, Reason};

/// One line and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Line<T> {
    /// Line in the file, from 1.
    pub line: u64,
    /// Its content.
    pub value: T,
}

/// Reads a file of JSON lines; blank lines are left out. After an error that is not fatal the next line is read.
pub fn jsonl<T: DeserializeOwned>(
    mut source: impl Read + Seek,
    limits: &Limits,
) -> Result<impl Iterator<Item = Result<Line<T>, Error>>, Error> {
    let bytes = source.seek(SeekFrom::End(0))?;
    if bytes > limits.bytes {
        return Err(Reason::TooLarge { bytes, limit: limits.bytes }.into());
    }
    if bytes == 0 {
        return Err(Reason::Empty.into());
    }
    let lines = Lines::new(source, limits.line)?.surveyed()?;
    Ok(JsonLines { lines, seen: 0, limit: limits.rows, over: false, kind: PhantomData })
}

struct JsonLines<R, T> {
    lines: Lines<R>,
    seen: u64,
    limit: u64,
    over: bool,
    kind: PhantomData<fn() -> T>,
}

impl<R: Read + Seek, T: DeserializeOwned> JsonLines<R, T> {
    fn line(&mut self) -> Result<Option<Line<T>>, Error> {
        loop {
            let Some(TextLine { number, text }) = self.lines.next_line()? else { return Ok(None) };
            if text.as_ref().is_ok_and(|text| text.trim().is_empty()) {
                continue;
            }
            self.seen += 1;
            if self.seen > self.limit {
                return Err(Error::at(number, Reason::TooManyRows { limit: self.limit }));
            }
            let text = text.map_err(|reason| Error::at(number, reason))?;
            let value = serde_json::from_str(&text).map_err(|e| Error {
                line: Some(number),
                column: (e.line() > 0).then(|| e.column()),
                reason: Reason::Json(wording(&e)),
            })?;
            return Ok(Some(Line { line: number, value }));
        }
    }
}

impl<R: Read + Seek, T: DeserializeOwned> Iterator for JsonLines<R, T> {
    type Item = Result<Line<T>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let item = self.line().transpose();
        self.over = match &item {
            None => true,
            Some(Err(error)) => error.is_fatal(),
            Some(Ok(_)) => false,
        };
        item
    }
}

/// The message without its "at line 1 column 7": the line is that of the file, and we say it ourselves.
fn wording(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(at) => text.get(..at).unwrap_or(&text).to_owned(),
        None => text,
    }
}
