//! Answers to an e-form: reading what was posted, checking it, showing it. Pure.
//!
//! Answers are kept exactly as typed, so that nothing is lost when something is wrong; a date stays in its three boxes
//! (`con.ngay_sinh.d`, `.m`, `.y`) until it is read.

use base::person::{PartialDate, PersonName, PersonNameError};
use base::text;
use catalogue::package::{EForm, Field, FieldKind, FormPage};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use web::{Words, raw, words};

/// Suffixes of the three boxes of a date.
pub const DATE_PARTS: [&str; 3] = ["d", "m", "y"];

/// Longest single answer when the field names no limit, in characters.
const DEFAULT_MAX: usize = 500;
/// Longest long answer, in characters.
const LONG_MAX: usize = 4_000;
/// Longest number of an identity paper, with the words some write before it.
const MOST_ID: usize = 50;
/// Most digits of a passport's number: the whole number has nine places (ICAO 9303).
const PASSPORT_DIGITS: usize = 9;
/// The first year a date of a form can have, as a field of a year has it. Personal numbers count births from 1900 on, but forms also name the
/// dead: parents and grandparents of people in the oldest registers of civil status. What lies before is a year not written out, like 61.
pub const FIRST_YEAR: i16 = 1850;

/// Posted values by input name; several ticks of one field are joined by line feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, String>);

/// What is wrong with one field, beside it and in the summary in the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Field id.
    pub field: String,
    /// The kind of fault.
    pub wrong: Wrong,
}

/// Kinds of faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was answered; the label says what is asked.
    Missing {
        /// Label of the field.
        label: String,
    },
    /// Nothing was chosen.
    NotChosen {
        /// Label of the field.
        label: String,
    },
    /// A promise was not ticked.
    NotAgreed,
    /// Longer than allowed.
    TooLong {
        /// Limit in characters.
        max: usize,
        /// Length typed.
        typed: usize,
    },
    /// No such day in that month.
    NoSuchDay {
        /// Month.
        month: u8,
        /// Days it has.
        days: u8,
    },
    /// Not a date at all.
    NotADate,
    /// Neither a date, nor a month, nor a year.
    NotAPartialDate,
    /// A character that stands in no name.
    NotAName,
    /// A date in the future where that cannot be.
    InFuture,
    /// Wrong number of digits of a citizen id.
    CitizenIdLength {
        /// Digits typed.
        typed: usize,
    },
    /// Twelve digits, but they contradict themselves.
    CitizenIdWrong,
    /// Neither a personal number nor that of a passport or an old card.
    IdNumber,
    /// Not a tax code.
    TaxCode,
    /// Not a telephone number.
    Phone,
    /// Not an e-mail address.
    Email,
    /// Not a number.
    Number,
    /// Not one of the choices offered.
    NotOffered,
    /// A date without its year.
    NoYear,
    /// A day without its month.
    NoMonth,
    /// A year not written out, or too long ago for anybody.
    YearTooEarly,
    /// Nobody is named.
    NoName,
    /// No commune was chosen to file with.
    NoCommune,
    /// No commune of today has this code.
    NoSuchCommune,
    /// Filed for another, but by whom?
    NoSubmitter,
    /// No way to get the result was chosen.
    NoChannel,
}

