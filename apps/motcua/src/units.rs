//! Import of units: one table, read whole, applied in one unit of work. Lines that cannot be read are listed; the others come in.
use base::{AgencyCode, Moment};
use directory::{Cx, NewUnit, Unit, UnitId, UnitKind, service::units::tree, unit::Renaming};
use jiff::civil::Date;
use serde::Serialize;
use sheet::{Column, Limits};
use std::{
    collections::HashMap,
    io::{Read, Seek},
};
use store::{Db, Write};

/// Columns of the file; the Vietnamese names are those of the template.
pub const COLUMNS: &[Column] = &[
    Column::required("key", &["Khóa", "key"]),
    Column::required("code", &["Mã định danh", "Mã đơn vị", "code"]),
    Column::required("parent", &["Khóa đơn vị cấp trên", "parent"]),
    Column::required("kind", &["Loại", "kind"]),
    Column::required("name", &["Tên đơn vị", "name"]),
    Column::optional("short_name", &["Tên ngắn", "short_name"]),
    Column::optional("gso_code", &["Mã Cục Thống kê", "gso_code"]),
    Column::optional("valid_from", &["Có hiệu lực từ", "valid_from"]),
    Column::optional("valid_to", &["Hết hiệu lực", "valid_to"]),
    Column::optional("note", &["Ghi chú", "note"]),
];

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
    /// Line and reason of each row left out.
    #[serde(skip)]
    pub faults: Vec<(u64, String)>,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file is no table, or has no such columns.
    #[error("the file cannot be read: {0}")]
    File(#[from] sheet::Error),
    /// The database said no.
    #[error(transparent)]
    Directory(#[from] directory::Error),
    /// The database is away.
    #[error(transparent)]
    Store(#[from] store::Error),
}

#[derive(Clone, Debug)]
struct Line {
    line: u64,
    key: String,
    parent: Option<String>,
    new: NewUnit,
}

/// Reads the table and brings the units in.
pub async fn import(db: &Db, cx: Cx, file: impl Read + Seek + Send + 'static) -> Result<Report, Error> {
    let mut report = Report::default();
    let mut lines = vec![];
    let now = cx.by.now;
    for row in sheet::open(file, COLUMNS, &Limits::default())?.rows {
        report.read += 1;
        match row
            .map_err(|e| (e.line.unwrap_or_default(), e.to_string()))
            .and_then(|row| read(&row, now).map_err(|why| (row.line, why)))
        {
            Ok(line) => lines.push(line),
            Err(fault) => report.faults.push(fault),
        }
    }
    let done = db
        .write(async move |tx: &Write<'_>| -> Result<Report, Error> {
            let mut report = report.clone();
            let mut known: HashMap<String, Unit> = tree(tx, &cx).await?.into_iter().map(|u| (u.key.clone(), u)).collect();
            let mut ids: HashMap<String, UnitId> = known.iter().map(|(k, u)| (k.clone(), u.id)).collect();
            for line in &lines {
                match (&line.parent, known.remove(&line.key)) {
                    (Some(parent), _) if !ids.contains_key(parent) => {
                        report
                            .faults
                            .push((line.line, format!("the unit above, {parent:?}, is neither known nor on an earlier line")));
                    }
                    (_, Some(unit)) if same(&unit, &line.new) => report.unchanged += 1,
                    (_, Some(unit)) => {
                        rename(tx, &cx, &unit, &line.new).await?;
                        report.changed += 1;
                    }
                    (parent, None) if ids.contains_key(&line.key) => {
                        report.faults.push((line.line, format!("the key {:?} stands on an earlier line", line.key)));
                        let _ = parent;
                    }
                    (parent, None) => {
                        let new = NewUnit { parent: parent.as_ref().and_then(|p| ids.get(p)).copied(), ..line.new.clone() };
                        ids.insert(line.key.clone(), directory::add_unit(tx, &cx, &new).await?);
                        report.new += 1;
                    }
                }
            }
            Ok(report)
        })
        .await?;
    let mut report = done;
    report.faults.sort();
    report.unreadable = report.faults.len() as u64;
    Ok(report)
}

fn same(unit: &Unit, new: &NewUnit) -> bool {
    let short = if new.short_name.is_empty() { &new.name } else { &new.short_name };
    unit.name == new.name && unit.short_name == *short && unit.code == new.code && unit.kind == new.kind
}

/// The file is the newer word: names, code and kind change from now on, the past keeps what it had.
async fn rename(tx: &Write<'_>, cx: &Cx, unit: &Unit, new: &NewUnit) -> Result<(), Error> {
    let to = Renaming {
        name: new.name.clone(),
        short_name: new.short_name.clone(),
        code: new.code.clone(),
        kind: new.kind,
        ground: "nhập danh mục đơn vị".into(),
        from: cx.by.now,
    };
    Ok(directory::rename_unit(tx, cx, unit.id, &to).await?)
}

fn read(row: &sheet::Row, now: Moment) -> Result<Line, String> {
    let some = |key: &str| Some(row.get(key).trim().to_owned()).filter(|v| !v.is_empty());
    let must = |key: &str| some(key).ok_or_else(|| format!("{key} is empty"));
    let day = |key: &str| -> Result<Option<Moment>, String> {
        let Some(text) = some(key) else { return Ok(None) };
        let date: Date = text.parse().map_err(|_| format!("{key}: {text:?} is no date like 2025-07-01"))?;
        Ok(Some(Moment::from_local(date.at(0, 0, 0, 0))))
    };
    if some("valid_to").is_some() {
        return Err("a unit that has ended is closed on its own page, with its successors".into());
    }
    let code: AgencyCode = must("code")?.parse().map_err(|e| format!("code: {e}"))?;
    let kind: UnitKind = must("kind")?.parse().map_err(|e| format!("kind: {e}"))?;
    let mut new = NewUnit::new(code, base::text::line(&must("name")?), kind, None, day("valid_from")?.unwrap_or(now));
    new.key = must("key")?;
    new.short_name = some("short_name").unwrap_or_default();
    new.gso_code = some("gso_code");
    Ok(Line { line: row.line, key: new.key.clone(), parent: some("parent"), new })
}
