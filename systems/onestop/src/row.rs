//! The dossier's row: everything a page shows, and the one place where an event changes it.

use crate::dossier::{Dossier, DossierId, Outcome, ResultChannel, State, channel_of};
use crate::draft::FeeDue;
use crate::events::Event;
use base::Moment;
use catalogue::VersionId;
use catalogue::package::{Step, StepAct, StepRole};
use directory::{Columns, Standing, Thing};
use uuid::Uuid;

/// One dossier as kept; personal data included, so it is only had through a right ([`crate::acts`]).
#[derive(Clone, Debug)]
#[allow(missing_docs)] // the columns of the migrations, described there
pub struct DossierRow {
    pub id: Uuid,
    pub version: i64,
    pub filing_code: String,
    pub code: Option<String>,
    pub state: String,
    pub procedure_code: String,
    pub procedure_version: Uuid,
    pub procedure_name: String,
    pub field: String,
    pub channel: String,
    pub case_id: Option<String>,
    pub desk: Uuid,
    pub desk_path: String,
    pub desk_name: String,
    pub unit: Option<Uuid>,
    pub unit_path: Option<String>,
    pub unit_name: Option<String>,
    pub step: Option<i64>,
    pub step_name: Option<String>,
    pub step_role: Option<String>,
    pub step_at_desk: bool,
    pub step_due_at: Option<Moment>,
    pub assignee: Option<Uuid>,
    pub assignee_name: Option<String>,
    pub authors: String,
    pub owner: Uuid,
    pub applicant_name: String,
    pub applicant_id: Option<String>,
    pub applicant_birth: Option<String>,
    pub applicant_sex: Option<String>,
    pub applicant_phone: Option<String>,
    pub applicant_email: Option<String>,
    pub applicant_address: Option<String>,
    pub submitter_name: Option<String>,
    pub result_channel: String,
    pub answers: String,
    pub form_title: Option<String>,
    pub submitted_at: Moment,
    pub check_due_at: Moment,
    pub accepted_at: Option<Moment>,
    pub accepted_by_name: Option<String>,
    pub due_at: Option<Moment>,
    pub sort_due_at: Moment,
    pub calculation: Option<String>,
    pub term_row: Option<String>,
    pub outcome: Option<String>,
    pub issued_at: Option<Moment>,
    pub on_time: Option<bool>,
    pub returned_at: Option<Moment>,
    pub fee_due: Option<i64>,
    pub fee_note: Option<String>,
    pub fee_rows: Option<String>,
    pub fee_paid_at: Option<Moment>,
    pub rated: bool,
    pub visit: Option<Uuid>,
    pub last_at: Moment,
    pub filed_version: Option<Uuid>,
    pub result_number: Option<String>,
}

store::from_row!(DossierRow {
    id,
    version,
    filing_code,
    code,
    state,
    procedure_code,
    procedure_version,
    procedure_name,
    field,
    channel,
    case_id,
    desk,
    desk_path,
    desk_name,
    unit,
    unit_path,
    unit_name,
    step,
    step_name,
    step_role,
    step_at_desk,
    step_due_at,
    assignee,
    assignee_name,
    authors,
    owner,
    applicant_name,
    applicant_id,
    applicant_birth,
    applicant_sex,
    applicant_phone,
    applicant_email,
    applicant_address,
    submitter_name,
    result_channel,
    answers,
    form_title,
    submitted_at,
    check_due_at,
    accepted_at,
    accepted_by_name,
    due_at,
    sort_due_at,
    calculation,
    term_row,
    outcome,
    issued_at,
    on_time,
    returned_at,
    fee_due,
    fee_note,
    fee_rows,
    fee_paid_at,
    rated,
    visit,
    last_at,
    filed_version,
    result_number
});

/// The row does not say what it should; only a changed database can cause it.
#[derive(Debug, thiserror::Error)]
#[error("dossier {id}: column {column} holds {value:?}")]
pub struct Unreadable {
    /// Dossier.
    pub id: Uuid,
    /// Column.
    pub column: &'static str,
    /// What it holds.
    pub value: String,
}

