//! What an import says at its end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::record::Warning;

/// The five figures; `read` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Summary {
    /// Rows read.
    pub read: u64,
    /// Rows of procedures that were not known from an import.
    pub new: u64,
    /// Rows whose procedure changed.
    pub changed: u64,
    /// Rows whose procedure is as before.
    pub unchanged: u64,
    /// Rows that could not be read.
    pub unreadable: u64,
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct FaultLine {
    /// Line in the file, from 1.
    pub line: u64,
    /// Code of the procedure, when it could be read.
    pub code: String,
    /// Why, in Vietnamese.
    pub reason: String,
}
store::from_row!(FaultLine { line, code, reason });

/// The report of an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Report {
    /// The import.
    pub import: Uuid,
    /// Name of the file.
    pub file: String,
    /// Figures.
    #[serde(flatten)]
    pub summary: Summary,
    /// How many procedures have what a person should look at.
    #[schema(value_type = BTreeMap<String, u64>)]
    pub warnings: BTreeMap<Warning, u64>,
    /// Rows that could not be read, the first ones.
    pub faults: Vec<FaultLine>,
}
