//! The editors' screens as a person uses them without scripts: narrow the list, settle, list, import, read the report.

use std::time::Duration;

use testkit::Place;
use testkit::http::{Page, Visitor};

use crate::served::{FORM, Served, form, serve};
use crate::town::{lines, record};

/// Sends a file as the form of the page does.
async fn upload(who: &Visitor, name: &str, bytes: &[u8]) -> Page {
    let page = who.get("/quan-tri/thu-tuc/nhap").await.must(200);
    let (csrf, lan) = (page.hidden("csrf").unwrap(), page.hidden("lan").unwrap());
    let body = form(&[("csrf", &csrf), ("lan", &lan)], ("tep", name), bytes);
    let sent = who.client().post(who.url("/quan-tri/thu-tuc/nhap")).header("content-type", FORM).body(body).send().await.unwrap();
    let (status, path) = (sent.status(), sent.url().path().to_owned());
    Page { status, path, text: sent.text().await.unwrap() }
}

/// Reloads the page of an import until it ends, as the page does by itself without a script.
async fn ended(who: &Visitor, path: &str) -> Page {
    for _ in 0..400 {
        let page = who.get(path).await.must(200);
        if !page.text.contains("http-equiv=\"refresh\"") {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{path} does not end");
}

async fn editor(place: Place) -> (Served, Visitor) {
    let served = serve(place).await;
    let who = served.officer("bien.tap").await;
    (served, who)
}

testkit::both! {
    async fn the_list_is_narrowed_by_queue_words_field_and_source(place: Place) {
        let (served, who) = editor(place).await;
        let has = async |query: &str, birth: bool, death: bool| {
            let page = who.get(&format!("/quan-tri/thu-tuc?{query}")).await.must(200);
            assert_eq!((page.text.contains("1.001193"), page.text.contains("1.000656")), (birth, death), "{query}");
        };
        has("", true, true).await;
        has("loc=cho-chot", true, false).await;
        has("loc=vuong", true, false).await;
        has("loc=danh-muc", true, false).await;
        has("q=khai+tu", false, true).await;
        has("q=1.000656", false, true).await;
        has("q=1.00", true, true).await;
        has("linh_vuc=H%E1%BB%99+t%E1%BB%8Bch", true, true).await;
        has("linh_vuc=%C4%90%E1%BA%A5t", false, false).await;
        has("nguon=written", false, false).await;
        has("trang=7", false, false).await;
        drop(served);
    }

    async fn an_editor_settles_an_open_term_and_what_was_typed_survives_a_fault(place: Place) {
        let (served, who) = editor(place).await;
        let here = "/quan-tri/thu-tuc/1.001193";
        let page = who.get(here).await.must(200);
        let (_, package) = served.town.current("1.001193", 2).await.unwrap();
        let row = package.terms[0].id.as_str();
        let wrong = who.post(&page, &format!("{here}/thoi-han"), &[("dong", row), ("don-vi", "month"), ("so", "ba"), ("can-cu", "Điều 16 <b>")]).await.must(422);
        assert!(wrong.text.contains("Ghi số, ví dụ 3 hoặc 0,5.") && wrong.text.contains("Điều 16 &#60;b&#62;"), "{}", wrong.text);
        let page = who.post(&page, &format!("{here}/thoi-han"), &[("dong", row), ("don-vi", "same_day"), ("so", ""), ("can-cu", "Điều 16 Luật Hộ tịch")]).await.must(200);
        assert!(page.path == here && page.text.contains("Trần Thị Biên chốt ngày 23/11/2026"), "{}", page.text);
        let (_, package) = served.town.current("1.001193", 6).await.unwrap();
        assert!(package.term(row).unwrap().same_day == Some(true) && !package.same_day && package.open_terms().next().is_none());
        let public = who.get("/thu-tuc/1.001193").await.must(200);
        assert!(public.text.contains("/nop/1.001193"), "it can be filed now");
    }

    async fn an_editor_puts_a_procedure_on_the_list_and_takes_it_off(place: Place) {
        let (_served, who) = editor(place).await;
        let here = "/quan-tri/thu-tuc/1.000656";
        let page = who.get(here).await.must(200);
        let public = who.get("/thu-tuc/1.000656").await.must(200);
        assert!(!public.text.contains("/nop/1.000656") && public.text.contains("chưa có trong danh mục"), "not filed here yet");
        let missing = who.post(&page, &format!("{here}/danh-muc"), &[("noi-nhan", "all"), ("so-quyet-dinh", "")]).await.must(422);
        assert!(missing.text.contains("Ghi số hiệu quyết định"));
        let early = who.post(&page, &format!("{here}/danh-muc"), &[("noi-nhan", "all"), ("so-quyet-dinh", "9/QĐ-UBND"), ("den-ngay", "hôm nào")]).await.must(422);
        assert!(early.text.contains("Không đọc được ngày này"));
        let fields = [("noi-nhan", "province"), ("so-quyet-dinh", "1505/QĐ-UBND"), ("den-ngay", "31/12/2026")];
        let page = who.post(&page, &format!("{here}/danh-muc"), &fields).await.must(200);
        assert!(page.text.contains("1505/QĐ-UBND") && page.text.contains("01/01/2027"), "the last day is the day before the end");
        assert!(who.get("/thu-tuc/1.000656").await.text.contains("/nop/1.000656"));
        let page = who.post(&page, &format!("{here}/bo-danh-muc"), &[("so-quyet-dinh-bo", "1600/QĐ-UBND")]).await.must(200);
        assert!(page.text.contains("Đưa ra khỏi danh mục tiếp nhận theo 1600/QĐ-UBND"), "told in its history");
        assert!(!who.get("/thu-tuc/1.000656").await.text.contains("/nop/1.000656"));
    }

    async fn every_decision_about_where_it_is_received_stays_on_the_page(place: Place) {
        let (_served, who) = editor(place).await;
        let here = "/quan-tri/thu-tuc/1.001193";
        let page = who.get(here).await.must(200);
        assert!(page.text.contains("1242/QĐ-UBND") && !page.text.contains("Các quyết định về nơi nhận"), "one row, which holds");
        let over = who.post(&page, &format!("{here}/danh-muc"), &[("noi-nhan", "all"), ("so-quyet-dinh", "9/QĐ-UBND"), ("den-ngay", "22/11/2026")]).await.must(422);
        assert!(over.text.contains("Ngày hết hiệu lực đã qua."), "{}", over.text);
        let fields = [("noi-nhan", "province"), ("so-quyet-dinh", "1505/QĐ-UBND"), ("tu-ngay", "01/12/2026")];
        let page = who.post(&page, &format!("{here}/danh-muc"), &fields).await.must(200);
        for told in ["Các quyết định về nơi nhận", "1242/QĐ-UBND", "01/12/2026, theo 1505/QĐ-UBND", "Trong danh mục<"] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        let page = who.post(&page, &format!("{here}/bo-danh-muc"), &[("so-quyet-dinh-bo", "1600/QĐ-UBND")]).await.must(200);
        for told in ["theo 1600/QĐ-UBND", "rút lại theo 1600/QĐ-UBND", "1242/QĐ-UBND", "1505/QĐ-UBND", "Không nhận ở đây"] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
    }

    async fn the_same_send_twice_settles_once(place: Place) {
        let (served, who) = editor(place).await;
        let here = "/quan-tri/thu-tuc/1.001193";
        let page = who.get(here).await.must(200);
        let row = served.town.current("1.001193", 2).await.unwrap().1.terms[0].id.clone();
        let lan = page.hidden("lan").unwrap();
        let fields = [("lan", lan.as_str()), ("dong", row.as_str()), ("don-vi", "working_day"), ("so", "3"), ("can-cu", "Điều 16 Luật Hộ tịch")];
        let first = who.post(&page, &format!("{here}/thoi-han"), &fields).await.must(200);
        let version = served.town.current("1.001193", 6).await.unwrap().0;
        let second = who.post(&page, &format!("{here}/thoi-han"), &fields).await.must(200);
        assert_eq!(first.path, second.path);
        assert_eq!(served.town.current("1.001193", 6).await.unwrap().0, version, "no second version of the same");
    }

    async fn a_file_is_imported_from_the_page_and_its_report_names_each_bad_row(place: Place) {
        let (_served, who) = editor(place).await;
        let file = lines(&[record("1.000002", "Thủ tục <i>lạ</i>", Some(3), Some("Ngày")), serde_json::json!([])]);
        let sent = upload(&who, "../../danh mục.jsonl", file.as_bytes()).await.must(200);
        assert!(sent.path.starts_with("/quan-tri/thu-tuc/nhap/"), "{}", sent.path);
        let report = ended(&who, &sent.path).await;
        assert!(report.text.contains("danh mục.jsonl") && !report.text.contains("../"));
        assert!(report.text.contains("dòng phải là một đối tượng JSON"), "{}", report.text);
        let csv = who.get(&format!("{}/loi.csv", sent.path)).await.must(200);
        assert!(csv.text.contains("2,,dòng phải là một đối tượng JSON"), "{}", csv.text);
        let public = who.get("/thu-tuc/1.000002").await.must(200);
        assert!(public.text.contains("&#60;i&#62;lạ"), "markup is only text");
        let again = ended(&who, &upload(&who, "lan hai.jsonl", file.as_bytes()).await.path).await;
        assert!(again.text.contains("Như cũ"));
    }

    async fn the_same_send_twice_is_one_import(place: Place) {
        let (_served, who) = editor(place).await;
        let page = who.get("/quan-tri/thu-tuc/nhap").await.must(200);
        let fields = [("csrf", page.hidden("csrf").unwrap()), ("lan", page.hidden("lan").unwrap())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let body = form(&fields, ("tep", "a.jsonl"), lines(&[record("1.000002", "A", Some(3), Some("Ngày"))]).as_bytes());
        let send = async || who.client().post(who.url("/quan-tri/thu-tuc/nhap")).header("content-type", FORM).body(body.clone()).send().await.unwrap().url().path().to_owned();
        let (first, second) = (send().await, send().await);
        assert_eq!(first, second);
    }

    async fn templates_are_read_back_and_hold_no_procedure(place: Place) {
        let (_served, who) = editor(place).await;
        for kind in ["csv", "xlsx", "jsonl"] {
            let bytes = who.client().get(who.url(&format!("/quan-tri/thu-tuc/mau/mau.{kind}"))).send().await.unwrap().bytes().await.unwrap();
            let report = ended(&who, &upload(&who, &format!("mau.{kind}"), &bytes).await.path).await;
            assert!(report.text.contains("Đã nhập cả tệp") && report.text.contains("<dd class=\"num\">0</dd>"), "{kind}: {}", report.text);
        }
    }

    async fn a_file_that_cannot_be_read_says_why_and_changes_nothing(place: Place) {
        let (_served, who) = editor(place).await;
        let sent = upload(&who, "anh.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00").await.must(200);
        let page = ended(&who, &sent.path).await;
        assert!(page.text.contains("danh mục giữ nguyên như trước"), "{}", page.text);
        let empty = upload(&who, "rong.csv", b"").await.must(422);
        assert!(empty.text.contains("Tệp này rỗng"));
        let none = upload(&who, "", b"").await.must(422);
        assert!(none.text.contains("Chọn tệp JSONL, CSV hoặc XLSX"));
    }
}

testkit::both! {
    async fn a_file_over_the_limit_is_refused_and_leaves_nothing(place: Place) {
        let (served, who) = editor(place).await;
        let large = vec![b'a'; catalogue::import::MOST_BYTES as usize + 10];
        let page = upload(&who, "to.csv", &large).await.must(422);
        assert!(page.text.contains(&format!("Tệp này quá nặng, tối đa {}", web::say::size(catalogue::import::MOST_BYTES))), "{}", page.text);
        let parts: i64 = served.town.db.read(async move |tx: &store::Read<'_>| tx.one(store::sql!("SELECT COUNT(*) FROM catalogue_import_part"), &[]).await).await.unwrap();
        assert_eq!(parts, 0);
    }
}
