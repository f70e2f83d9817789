//! Administrators of the whole house before the page of a provider: what is typed is judged where it stands, and refusals are seen.
use directory::{Realm, Role};
use serde_json::json;
use testkit::http::Visitor;

use crate::{
    hostile::{Hostile, Tricks, person, save, town_with_provider},
    identity::comes,
    town::{Served, minutes},
};

const PAGE: &str = "/quan-tri/danh-tinh/gia";

/// The town with a provider of citizens and one of officers, by which the administrator comes.
async fn town(place: testkit::Place) -> (Served, Hostile) {
    let (served, provider) = town_with_provider(place).await;
    let mut officers = provider.profile("can-bo", Realm::Officer);
    officers.profile.second_factor_there = true;
    save(&served, officers).await;
    served.town.officer("quan.tri", served.town.province, Role::Administrator).await;
    (served, provider)
}

/// The administrator's browser; afterwards a citizen sits before the provider again.
async fn administrator(served: &Served, provider: &Hostile) -> Visitor {
    provider.does(Tricks::default());
    provider.is_used_by(json!({"sub": "cb-quan-tri", "preferred_username": "quan.tri"}));
    let desk = served.browser();
    desk.get("/can-bo/dang-nhap/qua/can-bo?next=/can-bo/toi").await.must(200);
    provider.is_used_by(person("096090000001"));
    desk
}

testkit::both! {
    async fn a_number_that_cannot_be_read_is_refused_beside_its_field_and_all_that_was_typed_is_kept(place: testkit::Place) {
        let (served, provider) = town(place).await;
        let desk = administrator(&served, &provider).await;
        let page = desk.get(PAGE).await.must(200);
        let typed = |number: &'static str| [("nhan", "Chữ mới trên nút"), ("scope", "openid"), ("thu-tu", number)];
        for number in ["mười", "1,5", "", "99999999999999999999"] {
            let faulty = desk.post(&page, PAGE, &typed(number)).await.must(422);
            assert!(faulty.text.contains("Không đọc được số này") && faulty.text.contains("Chữ mới trên nút"), "{number:?}");
            assert_eq!(faulty.hidden("thu-tu").as_deref(), Some(number));
        }
        assert!(!desk.get(PAGE).await.must(200).text.contains("Chữ mới trên nút"), "nothing was saved");
        let kept = desk.post(&page, PAGE, &typed("7")).await.must(200);
        assert_eq!(kept.hidden("thu-tu").as_deref(), Some("7"));
    }

    async fn the_page_of_a_provider_shows_its_last_twenty_refusals_the_latest_first(place: testkit::Place) {
        let (served, provider) = town(place).await;
        let desk = administrator(&served, &provider).await;
        assert!(!desk.get(PAGE).await.must(200).text.contains("id=\"tu-choi\""));
        provider.does(Tricks { claims: vec![("nonce", json!("khac"))], ..Tricks::default() });
        comes(&served.browser(), "gia").await.must(409);
        provider.does(Tricks { error: Some("access_denied"), ..Tricks::default() });
        for minute in 1..20 {
            served.clock.set(minutes(minute));
            comes(&served.browser(), "gia").await.must(409);
        }
        let page = desk.get(PAGE).await.must(200).text;
        assert!(page.contains("Không xác minh được câu trả lời") && page.contains("Người dùng hủy, hoặc nơi xác thực không đồng ý"));
        assert_eq!(page.matches("declined").count(), 19);
        assert!(page.find("declined") < page.find("untrusted: nonce"), "the latest first");
        served.clock.set(minutes(20));
        comes(&served.browser(), "gia").await.must(409);
        let page = desk.get(PAGE).await.must(200).text;
        assert_eq!(page.matches("declined").count(), 20);
        assert!(!page.contains("untrusted: nonce"), "twenty are shown");
        assert!(!desk.get("/quan-tri/danh-tinh/can-bo").await.must(200).text.contains("declined"), "another provider's");
        served.clock.set(minutes(31 * 24 * 60));
        let desk = administrator(&served, &provider).await;
        assert!(!desk.get(PAGE).await.must(200).text.contains("declined"), "long ago");
    }
}
