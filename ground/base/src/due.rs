//! Due times: from the moment of acceptance and a term, by the province's counting convention, with every day accounted for.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, ToSpan};
use serde::{Deserialize, Serialize};

use crate::Moment;
use crate::calendar::{Day, SpecialDay, WorkCalendar};

/// Units in which terms are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermUnit {
    /// Ngày làm việc.
    WorkingDay,
    /// Giờ làm việc.
    WorkingHour,
    /// Ngày.
    CalendarDay,
    /// Tháng.
    Month,
}

/// A count in halves: terms are published as "½ ngày làm việc" too (OS-33). A number in JSON and TOML: 3 or 2.5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "f64")]
pub struct Amount(u32);

impl Amount {
    /// A whole count.
    pub const fn whole(n: u32) -> Amount {
        Amount(n.saturating_mul(2))
    }

    /// A count of halves: 5 is 2½.
    pub const fn halves(n: u32) -> Amount {
        Amount(n)
    }

    /// How many halves.
    pub const fn in_halves(self) -> u32 {
        self.0
    }

    /// The whole part.
    pub const fn floor(self) -> u32 {
        self.0 / 2
    }

    /// Is there a half beside the whole part?
    pub const fn has_half(self) -> bool {
        self.0 % 2 == 1
    }
}

impl From<Amount> for f64 {
    fn from(a: Amount) -> f64 {
        f64::from(a.0) / 2.0
    }
}

impl TryFrom<f64> for Amount {
    type Error = TermError;

    fn try_from(n: f64) -> Result<Amount, TermError> {
        let halves = n * 2.0;
        if halves.fract() != 0.0 || !(0.0..=f64::from(Term::LONGEST * 2)).contains(&halves) {
            return Err(TermError::Amount);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within 0…LONGEST·2, tested above")]
        Ok(Amount(halves as u32))
    }
}

impl Serialize for Amount {
    /// A whole count stays a whole number, so that a package says the same text, and has the same hash, whoever wrote it.
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.has_half() { s.serialize_f64(f64::from(*self)) } else { s.serialize_u32(self.floor()) }
    }
}

impl FromStr for Amount {
    type Err = TermError;

    /// As people write it: `3`, `0,5`, `2.5`, `½`, `2½`, `1/2`. A point before three digits is none of these: nobody knows whether it parts
    /// thousands.
    fn from_str(text: &str) -> Result<Amount, TermError> {
        let text = text.trim();
        let (whole, half) = match (text.strip_suffix('½'), text.split_once([',', '.'])) {
            _ if text == "1/2" => ("0", true),
            (Some(""), _) => ("0", true),
            (Some(whole), _) => (whole, true),
            (None, Some((whole, "5"))) => (whole, true),
            (None, Some((whole, "0"))) => (whole, false),
            (None, Some(_)) => return Err(TermError::Amount),
            (None, None) => (text, false),
        };
        let plain = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
        match whole.parse::<u32>() {
            Ok(n) if plain && n <= Term::LONGEST => Ok(Amount(n * 2 + u32::from(half))),
            _ => Err(TermError::Amount),
        }
    }
}

impl fmt::Display for Amount {
    /// `3`, `2,5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.floor(), if self.has_half() { ",5" } else { "" })
    }
}

/// How long handling may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Term {
    /// On the day of acceptance; accepted after the cut-off, on the next working day (OS-14).
    SameDay,
    /// So many units.
    Lasting {
        /// How many.
        amount: Amount,
        /// Of what.
        unit: TermUnit,
    },
}

/// A term nobody can keep or count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// Nothing, or more than [`Term::LONGEST`].
    #[error("a term lasts at least a half and at most {max}", max = Term::LONGEST)]
    Amount,
    /// Calendar days and months are counted whole.
    #[error("calendar days and months have no halves")]
    Half,
}

impl Term {
    /// The longest term that is believed: ten thousand of anything.
    pub const LONGEST: u32 = 10_000;

    /// A term of whole units.
    pub fn new(value: u32, unit: TermUnit) -> Result<Term, TermError> {
        Term::of(Amount::whole(value), unit)
    }

    /// A term in whole or half units.
    pub fn of(amount: Amount, unit: TermUnit) -> Result<Term, TermError> {
        if amount.0 == 0 || amount.floor() > Term::LONGEST {
            return Err(TermError::Amount);
        }
        if amount.has_half() && matches!(unit, TermUnit::CalendarDay | TermUnit::Month) {
            return Err(TermError::Half);
        }
        Ok(Term::Lasting { amount, unit })
    }
}

/// How an allowance of working days is counted; a province has one of the two (OS-34).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Convention {
    /// A: the N-th working day after acceptance, at closing time.
    #[default]
    WorkingDaysEndOfDay,
    /// B: N × 8 working hours from acceptance, to the minute.
    #[serde(rename = "hours_exact_8h_per_day")]
    HoursExact8hPerDay,
}

