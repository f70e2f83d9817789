use base::calendar::WorkCalendar;
use base::due::{Amount, Convention, DuePolicy, Left, Term, TermUnit, due, left};
use base::{Lang, wording};
use jiff::SignedDuration;
use jiff::civil::date;
use proptest::prelude::*;

use crate::time::at;

const VI: Lang = Lang::Vi;
const EN: Lang = Lang::En;

proptest! {
    #[test]
    fn figures_never_panic(n in any::<i64>(), bytes in any::<u64>(), part in any::<u64>(), of in any::<u64>(), late in any::<bool>(), secs in 0..i64::MAX) {
        for lang in [VI, EN] {
            let _ = (wording::number_in(n, lang), wording::tenths(n, lang), wording::size(bytes, lang), wording::percent(part, of, lang));
            let _ = wording::left(&Left { late, work: SignedDuration::from_secs(secs) }, lang);
        }
    }

    #[test]
    fn sizes_never_show_a_thousand(bytes in 1000u64..999_499_999_999_999_999) {
        let shown = wording::size(bytes, VI);
        prop_assert!(!shown.starts_with("1.000") && !shown.starts_with("1000") && !shown.starts_with("0"), "{}", shown);
    }
}

#[test]
fn dates_and_times_read_as_the_screens_ask() {
    let t = at("2026-11-23T14:30");
    assert_eq!(wording::date_time(t, VI), "thứ Hai, 23/11/2026 14:30");
    assert_eq!(wording::date_time(t, EN), "Monday, 23 November 2026 14:30");
    assert_eq!(wording::due_time(at("2026-11-26T17:00"), VI), "17:00 thứ Năm, 26/11/2026");
    assert_eq!(wording::paper_date(date(2026, 2, 5)), "ngày 05 tháng 02 năm 2026");
    assert_eq!(wording::paper_date(date(2026, 3, 5)), "ngày 05 tháng 3 năm 2026");
}

#[test]
fn near_times_are_named_within_two_days() {
    let now = at("2026-11-23T09:00");
    for (time, shown) in [
        ("2026-11-23T17:00", "17:00 hôm nay"),
        ("2026-11-22T08:05", "08:05 hôm qua"),
        ("2026-11-24T17:00", "17:00 ngày mai"),
        ("2026-11-20T17:00", "17:00, 20/11"),
        ("2025-11-20T17:00", "17:00, 20/11/2025"),
    ] {
        assert_eq!(wording::near(at(time), now, VI), shown);
    }
}

#[test]
fn numbers_sizes_and_shares_read_as_the_screens_ask() {
    assert_eq!([wording::number(18_341), wording::number(999), wording::number(-1_000)], ["18.341", "999", "−1.000"]);
    assert_eq!(wording::number_in(18_341, EN), "18,341");
    assert_eq!([wording::tenths(13, VI), wording::tenths(20, VI), wording::tenths(-5, VI)], ["1,3", "2", "−0,5"]);
    assert_eq!(wording::percent(938, 1000, VI), "93,8\u{a0}%");
    assert_eq!([wording::percent(800, 1100, VI), wording::percent(0, 0, VI)], ["72,7\u{a0}%", "–"]);
    for (bytes, shown) in [
        (0, "0 B"),
        (812, "812 B"),
        (412_300, "412 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (1_800_000, "1,8 MB"),
        (25_000_000, "25 MB"),
    ] {
        assert_eq!(wording::size(bytes, VI).replace('\u{a0}', " "), shown);
    }
}

#[test]
fn terms_read_as_the_law_says_them() {
    let term = |halves, unit| Term::of(Amount::halves(halves), unit).unwrap();
    assert_eq!(wording::term(&term(6, TermUnit::WorkingDay), VI), "3 ngày làm việc");
    assert_eq!(wording::term(&term(1, TermUnit::WorkingDay), VI), "0,5 ngày làm việc");
    assert_eq!(wording::term(&term(2, TermUnit::Month), EN), "1 month");
    assert_eq!(wording::term(&term(5, TermUnit::WorkingDay), EN), "2.5 working days");
    assert_eq!(wording::term(&Term::SameDay, VI), "trong ngày làm việc");
}

#[test]
fn every_day_of_a_calculation_says_what_it_did() {
    let words = |accepted: &str, term: Term, convention, lang| -> Vec<String> {
        let policy = DuePolicy { convention, ..DuePolicy::default() };
        let made = due(at(accepted), term, &policy, &WorkCalendar::vietnam()).unwrap();
        made.days.iter().map(|line| wording::step(&line.step, &made, lang)).collect()
    };
    let two = Term::new(2, TermUnit::WorkingDay).unwrap();
    assert_eq!(
        words("2025-04-25T15:30", two, Convention::WorkingDaysEndOfDay, VI),
        [
            "ngày tiếp nhận, tính từ ngày sau",
            "đã tính 1 ngày làm việc (Làm bù cho ngày 02/05/2025)",
            "nghỉ cuối tuần, không tính",
            "đã tính 2 ngày làm việc"
        ]
    );
    assert_eq!(
        words("2026-11-23T14:30", Term::new(1, TermUnit::WorkingDay).unwrap(), Convention::HoursExact8hPerDay, VI),
        ["tính 2 giờ 30, cộng 2 giờ 30", "Ngày Văn hóa Việt Nam, không tính", "tính 5 giờ 30, cộng 8 giờ"]
    );
    assert_eq!(
        words("2026-11-23T15:20", Term::SameDay, Convention::WorkingDaysEndOfDay, EN),
        ["accepted after 15:00, counted on the next working day", "Vietnam Culture Day, not counted", "the same working day"]
    );
    assert_eq!(
        words("2026-11-18T10:00", Term::new(3, TermUnit::CalendarDay).unwrap(), Convention::WorkingDaysEndOfDay, VI)[3..],
        ["đã tính 3 ngày", "nghỉ cuối tuần, không tính", "ngày cuối là ngày nghỉ, hạn chuyển sang ngày này"]
    );
}

#[test]
fn what_is_left_is_said_in_days_hours_or_minutes_of_work() {
    let due_at = at("2026-11-26T17:00");
    for (now, vi, en) in [
        ("2026-11-25T14:36", "còn 1,3 ngày", "1.3 days left"),
        ("2026-11-26T07:00", "còn 1 ngày", "1 day left"),
        ("2026-11-26T14:30", "còn 2 giờ 30", "2 h 30 left"),
        ("2026-11-26T15:00", "còn 2 giờ", "2 h left"),
        ("2026-11-26T14:55", "còn 2 giờ 05", "2 h 05 left"),
        ("2026-11-26T16:25", "còn 35 phút", "35 minutes left"),
        ("2026-11-26T16:59:30", "còn dưới 1 phút", "less than a minute left"),
        ("2026-11-26T20:00", "vừa quá hạn", "just overdue"),
        ("2026-11-27T07:20", "quá 20 phút", "20 minutes overdue"),
        ("2026-11-27T14:30", "quá 5,5 giờ", "5.5 hours overdue"),
        ("2026-11-30T11:00", "quá 1,5 ngày", "1.5 days overdue"),
    ] {
        let left = left(at(now), due_at, &WorkCalendar::vietnam());
        assert_eq!((wording::left(&left, VI).as_str(), wording::left(&left, EN).as_str()), (vi, en), "{now}");
    }
}
