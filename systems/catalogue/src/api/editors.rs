//! Calls of the catalogue's editors: open terms, the Chairman's list.

use axum::Json;
use axum::extract::{Path, Query};
use base::ProcedureCode;
use directory::OfficerDesk;
use serde::{Deserialize, Serialize};
use store::{Read, Write};
use utoipa::IntoParams;
use web::{Once, Problem};

use super::views::{ListOrder, NewVersion, OpenTerm, OpenTerms, ProposalView, SettleOrder};
use crate::package::channels_of;
use crate::{Error, NewListing, Settle, WHOLE, acts, record};

fn code_of(text: &str) -> Result<ProcedureCode, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// The term rows of a procedure that wait for a person, and what its text proposes.
#[utoipa::path(get, path = "/api/v1/procedures/{code}/open-terms", tag = "catalogue", params(("code" = String, Path)), responses((status = 200, body = OpenTerms), (status = 404)))]
pub async fn open_terms(desk: OfficerDesk, Path(code): Path<String>) -> Result<Json<OpenTerms>, Problem> {
    desk.require::<acts::Read>()?;
    let (code, now) = (code_of(&code)?, desk.cx.by.now);
    let package = desk.house.db.read(async move |tx: &Read<'_>| crate::current(tx, &code, now).await).await?.package;
    let row = |t: &crate::package::TermRow| OpenTerm {
        term: t.id.clone(),
        channels: channels_of(&t.channels).to_vec(),
        case: t.case.clone(),
        value: t.value,
        note: t.note.clone(),
    };
    let mut terms: Vec<OpenTerm> = package.open_terms().map(row).collect();
    if package.terms.is_empty() && package.blocking_terms() > 0 {
        let (channels, note) = (channels_of(&[]).to_vec(), String::new());
        terms.push(OpenTerm { term: WHOLE.into(), channels, case: None, value: None, note });
    }
    let proposals = record::proposals(&package)
        .into_iter()
        .map(|p| ProposalView { value: p.value, unit: p.unit, same_day: p.same_day, quote: p.quote })
        .collect();
    Ok(Json(OpenTerms { terms, proposals }))
}

/// Settles an open term row: a new version carries it, with the name of the person and the basis.
#[utoipa::path(post, path = "/api/v1/procedures/{code}/terms/{term}/settle", tag = "catalogue", params(("code" = String, Path), ("term" = String, Path)), request_body = SettleOrder, responses((status = 200, body = NewVersion), (status = 409), (status = 422)))]
pub async fn settle(
    desk: OfficerDesk,
    once: Once,
    Path((code, term)): Path<(String, String)>,
    Json(order): Json<SettleOrder>,
) -> Result<Json<NewVersion>, Problem> {
    desk.require::<acts::SettleTerm>()?;
    let (cx, code) = (desk.cx.clone(), code_of(&code)?);
    let SettleOrder { value, unit, same_day, basis } = order.clone();
    let settle = Settle { term, value, unit, same_day, basis };
    let answer = once
        .run(&desk.house, &order, async move |tx: &Write<'_>| {
            Ok::<_, Error>(crate::settle_term(tx, &cx, &code, settle.clone()).await?.0.to_string())
        })
        .await?;
    Ok(Json(NewVersion { version: answer.parse().map_err(|_| Problem::ours("an answer that is no id"))? }))
}

/// Puts a procedure on the Chairman's list, or changes its row.
#[utoipa::path(put, path = "/api/v1/procedures/{code}/listing", tag = "catalogue", params(("code" = String, Path)), request_body = ListOrder, responses((status = 204), (status = 409), (status = 422)))]
pub async fn put_on_list(
    desk: OfficerDesk,
    once: Once,
    Path(code): Path<String>,
    Json(order): Json<ListOrder>,
) -> Result<http::StatusCode, Problem> {
    desk.require::<acts::ChangeList>()?;
    let (cx, code) = (desk.cx.clone(), code_of(&code)?);
    let ListOrder { received_at, decision, from, to } = order.clone();
    let row = NewListing { received_at, decision, from, to };
    once.run(&desk.house, &order, async move |tx: &Write<'_>| {
        crate::put_listing(tx, &cx, &code, &row).await.map(|()| String::new())
    })
    .await?;
    Ok(http::StatusCode::NO_CONTENT)
}

/// By which decision.
#[derive(Debug, Serialize, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct By {
    /// Number of the decision.
    #[serde(default)]
    decision: String,
}

/// Takes a procedure off the Chairman's list. Dossiers already filed go on.
#[utoipa::path(delete, path = "/api/v1/procedures/{code}/listing", tag = "catalogue", params(("code" = String, Path), By), responses((status = 204), (status = 409), (status = 422)))]
pub async fn take_off_list(
    desk: OfficerDesk,
    once: Once,
    Path(code): Path<String>,
    Query(by): Query<By>,
) -> Result<http::StatusCode, Problem> {
    desk.require::<acts::ChangeList>()?;
    let (cx, code, decision) = (desk.cx.clone(), code_of(&code)?, by.decision.clone());
    once.run(&desk.house, &by, async move |tx: &Write<'_>| {
        crate::take_off_list(tx, &cx, &code, &decision).await.map(|()| String::new())
    })
    .await?;
    Ok(http::StatusCode::NO_CONTENT)
}
