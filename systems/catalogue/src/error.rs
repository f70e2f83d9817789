//! What the catalogue answers when it does not do what was asked.

use directory::Denied;
use web::{FieldFault, Words, words};

use crate::package::Problem;

/// Why the catalogue could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No procedure with this code, or no such version.
    #[error("no such procedure")]
    NotFound,
    /// A kept package cannot be read; only a changed database can cause it.
    #[error("kept package: {0}")]
    Package(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The rules do not allow it now.
    #[error(transparent)]
    Objection(#[from] Objection),
    /// The package has faults.
    #[error("the package has {} faults, first {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Faulty(Vec<Problem>),
    /// Something typed is not usable.
    #[error("{field}: {message}")]
    Fault {
        /// Field of the form.
        field: &'static str,
        /// What is wrong, and how to put it right.
        message: Words,
    },
    /// The words that the search is built with cannot be read; a fault of ours.
    #[error(transparent)]
    Words(#[from] crate::search::WordsError),
}

impl Error {
    /// A fault of one field.
    pub fn fault(field: &'static str, message: impl Into<Words>) -> Error {
        Error::Fault { field, message: message.into() }
    }
}

/// What the rules of the catalogue do not allow (409).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
pub enum Objection {
    /// The row has its value and unit.
    TermNotOpen,
    /// There is no such row in the version in force.
    NoSuchTerm,
    /// The procedure lives in another system.
    HandledElsewhere {
        /// Which.
        system: String,
    },
    /// The list does not hold it.
    NotListed,
}

impl Objection {
    /// What is in the way, and what to do.
    pub fn words(&self) -> Words {
        match self {
            Objection::TermNotOpen => words("Dòng thời hạn này đã rõ số và đơn vị, không còn gì để chốt."),
            Objection::NoSuchTerm => words("Phiên bản đang áp dụng không có dòng thời hạn này. Tải lại trang để xem bản mới."),
            Objection::HandledElsewhere { system } => words("Thủ tục này làm trên {0}, không tiếp nhận ở đây được.").with(system),
            Objection::NotListed => words("Thủ tục này không có trong danh mục tiếp nhận."),
        }
    }

    /// The rule of law behind it.
    pub fn ground(&self) -> &'static str {
        match self {
            Objection::HandledElsewhere { .. } | Objection::NotListed => "Nghị định 118/2025/NĐ-CP",
            Objection::TermNotOpen | Objection::NoSuchTerm => "",
        }
    }
}

impl From<Error> for web::Problem {
    fn from(error: Error) -> web::Problem {
        match error {
            Error::NotFound => web::Problem::not_found(),
            Error::Store(error) => error.into(),
            Error::Denied(error) => error.into(),
            Error::Objection(o) => web::Problem::objection(o.words(), o.ground()),
            Error::Faulty(found) => {
                web::Problem::fault(found.iter().map(|p| FieldFault::new(p.at.clone(), p.to_string())).collect())
            }
            Error::Fault { field, message } => web::Problem::fault(vec![FieldFault::new(field, message)]),
            Error::Package(error) => web::Problem::ours(error.to_string()),
            Error::Words(error) => web::Problem::ours(error.to_string()),
        }
    }
}
