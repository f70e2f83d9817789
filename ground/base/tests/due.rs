use base::calendar::{DayKind, SpecialDay, WorkCalendar};
use base::due::{Amount, Calculation, Convention, DayName, DuePolicy, Step, Term, TermUnit, due, left};
use base::{Lang, Moment};
use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;

use crate::calendar::moment;
use crate::time::at;

const A: Convention = Convention::WorkingDaysEndOfDay;
const B: Convention = Convention::HoursExact8hPerDay;

fn policy(convention: Convention) -> DuePolicy {
    DuePolicy { convention, ..DuePolicy::default() }
}

fn calc(accepted: &str, term: Term, convention: Convention) -> Calculation {
    due(at(accepted), term, &policy(convention), &WorkCalendar::vietnam()).unwrap()
}

fn name(vi: &str, en: &str) -> DayName {
    DayName { vi: vi.into(), en: en.into() }
}

fn days(n: u32) -> Term {
    Term::new(n, TermUnit::WorkingDay).unwrap()
}

fn term() -> impl Strategy<Value = Term> {
    let units =
        prop_oneof![Just(TermUnit::WorkingDay), Just(TermUnit::WorkingHour), Just(TermUnit::CalendarDay), Just(TermUnit::Month)];
    let lasting =
        (1u32..80, units).prop_map(|(halves, unit)| Term::of(Amount::halves(halves), unit).or(Term::new(halves, unit)).unwrap());
    prop_oneof![lasting, Just(Term::SameDay)]
}

fn convention() -> impl Strategy<Value = Convention> {
    prop_oneof![Just(A), Just(B)]
}

proptest! {
    #[test]
    fn a_due_time_lies_after_acceptance_and_inside_office_hours(start in moment(), term in term(), convention in convention()) {
        let calendar = WorkCalendar::vietnam();
        let made = due(start, term, &policy(convention), &calendar).unwrap();
        prop_assert!(made.due_at >= made.start);
        prop_assert!(calendar.spans(made.due_at.date()).any(|(open, close)| open < made.due_at && made.due_at <= close), "{:?}", made.due_at);
        prop_assert_eq!(made.due_at, made.due_at.to_minute());
    }

    #[test]
    fn a_calculation_accounts_for_every_day_from_first_to_last(start in moment(), term in term(), convention in convention()) {
        prop_assume!(!matches!(term, Term::Lasting { unit: TermUnit::Month, .. }));
        let made = due(start, term, &policy(convention), &WorkCalendar::vietnam()).unwrap();
        let expected = start.date().series(jiff::ToSpan::day(1)).take_while(|day| *day <= made.due_at.date());
        prop_assert!(made.days.iter().map(|line| line.date).eq(expected), "{:?}", made.days);
        prop_assert_eq!(serde_json::from_str::<Calculation>(&serde_json::to_string(&made).unwrap()).unwrap(), made);
    }

    #[test]
    fn a_later_acceptance_is_never_due_earlier(start in moment(), later in 0i64..10_000, term in term(), convention in convention()) {
        let calendar = WorkCalendar::vietnam();
        let second = start.plus(SignedDuration::from_mins(later));
        let at = |start| due(start, term, &policy(convention), &calendar).unwrap().due_at;
        prop_assert!(at(start) <= at(second));
    }

    #[test]
    fn convention_b_gives_exactly_eight_working_hours_a_day_os_33(start in moment(), n in 1u32..60) {
        let calendar = WorkCalendar::vietnam();
        let made = due(start, days(n), &policy(B), &calendar).unwrap();
        prop_assert_eq!(calendar.working_between(made.start, made.due_at), SignedDuration::from_hours(8 * i64::from(n)));
    }

    #[test]
    fn what_is_left_and_what_is_late_never_panics_and_reads_as_a_sentence(now in any::<i64>(), due_at in moment()) {
        let now = Moment::from_micros(due_at.micros().saturating_add(now % 100_000_000_000_000));
        let left = left(now, due_at, &WorkCalendar::vietnam());
        prop_assert_eq!(left.late, now > due_at);
        let words = base::wording::left(&left, Lang::Vi);
        prop_assert!(["còn ", "quá ", "vừa "].iter().any(|start| words.starts_with(start)));
    }
}

