//! Nothing typed is lost when a session ends in the middle of a form: the fields wait, and after signing in they are sent again.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use http::HeaderValue;
use store::Write;
use uuid::Uuid;

use crate::budget::{self, Who};
use crate::filters;
use crate::guard::{Posted, own_words};
use crate::house::House;
use crate::problem::Problem;
use crate::session::Realm;
use crate::shell::{Page, Shell};
use crate::sql;
use crate::visit::Visit;

/// The texts of a multipart form; its files are let go.
pub(crate) async fn texts_of(request: Request, limit: usize) -> Posted {
    let Ok(mut form) = Multipart::from_request(request, &()).await else { return Posted::default() };
    let (mut fields, mut total) = (Vec::new(), 0);
    while let Ok(Some(field)) = form.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        if field.file_name().is_some() {
            continue;
        }
        let Ok(text) = field.text().await else { break };
        total += text.len();
        if total > limit {
            break;
        }
        fields.push((name, text));
    }
    Posted(Arc::new(fields))
}

/// Keeps the fields of a post, for whoever had signed in or else for this browser; answers where they wait.
pub(crate) async fn park(house: &House, visit: &Visit, posted: &Posted) -> Result<Option<Uuid>, Problem> {
    let fields = posted.keepable();
    let Some(key) = visit.known_key() else { return Ok(None) };
    if fields.iter().all(|(_, v)| v.trim().is_empty()) {
        return Ok(None);
    }
    let who = Who::of(house, visit, key).await?;
    let (id, path, settings) = (visit.seed().uuid("parked", 0), visit.here(), house.settings.clone());
    let fields = serde_json::to_string(&fields).map_err(store::Error::from)?;
    house
        .db
        .write(async move |tx: &Write<'_>| -> Result<(), Problem> {
            budget::for_form(tx, &who, &settings, fields.len() as u64).await?;
            Ok(sql::park(tx, id, &who, &path, &fields).await?)
        })
        .await?;
    Ok(Some(id))
}

/// Where kept fields are found again, in the realm they came from.
pub(crate) fn place(realm: Realm, id: Uuid) -> String {
    format!("{}{id}", folder(realm))
}

fn folder(realm: Realm) -> &'static str {
    match realm {
        Realm::Citizen => "/giu/",
        Realm::Officer => "/can-bo/giu/",
    }
}

/// Leads first to what waits, unless that is where the answer leads anyway.
pub(crate) fn lead_first(to: &mut HeaderValue, realm: Realm, waiting: Uuid) {
    if to.as_bytes().starts_with(folder(realm).as_bytes()) {
        return;
    }
    if let Ok(first) = HeaderValue::from_str(&place(realm, waiting)) {
        *to = first;
    }
}

#[derive(Template)]
#[template(path = "pages/parked.html")]
struct Parked {
    path: String,
    fields: Vec<(String, String)>,
    shown: Vec<String>,
}

/// What was typed before the session ended, with a button that sends it again.
pub(crate) async fn page(State(house): State<House>, visit: Visit, Path(id): Path<Uuid>) -> Result<Page<impl Template>, Problem> {
    let standing = visit.standing(&house).await?;
    let session = standing.session.clone().ok_or_else(|| Problem::sign_in(visit.realm()))?;
    let (subject, now) = (session.subject.id, visit.at());
    let found = house.db.write(async move |tx: &Write<'_>| sql::see_parked(tx, id, subject, now).await).await?;
    let (path, fields) = found.ok_or_else(Problem::not_found)?;
    let fields: Vec<(String, String)> = serde_json::from_str(&fields).map_err(|e| Problem::ours(e.to_string()))?;
    let shown = own_words(&fields);
    let shell = Shell::citizen(&visit, &house).title("Những gì bạn đã điền còn nguyên").main_class("page form-page");
    Ok(Page::new(shell, Parked { path, fields, shown }))
}
