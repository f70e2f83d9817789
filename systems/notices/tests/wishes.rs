//! People are written to in their language, and only if they want to be.
use base::{Clock, Lang};
use directory::{NewCitizen, hash_password, register};
use notices::template::{Said, Template, Text};
use notices::{Notice, State, Wishes, set_wishes, tell, wishes};
use serde_json::{Value, json};
use store::{By, Db, Read, Write};
use testkit::http::Visitor;

use crate::delivery::{TO, database, notice};
use crate::served::PASSWORD;

/// What the law says must be told.
static MUST: Template = Template {
    code: "test.must",
    title: "Khi cần bổ sung giấy tờ",
    must: true,
    fields: &[("due", "17:00 thứ Hai, 23/11/2026")],
    vi: Text::new("Cần bổ sung", "Gửi trước {due}."),
    en: Text::new("Papers needed", "Send them before {due}."),
};
notices::templates!(&[&MUST]);

fn must() -> Notice {
    let due = Said::of(|lang| lang.pick("thứ Hai", "Monday").to_owned());
    Notice { template: &MUST, fields: vec![("due", due)], ..notice(Some("a@example.test")) }
}

async fn told(db: &Db, notice: Notice) {
    let by = By::system(Clock::system().now());
    db.write(async move |tx: &Write<'_>| tell(tx, &by, &notice).await).await.unwrap();
}

async fn chosen(db: &Db, wishes: Wishes) {
    db.write(async move |tx: &Write<'_>| set_wishes(tx, TO, wishes, Clock::system().now()).await).await.unwrap();
}

/// Subject, body, language and state of every message, by template.
async fn kept(db: &Db) -> Vec<(String, String, String, State)> {
    let q = store::sql!("SELECT subject, body, lang, state FROM notices_message ORDER BY template, created_at");
    db.read(async move |tx: &Read<'_>| tx.all(q, &[]).await).await.unwrap()
}

#[test]
fn nothing_is_learned_from_those_who_speak_the_language_of_the_house() {
    assert_eq!(Wishes::learned(None), (Wishes::default(), false));
    assert_eq!(Wishes::learned(Some(Lang::Vi)), (Wishes::default(), false));
    assert_eq!(Wishes::learned(Some(Lang::En)), (Wishes { lang: Lang::En, email: true }, true));
}

testkit::both! {
    async fn a_message_leaves_in_the_language_its_recipient_chose_with_every_value_in_it(place: testkit::Place) {
        let (db, _place) = database(&place).await;
        told(&db, must()).await;
        chosen(&db, Wishes { lang: Lang::En, ..Wishes::default() }).await;
        told(&db, notice(Some("a@example.test"))).await;
        told(&db, must()).await;
        let kept = kept(&db).await;
        let said: Vec<(&str, &str)> = kept.iter().map(|(subject, _, lang, _)| (lang.as_str(), subject.as_str())).collect();
        assert_eq!(said, [("en", "Dossier H12.201-261123-0007 was accepted"), ("vi", "Cần bổ sung"), ("en", "Papers needed")]);
        assert_eq!([kept[1].1.as_str(), kept[2].1.as_str()], ["Gửi trước thứ Hai.", "Send them before Monday."]);
    }

    async fn whoever_filed_in_english_is_written_to_in_english_until_they_choose(place: testkit::Place) {
        let (db, _place) = database(&place).await;
        let spoken = |lang| Notice { spoken: lang, ..notice(Some("a@example.test")) };
        told(&db, spoken(Some(Lang::En))).await;
        // later an officer acts, who speaks Vietnamese
        told(&db, spoken(None)).await;
        assert!(kept(&db).await.iter().all(|(_, _, lang, _)| lang == "en"));
        chosen(&db, Wishes::default()).await;
        told(&db, spoken(Some(Lang::En))).await;
        assert_eq!(kept(&db).await[2].2, "vi", "a choice is not overruled");
    }

    async fn to_whoever_wants_no_mail_only_what_must_be_told_is_sent(place: testkit::Place) {
        let (db, _place) = database(&place).await;
        chosen(&db, Wishes { email: false, lang: Lang::Vi }).await;
        told(&db, notice(Some("a@example.test"))).await;
        told(&db, must()).await;
        told(&db, notice(None)).await;
        let states: Vec<State> = kept(&db).await.into_iter().map(|(.., state)| state).collect();
        assert_eq!(states, [State::Unwanted, State::NoAddress, State::Queued]);
        let jobs: i64 = db.read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT count(*) FROM store_job"), &[]).await).await.unwrap();
        assert_eq!(jobs, 1);
    }

    async fn a_citizen_chooses_on_a_plain_page_and_a_program_for_them(place: testkit::Place) {
        let (db, _place) = database(&place).await;
        let (base, account, _folder) = serve(&db).await;
        let browser = Visitor::of(&base);
        let page = browser.get("/tai-khoan/thu-bao").await;
        assert!(page.path.starts_with("/dang-nhap"), "only the person: {}", page.path);
        browser.post(&page, "/dang-nhap", &[("ten", "an.nguyen"), ("mat-khau", PASSWORD)]).await;
        let home = browser.get("/tai-khoan").await.must(200);
        assert!(home.text.contains("href=\"/tai-khoan/thu-bao\""));
        let page = browser.get("/tai-khoan/thu-bao").await.must(200);
        let wrong = browser.post(&page, "/tai-khoan/thu-bao", &[("ngon_ngu", "fr")]).await.must(422);
        assert_eq!(wrong.text.matches("Chọn một trong hai.").count(), 4, "beside each field and above them: {}", wrong.text);
        let kept = async || db.read(async move |tx: &Read<'_>| wishes(tx, account).await).await.unwrap();
        assert_eq!(kept().await, Wishes::default());
        let saved = browser.post(&wrong, "/tai-khoan/thu-bao", &[("ngon_ngu", "en"), ("thu", "khong")]).await.must(200);
        assert!(saved.text.contains("Thư gửi từ bây giờ theo lựa chọn này."));
        assert_eq!(kept().await, Wishes { email: false, lang: Lang::En });

        let client = reqwest::Client::new();
        let given = json!({"realm": "citizen", "login": "an.nguyen", "password": PASSWORD});
        let signed: Value = client.post(format!("{base}/api/v1/sign-in")).json(&given).send().await.unwrap().json().await.unwrap();
        let here = format!("{base}/api/v1/notice-wishes");
        let token = signed["token"].as_str().unwrap();
        let read: Value = client.get(&here).bearer_auth(token).send().await.unwrap().json().await.unwrap();
        assert_eq!(read, json!({"email": false, "language": "en"}));
        let set = client.put(&here).bearer_auth(token).header("idempotency-key", "1").json(&json!({"email": true, "language": "vi"}));
        assert_eq!(set.send().await.unwrap().status(), 204);
        assert_eq!(kept().await, Wishes::default());
    }
}

/// A citizen with an account, behind a port.
async fn serve(db: &Db) -> (String, uuid::Uuid, tempfile::TempDir) {
    let clock = Clock::system();
    let by = By::system(clock.now());
    let hashed = hash_password(PASSWORD, &[], &by.seed).await.unwrap();
    let new = NewCitizen { login: "an.nguyen".into(), name: "Nguyễn Văn Mẫu".into(), ..NewCitizen::default() };
    let account = db.write(async move |tx: &Write<'_>| register(tx, &by, &new, &hashed).await).await.unwrap();
    let (base, folder) = crate::served::house(db, clock).await;
    (base, account.0, folder)
}
