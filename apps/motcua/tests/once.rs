//! Every call that changes something, sent twice with one key: the same answer, and one effect.
use crate::doors::app;
use crate::town::{CITIZEN, OFFICERS, Town};
use http::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use web::{Door, Route};

/// A person whose unit the demo has: the ward of the walk, by its code of the statistics office.
const COMMUNE: &str = "32002";
/// A procedure with a form, whose one paper is shown at the desk.
const PROCEDURE: &str = "1.014027";
/// A procedure that asks for a file.
const WITH_FILE: &str = "1.001193";
/// A procedure whose term waits for a person.
const OPEN_TERM: &str = "1.001622";

/// What a call carries.
enum Body {
    Nothing,
    Json(Value),
    /// A multipart form with one file, and words beside it.
    File(&'static str, &'static str, Vec<u8>),
}

/// Does a call take a key? One that needs a session does.
fn takes_a_key(route: &Route) -> bool {
    route.path.starts_with("/api/v1/")
        && route.method != Method::GET
        && route.method != Method::HEAD
        && route.door != Door::Public
}

/// Programs of several people at work in the served province.
struct Programs<'t> {
    town: &'t Town,
    done: BTreeSet<String>,
    sent: usize,
    wrong: Vec<String>,
}

impl Programs<'_> {
    fn token(&self, login: &str) -> &str {
        let at = OFFICERS.iter().position(|officer| *officer == login).unwrap_or(OFFICERS.len());
        &self.town.tokens[at]
    }

    async fn send(&self, login: &str, method: &str, path: &str, body: &Body, key: &str) -> (u16, String) {
        let method: Method = method.parse().unwrap();
        let request = reqwest::Client::new().request(method, format!("{}{path}", self.town.base));
        let request = request.bearer_auth(self.token(login)).header("idempotency-key", key);
        let request = match body {
            Body::Nothing => request,
            Body::Json(value) => request.header("content-type", "application/json").body(value.to_string()),
            Body::File(field, name, bytes) => {
                let head = format!("--cut\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\r\n");
                let all = [head.as_bytes(), bytes, b"\r\n--cut--\r\n"].concat();
                request.header("content-type", "multipart/form-data; boundary=cut").body(all)
            }
        };
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Sends a call twice with one key; `blanks` are what stands in the address. A call that was proved before only leads to the next and
    /// is sent once. Answers what it said.
    async fn twice(&mut self, login: &str, call: &str, blanks: &[&str], body: Body) -> Value {
        let (method, template) = call.split_once(' ').unwrap();
        let (template, query) = template.split_once('?').map_or((template, String::new()), |(t, q)| (t, format!("?{q}")));
        let mut blanks = blanks.iter();
        let filled = template.split('/').map(|part| if part.starts_with('{') { blanks.next().unwrap() } else { part });
        let path = format!("{}{query}", filled.collect::<Vec<_>>().join("/"));
        let key = format!("once-{}", self.sent);
        self.sent += 1;
        let is_new = self.done.insert(format!("{method} {template}"));
        let first = self.send(login, method, &path, &body, &key).await;
        assert!((200..300).contains(&first.0), "{call} did not do it: {first:?}");
        if is_new {
            self.again(login, call, (method, path.as_str(), &body, key.as_str()), &first).await;
        }
        serde_json::from_str(&first.1).unwrap_or_default()
    }

    /// The same call with the same key: it says the same, and nothing more is done.
    async fn again(&mut self, login: &str, call: &str, sent: (&str, &str, &Body, &str), first: &(u16, String)) {
        let (method, path, body, key) = sent;
        let after = self.town.at_rest(self.town.contents()).await;
        if self.town.answers_kept(key) != 1 {
            self.wrong.push(format!("{call} keeps no answer under the key"));
        }
        let second = self.send(login, method, path, body, key).await;
        if *first != second {
            self.wrong.push(format!("{call} answered {first:?}, then {second:?}"));
        }
        let now = self.town.at_rest(after.clone()).await;
        if after != now {
            let changed: Vec<_> = now.iter().filter(|line| !after.contains(line)).collect();
            self.wrong.push(format!("{call} was done twice: {changed:?}"));
        }
    }

    /// A dossier sent by the citizen.
    async fn filed(&mut self) -> String {
        let draft = self.twice(CITIZEN, "POST /api/v1/drafts", &[], Body::Json(json!({ "procedure": PROCEDURE }))).await;
        let draft = text(&draft, "id");
        let answers = json!({
            "xa": COMMUNE, "nguoi.ho_ten": "Nguyễn Văn Thử", "nguoi.ngay_sinh": "1948", "nguoi.gioi_tinh": "nam",
            "nguoi.so_dinh_danh": "099048000001", "nguoi.thuong_tru": "Khóm Mẫu, tỉnh Cà Mau", "ho_ngheo": "khong",
            "luong_huu": "khong", "nhan": "tien_mat", "cam_doan": "co"
        });
        let filling = json!({ "applicant": person(), "commune": COMMUNE, "answers": answers, "result_channel": "desk" });
        self.twice(CITIZEN, "PUT /api/v1/drafts/{id}", &[&draft], Body::Json(filling)).await;
        let sent = self.twice(CITIZEN, "POST /api/v1/drafts/{id}/submit", &[&draft], Body::Nothing).await;
        text(&sent, "id")
    }

    /// One that the desk received, which waits at its first step.
    async fn accepted(&mut self) -> String {
        let id = self.filed().await;
        self.twice("quay1.anxuyen", "POST /api/v1/dossiers/{id}/papers", &[&id], Body::Json(seen())).await;
        self.twice("quay1.anxuyen", "POST /api/v1/dossiers/{id}/accept", &[&id], Body::Json(json!({}))).await;
        id
    }

    /// Asks for a supplement.
    async fn incomplete(&mut self) -> String {
        let id = self.filed().await;
        let item = json!({ "paper": SHOWN, "reason": "Chưa có", "ground": "Luật Người cao tuổi, Điều 18" });
        let asked = Body::Json(json!({ "items": [item] }));
        self.twice("quay1.anxuyen", "POST /api/v1/dossiers/{id}/supplement-request", &[&id], asked).await;
        id
    }

    async fn drafts(&mut self) {
        let started = Body::Json(json!({ "procedure": WITH_FILE }));
        let draft = text(&self.twice(CITIZEN, "POST /api/v1/drafts", &[], started).await, "id");
        let paper = Body::File("tep.giay-chung-sinh", "chung-sinh.pdf", pdf());
        let with_file = self.twice(CITIZEN, "POST /api/v1/drafts/{id}/files", &[&draft], paper).await;
        let file = text(&with_file["files"][0], "id");
        self.twice(CITIZEN, "DELETE /api/v1/drafts/{id}/files/{file}", &[&draft, &file], Body::Nothing).await;
        self.twice(CITIZEN, "DELETE /api/v1/drafts/{id}", &[&draft], Body::Nothing).await;
    }

    async fn supplements(&mut self) {
        let id = self.incomplete().await;
        let paper = Body::File("tep.giay-to-tuy-than", "giay-to.pdf", pdf());
        self.twice(CITIZEN, "POST /api/v1/my/dossiers/{id}/supplement", &[&id], paper).await;
        let id = self.incomplete().await;
        let brought = Body::Json(json!({ "papers": [SHOWN] }));
        self.twice("quay1.anxuyen", "POST /api/v1/dossiers/{id}/supplement", &[&id], brought).await;
    }

    async fn the_whole_way(&mut self) {
        let id = self.accepted().await;
        let unit = Body::Json(json!({ "agency": self.agency_of("Đất Mũi").await, "reason": "Nơi cư trú đã đổi" }));
        self.twice("chutich.anxuyen", "POST /api/v1/dossiers/{id}/competence", &[&id], unit).await;

        let (id, case, leader, clerk) = (self.accepted().await, "hotich.anxuyen", "chutich.anxuyen", "vanthu.anxuyen");
        let says = |text: &str| Body::Json(json!({ "text": text }));
        self.twice(case, "POST /api/v1/dossiers/{id}/claim", &[&id], Body::Nothing).await;
        self.twice(case, "POST /api/v1/dossiers/{id}/release", &[&id], says("")).await;
        self.twice(case, "POST /api/v1/dossiers/{id}/claim", &[&id], Body::Nothing).await;
        self.twice(case, "POST /api/v1/dossiers/{id}/notes", &[&id], says("Đã xem")).await;
        let file = Body::File("tep", "bien-ban.pdf", pdf());
        self.twice(case, "POST /api/v1/dossiers/{id}/files", &[&id], file).await;
        self.twice(case, "POST /api/v1/dossiers/{id}/pass-on", &[&id], says("Đủ điều kiện")).await;
        self.twice(leader, "POST /api/v1/dossiers/{id}/send-back", &[&id], says("Ghi rõ ngày sinh")).await;
        self.twice(case, "POST /api/v1/dossiers/{id}/pass-on", &[&id], says("Đã ghi")).await;
        self.twice(leader, "POST /api/v1/dossiers/{id}/approve", &[&id], says("")).await;
        self.twice(clerk, "POST /api/v1/dossiers/{id}/result", &[&id], Body::File("tep", "ket-qua.pdf", pdf())).await;
        let by = Body::Json(json!({ "channel": "desk" }));
        self.twice("quay1.anxuyen", "POST /api/v1/dossiers/{id}/return", &[&id], by).await;
        let rating = Body::Json(json!({ "score": 4, "comment": "Nhanh" }));
        self.twice(CITIZEN, "POST /api/v1/my/dossiers/{id}/rating", &[&id], rating).await;

        let id = self.accepted().await;
        self.twice(case, "POST /api/v1/dossiers/{id}/claim", &[&id], Body::Nothing).await;
        self.twice(case, "POST /api/v1/dossiers/{id}/pass-on", &[&id], says("Không đủ điều kiện")).await;
        self.twice(leader, "POST /api/v1/dossiers/{id}/reject", &[&id], says("Chưa đủ 75 tuổi")).await;
        self.twice(clerk, "POST /api/v1/dossiers/{id}/issue", &[&id], Body::Json(json!({ "number": "12/TB-UBND" }))).await;
    }

    async fn agency_of(&self, name: &str) -> String {
        let (status, units) = self.send("quantri", "GET", "/api/v1/units", &Body::Nothing, "-").await;
        assert_eq!(status, 200, "{units}");
        let units: Vec<Value> = serde_json::from_str(&units).unwrap();
        let found = units.iter().find(|unit| unit["kind"] == "commune" && text(unit, "name").ends_with(name));
        text(found.unwrap(), "code")
    }

    async fn receptions(&mut self) {
        let desk = "quay1.anxuyen";
        let ids: Vec<String> = (1..4).map(|n| format!("0193a000-0000-7000-8000-00000000000{n}")).collect();
        let [first, second, third] = ids.iter().map(String::as_str).collect::<Vec<_>>()[..] else { return };
        let known = json!({
            "ticket": "A012", "applicant": person(), "procedure": PROCEDURE, "commune": self.agency_of("An Xuyên").await,
            "papers": [SHOWN], "result_channel": "desk"
        });
        self.twice(desk, "PUT /api/v1/receptions/{id}", &[first], Body::Json(known.clone())).await;
        self.twice(desk, "POST /api/v1/receptions/{id}/park", &[first], Body::Nothing).await;
        self.twice(desk, "POST /api/v1/receptions/{id}/take-up", &[first], Body::Nothing).await;
        // the case opens the papers that are asked: what was ticked before it is ticked again
        self.twice(desk, "PUT /api/v1/receptions/{id}", &[first], Body::Json(known)).await;
        self.twice(desk, "POST /api/v1/receptions/{id}/receive", &[first], Body::Nothing).await;
        let next = |id: &str| Body::Json(json!({ "next": id, "same_person": true }));
        self.twice(desk, "POST /api/v1/receptions/{id}/next", &[first], next(second)).await;
        self.twice(desk, "DELETE /api/v1/receptions/{id}", &[second], Body::Nothing).await;
        self.twice(desk, "POST /api/v1/receptions/{id}/next", &[first], next(third)).await;
        self.twice(desk, "POST /api/v1/receptions/{id}/end-visit", &[first], Body::Nothing).await;
    }

    async fn the_directory(&mut self) {
        let admin = "quantri";
        let (_, units) = self.send(admin, "GET", "/api/v1/units", &Body::Nothing, "-").await;
        let units: Vec<Value> = serde_json::from_str(&units).unwrap();
        let ward = units.iter().find(|unit| unit["kind"] == "commune").unwrap();
        let code = format!("{}.98", text(ward, "code"));
        let unit = json!({ "parent": ward["id"], "code": code, "name": "Phòng Thử nghiệm", "kind": "division" });
        let unit = text(&self.twice(admin, "POST /api/v1/units", &[], Body::Json(unit)).await, "id");
        let new = json!({ "name": "Lý Thị Mẫu Thử", "login": "mauthu", "email": null, "phone": null, "unit": unit });
        let new = text(&self.twice(admin, "POST /api/v1/people", &[], Body::Json(new)).await, "id");
        let post =
            json!({ "person": new, "unit": unit, "title": "Chuyên viên", "roles": ["case_officer"], "home": null, "to": null });
        let post = text(&self.twice(admin, "POST /api/v1/posts", &[], Body::Json(post)).await, "id");
        let end = Body::Json(json!({ "reason": "Điều động" }));
        self.twice(admin, "POST /api/v1/posts/{id}/end", &[&post], end).await;
        let (_, me) = self.send(admin, "GET", "/api/v1/me", &Body::Nothing, "-").await;
        let held = serde_json::from_str::<Value>(&me).unwrap()["posts"][0]["post"].clone();
        self.twice(admin, "PUT /api/v1/me/post", &[], Body::Json(json!({ "post": held }))).await;
        let wishes = Body::Json(json!({ "email": true, "language": "en" }));
        self.twice(CITIZEN, "PUT /api/v1/notice-wishes", &[], wishes).await;
    }

    async fn the_catalogue(&mut self) {
        let editor = "bientap";
        let term = Body::Json(json!({ "value": 3, "unit": "working_day", "basis": "Quyết định 12/QĐ-UBND" }));
        self.twice(editor, "POST /api/v1/procedures/{code}/terms/{term}/settle", &[OPEN_TERM, "chung"], term).await;
        let listed = Body::Json(json!({ "received_at": "all", "decision": "13/QĐ-UBND" }));
        self.twice(editor, "PUT /api/v1/procedures/{code}/listing", &[OPEN_TERM], listed).await;
        let off = "DELETE /api/v1/procedures/{code}/listing?decision=14/QĐ-UBND";
        self.twice(editor, off, &[OPEN_TERM], Body::Nothing).await;
        let few = b"{\"ma\": \"9.000001\"}\n".to_vec();
        self.twice("quantri", "POST /api/v1/imports", &[], Body::File("file", "it.jsonl", few)).await;
        // one that is long enough to be stopped on its way
        let many = "{\"ma\": \"9.000001\"}\n".repeat(100_000).into_bytes();
        let ordered = self.send("quantri", "POST", "/api/v1/imports", &Body::File("file", "nhieu.jsonl", many), "many").await;
        let import = text(&serde_json::from_str(&ordered.1).unwrap(), "import");
        self.twice("quantri", "POST /api/v1/imports/{id}/stop", &[&import], Body::Nothing).await;
    }
}

