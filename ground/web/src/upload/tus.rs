//! The server side of tus 1.0: creation, offset, pieces with checksums, expiry, giving up. <https://tus.io/protocols/resumable-upload>
//!
//! Each piece is a file of the store, so that any machine may receive the next one; when the last is here they become one file.

use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse, Response};
use base::Moment;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};
use store::{By, FileRow, Read, Write};
use uuid::Uuid;

use super::{FileFault, Sniffer, clean_name, drop_pieces, endpoint, extension, may_come};
use crate::budget::{self, Who};
use crate::house::House;
use crate::i18n::words;
use crate::problem::Problem;
use crate::session::{Key, Realm};
use crate::sql::{self, Upload};
use crate::visit::Visit;

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,checksum,expiration,termination";
const PIECE_TYPE: &str = "application/offset+octet-stream";

/// What this server can do.
pub(crate) async fn options(State(house): State<House>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    set(headers, "tus-version", VERSION);
    set(headers, "tus-extension", EXTENSIONS);
    set(headers, "tus-max-size", &house.settings.max_file.to_string());
    set(headers, "tus-checksum-algorithm", "sha256");
    resumable(response)
}

/// Begins an upload: 201 with its address.
pub(crate) async fn create(State(house): State<House>, visit: Visit, headers: HeaderMap) -> Result<Response, Problem> {
    may_enter(&house, &visit).await?;
    speaks_tus(&headers)?;
    let length = number(&headers, "upload-length")?.ok_or_else(|| Problem::unreadable("no Upload-Length"))?;
    let name = clean_name(&metadata(&headers, "filename").unwrap_or_default());
    may_come(&name, Some(length), &house.settings)?;
    let who = Who::of(&house, &visit, visit.key()).await?;
    let (id, settings) = (visit.seed().uuid("upload", 0), house.settings.clone());
    let expires_at = who.at.plus(jiff::SignedDuration::from_hours(i64::from(settings.upload_hours)));
    let begun = async move |tx: &Write<'_>| -> Result<(), Problem> {
        budget::for_upload(tx, &who, &settings, length).await?;
        let length = i64::try_from(length).map_err(|_| Problem::too_large(settings.max_file))?;
        Ok(sql::begin_upload(tx, id, &who, &name, length, expires_at).await?)
    };
    house.db.write(begun).await?;
    let mut response = StatusCode::CREATED.into_response();
    let headers = response.headers_mut();
    set(headers, "location", &format!("{}/{id}", endpoint(visit.realm())));
    set(headers, "upload-offset", "0");
    set(headers, "upload-expires", &http_date(expires_at));
    Ok(resumable(response))
}

/// How much is here.
pub(crate) async fn offset(State(house): State<House>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    may_enter(&house, &visit).await?;
    let owner = owner(&visit)?;
    let mut row = find(&house, owner, id, visit.at()).await?;
    if row.received == row.length && row.sha256.is_none() {
        // The machine stopped between the last piece and the whole: it is made now.
        row.sha256 = Some(finish(&house, id, &row, visit.at()).await?);
    }
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    set(headers, "upload-offset", &row.received.to_string());
    set(headers, "upload-length", &row.length.to_string());
    set(headers, "upload-expires", &http_date(row.expires_at));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(sum) = row.sha256 {
        set(headers, "x-sha256", &hex::encode(sum));
    }
    Ok(resumable(response))
}

/// Receives the next piece.
pub(crate) async fn piece(
    State(house): State<House>,
    visit: Visit,
    Path(id): Path<Uuid>,
    request: Request,
) -> Result<Response, Problem> {
    may_enter(&house, &visit).await?;
    let headers = request.headers();
    speaks_tus(headers)?;
    if headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) != Some(PIECE_TYPE) {
        return Err(Problem::wrong_type(words("Phần tệp phải có kiểu {0}.").with(PIECE_TYPE)));
    }
    let offset = number(headers, "upload-offset")?.ok_or_else(|| Problem::unreadable("no Upload-Offset"))?;
    let checksum = checksum(headers)?;
    let owner = owner(&visit)?;
    let row = find(&house, owner, id, visit.at()).await?;
    let offset = i64::try_from(offset).map_err(|_| Problem::unreadable("Upload-Offset"))?;
    if offset != row.received {
        return Err(Problem::conflict(words("Phần tệp này không nối vào chỗ đã nhận.")).because("offset"));
    }
    // In a task of its own: when the line breaks, what has come is still kept.
    let (house2, at) = (house.clone(), visit.at());
    let received = tokio::spawn(async move { append(&house2, id, &row, request.into_body(), checksum, at).await });
    let (received, length, name, expires_at) = received.await.map_err(|e| Problem::ours(e.to_string()))??;
    let mut sum = None;
    if received == length {
        let row = Upload { name, length, received, sha256: None, expires_at };
        sum = Some(finish(&house, id, &row, at).await?);
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    set(headers, "upload-offset", &received.to_string());
    set(headers, "upload-expires", &http_date(expires_at));
    if let Some(sum) = sum {
        set(headers, "x-sha256", &hex::encode(sum));
    }
    Ok(resumable(response))
}

