//! The rules as questions and answers, for integrators who check their own work against ours: one question a line in, one JSON object a
//! line out (`motcua check …`, `motcua calc …`). A question that cannot be read is answered with an `error`, never with silence.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::calendar::{SpecialDay, WorkCalendar};
use crate::due::{self, Amount, Convention, DuePolicy, Term, TermUnit};
use crate::{CitizenId, Moment, TaxCode, lunar};

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// `check citizen-id`: a personal number.
    CitizenId,
    /// `check tax-code`: a tax code.
    TaxCode,
    /// `calc due`: a JSON object with `received_at`, an allowance and a `convention`.
    Due,
    /// `calc lunar`: a solar date.
    Lunar,
    /// `calc tet`: a solar year.
    Tet,
    /// `calc holidays`: a solar year; the table the law proposes, without what is decided yearly.
    Holidays,
}

impl Question {
    /// The answer to one line as of a day. Reads any text; never more than one line long when printed.
    pub fn answer(self, line: &str, calendar: &WorkCalendar, today: jiff::civil::Date) -> Value {
        let line = line.trim();
        match self {
            Question::CitizenId => citizen_id(line, today),
            Question::TaxCode => tax_code(line),
            Question::Due => due(line, calendar).unwrap_or_else(|error| json!({ "error": error })),
            Question::Lunar => lunar_date(line),
            Question::Tet => tet(line),
            Question::Holidays => holidays(line),
        }
    }
}

/// An unknown province is not valid here, though a form only warns.
fn citizen_id(line: &str, today: jiff::civil::Date) -> Value {
    match CitizenId::given(line, today) {
        Ok(id) => {
            let known = id.province().is_some();
            let reason = (!known).then(|| format!("no province of birth registration has the code {}", id.province_code()));
            json!({ "value": line, "valid": known, "reason": reason, "province_code": id.province_code(), "birth_year": id.birth_year(), "sex": id.sex() })
        }
        Err(e) => {
            let none = Value::Null;
            json!({ "value": line, "valid": false, "reason": e.to_string(), "province_code": none, "birth_year": none, "sex": none })
        }
    }
}

fn tax_code(line: &str) -> Value {
    let reason = line.parse::<TaxCode>().err().map(|e| e.to_string());
    json!({ "value": line, "valid": reason.is_none(), "reason": reason })
}

/// How the allowance of a question counts.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Counting {
    #[default]
    WorkingDaysEndOfDay,
    #[serde(rename = "hours_exact_8h_per_day")]
    HoursExact8hPerDay,
    WorkingHours,
    CalendarDays,
    Months,
    SameDay,
}

#[derive(Deserialize)]
struct DueQuestion {
    received_at: Moment,
    #[serde(default)]
    convention: Counting,
    working_days: Option<Amount>,
    working_hours: Option<Amount>,
    calendar_days: Option<Amount>,
    months: Option<Amount>,
    office_hours: Option<crate::calendar::OfficeHours>,
}

fn due(line: &str, calendar: &WorkCalendar) -> Result<Value, String> {
    let q: DueQuestion = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let of = |field: &str, amount: Option<Amount>, unit| -> Result<Term, String> {
        Term::of(amount.ok_or_else(|| format!("`{field}` is missing"))?, unit).map_err(|e| e.to_string())
    };
    let term = match q.convention {
        Counting::WorkingDaysEndOfDay | Counting::HoursExact8hPerDay => of("working_days", q.working_days, TermUnit::WorkingDay)?,
        Counting::WorkingHours => of("working_hours", q.working_hours, TermUnit::WorkingHour)?,
        Counting::CalendarDays => of("calendar_days", q.calendar_days, TermUnit::CalendarDay)?,
        Counting::Months => of("months", q.months, TermUnit::Month)?,
        Counting::SameDay => Term::SameDay,
    };
    let convention = match q.convention {
        Counting::HoursExact8hPerDay => Convention::HoursExact8hPerDay,
        _ => Convention::WorkingDaysEndOfDay,
    };
    let own = q.office_hours.map(|hours| calendar.clone().with_hours(hours));
    let policy = DuePolicy { convention, ..DuePolicy::default() };
    let made = due::due(q.received_at, term, &policy, own.as_ref().unwrap_or(calendar)).map_err(|e| e.to_string())?;
    let due = made.due_at.local().strftime("%Y-%m-%dT%H:%M").to_string();
    Ok(json!({ "due": due, "projected": made.projected, "days": made.days }))
}

fn lunar_date(line: &str) -> Value {
    let Ok(date) = line.parse::<jiff::civil::Date>() else {
        return json!({ "error": "a date is written like 2026-02-17" });
    };
    match lunar::from_solar(date) {
        Some(day) => {
            json!({ "day": day.day, "month": day.month, "year": day.year, "leap": day.leap, "year_name": lunar::can_chi(day.year) })
        }
        None => out_of_range(),
    }
}

fn tet(line: &str) -> Value {
    let Ok(year) = line.parse::<i16>() else {
        return json!({ "error": "a year is written like 2026" });
    };
    match (lunar::tet(year), lunar::gio_to(year)) {
        (Some(tet), Some(gio_to)) => json!({ "tet": tet, "gio_to": gio_to }),
        _ => out_of_range(),
    }
}

fn holidays(line: &str) -> Value {
    let Ok(year) = line.parse::<i16>() else {
        return json!({ "error": "a year is written like 2026" });
    };
    let Some(days) = lunar::propose(year) else { return out_of_range() };
    let day = |(date, day): (jiff::civil::Date, SpecialDay)| json!({ "date": date, "kind": day.kind, "name": day.name, "name_en": day.name_en });
    json!({ "year": year, "days": days.into_iter().map(day).collect::<Vec<_>>() })
}

fn out_of_range() -> Value {
    json!({ "error": format!("the lunar calendar is computed from {} to {}", lunar::YEARS.start(), lunar::YEARS.end()) })
}
