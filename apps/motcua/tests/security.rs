//! The baseline of a system of the state that code can decide (SE-14, SE-16), for the house as a whole: its addresses, its settings, its
//! lines to others, its sources, its log.
use crate::command_line::motcua;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use testkit::Engine;
use testkit::http::Visitor;

/// A server of its own on an empty house, ended with the test.
pub struct Server {
    child: Child,
    port: u16,
    pub folder: tempfile::TempDir,
    settings: Vec<(String, String)>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub const PASSWORD: &str = "ghe xuồng ra Năm Căn";

impl Server {
    /// With an administrator of the house, `quan.tri`.
    pub fn with(settings: &[(&str, &str)]) -> Server {
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (folder, port) = (tempfile::tempdir().unwrap(), testkit::free_port());
        let units = testkit::root().join("data/units/units.csv");
        // Anything that has ended stands for the server until it is started.
        let child = Command::new("true").spawn().unwrap();
        let mut server = Server { child, port, folder, settings };
        assert!(server.command(&["import", "units", units.to_str().unwrap()]).status().unwrap().success());
        server.add("quan.tri", "H12");
        let mut child = server.command(&["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        server.child = child;
        let mut lines = said.lines().map_while(Result::ok);
        assert!(lines.any(|line| line.starts_with("ready ")), "the server did not come up");
        // A server that starts again after a restore says so again: somebody has to listen.
        std::thread::spawn(move || lines.for_each(drop));
        server
    }

    /// A command beside it.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = motcua(self.folder.path(), words);
        command.env("PORT", self.port.to_string()).envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// An administrator of this unit.
    pub fn add(&self, login: &str, unit: &str) {
        let add =
            ["user", "add", "--login", login, "--name", "An", "--unit", unit, "--role", "administrator", "--password-stdin"];
        let mut added = self.command(&add).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        added.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(added.wait().unwrap().success());
    }

    pub fn at(&self, host: &str) -> String {
        format!("http://{host}:{}", self.port)
    }

    /// Somebody who has signed in.
    pub async fn signed_in(&self, login: &str) -> Visitor {
        let who = Visitor::of(&self.at("127.0.0.1"));
        let form = who.get("/can-bo/dang-nhap").await.must(200);
        let page = who.post(&form, "/can-bo/dang-nhap", &[("ten", login), ("mat-khau", PASSWORD)]).await.must(200);
        assert!(!page.path.contains("dang-nhap"), "{login} is not in: {}", page.path);
        who
    }
}

#[test]
fn every_address_answers_with_the_headers_of_the_baseline_and_pinned_cookies_se_14() {
    testkit::run(async {
        let (app, _place, _files) = crate::doors::app().await;
        let server = Server::with(&[("MOTCUA_WEB__ADDRESS", "https://motcua.example")]);
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let (mut wrong, mut cookies) = (vec![], 0);
        for route in app.routes.iter().filter(|r| r.method == http::Method::GET) {
            let parts =
                route.path.split('/').map(|p| if p.starts_with('{') { "0193b2c4-0000-7000-8000-000000000001" } else { p });
            let path = parts.collect::<Vec<_>>().join("/");
            let answer = client.get(format!("{}{path}?lang=vi", server.at("127.0.0.1"))).send().await.unwrap();
            let text = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
            let fine = [
                ("content-security-policy", "default-src 'none'"),
                ("strict-transport-security", "max-age=31536000"),
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("x-frame-options", "DENY"),
            ];
            wrong.extend(
                fine.iter().filter(|(name, value)| !text(name).starts_with(value)).map(|(name, _)| format!("{path}: {name}")),
            );
            for cookie in answer.headers().get_all("set-cookie").iter().map(|c| c.to_str().unwrap()) {
                cookies += 1;
                if !cookie.contains("; HttpOnly") || !cookie.contains("; Secure") || cookie.to_lowercase().contains("domain=") {
                    wrong.push(format!("{path}: {cookie}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(cookies >= app.routes.len() / 4, "only {cookies} cookies were seen");
    });
}

/// One wrong password; `from` is what the proxy says of the visitor.
async fn guess(base: &str, from: &str) -> u16 {
    let visitor = Visitor::of(base);
    let form = visitor.get("/can-bo/dang-nhap").await.must(200);
    let body = format!("csrf={}&next=&ten=quan.tri&mat-khau=sai", form.hidden("csrf").unwrap());
    let sent = visitor.client().post(visitor.url("/can-bo/dang-nhap")).header("x-forwarded-for", from);
    sent.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap().status().as_u16()
}

/// How many guesses of these visitors, in turn, are looked at before they must wait; at most ten are tried.
async fn free_guesses(base: &str, visitors: &[&str]) -> usize {
    for n in 0..10 {
        match guess(base, visitors[n % visitors.len()]).await {
            422 => {}
            429 => return n,
            other => panic!("{other}"),
        }
    }
    10
}

#[test]
fn it_listens_on_both_kinds_of_network_and_counts_guesses_by_network_on_both_se_16() {
    testkit::run(async {
        let server = Server::with(&[("MOTCUA_LISTEN", "::"), ("MOTCUA_WEB__TRUSTED_PROXIES", r#"["127.0.0.1", "::1"]"#)]);
        for host in ["127.0.0.1", "[::1]"] {
            assert_eq!(reqwest::get(format!("{}/health", server.at(host))).await.unwrap().status(), 200, "{host}");
        }
        // One subscriber has a /56: whoever changes the address within it goes on with the same count.
        let one = free_guesses(&server.at("[::1]"), &["2001:db8:1:100::1", "2001:db8:1:1ff::2", "2001:db8:1:120:a::3"]).await;
        assert!((4..=6).contains(&one), "{one}");
        assert_eq!(guess(&server.at("[::1]"), "2001:db8:1:200::1").await, 422, "another subscriber is free");
        // Over the socket of both kinds an IPv4 proxy comes as a mapped address: it is believed all the same, and a visitor of IPv4 is the
        // same one in either way of writing.
        let one = free_guesses(&server.at("127.0.0.1"), &["203.0.113.5", "::ffff:203.0.113.6"]).await;
        assert!((4..=6).contains(&one), "{one}");
        assert_eq!(guess(&server.at("127.0.0.1"), "198.51.100.5").await, 422, "another network is free");
    });
}

#[test]
fn it_listens_on_ipv6_alone_se_16() {
    testkit::run(async {
        let server = Server::with(&[("MOTCUA_LISTEN", "::1")]);
        assert_eq!(reqwest::get(format!("{}/health", server.at("[::1]"))).await.unwrap().status(), 200);
        assert!(reqwest::get(format!("{}/health", server.at("127.0.0.1"))).await.is_err());
        assert!(server.folder.path().join("data/motcua.db").is_file());
    });
}

#[test]
fn a_server_with_weak_secrets_or_the_demos_accounts_does_not_start_se_14() {
    let folder = tempfile::tempdir().unwrap();
    let weak = motcua(folder.path(), &["serve"]).env("MOTCUA_MAIL__PASSWORD", "changeme").output().unwrap();
    let said = String::from_utf8(weak.stderr).unwrap();
    assert!(!weak.status.success() && said.contains("mail.password") && !said.contains("changeme"), "{said}");
    assert!(!folder.path().join("data/motcua.db").exists(), "nothing was begun");
    let port = testkit::free_port().to_string();
    let demo = motcua(folder.path(), &["demo", "--once"]).env("PORT", &port).output().unwrap();
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));
    let served = motcua(folder.path(), &["serve"]).env("PORT", &port).output().unwrap();
    let said = String::from_utf8(served.stderr).unwrap();
    assert!(!served.status.success() && said.contains("bản trình diễn"), "{said}");
}

/// Every file of ours under these folders whose name ends so; tests and what is built apart.
pub fn sources(endings: &[&str]) -> BTreeMap<PathBuf, String> {
    fn collect(folder: &Path, endings: &[&str], found: &mut BTreeMap<PathBuf, String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap_or_default().to_owned();
            if path.is_dir() && !["tests", "examples", "target", "node_modules", "testkit"].contains(&name.as_str()) {
                collect(&path, endings, found);
            } else if endings.iter().any(|end| name.ends_with(end)) {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
                found.insert(path.strip_prefix(testkit::root()).unwrap().to_owned(), text);
            }
        }
    }
    let mut found = BTreeMap::new();
    for folder in ["apps", "ground", "systems", "tools"] {
        collect(&testkit::root().join(folder), endings, &mut found);
    }
    assert!(found.len() > 30, "{}", found.len());
    found
}

/// The files in which one of these words stands.
fn files_with(sources: &BTreeMap<PathBuf, String>, words: &[&str]) -> BTreeSet<String> {
    let has = |text: &str| {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        code.into_iter().any(|line| words.iter().any(|word| line.contains(word)))
    };
    sources.iter().filter(|(_, text)| has(text)).map(|(path, _)| path.display().to_string()).collect()
}

#[test]
fn no_line_to_another_machine_goes_unverified_se_14() {
    let rust = sources(&[".rs"]);
    let off = ["danger_accept", "dangerous()", "custom_certificate_verifier", "accept_invalid", "VerifyNone", "verify(false"];
    assert_eq!(files_with(&rust, &off), BTreeSet::new(), "verification is switched off");
    // The two lines that may be plain go no further than this machine: `notices::delivery` proves it for mail, `config` for the database.
    let plain = files_with(&rust, &["NoTls", "builder_dangerous"]);
    assert_eq!(plain, BTreeSet::from(["ground/store/src/postgres.rs", "systems/notices/src/mail.rs"].map(String::from)));
}

#[test]
fn secrets_come_from_the_machines_own_randomness_and_hashes_are_strong_se_14() {
    let rust = sources(&[".rs"]);
    // One door to chance; the other only spreads the waiting of database connections.
    let chance = files_with(&rust, &[" rand::", "(rand::", "getrandom", "fastrand", "SmallRng"]);
    assert_eq!(chance, BTreeSet::from(["ground/base/src/seed.rs", "ground/store/src/postgres.rs"].map(String::from)));
    // RFC 6238 has authenticators count with HMAC-SHA-1, which nobody has broken, and time stamps of the old form name their certificate by
    // SHA-1, which proves nothing by itself: the signature does. Everything else hashes with SHA-256 or better, or Argon2id.
    let weak = files_with(&rust, &["md5", "Md5", "Sha1", "SHA1", "sha1", "Rc4", "TripleDes"]);
    assert_eq!(weak, BTreeSet::from(["systems/directory/src/secret/totp.rs", "tools/pki/src/signed.rs"].map(String::from)));
}

#[test]
fn no_template_lets_text_through_as_html_se_14() {
    let templates = sources(&[".html", ".rs"]);
    // The frames around a page hold the page, which is escaped already.
    let raw = files_with(&templates, &["|safe", "| safe", "escape = \"none\"", "Safe(\""]);
    let frames = ["ground/web/templates/shell/citizen.html", "ground/web/templates/shell/officer.html"];
    assert_eq!(raw, BTreeSet::from(frames.map(String::from)));
    let scripts = sources(&[".ts", ".rs", ".html"]);
    let raw =
        files_with(&scripts, &["innerHTML = ", "outerHTML = ", "insertAdjacentHTML", "document.write", "eval(", "new Function("]);
    assert_eq!(raw, BTreeSet::new());
}

/// What is said of a person in the demo's data, in every way a line could hold it: as written, folded, encoded in an address.
fn personal() -> BTreeSet<String> {
    let read =
        |path: &str| -> toml::Table { toml::from_str(&std::fs::read_to_string(testkit::root().join(path)).unwrap()).unwrap() };
    let (citizens, officers) = (read("data/demo/citizens.toml"), read("data/demo/officers.toml"));
    let walk = read("apps/motcua/src/demo/walk.toml");
    let mut said = BTreeSet::new();
    for (table, list) in [(&citizens, "citizen"), (&officers, "officer")] {
        said.insert(table["password"].as_str().unwrap().to_owned());
        for person in table[list].as_array().unwrap() {
            for key in ["name", "citizen_id", "phone", "email", "address"] {
                said.extend(person.get(key).and_then(|v| v.as_str()).map(str::to_owned));
            }
        }
    }
    for (key, value) in walk["answers"].as_table().unwrap() {
        let ends = ["ho_ten", "ho-ten", "so_dinh_danh", "so", "dien-thoai", "thu", "dia-chi", "noi_cu_tru", "noi_sinh"];
        if ends.contains(&key.rsplit('.').next().unwrap()) {
            said.insert(value.as_str().unwrap().to_owned());
        }
    }
    assert!(said.len() > 40, "{said:?}");
    let encoded = |text: &str| {
        text.bytes().map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
    };
    said.iter().flat_map(|text| [text.clone(), text.to_uppercase(), base::text::fold(text), encoded(text)]).collect()
}

/// The personal words that a log holds.
fn found<'a>(log: &str, personal: &'a BTreeSet<String>) -> Vec<&'a String> {
    personal.iter().filter(|word| log.contains(word.as_str())).collect()
}

#[test]
fn the_log_of_a_whole_walk_holds_nothing_about_a_person_at_any_level() {
    testkit::run(async {
        let personal = personal();
        assert_eq!(found("x thu@example.test y", &personal).len(), 1, "the search finds what is there");
        for (engine, format) in [(Engine::Sqlite, "text"), (Engine::Postgres, "json")] {
            let (folder, place) = (tempfile::tempdir().unwrap(), engine.fresh().await);
            let mut command = motcua(folder.path(), &["demo", "--once"]);
            command.env("PORT", testkit::free_port().to_string());
            command.env("MOTCUA_LOG__LEVEL", "trace").env("MOTCUA_LOG__FORMAT", format);
            place.url().map(|url| command.env("DATABASE_URL", url));
            let walked = command.output().unwrap();
            let (told, log) = (String::from_utf8(walked.stdout).unwrap(), String::from_utf8(walked.stderr).unwrap());
            assert!(walked.status.success(), "{log}");
            let requests = log.lines().filter(|line| line.contains("/nop/") || line.contains("/can-bo/ho-so/")).count();
            assert!(requests > 10, "{engine:?}: the log tells of {requests} requests only");
            let lines =
                |word: &str| log.lines().filter(|line| line.contains(word)).take(2).map(str::to_owned).collect::<Vec<_>>();
            let there = found(&log, &personal);
            assert!(there.is_empty(), "{engine:?}: {there:?}, as in {:?}", lines(there[0]));
            // The code that opens a dossier with one thing more is a secret of its own.
            let code = told.split("filing code ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
            assert!(!log.contains(code), "{engine:?}: {:?}", lines(code));
        }
    });
}

#[test]
fn the_log_knows_the_rooms_whose_lines_keep_its_rules() {
    let floors: toml::Table =
        toml::from_str(&std::fs::read_to_string(testkit::root().join("docs/floors.toml")).unwrap()).unwrap();
    let rooms = floors
        .values()
        .flat_map(|floor| floor.as_table().unwrap().keys())
        .filter(|r| !["bench", "testkit"].contains(&r.as_str()));
    let rooms: BTreeSet<&str> = rooms.map(String::as_str).collect();
    assert_eq!(rooms, BTreeSet::from(motcua::serve::OURS), "serve::OURS lists the rooms of docs/floors.toml");
}
