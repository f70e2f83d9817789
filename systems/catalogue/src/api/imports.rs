//! Calls around imports: send a file, see how it stands, read what could not be read.

use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, Query};
use directory::OfficerDesk;
use serde::{Deserialize, Serialize};
use store::{Read, Write};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use web::{FieldFault, Once, Problem, words};

use crate::import::{self, FaultLine, Progress};
use crate::{acts, pages};

/// An import that was ordered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ordered {
    /// Its id.
    pub import: Uuid,
}

/// A file of procedures: JSONL, CSV or XLSX.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes the form to those who read the document")]
pub struct ImportForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// Orders the import of a file. It goes on by itself; ask for its progress.
#[utoipa::path(post, path = "/api/v1/imports", tag = "catalogue", request_body(content = ImportForm, content_type = "multipart/form-data"), responses((status = 202, body = Ordered), (status = 413), (status = 422)))]
pub async fn order(
    desk: OfficerDesk,
    once: Once,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(http::StatusCode, Json<Ordered>), Problem> {
    desk.require::<acts::Import>()?;
    match pages::import::receive(&desk, &once, form, "file").await? {
        Ok(import) => Ok((http::StatusCode::ACCEPTED, Json(Ordered { import }))),
        Err(fault) => Err(Problem::fault(vec![FieldFault::new("file", fault)])),
    }
}

/// The latest imports.
#[utoipa::path(get, path = "/api/v1/imports", tag = "catalogue", responses((status = 200, body = Vec<Progress>)))]
pub async fn latest(desk: OfficerDesk) -> Result<Json<Vec<Progress>>, Problem> {
    desk.require::<acts::Import>()?;
    let cx = desk.cx.clone();
    Ok(Json(desk.house.db.read(async move |tx: &Read<'_>| import::latest(tx, &cx, 50).await).await?))
}

/// How an import stands, with its report when it is done.
#[utoipa::path(get, path = "/api/v1/imports/{id}", tag = "catalogue", params(("id" = Uuid, Path)), responses((status = 200, body = Progress), (status = 404)))]
pub async fn progress(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Json<Progress>, Problem> {
    desk.require::<acts::Import>()?;
    let cx = desk.cx.clone();
    Ok(Json(desk.house.db.read(async move |tx: &Read<'_>| import::progress(tx, &cx, id).await).await?))
}

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct From {
    /// So many are left out at the beginning.
    #[serde(default)]
    from: u64,
}

/// Rows that could not be read, 500 at a time, in the order of the file.
#[utoipa::path(get, path = "/api/v1/imports/{id}/unreadable", tag = "catalogue", params(("id" = Uuid, Path), From), responses((status = 200, body = Vec<FaultLine>)))]
pub async fn unreadable(desk: OfficerDesk, Path(id): Path<Uuid>, Query(q): Query<From>) -> Result<Json<Vec<FaultLine>>, Problem> {
    desk.require::<acts::Import>()?;
    let cx = desk.cx.clone();
    Ok(Json(desk.house.db.read(async move |tx: &Read<'_>| import::unreadable(tx, &cx, id, q.from, 500).await).await?))
}

/// Asks an import to stop; the catalogue stays as it was.
#[utoipa::path(post, path = "/api/v1/imports/{id}/stop", tag = "catalogue", params(("id" = Uuid, Path)), responses((status = 204), (status = 404), (status = 409)))]
pub async fn stop(desk: OfficerDesk, once: Once, Path(id): Path<Uuid>) -> Result<http::StatusCode, Problem> {
    desk.require::<acts::Import>()?;
    let cx = desk.cx.clone();
    let stopped = once
        .run(&desk.house, &id, async move |tx: &Write<'_>| import::stop(tx, &cx, id).await.map(|stopped| stopped.to_string()))
        .await?;
    match stopped.parse() {
        Ok(true) => Ok(http::StatusCode::NO_CONTENT),
        _ => Err(Problem::objection(words("Lần nhập này đã xong, không còn gì để dừng."), "")),
    }
}
