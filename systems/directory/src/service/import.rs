//! Import of units from CSV or XLSX: read whole, applied in one unit of work. Rows that cannot be read are listed with line and reason;
//! the others come in. Doing it again changes nothing.
use std::{
    collections::HashMap,
    io::{Read, Seek},
};

use base::{AgencyCode, Moment};
use serde::Serialize;
use sheet::{Column, Limits};
use store::{Db, Write};
use web::{Words, raw, words};

use super::units::tree;
use crate::{Cx, Error, NewUnit, Unit, UnitId, UnitKind, add_unit, rename_unit, sql, unit::Renaming};

/// Columns of the file; the Vietnamese names are those of the template.
pub const COLUMNS: &[Column] = &[
    Column::required("key", &["Khóa", "key"]), // not on screen: names of columns
    Column::required("code", &["Mã định danh", "Mã đơn vị", "code"]), // not on screen: names of columns
    Column::required("parent", &["Khóa đơn vị cấp trên", "parent"]), // not on screen: names of columns
    Column::required("kind", &["Loại", "kind"]), // not on screen: names of columns
    Column::required("name", &["Tên đơn vị", "name"]), // not on screen: names of columns
    Column::optional("short_name", &["Tên ngắn", "short_name"]), // not on screen: names of columns
    Column::optional("gso_code", &["Mã Cục Thống kê", "gso_code"]), // not on screen: names of columns
    Column::optional("valid_from", &["Có hiệu lực từ", "valid_from"]), // not on screen: names of columns
    Column::optional("valid_to", &["Hết hiệu lực", "valid_to"]), // not on screen: names of columns
    Column::optional("note", &["Ghi chú", "note"]), // not on screen: names of columns
];

/// A row that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of the file as a spreadsheet program shows it; 0: unknown.
    pub line: u64,
    /// Why, and how to put it right.
    pub reason: Words,
}

/// What an import did. The five counts are the words of `--json`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// Rows read.
    pub read: u64,
    /// Added.
    pub new: u64,
    /// Changed.
    pub changed: u64,
    /// As they were.
    pub unchanged: u64,
    /// Left out; see `faults`.
    pub unreadable: u64,
    /// Each row left out.
    #[serde(skip)]
    pub faults: Vec<Fault>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is no table, or has no such columns.
    #[error("the file cannot be read: {0}")]
    File(#[from] sheet::Error),
    /// A right or a rule.
    #[error(transparent)]
    Directory(#[from] Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// It was only a rehearsal: everything was rolled back.
    #[error("rehearsed only")]
    Rehearsed(Report),
}

#[derive(Clone, Debug)]
struct Line {
    line: u64,
    parent: Option<String>,
    /// Since when, where the line says so.
    from: Option<Moment>,
    new: NewUnit,
}

/// Reads the table and brings the units in; a rehearsal tells the same and changes nothing.
pub async fn import_units(
    db: &Db,
    cx: Cx,
    file: impl Read + Seek + Send + 'static,
    rehearse: bool,
) -> Result<Report, ImportError> {
    let mut report = Report::default();
    let mut lines = vec![];
    for row in sheet::open(file, COLUMNS, &Limits::default())?.rows {
        report.read += 1;
        match row {
            Ok(row) => match line(&row, cx.by.now) {
                Ok(line) => lines.push(line),
                Err(reason) => report.faults.push(Fault { line: row.line, reason }),
            },
            Err(error) => report.faults.push(Fault { line: error.line.unwrap_or_default(), reason: reason(&error) }),
        }
    }
    let done = db
        .write(async move |tx: &Write<'_>| {
            let report = apply(tx, &cx, report.clone(), &lines).await?;
            if rehearse { Err(ImportError::Rehearsed(report)) } else { Ok(report) }
        })
        .await;
    match done {
        Err(ImportError::Rehearsed(report)) => Ok(report),
        other => other,
    }
}

