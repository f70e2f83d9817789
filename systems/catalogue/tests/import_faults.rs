//! Bad files: each fault is named with its line, nothing is half-written.

use std::sync::atomic::{AtomicBool, Ordering};

use catalogue::import::{ImportError, Order, Summary};
use store::{Read, Write};
use testkit::Place;

use crate::town::{Town, at, editor, lines, record};

fn many(n: usize) -> Vec<serde_json::Value> {
    (0..n).map(|i| record(&format!("1.{i:06}"), &format!("Thủ tục số {i}"), Some(3), Some("Ngày"))).collect()
}

testkit::both! {
    async fn one_row_in_a_hundred_is_faulty_and_the_others_come_in(place: Place) {
        let town = Town::on(place).await;
        let good = many(10_000);
        let mut text = Vec::new();
        for (i, r) in good.iter().enumerate() {
            match i % 500 {
                7 => text.extend(b"{\"code\":\"1.000001\",\"na\n".iter()),
                107 => text.extend(b"{\"code\":\"khong\",\"name\":\"x\"}\n".iter()),
                207 => text.extend(b"{\"code\":\"1.000002\",\"name\":\"\xC3\x28\"}\n".iter()),
                307 => text.extend(b"[]\n".iter()),
                407 => text.extend(b"{\"code\":\"1.999999\",\"name\":\"x\",\"methods\":7}\n".iter()),
                _ => text.extend(format!("{r}\n").bytes()),
            }
        }
        let report = town.import(0, text).await.unwrap();
        assert_eq!(report.summary, Summary { read: 10_000, new: 9_900, unreadable: 100, ..Summary::default() });
        assert_eq!(report.faults.len(), 100);
        assert_eq!((report.faults[0].line, report.faults[1].line), (8, 108));
        assert!(report.faults.iter().all(|f| !f.reason.is_empty()));
        let said: Vec<&str> = report.faults[..5].iter().map(|f| f.reason.as_str()).collect();
        assert_eq!(said[1], "mã thủ tục “khong” không đúng dạng 1.001193");
        assert!(said[2].contains("UTF-8"), "{}", said[2]);
        assert_eq!(said[3], "dòng phải là một đối tượng JSON");
        assert_eq!(said[4], "“methods” phải là một danh sách");
        assert_eq!(town.count("staged").await, 0);
    }

    async fn an_interrupted_import_leaves_nothing(place: Place) {
        let town = Town::on(place).await;
        town.import(0, lines(&many(3))).await.unwrap();
        let cx = editor(1);
        let order = Order { id: cx.by.id("import", 0), job: None, file: "lon.jsonl".into() };
        let stopped = AtomicBool::new(false);
        let done = town
            .import_as(&cx, &order, lines(&many(900)).into(), |told| {
                let stop = told.read >= 300;
                stopped.fetch_or(stop, Ordering::Relaxed);
                !stop
            })
            .await;
        assert!(matches!(done, Err(ImportError::Stopped)), "{done:?}");
        assert_eq!(town.count("staged").await, 0);
        assert_eq!(town.count("live").await, 6);
        // the same import again comes to its end
        let report = town.import_as(&cx, &order, lines(&many(900)).into(), |_| true).await.unwrap();
        assert_eq!(report.summary, Summary { read: 900, new: 897, unchanged: 3, ..Summary::default() });
        // and once more answers what it answered: a job may run twice
        assert_eq!(town.import_as(&cx, &order, lines(&many(900)).into(), |_| true).await.unwrap(), report);
    }

    async fn what_a_killed_import_staged_is_invisible_and_swept(place: Place) {
        let town = Town::on(place).await;
        let cx = editor(0);
        let order = Order { id: cx.by.id("import", 0), job: None, file: "lon.jsonl".into() };
        // a kill: the future is dropped in the middle and nobody cleans up
        let stuck = town.import_as(&cx, &order, lines(&many(900)).into(), |told| {
            if told.read >= 300 { std::thread::sleep(std::time::Duration::from_millis(400)); }
            true
        });
        let _ = tokio::time::timeout(std::time::Duration::from_millis(900), stuck).await;
        assert!(town.current("1.000001", 1).await.is_none(), "nothing is visible before the end");
        // the unit under way when the future was dropped still comes to its end; a killed process would not have it
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
        // much later another import sweeps it
        let report = town.import(60, lines(&many(2))).await.unwrap();
        assert_eq!(report.summary.new, 2);
        assert_eq!(town.count("staged").await, 0);
        assert_eq!(town.count("live").await, 4);
    }

    async fn somebody_publishes_while_it_is_staged(place: Place) {
        let town = Town::on(place).await;
        let cx = editor(0);
        let order = Order { id: cx.by.id("import", 0), job: None, file: "lon.jsonl".into() };
        let (db, once) = (town.db.clone(), AtomicBool::new(false));
        let (send, wait) = std::sync::mpsc::channel();
        let wait = std::sync::Mutex::new(wait);
        let handle = tokio::runtime::Handle::current();
        let report = town.import_as(&cx, &order, lines(&many(250)).into(), move |_| {
            if !once.swap(true, Ordering::Relaxed) {
                let (db, send) = (db.clone(), send.clone());
                handle.spawn(async move {
                    let package = catalogue::package::read(&crate::data().join("procedures/1.001193")).unwrap();
                    db.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &editor(1), &package).await).await.unwrap();
                    send.send(()).unwrap();
                });
                tokio::task::block_in_place(|| wait.lock().unwrap().recv().unwrap());
            }
            true
        }).await.unwrap();
        assert_eq!(report.summary, Summary { read: 250, new: 250, ..Summary::default() });
        assert!(town.current("1.001193", 2).await.is_some());
        assert_eq!(town.count("staged").await, 0);
    }
}

