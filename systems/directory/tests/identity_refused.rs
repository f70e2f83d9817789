//! Answers of a provider that lets nobody in: one test for each way an answer can be wrong. Each says what happened and what to do, leaves a
//! line with the reason, opens no session and no account.
use directory::{
    Realm, SignInSettings,
    identity::{Refused, client::Providers},
};
use serde_json::{Value, json};
use store::Read;
use testkit::http::Visitor;

use crate::{
    hostile::{Hostile, Sign, Tokens, Tricks, save, town_with_provider},
    identity::{comes, last_line},
    town::{Served, minutes, noon},
};

/// Nobody is signed in and no account was opened.
async fn nobody_came(served: &Served, browser: &Visitor) {
    assert!(browser.get("/tai-khoan").await.path.starts_with("/dang-nhap"), "somebody is signed in");
    let made: i64 = served
        .town
        .db
        .read(async |tx: &Read<'_>| {
            tx.one(store::sql!("SELECT (SELECT count(*) FROM citizen_account) + (SELECT count(*) FROM identity)"), &[]).await
        })
        .await
        .unwrap();
    assert_eq!(made, 0, "an account was opened");
}

/// The provider does this wrong: the answer is refused for this reason.
async fn refused(place: testkit::Place, tricks: Tricks, status: u16, why: &str) {
    let (served, provider) = town_with_provider(place).await;
    provider.does(tricks);
    let browser = served.browser();
    let page = comes(&browser, "gia").await.must(status);
    assert!(page.text.contains("mã lỗi") && page.text.contains("/dang-nhap"), "the page says what to do");
    let (outcome, _, detail) = last_line(&served).await;
    assert_eq!((outcome.as_str(), detail.as_deref()), ("refused", Some(why)));
    nobody_came(&served, &browser).await;
    // the provider comes to its senses: the same browser gets in
    provider.does(Tricks::default());
    assert_eq!(comes(&browser, "gia").await.must(200).path, "/tai-khoan");
}

fn claim(name: &'static str, value: Value) -> Tricks {
    Tricks { claims: vec![(name, value)], ..Tricks::default() }
}

fn at(seconds: i64) -> Value {
    json!(noon().micros() / 1_000_000 + seconds)
}

