//! A record of the national portal, or a line of a province's own list, and the package it becomes.
//!
//! Records are what an outside source says; nothing here invents. What a record leaves open (a term without a unit, a fee "by the
//! provincial council") stays open in the package, marked, until a named person settles it.
//!
//! | file | rules |
//! |---|---|
//! | this | reading a record, joining the national and the provincial one |
//! | `terms.rs` | methods → term rows; rows of one procedure that contradict each other become a choice |
//! | `fees.rs` | methods → fee rows; doubtful figures and "Miễn phí" that means "set elsewhere" |
//! | `papers.rs` | document rows → papers of four kinds, and cases |
//! | `json.rs` `sheet.rs` | the formats |

mod fees;
mod json;
mod papers;
mod sheet;
mod terms;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::package::{Channel, Competence, Decision, LegalRow, Level, Package, ResultRow, ServiceKind};

pub use json::{from_json, from_value};
pub use sheet::{COLUMNS, Column, EXAMPLE, from_row, sheet_columns, template_row};
pub use terms::{Proposal, proposals};

/// Which source a record comes from; a procedure may have one of each, and they are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// The ministry's full record.
    National,
    /// The province's list: its decision, its levels, seldom more.
    Provincial,
}

impl Layer {
    /// Word kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Layer::National => "national",
            Layer::Provincial => "provincial",
        }
    }
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for Layer {
    type Err = String;
    fn from_str(word: &str) -> Result<Layer, String> {
        [Layer::National, Layer::Provincial]
            .into_iter()
            .find(|l| l.as_str() == word)
            .ok_or_else(|| format!("{word:?} is no source"))
    }
}

/// One record, as the source says it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Source.
    pub layer: Layer,
    /// National code.
    pub code: base::ProcedureCode,
    /// The province's own spelling of the code.
    #[serde(default)]
    pub local_code: String,
    /// Name.
    pub name: String,
    /// Field.
    #[serde(default)]
    pub field: String,
    /// Levels as printed ("Cấp xã").
    #[serde(default)]
    pub levels: Vec<String>,
    /// Publishing agency.
    #[serde(default)]
    pub publisher: String,
    /// Agencies that carry it out.
    #[serde(default)]
    pub agencies: Vec<String>,
    /// Competent agency.
    #[serde(default)]
    pub competent: String,
    /// Decision that published it.
    #[serde(default)]
    pub decision: String,
    /// Who may file.
    #[serde(default)]
    pub audience: Vec<String>,
    /// Ways of filing, each with allowance and fees.
    #[serde(default)]
    pub methods: Vec<Method>,
    /// Papers and the remarks between them.
    #[serde(default)]
    pub documents: Vec<Document>,
    /// How to do it, as printed.
    #[serde(default)]
    pub steps: Vec<String>,
    /// Requirements.
    #[serde(default)]
    pub conditions: String,
    /// Results.
    #[serde(default)]
    pub results: Vec<ResultRow>,
    /// Legal basis.
    #[serde(default)]
    pub legal: Vec<LegalRow>,
    /// What the national record says about the province's own listing.
    #[serde(default)]
    pub listing: Option<Listing>,
    /// Where the record was found.
    #[serde(default)]
    pub source: String,
}

/// The province's listing inside a national record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// Local code.
    #[serde(default)]
    pub code: String,
    /// Decision of the provincial People's Committee.
    #[serde(default)]
    pub decision: String,
    /// Levels as listed.
    #[serde(default)]
    pub levels: Vec<String>,
}

/// One way of filing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Method {
    /// "Trực tiếp", "Trực tuyến", "Dịch vụ bưu chính".
    pub name: String,
    /// Number of the allowance.
    #[serde(default)]
    pub value: Option<base::due::Amount>,
    /// Unit of the allowance as printed ("Ngày làm việc").
    #[serde(default)]
    pub unit: Option<String>,
    /// Fees as printed.
    #[serde(default)]
    pub fees: Vec<Charge>,
    /// Text beside the row.
    #[serde(default)]
    pub note: String,
}

/// One fee of a method.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    /// Amount as printed.
    #[serde(default)]
    pub amount: Option<i64>,
    /// "VND", "USD".
    #[serde(default)]
    pub currency: String,
    /// Text beside it.
    #[serde(default)]
    pub condition: String,
    /// The source itself doubts the figure.
    #[serde(default)]
    pub suspect: bool,
}

/// One row of the table of documents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// Heading it stands under.
    #[serde(default)]
    pub case: String,
    /// Text.
    pub name: String,
    /// File name of the official form.
    #[serde(default)]
    pub form_file: String,
    /// Originals asked.
    #[serde(default)]
    pub originals: u32,
    /// Copies asked.
    #[serde(default)]
    pub copies: u32,
}

