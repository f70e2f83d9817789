//! Forms come from our own pages, the same send twice is one act, and what was typed is not lost.

use crate::house::{Service, request};
use axum::body::Body;
use http::{Method, StatusCode};

#[test]
fn a_form_without_its_word_is_refused_and_what_was_typed_is_shown() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let answer = service.post("/form", "", "text=xin+ch%C3%A0o+%3Cscript%3E&password=bi-mat").await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(
            answer.text.contains("xin chào &#60;script&#62;") || answer.text.contains("xin chào &lt;script&gt;"),
            "{}",
            answer.text
        );
        assert!(!answer.text.contains("<script>") && !answer.text.contains("bi-mat"));
        // The page gives a fresh word: sending again goes through.
        let again = service.post("/form", &answer.cookies(), &format!("text=a&csrf={}", answer.hidden("csrf"))).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
    });
}

#[test]
fn a_form_from_another_site_is_refused_even_with_the_right_word() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let page = service.get("/form", "").await;
        let body = format!("text=a&csrf={}", page.hidden("csrf"));
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")] {
            let request = request(Method::POST, "/form", &page.cookies())
                .header("host", "motcua.example")
                .header("content-type", "application/x-www-form-urlencoded")
                .header(name, value);
            let answer = service.send(request.body(Body::from(body.clone())).unwrap()).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        }
        assert_eq!(service.post("/form", &page.cookies(), &body).await.status, StatusCode::SEE_OTHER);
    });
}

testkit::both! {
    async fn the_same_send_twice_is_one_act(place: testkit::Place) {
        let service = Service::on(place).await;
        let page = service.get("/form", "").await;
        let body = format!("text=a&csrf={}&lan={}", page.hidden("csrf"), page.hidden("lan"));
        let first = service.post("/form", &page.cookies(), &body).await;
        let twin = service.post("/form", &page.cookies(), &body).await;
        assert_eq!((first.header("location"), twin.header("location")), ("/ket-qua/1", "/ket-qua/1"));
        let other = service.post("/form", &page.cookies(), &body.replace("text=a", "text=b")).await;
        assert_eq!(other.status, StatusCode::CONFLICT);
    }
}

#[test]
fn while_the_database_is_away_the_page_keeps_what_was_typed_and_sends_it_again() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let page = service.get("/form", "").await;
        let answer = service
            .post("/gian-doan", &page.cookies(), &format!("ghi-chu=Kh%C3%B4ng+m%E1%BA%A5t&csrf={}", page.hidden("csrf")))
            .await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.header("retry-after"), "15");
        assert!(answer.text.contains("action=\"/gian-doan\"") && answer.text.contains("Không mất"));
    });
}

#[test]
fn a_form_over_the_limit_is_answered_with_the_limit() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let page = service.get("/form", "").await;
        let body = format!("csrf={}&text={}", page.hidden("csrf"), "a".repeat(1024 * 1024));
        let answer = service.post("/form", &page.cookies(), &body).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.text.contains("1\u{a0}MB"), "{}", answer.text);
    });
}
