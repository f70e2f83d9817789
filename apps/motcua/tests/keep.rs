//! Who keeps the machine, and a backup that is put in the place of the data from the screen.
use crate::security::Server;
use std::time::{Duration, Instant};
use testkit::Engine;
use testkit::http::{Page, Visitor};

const PAGE: &str = "/quan-tri/he-thong";
/// The demo asks officers for no second factor.
const ONE_FACTOR: (&str, &str) = ("MOTCUA_WEB__DEMO", "true");

#[test]
fn who_keeps_a_commune_does_not_keep_the_machine() {
    testkit::run(async {
        let server = Server::with(&[ONE_FACTOR]);
        server.add("quan.tri.xa", "H12.164");
        let (house, commune) = (server.signed_in("quan.tri").await, server.signed_in("quan.tri.xa").await);
        assert!(house.get("/quan-tri").await.must(200).text.contains(PAGE));
        assert!(!commune.get("/quan-tri").await.must(200).text.contains(PAGE), "a link that leads nowhere");
        let page = house.get(PAGE).await.must(200);
        let refused = commune.get(PAGE).await;
        assert!([403, 404].contains(&refused.status.as_u16()), "{}", refused.status);
        let own = commune.get("/quan-tri").await;
        for act in ["sao-luu", "khoi-phuc/thay", "khoi-phuc/bo", "nghe-lai"] {
            let path = format!("{PAGE}/{act}");
            let fields = [("nghe", "x"), ("cho", "1")];
            let refused = commune.post(&own, &path, &fields).await;
            assert!([403, 404].contains(&refused.status.as_u16()), "{path}: {}", refused.status);
        }
        house.post(&page, &format!("{PAGE}/sao-luu"), &[]).await.must(200);
    });
}

/// Sends a file with the form of the page.
async fn upload(who: &Visitor, page: &Page, file: Vec<u8>) -> reqwest::Response {
    let form = reqwest::multipart::Form::new().text("csrf", page.hidden("csrf").unwrap());
    let form = form.part("tep", reqwest::multipart::Part::bytes(file).file_name("du.zip"));
    who.client().post(who.url(&format!("{PAGE}/khoi-phuc"))).multipart(form).send().await.unwrap()
}

/// Confirms the restore; the server goes away over it, and the browser's next question may find nobody yet.
async fn confirm(who: &Visitor, page: &Page) {
    let body = format!("csrf={}", page.hidden("csrf").unwrap());
    let sent = who.client().post(who.url(&format!("{PAGE}/khoi-phuc/thay")));
    let _ = sent.header("content-type", "application/x-www-form-urlencoded").body(body).send().await;
}

