//! Empty files to fill: what an import understands, shown by one example that no import takes for a procedure.

use std::str::FromStr;

use sheet::Cell;

use crate::record::{EXAMPLE, template_row};

/// A format of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Template {
    /// One JSON object a line, with everything a record can say.
    Jsonl,
    /// Text with separators.
    Csv,
    /// A workbook.
    Xlsx,
}

/// There is no template of this format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no template {0:?}; there are jsonl, csv and xlsx")]
pub struct UnknownTemplate(String);

impl FromStr for Template {
    type Err = UnknownTemplate;

    fn from_str(word: &str) -> Result<Template, UnknownTemplate> {
        match word {
            "jsonl" => Ok(Template::Jsonl),
            "csv" => Ok(Template::Csv),
            "xlsx" => Ok(Template::Xlsx),
            other => Err(UnknownTemplate(other.to_owned())),
        }
    }
}

/// The example line of JSON; its code says that it is one.
const LINE: &str = include_str!("template.jsonl");

impl Template {
    /// All of them.
    pub const ALL: [Template; 3] = [Template::Xlsx, Template::Csv, Template::Jsonl];

    /// Its extension.
    pub fn extension(self) -> &'static str {
        match self {
            Template::Jsonl => "jsonl",
            Template::Csv => "csv",
            Template::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub fn mime(self) -> &'static str {
        match self {
            Template::Jsonl => "application/x-ndjson; charset=utf-8",
            Template::Csv => "text/csv; charset=utf-8",
            Template::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The file.
    pub fn bytes(self) -> Result<Vec<u8>, sheet::Error> {
        let headings = template_row(0);
        let rows = [1, 2].map(|which| {
            let mut row: Vec<String> = template_row(which).into_iter().map(str::to_owned).collect();
            if which == 2
                && let Some(code) = row.first_mut()
            {
                *code = format!("{EXAMPLE} {code}");
            }
            row.into_iter().map(Cell::from).collect::<Vec<_>>()
        });
        match self {
            Template::Jsonl => Ok(LINE.as_bytes().to_vec()),
            Template::Csv => {
                let mut out = vec![];
                sheet::write_csv(&mut out, &headings, rows)?;
                Ok(out)
            }
            Template::Xlsx => sheet::write_xlsx("Thủ tục", &headings, rows), // not on screen: name of the sheet
        }
    }
}
