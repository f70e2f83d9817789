//! What a form sent: its fields and files. Reads plain and multipart forms alike, so that pages work without scripts.

use crate::service::Error;
use crate::sql::papers::Attachment;
use axum::extract::{FromRequest, Multipart, Request};
use directory::Cx;
use http::header::CONTENT_TYPE;
use store::Write;
use uuid::Uuid;
use web::{House, Problem};

/// A form as sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// Fields in the order of the page.
    pub fields: Vec<(String, String)>,
    files: Vec<File>,
}

#[derive(Debug)]
struct File {
    field: String,
    name: String,
    bytes: Vec<u8>,
}

impl Sent {
    /// The last value sent under a name; empty when there is none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().rev().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// Keeps the bytes of every file before the unit of work, each with the name of its input. One bad file and none is kept.
    pub async fn store_all(&self, house: &House, owner: Uuid) -> Result<Vec<(String, Stored)>, Problem> {
        let judged =
            self.files.iter().map(|f| judge(&f.name, &f.bytes, house).map(|kind| (f, kind))).collect::<Result<Vec<_>, _>>()?;
        let mut out = Vec::with_capacity(judged.len());
        for (file, kind) in judged {
            out.push((file.field.clone(), Stored::made(house, owner, &file.name, kind, &file.bytes).await?));
        }
        Ok(out)
    }

    /// Keeps the one file of a form that has one input for it; `None` when none was chosen.
    pub async fn store(&self, house: &House, owner: Uuid) -> Result<Option<Stored>, Problem> {
        Ok(self.store_all(house, owner).await?.pop().map(|(_, stored)| stored))
    }
}

impl FromRequest<House> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House) -> Result<Sent, Problem> {
        let multipart = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|v| v.to_str().ok())
            .is_some_and(|v| v.starts_with("multipart/form-data"));
        if !multipart {
            let axum::Form(fields) = axum::Form::<Vec<(String, String)>>::from_request(request, house)
                .await
                .map_err(|e| Problem::unreadable(e.body_text()))?;
            return Ok(Sent { fields, files: Vec::new() });
        }
        let mut parts = Multipart::from_request(request, house).await.map_err(|e| Problem::unreadable(e.body_text()))?;
        let mut sent = Sent::default();
        while let Some(part) = parts.next_field().await.map_err(|e| Problem::unreadable(e.body_text()))? {
            let name = part.name().unwrap_or_default().to_owned();
            let file_name = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await.map_err(|e| Problem::unreadable(e.body_text()))?;
            match file_name {
                Some(given) if !given.is_empty() => {
                    sent.files.push(File { field: name, name: bare_name(&given), bytes: bytes.to_vec() })
                }
                Some(_) => {}
                None => sent.fields.push((name, String::from_utf8_lossy(&bytes).into_owned())),
            }
        }
        Ok(sent)
    }
}

/// The name of a file without any path in it, NFC, at most 120 characters.
fn bare_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = base::text::nfc(last).chars().filter(|c| !c.is_control()).take(120).collect();
    if kept.trim_matches(['.', ' ']).is_empty() { "tep".to_owned() } else { kept }
}

/// What a file is by its first bytes; a file that is empty, too large or says it is something else is not taken.
fn judge(name: &str, bytes: &[u8], house: &House) -> Result<&'static str, Problem> {
    if bytes.is_empty() {
        return Err(Problem::wrong_type(web::words("Tệp {0} rỗng, không có nội dung. Chọn lại tệp.").with(name)));
    }
    if bytes.len() as u64 > house.settings.max_file {
        return Err(Problem::too_large(house.settings.max_file));
    }
    let extension = name.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default();
    if !house.settings.file_types.contains(&extension) {
        let allowed = house.settings.file_types.join(", ");
        return Err(Problem::wrong_type(web::words("Tệp {0} không thuộc loại nhận được: {1}.").with(name).with(allowed)));
    }
    let found = infer::get(bytes);
    let same = |e: &str| match (e, extension.as_str()) {
        ("jpg", "jpeg") => true,
        // office files are zip or OLE containers
        ("zip", "docx" | "xlsx" | "odt") | ("msi" | "doc", "doc" | "xls") => true,
        (found, said) => found == said,
    };
    match found {
        Some(kind) if same(kind.extension()) => Ok(kind.mime_type()),
        _ => Err(Problem::wrong_type(
            web::words("Nội dung tệp {0} không phải loại ghi ở tên. Chụp lại hoặc lưu lại ở dạng PDF, JPG.").with(name),
        )),
    }
}

/// A file whose bytes are kept and which no row names yet.
#[derive(Clone, Debug)]
pub struct Stored {
    bytes: store::Stored,
    name: String,
    media_type: String,
}

impl Stored {
    /// Keeps bytes made or received, owned by `owner` (draft or dossier): files are never shared between owners.
    pub async fn made(house: &House, owner: Uuid, name: &str, media_type: &str, bytes: &[u8]) -> Result<Stored, Problem> {
        let bytes = house.files.put_bytes(owner, bytes).await?;
        Ok(Stored { bytes, name: name.to_owned(), media_type: media_type.to_owned() })
    }

    /// Names the file in the unit of work.
    pub async fn keep(&self, tx: &Write<'_>, cx: &Cx, role: &str) -> Result<Attachment, Error> {
        let file = store::keep(tx, &cx.by, &self.bytes).await?;
        Ok(Attachment {
            id: cx.by.id("attachment", tx.serial()),
            draft: None,
            dossier: None,
            paper: None,
            role: role.to_owned(),
            file: file.0,
            name: self.name.clone(),
            media_type: self.media_type.clone(),
            size: i64::try_from(self.bytes.size).unwrap_or(i64::MAX),
            sha256: hex::encode(self.bytes.sha256),
            hint: None,
            added_at: cx.by.now,
            added_by: Some(cx.who.subject.id),
        })
    }
}
