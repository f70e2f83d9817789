//! A filing that is not filed yet: a citizen's draft, or a reception at a desk. Pure.

use crate::dossier::{ResultChannel, Verdict};
use crate::form::{self, Answers, Fault, Wrong};
use catalogue::package::{Case, Package, PaperKind, PaperRow};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What a draft holds besides its files. Unknown keys of older versions are ignored, so that no draft is ever lost to an upgrade.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftData {
    /// Case chosen.
    pub case: Option<String>,
    /// Commune whose centre receives it and, where the commune decides, whose authority handles it.
    pub commune: Option<Uuid>,
    /// The person the dossier is about.
    pub applicant: Applicant,
    /// Who files, when it is another person.
    pub submitter_name: Option<String>,
    /// Answers to the e-form.
    pub answers: Answers,
    /// How the result is wanted; nothing is preselected online.
    pub result_channel: Option<ResultChannel>,
    /// Pages the person has left without faults.
    pub done: BTreeSet<String>,
    /// At a desk: the raw text read from the identity card.
    pub card: String,
    /// At a desk: a garbled text was compared with the card and found to be read rightly.
    pub card_agreed: bool,
    /// At a desk: number of the queue.
    pub ticket: String,
    /// At a desk: words searched for among the procedures.
    pub search: String,
    /// At a desk: the commune was picked by the officer, not found from the address.
    pub commune_chosen: bool,
    /// At a desk: what was found about each paper.
    pub verdicts: BTreeMap<String, Verdict>,
    /// At a desk: term row chosen by the officer.
    pub term: Option<String>,
    /// At a desk: the amount as typed, where the package cannot know it (so much a page).
    pub fee: String,
    /// At a desk: the fee was taken.
    pub fee_taken: bool,
    /// At a desk: when it happened, as typed, if not now (paper book).
    pub happened_at: String,
    /// At a desk: why it is entered late.
    pub late_reason: String,
    /// At a desk: interactions so far, shown to the officer.
    pub interactions: u32,
    /// At a desk: seconds worked before it was last taken up.
    pub spent: u32,
    /// At a desk: since when somebody works on it; none while it is parked.
    pub taken_up_at: Option<base::Moment>,
    /// At a desk: who worked on it last, for the list of what is parked.
    pub officer_name: String,
}

/// A natural person as a filing knows them. Any part but the name may be missing: nobody is turned away for having no card, phone or e-mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Applicant {
    /// Name as typed; no order of names is assumed.
    pub name: String,
    /// Citizen id, passport number, or empty.
    pub id_number: String,
    /// Birth date as known: `1954`, `1954-05` or `1954-05-20`.
    pub birth: String,
    /// `male`, `female` or empty.
    pub sex: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Address as typed.
    pub address: String,
}

impl From<directory::OwnData> for Applicant {
    fn from(known: directory::OwnData) -> Applicant {
        Applicant { name: known.name, id_number: known.id_number, phone: known.phone, email: known.email, ..Applicant::default() }
    }
}

/// Names of what a filing asks outside the e-form, for faults; programs send the same names.
pub mod asked {
    /// The person's name.
    pub const NAME: &str = "applicant.name";
    /// Their number.
    pub const ID_NUMBER: &str = "applicant.id_number";
    /// Their birth date.
    pub const BIRTH: &str = "applicant.birth";
    /// Their telephone.
    pub const PHONE: &str = "applicant.phone";
    /// Their e-mail.
    pub const EMAIL: &str = "applicant.email";
    /// The commune filed with.
    pub const COMMUNE: &str = "commune";
    /// Who files for another.
    pub const SUBMITTER: &str = "submitter_name";
    /// How the result is wanted.
    pub const CHANNEL: &str = "result_channel";
}

impl DraftData {
    /// What is wrong with who files, and with whom; the same for pages and programs. What may stay empty may be empty.
    pub fn contact_faults(&self, today: jiff::civil::Date) -> Vec<Fault> {
        let person = &self.applicant;
        let is_number = !person.id_number.is_empty() && person.id_number.bytes().all(|b| b.is_ascii_digit() || b == b' ');
        let abroad = |typed: &str| {
            typed.strip_prefix('+').is_some_and(|rest| {
                let digits = rest.bytes().filter(u8::is_ascii_digit).count();
                (8..=15).contains(&digits) && rest.chars().all(|c| c.is_ascii_digit() || " .-()".contains(c))
            })
        };
        let wrong = [
            (asked::NAME, person.name.is_empty().then_some(Wrong::NoName)),
            // A passport has letters; digits alone are a personal number.
            (asked::ID_NUMBER, is_number.then(|| form::citizen_id_fault(&person.id_number, today)).flatten()),
            (asked::BIRTH, form::birth_fault(&person.birth, today)),
            (
                asked::PHONE,
                (!person.phone.is_empty() && !form::is_phone(&person.phone) && !abroad(&person.phone)).then_some(Wrong::Phone),
            ),
            (asked::EMAIL, (!person.email.is_empty() && !form::is_email(&person.email)).then_some(Wrong::Email)),
            (asked::COMMUNE, self.commune.is_none().then_some(Wrong::NoCommune)),
            (asked::SUBMITTER, self.submitter_name.as_deref().is_some_and(str::is_empty).then_some(Wrong::NoSubmitter)),
        ];
        wrong.into_iter().filter_map(|(field, wrong)| Some(Fault { field: field.to_owned(), wrong: wrong? })).collect()
    }

    /// Papers asked in this draft's case, notes left out: notes never become an upload slot.
    pub fn papers<'p>(&self, package: &'p Package) -> Vec<&'p PaperRow> {
        package.papers.iter().filter(|p| p.kind != PaperKind::Note && (p.case.is_none() || p.case == self.case)).collect()
    }

    /// Papers that must be uploaded before an online filing can be sent, and are not among `have`.
    pub fn missing<'p>(&self, package: &'p Package, have: &BTreeSet<String>) -> Vec<&'p PaperRow> {
        self.papers(package)
            .into_iter()
            .filter(|p| p.kind == PaperKind::Submit && !(p.by_form && package.form.is_some()) && !have.contains(&p.id))
            .collect()
    }

    /// The case chosen, when it is one of the package's.
    pub fn case<'p>(&self, package: &'p Package) -> Option<&'p Case> {
        package.cases.iter().find(|c| Some(&c.id) == self.case.as_ref())
    }
}

/// The fee of a case and channel as far as the package knows it: the sum of fixed rows, and the words of open ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeeDue {
    /// Sum in đồng; `None` when a row that applies has no certain amount.
    pub amount: Option<i64>,
    /// Conditions and exemptions to show beside it.
    pub notes: Vec<String>,
}

/// Fee of a package for a channel and case. A doubtful or open row is never charged unseen: it leaves the amount open.
pub fn fee_due(package: &Package, channel: catalogue::package::Channel, case: Option<&str>) -> FeeDue {
    let rows: Vec<_> = package
        .fees
        .iter()
        .filter(|f| f.channels.is_empty() || f.channels.contains(&channel))
        .filter(|f| f.case.is_none() || f.case.as_deref() == case)
        .collect();
    let amount = rows.iter().map(|f| if f.doubtful || !f.per.is_empty() { None } else { f.amount }).sum::<Option<i64>>();
    let notes = rows.iter().filter(|f| !f.condition.is_empty()).map(|f| f.condition.clone()).collect();
    FeeDue { amount: if rows.is_empty() { Some(0) } else { amount }, notes }
}
