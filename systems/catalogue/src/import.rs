//! A file of records becomes the imported part of the catalogue: staged in chunks, switched over at once in one short unit.
//!
//! - Rows that cannot be read are listed with their line and reason; the others go in.
//! - The same file again changes nothing. An interrupted import leaves nothing: what it staged is invisible, and swept.
//! - A record never supersedes what people wrote; it waits beneath it. What people settled about open terms is put in again.
//! - A national and a provincial record of one procedure are joined, whichever comes first.

mod job;
mod look;
mod report;
mod rows;
mod stage;
mod template;
mod upload;

pub use job::{ImportJob, Importer};
pub use look::{Progress, latest, progress, stop, unreadable};
pub use report::{FaultLine, Report, Summary};
pub use stage::{Hear, Now, Order, Told, import};
pub use template::{Template, UnknownTemplate};
pub use upload::{MOST_BYTES, Upload};

pub use crate::sql::imports::ImportLine;

use directory::Denied;
use web::{Words, words};

use crate::error::Error;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file itself cannot be read as a list of procedures.
    #[error("{0}")]
    File(String),
    /// Somebody stopped it.
    #[error("stopped")]
    Stopped,
    /// The catalogue kept changing while the import was staged.
    #[error("the catalogue kept changing")]
    Unquiet,
    /// The catalogue or the database.
    #[error(transparent)]
    Catalogue(#[from] Error),
}

impl From<store::Error> for ImportError {
    fn from(e: store::Error) -> ImportError {
        ImportError::Catalogue(e.into())
    }
}

impl From<Denied> for ImportError {
    fn from(e: Denied) -> ImportError {
        ImportError::Catalogue(e.into())
    }
}

impl From<serde_json::Error> for ImportError {
    fn from(e: serde_json::Error) -> ImportError {
        ImportError::Catalogue(e.into())
    }
}

impl ImportError {
    /// In words for a person: what happened, what was kept, what to do.
    pub fn words(&self) -> Words {
        match self {
            ImportError::File(why) => words("Không đọc được tệp: {0} Danh mục giữ nguyên như trước.").with(why),
            ImportError::Stopped => words("Đã dừng theo yêu cầu. Danh mục giữ nguyên như trước."),
            ImportError::Unquiet => {
                words("Có người sửa danh mục trong lúc nhập. Danh mục giữ nguyên như trước, nhập lại tệp này.")
            }
            ImportError::Catalogue(_) => {
                words("Lỗi của chúng tôi khi đang ghi. Danh mục giữ nguyên như trước; nhập lại tệp này sau vài phút.")
            }
        }
    }
}
