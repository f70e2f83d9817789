//! Every address of the house, with things that exist in its blanks: nothing behind a door answers somebody who is not signed in, and
//! every page is drawn for somebody who may see it.
use crate::town::Town;
use http::{Method, StatusCode};
use testkit::Engine;
use web::{App, Door, House, Route, Settings};

/// The whole house on an empty database.
pub async fn app() -> (App, testkit::Place, tempfile::TempDir) {
    let (db, place) = Engine::Sqlite.migrated(&motcua::rooms::migrations()).await;
    let folder = tempfile::tempdir().unwrap();
    let files = store::Files::folder(folder.path()).await.unwrap();
    let house = House::new(db, files, base::Clock::system(), Settings::default());
    (web::build(house, motcua::rooms::rooms(&motcua::config::Config::default())), place, folder)
}

/// Public addresses that name something secret: whoever may not know of it is told that nothing is there, though it is. Everything else
/// that exists answers, asks for signing in, or asks for proof.
const HIDDEN: &[(&str, &str)] = &[
    // somebody else's upload
    ("HEAD", "/tep/{id}"),
    ("DELETE", "/tep/{id}"),
    // what only the applicant may see or do, after proof
    ("POST", "/tra-cuu/{code}/danh-gia"),
    ("POST", "/tra-cuu/{code}/bo-sung"),
    ("GET", "/tra-cuu/{code}/tep/{file}"),
    ("GET", "/tra-cuu/{code}/giay-hen.pdf"),
    ("GET", "/tra-cuu/{code}/bo-sung.pdf"),
];

/// Somebody without a sign-in, whose forms are in order: what refuses them is the door alone.
struct Stranger {
    pages: reqwest::Client,
    programs: reqwest::Client,
    words: [String; 2],
}

impl Stranger {
    async fn at(town: &Town) -> Stranger {
        let client = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let pages = client().cookie_store(true).build().unwrap();
        let mut words = vec![];
        for page in ["/dang-nhap", "/can-bo/dang-nhap"] {
            let text = pages.get(format!("{}{page}", town.base)).send().await.unwrap().text().await.unwrap();
            let (_, word) = text.split_once("name=\"csrf\" value=\"").unwrap();
            words.push(word.split('"').next().unwrap().to_owned());
        }
        Stranger { pages, programs: client().build().unwrap(), words: words.try_into().unwrap() }
    }

    /// The status, and where it leads.
    async fn asks(&self, town: &Town, route: &Route) -> (StatusCode, String) {
        let path = town.filled(&route.path);
        let is_api = path.starts_with("/api/");
        let desk = web::Realm::of_path(&path) == web::Realm::Officer;
        let client = if is_api { &self.programs } else { &self.pages };
        let mut request = client.request(route.method.clone(), format!("{}{path}", town.base));
        request = request.header("accept", if is_api { "application/json" } else { "text/html" });
        if route.method != Method::GET {
            let (kind, body) = if is_api { ("application/json", "{}") } else { ("application/x-www-form-urlencoded", "") };
            request = request.header("content-type", kind).header("x-csrf", &self.words[usize::from(desk)]).body(body);
        }
        let answer = request.send().await.unwrap();
        let to = answer.headers().get("location").and_then(|l| l.to_str().ok()).unwrap_or_default().to_owned();
        (answer.status(), to)
    }
}

#[test]
fn nobody_comes_through_a_door_without_signing_in_though_the_thing_is_there() {
    testkit::run(async {
        let ((app, _place, _files), town) = (app().await, Town::alive().await);
        let (stranger, made) = (Stranger::at(&town).await, town.made());
        let mut wrong = vec![];
        for route in &app.routes {
            let (status, to) = stranger.asks(&town, route).await;
            let hidden = HIDDEN.contains(&(route.method.as_str(), &route.path));
            let fine = match route.door {
                Door::Public if hidden => status == StatusCode::NOT_FOUND,
                Door::Public => status != StatusCode::NOT_FOUND && !status.is_server_error(),
                Door::Citizen | Door::Officer(_) if route.path.starts_with("/api/") => status == StatusCode::UNAUTHORIZED,
                Door::Citizen | Door::Officer(_) => status.is_redirection() && to.contains("/dang-nhap"),
            };
            if !fine {
                wrong.push(format!("{} {} ({:?}) answered {status} {to}", route.method, route.path, route.door));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), app.routes.len(), wrong.join("\n"));
        assert_eq!(town.made(), made, "a stranger changed something");
    });
}