async fn apply(tx: &Write<'_>, cx: &Cx, mut report: Report, lines: &[Line]) -> Result<Report, ImportError> {
    let mut known: HashMap<String, Unit> = tree(tx, cx).await?.into_iter().map(|u| (u.key.clone(), u)).collect();
    let mut ids: HashMap<String, UnitId> = known.iter().map(|(key, unit)| (key.clone(), unit.id)).collect();
    for Line { line, parent, from, new } in lines {
        let present = known.remove(&new.key);
        let fault = match (&present, parent) {
            (Some(unit), _) => {
                let moved = match parent {
                    Some(key) => sql::units::by_key(tx, key).await?.map(|above| above.id) != unit.parent,
                    None => false,
                };
                fixed(unit, moved, *from, new)
            }
            (None, Some(above)) if !ids.contains_key(above) => {
                Some(words("Đơn vị cấp trên “{0}” chưa có, và không ở dòng nào phía trên.").with(above))
            }
            (None, _) if ids.contains_key(&new.key) => Some(words("Khóa “{0}” đã có ở một dòng phía trên.").with(&new.key)),
            (None, _) => None,
        };
        if let Some(reason) = fault {
            report.faults.push(Fault { line: *line, reason });
            continue;
        }
        let done = match present {
            Some(unit) if same(&unit, new) => {
                report.unchanged += 1;
                Ok(())
            }
            Some(unit) => rename_unit(tx, cx, unit.id, &renaming(new, cx.by.now)).await.map(|()| report.changed += 1),
            None => {
                let parent = parent.as_ref().and_then(|key| ids.get(key)).copied();
                add_unit(tx, cx, &NewUnit { parent, ..new.clone() }).await.map(|id| {
                    ids.insert(new.key.clone(), id);
                    report.new += 1;
                })
            }
        };
        match done {
            Ok(()) => {}
            // rules are asked before anything is written, so the other rows go on
            Err(Error::Objection(objection)) => report.faults.push(Fault { line: *line, reason: objection.words() }),
            Err(Error::Fault { message, .. }) => report.faults.push(Fault { line: *line, reason: message }),
            Err(error) => return Err(error.into()),
        }
    }
    report.faults.sort_by_key(|fault| fault.line);
    report.unreadable = report.faults.len() as u64;
    Ok(report)
}

/// Why a line that says something else of a unit than the house knows is left out, where an import does not change it. A blank cell says
/// nothing.
fn fixed(unit: &Unit, moved: bool, from: Option<Moment>, new: &NewUnit) -> Option<Words> {
    let cells = [
        ("parent", moved),
        ("gso_code", new.gso_code.is_some() && unit.gso_code != new.gso_code),
        ("valid_from", from.is_some_and(|from| from.date() != unit.valid_from.date())),
    ];
    let said = "Nhập tệp không đổi ô “{0}”: đơn vị giữ như cũ. Ghi lại ô như đang có, hoặc kết thúc đơn vị rồi lập đơn vị mới.";
    cells.into_iter().find(|(_, differs)| *differs).map(|(key, _)| words(said).with(column(key)))
}

fn same(unit: &Unit, new: &NewUnit) -> bool {
    let short = if new.short_name.is_empty() { &new.name } else { &new.short_name };
    unit.name == new.name && unit.short_name == *short && unit.code == new.code && unit.kind == new.kind
}

/// The file is the newer word: names, code and kind change from now on, the past keeps what it had.
fn renaming(new: &NewUnit, now: Moment) -> Renaming {
    Renaming {
        name: new.name.clone(),
        short_name: new.short_name.clone(),
        code: new.code.clone(),
        kind: new.kind,
        ground: "nhập danh mục đơn vị".into(), // not on screen: kept as the ground of the change
        from: now,
    }
}

