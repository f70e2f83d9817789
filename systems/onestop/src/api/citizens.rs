//! Citizens' calls.

use super::holder::Holder;
use super::views::{
    ChangedView, DossierLine, DossierView, DraftLine, DraftView, FileView, Filling, Known, NewDraft, PaperFiles, PassHeader,
    PassView, Person, Rating, TrackView,
};
use super::{once_done, once_json};
use crate::dossier::ResultChannel;
use crate::draft::asked;
use crate::form::{Answers, Fault, Wrong};
use crate::pages::papers::{self, Paper};
use crate::pages::tracking::by;
use crate::sent::Sent;
use crate::service::{self, Draft, Error, MostDrafts, Proof, Whole};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::{Extension, Json};
use base::ProcedureCode;
use catalogue::VersionId;
use directory::{CameFrom, Citizen, Cx, UnitId, Visitor};
use http::StatusCode;
use serde::Deserialize;
use std::sync::Arc;
use store::{Read, Write};
use utoipa::IntoParams;
use uuid::Uuid;
use web::{FieldFault, House, Once, Problem, words};

/// Progress of a dossier by its code alone: no names, no papers.
#[utoipa::path(get, path = "/api/v1/track/{code}", tag = "citizens", params(("code" = String, Path)), responses((status = 200, body = TrackView), (status = 404)))]
pub async fn track(State(house): State<House>, Path(code): Path<String>) -> Result<Json<TrackView>, Problem> {
    let seen = house.db.read(async move |tx: &Read<'_>| service::glimpse(tx, &code).await).await?;
    let row = &seen.row;
    Ok(Json(TrackView {
        code: row.name_code().to_owned(),
        state: row.state.clone(),
        national_status: row.dossier().ok().map(|d| d.national_status()),
        procedure_name: row.procedure_name.clone(),
        step: row.step_name.clone(),
        due_at: row.due_at,
    }))
}

/// Opens a dossier to whoever knows one thing more than its code: the telephone or the personal number it was filed with. Each call that
/// knows it gets a pass of its own; it goes into the header `Dossier-Pass` of the calls below `/my/dossiers/{id}`.
#[utoipa::path(post, path = "/api/v1/track/{code}/proof", tag = "citizens", params(("code" = String, Path)), request_body = Known, responses((status = 200, body = PassView), (status = 404), (status = 422), (status = 429)))]
pub async fn prove(
    visitor: Visitor,
    CameFrom(place): CameFrom,
    Path(code): Path<String>,
    Json(body): Json<Known>,
) -> Result<Json<PassView>, Problem> {
    let by = by(&visitor, Uuid::nil());
    let proof = visitor
        .house
        .db
        .write(async move |tx: &Write<'_>| service::prove(tx, &by.seed, by.now, &place.network, &code, &body.known).await)
        .await?;
    match proof {
        Proof::Pass(pass) => Ok(Json(PassView { pass: pass.token, dossier: pass.dossier, until: pass.until })),
        Proof::Wrong => {
            let said = words("Số này không khớp với số đã ghi khi nộp. Xem lại trên giấy hẹn.");
            Err(Problem::fault(vec![FieldFault::new("known", said)]))
        }
        Proof::TooMany => Err(Problem::too_often(3_600)),
    }
}

/// Starts a draft of what can be filed here. So many may be open at a time (`citizen_drafts` of the house's settings).
#[utoipa::path(post, path = "/api/v1/drafts", tag = "citizens", request_body = NewDraft, responses((status = 200, body = DraftView), (status = 404), (status = 409), (status = 422)))]
pub async fn start(
    citizen: Citizen,
    Extension(most): Extension<MostDrafts>,
    once: Once,
    Json(body): Json<NewDraft>,
) -> Result<Json<DraftView>, Problem> {
    let code: ProcedureCode = body.procedure.parse().map_err(|_| Problem::unreadable("procedure is a code such as 1.001193"))?;
    let (cx, case) = (citizen.cx.clone(), body.case.clone());
    once_json(&once, &citizen.house, &body, async move |tx: &Write<'_>| {
        let id = service::start_draft(tx, &cx, &code, case.clone(), most).await?;
        view(tx, &cx, id).await
    })
    .await
}

/// One's own drafts that were not sent, last touched first.
#[utoipa::path(get, path = "/api/v1/my/drafts", tag = "citizens", responses((status = 200, body = Vec<DraftLine>)))]
pub async fn drafts(citizen: Citizen) -> Result<Json<Vec<DraftLine>>, Problem> {
    let cx = citizen.cx.clone();
    let own = citizen.house.db.read(async move |tx: &Read<'_>| service::own_drafts(tx, &cx).await).await?;
    let line =
        |d: service::OwnDraft| DraftLine { id: d.id, procedure: d.procedure_code, procedure_name: d.name, saved_at: d.saved_at };
    Ok(Json(own.into_iter().map(line).collect()))
}

/// A draft: what was filled in, as the call that fills it takes it, and its files.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", tag = "citizens", params(("id" = Uuid, Path)), responses((status = 200, body = DraftView)))]
pub async fn draft(citizen: Citizen, Path(id): Path<Uuid>) -> Result<Json<DraftView>, Problem> {
    let cx = citizen.cx.clone();
    Ok(Json(citizen.house.db.read(async move |tx: &Read<'_>| view(tx, &cx, id).await).await?))
}

async fn view(tx: &Read<'_>, cx: &Cx, id: Uuid) -> Result<DraftView, Error> {
    let (draft, files) = (service::own_draft(tx, cx, id).await?, service::attached(tx, cx, id).await?);
    let commune = match draft.data.commune {
        Some(unit) => directory::unit(tx, UnitId(unit)).await?.and_then(|unit| unit.gso_code),
        None => None,
    };
    let filled = Filling {
        applicant: Person::from(&draft.data.applicant),
        submitter_name: draft.data.submitter_name.clone(),
        commune,
        answers: draft.version.package.form.as_ref().map(|form| draft.data.answers.to_json(form)).unwrap_or_default(),
        result_channel: draft.data.result_channel.map(|channel| channel.as_str().to_owned()),
    };
    Ok(DraftView {
        id,
        version: draft.version.id.0,
        changed: ChangedView::of(draft.begun.id, draft.version.id, &draft.changes()),
        procedure: draft.row.procedure_code,
        files: files.iter().map(FileView::from).collect(),
        dossier: draft.row.dossier,
        filled,
    })
}

/// Throws an unfinished draft away, with its files.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}", tag = "citizens", params(("id" = Uuid, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub async fn discard(citizen: Citizen, Path(id): Path<Uuid>, once: Once) -> Result<StatusCode, Problem> {
    let cx = citizen.cx.clone();
    once_done(&once, &citizen.house, &(), async move |tx: &Write<'_>| service::discard_draft(tx, &cx, id).await).await
}

/// Fills a draft: what is sent replaces what was there. Fields that do not exist are named at once; faults of answers, and what is missing,
/// come when it is submitted.
#[utoipa::path(put, path = "/api/v1/drafts/{id}", tag = "citizens", params(("id" = Uuid, Path)), request_body = Filling, responses((status = 200, body = DraftView), (status = 409), (status = 422)))]
pub async fn fill(
    citizen: Citizen,
    Path(id): Path<Uuid>,
    once: Once,
    Json(body): Json<Filling>,
) -> Result<Json<DraftView>, Problem> {
    let cx = citizen.cx.clone();
    let sent = Arc::new(body);
    let body = sent.clone();
    once_json(&once, &citizen.house, &*sent, async move |tx: &Write<'_>| {
        let mut draft = service::own_draft(tx, &cx, id).await?;
        let commune = match body.commune.as_deref().filter(|code| !code.is_empty()) {
            Some(code) => {
                let unit = directory::unit_by_place(tx, code, cx.by.now).await?;
                Some(unit.ok_or_else(|| wrong(asked::COMMUNE, Wrong::NoSuchCommune))?.id.0)
            }
            None => None,
        };
        take(&mut draft, &body, commune)?;
        service::save_draft(tx, &cx, &draft).await?;
        view(tx, &cx, id).await
    })
    .await
}

fn wrong(field: &str, wrong: Wrong) -> Error {
    Error::Faults(vec![Fault { field: field.to_owned(), wrong }])
}

fn take(draft: &mut Draft, body: &Filling, commune: Option<Uuid>) -> Result<(), Error> {
    let answers = match &draft.version.package.form {
        Some(form) => Answers::from_json(form, &body.answers).map_err(Error::NoSuchFields)?,
        None if body.answers.is_empty() => Answers::default(),
        None => return Err(Error::NoSuchFields(body.answers.keys().cloned().collect())),
    };
    let channel = match body.result_channel.as_deref().filter(|word| !word.is_empty()) {
        Some(word) => Some(ResultChannel::parse(word).ok_or_else(|| wrong(asked::CHANNEL, Wrong::NotOffered))?),
        None => None,
    };
    draft.data.applicant = body.applicant.clone().into();
    draft.data.submitter_name = body.submitter_name.clone();
    draft.data.commune = commune;
    draft.data.answers = answers;
    draft.data.result_channel = channel;
    Ok(())
}

/// Attaches one file: a multipart form whose file input is `tep.{paper}`.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/files", tag = "citizens", params(("id" = Uuid, Path)), request_body(content = PaperFiles, content_type = "multipart/form-data"), responses((status = 200, body = DraftView), (status = 409), (status = 422)))]
pub async fn attach(citizen: Citizen, Path(id): Path<Uuid>, once: Once, sent: Sent) -> Result<Json<DraftView>, Problem> {
    let (cx, files) = (citizen.cx.clone(), sent.good_papers()?);
    once_json(&once, &citizen.house, &sent.digest(), async move |tx: &Write<'_>| {
        for (paper, file) in &files {
            service::attach(tx, &cx, id, paper, file).await?;
        }
        view(tx, &cx, id).await
    })
    .await
}

/// Takes a file out of a draft again; one that is gone already is no fault.
#[utoipa::path(delete, path = "/api/v1/drafts/{id}/files/{file}", tag = "citizens", params(("id" = Uuid, Path), ("file" = Uuid, Path)), responses((status = 200, body = DraftView), (status = 409)))]
pub async fn detach(citizen: Citizen, Path((id, file)): Path<(Uuid, Uuid)>, once: Once) -> Result<Json<DraftView>, Problem> {
    let cx = citizen.cx.clone();
    once_json(&once, &citizen.house, &(), async move |tx: &Write<'_>| {
        service::detach(tx, &cx, id, file).await?;
        view(tx, &cx, id).await
    })
    .await
}

/// Which version of the procedure the person was shown.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct Shown {
    /// When another one is in force that says otherwise, nothing is filed (409 `version-changed`).
    pub version: Option<Uuid>,
}

/// Sends a draft; sent again it gives the same dossier.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/submit", tag = "citizens", params(("id" = Uuid, Path), Shown), responses((status = 200, body = DossierLine), (status = 409), (status = 422)))]
pub async fn submit(
    citizen: Citizen,
    Path(id): Path<Uuid>,
    Query(shown): Query<Shown>,
    once: Once,
) -> Result<Json<DossierLine>, Problem> {
    let (cx, version) = (citizen.cx.clone(), shown.version.map(VersionId));
    once_json(&once, &citizen.house, &shown.version, async move |tx: &Write<'_>| {
        Ok(DossierLine::from(&service::submit(tx, &cx, id, version).await?))
    })
    .await
}