/// Why a line is not a record: shown beside its line number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Not JSON at all.
    #[error("không phải JSON: {0}")] // not on screen: kept in reports
    NotJson(String),
    /// JSON, but not an object.
    #[error("dòng phải là một đối tượng JSON")] // not on screen: kept in reports
    NotAnObject,
    /// A field that must be there.
    #[error("thiếu “{0}”")] // not on screen: kept in reports
    Missing(&'static str),
    /// The code is not a procedure code.
    #[error("mã thủ tục “{0}” không đúng dạng 1.001193")] // not on screen: kept in reports
    Code(String),
    /// A field of the wrong kind.
    #[error("“{field}” phải là {wanted}")] // not on screen: kept in reports
    Kind {
        /// Field.
        field: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// A number out of range.
    #[error("“{field}” có số {found} ngoài khoảng cho phép")] // not on screen: kept in reports
    Range {
        /// Field.
        field: String,
        /// What was found.
        found: String,
    },
    /// A text longer than any real record has.
    #[error("“{field}” dài quá {most} ký tự")] // not on screen: kept in reports
    TooLong {
        /// Field.
        field: String,
        /// Longest allowed.
        most: usize,
    },
    /// The bytes are not UTF-8.
    #[error("không phải UTF-8: lưu tệp lại với bảng mã UTF-8")] // not on screen: kept in reports
    NotUtf8,
    /// A word of a sheet that is not in its list.
    #[error("“{field}” ghi “{found}”, chỉ nhận: {allowed}")] // not on screen: kept in reports
    Word {
        /// Column.
        field: &'static str,
        /// What was found.
        found: String,
        /// Words allowed.
        allowed: &'static str,
    },
}

/// What a person should look at in an imported package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// A term row lacks value or unit.
    TermOpen,
    /// The record has no term row at all.
    TermMissing,
    /// The same case has different allowances: a person chooses.
    TermChoice,
    /// A settled term no longer fits the record.
    TermSettlementDropped,
    /// A figure the source doubts, or that contradicts its own text.
    FeeDoubtful,
    /// The amount is set by a rule that is not in the record.
    FeeByRule,
    /// No paper at all.
    NoPapers,
    /// No description of how to do it.
    NoSteps,
    /// No result.
    NoResult,
    /// No competent agency.
    NoAgency,
    /// Only the province's listing is known: no papers, terms or fees.
    ListingOnly,
}

impl Warning {
    /// In words, for reports.
    pub fn words(self) -> &'static str {
        match self {
            Warning::TermOpen => "Thời hạn chưa rõ số hoặc đơn vị",
            Warning::TermMissing => "Không ghi thời hạn",
            Warning::TermChoice => "Nhiều thời hạn, phải có người chọn",
            Warning::TermSettlementDropped => "Thời hạn đã chốt không còn khớp bản ghi mới",
            Warning::FeeDoubtful => "Số tiền đáng ngờ",
            Warning::FeeByRule => "Mức thu do văn bản khác quy định",
            Warning::NoPapers => "Không có thành phần hồ sơ",
            Warning::NoSteps => "Không có trình tự thực hiện",
            Warning::NoResult => "Không ghi kết quả",
            Warning::NoAgency => "Không ghi cơ quan thực hiện",
            Warning::ListingOnly => "Chỉ có tên trong danh mục của tỉnh",
        }
    }
}

/// A package and what was noticed on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The package.
    pub package: Package,
    /// How often what was noticed.
    pub warnings: BTreeMap<Warning, u32>,
}

impl Parsed {
    fn warn(&mut self, warning: Warning, times: usize) {
        if times > 0 {
            *self.warnings.entry(warning).or_default() += times as u32;
        }
    }
}

/// The package of one procedure, from the records known of it. `None` when there is none.
pub fn package(national: Option<&Record>, provincial: Option<&Record>) -> Option<Parsed> {
    let main = national.or(provincial)?;
    let listing = provincial
        .map(|p| Listing { code: p.local_code.clone(), decision: p.decision.clone(), levels: p.levels.clone() })
        .or_else(|| main.listing.clone())
        .unwrap_or(Listing { code: String::new(), decision: String::new(), levels: vec![] });
    let listed = !listing.decision.is_empty();
    let local_publisher = match provincial {
        Some(p) if !p.publisher.is_empty() => p.publisher.clone(),
        _ if listed => "UBND tỉnh".to_owned(), // not on screen: as records name it
        _ => main.publisher.clone(),
    };
    let terms = terms::rows(main);
    let fees = fees::rows(main);
    let (papers, cases) = papers::rows(main);
    let competent = if main.competent.is_empty() { main.agencies.join("; ") } else { main.competent.clone() };
    let levels = levels(if listing.levels.is_empty() { &main.levels } else { &listing.levels }, &main.levels);
    let package = Package {
        code: main.code.clone(),
        local_code: listing.code,
        name: sentence_case(&main.name),
        short_name: String::new(),
        field: main.field.clone(),
        synonyms: vec![],
        summary: String::new(),
        competence: if levels == [Level::Commune] { Competence::Commune { by_field: None } } else { Competence::Unknown },
        levels,
        audience: main.audience.clone(),
        service: if main.methods.iter().any(|m| channel(&m.name) == Some(Channel::Online)) {
            ServiceKind::Partial
        } else {
            ServiceKind::Information
        },
        competent_agency: competent,
        elsewhere: None,
        decision: Decision {
            number: if listed { listing.decision } else { main.decision.clone() },
            agency: local_publisher,
            central: if listed && national.is_some() { main.decision.clone() } else { String::new() },
            ..Decision::default()
        },
        same_day: false,
        print_receipt: Default::default(),
        cases,
        terms,
        fees,
        papers,
        steps: vec![],
        guidance: main.steps.clone(),
        conditions: main.conditions.clone(),
        results: main.results.clone(),
        legal: main.legal.clone(),
        life_events: vec![],
        source: main.source.clone(),
        form: None,
        english: Default::default(),
    };
    let mut parsed = Parsed { package, warnings: BTreeMap::new() };
    note(&mut parsed, national.is_none());
    Some(parsed)
}

