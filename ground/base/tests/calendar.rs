use base::calendar::{Day, DayKind, OfficeHours, SpecialDay, WorkCalendar};
use base::{Lang, Moment, lunar};
use jiff::SignedDuration;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use crate::time::at;

fn working(calendar: &WorkCalendar, text: &str) -> bool {
    calendar.is_working_day(text.parse().unwrap())
}

/// A moment of the years the table covers.
pub fn moment() -> impl Strategy<Value = Moment> {
    let (from, to) = (at("2020-01-01T00:00").micros(), at("2027-12-31T00:00").micros());
    (from..to).prop_map(Moment::from_micros)
}

proptest! {
    #[test]
    fn adding_working_time_and_measuring_it_agree(from in moment(), minutes in 0i64..20_000) {
        let calendar = WorkCalendar::vietnam();
        let span = SignedDuration::from_mins(minutes);
        let to = calendar.add_working(from, span).unwrap();
        prop_assert_eq!(calendar.working_between(from, to), span);
        prop_assert_eq!(calendar.working_between(to, from), -span);
    }

    #[test]
    fn working_time_adds_up(a in moment(), b in moment(), c in moment()) {
        let calendar = WorkCalendar::vietnam();
        prop_assert_eq!(calendar.working_between(a, b) + calendar.working_between(b, c), calendar.working_between(a, c));
    }

    #[test]
    fn office_hours_read_back(a in 0i8..11, b in 1i8..59, c in 12i8..23, d in 0i8..59) {
        let text = format!("{a:02}:{b:02}-11:30 {c:02}:{d:02}-23:59");
        let hours: OfficeHours = text.parse().unwrap();
        prop_assert_eq!(hours.to_string(), text);
    }

    #[test]
    fn no_moment_and_no_text_makes_a_calendar_panic(a in any::<i64>(), b in any::<i64>(), mins in any::<i64>(), text in ".{0,40}") {
        let calendar = WorkCalendar::vietnam();
        let (a, b) = (Moment::from_micros(a / 100), Moment::from_micros(b / 100));
        let _ = (calendar.add_working(a, SignedDuration::from_mins(mins % 1_000_000)), calendar.working_between(a, a.max(b).min(a.plus(SignedDuration::from_hours(9000)))));
        let _ = text.parse::<OfficeHours>();
    }
}

#[test]
fn the_ends_of_time_are_no_trouble() {
    let calendar = WorkCalendar::vietnam();
    for edge in [Moment::from_micros(i64::MIN), Moment::from_micros(i64::MAX)] {
        let _ = calendar.add_working(edge, SignedDuration::from_hours(8));
        let _ = (calendar.day(edge.date()), calendar.is_settled(edge.date().year()), calendar.working_day_after(edge.date()));
    }
}

#[test]
fn make_up_saturdays_are_worked_and_swapped_days_are_not_ca_04() {
    let calendar = WorkCalendar::vietnam();
    for (off, worked) in
        [("2024-04-29", "2024-05-04"), ("2025-05-02", "2025-04-26"), ("2026-01-02", "2026-01-10"), ("2026-08-31", "2026-08-22")]
    {
        assert!(!working(&calendar, off) && working(&calendar, worked), "{off} {worked}");
    }
}

#[test]
fn culture_day_is_off_from_2026() {
    let calendar = WorkCalendar::vietnam();
    assert!(working(&calendar, "2025-11-24") && !working(&calendar, "2026-11-24"));
    let Day::Off(day) = calendar.day(date(2026, 11, 24)) else { panic!("a day off") };
    assert_eq!((day.name_in(Lang::Vi), day.name_in(Lang::En)), ("Ngày Văn hóa Việt Nam", "Vietnam Culture Day"));
}

#[test]
fn every_special_day_has_an_english_name_of_its_own() {
    let calendar = WorkCalendar::vietnam();
    let table = calendar.special_days(Date::MIN, Date::MAX).map(|(date, day)| (date, day.clone()));
    for (date, day) in table.chain((2026..2040).flat_map(|year| lunar::propose(year).unwrap())) {
        let foreign = |c: char| c.is_alphabetic() && !c.is_ascii();
        assert!(!day.name_en.is_empty() && !day.name_en.contains(foreign), "{date} {day:?}");
    }
}

