//! Why a use case of this system did nothing.
use directory::Denied;
use web::Problem;

use crate::objection::Objection;

/// Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database or the file store.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The rules say no.
    #[error(transparent)]
    Objection(#[from] Objection),
    /// The person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The directory.
    #[error(transparent)]
    Directory(#[from] directory::Error),
    /// No such thing.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// The archive could not be packed.
    #[error("the archive could not be packed: {0}")]
    Archive(String),
    /// Another process is writing the bill at this moment.
    #[error("another process is writing the bill")]
    Elsewhere,
    /// A text cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl From<Error> for Problem {
    fn from(error: Error) -> Problem {
        match error {
            Error::Store(e) => e.into(),
            Error::Objection(e) => Problem::objection(e.words(), String::new()),
            Error::Denied(e) => e.into(),
            Error::Directory(e) => e.into(),
            Error::Missing(what) => Problem::not_found().because(what),
            Error::Elsewhere => Problem::conflict(web::rich("Bảng kê đang được lập ở nơi khác. Chờ một phút rồi tải lại trang.")),
            Error::Json(e) => Problem::ours(e.to_string()),
            Error::Archive(why) => Problem::ours(why),
        }
    }
}
