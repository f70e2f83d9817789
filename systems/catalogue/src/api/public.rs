//! Calls that anyone may make: find and read what is in force.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query};
use axum::{Extension, Json};
use base::ProcedureCode;
use directory::Visitor;
use serde::Deserialize;
use store::Read;
use utoipa::IntoParams;
use uuid::Uuid;
use web::{FieldFault, Problem, words};

use super::views::{FieldCount, ListingView, ProcedureLine, ProcedurePage, VersionView, level};
use crate::search::{Narrow, search};
use crate::{Error, Finder, Line, VersionId, Wanted, sql};

/// Most procedures on one page.
const MOST: u64 = 100;

/// What a list is narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Asked {
    /// A question as a citizen types it; the answer is ranked. Without it: everything, in dictionary order.
    #[serde(default)]
    q: String,
    /// Exactly this field.
    #[serde(default)]
    field: String,
    /// Decided at this level: `commune`, `province`, `ministry`.
    #[serde(default)]
    level: String,
    /// `true`: only what is on the Chairman's list; `false`: only what is not. Without `q`.
    listed: Option<bool>,
    /// `true`: only what waits for a person to settle its term; `false`: only what does not. Without `q`.
    open: Option<bool>,
    /// `true`: only what can be filed on the network here. With `q`.
    #[serde(default)]
    here: bool,
    /// Page, from 1.
    page: Option<u64>,
    /// Procedures on one page, at most 100.
    per_page: Option<u64>,
}

/// Procedures in force: a search, or the whole catalogue.
#[utoipa::path(get, path = "/api/v1/procedures", tag = "catalogue", params(Asked), responses((status = 200, body = ProcedurePage), (status = 422)))]
pub async fn procedures(
    visitor: Visitor,
    Extension(finder): Extension<Arc<Finder>>,
    Query(asked): Query<Asked>,
) -> Result<Json<ProcedurePage>, Problem> {
    let level = match asked.level.as_str() {
        "" => None,
        word => Some(level(word).ok_or_else(|| {
            Problem::fault(vec![FieldFault::new("level", words("Chỉ có các cấp: commune, province, ministry."))])
        })?),
    };
    let (page, per_page) = (asked.page.unwrap_or(1).clamp(1, 100_000), asked.per_page.unwrap_or(20).clamp(1, MOST));
    let (now, from) = (visitor.visit.at(), (page - 1) * per_page);
    let day = now.date();
    if asked.q.trim().is_empty() {
        let wanted = Wanted { field: asked.field, level, listed: asked.listed, open: asked.open, ..Wanted::default() };
        let look = async move |tx: &Read<'_>| crate::page(tx, day, &wanted, false, from, per_page).await;
        let (lines, total) = visitor.house.db.read(look).await?;
        let procedures = lines.into_iter().map(|l| ProcedureLine::of(l, vec![])).collect();
        return Ok(Json(ProcedurePage { total, page, per_page, understood: None, procedures }));
    }
    let index = finder.index(&visitor.house.db, now).await?;
    let question: String = asked.q.chars().take(300).collect();
    let field = Some(asked.field).filter(|f| !f.is_empty());
    let found = search(&index, &question, &Narrow { level, field, here: asked.here, ..Narrow::default() });
    let total = found.hits.len() as u64;
    let skip = usize::try_from(from).unwrap_or(usize::MAX);
    let hits: Vec<_> = found.hits.into_iter().skip(skip).take(MOST.min(per_page) as usize).collect();
    let codes: Vec<String> = hits.iter().map(|h| h.code.clone()).collect();
    let lines = visitor.house.db.read(async move |tx: &Read<'_>| sql::procedures::lines(tx, day, &codes).await).await?;
    let mut lines: HashMap<String, Line> = lines.into_iter().map(|l| (l.code.clone(), l)).collect();
    let procedures = hits.into_iter().filter_map(|h| Some(ProcedureLine::of(lines.remove(&h.code)?, h.why))).collect();
    Ok(Json(ProcedurePage { total, page, per_page, understood: Some(found.understood), procedures }))
}

async fn seen(
    visitor: &Visitor,
    which: impl AsyncFn(&Read<'_>) -> Result<VersionId, Error> + Send + 'static,
) -> Result<VersionView, Problem> {
    let now = visitor.visit.at();
    let view = visitor
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let id = which(tx).await?;
            let (code, origin, published_at) = sql::versions::published(tx, id).await?.ok_or(Error::NotFound)?;
            let version = crate::frozen(tx, id).await?;
            let in_force = sql::versions::in_force(tx, &code, now.date()).await? == Some(id);
            let listing = crate::listed(tx, &version.package.code, now).await?;
            let receivable = in_force && listing.is_some() && version.package.elsewhere.is_none();
            let receivable = receivable && version.package.terms.iter().any(|t| t.settled().is_some());
            let (listing, package) = (listing.map(ListingView::from), version.package);
            Ok::<_, Error>(VersionView { version: id.0, origin, published_at, in_force, listing, receivable, package })
        })
        .await?;
    Ok(view)
}

/// One procedure: the version in force.
#[utoipa::path(get, path = "/api/v1/procedures/{code}", tag = "catalogue", params(("code" = String, Path)), responses((status = 200, body = VersionView), (status = 404)))]
pub async fn procedure(visitor: Visitor, Path(code): Path<String>) -> Result<Json<VersionView>, Problem> {
    let code: ProcedureCode = code.parse().map_err(|_| Problem::not_found())?;
    let day = visitor.visit.at().date();
    let which = async move |tx: &Read<'_>| sql::versions::in_force(tx, code.base(), day).await?.ok_or(Error::NotFound);
    Ok(Json(seen(&visitor, which).await?))
}

/// One version, in force or not: what a dossier was frozen with.
#[utoipa::path(get, path = "/api/v1/procedure-versions/{id}", tag = "catalogue", params(("id" = Uuid, Path)), responses((status = 200, body = VersionView), (status = 404)))]
pub async fn version(visitor: Visitor, Path(id): Path<Uuid>) -> Result<Json<VersionView>, Problem> {
    Ok(Json(seen(&visitor, async move |_: &Read<'_>| Ok(VersionId(id))).await?))
}

/// The fields, in dictionary order.
#[utoipa::path(get, path = "/api/v1/procedure-fields", tag = "catalogue", responses((status = 200, body = Vec<FieldCount>)))]
pub async fn fields(visitor: Visitor) -> Result<Json<Vec<FieldCount>>, Problem> {
    let day = visitor.visit.at().date();
    let look = async move |tx: &Read<'_>| crate::fields(tx, day, &Wanted::default()).await;
    let found = visitor.house.db.read(look).await?;
    Ok(Json(found.into_iter().map(|(field, procedures)| FieldCount { field, procedures }).collect()))
}

/// The Chairman's list: what can be filed in this province today.
#[utoipa::path(get, path = "/api/v1/local-list", tag = "catalogue", responses((status = 200, body = Vec<ListingView>)))]
pub async fn list(visitor: Visitor) -> Result<Json<Vec<ListingView>>, Problem> {
    let now = visitor.visit.at();
    let rows = visitor.house.db.read(async move |tx: &Read<'_>| sql::local::holding(tx, now).await).await?;
    Ok(Json(rows.into_iter().map(ListingView::from).collect()))
}
