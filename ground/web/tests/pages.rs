//! Every answer carries what it must; problems are pages for people and problem+json for programs; pages stay light.

use crate::house::{Service, request};
use axum::body::Body;
use http::{Method, StatusCode};

#[test]
fn every_answer_carries_a_strict_policy_and_no_page_breaks_it() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        for path in [
            "/ui",
            "/ui/can-bo",
            "/form",
            "/nowhere",
            "/api",
            "/health",
            "/kha-nang-tiep-can",
            "/du-lieu-cua-ban",
            "/can-bo/tro-giup",
        ] {
            let answer = service.get(path, "").await;
            let policy = answer.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert!(!answer.header("x-request-id").is_empty(), "{path}");
            for forbidden in [" style=\"", "<style", "javascript:", " onclick=", "http://", "<script>"] {
                let found = answer.text.find(forbidden).map(|at| &answer.text[at..(at + 80).min(answer.text.len())]);
                assert!(found.is_none(), "{path}: {found:?}");
            }
        }
    });
}

#[test]
fn a_problem_is_a_page_for_people_and_json_for_programs() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let page = service.get("/hong", "").await;
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert!(page.text.contains("Lỗi của chúng tôi") && !page.text.contains("secret"));
        let json = service.send(request(Method::GET, "/api/v1/nowhere", "").body(Body::empty()).unwrap()).await;
        assert_eq!(json.header("content-type"), "application/problem+json");
        let body: serde_json::Value = serde_json::from_str(&json.text).unwrap();
        assert_eq!((body["status"].as_u64(), body["type"].as_str()), (Some(404), Some("/api#not-found")));
        // What the framework answers in English is ours too.
        let odd = service.get("/giu/not-an-id", "").await;
        assert!(odd.status == StatusCode::NOT_FOUND && odd.text.contains("Không có trang này"));
        let wrong = service.send(request(Method::PUT, "/form", "").header("x-csrf", "x").body(Body::empty()).unwrap()).await;
        assert!(wrong.status.is_client_error());
        assert_eq!(service.get("/khong-dong", "").await.status, StatusCode::NOT_FOUND);
        let english = service.get("/nowhere?lang=en", "").await;
        assert!(english.text.contains("There is no such page") && english.text.contains("<html lang=\"en\""));
    });
}

#[test]
fn a_page_carries_only_the_icons_it_uses() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        for path in ["/form", "/ui/can-bo", "/nowhere"] {
            let text = service.get(path, "").await.text;
            for part in text.split("<symbol id=\"").skip(1) {
                let name = part.split('"').next().unwrap();
                let for_script = name.starts_with("s-");
                assert!(for_script || text.contains(&format!("href=\"#{name}\"")), "{path} carries {name} for nothing");
            }
            for part in text.split("<use href=\"#").skip(1) {
                let name = part.split('"').next().unwrap();
                assert!(text.contains(&format!("<symbol id=\"{name}\"")), "{path} lacks {name}");
            }
        }
    });
}

#[test]
fn styles_and_scripts_are_found_kept_for_ever_and_within_their_budget() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let page = service.get("/form", "").await.text;
        for part in page.split("\"/t/").skip(1) {
            let path = format!("/t/{}", part.split('"').next().unwrap());
            let request = request(Method::GET, &path, "").header("accept-encoding", "gzip, br");
            let answer = service.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, "br"), "{path}");
            assert!(answer.header("cache-control").contains("immutable"));
        }
        let scripts: usize = assets::all().iter().filter(|(name, _)| name.ends_with(".js")).map(|(_, size)| size).sum();
        assert!(scripts <= 35 * 1024, "all scripts together weigh {scripts} bytes compressed");
        assert!(assets::weight("citizen.css") <= 16 * 1024 && assets::weight("officer.css") <= 16 * 1024);
    });
}

#[test]
fn every_address_has_one_door_and_a_session_is_asked_for() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        assert!(service.routes.iter().any(|r| r.path == "/can-bo/viec" && r.door == web::Door::Officer("")));
        let answer = service.get("/can-bo/viec?trang=2", "").await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, "/can-bo/dang-nhap?next=%2Fcan-bo%2Fviec%3Ftrang%3D2")
        );
    });
}

#[test]
fn the_theme_and_the_language_are_remembered() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let dark = service.get("/giao-dien?nen=dark&next=//elsewhere.example", "").await;
        assert!(dark.header("set-cookie").starts_with("theme=dark") && dark.header("location") == "/");
        assert!(service.get("/form", "theme=dark").await.text.contains("data-theme=\"dark\""));
        assert!(service.get("/form?lang=en", "").await.cookies().contains("lang=en"));
        assert!(service.get("/form", "lang=en").await.text.contains("Skip to main content"));
    });
}
