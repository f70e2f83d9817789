//! Working days and working hours: which days are worked, and when the doors are open.
//!
//! Days off are a table, because Tết and the day beside National Day are decided every year (CA-03); office hours are local (CA-06).

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};

use crate::{Lang, Moment};

/// What makes a day special.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A holiday of the Labour Code.
    Statutory,
    /// In lieu of a holiday that fell on a rest day (CA-02).
    Compensatory,
    /// A working day exchanged with a Saturday (CA-04).
    SwappedOff,
    /// The Saturday worked instead (CA-04).
    Makeup,
    /// Only the afternoon is worked.
    MorningOff,
    /// Only the morning is worked.
    AfternoonOff,
}

/// A day of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDay {
    /// What it is.
    pub kind: DayKind,
    /// Its Vietnamese name ("Ngày Văn hóa Việt Nam").
    pub name: String,
    /// Its English name.
    pub name_en: String,
    /// Computed from the rules, because the yearly notice is not known yet.
    pub projected: bool,
}

impl SpecialDay {
    /// Its name in the reader's language.
    pub fn name_in(&self, lang: Lang) -> &str {
        lang.pick(&self.name, &self.name_en)
    }
}

/// A day as the calendar sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Day<'a> {
    /// Worked; with the entry that says so, or that closes half of it.
    Working(Option<&'a SpecialDay>),
    /// Saturday or Sunday.
    Weekend,
    /// A day off of the table.
    Off(&'a SpecialDay),
}

/// One stretch of open doors within a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    from: Time,
    to: Time,
}

impl Span {
    /// From one time of day to a later one.
    pub fn new(from: Time, to: Time) -> Option<Span> {
        (from < to).then_some(Span { from, to })
    }

    /// When the doors open.
    pub fn from(&self) -> Time {
        self.from
    }

    /// When they close.
    pub fn to(&self) -> Time {
        self.to
    }
}

/// Office hours as half days. Written `07:00-11:00 13:00-17:00`; a `-` stands for a half day that is not worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OfficeHours {
    morning: Option<Span>,
    afternoon: Option<Span>,
}

/// Hours that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` are not office hours like 07:00-11:00 13:00-17:00")]
pub struct OfficeHoursError(String);

impl OfficeHours {
    /// Both half days in order, at least one of them worked.
    pub fn new(morning: Option<Span>, afternoon: Option<Span>) -> Option<OfficeHours> {
        match (morning, afternoon) {
            (None, None) => None,
            (Some(m), Some(a)) if m.to > a.from => None,
            _ => Some(OfficeHours { morning, afternoon }),
        }
    }

    /// The morning.
    pub fn morning(&self) -> Option<Span> {
        self.morning
    }

    /// The afternoon.
    pub fn afternoon(&self) -> Option<Span> {
        self.afternoon
    }
}

impl Default for OfficeHours {
    /// 07:00–11:00 and 13:00–17:00, usual in the south (CA-06).
    fn default() -> OfficeHours {
        let span = |from, to| Some(Span { from: Time::constant(from, 0, 0, 0), to: Time::constant(to, 0, 0, 0) });
        OfficeHours { morning: span(7, 11), afternoon: span(13, 17) }
    }
}

impl FromStr for OfficeHours {
    type Err = OfficeHoursError;

    fn from_str(text: &str) -> Result<OfficeHours, OfficeHoursError> {
        let span = |part: &str| -> Option<Option<Span>> {
            if part == "-" {
                return Some(None);
            }
            let (from, to) = part.split_once(['-', '–'])?;
            Span::new(from.parse().ok()?, to.parse().ok()?).map(Some)
        };
        let halves: Option<Vec<_>> = text.split_whitespace().map(span).collect();
        match halves.as_deref() {
            Some(&[morning, afternoon]) => OfficeHours::new(morning, afternoon),
            _ => None,
        }
        .ok_or_else(|| OfficeHoursError(text.to_owned()))
    }
}

