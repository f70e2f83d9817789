//! What happened to a dossier. Events carry ids and codes; personal data stays in rows.
//!
//! Two kinds of words officers type stand here all the same: why an act was entered late, and what form 02 asks for. They are evidence, and
//! in the chain nobody changes them afterwards (docs/decisions/0006). They are short ([`crate::decide::MOST_LETTERS`]), about papers and
//! causes rather than persons, and go with the payload when a destruction is ordered.

use crate::dossier::{Outcome, ResultChannel, SupplementItem, Verdict};
use base::{DossierCode, FilingCode, Moment, ProcedureCode};
use catalogue::VersionId;
use catalogue::package::Channel;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An event of a dossier's stream. Each kind has a frozen sample in `tests/samples/` that must parse for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A filing reached the system.
    Submitted {
        /// Fact.
        happened_at: Moment,
        /// Code told to the submitter.
        filing_code: FilingCode,
        /// Procedure.
        procedure: ProcedureCode,
        /// Version shown to the submitter.
        version: VersionId,
        /// How it came.
        channel: Channel,
        /// Receiving desk.
        desk: Uuid,
        /// Competent unit, when it could be found.
        unit: Option<Uuid>,
        /// When the check must be done (OS-13).
        check_due_at: Moment,
    },
    /// Form 02: one full list (OS-11).
    SupplementRequested {
        /// Fact.
        happened_at: Moment,
        /// Which papers, why, by which ground. Reasons are the agency's words about papers, not about persons.
        items: Vec<SupplementItem>,
        /// Why it was entered late.
        late_reason: Option<String>,
    },
    /// The desk's finding on one paper.
    PaperChecked {
        /// Fact.
        happened_at: Moment,
        /// Paper asked of the dossier.
        paper: String,
        /// What was found.
        verdict: Verdict,
        /// Why it was entered late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<String>,
    },
    /// What form 02 asked for is complete.
    Supplemented {
        /// Fact.
        happened_at: Moment,
        /// New time by which the check must be done.
        check_due_at: Moment,
        /// It was handed over at the desk, not sent by the applicant.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        at_desk: bool,
        /// Why it was entered late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<String>,
    },
    /// Form 01.
    Accepted {
        /// Valid acceptance: the clock starts (OS-30).
        happened_at: Moment,
        /// Gapless code (OS-41).
        code: DossierCode,
        /// Version frozen (OS-36).
        version: VersionId,
        /// Term row used, named on the receipt.
        term: String,
        /// Rows of fees that apply, named on the receipt.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        fees: Vec<String>,
        /// Case used.
        case: Option<String>,
        /// Due time.
        due_at: Moment,
        /// Step entered.
        step: String,
        /// Step's own due time, when minutes are allotted.
        step_due_at: Option<Moment>,
        /// Why it was entered late.
        late_reason: Option<String>,
    },
    /// A supervisor named the competent unit (OS-05).
    CompetenceDetermined {
        /// Fact.
        happened_at: Moment,
        /// The unit.
        unit: Uuid,
        /// Why, as a note; there is one whenever it was another unit's before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Uuid>,
        /// Why it was entered late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<String>,
    },
    /// Somebody took the current step.
    Claimed {
        /// Fact.
        happened_at: Moment,
        /// Step.
        step: String,
        /// Why it was entered late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<String>,
    },
    /// The step is free again for everybody of its role.
    Released {
        /// Fact.
        happened_at: Moment,
        /// Step.
        step: String,
        /// Who held it.
        holder: Uuid,
        /// Why, as a note, when somebody else took it off them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Uuid>,
        /// Why it was entered late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<String>,
    },
    /// A note was added; its text stays in rows.
    Noted {
        /// Fact.
        happened_at: Moment,
        /// The note.
        note: Uuid,
        /// Why it was entered late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<String>,
    },
    /// A file was added in handling, or for form 02.
    FileAdded {
        /// Fact.
        happened_at: Moment,
        /// The attachment.
        attachment: Uuid,
        /// Why it was entered late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<String>,
    },
    /// A step was closed and the next entered (a row of form 06, OS-23).
    PassedOn {
        /// Fact.
        happened_at: Moment,
        /// Step closed.
        from: String,
        /// Step entered.
        to: String,
        /// The next step's own due time.
        step_due_at: Option<Moment>,
        /// Why it was entered late.
        late_reason: Option<String>,
    },
    /// One step back, with a reason.
    SentBack {
        /// Fact.
        happened_at: Moment,
        /// Step left.
        from: String,
        /// Step entered again.
        to: String,
        /// Why; kept in rows when it names persons, here only its note.
        note: Uuid,
        /// The step's own due time.
        step_due_at: Option<Moment>,
        /// Why it was entered late.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late_reason: Option<String>,
    },
    /// Approved or rejected.
    Decided {
        /// Fact.
        happened_at: Moment,
        /// Which.
        outcome: Outcome,
        /// Reason or instruction, as a note.
        note: Option<Uuid>,
        /// Step closed.
        from: String,
        /// Step entered.
        to: String,
        /// The next step's own due time.
        step_due_at: Option<Moment>,
        /// Why it was entered late.
        late_reason: Option<String>,
    },
    /// The result exists: `resolved_at` of OS-20.
    Issued {
        /// Fact.
        happened_at: Moment,
        /// The result file.
        attachment: Uuid,
        /// Number and symbol the competent unit's own register gave it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// Signed digitally; false until signing exists.
        signed: bool,
        /// On time or early against the due time.
        on_time: bool,
        /// Why it was entered late.
        late_reason: Option<String>,
    },
    /// Handed over.
    Returned {
        /// Fact.
        happened_at: Moment,
        /// How.
        channel: ResultChannel,
        /// Why it was entered late.
        late_reason: Option<String>,
    },
    /// The applicant's rating; nothing was preselected.
    Rated {
        /// Fact.
        happened_at: Moment,
        /// 1 (very dissatisfied) – 5 (very satisfied).
        score: u8,
    },
}

