//! What programs are shown and what they send.

use crate::changes::Changes;
use crate::draft::Applicant;
use crate::row::DossierRow;
use crate::service::Whole;
use base::Moment;
use catalogue::VersionId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A dossier in a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DossierLine {
    /// Its id.
    pub id: Uuid,
    /// Filing code.
    pub filing_code: String,
    /// Dossier code, from acceptance on.
    pub code: Option<String>,
    /// `submitted`, `awaiting_supplement`, `in_progress`, `issued`, `returned`.
    pub state: String,
    /// National status 1–10.
    pub national_status: Option<u8>,
    /// Procedure code.
    pub procedure: String,
    /// Short name of the procedure.
    pub procedure_name: String,
    /// `direct`, `online`, `post`.
    pub channel: String,
    /// Person with the request.
    pub applicant_name: String,
    /// Receiving desk.
    pub desk: String,
    /// Competent unit.
    pub unit: Option<String>,
    /// Current step.
    pub step: Option<String>,
    /// Who holds it.
    pub assignee: Option<String>,
    /// System receipt.
    #[schema(value_type = String, format = DateTime)]
    pub submitted_at: Moment,
    /// What must be kept next.
    #[schema(value_type = String, format = DateTime)]
    pub next_due_at: Moment,
    /// Due time of form 01.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Moment>,
}

impl From<&DossierRow> for DossierLine {
    fn from(row: &DossierRow) -> DossierLine {
        DossierLine {
            id: row.id,
            filing_code: row.filing_code.clone(),
            code: row.code.clone(),
            state: row.state.clone(),
            national_status: row.dossier().ok().map(|d| d.national_status()),
            procedure: row.procedure_code.clone(),
            procedure_name: row.procedure_name.clone(),
            channel: row.channel.clone(),
            applicant_name: row.applicant_name.clone(),
            desk: row.desk_name.clone(),
            unit: row.unit_name.clone(),
            step: row.step_name.clone(),
            assignee: row.assignee_name.clone(),
            submitted_at: row.submitted_at,
            next_due_at: row.sort_due_at,
            due_at: row.due_at,
        }
    }
}

/// A page of a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DossierList {
    /// Rows, most urgent first.
    pub dossiers: Vec<DossierLine>,
    /// Rows in the whole list, on all its pages.
    pub total: i64,
}

/// A dossier whole.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DossierView {
    /// As in lists.
    #[serde(flatten)]
    pub line: DossierLine,
    /// The person.
    pub applicant: Person,
    /// Answers to the e-form.
    #[schema(value_type = Object)]
    pub answers: serde_json::Value,
    /// How the due time came about.
    #[schema(value_type = Option<Object>)]
    pub calculation: Option<serde_json::Value>,
    /// Row of terms used.
    pub term: Option<String>,
    /// `approved` or `rejected`.
    pub outcome: Option<String>,
    /// Valid acceptance.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub accepted_at: Option<Moment>,
    /// Result issued (`resolved_at`).
    #[schema(value_type = Option<String>, format = DateTime)]
    pub issued_at: Option<Moment>,
    /// Issued at or before the due time.
    pub on_time: Option<bool>,
    /// Handed over.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub returned_at: Option<Moment>,
    /// `desk`, `post`, `electronic`.
    pub result_channel: String,
    /// Fee in đồng; absent: set by a rule not held here.
    pub fee: Option<i64>,
    /// Rows of fees that apply.
    pub fee_rows: Vec<String>,
    /// Papers asked.
    pub papers: Vec<PaperView>,
    /// Files.
    pub files: Vec<FileView>,
    /// The version it stands under.
    pub version: Uuid,
    /// What that version changed against the one filed for, if it is another.
    pub changed: Option<ChangedView>,
    /// Number and symbol of the result, as the unit's register gave it.
    pub result_number: Option<String>,
    /// What happened, in order: kind and times.
    pub history: Vec<HappenedView>,
}

/// A person as filed.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Person {
    /// Name as typed.
    pub name: String,
    /// Personal number, passport, or empty.
    pub id_number: String,
    /// `1954`, `1954-05` or `1954-05-20`.
    pub birth: String,
    /// `male`, `female` or empty.
    pub sex: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Address.
    pub address: String,
}

impl From<Person> for Applicant {
    fn from(p: Person) -> Applicant {
        Applicant {
            name: base::text::line(&p.name),
            id_number: base::text::line(&p.id_number),
            birth: p.birth,
            sex: p.sex,
            phone: base::text::line(&p.phone),
            email: base::text::line(&p.email),
            address: base::text::line(&p.address),
        }
    }
}

impl From<&Applicant> for Person {
    fn from(a: &Applicant) -> Person {
        Person {
            name: a.name.clone(),
            id_number: a.id_number.clone(),
            birth: a.birth.clone(),
            sex: a.sex.clone(),
            phone: a.phone.clone(),
            email: a.email.clone(),
            address: a.address.clone(),
        }
    }
}

/// A required paper and what was found.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PaperView {
    /// Id in the package.
    pub id: String,
    /// Name.
    pub name: String,
    /// `submit`, `present`, `if_applicable`.
    pub kind: String,
    /// `good`, `missing`, `not_needed`, or absent.
    pub verdict: Option<String>,
}

