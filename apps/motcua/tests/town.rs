//! A province that lives: the demo served by the program itself, one dossier walked to its end, and one of each thing that an address can
//! name. The ids come from the rows, so that they exist.
use crate::command_line::motcua;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use testkit::http::Visitor;

/// The mother of the walk, whose things these are.
pub const CITIZEN: &str = "tran-thi-thu";

/// Officers of every role that the demo has; their tokens are in this order, the citizen's is the last.
pub const OFFICERS: [&str; 7] =
    ["quay1.anxuyen", "hotich.anxuyen", "chutich.anxuyen", "vanthu.anxuyen", "quantri", "bientap", "thanhtra"];

/// What the blank of an address stands for, by the address up to that blank. An address that is not here stops the test: a new one needs
/// a thing that exists.
const THINGS: &[(&str, &str)] = &[
    ("/api/v1/dossiers/{id}", "dossier"),
    ("/api/v1/dossiers/{id}/files/{file}", "file"),
    ("/api/v1/dossiers/{id}/papers/{paper}", "paper"),
    ("/api/v1/drafts/{id}", "draft"),
    ("/api/v1/identity-providers/{key}", "provider"),
    ("/api/v1/drafts/{id}/files/{file}", "file"),
    ("/api/v1/imports/{id}", "import"),
    ("/api/v1/my/dossiers/{id}", "dossier"),
    ("/api/v1/my/dossiers/{id}/files/{file}", "file"),
    ("/api/v1/my/dossiers/{id}/papers/{paper}", "paper"),
    ("/api/v1/posts/{id}", "post"),
    ("/api/v1/procedure-versions/{id}", "version"),
    ("/api/v1/procedures/{code}", "procedure"),
    ("/api/v1/procedures/{code}/terms/{term}", "term"),
    ("/api/v1/receptions/{id}", "reception"),
    ("/api/v1/track/{code}", "filing"),
    ("/can-bo/dang-nhap/qua/{provider}", "provider-of-officers"),
    ("/can-bo/duyet/{id}", "dossier"),
    ("/can-bo/giu/{id}", "parked"),
    ("/can-bo/ho-so/{id}", "dossier"),
    ("/can-bo/ho-so/{id}/tep/{file}", "file"),
    ("/can-bo/tai-quay/{id}", "reception"),
    ("/can-bo/tep/{id}", "upload"),
    ("/dang-nhap/qua/{provider}", "provider"),
    ("/giu/{id}", "parked"),
    ("/kiem-tra/bang-ke/{number}", "bill"),
    ("/kiem-tra/bang-ke/{number}/{part}", "list"),
    ("/kiem-tra/canh-bao/{id}", "alarm"),
    ("/kiem-tra/ho-so/{id}", "dossier"),
    ("/kiem-tra/khieu-nai/{id}", "complaint"),
    ("/kiem-tra/mau/{id}", "sample"),
    ("/nop/nhap/{id}", "draft"),
    ("/nop/nhap/{id}/{page}", "page"),
    ("/nop/{code}", "procedure"),
    ("/quan-tri/danh-tinh/{key}", "provider"),
    ("/quan-tri/don-vi/tai/{kind}", "csv"),
    ("/quan-tri/don-vi/{id}", "unit"),
    ("/quan-tri/he-thong/sao-luu/{name}", "backup"),
    ("/quan-tri/lich/{year}", "year"),
    ("/quan-tri/nguoi/{id}", "person"),
    ("/quan-tri/nguoi/{id}/chuc-vu/{post}", "post"),
    ("/quan-tri/thu-tuc/mau/{file}", "template"),
    ("/quan-tri/thu-tuc/nhap/{id}", "import"),
    ("/quan-tri/thu-tuc/{code}", "procedure"),
    ("/quan-tri/tin-nhan/mau/{code}", "text"),
    ("/quan-tri/tin-nhan/{id}", "message"),
    ("/t/{file}", "asset"),
    ("/tai-khoan/luot-xem/{id}", "look"),
    ("/tep/{id}", "upload"),
    ("/thu-tuc/{code}", "procedure"),
    ("/tra-cuu/{code}", "filing"),
    ("/tra-cuu/{code}/tep/{file}", "file"),
    ("/ui/loi/{code}", "error"),
    ("/viec/{event}", "event"),
];

