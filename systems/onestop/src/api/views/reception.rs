//! What a desk says: findings, forms 01 and 02, what was brought, the result handed over.

use super::Happened;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

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

/// Handing over.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct Returning {
    /// `desk`, `post`, `electronic`.
    pub channel: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}