impl Event {
    /// When it happened; the entry is kept beside it by the log.
    pub fn happened_at(&self) -> Moment {
        match self {
            Event::Submitted { happened_at, .. }
            | Event::SupplementRequested { happened_at, .. }
            | Event::PaperChecked { happened_at, .. }
            | Event::Supplemented { happened_at, .. }
            | Event::Accepted { happened_at, .. }
            | Event::CompetenceDetermined { happened_at, .. }
            | Event::Claimed { happened_at, .. }
            | Event::Released { happened_at, .. }
            | Event::Noted { happened_at, .. }
            | Event::FileAdded { happened_at, .. }
            | Event::PassedOn { happened_at, .. }
            | Event::SentBack { happened_at, .. }
            | Event::Decided { happened_at, .. }
            | Event::Issued { happened_at, .. }
            | Event::Returned { happened_at, .. }
            | Event::Rated { happened_at, .. } => *happened_at,
        }
    }

    /// Why an officer entered it late.
    pub fn late_reason(&self) -> Option<&str> {
        match self {
            Event::Submitted { .. } | Event::Rated { .. } => None,
            Event::SupplementRequested { late_reason, .. }
            | Event::PaperChecked { late_reason, .. }
            | Event::Supplemented { late_reason, .. }
            | Event::Accepted { late_reason, .. }
            | Event::CompetenceDetermined { late_reason, .. }
            | Event::Claimed { late_reason, .. }
            | Event::Released { late_reason, .. }
            | Event::Noted { late_reason, .. }
            | Event::FileAdded { late_reason, .. }
            | Event::PassedOn { late_reason, .. }
            | Event::SentBack { late_reason, .. }
            | Event::Decided { late_reason, .. }
            | Event::Issued { late_reason, .. }
            | Event::Returned { late_reason, .. } => late_reason.as_deref(),
        }
    }

    /// Whether it moves the dossier: state, step, unit or clock. What stands beside that (a finding, a claim, a note, a file, a rating) does
    /// not, so that an act of this morning can still be entered after it.
    pub fn moves(&self) -> bool {
        !matches!(
            self,
            Event::PaperChecked { .. }
                | Event::Claimed { .. }
                | Event::Released { .. }
                | Event::Noted { .. }
                | Event::FileAdded { .. }
                | Event::Rated { .. }
        )
    }
}

impl store::Event for Event {
    const SYSTEM: &'static str = "onestop";
    const VERSION: i64 = 1;
    store::kinds! {
        Submitted => "submitted",
        SupplementRequested => "supplement_requested",
        PaperChecked => "paper_checked",
        Supplemented => "supplemented",
        Accepted => "accepted",
        CompetenceDetermined => "competence_determined",
        Claimed => "claimed",
        Released => "released",
        Noted => "noted",
        FileAdded => "file_added",
        PassedOn => "passed_on",
        SentBack => "sent_back",
        Decided => "decided",
        Issued => "issued",
        Returned => "returned",
        Rated => "rated",
    }
}
