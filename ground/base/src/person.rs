//! People as their papers write them: names as typed, birth dates as far as they are known.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use unicode_normalization::char::is_combining_mark;

use crate::{Lang, wording};

/// A name as typed, in NFC with single spaces. Nothing is assumed about the order of its parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(String);

/// A text that is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PersonNameError {
    /// Nothing but spaces.
    #[error("the name is empty")]
    Empty,
    /// Longer than any form has room for.
    #[error("a name has at most {max} characters", max = PersonName::MAX)]
    TooLong,
    /// A character that stands in no name.
    #[error("`{0}` does not occur in names")]
    Character(char),
    /// Signs, and no letter between them.
    #[error("a name has letters")]
    NoLetter,
}

impl PersonNameError {
    /// What is wrong and how to put it right.
    pub fn words(self, lang: Lang) -> String {
        match (self, lang) {
            (PersonNameError::Empty, lang) => lang.pick("Nhập họ và tên.", "Type the name.").to_owned(),
            (PersonNameError::TooLong, Lang::Vi) => format!("Họ và tên dài nhất {} ký tự.", PersonName::MAX),
            (PersonNameError::TooLong, Lang::En) => format!("A name has at most {} characters.", PersonName::MAX),
            (PersonNameError::NoLetter, lang) => lang.pick("Họ và tên phải có chữ.", "A name has letters.").to_owned(),
            (PersonNameError::Character(c), lang) if crate::text::is_unseen(c) => lang
                .pick(
                    "Họ và tên có ký tự không nhìn thấy. Xóa ô này rồi gõ lại.",
                    "The name has a character that cannot be seen. Empty the field and type it again.",
                )
                .to_owned(),
            (PersonNameError::Character(c), Lang::Vi) => format!("Họ và tên không có ký tự “{c}”."),
            (PersonNameError::Character(c), Lang::En) => format!("“{c}” does not occur in names."),
        }
    }
}

impl PersonName {
    /// Most characters of a name.
    pub const MAX: usize = 200;

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its words, in the order typed.
    pub fn words(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split(' ')
    }

    /// With the last word shortened to its first letter: `Nguyễn Văn M•`. A single word keeps its first letter too.
    pub fn masked(&self) -> String {
        let (front, last) = self.0.rsplit_once(' ').map_or(("", self.0.as_str()), |(front, last)| (front, last));
        let space = if front.is_empty() { "" } else { " " };
        format!("{front}{space}{}•", last.chars().next().map(String::from).unwrap_or_default())
    }
}

impl FromStr for PersonName {
    type Err = PersonNameError;

    fn from_str(text: &str) -> Result<PersonName, PersonNameError> {
        let name = crate::text::line(text);
        if name.is_empty() {
            return Err(PersonNameError::Empty);
        }
        if name.chars().count() > PersonName::MAX {
            return Err(PersonNameError::TooLong);
        }
        match name.chars().find(|c| !is_of_a_name(*c)) {
            Some(c) => Err(PersonNameError::Character(c)),
            None if !name.chars().any(char::is_alphabetic) => Err(PersonNameError::NoLetter),
            None => Ok(PersonName(name)),
        }
    }
}

/// Letters of every script with their marks, and the signs people's papers write between them: `H'Blim`, `O’Neil`, `Jean-Pierre`, `John
/// Smith, Jr.`, `维克多·雨果`, `Siti A/P Ali @ Aminah`. No digits, and nothing that cannot be seen.
///
/// `?` and U+FFFD stand where a scanner lost a letter: a card read that far is kept, and the doubt is told ([`crate::card::Doubt::Lost`]).
fn is_of_a_name(c: char) -> bool {
    let is_letter = (c.is_alphabetic() || is_combining_mark(c)) && !c.is_numeric() && !crate::text::is_unseen(c);
    let is_apostrophe = matches!(c, '\'' | '’' | '‘' | '`' | '´');
    let is_joint = matches!(c, ' ' | '-' | '‐' | '‑' | '.' | ',' | '·' | '・' | '(' | ')' | '/' | '@');
    is_letter || is_apostrophe || is_joint || matches!(c, '?' | '\u{fffd}')
}

