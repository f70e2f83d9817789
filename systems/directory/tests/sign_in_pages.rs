//! Signing in as a person does it: pages, forms, cookies, no script.
use base::Moment;
use directory::{Cx, PersonId, Role, end_post, hash_password, service::account, set_password};
use store::{Read, Write};
use testkit::http::{Page, Visitor};

use crate::town::{Served, minutes, noon, serve};

pub const PASSWORD: &str = "ghe xuồng ra Năm Căn";

/// An officer of the ward's desk with a password.
pub async fn officer(served: &Served, login: &'static str, keep: bool) -> PersonId {
    let person = served.town.officer(login, served.town.ward_desk, Role::DeskOfficer).await;
    let cx = Cx::machine(served.clock.now());
    let hashed = hash_password(PASSWORD, &[login], &cx.by.seed).await.unwrap();
    served.town.db.write(async move |tx: &Write<'_>| set_password(tx, &cx, person, &hashed, keep).await).await.unwrap();
    person
}

/// Fills in the sign-in form.
pub async fn sign_in(browser: &Visitor, login: &str, password: &str, next: &str) -> Page {
    let form = browser.get(&format!("/can-bo/dang-nhap?next={next}")).await.must(200);
    let next = form.hidden("next").unwrap_or_default();
    browser.post(&form, "/can-bo/dang-nhap", &[("ten", login), ("mat-khau", password), ("next", &next)]).await
}

/// A second factor enrolled for this person at this minute; its secret.
pub async fn one_time_of(served: &Served, person: PersonId) -> Vec<u8> {
    let by = store::By::new(person.0, None, served.clock.now());
    served
        .town
        .db
        .write(async move |tx: &Write<'_>| {
            let secret = account::offer_totp(tx, person.0, &by.seed).await?.unwrap();
            account::confirm_totp(tx, &by, person.0, &one_time(&secret, by.now)).await?;
            Ok::<_, directory::Error>(secret)
        })
        .await
        .unwrap()
}

/// What an authenticator shows.
pub fn one_time(secret: &[u8], at: Moment) -> String {
    totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, secret.to_vec()).unwrap().generate((at.micros() / 1_000_000) as u64)
}

