//! A file → rows, whatever its format; each a record or the reason why not.
//! (not on screen)

use std::io::Cursor;
use std::sync::{Arc, LazyLock};

use sheet::{Format, Guess, Limits, Reason};

use super::ImportError;
use crate::record::{self, Record};

/// The bytes of a file, shared so that a second attempt reads them again.
pub(super) type Bytes = Arc<[u8]>;

/// One row.
pub(super) struct Item {
    pub line: u64,
    /// The code as typed, when it could be read, for the list of faults.
    pub code: String,
    pub what: Result<Record, String>,
}

static LIMITS: LazyLock<Limits> = LazyLock::new(Limits::default);

/// Opens the rows of a file. `Err`: the file itself cannot be read.
pub(super) fn open(bytes: Bytes) -> Result<Box<dyn Iterator<Item = Result<Item, ImportError>> + Send>, ImportError> {
    let mut source = Cursor::new(bytes);
    let format = Format::of(&mut source).map_err(|e| whole(&e))?;
    if format == Format::Jsonl {
        let lines = sheet::jsonl::<serde_json::Value>(source, &LIMITS).map_err(|e| whole(&e))?;
        return Ok(Box::new(lines.filter_map(|line| match line {
            Ok(line) => json(line.line, line.value).map(Ok),
            Err(e) => Some(faulty(e)),
        })));
    }
    let sheet = sheet::open(source, &record::sheet_columns(), &LIMITS).map_err(|e| whole(&e))?;
    Ok(Box::new(sheet.rows.filter_map(|row| match row {
        Ok(row) => match record::from_row(|heading| row.get(heading)) {
            Ok(None) => None,
            Ok(Some(r)) => Some(Ok(Item { line: row.line, code: r.code.to_string(), what: Ok(r) })),
            Err(why) => {
                let code = row.get(record::COLUMNS[0].heading).chars().take(40).collect();
                Some(Ok(Item { line: row.line, code, what: Err(why.to_string()) }))
            }
        },
        Err(e) => Some(faulty(e)),
    })))
}

/// `None`: the template's own example.
fn json(line: u64, value: serde_json::Value) -> Option<Item> {
    let code: String = value.get("code").and_then(|c| c.as_str()).unwrap_or_default().chars().take(40).collect();
    if code.trim_start().starts_with(record::EXAMPLE) {
        return None;
    }
    Some(Item { line, code, what: record::from_value(value).map_err(|why| why.to_string()) })
}

/// A fault of one row is an item; a fault of the file ends everything.
fn faulty(e: sheet::Error) -> Result<Item, ImportError> {
    match e.line {
        Some(line) if !e.is_fatal() => Ok(Item { line, code: String::new(), what: Err(said(&e)) }),
        _ => Err(whole(&e)),
    }
}

fn whole(e: &sheet::Error) -> ImportError {
    let at = e.line.map(|l| format!("dòng {l}: ")).unwrap_or_default();
    ImportError::File(format!("{at}{}.", said(e).trim_end_matches('.')))
}

/// In words for a person.
fn said(e: &sheet::Error) -> String {
    let column = e.column.filter(|c| *c > 0).map(|c| format!("cột {c}: ")).unwrap_or_default();
    let why = match &e.reason {
        Reason::Empty => "tệp rỗng".to_owned(),
        Reason::TooLarge { bytes, limit } => format!("tệp nặng {} MB, chỉ nhận đến {} MB", bytes >> 20, limit >> 20),
        Reason::Bomb { .. } => "bảng tính phình quá lớn khi mở".to_owned(),
        Reason::TooManyRows { limit } => format!("tệp có hơn {limit} dòng"),
        Reason::TooManyColumns { found, limit } => format!("dòng có {found} cột, tiêu đề có {limit}"),
        Reason::CellTooLarge { .. } => "một ô chữ quá dài".to_owned(),
        Reason::LineTooLong { .. } => "dòng quá dài".to_owned(),
        Reason::NotUnicode { position, guess, .. } => {
            let hint = match guess {
                Guess::Windows1258 => "có vẻ là Windows-1258; lưu lại tệp với bảng mã UTF-8",
                Guess::Tcvn3 => "có vẻ là TCVN3 (ABC); lưu lại tệp với bảng mã UTF-8",
                Guess::Unknown => "hoặc tệp không phải văn bản; cần JSONL hoặc CSV lưu với bảng mã UTF-8, hoặc XLSX",
            };
            format!("chữ ở byte thứ {position} không phải UTF-8, {hint}")
        }
        Reason::Binary { .. } => "không phải tệp văn bản".to_owned(),
        Reason::OpenQuote => "thiếu dấu ngoặc kép đóng ô".to_owned(),
        Reason::AfterQuote => "có chữ sau dấu ngoặc kép đóng ô".to_owned(),
        Reason::NoHeader { missing } if missing.is_empty() => "không thấy dòng tiêu đề".to_owned(),
        Reason::NoHeader { missing } => format!("dòng tiêu đề thiếu cột {}", missing.join(", ")),
        Reason::TwiceInHeader(name) => format!("cột “{name}” có hai lần"),
        Reason::OldWorkbook => "là tệp .xls cũ hoặc có mật khẩu; lưu lại thành .xlsx không mật khẩu".to_owned(),
        Reason::Workbook(_) => "bảng tính bị hỏng".to_owned(),
        Reason::CellError(found) => format!("ô tính ra lỗi {found}"),
        Reason::Json(_) => "sai cú pháp JSON hoặc dòng bị cắt giữa chừng".to_owned(),
        Reason::Io(_) => "đọc dở thì bị ngắt".to_owned(),
        _ => "không đọc được".to_owned(),
    };
    format!("{column}{why}")
}