#[test]
fn no_term_and_no_moment_makes_due_panic() {
    for start in [Moment::from_micros(i64::MIN), Moment::EPOCH, Moment::from_micros(i64::MAX)] {
        for unit in [TermUnit::WorkingDay, TermUnit::WorkingHour, TermUnit::CalendarDay, TermUnit::Month] {
            for convention in [A, B] {
                let _ = due(start, Term::new(Term::LONGEST, unit).unwrap(), &policy(convention), &WorkCalendar::vietnam());
                let _ = due(start, Term::SameDay, &policy(convention), &WorkCalendar::vietnam());
            }
        }
    }
}

#[test]
fn scenario_1_a_same_day_procedure_before_and_after_fifteen_hundred_os_14() {
    for (accepted, expected) in [
        ("2026-11-23T15:00:00", "2026-11-23T17:00"),
        ("2026-11-23T07:05", "2026-11-23T17:00"),
        ("2026-11-23T15:00:01", "2026-11-25T17:00"),
        ("2026-11-23T15:20", "2026-11-25T17:00"),
        ("2026-11-21T09:00", "2026-11-23T17:00"),
        ("2026-11-24T09:00", "2026-11-25T17:00"),
    ] {
        assert_eq!(calc(accepted, Term::SameDay, A).due_at, at(expected), "{accepted}");
        assert_eq!(calc(accepted, Term::SameDay, B).due_at, at(expected), "{accepted}");
    }
    let steps: Vec<Step> = calc("2026-11-23T15:20", Term::SameDay, A).days.into_iter().map(|line| line.step).collect();
    let holiday = Step::Holiday { name: name("Ngày Văn hóa Việt Nam", "Vietnam Culture Day") };
    assert_eq!(steps, [Step::AfterCutOff, holiday, Step::Counted { reached: Amount::whole(1), name: None }]);
}

#[test]
fn scenario_2_three_working_days_across_tet() {
    let made = calc("2026-02-13T16:40", days(3), A);
    assert_eq!(made.due_at, at("2026-02-25T17:00"));
    let holidays = made.days.iter().filter(|line| matches!(line.step, Step::Holiday { .. })).count();
    let weekends = made.days.iter().filter(|line| line.step == Step::Weekend).count();
    assert_eq!((made.days.len(), holidays, weekends), (13, 5, 4));
    assert_eq!(made.days[0].step, Step::Accepted);
    assert!(!made.projected);
}

#[test]
fn scenario_3_ten_working_days_are_not_moved_by_a_reorganisation() {
    assert_eq!(calc("2025-06-27T14:00", days(10), A).due_at, at("2025-07-11T17:00"));
}

#[test]
fn scenario_4_signed_four_minutes_after_closing_is_late() {
    let due_at = calc("2026-10-23T10:00", days(5), A).due_at;
    assert_eq!(due_at, at("2026-10-30T17:00"));
    let calendar = WorkCalendar::vietnam();
    assert!(!left(due_at, due_at, &calendar).late);
    let late = left(at("2026-10-30T17:04"), due_at, &calendar);
    assert!(late.late);
    assert_eq!(base::wording::left(&late, Lang::Vi), "vừa quá hạn");
}

