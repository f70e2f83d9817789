//! The province decides about time: the yearly notice, the counting convention, the cut-off hour; a unit about its hours.
use base::{
    Moment,
    calendar::DayKind,
    due::{Convention, DuePolicy, Term, TermUnit, due},
};
use directory::{
    Cx, Error, HoursFrom, Objection, Role, UnitId, WorkTime, decide_counting, decide_year, set_hours,
    time::{TypedDay, decide_days, draft_of, hours_through_time},
};
use jiff::civil::{date, time};
use proptest::prelude::*;
use store::{Read, Write};

use crate::town::{Town, noon};

async fn house(town: &Town, at: Moment) -> WorkTime {
    town.db.read(async move |tx: &Read<'_>| WorkTime::of_house(tx, at).await).await.unwrap()
}

fn typed(date: &str, kind: DayKind, name: &str) -> TypedDay {
    TypedDay { date: date.into(), kind: Some(kind), name: name.into(), name_en: String::new() }
}

fn faults_of(lines: &[TypedDay]) -> Vec<String> {
    decide_days(2027, noon(), lines).unwrap_err().into_iter().map(|f| f.field).collect()
}

#[test]
fn a_table_names_days_of_its_year_once_each_and_swaps_rest_for_work_ca_04() {
    let new_year = typed("01/01/2027", DayKind::Statutory, "Tết Dương lịch");
    let good = [new_year.clone(), TypedDay::default(), typed("09/01/2027", DayKind::Makeup, "Làm bù cho 08/01/2027")];
    let days = decide_days(2027, noon(), &good).unwrap();
    assert_eq!(days.len(), 2);
    assert_eq!((days[0].date, days[0].day.name_en.as_str(), days[0].day.projected), (date(2027, 1, 1), "New Year's Day", false));
    assert_eq!(days[1].day.name_en, "Làm bù cho 08/01/2027", "an unknown name stands for itself");
    for (line, field) in [
        (typed("01/01/2026", DayKind::Statutory, "Năm khác"), "ngay-1"),
        (typed("32/13/2027", DayKind::Statutory, "Không phải ngày"), "ngay-1"),
        (typed("2027", DayKind::Statutory, "Chỉ có năm"), "ngay-1"),
        (typed("01/01/2027", DayKind::Statutory, "Trùng"), "ngay-1"),
        (typed("08/01/2027", DayKind::Makeup, "Thứ Sáu vốn đã làm"), "loai-1"),
        (typed("09/01/2027", DayKind::SwappedOff, "Thứ Bảy vốn đã nghỉ"), "loai-1"),
        (typed("04/01/2027", DayKind::Statutory, ""), "ten-1"),
        (TypedDay { kind: None, ..typed("04/01/2027", DayKind::Statutory, "Không loại") }, "loai-1"),
    ] {
        assert_eq!(faults_of(&[new_year.clone(), line.clone()]), [field], "{line:?}");
    }
    assert_eq!(faults_of(&[typed("09/01/2027", DayKind::Makeup, "Chỉ làm bù")]), ["ngay-0"], "no holiday at all");
    assert_eq!(faults_of(&[TypedDay::default()]), ["ngay-0"]);
    assert!(decide_days(2025, noon(), &[typed("01/01/2025", DayKind::Statutory, "Năm đã qua")]).is_err());
}

fn hours(text: &str) -> Option<base::calendar::OfficeHours> {
    (!text.is_empty()).then(|| text.parse().unwrap())
}

fn from(day: i8, text: &str) -> HoursFrom {
    HoursFrom { from: date(2026, 12, day), hours: hours(text), ground: String::new() }
}

const EARLY: &str = "06:30-10:30 12:30-16:30";
const LATE: &str = "07:30-11:30 13:30-17:30";
const USUAL: &str = "07:00-11:00 13:00-17:00";

#[test]
fn on_each_day_the_nearest_unit_with_hours_of_its_own_then_says_when_the_doors_are_open_ca_06() {
    let chain = [vec![from(1, EARLY)], vec![], vec![from(10, LATE), from(20, "")]];
    let told: Vec<(i8, String)> = hours_through_time(&chain).into_iter().map(|(day, h)| (day.day(), h.to_string())).collect();
    assert_eq!(told, [(1, EARLY.to_owned()), (10, LATE.to_owned()), (20, EARLY.to_owned())]);
    assert_eq!(hours_through_time(&[vec![], vec![from(5, "")]]), [(date(2026, 12, 5), USUAL.parse().unwrap())]);
    assert_eq!(hours_through_time(&[vec![], vec![]]), []);
}

proptest! {
    #[test]
    fn hours_of_later_days_never_change_what_was_before(
        set in prop::collection::btree_map(1i8..20, prop::sample::select(vec!["", EARLY, LATE, USUAL]), 0..6),
        later in prop::sample::select(vec!["", EARLY, LATE]),
        on in 1i8..20,
    ) {
        let own: Vec<HoursFrom> = set.iter().map(|(day, text)| from(*day, text)).collect();
        let calendar = |own: Vec<HoursFrom>| {
            let through = hours_through_time(&[vec![from(3, LATE)], own]);
            through.into_iter().fold(base::calendar::WorkCalendar::vietnam(), |c, (day, h)| c.with_hours_from(day, h))
        };
        let after = own.iter().cloned().chain([from(20, later)]).collect();
        prop_assert_eq!(calendar(own).hours_on(date(2026, 12, on)), calendar(after).hours_on(date(2026, 12, on)));
    }
}

testkit::both! {
    async fn hours_change_from_their_day_on_and_what_was_promised_stays_ca_06(place: testkit::Place) {
        let town = Town::on(place).await;
        let (ward, desk) = (town.ward, town.ward_desk);
        let set = async |unit: UnitId, from: jiff::civil::Date, text: &'static str, now: Moment| {
            let order = HoursFrom { from, hours: hours(text), ground: "TB 9/TB-UBND".into() };
            town.db.write(async move |tx: &Write<'_>| set_hours(tx, &Cx::machine(now), unit, &order).await).await
        };
        let there = async || town.db.read(async move |tx: &Read<'_>| WorkTime::of_unit(tx, desk, noon()).await).await.unwrap();
        let promised = async |start: &str| {
            let time = there().await;
            due(start.parse().unwrap(), Term::new(1, TermUnit::WorkingDay).unwrap(), &time.policy, &time.calendar).unwrap()
        };
        let before = promised("2026-11-26T09:00").await;
        assert!(matches!(set(ward, date(2026, 11, 22), LATE, noon()).await, Err(Error::Objection(Objection::Backwards))));
        set(ward, date(2026, 11, 30), LATE, noon()).await.unwrap();
        assert_eq!(promised("2026-11-26T09:00").await, before, "to the end of Friday, by the hours of Friday");
        assert_eq!(before.due_at, "2026-11-27T17:00".parse().unwrap());
        assert_eq!(promised("2026-11-27T09:00").await.due_at, "2026-11-30T17:30".parse().unwrap(), "Monday goes by the new ones");
        // the desk says otherwise for itself, and later goes with the ward again
        set(desk, date(2026, 12, 1), EARLY, noon()).await.unwrap();
        set(desk, date(2026, 12, 3), "", noon()).await.unwrap();
        let calendar = there().await.calendar;
        let closing = |day: i8| calendar.closing(date(2026, 12, day)).unwrap().time().to_string();
        assert_eq!([closing(1), closing(2), closing(3)], ["16:30:00", "16:30:00", "17:30:00"]);
        // the same day again takes the place of what was said for it
        set(desk, date(2026, 12, 1), LATE, noon()).await.unwrap();
        assert_eq!(there().await.calendar.closing(date(2026, 12, 2)).unwrap().time().to_string(), "17:30:00");
        let nowhere = UnitId(uuid::Uuid::from_u128(5));
        assert!(town.db.read(async move |tx: &Read<'_>| WorkTime::of_unit(tx, nowhere, noon()).await).await.is_err());
    }

    async fn hours_are_set_by_those_who_keep_the_unit(place: testkit::Place) {
        let town = Town::on(place).await;
        let whole = town.officer("quantri.tinh", town.province, Role::Administrator).await;
        let ward = town.officer("quantri.anxuyen", town.ward, Role::Administrator).await;
        let head = town.officer("truong.quay", town.ward_desk, Role::DeskHead).await;
        for (who, unit, may) in [(whole, town.ward, true), (ward, town.ward_desk, true), (ward, town.other_ward, false), (head, town.ward_desk, false)] {
            let cx = town.cx(who, noon()).await;
            let order = HoursFrom { from: date(2026, 12, 1), hours: hours(LATE), ground: "TB".into() };
            let done = town.db.write(async move |tx: &Write<'_>| set_hours(tx, &cx, unit, &order).await).await;
            assert_eq!(done.is_ok(), may, "{done:?}");
            assert!(may || matches!(done, Err(Error::Denied(_))));
        }
    }

    async fn a_decided_year_takes_the_place_of_the_projection_ca_07(place: testkit::Place) {
        let town = Town::on(place).await;
        let admin = town.officer("quan.tri", town.province, Role::Administrator).await;
        let before = house(&town, noon()).await;
        assert!(!before.calendar.is_settled(2027));
        let friday = date(2027, 1, 8);
        assert!(before.calendar.is_working_day(friday));
        let mut lines: Vec<TypedDay> = draft_of(2027, &before.calendar)
            .iter()
            .map(|d| TypedDay { date: base::wording::date(d.date, base::Lang::Vi), kind: Some(d.day.kind), name: d.day.name.clone(), name_en: d.day.name_en.clone() })
            .collect();
        lines.push(typed("08/01/2027", DayKind::SwappedOff, "Hoán đổi"));
        let days = decide_days(2027, noon(), &lines).unwrap();
        let cx = town.cx(admin, noon()).await;
        town.db.write(async move |tx: &Write<'_>| decide_year(tx, &cx, 2027, &days, "1234/TB-BNV").await).await.unwrap();
        let after = house(&town, noon()).await;
        assert!(after.calendar.is_settled(2027) && !after.calendar.is_working_day(friday));
        assert!(after.calendar.is_settled(2026), "other years stay");
        let start: Moment = "2027-01-07T09:00".parse().unwrap();
        let term = Term::new(1, TermUnit::WorkingDay).unwrap();
        let made = due(start, term, &after.policy, &after.calendar).unwrap();
        assert_eq!((made.due_at, made.projected), ("2027-01-11T17:00".parse().unwrap(), false));
        // a second notice for the same year replaces the first
        let cx = town.cx(admin, noon()).await;
        let again = decide_days(2027, noon(), &lines[..lines.len() - 1]).unwrap();
        town.db.write(async move |tx: &Write<'_>| decide_year(tx, &cx, 2027, &again, "1235/TB-BNV").await).await.unwrap();
        assert!(house(&town, noon()).await.calendar.is_working_day(friday));
    }

    async fn counting_changes_from_its_day_on_and_never_backwards_os_34(place: testkit::Place) {
        let town = Town::on(place).await;
        let admin = town.officer("quan.tri", town.province, Role::Administrator).await;
        let by_hours = DuePolicy { convention: Convention::HoursExact8hPerDay, cut_off: time(16, 0, 0, 0) };
        let (from, early): (Moment, Moment) = ("2027-01-01".parse().unwrap(), "2026-01-01".parse().unwrap());
        let decide = async |from| {
            let cx = town.cx(admin, noon()).await;
            town.db.write(async move |tx: &Write<'_>| decide_counting(tx, &cx, by_hours, from, "QĐ 77").await).await
        };
        assert!(matches!(decide(early).await, Err(Error::Objection(Objection::Backwards))));
        decide(from).await.unwrap();
        assert_eq!(house(&town, noon()).await.policy, DuePolicy::default(), "not yet");
        assert_eq!(house(&town, from).await.policy, by_hours);
        let desk = town.ward_desk;
        let there = town.db.read(async move |tx: &Read<'_>| WorkTime::of_unit(tx, desk, from).await).await.unwrap();
        assert_eq!(there.policy, by_hours, "at every desk");
    }

    async fn time_is_decided_at_the_top_of_the_house_only(place: testkit::Place) {
        let town = Town::on(place).await;
        let whole = town.officer("quantri.tinh", town.province, Role::Administrator).await;
        let ward = town.officer("quantri.anxuyen", town.ward, Role::Administrator).await;
        let leader = town.officer("lanhdao", town.province, Role::Leader).await;
        let days = decide_days(2027, noon(), &[typed("01/01/2027", DayKind::Statutory, "Tết Dương lịch")]).unwrap();
        for (who, may) in [(whole, true), (ward, false), (leader, false)] {
            let (cx, days): (Cx, _) = (town.cx(who, noon()).await, days.clone());
            let done = town.db.write(async move |tx: &Write<'_>| decide_year(tx, &cx, 2027, &days, "TB").await).await;
            assert_eq!(done.is_ok(), may);
            assert!(may || matches!(done, Err(Error::Denied(_))));
            let cx = town.cx(who, noon()).await;
            let from = "2027-02-01".parse().unwrap();
            let done = town.db.write(async move |tx: &Write<'_>| decide_counting(tx, &cx, DuePolicy::default(), from, "QĐ").await).await;
            assert_eq!(done.is_ok(), may);
        }
    }
}
