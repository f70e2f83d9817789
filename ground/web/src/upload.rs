//! Files people attach: by tus 1.0 where a line may break, by a plain multipart form everywhere.
//!
//! A page draws `web::files("giay-to", "Giấy chứng sinh", lines).endpoint(web::upload::ENDPOINT)`. With a script the file goes to the
//! endpoint in pieces and its id comes back in the hidden field `giay-to.id`; the handler then calls [`take`] in its unit of work. Without
//! a script the file itself is a part of the form; the handler gives each part to [`receive`] and keeps what comes back with
//! [`Incoming::keep`]. Both look at what the file is, not at what it says it is.

use axum::extract::multipart::Field;
use base::Moment;
use futures_util::StreamExt;
use http::{HeaderValue, header};
use store::{By, FileId, FileRow, Stored, Write};
use uuid::Uuid;

use crate::house::{House, Settings};
use crate::i18n::{Words, words};
use crate::problem::Problem;
use crate::session::{Key, Realm};
use crate::sql;

mod sniff;
pub(crate) mod tus;

pub use sniff::{Kind, Sniffer};

/// Where citizens' scripts send files.
pub const ENDPOINT: &str = "/tep";
/// Where officers' scripts send files.
pub const OFFICER_ENDPOINT: &str = "/can-bo/tep";

/// The endpoint of a realm.
pub fn endpoint(realm: Realm) -> &'static str {
    match realm {
        Realm::Citizen => ENDPOINT,
        Realm::Officer => OFFICER_ENDPOINT,
    }
}

/// Why a file was not taken. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFault {
    /// Nothing in it.
    Empty,
    /// Over the limit.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// Of a kind that is not taken.
    NotTaken {
        /// The extension it came with.
        extension: String,
        /// What is taken.
        taken: String,
    },
    /// Its content is not what its name says.
    Disguised {
        /// The extension it came with.
        extension: String,
    },
    /// The end is missing.
    Cut,
}

impl FileFault {
    /// What a person reads.
    pub fn words(&self) -> Words {
        match self {
            FileFault::Empty => words("Tệp này rỗng. Chọn lại tệp có nội dung."),
            FileFault::TooLarge { limit } => {
                words("Tệp này quá nặng, tối đa {0}. Chụp lại ở cỡ nhỏ hơn, hoặc tách thành nhiều tệp.")
                    .with_words(crate::say::size(limit))
            }
            FileFault::NotTaken { extension, taken } => {
                words("Chúng tôi chưa nhận tệp đuôi “{0}”. Gửi một trong các dạng: {1}.").with(extension).with(taken)
            }
            FileFault::Disguised { extension } => {
                words("Nội dung tệp không phải là “{0}” như tên của nó. Mở tệp, lưu lại đúng dạng PDF hoặc JPG rồi gửi.")
                    .with(extension)
            }
            FileFault::Cut => words("Tệp này thiếu phần cuối, có lẽ chép chưa xong. Chép lại tệp rồi gửi."),
        }
    }
}

impl From<FileFault> for Problem {
    fn from(fault: FileFault) -> Problem {
        match &fault {
            FileFault::TooLarge { limit } => Problem::too_large(*limit),
            FileFault::Empty => Problem::fault(vec![crate::problem::FieldFault::new("tep", fault.words())]),
            _ => Problem::wrong_type(fault.words()),
        }
    }
}

/// The name of a file as it may be shown and kept: the last part of a path, without control characters and without what
/// cannot be seen (marks that turn the direction of writing), at most 120 letters.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = base::text::nfc(last)
        .chars()
        .filter(|c| !c.is_control() && !base::text::is_unseen(*c) && !matches!(c, '"' | '<' | '>' | '|' | ':' | '*' | '?'))
        .collect();
    let kept = kept.trim().trim_start_matches('.').trim();
    if kept.is_empty() {
        return "tep".into();
    }
    let letters = kept.chars().count();
    if letters <= 120 {
        return kept.to_owned();
    }
    // The extension is kept, since it says what the file is.
    let extension: String = extension(kept);
    let stem: String = kept.chars().take(119 - extension.chars().count().min(20)).collect();
    if extension.is_empty() { stem } else { format!("{stem}.{extension}") }
}