impl fmt::Display for OfficeHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let half = |span: Option<Span>| match span {
            Some(s) => format!("{}-{}", s.from.strftime("%H:%M"), s.to.strftime("%H:%M")),
            None => "-".to_owned(),
        };
        write!(f, "{} {}", half(self.morning), half(self.afternoon))
    }
}

crate::as_text!(OfficeHours);

/// The working calendar of a unit: the days of the country, and the unit's own hours and closures.
#[derive(Clone, Debug)]
pub struct WorkCalendar {
    days: Arc<BTreeMap<Date, SpecialDay>>,
    /// Hours in force from a day on; before the first entry, that entry.
    hours: Vec<(Date, OfficeHours)>,
}

/// The farthest a search for a working day goes; a calendar without one for so long is a mistake.
const SEARCH_DAYS: usize = 400;

impl WorkCalendar {
    /// The calendar of the country, 2020–2027, with the usual office hours.
    pub fn vietnam() -> WorkCalendar {
        static TABLE: LazyLock<Arc<BTreeMap<Date, SpecialDay>>> =
            LazyLock::new(|| Arc::new(read_table(include_str!("../../../data/calendar/holidays.csv")).unwrap_or_default()));
        WorkCalendar { days: TABLE.clone(), hours: vec![(Date::MIN, OfficeHours::default())] }
    }

    /// The same days with other office hours, on every day.
    pub fn with_hours(mut self, hours: OfficeHours) -> WorkCalendar {
        self.hours = vec![(Date::MIN, hours)];
        self
    }

    /// The same calendar with other office hours from a day on (summer, winter, a new rule).
    pub fn with_hours_from(mut self, from: Date, hours: OfficeHours) -> WorkCalendar {
        self.hours.retain(|(date, _)| *date != from);
        self.hours.push((from, hours));
        self.hours.sort_by_key(|(date, _)| *date);
        self
    }

    /// The same calendar with these special days in a year, instead of those it had.
    pub fn with_year(mut self, year: i16, days: impl IntoIterator<Item = (Date, SpecialDay)>) -> WorkCalendar {
        let table = Arc::make_mut(&mut self.days);
        table.retain(|date, _| date.year() != year);
        table.extend(days.into_iter().filter(|(date, _)| date.year() == year));
        self
    }

    /// Every special day from one date to another, both included.
    pub fn special_days(&self, from: Date, to: Date) -> impl Iterator<Item = (Date, &SpecialDay)> {
        // An empty span, not a panic, when the dates are given the wrong way round.
        self.days.range(from..).take_while(move |(date, _)| **date <= to).map(|(date, day)| (*date, day))
    }

    /// Is the year's table decided, rather than absent or only projected? Closures of a unit do not make a table.
    pub fn is_settled(&self, year: i16) -> bool {
        let (Ok(first), Ok(last)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else { return false };
        let mut holidays = self.special_days(first, last).filter(|(_, day)| day.kind == DayKind::Statutory).peekable();
        holidays.peek().is_some() && holidays.all(|(_, day)| !day.projected)
    }

    /// What kind of day it is (OS-32).
    pub fn day(&self, date: Date) -> Day<'_> {
        match self.days.get(&date) {
            Some(special) => match special.kind {
                DayKind::Makeup => Day::Working(Some(special)),
                DayKind::MorningOff | DayKind::AfternoonOff if is_weekend(date) => Day::Weekend,
                DayKind::MorningOff | DayKind::AfternoonOff => Day::Working(Some(special)),
                DayKind::Statutory | DayKind::Compensatory | DayKind::SwappedOff => Day::Off(special),
            },
            None if is_weekend(date) => Day::Weekend,
            None => Day::Working(None),
        }
    }

    /// Is anything worked on this day?
    pub fn is_working_day(&self, date: Date) -> bool {
        self.spans(date).next().is_some()
    }