/// A file.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FileView {
    /// Its id.
    pub id: Uuid,
    /// Paper it is for.
    pub paper: Option<String>,
    /// `paper`, `handling`, `result`.
    pub role: String,
    /// Name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Where its bytes are; none before the draft is sent.
    pub href: Option<String>,
}

/// A form with one file.
#[derive(Debug, ToSchema)]
#[allow(dead_code)] // describes what is sent; read as a form
pub struct OneFile {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    pub tep: Vec<u8>,
    /// The fact; absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub happened_at: Option<Moment>,
    /// Why it is entered more than 15 minutes later.
    pub late_reason: Option<String>,
}

/// A form with the result.
#[derive(Debug, ToSchema)]
#[allow(dead_code)] // describes what is sent; read as a form
pub struct IssuingFile {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    pub tep: Vec<u8>,
    /// Number and symbol from the unit's own register.
    pub number: Option<String>,
    /// The fact; absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub happened_at: Option<Moment>,
    /// Why it is entered more than 15 minutes later.
    pub late_reason: Option<String>,
}

/// A form with files for papers; each input is called `tep.` and the paper's id.
#[derive(Debug, ToSchema)]
#[allow(dead_code)] // describes what is sent; read as a form
pub struct PaperFiles {
    /// A file for the paper `{paper}`.
    #[schema(value_type = String, format = Binary)]
    #[serde(rename = "tep.{paper}")]
    pub paper: Vec<u8>,
}

impl From<&crate::sql::papers::Attachment> for FileView {
    fn from(a: &crate::sql::papers::Attachment) -> FileView {
        FileView {
            id: a.id,
            paper: a.paper.clone(),
            role: a.role.clone(),
            name: a.name.clone(),
            size: a.size,
            sha256: a.sha256.clone(),
            href: None,
        }
    }
}

/// One event.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct HappenedView {
    /// Kind of event.
    pub kind: String,
    /// The fact.
    #[schema(value_type = String, format = DateTime)]
    pub happened_at: Moment,
    /// The entry.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Moment,
    /// Why it was entered late; for officers.
    pub late_reason: Option<String>,
    /// The officer who entered it; for officers.
    pub by: Option<String>,
}

/// What the version in force changed against the one filed for, or begun by.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ChangedView {
    /// The version filed for, or begun by.
    pub from_version: Uuid,
    /// The version it stands under: frozen at acceptance, before that the one in force now.
    pub version: Uuid,
    /// The allowance is another, or there are other rows to choose from.
    pub terms: bool,
    /// The fee is another.
    pub fee: bool,
    /// Papers asked now and not before.
    pub papers_more: Vec<String>,
    /// Papers asked before and not now.
    pub papers_less: Vec<String>,
}

impl ChangedView {
    /// Nothing where it is the same version.
    pub fn of(from: VersionId, to: VersionId, changes: &Changes) -> Option<ChangedView> {
        let ids = |papers: &[catalogue::package::PaperRow]| papers.iter().map(|p| p.id.clone()).collect();
        (from != to).then(|| ChangedView {
            from_version: from.0,
            version: to.0,
            terms: changes.terms.is_some(),
            fee: changes.fee.is_some(),
            papers_more: ids(&changes.papers_more),
            papers_less: ids(&changes.papers_less),
        })
    }
}

impl DossierView {
    /// The same for officers, who see who entered what, and why late.
    pub fn of_officers(w: &Whole, base: &str) -> DossierView {
        let told = |(view, h): (HappenedView, &crate::story::Happened)| HappenedView {
            late_reason: h.event.late_reason().map(str::to_owned),
            by: w.officers.get(&h.by).cloned(),
            ..view
        };
        let view = DossierView::of(w, base);
        DossierView { history: view.history.into_iter().zip(&w.happened).map(told).collect(), ..view }
    }

    /// A dossier whose files lie below this address.
    pub fn of(w: &Whole, base: &str) -> DossierView {
        let row = &w.row;
        let text = |o: &Option<String>| o.clone().unwrap_or_default();
        DossierView {
            line: row.into(),
            applicant: Person {
                name: row.applicant_name.clone(),
                id_number: text(&row.applicant_id),
                birth: text(&row.applicant_birth),
                sex: text(&row.applicant_sex),
                phone: text(&row.applicant_phone),
                email: text(&row.applicant_email),
                address: text(&row.applicant_address),
            },
            answers: serde_json::from_str(&row.answers).unwrap_or_default(),
            calculation: row.calculation.as_deref().and_then(|c| serde_json::from_str(c).ok()),
            term: row.term_row.clone(),
            outcome: row.outcome.clone(),
            accepted_at: row.accepted_at,
            issued_at: row.issued_at,
            on_time: row.on_time,
            returned_at: row.returned_at,
            result_channel: row.result_channel.clone(),
            fee: row.fee_due,
            fee_rows: row.fee_rows(),
            version: w.version.id.0,
            changed: ChangedView::of(w.filed.id, w.version.id, &w.changes),
            result_number: row.result_number.clone(),
            papers: w
                .papers
                .iter()
                .map(|p| PaperView {
                    id: p.paper.clone(),
                    name: p.name.clone(),
                    kind: p.kind.clone(),
                    verdict: p.verdict.clone(),
                })
                .collect(),
            files: w
                .files
                .iter()
                .map(|f| FileView { href: Some(format!("{base}/{}/files/{}", w.row.id, f.id)), ..FileView::from(f) })
                .collect(),
            history: w
                .happened
                .iter()
                .map(|h| HappenedView {
                    kind: store::Event::kind(&h.event).to_owned(),
                    happened_at: h.event.happened_at(),
                    recorded_at: h.recorded_at,
                    late_reason: None,
                    by: None,
                })
                .collect(),
        }
    }
}