#[test]
fn calendar_days_and_months_end_at_closing_and_roll_over_days_off_os_31() {
    let calendar = |n| Term::new(n, TermUnit::CalendarDay).unwrap();
    let months = |n| Term::new(n, TermUnit::Month).unwrap();
    for (accepted, term, expected) in [
        ("2026-11-16T10:00", calendar(3), "2026-11-19T17:00"),
        ("2026-11-18T10:00", calendar(3), "2026-11-23T17:00"),
        ("2026-11-20T10:00", calendar(4), "2026-11-25T17:00"),
        ("2026-01-15T10:00", months(1), "2026-02-23T17:00"),
        ("2026-01-31T10:00", months(1), "2026-03-02T17:00"),
        ("2026-10-12T10:00", months(1), "2026-11-12T17:00"),
    ] {
        assert_eq!(calc(accepted, term, A).due_at, at(expected), "{accepted} {term:?}");
    }
}

#[test]
fn an_end_on_a_day_off_is_shown_as_rolled_on() {
    let steps = |made: Calculation| made.days.into_iter().skip(3).map(|line| line.step).collect::<Vec<_>>();
    let name = Some(name("Ngày Văn hóa Việt Nam", "Vietnam Culture Day"));
    let counted = |n, name| Step::Counted { reached: Amount::whole(n), name };
    let made = calc("2026-11-20T10:00", Term::new(4, TermUnit::CalendarDay).unwrap(), A);
    assert_eq!(steps(made), [counted(3, None), counted(4, name), Step::RolledOn { name: None }]);
}

#[test]
fn half_a_working_day_is_half_a_day_os_33() {
    let half = |halves| Term::of(Amount::halves(halves), TermUnit::WorkingDay).unwrap();
    assert_eq!(calc("2026-11-16T10:00", half(1), A).due_at, at("2026-11-17T11:00"));
    assert_eq!(calc("2026-11-16T10:00", half(5), A).due_at, at("2026-11-19T11:00"));
    assert_eq!(calc("2026-11-16T10:00", half(1), B).due_at, at("2026-11-16T16:00"));
    assert_eq!(
        calc("2026-11-16T10:00", Term::of(Amount::halves(1), TermUnit::WorkingHour).unwrap(), A).due_at,
        at("2026-11-16T10:30")
    );
    assert!(Term::of(Amount::halves(3), TermUnit::Month).is_err());
    assert!(Term::new(0, TermUnit::WorkingDay).is_err() && Term::new(10_001, TermUnit::Month).is_err());
}

#[test]
fn working_hours_run_inside_office_hours_and_stop_at_closing() {
    let hours = |n| Term::new(n, TermUnit::WorkingHour).unwrap();
    assert_eq!(calc("2026-11-16T10:30", hours(4), A).due_at, at("2026-11-16T16:30"));
    assert_eq!(calc("2026-11-16T13:00", hours(4), A).due_at, at("2026-11-16T17:00"));
    assert_eq!(calc("2026-11-16T11:30", hours(1), A).due_at, at("2026-11-16T14:00"));
    assert_eq!(calc("2026-11-16T10:59:59", hours(1), A).due_at, at("2026-11-16T13:59"));
}

#[test]
fn a_half_closed_day_ends_a_term_at_its_own_closing() {
    let half = SpecialDay { kind: DayKind::AfternoonOff, name: "Họp".into(), name_en: "Meeting".into(), projected: false };
    let calendar = WorkCalendar::vietnam().with_year(2026, [(date(2026, 11, 18), half)]);
    let made = due(at("2026-11-16T10:00"), days(2), &policy(A), &calendar).unwrap();
    assert_eq!(made.due_at, at("2026-11-18T11:00"));
    assert_eq!(made.days[2].step, Step::Counted { reached: Amount::whole(2), name: Some(name("Họp", "Meeting")) });
}

#[test]
fn a_unit_open_in_the_mornings_skips_a_day_whose_morning_is_closed() {
    let half = SpecialDay { kind: DayKind::MorningOff, name: "Họp".into(), name_en: "Meeting".into(), projected: false };
    let mornings = "07:00-11:00 -".parse().unwrap();
    let calendar = WorkCalendar::vietnam().with_hours(mornings).with_year(2026, [(date(2026, 11, 17), half)]);
    for (accepted, term) in [("2026-11-16T10:00", days(1)), ("2026-11-17T10:00", Term::SameDay)] {
        assert_eq!(due(at(accepted), term, &policy(A), &calendar).unwrap().due_at, at("2026-11-18T11:00"));
    }
}

