//! JSON for programs: how the signed-in citizen wants to be told.
use axum::Json;
use base::Lang;
use directory::Citizen;
use serde::{Deserialize, Serialize};
use store::{Read, Write};
use utoipa::ToSchema;
use web::{ApiRoutes, Door, Once, Problem, routes};

use crate::{Wishes, set_wishes, wishes};

/// Addresses under `/api/v1`.
pub fn api() -> ApiRoutes {
    ApiRoutes::new().add(Door::Citizen, routes!(read, choose))
}

/// How a citizen wants to be told.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WishesView {
    /// By e-mail; a request for more papers is sent all the same.
    email: bool,
    /// `vi` or `en`.
    #[schema(value_type = String)]
    language: Lang,
}

/// How the signed-in citizen wants to be told.
#[utoipa::path(get, path = "/api/v1/notice-wishes", tag = "notices", responses((status = 200, body = WishesView)))]
pub async fn read(me: Citizen) -> Result<Json<WishesView>, Problem> {
    let subject = me.cx.who.subject.id;
    let Wishes { email, lang } = me.house.db.read(async move |tx: &Read<'_>| wishes(tx, subject).await).await?;
    Ok(Json(WishesView { email, language: lang }))
}

/// Says how the signed-in citizen wants to be told from now on.
#[utoipa::path(put, path = "/api/v1/notice-wishes", tag = "notices", request_body = WishesView, responses((status = 204)))]
pub async fn choose(me: Citizen, once: Once, Json(view): Json<WishesView>) -> Result<http::StatusCode, Problem> {
    let (subject, now) = (me.cx.who.subject.id, me.cx.by.now);
    let chosen = Wishes { email: view.email, lang: view.language };
    once.run(&me.house, &view, async move |tx: &Write<'_>| set_wishes(tx, subject, chosen, now).await.map(|()| String::new()))
        .await?;
    Ok(http::StatusCode::NO_CONTENT)
}
