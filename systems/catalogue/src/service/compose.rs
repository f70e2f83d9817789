//! What is known of a procedure → the imported package: records of both sources, and what people settled about their open rows.

use base::due::TermUnit;

use crate::package::{Package, TermRow};
use crate::record::{self, Layer, Parsed, Record, Warning};
use crate::sql::records::Settlement;

fn whole() -> TermRow {
    TermRow {
        id: WHOLE.to_owned(),
        channels: vec![],
        case: None,
        value: None,
        unit: None,
        condition: String::new(),
        note: String::new(),
        basis: String::new(),
    }
}

/// The imported package of one procedure. `None` when nothing is known.
pub(crate) fn compose(records: &[Record], settled: &[Settlement]) -> Option<Parsed> {
    let of = |layer| records.iter().find(|r| r.layer == layer);
    let mut parsed = record::package(of(Layer::National), of(Layer::Provincial))?;
    let mut dropped = 0;
    for s in settled {
        if apply(&mut parsed.package, s) {
            let settled = if s.term == WHOLE { Warning::TermMissing } else { Warning::TermOpen };
            let open = parsed.warnings.entry(settled).or_default();
            *open = open.saturating_sub(1);
        } else {
            dropped += 1;
        }
    }
    parsed.warnings.retain(|_, n| *n > 0);
    if dropped > 0 {
        parsed.warnings.insert(Warning::TermSettlementDropped, dropped);
    }
    Some(parsed)
}

/// The row that a person makes for a procedure whose record has none: for every channel and case.
pub const WHOLE: &str = "all";

/// Sets an open row as a person settled it. `false`: the row is not there, or no longer open.
pub(crate) fn apply(package: &mut Package, s: &Settlement) -> bool {
    if s.term == WHOLE && package.terms.is_empty() {
        package.terms.push(whole());
    }
    let Some(row) = package.terms.iter_mut().find(|t| t.id == s.term && t.settled().is_none()) else { return false };
    row.value = Some(s.value);
    row.unit = Some(s.unit.0);
    row.basis = format!(
        "{} ({} chốt ngày {})", // not on screen: kept as the ground of the row
        s.basis,
        s.name,
        s.at.local().date().strftime("%d/%m/%Y")
    );
    if s.same_day && (s.value, s.unit.0) == (1, TermUnit::WorkingDay) {
        package.same_day = true;
    }
    true
}