/// Which page of one's own dossiers.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub struct OwnPage {
    /// Page, from 1.
    pub page: Option<u64>,
}

/// One's own dossiers, newest first, 200 on a page. A page with fewer is the last.
#[utoipa::path(get, path = "/api/v1/my/dossiers", tag = "citizens", params(OwnPage), responses((status = 200, body = Vec<DossierLine>)))]
pub async fn mine(citizen: Citizen, Query(which): Query<OwnPage>) -> Result<Json<Vec<DossierLine>>, Problem> {
    let (cx, page) = (citizen.cx.clone(), which.page.unwrap_or(1).clamp(1, 100_000));
    let rows = citizen.house.db.read(async move |tx: &Read<'_>| service::own_dossiers(tx, &cx, page).await).await?;
    Ok(Json(rows.iter().map(DossierLine::from).collect()))
}

/// One of one's own dossiers whole.
#[utoipa::path(get, path = "/api/v1/my/dossiers/{id}", tag = "citizens", params(("id" = Uuid, Path), PassHeader), responses((status = 200, body = DossierView), (status = 404)))]
pub async fn own(holder: Holder, Path(id): Path<Uuid>) -> Result<Json<DossierView>, Problem> {
    Ok(Json(DossierView::of(&whole(&holder, id).await?, "/api/v1/my/dossiers")))
}

async fn whole(holder: &Holder, id: Uuid) -> Result<Whole, Problem> {
    let keys = holder.keys.clone();
    let look = async move |tx: &Read<'_>| service::see_own(tx, &keys.cx(tx, id).await?, id).await;
    Ok(holder.house.db.read(look).await?)
}

/// The bytes of a file of one's own dossier, the result among them.
#[utoipa::path(get, path = "/api/v1/my/dossiers/{id}/files/{file}", tag = "citizens", params(("id" = Uuid, Path), ("file" = Uuid, Path), PassHeader), responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404)))]
pub async fn file(holder: Holder, Path((id, file)): Path<(Uuid, Uuid)>) -> Result<Response, Problem> {
    let keys = holder.keys.clone();
    let cx = holder.house.db.read(async move |tx: &Read<'_>| keys.cx(tx, id).await).await?;
    papers::own_file(&holder.house, &cx, id, file).await
}

/// A paper of one's own dossier: `receipt` (form 01) or `supplement-request` (the last form 02; `supplement-request-1` the first), as PDF/A.
#[utoipa::path(get, path = "/api/v1/my/dossiers/{id}/papers/{paper}", tag = "citizens", params(("id" = Uuid, Path), ("paper" = String, Path), PassHeader), responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404)))]
pub async fn paper(holder: Holder, Path((id, paper)): Path<(Uuid, String)>) -> Result<Response, Problem> {
    let which = Paper::from_word(&paper).ok_or_else(Problem::not_found)?;
    papers::made(&holder.house, &whole(&holder, id).await?, which).await
}

/// Hands in what form 02 asked for: a multipart form whose file inputs are `tep.{paper}`. Files are kept at once; the state is `submitted`
/// again when no paper asked for is without one, until then it stays `awaiting_supplement`.
#[utoipa::path(post, path = "/api/v1/my/dossiers/{id}/supplement", tag = "citizens", params(("id" = Uuid, Path), PassHeader), request_body(content = PaperFiles, content_type = "multipart/form-data"), responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn supplement(holder: Holder, Path(id): Path<Uuid>, once: Once, sent: Sent) -> Result<Json<DossierLine>, Problem> {
    let (keys, files) = (holder.keys.clone(), sent.good_papers()?);
    once_json(&once, &holder.house, &(holder.keys.mark(), sent.digest()), async move |tx: &Write<'_>| {
        let cx = keys.cx(tx, id).await?;
        Ok(DossierLine::from(&service::hand_in(tx, &cx, id, &files).await?.row))
    })
    .await
}

/// Rates the handling, once.
#[utoipa::path(post, path = "/api/v1/my/dossiers/{id}/rating", tag = "citizens", params(("id" = Uuid, Path), PassHeader), request_body = Rating, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn rate(
    holder: Holder,
    Path(id): Path<Uuid>,
    once: Once,
    Json(body): Json<Rating>,
) -> Result<Json<DossierLine>, Problem> {
    let (keys, score, comment) = (holder.keys.clone(), body.score, body.comment.clone());
    once_json(&once, &holder.house, &(holder.keys.mark(), &body), async move |tx: &Write<'_>| {
        let cx = keys.cx(tx, id).await?;
        Ok(DossierLine::from(&service::rate(tx, &cx, id, score, &comment).await?))
    })
    .await
}
