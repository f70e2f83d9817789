//! A filing that is not filed yet: a citizen's draft, or a reception at a desk. Pure.

use crate::decide::papers_asked;
use crate::dossier::{ResultChannel, Verdict};
use crate::form::{self, Answers, Fault, Wrong};
use catalogue::package::{Channel, FeeRow, Package, PaperKind, PaperRow};
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
    /// Those that stand there because the house knew them, as it put them ([`crate::prefill`]).
    pub prefilled: Answers,
    /// How the result is wanted; nothing is preselected online.
    pub result_channel: Option<ResultChannel>,
    /// Pages the person has left without faults.
    pub done: BTreeSet<String>,
    /// The last change of each input of a page, as `page/input`: what a page drawn before it has not seen.
    pub changed: BTreeMap<String, Change>,
    /// At a desk: the raw text read from the identity card.
    pub card: String,
    /// At a desk: a garbled text was compared with the card and found to be read rightly.
    pub card_agreed: bool,
    /// At a desk: number of the queue.
    pub ticket: String,
    /// At a desk: nobody stands there, it came in an envelope by the public postal service.
    pub by_post: bool,
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
    /// At a desk: the amount cannot be told yet, and form 01 says so.
    pub fee_open: bool,
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

/// The last change of an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The version the draft had with it.
    pub version: i64,
    /// The drawing of a page it came from; nil when none is known.
    pub sheet: Uuid,
    /// When.
    pub at: base::Moment,
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

impl Applicant {
    /// What is wrong with a person, by the names of [`asked`]; the same for a citizen, a desk and a program. Nobody is turned away for
    /// having no card, no telephone or a birth year only.
    pub fn faults(&self, today: jiff::civil::Date) -> Vec<Fault> {
        let wrong = [
            (asked::NAME, form::name_fault(&self.name)),
            (asked::ID_NUMBER, form::id_number_fault(&self.id_number, today)),
            (asked::BIRTH, form::birth_fault(&self.birth, today)),
            (asked::PHONE, (!self.phone.is_empty() && !form::is_phone(&self.phone)).then_some(Wrong::Phone)),
            (asked::EMAIL, (!self.email.is_empty() && !form::is_email(&self.email)).then_some(Wrong::Email)),
        ];
        wrong.into_iter().filter_map(|(field, wrong)| Some(Fault { field: field.to_owned(), wrong: wrong? })).collect()
    }

    /// The number of the identity paper as it is kept and compared: digits written in groups are one number.
    pub fn id_as_kept(&self) -> String {
        form::id_as_kept(&self.id_number)
    }
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

/// Most letters of one field that a draft keeps, five times those of the longest answer a form takes: what is somewhat too long is kept as
/// typed and corrected later, what nobody can have typed is not kept at all.
pub const MOST_KEPT: usize = 20_000;

impl DraftData {
    /// What is too long to be kept even in a draft, by the names that programs send.
    pub fn beyond_keeping(&self) -> Vec<Fault> {
        let person = &self.applicant;
        let own = [
            ("case", self.case.as_deref().unwrap_or_default()),
            (asked::NAME, person.name.as_str()),
            (asked::ID_NUMBER, person.id_number.as_str()),
            (asked::BIRTH, person.birth.as_str()),
            ("applicant.sex", person.sex.as_str()),
            (asked::PHONE, person.phone.as_str()),
            (asked::EMAIL, person.email.as_str()),
            ("applicant.address", person.address.as_str()),
            (asked::SUBMITTER, self.submitter_name.as_deref().unwrap_or_default()),
        ];
        let answers = self.answers.0.iter().map(|(name, answer)| (name.as_str(), answer.as_str()));
        let all = own.into_iter().chain(answers);
        all.filter_map(|(field, written)| {
            let wrong = form::too_long(written, MOST_KEPT)?;
            Some(Fault { field: field.to_owned(), wrong })
        })
        .collect()
    }

    /// How a reception came: what an officer types is a direct filing, or an envelope that came by post (OS-07). It is never online: that
    /// is what people filed on the network themselves, and is counted as such.
    pub fn channel_at_desk(&self) -> Channel {
        if self.by_post { Channel::Post } else { Channel::Direct }
    }

