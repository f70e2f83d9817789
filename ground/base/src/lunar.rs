//! The Vietnamese lunar calendar: months begin on the day of the new moon at UTC+7, month 11 holds the winter solstice, and a year with
//! thirteen months has as leap month the first without a principal term.
//!
//! Own implementation of published rules and astronomy:
//! * rules of the calendar: Hồ Ngọc Đức, "Thuật toán tính âm lịch" (informatik.uni-leipzig.de/~duc/amlich/calrules.html);
//! * new moons: Jean Meeus, *Astronomical Formulae for Calculators*, ch. 32 (truncated series, good to a few minutes), the older ΔT of that time;
//! * longitude of the sun: Jean Meeus, *Astronomical Algorithms*, ch. 25 (low accuracy, 0.01°).
//!
//! Against the full series of *Astronomical Algorithms* ch. 49 the new moons of 1900–2100 differ by at most 3.5 minutes; four of 2,510 fall
//! within that of midnight (lunations of 1944-06, 1967-07, 2072-12, 2077-11). Before 1968 calendars printed in Vietnam followed other
//! offsets; this module applies today's rule to all years (CA-05). It proposes holidays, it does not decide them (CA-03).

use std::collections::BTreeMap;
use std::f64::consts::PI;
use std::sync::LazyLock;

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::calendar::{DayKind, SpecialDay};

/// A day of the lunar calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct LunarDate {
    /// Year, by the solar year in which it begins.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Is it the leap month that follows the month of the same number?
    pub leap: bool,
    /// Day, 1 to 30.
    pub day: i8,
}

/// Solar years for which the series is good.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

/// Offset of the calendar's meridian in hours.
const VIETNAM: f64 = 7.0;

/// The lunar date of a day; none outside [`YEARS`].
pub fn from_solar(date: Date) -> Option<LunarDate> {
    if !YEARS.contains(&date.year()) {
        return None;
    }
    let day = julian_day(date);
    let mut year = Year::ending_in(date.year(), VIETNAM);
    if day >= year.end {
        year = Year::ending_in(date.year() + 1, VIETNAM);
    }
    let month = year.months.iter().rfind(|month| month.first <= day)?;
    Some(LunarDate {
        // Months 11 and 12 stand at the head of the stretch and belong to the year before.
        year: if month.number >= 11 { year.solar - 1 } else { year.solar },
        month: month.number,
        leap: month.leap,
        day: i8::try_from(day - month.first + 1).ok()?,
    })
}

/// The day of a lunar date; none when there is no such day, or outside [`YEARS`].
pub fn to_solar(lunar: LunarDate) -> Option<Date> {
    let solar = if lunar.month >= 11 { lunar.year.checked_add(1)? } else { lunar.year };
    if !YEARS.contains(&lunar.year) || !(1..=30).contains(&lunar.day) {
        return None;
    }
    let year = Year::ending_in(solar, VIETNAM);
    let month = year.months.iter().find(|m| m.number == lunar.month && m.leap == lunar.leap)?;
    let date = from_julian_day(month.first + i32::from(lunar.day) - 1)?;
    (from_solar(date) == Some(lunar)).then_some(date)
}

/// The first day of the lunar year that begins in this solar year (mùng 1 Tết).
pub fn tet(year: i16) -> Option<Date> {
    to_solar(LunarDate { year, month: 1, leap: false, day: 1 })
}

/// Commemoration of the Hùng kings, the 10th of the third month.
pub fn gio_to(year: i16) -> Option<Date> {
    to_solar(LunarDate { year, month: 3, leap: false, day: 10 })
}

/// The name of a lunar year by stems and branches: 2026 is Bính Ngọ.
pub fn can_chi(year: i16) -> String {
    const CAN: [&str; 10] = ["Canh", "Tân", "Nhâm", "Quý", "Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ"];
    const CHI: [&str; 12] = ["Thân", "Dậu", "Tuất", "Hợi", "Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi"];
    let at = |cycle: i16| usize::try_from(year.rem_euclid(cycle)).unwrap_or(0);
    format!("{} {}", CAN[at(10)], CHI[at(12)])
}

/// A holiday that the law puts on a day of the solar year, as `data/calendar/law.csv` holds it.
struct Fixed {
    month: i8,
    day: i8,
    name: &'static str,
    name_en: &'static str,
    /// The first day on which its law is in force; none: as long as this calendar reaches back.
    from: Option<Date>,
}