/// The paper that is shown at the desk.
const SHOWN: &str = "giay-to-tuy-than";

fn seen() -> Value {
    json!({ "paper": SHOWN, "verdict": "good" })
}

fn person() -> Value {
    json!({
        "name": "Nguyễn Văn Thử", "id_number": "099048000001", "birth": "1948", "sex": "male", "phone": "0900000009", "email": "",
        "address": "Khóm Mẫu, Phường An Xuyên"
    })
}

fn pdf() -> Vec<u8> {
    b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".to_vec()
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned()
}

#[test]
fn the_same_key_twice_gives_the_same_answer_and_one_effect() {
    testkit::run(async {
        let ((app, _place, _files), town) = (app().await, Town::alive().await);
        let mut programs = Programs { town: &town, done: BTreeSet::new(), sent: 0, wrong: vec![] };
        programs.drafts().await;
        programs.supplements().await;
        programs.the_whole_way().await;
        programs.receptions().await;
        programs.the_catalogue().await;
        programs.the_directory().await;
        assert!(programs.wrong.is_empty(), "{}", programs.wrong.join("\n"));
        let all: BTreeSet<String> =
            app.routes.iter().filter(|r| takes_a_key(r)).map(|r| format!("{} {}", r.method, r.path)).collect();
        let forgotten: Vec<_> = all.difference(&programs.done).collect();
        assert!(forgotten.is_empty(), "sent twice nowhere: {forgotten:?}");
    });
}