    /// The office hours in force on a day.
    pub fn hours_on(&self, date: Date) -> OfficeHours {
        let at = self.hours.partition_point(|(from, _)| *from <= date);
        self.hours.get(at.saturating_sub(1)).map(|(_, hours)| *hours).unwrap_or_default()
    }

    /// The stretches of open doors on a day, in order; none on a day off.
    pub fn spans(&self, date: Date) -> impl Iterator<Item = (Moment, Moment)> + use<> {
        let hours = self.hours_on(date);
        let (morning, afternoon) = match self.day(date) {
            Day::Working(Some(SpecialDay { kind: DayKind::MorningOff, .. })) => (None, hours.afternoon),
            Day::Working(Some(SpecialDay { kind: DayKind::AfternoonOff, .. })) => (hours.morning, None),
            Day::Working(_) => (hours.morning, hours.afternoon),
            Day::Weekend | Day::Off(_) => (None, None),
        };
        let at = move |time| Moment::from_local(DateTime::from_parts(date, time));
        morning.into_iter().chain(afternoon).map(move |span| (at(span.from), at(span.to)))
    }

    /// When the doors close on a day, if they open at all.
    pub fn closing(&self, date: Date) -> Option<Moment> {
        self.spans(date).last().map(|(_, to)| to)
    }

    /// This day when it is worked, else the first one after it that is.
    pub fn working_day_from(&self, date: Date) -> Option<Date> {
        date.series(1.day()).take(SEARCH_DAYS).find(|d| self.is_working_day(*d))
    }

    /// The first working day after this one.
    pub fn working_day_after(&self, date: Date) -> Option<Date> {
        self.working_day_from(date.tomorrow().ok()?)
    }

    /// The moment at which so much working time has passed since `from`. Exactly at closing time rather than at the next opening.
    ///
    /// None when the calendar does not reach that far (year 9999, or more than a year without a working day).
    pub fn add_working(&self, from: Moment, span: SignedDuration) -> Option<Moment> {
        let mut left = span.max(SignedDuration::ZERO);
        let mut date = self.working_day_from(from.date())?;
        if left.is_zero() {
            return Some(from);
        }
        loop {
            for (open, close) in self.spans(date) {
                let open = open.max(from);
                let here = close.since(open).max(SignedDuration::ZERO);
                if left <= here {
                    return Some(open.plus(left));
                }
                left -= here;
            }
            date = self.working_day_after(date)?;
        }
    }

    /// Working time from one moment to another; negative when `to` is the earlier.
    pub fn working_between(&self, from: Moment, to: Moment) -> SignedDuration {
        if to < from {
            return -self.working_between(to, from);
        }
        let dates = from.date().series(1.day()).take_while(|date| *date <= to.date());
        dates
            .flat_map(|date| self.spans(date))
            .map(|(open, close)| close.min(to).since(open.max(from)).max(SignedDuration::ZERO))
            .fold(SignedDuration::ZERO, |sum, here| sum.saturating_add(here))
    }
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The days of a table (`data/calendar/README.md`); none when any line is wrong.
fn read_table(text: &str) -> Option<BTreeMap<Date, SpecialDay>> {
    let mut days = BTreeMap::new();
    for line in text.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        let [date, kind, name, name_en, status, _source] = line.split(',').collect::<Vec<_>>()[..] else { return None };
        let kind = match kind {
            "statutory" => DayKind::Statutory,
            "compensatory" => DayKind::Compensatory,
            "swapped_off" => DayKind::SwappedOff,
            "makeup" => DayKind::Makeup,
            "morning_off" => DayKind::MorningOff,
            "afternoon_off" => DayKind::AfternoonOff,
            _ => return None,
        };
        let day = SpecialDay { kind, name: name.to_owned(), name_en: name_en.to_owned(), projected: status != "confirmed" };
        if days.insert(date.parse().ok()?, day).is_some() {
            return None;
        }
    }
    Some(days)
}
