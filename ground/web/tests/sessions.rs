//! Sessions end when they should, and nothing typed is lost with them.

use crate::house::{COLLEAGUE, OFFICER, Service};
use http::StatusCode;
use jiff::SignedDuration;
use store::{Read, Write};
use web::{Budget, Realm, Settings, Subject};

/// Where the sign-in page leads back to: the page of what was typed.
fn parked(to: &str) -> String {
    assert!(to.starts_with("/can-bo/dang-nhap?next=%2Fcan-bo%2Fgiu%2F"), "{to}");
    to.split("next=").nth(1).unwrap().split('&').next().unwrap().replace("%2F", "/")
}

testkit::both! {
    async fn what_was_typed_when_the_session_ended_waits_behind_the_sign_in(place: testkit::Place) {
        let service = Service::on(place).await;
        let cookie = service.sign_in().await;
        let page = service.get("/can-bo/viec", &cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        let word = page.hidden("csrf");
        service.clock.advance(SignedDuration::from_hours(3));
        let answer = service.post("/can-bo/viec", &cookie, &format!("csrf={word}&ghi-chu=M%E1%BA%B9+h%E1%BA%B9n+chi%E1%BB%81u")).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let parked = parked(answer.header("location"));

        // Signing in again with the same browser leads back to it, with a form that sends it on.
        let door = service.get("/can-bo/vao", &cookie).await;
        let fresh = service.post("/can-bo/vao", &cookie, &format!("csrf={}", door.hidden("csrf"))).await.cookies();
        assert_ne!(fresh, cookie);
        let kept = service.get(&parked, &fresh).await;
        assert_eq!(kept.status, StatusCode::OK, "{}", kept.text);
        assert!(kept.text.contains("Mẹ hẹn chiều") && kept.text.contains("action=\"/can-bo/viec\""));
        let sent = service.post("/can-bo/viec", &fresh, &format!("csrf={}&ghi-chu=a", kept.hidden("csrf"))).await;
        assert_eq!(sent.header("location"), "/can-bo/viec");

        // Nobody else finds it.
        let other = service.enter(COLLEAGUE, "").await.cookies();
        assert_eq!(service.get(&parked, &other).await.status, StatusCode::NOT_FOUND);
    }

    async fn what_somebody_typed_comes_back_to_them_on_any_browser_though_a_colleague_came_first(place: testkit::Place) {
        let service = Service::on(place).await;
        let cookie = service.sign_in().await;
        let word = service.get("/can-bo/viec", &cookie).await.hidden("csrf");
        service.clock.advance(SignedDuration::from_hours(3));
        let answer = service.post("/can-bo/viec", &cookie, &format!("csrf={word}&ghi-chu=M%E1%BA%B9+h%E1%BA%B9n+chi%E1%BB%81u")).await;
        let parked = parked(answer.header("location"));

        // A colleague signs in at that browser first: nothing of it is theirs.
        let colleague = service.enter(COLLEAGUE, &cookie).await;
        assert_eq!(colleague.header("location"), "/can-bo/viec");
        assert_eq!(service.get(&parked, &colleague.cookies()).await.status, StatusCode::NOT_FOUND);

        // Whoever typed it is led to it on another browser, until they have seen it.
        assert_eq!(service.enter(OFFICER, "").await.header("location"), parked);
        let back = service.enter(OFFICER, "").await;
        assert_eq!(back.header("location"), parked);
        let kept = service.get(&parked, &back.cookies()).await;
        assert!(kept.text.contains("Mẹ hẹn chiều") && kept.text.contains("action=\"/can-bo/viec\""), "{}", kept.text);
        assert_eq!(service.enter(OFFICER, "").await.header("location"), "/can-bo/viec");
        assert_eq!(service.get(&parked, &back.cookies()).await.status, StatusCode::OK, "it stays where it was found");
    }

    async fn a_form_that_finds_no_room_to_wait_in_stays_on_the_page(place: testkit::Place) {
        let settings = Settings { visitor_parked: Budget { number: 1, bytes: 10_000 }, ..Settings::default() };
        let service = Service::with(place, settings).await;
        let cookie = service.sign_in().await;
        let word = service.get("/can-bo/viec", &cookie).await.hidden("csrf");
        service.clock.advance(SignedDuration::from_hours(3));
        let typed = format!("csrf={word}&ghi-chu=M%E1%BA%B9+h%E1%BA%B9n+chi%E1%BB%81u");
        assert_eq!(service.post("/can-bo/viec", &cookie, &typed).await.status, StatusCode::SEE_OTHER);
        let full = service.post("/can-bo/viec", &cookie, &typed).await;
        assert_eq!((full.status, full.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"));
        assert!(full.text.contains("Mẹ hẹn chiều") && full.text.contains("action=\"/can-bo/viec\""), "{}", full.text);
        // A week later there is room again.
        service.clock.advance(SignedDuration::from_hours(24 * 8));
        assert!(web::tidy(&service.house).await.unwrap() >= 1);
        let later = service.sign_in().await;
        let word = service.get("/can-bo/viec", &later).await.hidden("csrf");
        service.clock.advance(SignedDuration::from_hours(3));
        let again = service.post("/can-bo/viec", &later, &format!("csrf={word}&ghi-chu=a+b")).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER);
    }

    async fn a_session_ends_by_idleness_by_age_and_everywhere_at_once(place: testkit::Place) {
        let service = Service::on(place).await;
        let settings = Settings::default();
        let cookie = service.sign_in().await;
        let is_in = async |cookie: &str| service.get("/can-bo/viec", cookie).await.status == StatusCode::OK;
        assert!(is_in(&cookie).await);
        // The cookie of before the sign-in is worth nothing, nor is one in another browser.
        assert!(!is_in("motcua-cb=AAAA").await);
        let stolen = http::Request::get("/can-bo/viec").header("cookie", &cookie).header("user-agent", "Firefox/115 Windows");
        assert_eq!(service.send(stolen.body(axum::body::Body::empty()).unwrap()).await.status, StatusCode::SEE_OTHER);

        let second = service.sign_in().await;
        let officer = Subject { realm: Realm::Officer, id: OFFICER };
        let list = service.house.db.read(async move |tx: &Read<'_>| web::session::list(tx, officer).await).await.unwrap();
        assert_eq!(list.len(), 2);
        let ended = service.house.db.write(async move |tx: &Write<'_>| web::session::close_all(tx, officer, None).await).await.unwrap();
        assert_eq!(ended, 2);
        assert!(!is_in(&cookie).await && !is_in(&second).await);

        let idle = service.sign_in().await;
        service.clock.advance(SignedDuration::from_mins(i64::from(settings.officer_idle_minutes) + 1));
        assert!(!is_in(&idle).await);
        service.clock.advance(SignedDuration::from_hours(24 * 8));
        assert!(web::tidy(&service.house).await.unwrap() >= 1);
    }
}

#[test]
fn a_sentence_left_for_the_next_page_is_escaped_and_shown_once() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let cookie = service.sign_in().await;
        let page = service.get("/can-bo/viec", &cookie).await;
        let went = service.post("/can-bo/viec", &cookie, &format!("csrf={}", page.hidden("csrf"))).await;
        let next = service.get("/can-bo/viec", &format!("{cookie}; {}", went.cookies())).await;
        assert!(next.text.contains("Đã giao 3 hồ sơ cho") && !next.text.contains("<b>Mẫu"));
        assert!(next.headers.get_all("set-cookie").iter().any(|c| c.to_str().unwrap().starts_with("said=;")));
    });
}