testkit::both! {
    async fn a_file_that_is_no_list_is_refused_in_words(place: Place) {
        let town = Town::on(place).await;
        let said = async |bytes: &[u8]| match town.import(0, bytes.to_vec()).await {
            Err(e @ ImportError::File(_)) => e.words().to_string(),
            other => panic!("{other:?}"),
        };
        let kept = "Danh mục giữ nguyên như trước.";
        for (bytes, about) in [
            (&b""[..], "tệp rỗng"),
            (b"ten,gia\nphong,3\n", "thiếu cột Mã thủ tục"),
            (b"PK\x03\x04 not a workbook", "bảng tính bị hỏng"),
            (b"\xD0\xCF\x11\xE0 old", "lưu lại thành .xlsx"),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00\x00\x00", "không phải"),
        ] {
            let words = said(bytes).await;
            assert!(words.contains(about) && words.ends_with(kept), "{words}");
        }
        assert_eq!(town.count("live").await, 0);
    }

    async fn a_sheet_comes_in_like_lines(place: Place) {
        let town = Town::on(place).await;
        let rows = [2usize].map(|w| catalogue::record::template_row(w).into_iter().map(sheet::Cell::from).collect::<Vec<_>>());
        let headings = catalogue::record::template_row(0);
        let xlsx = sheet::write_xlsx("Thủ tục", &headings, rows.clone()).unwrap();
        let mut csv = Vec::new();
        sheet::write_csv(&mut csv, &headings, rows).unwrap();
        let first = town.import(0, xlsx).await.unwrap();
        assert_eq!(first.summary, Summary { read: 1, new: 1, ..Summary::default() });
        let second = town.import(1, csv).await.unwrap();
        assert_eq!(second.summary, Summary { read: 1, unchanged: 1, ..Summary::default() });
        let (_, p) = town.current("1.001193", 2).await.unwrap();
        assert_eq!((p.terms[0].value, p.fees[0].amount), (Some(base::due::Amount::whole(3)), Some(8_000)));
    }

    async fn markup_and_sql_are_only_text(place: Place) {
        let town = Town::on(place).await;
        let nasty = "'; DROP TABLE catalogue_version; -- <script>alert(1)</script> {{ 7*7 }} %_\\";
        town.import(0, lines(&[record("1.000001", nasty, Some(3), Some("Ngày"))])).await.unwrap();
        let (_, p) = town.current("1.000001", 1).await.unwrap();
        assert_eq!(p.name, nasty);
        let wanted = catalogue::Wanted { words: "%_'\\".into(), ..Default::default() };
        let day = at(1).local().date();
        let (found, all) = town.read(async move |tx: &Read<'_>| catalogue::page(tx, day, &wanted, false, 0, 10).await).await;
        assert_eq!((found.len(), all), (1, 1), "signs are no patterns and no words");
    }

    async fn the_same_procedure_twice_in_a_file_keeps_the_first(place: Place) {
        let town = Town::on(place).await;
        let report = town.import(0, lines(&[record("1.000001", "Thứ nhất", Some(3), Some("Ngày")), record("1.000001", "Thứ hai", None, None)])).await.unwrap();
        assert_eq!(report.summary, Summary { read: 2, new: 1, unreadable: 1, ..Summary::default() });
        assert_eq!(report.faults[0].reason, "mã này đã có ở dòng 1");
        assert_eq!(town.current("1.000001", 1).await.unwrap().1.name, "Thứ nhất");
    }
}
