//! What the province decided about time: the days of each year by the yearly notice (CA-03), and how terms are counted (OS-34, OS-14).
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use axum::extract::{FromRef, FromRequestParts};
use base::{
    Moment,
    calendar::{DayKind, OfficeHours, SpecialDay, WorkCalendar},
    due::DuePolicy,
    lunar,
};
use http::request::Parts;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use store::Read;
use web::{FieldFault, House, Problem, words};

use crate::{HoursFrom, UnitId, sql};

/// A day of a year's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedDay {
    /// Which day.
    pub date: Date,
    /// What it is.
    #[serde(flatten)]
    pub day: SpecialDay,
}

/// One decision as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeRule {
    /// What was decided.
    pub says: Says,
    /// From when it holds.
    pub from: Moment,
    /// By which instrument.
    pub ground: String,
    /// When it was written down.
    pub decided_at: Moment,
}

/// What a decision about time says.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// The days of the year in which it begins.
    Days(Vec<DatedDay>),
    /// How terms are counted.
    Counting(DuePolicy),
}

/// Days, hours and counting: everything a clock needs.
#[derive(Clone, Debug)]
pub struct WorkTime {
    /// Days and hours.
    pub calendar: WorkCalendar,
    /// Counting convention and cut-off hour.
    pub policy: DuePolicy,
}

impl WorkTime {
    /// Of the whole province, with the usual hours.
    pub async fn of_house(tx: &Read<'_>, at: Moment) -> Result<WorkTime, store::Error> {
        Ok(assemble(&sql::time::rules(tx).await?, at))
    }

    /// At a unit: on each day its own hours then, or those of the nearest unit above that had its own.
    pub async fn of_unit(tx: &Read<'_>, unit: UnitId, at: Moment) -> Result<WorkTime, store::Error> {
        let (rules, above) = tokio::try_join!(sql::time::rules(tx), sql::units::hours_with_those_above(tx, unit))?;
        if above.is_empty() {
            return Err(store::Error::NoRow);
        }
        let WorkTime { calendar, policy } = assemble(&rules, at);
        let calendar = hours_through_time(&above).into_iter().fold(calendar, |c, (from, hours)| c.with_hours_from(from, hours));
        Ok(WorkTime { calendar, policy })
    }
}

/// The hours that hold at a unit, by the day from which they do: on each day those of the nearest unit, from itself upwards, that has
/// hours of its own then; where none has, the usual ones.
pub fn hours_through_time(chain: &[Vec<HoursFrom>]) -> Vec<(Date, OfficeHours)> {
    let days: BTreeSet<Date> = chain.iter().flatten().map(|h| h.from).collect();
    let own = |of: &Vec<HoursFrom>, day: Date| of.iter().rfind(|h| h.from <= day).and_then(|h| h.hours);
    days.into_iter().map(|day| (day, chain.iter().rev().find_map(|of| own(of, day)).unwrap_or_default())).collect()
}

/// For pages: the time of the whole province at this request.
impl<S: Send + Sync> FromRequestParts<S> for WorkTime
where
    House: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<WorkTime, Problem> {
        let house = House::from_ref(state);
        let now = house.clock.now();
        Ok(house.db.read(async move |tx: &Read<'_>| WorkTime::of_house(tx, now).await).await?)
    }
}

/// The built-in table with the decided years in the place of its own, and the counting in force.
fn assemble(rules: &[TimeRule], at: Moment) -> WorkTime {
    // A year's table changes once or twice a year and is asked for at every act: the last one made is kept.
    static MADE: Mutex<Option<(Vec<TimeRule>, WorkCalendar)>> = Mutex::new(None);
    let counting = rules.iter().rev().find_map(|rule| match &rule.says {
        Says::Counting(policy) if rule.from <= at => Some(*policy),
        _ => None,
    });
    let policy = counting.unwrap_or_default();
    if rules.iter().all(|rule| matches!(rule.says, Says::Counting(_))) {
        return WorkTime { calendar: WorkCalendar::vietnam(), policy };
    }
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((of, calendar)) = &*made
        && of == rules
    {
        return WorkTime { calendar: calendar.clone(), policy };
    }
    let calendar = rules.iter().fold(WorkCalendar::vietnam(), |calendar, rule| match &rule.says {
        Says::Days(days) => calendar.with_year(rule.from.date().year(), days.iter().map(|d| (d.date, d.day.clone()))),
        Says::Counting(_) => calendar,
    });
    *made = Some((rules.to_vec(), calendar.clone()));
    WorkTime { calendar, policy }
}

/// What to begin a year's table with: the table known so far, else the proposal by the Labour Code (CA-01, CA-02).
pub fn draft_of(year: i16, known: &WorkCalendar) -> Vec<DatedDay> {
    let dated = |(date, day): (Date, &SpecialDay)| DatedDay { date, day: day.clone() };
    let known: Vec<DatedDay> = match (Date::new(year, 1, 1), Date::new(year, 12, 31)) {
        (Ok(first), Ok(last)) => known.special_days(first, last).map(dated).collect(),
        _ => vec![],
    };
    if known.is_empty() {
        return lunar::propose(year).unwrap_or_default().iter().map(|(date, day)| dated((*date, day))).collect();
    }
    known
}

/// A line of a year's table as it was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypedDay {
    /// The day, as people write it; a line without one is no line.
    pub date: String,
    /// What it is.
    pub kind: Option<DayKind>,
    /// Its name.
    pub name: String,
    /// Its English name; empty: the known one, else the Vietnamese.
    pub name_en: String,
}

