//! A draft: begun, filled, found again.

use super::{ChangedView, FileView, Person};
use base::Moment;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

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
    /// What was filled in so far, as `PUT /api/v1/drafts/{id}` takes it.
    #[serde(default)]
    pub filled: Filling,
}

/// Starts a draft.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// Procedure code.
    pub procedure: String,
    /// Case of the procedure.
    #[serde(default)]
    pub case: Option<String>,
}

/// What a draft is filled with; what is sent replaces what was there.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Filling {
    /// The person with the request.
    pub applicant: Person,
    /// Name of the person who files for them.
    #[serde(default)]
    pub submitter_name: Option<String>,
    /// Commune, by its code of the statistics office (`32002`); asked for when the draft is submitted.
    #[serde(default)]
    pub commune: Option<String>,
    /// Answers by field id. Dates: `2026-11-05`; known in part: `2026-11` or `2026`; what is no date yet is read back as it was typed, in the
    /// parts `.d`, `.m`, `.y` of its field. `yes_no`: `co` or `khong`. `consent`: `co`, or nothing. Several choices: one a line.
    #[serde(default)]
    pub answers: BTreeMap<String, String>,
    /// `desk`, `post`, `electronic`; asked for when the draft is submitted.
    #[serde(default)]
    pub result_channel: Option<String>,
}