/// What a province has decided about counting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DuePolicy {
    /// How working days are counted.
    pub convention: Convention,
    /// Until when a same-day procedure is due the same day (OS-14).
    pub cut_off: Time,
}

impl Default for DuePolicy {
    fn default() -> DuePolicy {
        DuePolicy { convention: Convention::default(), cut_off: Time::constant(15, 0, 0, 0) }
    }
}

/// How a due time came about. Kept with the dossier and shown (architecture: time is law).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calculation {
    /// The moment from which is counted: valid acceptance, without seconds (OS-30).
    pub start: Moment,
    /// The allowance.
    pub term: Term,
    /// How it was counted.
    pub policy: DuePolicy,
    /// The result.
    pub due_at: Moment,
    /// A day on the way has no settled calendar yet, so the due time is right only if the year's notice brings no surprise (CA-07).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub projected: bool,
    /// Every day that mattered, in order.
    pub days: Vec<DayLine>,
}

/// One day of a calculation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayLine {
    /// Which day.
    pub date: Date,
    /// What it did.
    #[serde(flatten)]
    pub step: Step,
}

/// What one day does to a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The day of acceptance: counting starts the day after (OS-31).
    Accepted,
    /// The day of acceptance, after the cut-off of OS-14.
    AfterCutOff,
    /// Counted; `reached` units of the term are used up.
    Counted {
        /// Units used up by the end of this day.
        reached: Amount,
        /// Name of a special day: why a Saturday is worked, or what holiday a calendar day falls on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<DayName>,
    },
    /// So many working minutes of this day are used.
    Worked {
        /// Minutes of this day.
        minutes: i64,
        /// Minutes used up so far.
        reached: i64,
        /// Name of a special day that is worked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<DayName>,
    },
    /// The term ends here, because the last day counted was off.
    RolledOn {
        /// Name of a special day that is worked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<DayName>,
    },
    /// Saturday or Sunday: not counted.
    Weekend,
    /// A day off: not counted.
    Holiday {
        /// Its name.
        name: DayName,
    },
}

/// The name of a special day, kept with a calculation in both languages, because calendars change later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayName {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl From<&SpecialDay> for DayName {
    fn from(day: &SpecialDay) -> DayName {
        DayName { vi: day.name.clone(), en: day.name_en.clone() }
    }
}

/// The calendar does not reach as far as the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the calendar does not reach the end of this term")]
pub struct BeyondCalendar;

/// Length of a working day for conventions that count hours (OS-33).
const WORKING_DAY: SignedDuration = SignedDuration::from_hours(8);

/// When a dossier accepted at `start` is due.
///
/// The day of acceptance is not counted, the last day ends at closing time, and an end on a day off rolls on to the next working day
/// (OS-31, Civil Code 2015 Art. 147–148). Working hours, and working days by convention B, run from the minute of acceptance inside
/// office hours (OS-33, OS-34).
pub fn due(start: Moment, term: Term, policy: &DuePolicy, calendar: &WorkCalendar) -> Result<Calculation, BeyondCalendar> {
    let mut count = Count { calendar, days: Vec::new() };
    let due_at = match term {
        Term::SameDay => count.same_day(start, policy.cut_off),
        Term::Lasting { amount, unit } => {
            let hours = |each: SignedDuration| each * i32::try_from(amount.in_halves()).unwrap_or(i32::MAX) / 2;
            match (unit, policy.convention) {
                (TermUnit::WorkingDay, Convention::WorkingDaysEndOfDay) => count.working_days(start, amount),
                (TermUnit::WorkingDay, Convention::HoursExact8hPerDay) => count.working_time(start, hours(WORKING_DAY)),
                (TermUnit::WorkingHour, _) => count.working_time(start, hours(SignedDuration::from_hours(1))),
                (TermUnit::CalendarDay, _) => count.calendar_days(start, amount.floor()),
                (TermUnit::Month, _) => count.months(start, amount.floor()),
            }
        }
    }
    .ok_or(BeyondCalendar)?;
    let years = start.date().year()..=due_at.date().year();
    let projected = years.into_iter().any(|year| !calendar.is_settled(year));
    Ok(Calculation { start: start.to_minute(), term, policy: *policy, due_at, projected, days: count.days })
}

/// Working time between now and a due time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// The due time has passed, if only by a second outside office hours.
    pub late: bool,
    /// Working time to the due time, or since it.
    pub work: SignedDuration,
}

impl Left {
    /// Whole working minutes.
    pub fn minutes(&self) -> i64 {
        self.work.as_mins()
    }

    /// Is less than this left, without being late?
    pub fn is_under(&self, span: SignedDuration) -> bool {
        !self.late && self.work < span
    }
}

