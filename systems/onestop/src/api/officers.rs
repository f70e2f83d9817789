//! Officers' calls.

use super::views::{
    Accepting, Asking, Brought, Claiming, Competent, DossierLine, DossierList, DossierView, Finding, Happened, Issuing,
    IssuingFile, OneFile, Returning, Saying,
};
use crate::acts::List;
use crate::dossier::{Outcome, ResultChannel, SupplementItem, Verdict, When, channel_of};
use crate::draft::FeeSaid;
use crate::pages::acting;
use crate::pages::inbox::{PER_PAGE, clockwork};
use crate::pages::papers::{self, Paper};
use crate::sent::{Sent, Stored};
use crate::service::{self, Error};
use crate::sql::dossiers::{self, Asked, Held, Queue, SortBy};
use axum::Json;
use axum::extract::{Path, Query};
use axum::response::Response;
use base::Moment;
use catalogue::VersionId;
use directory::OfficerDesk;
use serde::Deserialize;
use store::{Read, Write};
use utoipa::IntoParams;
use uuid::Uuid;
use web::{Once, Problem};

/// Does an act once and answers with the dossier's line as it is then.
macro_rules! act {
    ($desk:ident, $once:ident, $body:ident, |$tx:ident, $cx:ident| $act:expr) => {{
        let cx = $desk.cx.clone();
        let answer = $once
            .run(&$desk.house, &$body, async move |$tx: &Write<'_>| {
                let $cx = &cx;
                let row = $act.await?;
                Ok::<_, Error>(serde_json::to_string(&DossierLine::from(&row))?)
            })
            .await?;
        line_of(&answer)
    }};
}

fn line_of(answer: &str) -> Answer {
    serde_json::from_str(answer).map(Json).map_err(|e| Problem::ours(e.to_string()))
}

/// Which list.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct Which {
    /// `todo`, `to_accept`, `due_today`, `overdue`, `awaiting_supplement`, `to_return`, `no_competence`; absent or `all`: every one.
    #[serde(default)]
    pub queue: String,
    /// Words that must occur, the last one as a beginning.
    #[serde(default)]
    pub q: String,
    /// Field of procedures, exact.
    pub field: Option<String>,
    /// `direct`, `online`, `post`.
    pub channel: Option<String>,
    /// `nobody`: nobody has taken the step; `me`: whoever asks.
    pub held: Option<String>,
    /// `due`, `code`, `procedure`; `-` before it: the other way round. Absent: due, in `all` the latest first.
    pub sort: Option<String>,
    /// Page, from 1.
    pub page: Option<u64>,
    /// Rows, at most 100.
    pub limit: Option<u64>,
}

/// One page of a queue, most urgent first. A search for words is recorded.
#[utoipa::path(get, path = "/api/v1/dossiers", tag = "officers", params(Which), responses((status = 200, body = DossierList)))]
pub async fn list(desk: OfficerDesk, Query(which): Query<Which>) -> Result<Json<DossierList>, Problem> {
    let queue = match which.queue.as_str() {
        "" => Queue::All,
        code => Queue::from_code(code).ok_or_else(|| Problem::unreadable(format!("queue: {code} is none of the queues")))?,
    };
    let limit = which.limit.unwrap_or(PER_PAGE).clamp(1, 100);
    let page = which.page.unwrap_or(1).clamp(1, 100_000);
    let mut asked = Asked { query: which.q, field: which.field, offset: (page - 1) * limit, limit, ..Asked::of(queue) };
    if let Some(word) = &which.channel {
        let channel = channel_of(word).ok_or_else(|| Problem::unreadable("channel is direct, online or post"))?;
        asked.channel = Some(channel);
    }
    asked.held = match which.held.as_deref() {
        None => Held::Any,
        Some("nobody") => Held::ByNobody,
        Some("me") => Held::ByMe,
        Some(_) => return Err(Problem::unreadable("held is nobody or me")),
    };
    if let Some(sort) = &which.sort {
        (asked.sort, asked.down) = match (sort.trim_start_matches('-'), sort.starts_with('-')) {
            ("due", down) => (SortBy::Due, down),
            ("code", down) => (SortBy::Code, down),
            ("procedure", down) => (SortBy::Procedure, down),
            _ => return Err(Problem::unreadable("sort is due, code or procedure")),
        };
    }
    let (who, at) = (desk.cx.who.clone(), clockwork(desk.cx.by.now));
    service::searched(&desk.house.db, &desk.cx, &asked.query).await?;
    let (rows, counts) = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let rows = dossiers::list::<List>(tx, &who, &asked, &at).await?;
            Ok::<_, store::Error>((rows, dossiers::counts::<List>(tx, &who, &asked, &at).await?))
        })
        .await?;
    let next = (page * limit < counts.matched.unsigned_abs()).then_some(page + 1);
    Ok(Json(DossierList { dossiers: rows.iter().map(DossierLine::from).collect(), total: counts.matched, next }))
}

