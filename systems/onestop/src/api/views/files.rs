//! Files: what is known of one, and the forms they come in.

use base::Moment;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A file.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct FileView {
    /// Its id.
    pub id: Uuid,
    /// Paper it is for.
    pub paper: Option<String>,
    /// `paper`, `handling`, `result`.
    pub role: String,
    /// Name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
    /// Where its bytes are; none before the draft is sent.
    pub href: Option<String>,
}

/// A form with one file.
#[derive(Debug, ToSchema)]
#[allow(dead_code)] // describes what is sent; read as a form
pub struct OneFile {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    pub tep: Vec<u8>,
    /// The fact; absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub happened_at: Option<Moment>,
    /// Why it is entered more than 15 minutes later.
    pub late_reason: Option<String>,
}

/// A form with the result.
#[derive(Debug, ToSchema)]
#[allow(dead_code)] // describes what is sent; read as a form
pub struct IssuingFile {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    pub tep: Vec<u8>,
    /// Number and symbol from the unit's own register.
    pub number: Option<String>,
    /// The fact; absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub happened_at: Option<Moment>,
    /// Why it is entered more than 15 minutes later.
    pub late_reason: Option<String>,
}

/// A form with files for papers; each input is called `tep.` and the paper's id.
#[derive(Debug, ToSchema)]
#[allow(dead_code)] // describes what is sent; read as a form
pub struct PaperFiles {
    /// A file for the paper `{paper}`.
    #[schema(value_type = String, format = Binary)]
    #[serde(rename = "tep.{paper}")]
    pub paper: Vec<u8>,
}

impl From<&crate::sql::papers::Attachment> for FileView {
    fn from(a: &crate::sql::papers::Attachment) -> FileView {
        FileView {
            id: a.id,
            paper: a.paper.clone(),
            role: a.role.clone(),
            name: a.name.clone(),
            size: a.size,
            sha256: a.sha256.clone(),
            href: None,
        }
    }
}
