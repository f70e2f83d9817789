//! A dossier: in a list, and whole.

use super::{FileView, HappenedView, Person};
use crate::changes::Changes;
use crate::row::DossierRow;
use crate::service::Whole;
use base::Moment;
use catalogue::VersionId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
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
    /// The page after this one; absent: this is the last.
    pub next: Option<u64>,
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
