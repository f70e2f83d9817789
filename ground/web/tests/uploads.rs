//! Files over a line that breaks; files that are not what they say.

use crate::house::{Answer, Service, request};
use axum::body::Body;
use base64::Engine as _;
use http::{Method, StatusCode};
use sha2::{Digest, Sha256};
use store::Write;

fn base64(text: impl AsRef<[u8]>) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

struct Sender<'a> {
    service: &'a Service,
    cookie: String,
    csrf: String,
}

impl Sender<'_> {
    async fn new(service: &Service) -> Sender<'_> {
        let page = service.get("/form", "").await;
        Sender { service, cookie: page.cookies(), csrf: page.hidden("csrf") }
    }

    fn ask(&self, method: Method, path: &str) -> http::request::Builder {
        request(method, path, &self.cookie)
            .header("tus-resumable", "1.0.0")
            .header("x-csrf", &self.csrf)
            .header("accept", "application/json")
    }

    async fn create(&self, name: &str, length: usize) -> Answer {
        let request = self
            .ask(Method::POST, "/tep")
            .header("upload-length", length)
            .header("upload-metadata", format!("filename {},filetype {}", base64(name), base64("x")));
        self.service.send(request.body(Body::empty()).unwrap()).await
    }

    async fn piece(&self, at: &str, offset: usize, bytes: &[u8]) -> Answer {
        let request =
            self.ask(Method::PATCH, at).header("upload-offset", offset).header("content-type", "application/offset+octet-stream");
        self.service.send(request.body(Body::from(bytes.to_vec())).unwrap()).await
    }

    async fn offset(&self, at: &str) -> Answer {
        self.service.send(self.ask(Method::HEAD, at).body(Body::empty()).unwrap()).await
    }
}

testkit::both! {
    async fn an_upload_goes_on_where_it_stopped_and_is_taken_once(place: testkit::Place) {
        let service = Service::on(place).await;
        let sender = Sender::new(&service).await;
        let mut pdf = b"%PDF-1.7\n".to_vec();
        pdf.extend(std::iter::repeat_n(b'x', 100_000));
        pdf.extend(b"\nstartxref\n9\n%%EOF\n");
        let made = sender.create("../../Giấy chứng sinh.pdf", pdf.len()).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let at = made.header("location").to_owned();

        assert_eq!(sender.piece(&at, 0, &pdf[..40_000]).await.header("upload-offset"), "40000");
        // The answer was lost: the same piece again does not fit, and the server says where to go on.
        assert_eq!(sender.piece(&at, 0, &pdf[..40_000]).await.status, StatusCode::CONFLICT);
        assert_eq!(sender.offset(&at).await.header("upload-offset"), "40000");
        // A damaged piece is noticed and not kept.
        let damaged = sender
            .ask(Method::PATCH, &at)
            .header("upload-offset", 40_000)
            .header("content-type", "application/offset+octet-stream")
            .header("upload-checksum", format!("sha256 {}", base64(Sha256::digest(b"other"))));
        let answer = service.send(damaged.body(Body::from(pdf[40_000..50_000].to_vec())).unwrap()).await;
        assert_eq!(answer.status.as_u16(), 460);
        let last = sender.piece(&at, 40_000, &pdf[40_000..]).await;
        assert_eq!(last.status, StatusCode::NO_CONTENT, "{}", last.text);
        assert_eq!(last.header("x-sha256"), hex::encode(Sha256::digest(&pdf)));

        // Another visitor finds nothing.
        let other = Sender::new(&service).await;
        assert_eq!(other.offset(&at).await.status, StatusCode::NOT_FOUND);

        let id: uuid::Uuid = at.rsplit('/').next().unwrap().parse().unwrap();
        let key = web::session::Token::parse(sender.cookie.split_once('=').unwrap().1).unwrap().key();
        let take = async || service.house.db.write(async move |tx: &Write<'_>| web::upload::take(tx, key, id).await).await.unwrap();
        let taken = take().await.expect("the upload");
        assert_eq!((taken.name.as_str(), taken.size as usize, taken.kind), ("Giấy chứng sinh.pdf", pdf.len(), web::upload::Kind::Pdf));
        assert!(take().await.is_none());
        let file = taken.file;
        let row = service.house.db.read(async move |tx: &store::Read<'_>| store::file(tx, file).await).await.unwrap().expect("a row");
        assert_eq!(service.house.files.read(&row).await.unwrap(), pdf);
    }

    async fn an_upload_nobody_took_is_forgotten(place: testkit::Place) {
        let service = Service::on(place).await;
        let sender = Sender::new(&service).await;
        let made = sender.create("a.zip", 10).await;
        let at = made.header("location").to_owned();
        assert_eq!(sender.piece(&at, 0, b"PK\x03\x04").await.header("upload-offset"), "4");
        service.clock.advance(jiff::SignedDuration::from_hours(25));
        assert_eq!(sender.offset(&at).await.status, StatusCode::NOT_FOUND);
        assert_eq!(web::tidy(&service.house).await.unwrap(), 1);
    }
}

#[test]
fn a_file_that_lies_is_empty_or_is_over_the_limit_is_refused_with_a_reason() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let sender = Sender::new(&service).await;
        let lie = b"MZ this is a program";
        let at = sender.create("anh.pdf", lie.len()).await.header("location").to_owned();
        let answer = sender.piece(&at, 0, lie).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert!(answer.text.contains("pdf") && answer.header("content-type").contains("problem+json"), "{}", answer.text);
        assert_eq!(sender.offset(&at).await.status, StatusCode::NOT_FOUND);
        assert_eq!(sender.create("a.pdf", 0).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(sender.create("a.pdf", 11 * 1024 * 1024).await.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(sender.create("a.exe", 9).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let at = sender.create("b.pdf", 9).await.header("location").to_owned();
        assert_eq!(sender.piece(&at, 0, b"more than nine").await.status, StatusCode::PAYLOAD_TOO_LARGE);
        let no_word = request(Method::POST, "/tep", &sender.cookie).header("tus-resumable", "1.0.0").header("upload-length", 3);
        assert_eq!(service.send(no_word.body(Body::empty()).unwrap()).await.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn marks_that_cannot_be_seen_leave_the_name_of_a_file() {
    let unseen = [
        "\u{202E}",
        "\u{202A}",
        "\u{2066}",
        "\u{2069}",
        "\u{200F}",
        "\u{061C}",
        "\u{200B}",
        "\u{FEFF}",
        "\u{AD}",
        "\u{E0041}",
        "\u{7}",
    ];
    for mark in unseen {
        assert_eq!(web::upload::clean_name(&format!("giay{mark}fdp.exe")), "giayfdp.exe", "{mark:?}");
    }
    assert_eq!(web::upload::clean_name("Giấy khai sinh của Hoà.pdf"), "Giấy khai sinh của Hoà.pdf");
}
