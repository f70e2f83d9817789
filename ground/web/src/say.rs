//! How figures are written: sizes, counts, moments. Dates and terms come from `base`.

use base::Moment;

/// A size as people read it: `412 kB`, `1,8 MB`.
pub fn size(bytes: impl std::borrow::Borrow<u64>) -> String {
    const K: u64 = 1024;
    match *bytes.borrow() {
        b if b < K => format!("{b} B"),
        b if b < K * K => format!("{} kB", (b + K / 2) / K),
        b => {
            let tenths = (b * 10 + K * K / 2) / (K * K);
            if tenths.is_multiple_of(10) { format!("{} MB", tenths / 10) } else { format!("{},{} MB", tenths / 10, tenths % 10) }
        }
    }
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
        assert_eq!(size(412 * 1024), "412 kB");
        assert_eq!(size(1_887_437), "1,8 MB");
        assert_eq!(size(10 * 1024 * 1024), "10 MB");
        assert_eq!(count(18_341), "18.341");
        assert_eq!(count(7), "7");
        assert_eq!(count(1_000_000), "1.000.000");
    }
}
