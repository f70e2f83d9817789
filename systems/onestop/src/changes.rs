//! What the version in force changes for a filing made under another one: terms, fee, papers, the case itself. Shown before acceptance and
//! kept in sight afterwards, so that nothing of it is silent. Pure.

use crate::decide::{fitting_terms, papers_asked};
use crate::draft::{FeeDue, fee_due};
use base::due::Term;
use catalogue::package::{Channel, Package, PaperRow, TermRow};

/// What changed. Empty when nothing of it matters to this filing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Rows of terms that fit: before, and now. Each says itself whether it means within the day, whatever package it is from.
    pub terms: Option<(Vec<TermRow>, Vec<TermRow>)>,
    /// The fee: before, and now.
    pub fee: Option<(FeeDue, FeeDue)>,
    /// Papers asked now and not before.
    pub papers_more: Vec<PaperRow>,
    /// Papers asked before and not now.
    pub papers_less: Vec<PaperRow>,
    /// The case filed for, when there is no such case any more.
    pub case_gone: Option<String>,
}

impl Changes {
    /// From the version filed for to the one in force.
    pub fn between(before: &Package, now: &Package, channel: Channel, case: Option<&str>) -> Changes {
        let terms_of = |package: &Package| -> Vec<TermRow> {
            let told = |row: &TermRow| TermRow { same_day: Some(package.allowance(row) == Some(Term::SameDay)), ..row.clone() };
            fitting_terms(package, channel, case).into_iter().map(told).collect()
        };
        let (terms_before, terms_now) = (terms_of(before), terms_of(now));
        let (fee_before, fee_now) = (fee_due(before, channel, case), fee_due(now, channel, case));
        let (papers_before, papers_now) = (papers_asked(before, channel, case), papers_asked(now, channel, case));
        let beyond = |these: &[&PaperRow], those: &[&PaperRow]| -> Vec<PaperRow> {
            these.iter().filter(|p| those.iter().all(|o| o.id != p.id)).map(|p| (*p).clone()).collect()
        };
        let same_terms = same_allowance((before, terms_before.as_slice()), (now, terms_now.as_slice()));
        let case_of = |package: &Package| package.cases.iter().find(|c| Some(c.id.as_str()) == case).map(|c| c.name.clone());
        Changes {
            papers_more: beyond(&papers_now, &papers_before),
            papers_less: beyond(&papers_before, &papers_now),
            terms: (!same_terms).then_some((terms_before, terms_now)),
            fee: ((fee_before.amount, &fee_before.notes) != (fee_now.amount, &fee_now.notes)).then_some((fee_before, fee_now)),
            case_gone: case_of(before).filter(|_| case_of(now).is_none()),
        }
    }

    /// Nothing that matters to this filing.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }
}

/// The same choice of the same allowances, whatever their remarks say.
fn same_allowance((before, these): (&Package, &[TermRow]), (now, those): (&Package, &[TermRow])) -> bool {
    these.len() == those.len()
        && these.iter().zip(those).all(|(a, b)| {
            let asked = (&a.id, &a.value, &a.unit, &a.condition) == (&b.id, &b.value, &b.unit, &b.condition);
            asked && before.allowance(a) == now.allowance(b)
        })
}
