//! Citizens' calls.

use super::views::{DossierLine, DossierView, DraftView, FileView, Filling, NewDraft, PaperFiles, Rating, TrackView};
use crate::dossier::ResultChannel;
use crate::form::Answers;
use crate::pages::papers::{self, Paper};
use crate::sent::Sent;
use crate::service::{self, Draft, Error};
use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use base::ProcedureCode;
use directory::{Citizen, Cx};
use store::{Read, Write};
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

/// Starts a draft.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "citizens", request_body = NewDraft, responses((status = 200, body = DraftView), (status = 404)))]
pub async fn start(citizen: Citizen, once: Once, Json(body): Json<NewDraft>) -> Result<Json<DraftView>, Problem> {
    let code: ProcedureCode = body.procedure.parse().map_err(|_| Problem::unreadable("procedure is a code such as 1.001193"))?;
    let (cx, case) = (citizen.cx.clone(), body.case.clone());
    let id = once
        .run(&citizen.house, &body, async move |tx: &Write<'_>| {
            service::start_draft(tx, &cx, &code, case.clone()).await.map(|id| id.to_string())
        })
        .await?;
    shown(&citizen, id.parse().map_err(|_| Problem::ours("draft id"))?).await
}

/// A draft and its files.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", tag = "citizens", params(("id" = Uuid, Path)), responses((status = 200, body = DraftView)))]
pub async fn draft(citizen: Citizen, Path(id): Path<Uuid>) -> Result<Json<DraftView>, Problem> {
    shown(&citizen, id).await
}

async fn shown(citizen: &Citizen, id: Uuid) -> Result<Json<DraftView>, Problem> {
    let cx = citizen.cx.clone();
    let (draft, files) = citizen
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            Ok::<_, Error>((service::own_draft(tx, &cx, id).await?, service::attached(tx, &cx, id).await?))
        })
        .await?;
    Ok(Json(DraftView {
        id,
        procedure: draft.row.procedure_code,
        files: files.iter().map(FileView::from).collect(),
        dossier: draft.row.dossier,
    }))
}

/// Fills a draft. Unknown fields are named; faults of answers come when it is submitted.
#[utoipa::path(put, path = "/api/v1/drafts/{id}", tag = "citizens", params(("id" = Uuid, Path)), request_body = Filling, responses((status = 200, body = DraftView), (status = 422)))]
pub async fn fill(citizen: Citizen, Path(id): Path<Uuid>, Json(body): Json<Filling>) -> Result<Json<DraftView>, Problem> {
    let channel = ResultChannel::parse(&body.result_channel)
        .ok_or_else(|| Problem::unreadable("result_channel is desk, post or electronic"))?;
    let cx = citizen.cx.clone();
    let body = std::sync::Arc::new(body);
    let unknown = citizen
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let mut draft = service::own_draft(tx, &cx, id).await?;
            let commune = directory::unit_by_place(tx, &body.commune).await?;
            match take(&mut draft, &body, commune.map(|u| u.id.0), channel) {
                Ok(()) => service::save_draft(tx, &cx, &draft).await.map(|()| vec![]),
                Err(unknown) => Ok::<_, Error>(unknown),
            }
        })
        .await?;
    if unknown.is_empty() {
        return shown(&citizen, id).await;
    }
    let fault = |name: &String| FieldFault::new(name.clone(), words("Tờ khai không có ô này: {0}").with(name));
    Err(Problem::fault(unknown.iter().map(fault).collect()))
}

fn take(draft: &mut Draft, body: &Filling, commune: Option<Uuid>, channel: ResultChannel) -> Result<(), Vec<String>> {
    let answers = match &draft.version.package.form {
        Some(form) => Answers::from_json(form, &body.answers)?,
        None if body.answers.is_empty() => Answers::default(),
        None => return Err(body.answers.keys().cloned().collect()),
    };
    let Some(commune) = commune else { return Err(vec!["commune".to_owned()]) };
    let person = &body.applicant;
    draft.data.applicant = super::views::Person {
        name: person.name.clone(),
        id_number: person.id_number.clone(),
        birth: person.birth.clone(),
        sex: person.sex.clone(),
        phone: person.phone.clone(),
        email: person.email.clone(),
        address: person.address.clone(),
    }
    .into();
    draft.data.submitter_name = body.submitter_name.clone();
    draft.data.commune = Some(commune);
    draft.data.answers = answers;
    draft.data.result_channel = Some(channel);
    Ok(())
}