testkit::both! {
    async fn an_officer_signs_in_comes_back_to_the_page_asked_for_and_signs_out(place: testkit::Place) {
        let served = serve(place, true).await;
        officer(&served, "an.nguyen", true).await;
        let browser = served.browser();
        let asked = browser.get("/can-bo/toi?x=1").await.must(200);
        assert_eq!(asked.path, "/can-bo/dang-nhap?next=%2Fcan-bo%2Ftoi%3Fx%3D1", "led to the sign-in page");
        let wrong = browser.post(&asked, "/can-bo/dang-nhap", &[("ten", "an.nguyen"), ("mat-khau", "sai"), ("next", "")]).await.must(422);
        assert!(wrong.text.contains("Tên hoặc mật khẩu chưa đúng") && wrong.text.contains("an.nguyen") && !wrong.text.contains("\"sai\""));
        let page = sign_in(&browser, "an.nguyen", PASSWORD, "/can-bo/toi?x=1").await.must(200);
        assert_eq!(page.path, "/can-bo/toi?x=1");
        assert!(page.text.contains("Đỗ Văn Thao Tác") && page.text.contains("Sai mật khẩu") && page.text.contains("Chuyên viên"));
        let out = browser.post(&page, "/can-bo/dang-xuat", &[]).await.must(200);
        assert!(out.path.starts_with("/can-bo/dang-nhap"));
        assert!(browser.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"));
    }

    async fn nobody_is_led_to_another_house_after_signing_in(place: testkit::Place) {
        let served = serve(place, true).await;
        officer(&served, "an.nguyen", true).await;
        for elsewhere in ["https://evil.example/", "//evil.example/", "/dang-nhap"] {
            let browser = served.browser();
            let page = sign_in(&browser, "an.nguyen", PASSWORD, elsewhere).await;
            assert_eq!(page.path, "/can-bo", "{elsewhere}");
        }
    }

    async fn a_form_of_another_site_is_refused(place: testkit::Place) {
        let served = serve(place, true).await;
        let browser = served.browser();
        browser.get("/can-bo/dang-nhap").await.must(200);
        let forged = Page { status: reqwest::StatusCode::OK, path: String::new(), text: String::new() };
        browser.post(&forged, "/can-bo/dang-nhap", &[("ten", "an.nguyen"), ("mat-khau", PASSWORD)]).await.must(403);
    }

    async fn whoever_got_a_password_from_an_administrator_sets_an_own_one_first(place: testkit::Place) {
        let served = serve(place, true).await;
        officer(&served, "an.nguyen", false).await;
        let browser = served.browser();
        let page = sign_in(&browser, "an.nguyen", PASSWORD, "/can-bo/toi/pin").await.must(200);
        assert_eq!(page.path, "/can-bo/toi/mat-khau");
        let weak = browser.post(&page, "/can-bo/toi/mat-khau", &[("mat-khau", PASSWORD), ("mat-khau-moi", "Matkhau@123456")]).await.must(422);
        assert!(weak.text.contains("hay bị đoán"));
        let done = browser.post(&weak, "/can-bo/toi/mat-khau", &[("mat-khau", PASSWORD), ("mat-khau-moi", "đò chiều rạch Tàu")]).await.must(200);
        assert_eq!(done.path, "/can-bo/toi");
        assert_eq!(browser.get("/can-bo/toi/pin").await.must(200).path, "/can-bo/toi/pin");
    }

    async fn outside_the_demo_the_second_factor_is_no_choice(place: testkit::Place) {
        let served = serve(place, false).await;
        let person = officer(&served, "an.nguyen", true).await;
        let browser = served.browser();
        let enrol = sign_in(&browser, "an.nguyen", PASSWORD, "/can-bo/toi/pin").await.must(200);
        assert_eq!(enrol.path, "/can-bo/toi/ma-hai-lop");
        let secret: Vec<u8> = served
            .town
            .db
            .read(async move |tx: &Read<'_>| tx.one(store::sql!("SELECT totp FROM credential WHERE subject = $1"), &[&person]).await)
            .await
            .unwrap();
        assert!(enrol.text.contains("<svg"), "a QR code is shown");
        let wrong = browser.post(&enrol, "/can-bo/toi/ma-hai-lop", &[("otp", "000000")]).await.must(422);
        let codes = browser.post(&wrong, "/can-bo/toi/ma-hai-lop", &[("otp", &one_time(&secret, noon()))]).await.must(200);
        assert_eq!(codes.text.matches("<li>").count() - codes.text.matches("<li><a").count(), 10, "ten recovery codes");
        assert_eq!(browser.get("/can-bo/toi/pin").await.must(200).path, "/can-bo/toi/pin");

        let other = served.browser();
        served.clock.set(minutes(1));
        let asked = sign_in(&other, "an.nguyen", PASSWORD, "/can-bo/toi").await.must(200);
        assert!(asked.path.starts_with("/can-bo/dang-nhap/ma?next="), "{}", asked.path);
        assert!(other.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap?"), "half way is not in");
        let asked = other.get("/can-bo/dang-nhap/ma?next=/can-bo/toi").await.must(200);
        let code = one_time(&secret, minutes(1));
        let page = other.post(&asked, "/can-bo/dang-nhap/ma", &[("otp", &code), ("next", "/can-bo/toi")]).await.must(200);
        assert_eq!(page.path, "/can-bo/toi");
    }

    async fn a_post_that_ends_ends_the_session_s_rights_and_a_person_who_left_is_out(place: testkit::Place) {
        let served = serve(place, true).await;
        let person = officer(&served, "an.nguyen", true).await;
        let browser = served.browser();
        sign_in(&browser, "an.nguyen", PASSWORD, "/can-bo/toi").await.must(200);
        let post = served.town.actor(person, noon()).await.unwrap().acting.unwrap();
        served.clock.set(minutes(1));
        let cx = Cx::machine(minutes(1));
        served.town.db.write(async move |tx: &Write<'_>| end_post(tx, &cx, post, minutes(1), "").await).await.unwrap();
        assert!(browser.get("/can-bo/toi").await.must(200).text.contains("Bạn chưa giữ chức vụ nào"));
        let cx = Cx::machine(minutes(1));
        served.town.db.write(async move |tx: &Write<'_>| directory::person_leaves(tx, &cx, person, minutes(1), "").await).await.unwrap();
        assert!(browser.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"));
    }

    async fn signing_out_everywhere_ends_the_other_sessions(place: testkit::Place) {
        let served = serve(place, true).await;
        officer(&served, "an.nguyen", true).await;
        let (here, there) = (served.browser(), served.browser());
        sign_in(&there, "an.nguyen", PASSWORD, "/can-bo/toi").await.must(200);
        let me = sign_in(&here, "an.nguyen", PASSWORD, "/can-bo/toi").await.must(200);
        here.post(&me, "/can-bo/toi/dang-xuat-moi-noi", &[]).await.must(200);
        assert_eq!(here.get("/can-bo/toi").await.path, "/can-bo/toi");
        assert!(there.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"));
    }
}
