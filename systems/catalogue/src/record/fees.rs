//! Methods → fee rows.
//! (not on screen)
//!
//! "Miễn phí" on the portal is often the empty field of a fee that another text sets; a figure below 1,000 is thousands written short. Such rows
//! are kept as printed and marked, and an amount that the record does not really state is left out, with its text beside it.

use std::sync::LazyLock;

use regex::Regex;

use super::{Charge, Record, channel, id_of, tidy};
use crate::package::{Channel, FeeRow};

/// Fee rows of a record.
pub(super) fn rows(record: &Record) -> Vec<FeeRow> {
    let mut found: Vec<FeeRow> = vec![];
    for method in &record.methods {
        let channel = channel(&method.name).unwrap_or(Channel::Direct);
        for charge in &method.fees {
            let mut row = row(charge);
            match found.iter_mut().find(|f| same(f, &row)) {
                Some(known) if known.channels.contains(&channel) => {}
                Some(known) => known.channels.push(channel),
                None => {
                    row.channels.push(channel);
                    found.push(row);
                }
            }
        }
    }
    // a bare "0" beside rows that cost something, or beside a rule, says nothing
    if found.iter().any(|f| f.amount != Some(0)) {
        found.retain(|f| f.amount != Some(0) || !f.condition.is_empty());
    }
    for row in &mut found {
        row.channels.sort();
        if row.channels.len() == 3 {
            row.channels.clear();
        }
        let key: String = row.channels.iter().map(|c| format!("{c:?}")).collect();
        let amount = row.amount.map(|a| a.to_string()).unwrap_or_default();
        row.id = id_of("f", &[&key, &amount, &row.condition]);
    }
    found
}

fn same(a: &FeeRow, b: &FeeRow) -> bool {
    (a.amount, a.doubtful) == (b.amount, b.doubtful)
        && a.condition.trim_end_matches('.') == b.condition.trim_end_matches('.')
        && a.name == b.name
}

fn row(charge: &Charge) -> FeeRow {
    let condition = tidy(&charge.condition);
    let folded = base::text::fold(&condition);
    let foreign = !charge.currency.is_empty() && charge.currency != "VND";
    let amount = charge.amount.filter(|_| !foreign);
    let stated = figures(&condition);
    let amount = match amount {
        // no figure of its own, and the text names another text or another figure
        Some(0) if stated.iter().any(|f| *f > 0) || set_elsewhere(&folded) => None,
        other => other,
    };
    let doubtful = charge.suspect
        || amount.is_some_and(|a| (1..1_000).contains(&a))
        || amount.is_some_and(|a| a > 0 && !stated.is_empty() && !stated.contains(&a));
    let condition = match (foreign, charge.amount) {
        (true, Some(a)) => format!("{a} {}. {condition}", charge.currency).trim_end_matches([' ', '.']).to_owned(),
        _ => condition,
    };
    FeeRow {
        id: String::new(),
        name: if folded.starts_with("phi") || folded.contains("phi tham dinh") { "Phí" } else { "Lệ phí" }.to_owned(),
        channels: vec![],
        case: None,
        amount,
        per: per(&condition),
        condition: if condition.chars().count() < 2 { String::new() } else { condition },
        basis: String::new(),
        doubtful,
    }
}

/// "theo quy định của Hội đồng nhân dân", "Thông tư số …": somebody else's text sets the amount.
fn set_elsewhere(folded: &str) -> bool {
    let none = ["khong co", "khong quy dinh", "chua quy dinh", "khong thu", "mien", "khong phai nop"];
    if folded == "khong" || none.iter().any(|w| folded.starts_with(w)) {
        return false;
    }
    [
        "hoi dong nhan dan",
        "quy dinh",
        "thong tu",
        "nghi quyet",
        "bieu phi",
        "muc phi",
        "muc thu",
        "gia dich vu",
        "ubnd",
        "uy ban nhan dan",
    ]
    .iter()
    .any(|w| folded.contains(w))
}

#[expect(clippy::expect_used, reason = "a constant pattern, compiled by every test")]
static MONEY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(\d{1,3}(?:[.,]\d{3})+|\d+)\s*(?:đồng|đ\b|vnđ|vnd)")
        .expect("a constant pattern, compiled by every test of records")
});

/// Amounts named in a text.
fn figures(text: &str) -> Vec<i64> {
    MONEY.captures_iter(text).filter_map(|c| c.get(1)?.as_str().replace(['.', ','], "").parse().ok()).collect()
}

/// "/hồ sơ", "100.000 đồng/giấy": what the amount is for.
fn per(condition: &str) -> String {
    let Some((before, after)) = condition.split_once('/') else { return String::new() };
    let folded = base::text::fold(before);
    let money = before.trim().is_empty()
        || folded.trim_end().ends_with("dong")
        || folded.trim_end().ends_with('d')
        || folded.ends_with("usd");
    let unit: String = after.chars().take_while(|c| c.is_alphabetic() || *c == ' ').collect();
    let unit = unit.trim();
    if money && (2..=24).contains(&unit.chars().count()) { unit.to_lowercase() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests_support::{method, record};

    fn one(amount: i64, currency: &str, condition: &str, suspect: bool) -> FeeRow {
        let mut r = record("1.000001", "Thử");
        let mut m = method("Trực tiếp", 1, "Ngày");
        m.fees = vec![Charge { amount: Some(amount), currency: currency.into(), condition: condition.into(), suspect }];
        r.methods = vec![m];
        rows(&r).remove(0)
    }

    #[test]
    fn free_of_charge_that_means_set_by_the_council_has_no_amount() {
        assert_eq!(one(0, "VND", "Theo quy định của Hội đồng nhân dân cấp tỉnh.", false).amount, None);
        assert_eq!(one(0, "VND", "Lệ phí cấp giấy chứng nhận: 40.000 đồng/01 Giấy", false).amount, None);
        assert_eq!(one(0, "VND", "", false).amount, Some(0));
        assert_eq!(one(0, "VND", "Không thu lệ phí theo quy định", false).amount, Some(0));
        assert_eq!(one(0, "VND", "Phí : 0 Đồng", false).amount, Some(0));
    }

    #[test]
    fn a_doubtful_figure_is_kept_and_marked() {
        let row = one(50, "VND", "50.000đ/giấy thông hành", true);
        assert_eq!((row.amount, row.doubtful), (Some(50), true));
        assert!(one(5_000_000, "VND", "Phí : 2.000.000 Đồng", false).doubtful);
        assert!(!one(150_000, "VND", "150.000 đồng/giấy", false).doubtful);
    }

    #[test]
    fn dollars_are_never_taken_for_dong() {
        let row = one(10, "USD", "10USD/giấy", false);
        assert_eq!((row.amount, row.condition.as_str()), (None, "10 USD. 10USD/giấy"));
    }

    #[test]
    fn what_the_amount_is_for_is_read_from_the_text() {
        assert_eq!(one(150_000, "VND", "150.000 đồng/giấy xác nhận (Thông tư 25)", false).per, "giấy xác nhận");
        assert_eq!(one(3_500_000, "VND", "/hồ sơ", false).per, "hồ sơ");
    }
}
