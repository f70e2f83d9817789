//! Files and papers of a dossier: downloads, form 01, form 02, the slip.

use crate::row::DossierRow;
use crate::service::{self, KeptFile, Whole};
use crate::{letterhead, places, printing};
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::Moment;
use base::calendar::OfficeHours;
use directory::{Cx, OfficerDesk, Unit, UnitId, WorkTime};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_FRAME_OPTIONS};
use http::{HeaderName, HeaderValue};
use paper::Office;
use serde::Deserialize;
use uuid::Uuid;
use web::{House, Problem};

/// Shown in the page or downloaded.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    /// Show it in the page.
    #[serde(default)]
    pub xem: bool,
}

/// `GET /can-bo/ho-so/{id}/tep/{file}`
pub async fn file(desk: OfficerDesk, Path((id, file)): Path<(Uuid, Uuid)>, Query(ask): Query<Ask>) -> Result<Response, Problem> {
    officers_file(&desk, id, file, ask.xem).await
}

/// A file of a dossier for an officer; the reading is recorded before its first byte leaves.
pub async fn officers_file(desk: &OfficerDesk, dossier: Uuid, file: Uuid, inline: bool) -> Result<Response, Problem> {
    let cx = desk.cx.clone();
    let kept = desk.house.db.write(async move |tx: &store::Write<'_>| service::see_file(tx, &cx, dossier, file).await).await?;
    send(&desk.house, &kept, inline).await
}

async fn send(house: &House, kept: &KeptFile, inline: bool) -> Result<Response, Problem> {
    let kind = web::upload::Kind::of_mime(&kept.attachment.media_type);
    web::upload::send(house, &kept.file, &kept.attachment.name, kind, inline).await
}

/// A paper made here, under a name, shown in the page. Nothing in it runs as a page of ours.
fn named(bytes: Vec<u8>, name: &str) -> Response {
    let coded: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let disposition = HeaderValue::from_str(&format!("inline; filename*=UTF-8''{coded}"));
    let headers: [(HeaderName, HeaderValue); 5] = [
        (CONTENT_TYPE, HeaderValue::from_static("application/pdf")),
        (CONTENT_DISPOSITION, disposition.unwrap_or(HeaderValue::from_static("inline"))),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; object-src 'self'; frame-ancestors 'self'")),
        (X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    ];
    (headers, bytes).into_response()
}

/// Renders a paper on a thread of its own: typesetting takes milliseconds, too long for the threads that serve.
pub async fn render(paper: impl paper::Paper + Send + 'static) -> Result<Vec<u8>, Problem> {
    tokio::task::spawn_blocking(move || paper::render(&paper))
        .await
        .map_err(|e| Problem::ours(e.to_string()))?
        .map_err(|e| Problem::ours(e.to_string()))
}

/// The papers of a dossier that are made on demand; the same dossier gives the same bytes.
#[derive(Clone, Copy, Debug)]
pub enum Paper {
    /// Form 01.
    Receipt,
    /// Form 02, the last one.
    Supplement,
    /// Form 02 of this round.
    Round(i64),
    /// Large-type slip.
    Slip,
}

/// Makes a paper of a dossier.
pub async fn made(house: &House, whole: &Whole, which: Paper) -> Result<Response, Problem> {
    let settings = house.settings.clone();
    let place = printing::House { address: &settings.address, hotline: &settings.hotline };
    let row = &whole.row;
    let (bytes, name) = match which {
        Paper::Receipt => {
            let from = issuer(house, row, row.accepted_at.ok_or_else(Problem::not_found)?).await?;
            let paper = printing::receipt(whole, from.office, &place).ok_or_else(Problem::not_found)?;
            (render(paper).await?, format!("giay-hen-{}.pdf", row.name_code()))
        }
        Paper::Supplement | Paper::Round(_) => {
            let asked = match which {
                Paper::Round(round) => whole.supplements.iter().find(|s| s.round == round),
                _ => whole.supplements.last(),
            }
            .ok_or_else(Problem::not_found)?;
            let from = issuer(house, row, asked.requested_at).await?;
            let paper = printing::supplement_request(whole, asked, from.office, &from.desk.phone, &place);
            (render(paper).await?, format!("phieu-bo-sung-{}-{}.pdf", row.filing_code, asked.round))
        }
        Paper::Slip => {
            let from = issuer(house, row, printing::slip_made_at(whole)).await?;
            let slip = printing::slip(whole, from.office, &from.desk, from.hours, &place);
            (render(slip).await?, format!("phieu-nho-{}.pdf", row.name_code()))
        }
    };
    Ok(named(bytes, &name))
}

/// The desk that issues a paper.
struct Issuer {
    /// As it was called when the paper was made.
    office: Office,
    /// As it is now: where people come, whom they call.
    desk: Unit,
    /// Its hours today.
    hours: OfficeHours,
}

async fn issuer(house: &House, row: &DossierRow, made_at: Moment) -> Result<Issuer, Problem> {
    let (id, now) = (UnitId(row.desk), house.clock.now());
    let look = async move |tx: &store::Read<'_>| {
        let office = letterhead::office(tx, id, made_at).await?;
        let hours = WorkTime::of_unit(tx, id, now).await?.calendar.hours_on(now.date());
        Ok::<_, service::Error>(Issuer { office, desk: places::unit(tx, id).await?, hours })
    };
    Ok(house.db.read(look).await?)
}

impl Paper {
    /// What the API calls it.
    pub fn from_word(word: &str) -> Option<Paper> {
        Some(match word {
            "receipt" => Paper::Receipt,
            "supplement-request" => Paper::Supplement,
            "slip" => Paper::Slip,
            _ => Paper::Round(word.strip_prefix("supplement-request-")?.parse().ok()?),
        })
    }
}

/// `GET /can-bo/ho-so/{id}/mau-01.pdf`
pub async fn receipt(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    officers(desk, id, Paper::Receipt).await
}

/// Which form 02.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// Its round; none: the last.
    pub lan: Option<i64>,
}

/// `GET /can-bo/ho-so/{id}/mau-02.pdf`
pub async fn supplement(desk: OfficerDesk, Path(id): Path<Uuid>, Query(ask): Query<Which>) -> Result<Response, Problem> {
    officers(desk, id, ask.lan.map_or(Paper::Supplement, Paper::Round)).await
}

/// `GET /can-bo/ho-so/{id}/phieu-nho.pdf`
pub async fn slip(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    officers(desk, id, Paper::Slip).await
}

/// A paper for an officer; the reading is recorded.
pub async fn officers(desk: OfficerDesk, id: Uuid, which: Paper) -> Result<Response, Problem> {
    let cx = desk.cx.clone();
    let whole = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| service::see(tx, &cx, id, Some("in giấy tờ của hồ sơ")).await)
        .await?;
    made(&desk.house, &whole, which).await
}

/// A citizen's own download.
pub async fn own_file(house: &House, cx: &Cx, dossier: Uuid, file: Uuid) -> Result<Response, Problem> {
    let cx = cx.clone();
    let kept = house.db.read(async move |tx: &store::Read<'_>| service::own_file(tx, &cx, dossier, file).await).await?;
    send(house, &kept, false).await
}
