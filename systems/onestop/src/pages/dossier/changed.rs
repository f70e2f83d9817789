//! What the version in force changed against the one a dossier was filed for, a line each.

use super::next::term_words;
use crate::changes::Changes;
use crate::draft::FeeDue;
use base::Lang;
use base::due::Term;
use catalogue::package::TermRow;
use web::{Words, raw};

/// One change.
pub(super) struct ChangeLine {
    /// What changed.
    pub(super) what: Words,
    /// How it was when the filing was made.
    pub(super) before: Words,
    /// How it is now.
    pub(super) now: Words,
}

/// The same, a sentence each: for papers and notices.
pub fn sentences(changes: &Changes, lang: Lang) -> Vec<Words> {
    let said = |line: ChangeLine| {
        web::words("{0}: {1}; trước là {2}").with_words(line.what).with_words(line.now).with_words(line.before)
    };
    lines(changes, lang).into_iter().map(said).collect()
}

pub(super) fn lines(changes: &Changes, lang: Lang) -> Vec<ChangeLine> {
    let line = |what: &'static str, before: Words, now: Words| ChangeLine { what: web::words(what), before, now };
    let mut out = Vec::new();
    if let Some((before, now)) = &changes.terms {
        out.push(line("Thời hạn", terms(before, lang), terms(now, lang)));
    }
    if let Some((before, now)) = &changes.fee {
        out.push(line("Phí, lệ phí", fee(before), fee(now)));
    }
    for paper in &changes.papers_more {
        out.push(line("Giấy tờ", web::words("không yêu cầu"), raw(&paper.name)));
    }
    for paper in &changes.papers_less {
        out.push(line("Giấy tờ", raw(&paper.name), web::words("không yêu cầu nữa")));
    }
    if let Some(case) = &changes.case_gone {
        out.push(line("Trường hợp", raw(case), web::words("không còn")));
    }
    out
}

fn terms(rows: &[TermRow], lang: Lang) -> Words {
    match rows {
        [] => web::words("chưa xác định"),
        rows => {
            let allowance = |row: &TermRow| match row.same_day {
                Some(true) => Some(Term::SameDay),
                _ => row.settled().and_then(|(value, unit)| Term::of(value, unit).ok()),
            };
            raw(rows.iter().map(|row| term_words(row, allowance(row), lang)).collect::<Vec<_>>().join("; "))
        }
    }
}

fn fee(fee: &FeeDue) -> Words {
    match fee.amount {
        Some(amount) => web::say::dong(amount),
        None => web::words("Theo quy định, tính tại quầy"),
    }
}
