//! The filing behind its pages and its API: files with faults, sessions that end, sends that come twice.

use crate::front::{Answer, Front, Person, pdf};
use crate::given::package;
use http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::Place;
use web::Realm;

const PAPER: &str = "tep.chung-sinh";

async fn front(place: Place) -> (Front, Person, String) {
    let front = Front::on(place, package()).await;
    let mother = front.citizen("me").await;
    let draft = front.draft(&mother, "1.001193").await;
    (front, mother, draft)
}

fn contact(front: &Front) -> Vec<(&'static str, String)> {
    vec![("ho-ten", "Trần Thị Thử".to_owned()), ("xa", front.town.ward.0.to_string()), ("da-hien", String::new())]
}

async fn fill(front: &Front, who: &Person, draft: &str) {
    let fields = contact(front);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    front.post(who, &format!("{draft}/lien-he"), &fields).await.must(303);
    front.post(who, &format!("{draft}/nhan-ket-qua"), &[("kenh", "desk")]).await.must(303);
}

/// The drawing of a page, as its form sends it.
async fn sheet(front: &Front, who: &Person, at: &str) -> String {
    sheet_of(&front.get(who, at).await.must(200))
}

fn sheet_of(page: &Answer) -> String {
    page.text.split("name=\"to-nay\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

/// What the script sends while somebody types: the drawing, and only what was typed.
async fn autosave(front: &Front, who: &Person, at: &str, sheet: &str, typed: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("to-nay", sheet)];
    for (name, value) in typed {
        fields.extend([("chi-nhung", *name), (*name, *value)]);
    }
    front.post(who, &format!("{at}/luu"), &fields).await
}

testkit::both! {
    async fn a_plain_form_keeps_the_good_file_and_tells_the_bad_ones_in_their_place(place: Place) {
        let (front, mother, draft) = front(place).await;
        let at = format!("{draft}/giay-to");
        let good = pdf("tốt");
        let bad: [(&str, &str, &[u8]); 4] =
            [(PAPER, "rong.pdf", b""), (PAPER, "doi.pdf", b"MZ a program"), (PAPER, "a.exe", b"MZ"), (PAPER, "dut.pdf", b"%PDF-1.4 half")];
        for one in bad {
            let page = front.post_files(&mother, &at, &[], &[one]).await.must(422);
            assert!(page.text.contains("id=\"tep-chung-sinh-e\""), "{}: the fault stands beside its field", one.1);
        }
        let page = front.post_files(&mother, &at, &[], &[(PAPER, "../../x/giấy.pdf", &good), (PAPER, "doi.pdf", b"no")]).await.must(422);
        assert!(page.text.contains("<b>giấy.pdf</b>") && page.text.contains("doi.pdf: Nội dung tệp") && !page.text.contains("<b>doi.pdf</b>"));
        // F5: the same again is the same one file.
        front.post_files(&mother, &at, &[], &[(PAPER, "giấy.pdf", &good)]).await.must(303);
        assert_eq!(front.get(&mother, &at).await.text.matches("<b>giấy.pdf</b>").count(), 1);
    }

    async fn a_file_over_the_limit_is_told_beside_its_field(place: Place) {
        let (front, mother, draft) = front(place).await;
        let mut heavy = pdf("nặng");
        heavy.resize(10_000_001, b' ');
        let page = front.post_files(&mother, &format!("{draft}/giay-to"), &[], &[(PAPER, "nang.pdf", &heavy)]).await.must(422);
        assert!(page.text.contains("id=\"tep-chung-sinh-e\"") && page.text.contains("tối đa 10\u{a0}MB"), "{}", page.text);
    }

    async fn an_upload_is_taken_by_the_autosave_and_by_the_form_once(place: Place) {
        let (front, mother, draft) = front(place).await;
        let id = front.upload(&mother, "Giấy chứng sinh.pdf", &pdf("một")).await.to_string();
        let fields = [("tep.chung-sinh.id", id.as_str()), ("tep.chung-sinh.mo", id.as_str())];
        front.post(&mother, &format!("{draft}/giay-to/luu"), &fields).await.must(200);
        front.post(&mother, &format!("{draft}/giay-to"), &fields).await.must(303);
        let page = front.get(&mother, &format!("{draft}/giay-to")).await;
        assert_eq!(page.text.matches("<b>Giấy chứng sinh.pdf</b>").count(), 1);
        assert!(page.text.contains("Ảnh có vẻ mờ"), "what the script noticed is kept as a hint");
        let stranger = front.citizen("la").await;
        let other = front.draft(&stranger, "1.001193").await;
        let page = front.post(&stranger, &format!("{other}/giay-to"), &fields).await.must(422);
        assert!(page.text.contains("không còn ở máy chủ"), "an upload of somebody else is none");
    }

    async fn a_session_that_ends_in_the_middle_loses_no_word_and_no_file(place: Place) {
        let (front, mother, draft) = front(place).await;
        let id = front.upload(&mother, "chung-sinh.pdf", &pdf("một")).await.to_string();
        front.clock.advance(SignedDuration::from_hours(13));
        let name = "Trần Thị Thử <b>";
        let ward = front.town.ward.0.to_string();
        let words = front.post(&mother, &format!("{draft}/lien-he"), &[("ho-ten", name), ("xa", &ward)]).await.must(303);
        let files = front.post_files(&mother, &format!("{draft}/giay-to"), &[("tep.chung-sinh.id", &id)], &[]).await.must(303);
        let kept = |answer: &crate::front::Answer| {
            let to = answer.location().to_owned();
            assert!(to.starts_with("/dang-nhap?"), "{to}");
            url::form_urlencoded::parse(to.split_once('?').unwrap().1.as_bytes()).find(|(k, _)| k == "next").unwrap().1.into_owned()
        };
        let (words, files) = (kept(&words), kept(&files));
        let back = front.enter_again(Realm::Citizen, mother.subject, None, &mother.cookie).await;
        let page = front.get(&back, &words).await.must(200);
        assert!(page.text.contains("Trần Thị Thử &lt;b&gt;") || page.text.contains("Trần Thị Thử &#60;b&#62;"), "{}", page.text);
        front.post(&back, &format!("{draft}/lien-he"), &[("ho-ten", "Trần Thị Thử"), ("xa", &ward)]).await.must(303);
        let page = front.get(&back, &files).await.must(200);
        assert!(page.text.contains(&id), "the form that is sent again names the upload");
        front.post(&back, &format!("{draft}/giay-to"), &[("tep.chung-sinh.id", &id)]).await.must(303);
        assert!(front.get(&back, &format!("{draft}/giay-to")).await.text.contains("<b>chung-sinh.pdf</b>"));
    }

    async fn a_session_that_ends_between_two_calls_costs_a_program_nothing(place: Place) {
        let (front, mother, draft) = front(place).await;
        let id = draft.rsplit('/').next().unwrap().to_owned();
        let file = pdf("một");
        front.post_files(&mother, &format!("/api/v1/drafts/{id}/files"), &[], &[(PAPER, "a.pdf", &file)]).await.must(200);
        front.clock.advance(SignedDuration::from_hours(13));
        let answer = front.call(&mother, Method::PUT, &format!("/api/v1/drafts/{id}"), "{}").await.must(401);
        assert!(answer.text.contains("sign-in"));
        let answer = front.post_files(&mother, &format!("/api/v1/drafts/{id}/files"), &[], &[(PAPER, "b.pdf", &file)]).await;
        assert_eq!(answer.status.as_u16(), 401, "{}", answer.text);
        let back = front.enter_again(Realm::Citizen, mother.subject, None, &mother.cookie).await;
        let seen = front.call(&back, Method::GET, &format!("/api/v1/drafts/{id}"), "").await.must(200);
        assert!(seen.text.contains("a.pdf") && !seen.text.contains("b.pdf"), "{}", seen.text);
    }

    async fn a_program_reads_a_draft_back_and_fills_it_with_the_same(place: Place) {
        let (front, mother, draft) = front(place).await;
        let at = format!("/api/v1/drafts/{}", draft.rsplit('/').next().unwrap());
        let put = async |filling: &Value| front.call(&mother, Method::PUT, &at, &filling.to_string()).await;
        let filled = async || {
            let text = front.call(&mother, Method::GET, &at, "").await.must(200).text;
            serde_json::from_str::<Value>(&text).unwrap()["filled"].clone()
        };
        let person = json!({
            "name": "Trần Thị Thử", "id_number": "", "birth": "1998-03", "sex": "female", "phone": "0900000002", "email": "",
            "address": "Khóm Mẫu"
        });
        let filling =
            json!({ "applicant": person, "submitter_name": null, "commune": "32002", "answers": {}, "result_channel": "post" });
        put(&filling).await.must(200);
        assert_eq!(filled().await, filling);
        put(&filled().await).await.must(200);
        assert_eq!(filled().await, filling);
        let nowhere = put(&json!({ "applicant": person, "commune": "99999" })).await.must(422).text;
        assert!(nowhere.contains("\"field\":\"commune\"") && nowhere.contains("mang mã này"), "the code is wrong, not the field: {nowhere}");
        assert_eq!(filled().await, filling, "what is refused changes nothing");
        put(&json!({ "applicant": person })).await.must(200);
        assert_eq!(filled().await["commune"], Value::Null, "what is sent replaces what was there");
    }

    async fn a_call_without_a_file_takes_no_more_than_a_form(place: Place) {
        let (front, mother, draft) = front(place).await;
        let at = format!("/api/v1/drafts/{}", draft.rsplit('/').next().unwrap());
        let endless = json!({ "applicant": { "name": "a".repeat(front.house.settings.max_form) } }).to_string();
        front.call(&mother, Method::PUT, &at, &endless).await.must(413);
        front.call(&mother, Method::POST, "/api/v1/addresses/today", &json!({ "address": endless }).to_string()).await.must(413);
        let heavy = [pdf("nặng"), vec![b' '; 2 * front.house.settings.max_form], pdf("nặng")].concat();
        front.post_files(&mother, &format!("{at}/files"), &[], &[(PAPER, "nang.pdf", &heavy)]).await.must(200);
    }

    async fn the_api_attaches_only_what_is_asked_and_only_for_the_owner(place: Place) {
        let (front, mother, draft) = front(place).await;
        let at = format!("/api/v1/drafts/{}/files", draft.rsplit('/').next().unwrap());
        let file = pdf("một");
        let answer = front.post_files(&mother, &at, &[], &[("tep.khong-co", "a.pdf", &file)]).await.must(422);
        assert!(answer.text.contains("không nhận tệp"), "{}", answer.text);
        let answer = front.post_files(&mother, &at, &[], &[(PAPER, "a.pdf", b"MZ")]).await.must(422);
        assert!(answer.text.contains("tep.chung-sinh"), "{}", answer.text);
        let stranger = front.citizen("la").await;
        front.post_files(&stranger, &at, &[], &[(PAPER, "a.pdf", &file)]).await.must(404);
        front.post_files(&mother, &at, &[], &[(PAPER, "a.pdf", &file)]).await.must(200);
        fill(&front, &mother, &draft).await;
        front.post(&mother, &format!("{draft}/nop"), &[]).await.must(303);
        let answer = front.post_files(&mother, &at, &[], &[(PAPER, "b.pdf", &file)]).await.must(409);
        assert!(answer.text.contains("đã nộp"), "{}", answer.text);
    }

    async fn the_same_send_twice_is_one_dossier_with_the_same_answer(place: Place) {
        let (front, mother, draft) = front(place).await;
        fill(&front, &mother, &draft).await;
        front.post_files(&mother, &format!("{draft}/giay-to"), &[], &[(PAPER, "a.pdf", &pdf("một"))]).await.must(303);
        let send = || async { front.post(&mother, &format!("{draft}/nop"), &[]).await.must(303).location().to_owned() };
        let (one, two) = tokio::join!(send(), send());
        assert!(one.starts_with("/tra-cuu/N-") && one == two && one == send().await, "{one} {two}");
        // A page of the draft that was left open leads to the dossier.
        let late = front.post(&mother, &format!("{draft}/nhan-ket-qua"), &[("kenh", "post")]).await.must(303);
        assert_eq!(late.location(), one);
        assert_eq!(front.get(&mother, &format!("{draft}/lien-he")).await.must(303).location(), one);
        front.post(&mother, &format!("{draft}/lien-he/luu"), &[("ho-ten", "Khác")]).await.must(409);
    }

    async fn the_tracking_page_says_which_paper_each_file_is_and_leads_its_owner_to_who_looked(place: Place) {
        let (front, mother, draft) = front(place).await;
        fill(&front, &mother, &draft).await;
        front.post_files(&mother, &format!("{draft}/giay-to"), &[], &[(PAPER, "IMG_2041.pdf", &pdf("một"))]).await.must(303);
        let filed = front.post(&mother, &format!("{draft}/nop"), &[]).await.must(303).location().to_owned();
        let page = front.get(&mother, &filed).await.must(200).text;
        let (_, sent) = page.split_once("Giấy tờ bạn đã gửi").unwrap();
        let (paper, file) = (sent.find("Giấy chứng sinh").unwrap(), sent.find("IMG_2041.pdf").unwrap());
        assert!(paper < file, "{sent}");
        assert!(sent.contains("href=\"/tai-khoan/luot-xem\""), "{sent}");
    }

    async fn a_filing_without_a_name_or_a_commune_stays_a_draft(place: Place) {
        let (front, mother, draft) = front(place).await;
        front.post_files(&mother, &format!("{draft}/giay-to"), &[], &[(PAPER, "a.pdf", &pdf("một"))]).await.must(303);
        front.post(&mother, &format!("{draft}/lien-he/luu"), &[("ho-ten", ""), ("ngay-sinh.d", "5"), ("thu", "a b")]).await.must(200);
        let page = front.post(&mother, &format!("{draft}/nop"), &[]).await.must(422);
        for said in ["Điền họ, chữ đệm, tên.", "Ghi thêm năm.", "Địa chỉ thư điện tử", "Chọn xã, phường nhận hồ sơ."] {
            assert!(page.text.contains(said), "{said}");
        }
        assert!(page.text.contains("name=\"ngay-sinh.d\" inputmode=\"numeric\" maxlength=\"2\" autocomplete=\"off\" value=\"5\""), "what was typed is still there");
        let fields = contact(&front);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        front.post(&mother, &format!("{draft}/lien-he"), &fields).await.must(303);
        let page = front.post(&mother, &format!("{draft}/nop"), &[]).await.must(422);
        assert!(page.text.contains("Chọn một cách nhận kết quả."));
        let answer = front.call(&mother, Method::POST, &format!("/api/v1/drafts/{}/submit", draft.rsplit('/').next().unwrap()), "").await;
        assert!(answer.status == 422 && answer.text.contains("result_channel"), "{}", answer.text);
    }

    async fn an_autosave_speaks_of_what_was_typed_and_empties_nothing_else(place: Place) {
        let (front, mother, draft) = front(place).await;
        let at = format!("{draft}/lien-he");
        let (one, two) = (sheet(&front, &mother, &at).await, sheet(&front, &mother, &at).await);
        let typed = [("dia-chi", "Số 1 Lê Lợi"), ("ngay-sinh.y", "1990")];
        autosave(&front, &mother, &at, &one, &typed).await.must(200);
        autosave(&front, &mother, &at, &two, &[("thu", "me@vi-du.vn")]).await.must(200);
        let page = front.get(&mother, &at).await.must(200).text;
        for held in ["value=\"Trần Thị Thử\"", "value=\"Số 1 Lê Lợi\"", "value=\"1990\"", "value=\"me@vi-du.vn\""] {
            assert!(page.contains(held), "{held}");
        }
        autosave(&front, &mother, &at, &one, &[("dia-chi", "")]).await.must(200);
        assert!(!front.get(&mother, &at).await.text.contains("Số 1 Lê Lợi"), "what was emptied by hand is empty");
    }

    async fn what_was_answered_otherwise_on_another_page_stays_until_the_person_has_seen_it(place: Place) {
        let (front, mother, draft) = front(place).await;
        let at = format!("{draft}/lien-he");
        let (one, two) = (sheet(&front, &mother, &at).await, sheet(&front, &mother, &at).await);
        autosave(&front, &mother, &at, &one, &[("dia-chi", "Số 1")]).await.must(200);
        // the page it came from goes on, also when the answer was lost on its way
        autosave(&front, &mother, &at, &one, &[("dia-chi", "Số 1 Lê Lợi")]).await.must(200);
        let typed = [("dia-chi", "Số 9"), ("dien-thoai", "0900000001")];
        let told = autosave(&front, &mother, &at, &two, &typed).await.must(409).text;
        let told: serde_json::Value = serde_json::from_str(&told).unwrap();
        assert_eq!(told["disputes"].as_array().unwrap().len(), 1, "{told}");
        let dispute = &told["disputes"][0];
        assert_eq!(dispute["question"], "dia-chi");
        assert_eq!(dispute["held"][0][1], "Số 1 Lê Lợi");
        assert_eq!(dispute["sent"][0][1], "Số 9");
        let page = front.get(&mother, &at).await.text;
        assert!(page.contains("value=\"Số 1 Lê Lợi\"") && page.contains("value=\"0900000001\""), "the rest is kept: {page}");
        let seen = dispute["version"].to_string();
        let fields = [("to-nay", two.as_str()), ("chi-nhung", "dia-chi"), ("dia-chi", "Số 9"), ("da-xem.dia-chi", seen.as_str())];
        front.post(&mother, &format!("{at}/luu"), &fields).await.must(200);
        assert!(front.get(&mother, &at).await.text.contains("value=\"Số 9\""));
        // now it is news to the first page
        autosave(&front, &mother, &at, &one, &[("dia-chi", "Số 1")]).await.must(409);
    }

    async fn without_scripts_a_page_left_open_empties_nothing_and_shows_both_texts(place: Place) {
        let (front, mother, draft) = front(place).await;
        let at = format!("{draft}/lien-he");
        let ward = front.town.ward.0.to_string();
        let post = async |sheet: &str, address: &str, more: &[(&str, &str)]| {
            let fields = [("to-nay", sheet), ("ho-ten", "Trần Thị Thử"), ("xa", ward.as_str()), ("dia-chi", address)];
            front.post(&mother, &at, &[fields.as_slice(), more].concat()).await
        };
        let left_open = sheet(&front, &mother, &at).await;
        let here = sheet(&front, &mother, &at).await;
        post(&here, "Số 1", &[]).await.must(303);
        post(&here, "Số 1 Lê Lợi", &[]).await.must(303);
        let again = post(&left_open, "", &[("sau", "co")]).await.must(409);
        for said in ["name=\"chon.dia-chi\"", "value=\"Số 1 Lê Lợi\"", "để trống", "tom-tat-loi", "Giữ chữ nào?"] {
            assert!(again.text.contains(said), "{said}: {}", again.text);
        }
        let seen = sheet_of(&again);
        post(&seen, "Số 1 Lê Lợi", &[("chon.dia-chi", "giu")]).await.must(303);
        assert!(front.get(&mother, &at).await.text.contains("value=\"Số 1 Lê Lợi\""));
        let mine = "[[[\"dia-chi\",\"Số 1 Lê Lợi\"]],[[\"dia-chi\",\"Số 9\"]]]";
        post(&seen, "Số 1 Lê Lợi, hẻm 2", &[("chon.dia-chi", mine)]).await.must(303);
        assert!(front.get(&mother, &at).await.text.contains("value=\"Số 1 Lê Lợi, hẻm 2\""), "what was typed anew stays");
        let mine = mine.replace("Lê Lợi\"]],", "Lê Lợi, hẻm 2\"]],");
        post(&seen, "Số 1 Lê Lợi, hẻm 2", &[("chon.dia-chi", mine.as_str())]).await.must(303);
        assert!(front.get(&mother, &at).await.text.contains("value=\"Số 9\""), "the text that was chosen");
    }

    async fn a_page_of_the_form_left_open_empties_nothing_either(place: Place) {
        let form = r#"{ "title": "Tờ khai", "pages": [{ "id": "con", "title": "Con", "fields": [
            { "id": "con.ho_ten", "label": "Tên", "type": "text" },
            { "id": "con.ngay_sinh", "label": "Ngày sinh", "type": "date" } ] }] }"#;
        let package = catalogue::package::Package { form: Some(serde_json::from_str(form).unwrap()), ..package() };
        let front = Front::on(place, package).await;
        let mother = front.citizen("me").await;
        let at = format!("{}/con", front.draft(&mother, "1.001193").await);
        let left_open = sheet(&front, &mother, &at).await;
        let here = sheet(&front, &mother, &at).await;
        let answers = [("con.ho_ten", "Trần Bé"), ("con.ngay_sinh.d", "5"), ("con.ngay_sinh.m", "11"), ("con.ngay_sinh.y", "2026")];
        front.post(&mother, &at, &[[("to-nay", here.as_str())].as_slice(), &answers].concat()).await.must(303);
        let again = front.post(&mother, &at, &[("to-nay", &left_open), ("con.ho_ten", "Trần Bé")]).await.must(409);
        assert!(again.text.contains("name=\"chon.con.ngay_sinh\"") && !again.text.contains("name=\"chon.con.ho_ten\""), "{}", again.text);
        assert!(again.text.contains("05/11/2026") && again.text.contains("value=\"Trần Bé\""));
    }

    async fn filing_for_another_opens_a_question_without_blame(place: Place) {
        let (front, mother, draft) = front(place).await;
        let mut fields = contact(&front);
        fields.push(("nop-thay", "co".into()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = front.post(&mother, &format!("{draft}/lien-he"), &fields).await.must(303);
        assert_eq!(answer.location(), format!("{draft}/lien-he?them=1#cau-nguoi-nop"));
        let page = front.get(&mother, answer.location().split('#').next().unwrap()).await.must(200);
        assert!(page.text.contains("mở thêm 1 câu hỏi") && !page.text.contains("tom-tat-loi"), "{}", page.text);
        let seen: Vec<(&str, &str)> = fields.iter().copied().filter(|(n, _)| *n != "da-hien").chain([("da-hien", "nguoi-nop")]).collect();
        let page = front.post(&mother, &format!("{draft}/lien-he"), &seen).await.must(422);
        assert!(page.text.contains("Điền tên người nộp thay."));
    }
}