impl Thing for DossierRow {
    fn standing(&self) -> Standing<'_> {
        Standing {
            unit_path: self.unit_path.as_deref().unwrap_or(""),
            desk_path: Some(&self.desk_path),
            owner: Some(self.owner),
            ..Standing::default()
        }
    }
    const COLUMNS: Columns =
        Columns { desk_path: Some("desk_path"), owner: Some("owner"), ..Columns::of("onestop_dossier", "unit_path") };
}

impl DossierRow {
    /// The dossier as rules see it.
    pub fn dossier(&self) -> Result<Dossier, Unreadable> {
        let bad = |column, value: &str| Unreadable { id: self.id, column, value: value.to_owned() };
        Ok(Dossier {
            id: DossierId(self.id),
            version: self.version,
            filing_code: self.filing_code.parse().map_err(|_| bad("filing_code", &self.filing_code))?,
            code: match &self.code {
                Some(code) => Some(code.parse().map_err(|_| bad("code", code))?),
                None => None,
            },
            state: self.state()?,
            procedure: self.procedure_code.parse().map_err(|_| bad("procedure_code", &self.procedure_code))?,
            procedure_version: VersionId(self.procedure_version),
            channel: channel_of(&self.channel).ok_or_else(|| bad("channel", &self.channel))?,
            case: self.case_id.clone(),
            desk_path: self.desk_path.clone(),
            unit_path: self.unit_path.clone(),
            step: self.step.and_then(|s| usize::try_from(s).ok()),
            assignee: self.assignee,
            authors: self.authors().collect(),
            submitted_at: self.submitted_at,
            last_at: self.last_at,
            due_at: self.due_at,
            outcome: self.outcome.as_deref().and_then(Outcome::parse),
            issued_at: self.issued_at,
            rated: self.rated,
        })
    }

    /// Legal state.
    pub fn state(&self) -> Result<State, Unreadable> {
        State::parse(&self.state).ok_or_else(|| Unreadable { id: self.id, column: "state", value: self.state.clone() })
    }