#[test]
fn every_holiday_of_the_table_has_its_statutory_days_ca_01() {
    let calendar = WorkCalendar::vietnam();
    for year in 2020..=2027 {
        let days: Vec<_> = calendar.special_days(date(year, 1, 1), date(year, 12, 31)).collect();
        let off = |d: Date| days.iter().any(|(day, special)| *day == d && special.kind != DayKind::Makeup);
        for (month, day) in [(1, 1), (4, 30), (5, 1), (9, 2)] {
            assert!(
                off(date(year, month, day)) || date(year, month, day).weekday() == jiff::civil::Weekday::Sunday,
                "{year}-{month}-{day}"
            );
        }
        let tet = lunar::tet(year).unwrap();
        assert!(off(tet) && off(tet.tomorrow().unwrap()) && off(tet.yesterday().unwrap()), "Tết {year}");
        let swaps = |kind| days.iter().filter(|(_, d)| d.kind == kind).count();
        assert_eq!(swaps(DayKind::SwappedOff), swaps(DayKind::Makeup), "{year}");
    }
    assert!(calendar.is_settled(2026) && !calendar.is_settled(2027) && !calendar.is_settled(2031));
}

#[test]
fn a_closed_half_day_is_worked_in_half() {
    let half = SpecialDay { kind: DayKind::AfternoonOff, name: "Họp".into(), name_en: "Meeting".into(), projected: false };
    let calendar = WorkCalendar::vietnam().with_year(2026, [(date(2026, 11, 25), half)]);
    assert_eq!(calendar.closing(date(2026, 11, 25)), Some(at("2026-11-25T11:00")));
    assert_eq!(calendar.add_working(at("2026-11-25T10:00"), SignedDuration::from_hours(2)), Some(at("2026-11-26T08:00")));
}

#[test]
fn a_unit_has_its_own_hours_also_from_a_day_on_ca_06() {
    let calendar = WorkCalendar::vietnam()
        .with_hours("07:30-11:30 13:30-17:00".parse().unwrap())
        .with_hours_from(date(2026, 12, 1), "08:00-11:30 -".parse().unwrap());
    assert_eq!(calendar.closing(date(2026, 11, 30)), Some(at("2026-11-30T17:00")));
    assert_eq!(calendar.closing(date(2026, 12, 1)), Some(at("2026-12-01T11:30")));
    assert_eq!(calendar.working_between(at("2026-11-30T00:00"), at("2026-12-02T00:00")), SignedDuration::from_mins(450 + 210));
    for wrong in ["", "- -", "11:00-07:00 -", "07:00-13:00 12:00-17:00", "07:00-11:00", "7-11 13-17x"] {
        assert!(wrong.parse::<OfficeHours>().is_err(), "{wrong}");
    }
}

#[test]
fn an_online_filing_on_saturday_night_is_to_be_checked_by_monday_evening_os_13() {
    let calendar = WorkCalendar::vietnam();
    assert_eq!(calendar.add_working(at("2026-11-21T21:10"), SignedDuration::from_hours(8)), Some(at("2026-11-23T17:00")));
}

#[test]
fn proposed_tables_equal_the_decided_ones_where_nothing_was_decided_otherwise_ca_03() {
    let calendar = WorkCalendar::vietnam();
    for year in [2022, 2027] {
        let table: Vec<Date> = calendar.special_days(date(year, 1, 1), date(year, 12, 31)).map(|(day, _)| day).collect();
        let proposed: Vec<Date> = lunar::propose(year).unwrap().into_iter().map(|(day, _)| day).collect();
        assert_eq!(proposed, table, "{year}");
    }
    // 2026 had swaps beside what the law says.
    let swapped = |kind| matches!(kind, DayKind::SwappedOff | DayKind::Makeup);
    let table: Vec<Date> = calendar
        .special_days(date(2026, 1, 1), date(2026, 12, 31))
        .filter(|(_, d)| !swapped(d.kind))
        .map(|(day, _)| day)
        .collect();
    let proposed: Vec<Date> = lunar::propose(2026).unwrap().into_iter().map(|(day, _)| day).collect();
    assert_eq!(proposed, table);
}