/// How much working time is left at `now`, or how late it is. A due time is kept up to and including its moment (OS-20).
pub fn left(now: Moment, due_at: Moment, calendar: &WorkCalendar) -> Left {
    let late = now > due_at;
    Left { late, work: calendar.working_between(now.min(due_at), now.max(due_at)) }
}

/// A count in progress: the calendar, and the days passed so far.
struct Count<'a> {
    calendar: &'a WorkCalendar,
    days: Vec<DayLine>,
}

impl Count<'_> {
    fn note(&mut self, date: Date, step: Step) {
        self.days.push(DayLine { date, step });
    }

    /// Notes a day off with its reason; false for a working day.
    fn skip(&mut self, date: Date) -> bool {
        if self.calendar.is_working_day(date) {
            return false;
        }
        let step = match self.calendar.day(date) {
            Day::Weekend | Day::Working(None) => Step::Weekend,
            // Also the half day a unit works, when the other half is closed.
            Day::Off(day) | Day::Working(Some(day)) => Step::Holiday { name: day.into() },
        };
        self.note(date, step);
        true
    }

    /// The name of a special day, worked or not.
    fn name(&self, date: Date) -> Option<DayName> {
        match self.calendar.day(date) {
            Day::Working(Some(day)) | Day::Off(day) => Some(day.into()),
            Day::Working(None) | Day::Weekend => None,
        }
    }

    /// The first working day from this one on, noting the days skipped.
    fn roll(&mut self, date: Date) -> Option<Date> {
        let end = self.calendar.working_day_from(date)?;
        for day in date.series(1.day()).take_while(|day| *day < end) {
            self.skip(day);
        }
        Some(end)
    }

    fn same_day(&mut self, start: Moment, cut_off: Time) -> Option<Moment> {
        let today = start.date();
        let mut end = today;
        if !self.skip(today) {
            // Compared to the second: 15:00:00 is still in time, 15:00:01 is not.
            if start.time() > cut_off || start > self.calendar.closing(today)? {
                self.note(today, Step::AfterCutOff);
                end = self.roll(today.tomorrow().ok()?)?;
            }
        } else {
            end = self.roll(today.tomorrow().ok()?)?;
        }
        self.note(end, Step::Counted { reached: Amount::whole(1), name: self.name(end) });
        self.calendar.closing(end)
    }

    fn working_days(&mut self, start: Moment, amount: Amount) -> Option<Moment> {
        let mut date = start.date();
        self.note(date, Step::Accepted);
        let mut reached = 0;
        loop {
            date = self.roll(date.tomorrow().ok()?)?;
            reached = (reached + 2).min(amount.in_halves());
            self.note(date, Step::Counted { reached: Amount::halves(reached), name: self.name(date) });
            if reached == amount.in_halves() {
                // A half day ends with the first half day worked.
                return if amount.has_half() {
                    self.calendar.spans(date).next().map(|(_, to)| to)
                } else {
                    self.calendar.closing(date)
                };
            }
        }
    }

    fn working_time(&mut self, start: Moment, allowance: SignedDuration) -> Option<Moment> {
        let start = start.to_minute();
        let mut left = allowance;
        let mut date = start.date();
        loop {
            let before = left;
            let mut end = None;
            for (open, close) in self.calendar.spans(date) {
                let open = open.max(start);
                let here = close.since(open).max(SignedDuration::ZERO).min(left);
                left -= here;
                if left.is_zero() {
                    end = end.or(Some(open.plus(here)));
                }
            }
            if !self.skip(date) {
                let (minutes, reached) = ((before - left).as_mins(), (allowance - left).as_mins());
                self.note(date, Step::Worked { minutes, reached, name: self.name(date) });
            }
            if end.is_some() {
                return end;
            }
            date = self.roll(date.tomorrow().ok()?)?;
        }
    }

    fn calendar_days(&mut self, start: Moment, days: u32) -> Option<Moment> {
        let mut end = start.date();
        self.note(end, Step::Accepted);
        for n in 1..=days {
            end = end.tomorrow().ok()?;
            self.note(end, Step::Counted { reached: Amount::whole(n), name: self.name(end) });
        }
        self.close(end)
    }

    /// The same day of the month, or the month's last (Civil Code 2015 Art. 148.3).
    fn months(&mut self, start: Moment, months: u32) -> Option<Moment> {
        self.note(start.date(), Step::Accepted);
        let end = start.date().checked_add(i32::try_from(months).ok()?.months()).ok()?;
        self.note(end, Step::Counted { reached: Amount::whole(months), name: self.name(end) });
        self.close(end)
    }

    /// Closing time of the last day or, when it is off, of the first working day after it.
    fn close(&mut self, end: Date) -> Option<Moment> {
        if self.calendar.is_working_day(end) {
            return self.calendar.closing(end);
        }
        let last = self.roll(end.tomorrow().ok()?)?;
        self.note(last, Step::RolledOn { name: self.name(last) });
        self.calendar.closing(last)
    }
}
