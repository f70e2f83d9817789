//! Which other sites' scripts may read answers of the API: those the settings name, and none by default. Pages are never shared, and no
//! cookie goes along: whoever comes from another site brings a session token.

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};

use crate::house::Settings;

const FIXED: [(HeaderName, &str); 3] = [
    (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
    (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, accept-language, idempotency-key, dossier-pass"),
    (header::ACCESS_CONTROL_MAX_AGE, "600"),
];

/// The site a request comes from, when it may read the answer.
pub(crate) fn admitted(settings: &Settings, request: &Request) -> Option<HeaderValue> {
    let origin = request.headers().get(header::ORIGIN)?;
    let is_known = settings.allowed_origins.iter().any(|known| known.as_bytes() == origin.as_bytes());
    (is_known && request.uri().path().starts_with("/api/")).then(|| origin.clone())
}

/// The answer to a browser that asks first whether a call may be made at all.
pub(crate) fn asked_first(request: &Request) -> Option<Response> {
    let asks = request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    asks.then(|| {
        let mut response = StatusCode::NO_CONTENT.into_response();
        response.headers_mut().extend(FIXED.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    })
}

/// Says who may read this answer.
pub(crate) fn admit(headers: &mut HeaderMap, origin: HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("location, retry-after, x-request-id"));
    headers.append(header::VARY, HeaderValue::from_static("origin"));
}
