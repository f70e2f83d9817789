//! Officers come by the province's own directory: joined by the claim of their name or by an administrator's hand, never made.
use directory::{PersonId, Realm, Role};
use serde_json::json;
use testkit::http::{Page, Visitor};

use crate::{
    hostile::{Hostile, save, town_with_provider},
    identity::{last_line, remembered},
    sign_in_pages::{PASSWORD, officer, one_time_of},
    town::{Served, minutes},
};

async fn comes(browser: &Visitor) -> Page {
    browser.get("/can-bo/dang-nhap/qua/can-bo?next=/can-bo/toi").await
}

/// The town with a provider of officers; it asks the second factor itself when `second`.
async fn town(place: testkit::Place, second: bool) -> (Served, Hostile) {
    let (served, provider) = town_with_provider(place).await;
    let mut profile = provider.profile("can-bo", Realm::Officer);
    profile.profile.second_factor_there = second;
    save(&served, profile).await;
    (served, provider)
}

testkit::both! {
    async fn the_claim_of_the_sign_in_name_finds_the_person_once(place: testkit::Place) {
        let (served, provider) = town(place, true).await;
        let person = officer(&served, "an.nguyen", true).await;
        provider.is_used_by(json!({"sub": "cb-1", "preferred_username": "An.Nguyen"}));
        let browser = served.browser();
        let me = comes(&browser).await.must(200);
        assert_eq!(me.path, "/can-bo/toi");
        assert!(me.text.contains("Đã vào bằng danh tính"));
        served.clock.set(minutes(1));
        // the provider gives the name to somebody else: the identity that is linked stays the only one
        provider.is_used_by(json!({"sub": "cb-2", "preferred_username": "an.nguyen"}));
        let refused = comes(&served.browser()).await.must(409);
        assert!(refused.text.contains("Chưa gắn với cán bộ nào") && refused.text.contains("cb-2"), "the code to read to the administrator");
        // and the linked one is found without the name
        provider.is_used_by(json!({"sub": "cb-1"}));
        assert_eq!(comes(&served.browser()).await.must(200).path, "/can-bo/toi");
        // a person who left is nobody
        served.clock.set(minutes(2));
        let cx = directory::Cx::machine(minutes(2));
        served.town.db.write(async move |tx: &store::Write<'_>| directory::person_leaves(tx, &cx, person, minutes(2), "nghỉ").await).await.unwrap();
        served.clock.set(minutes(3));
        comes(&served.browser()).await.must(409);
    }

    async fn nobody_is_made_of_a_claim(place: testkit::Place) {
        let (served, provider) = town(place, true).await;
        for who in [json!({"sub": "x", "preferred_username": "khong.co"}), json!({"sub": "x"}), json!({"sub": "x", "preferred_username": "' OR 1"})] {
            provider.is_used_by(who);
            comes(&served.browser()).await.must(409);
            assert_eq!(last_line(&served).await.0, "refused");
        }
        let people: i64 = served.town.db.read(async |tx: &store::Read<'_>| tx.one(store::sql!("SELECT count(*) FROM person"), &[]).await).await.unwrap();
        assert_eq!(people, 0);
    }

    async fn the_second_factor_is_asked_here_unless_the_provider_asks_it(place: testkit::Place) {
        let (served, provider) = town(place, false).await;
        let person = officer(&served, "an.nguyen", true).await;
        provider.is_used_by(json!({"sub": "cb-1", "preferred_username": "an.nguyen"}));
        let first = served.browser();
        assert_eq!(comes(&first).await.must(200).path, "/can-bo/toi", "the own page is open");
        assert_eq!(first.get("/can-bo/toi/pin").await.path, "/can-bo/toi/ma-hai-lop", "to work, the second factor is enrolled first");
        let secret = one_time_of(&served, person).await;
        served.clock.set(minutes(1));
        let browser = served.browser();
        let asked = comes(&browser).await.must(200);
        assert!(asked.path.starts_with("/can-bo/dang-nhap/ma"));
        assert!(browser.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"), "the word of the provider alone opens nothing");
        let code = crate::sign_in_pages::one_time(&secret, minutes(1));
        let in_now = browser.post(&asked, "/can-bo/dang-nhap/ma", &[("otp", &code), ("next", "/can-bo/toi")]).await.must(200);
        assert_eq!(in_now.path, "/can-bo/toi");
        // the session knows where it came from: the provider's order ends it
        served.clock.set(minutes(2));
        let order = provider.order("1", &[("sub", json!("cb-1"))]);
        let body = format!("logout_token={order}");
        let url = format!("{}/api/v1/identity-providers/can-bo/sign-out", served.base);
        let sent = reqwest::Client::new().post(url).header("content-type", "application/x-www-form-urlencoded").body(body).send().await.unwrap();
        assert_eq!(sent.status(), 200);
        assert!(browser.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"));
        assert_eq!(last_line(&served).await.0, "ended_by_provider");
    }

    async fn an_administrator_links_by_the_code_and_takes_it_away(place: testkit::Place) {
        let (served, provider) = town(place, true).await;
        let person: PersonId = officer(&served, "an.nguyen", true).await;
        served.town.officer("quan.tri", served.town.province, Role::Administrator).await;
        provider.is_used_by(json!({"sub": "cb-quan-tri", "preferred_username": "quan.tri"}));
        let desk = served.browser();
        comes(&desk).await.must(200);
        let at = format!("/quan-tri/nguoi/{person}/danh-tinh");
        let page = desk.get(&at).await.must(200);
        assert!(page.text.contains("Chưa gắn danh tính nào"));
        let wrong = desk.post(&page, &at, &[("noi", "can-bo"), ("ma", "cb-quan-tri")]).await.must(422);
        assert!(wrong.text.contains("đang gắn với người khác"));
        let linked = desk.post(&wrong, &at, &[("noi", "can-bo"), ("ma", "cb-9")]).await.must(200);
        assert!(linked.text.contains("cb-9"));
        provider.is_used_by(json!({"sub": "cb-9"}));
        let browser = served.browser();
        assert_eq!(comes(&browser).await.must(200).path, "/can-bo/toi");
        let gone = desk.post(&linked, &format!("{at}/go"), &[("noi", provider.issuer()), ("ma", "cb-9")]).await.must(200);
        assert!(gone.text.contains("Chưa gắn danh tính nào"));
        assert!(browser.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"), "its sessions ended");
        comes(&served.browser()).await.must(409);
    }

    async fn after_a_wrong_password_the_buttons_of_providers_are_still_there(place: testkit::Place) {
        let (served, _provider) = town(place, true).await;
        officer(&served, "an.nguyen", true).await;
        let browser = served.browser();
        let first = browser.get("/can-bo/dang-nhap?next=/can-bo/toi").await.must(200);
        let way = "/can-bo/dang-nhap/qua/can-bo?next=%2Fcan-bo%2Ftoi";
        assert!(first.text.contains(way));
        let wrong = [("ten", "an.nguyen"), ("mat-khau", "sai"), ("next", "/can-bo/toi")];
        let again = browser.post(&first, "/can-bo/dang-nhap", &wrong).await.must(422);
        assert!(again.text.contains(way) && again.text.contains("Đăng nhập bằng nơi thử"));
    }

    async fn however_an_officers_session_ends_what_it_was_at_the_provider_is_forgotten(place: testkit::Place) {
        let (served, provider) = town(place, true).await;
        let person = officer(&served, "an.nguyen", true).await;
        served.town.officer("quan.tri", served.town.province, Role::Administrator).await;
        provider.is_used_by(json!({"sub": "cb-quan-tri", "preferred_username": "quan.tri"}));
        let desk = served.browser();
        let admin = comes(&desk).await.must(200);
        provider.is_used_by(json!({"sub": "cb-1", "preferred_username": "an.nguyen"}));
        let (here, there) = (served.browser(), served.browser());
        let me = comes(&here).await.must(200);
        comes(&there).await.must(200);
        assert_eq!(remembered(&served).await, 3);
        // an own new password
        here.post(&me, "/can-bo/toi/mat-khau", &[("mat-khau", PASSWORD), ("mat-khau-moi", "đò chiều rạch Tàu")]).await.must(200);
        assert_eq!(remembered(&served).await, 2, "the administrator's and the one in hand");
        assert!(there.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"));
        // the change-over
        here.post(&me, "/can-bo/doi-ca/khoa", &[]).await.must(200);
        assert_eq!(remembered(&served).await, 1);
        // a password set by the administrator
        comes(&here).await.must(200);
        assert_eq!(remembered(&served).await, 2);
        desk.post(&admin, &format!("/quan-tri/nguoi/{person}/mat-khau"), &[]).await.must(200);
        assert_eq!(remembered(&served).await, 1);
        // the person leaves
        comes(&here).await.must(200);
        assert_eq!(remembered(&served).await, 2);
        desk.post(&admin, &format!("/quan-tri/nguoi/{person}/thoi-viec"), &[("ly-do", "Nghỉ hưu")]).await.must(200);
        assert_eq!(remembered(&served).await, 1);
    }
}
