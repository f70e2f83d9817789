//! What happened to a dossier. Events carry ids and codes; personal data stays in rows.

use crate::dossier::{Outcome, ResultChannel, SupplementItem};
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
    /// The applicant completed the filing.
    Supplemented {
        /// Fact.
        happened_at: Moment,
        /// New time by which the check must be done.
        check_due_at: Moment,
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
    },
    /// Somebody took the current step.
    Claimed {
        /// Fact.
        happened_at: Moment,
        /// Step.
        step: String,
    },
    /// A note was added; its text stays in rows.
    Noted {
        /// Fact.
        happened_at: Moment,
        /// The note.
        note: Uuid,
    },
    /// A file was added in handling.
    FileAdded {
        /// Fact.
        happened_at: Moment,
        /// The attachment.
        attachment: Uuid,
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

impl store::Event for Event {
    const SYSTEM: &'static str = "onestop";
    const VERSION: i64 = 1;
    store::kinds! {
        Submitted => "submitted",
        SupplementRequested => "supplement_requested",
        Supplemented => "supplemented",
        Accepted => "accepted",
        CompetenceDetermined => "competence_determined",
        Claimed => "claimed",
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