/// One dossier whole. The reading is recorded.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}", tag = "officers", params(("id" = Uuid, Path)), responses((status = 200, body = DossierView)))]
pub async fn see(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Json<DossierView>, Problem> {
    let cx = desk.cx.clone();
    let whole = desk.house.db.write(async move |tx: &Write<'_>| service::see(tx, &cx, id, None).await).await?;
    Ok(Json(DossierView::of_officers(&whole, "/api/v1/dossiers")))
}

/// The bytes of a file of a dossier. The reading is recorded.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/files/{file}", tag = "officers", params(("id" = Uuid, Path), ("file" = Uuid, Path)), responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404)))]
pub async fn file(desk: OfficerDesk, Path((id, file)): Path<(Uuid, Uuid)>) -> Result<Response, Problem> {
    papers::officers_file(&desk, id, file, false).await
}

/// A paper made on demand: `receipt` (form 01), `supplement-request` (the last form 02; `supplement-request-1` the first) or `slip`, as
/// PDF/A. The reading is recorded.
#[utoipa::path(get, path = "/api/v1/dossiers/{id}/papers/{paper}", tag = "officers", params(("id" = Uuid, Path), ("paper" = String, Path)), responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404)))]
pub async fn paper(desk: OfficerDesk, Path((id, paper)): Path<(Uuid, String)>) -> Result<Response, Problem> {
    papers::officers(desk, id, Paper::from_word(&paper).ok_or_else(Problem::not_found)?).await
}

/// Adds a file in handling: a multipart form with one file.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/files", tag = "officers", params(("id" = Uuid, Path)), request_body(content = OneFile, content_type = "multipart/form-data"), responses((status = 200, body = DossierLine), (status = 409), (status = 422)))]
pub async fn add_file(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, sent: Sent) -> Answer {
    let (stored, body, when) = (the_file(&sent)?, sent.digest(), when_of(&sent, desk.cx.by.now)?);
    act!(desk, once, body, |tx, cx| async {
        let file = stored.keep(tx, cx, "handling").await?;
        service::add_file(tx, cx, id, when.clone(), file).await
    })
}

/// Issues the result from a file of its own, marked unsigned: a multipart form with one file.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/result", tag = "officers", params(("id" = Uuid, Path)), request_body(content = IssuingFile, content_type = "multipart/form-data"), responses((status = 200, body = DossierLine), (status = 409), (status = 422)))]
pub async fn issue_file(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, sent: Sent) -> Answer {
    let (stored, body, when) = (the_file(&sent)?, sent.digest(), when_of(&sent, desk.cx.by.now)?);
    let number = sent.field("number").to_owned();
    act!(desk, once, body, |tx, cx| async {
        let file = stored.keep(tx, cx, "result").await?;
        service::issue(tx, cx, id, when.clone(), file, &number).await
    })
}

/// Fact and entry time of a multipart form, in the words of the other calls.
fn when_of(sent: &Sent, now: Moment) -> Result<When, Problem> {
    let happened_at = match sent.field("happened_at") {
        "" => None,
        typed => Some(serde_json::from_value(typed.into()).map_err(|e| Problem::unreadable(format!("happened_at: {e}")))?),
    };
    let why = sent.field("late_reason");
    Ok(Happened { happened_at, late_reason: (!why.is_empty()).then(|| why.to_owned()) }.when(now))
}

fn the_file(sent: &Sent) -> Result<Stored, Problem> {
    sent.file()?.ok_or_else(|| Problem::unreadable("a multipart form with one file"))
}

/// The dossier's line after an act.
pub(super) type Answer = Result<Json<DossierLine>, Problem>;

/// Keeps the finding about one paper.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/papers", tag = "officers", params(("id" = Uuid, Path)), request_body = Finding, responses((status = 204), (status = 409)))]
pub async fn check_paper(
    desk: OfficerDesk,
    Path(id): Path<Uuid>,
    once: Once,
    Json(body): Json<Finding>,
) -> Result<http::StatusCode, Problem> {
    let verdict = Verdict::parse(&body.verdict).ok_or_else(|| Problem::unreadable("verdict is good, missing or not_needed"))?;
    let (cx, when, paper) = (desk.cx.clone(), body.when.when(desk.cx.by.now), body.paper.clone());
    once.run(&desk.house, &body, async move |tx: &Write<'_>| {
        service::check_paper(tx, &cx, id, &paper, verdict, when.clone()).await?;
        Ok::<_, Error>(String::new())
    })
    .await?;
    Ok(http::StatusCode::NO_CONTENT)
}

/// Form 01.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/accept", tag = "officers", params(("id" = Uuid, Path)), request_body = Accepting, responses((status = 200, body = DossierLine), (status = 409), (status = 422)))]
pub async fn accept(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Accepting>) -> Answer {
    let (when, term, shown) = (body.when.when(desk.cx.by.now), body.term.clone(), body.version.map(VersionId));
    let said = FeeSaid { amount: body.fee, is_taken: body.fee_taken };
    act!(desk, once, body, |tx, cx| service::accept_saying(tx, cx, id, term.as_deref(), shown, said, when.clone()))
}

/// Form 02.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/supplement-request", tag = "officers", params(("id" = Uuid, Path)), request_body = Asking, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn request_supplement(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Asking>) -> Answer {
    let when = body.when.when(desk.cx.by.now);
    let items: Vec<SupplementItem> = body
        .items
        .iter()
        .map(|i| SupplementItem { paper: i.paper.clone(), reason: i.reason.clone(), ground: i.ground.clone() })
        .collect();
    act!(desk, once, body, |tx, cx| service::request_supplement(tx, cx, id, items.clone(), when.clone()))
}

