//! Citizens and organisations come by a provider of identities: accounts, levels, joining, signing out.
use directory::{CitizenAccountId, Realm};
use serde_json::json;
use store::Read;
use testkit::http::{Page, Visitor};

use crate::{
    hostile::{Tricks, person, save, town_with_provider},
    town::{Served, minutes},
};

/// Comes by a provider; the whole way there and back is one redirect after the other.
pub async fn comes(browser: &Visitor, key: &str) -> Page {
    browser.get(&format!("/dang-nhap/qua/{key}?next=/tai-khoan")).await
}

/// Accounts of the house: kind, name, number, whether a provider answers for it.
async fn accounts(served: &Served) -> Vec<(String, String, Option<String>, bool)> {
    served
        .town
        .db
        .read(async |tx: &Read<'_>| {
            tx.all(
                store::sql!("SELECT kind, name, citizen_id, verified_at IS NOT NULL FROM citizen_account ORDER BY registered_at, kind DESC"),
                &[],
            )
            .await
        })
        .await
        .unwrap()
}

/// The last line of the history: outcome, level, reason.
pub async fn last_line(served: &Served) -> (String, Option<String>, Option<String>) {
    served
        .town
        .db
        .read(async |tx: &Read<'_>| {
            tx.one(store::sql!("SELECT outcome, level, detail FROM sign_in ORDER BY at DESC, id DESC LIMIT 1"), &[]).await
        })
        .await
        .unwrap()
}

/// How many sessions of ours are remembered as sessions of a provider.
pub async fn remembered(served: &Served) -> i64 {
    served
        .town
        .db
        .read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT count(*) FROM identity_session"), &[]).await)
        .await
        .unwrap()
}