/// What a code alone shows.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct TrackView {
    /// The code people call it by.
    pub code: String,
    /// State.
    pub state: String,
    /// National status 1–10.
    pub national_status: Option<u8>,
    /// Procedure.
    pub procedure_name: String,
    /// Current step.
    pub step: Option<String>,
    /// Due time of form 01.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Moment>,
}

/// The one thing more than the code.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Known {
    /// Telephone or personal number, as given when the dossier was filed.
    pub known: String,
}

/// A pass to one dossier.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct PassView {
    /// For the header `Dossier-Pass`; shown once.
    pub pass: String,
    /// The dossier it opens.
    pub dossier: Uuid,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    pub until: Moment,
}

/// Whoever is not signed in as the owner brings a pass.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Header)]
#[allow(dead_code)] // describes a header; read by the extractor
pub struct PassHeader {
    /// A pass from `POST /api/v1/track/{code}/proof`, instead of signing in.
    #[param(rename = "Dossier-Pass")]
    pub pass: Option<String>,
}

/// A draft in a list.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DraftLine {
    /// Its id.
    pub id: Uuid,
    /// Procedure.
    pub procedure: String,
    /// Short name of the procedure.
    pub procedure_name: String,
    /// Last kept.
    #[schema(value_type = String, format = DateTime)]
    pub saved_at: Moment,
}

/// A draft.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct DraftView {
    /// Its id.
    pub id: Uuid,
    /// Procedure.
    pub procedure: String,
    /// Version in force, which it will be filed by.
    pub version: Uuid,
    /// What that version changed against the one it was begun by, if it is another.
    pub changed: Option<ChangedView>,
    /// Files attached so far.
    pub files: Vec<FileView>,
    /// The dossier it became.
    pub dossier: Option<Uuid>,
}

/// Starts a draft.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct NewDraft {
    /// Procedure code.
    pub procedure: String,
    /// Case of the procedure.
    #[serde(default)]
    pub case: Option<String>,
}

/// Fills a draft; what is sent replaces what was there.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Filling {
    /// The person with the request.
    pub applicant: Person,
    /// Name of the person who files for them.
    #[serde(default)]
    pub submitter_name: Option<String>,
    /// Commune, by its code of the statistics office (`32002`).
    pub commune: String,
    /// Answers by field id; dates as `2026-11-05`.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// `desk`, `post`, `electronic`.
    pub result_channel: String,
}

/// When an act happened, if not now.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Happened {
    /// The fact; absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub happened_at: Option<Moment>,
    /// Why it is entered more than 15 minutes later.
    pub late_reason: Option<String>,
}

impl Happened {
    /// As rules take it.
    pub fn when(&self, now: Moment) -> crate::dossier::When {
        crate::dossier::When { happened_at: self.happened_at.unwrap_or(now), recorded_at: now, reason: self.late_reason.clone() }
    }
}

/// Acceptance.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Accepting {
    /// Row of terms, where several fit.
    pub term: Option<String>,
    /// The version that was looked at; if another is in force by now, nothing is accepted. Absent: whichever is in force.
    pub version: Option<Uuid>,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// What was found about a paper.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    /// Paper.
    pub paper: String,
    /// `good`, `missing`, `not_needed`.
    pub verdict: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// What form 02 asked for, brought to the desk.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Brought {
    /// Papers that were brought, looked at and found good.
    pub papers: BTreeSet<String>,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// Form 02.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Asking {
    /// One full list.
    pub items: Vec<AskedItem>,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// One item of form 02.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AskedItem {
    /// Paper.
    pub paper: String,
    /// What is missing or wrong.
    pub reason: String,
    /// Legal ground.
    pub ground: String,
}

/// Words with an act.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Saying {
    /// Note or reason.
    pub text: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// The competent unit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Competent {
    /// Its agency code.
    pub agency: String,
    /// Why; needed when another unit is competent now.
    #[serde(default)]
    pub reason: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// The result as a letter made here.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Issuing {
    /// Number and symbol from the unit's own register; empty: the letter leaves room for it.
    pub number: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// Handing over.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Returning {
    /// `desk`, `post`, `electronic`.
    pub channel: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// A rating.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Rating {
    /// 1–5.
    pub score: u8,
    /// Words.
    #[serde(default)]
    pub comment: String,
}
