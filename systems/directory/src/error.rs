//! What a use case answers when it does not do what was asked.
use web::{FieldFault, Problem, Words};

use crate::{
    Denied, Objection,
    secret::{
        hashing,
        password::{Weak, WeakPin},
    },
    unit::WrongName,
};

/// Why a use case of the directory did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The law of the directory does not allow it.
    #[error(transparent)]
    Objection(#[from] Objection),
    /// There is no such thing.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// Something typed is not usable; field name and what is wrong with it, in Vietnamese.
    #[error("{field}: {message}")]
    Fault {
        /// Name of the field.
        field: &'static str,
        /// What is wrong, and how to put it right.
        message: Words,
    },
    /// The machine could not hash.
    #[error(transparent)]
    Hashing(#[from] hashing::Failed),
}

impl Error {
    /// A fault of one field.
    pub fn fault(field: &'static str, message: impl Into<Words>) -> Self {
        Error::Fault { field, message: message.into() }
    }
}

impl From<WrongName> for Error {
    fn from(wrong: WrongName) -> Self {
        Error::fault("name", wrong.words())
    }
}

impl From<Weak> for Error {
    fn from(weak: Weak) -> Self {
        Error::fault("password", weak.to_string())
    }
}

impl From<WeakPin> for Error {
    fn from(weak: WeakPin) -> Self {
        Error::fault("pin", weak.to_string())
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Problem {
        if denied.hidden {
            return Problem::not_found();
        }
        Problem::denied(web::rich("“{0}” cần một chức vụ khác với các chức vụ bạn đang giữ.").with_words(denied.title))
    }
}

impl From<Objection> for Problem {
    fn from(objection: Objection) -> Problem {
        Problem::objection(objection.words(), objection.ground().unwrap_or_default())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Store(e) => e.into(),
            Error::Denied(e) => e.into(),
            Error::Objection(e) => e.into(),
            Error::Missing(what) => Problem::not_found().because(what),
            Error::Fault { field, message } => Problem::fault(vec![FieldFault::new(field, message)]),
            Error::Hashing(e) => Problem::away(e.to_string()),
        }
    }
}
