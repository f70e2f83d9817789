//! Amounts of đồng. There is no smaller coin, so an amount is a whole number; arithmetic that would overflow says so.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::{Lang, wording};

/// A whole number of đồng; negative for refunds. A number in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// A text that is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Nothing typed.
    #[error("the amount is empty")]
    Empty,
    /// Something else than digits and groups of three.
    #[error("an amount of đồng is a whole number like 50.000")]
    Form,
    /// More than can be counted here.
    #[error("the amount is too large")]
    TooLarge,
}

impl MoneyError {
    /// What is wrong and how to put it right.
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            MoneyError::Empty => lang.pick("Nhập số tiền.", "Type the amount."),
            MoneyError::Form => {
                lang.pick("Số tiền là số nguyên, ví dụ 50.000.", "An amount of đồng is a whole number, like 50.000.")
            }
            MoneyError::TooLarge => {
                lang.pick("Số tiền quá lớn. Xem lại số chữ số.", "The amount is too large. Look at the number of digits.")
            }
        }
    }
}

impl Money {
    /// 0 đồng.
    pub const ZERO: Money = Money(0);

    /// An amount.
    pub const fn dong(amount: i64) -> Money {
        Money(amount)
    }

    /// The number of đồng.
    pub const fn amount(self) -> i64 {
        self.0
    }

    /// Sum, unless too large.
    pub const fn checked_add(self, other: Money) -> Option<Money> {
        match self.0.checked_add(other.0) {
            Some(n) => Some(Money(n)),
            None => None,
        }
    }

    /// Difference, unless too large.
    pub const fn checked_sub(self, other: Money) -> Option<Money> {
        match self.0.checked_sub(other.0) {
            Some(n) => Some(Money(n)),
            None => None,
        }
    }

    /// So many times, unless too large.
    pub const fn checked_mul(self, times: i64) -> Option<Money> {
        match self.0.checked_mul(times) {
            Some(n) => Some(Money(n)),
            None => None,
        }
    }
}

impl fmt::Display for Money {
    /// `50.000 đồng`, as screens and papers write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} đồng", wording::number(self.0))
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    /// `50000`, `50.000`, `50 000`, `50,000`, each also followed by `đồng`, `đ` or `VND`. Grouped digits must be whole groups of three:
    /// `50.00` is nobody's fifty and never five thousand.
    fn from_str(text: &str) -> Result<Money, MoneyError> {
        let text = crate::text::nfc(text.trim()).to_lowercase();
        let text = ["đồng", "vnđ", "vnd", "đ"].iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(&text).trim();
        if text.is_empty() {
            return Err(MoneyError::Empty);
        }
        let (sign, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let groups: Vec<&str> = digits.split(['.', ',', ' ', '\u{a0}', '\u{202f}']).collect();
        let whole = |g: &str, i: usize| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()) && (i == 0 || g.len() == 3);
        let first_fits = groups.len() == 1 || groups[0].len() <= 3;
        if !first_fits || !groups.iter().enumerate().all(|(i, g)| whole(g, i)) {
            return Err(MoneyError::Form);
        }
        let amount: i64 = groups.concat().parse().map_err(|_| MoneyError::TooLarge)?;
        Ok(Money(sign * amount))
    }
}
