//! Queue, retries, delivery state, against a real SMTP server.
use std::time::Duration;

use base::{Clock, Moment};
use notices::{
    Mail, Notice, State, Tls, tell,
    template::{Template, Text},
    told_about,
};
use store::{By, Crew, Db, Read, Write};
use testkit::mail::MailServer;
use uuid::Uuid;

pub static ACCEPTED: Template = Template {
    code: "test.accepted",
    title: "Khi hồ sơ được tiếp nhận",
    must: false,
    fields: &[("code", "H12.201-261123-0001"), ("name", "Nguyễn Văn Mẫu")],
    vi: Text::new("Hồ sơ {code} đã được tiếp nhận", "Chào {name},\n\nHồ sơ {code} đã được tiếp nhận."),
    en: Text::new("Dossier {code} was accepted", "Dear {name},\n\nDossier {code} was accepted."),
};
notices::templates!(&[&ACCEPTED]);

const ABOUT: Uuid = Uuid::from_bytes([7; 16]);
/// The account of the recipient.
pub const TO: Uuid = Uuid::from_bytes([8; 16]);

pub fn notice(email: Option<&str>) -> Notice {
    Notice {
        template: &ACCEPTED,
        about_kind: "dossier",
        about: ABOUT,
        to: TO,
        email: email.map(str::to_owned),
        spoken: None,
        fields: vec![("code", "H12.201-261123-0007".into()), ("name", "Thạch Thị Sà Rươl".into())],
    }
}

pub async fn database(place: &testkit::Place) -> (Db, testkit::Place) {
    place
        .engine()
        .migrated(&[("web", web::MIGRATIONS), ("directory", directory::MIGRATIONS), ("notices", notices::MIGRATIONS)])
        .await
}

fn mail(port: u16) -> Mail {
    let (user, password) = (String::new(), String::new());
    Mail {
        host: "127.0.0.1".into(),
        port,
        tls: Tls::None,
        from: "Một cửa <motcua@example.test>".into(),
        user,
        password,
        ca_file: None,
    }
}

fn crew(db: &Db, mail: &Mail) -> store::Running {
    let mut crew = Crew::new(Clock::system());
    crew.hands = vec![notices::postman(mail).unwrap()];
    store::start(db, crew)
}