/// Gives an upload up.
pub(crate) async fn give_up(State(house): State<House>, visit: Visit, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    may_enter(&house, &visit).await?;
    let owner = owner(&visit)?;
    let gone = house.db.write(async move |tx: &Write<'_>| super::give_up(tx, owner, id).await).await?;
    if gone { Ok(resumable(StatusCode::NO_CONTENT.into_response())) } else { Err(Problem::not_found()) }
}

/// Stores what comes and notes it; answers how much is here now.
async fn append(
    house: &House,
    id: Uuid,
    row: &Upload,
    body: Body,
    checksum: Option<[u8; 32]>,
    at: Moment,
) -> Result<(i64, i64, String, Moment), Problem> {
    let room = u64::try_from(row.length - row.received).unwrap_or(0);
    let stream = body.into_data_stream();
    let put = match checksum {
        Some(promised) => house.files.put(id, room, as_promised(stream, promised)).await,
        // A cut line ends the piece; what came before the cut is good.
        None => house.files.put(id, room, stream.take_while(|piece| std::future::ready(piece.is_ok()))).await,
    };
    let stored = match put {
        Ok(stored) => stored,
        Err(store::Error::TooLarge { .. }) => return Err(FileFault::TooLarge { limit: row.length as u64 }.into()),
        Err(store::Error::File(why)) if why == DAMAGED => return Err(Problem::checksum()),
        Err(error) => return Err(error.into()),
    };
    let more = i64::try_from(stored.size).unwrap_or(0);
    if more == 0 {
        return Ok((row.received, row.length, row.name.clone(), row.expires_at));
    }
    let (from, by) = (row.received, By::system(at));
    let noted = house
        .db
        .write(async move |tx: &Write<'_>| {
            if !sql::advance(tx, id, from, more).await? {
                return Ok(false);
            }
            let file = store::keep(tx, &by, &stored).await?;
            sql::add_piece(tx, id, from, file).await?;
            Ok::<_, store::Error>(true)
        })
        .await?;
    if !noted {
        return Err(Problem::conflict(words("Phần tệp này không nối vào chỗ đã nhận.")).because("a twin was quicker"));
    }
    Ok((from + more, row.length, row.name.clone(), row.expires_at))
}

/// What the store is told of a piece that is another one than was promised.
const DAMAGED: &str = "the piece is another one than was promised";

/// The bytes of a piece, with an error at their end when they are not those that were promised: then nothing of them is left on the disk.
fn as_promised(bytes: BodyDataStream, promised: [u8; 32]) -> impl Stream<Item = Result<Bytes, String>> {
    futures_util::stream::try_unfold((bytes, Sha256::new()), move |(mut bytes, mut hash)| async move {
        if let Some(some) = bytes.try_next().await.map_err(|e| e.to_string())? {
            hash.update(&some);
            return Ok(Some((some, (bytes, hash))));
        }
        let came: [u8; 32] = hash.finalize().into();
        if came == promised { Ok(None) } else { Err(DAMAGED.to_owned()) }
    })
}

