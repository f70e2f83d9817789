//! The whole way with a real provider over real HTTP: there, back, again without typing, out on both sides, and out by the provider's order.
use directory::{
    Realm, SignInSettings,
    identity::provider::{ClaimNames, ClientAuth, Profile, Provider},
    service::identity::Addresses,
};
use serde_json::json;
use testkit::oidc::OidcProvider;

use crate::{
    hostile::save,
    identity::last_line,
    sign_in_pages::officer,
    town::{Served, serve_with},
};

const SECRET: &str = "a secret of this test only, long enough";

fn profile(realm: Realm) -> Provider {
    let claims = match realm {
        Realm::Citizen => ClaimNames { level: "IAL".into(), ..Provider::proposed()[0].profile.claims.clone() },
        Realm::Officer => ClaimNames { login: "preferred_username".into(), ..ClaimNames::default() },
    };
    let order = |all: &[&str]| all.iter().map(|l| (*l).to_owned()).collect();
    Provider {
        key: "that".into(),
        realm,
        label: "Đăng nhập bằng nơi thật".into(),
        client_id: "motcua".into(),
        active: true,
        profile: Profile {
            client_auth: ClientAuth::Basic,
            scopes: "openid profile".into(),
            userinfo: true,
            claims,
            levels: if realm == Realm::Citizen { order(&["1", "2"]) } else { vec![] },
            lowest: if realm == Realm::Citizen { "2".into() } else { String::new() },
            verified_from: if realm == Realm::Citizen { "2".into() } else { String::new() },
            sign_out_there: true,
            second_factor_there: true,
            ..Profile::default()
        },
        ..Provider::proposed()[0].clone()
    }
}

/// The town by the real clock, and the provider that knows it.
async fn town(place: testkit::Place, realm: Realm) -> Option<(Served, OidcProvider)> {
    let settings =
        SignInSettings { client_secrets: [("that".to_owned(), SECRET.to_owned())].into(), ..SignInSettings::default() };
    let served = serve_with(place, false, base::Clock::system(), settings).await;
    let mut profile = profile(realm);
    let ours = Addresses::of(&served.base, &profile);
    let clients = json!([{
        "client_id": "motcua", "client_secret": SECRET, "redirect_uris": [ours.redirect], "post_logout_redirect_uris": [ours.signed_out],
        "backchannel_logout_uri": ours.back_channel, "backchannel_logout_session_required": true,
    }]);
    let accounts = json!({
        "mau": {"IAL": "2", "SoDinhDanh": "096090000001", "HoVaTen": "Nguyễn Văn Mẫu", "LoaiTaiKhoan": "1"},
        "thap": {"IAL": "1", "SoDinhDanh": "096090000002", "HoVaTen": "Lê Thị Thấp", "LoaiTaiKhoan": "1"},
        "can-bo": {"preferred_username": "an.nguyen"},
        "la": {"preferred_username": "khong.co"},
    });
    let provider = OidcProvider::start(&clients, &accounts)?;
    profile.issuer.clone_from(&provider.issuer);
    save(&served, profile).await;
    Some((served, provider))
}

testkit::both! {
    async fn a_citizen_goes_there_and_back_and_out_on_both_sides(place: testkit::Place) {
        let Some((served, provider)) = town(place, Realm::Citizen).await else { return };
        let browser = served.browser();
        let begun = browser.get("/dang-nhap/qua/that?next=/tai-khoan").await.must(200);
        let mine = provider.sign_in(&browser, "mau", begun).await.must(200);
        assert_eq!(mine.path, "/tai-khoan");
        assert!(mine.text.contains("Nguyễn Văn Mẫu") && mine.text.contains("096090000001"));
        assert_eq!(last_line(&served).await, ("in_identity".into(), Some("2".into()), None));
        // the provider knows the browser: the second time nothing is typed
        let again = browser.get("/dang-nhap/qua/that?next=/tai-khoan").await.must(200);
        assert_eq!(again.path, "/tai-khoan");
        // out here, then out there, then back at our door
        let out = browser.post(&again, "/dang-xuat", &[]).await.must(200);
        let there = out.text.split("href=\"").find(|part| part.starts_with(&provider.issuer)).unwrap().split('"').next().unwrap().to_owned();
        let asked = browser.open(&there.replace("&amp;", "&").replace("&#38;", "&")).await.must(200);
        assert_eq!(provider.sign_out(&browser, asked).await.path, "/");
        assert!(browser.get("/tai-khoan").await.path.starts_with("/dang-nhap"));
        let begun = browser.get("/dang-nhap/qua/that?next=/tai-khoan").await.must(200);
        assert!(begun.text.contains("name=\"login\""), "the provider asks again");
    }

    async fn whoever_signs_out_at_the_provider_is_out_here(place: testkit::Place) {
        let Some((served, provider)) = town(place, Realm::Citizen).await else { return };
        let browser = served.browser();
        let begun = browser.get("/dang-nhap/qua/that?next=/tai-khoan").await.must(200);
        provider.sign_in(&browser, "mau", begun).await.must(200);
        let asked = browser.open(&format!("{}/session/end", provider.issuer)).await.must(200);
        provider.sign_out(&browser, asked).await;
        for _ in 0..100 {
            if browser.get("/tai-khoan").await.path.starts_with("/dang-nhap") {
                assert_eq!(last_line(&served).await.0, "ended_by_provider");
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("the provider's order did not end the session");
    }

    async fn a_low_level_of_a_real_provider_is_refused(place: testkit::Place) {
        let Some((served, provider)) = town(place, Realm::Citizen).await else { return };
        let browser = served.browser();
        let begun = browser.get("/dang-nhap/qua/that?next=/tai-khoan").await.must(200);
        assert!(provider.sign_in(&browser, "thap", begun).await.must(409).text.contains("Mức định danh chưa đủ"));
    }

    async fn an_officer_comes_by_the_provinces_own_directory(place: testkit::Place) {
        let Some((served, provider)) = town(place, Realm::Officer).await else { return };
        officer(&served, "an.nguyen", true).await;
        let browser = served.browser();
        assert!(browser.get("/can-bo/dang-nhap").await.must(200).text.contains("Đăng nhập bằng nơi thật"));
        let begun = browser.get("/can-bo/dang-nhap/qua/that?next=/can-bo/toi/pin").await.must(200);
        let page = provider.sign_in(&browser, "can-bo", begun).await.must(200);
        assert_eq!(page.path, "/can-bo/toi/pin", "the provider asked the second factor, so it is not asked here");
        let stranger = served.browser();
        let begun = stranger.get("/can-bo/dang-nhap/qua/that").await.must(200);
        let refused = provider.sign_in(&stranger, "la", begun).await.must(409);
        assert!(refused.text.contains("Chưa gắn với cán bộ nào"));
    }
}