    /// The code people call it by: the dossier code, before acceptance the filing code.
    pub fn name_code(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.filing_code)
    }

    /// Everybody whose work the decision is about.
    pub fn authors(&self) -> impl Iterator<Item = Uuid> {
        self.authors.split(' ').filter_map(|id| id.parse().ok())
    }

    /// The version the submitter saw.
    pub fn filed_version(&self) -> VersionId {
        VersionId(self.filed_version.unwrap_or(self.procedure_version))
    }

    /// What it is found by: its codes, as they are and without their signs, who it is for, what is asked.
    pub fn findable(&self) -> Vec<String> {
        let bare = |code: &str| code.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
        let codes = [Some(&self.filing_code), self.code.as_ref()].into_iter().flatten();
        let known = [Some(&self.applicant_name), self.applicant_id.as_ref(), self.applicant_phone.as_ref()];
        let asked = [&self.procedure_code, &self.procedure_name].map(Clone::clone);
        codes.flat_map(|code| [code.clone(), bare(code)]).chain(known.into_iter().flatten().cloned()).chain(asked).collect()
    }

    /// The fee as it stands.
    pub fn fee(&self) -> FeeDue {
        FeeDue { amount: self.fee_due, notes: self.fee_note.iter().cloned().collect(), rows: self.fee_rows() }
    }

    /// Ids of the rows of fees that apply; none are known of dossiers from before they were kept. A list that cannot be read is shown as
    /// empty rather than hiding the dossier.
    pub fn fee_rows(&self) -> Vec<String> {
        self.fee_rows.as_deref().and_then(|rows| serde_json::from_str(rows).ok()).unwrap_or_default()
    }

    /// How the result is wanted.
    pub fn result_channel(&self) -> ResultChannel {
        ResultChannel::parse(&self.result_channel).unwrap_or_default()
    }

    /// Changes the row by what happened. `by` is who did it, for events that hand the dossier to somebody.
    pub fn apply(&mut self, event: &Event, by: Option<(Uuid, &str)>, route: &[Step]) {
        if event.moves() {
            self.last_at = event.happened_at();
        }
        match event {
            Event::Submitted { .. } | Event::PaperChecked { .. } | Event::Noted { .. } => {}
            // before acceptance it is the applicant's own paper; afterwards it is work, whoever adds it and at whatever step
            Event::FileAdded { .. } => {
                if self.code.is_some() {
                    self.add_author(by);
                }
            }
            Event::SupplementRequested { .. } => self.enter(State::AwaitingSupplement),
            Event::Supplemented { check_due_at, .. } => {
                self.enter(State::Submitted);
                self.check_due_at = *check_due_at;
                self.sort_due_at = *check_due_at;
            }
            Event::Accepted { happened_at, code, version, term, due_at, step, step_due_at, .. } => {
                self.enter(State::InProgress);
                self.code = Some(code.to_string());
                self.filed_version = (version.0 != self.procedure_version).then_some(self.procedure_version);
                self.procedure_version = version.0;
                self.accepted_at = Some(*happened_at);
                self.accepted_by_name = by.map(|(_, name)| name.to_owned());
                self.due_at = Some(*due_at);
                self.sort_due_at = *due_at;
                self.term_row = Some(term.clone());
                self.enter_step(step, *step_due_at, route);
            }
            // the unit's path and name are filled in by the use case, which looked the unit up; who held it worked in the other one
            Event::CompetenceDetermined { unit, .. } => {
                self.unit = Some(*unit);
                (self.assignee, self.assignee_name) = (None, None);
            }
            Event::Claimed { step, .. } => {
                // who takes a draft in hand in another role than the leader's works on it, also when they give it back
                if route.iter().any(|s| s.id == *step && s.act == StepAct::Process && s.role != StepRole::Leader) {
                    self.add_author(by);
                }
                self.assignee = by.map(|(id, _)| id);
                self.assignee_name = by.map(|(_, name)| name.to_owned());
            }
            Event::Released { .. } => (self.assignee, self.assignee_name) = (None, None),
            Event::PassedOn { from, to, step_due_at, .. } => {
                // a leader who looks a draft over before deciding checks the work of others
                let checked = route.iter().any(|s| s.id == *from && s.role == StepRole::Leader);
                if !checked {
                    self.add_author(by);
                }
                self.enter_step(to, *step_due_at, route);
            }
            Event::SentBack { to, step_due_at, .. } => {
                self.outcome = None;
                self.enter_step(to, *step_due_at, route);
            }
            Event::Decided { outcome, to, step_due_at, .. } => {
                self.outcome = Some(outcome.as_str().to_owned());
                self.enter_step(to, *step_due_at, route);
            }
            Event::Issued { happened_at, number, on_time, .. } => {
                self.enter(State::Issued);
                self.issued_at = Some(*happened_at);
                self.on_time = Some(*on_time);
                self.result_number.clone_from(number);
                if let Some(handing) = route.iter().find(|s| s.act == StepAct::Return) {
                    self.enter_step(&handing.id.clone(), None, route);
                }
            }
            Event::Returned { happened_at, .. } => {
                self.enter(State::Returned);
                self.returned_at = Some(*happened_at);
                (self.step, self.step_name, self.step_role) = (None, None, None);
                (self.assignee, self.assignee_name) = (None, None);
            }
            Event::Rated { .. } => self.rated = true,
        }
    }

    fn add_author(&mut self, by: Option<(Uuid, &str)>) {
        if let Some((person, _)) = by
            && self.authors().all(|known| known != person)
        {
            let gap = if self.authors.is_empty() { "" } else { " " };
            self.authors = format!("{}{gap}{}", self.authors, person.simple());
        }
    }

    fn enter(&mut self, state: State) {
        self.state = state.as_str().to_owned();
    }

    fn enter_step(&mut self, id: &str, due_at: Option<Moment>, route: &[Step]) {
        let found = route.iter().position(|s| s.id == id);
        let step = found.map(|i| &route[i]);
        self.step = found.map(|i| i as i64);
        self.step_name = step.map(|s| s.name.clone());
        self.step_role = step.map(|s| role_word(s.role).to_owned());
        self.step_at_desk = step.is_some_and(|s| s.at_desk);
        self.step_due_at = due_at;
        (self.assignee, self.assignee_name) = (None, None);
    }
}

/// The word kept for a step's role.
pub fn role_word(role: StepRole) -> &'static str {
    match role {
        StepRole::DeskOfficer => "desk_officer",
        StepRole::CaseOfficer => "case_officer",
        StepRole::Leader => "leader",
        StepRole::Clerk => "clerk",
    }
}
