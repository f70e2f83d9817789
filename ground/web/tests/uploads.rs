//! Files over a line that breaks; files that are not what they say.

use crate::house::{Answer, COLLEAGUE, OFFICER, Service, request};
use axum::body::Body;
use axum::extract::ConnectInfo;
use base64::Engine as _;
use futures_util::future::join_all;
use http::{Method, StatusCode};
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use store::{By, Read, Write, sql};
use uuid::Uuid;
use web::upload::Uploaded;
use web::{Budget, Settings};

fn base64(text: impl AsRef<[u8]>) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// A PDF of so many bytes and a few more.
fn pdf(filling: usize) -> Vec<u8> {
    [b"%PDF-1.7\n".as_slice(), vec![b'x'; filling].as_slice(), b"\nstartxref\n9\n%%EOF\n"].concat()
}

/// The id of the upload at an address.
fn id_of(at: &str) -> Uuid {
    at.rsplit('/').next().unwrap().parse().unwrap()
}

struct Sender<'a> {
    service: &'a Service,
    cookie: String,
    csrf: String,
    endpoint: &'static str,
    peer: SocketAddr,
}

impl Sender<'_> {
    async fn new(service: &Service) -> Sender<'_> {
        Sender::at(service, "203.0.113.7:4000").await
    }

    /// Somebody who has not signed in, at this address.
    async fn at<'a>(service: &'a Service, peer: &str) -> Sender<'a> {
        let page = service.get("/form", "").await;
        let (cookie, csrf) = (page.cookies(), page.hidden("csrf"));
        Sender { service, cookie, csrf, endpoint: web::upload::ENDPOINT, peer: peer.parse().unwrap() }
    }

    /// An officer who has signed in, at the browser with this cookie or at a fresh one.
    async fn officer<'a>(service: &'a Service, who: Uuid, before: &str) -> Sender<'a> {
        let cookie = service.enter(who, before).await.cookies();
        let csrf = service.get("/can-bo/viec", &cookie).await.hidden("csrf");
        Sender { service, cookie, csrf, endpoint: web::upload::OFFICER_ENDPOINT, peer: "203.0.113.7:4000".parse().unwrap() }
    }

    fn ask(&self, method: Method, path: &str) -> http::request::Builder {
        request(method, path, &self.cookie)
            .extension(ConnectInfo(self.peer))
            .header("tus-resumable", "1.0.0")
            .header("x-csrf", &self.csrf)
            .header("accept", "application/json")
    }

    async fn create(&self, name: &str, length: usize) -> Answer {
        let request = self
            .ask(Method::POST, self.endpoint)
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

    async fn give_up(&self, at: &str) -> Answer {
        self.service.send(self.ask(Method::DELETE, at).body(Body::empty()).unwrap()).await
    }

    /// What a form does with a finished upload.
    async fn take(&self, at: &str) -> Option<Uploaded> {
        let key = web::session::Token::parse(self.cookie.split_once('=').unwrap().1).unwrap().key();
        let id = id_of(at);
        self.service.house.db.write(async move |tx: &Write<'_>| web::upload::take(tx, key, id).await).await.unwrap()
    }
}

testkit::both! {
    async fn an_upload_goes_on_where_it_stopped_and_is_taken_once(place: testkit::Place) {
        let service = Service::on(place).await;
        let sender = Sender::new(&service).await;
        let pdf = pdf(100_000);
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
        assert_eq!(service.objects(), 1, "nothing of it is left on the disk");
        let last = sender.piece(&at, 40_000, &pdf[40_000..]).await;
        assert_eq!(last.status, StatusCode::NO_CONTENT, "{}", last.text);
        assert_eq!(last.header("x-sha256"), hex::encode(Sha256::digest(&pdf)));

        // Another visitor finds nothing.
        let other = Sender::new(&service).await;
        assert_eq!(other.offset(&at).await.status, StatusCode::NOT_FOUND);

        let taken = sender.take(&at).await.expect("the upload");
        assert_eq!((taken.name.as_str(), taken.size as usize, taken.kind), ("Giấy chứng sinh.pdf", pdf.len(), web::upload::Kind::Pdf));
        assert!(sender.take(&at).await.is_none());
        let file = taken.file;
        let row = service.house.db.read(async move |tx: &Read<'_>| store::file(tx, file).await).await.unwrap().expect("a row");
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

    async fn an_upload_stays_with_whoever_had_signed_in(place: testkit::Place) {
        let service = Service::on(place).await;
        let (owner, pdf) = (Sender::officer(&service, OFFICER, "").await, pdf(100));
        let at = owner.create("a.pdf", pdf.len()).await.header("location").to_owned();
        assert_eq!(owner.piece(&at, 0, &pdf[..40]).await.header("upload-offset"), "40");
        // A colleague signs in at that browser before its owner does on another.
        let colleague = Sender::officer(&service, COLLEAGUE, &owner.cookie).await;
        assert_eq!(colleague.offset(&at).await.status, StatusCode::NOT_FOUND);
        let back = Sender::officer(&service, OFFICER, "").await;
        assert_eq!(back.offset(&at).await.header("upload-offset"), "40");
        assert_eq!(back.piece(&at, 40, &pdf[40..]).await.status, StatusCode::NO_CONTENT);
        assert!(colleague.take(&at).await.is_none());
        assert_eq!(back.take(&at).await.expect("the upload").name, "a.pdf");
    }

    async fn an_upload_that_many_finish_at_once_counts_its_file_once(place: testkit::Place) {
        let service = Service::on(place).await;
        let (sender, pdf) = (Sender::new(&service).await, pdf(100));
        let at = sender.create("a.pdf", pdf.len()).await.header("location").to_owned();
        // The machine stopped when all pieces were here and the whole was not made yet.
        let (id, by, length) = (id_of(&at), By::system(service.clock.now()), pdf.len());
        let piece = service.house.files.put_bytes(id, &pdf).await.unwrap();
        let stopped = async move |tx: &Write<'_>| {
            let file = store::keep(tx, &by, &piece).await?;
            tx.run(sql!("INSERT INTO web_upload_part (upload, starts, file) VALUES ($1, 0, $2)"), &[&id, &file]).await?;
            tx.run(sql!("UPDATE web_upload SET received = $2 WHERE id = $1"), &[&id, &length]).await
        };
        assert_eq!(service.house.db.write(stopped).await.unwrap(), 1);
        let answers = join_all((0..8).map(|_| sender.offset(&at))).await;
        for answer in &answers {
            assert_eq!(answer.header("x-sha256"), hex::encode(Sha256::digest(&pdf)), "{}", answer.status);
        }
        let uses = service.house.db.read(async move |tx: &Read<'_>| {
            tx.all::<i64>(sql!("SELECT f.uses FROM store_file f JOIN web_upload u ON u.file = f.id WHERE u.id = $1"), &[&id]).await
        });
        assert_eq!(uses.await.unwrap(), [1]);
        // Let go once, it is gone.
        let file = sender.take(&at).await.expect("the upload").file;
        assert!(service.house.db.write(async move |tx: &Write<'_>| store::let_go(tx, file).await).await.unwrap());
        let left = service.house.db.read(async move |tx: &Read<'_>| store::file(tx, file).await).await.unwrap();
        assert_eq!(left, None);
    }

    async fn what_nobody_took_has_a_budget_by_visitor_and_by_network(place: testkit::Place) {
        let settings = Settings {
            visitor_uploads: Budget { number: 2, bytes: 1_000 },
            network_uploads: Budget { number: 3, bytes: 10_000 },
            ..Settings::default()
        };
        let service = Service::with(place, settings).await;
        let one = Sender::at(&service, "203.0.113.7:1").await;
        let first = one.create("a.pdf", 100).await.header("location").to_owned();
        assert_eq!(one.create("b.pdf", 901).await.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(one.create("b.pdf", 900).await.status, StatusCode::CREATED);
        let full = one.create("c.pdf", 1).await;
        assert_eq!((full.status, full.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"));
        assert!(full.text.contains("lưu hoặc nộp hồ sơ đang điền rồi gửi tiếp"), "{}", full.text);

        // A neighbour has a budget of their own within that of the network.
        let two = Sender::at(&service, "203.0.113.8:1").await;
        assert_eq!(two.create("a.pdf", 100).await.status, StatusCode::CREATED);
        let full = two.create("b.pdf", 100).await;
        assert_eq!(full.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(full.text.contains("dùng mạng khác"), "{}", full.text);
        let elsewhere = Sender::at(&service, "198.51.100.1:1").await;
        assert_eq!(elsewhere.create("a.pdf", 100).await.status, StatusCode::CREATED);

        // What is given up counts as long as its bytes may lie on the disk.
        assert_eq!(one.give_up(&first).await.status, StatusCode::NO_CONTENT);
        assert_eq!(one.give_up(&first).await.status, StatusCode::NOT_FOUND);
        assert_eq!(one.create("c.pdf", 1).await.status, StatusCode::TOO_MANY_REQUESTS);
        service.clock.advance(jiff::SignedDuration::from_hours(25));
        assert_eq!(web::tidy(&service.house).await.unwrap(), 4);
        assert_eq!(one.create("c.pdf", 1).await.status, StatusCode::CREATED);
    }

    async fn what_a_form_took_counts_no_more_and_what_was_refused_does(place: testkit::Place) {
        let settings = Settings { visitor_uploads: Budget { number: 1, bytes: 1_000 }, ..Settings::default() };
        let service = Service::with(place, settings).await;
        let (sender, pdf) = (Sender::new(&service).await, pdf(10));
        let at = sender.create("a.pdf", pdf.len()).await.header("location").to_owned();
        assert_eq!(sender.piece(&at, 0, &pdf).await.status, StatusCode::NO_CONTENT);
        assert_eq!(sender.create("b.pdf", 9).await.status, StatusCode::TOO_MANY_REQUESTS);
        sender.take(&at).await.expect("the upload");
        let at = sender.create("b.pdf", 9).await.header("location").to_owned();
        assert_eq!(sender.piece(&at, 0, b"no pdf ..").await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(sender.offset(&at).await.status, StatusCode::NOT_FOUND);
        assert_eq!(sender.create("c.pdf", 9).await.status, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn requests_at_once_find_no_more_room_than_one_after_another(place: testkit::Place) {
        let settings = Settings { network_uploads: Budget { number: 3, bytes: 1_000 }, ..Settings::default() };
        let service = Service::with(place, settings).await;
        let mut senders = Vec::new();
        for _ in 0..12 {
            senders.push(Sender::new(&service).await);
        }
        let mut answers = join_all(senders.iter().map(|sender| sender.create("a.pdf", 9))).await;
        answers.retain(|answer| answer.status != StatusCode::TOO_MANY_REQUESTS);
        let made: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        assert_eq!(made, [StatusCode::CREATED; 3]);
    }

    async fn sweeping_keeps_up_however_much_is_over(place: testkit::Place) {
        let settings = Settings { visitor_uploads: Budget { number: 500, bytes: 1_000 }, ..Settings::default() };
        let service = Service::with(place, settings).await;
        let sender = Sender::new(&service).await;
        for _ in 0..405 {
            assert_eq!(sender.create("a.pdf", 1).await.status, StatusCode::CREATED);
        }
        service.clock.advance(jiff::SignedDuration::from_hours(25));
        assert_eq!(web::tidy(&service.house).await.unwrap(), 405);
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