/// The fixed holidays of the law; a law that adds one adds a line there.
static LAW: LazyLock<Vec<Fixed>> = LazyLock::new(|| {
    let fixed = |line: &'static str| -> Option<Fixed> {
        let [month, day, name, name_en, from, _basis] = line.split(',').collect::<Vec<_>>()[..] else { return None };
        let from = if from.is_empty() { None } else { Some(from.parse().ok()?) };
        Some(Fixed { month: month.parse().ok()?, day: day.parse().ok()?, name, name_en, from })
    };
    include_str!("../../../data/calendar/law.csv").lines().skip(1).filter_map(fixed).collect()
});

/// A proposal for a year's holidays by the law (CA-01, CA-02), for a person to compare with the yearly notice.
///
/// Tết is proposed as the last day of the old year and four days of the new one; beside National Day stands the neighbour that makes the
/// longer rest. Both are decided each year, as are swaps, which are not proposed.
pub fn propose(year: i16) -> Option<Vec<(Date, SpecialDay)>> {
    let tet = tet(year)?;
    let day = |month, day| Date::new(year, month, day).ok();
    let beside = match day(9, 2)?.weekday() {
        Weekday::Monday | Weekday::Thursday | Weekday::Sunday => day(9, 3)?,
        _ => day(9, 1)?,
    };
    let mut days: Vec<(Date, String, String)> = vec![];
    for fixed in LAW.iter() {
        let date = day(fixed.month, fixed.day)?;
        if fixed.from.is_none_or(|from| from <= date) {
            days.push((date, fixed.name.into(), fixed.name_en.into()));
        }
    }
    days.push((tet.yesterday().ok()?, "Tết Nguyên đán (giao thừa)".into(), "Lunar New Year's Eve".into()));
    for (n, date) in (1..=4).zip(tet.series(1.day())) {
        days.push((date, format!("Tết Nguyên đán (mùng {n})"), format!("Lunar New Year (day {n})")));
    }
    days.push((gio_to(year)?, "Giỗ Tổ Hùng Vương".into(), "Hung Kings' Commemoration".into()));
    days.push((beside, "Quốc khánh (ngày liền kề)".into(), "National Day (adjacent day)".into()));
    days.sort();
    let holidays: Vec<Date> = days.iter().map(|(date, ..)| *date).collect();
    let mut proposed = BTreeMap::new();
    for (date, name, name_en) in days {
        let entry = |kind, name, name_en| SpecialDay { kind, name, name_en, projected: true };
        // A holiday on a rest day, or on another holiday (Giỗ Tổ may meet 30 April), is made up on the next working day.
        if rest(date) || proposed.contains_key(&date) {
            let free = |d: &Date| !rest(*d) && !holidays.contains(d) && !proposed.contains_key(d);
            let instead = date.series(1.day()).find(free)?;
            proposed.insert(instead, entry(DayKind::Compensatory, format!("Nghỉ bù {name}"), format!("{name_en} – in lieu")));
        }
        proposed.entry(date).or_insert(entry(DayKind::Statutory, name, name_en));
    }
    Some(proposed.into_iter().collect())
}