testkit::both! {
    async fn whoever_comes_by_a_provider_has_an_account_and_finds_it_again(place: testkit::Place) {
        let (served, _provider) = town_with_provider(place).await;
        let browser = served.browser();
        let page = browser.get("/dang-nhap?next=/tai-khoan").await.must(200);
        assert!(page.text.contains("/dang-nhap/qua/gia?next=%2Ftai-khoan") && page.text.contains("Đăng nhập bằng nơi thử"));
        assert!(!page.text.contains("name=\"mat-khau\""), "no local account outside the demo");
        let mine = comes(&browser, "gia").await.must(200);
        assert_eq!(mine.path, "/tai-khoan");
        assert!(mine.text.contains("Nguyễn Văn Mẫu") && mine.text.contains("096090000001") && mine.text.contains("Đã vào bằng danh tính"));
        assert!(mine.text.contains("Số định danh đã được nơi xác thực xác nhận"), "the level stands on the page");
        served.clock.set(minutes(1));
        comes(&served.browser(), "gia").await.must(200);
        assert_eq!(accounts(&served).await.len(), 1, "the same person");
        assert_eq!(last_line(&served).await, ("in_identity".into(), Some("2".into()), None));
    }

    async fn two_identities_of_one_verified_number_are_one_person(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        comes(&served.browser(), "gia").await.must(200);
        served.clock.set(minutes(1));
        // the same person at another provider: another subject, the same number, answered for
        let other = crate::hostile::Hostile::start(served.clock.clone()).await;
        save(&served, other.profile("gia-2", Realm::Citizen)).await;
        other.is_used_by(json!({"sub": "khac", "IAL": "2", "SoDinhDanh": "096090000001", "HoVaTen": "Nguyễn Văn Mẫu", "LoaiTaiKhoan": "1"}));
        let page = comes(&served.browser(), "gia-2").await.must(200);
        assert!(page.text.contains(">gia<") && page.text.contains(">gia-2<"), "both are shown");
        assert_eq!(accounts(&served).await.len(), 1);
        // the same number without the level, or only the same telephone: another account
        other.is_used_by(json!({"sub": "la", "IAL": "1", "SoDinhDanh": "096090000001", "SoDienThoai": "0900000001", "HoVaTen": "Ai Đó"}));
        comes(&served.browser(), "gia-2").await.must(200);
        assert_eq!(accounts(&served).await.len(), 2, "an unsure number joins nothing");
        // another person under the identity of the first: nobody sees the other's papers
        served.clock.set(minutes(2));
        provider.is_used_by(person("096090000002"));
        comes(&served.browser(), "gia").await.must(409);
        let (outcome, _, why) = last_line(&served).await;
        assert_eq!((outcome.as_str(), why.as_deref()), ("refused", Some("untrusted: number of the identity changed")));
    }

    async fn a_number_typed_by_somebody_joins_nothing(place: testkit::Place) {
        let (served, _provider) = town_with_provider(place).await;
        let by = store::By::system(served.clock.now());
        let hashed = directory::hash_password("đò chiều rạch Tàu", &[], &by.seed).await.unwrap();
        let typed = directory::NewCitizen { login: "ke.gian".into(), name: "Kẻ Gian".into(), citizen_id: Some("096090000001".into()), ..Default::default() };
        let stranger: CitizenAccountId = served.town.db.write(async move |tx: &store::Write<'_>| directory::register(tx, &by, &typed, &hashed).await).await.unwrap();
        let page = comes(&served.browser(), "gia").await.must(200);
        assert!(page.text.contains("Nguyễn Văn Mẫu") && !page.text.contains("Kẻ Gian"), "{stranger}");
        assert_eq!(accounts(&served).await.len(), 2);
    }

    async fn a_level_too_low_is_told_with_what_to_do(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let mut profile = provider.profile("gia", Realm::Citizen);
        profile.profile.lowest = "2".into();
        save(&served, profile).await;
        provider.does(Tricks { claims: vec![("IAL", json!("1"))], ..Tricks::default() });
        let page = comes(&served.browser(), "gia").await.must(409);
        assert!(page.text.contains("Mức định danh chưa đủ") && page.text.contains("“1”") && page.text.contains("“2”") && page.text.contains("thẻ căn cước"));
        assert_eq!(last_line(&served).await.1.as_deref(), Some("1"));
        assert!(accounts(&served).await.is_empty());
    }

    async fn an_organisation_is_acted_for_by_its_representative_and_the_log_names_the_person(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        provider.is_used_by(json!({
            "sub": "to-chuc-1", "IAL": "2", "LoaiTaiKhoan": "2", "MaSoThue": "0100109106", "TenDoanhNghiep": "Công ty Mẫu",
            "SoDinhDanh": "096090000001", "HoVaTen": "Nguyễn Văn Mẫu",
        }));
        let page = comes(&served.browser(), "gia").await.must(200);
        assert!(page.text.contains("Công ty Mẫu") && page.text.contains("0100109106") && page.text.contains("Ai đã vào thay tổ chức này"));
        assert_eq!(accounts(&served).await, [
            ("person".to_owned(), "Nguyễn Văn Mẫu".to_owned(), Some("096090000001".to_owned()), true),
            ("organisation".to_owned(), "Công ty Mẫu".to_owned(), None, false),
        ]);
        // the same person for themselves: the account of the representative, who sees for whom they came
        provider.is_used_by(person("096090000001"));
        served.clock.set(minutes(1));
        let own = comes(&served.browser(), "gia").await.must(200);
        assert!(own.text.contains("Tổ chức bạn đã vào thay") && own.text.contains("Công ty Mẫu (0100109106)"));
        assert_eq!(accounts(&served).await.len(), 2);
        // without a sure representative there is no organisation
        provider.is_used_by(json!({"sub": "to-chuc-2", "IAL": "2", "LoaiTaiKhoan": "2", "MaSoThue": "0100109106", "TenDoanhNghiep": "Công ty Mẫu"}));
        let refused = comes(&served.browser(), "gia").await.must(409);
        assert!(refused.text.contains("người đại diện theo pháp luật"));
    }

    async fn signing_out_leads_to_the_provider_too(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let browser = served.browser();
        let mine = comes(&browser, "gia").await.must(200);
        let out = browser.post(&mine, "/dang-xuat", &[]).await.must(200);
        assert!(out.text.contains("Đã đăng xuất ở đây"));
        let there = out.text.split("href=\"").find(|part| part.starts_with(provider.issuer())).unwrap();
        let there = there.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&");
        for part in ["client_id=motcua", "id_token_hint=ey", "post_logout_redirect_uri=", "%2Fdang-nhap%2Fqua%2Fgia%2Fda-thoat"] {
            assert!(there.contains(part), "{there}");
        }
        assert!(browser.get("/tai-khoan").await.path.starts_with("/dang-nhap"));
        assert_eq!(browser.get("/dang-nhap/qua/gia/da-thoat").await.path, "/");
    }

    async fn the_page_about_the_user_adds_what_the_token_does_not_say(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let mut profile = provider.profile("gia", Realm::Citizen);
        profile.profile.userinfo = true;
        save(&served, profile).await;
        assert!(comes(&served.browser(), "gia").await.must(200).text.contains("0900000009"));
    }

    async fn a_person_who_signs_out_everywhere_leaves_every_other_browser(place: testkit::Place) {
        let (served, _provider) = town_with_provider(place).await;
        let (here, there) = (served.browser(), served.browser());
        comes(&there, "gia").await.must(200);
        let mine = comes(&here, "gia").await.must(200);
        here.post(&mine, "/tai-khoan/dang-xuat-moi-noi", &[]).await.must(200);
        assert_eq!(here.get("/tai-khoan").await.path, "/tai-khoan");
        assert!(there.get("/tai-khoan").await.path.starts_with("/dang-nhap"));
    }

    async fn what_a_session_was_at_the_provider_is_forgotten_when_it_ends(place: testkit::Place) {
        let (served, _provider) = town_with_provider(place).await;
        let (here, there) = (served.browser(), served.browser());
        comes(&there, "gia").await.must(200);
        let mine = comes(&here, "gia").await.must(200);
        assert_eq!(remembered(&served).await, 2);
        here.post(&mine, "/tai-khoan/dang-xuat-moi-noi", &[]).await.must(200);
        assert_eq!(remembered(&served).await, 1, "the other browser's is forgotten");
        comes(&here, "gia").await.must(200);
        assert_eq!(remembered(&served).await, 1, "a new session in the same browser takes the place of the old one");
        served.clock.set(minutes(12 * 60 + 1));
        comes(&there, "gia").await.must(200);
        assert_eq!(remembered(&served).await, 1, "the time of the old one is over");
    }
}