impl Wrong {
    /// Sentence (key of the translations) and what fills its blanks.
    pub fn said(&self) -> (&'static str, Vec<String>) {
        match self {
            Wrong::Missing { label } => ("Điền {0}.", vec![lower_first(label)]),
            Wrong::NotChosen { label } => ("Chọn {0}.", vec![lower_first(label)]),
            Wrong::NotAgreed => ("Đánh dấu ô cam đoan để tiếp tục.", vec![]),
            Wrong::TooLong { max, typed } => {
                ("Ô này nhận tối đa {0} ký tự, bạn gõ {1}.", vec![max.to_string(), typed.to_string()])
            }
            Wrong::NoSuchDay { month, days } => {
                ("Tháng {0} chỉ có {1} ngày. Xem lại ngày.", vec![month.to_string(), days.to_string()])
            }
            Wrong::NotADate => ("Ghi ngày bằng số, ví dụ 5 11 2026.", vec![]),
            Wrong::NotAPartialDate => ("Viết 12/3/1958; chỉ biết tháng thì 3/1958, chỉ biết năm thì 1958.", vec![]),
            Wrong::NotAName => ("Họ tên chỉ có chữ, tối đa 200 ký tự. Ghi như trên giấy tờ.", vec![]),
            Wrong::InFuture => ("Ngày này ở tương lai. Xem lại ngày.", vec![]),
            Wrong::CitizenIdLength { typed } => ("Số định danh có 12 chữ số, bạn gõ {0}.", vec![typed.to_string()]),
            Wrong::CitizenIdWrong => ("Số định danh này không theo cấu trúc 12 số của thẻ. Xem lại từng số.", vec![]),
            Wrong::IdNumber => (
                "Số định danh là 12 chữ số; số hộ chiếu có chữ cái và tối đa {0} chữ số, không có dấu lạ. Xem lại từng ký tự.",
                vec![PASSPORT_DIGITS.to_string()],
            ),
            Wrong::TaxCode => ("Mã số thuế có 10 số, hoặc 10 số và 3 số của chi nhánh. Xem lại từng số.", vec![]),
            Wrong::Phone => ("Số điện thoại có 10 số, bắt đầu bằng 0.", vec![]),
            Wrong::Email => ("Địa chỉ thư điện tử có dạng ten@noi.vn.", vec![]),
            Wrong::Number => ("Ghi bằng chữ số.", vec![]),
            Wrong::NotOffered => ("Chọn một trong các câu trả lời có sẵn.", vec![]),
            Wrong::NoYear => ("Ghi thêm năm. Chỉ nhớ năm thì chỉ ghi năm.", vec![]),
            Wrong::NoMonth => ("Có ngày thì ghi thêm tháng.", vec![]),
            Wrong::YearTooEarly => ("Ghi năm đủ bốn chữ số, từ {0} trở đi.", vec![FIRST_YEAR.to_string()]),
            Wrong::NoName => ("Điền họ, chữ đệm, tên.", vec![]),
            Wrong::NoCommune => ("Chọn xã, phường nhận hồ sơ.", vec![]),
            Wrong::NoSuchCommune => ("Không có xã, phường nào đang hoạt động mang mã này. Ghi mã 5 số của Cục Thống kê.", vec![]),
            Wrong::NoSubmitter => ("Điền tên người nộp thay.", vec![]),
            Wrong::NoChannel => ("Chọn một cách nhận kết quả.", vec![]),
        }
    }
}

fn lower_first(label: &str) -> String {
    let label = label.trim_end_matches('?');
    let mut chars = label.chars();
    // "CCCD", "ID…": an abbreviation keeps its capitals.
    match (chars.next(), label.chars().nth(1)) {
        (Some(first), Some(second)) if !second.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => label.to_owned(),
    }
}

impl Answers {
    /// What was typed in one input; empty when nothing was.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Takes the inputs of one page from a post: unknown names are ignored, text is brought to NFC, what the page asks replaces what was there.
    pub fn take(&mut self, page: &FormPage, posted: &[(String, String)]) {
        for field in &page.fields {
            for name in inputs(field) {
                let values: Vec<String> =
                    posted.iter().filter(|(n, _)| *n == name).map(|(_, v)| text::nfc(v).trim().to_owned()).collect();
                let joined = values.into_iter().filter(|v| !v.is_empty()).collect::<Vec<_>>().join("\n");
                if joined.is_empty() {
                    self.0.remove(&name);
                } else {
                    self.0.insert(name, joined);
                }
            }
        }
    }

    /// Answers sent by programs: dates may come whole as ISO text; names the form does not have are reported.
    pub fn from_json(form: &EForm, sent: &BTreeMap<String, String>) -> Result<Answers, Vec<String>> {
        let mut answers = Answers::default();
        let mut unknown = Vec::new();
        for (name, value) in sent {
            let value = text::nfc(value).trim().to_owned();
            match form.field(name) {
                Some(f) if is_date(f.kind) => {
                    let mut parts = value.split('-').rev().map(|p| p.trim_start_matches('0').to_owned()).collect::<Vec<_>>();
                    while parts.len() < 3 {
                        parts.insert(0, String::new());
                    }
                    for (part, v) in DATE_PARTS.iter().zip(parts) {
                        if !v.is_empty() {
                            answers.0.insert(format!("{name}.{part}"), v);
                        }
                    }
                }
                Some(_) => {
                    answers.0.insert(name.clone(), value);
                }
                None if form.pages.iter().flat_map(|p| &p.fields).flat_map(inputs).any(|i| i == *name) => {
                    answers.0.insert(name.clone(), value);
                }
                None => unknown.push(name.clone()),
            }
        }
        if unknown.is_empty() { Ok(answers) } else { Err(unknown) }
    }

