//! The four figures of the front page. Each stands with its count and its period, bad news as large as good news; where nothing was
//! counted it says so.

use crate::performance::{DAYS, Lately};
use askama::Template;
use base::Lang;
use std::time::Duration;
use web::filters;
use web::ui::desk::Stat;
use web::{Rich, Words, words};

use Round::{Down, Up};

/// The section of the front page.
#[derive(Debug, Template)]
#[template(path = "lately.html")]
pub struct Figures {
    period: Words,
    cards: [Stat; 4],
}
impl askama::filters::HtmlSafe for Figures {}

/// Draws the figures.
pub fn figures(lately: &Lately, lang: Lang) -> Figures {
    let at = base::wording::due_time(lately.at, lang);
    Figures {
        period: words("{0} ngày, đến {1}").with(DAYS).with(at),
        cards: [in_time(lately), overdue(lately), within(lately), supplemented(lately)],
    }
}

fn none() -> Words {
    words("Chưa có số liệu")
}

fn in_time(l: &Lately) -> Stat {
    let label = words("Xong đúng hạn hoặc sớm hơn");
    let Some(now) = share(l.in_time, l.done, Down) else {
        return web::stat(label, none(), words("Chưa hồ sơ nào xong trong khoảng này."));
    };
    let counted = words("{0} trên {1} hồ sơ đã xong.").with_words(count(l.in_time)).with_words(count(l.done));
    let about = match share(l.in_time_before, l.done_before, Down) {
        Some(before) => words("{0} {1} ngày trước đó {2}.").with_words(counted).with(DAYS).with_words(percent(before)),
        None => counted,
    };
    web::stat(label, percent(now), Rich::from(about)).share(u8::try_from(now / 10).unwrap_or(100))
}

fn overdue(l: &Lately) -> Stat {
    let all: u64 = l.overdue.iter().map(|(_, n)| n).sum();
    let label = words("Đang quá hạn ngay lúc này");
    let value = words("{0} hồ sơ").with_words(count(all));
    let most: Vec<String> = l.overdue.iter().take(2).map(|(field, n)| format!("{field} {n}")).collect();
    let about = if all == 0 {
        words("Không hồ sơ nào quá giờ phải trả lời hoặc phải trả.")
    } else {
        words("Nhiều nhất: {0}.").with(most.join(", "))
    };
    web::stat(label, value, Rich::from(about)).bad(all > 0)
}

fn within(l: &Lately) -> Stat {
    let label = words("Một nửa số hồ sơ xong trong");
    match (l.half_within, l.most_within) {
        (Some(half), Some(most)) => {
            let about = words("Từ lúc tiếp nhận đến khi có kết quả, tính cả ngày nghỉ. 9 trên 10 hồ sơ xong trong {0}.");
            web::stat(label, span(half), Rich::from(about.with_words(span(most))))
        }
        _ => web::stat(label, none(), words("Chưa hồ sơ nào xong trong khoảng này.")),
    }
}

fn supplemented(l: &Lately) -> Stat {
    let label = words("Phải bổ sung giấy tờ");
    match share(l.supplemented, l.filed, Up) {
        Some(share) => {
            let about = words("{0} trên {1} hồ sơ đã nộp.").with_words(count(l.supplemented)).with_words(count(l.filed));
            web::stat(label, percent(share), Rich::from(about))
        }
        None => web::stat(label, none(), words("Chưa hồ sơ nào được nộp trong khoảng này.")),
    }
}

/// A rate is rounded against us, never for us.
#[derive(Clone, Copy)]
enum Round {
    Down,
    Up,
}

/// A rate in tenths of a per cent; none of nothing.
fn share(part: u64, of: u64, round: Round) -> Option<u64> {
    let part = part * 1000;
    match round {
        Down => part.checked_div(of),
        Up => (of > 0).then(|| part.div_ceil(of)),
    }
}

/// `93,8 %`; `93.8 %`.
fn percent(tenths: u64) -> Words {
    decimal(tenths, |number, _| format!("{number}\u{a0}%"))
}

fn count(n: u64) -> Words {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    web::i18n::figures(|lang| base::wording::number_in(n, lang))
}

/// How long: minutes, hours or days, rounded up.
fn span(time: Duration) -> Words {
    const HOUR: u64 = 60;
    const DAY: u64 = 24 * HOUR;
    let minutes = time.as_secs().div_ceil(60).max(1);
    match minutes {
        0..HOUR => words("{0} phút").with(minutes),
        HOUR..DAY => words("{0} giờ").with_words(decimal((minutes * 10).div_ceil(HOUR), |number, _| number)),
        _ => words("{0} ngày").with_words(decimal((minutes * 10).div_ceil(DAY), |number, _| number)),
    }
}

/// Tenths as people write them: `1,6`, `2`.
fn decimal(tenths: u64, write: impl Fn(String, Lang) -> String) -> Words {
    web::i18n::figures(|lang| {
        let (whole, rest) = (tenths / 10, tenths % 10);
        let point = lang.pick(',', '.');
        write(if rest == 0 { whole.to_string() } else { format!("{whole}{point}{rest}") }, lang)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_rounded_against_us_and_never_made_of_nothing() {
        assert_eq!(share(999, 1000, Down).map(percent).unwrap().say(Lang::Vi), "99,9\u{a0}%");
        assert_eq!(share(9_999, 10_000, Down).map(percent).unwrap().say(Lang::En), "99.9\u{a0}%");
        assert_eq!(share(1, 1000, Up).map(percent).unwrap().say(Lang::Vi), "0,1\u{a0}%");
        assert_eq!(share(1, 10_000, Up).map(percent).unwrap().say(Lang::Vi), "0,1\u{a0}%");
        assert_eq!(share(3, 3, Down).map(percent).unwrap().say(Lang::Vi), "100\u{a0}%");
        assert!(share(0, 0, Down).is_none() && share(0, 0, Up).is_none());
    }

    #[test]
    fn a_span_is_told_in_the_unit_people_would_use() {
        let said = |minutes: u64| span(Duration::from_secs(minutes * 60)).say(Lang::Vi);
        assert_eq!([said(0), said(35), said(60), said(100)], ["1 phút", "35 phút", "1 giờ", "1,7 giờ"]);
        assert_eq!([said(24 * 60), said(36 * 60)], ["1 ngày", "1,5 ngày"]);
    }
}