/// Tables that change without anybody's act.
const MOVING: &[&str] = &["web_session", "notices_message", "store_lease"];

/// The served province; ended with the test.
pub struct Town {
    pub base: String,
    /// Officers of every role that the demo has, and the citizen.
    pub people: Vec<Visitor>,
    /// The same as programs: bearer tokens.
    pub tokens: Vec<String>,
    things: HashMap<&'static str, String>,
    database: std::path::PathBuf,
    server: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Town {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Town {
    pub async fn alive() -> Town {
        let folder = tempfile::tempdir().unwrap();
        let port = testkit::free_port();
        let mut command = motcua(folder.path(), &["demo"]);
        command.env("PORT", port.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let said = BufReader::new(server.stdout.take().unwrap());
        assert!(said.lines().map_while(Result::ok).any(|line| line.starts_with("ready ")), "the demo did not come up");
        let base = format!("http://127.0.0.1:{port}");
        let data = folder.path().join("data");
        let mut town = Town {
            base,
            people: vec![],
            tokens: vec![],
            things: HashMap::new(),
            database: data.join("motcua.db"),
            server,
            _folder: folder,
        };
        for login in OFFICERS {
            town.signed_in("officer", login, "can-bo-demo-2026", "/can-bo/dang-nhap").await;
        }
        town.signed_in("citizen", CITIZEN, "nguoi-dan-demo-2026", "/dang-nhap").await;
        town.begin_things().await;
        std::fs::create_dir_all(data.join("backups")).unwrap();
        std::fs::write(data.join("backups/motcua-20261123-080000.zip"), "").unwrap();
        let front = town.people[0].get("/").await;
        let (_, style) = front.text.split_once("href=\"/t/").unwrap();
        town.find_things(style.split('"').next().unwrap().to_owned());
        town
    }

    async fn signed_in(&mut self, realm: &str, login: &str, password: &str, at: &str) {
        let who = Visitor::of(&self.base);
        let page = who.get(at).await.must(200);
        let page = who.post(&page, at, &[("ten", login), ("mat-khau", password)]).await.must(200);
        assert!(!page.path.contains("dang-nhap"), "{login} is not in: {}", page.path);
        let given = serde_json::json!({ "realm": realm, "login": login, "password": password }).to_string();
        let asked = who.client().post(who.url("/api/v1/sign-in")).header("content-type", "application/json").body(given);
        let program = reqwest::Client::new().execute(asked.build().unwrap()).await.unwrap();
        let said: serde_json::Value = serde_json::from_str(&program.text().await.unwrap()).unwrap();
        self.tokens.push(said["token"].as_str().unwrap_or_else(|| panic!("{login}: {said}")).to_owned());
        self.people.push(who);
    }

    /// A draft, a reception, an import, an upload, a complaint, a sample and a bill: what the walk leaves nothing of.
    async fn begin_things(&self) {
        let (desk, citizen) = (&self.people[0], &self.people[OFFICERS.len()]);
        let start = citizen.get("/nop/1.001193").await.must(200);
        citizen.post(&start, "/nop/1.001193", &[]).await.must(200);
        let screen = desk.get("/can-bo/tai-quay").await.must(200);
        let (_, rest) = screen.text.split_once("action=\"/can-bo/tai-quay/").unwrap();
        let reception = format!("/can-bo/tai-quay/{}", rest.split('"').next().unwrap());
        desk.post(&screen, &reception, &[("viec", "xem"), ("ho-ten", "Trần Văn Thử")]).await.must(200);
        let word = screen.hidden("csrf").unwrap();
        let upload = desk.client().post(desk.url("/can-bo/tep")).header("tus-resumable", "1.0.0").header("x-csrf", word);
        let upload = upload.header("upload-length", "4").header("upload-metadata", "filename YS5wZGY=").send().await.unwrap();
        assert_eq!(upload.status(), 201);
        let looks = citizen.get("/tai-khoan/luot-xem").await.must(200);
        let (_, rest) = looks.text.split_once("href=\"/tai-khoan/luot-xem/").unwrap();
        let look = format!("/tai-khoan/luot-xem/{}", rest.split('"').next().unwrap());
        let form = citizen.get(&look).await.must(200);
        citizen.post(&form, &look, &[("noi-dung", "Vì sao xem?")]).await.must(200);
        let auditor = &self.people[OFFICERS.len() - 1];
        let samples = auditor.get("/kiem-tra/mau").await.must(200);
        let (_, rest) = samples.text.split_once("<option value=\"").unwrap();
        let (unit, days) = (rest.split('"').next().unwrap(), [("tu", "01/01/2020"), ("den", "31/12/2099")]);
        let fields = [("don-vi", unit), days[0], days[1], ("so", "1"), ("hat-giong", "6 từ 45")];
        auditor.post(&samples, "/kiem-tra/mau", &fields).await.must(200);
        let empty = self.database.with_file_name("mau.csv");
        let (folder, file) = (self.database.parent().unwrap().parent().unwrap(), empty.to_str().unwrap());
        let bill = ["audit", "bill"];
        for words in [&["import", "procedures", "--template", "csv", file][..], &["import", "procedures", file], &bill] {
            assert!(motcua(folder, words).output().unwrap().status.success());
        }
    }

    fn find_things(&mut self, style: String) {
        let rows = self.rows();
        rows.execute("INSERT INTO web_parked (id, key, path, fields, at) VALUES (randomblob(16), x'00', '/', '[]', 0)", [])
            .unwrap();
        let alarm = "INSERT INTO audit_alarm (id, officer, officer_name, unit_path, unit_name, hour, looks, usual, raised_at)
                     SELECT randomblob(16), randomblob(16), '', path, '', 0, 50, 1, 0 FROM unit WHERE parent IS NULL";
        rows.execute(alarm, []).unwrap();
        let id = |sql: &str| {
            let bytes: [u8; 16] = rows.query_row(sql, [], |row| row.get(0)).unwrap_or_else(|e| panic!("{sql}: {e}"));
            uuid::Uuid::from_bytes(bytes).to_string()
        };
        let word = |sql: &str| rows.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap_or_else(|e| panic!("{sql}: {e}"));
        let ids = [
            ("alarm", "SELECT id FROM audit_alarm"),
            ("complaint", "SELECT id FROM audit_complaint"),
            ("sample", "SELECT id FROM audit_sample"),
            ("look", "SELECT look FROM audit_complaint"),
            ("dossier", "SELECT id FROM onestop_dossier"),
            ("file", "SELECT id FROM onestop_attachment WHERE dossier IS NOT NULL AND role = 'paper'"),
            ("draft", "SELECT id FROM onestop_draft WHERE owner IS NOT NULL"),
            ("reception", "SELECT id FROM onestop_draft WHERE officer IS NOT NULL"),
            ("import", "SELECT id FROM catalogue_import"),
            ("version", "SELECT id FROM catalogue_version WHERE code = '1.001193'"),
            ("unit", "SELECT id FROM unit"),
            ("person", "SELECT id FROM person"),
            ("post", "SELECT id FROM post WHERE person = (SELECT id FROM person LIMIT 1)"),
            ("message", "SELECT id FROM notices_message"),
            ("upload", "SELECT id FROM web_upload"),
            ("parked", "SELECT id FROM web_parked"),
        ];
        let words = [("filing", "SELECT filing_code FROM onestop_dossier"), ("text", "SELECT template FROM notices_message")];
        let fixed = [
            ("bill", "1"),
            ("list", "bill-000001-events.txt"),
            ("procedure", "1.001193"),
            ("term", "toan-trinh"),
            ("page", "nguoi-nop"),
            ("paper", "receipt"),
            ("csv", "mau.csv"),
            ("template", "mau.csv"),
            ("backup", "motcua-20261123-080000.zip"),
            ("error", "403"),
            ("year", "2027"),
            ("event", "co-con"),
            ("provider", "vneid"),
            ("provider-of-officers", "can-bo"),
        ];
        let ids: Vec<_> = ids.into_iter().map(|(name, sql)| (name, id(sql))).collect();
        let mut words: Vec<_> = words.into_iter().map(|(name, sql)| (name, word(sql))).collect();
        words.push(("asset", style));
        drop(rows);
        self.things = ids.into_iter().chain(words).chain(fixed.map(|(name, value)| (name, value.to_owned()))).collect();
    }

    /// The rows beside the running server.
    fn rows(&self) -> rusqlite::Connection {
        let rows = rusqlite::Connection::open(&self.database).unwrap();
        rows.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
        rows
    }

    /// What people made: unchanged when nobody got through.
    pub fn made(&self) -> Vec<i64> {
        let rows = self.rows();
        ["store_event", "onestop_draft", "onestop_attachment", "catalogue_import", "store_job", "notices_text"]
            .map(|table| rows.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).unwrap())
            .to_vec()
    }

    /// The contents once the work behind the requests has come to rest: the same as `before`, or as a while before.
    pub async fn at_rest(&self, mut before: Vec<String>) -> Vec<String> {
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            let now = self.contents();
            if now == before {
                return now;
            }
            before = now;
        }
    }

    /// What stands in every table; sessions (seen again by each request), the words of the index and messages on their way left out. Of the
    /// work behind, that it was ordered: when it comes round again is the clock's.
    pub fn contents(&self) -> Vec<String> {
        use rusqlite::types::ValueRef;
        use std::hash::{DefaultHasher, Hash, Hasher};
        let rows = self.rows();
        let mut tables = rows.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").unwrap();
        let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let left_out = |t: &String| t.starts_with("sqlite_") || t.starts_with("store_search_") || MOVING.contains(&t.as_str());
        let one = |table: String| {
            let columns = if table == "store_job" { "id, kind, payload" } else { "*" };
            let mut all = rows.prepare(&format!("SELECT {columns} FROM {table}")).unwrap();
            let columns = all.column_count();
            let (mut hash, mut lines, mut n) = (DefaultHasher::new(), all.query([]).unwrap(), 0);
            while let Some(line) = lines.next().unwrap() {
                n += 1;
                for i in 0..columns {
                    // bytes as they are: written out as text they take most of the test's time
                    match line.get_ref(i).unwrap() {
                        ValueRef::Null => 0u8.hash(&mut hash),
                        ValueRef::Integer(whole) => (1u8, whole).hash(&mut hash),
                        ValueRef::Real(real) => (2u8, real.to_bits()).hash(&mut hash),
                        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => (3u8, bytes).hash(&mut hash),
                    }
                }
            }
            format!("{table}: {n} rows, {:x}", hash.finish())
        };
        tables.into_iter().filter(|t| !left_out(t)).map(one).collect()
    }

    /// How many answers are kept under a key.
    pub fn answers_kept(&self, key: &str) -> i64 {
        self.rows().query_row("SELECT COUNT(*) FROM store_answer WHERE key = ?", [key], |row| row.get(0)).unwrap()
    }

    /// An address with things that exist in its blanks.
    pub fn filled(&self, path: &str) -> String {
        let (mut template, mut out) = (String::new(), String::new());
        for part in path.split('/').skip(1) {
            template = format!("{template}/{part}");
            if part.starts_with('{') {
                let thing = THINGS.iter().find(|(address, _)| *address == template);
                let (_, thing) = thing.unwrap_or_else(|| panic!("{template} needs a thing that exists, in THINGS"));
                out = format!("{out}/{}", self.things.get(thing).unwrap_or_else(|| panic!("no {thing}")));
            } else {
                out = format!("{out}/{part}");
            }
        }
        if out.is_empty() { "/".into() } else { out }
    }
}