/// Asks for a page until the server is up again and `is` what was waited for.
async fn until(who: &Visitor, path: &str, is: impl Fn(&Page) -> bool) -> Page {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        if let Ok(answer) = who.client().get(who.url(path)).send().await {
            let (status, path) = (answer.status(), answer.url().path().to_owned());
            let page = Page { status, path, text: answer.text().await.unwrap_or_default() };
            if is(&page) {
                return page;
            }
            assert!(Instant::now() < end, "{} {}", page.status, page.text);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Somebody else who has the database open.
enum Other {
    Sqlite(rusqlite::Connection),
    Postgres(tokio_postgres::Client, tokio::task::JoinHandle<Result<(), tokio_postgres::Error>>),
}

impl Other {
    async fn at(url: Option<&str>, file: &std::path::Path) -> Other {
        let Some(url) = url else {
            let other = rusqlite::Connection::open(file).unwrap();
            other.query_row("SELECT count(*) FROM store_event", [], |row| row.get::<_, i64>(0)).unwrap();
            return Other::Sqlite(other);
        };
        let (other, line) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
        Other::Postgres(other, tokio::spawn(line))
    }

    /// What the screen says of it.
    fn said(&self) -> &'static str {
        match self {
            Other::Sqlite(_) => "một chương trình khác đang mở",
            Other::Postgres(..) => "1 kết nối khác",
        }
    }

    async fn goes(self) {
        match self {
            Other::Sqlite(other) => other.close().unwrap(),
            Other::Postgres(other, line) => {
                drop(other);
                line.await.unwrap().unwrap();
            }
        }
    }
}

async fn a_backup_takes_the_place_of_the_data(engine: Engine) {
    let place = engine.fresh().await;
    let url = place.url();
    let settings: Vec<(&str, &str)> = url.iter().map(|url| ("DATABASE_URL", url.as_str())).chain([ONE_FACTOR]).collect();
    let server = Server::with(&settings);
    let who = server.signed_in("quan.tri").await;
    let backup = server.folder.path().join("du.zip");
    assert!(server.command(&["backup", backup.to_str().unwrap()]).status().unwrap().success());
    server.add("sau.nay", "H12");
    assert!(who.get("/quan-tri/nguoi?q=sau.nay").await.must(200).text.contains("sau.nay"));

    let bytes = std::fs::read(&backup).unwrap();
    let page = who.get(PAGE).await.must(200);
    let cut = upload(&who, &page, bytes[..bytes.len() / 2].to_vec()).await;
    assert_eq!(cut.status(), 422);
    let taken = upload(&who, &page, bytes).await;
    assert_eq!(taken.status(), 200, "{}", taken.text().await.unwrap());
    let page = who.get(PAGE).await.must(200);
    assert!(page.text.contains("Bản sao lưu nguyên vẹn"), "{}", page.text);

    // Somebody else at the database: nothing moves, and the screen says why.
    let data = server.folder.path().join("data");
    let other = Other::at(url.as_deref(), &data.join("motcua.db")).await;
    confirm(&who, &page).await;
    let refused = until(&who, PAGE, |page| page.text.contains("Lần khôi phục vừa rồi không xong")).await;
    assert!(refused.text.contains(other.said()) && refused.text.contains("Bản sao lưu nguyên vẹn"), "{}", refused.text);
    assert!(who.get("/quan-tri/nguoi?q=sau.nay").await.must(200).text.contains("sau.nay"), "the data is as before");
    other.goes().await;
    confirm(&who, &page).await;
    let after = until(&who, "/quan-tri/nguoi?q=an", |page| page.status == 200 && !page.text.contains("sau.nay")).await;
    assert!(after.text.contains("quan.tri"), "who was there when the backup was made: {}", after.text);
    let page = who.get(PAGE).await.must(200);
    assert!(!page.text.contains("không xong") && !page.text.contains("Bản sao lưu nguyên vẹn"), "{}", page.text);

    // The data of before stays beside it, whole, and whoever looks after the machine is told.
    assert!(page.text.contains("còn giữ dữ liệu trước một lần khôi phục"), "{}", page.text);
    assert!(server.command(&["doctor"]).status().unwrap().success(), "the files belong to the restored database");
    let kept = match &url {
        None => std::fs::read_dir(&data).unwrap().any(|file| {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            let is_before = name.starts_with("motcua-before-") && name.ends_with(".db");
            is_before && std::fs::read(file.path()).unwrap().windows(7).any(|bytes| bytes == b"sau.nay")
        }),
        Some(url) => {
            let (client, line) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.unwrap();
            tokio::spawn(line);
            let schemas = "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'motcua%'";
            let schemas: Vec<String> = client.query(schemas, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
            schemas.len() == 1 && schemas[0].starts_with("motcua_before_")
        }
    };
    assert!(kept);
}

#[test]
fn a_backup_takes_the_place_of_the_data_from_the_screen_on_sqlite() {
    testkit::run(a_backup_takes_the_place_of_the_data(Engine::Sqlite));
}

#[test]
fn a_backup_takes_the_place_of_the_data_from_the_screen_on_postgresql() {
    testkit::run(a_backup_takes_the_place_of_the_data(Engine::Postgres));
}