fn rest(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// The months from month 11 of one solar year up to month 11 of the next.
struct Year {
    /// The solar year in which the stretch ends: that of its months 1 to 10.
    solar: i16,
    months: Vec<Month>,
    /// First day of the next month 11.
    end: i32,
}

struct Month {
    first: i32,
    number: i8,
    leap: bool,
}

impl Year {
    fn ending_in(solar: i16, offset: f64) -> Year {
        let from = month_11(solar - 1, offset);
        let to = month_11(solar, offset);
        let firsts: Vec<i32> = (from..to).map(|k| new_moon_day(k, offset)).collect();
        // Twelve months are all named; of thirteen the first without a principal term repeats the number before it.
        let end = new_moon_day(to, offset);
        let next = |i: usize| firsts.get(i + 1).copied().unwrap_or(end);
        let leap =
            (firsts.len() == 13).then(|| (1..13).find(|&i| sector(firsts[i], offset) == sector(next(i), offset))).flatten();
        let months = firsts.iter().enumerate().map(|(i, &first)| {
            let passed = i - usize::from(leap.is_some_and(|leap| leap <= i));
            Month { first, number: i8::try_from((10 + passed) % 12 + 1).unwrap_or(1), leap: leap == Some(i) }
        });
        Year { solar, months: months.collect(), end }
    }
}

/// The lunation with the winter solstice of a solar year: the last that begins before the sun enters the tenth sector.
fn month_11(year: i16, offset: f64) -> i32 {
    let last_day = julian_day(Date::constant(year, 12, 31));
    let k = ((f64::from(last_day) - 2_415_021.0) / SYNODIC_MONTH).floor() as i32;
    let k = if new_moon_day(k, offset) > last_day { k - 1 } else { k };
    if sector(new_moon_day(k, offset), offset) >= 9 { k - 1 } else { k }
}

const SYNODIC_MONTH: f64 = 29.530_588_68;

/// The local day of the k-th new moon since 1900-01-01.
fn new_moon_day(k: i32, offset: f64) -> i32 {
    (new_moon(f64::from(k)) + 0.5 + offset / 24.0).floor() as i32
}

/// The k-th new moon since 1900-01-01, Julian date in universal time (Meeus, *Formulae*, ch. 32).
fn new_moon(k: f64) -> f64 {
    let t = k / 1236.85;
    let (t2, t3) = (t * t, t * t * t);
    let sin = |degrees: f64| (degrees * PI / 180.0).sin();
    let mean = 2_415_020.759_33 + SYNODIC_MONTH * k + 0.000_117_8 * t2 - 0.000_000_155 * t3
        + 0.000_33 * sin(166.56 + 132.87 * t - 0.009_173 * t2);
    // Mean anomalies of sun and moon, argument of latitude of the moon.
    let m = 359.2242 + 29.105_356_08 * k - 0.000_033_3 * t2 - 0.000_003_47 * t3;
    let l = 306.0253 + 385.816_918_06 * k + 0.010_730_6 * t2 + 0.000_012_36 * t3;
    let f = 21.2964 + 390.670_506_46 * k - 0.001_652_8 * t2 - 0.000_002_39 * t3;
    let periodic = (0.1734 - 0.000_393 * t) * sin(m) + 0.0021 * sin(2.0 * m) - 0.4068 * sin(l) + 0.0161 * sin(2.0 * l)
        - 0.0004 * sin(3.0 * l)
        + 0.0104 * sin(2.0 * f)
        - 0.0051 * sin(m + l)
        - 0.0074 * sin(m - l)
        + 0.0004 * sin(2.0 * f + m)
        - 0.0004 * sin(2.0 * f - m)
        - 0.0006 * sin(2.0 * f + l)
        + 0.0010 * sin(2.0 * f - l)
        + 0.0005 * sin(2.0 * l + m);
    let delta_t = -0.000_278 + 0.000_265 * t + 0.000_262 * t2;
    mean + periodic - delta_t
}

/// In which twelfth of its path the sun stands when a local day begins: 0 from the March equinox, 9 from the December solstice.
fn sector(day: i32, offset: f64) -> i32 {
    let t = (f64::from(day) - 0.5 - offset / 24.0 - 2_451_545.0) / 36_525.0;
    let sin = |degrees: f64| (degrees * PI / 180.0).sin();
    let m = 357.529_10 + 35_999.050_30 * t - 0.000_155_9 * t * t - 0.000_000_48 * t * t * t;
    let mean = 280.466_45 + 36_000.769_83 * t + 0.000_303_2 * t * t;
    let centre = (1.914_600 - 0.004_817 * t - 0.000_014 * t * t) * sin(m)
        + (0.019_993 - 0.000_101 * t) * sin(2.0 * m)
        + 0.000_290 * sin(3.0 * m);
    ((mean + centre).rem_euclid(360.0) / 30.0).floor() as i32
}

/// Julian day number of the noon of a date.
fn julian_day(date: Date) -> i32 {
    const EPOCH: Date = Date::constant(1970, 1, 1);
    2_440_588 + (date - EPOCH).get_days()
}

fn from_julian_day(day: i32) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add((day - 2_440_588).days()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First day of the lunar year by the meridian of another country.
    fn new_year(solar: i16, offset: f64) -> Date {
        let year = Year::ending_in(solar, offset);
        from_julian_day(year.months.iter().find(|m| m.number == 1 && !m.leap).unwrap().first).unwrap()
    }

    #[test]
    fn tet_differs_from_china_in_2007_and_2030() {
        for (year, here, china) in
            [(2007, "2007-02-17", "2007-02-18"), (2030, "2030-02-02", "2030-02-03"), (2026, "2026-02-17", "2026-02-17")]
        {
            assert_eq!((new_year(year, VIETNAM).to_string(), new_year(year, 8.0).to_string()), (here.into(), china.into()));
        }
    }
}