testkit::both! {
    async fn wrong_nonce(place: testkit::Place) {
        refused(place, claim("nonce", json!("khac")), 409, "untrusted: nonce").await;
    }

    async fn no_nonce(place: testkit::Place) {
        refused(place, claim("nonce", Value::Null), 409, "untrusted: nonce").await;
    }

    async fn another_audience(place: testkit::Place) {
        refused(place, claim("aud", json!("khac")), 409, "untrusted: audience").await;
    }

    async fn an_extra_audience_without_an_authorized_party(place: testkit::Place) {
        refused(place, claim("aud", json!(["motcua", "khac"])), 409, "untrusted: authorized party").await;
    }

    async fn another_authorized_party(place: testkit::Place) {
        refused(place, claim("azp", json!("khac")), 409, "untrusted: authorized party").await;
    }

    async fn expired(place: testkit::Place) {
        refused(place, claim("exp", at(-61)), 409, "untrusted: expiry").await;
    }

    async fn issued_in_the_future(place: testkit::Place) {
        refused(place, claim("iat", at(120)), 409, "untrusted: time of issue").await;
    }

    async fn issued_long_ago(place: testkit::Place) {
        refused(place, claim("iat", at(-3600)), 409, "untrusted: time of issue").await;
    }

    async fn a_token_of_another_issuer(place: testkit::Place) {
        refused(place, claim("iss", json!("https://khac.example")), 409, "untrusted: issuer").await;
    }

    async fn no_subject(place: testkit::Place) {
        refused(place, claim("sub", Value::Null), 409, "untrusted: subject").await;
    }

    async fn an_access_token_of_somebody_else(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let mut profile = provider.profile("gia", Realm::Citizen);
        profile.profile.userinfo = true;
        save(&served, profile).await;
        provider.does(claim("at_hash", json!("AAAAAAAAAAAAAAAAAAAAAA")));
        comes(&served.browser(), "gia").await.must(409);
        assert_eq!(last_line(&served).await.2.as_deref(), Some("untrusted: access token"));
    }

    async fn a_page_about_another_user(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let mut profile = provider.profile("gia", Realm::Citizen);
        profile.profile.userinfo = true;
        save(&served, profile).await;
        provider.does(Tricks { userinfo_sub: Some("nguoi-2"), ..Tricks::default() });
        let browser = served.browser();
        comes(&browser, "gia").await.must(409);
        assert_eq!(last_line(&served).await.2.as_deref(), Some("untrusted: user of the page"));
        nobody_came(&served, &browser).await;
    }

    async fn an_unsigned_token(place: testkit::Place) {
        refused(place, Tricks { sign: Sign::None, ..Tricks::default() }, 409, "untrusted: header").await;
    }

    async fn a_shared_secret_made_of_the_public_key(place: testkit::Place) {
        refused(place, Tricks { sign: Sign::SecretOfPublicKey, ..Tricks::default() }, 409, "untrusted: algorithm").await;
    }

    async fn the_key_of_another_under_the_right_name(place: testkit::Place) {
        refused(place, Tricks { sign: Sign::By(1, "k1"), ..Tricks::default() }, 409, "untrusted: signature").await;
    }

    async fn a_key_nobody_published(place: testkit::Place) {
        refused(place, Tricks { sign: Sign::By(2, "k9"), ..Tricks::default() }, 409, "untrusted: key").await;
    }

    async fn another_house_answers_the_question(place: testkit::Place) {
        refused(place, Tricks { answer_iss: Some("https://khac.example"), ..Tricks::default() }, 409, "untrusted: issuer of the answer").await;
    }

    async fn nobody_signs_the_answer_though_the_provider_always_does(place: testkit::Place) {
        refused(place, Tricks { answer_iss: Some(""), ..Tricks::default() }, 409, "untrusted: issuer of the answer").await;
    }

    async fn the_person_says_no(place: testkit::Place) {
        refused(place, Tricks { error: Some("access_denied"), ..Tricks::default() }, 409, "declined").await;
    }

    async fn the_provider_says_it_is_in_trouble(place: testkit::Place) {
        refused(place, Tricks { error: Some("server_error"), ..Tricks::default() }, 503, "away: the provider answered server_error").await;
    }

    async fn the_provider_is_slow(place: testkit::Place) {
        refused(place, Tricks { tokens: Tokens::Slow, ..Tricks::default() }, 503, "away: no answer in time").await;
    }

    async fn a_provider_that_cannot_be_reached_is_told_with_what_to_do(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        provider.does(Tricks { is_silent: true, ..Tricks::default() });
        let page = comes(&served.browser(), "gia").await.must(503);
        for said in ["“Đăng nhập bằng nơi thử” chưa trả lời", "Chưa có gì thay đổi", "mật khẩu nếu bạn có", "thử lại sau ít phút", "href=\"/dang-nhap\""] {
            assert!(page.text.contains(said), "{said}");
        }
    }

    async fn the_provider_is_broken(place: testkit::Place) {
        refused(place, Tricks { tokens: Tokens::Broken, ..Tricks::default() }, 503, "away: answered 500 Internal Server Error").await;
    }

    async fn the_provider_answers_with_a_page_for_people(place: testkit::Place) {
        let why = "away: answered no such JSON: expected value at line 1 column 1";
        refused(place, Tricks { tokens: Tokens::Html, ..Tricks::default() }, 503, why).await;
    }

    async fn the_provider_forgets_the_id_token(place: testkit::Place) {
        let why = "away: answered no such JSON: missing field `id_token` at line 1 column 20";
        refused(place, Tricks { tokens: Tokens::Empty, ..Tricks::default() }, 503, why).await;
    }

    async fn the_provider_never_stops_answering(place: testkit::Place) {
        refused(place, Tricks { tokens: Tokens::Endless, ..Tricks::default() }, 503, "away: too much was answered").await;
    }

    async fn a_state_nobody_gave_out(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        provider.does(Tricks { state: Some("bia-ra".into()), ..Tricks::default() });
        let browser = served.browser();
        let page = comes(&browser, "gia").await.must(409);
        assert!(page.text.contains("Trang đăng nhập đã cũ"));
        nobody_came(&served, &browser).await;
    }

    async fn the_same_answer_twice(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let (browser, answer) = answer_for(&served, &provider).await;
        assert_eq!(browser.get(&answer).await.must(200).path, "/tai-khoan");
        assert!(browser.get(&answer).await.must(409).text.contains("Trang đăng nhập đã cũ"));
    }

    async fn a_code_that_was_used_before(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let (first, answer) = answer_for(&served, &provider).await;
        first.get(&answer).await.must(200);
        // a new question, answered with the old code
        let (second, fresh) = answer_for(&served, &provider).await;
        let code = |text: &str| text.split("code=").nth(1).unwrap().to_owned();
        let spliced = fresh.replace(&format!("code={}", code(&fresh)), &format!("code={}", code(&answer)));
        second.get(&spliced).await.must(409);
        assert!(second.get("/tai-khoan").await.path.starts_with("/dang-nhap"));
    }

    async fn the_answer_to_another_browser(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let (owner, answer) = answer_for(&served, &provider).await;
        let other = served.browser();
        other.get("/dang-nhap").await.must(200);
        let page = other.get(&answer).await.must(409);
        assert!(page.text.contains("trình duyệt khác"));
        nobody_came(&served, &other).await;
        assert_eq!(owner.get(&answer).await.must(200).path, "/tai-khoan", "and it was not used up");
    }

    async fn the_answer_to_a_question_asked_of_another_provider(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let second = Hostile::start(served.clock.clone()).await;
        save(&served, second.profile("gia-2", Realm::Citizen)).await;
        let (browser, answer) = answer_for(&served, &provider).await;
        browser.get(&answer.replace("/qua/gia/", "/qua/gia-2/")).await.must(409);
        nobody_came(&served, &browser).await;
    }

    async fn an_answer_after_ten_minutes(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let (browser, answer) = answer_for(&served, &provider).await;
        served.clock.set(minutes(11));
        browser.get(&answer).await.must(409);
        nobody_came(&served, &browser).await;
    }

    async fn nobody_is_led_elsewhere_afterwards(place: testkit::Place) {
        let (served, _provider) = town_with_provider(place).await;
        for next in ["https://khac.example/", "//khac.example", "/\\khac.example", "/can-bo", "javascript:alert(1)"] {
            let page = served.browser().get(&format!("/dang-nhap/qua/gia?next={next}")).await;
            assert_eq!(page.path, "/", "{next}");
        }
    }

    async fn another_house_cannot_begin_it(place: testkit::Place) {
        let (served, _provider) = town_with_provider(place).await;
        let browser = served.browser();
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-purpose", "prefetch;prerender")] {
            let answer = browser.client().get(browser.url("/dang-nhap/qua/gia")).header(name, value).send().await.unwrap();
            assert_eq!(answer.url().path(), "/dang-nhap", "{name}");
        }
        nobody_came(&served, &browser).await;
    }

    async fn a_provider_that_calls_itself_otherwise(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        provider.does(Tricks { calls_itself: Some("https://khac.example"), ..Tricks::default() });
        let page = comes(&served.browser(), "gia").await.must(409);
        assert!(page.text.contains("chưa được cấu hình xong"));
    }

    async fn a_new_key_is_read_and_an_old_one_is_gone_with_it(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        comes(&served.browser(), "gia").await.must(200);
        assert_eq!(provider.times_asked_for_keys(), 1);
        served.clock.set(minutes(2));
        let rotated = Tricks { sign: Sign::By(1, "k2"), published: Some(vec![(1, "k2")]), ..Tricks::default() };
        provider.does(rotated.clone());
        comes(&served.browser(), "gia").await.must(200);
        assert_eq!(provider.times_asked_for_keys(), 2, "an unknown name is a reason to ask again");
        served.clock.set(base::Moment::from_micros(minutes(2).micros() + 1_000_000));
        provider.does(Tricks { sign: Sign::Well, ..rotated.clone() });
        comes(&served.browser(), "gia").await.must(409);
        assert_eq!(last_line(&served).await.2.as_deref(), Some("untrusted: key"), "the old key is no key");
        for n in 0..5 {
            provider.does(Tricks { sign: Sign::By(2, ["a", "b", "c", "d", "e"][n]), ..rotated.clone() });
            comes(&served.browser(), "gia").await.must(409);
        }
        assert_eq!(provider.times_asked_for_keys(), 2, "whatever names come, keys are asked for once a minute");
    }

    async fn what_a_provider_tells_about_itself_is_asked_again_after_an_hour(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        comes(&served.browser(), "gia").await.must(200);
        provider.does(Tricks { calls_itself: Some("https://khac.example"), ..Tricks::default() });
        served.clock.set(minutes(59));
        assert_eq!(comes(&served.browser(), "gia").await.must(200).path, "/tai-khoan", "kept for an hour");
        served.clock.set(minutes(61));
        comes(&served.browser(), "gia").await.must(409);
    }

    async fn a_provider_that_is_silent_about_itself_is_still_known_for_a_day(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        comes(&served.browser(), "gia").await.must(200);
        provider.does(Tricks { is_silent: true, ..Tricks::default() });
        served.clock.set(minutes(61));
        assert_eq!(comes(&served.browser(), "gia").await.must(200).path, "/tai-khoan");
        served.clock.set(minutes(24 * 60 + 1));
        comes(&served.browser(), "gia").await.must(503);
    }

    async fn a_way_that_is_switched_off_leads_to_the_others(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let (browser, answer) = answer_for(&served, &provider).await;
        let mut profile = provider.profile("gia", Realm::Citizen);
        profile.active = false;
        save(&served, profile).await;
        assert!(comes(&served.browser(), "gia").await.must(200).text.contains("đang tắt"));
        browser.get(&answer).await.must(409);
        browser.get("/dang-nhap/qua/khong-co").await.must(404);
        browser.get("/can-bo/dang-nhap/qua/gia").await.must(404);
        nobody_came(&served, &browser).await;
    }

    async fn without_its_secret_nothing_is_sent(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        save(&served, provider.profile("khong-khoa", Realm::Citizen)).await;
        comes(&served.browser(), "khong-khoa").await.must(409);
        assert_eq!(last_line(&served).await.2.as_deref(), Some("settings: no secret for khong-khoa"));
    }
}

