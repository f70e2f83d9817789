//! What a form sent: its fields and files. Reads plain and multipart forms alike, so that pages work without scripts.
//!
//! Files are judged and stored while they come, by [`web::upload`]; one that is not taken is a fault of its field, the others are kept.
//! A script sends files before the form, by tus: the form then carries the upload's id in the field `name` + `.id`.

use crate::service::{Error, FileWrong};
use crate::sql::papers::Attachment;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use directory::Cx;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use store::Write;
use uuid::Uuid;
use web::upload::{FileFault, Incoming, Uploaded};
use web::{FieldFault, House, Key, Problem, Visit};

/// What a file input of a paper is called, before the paper's id.
const PAPER: &str = "tep.";
/// What follows a file input's name in the field that carries the id of an upload.
const UPLOAD: &str = ".id";
/// What follows it in the field that names uploads that look blurred.
const BLURRED: &str = ".mo";

/// A form as sent.
#[derive(Debug, Default)]
pub struct Sent {
    /// Fields in the order of the page.
    pub fields: Vec<(String, String)>,
    files: Vec<Came>,
    visitor: Option<Key>,
}

/// A file that came with a form.
#[derive(Debug)]
struct Came {
    field: String,
    name: String,
    file: Result<Incoming, FileFault>,
}

impl Came {
    /// Which file was not taken, and why, beside its field.
    fn fault(&self) -> Option<FieldFault> {
        let fault = self.file.as_ref().err()?;
        Some(FieldFault::new(self.field.clone(), web::words("{0}: {1}").with(&self.name).with_words(fault.words())))
    }
}

impl Sent {
    /// The last value sent under a name; empty when there is none.
    pub fn field(&self, name: &str) -> &str {
        self.fields.iter().rev().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// What tells this form from another one: its fields, and names and checksums of its files.
    pub fn digest(&self) -> Vec<String> {
        let fields = self.fields.iter().map(|(name, value)| format!("{name}={value}"));
        let files = self.files.iter().map(|came| {
            let sum = came.file.as_ref().map(|f| hex::encode(f.stored.sha256)).unwrap_or_default();
            format!("{}={} {sum}", came.field, came.name)
        });
        fields.chain(files).collect()
    }

    /// Files that were not taken, each beside its field.
    pub fn file_faults(&self) -> Vec<FieldFault> {
        self.files.iter().filter_map(Came::fault).collect()
    }

    /// Files for papers with the paper each is for: those of the form itself, and those its script sent before.
    pub fn papers(&self) -> Vec<(String, Stored)> {
        let here = self.files.iter().filter_map(|came| {
            let paper = came.field.strip_prefix(PAPER)?.to_owned();
            Some((paper, Stored(Bytes::Came(came.file.as_ref().ok()?.clone()))))
        });
        let before = self.fields.iter().filter_map(|(field, id)| {
            let paper = field.strip_prefix(PAPER)?.strip_suffix(UPLOAD)?.to_owned();
            let blurred = self.fields.iter().any(|(n, v)| v == id && n.strip_suffix(BLURRED) == field.strip_suffix(UPLOAD));
            Some((paper, Stored(Bytes::Waiting { visitor: self.visitor?, id: id.parse().ok()?, blurred })))
        });
        here.chain(before).collect()
    }

    /// The same, where one bad file stops the whole.
    pub fn good_papers(&self) -> Result<Vec<(String, Stored)>, Problem> {
        let faults = self.file_faults();
        if faults.is_empty() { Ok(self.papers()) } else { Err(Problem::fault(faults)) }
    }

    /// The file of a form that has one input for it; `None` when none was chosen.
    pub fn file(&self) -> Result<Option<Stored>, Problem> {
        let Some(came) = self.files.last() else { return Ok(None) };
        match &came.file {
            Ok(incoming) => Ok(Some(Stored(Bytes::Came(incoming.clone())))),
            Err(_) => Err(Problem::fault(came.fault().into_iter().collect())),
        }
    }
}

impl FromRequest<House> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, house: &House) -> Result<Sent, Problem> {
        let (mut parts, body) = request.into_parts();
        let visit = <Visit as FromRequestParts<House>>::from_request_parts(&mut parts, house).await?;
        let multipart =
            parts.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| v.starts_with("multipart/form-data"));
        let request = Request::from_parts(parts, body);
        let mut sent = Sent { visitor: visit.known_key(), ..Sent::default() };
        if !multipart {
            let axum::Form(fields) = axum::Form::<Vec<(String, String)>>::from_request(request, house)
                .await
                .map_err(|e| Problem::unreadable(e.body_text()))?;
            sent.fields = fields;
            return Ok(sent);
        }
        let mut form = Multipart::from_request(request, house).await.map_err(|e| Problem::unreadable(e.body_text()))?;
        loop {
            let part = match form.next_field().await {
                Ok(Some(part)) => part,
                Ok(None) => return Ok(sent),
                // The file that was too large was told already; what follows it cannot be read any more.
                Err(error) if is_too_large(&error) && sent.was_too_large() => return Ok(sent),
                Err(error) => return Err(unread(&error, house)),
            };
            let name = part.name().unwrap_or_default().to_owned();
            if part.file_name().is_none() {
                let text = part.bytes().await.map_err(|error| unread(&error, house))?;
                sent.fields.push((name, String::from_utf8_lossy(&text).into_owned()));
                continue;
            }
            // Each file has an owner of its own: bytes are never shared between people.
            let owner = visit.seed().uuid("sent", sent.files.len() as u64);
            let file_name = web::upload::clean_name(part.file_name().unwrap_or_default());
            if let Some(file) = web::upload::receive(house, owner, part).await? {
                sent.files.push(Came { field: name, name: file_name, file });
            }
        }
    }
}