/// Receives at the desk what form 02 asked for: the papers that were brought, all of them.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/supplement", tag = "officers", params(("id" = Uuid, Path)), request_body = Brought, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn receive_supplement(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Brought>) -> Answer {
    let (when, papers) = (body.when.when(desk.cx.by.now), body.papers.clone());
    act!(desk, once, body, |tx, cx| service::receive_supplement(tx, cx, id, &papers, &[], when.clone()))
}

/// Names the competent unit; a change of it says why.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/competence", tag = "officers", params(("id" = Uuid, Path)), request_body = Competent, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn determine_competence(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Competent>) -> Answer {
    let code: base::AgencyCode = body.agency.parse().map_err(|_| Problem::unreadable("agency is a code such as H12.16"))?;
    let (when, reason) = (body.when.when(desk.cx.by.now), body.reason.clone());
    act!(desk, once, body, |tx, cx| async {
        let unit = directory::unit_by_code(tx, &code, cx.by.now).await?.ok_or(Error::NotFound)?;
        service::determine_competence(tx, cx, id, unit.id, &reason, when.clone()).await
    })
}

/// Takes the current step.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/claim", tag = "officers", params(("id" = Uuid, Path)), request_body = Option<Claiming>, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn claim(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, body: Option<Json<Claiming>>) -> Answer {
    let body = body.map(|Json(body)| body).unwrap_or_default();
    let when = body.when.when(desk.cx.by.now);
    act!(desk, once, body, |tx, cx| service::claim(tx, cx, id, when.clone()))
}

