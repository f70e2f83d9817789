//! Every answer carries what it must; problems are pages for people and problem+json for programs; pages stay light.

use crate::house::{Service, request};
use axum::body::Body;
use http::{Method, StatusCode};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;
use tracing::instrument::WithSubscriber;
use web::{Health, House, Room, Wellness};

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
fn a_field_that_a_call_does_not_take_is_named_in_the_language_of_whoever_asks() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let ask = async |lang: &str, body: &'static str| {
            let request = request(Method::POST, &format!("/api/v1/ordered?lang={lang}"), "");
            service.send(request.header("content-type", "application/json").body(Body::from(body)).unwrap()).await
        };
        assert_eq!(ask("vi", r#"{"count":3}"#).await.text, "3");
        for (lang, body, field, words) in [
            ("vi", r#"{"count":3,"counted":4}"#, "counted", "không có trường nào"),
            ("en", r#"{"count":3,"counted":4}"#, "counted", "has no field"),
            ("vi", "{}", "count", "Thiếu trường này"),
            ("vi", r#"{"count":"three"}"#, "count", "không phải kiểu"),
        ] {
            let answer = ask(lang, body).await;
            let said: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!((said["status"].as_u64(), said["type"].as_str()), (Some(422), Some("/api#fault")), "{said}");
            let fault = &said["errors"][0];
            assert_eq!(fault["field"], field);
            assert!(fault["message"].as_str().unwrap().contains(words), "{said}");
        }
        assert_eq!(ask("vi", "{").await.status, StatusCode::BAD_REQUEST);
    });
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_log_of_a_request_that_failed_names_its_route_and_not_the_code_in_its_path() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let log = Log::default();
        let kept = log.clone();
        let writing = tracing_subscriber::fmt().with_ansi(false).with_writer(move || kept.clone()).finish();
        let answer = service.get("/gian-doan/N-GCNV-F240", "").with_subscriber(writing).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(said.contains("request failed") && said.contains("/gian-doan/{code}"), "{said}");
        assert!(!said.contains("GCNV"), "{said}");
    });
}

#[test]
fn a_stranger_is_told_how_the_house_is_and_not_why() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let down = |_: House| -> futures_util::future::BoxFuture<'static, Wellness> {
            Box::pin(async { Wellness::Down { why: "connection refused at db.inside".into() } })
        };
        let room = Room::new("mail").health(Health { name: "mail", title: "Thư gửi đi", ask: down });
        let app = web::build(service.house.clone(), vec![room]).router;
        let answer = app.oneshot(request(Method::GET, "/health", "").body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        let said = axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let said: serde_json::Value = serde_json::from_slice(&said).unwrap();
        let checks = serde_json::json!([{ "name": "database", "state": "well" }, { "name": "mail", "state": "down" }]);
        assert_eq!(said, serde_json::json!({ "state": "down", "checks": checks }));
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
