//! The house as one HTTP service: every room's addresses, and around them what every answer needs.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Redirect, Response};
use base::Seed;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tracing::Instrument;

use crate::guard::Posted;
use crate::house::{House, Room};
use crate::problem::{Problem, Undressed};
use crate::routes::Route;
use crate::visit::Visit;

/// The whole service.
pub struct App {
    /// What is served.
    pub router: Router,
    /// Every address with its door: what the rights tests walk through.
    pub routes: Vec<Route>,
    /// The document of the API.
    pub openapi: utoipa::openapi::OpenApi,
}

/// Puts the rooms together, in their order; the house's own room comes with it.
pub fn build(mut house: House, rooms: Vec<Room>) -> App {
    let mut all = vec![crate::room()];
    all.extend(rooms);
    let mut links: Vec<_> = all.iter().flat_map(|r| r.links.iter().cloned()).collect();
    links.sort_by_key(|l| l.order);
    house.links = links.into();
    let health: Vec<_> = all.iter().flat_map(|r| r.health.iter().cloned()).collect();
    let mut router: Router<House> = Router::new();
    let mut openapi = crate::openapi::document(&house.settings);
    let mut routes = Vec::new();
    for room in all {
        let (pages, list) = room.pages.into_parts();
        router = router.merge(pages);
        routes.extend(list);
        let (api, document, list) = room.api.into_parts();
        router = router.merge(api);
        openapi.merge(document);
        routes.extend(list);
    }
    let inside = router
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async { Problem::wrong_method() })
        .layer(axum::Extension(crate::health::Checks(health.into())))
        .layer(axum::Extension(crate::openapi::Document::new(&openapi)))
        .layer(DefaultBodyLimit::max(house.settings.max_form))
        .layer(from_fn_with_state(house.clone(), crate::guard::guard))
        .layer(CatchPanicLayer::custom(panicked));
    let router = inside.layer(from_fn_with_state(house.clone(), around)).layer(CompressionLayer::new()).with_state(house);
    App { router, routes, openapi }
}

/// A panic is our fault like any other: the message goes to the log, the page says what was kept.
fn panicked(panic: Box<dyn std::any::Any + Send + 'static>) -> Response {
    let message = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|m| (*m).to_owned()))
        .unwrap_or_else(|| "panic".into());
    Problem::ours(format!("panic: {message}")).into_response()
}

/// Around every request: who visits, how long it took, and an answer put into words.
async fn around(State(house): State<House>, mut request: Request, next: Next) -> Response {
    let visit = Visit::of(&request, &house.settings, house.clock.now(), Seed::fresh());
    request.extensions_mut().insert(visit.clone());
    let route = request.extensions().get::<axum::extract::MatchedPath>().map(|p| p.as_str().to_owned());
    let began = tokio::time::Instant::now();
    let origin = crate::cors::admitted(&house.settings, &request);
    let span = tracing::info_span!("request", trace = %visit.trace(), method = %visit.method());
    let response = async {
        let patience = patience(&house, &request);
        let asked_first = origin.as_ref().and_then(|_| crate::cors::asked_first(&request));
        let response = match asked_first {
            Some(answer) => answer,
            None => match tokio::time::timeout(patience, next.run(request)).await {
                Ok(response) => response,
                Err(_) => Problem::away("the request took too long").into_response(),
            },
        };
        let response = dress(&house, &visit, route.as_deref().unwrap_or("-"), response).await;
        record(&visit, route.as_deref(), &response, began.elapsed());
        response
    }
    .instrument(span)
    .await;
    let mut response = finish(&house, &visit, response);
    if let Some(origin) = origin {
        crate::cors::admit(response.headers_mut(), origin);
    }
    response
}

/// How long a request may take. A file over a bad line needs its time.
fn patience(house: &House, request: &Request) -> Duration {
    const FILES: Duration = Duration::from_secs(20 * 60);
    let path = request.uri().path();
    let is_tus = [crate::upload::ENDPOINT, crate::upload::OFFICER_ENDPOINT].iter().any(|at| path.starts_with(at));
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if is_tus || kind.starts_with("multipart/") { FILES } else { house.settings.request_time() }
}

/// An error that an extractor of the framework answered in plain English: it becomes one of ours.
async fn framework_words(response: Response) -> Result<Problem, Response> {
    let is_plain = response.headers().get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/plain"));
    let status = response.status();
    if !is_plain || !(status.is_client_error() || status.is_server_error()) {
        return Err(response);
    }
    let said = axum::body::to_bytes(response.into_body(), 4096).await.unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    Ok(match status {
        // A blank of the address that is no id or code leads nowhere.
        StatusCode::BAD_REQUEST if said.starts_with("Invalid URL") => Problem::not_found(),
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Problem::wrong_method(),
        status if status.is_server_error() => Problem::ours(String::new()),
        _ => match crate::unread::fault(&said) {
            Some(fault) => Problem::fault(vec![fault]),
            None => Problem::unreadable(String::new()),
        },
    }
    .because(said))
}