fn line(row: &sheet::Row, now: Moment) -> Result<Line, Words> {
    let some = |key: &str| Some(base::text::line(row.get(key))).filter(|v| !v.is_empty());
    let must = |key: &str| some(key).ok_or_else(|| words("Ô “{0}” để trống.").with(column(key)));
    if some("valid_to").is_some() {
        return Err(words("Đơn vị đã hết hiệu lực thì kết thúc ở trang của đơn vị đó, kèm đơn vị kế tục."));
    }
    let from = match some("valid_from") {
        None => None,
        Some(text) => {
            let date: jiff::civil::Date =
                text.parse().map_err(|_| words("“{0}” không phải ngày dạng 2025-07-01.").with(&text))?;
            Some(Moment::from_local(date.at(0, 0, 0, 0)))
        }
    };
    let code = must("code")?;
    let code: AgencyCode = code.parse().map_err(|_| words("“{0}” không phải mã định danh cơ quan, dạng H12.101.").with(&code))?;
    let kind = must("kind")?;
    let kind: UnitKind = kind.parse().map_err(|_| {
        words("Loại “{0}” không có. Các loại: {1}.").with(&kind).with(UnitKind::ALL.map(UnitKind::code).join(", "))
    })?;
    let mut new = NewUnit::new(code, must("name")?, kind, None, from.unwrap_or(now));
    new.key = must("key")?;
    new.short_name = some("short_name").unwrap_or_default();
    new.gso_code = some("gso_code");
    Ok(Line { line: row.line, parent: some("parent"), from, new })
}

fn column(key: &str) -> &'static str {
    COLUMNS.iter().find(|c| c.key == key).and_then(|c| c.names.first()).copied().unwrap_or_default()
}

/// A fault of a table in words for people.
pub fn reason(error: &sheet::Error) -> Words {
    use sheet::Reason as R;
    match &error.reason {
        R::Empty => words("Tệp không có gì bên trong."),
        R::TooLarge { limit, .. } | R::Bomb { limit } => {
            words("Tệp lớn quá {0}. Tách thành nhiều tệp.").with(web::say::size(*limit))
        }
        R::TooManyRows { limit } => words("Nhiều hơn {0} dòng. Tách thành nhiều tệp.").with(limit),
        R::TooManyColumns { limit, .. } => words("Nhiều hơn {0} cột. Xem lại dấu phân cách.").with(limit),
        R::CellTooLarge { .. } | R::LineTooLong { .. } => words("Một ô quá dài, có lẽ thiếu dấu nháy đóng."),
        R::NotUnicode { .. } => words(
            "Chữ không phải Unicode (có lẽ TCVN3, Windows-1258, hoặc không phải tệp văn bản). Lưu lại dạng “CSV UTF-8” hoặc XLSX.",
        ),
        R::Binary { .. } => words("Đây không phải tệp chữ. Cần CSV hoặc XLSX."),
        R::OpenQuote => words("Dấu nháy mở mà không đóng."),
        R::AfterQuote => words("Có chữ sau dấu nháy đóng."),
        R::NoHeader { missing } => words("Không dòng nào có đủ tên cột. Thiếu: {0}.").with(missing.join(", ")),
        R::TwiceInHeader(name) => words("Cột “{0}” có hai lần.").with(name),
        R::OldWorkbook => words("Tệp .xls cũ hoặc có mật khẩu. Lưu lại dạng .xlsx không mật khẩu."),
        R::NotATable => words("Đây là JSON Lines, không phải bảng. Cần CSV hoặc XLSX."),
        R::Workbook(_) => words("Sổ tính bị hỏng. Mở bằng chương trình bảng tính rồi lưu lại."),
        R::CellError(mark) => words("Ô mang lỗi {0} của bảng tính.").with(mark),
        other => raw(other),
    }
}

/// The template with the units that have not ended.
pub fn template(units: &[Unit], now: Moment) -> Vec<Vec<sheet::Cell>> {
    let keys: HashMap<UnitId, &str> = units.iter().map(|u| (u.id, u.key.as_str())).collect();
    let row = |u: &Unit| {
        let parent = u.parent.and_then(|p| keys.get(&p)).copied().unwrap_or_default();
        let from = u.valid_from.date().to_string();
        let gso = u.gso_code.clone().unwrap_or_default();
        [
            u.key.clone(),
            u.code.to_string(),
            parent.to_owned(),
            u.kind.code().to_owned(),
            u.name.clone(),
            u.short_name.clone(),
            gso,
            from,
        ]
        .map(sheet::Cell::from)
        .to_vec()
    };
    units.iter().filter(|u| u.valid_to.is_none_or(|to| now < to)).map(row).collect()
}

/// The heads of the template.
pub fn template_heads() -> Vec<&'static str> {
    COLUMNS.iter().take(8).filter_map(|c| c.names.first()).copied().collect()
}
