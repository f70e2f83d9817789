//! Packages in words, the same on every public page.

use crate::package::{Channel, Level, Package, TermRow};
use base::Lang;
use web::{Words, raw, words};

/// Where it is decided.
pub fn levels(package: &Package) -> Words {
    let said = |level: &Level| match level {
        Level::Commune => "UBND cấp xã",
        Level::Province => "Cấp tỉnh",
        Level::Ministry => "Bộ, cơ quan trung ương",
    };
    match package.levels.as_slice() {
        [] => raw(&package.competent_agency),
        [one] => words(said(one)),
        [one, two, ..] => words("{0}, {1}").with_words(words(said(one))).with_words(words(said(two))),
    }
}

/// One row of terms, its condition after it.
pub fn term(package: &Package, row: &TermRow, lang: Lang) -> Words {
    let Some((value, unit)) = row.settled() else { return words("Chưa xác định") };
    let same_day = package.same_day && (value, unit) == (1, base::due::TermUnit::WorkingDay);
    let term = if same_day { Some(base::due::Term::SameDay) } else { base::due::Term::new(value, unit).ok() };
    let said = term.map(|t| base::wording::term(&t, lang)).unwrap_or_default();
    if row.condition.is_empty() { raw(said) } else { raw(format!("{said} ({})", row.condition)) }
}

/// The terms in one line: the shortest, and the longest when they differ.
pub fn terms(package: &Package, lang: Lang) -> Words {
    match package.terms.as_slice() {
        [] => words("Chưa xác định"),
        [one] => term(package, one, lang),
        [first, .., last] if (first.value, first.unit) == (last.value, last.unit) => term(package, first, lang),
        rows => words("{0} hoặc hơn, tùy trường hợp").with_words(term(package, &rows[0], lang)),
    }
}

/// The fees in one line.
pub fn fees(package: &Package) -> Words {
    let first = package.fees.iter().find(|f| !f.doubtful);
    match first {
        None if package.fees.is_empty() => words("0 đồng"),
        None => words("Theo quy định"),
        Some(fee) => match (fee.amount, fee.per.as_str()) {
            (Some(0), _) if fee.condition.is_empty() => words("0 đồng"),
            (Some(amount), "") => words("{0} đồng").with(base::wording::number(amount)),
            (Some(amount), per) => words("{0} đồng {1}").with(base::wording::number(amount)).with(per),
            (None, _) => words("Theo quy định của tỉnh"),
        },
    }
}

/// Ways to file.
pub fn channels(package: &Package) -> Words {
    let names: Vec<&str> = package
        .channels()
        .iter()
        .map(|c| match c {
            Channel::Online => "trực tuyến",
            Channel::Direct => "tại trung tâm",
            Channel::Post => "bưu chính",
        })
        .collect();
    raw(names.join(", "))
}