impl fmt::Display for PersonName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A date of which only the year, or the year and month, may be known: `1958`, `1958-03`, `1958-03-12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartialDate {
    /// Only the year.
    Year(i16),
    /// Year and month.
    Month(i16, i8),
    /// The whole date.
    Full(Date),
}

/// Parts that make no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartialDateError {
    /// Not written like a date.
    #[error("a date is written like 1958, 1958-03 or 1958-03-12")]
    Form,
    /// Years are 1 to 9999.
    #[error("there is no year {0}")]
    Year(i16),
    /// Months are 1 to 12.
    #[error("there is no month {0}")]
    Month(i8),
    /// The month has fewer days, or none of this number.
    #[error("month {month} of {year} has {days} days")]
    Day {
        /// Year.
        year: i16,
        /// Month.
        month: i8,
        /// How many days it has.
        days: i8,
    },
    /// A day without its month.
    #[error("a day needs its month")]
    DayWithoutMonth,
}

impl PartialDateError {
    /// What is wrong and how to put it right.
    pub fn words(self, lang: Lang) -> String {
        match (self, lang) {
            (PartialDateError::Form, lang) => lang
                .pick(
                    "Viết ngày dạng 12/3/1958, chỉ biết tháng: 3/1958, chỉ biết năm: 1958.",
                    "Write 12/3/1958; only the month known: 3/1958; only the year: 1958.",
                )
                .to_owned(),
            (PartialDateError::Year(year), Lang::Vi) => format!("Không có năm {year}."),
            (PartialDateError::Year(year), Lang::En) => format!("There is no year {year}."),
            (PartialDateError::Month(month), Lang::Vi) => format!("Một năm có 12 tháng, không có tháng {month}."),
            (PartialDateError::Month(month), Lang::En) => format!("A year has 12 months, there is no month {month}."),
            (PartialDateError::Day { year, month: 2, days }, Lang::Vi) => format!("Tháng 2 năm {year} chỉ có {days} ngày."),
            (PartialDateError::Day { month, days, .. }, Lang::Vi) => format!("Tháng {month} chỉ có {days} ngày."),
            (PartialDateError::Day { year, month, days }, Lang::En) => {
                format!("{} {year} has only {days} days.", wording::month_en(month))
            }
            (PartialDateError::DayWithoutMonth, lang) => {
                lang.pick("Có ngày thì phải có tháng.", "A day needs its month.").to_owned()
            }
        }
    }
}

impl PartialDate {
    /// A partial date of these parts, or why there is none.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Result<PartialDate, PartialDateError> {
        if !(1..=9999).contains(&year) {
            return Err(PartialDateError::Year(year));
        }
        let Some(month) = month else {
            return if day.is_none() { Ok(PartialDate::Year(year)) } else { Err(PartialDateError::DayWithoutMonth) };
        };
        let days = Date::new(year, month, 1).map_err(|_| PartialDateError::Month(month))?.days_in_month();
        match day {
            None => Ok(PartialDate::Month(year, month)),
            Some(day) => {
                Date::new(year, month, day).map(PartialDate::Full).map_err(|_| PartialDateError::Day { year, month, days })
            }
        }
    }

    /// The year, always known.
    pub fn year(self) -> i16 {
        match self {
            PartialDate::Year(year) | PartialDate::Month(year, _) => year,
            PartialDate::Full(date) => date.year(),
        }
    }

    /// The month, when known.
    pub fn month(self) -> Option<i8> {
        match self {
            PartialDate::Year(_) => None,
            PartialDate::Month(_, month) => Some(month),
            PartialDate::Full(date) => Some(date.month()),
        }
    }

    /// The day, when known.
    pub fn day(self) -> Option<i8> {
        if let PartialDate::Full(date) = self { Some(date.day()) } else { None }
    }

    /// The whole date, when known.
    pub fn full(self) -> Option<Date> {
        if let PartialDate::Full(date) = self { Some(date) } else { None }
    }

    /// As papers write it: `12/03/1958`, `03/1958`, `1958`.
    pub fn vi(self) -> String {
        match self {
            PartialDate::Year(year) => format!("{year}"),
            PartialDate::Month(year, month) => format!("{month:02}/{year}"),
            PartialDate::Full(d) => format!("{:02}/{:02}/{}", d.day(), d.month(), d.year()),
        }
    }
}

impl FromStr for PartialDate {
    type Err = PartialDateError;

    /// `1958`, `1958-03`, `1958-03-12`, and as people write it: `12/3/1958`, `3/1958`, also with dots or dashes.
    fn from_str(text: &str) -> Result<PartialDate, PartialDateError> {
        let parts: Vec<&str> = text.trim().split(['/', '-', '.']).map(str::trim).collect();
        // The part of four digits is the year, whichever end it stands at.
        let (year, rest) = match parts[..] {
            [year] => (year, [None, None]),
            [year, month] if year.len() == 4 => (year, [Some(month), None]),
            [month, year] => (year, [Some(month), None]),
            [year, month, day] if year.len() == 4 => (year, [Some(month), Some(day)]),
            [day, month, year] => (year, [Some(month), Some(day)]),
            _ => return Err(PartialDateError::Form),
        };
        let number = |part: &str, digits: std::ops::RangeInclusive<usize>| {
            let plain = digits.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| part.parse::<i16>().ok()).flatten().ok_or(PartialDateError::Form)
        };
        let small =
            |part: Option<&str>| part.map(|part| number(part, 1..=2).map(|n| i8::try_from(n).unwrap_or(i8::MAX))).transpose();
        PartialDate::new(number(year, 4..=4)?, small(rest[0])?, small(rest[1])?)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartialDate::Year(year) => write!(f, "{year:04}"),
            PartialDate::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            PartialDate::Full(date) => write!(f, "{date}"),
        }
    }
}

crate::as_text!(PersonName, PartialDate);
