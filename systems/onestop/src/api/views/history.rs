//! What happened, and when an act happened.

use base::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