/// Puts a problem into the words of whoever asked. The log is told the route: a path may name a dossier.
async fn dress(house: &House, visit: &Visit, route: &str, mut response: Response) -> Response {
    let posted = response.extensions_mut().remove::<Posted>();
    let problem = match response.extensions_mut().remove::<Undressed>() {
        Some(Undressed(problem)) => problem,
        None if response.status() == StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(house.settings.max_form as u64),
        None => match framework_words(response).await {
            Ok(problem) => {
                response = Response::default();
                problem
            }
            Err(response) => return response,
        },
    };
    if problem.status.is_server_error() {
        tracing::error!(problem = %problem, route, "request failed");
    } else if let Some(inner) = &problem.inner {
        tracing::info!(status = problem.status.as_u16(), kind = problem.kind, why = %inner, "request refused");
    }
    let mut retry_after = problem.retry_after;
    let headers = std::mem::take(response.headers_mut());
    let mut dressed = if visit.wants_json() {
        let mut dressed = Body::from(problem.json(visit.lang(), &visit.trace().to_string(), visit.path())).into_response();
        *dressed.status_mut() = problem.status;
        dressed.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        dressed.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        dressed
    } else if let Some(realm) = problem.sign_in {
        let led = sign_in_first(house, visit, realm, posted.as_ref()).await;
        match led {
            Ok(led) => led,
            // What could not be kept here stays on the page.
            Err(instead) => {
                tracing::warn!(problem = %instead, "could not keep what was typed");
                retry_after = instead.retry_after;
                crate::problem::page(house, visit, instead, posted)
            }
        }
    } else {
        crate::problem::page(house, visit, problem, posted)
    };
    if let Some(seconds) = retry_after {
        dressed.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    for name in [header::SET_COOKIE, header::RETRY_AFTER, header::ALLOW] {
        for value in headers.get_all(&name) {
            dressed.headers_mut().append(&name, value.clone());
        }
    }
    dressed
}

/// Leads to the sign-in page and back again, with what was typed.
async fn sign_in_first(
    house: &House,
    visit: &Visit,
    realm: crate::session::Realm,
    posted: Option<&Posted>,
) -> Result<Response, Problem> {
    let kept = match posted {
        Some(posted) => crate::parked::park(house, visit, posted).await?,
        None => None,
    };
    let next = match kept {
        Some(id) => crate::parked::place(realm, id),
        None if *visit.method() == Method::GET => visit.here(),
        None => "/".into(),
    };
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let kept = if kept.is_some() { "&giu=1" } else { "" };
    Ok(Redirect::to(&format!("{}?next={next}{kept}", realm.sign_in())).into_response())
}

/// Only our own host; no script or style in the page; shown in no frame.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'self'; manifest-src 'self'; worker-src 'self'";

/// Headers that every answer carries.
fn finish(house: &House, visit: &Visit, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let fixed: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_SECURITY_POLICY, CSP),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(self), microphone=(), geolocation=(self), interest-cohort=()"),
    ];
    for (name, value) in fixed {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if house.settings.https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    if let Ok(trace) = HeaderValue::from_str(&visit.trace().to_string()) {
        headers.insert("x-request-id", trace);
    }
    if let Some(lang) = crate::visit::query_value(visit.query(), "lang").and_then(|l| crate::i18n::read_lang(&l)) {
        let cookie = format!("lang={}; Path=/; Max-Age=31536000; SameSite=Lax", crate::i18n::lang_code(lang));
        headers.extend(HeaderValue::from_str(&cookie).ok().map(|v| (header::SET_COOKIE, v)));
    }
    if let Some(cookie) = visit.cookie_to_set() {
        // A session opened in this very answer has set its own.
        let name = cookie.split('=').next().unwrap_or_default().to_owned();
        let set_already = headers.get_all(header::SET_COOKIE).iter().any(|v| v.as_bytes().starts_with(name.as_bytes()));
        if !set_already {
            headers.extend(HeaderValue::from_str(&cookie).ok().map(|v| (header::SET_COOKIE, v)));
        }
    }
    let is_page = headers.get(header::CONTENT_TYPE).is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
    if is_page && visit.said().is_some() {
        headers.append(header::SET_COOKIE, HeaderValue::from_static(crate::said::CLEAR));
    }
    pin_cookies(headers, visit.is_https());
    response
}

/// A cookie leaves the house for this host alone, out of reach of scripts, and over TLS where there is TLS, whoever set it.
fn pin_cookies(headers: &mut HeaderMap, https: bool) {
    let header::Entry::Occupied(set) = headers.entry(header::SET_COOKIE) else { return };
    let (_, all) = set.remove_entry_mult();
    let pinned: Vec<HeaderValue> = all
        .filter_map(|cookie| {
            let mut text = cookie.to_str().ok()?.to_owned();
            for (mark, is_wanted) in [("; HttpOnly", true), ("; Secure", https)] {
                if is_wanted && !text.contains(mark) {
                    text.push_str(mark);
                }
            }
            HeaderValue::from_str(&text).ok()
        })
        .collect();
    for cookie in pinned {
        headers.append(header::SET_COOKIE, cookie);
    }
}

/// One line a request, without personal data: the route's pattern, not the path.
fn record(visit: &Visit, route: Option<&str>, response: &Response, took: Duration) {
    let status = response.status().as_u16();
    let route = route.unwrap_or("-");
    if visit.path() != "/health" && visit.path() != "/metrics" {
        // to the microsecond: the further digits of a fraction may look like anybody's number
        tracing::info!(route, status, ms = took.as_micros() as f64 / 1000.0, "request");
    }
    let labels = [("route", route.to_owned()), ("method", visit.method().as_str().to_owned()), ("status", status.to_string())];
    metrics::counter!("http_requests_total", &labels).increment(1);
    metrics::histogram!("http_request_seconds", &[("route", route.to_owned())]).record(took.as_secs_f64());
}
