use base::lunar::{self, LunarDate};
use jiff::civil::{Weekday, date};
use jiff::{ToSpan, civil::Date};
use proptest::prelude::*;

/// The leap month of a lunar year, if it has one.
pub fn leap_month(year: i16) -> Option<i8> {
    (1..=12).find(|month| lunar::to_solar(LunarDate { year, month: *month, leap: true, day: 1 }).is_some())
}

proptest! {
    #[test]
    fn every_day_has_one_lunar_date_and_back(offset in 0i32..109_000) {
        let day = date(1900, 2, 1).checked_add(offset.days()).unwrap();
        let lunar = lunar::from_solar(day).unwrap();
        prop_assert_eq!(lunar::to_solar(lunar), Some(day));
        prop_assert!((1..=30).contains(&lunar.day) && (1..=12).contains(&lunar.month));
    }

    #[test]
    fn the_next_day_is_the_next_lunar_day_or_a_first(offset in 0i32..109_000) {
        let day = date(1900, 2, 1).checked_add(offset.days()).unwrap();
        let (today, next) = (lunar::from_solar(day).unwrap(), lunar::from_solar(day.tomorrow().unwrap()).unwrap());
        prop_assert!(next.day == today.day + 1 || (next.day == 1 && today.day >= 29));
    }

    #[test]
    fn no_date_makes_the_lunar_calendar_panic(year in any::<i16>(), month in any::<i8>(), day in any::<i8>(), leap in any::<bool>()) {
        let _ = (lunar::to_solar(LunarDate { year, month, leap, day }), lunar::tet(year), lunar::propose(year), lunar::can_chi(year));
        let _ = (lunar::from_solar(Date::MIN), lunar::from_solar(Date::MAX));
    }
}

#[test]
fn every_years_proposal_gives_as_many_days_as_the_law_ca_01() {
    for year in lunar::YEARS {
        let days = lunar::propose(year).unwrap();
        let weekdays = days.iter().filter(|(day, _)| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)).count();
        assert_eq!(weekdays, if year > 2025 { 12 } else { 11 }, "{year}");
    }
}

#[test]
fn a_holiday_of_a_later_law_is_proposed_from_the_day_it_is_in_force_ca_01() {
    let culture_day = |year| lunar::propose(year).unwrap().into_iter().find(|(_, day)| day.name == "Ngày Văn hóa Việt Nam");
    assert_eq!(culture_day(2025), None);
    assert_eq!(
        culture_day(2026).map(|(date, day)| (date, day.name_en)),
        Some((date(2026, 11, 24), "Vietnam Culture Day".into()))
    );
    let law: Vec<Vec<&str>> =
        include_str!("../../../data/calendar/law.csv").lines().skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(law.len(), 5);
    assert!(law.iter().all(|row| row.len() == 6 && row[5].len() > 5), "each with its basis: {law:?}");
}

#[test]
fn tet_2030_is_a_day_before_chinas() {
    assert_eq!(lunar::tet(2030), Some(date(2030, 2, 2)));
    assert_eq!(lunar::gio_to(2026), Some(date(2026, 4, 26)));
    assert_eq!(lunar::can_chi(2026), "Bính Ngọ");
}

#[test]
fn a_leap_month_follows_the_month_of_its_number() {
    assert_eq!(leap_month(2025), Some(6));
    assert_eq!(leap_month(2033), Some(11));
    assert_eq!(leap_month(2026), None);
    assert_eq!(lunar::to_solar(LunarDate { year: 2026, month: 6, leap: true, day: 1 }), None);
}