fn note(parsed: &mut Parsed, listing_only: bool) {
    if listing_only && parsed.package.terms.is_empty() && parsed.package.papers.is_empty() {
        parsed.warn(Warning::ListingOnly, 1);
        return;
    }
    let p = &parsed.package;
    let open = p.open_terms().count();
    let choice = p.terms.iter().any(|t| !t.condition.is_empty());
    let doubtful = p.fees.iter().filter(|f| f.doubtful).count();
    let by_rule = p.fees.iter().filter(|f| f.amount.is_none()).count();
    let found = [
        (Warning::TermOpen, open),
        (Warning::TermMissing, p.terms.is_empty().into()),
        (Warning::TermChoice, choice.into()),
        (Warning::FeeDoubtful, doubtful),
        (Warning::FeeByRule, by_rule),
        (Warning::NoPapers, p.papers_asked().next().is_none().into()),
        (Warning::NoSteps, p.guidance.is_empty().into()),
        (Warning::NoResult, p.results.is_empty().into()),
        (Warning::NoAgency, p.competent_agency.is_empty().into()),
    ];
    for (warning, times) in found {
        parsed.warn(warning, times);
    }
}

/// Channel of a method's name.
pub(crate) fn channel(name: &str) -> Option<Channel> {
    let folded = base::text::fold(name);
    if folded.contains("truc tuyen") {
        Some(Channel::Online)
    } else if folded.contains("buu chinh") {
        Some(Channel::Post)
    } else if folded.contains("truc tiep") {
        Some(Channel::Direct)
    } else {
        None
    }
}

/// Levels from the listing; a word that is no level of ours ("Cơ quan khác") falls back to the record's, then to the ministry.
fn levels(printed: &[String], fallback: &[String]) -> Vec<Level> {
    let read = |words: &[String]| {
        let mut found: Vec<Level> = vec![];
        for word in words {
            let level = match base::text::fold(word).trim() {
                "cap xa" => Level::Commune,
                "cap tinh" => Level::Province,
                "cap bo" => Level::Ministry,
                _ => continue,
            };
            if !found.contains(&level) {
                found.push(level);
            }
        }
        found
    };
    let found = read(printed);
    let found = if found.is_empty() { read(fallback) } else { found };
    if found.is_empty() { vec![Level::Ministry] } else { found }
}

/// A name that shouts is written as a sentence; anything else stays as printed.
fn sentence_case(name: &str) -> String {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let capitals = name.chars().filter(|c| c.is_uppercase()).count();
    if letters < 8 || capitals * 10 < letters * 9 {
        return name;
    }
    let mut first = true;
    name.to_lowercase()
        .chars()
        .map(|c| {
            if first && c.is_alphabetic() {
                first = false;
                c.to_uppercase().next().unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

/// Text on one line, without the bullets a record begins its lines with.
pub(crate) fn tidy(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.trim_start_matches(['-', '–', '+', '*', '•', '.', '·', ' ']).trim_end_matches([';', ' ']).to_owned()
}

/// A short id that stays the same while what it stands for stays the same.
pub(crate) fn id_of(prefix: &str, parts: &[&str]) -> String {
    use sha2::Digest;
    let mut hash = sha2::Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    format!("{prefix}-{}", hex::encode(&hash.finalize()[..4]))
}

#[cfg(test)]
pub(crate) mod tests_support {
    use super::*;

    pub(crate) fn record(code: &str, name: &str) -> Record {
        from_json(&serde_json::json!({ "code": code, "name": name, "agency_level": ["Cấp xã"] }).to_string()).unwrap()
    }

    pub(crate) fn method(name: &str, value: u32, unit: &str) -> Method {
        Method {
            name: name.into(),
            value: Some(base::due::Amount::whole(value)),
            unit: (!unit.is_empty()).then(|| unit.to_owned()),
            fees: vec![],
            note: String::new(),
        }
    }
}
