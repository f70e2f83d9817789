//! The kit itself: places are empty, apart and gone afterwards.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]
use testkit::{Engine, Place};

testkit::both! {
    async fn each_test_gets_its_own_empty_database(place: Place) {
        let other = place.engine().fresh().await;
        assert_eq!(place.engine(), other.engine());
        assert!(place.url().is_none() || place.url() != other.url());
        assert!(place.sqlite_file().is_none() || place.sqlite_file() != other.sqlite_file());
    }
}

#[test]
fn a_template_is_made_once_and_copied() {
    testkit::run(async {
        for engine in Engine::ALL {
            let key = format!("kit_{}", std::process::id());
            for round in 0..2 {
                let mut made = false;
                let _copy = engine
                    .copy_of(&key, async |place| {
                        made = true;
                        if let Some(file) = place.sqlite_file() {
                            std::fs::write(file, "").unwrap();
                        }
                    })
                    .await;
                assert_eq!(made, round == 0);
            }
        }
    });
}

#[test]
fn the_mail_server_takes_mail() {
    testkit::run(async {
        let Some(server) = testkit::mail::MailServer::start().await else { return };
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut line = tokio::net::TcpStream::connect(("127.0.0.1", server.port)).await.unwrap();
        let mut buffer = [0u8; 512];
        for word in [
            "",
            "HELO a.example\r\n",
            "MAIL FROM:<a@a.example>\r\n",
            "RCPT TO:<b@a.example>\r\n",
            "DATA\r\n",
            "Subject: Xin chao\r\n\r\nhi\r\n.\r\n",
        ] {
            line.write_all(word.as_bytes()).await.unwrap();
            assert!(line.read(&mut buffer).await.unwrap() > 0);
        }
        assert!(server.messages(1).await[0].contains("Xin chao"));
    });
}

#[test]
fn a_migrated_database_is_copied_and_can_be_read() {
    testkit::run(async {
        for engine in Engine::ALL {
            for _ in 0..2 {
                let (db, _place) = engine.migrated(&[]).await;
                let n: i64 = db
                    .read(async |tx: &store::Read<'_>| tx.one(store::sql!("SELECT count(*) FROM store_stream"), &[]).await)
                    .await
                    .unwrap();
                assert_eq!(n, 0);
            }
        }
    });
}
