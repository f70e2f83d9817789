//! Packages in words, the same on every public page.

use crate::package::{CHANNELS, Channel, FeeRow, Level, Package, TermRow};
use base::Lang;
use base::due::{Amount, Term, TermUnit};
use web::{Words, raw, words};

/// A level, as citizens know it.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Commune => "UBND cấp xã",
        Level::Province => "Cấp tỉnh",
        Level::Ministry => "Bộ, cơ quan trung ương",
    }
}

/// Where it is decided.
pub fn levels(package: &Package) -> Words {
    if package.levels.is_empty() { raw(&package.competent_agency) } else { listed(package.levels.iter().map(|l| level(*l))) }
}

/// Levels as lists keep them: `,commune,province,`.
pub fn levels_of(kept: &str) -> Words {
    let all = [Level::Commune, Level::Province, Level::Ministry];
    listed(all.into_iter().filter(|l| kept.contains(&format!(",{},", crate::sql::versions::level(*l)))).map(level))
}

/// Sentences one after the other, with commas between.
fn listed(said: impl Iterator<Item = &'static str>) -> Words {
    said.map(words).reduce(|one, two| words("{0}, {1}").with_words(one).with_words(two)).unwrap_or_default()
}

/// An allowance.
pub fn allowance(value: Amount, unit: TermUnit, same_day: bool, lang: Lang) -> Words {
    let term = if same_day { Some(Term::SameDay) } else { Term::of(value, unit).ok() };
    raw(term.map(|t| base::wording::term(&t, lang)).unwrap_or_default())
}

/// One row of terms, its condition after it.
pub fn term(package: &Package, row: &TermRow, lang: Lang) -> Words {
    let said = term_alone(package, row, lang);
    if row.condition.is_empty() { said } else { words("{0} ({1})").with_words(said).with(&row.condition) }
}

/// One row of terms without its condition.
pub fn term_alone(package: &Package, row: &TermRow, lang: Lang) -> Words {
    package.allowance(row).map_or_else(|| words("Chưa xác định"), |term| raw(base::wording::term(&term, lang)))
}

/// The terms in one line: the shortest, and the longest when they differ.
pub fn terms(package: &Package, lang: Lang) -> Words {
    match package.terms.as_slice() {
        [] => words("Chưa xác định"),
        [one] => term(package, one, lang),
        [first, .., last] if package.allowance(first) == package.allowance(last) => term(package, first, lang),
        rows => words("{0} hoặc hơn, tùy trường hợp").with_words(term(package, &rows[0], lang)),
    }
}

/// The fees in one line.
pub fn fees(package: &Package) -> Words {
    fees_of(&package.fees.iter().collect::<Vec<_>>())
}

/// Some rows of fees in one line: the first that is certain; with others beside it that differ, from the least.
pub fn fees_of(rows: &[&FeeRow]) -> Words {
    let certain: Vec<&&FeeRow> = rows.iter().filter(|f| !f.doubtful).collect();
    let said = |amount: i64, per: &str| match per {
        "" => web::say::dong(amount),
        per => words("{0} {1}").with_words(web::say::dong(amount)).with_words(per),
    };
    match certain.as_slice() {
        [] if rows.is_empty() => words("Bản ghi không nêu"),
        [] => words("Theo quy định"),
        [one, others @ ..] => match one.amount {
            None => words("Theo văn bản khác quy định"),
            Some(amount) if others.iter().all(|o| o.amount == Some(amount)) => said(amount, &one.per),
            Some(amount) => {
                let least = others.iter().filter_map(|o| o.amount).fold(amount, i64::min);
                words("Từ {0}, tùy trường hợp").with_words(web::say::dong(least))
            }
        },
    }
}

/// Ways to file.
pub fn channels(package: &Package) -> Words {
    listed(package.channels().into_iter().map(channel))
}

/// A way to file.
pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Online => "trực tuyến",
        Channel::Direct => "tại trung tâm",
        Channel::Post => "bưu chính",
    }
}

/// The channels of a row; none named are all.
pub fn channel_names(row: &[Channel]) -> Words {
    if row.is_empty() || row.len() == CHANNELS.len() {
        return words("mọi cách nộp");
    }
    listed(row.iter().map(|c| channel(*c)))
}
