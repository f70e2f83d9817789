//! The document of the API, and a page to read it without anything from another host.

use std::sync::Arc;

use axum::Extension;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use utoipa::openapi::{ContactBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder};

use crate::house::Settings;

/// The document without any room yet.
pub(crate) fn document(settings: &Settings) -> OpenApi {
    let info = InfoBuilder::new()
        .title("motcua")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Every step of a dossier as JSON. Sign in with a session token in `Authorization: Bearer`. Calls that change something take \
             `Idempotency-Key`. Errors are `application/problem+json` (RFC 9457).",
        ))
        .license(Some(LicenseBuilder::new().name("Apache-2.0 OR MIT").build()))
        .contact(Some(ContactBuilder::new().name(Some(settings.province.clone())).build()))
        .build();
    OpenApiBuilder::new().info(info).build()
}

/// The document as it is served.
#[derive(Clone)]
pub(crate) struct Document {
    json: Arc<str>,
}

impl Document {
    pub(crate) fn new(document: &OpenApi) -> Document {
        Document { json: document.to_json().unwrap_or_else(|_| "{}".into()).into() }
    }
}

/// `/api/openapi.json`
pub(crate) async fn json(Extension(document): Extension<Document>) -> Response {
    let mut response = document.json.to_string().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
