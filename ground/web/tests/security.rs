//! The baseline of a system of the state that code can decide (SE-14): each point has its test.

use axum::body::Body;
use http::{Method, Request, StatusCode};
use testkit::Engine;
use web::Settings;

use crate::house::{Answer, Service, request};

/// How people reach this house over TLS.
const HTTPS: &str = "https://motcua.example";

async fn over_tls() -> Service {
    let settings = Settings { address: HTTPS.into(), ..Settings::default() };
    Service::with(Engine::Sqlite.fresh().await, settings).await
}

async fn plain() -> Service {
    Service::on(Engine::Sqlite.fresh().await).await
}

#[test]
fn hsts_is_asked_for_where_people_come_over_tls_and_nowhere_else_se_14() {
    testkit::run(async {
        let (tls, plain) = (over_tls().await, plain().await);
        for path in ["/form", "/nowhere", "/api/openapi.json", "/can-bo/viec"] {
            let asked = tls.get(path, "").await.header("strict-transport-security").to_owned();
            let seconds: u64 = asked.split(['=', ';']).nth(1).and_then(|n| n.parse().ok()).unwrap_or_default();
            assert!(asked.starts_with("max-age=") && seconds >= 31_536_000, "{path}: {asked}");
            assert_eq!(plain.get(path, "").await.header("strict-transport-security"), "", "{path}");
        }
    });
}

fn cookies_of(answer: &Answer) -> Vec<String> {
    answer.headers.get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned()).collect()
}

#[test]
fn every_cookie_is_for_this_host_alone_unseen_by_scripts_and_secure_se_14() {
    testkit::run(async {
        let (tls, plain) = (over_tls().await, plain().await);
        let mut names = vec![];
        for (service, is_tls) in [(&tls, true), (&plain, false)] {
            let signed_in = service.sign_in().await;
            let page = service.get("/can-bo/viec", &signed_in).await;
            let said = service.post("/can-bo/viec", &signed_in, &format!("csrf={}", page.hidden("csrf"))).await;
            let next = service.get("/can-bo/viec", &format!("{signed_in}; {}", said.cookies())).await;
            let mut all = [cookies_of(&said), cookies_of(&next)].concat();
            for path in ["/form?lang=en", "/can-bo/vao", "/giao-dien?nen=dark", "/giao-dien?nen=auto", "/bare"] {
                all.extend(cookies_of(&service.get(path, "").await));
            }
            for cookie in &all {
                let parts: Vec<&str> = cookie.split("; ").collect();
                assert!(parts.contains(&"HttpOnly") && parts.contains(&"Path=/"), "{cookie}");
                assert_eq!(parts.contains(&"Secure"), is_tls, "{cookie}");
                assert!(!cookie.to_lowercase().contains("domain="), "{cookie}");
            }
            names.push(all.iter().filter_map(|c| c.split('=').next()).map(str::to_owned).collect::<Vec<_>>());
        }
        for name in ["lang", "theme", "said", "bare"] {
            assert!(names.iter().all(|all| all.iter().any(|n| n == name)), "{name} was not seen: {names:?}");
        }
        // The word of a session is pinned by its very name where there is TLS.
        assert!(names[0].iter().any(|n| n == "__Host-motcua") && names[0].iter().any(|n| n == "__Host-motcua-cb"), "{names:?}");
    });
}

#[test]
fn every_answer_forbids_foreign_content_guessing_telling_and_framing_se_14() {
    testkit::run(async {
        let service = plain().await;
        for path in [
            "/form",
            "/ui/can-bo",
            "/nowhere",
            "/hong",
            "/api",
            "/api/v1/nowhere",
            "/health",
            "/can-bo/viec",
            "/api/openapi.json",
        ] {
            let answer = service.get(path, "").await;
            let policy = answer.header("content-security-policy");
            for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"), "{path}: {policy}");
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("referrer-policy", "same-origin"),
                ("x-frame-options", "DENY"),
                ("cross-origin-opener-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), value, "{path}: {name}");
            }
        }
    });
}

/// A call of a script of another site.
async fn from(service: &Service, origin: &str, method: Method, path: &str) -> Answer {
    let call = request(method, path, "").header("origin", origin).header("host", "motcua.example");
    service.send(call.body(Body::empty()).unwrap()).await
}

