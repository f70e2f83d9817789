//! What whoever holds a code is shown, and says.

use base::Moment;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

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
#[serde(deny_unknown_fields)]
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

/// A rating.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// 1–5.
    pub score: u8,
    /// Words.
    #[serde(default)]
    pub comment: String,
}
