//! What a desk says: findings, forms 01 and 02, what was brought, the result handed over.

use super::Happened;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use utoipa::ToSchema;
use uuid::Uuid;

/// Acceptance.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Accepting {
    /// Row of terms, where several fit.
    pub term: Option<String>,
    /// Amount in đồng, where the package cannot know it. Absent: as it was said at filing; where nobody said it, form 01 says that it is not
    /// settled.
    pub fee: Option<i64>,
    /// The fee was taken: its amount is known, or said here.
    pub fee_taken: bool,
    /// The version that was looked at; if another is in force by now, nothing is accepted. Absent: whichever is in force.
    pub version: Option<Uuid>,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// What was found about a paper.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub struct Brought {
    /// Papers that were brought, looked at and found good.
    pub papers: BTreeSet<String>,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// Form 02.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// One full list.
    pub items: Vec<AskedItem>,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}

/// One item of form 02.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
pub struct Returning {
    /// `desk`, `post`, `electronic`.
    pub channel: String,
    /// When.
    #[serde(flatten)]
    pub when: Happened,
}
