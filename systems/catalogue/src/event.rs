//! What happens in the catalogue.

use base::{
    ProcedureCode,
    due::{Amount, TermUnit},
};
use serde::{Deserialize, Serialize};

use crate::version::{Origin, ReceivedAt, VersionId};

/// Events of the catalogue. Each kind and version has a frozen sample in `tests/samples/`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CatalogueEvent {
    /// A version was published by people.
    Published {
        /// Code.
        code: ProcedureCode,
        /// The version.
        version: VersionId,
        /// Hash of its content.
        hash: String,
        /// Who wrote it.
        origin: Origin,
    },
    /// A person settled a term row that the record left open; a new version carries it.
    TermSettled {
        /// Code.
        code: ProcedureCode,
        /// The version that carries it.
        version: VersionId,
        /// The row.
        term: String,
        /// Amount.
        value: Amount,
        /// Unit.
        unit: TermUnit,
        /// Done within the day (OS-14).
        same_day: bool,
        /// On what basis.
        basis: String,
    },
    /// The procedure can be filed here from the day the decision names on, or at other centres than before.
    Listed {
        /// Code.
        code: ProcedureCode,
        /// Where.
        received_at: ReceivedAt,
        /// By which decision.
        decision: String,
    },
    /// The procedure can no longer be filed here.
    Unlisted {
        /// Code.
        code: ProcedureCode,
        /// By which decision.
        decision: String,
    },
    /// A file of records was switched over.
    Imported {
        /// Name of the file.
        file: String,
        /// Rows read.
        read: u64,
        /// Procedures that were not known.
        new: u64,
        /// Procedures whose record changed.
        changed: u64,
        /// Procedures as before.
        unchanged: u64,
        /// Rows that could not be read.
        unreadable: u64,
    },
}

impl store::Event for CatalogueEvent {
    const SYSTEM: &'static str = "catalogue";

    store::kinds! {
        Published => "published",
        TermSettled => "term_settled",
        Listed => "listed",
        Unlisted => "unlisted",
        Imported => "imported",
    }
}