/// What a browser asks before it lets such a call go.
async fn asks_first(service: &Service, origin: &str, path: &str) -> Answer {
    let question = Request::options(path).header("origin", origin).header("host", "motcua.example");
    let question =
        question.header("access-control-request-method", "POST").header("access-control-request-headers", "authorization");
    service.send(question.body(Body::empty()).unwrap()).await
}

const ALLOWED: &str = "access-control-allow-origin";

#[test]
fn no_other_site_reads_an_answer_as_long_as_the_settings_name_none_se_14() {
    testkit::run(async {
        let service = plain().await;
        for path in ["/api/v1/bare", "/api/openapi.json", "/form"] {
            assert_eq!(from(&service, "https://portal.example", Method::GET, path).await.header(ALLOWED), "", "{path}");
            assert_eq!(asks_first(&service, "https://portal.example", path).await.header(ALLOWED), "", "{path}");
        }
    });
}

#[test]
fn a_site_that_the_settings_name_reads_the_api_and_no_page_and_no_other_does_se_14() {
    testkit::run(async {
        let allowed_origins = vec!["https://portal.example".to_owned()];
        let settings = Settings { address: HTTPS.into(), allowed_origins, ..Settings::default() };
        let service = Service::with(Engine::Sqlite.fresh().await, settings).await;
        let answer = from(&service, "https://portal.example", Method::GET, "/api/v1/bare").await;
        assert_eq!((answer.status, answer.header(ALLOWED)), (StatusCode::OK, "https://portal.example"));
        assert!(answer.headers.get_all("vary").iter().any(|v| v == "origin"));
        assert_eq!(answer.header("access-control-allow-credentials"), "", "no cookie goes along");
        let first = asks_first(&service, "https://portal.example", "/api/v1/bare").await;
        assert_eq!((first.status, first.header(ALLOWED)), (StatusCode::NO_CONTENT, "https://portal.example"));
        assert!(first.header("access-control-allow-methods").contains("POST"));
        assert!(first.header("access-control-allow-headers").contains("authorization"));
        // An error is readable too, or its reason would be lost on the way.
        let missing = from(&service, "https://portal.example", Method::GET, "/api/v1/nowhere").await;
        assert_eq!((missing.status, missing.header(ALLOWED)), (StatusCode::NOT_FOUND, "https://portal.example"));
        for (origin, path) in [
            ("https://portal.example", "/form"),
            ("https://portal.example.evil.example", "/api/v1/bare"),
            ("http://portal.example", "/api/v1/bare"),
            ("null", "/api/v1/bare"),
        ] {
            assert_eq!(from(&service, origin, Method::GET, path).await.header(ALLOWED), "", "{origin} {path}");
            assert_eq!(asks_first(&service, origin, path).await.header(ALLOWED), "", "{origin} {path}");
        }
        // Reading is allowed, acting with somebody's cookie is not.
        let cookie = service.sign_in().await;
        let post = request(Method::POST, "/api/v1/bare", &cookie).header("origin", "https://portal.example");
        let post = post.header("host", "motcua.example").header("x-csrf", "x").body(Body::empty()).unwrap();
        assert_eq!(service.send(post).await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn whoever_finds_a_hole_is_told_where_to_report_it_se_14() {
    testkit::run(async {
        assert_eq!(plain().await.get("/.well-known/security.txt", "").await.status, StatusCode::NOT_FOUND);
        let settings = Settings {
            address: HTTPS.into(),
            security_contacts: vec!["mailto:an-ninh@motcua.example".into(), "https://motcua.example/bao-loi".into()],
            security_policy: "https://motcua.example/quy-dinh".into(),
            ..Settings::default()
        };
        let service = Service::with(Engine::Sqlite.fresh().await, settings).await;
        let answer = service.get("/.well-known/security.txt", "").await;
        assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
        let wanted = "Contact: mailto:an-ninh@motcua.example\nContact: https://motcua.example/bao-loi\n\
                      Expires: 2027-02-21T00:00:00Z\nPreferred-Languages: vi, en\n\
                      Canonical: https://motcua.example/.well-known/security.txt\nPolicy: https://motcua.example/quy-dinh\n";
        assert_eq!(answer.text, wanted);
    });
}