/// Makes one file of the pieces and looks at what it is.
async fn finish(house: &House, id: Uuid, row: &Upload, at: Moment) -> Result<[u8; 32], Problem> {
    let look = async move |tx: &Read<'_>| Ok::<_, store::Error>((sql::whole(tx, id).await?, kept(tx, id).await?));
    let (whole, pieces) = house.db.read(look).await?;
    // A twin that was quicker has made the file.
    if let Some(sum) = whole.ok_or_else(Problem::not_found)? {
        return Ok(sum);
    }
    let mut sniffer = Sniffer::default();
    let files = house.files.clone();
    let pieces = futures_util::stream::iter(pieces).then(move |piece| open(files.clone(), piece).boxed()).try_flatten().boxed();
    let watched = pieces.inspect_ok(|bytes| sniffer.see(bytes));
    let stored = house.files.put(id, house.settings.max_file, watched).await?;
    let judged = sniffer.judge(&extension(&row.name));
    if stored.size != row.length as u64 {
        return Err(Problem::ours(format!("upload {id}: {} bytes of {}", stored.size, row.length)));
    }
    let (by, fault, sum) = (By::system(at), judged.clone().err(), stored.sha256);
    house
        .db
        .write(async move |tx: &Write<'_>| {
            match &judged {
                Ok(kind) => {
                    // Of two that finish at once one makes the file, or it would be counted twice.
                    if sql::become_whole(tx, id, &stored.sha256, kind.code()).await? {
                        let file = store::keep(tx, &by, &stored).await?;
                        sql::set_file(tx, id, file).await?;
                    }
                }
                Err(_) => sql::refuse_upload(tx, id).await?,
            }
            // After the whole was kept: a whole of one piece is the same bytes.
            drop_pieces(tx, id).await
        })
        .await?;
    match fault {
        Some(fault) => Err(fault.into()),
        None => Ok(sum),
    }
}

/// The files of an upload's pieces, in their order.
async fn kept(tx: &Read<'_>, upload: Uuid) -> Result<Vec<FileRow>, store::Error> {
    let mut files = Vec::new();
    for piece in sql::pieces(tx, upload).await? {
        files.push(store::file(tx, piece).await?.ok_or(store::Error::NoRow)?);
    }
    Ok(files)
}

/// The bytes of one piece.
async fn open(files: store::Files, row: FileRow) -> Result<BoxStream<'static, Result<Bytes, store::Error>>, store::Error> {
    files.get(&row).await
}

async fn find(house: &House, owner: Key, id: Uuid, at: Moment) -> Result<Upload, Problem> {
    let row = house.db.read(async move |tx: &Read<'_>| sql::upload(tx, owner, id).await).await?;
    row.filter(|r| r.expires_at > at).ok_or_else(Problem::not_found)
}

/// The officers' address is for officers who have signed in. The citizens' is for anyone, since a supplement is also sent without an account.
async fn may_enter(house: &House, visit: &Visit) -> Result<(), Problem> {
    match visit.realm() {
        Realm::Officer if visit.standing(house).await?.session.is_none() => Err(Problem::sign_in(Realm::Officer)),
        _ => Ok(()),
    }
}

/// Uploads belong to a cookie; without one there is nothing to find.
fn owner(visit: &Visit) -> Result<Key, Problem> {
    visit.known_key().ok_or_else(Problem::not_found)
}

fn speaks_tus(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get("tus-resumable").and_then(|v| v.to_str().ok()) {
        Some(VERSION) => Ok(()),
        _ => Err(Problem::precondition(VERSION)),
    }
}

fn number(headers: &HeaderMap, name: &'static str) -> Result<Option<u64>, Problem> {
    match headers.get(name) {
        None => Ok(None),
        Some(value) => {
            let text = value.to_str().unwrap_or_default();
            text.parse().map(Some).map_err(|_| Problem::unreadable(format!("{name}: {text}")))
        }
    }
}

/// One value of `Upload-Metadata`: pairs of a key and base64, separated by commas.
fn metadata(headers: &HeaderMap, name: &str) -> Option<String> {
    let text = headers.get("upload-metadata")?.to_str().ok()?;
    let value = text.split(',').find_map(|pair| {
        let (key, value) = pair.trim().split_once(' ')?;
        (key == name).then_some(value)
    })?;
    String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()
}

fn checksum(headers: &HeaderMap) -> Result<Option<[u8; 32]>, Problem> {
    let Some(text) = headers.get("upload-checksum").and_then(|v| v.to_str().ok()) else { return Ok(None) };
    let (algorithm, value) = text.split_once(' ').unwrap_or((text, ""));
    if algorithm != "sha256" {
        return Err(Problem::unreadable(format!("checksum algorithm {algorithm}")));
    }
    let bytes = STANDARD.decode(value).ok().and_then(|b| b.try_into().ok());
    bytes.map(Some).ok_or_else(|| Problem::unreadable("checksum"))
}

fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    headers.extend(HeaderValue::from_str(value).ok().map(|v| (HeaderName::from_static(name), v)));
}

fn resumable(mut response: Response) -> Response {
    response.headers_mut().insert("tus-resumable", HeaderValue::from_static(VERSION));
    response
}

/// The date form of HTTP.
fn http_date(at: Moment) -> String {
    at.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
