//! An administrator's day: a unit, a person, a first password, a post given and ended.
use directory::Role;

use crate::{
    sign_in_pages::{PASSWORD, sign_in},
    town::{Served, minutes, serve},
};

async fn admin(served: &Served) -> testkit::http::Visitor {
    let admin = served.town.officer("quan.tri", served.town.province, Role::Administrator).await;
    let cx = directory::Cx::machine(served.clock.now());
    let hashed = directory::hash_password(PASSWORD, &[], &cx.by.seed).await.unwrap();
    served
        .town
        .db
        .write(async move |tx: &store::Write<'_>| directory::set_password(tx, &cx, admin, &hashed, true).await)
        .await
        .unwrap();
    let browser = served.browser();
    sign_in(&browser, "quan.tri", PASSWORD, "/quan-tri").await.must(200);
    browser
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let at = text.find(before).unwrap_or_else(|| panic!("no {before:?}")) + before.len();
    let rest = &text[at..];
    &rest[..rest.find(after).unwrap()]
}

testkit::both! {
    async fn a_person_is_added_signs_in_and_loses_the_post(place: testkit::Place) {
        let served = serve(place, true).await;
        let browser = admin(&served).await;
        let home = browser.get("/quan-tri").await.must(200);
        assert!(home.text.contains("/quan-tri/don-vi") && home.text.contains("/quan-tri/nguoi") && home.text.contains("/quan-tri/dang-nhap"));
        let form = browser.get(&format!("/quan-tri/nguoi/them?don-vi={}", served.town.ward_desk)).await.must(200);
        assert!(form.text.contains("H12.164.01"));
        let wrong = browser.post(&form, "/quan-tri/nguoi/them", &[("ho-ten", "H'Blim Niê"), ("ten", "x"), ("don-vi", "H99.1")]).await.must(422);
        assert!(wrong.text.contains("H&#39;Blim Niê") || wrong.text.contains("H'Blim Niê"), "what was typed is kept");
        let fields = [("ho-ten", "H'Blim Niê"), ("ten", "blim.nie"), ("don-vi", "H12.164.01"), ("chuc-vu", "Chuyên viên một cửa"), ("vai-tro", "desk_officer")];
        let once = browser.post(&wrong, "/quan-tri/nguoi/them", &fields).await.must(200);
        let password = between(&once.text, "<dt>Mật khẩu</dt><dd>", "</dd>").trim().to_owned();
        assert_eq!(password.len(), 24, "{password}");
        let person = between(&once.text, "href=\"/quan-tri/nguoi/", "\"").to_owned();

        let new = served.browser();
        let own = sign_in(&new, "blim.nie", &password, "/can-bo/toi/pin").await.must(200);
        assert_eq!(own.path, "/can-bo/toi/mat-khau", "an own password first");
        new.post(&own, "/can-bo/toi/mat-khau", &[("mat-khau", &password), ("mat-khau-moi", "đò chiều rạch Tàu")]).await.must(200);

        served.clock.set(minutes(1));
        let page = browser.get(&format!("/quan-tri/nguoi/{person}")).await.must(200);
        let end = format!("/quan-tri/nguoi/{person}/chuc-vu/{}/ket-thuc", between(&page.text, &format!("/quan-tri/nguoi/{person}/chuc-vu/"), "/ket-thuc"));
        let ended = browser.post(&page, &end, &[]).await.must(200);
        assert!(ended.text.contains("Hết hiệu lực"));
        assert!(new.get("/can-bo/toi").await.must(200).text.contains("Bạn chưa giữ chức vụ nào"), "the same minute");

        let given = browser.post(&ended, &format!("/quan-tri/nguoi/{person}/chuc-vu"), &[("don-vi", "H12.03"), ("chuc-vu", "Chuyên viên"), ("vai-tro", "case_officer"), ("den", "31/12/2026")]).await.must(200);
        assert!(given.text.contains("Sở Tư pháp") && given.text.contains("01/01/2027"));
        let history = browser.get("/quan-tri/dang-nhap").await.must(200);
        assert!(history.text.contains("Niê") && history.text.contains("Đã vào"));
        let left = browser.post(&given, &format!("/quan-tri/nguoi/{person}/thoi-viec"), &[("ly-do", "Nghỉ hưu")]).await.must(200);
        assert!(left.text.contains("Đã thôi làm việc"));
        assert!(new.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"), "the session is gone");
    }

    async fn units_are_added_renamed_and_ended_on_their_pages(place: testkit::Place) {
        let served = serve(place, true).await;
        let browser = admin(&served).await;
        let list = browser.get("/quan-tri/don-vi").await.must(200);
        assert!(list.text.contains("Sở Tư pháp") && list.text.contains("H12.164"));
        let found = browser.get("/quan-tri/don-vi?q=an+xuyen").await.must(200);
        assert!(found.text.contains("An Xuyên") && !found.text.contains("Sở Tư pháp"));
        let add = format!("/quan-tri/don-vi/{}/them", served.town.ward);
        let form = browser.get(&add).await.must(200);
        let taken = browser.post(&form, &add, &[("ten", "Phòng Mẫu"), ("ma", "H12.03"), ("loai", "division")]).await.must(422);
        assert!(taken.text.contains("đang thuộc “Sở Tư pháp”"));
        let unit = browser.post(&taken, &add, &[("ten", "Phòng Kinh tế"), ("ma", "H12.164.03"), ("loai", "division")]).await.must(200);
        let here = unit.path.clone();
        served.clock.set(minutes(1));
        let renamed = browser.post(&unit, &format!("{here}/doi-ten"), &[("ten", "Phòng Kinh tế và Hạ tầng"), ("ma", "H12.164.03"), ("loai", "division"), ("van-ban", "QĐ 12/QĐ-UBND")]).await.must(200);
        assert!(renamed.text.contains("Phòng Kinh tế và Hạ tầng") && renamed.text.contains("QĐ 12/QĐ-UBND"));
        let detailed = browser.post(&renamed, &format!("{here}/chi-tiet"), &[("dia-chi", "1 Đường Mẫu")]).await.must(200);
        let wrong = browser.post(&detailed, &format!("{here}/gio"), &[("gio", "7 giờ"), ("gio-tu", "")]).await.must(422);
        assert!(wrong.text.contains("buổi nghỉ ghi dấu gạch.") && wrong.text.contains("Ghi ngày bắt đầu áp dụng.") && wrong.text.contains("Ghi văn bản làm căn cứ."));
        let hours = |from: &'static str| [("gio", "07:30-11:30 13:30-17:30"), ("gio-tu", from), ("gio-van-ban", "Thông báo 9/TB-UBND")];
        let past = browser.post(&wrong, &format!("{here}/gio"), &hours("22/11/2026")).await.must(422);
        assert!(past.text.contains("hoặc đã qua"), "a day that was worked is not counted anew");
        let set = browser.post(&past, &format!("{here}/gio"), &hours("01/12/2026")).await.must(200);
        assert!(set.text.contains("01/12/2026") && set.text.contains("07:30-11:30 13:30-17:30") && set.text.contains("Thông báo 9/TB-UBND"));
        assert!(set.text.contains("<dt>Giờ làm việc hôm nay</dt><dd>07:00-11:00 13:00-17:00</dd>"), "not yet");
        let ended = browser.post(&renamed, &format!("{here}/ket-thuc"), &[("ke-tuc", "H12.164"), ("van-ban-kt", "QĐ 13/QĐ-UBND")]).await.must(200);
        assert!(ended.text.contains("Đã kết thúc") && ended.text.contains("Đơn vị kế tục"));
    }

    async fn the_template_of_units_comes_back_in_unchanged(place: testkit::Place) {
        let served = serve(place, true).await;
        let browser = admin(&served).await;
        for kind in ["csv", "xlsx"] {
            let file = browser.client().get(browser.url(&format!("/quan-tri/don-vi/tai/mau.{kind}"))).send().await.unwrap().bytes().await.unwrap();
            let page = browser.get("/quan-tri/don-vi/nhap").await.must(200);
            let form = reqwest::multipart::Form::new()
                .text("csrf", page.hidden("csrf").unwrap())
                .part("tep", reqwest::multipart::Part::bytes(file.to_vec()).file_name("don-vi"));
            let answer = browser.client().post(browser.url("/quan-tri/don-vi/nhap")).multipart(form).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), 200);
            let text = answer.text().await.unwrap();
            assert!(text.contains("<dt>Như cũ</dt><dd>7</dd>"), "{kind}: {}", between(&text, "<dl", "</dl>"));
        }
    }
}
