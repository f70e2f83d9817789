//! A small house with a form, an officers' page and a sign-in, spoken to without a network.
#![allow(dead_code)]

use askama::Template;
use axum::Form;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::{Clock, Moment};
use http::{HeaderMap, Method, Request, StatusCode, header};
use store::{Read, Write, sql};
use testkit::Place;
use tower::ServiceExt;
use uuid::Uuid;
use web::{Door, House, Once, Page, Problem, Realm, Room, Routes, Settings, Shell, Subject, Visit};

pub const OFFICER: Uuid = Uuid::from_u128(7);
pub const COLLEAGUE: Uuid = Uuid::from_u128(8);

pub struct Service {
    pub app: axum::Router,
    pub house: House,
    pub clock: Clock,
    pub routes: Vec<web::Route>,
    _place: Place,
    folder: tempfile::TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// Every cookie set, as a request would send them back.
    pub fn cookies(&self) -> String {
        let all = self.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
        all.filter_map(|c| c.split(';').next()).filter(|c| !c.ends_with('=')).collect::<Vec<_>>().join("; ")
    }

    pub fn hidden(&self, name: &str) -> String {
        let at = self.text.find(&format!("name=\"{name}\"")).expect(name);
        let rest = &self.text[at..];
        let from = rest.find("value=\"").expect("a value") + 7;
        rest[from..from + rest[from..].find('"').expect("an end")].to_owned()
    }
}

impl Service {
    pub async fn on(place: Place) -> Service {
        Service::with(place, Settings::default()).await
    }

    pub async fn with(place: Place, settings: Settings) -> Service {
        let db = place.db().await;
        store::migrate(&db, &[("web", web::MIGRATIONS)]).await.expect("migrations");
        let folder = tempfile::tempdir().expect("a folder");
        let files = store::Files::folder(folder.path()).await.expect("files");
        let clock = Clock::fixed(Moment::from_local(jiff::civil::date(2026, 11, 23).at(14, 30, 0, 0)));
        let house = House::new(db, files, clock.clone(), settings);
        let app = web::build(house.clone(), vec![room()]);
        Service { app: app.router, house, clock, routes: app.routes, _place: place, folder }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.send(
            Request::get(path).header("cookie", cookie).header("accept", "text/html").body(Body::empty()).expect("a request"),
        )
        .await
    }

    pub async fn post(&self, path: &str, cookie: &str, body: &str) -> Answer {
        let request = Request::post(path)
            .header("cookie", cookie)
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    /// Signs the officer in; answers the cookie.
    pub async fn sign_in(&self) -> String {
        self.enter(OFFICER, "").await.cookies()
    }

    /// Signs somebody in, at the browser with this cookie or at a fresh one.
    pub async fn enter(&self, who: Uuid, before: &str) -> Answer {
        let page = self.get("/can-bo/vao", before).await;
        let cookie = if before.is_empty() { page.cookies() } else { before.to_owned() };
        let answer = self.post(&format!("/can-bo/vao?ai={who}"), &cookie, &format!("csrf={}", page.hidden("csrf"))).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer
    }

    /// How many objects lie in the file store, referred to or not.
    pub fn objects(&self) -> usize {
        files_in(&self.folder.path().join("objects"))
    }
}

fn files_in(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries.map(|entry| if entry.path().is_dir() { files_in(&entry.path()) } else { 1 }).sum()
}

#[derive(Template)]
#[template(source = r#"<form method="post">{{ web::csrf_once() }}{{ field }}</form>"#, ext = "html")]
struct FormPage {
    field: web::Field,
}

#[derive(serde::Deserialize, serde::Serialize)]
struct Typed {
    #[serde(default)]
    text: String,
}

async fn form(State(house): State<House>, visit: Visit) -> Page<impl Template> {
    Page::new(Shell::citizen(&visit, &house).title("Thử"), FormPage { field: web::text("text", "Chữ") })
}

async fn echo(
    State(house): State<House>,
    once: Once,
    form: Result<Form<Typed>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    let Form(typed) = form?;
    let by = store::By::system(house.clock.now());
    let to = once
        .run(&house, &typed, async move |tx: &Write<'_>| {
            let count = store::number(tx, &store::Series::of_day("thu", by.now)).await?;
            Ok::<_, store::Error>(format!("/ket-qua/{count}"))
        })
        .await?;
    Ok(web::go(to).into_response())
}

async fn officers(State(house): State<House>, visit: Visit) -> Result<Page<impl Template>, Problem> {
    visit.session(&house).await?.ok_or_else(|| Problem::sign_in(Realm::Officer))?;
    Ok(Page::new(
        Shell::officer(&visit, &house, web::Bar::default(), Vec::new()),
        FormPage { field: web::area("ghi-chu", "Ghi chú") },
    ))
}

async fn officers_post(State(house): State<House>, visit: Visit) -> Result<Response, Problem> {
    visit.session(&house).await?.ok_or_else(|| Problem::sign_in(Realm::Officer))?;
    Ok(web::go("/can-bo/viec").saying("Đã giao {0} hồ sơ cho {1}.", &["3", "<b>Mẫu</b>"]).into_response())
}

async fn enter(State(house): State<House>, visit: Visit) -> Result<Response, Problem> {
    let opening = web::session::opening(&visit, &house);
    let who = visit.query().strip_prefix("ai=").and_then(|id| id.parse().ok());
    let subject = Subject { realm: Realm::Officer, id: who.unwrap_or(OFFICER) };
    let opened = house.db.write(async move |tx: &Write<'_>| web::session::open(tx, &opening, subject, None).await).await?;
    Ok((opened, web::go("/can-bo/viec")).into_response())
}

async fn panics() -> Response {
    panic!("with a secret 123")
}

async fn broken(State(house): State<House>) -> Result<Response, Problem> {
    house.db.read(async |tx: &Read<'_>| tx.one::<i64>(sql!("SELECT 1 WHERE 1 = 0"), &[]).await).await.map_err(Problem::from)?;
    Ok(StatusCode::OK.into_response())
}

async fn away() -> Problem {
    Problem::away("a test")
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    count: u8,
}

async fn ordered(axum::Json(order): axum::Json<Order>) -> String {
    order.count.to_string()
}

/// A cookie set by somebody who forgot what one of this house looks like.
async fn bare() -> impl IntoResponse {
    ([(header::SET_COOKIE, "bare=1; Path=/")], "")
}

fn room() -> Room {
    Room::new("thu").pages(
        Routes::new()
            .get("/form", Door::Public, form)
            .post("/form", Door::Public, echo)
            .post("/gian-doan", Door::Public, away)
            .get("/gian-doan/{code}", Door::Public, away)
            .post("/api/v1/ordered", Door::Public, ordered)
            .get("/can-bo/vao", Door::Public, form)
            .post("/can-bo/vao", Door::Public, enter)
            .get("/can-bo/viec", Door::Officer(""), officers)
            .post("/can-bo/viec", Door::Officer(""), officers_post)
            .get("/bare", Door::Public, bare)
            .get("/api/v1/bare", Door::Public, bare)
            .post("/api/v1/bare", Door::Public, bare)
            .get("/hong", Door::Public, panics)
            .get("/khong-dong", Door::Public, broken),
    )
}

pub fn request(method: Method, path: &str, cookie: &str) -> http::request::Builder {
    Request::builder().method(method).uri(path).header("cookie", cookie)
}
