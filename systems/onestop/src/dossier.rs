//! The dossier: its types and states. Pure.

use base::{DossierCode, FilingCode, Moment, ProcedureCode};
use catalogue::VersionId;
use catalogue::package::{Channel, Package, Step, StepAct, StepRole};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Identifies a dossier for ever, before and after it has a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DossierId(pub Uuid);

/// The legal machine. Money, delivery and synchronisation have their own; the national status 1–10 is derived ([`Dossier::national_status`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Filed; the desk checks it (OS-13).
    Submitted,
    /// Form 02 went out before acceptance; the applicant completes.
    AwaitingSupplement,
    /// Accepted; a step of the procedure is being worked on.
    InProgress,
    /// The result exists and waits for its owner.
    Issued,
    /// Handed over.
    Returned,
}

impl State {
    /// The word kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Submitted => "submitted",
            State::AwaitingSupplement => "awaiting_supplement",
            State::InProgress => "in_progress",
            State::Issued => "issued",
            State::Returned => "returned",
        }
    }

    /// Reads the word kept in the database.
    pub fn parse(word: &str) -> Option<State> {
        [State::Submitted, State::AwaitingSupplement, State::InProgress, State::Issued, State::Returned]
            .into_iter()
            .find(|s| s.as_str() == word)
    }
}

/// What the competent agency decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The request is granted.
    Approved,
    /// The request is not granted: a letter with reasons, which counts as a result.
    Rejected,
}

impl Outcome {
    /// The word kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Approved => "approved",
            Outcome::Rejected => "rejected",
        }
    }

    /// Reads the word kept in the database.
    pub fn parse(word: &str) -> Option<Outcome> {
        [Outcome::Approved, Outcome::Rejected].into_iter().find(|o| o.as_str() == word)
    }
}

/// How the applicant wants the result.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultChannel {
    /// At a desk.
    #[default]
    Desk,
    /// By the public postal service.
    Post,
    /// As a file.
    Electronic,
}

impl ResultChannel {
    /// The word kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            ResultChannel::Desk => "desk",
            ResultChannel::Post => "post",
            ResultChannel::Electronic => "electronic",
        }
    }

    /// Reads the word kept in the database or sent by a form.
    pub fn parse(word: &str) -> Option<ResultChannel> {
        [ResultChannel::Desk, ResultChannel::Post, ResultChannel::Electronic].into_iter().find(|c| c.as_str() == word)
    }
}

/// Says how `channel` is kept in the database.
pub fn channel_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Direct => "direct",
        Channel::Online => "online",
        Channel::Post => "post",
    }
}

/// Reads a channel's word.
pub fn channel_of(word: &str) -> Option<Channel> {
    [Channel::Direct, Channel::Online, Channel::Post].into_iter().find(|c| channel_word(*c) == word)
}

/// What a desk officer found about one required paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Seen and in order.
    Good,
    /// Absent, unreadable or not the paper asked for.
    Missing,
    /// Not needed in this case.
    NotNeeded,
}

impl Verdict {
    /// The word kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Good => "good",
            Verdict::Missing => "missing",
            Verdict::NotNeeded => "not_needed",
        }
    }

    /// Reads the word kept in the database or sent by a form.
    pub fn parse(word: &str) -> Option<Verdict> {
        [Verdict::Good, Verdict::Missing, Verdict::NotNeeded].into_iter().find(|v| v.as_str() == word)
    }
}

/// One item of form 02.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupplementItem {
    /// Paper asked of the dossier.
    pub paper: String,
    /// What has to be done, in words.
    pub reason: String,
    /// Legal ground of this item (OS-11: a ground for each).
    pub ground: String,
}

/// When something was done and when it was entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// The fact.
    pub happened_at: Moment,
    /// The entry.
    pub recorded_at: Moment,
    /// Why they differ, when they do by more than [`When::TOLERANCE_MINUTES`].
    pub reason: Option<String>,
}

impl When {
    /// A gap up to this many minutes needs no reason.
    pub const TOLERANCE_MINUTES: i64 = 15;

    /// A fact is entered at most so many days after it was.
    ///
    /// A year: books kept through a power cut or a flood are typed in within days, and the count of a year is closed with the next one's
    /// first report. What is older is a year typed wrongly, and would take a number of a series that was closed long ago.
    pub const MOST_DAYS_LATE: i64 = 366;

    /// Done now, entered now.
    pub fn now(now: Moment) -> When {
        When { happened_at: now, recorded_at: now, reason: None }
    }