/// Things that the demo has none of: not even those who may see them find one.
const NONE_THERE: &[&str] = &[
    // the dossier of the walk needed no supplement
    "/tra-cuu/{code}/bo-sung.pdf",
    "/can-bo/ho-so/{id}/mau-02.pdf",
    // what was typed when a session ended is found under the cookie of that session only
    "/giu/{id}",
    "/can-bo/giu/{id}",
];

#[test]
fn every_page_is_drawn_for_somebody_who_may_see_it_in_both_languages() {
    testkit::run(async {
        let ((app, _place, _files), town) = (app().await, Town::alive().await);
        let mut wrong = vec![];
        for route in app.routes.iter().filter(|r| r.method == Method::GET && !NONE_THERE.contains(&r.path.as_str())) {
            let path = town.filled(&route.path);
            let seen =
                if path.starts_with("/api/v1") { read_by_a_program(&town, &path).await } else { drawn(&town, &path).await };
            if let Err(why) = seen {
                wrong.push(format!("{path} ({:?}): {why}", route.door));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

async fn read_by_a_program(town: &Town, path: &str) -> Result<(), String> {
    let mut said = vec![];
    for token in &town.tokens {
        let answer = reqwest::Client::new().get(format!("{}{path}", town.base)).bearer_auth(token).send().await.unwrap();
        if answer.status().is_success() {
            return Ok(());
        }
        said.push(answer.status().as_u16());
    }
    Err(format!("nobody may read it: {said:?}"))
}

/// Opens a page as one after the other until somebody may; `/ui/loi/…` shows errors on purpose.
async fn drawn(town: &Town, path: &str) -> Result<(), String> {
    let mut said = vec![];
    for who in &town.people {
        let answer = who.client().get(who.url(path)).send().await.unwrap();
        let sent_to_sign_in = answer.url().path().contains("dang-nhap") && !path.contains("dang-nhap");
        if !(answer.status().is_success() || path.starts_with("/ui/loi/")) || sent_to_sign_in {
            said.push(answer.status().as_u16());
            continue;
        }
        let kind = answer.headers().get("content-type").and_then(|k| k.to_str().ok()).unwrap_or_default().to_owned();
        if !kind.starts_with("text/html") {
            return Ok(());
        }
        for lang in ["vi", "en"] {
            let text = who.get(&format!("{path}?lang={lang}")).await.text;
            for part in [format!("<html lang=\"{lang}\""), "<h1".into(), "</html>".into()] {
                if !text.contains(&part) {
                    return Err(format!("no {part} in {lang}"));
                }
            }
        }
        who.get(&format!("{path}?lang=vi")).await;
        return Ok(());
    }
    Err(format!("nobody may open it: {said:?}"))
}

#[test]
fn no_address_is_declared_twice_and_none_has_accents() {
    testkit::run(async {
        let (app, _place, _folder) = app().await;
        let mut seen = std::collections::HashSet::new();
        for route in &app.routes {
            assert!(seen.insert((route.method.clone(), route.path.clone())), "{} {} twice", route.method, route.path);
            assert!(route.path.is_ascii(), "{}", route.path);
        }
    });
}

#[test]
fn the_api_document_changes_only_on_purpose() {
    testkit::run(async {
        let (app, _place, _folder) = app().await;
        insta::assert_snapshot!("openapi", app.openapi.to_pretty_json().unwrap());
    });
}

/// The browser tests read this list and open every page of it, so that a new page cannot be forgotten there.
#[test]
fn the_addresses_that_are_read_change_only_on_purpose() {
    testkit::run(async {
        let (app, _place, _folder) = app().await;
        let read = app.routes.iter().filter(|r| r.method == Method::GET && !r.path.starts_with("/api/v1/"));
        let mut lines: Vec<String> = read
            .map(|route| match route.door {
                Door::Public => format!("{} public", route.path),
                Door::Citizen => format!("{} citizen", route.path),
                Door::Officer(act) => format!("{} officer {act}", route.path).trim_end().to_owned(),
            })
            .collect();
        lines.sort();
        insta::assert_snapshot!("addresses", lines.join("\n"));
    });
}
