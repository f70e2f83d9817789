//! People as their papers write them: names as typed, birth dates as far as they are known.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

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
        match name.chars().find(|c| c.is_control() || matches!(c, '<' | '>' | '|' | '\\' | '{' | '}')) {
            Some(c) => Err(PersonNameError::Character(c)),
            None => Ok(PersonName(name)),
        }
    }
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

/// A text that is no date, nor part of one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date like 1958, 1958-03 or 1958-03-12")]
pub struct PartialDateError(String);

impl PartialDate {
    /// A partial date of these parts; none when there is no such date, or a day without a month.
    pub fn new(year: i16, month: Option<i8>, day: Option<i8>) -> Option<PartialDate> {
        if !(1..=9999).contains(&year) {
            return None;
        }
        match (month, day) {
            (None, None) => Some(PartialDate::Year(year)),
            (Some(month), None) => (1..=12).contains(&month).then_some(PartialDate::Month(year, month)),
            (Some(month), Some(day)) => Date::new(year, month, day).ok().map(PartialDate::Full),
            (None, Some(_)) => None,
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
        let wrong = || PartialDateError(text.to_owned());
        let parts: Vec<&str> = text.trim().split(['/', '-', '.']).map(str::trim).collect();
        let number = |p: &str| {
            if p.is_empty() || p.len() > 4 || !p.bytes().all(|b| b.is_ascii_digit()) { None } else { p.parse::<i16>().ok() }
        };
        let small = |p: &str| if p.len() <= 2 { number(p).and_then(|n| i8::try_from(n).ok()) } else { None };
        let year = |p: &str| if p.len() == 4 { number(p) } else { None };
        let found = match parts[..] {
            [y] => year(y).and_then(|y| PartialDate::new(y, None, None)),
            [a, b] if a.len() == 4 => year(a).zip(small(b)).and_then(|(y, m)| PartialDate::new(y, Some(m), None)),
            [a, b] => year(b).zip(small(a)).and_then(|(y, m)| PartialDate::new(y, Some(m), None)),
            [a, b, c] if a.len() == 4 => match (year(a), small(b), small(c)) {
                (Some(y), Some(m), Some(d)) => PartialDate::new(y, Some(m), Some(d)),
                _ => None,
            },
            [a, b, c] => match (small(a), small(b), year(c)) {
                (Some(d), Some(m), Some(y)) => PartialDate::new(y, Some(m), Some(d)),
                _ => None,
            },
            _ => None,
        };
        found.ok_or_else(wrong)
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
