//! What the competent unit says: who is competent, notes and reasons, the result.

use super::Happened;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Words with an act.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Saying {
    /// Note or reason.
    pub text: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// Taking a step.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Claiming {
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// The competent unit.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
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
#[serde(default, deny_unknown_fields)]
pub struct Issuing {
    /// Number and symbol from the unit's own register; empty: the letter leaves room for it.
    pub number: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}