    /// The answers to a form as programs send them: a date that can be read comes whole, as `2026-11-05`, `2026-11` or `2026`.
    pub fn to_json(&self, form: &EForm) -> BTreeMap<String, String> {
        let mut sent = BTreeMap::new();
        for field in form.pages.iter().flat_map(|p| &p.fields) {
            match self.date(&field.id).filter(|_| is_date(field.kind)) {
                Some(date) => {
                    sent.insert(field.id.clone(), date.to_string());
                }
                None => {
                    let typed = inputs(field).into_iter().filter_map(|name| Some((self.0.get(&name)?.clone(), name)));
                    sent.extend(typed.map(|(value, name)| (name, value)));
                }
            }
        }
        sent
    }

    /// Is this field asked, given the other answers?
    pub fn shows(&self, field: &Field) -> bool {
        field.show_if.as_ref().is_none_or(|c| self.get(&c.field).split('\n').any(|v| c.is.iter().any(|w| w == v)))
    }

    /// Faults of one page.
    pub fn faults(&self, page: &FormPage, today: jiff::civil::Date) -> Vec<Fault> {
        page.fields
            .iter()
            .filter(|f| self.shows(f))
            .filter_map(|f| self.fault(f, today).map(|wrong| Fault { field: f.id.clone(), wrong }))
            .collect()
    }

    fn fault(&self, field: &Field, today: jiff::civil::Date) -> Option<Wrong> {
        if is_date(field.kind) {
            return self.date_fault(field, today);
        }
        let typed = self.get(&field.id);
        if typed.is_empty() {
            return field.required.then(|| match field.kind {
                FieldKind::OneOf | FieldKind::ManyOf | FieldKind::YesNo | FieldKind::Commune => {
                    Wrong::NotChosen { label: field.label.clone() }
                }
                FieldKind::Consent => Wrong::NotAgreed,
                _ => Wrong::Missing { label: field.label.clone() },
            });
        }
        let limit = field.max.map_or(if field.kind == FieldKind::LongText { LONG_MAX } else { DEFAULT_MAX }, |m| m as usize);
        let length = typed.chars().count();
        if length > limit {
            return Some(Wrong::TooLong { max: limit, typed: length });
        }
        match field.kind {
            FieldKind::PersonName => name_fault(typed),
            FieldKind::CitizenId => citizen_id_fault(typed, today),
            FieldKind::TaxCode => typed.parse::<base::TaxCode>().err().map(|_| Wrong::TaxCode),
            FieldKind::Phone => (!is_phone(typed)).then_some(Wrong::Phone),
            FieldKind::Email => (!is_email(typed)).then_some(Wrong::Email),
            FieldKind::Number | FieldKind::Money => (!is_number(typed)).then_some(Wrong::Number),
            FieldKind::Year => (!typed.parse::<i16>().is_ok_and(|y| (FIRST_YEAR..=2200).contains(&y))).then_some(Wrong::NotADate),
            FieldKind::OneOf | FieldKind::ManyOf => {
                (!typed.split('\n').all(|v| field.options.iter().any(|o| o.value == v))).then_some(Wrong::NotOffered)
            }
            FieldKind::YesNo => (!matches!(typed, "co" | "khong")).then_some(Wrong::NotOffered),
            _ => None,
        }
    }

