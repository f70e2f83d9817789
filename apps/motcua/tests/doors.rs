//! Every address of the house, called by somebody who is not signed in: nothing behind a door answers, and nothing falls over.
use axum::body::Body;
use http::{Method, Request, StatusCode};
use testkit::Engine;
use tower::ServiceExt;
use web::{App, Door, House, Settings};

/// The whole house on an empty database.
pub async fn app() -> (App, testkit::Place, tempfile::TempDir) {
    let (db, place) = Engine::Sqlite.migrated(&motcua::rooms::migrations()).await;
    let folder = tempfile::tempdir().unwrap();
    let files = store::Files::folder(folder.path()).await.unwrap();
    let house = House::new(db, files, base::Clock::system(), Settings::default());
    (web::build(house, motcua::rooms::rooms(&motcua::config::Config::default())), place, folder)
}

/// Values for the blanks of a path; a wrong kind of value would be refused before the door is tried.
fn filled(path: &str) -> String {
    path.split('/')
        .map(|part| match part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) {
            Some(name) if name.contains("code") || name.contains("ma") => "1.001193",
            Some(_) => "0192e4d0-0000-7000-8000-000000000001",
            None => part,
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[test]
fn nobody_comes_through_a_door_without_signing_in() {
    testkit::run(async {
        let (app, _place, _folder) = app().await;
        let mut wrong = vec![];
        for route in &app.routes {
            let path = filled(&route.path);
            let is_api = path.starts_with("/api/");
            let mut request = Request::builder().method(route.method.clone()).uri(&path);
            request = request.header("accept", if is_api { "application/json" } else { "text/html" });
            let body = if route.method == Method::GET { Body::empty() } else { Body::from(if is_api { "{}" } else { "" }) };
            let kind = if is_api { "application/json" } else { "application/x-www-form-urlencoded" };
            if route.method != Method::GET {
                request = request.header("content-type", kind);
            }
            let mut request = request.body(body).unwrap();
            request.extensions_mut().insert(axum::extract::ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 40000))));
            let answer = app.router.clone().oneshot(request).await.unwrap();
            let status = answer.status();
            let to = answer.headers().get("location").and_then(|l| l.to_str().ok()).unwrap_or_default();
            let sent_to_sign_in = status.is_redirection() && to.contains("/dang-nhap");
            let refused =
                sent_to_sign_in || matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND);
            let fine = match route.door {
                Door::Public => !status.is_server_error() || status == StatusCode::SERVICE_UNAVAILABLE,
                Door::Citizen | Door::Officer(_) => refused,
            };
            if !fine {
                wrong.push(format!("{} {} ({:?}) answered {status} {to}", route.method, route.path, route.door));
            }
        }
        assert!(!app.routes.is_empty());
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), app.routes.len(), wrong.join("\n"));
    });
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

#[test]
fn every_page_is_drawn_with_its_sample_in_both_languages() {
    for room in motcua::rooms::rooms(&motcua::config::Config::default()).into_iter().chain([web::room()]) {
        for sample in &room.samples {
            for lang in [base::Lang::Vi, base::Lang::En] {
                let page = (sample.draw)(lang);
                assert!(page.contains("<h1"), "{} of {} has no heading in {lang:?}", sample.name, room.name);
                assert!(page.contains("</html>"), "{} of {} is not whole in {lang:?}", sample.name, room.name);
            }
        }
    }
}