    /// What is wrong with who files, and with whom; the same for pages and programs. What may stay empty may be empty.
    pub fn contact_faults(&self, today: jiff::civil::Date) -> Vec<Fault> {
        let mut faults = self.applicant.faults(today);
        let submitter = self.submitter_name.as_deref().and_then(form::name_fault);
        let wrong = [
            (asked::COMMUNE, self.commune.is_none().then_some(Wrong::NoCommune)),
            (asked::SUBMITTER, submitter.map(|wrong| if wrong == Wrong::NoName { Wrong::NoSubmitter } else { wrong })),
        ];
        faults.extend(wrong.into_iter().filter_map(|(field, wrong)| Some(Fault { field: field.to_owned(), wrong: wrong? })));
        faults
    }

    /// Papers that must be uploaded before an online filing can be sent, and are not among `have`.
    pub fn missing<'p>(&self, package: &'p Package, have: &BTreeSet<String>) -> Vec<&'p PaperRow> {
        papers_asked(package, Channel::Online, self.case.as_deref())
            .into_iter()
            .filter(|p| p.kind == PaperKind::Submit && !(p.by_form && package.form.is_some()) && !have.contains(&p.id))
            .collect()
    }
}

/// The fee of a case and channel as far as the package knows it: the sum of fixed rows, and the words of open ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeeDue {
    /// Sum in đồng; `None` when a row that applies has no certain amount.
    pub amount: Option<i64>,
    /// Conditions and exemptions to show beside it.
    pub notes: Vec<String>,
    /// Ids of the rows that apply.
    pub rows: Vec<String>,
}

impl FeeDue {
    /// Conditions and exemptions as one text, when there are any.
    pub fn note(&self) -> Option<String> {
        (!self.notes.is_empty()).then(|| self.notes.join("; "))
    }
}

/// What a desk says of the fee when it accepts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeeSaid {
    /// Amount in đồng, where the package leaves it open.
    pub amount: Option<i64>,
    /// It was taken.
    pub is_taken: bool,
}

impl FeeSaid {
    /// What is owed, with the amount that the package left open. Wrong: a sum that is none, and one that was taken and not said.
    pub fn settle(self, due: FeeDue) -> Result<FeeDue, Wrong> {
        if self.amount.is_some_and(|n| !SUMS.contains(&n)) {
            return Err(Wrong::Number);
        }
        let amount = due.amount.or(self.amount);
        if self.is_taken && amount.is_none() {
            return Err(Wrong::Missing { label: "Lệ phí".to_owned() });
        }
        Ok(FeeDue { amount, ..due })
    }
}

/// Sums a desk can take, in đồng.
const SUMS: std::ops::RangeInclusive<i64> = 0..=100_000_000_000;

/// A sum in đồng as people write it, thousands apart or not.
pub fn sum_typed(text: &str) -> Option<i64> {
    let digits: String = text.chars().filter(|c| !matches!(c, '.' | ' ' | '\u{a0}')).collect();
    digits.parse().ok().filter(|n| SUMS.contains(n))
}

/// Is the amount open only because it is so much a page or copy, at rates that are certain? Then the desk, which sees how many there are,
/// is asked for it.
pub fn is_by_rate(package: &Package, due: &FeeDue) -> bool {
    due.amount.is_none() && package.fees.iter().filter(|f| due.rows.contains(&f.id)).all(|f| !f.doubtful && f.amount.is_some())
}

/// Fee of a package for a channel and case. A doubtful or open row is never charged unseen: it leaves the amount open.
pub fn fee_due(package: &Package, channel: Channel, case: Option<&str>) -> FeeDue {
    let rows: Vec<&FeeRow> = package
        .fees
        .iter()
        .filter(|f| f.channels.is_empty() || f.channels.contains(&channel))
        .filter(|f| f.case.is_none() || f.case.as_deref() == case)
        .collect();
    let notes = rows.iter().filter(|f| !f.condition.is_empty()).map(|f| f.condition.clone()).collect();
    let ids = rows.iter().map(|f| f.id.clone()).collect();
    FeeDue { amount: fixed_sum(rows), notes, rows: ids }
}

/// What rows of fees come to; nothing certain when one of them is doubtful, open, or so much a page.
pub fn fixed_sum<'p>(rows: impl IntoIterator<Item = &'p FeeRow>) -> Option<i64> {
    rows.into_iter().map(|f| if f.doubtful || !f.per.is_empty() { None } else { f.amount }).sum()
}