    fn date_fault(&self, field: &Field, today: jiff::civil::Date) -> Option<Wrong> {
        let part = |p: &str| self.get(&format!("{}.{p}", field.id)).to_owned();
        let [day, month, year] = DATE_PARTS.map(part);
        if day.is_empty() && month.is_empty() && year.is_empty() {
            return field.required.then(|| Wrong::Missing { label: field.label.clone() });
        }
        match self.date(&field.id) {
            Some(date) if date.year() < FIRST_YEAR => Some(Wrong::YearTooEarly),
            Some(date) if field.kind == FieldKind::Date && date.full().is_none() => Some(Wrong::NotADate),
            Some(date) if field.past && earliest(date) > Some(today) => Some(Wrong::InFuture),
            Some(_) => None,
            None if year.is_empty() => Some(Wrong::NoYear),
            None if month.is_empty() && !day.is_empty() => Some(Wrong::NoMonth),
            None => Some(no_such_day(&day, &month, &year).unwrap_or(Wrong::NotADate)),
        }
    }

    /// Reads a date field; day, or day and month, may be missing.
    pub fn date(&self, id: &str) -> Option<PartialDate> {
        let number = |p: &str| {
            let typed = self.get(&format!("{id}.{p}"));
            if typed.is_empty() { Ok(None) } else { typed.parse::<i16>().map(Some).map_err(|_| ()) }
        };
        let (day, month, year) = (number("d").ok()?, number("m").ok()?, number("y").ok()??);
        PartialDate::new(year, month.map(i8::try_from).transpose().ok()?, day.map(i8::try_from).transpose().ok()?).ok()
    }

    /// One answer in words, for reviews and officers; what was typed is itself. Nothing when nothing was answered.
    pub fn shown(&self, field: &Field) -> Option<Words> {
        let said = match (field.kind, self.get(&field.id)) {
            (kind, _) if is_date(kind) => raw(self.date(&field.id).map_or_else(
                || DATE_PARTS.map(|p| self.get(&format!("{}.{p}", field.id)).to_owned()).join(" ").trim().to_owned(),
                PartialDate::vi,
            )),
            (FieldKind::OneOf | FieldKind::ManyOf, typed) => raw(typed
                .split('\n')
                .filter(|v| !v.is_empty())
                .map(|v| field.options.iter().find(|o| o.value == v).map_or(v, |o| o.label.as_str()))
                .collect::<Vec<_>>()
                .join("; ")),
            (FieldKind::YesNo, "co") => words("Có"),
            (FieldKind::YesNo, "khong") => words("Không"),
            (FieldKind::Consent, typed) if !typed.is_empty() => words("Đã cam đoan"),
            (_, typed) => raw(typed),
        };
        (!said.is_empty()).then_some(said)
    }
}

/// Input names of a field.
pub fn inputs(field: &Field) -> Vec<String> {
    if is_date(field.kind) { DATE_PARTS.iter().map(|p| format!("{}.{p}", field.id)).collect() } else { vec![field.id.clone()] }
}

fn is_date(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Date | FieldKind::PartialDate)
}

/// The first day a partly known date can mean.
fn earliest(date: PartialDate) -> Option<jiff::civil::Date> {
    jiff::civil::Date::new(date.year(), date.month().unwrap_or(1), date.day().unwrap_or(1)).ok()
}

fn no_such_day(day: &str, month: &str, year: &str) -> Option<Wrong> {
    let (day, month, year) = (day.parse::<i8>().ok()?, month.parse::<i8>().ok()?, year.parse::<i16>().ok()?);
    let days = jiff::civil::Date::new(year, month, 1).ok()?.days_in_month();
    (day > days).then_some(Wrong::NoSuchDay { month: month as u8, days: days as u8 })
}

/// What is wrong with a birth date as kept: `1954`, `1954-05` or `1954-05-20`.
pub(crate) fn birth_fault(kept: &str, today: jiff::civil::Date) -> Option<Wrong> {
    let mut parts = kept.split('-').map(str::to_owned);
    let [year, month, day] = [(); 3].map(|()| parts.next().unwrap_or_default());
    if kept.is_empty() {
        return None;
    }
    // at a desk it stays as typed while it cannot be read
    if kept.contains(['/', '.', ' ']) {
        return Some(Wrong::NotAPartialDate);
    }
    if year.is_empty() {
        return Some(Wrong::NoYear);
    }
    let number = |p: &str| if p.is_empty() { Ok(None) } else { p.parse().map(Some) };
    let read = match (year.parse(), number(&month), number(&day)) {
        (Ok(year), Ok(month), Ok(day)) if parts.next().is_none() => PartialDate::new(year, month, day).ok(),
        _ => None,
    };
    match read {
        Some(date) if date.year() < FIRST_YEAR => Some(Wrong::YearTooEarly),
        Some(date) => (earliest(date) > Some(today)).then_some(Wrong::InFuture),
        None if month.is_empty() && !day.is_empty() => Some(Wrong::NoMonth),
        None => Some(no_such_day(&day, &month, &year).unwrap_or(Wrong::NotADate)),
    }
}