#[test]
fn the_document_offers_the_key_where_it_is_honoured() {
    testkit::run(async {
        let (app, _place, _files) = app().await;
        let document: Value = serde_json::from_str(&app.openapi.to_pretty_json().unwrap()).unwrap();
        for route in app.routes.iter().filter(|r| r.path.starts_with("/api/v1/")) {
            let call = &document["paths"][&route.path][route.method.as_str().to_lowercase()];
            let offered = call["parameters"].as_array().is_some_and(|all| all.iter().any(|p| p["name"] == "Idempotency-Key"));
            assert_eq!(offered, takes_a_key(route), "{} {}", route.method, route.path);
        }
    });
}

#[test]
fn what_gives_a_secret_gives_a_new_one_each_time_and_signing_out_twice_is_signing_out() {
    testkit::run(async {
        let town = Town::alive().await;
        let client = reqwest::Client::new();
        let sign_in = async || {
            let given = json!({ "realm": "citizen", "login": CITIZEN, "password": "nguoi-dan-demo-2026" }).to_string();
            let asked = client.post(format!("{}/api/v1/sign-in", town.base)).header("content-type", "application/json");
            let answer = asked.header("idempotency-key", "same").body(given).send().await.unwrap().text().await.unwrap();
            text(&serde_json::from_str(&answer).unwrap(), "token")
        };
        let (one, other) = (sign_in().await, sign_in().await);
        assert_ne!(one, other);
        assert_eq!(town.answers_kept("same"), 0, "a secret is not kept to be given twice");
        let account =
            async |token: &str| client.get(format!("{}/api/v1/my/account", town.base)).bearer_auth(token).send().await.unwrap();
        let known: Value = serde_json::from_str(&account(&one).await.text().await.unwrap()).unwrap();
        assert_eq!(known["name"], "Trần Thị Thử");
        for _ in 0..2 {
            let out = client.post(format!("{}/api/v1/sign-out", town.base)).bearer_auth(&one).send().await.unwrap();
            assert_eq!(out.status(), 204);
        }
        assert_eq!((account(&one).await.status().as_u16(), account(&other).await.status().as_u16()), (401, 200));
    });
}