/// The law of a year's table: days of that year, each once, with a name; a worked day swapped for a rest day and the other way round
/// (CA-04); at least one holiday. Faults name the field of the line (`ngay-3`).
pub fn decide_days(year: i16, now: Moment, typed: &[TypedDay]) -> Result<Vec<DatedDay>, Vec<FieldFault>> {
    let english: BTreeMap<String, String> =
        lunar::propose(year).unwrap_or_default().into_iter().map(|(_, day)| (day.name, day.name_en)).collect();
    let (mut days, mut faults, mut seen) = (vec![], vec![], HashSet::new());
    if year < now.date().year() {
        faults.push(FieldFault::new(
            "van-ban",
            words("Năm {0} đã qua: hạn đã tính không đổi, nên lịch cũng giữ nguyên.").with(year),
        ));
    }
    for (n, line) in typed.iter().enumerate().filter(|(_, line)| !line.date.is_empty()) {
        let date = line.date.parse::<base::person::PartialDate>().ok().and_then(|d| d.full()).filter(|d| d.year() == year);
        let wrong = match (date, line.kind) {
            (None, _) => Some((format!("ngay-{n}"), words("Ghi một ngày của năm {0}, dạng 02/09/{0}.").with(year))),
            (Some(date), _) if !seen.insert(date) => Some((format!("ngay-{n}"), words("Ngày này đã có ở dòng khác."))),
            (_, None) => Some((format!("loai-{n}"), words("Chọn loại ngày."))),
            (Some(date), Some(kind)) => misplaced(date, kind).map(|why| (format!("loai-{n}"), why)),
        };
        if line.name.is_empty() {
            faults.push(FieldFault::new(format!("ten-{n}"), words("Ghi tên hoặc lý do của ngày.")));
        }
        match (wrong, date, line.kind) {
            (None, Some(date), Some(kind)) => {
                let known = || english.get(&line.name).unwrap_or(&line.name).clone();
                let name_en = if line.name_en.is_empty() { known() } else { line.name_en.clone() };
                days.push(DatedDay { date, day: SpecialDay { kind, name: line.name.clone(), name_en, projected: false } });
            }
            (wrong, ..) => faults.extend(wrong.map(|(field, why)| FieldFault::new(field, why))),
        }
    }
    if faults.is_empty() && !days.iter().any(|d| d.day.kind == DayKind::Statutory) {
        faults.push(FieldFault::new("ngay-0", words("Chưa có ngày nghỉ lễ nào.")));
    }
    days.sort_by_key(|d| d.date);
    if faults.is_empty() { Ok(days) } else { Err(faults) }
}

/// A Saturday is worked *instead of* a working day; nothing can be taken from a day that is a rest day anyway.
fn misplaced(date: Date, kind: DayKind) -> Option<web::Words> {
    let rest = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    match kind {
        DayKind::Makeup if !rest => Some(words("Làm bù chỉ vào thứ Bảy hoặc Chủ nhật.")),
        DayKind::Compensatory | DayKind::SwappedOff | DayKind::MorningOff | DayKind::AfternoonOff if rest => {
            Some(words("Ngày này vốn là thứ Bảy hoặc Chủ nhật."))
        }
        _ => None,
    }
}