/// What is wrong with a person's name.
pub(crate) fn name_fault(typed: &str) -> Option<Wrong> {
    match typed.parse::<PersonName>() {
        Ok(_) => None,
        Err(PersonNameError::Empty) => Some(Wrong::NoName),
        Err(_) => Some(Wrong::NotAName),
    }
}

/// What was written in more letters than are taken: nothing is cut off.
pub(crate) fn too_long(written: &str, max: usize) -> Option<Wrong> {
    let typed = written.chars().count();
    (typed > max).then_some(Wrong::TooLong { max, typed })
}

/// Digits written in groups are one number; numbers of other papers stay as typed.
pub(crate) fn id_as_kept(typed: &str) -> String {
    let is_grouped = typed.bytes().all(|b| b.is_ascii_digit() || b == b' ');
    if is_grouped { typed.replace(' ', "") } else { typed.to_owned() }
}

/// Numbers of identity papers are of many kinds: a personal number, nine digits of an old card, letters and digits of a passport.
pub(crate) fn id_number_fault(typed: &str, today: jiff::civil::Date) -> Option<Wrong> {
    let number = id_as_kept(typed);
    if number.is_empty() {
        return None;
    }
    if number.bytes().all(|b| b.is_ascii_digit()) {
        return if number.len() == 9 { None } else { citizen_id_fault(&number, today) };
    }
    // with a letter and more digits than a passport has it is a personal number with a slip of the finger
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = number.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '/'));
    let is_passport = is_plain && (1..=PASSPORT_DIGITS).contains(&digits);
    if is_passport { too_long(&number, MOST_ID) } else { Some(Wrong::IdNumber) }
}

/// The twelve digits, where a number is a personal one.
pub(crate) fn citizen_id(typed: &str, today: jiff::civil::Date) -> Option<String> {
    citizen_id_fault(typed, today).is_none().then(|| id_as_kept(typed))
}

fn citizen_id_fault(typed: &str, today: jiff::civil::Date) -> Option<Wrong> {
    let number = id_as_kept(typed);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    if digits != 12 || number.len() != 12 {
        return Some(Wrong::CitizenIdLength { typed: digits });
    }
    base::CitizenId::given(&number, today).err().map(|_| Wrong::CitizenIdWrong)
}

/// A telephone number of this country, with 0 or 84 before it, or of another one with its `+`.
pub(crate) fn is_phone(typed: &str) -> bool {
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '(' | ')')).collect();
    let all_digits = |n: &str| n.bytes().all(|b| b.is_ascii_digit());
    match digits.strip_prefix('+') {
        Some(rest) => (8..=15).contains(&rest.len()) && all_digits(rest),
        None => digits
            .strip_prefix('0')
            .or_else(|| digits.strip_prefix("84"))
            .is_some_and(|rest| (9..=10).contains(&rest.len()) && all_digits(rest)),
    }
}

pub(crate) fn is_email(typed: &str) -> bool {
    let Some((name, host)) = typed.split_once('@') else { return false };
    !name.is_empty()
        && host.contains('.')
        && !host.starts_with('.')
        && !host.ends_with('.')
        && !typed.contains(char::is_whitespace)
}

fn is_number(typed: &str) -> bool {
    let plain: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '\u{a0}')).collect();
    !plain.is_empty() && plain.len() <= 18 && plain.replacen(',', "", 1).bytes().all(|b| b.is_ascii_digit())
}

/// Finds fields in forms.
pub trait Fields {
    /// A field by id.
    fn field(&self, id: &str) -> Option<&Field>;
}

impl Fields for EForm {
    fn field(&self, id: &str) -> Option<&Field> {
        self.pages.iter().flat_map(|p| &p.fields).find(|f| f.id == id)
    }
}
