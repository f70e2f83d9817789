//! Dates, terms, sizes and numbers as people read them (screens §5). English mirrors the same rules; its dates name the month, because
//! 04/11 reads differently to different readers.

use std::fmt;

use jiff::civil::{Date, DateTime, Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::Moment;
use crate::due::{Left, Term, TermUnit};

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

/// On papers: `15 giờ 40 phút, ngày 20 tháng 11 năm 2026`.
pub fn paper_date_time(at: Moment) -> String {
    let local: DateTime = at.local();
    format!("{:02} giờ {:02} phút, {}", local.hour(), local.minute(), paper_date(local.date()))
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
    let Term::Lasting { amount, unit } = term else {
        return lang.pick("trong ngày làm việc", "the same working day").to_owned();
    };
    let count = tenths(i64::from(amount.in_halves()) * 5, lang);
    let many = amount.in_halves() > 2;
    let unit = match unit {
        TermUnit::WorkingDay => lang.pick("ngày làm việc", if many { "working days" } else { "working day" }),
        TermUnit::WorkingHour => lang.pick("giờ làm việc", if many { "working hours" } else { "working hour" }),
        TermUnit::CalendarDay => lang.pick("ngày", if many { "days" } else { "day" }),
        TermUnit::Month => lang.pick("tháng", if many { "months" } else { "month" }),
    };
    format!("{count} {unit}")
}

/// `còn 1,3 ngày` (days of 8 working hours), `còn 2 giờ 30`, `còn 35 phút`, `quá 5,5 giờ`; `1.3 days left`, `5.5 hours overdue`.
///
/// What is left is rounded down, so that nobody is promised time that is not there.
pub fn left(left: &Left, lang: Lang) -> String {
    let minutes = left.minutes();
    let tenth_hours = minutes / 6;
    let tenth_days = minutes / 48;
    let one = |n: i64, word: &'static str, words: &'static str| if n == 10 { word } else { words };
    match (left.late, minutes) {
        (false, 0) => lang.pick("còn dưới 1 phút", "less than a minute left").to_owned(),
        (true, 0) => lang.pick("vừa quá hạn", "just overdue").to_owned(),
        (false, ..60) => match lang {
            Lang::Vi => format!("còn {minutes} phút"),
            Lang::En => format!("{minutes} {} left", one(minutes * 10, "minute", "minutes")),
        },
        (true, ..60) => match lang {
            Lang::Vi => format!("quá {minutes} phút"),
            Lang::En => format!("{minutes} {} overdue", one(minutes * 10, "minute", "minutes")),
        },
        (false, ..480) => {
            let (hours, rest) = (minutes / 60, minutes % 60);
            let rest = if rest == 0 { String::new() } else { format!(" {rest:02}") };
            match lang {
                Lang::Vi => format!("còn {hours} giờ{rest}"),
                Lang::En => format!("{hours} h{rest} left"),
            }
        }
        (true, ..480) => match lang {
            Lang::Vi => format!("quá {} giờ", tenths(tenth_hours, lang)),
            Lang::En => format!("{} {} overdue", tenths(tenth_hours, lang), one(tenth_hours, "hour", "hours")),
        },
        (late, _) => match lang {
            Lang::Vi => format!("{} {} ngày", if late { "quá" } else { "còn" }, tenths(tenth_days, lang)),
            Lang::En => {
                let days = one(tenth_days, "day", "days");
                format!("{} {days} {}", tenths(tenth_days, lang), if late { "overdue" } else { "left" })
            }
        },
    }
}
