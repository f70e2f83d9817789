//! Dates, terms, sizes and numbers as people read them (screens §5). English mirrors the same rules; its dates name the month, because
//! 04/11 reads differently to different readers.

use std::fmt;

use jiff::civil::{Date, Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::Moment;
use crate::due::{Amount, Calculation, DayName, Left, Step, Term, TermUnit};

/// Languages of the screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The word for each language.
    pub fn pick<T>(self, vi: T, en: T) -> T {
        match self {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }

    /// `vi` or `en`, as in the `lang` attribute.
    pub fn code(self) -> &'static str {
        self.pick("vi", "en")
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// `thứ Hai` … `Chủ nhật`; `Monday` … `Sunday`.
pub fn weekday(day: Weekday, lang: Lang) -> &'static str {
    match day {
        Weekday::Monday => lang.pick("thứ Hai", "Monday"),
        Weekday::Tuesday => lang.pick("thứ Ba", "Tuesday"),
        Weekday::Wednesday => lang.pick("thứ Tư", "Wednesday"),
        Weekday::Thursday => lang.pick("thứ Năm", "Thursday"),
        Weekday::Friday => lang.pick("thứ Sáu", "Friday"),
        Weekday::Saturday => lang.pick("thứ Bảy", "Saturday"),
        Weekday::Sunday => lang.pick("Chủ nhật", "Sunday"),
    }
}

pub(crate) fn month_en(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1).ok().and_then(|i| NAMES.get(i)).copied().unwrap_or("")
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `23/11/2026`; `23 November 2026`.
pub fn date(date: Date, lang: Lang) -> String {
    match lang {
        Lang::Vi => format!("{:02}/{:02}/{}", date.day(), date.month(), date.year()),
        Lang::En => format!("{} {} {}", date.day(), month_en(date.month()), date.year()),
    }
}

/// `thứ Hai, 23/11/2026`; `Monday, 23 November 2026`.
pub fn long_date(day: Date, lang: Lang) -> String {
    format!("{}, {}", weekday(day.weekday(), lang), date(day, lang))
}

/// `thứ Hai, 23/11/2026 14:30`; `Monday, 23 November 2026 14:30`.
pub fn date_time(at: Moment, lang: Lang) -> String {
    format!("{} {}", long_date(at.date(), lang), clock(at.time()))
}

/// With the hour first, because the hour matters: `17:00 thứ Năm, 26/11/2026`; `17:00 Thursday, 26 November 2026`.
pub fn due_time(at: Moment, lang: Lang) -> String {
    format!("{} {}", clock(at.time()), long_date(at.date(), lang))
}

/// For lists: `17:00 hôm nay`, `09:12 hôm qua`, `17:00 ngày mai`, else `17:00, 20/11`, with the year when it is another one.
pub fn near(at: Moment, now: Moment, lang: Lang) -> String {
    let (day, today, time) = (at.date(), now.date(), clock(at.time()));
    if day == today {
        return format!("{time} {}", lang.pick("hôm nay", "today"));
    }
    if today.yesterday().is_ok_and(|d| d == day) {
        return format!("{time} {}", lang.pick("hôm qua", "yesterday"));
    }
    if today.tomorrow().is_ok_and(|d| d == day) {
        return format!("{time} {}", lang.pick("ngày mai", "tomorrow"));
    }
    let same_year = day.year() == today.year();
    match lang {
        Lang::Vi if same_year => format!("{time}, {:02}/{:02}", day.day(), day.month()),
        Lang::En if same_year => format!("{time}, {} {}", day.day(), month_en(day.month())),
        _ => format!("{time}, {}", date(day, lang)),
    }
}

/// On papers: `ngày 20 tháng 11 năm 2026`. Days below 10 and months 1 and 2 take a zero (NĐ 30/2020, annex I).
pub fn paper_date(day: Date) -> String {
    let month = if day.month() < 3 { format!("{:02}", day.month()) } else { day.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", day.day(), day.year())
}

/// `18.341`: groups of three.
pub fn number(n: i64) -> String {
    grouped(n, '.')
}

/// `18.341`; `18,341`.
pub fn number_in(n: i64, lang: Lang) -> String {
    grouped(n, lang.pick('.', ','))
}

fn grouped(n: i64, separator: char) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::from(if n < 0 { "−" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(digit);
    }
    out
}

/// A number of tenths with one decimal, none when it is 0: 13 → `1,3`, 20 → `2`.
pub fn tenths(n: i64, lang: Lang) -> String {
    let whole = number_in(n / 10, lang);
    match n.unsigned_abs() % 10 {
        0 => whole,
        tenth => format!("{}{whole}{}{tenth}", if n < 0 && n > -10 { "−" } else { "" }, lang.pick(',', '.')),
    }
}

/// A share as per cent with one decimal: `93,8 %`; none of none is `–`.
pub fn percent(part: u64, of: u64, lang: Lang) -> String {
    if of == 0 {
        return "–".to_owned();
    }
    let tenth = (u128::from(part) * 2000 / u128::from(of)).div_ceil(2);
    format!("{}\u{a0}%", tenths(i64::try_from(tenth).unwrap_or(i64::MAX), lang))
}

/// `812 B`, `412 kB`, `1,8 MB`: powers of a thousand.
pub fn size(bytes: u64, lang: Lang) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes}\u{a0}B");
    }
    let mut scale: u64 = 1000;
    let mut unit = 0;
    // 999 950 B would read "1000 kB": the next unit begins where rounding reaches it.
    while unit + 1 < UNITS.len() && u128::from(bytes) * 2 >= u128::from(scale) * 1999 {
        scale = scale.saturating_mul(1000);
        unit += 1;
    }
    let rounded =
        |parts: u128| i64::try_from((u128::from(bytes) * 2 * parts / u128::from(scale)).div_ceil(2)).unwrap_or(i64::MAX);
    // Kilobytes and large figures are counted whole: nobody compares 412,3 with 412,7.
    let figure = if unit == 0 || rounded(1) >= 100 { number_in(rounded(1), lang) } else { tenths(rounded(10), lang) };
    format!("{figure}\u{a0}{}", UNITS[unit])
}