/// The extension of a name, in small letters.
pub fn extension(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((_, extension)) if extension.len() <= 10 => extension.to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// Whether a file of this name and length may come at all.
pub fn may_come(name: &str, length: Option<u64>, settings: &Settings) -> Result<(), FileFault> {
    match length {
        Some(0) => return Err(FileFault::Empty),
        Some(length) if length > settings.max_file => return Err(FileFault::TooLarge { limit: settings.max_file }),
        _ => {}
    }
    let extension = extension(name);
    if settings.file_types.contains(&extension) {
        return Ok(());
    }
    Err(FileFault::NotTaken { extension, taken: settings.file_types.join(", ") })
}

/// A file that came with a plain form: stored, looked at, not yet kept.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Its clean name.
    pub name: String,
    /// Its bytes in the store.
    pub stored: Stored,
    /// What it is.
    pub kind: Kind,
}

impl Incoming {
    /// Makes it a file of the house, in the unit that refers to it.
    pub async fn keep(&self, tx: &Write<'_>, by: &By) -> Result<Uploaded, store::Error> {
        let file = store::keep(tx, by, &self.stored).await?;
        Ok(Uploaded {
            id: file.0,
            name: self.name.clone(),
            file,
            size: self.stored.size,
            sha256: self.stored.sha256,
            kind: self.kind,
        })
    }
}

/// Receives one file of a multipart form. `Ok(None)` when the field was left empty; `Ok(Some(Err(_)))` when the file is not taken.
///
/// A page with such a field raises its own body limit: `Routes::with(|r| r.layer(DefaultBodyLimit::max(…)))`.
pub async fn receive(house: &House, owner: Uuid, field: Field<'_>) -> Result<Option<Result<Incoming, FileFault>>, Problem> {
    let given = field.file_name().unwrap_or_default().to_owned();
    if given.is_empty() {
        return Ok(None);
    }
    let name = clean_name(&given);
    if let Err(fault) = may_come(&name, None, &house.settings) {
        return Ok(Some(Err(fault)));
    }
    let mut sniffer = Sniffer::default();
    let watched = field.map(|piece| {
        if let Ok(bytes) = &piece {
            sniffer.see(bytes);
        }
        piece
    });
    let limit = house.settings.max_file;
    let stored = match house.files.put(owner, limit, watched).await {
        Ok(stored) => stored,
        Err(store::Error::TooLarge { limit }) => return Ok(Some(Err(FileFault::TooLarge { limit }))),
        Err(error) => return Err(error.into()),
    };
    if stored.size == 0 {
        return Ok(Some(Err(FileFault::Empty)));
    }
    Ok(Some(sniffer.judge(&extension(&name)).map(|kind| Incoming { name, stored, kind })))
}

/// A file that is all here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// The id of the upload (of the file, when it came with a plain form).
    pub id: Uuid,
    /// Its clean name.
    pub name: String,
    /// The file.
    pub file: FileId,
    /// Bytes.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// What it is.
    pub kind: Kind,
}

/// Takes a finished upload over into the caller's unit: from now on the file is the caller's to let go.
///
/// `None` when it is not there, not finished, neither this browser's nor of whoever has signed in there, or taken already.
pub async fn take(tx: &Write<'_>, owner: Key, id: Uuid) -> Result<Option<Uploaded>, store::Error> {
    let Some(whole) = sql::take_whole(tx, owner, id).await? else { return Ok(None) };
    Ok(Some(Uploaded {
        id: whole.id,
        name: whole.name,
        file: whole.file,
        size: u64::try_from(whole.length).unwrap_or_default(),
        sha256: whole.sha256,
        kind: Kind::parse(&whole.kind).unwrap_or(Kind::Other),
    }))
}