#[test]
fn a_due_time_in_a_year_without_a_decided_table_is_marked_ca_07() {
    assert!(calc("2026-12-30T10:00", days(5), A).projected);
    assert!(!calc("2026-12-21T10:00", days(5), A).projected);
    assert!(calc("2031-03-03T10:00", days(5), A).projected);
}

#[test]
fn a_calendar_without_working_days_is_an_error_not_a_hang() {
    let off = || SpecialDay { kind: DayKind::Statutory, name: String::new(), name_en: String::new(), projected: false };
    let closed = |year| date(year, 1, 1).series(jiff::ToSpan::day(1)).take(366).map(move |day| (day, off()));
    let calendar = WorkCalendar::vietnam().with_year(2026, closed(2026)).with_year(2027, closed(2027));
    assert!(due(at("2026-01-05T10:00"), days(1), &policy(A), &calendar).is_err());
    assert_eq!(calendar.add_working(at("2026-01-05T10:00"), SignedDuration::from_hours(1)), None);
}

#[test]
fn the_shape_of_a_kept_calculation_is_frozen() {
    let made = calc("2025-04-25T15:30", days(2), A);
    let json = serde_json::to_value(&made).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "start": "2025-04-25T15:30:00+07:00",
            "term": { "kind": "lasting", "amount": 2, "unit": "working_day" },
            "policy": { "convention": "working_days_end_of_day", "cut_off": "15:00:00" },
            "due_at": "2025-04-28T17:00:00+07:00",
            "days": [
                { "date": "2025-04-25", "step": "accepted" },
                { "date": "2025-04-26", "step": "counted", "reached": 1,
                  "name": { "vi": "Làm bù cho ngày 02/05/2025", "en": "Worked instead of 2025-05-02" } },
                { "date": "2025-04-27", "step": "weekend" },
                { "date": "2025-04-28", "step": "counted", "reached": 2 }
            ]
        })
    );
    // kept before whole counts were written as whole numbers
    let before = json.to_string().replace(":2,", ":2.0,").replace(":1,", ":1.0,").replace(":2}", ":2.0}");
    assert!(before.contains("2.0") && before.contains("1.0"));
    assert_eq!(serde_json::from_str::<Calculation>(&before).unwrap(), made);
}

proptest! {
    #[test]
    fn an_amount_reads_back_as_shown_and_as_kept(halves in 0u32..=20_000) {
        let amount = Amount::halves(halves);
        prop_assert_eq!(amount.to_string().parse::<Amount>(), Ok(amount));
        let kept = serde_json::to_string(&amount).unwrap();
        prop_assert_eq!(serde_json::from_str::<Amount>(&kept).unwrap(), amount);
        prop_assert_eq!(kept.contains('.'), halves % 2 == 1, "{}", kept);
    }

    #[test]
    fn no_text_makes_an_amount_panic(text in ".{0,12}", near in "[0-9]{0,12}[,.½/]?[0-9]{0,4}") {
        let _ = (text.parse::<Amount>(), near.parse::<Amount>());
    }
}

#[test]
fn an_amount_is_read_as_people_write_it() {
    for (text, halves) in
        [("3", 6), (" 0,5 ", 1), ("0.5", 1), ("½", 1), ("1/2", 1), ("2½", 5), ("2,5", 5), ("15,0", 30), ("0", 0)]
    {
        assert_eq!(text.parse(), Ok(Amount::halves(halves)), "{text}");
    }
    for text in ["", "ba", "1.000", "2,25", "-1", "+1", ",5", "3 ngày", "10001", "99999999999", "½½"] {
        assert!(text.parse::<Amount>().is_err(), "{text}");
    }
}