impl Sent {
    fn was_too_large(&self) -> bool {
        self.files.iter().any(|came| matches!(came.file, Err(FileFault::TooLarge { .. })))
    }
}

fn is_too_large(error: &MultipartError) -> bool {
    error.status() == StatusCode::PAYLOAD_TOO_LARGE
}

fn unread(error: &MultipartError, house: &House) -> Problem {
    if is_too_large(error) { Problem::too_large(house.settings.max_file) } else { Problem::unreadable(error.body_text()) }
}

/// A file whose bytes are stored and which no row names yet.
#[derive(Clone, Debug)]
pub struct Stored(Bytes);

#[derive(Clone, Debug)]
enum Bytes {
    /// Made here.
    Made { bytes: store::Stored, name: String, media_type: String },
    /// Came with the form.
    Came(Incoming),
    /// Came before the form and waits among the visitor's uploads.
    Waiting { visitor: Key, id: Uuid, blurred: bool },
}

impl Stored {
    /// Bytes already in the store.
    pub fn of(bytes: store::Stored, name: &str, media_type: &str) -> Stored {
        Stored(Bytes::Made { bytes, name: name.to_owned(), media_type: media_type.to_owned() })
    }

    /// A finished upload of a visitor.
    pub fn waiting(visitor: Key, id: Uuid) -> Stored {
        Stored(Bytes::Waiting { visitor, id, blurred: false })
    }

    /// Keeps bytes made here, owned by `owner` (draft or dossier): files are never shared between owners.
    pub async fn made(house: &House, owner: Uuid, name: &str, media_type: &str, bytes: &[u8]) -> Result<Stored, Problem> {
        Ok(Stored::of(house.files.put_bytes(owner, bytes).await?, name, media_type))
    }

    /// The id its attachment will have, when that is known before: an upload taken twice is one attachment.
    pub(crate) fn id(&self) -> Option<Uuid> {
        match &self.0 {
            Bytes::Waiting { id, .. } => Some(*id),
            _ => None,
        }
    }

    /// Names the file in the unit of work.
    pub async fn keep(&self, tx: &Write<'_>, cx: &Cx, role: &str) -> Result<Attachment, Error> {
        let (id, name, media_type, size, sha256, file, hint) = match &self.0 {
            Bytes::Made { bytes, name, media_type } => {
                let file = store::keep(tx, &cx.by, bytes).await?;
                (None, name.clone(), media_type.clone(), bytes.size, bytes.sha256, file, None)
            }
            Bytes::Came(incoming) => {
                let Uploaded { name, file, size, sha256, kind, .. } = incoming.keep(tx, &cx.by).await?;
                (None, name, kind.mime().to_owned(), size, sha256, file, None)
            }
            Bytes::Waiting { visitor, id, blurred } => {
                let taken = web::upload::take(tx, *visitor, *id).await?;
                let Uploaded { name, file, size, sha256, kind, .. } = taken.ok_or(Error::File(FileWrong::Gone))?;
                (Some(*id), name, kind.mime().to_owned(), size, sha256, file, blurred.then(|| "blurred".to_owned()))
            }
        };
        Ok(Attachment {
            id: id.unwrap_or_else(|| cx.by.id("attachment", tx.serial())),
            draft: None,
            dossier: None,
            paper: None,
            role: role.to_owned(),
            file: file.0,
            name,
            media_type,
            size: i64::try_from(size).unwrap_or(i64::MAX),
            sha256: hex::encode(sha256),
            hint,
            added_at: cx.by.now,
            added_by: Some(cx.who.subject.id),
        })
    }
}
