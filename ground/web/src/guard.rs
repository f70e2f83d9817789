//! Before anything is written: does this form come from our own page? And what was typed is held, in case the answer is an error.
//!
//! Every POST that is not an API call with a bearer token carries the word of its visitor's cookie: in the field `csrf` (the first part
//! of a multipart form) or in the header `X-CSRF`. The browser's own `Sec-Fetch-Site` and `Origin` are believed when they accuse.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use http::{HeaderMap, Method, header};

use crate::house::House;
use crate::problem::Problem;
use crate::visit::Visit;

/// The fields of a plain form as they came, for error pages and for parking.
#[derive(Debug, Clone, Default)]
pub struct Posted(pub(crate) Arc<Vec<(String, String)>>);

impl Posted {
    /// The first value of a field.
    pub fn value(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone())
    }

    /// What may be shown and kept: neither our own marks nor secrets.
    pub(crate) fn keepable(&self) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| may_keep(name)).cloned().collect()
    }
}

/// What a person would know again as their own words, in the order of the form: no marks of ours, no ids, no one-word choices' codes.
pub(crate) fn own_words(fields: &[(String, String)]) -> Vec<String> {
    let is_ours = |name: &str| {
        name.ends_with(".id")
            || name.ends_with(".mo")
            || name.starts_with("chon.")
            || name.starts_with("da-xem.")
            || matches!(name, "da-hien" | "to-nay" | "chi-nhung" | "sau" | "viec" | "next")
    };
    let is_code = |value: &str| {
        uuid::Uuid::parse_str(value).is_ok() || (value.chars().all(|c| c.is_ascii_lowercase() || c == '_') && value.len() <= 12)
    };
    let words = fields.iter().filter(|(name, value)| !is_ours(name) && !is_code(value.trim()) && !value.trim().is_empty());
    words.map(|(_, value)| value.clone()).collect()
}

fn may_keep(name: &str) -> bool {
    const NEVER: [&str; 8] = ["csrf", "lan", "password", "mat-khau", "totp", "otp", "pin", "secret"];
    !NEVER.iter().any(|n| name == *n || name.strip_prefix(n).is_some_and(|r| r.starts_with(['-', '_', '.'])))
}

/// The layer.
pub(crate) async fn guard(State(house): State<House>, visit: Visit, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE) {
        return next.run(request).await;
    }
    let is_api = request.uri().path().starts_with("/api/");
    if is_api && (visit.is_bearer() || visit.known_key().is_none()) {
        return next.run(request).await;
    }
    if accused(request.headers()) {
        return Problem::stale_form().because("another site").into_response();
    }
    if let Some(word) = request.headers().get("x-csrf").and_then(|v| v.to_str().ok()) {
        return match accepts(&visit, word) {
            true => next.run(request).await,
            false => Problem::stale_form().because("the header does not fit the cookie").into_response(),
        };
    }
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if kind.starts_with("application/x-www-form-urlencoded") {
        plain(&house, &visit, request, next).await
    } else if kind.starts_with("multipart/form-data") {
        multipart(&house, &visit, request, next).await
    } else {
        Problem::stale_form().because("no word in the header").into_response()
    }
}

fn accepts(visit: &Visit, word: &str) -> bool {
    visit.request_token().is_some_and(|t| t.accepts(word))
}

/// Whether the browser itself says that the form came from elsewhere.
fn accused(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    if text("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return true;
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) if origin != "null" => {
            origin.split_once("://").is_none_or(|(_, from)| !from.eq_ignore_ascii_case(host))
        }
        _ => false,
    }
}

async fn plain(house: &House, visit: &Visit, request: Request, next: Next) -> Response {
    let limit = house.settings.max_form;
    let (mut parts, body) = request.into_parts();
    let bytes = match axum::body::to_bytes(body, limit).await {
        Ok(bytes) => bytes,
        Err(_) => return Problem::too_large(limit as u64).into_response(),
    };
    let posted = Posted(Arc::new(form_urlencoded::parse(&bytes).into_owned().collect()));
    let word = posted.value("csrf").unwrap_or_default();
    if !accepts(visit, &word) {
        return with_posted(Problem::stale_form().because("the field does not fit the cookie").into_response(), posted);
    }
    parts.extensions.insert(posted.clone());
    let response = next.run(Request::from_parts(parts, Body::from(bytes))).await;
    with_posted(response, posted)
}

/// Remembers the fields beside the answer, for when it turns out to be an error.
fn with_posted(mut response: Response, posted: Posted) -> Response {
    response.extensions_mut().insert(posted);
    response
}

/// The first part of a multipart form is the word; only so much of the body is held.
async fn multipart(house: &House, visit: &Visit, request: Request, next: Next) -> Response {
    const HEAD: usize = 4096;
    let (parts, body) = request.into_parts();
    let mut stream = body.into_data_stream();
    let mut head = Vec::new();
    while head.len() < HEAD && first_part(&head).is_none() {
        match stream.next().await {
            Some(Ok(chunk)) => head.extend_from_slice(&chunk),
            Some(Err(error)) => return Problem::unreadable(error.to_string()).into_response(),
            None => break,
        }
    }
    let word = first_part(&head).unwrap_or_default();
    let rest = futures_util::stream::once(std::future::ready(Ok::<Bytes, axum::Error>(Bytes::from(head)))).chain(stream);
    let request = Request::from_parts(parts, Body::from_stream(rest));
    if !accepts(visit, &word) {
        return Problem::stale_form().because("the first part does not fit the cookie").into_response();
    }
    match visit.standing(house).await {
        // The session is over: the files will have to be chosen again, but not a word typed is lost.
        Ok(standing) if standing.session.is_none() && standing.former.is_some() => {
            let posted = crate::parked::texts_of(request, house.settings.max_form).await;
            with_posted(Problem::sign_in(visit.realm()).into_response(), posted)
        }
        Ok(_) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// The value of a first part named `csrf`, once it is all here.
fn first_part(head: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let (headers, rest) = text.split_once("\r\n\r\n")?;
    if !headers.contains("name=\"csrf\"") {
        return Some(String::new());
    }
    rest.split_once("\r\n").map(|(value, _)| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_never_kept() {
        assert!(may_keep("ho-ten") && may_keep("pinned") && may_keep("ghi-chu"));
        assert!(!may_keep("password") && !may_keep("mat-khau-moi") && !may_keep("csrf") && !may_keep("pin"));
    }

    #[test]
    fn what_is_shown_again_are_peoples_own_words() {
        let id = "0192e4d0-0000-7000-8000-000000000001";
        let sent = [
            ("da-hien", "a b"),
            ("to-nay", "3.0192e4d0-0000-7000-8000-000000000001"),
            ("chi-nhung", "ho-ten"),
            ("xa", id),
            ("me.ghi", "co"),
            ("tep.x.id", id),
            ("ho-ten", "Trần Thị Thử"),
            ("d", "5"),
            ("y", " "),
        ];
        let sent: Vec<(String, String)> = sent.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!(own_words(&sent), ["Trần Thị Thử", "5"]);
    }

    #[test]
    fn the_first_part_is_read_only_when_it_is_whole() {
        let head = b"--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\nabc";
        assert_eq!(first_part(head), None);
        assert_eq!(first_part(&[head.as_slice(), b"\r\n--b"].concat()), Some("abc".into()));
        let other = b"--b\r\nContent-Disposition: form-data; name=\"tep\"\r\n\r\nabc\r\n--b";
        assert_eq!(first_part(other), Some(String::new()));
    }
}
