//! A provider ends what it began: orders from server to server, frames in its page; and orders that are none.
use serde_json::{Value, json};
use testkit::http::Visitor;

use crate::{
    hostile::{Hostile, Sign, Tricks, person, town_with_provider},
    identity::{comes, last_line},
    town::{Served, minutes},
};

/// Sends an order as the provider's server does; the status.
async fn order(served: &Served, token: &str) -> u16 {
    let body = format!("logout_token={token}");
    let request = reqwest::Client::new().post(format!("{}/api/v1/identity-providers/gia/sign-out", served.base));
    request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap().status().as_u16()
}

async fn is_in(browser: &Visitor) -> bool {
    browser.get("/tai-khoan").await.path == "/tai-khoan"
}

async fn signed_in(place: testkit::Place) -> (Served, Hostile, Visitor) {
    let (served, provider) = town_with_provider(place).await;
    let browser = served.browser();
    comes(&browser, "gia").await.must(200);
    (served, provider, browser)
}

/// This order is refused and ends nothing.
async fn refused(place: testkit::Place, changes: &[(&'static str, Value)]) {
    let (served, provider, browser) = signed_in(place).await;
    assert_eq!(order(&served, &provider.order("1", changes)).await, 400);
    assert!(is_in(&browser).await);
}

testkit::both! {
    async fn an_order_ends_the_session_it_names_and_leaves_the_others(place: testkit::Place) {
        let (served, provider, browser) = signed_in(place).await;
        provider.does(Tricks { claims: vec![("sid", json!("phien-2"))], ..Tricks::default() });
        let other = served.browser();
        comes(&other, "gia").await.must(200);
        served.clock.set(minutes(1));
        assert_eq!(order(&served, &provider.order("1", &[])).await, 200);
        assert!(!is_in(&browser).await && is_in(&other).await);
        assert_eq!(last_line(&served).await.0, "ended_by_provider", "the person sees it in the history");
    }

    async fn an_order_without_a_session_ends_all_of_that_person(place: testkit::Place) {
        let (served, provider, browser) = signed_in(place).await;
        let mut somebody = person("096090000002");
        somebody["sub"] = json!("nguoi-2");
        provider.is_used_by(somebody);
        let stranger = served.browser();
        comes(&stranger, "gia").await.must(200);
        assert_eq!(order(&served, &provider.order("1", &[("sid", Value::Null)])).await, 200);
        assert!(!is_in(&browser).await && is_in(&stranger).await);
    }

    async fn an_order_twice(place: testkit::Place) {
        let (served, provider, _) = signed_in(place).await;
        let token = provider.order("1", &[]);
        assert_eq!(order(&served, &token).await, 200);
        let back = served.browser();
        comes(&back, "gia").await.must(200);
        assert_eq!(order(&served, &token).await, 400, "the same number again");
        assert!(is_in(&back).await);
    }

    async fn an_order_for_another_audience(place: testkit::Place) {
        refused(place, &[("aud", json!("khac"))]).await;
    }

    async fn an_order_of_another_issuer(place: testkit::Place) {
        refused(place, &[("iss", json!("https://khac.example"))]).await;
    }

    async fn an_order_with_a_nonce(place: testkit::Place) {
        refused(place, &[("nonce", json!("n"))]).await;
    }

    async fn an_order_without_events(place: testkit::Place) {
        refused(place, &[("events", Value::Null)]).await;
    }

    async fn an_order_about_nobody(place: testkit::Place) {
        refused(place, &[("sub", Value::Null), ("sid", Value::Null)]).await;
    }

    async fn an_order_without_a_number(place: testkit::Place) {
        refused(place, &[("jti", Value::Null)]).await;
    }

    async fn an_expired_order(place: testkit::Place) {
        refused(place, &[("exp", json!(1))]).await;
    }

    async fn an_order_by_another_key(place: testkit::Place) {
        let (served, provider, browser) = signed_in(place).await;
        for sign in [Sign::None, Sign::SecretOfPublicKey, Sign::By(1, "k1"), Sign::By(1, "k9")] {
            provider.does(Tricks { sign, ..Tricks::default() });
            assert_eq!(order(&served, &provider.order("1", &[])).await, 400);
        }
        assert_eq!(order(&served, "khong.phai.token").await, 400);
        assert!(is_in(&browser).await);
    }

    async fn a_frame_in_the_providers_page_ends_the_session_it_names(place: testkit::Place) {
        let (served, provider, browser) = signed_in(place).await;
        let frame = async |query: &str| {
            // no cookie of ours comes along in a frame of another house
            let answer = reqwest::get(format!("{}/dang-nhap/qua/gia/thoat?{query}", served.base)).await.unwrap();
            assert_eq!(answer.status(), 200);
            answer.headers()["content-security-policy"].to_str().unwrap().to_owned()
        };
        let issuer = provider.issuer();
        for wrong in [format!("iss={issuer}&sid=khac"), "iss=https://khac.example&sid=phien-1".into(), format!("iss={issuer}"), "sid=phien-1".into()] {
            frame(&wrong).await;
            assert!(is_in(&browser).await, "{wrong}");
        }
        let policy = frame(&format!("iss={issuer}&sid=phien-1")).await;
        assert!(policy.contains(&format!("frame-ancestors {issuer}")), "{policy}");
        assert!(!is_in(&browser).await);
    }
}
