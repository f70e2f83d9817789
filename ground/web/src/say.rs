//! How figures are written: sizes, counts, moments. Dates and terms come from `base`.

use base::Moment;

use crate::i18n::{Words, figures};

/// A size as people read it: `412 kB`, `1,8 MB`; in English `1.8 MB`. The figures are those of [`base::wording::size`].
pub fn size(bytes: impl std::borrow::Borrow<u64>) -> Words {
    figures(|lang| base::wording::size(*bytes.borrow(), lang))
}

/// A count with dots: `18.341`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, c) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('.');
        }
        out.push(c);
    }
    out
}

/// An amount of money: `16.000 đồng`; in English `16,000 VND`, and nothing to pay is `free`.
pub fn dong(amount: i64) -> Words {
    figures(|lang| match (lang, amount) {
        (base::Lang::Vi, _) => format!("{} đồng", base::wording::number_in(amount, lang)), // not on screen: the figure itself
        (base::Lang::En, 0) => "free".to_owned(),
        (base::Lang::En, _) => format!("{} VND", base::wording::number_in(amount, lang)),
    })
}

/// The hour: `14:27`.
pub fn hour(at: Moment) -> String {
    let local = at.local();
    format!("{}:{:02}", local.hour(), local.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts_are_written_the_vietnamese_way() {
        assert_eq!(size(1_800_000).say(base::Lang::Vi), "1,8\u{a0}MB");
        assert_eq!(size(1_800_000).say(base::Lang::En), "1.8\u{a0}MB");
        assert_eq!(dong(16_000).say(base::Lang::Vi), "16.000 đồng");
        assert_eq!(dong(16_000).say(base::Lang::En), "16,000 VND");
        assert_eq!(dong(0).say(base::Lang::Vi), "0 đồng");
        assert_eq!(dong(0).say(base::Lang::En), "free");
        assert_eq!(count(18_341), "18.341");
        assert_eq!(count(7), "7");
        assert_eq!(count(1_000_000), "1.000.000");
    }
}
