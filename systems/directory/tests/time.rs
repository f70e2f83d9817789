//! The province decides about time: the yearly notice, the counting convention, the cut-off hour.
use base::{
    Moment,
    calendar::DayKind,
    due::{Convention, DuePolicy, Term, TermUnit, due},
};
use directory::{
    Cx, Error, Objection, Role, WorkTime, decide_counting, decide_year,
    time::{TypedDay, decide_days, draft_of},
};
use jiff::civil::{date, time};
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

testkit::both! {
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