/// Lets some of the uploads go that nobody finished or took in time; answers how many, 0 when none are left.
pub async fn sweep(tx: &Write<'_>, now: Moment) -> Result<u64, store::Error> {
    let over = sql::expired(tx, now).await?;
    for id in &over {
        let file = sql::forget_upload(tx, *id).await?;
        drop_pieces(tx, *id).await?;
        if let Some(file) = file {
            store::let_go(tx, file).await?;
        }
    }
    sql::forget_networks(tx, now.plus(jiff::SignedDuration::from_hours(-24))).await?;
    Ok(over.len() as u64)
}

/// Lets an upload go in any state; false when it was not there. It counts until its time is over, as long as its bytes lie on the disk.
async fn give_up(tx: &Write<'_>, owner: Key, id: Uuid) -> Result<bool, store::Error> {
    let Some(file) = sql::drop_upload(tx, owner, id).await? else { return Ok(false) };
    drop_pieces(tx, id).await?;
    if let Some(file) = file {
        store::let_go(tx, file).await?;
    }
    Ok(true)
}

async fn drop_pieces(tx: &Write<'_>, upload: Uuid) -> Result<(), store::Error> {
    for piece in sql::take_pieces(tx, upload).await? {
        store::let_go(tx, piece).await?;
    }
    Ok(())
}

/// Sends a kept file as it is read, piece by piece. PDF and pictures are shown in the page when `inline`; everything else is saved. Rights
/// are the caller's matter.
pub async fn send(
    house: &House,
    file: &FileRow,
    name: &str,
    kind: Kind,
    inline: bool,
) -> Result<axum::response::Response, Problem> {
    let bytes = house.files.get(file).await?;
    let mut response = axum::response::Response::new(axum::body::Body::from_stream(bytes));
    let headers = response.headers_mut();
    let shown = inline && kind.can_be_shown();
    let ascii: String =
        base::text::fold(name).chars().map(|c| if c.is_ascii_graphic() && c != '"' && c != '\\' { c } else { '_' }).collect();
    let exact: String = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let disposition = format!("{}; filename=\"{ascii}\"; filename*=UTF-8''{exact}", if shown { "inline" } else { "attachment" });
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind.mime()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.size));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.extend(HeaderValue::from_str(&disposition).ok().map(|v| (header::CONTENT_DISPOSITION, v)));
    // a PDF shown in our own page stands in a frame there; nothing else may be framed, and nothing runs
    let (policy, frame) = match shown && kind == Kind::Pdf {
        true => ("default-src 'none'; object-src 'self'; frame-ancestors 'self'", "SAMEORIGIN"),
        false => ("default-src 'none'; sandbox", "DENY"),
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static(frame));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_a_name_is_stripped() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\Users\\a\\giấy chứng sinh.PDF"), "giấy chứng sinh.PDF");
        assert_eq!(clean_name("...\u{0}\n"), "tep");
        assert_eq!(clean_name("<script>.pdf"), "script.pdf");
        assert_eq!(clean_name(&format!("{}.pdf", "ạ".repeat(300))).chars().count(), 120);
        assert!(clean_name(&format!("{}.pdf", "a".repeat(300))).ends_with(".pdf"));
    }

    #[test]
    fn what_may_come_is_said_before_a_byte_is_sent() {
        let settings = Settings::default();
        assert_eq!(may_come("a.pdf", Some(0), &settings), Err(FileFault::Empty));
        assert_eq!(may_come("a.pdf", Some(u64::MAX), &settings), Err(FileFault::TooLarge { limit: settings.max_file }));
        assert!(matches!(may_come("a.exe", Some(1), &settings), Err(FileFault::NotTaken { .. })));
        assert_eq!(may_come("A.JPG", Some(1), &settings), Ok(()));
    }
}
