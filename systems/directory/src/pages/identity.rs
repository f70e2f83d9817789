//! Signing in through a provider of identities: there and back again, and out with it.
use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use store::{Read, Write};
use web::{House, Page, Problem, Realm, Shell, Visit, filters, go, session, words};

use super::{
    citizen,
    sign_in::{self, By, Wanted},
};
use crate::{
    extract::{CameFrom, nobody},
    identity::{Refused, client::Providers, provider::Provider},
    service::{
        identity::{self, Arrived, Exchange, Said, Stop},
        sessions,
        sign_in::{Place, Proved},
    },
    sql,
};

#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut {
    lead: web::Words,
    to: String,
    home: &'static str,
}

/// The buttons of a sign-in page: the address of each and its words.
pub async fn ways(house: &House, realm: Realm, next: &str) -> Result<Vec<(String, String)>, Problem> {
    let open = house.db.read(async move |tx: &Read<'_>| sql::identity::open_to(tx, realm).await).await?;
    let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
    let at = |p: Provider| (format!("{}/qua/{}?next={next}", realm.sign_in(), p.key), p.label);
    Ok(open.into_iter().map(at).collect())
}

async fn provider(house: &House, realm: Realm, key: String) -> Result<Provider, Problem> {
    let found = house.db.read(async move |tx: &Read<'_>| identity::provider(tx, &key).await).await?;
    found.filter(|p| p.realm == realm).ok_or_else(Problem::not_found)
}

fn stopped(stop: Stop, provider: &Provider) -> Problem {
    match stop {
        Stop::Refused(why) => why.problem(&provider.label, provider.realm, &provider.key),
        Stop::Error(error) => error.into(),
    }
}

/// Nobody came in of an answer that was believed: that stands in the history too.
async fn or_turned_away<T>(
    done: Result<T, Stop>,
    house: &House,
    by: &store::By,
    provider: &Provider,
    place: &Place,
) -> Result<T, Problem> {
    if let Err(Stop::Refused(why)) = &done {
        identity::turned_away(&house.db, by, provider, place, why).await?;
    }
    done.map_err(|stop| stopped(stop, provider))
}

/// Whether another house led the browser here, or the browser fetches ahead: then nobody asked to sign in.
fn unasked(headers: &HeaderMap) -> bool {
    let says = |name: &str, word: &str| headers.get(name).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains(word));
    says("sec-fetch-site", "cross-site") || says("sec-purpose", "prefetch") || says("purpose", "prefetch")
}

fn wanted(realm: Realm, next: &str) -> String {
    match realm {
        Realm::Citizen => citizen::wanted(next),
        Realm::Officer => sign_in::wanted(next),
    }
}

/// Sends the browser to the provider.
pub async fn begin(
    State(house): State<House>,
    Extension(providers): Extension<Providers>,
    visit: Visit,
    Path(key): Path<String>,
    Query(q): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let realm = visit.realm();
    let provider = provider(&house, realm, key).await?;
    if unasked(&headers) {
        return Ok(go(realm.sign_in()).into_response());
    }
    let at = Exchange::of(&house, &providers, &provider, nobody(&visit));
    match identity::begin(&at, visit.key(), wanted(realm, &q.next)).await {
        Ok(to) => elsewhere(&to),
        Err(Stop::Refused(Refused::Off)) => Ok(go(realm.sign_in()).saying("Cách đăng nhập này đang tắt.", &[]).into_response()),
        Err(stop) => Err(stopped(stop, &provider)),
    }
}

/// Leads to another house: only to a provider that an administrator set up.
fn elsewhere(to: &str) -> Result<Response, Problem> {
    let to = HeaderValue::from_str(to).map_err(|e| Problem::ours(e.to_string()))?;
    let headers = [(header::LOCATION, to), (header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// The browser is back: with an answer that is believed somebody is signed in.
pub async fn back(
    State(house): State<House>,
    Extension(providers): Extension<Providers>,
    visit: Visit,
    CameFrom(place): CameFrom,
    Path(key): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, Problem> {
    let realm = visit.realm();
    let provider = provider(&house, realm, key).await?;
    if said.state.is_none() {
        return Ok(go(realm.sign_in()).into_response());
    }
    let at = Exchange::of(&house, &providers, &provider, nobody(&visit));
    let answered = identity::answer(&at, visit.known_key(), &place, &said).await;
    let (flow, arrived) = answered.map_err(|stop| stopped(stop, &provider))?;
    let next = wanted(realm, &flow.next);
    match realm {
        Realm::Citizen => citizen_in(&house, &visit, &provider, &place, arrived, next).await,
        Realm::Officer => officer_in(&house, &visit, &provider, &place, arrived, next).await,
    }
}

async fn citizen_in(
    house: &House,
    visit: &Visit,
    provider: &Provider,
    place: &Place,
    arrived: Arrived,
    next: String,
) -> Result<Response, Problem> {
    let (opening, by) = (session::opening(visit, house), nobody(visit));
    let (asked, at) = (provider.clone(), place.clone());
    let opened = house
        .db
        .write(async move |tx: &Write<'_>| {
            let came = identity::citizen_arrives(tx, &by, &asked, &arrived.identity).await?;
            let opened = sessions::open(tx, &opening, came.subject, None).await?;
            identity::keep_session(tx, &asked, &arrived, &opened, came.person).await?;
            let level = arrived.identity.level.clone();
            identity::came_in(tx, &by, &asked, came.subject.id, "in_identity", &at, level).await?;
            Ok::<_, Stop>(opened)
        })
        .await;
    let opened = or_turned_away(opened, house, &by, provider, place).await?;
    Ok((opened, [(header::CACHE_CONTROL, "no-store")], go(next)).into_response())
}

async fn officer_in(
    house: &House,
    visit: &Visit,
    provider: &Provider,
    place: &Place,
    arrived: Arrived,
    next: String,
) -> Result<Response, Problem> {
    let (by, key) = (nobody(visit), visit.key());
    let (asked, at, came) = (provider.clone(), place.clone(), arrived.clone());
    // the account is found and the line written first: what follows may still ask for the second factor
    let found = house
        .db
        .write(async move |tx: &Write<'_>| {
            let known = identity::officer_arrives(tx, &by, &asked, &came.identity).await?;
            let waits = asked.leaves_second_factor(known.totp.is_some());
            let outcome = if waits { "identity" } else { "in_identity" };
            identity::came_in(tx, &by, &asked, known.subject, outcome, &at, came.identity.level.clone()).await?;
            if waits {
                crate::service::sign_in::wait_for_second(tx, &by, Realm::Officer, known.subject, key.0).await?;
                identity::keep_waiting(tx, &asked, &came, key, known.subject, by.now).await?;
            }
            let subject = web::Subject { realm: Realm::Officer, id: known.subject };
            Ok::<_, Stop>((Proved { subject, name: known.name }, waits))
        })
        .await;
    let (proved, waits) = or_turned_away(found, house, &by, provider, place).await?;
    if waits {
        let next: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        return Ok(go(format!("/can-bo/dang-nhap/ma?next={next}")).into_response());
    }
    sign_in::enter(house, visit, place, &proved, By::Provider(Box::new((provider.clone(), arrived))), next).await
}

/// Where somebody goes who signed out here: to the provider too, when the session came from there. The page says so and goes on by itself.
pub async fn signed_out(
    house: &House,
    providers: &Providers,
    visit: &Visit,
    left: Option<(Provider, sql::identity::There)>,
) -> Result<Option<Response>, Problem> {
    let Some((provider, there)) = left else { return Ok(None) };
    let at = Exchange::of(house, providers, &provider, nobody(visit));
    let Some(to) = identity::way_out(&at, &there, &visit.csrf()).await else { return Ok(None) };
    let home = match provider.realm {
        Realm::Citizen => "/",
        Realm::Officer => Realm::Officer.sign_in(),
    };
    let refresh = HeaderValue::from_str(&format!("1; url={to}")).map_err(|e| Problem::ours(e.to_string()))?;
    let lead =
        words("Bạn đã vào bằng “{0}”. Trang sau là của nơi đó, để đăng xuất cả ở đó: trên máy dùng chung, đừng bỏ qua bước này.");
    let lead = lead.with_words(provider.label);
    let shell = Shell::citizen(visit, house).nav(vec![]).title(words("Đã đăng xuất")).main_class("page form-page").plain();
    let mut response = Page::new(shell, SignedOut { lead, to, home }).into_response();
    let headers = response.headers_mut();
    headers.insert(header::REFRESH, refresh);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(Some(response))
}

/// Back from signing out at the provider.
pub async fn out_there(State(house): State<House>, visit: Visit, Path(key): Path<String>) -> Result<Response, Problem> {
    provider(&house, visit.realm(), key).await?;
    let home = match visit.realm() {
        Realm::Citizen => "/",
        Realm::Officer => Realm::Officer.sign_in(),
    };
    Ok(go(home).saying("Đã đăng xuất.", &[]).into_response())
}

/// What a provider's page asks while somebody signs out there.
#[derive(serde::Deserialize)]
pub struct Leaving {
    #[serde(default)]
    iss: String,
    #[serde(default)]
    sid: String,
}

/// The provider's page shows this one in a frame while somebody signs out there. No cookie of ours comes along: the session is named.
pub async fn seen_out(
    State(house): State<House>,
    visit: Visit,
    Path(key): Path<String>,
    Query(q): Query<Leaving>,
) -> Result<Response, Problem> {
    let provider = provider(&house, visit.realm(), key).await?;
    identity::seen_out(&house.db, &nobody(&visit), &provider, &q.iss, &q.sid).await?;
    let origin = reqwest::Url::parse(&provider.issuer).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let policy = format!("default-src 'none'; frame-ancestors {}", if origin.is_empty() { "'none'" } else { &origin });
    let policy = HeaderValue::from_str(&policy).map_err(|e| Problem::ours(e.to_string()))?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
    ];
    Ok((headers, "ok").into_response())
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Problem {
        match stop {
            Stop::Refused(why) => Problem::unreadable(why.code()),
            Stop::Error(error) => error.into(),
        }
    }
}
