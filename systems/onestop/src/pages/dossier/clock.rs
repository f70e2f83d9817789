//! The clock of a dossier: how long is left, what would be promised now, and how a due time came about day by day.

use crate::decide;
use crate::dossier::{self, State};
use crate::pages::words::{due_bar, urgency};
use crate::service::Whole;
use base::due::{Calculation, DayName, Step};
use base::{Lang, Moment};
use directory::WorkTime;
use web::ui::status::Due;
use web::{Words, raw};

pub(super) struct Clock {
    pub(super) class: &'static str,
    pub(super) label: Words,
    pub(super) bar: Due,
    pub(super) promise: Option<Words>,
    pub(super) calculation: Option<Calculated>,
}

/// How a due time came about, a line a day.
pub struct Calculated {
    /// "3 ngày làm việc".
    pub term: String,
    /// Days.
    pub lines: Vec<CalculatedDay>,
}

/// One day of a calculation.
pub struct CalculatedDay {
    /// The day in words.
    pub day: String,
    /// What it counts as.
    pub counts: Words,
    /// Why.
    pub why: Words,
    /// Skipped, so hatched.
    pub skipped: bool,
    /// The last day.
    pub last: bool,
}

pub(super) fn clock(whole: &Whole, now: Moment, time: &WorkTime, lang: Lang, accepting: bool) -> Clock {
    let row = &whole.row;
    let label = match row.state() {
        Ok(State::Submitted) => web::words("Hạn kiểm tra hồ sơ, 8 giờ làm việc"),
        Ok(State::AwaitingSupplement) => web::words("Chờ người nộp bổ sung"),
        Ok(State::InProgress) => {
            web::words("Hạn trả kết quả {0}").with(row.due_at.map(|d| base::wording::due_time(d, lang)).unwrap_or_default())
        }
        _ => web::words("Kết quả"),
    };
    Clock {
        class: if row.state().is_ok_and(|s| matches!(s, State::Submitted | State::InProgress)) {
            urgency(row, now, time).class()
        } else {
            "ok"
        },
        label,
        bar: due_bar(row, now, time, lang),
        promise: if accepting { promise(whole, now, time, lang) } else { None },
        calculation: row.calculation.as_deref().and_then(|json| serde_json::from_str(json).ok()).map(|c| calculated(&c, lang)),
    }
}

/// What the due time would be if the dossier were accepted now: said before the act.
fn promise(whole: &Whole, now: Moment, time: &WorkTime, lang: Lang) -> Option<Words> {
    let dossier = whole.row.dossier().ok()?;
    let term = decide::term_row(&dossier, &whole.version.package, None).ok()?;
    let facts = decide::Facts {
        when: dossier::When::now(now),
        version: whole.version.id,
        package: &whole.version.package,
        route: &whole.route,
        calendar: &time.calendar,
        policy: &time.policy,
    };
    let due = decide::calculate(&term, now, &facts).ok()?.due_at;
    Some(web::words("Nếu tiếp nhận bây giờ: hẹn trả {0}.").with(base::wording::due_time(due, lang)))
}

/// A calculation in words, a line a day.
pub fn calculated(c: &Calculation, lang: Lang) -> Calculated {
    let last = c.due_at.date();
    let named = |day: &DayName| lang.pick(&day.vi, &day.en).clone();
    let lines = c
        .days
        .iter()
        .map(|line| {
            let (counts, why, skipped) = match &line.step {
                Step::Accepted => (
                    raw("–"),
                    web::words("{0} tiếp nhận; ngày đầu tính từ hôm sau").with(c.start.local().strftime("%H:%M")),
                    false,
                ),
                Step::AfterCutOff => (
                    raw("–"),
                    web::words("{0} tiếp nhận, sau giờ chốt nên tính ngày sau").with(c.start.local().strftime("%H:%M")),
                    false,
                ),
                Step::Counted { reached, name } => {
                    (web::words("ngày {0}").with(reached), name.as_ref().map(|n| raw(named(n))).unwrap_or_default(), false)
                }
                Step::Worked { minutes, reached, name } => (
                    web::words("{0} phút").with(minutes),
                    web::words("cộng dồn {0} phút {1}").with(reached).with(name.as_ref().map(named).unwrap_or_default()),
                    false,
                ),
                Step::RolledOn { .. } => (raw("–"), web::words("Hạn rơi vào ngày nghỉ nên lùi đến ngày làm việc này"), false),
                Step::Weekend => (web::words("bỏ qua"), web::words("Nghỉ hằng tuần"), true),
                Step::Holiday { name } => (web::words("bỏ qua"), raw(named(name)), true),
            };
            let is_last = line.date == last;
            let why = if is_last && !skipped {
                web::words("Hết hạn lúc {0}").with(c.due_at.local().strftime("%H:%M"))
            } else {
                why
            };
            CalculatedDay { day: base::wording::long_date(line.date, lang), counts, why, skipped, last: is_last }
        })
        .collect();
    Calculated { term: base::wording::term(&c.term, lang), lines }
}