#[test]
fn nothing_is_asked_of_a_provider_whose_line_nobody_here_vouches_for() {
    testkit::run(async {
        let tsa = testkit::tsa::Tsa::new();
        let server = tsa.speaks_tls();
        let said = async |ca_file| {
            let providers = Providers::new(SignInSettings { ca_file, ..SignInSettings::default() });
            match providers.metadata(&format!("https://localhost:{}", server.port), noon()).await {
                Err(Refused::Away(why)) => why,
                other => panic!("{other:?}"),
            }
        };
        let stranger = said(None).await;
        assert!(stranger.contains("certificate"), "{stranger}");
        // with the authority of its line it is spoken to, and makes no sense
        let known = said(Some(tsa.path("root.pem"))).await;
        assert!(!known.contains("certificate"), "{known}");
    });
}

/// A browser that asked, and the address of the provider's answer, not opened yet.
async fn answer_for(served: &Served, provider: &Hostile) -> (Visitor, String) {
    let browser = Visitor::without_redirects(&served.base);
    let led = browser.client().get(browser.url("/dang-nhap/qua/gia?next=/tai-khoan")).send().await.unwrap();
    let there = led.headers()["location"].to_str().unwrap().to_owned();
    assert!(there.starts_with(provider.issuer()));
    let back = browser.client().get(&there).send().await.unwrap();
    let answer = back.headers()["location"].to_str().unwrap().strip_prefix(&served.base).unwrap().to_owned();
    (browser.with_redirects(), answer)
}