async fn said(db: &Db, notice: Notice) {
    let by = By::system(Clock::system().now());
    db.write(async move |tx: &Write<'_>| tell(tx, &by, &notice).await).await.unwrap();
}

async fn states(db: &Db) -> Vec<State> {
    let about = db.read(async move |tx: &Read<'_>| told_about(tx, ABOUT).await).await.unwrap();
    about.into_iter().map(|a| a.state).collect()
}

async fn until(db: &Db, wanted: &[State]) {
    for _ in 0..200 {
        if states(db).await == wanted {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{:?}, not {wanted:?}", states(db).await);
}

testkit::both! {
    async fn a_message_arrives_with_its_words_and_the_record_says_so(place: testkit::Place) {
        let Some(server) = MailServer::start().await else { return };
        let (db, _place) = database(&place).await;
        said(&db, notice(Some("sa.ruol@example.test"))).await;
        assert_eq!(states(&db).await, [State::Queued]);
        let crew = crew(&db, &mail(server.port));
        let letters = server.messages(1).await;
        until(&db, &[State::Sent]).await;
        let letter = &letters[0];
        assert!(letter.contains("To: sa.ruol@example.test") && letter.contains("Auto-Submitted: auto-generated"), "{letter}");
        // =?utf-8?b?SOG7kyBzxqE= … is the subject in base64; the body is readable after decoding
        assert!(letter.contains("Subject: =?utf-8?b?") && letter.to_lowercase().contains("content-transfer-encoding: "), "{letter}");
        crew.stop().await;
    }

    async fn without_a_mail_server_messages_wait_and_leave_later_by_themselves(place: testkit::Place) {
        let Some(server) = MailServer::start().await else { return };
        let (db, _place) = database(&place).await;
        said(&db, notice(Some("a@example.test"))).await;
        let mut nobody = Crew::new(Clock::system());
        nobody.hands = vec![];
        let running = store::start(&db, nobody);
        tokio::time::sleep(Duration::from_millis(300)).await;
        running.stop().await;
        assert_eq!(states(&db).await, [State::Queued], "nobody took it");
        let crew = crew(&db, &mail(server.port));
        until(&db, &[State::Sent]).await;
        crew.stop().await;
        assert_eq!(server.messages(1).await.len(), 1);
    }

    async fn a_server_that_is_away_is_tried_again(place: testkit::Place) {
        let Some(server) = MailServer::start().await else { return };
        let (db, _place) = database(&place).await;
        let port = server.port;
        drop(server);
        said(&db, notice(Some("a@example.test"))).await;
        let running = crew(&db, &mail(port));
        for _ in 0..200 {
            let tries: i64 = db.read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT tries FROM notices_message"), &[]).await).await.unwrap();
            if tries >= 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let (tries, error): (i64, Option<String>) =
            db.read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT tries, error FROM notices_message"), &[]).await).await.unwrap();
        assert!(tries >= 1 && error.is_some_and(|e| !e.is_empty()), "the reason is kept");
        assert_eq!(states(&db).await, [State::Queued], "it will be tried again");
        running.stop().await;
    }

    async fn an_address_nobody_can_read_fails_at_once_and_no_address_is_recorded(place: testkit::Place) {
        let Some(server) = MailServer::start().await else { return };
        let (db, _place) = database(&place).await;
        said(&db, notice(Some("khong phai dia chi"))).await;
        said(&db, notice(None)).await;
        let running = crew(&db, &mail(server.port));
        for _ in 0..200 {
            if states(&db).await.contains(&State::Failed) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let mut found = states(&db).await;
        found.sort_by_key(ToString::to_string);
        assert_eq!(found, [State::Failed, State::NoAddress]);
        running.stop().await;
    }

    async fn a_unit_that_is_rolled_back_tells_nobody(place: testkit::Place) {
        let (db, _place) = database(&place).await;
        let by = By::system(Clock::system().now());
        let done: Result<(), notices::Error> = db
            .write(async move |tx: &Write<'_>| {
                tell(tx, &by, &notice(Some("a@example.test"))).await?;
                Err(store::Error::NoRow.into())
            })
            .await;
        assert!(done.is_err());
        assert_eq!(states(&db).await, []);
        let jobs: i64 = db.read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT count(*) FROM store_job"), &[]).await).await.unwrap();
        assert_eq!(jobs, 0);
    }

    async fn the_health_check_says_that_messages_wait(place: testkit::Place) {
        let (db, _place) = database(&place).await;
        let long_ago = Moment::from_micros(Clock::system().now().micros() - 3_600_000_000);
        let by = By::system(long_ago);
        let folder = tempfile::tempdir().unwrap();
        let files = store::Files::folder(folder.path()).await.unwrap();
        let house = web::House::new(db.clone(), files, Clock::system(), web::Settings::default());
        let check = &notices::room().health[0];
        assert_eq!((check.ask)(house.clone()).await, web::Wellness::Well);
        db.write(async move |tx: &Write<'_>| tell(tx, &by, &notice(Some("a@example.test"))).await).await.unwrap();
        assert!(matches!((check.ask)(house).await, web::Wellness::Ailing { why } if why.contains("mail.host")));
    }
}

#[test]
fn a_line_without_tls_goes_no_further_than_this_machine() {
    let open = Mail { host: "mail.example.vn".into(), ..mail(25) };
    assert!(notices::postman(&open).is_err());
    assert!(notices::postman(&Mail { tls: Tls::Starttls, ..open.clone() }).is_ok());
    assert!(notices::postman(&Mail { tls: Tls::Tls, from: "not an address".into(), ..open }).is_err());
}

/// A server whose certificate nobody vouches for gets nothing.
#[test]
fn an_unknown_certificate_is_refused() {
    testkit::run(async {
        let Some(server) = testkit::mail::MailServer::start_tls().await else { return };
        let (db, _place) = database(&testkit::Engine::Sqlite.fresh().await).await;
        said(&db, notice(Some("a@example.test"))).await;
        let stranger = Mail { host: "localhost".into(), tls: Tls::Starttls, ..mail(server.port) };
        let running = crew(&db, &stranger);
        for _ in 0..100 {
            let tries: i64 =
                db.read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT tries FROM notices_message"), &[]).await).await.unwrap();
            if tries >= 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        running.stop().await;
        let error: Option<String> =
            db.read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT error FROM notices_message"), &[]).await).await.unwrap();
        let error = error.unwrap_or_default().to_lowercase();
        assert!(error.contains("certificate") || error.contains("unknownissuer"), "{error}");
        assert_eq!(server.files_count(), 0, "nothing was said to a stranger");
        // vouched for by the province's own authority it is trusted
        let (db, _place) = database(&testkit::Engine::Sqlite.fresh().await).await;
        said(&db, notice(Some("a@example.test"))).await;
        let running = crew(&db, &Mail { ca_file: server.certificate(), ..stranger });
        until(&db, &[State::Sent]).await;
        running.stop().await;
    });
}
