//! Values of cells as text: dates as ISO 8601, numbers as a person sees them, escaped letters as letters.

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, ToSpan};

/// `_x000D_` and its like become the letter they stand for.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let letter = after.get(2..7).and_then(|code| {
            let digits = code.strip_suffix('_').filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
        });
        match letter {
            Some(letter) => {
                out.push(letter);
                rest = after.get(7..).unwrap_or_default();
            }
            None => {
                out.push_str("_x");
                rest = after.get(2..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// Whether a number format shows a date or a time: it has d, m, y, h or s outside quotes, brackets and escapes.
pub(super) fn is_date_format(code: &str) -> bool {
    let mut letters = code.chars();
    let mut general = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                letters.by_ref().find(|c| *c == '"');
            }
            '\\' | '_' | '*' => {
                letters.next();
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|c| *c != ']').collect();
                // [h]:mm counts hours; [Red], [$-42A] and [>5] say nothing about dates.
                if matches!(inside.to_ascii_lowercase().as_str(), "h" | "hh" | "m" | "mm" | "s" | "ss") {
                    return true;
                }
            }
            // Only the first section is for positive numbers, and dates are positive.
            ';' => break,
            letter => general.push(letter.to_ascii_lowercase()),
        }
    }
    general != "general" && general.contains(['d', 'm', 'y', 'h', 's'])
}

/// A number as spreadsheet programs show it: at most 15 digits, no trailing zeros, no exponent.
pub(super) fn number(raw: &str) -> String {
    let raw = raw.trim();
    let digits = raw.strip_prefix('-').unwrap_or(raw);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    match raw.parse::<f64>() {
        Ok(value) if !plain && value.is_finite() => {
            let rounded: f64 = format!("{value:.14e}").parse().unwrap_or(value);
            // Writing out 1e308 would be 309 digits that nobody typed.
            if rounded != 0.0 && !(1e-9..1e18).contains(&rounded.abs()) { format!("{rounded:e}") } else { format!("{rounded}") }
        }
        _ => raw.to_owned(),
    }
}

/// A serial number shown as a date: `2026-11-20`, `2026-11-20T15:40:00`, `15:40:00`.
pub(super) fn date_text(raw: &str, is_1904: bool) -> Option<String> {
    let serial: f64 = raw.trim().parse().ok()?;
    if !(0.0..3_000_000.0).contains(&serial) {
        return None;
    }
    // Day 60 is the 29 February 1900 that never was: days before it count from one day later.
    let start = match (is_1904, serial < 60.0) {
        (true, _) => date(1904, 1, 1),
        (false, true) => date(1899, 12, 31),
        (false, false) => date(1899, 12, 30),
    };
    let seconds = (serial.fract() * 86_400.0).round() as i64;
    let days = serial.trunc() as i64;
    let at: DateTime =
        start.at(0, 0, 0, 0).checked_add(days.days()).ok()?.checked_add(SignedDuration::from_secs(seconds)).ok()?;
    Some(match (days, seconds) {
        (0, _) if !is_1904 => at.time().strftime("%H:%M:%S").to_string(),
        (_, 0) => at.date().to_string(),
        _ => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
    })
}
