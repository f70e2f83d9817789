//! Addresses written the old way, on plain pages, at the counter and for programs.

use crate::front::{Front, Person};
use crate::given::package;
use catalogue::package::Package;
use http::Method;
use testkit::Place;

const OLD: &str = "12 Lý Bôn, P.7, TP Bạc Liêu";
const ANEW: &str = "12 Lý Bôn, Phường Bạc Liêu, Tỉnh Cà Mau";
/// Divided among several communes of today.
const DIVIDED: &str = "Số 3 ngõ 5, Phường Cống Vị, Quận Ba Đình, Hà Nội";

fn with_a_form() -> Package {
    let form = r#"{ "title": "Tờ khai", "pages": [{ "id": "con", "title": "Con", "fields": [
        { "id": "con.noi_sinh", "label": "Nơi sinh", "type": "address", "required": true },
        { "id": "con.noi_khac", "label": "Nơi khác", "type": "text" } ] }] }"#;
    Package { form: Some(serde_json::from_str(form).unwrap()), ..package() }
}

async fn send(front: &Front, who: &Person, page: &str, fields: &[(&str, &str)]) -> String {
    front.post(who, page, fields).await.must(303).location().to_owned()
}

testkit::both! {
    async fn without_scripts_the_page_comes_again_once_with_the_address_as_it_is_written_today(place: Place) {
        let front = Front::on(place, with_a_form()).await;
        let mother = front.citizen("me").await;
        let draft = front.draft(&mother, "1.001193").await;
        let (page, ward) = (format!("{draft}/lien-he"), front.town.ward.0.to_string());
        let typed = [("ho-ten", "Trần Thị Thử"), ("xa", ward.as_str()), ("dia-chi", OLD)];
        assert_eq!(send(&front, &mother, &page, &typed).await, format!("{page}#nay-dia-chi"));
        let asked = front.get(&mother, &page).await.must(200).text;
        assert!(asked.contains("id=\"nay-dia-chi\"") && asked.contains(ANEW) && asked.contains("nay thuộc Phường Bạc Liêu, Tỉnh Cà Mau"), "{asked}");
        assert!(asked.contains(&format!("value=\"{OLD}\"")), "nothing is changed unasked");
        let next = format!("{draft}/con");
        let keep = [typed.as_slice(), &[("nay.dia-chi", "giu")]].concat();
        assert_eq!(send(&front, &mother, &page, &keep).await, next, "asked once");
        let anew = [typed.as_slice(), &[("nay.dia-chi", "31825")]].concat();
        assert_eq!(send(&front, &mother, &page, &anew).await, next);
        let kept = front.get(&mother, &page).await.must(200).text;
        assert!(kept.contains(&format!("value=\"{ANEW}\"")) && !kept.contains("id=\"nay-dia-chi\""), "{kept}");
    }

    async fn a_field_of_a_form_gives_all_candidates_when_the_old_commune_was_divided(place: Place) {
        let front = Front::on(place, with_a_form()).await;
        let mother = front.citizen("me").await;
        let draft = front.draft(&mother, "1.001193").await;
        let page = format!("{draft}/con");
        // what holds no address is not read as one
        let typed = [("con.noi_sinh", DIVIDED), ("con.noi_khac", OLD)];
        assert_eq!(send(&front, &mother, &page, &typed).await, format!("{page}#nay-con-noi_sinh"));
        let asked = front.get(&mother, &page).await.must(200).text;
        let offers = asked.matches("name=\"nay.con.noi_sinh\"").count();
        assert!(offers >= 3 && asked.contains("nay chia về") && !asked.contains("nay.con.noi_khac"), "{asked}");
        // while it is typed the same is kept by itself, and asked on the page that is read again
        let code = asked.split("name=\"nay.con.noi_sinh\"").nth(1).unwrap().split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let chosen = [typed.as_slice(), &[("nay.con.noi_sinh", code.as_str())]].concat();
        front.post(&mother, &format!("{page}/luu"), &chosen).await.must(200);
        let kept = front.get(&mother, &page).await.must(200).text;
        assert!(kept.contains("value=\"Số 3 ngõ 5, Phường ") && !kept.contains("Quận Ba Đình"), "{kept}");
        assert!(!send(&front, &mother, &page, &[("con.noi_sinh", ANEW)]).await.contains("#nay"));
    }

    async fn a_program_asks_what_an_address_means_today(place: Place) {
        let front = Front::on(place, package()).await;
        let anyone = front.citizen("me").await;
        let ask = async |address: &str| {
            let body = serde_json::json!({ "address": address }).to_string();
            let answer = front.call(&anyone, Method::POST, "/api/v1/addresses/today", &body).await.must(200);
            serde_json::from_str::<serde_json::Value>(&answer.text).unwrap()
        };
        let found = ask(OLD).await;
        let today = serde_json::json!({ "commune": "31825", "commune_name": "Phường Bạc Liêu", "province_name": "Tỉnh Cà Mau", "written": ANEW });
        assert_eq!(found, serde_json::json!({ "communes": ["31825"], "today": [today] }));
        assert_eq!(ask(ANEW).await, serde_json::json!({ "communes": ["31825"], "today": [] }));
        assert!(ask(DIVIDED).await["today"].as_array().unwrap().len() >= 2);
        let endless = serde_json::json!({ "address": "xã ".repeat(1_000) }).to_string();
        front.call(&anyone, Method::POST, "/api/v1/addresses/today", &endless).await.must(422);
        assert_eq!(ask(&"xã ".repeat(300)).await, serde_json::json!({ "communes": [], "today": [] }));
    }
}