/// `3 ngày làm việc`, `trong ngày làm việc`; `3 working days`, `the same working day`.
pub fn term(term: &Term, lang: Lang) -> String {
    match term {
        Term::SameDay => lang.pick("trong ngày làm việc", "the same working day").to_owned(),
        Term::Lasting { amount, unit } => units(*amount, *unit, lang),
    }
}

fn units(amount: Amount, unit: TermUnit, lang: Lang) -> String {
    let many = amount.in_halves() > 2;
    let unit = match unit {
        TermUnit::WorkingDay => lang.pick("ngày làm việc", if many { "working days" } else { "working day" }),
        TermUnit::WorkingHour => lang.pick("giờ làm việc", if many { "working hours" } else { "working hour" }),
        TermUnit::CalendarDay => lang.pick("ngày", if many { "days" } else { "day" }),
        TermUnit::Month => lang.pick("tháng", if many { "months" } else { "month" }),
    };
    format!("{} {unit}", tenths(i64::from(amount.in_halves()) * 5, lang))
}

/// What one day of a calculation did, to stand behind its date: `đã tính 2 ngày làm việc`, `Ngày Văn hóa Việt Nam, không tính`.
pub fn step(step: &Step, calculation: &Calculation, lang: Lang) -> String {
    let named =
        |name: &Option<DayName>| name.as_ref().map(|name| format!(" ({})", lang.pick(&name.vi, &name.en))).unwrap_or_default();
    match step {
        Step::Accepted => lang.pick("ngày tiếp nhận, tính từ ngày sau", "accepted, counted from the next day").to_owned(),
        Step::AfterCutOff => {
            let after = clock(calculation.policy.cut_off);
            match lang {
                Lang::Vi => format!("tiếp nhận sau {after}, tính sang ngày làm việc sau"),
                Lang::En => format!("accepted after {after}, counted on the next working day"),
            }
        }
        Step::Counted { reached, name } => {
            let done = match calculation.term {
                Term::SameDay => term(&calculation.term, lang),
                Term::Lasting { unit, .. } => match lang {
                    Lang::Vi => format!("đã tính {}", units(*reached, unit, lang)),
                    Lang::En => format!("{} counted", units(*reached, unit, lang)),
                },
            };
            done + &named(name)
        }
        Step::Worked { minutes, reached, name } => {
            let (here, all) = (hours(*minutes, lang), hours(*reached, lang));
            let done = match lang {
                Lang::Vi => format!("tính {here}, cộng {all}"),
                Lang::En => format!("{here} counted, {all} in all"),
            };
            done + &named(name)
        }
        Step::RolledOn { name } => {
            lang.pick("ngày cuối là ngày nghỉ, hạn chuyển sang ngày này", "the last day is off, the term ends on this day")
                .to_owned()
                + &named(name)
        }
        Step::Weekend => lang.pick("nghỉ cuối tuần, không tính", "weekend, not counted").to_owned(),
        Step::Holiday { name } => format!("{}, {}", lang.pick(&name.vi, &name.en), lang.pick("không tính", "not counted")),
    }
}

/// `2 giờ 30`, `8 giờ`, `35 phút`; `2 h 30`, `35 minutes`.
fn hours(minutes: i64, lang: Lang) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} {}", lang.pick("phút", if minutes == 1 { "minute" } else { "minutes" })),
        (hours, 0) => format!("{hours} {}", lang.pick("giờ", "h")),
        (hours, minutes) => format!("{hours} {} {minutes:02}", lang.pick("giờ", "h")),
    }
}

/// `còn 1,3 ngày` (days of 8 working hours), `còn 2 giờ 30`, `còn 35 phút`, `quá 5,5 giờ`; `1.3 days left`, `5.5 hours overdue`.
///
/// What is left is rounded down, so that nobody is promised time that is not there.
pub fn left(left: &Left, lang: Lang) -> String {
    let minutes = left.minutes();
    let of_tenths = |n: i64, vi: &str, one: &str, many: &str| {
        format!("{} {}", tenths(n, lang), lang.pick(vi, if n == 10 { one } else { many }))
    };
    let amount = match (minutes, left.late) {
        (0, false) => return lang.pick("còn dưới 1 phút", "less than a minute left").to_owned(),
        (0, true) => return lang.pick("vừa quá hạn", "just overdue").to_owned(),
        (..60, _) | (..480, false) => hours(minutes, lang),
        (..480, true) => of_tenths(minutes / 6, "giờ", "hour", "hours"),
        _ => of_tenths(minutes / 48, "ngày", "day", "days"),
    };
    match (lang, left.late) {
        (Lang::Vi, false) => format!("còn {amount}"),
        (Lang::Vi, true) => format!("quá {amount}"),
        (Lang::En, false) => format!("{amount} left"),
        (Lang::En, true) => format!("{amount} overdue"),
    }
}
