//! The town behind its pages and its API, spoken to without a network: who is signed in, what a form sends, what comes back.

use crate::town::{Town, morning};
use axum::body::Body;
use axum::response::IntoResponse;
use base::{Clock, Seed};
use catalogue::Finder;
use catalogue::package::Package;
use directory::NewCitizen;
use http::{HeaderMap, Method, Request, StatusCode, header};
use store::{By, Write};
use testkit::Place;
use tower::ServiceExt;
use uuid::Uuid;
use web::{House, Realm, Settings, Subject, Visit, session};

pub struct Front {
    pub town: Town,
    pub house: House,
    pub clock: Clock,
    pub routes: Vec<web::Route>,
    app: axum::Router,
    _files: tempfile::TempDir,
}

/// Somebody at a browser.
#[derive(Clone)]
pub struct Person {
    pub subject: Uuid,
    pub cookie: String,
    pub csrf: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub text: String,
}

impl Answer {
    /// Where it leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    #[track_caller]
    pub fn must(self, status: u16) -> Answer {
        assert_eq!(self.status.as_u16(), status, "{} {}", self.location(), self.text.chars().take(1500).collect::<String>());
        self
    }
}

impl Front {
    pub async fn on(place: Place, package: Package) -> Front {
        let town = Town::with(place, package).await;
        let folder = tempfile::tempdir().unwrap();
        let files = store::Files::folder(folder.path()).await.unwrap();
        let clock = Clock::fixed(morning());
        let settings = Settings { demo: true, ..Settings::default() };
        let house = House::new(town.db.clone(), files, clock.clone(), settings);
        let finder = Finder::new();
        let rooms = vec![
            directory::room(),
            notices::room(),
            catalogue::room(finder.clone(), None),
            onestop::room(finder, Default::default(), Default::default()),
        ];
        let web::App { router: app, routes, .. } = web::build(house.clone(), rooms);
        Front { town, house, clock, routes, app, _files: folder }
    }

    /// A citizen with an account, signed in.
    pub async fn citizen(&self, login: &'static str) -> Person {
        let by = By::system(morning());
        let hashed = directory::hash_password("mot-mat-khau-2026", &[], &Seed([1; 32])).await.unwrap();
        let new = NewCitizen { login: login.into(), name: "Trần Thị Thử".into(), ..NewCitizen::default() };
        let account =
            self.town.db.write(async move |tx: &Write<'_>| directory::register(tx, &by, &new, &hashed).await).await.unwrap();
        self.enter(Realm::Citizen, account.0, None).await
    }

    /// An officer, signed in.
    pub async fn officer(&self, person: directory::PersonId) -> Person {
        let cx = self.town.officer(person, morning()).await;
        self.enter(Realm::Officer, person.0, cx.by.post).await
    }

    /// Signs somebody in; `before` is the browser they come back with.
    pub async fn enter(&self, realm: Realm, subject: Uuid, post: Option<Uuid>) -> Person {
        self.enter_again(realm, subject, post, "").await
    }

    pub async fn enter_again(&self, realm: Realm, subject: Uuid, post: Option<Uuid>, cookie: &str) -> Person {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookie.parse().unwrap());
        let path = if realm == Realm::Officer { "/can-bo" } else { "/" };
        let visit =
            Visit::read(&Method::POST, &path.parse().unwrap(), &headers, &self.house.settings, self.clock.now(), Seed::fresh());
        let opening = session::opening(&visit, &self.house);
        let subject_in = Subject { realm, id: subject };
        let opened =
            self.town.db.write(async move |tx: &Write<'_>| session::open(tx, &opening, subject_in, post).await).await.unwrap();
        let csrf = opened.token.csrf();
        let response = (opened, StatusCode::OK).into_response();
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        Person { subject, cookie, csrf }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    pub async fn get(&self, who: &Person, path: &str) -> Answer {
        let request = Request::get(path).header("cookie", &who.cookie).header("accept", "text/html");
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a form as a browser without scripts does.
    pub async fn post(&self, who: &Person, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", who.csrf.as_str())];
        all.extend_from_slice(fields);
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(all).finish();
        let request = Request::post(path)
            .header("cookie", &who.cookie)
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Sends a form with files: (field, name, bytes).
    pub async fn post_files(&self, who: &Person, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("csrf", who.csrf.as_str())].iter().chain(fields) {
            body.extend(format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (field, name, bytes) in files {
            let head = format!("--b\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
            body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(b"--b--\r\n");
        let request = Request::post(path)
            .header("cookie", &who.cookie)
            .header("x-csrf", if path.starts_with("/api/") { &who.csrf } else { "" })
            .header("accept", "text/html")
            .header("content-type", "multipart/form-data; boundary=b");
        let mut request = request.body(Body::from(body)).unwrap();
        if !path.starts_with("/api/") {
            request.headers_mut().remove("x-csrf");
        }
        self.send(request).await
    }

    /// Calls the API.
    pub async fn call(&self, who: &Person, method: Method, path: &str, body: &str) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("cookie", &who.cookie)
            .header("x-csrf", &who.csrf)
            .header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Sends a whole file by tus, as the script does; answers the upload's id.
    pub async fn upload(&self, who: &Person, name: &str, bytes: &[u8]) -> Uuid {
        let ask = |method: Method, path: &str| {
            Request::builder()
                .method(method)
                .uri(path)
                .header("cookie", &who.cookie)
                .header("x-csrf", &who.csrf)
                .header("tus-resumable", "1.0.0")
        };
        let made = ask(Method::POST, "/tep")
            .header("upload-length", bytes.len())
            .header("upload-metadata", format!("filename {}", base64(name.as_bytes())));
        let made = self.send(made.body(Body::empty()).unwrap()).await.must(201);
        let at = made.location().to_owned();
        let piece = ask(Method::PATCH, &at)
            .header("upload-offset", 0)
            .header("content-type", "application/offset+octet-stream")
            .body(Body::from(bytes.to_vec()));
        self.send(piece.unwrap()).await.must(204);
        at.rsplit('/').next().unwrap().parse().unwrap()
    }

    /// A new draft of the town's procedure: the address of its pages.
    pub async fn draft(&self, who: &Person, code: &str) -> String {
        let begun = self.post(who, &format!("/nop/{code}"), &[]).await.must(303);
        begun.location().rsplit_once('/').unwrap().0.to_owned()
    }
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let n = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for at in 0..4 {
            let letter = char::from(LETTERS[(n >> (18 - 6 * at) & 63) as usize]);
            out.push(if at > three.len() { '=' } else { letter });
        }
    }
    out
}

/// A small PDF.
pub fn pdf(more: &str) -> Vec<u8> {
    format!("%PDF-1.4\n% {more}\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n").into_bytes()
}
