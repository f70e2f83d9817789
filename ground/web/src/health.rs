//! `/health` for the machine that watches, `/metrics` for the one that counts.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use store::Read;
use subtle::ConstantTimeEq;

use crate::house::{Health, House, Wellness};
use crate::problem::Problem;

#[derive(Clone)]
pub(crate) struct Checks(pub(crate) Arc<[Health]>);

#[derive(Serialize)]
struct Report {
    state: &'static str,
    checks: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    name: &'static str,
    state: &'static str,
}

impl Line {
    /// How a part of the house is. Why it is not well is for the log and for `motcua doctor`: anybody may ask here.
    fn of(name: &'static str, wellness: &Wellness) -> Line {
        let state = match wellness {
            Wellness::Well => "well",
            Wellness::Ailing { why } => {
                tracing::info!(name, why, "a part of the house is ailing");
                "ailing"
            }
            Wellness::Down { why } => {
                tracing::warn!(name, why, "a part of the house is down");
                "down"
            }
        };
        Line { name, state }
    }
}

/// Asks every room; 200 when the house can serve, 503 when it cannot.
pub(crate) async fn health(State(house): State<House>, Extension(Checks(checks)): Extension<Checks>) -> Response {
    let mut lines = vec![Line::of("database", &database(&house).await)];
    for check in checks.iter() {
        lines.push(Line::of(check.name, &(check.ask)(house.clone()).await));
    }
    let is_down = lines.iter().any(|l| l.state == "down");
    let is_ailing = lines.iter().any(|l| l.state == "ailing");
    let state = if is_down {
        "down"
    } else if is_ailing {
        "ailing"
    } else {
        "well"
    };
    let status = if is_down { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(Report { state, checks: lines })).into_response()
}

async fn database(house: &House) -> Wellness {
    let asked = house.db.read(async |tx: &Read<'_>| crate::sql::is_there(tx).await);
    match tokio::time::timeout(std::time::Duration::from_secs(2), asked).await {
        Ok(Ok(_)) => Wellness::Well,
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database is not well");
            Wellness::Down { why: "the database does not answer".into() }
        }
        Err(_) => Wellness::Down { why: "the database took more than two seconds".into() },
    }
}

/// Counters in the text form of Prometheus, for the machine itself, or for whoever brings the token of the settings. Everybody else is told
/// that nothing is here: how busy a province is, and with what, is nobody's business.
pub(crate) async fn metrics(
    State(house): State<House>,
    peer: Option<Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let peer = peer.map(|Extension(ConnectInfo(at))| at.ip());
    let render = house.metrics.as_ref().filter(|_| may_count(&house.settings.metrics_token, peer, &headers));
    let mut response = render.ok_or_else(Problem::not_found)?().into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"));
    Ok(response)
}

/// A token that is set is asked of everybody. Without one only this machine counts, and a proxy on it speaks for others.
fn may_count(token: &str, peer: Option<IpAddr>, headers: &HeaderMap) -> bool {
    if token.is_empty() {
        let by_proxy = ["x-forwarded-for", "x-real-ip", "forwarded", "via"].iter().any(|name| headers.contains_key(*name));
        return !by_proxy && peer.is_some_and(|at| at.to_canonical().is_loopback());
    }
    let brought = headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("Bearer "));
    brought.is_some_and(|brought| brought.as_bytes().ct_eq(token.as_bytes()).into())
}