    /// Is the fact older than any entry may be?
    pub fn is_too_old(&self) -> bool {
        self.gap_minutes() > When::MOST_DAYS_LATE * 24 * 60
    }

    /// Minutes between fact and entry.
    pub fn gap_minutes(&self) -> i64 {
        (self.recorded_at.micros() - self.happened_at.micros()) / 60_000_000
    }
}

/// A person holding a post, as an act sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    /// The person.
    pub person: Uuid,
    /// The post they act in.
    pub post: Option<Uuid>,
    /// Roles that reach this dossier: in the competent unit or above it; those of the desk, at the desk that received it.
    pub roles: Vec<StepRole>,
    /// Answers for the people who work on it: leads the competent unit, or heads the desk.
    pub heads: bool,
}

/// A dossier as an act sees it: no personal data.
#[derive(Clone, Debug, PartialEq)]
pub struct Dossier {
    /// Its id.
    pub id: DossierId,
    /// Version of its event stream.
    pub version: i64,
    /// Code given at submission.
    pub filing_code: FilingCode,
    /// Code given at acceptance: no supplement and no other act changes it afterwards.
    pub code: Option<DossierCode>,
    /// Legal state.
    pub state: State,
    /// Procedure.
    pub procedure: ProcedureCode,
    /// Version of the procedure: the one filed for, from acceptance on the one frozen then (OS-36).
    pub procedure_version: VersionId,
    /// How it was filed (a fact, never changed).
    pub channel: Channel,
    /// Case of the procedure.
    pub case: Option<String>,
    /// Unit path of the receiving desk.
    pub desk_path: String,
    /// The competent unit's path; `None`: competence not determined (OS-05).
    pub unit_path: Option<String>,
    /// Step being worked on, an index into [`route`].
    pub step: Option<usize>,
    /// Who holds it.
    pub assignee: Option<Uuid>,
    /// Everybody whose work the decision is about, since acceptance: none of them decides.
    pub authors: Vec<Uuid>,
    /// System receipt.
    pub submitted_at: Moment,
    /// The last act that moved it: none is dated before.
    pub last_at: Moment,
    /// Form 01's due time; moves only by named events.
    pub due_at: Option<Moment>,
    /// Decision.
    pub outcome: Option<Outcome>,
    /// Result issued.
    pub issued_at: Option<Moment>,
    /// Already rated.
    pub rated: bool,
}

impl Dossier {
    /// The step being worked on, in `route`.
    pub fn current<'r>(&self, route: &'r [Step]) -> Option<&'r Step> {
        self.step.and_then(|i| route.get(i))
    }

    /// National status 1–10, derived (dossier_status_national).
    pub fn national_status(&self) -> u8 {
        match self.state {
            State::Submitted => 1,
            State::AwaitingSupplement => 5,
            State::InProgress if self.step == Some(0) && self.assignee.is_none() => 2,
            State::InProgress => 4,
            State::Issued => 9,
            State::Returned => 10,
        }
    }
}

/// The internal steps of a package, completed so that every dossier is processed, decided, issued and returned (TC-06).
///
/// A record without steps gets one of each kind; what a package lacks is added after what it has.
pub fn route(package: &Package) -> Vec<Step> {
    let mut steps: Vec<Step> = package.steps.clone();
    let default =
        |id: &str, name: &str, act, role, at_desk| Step { id: id.into(), name: name.into(), act, role, at_desk, minutes: 0 };
    let has = |steps: &[Step], act| steps.iter().any(|s| s.act == act);
    if !has(&steps, StepAct::Process) {
        steps.insert(0, default("xu-ly", "Xử lý hồ sơ", StepAct::Process, StepRole::CaseOfficer, false));
    }
    if !has(&steps, StepAct::Approve) {
        let at = steps.iter().rposition(|s| s.act == StepAct::Process).map_or(0, |i| i + 1);
        steps.insert(at, default("phe-duyet", "Phê duyệt", StepAct::Approve, StepRole::Leader, false));
    }
    if !has(&steps, StepAct::Issue) {
        let at = steps.iter().rposition(|s| s.act == StepAct::Approve).map_or(0, |i| i + 1);
        steps.insert(at, default("ban-hanh", "Ban hành kết quả", StepAct::Issue, StepRole::Clerk, false));
    }
    if !has(&steps, StepAct::Return) {
        steps.push(default("tra-ket-qua", "Trả kết quả", StepAct::Return, StepRole::DeskOfficer, true));
    }
    steps
}
