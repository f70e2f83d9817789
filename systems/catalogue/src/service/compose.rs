//! What is known of a procedure → the imported package: records of both sources, and what people settled about their open rows.

use crate::decide::{Settlement, WHOLE, apply};
use crate::record::{self, Layer, Parsed, Record, Warning};

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