/// Attaches one file: a multipart form whose file input is `tep.{paper}`.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/files", tag = "citizens", params(("id" = Uuid, Path)), request_body(content = PaperFiles, content_type = "multipart/form-data"), responses((status = 200, body = DraftView), (status = 409), (status = 422)))]
pub async fn attach(citizen: Citizen, Path(id): Path<Uuid>, sent: Sent) -> Result<Json<DraftView>, Problem> {
    let cx = citizen.cx.clone();
    let files = sent.good_papers()?;
    citizen
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            service::own_draft(tx, &cx, id).await?;
            for (paper, file) in &files {
                service::attach(tx, &cx, id, paper, file).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    shown(&citizen, id).await
}

/// Sends a draft; sent again it gives the same dossier.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/submit", tag = "citizens", params(("id" = Uuid, Path)), responses((status = 200, body = DossierLine), (status = 409), (status = 422)))]
pub async fn submit(citizen: Citizen, Path(id): Path<Uuid>) -> Result<Json<DossierLine>, Problem> {
    let cx = citizen.cx.clone();
    let row = citizen.house.db.write(async move |tx: &Write<'_>| service::submit(tx, &cx, id).await).await?;
    Ok(Json(DossierLine::from(&row)))
}

/// One's own dossiers, newest first.
#[utoipa::path(get, path = "/api/v1/my/dossiers", tag = "citizens", responses((status = 200, body = Vec<DossierLine>)))]
pub async fn mine(citizen: Citizen) -> Result<Json<Vec<DossierLine>>, Problem> {
    let cx = citizen.cx.clone();
    let rows = citizen.house.db.read(async move |tx: &Read<'_>| service::own_dossiers(tx, &cx).await).await?;
    Ok(Json(rows.iter().map(DossierLine::from).collect()))
}

/// One of one's own dossiers whole.
#[utoipa::path(get, path = "/api/v1/my/dossiers/{id}", tag = "citizens", params(("id" = Uuid, Path)), responses((status = 200, body = DossierView), (status = 404)))]
pub async fn own(citizen: Citizen, Path(id): Path<Uuid>) -> Result<Json<DossierView>, Problem> {
    let cx: Cx = citizen.cx.clone();
    let whole = citizen.house.db.read(async move |tx: &Read<'_>| service::see_own(tx, &cx, id).await).await?;
    Ok(Json(DossierView::of(&whole, "/api/v1/my/dossiers")))
}

/// The bytes of a file of one's own dossier, the result among them.
#[utoipa::path(get, path = "/api/v1/my/dossiers/{id}/files/{file}", tag = "citizens", params(("id" = Uuid, Path), ("file" = Uuid, Path)), responses((status = 200, content_type = "application/octet-stream", body = Vec<u8>), (status = 404)))]
pub async fn file(citizen: Citizen, Path((id, file)): Path<(Uuid, Uuid)>) -> Result<Response, Problem> {
    papers::own_file(&citizen.house, &citizen.cx, id, file).await
}

/// A paper of one's own dossier: `receipt` (form 01) or `supplement-request` (form 02), as PDF/A.
#[utoipa::path(get, path = "/api/v1/my/dossiers/{id}/papers/{paper}", tag = "citizens", params(("id" = Uuid, Path), ("paper" = String, Path)), responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404)))]
pub async fn paper(citizen: Citizen, Path((id, paper)): Path<(Uuid, String)>) -> Result<Response, Problem> {
    let which = Paper::from_word(&paper).ok_or_else(Problem::not_found)?;
    let cx = citizen.cx.clone();
    let whole = citizen.house.db.read(async move |tx: &Read<'_>| service::see_own(tx, &cx, id).await).await?;
    papers::made(&citizen.house, &whole, which).await
}

/// Hands in what form 02 asked for: a multipart form whose file inputs are `tep.{paper}`. Files are kept at once; the state is `submitted`
/// again when no paper asked for is without one, until then it stays `awaiting_supplement`.
#[utoipa::path(post, path = "/api/v1/my/dossiers/{id}/supplement", tag = "citizens", params(("id" = Uuid, Path)), request_body(content = PaperFiles, content_type = "multipart/form-data"), responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn supplement(citizen: Citizen, Path(id): Path<Uuid>, sent: Sent) -> Result<Json<DossierLine>, Problem> {
    let files = sent.good_papers()?;
    let cx = citizen.cx.clone();
    let handed = citizen.house.db.write(async move |tx: &Write<'_>| service::hand_in(tx, &cx, id, &files).await).await?;
    Ok(Json(DossierLine::from(&handed.row)))
}

/// Rates the handling, once.
#[utoipa::path(post, path = "/api/v1/my/dossiers/{id}/rating", tag = "citizens", params(("id" = Uuid, Path)), request_body = Rating, responses((status = 200, body = DossierLine), (status = 409)))]
pub async fn rate(citizen: Citizen, Path(id): Path<Uuid>, Json(body): Json<Rating>) -> Result<Json<DossierLine>, Problem> {
    let cx = citizen.cx.clone();
    let row =
        citizen.house.db.write(async move |tx: &Write<'_>| service::rate(tx, &cx, id, body.score, &body.comment).await).await?;
    Ok(Json(DossierLine::from(&row)))
}
