//! Nothing typed is lost when a session ends in the middle of a form: the fields wait, and after signing in they are sent again.

use std::sync::Arc;

use askama::Template;
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use store::{Read, Write};
use uuid::Uuid;

use crate::filters;
use crate::guard::{Posted, own_words};
use crate::house::House;
use crate::problem::Problem;
use crate::session::Realm;
use crate::shell::{Page, Shell};
use crate::sql::{self, Waiting};
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

/// Keeps the fields of a post under the visitor's key; answers where they wait.
pub(crate) async fn park(house: &House, visit: &Visit, posted: &Posted) -> Result<Option<Uuid>, store::Error> {
    let fields = posted.keepable();
    let Some(key) = visit.known_key() else { return Ok(None) };
    if fields.iter().all(|(_, v)| v.trim().is_empty()) {
        return Ok(None);
    }
    let waiting = Waiting {
        id: visit.seed().uuid("parked", 0),
        key,
        subject: visit.standing(house).await?.former.map(|s| s.id),
        path: visit.here(),
        fields: serde_json::to_string(&fields)?,
        at: visit.at(),
    };
    let id = waiting.id;
    house.db.write(async move |tx: &Write<'_>| sql::park(tx, &waiting).await).await?;
    Ok(Some(id))
}

/// Where kept fields are found again, in the realm they came from.
pub(crate) fn place(realm: Realm, id: Uuid) -> String {
    match realm {
        Realm::Citizen => format!("/giu/{id}"),
        Realm::Officer => format!("/can-bo/giu/{id}"),
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
    let (key, subject) = (session.key, session.subject.id);
    let found = house.db.read(async move |tx: &Read<'_>| sql::parked(tx, id, key, subject).await).await?;
    let (path, fields) = found.ok_or_else(Problem::not_found)?;
    let fields: Vec<(String, String)> = serde_json::from_str(&fields).map_err(|e| Problem::ours(e.to_string()))?;
    let shown = own_words(&fields);
    let shell = Shell::citizen(&visit, &house).title("Những gì bạn đã điền còn nguyên").main_class("page form-page");
    Ok(Page::new(shell, Parked { path, fields, shown }))
}
