//! The catalogue behind a port, with an editor, a desk officer, and the crew that does the imports.

use std::time::Duration;

use base::Clock;
use catalogue::{NewListing, ReceivedAt};
use directory::{Cx, NewPerson, NewPost, NewUnit, Role, Secrecy, UnitKind};
use serde_json::{Value, json};
use store::{Crew, Db, Running, Write};
use testkit::{Place, http::Visitor};

use crate::town::{Town, at, editor, lines, record};

/// Everybody's password here.
pub const PASSWORD: &str = "con đò qua sông Gành Hào";

/// A served catalogue: 1.001193 has an open term and is on the list, 1.000656 is settled and is not.
pub struct Served {
    pub town: Town,
    pub base: String,
    crew: Option<Running>,
    _files: tempfile::TempDir,
}

/// Serves it on the clock of the tests.
pub async fn serve(place: Place) -> Served {
    let town = Town::on(place).await;
    let records = [
        record("1.001193", "Thủ tục đăng ký khai sinh", Some(1), None),
        record("1.000656", "Thủ tục đăng ký khai tử", Some(3), Some("Ngày làm việc")),
    ];
    town.import(0, lines(&records)).await.unwrap();
    let cx = editor(1);
    town.write(async move |tx: &Write<'_>| {
        let row = NewListing { received_at: ReceivedAt::Commune, decision: "1242/QĐ-UBND".into(), from: None, to: None };
        catalogue::put_listing(tx, &cx, &"1.001193".parse().unwrap(), &row).await
    })
    .await
    .unwrap();
    people(&town.db).await;
    let folder = tempfile::tempdir().unwrap();
    let files = store::Files::folder(folder.path()).await.unwrap();
    let clock = Clock::fixed(at(5));
    let settings = web::Settings { demo: true, ..Default::default() };
    let house = web::House::new(town.db.clone(), files, clock.clone(), settings);
    let app = web::build(house, vec![directory::room(), catalogue::room(catalogue::Finder::new(), None)]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let service = app.router.into_make_service_with_connect_info::<std::net::SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    let mut crew = Crew::new(clock);
    crew.hands = vec![store::hand(catalogue::import::Importer)];
    let crew = store::start(&town.db, crew);
    Served { town, base, crew: Some(crew), _files: folder }
}

async fn people(db: &Db) {
    let cx = Cx::machine(at(0));
    let hashed = directory::hash_password(PASSWORD, &[], &cx.by.seed).await.unwrap();
    db.write(async move |tx: &Write<'_>| {
        let new = NewUnit::new("H12".parse().unwrap(), "Ủy ban nhân dân tỉnh Cà Mau", UnitKind::Province, None, at(-9_000));
        let unit = directory::add_unit(tx, &cx, &new).await?;
        for (login, name, role) in
            [("bien.tap", "Trần Thị Biên", Role::CatalogueEditor), ("mot.cua", "Lý Văn Cửa", Role::DeskOfficer)]
        {
            let new = NewPerson { name: name.into(), login: login.into(), email: None, phone: None, unit };
            let person = directory::add_person(tx, &cx, &new).await?;
            let (title, clearance) = (role.title().to_owned(), Secrecy::Ordinary);
            let post = NewPost { person, unit, title, roles: vec![role], clearance, home: None, from: at(-1), to: None };
            directory::add_post(tx, &cx, &post).await?;
            directory::set_password(tx, &cx, person, &hashed, true).await?;
        }
        Ok::<_, directory::Error>(())
    })
    .await
    .unwrap();
}

impl Served {
    /// Sends the crew home: what is ordered now waits.
    pub async fn rest(&mut self) {
        if let Some(crew) = self.crew.take() {
            crew.stop().await;
        }
    }

    /// Somebody without a sign-in, with cookies.
    pub fn visitor(&self) -> Visitor {
        Visitor::of(&self.base)
    }

    /// An officer in a browser without scripts.
    pub async fn officer(&self, login: &str) -> Visitor {
        let who = self.visitor();
        let page = who.get("/can-bo/dang-nhap").await.must(200);
        who.post(&page, "/can-bo/dang-nhap", &[("ten", login), ("mat-khau", PASSWORD)]).await;
        who
    }

    /// A program with the rights of an officer; nobody's without a login.
    pub async fn program(&self, login: Option<&str>) -> Program {
        let mut program = Program { base: self.base.clone(), token: None, client: reqwest::Client::new() };
        if let Some(login) = login {
            let given = json!({ "realm": "officer", "login": login, "password": PASSWORD });
            let (status, said) = program.send("POST", "/api/v1/sign-in", "", Some(given)).await;
            assert_eq!(status, 200, "{said}");
            program.token = said["token"].as_str().map(str::to_owned);
        }
        program
    }
}

/// A program that calls the API.
pub struct Program {
    base: String,
    token: Option<String>,
    client: reqwest::Client,
}

impl Program {
    fn request(&self, method: &str, path: &str, key: &str) -> reqwest::RequestBuilder {
        let mut request =
            self.client.request(method.parse().unwrap(), format!("{}{path}", self.base)).header("accept", "application/json");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if key.is_empty() { request } else { request.header("idempotency-key", key) }
    }

    /// Calls, with an idempotency key unless it is empty.
    pub async fn send(&self, method: &str, path: &str, key: &str, body: Option<Value>) -> (u16, Value) {
        let request = self.request(method, path, key);
        answer(if let Some(body) = body { request.json(&body) } else { request }).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, "", None).await
    }

    /// Sends a file.
    pub async fn file(&self, key: &str, name: &str, bytes: &[u8]) -> (u16, Value) {
        self.file_in("file", key, name, bytes).await
    }

    /// The same in an input of this name.
    pub async fn file_in(&self, input: &str, key: &str, name: &str, bytes: &[u8]) -> (u16, Value) {
        let request = self.request("POST", "/api/v1/imports", key);
        answer(request.header("content-type", FORM).body(form(&[], (input, name), bytes))).await
    }

    /// Waits until an import came to its end.
    pub async fn ended(&self, id: &str) -> Value {
        for _ in 0..400 {
            let (status, said) = self.get(&format!("/api/v1/imports/{id}")).await;
            assert_eq!(status, 200, "{said}");
            if said["finished_at"].is_string() {
                return said;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the import {id} does not end");
    }
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or(Value::Null))
}

/// The content type of [`form`].
pub const FORM: &str = "multipart/form-data; boundary=ranh";

/// A form with a file, as a browser sends it: the name of its input, and its own.
pub fn form(fields: &[(&str, &str)], (input, name): (&str, &str), bytes: &[u8]) -> Vec<u8> {
    let mut body = vec![];
    for (field, value) in fields {
        body.extend(format!("--ranh\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n").bytes());
    }
    body.extend(format!("--ranh\r\nContent-Disposition: form-data; name=\"{input}\"; filename=\"{name}\"\r\n\r\n").bytes());
    body.extend(bytes);
    body.extend(b"\r\n--ranh--\r\n");
    body
}