/// Gives a held step back to everybody of its role; whoever heads the unit or desk gives back another's, with a reason.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/release", tag = "officers", params(("id" = Uuid, Path)), request_body = Saying, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn release(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Saying>) -> Answer {
    let (when, text) = (body.when.when(desk.cx.by.now), body.text.clone());
    act!(desk, once, body, |tx, cx| service::release(tx, cx, id, when.clone(), &text))
}

/// Adds a note for colleagues.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/notes", tag = "officers", params(("id" = Uuid, Path)), request_body = Saying, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn add_note(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Saying>) -> Answer {
    let (when, text) = (body.when.when(desk.cx.by.now), body.text.clone());
    act!(desk, once, body, |tx, cx| service::add_note(tx, cx, id, when.clone(), &text))
}

/// Closes the processing step.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/pass-on", tag = "officers", params(("id" = Uuid, Path)), request_body = Saying, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn pass_on(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Saying>) -> Answer {
    let (when, text) = (body.when.when(desk.cx.by.now), body.text.clone());
    act!(desk, once, body, |tx, cx| service::pass_on(tx, cx, id, when.clone(), &text))
}

/// One step back, with the reason.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/send-back", tag = "officers", params(("id" = Uuid, Path)), request_body = Saying, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn send_back(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Saying>) -> Answer {
    let (when, text) = (body.when.when(desk.cx.by.now), body.text.clone());
    act!(desk, once, body, |tx, cx| service::send_back(tx, cx, id, when.clone(), &text))
}

/// Approves.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/approve", tag = "officers", params(("id" = Uuid, Path)), request_body = Saying, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn approve(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Saying>) -> Answer {
    let (when, text) = (body.when.when(desk.cx.by.now), body.text.clone());
    act!(desk, once, body, |tx, cx| service::resolve(tx, cx, id, when.clone(), Outcome::Approved, &text))
}

/// Rejects with a reason: a letter, which counts as a result.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/reject", tag = "officers", params(("id" = Uuid, Path)), request_body = Saying, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn reject(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Saying>) -> Answer {
    let (when, text) = (body.when.when(desk.cx.by.now), body.text.clone());
    act!(desk, once, body, |tx, cx| service::resolve(tx, cx, id, when.clone(), Outcome::Rejected, &text))
}

/// Issues the result as a letter made here, marked unsigned, under the number the unit's own register gave it.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/issue", tag = "officers", params(("id" = Uuid, Path)), request_body = Issuing, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn issue(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Issuing>) -> Answer {
    let (when, number) = (body.when.when(desk.cx.by.now), body.number.clone());
    if let Some(before) = once.answered(&desk.house, &body).await? {
        return line_of(&before);
    }
    let letter = acting::result_letter(&desk, id, &number).await?;
    act!(desk, once, body, |tx, cx| async {
        let file = letter.keep(tx, cx, "result").await?;
        service::issue(tx, cx, id, when.clone(), file, &number).await
    })
}

/// Hands the result over.
#[utoipa::path(post, path = "/api/v1/dossiers/{id}/return", tag = "officers", params(("id" = Uuid, Path)), request_body = Returning, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn return_result(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once, Json(body): Json<Returning>) -> Answer {
    let channel =
        ResultChannel::parse(&body.channel).ok_or_else(|| Problem::unreadable("channel is desk, post or electronic"))?;
    let when = body.when.when(desk.cx.by.now);
    act!(desk, once, body, |tx, cx| service::return_result(tx, cx, id, channel, when.clone()))
}
