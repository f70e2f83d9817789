//! Tables, judged from outside.
#![allow(clippy::unwrap_used, missing_docs)]

mod book;
mod lines;
mod round;
mod text;

use std::io::Cursor;

use sheet::{Column, Error, Limits, Row, Sheet, open};

const COLUMNS: &[Column] = &[
    Column::required("code", &["Mã thủ tục", "Mã TTHC"]),
    Column::required("name", &["Tên thủ tục"]),
    Column::optional("fee", &["Lệ phí"]),
];

fn read(bytes: impl AsRef<[u8]>) -> Result<Sheet, Error> {
    open(Cursor::new(bytes.as_ref().to_vec()), COLUMNS, &Limits::default())
}

/// Rows as (line, code, name), and errors as their text.
fn rows(bytes: impl AsRef<[u8]>) -> Vec<Result<(u64, String, String), String>> {
    let short = |row: Row| (row.line, row.get("code").to_owned(), row.get("name").to_owned());
    read(bytes).unwrap().rows.map(|row| row.map(short).map_err(|e| e.to_string())).collect()
}

fn ok(line: u64, code: &str, name: &str) -> Result<(u64, String, String), String> {
    Ok((line, code.to_owned(), name.to_owned()))
}

fn err(text: &str) -> Result<(u64, String, String), String> {
    Err(text.to_owned())
}
