//! Half a working day: in a package, in an import, settled on the page and by a program (OS-33).

use base::due::{Amount, Term, TermUnit};
use catalogue::package;
use serde_json::json;
use testkit::Place;

use crate::served::serve;
use crate::town::{Town, lines, record};

const HALF: Amount = Amount::halves(1);

#[test]
fn a_package_of_half_a_day_is_written_and_read_the_same_and_a_whole_one_keeps_its_hash() {
    let mut p = package::read(&crate::data().join("procedures/2.000815")).unwrap();
    let whole = serde_json::to_value(&p).unwrap();
    assert!(whole["terms"][0]["value"].is_u64(), "a whole count is a whole number: {whole}");
    p.terms.truncate(1);
    (p.terms[0].value, p.terms[0].unit, p.same_day) = (Some(HALF), Some(TermUnit::WorkingDay), true);
    assert_eq!(package::check(&p), []);
    assert_eq!(p.allowance(&p.terms[0]), Term::of(HALF, TermUnit::WorkingDay).ok(), "half a day is not the whole of it (OS-14)");
    let there = tempfile::tempdir().unwrap();
    package::write(there.path(), &p).unwrap();
    assert!(std::fs::read_to_string(there.path().join("procedure.toml")).unwrap().contains("value = 0.5"));
    assert_eq!(package::read(there.path()).unwrap(), p);
}

#[test]
fn half_a_month_or_half_a_calendar_day_is_a_fault_of_the_package() {
    let mut p = package::read(&crate::data().join("procedures/2.000815")).unwrap();
    for unit in [TermUnit::Month, TermUnit::CalendarDay] {
        (p.terms[0].value, p.terms[0].unit) = (Some(HALF), Some(unit));
        let faults: Vec<_> = package::check(&p).into_iter().filter(package::Problem::must_be_mended).collect();
        assert_eq!((faults.len(), &faults[0].fault), (1, &package::Fault::TermUncountable), "{unit:?}");
        assert_eq!(p.allowance(&p.terms[0]), None);
    }
    // a record that prints "0 giờ" leaves its term open
    (p.terms[0].value, p.terms[0].unit) = (Some(Amount::whole(0)), Some(TermUnit::WorkingHour));
    assert_eq!(
        (package::check(&p).into_iter().map(|f| f.fault).collect::<Vec<_>>(), p.open_terms().count()),
        (vec![package::Fault::TermOpen], 1)
    );
}

testkit::both! {
    async fn an_import_brings_half_days_from_lines_and_from_sheets(place: Place) {
        let town = Town::on(place).await;
        let mut line = record("1.000656", "Thủ tục đăng ký khai tử", None, Some("Ngày làm việc"));
        for way in 0..3 {
            line["methods"][way]["time_value"] = json!(0.5);
        }
        town.import(0, lines(&[line])).await.unwrap();
        town.import(1, "Mã thủ tục,Tên thủ tục,Cách nộp,Thời hạn,Đơn vị thời hạn\n1.001193,Đăng ký khai sinh,Trực tiếp,\"2,5\",Giờ làm việc\n").await.unwrap();
        let settled = async |code: &str| town.current(code, 2).await.unwrap().1.terms[0].settled();
        assert_eq!(settled("1.000656").await, Some((HALF, TermUnit::WorkingDay)));
        assert_eq!(settled("1.001193").await, Some((Amount::halves(5), TermUnit::WorkingHour)));
    }

    async fn an_editor_settles_half_a_day_on_the_page_and_sees_it_everywhere(place: Place) {
        let served = serve(place).await;
        let who = served.officer("bien.tap").await;
        let here = "/quan-tri/thu-tuc/1.001193";
        let page = who.get(here).await.must(200);
        let row = served.town.current("1.001193", 2).await.unwrap().1.terms[0].id.clone();
        let send = async |unit: &str, number: &str| {
            let fields = [("dong", row.as_str()), ("don-vi", unit), ("so", number), ("can-cu", "Điều 16 Luật Hộ tịch")];
            who.post(&page, &format!("{here}/thoi-han"), &fields).await
        };
        let wrong = send("month", "0,5").await.must(422);
        assert!(wrong.text.contains("Chỉ ngày làm việc và giờ làm việc mới có nửa.") && wrong.text.contains("value=\"0,5\""), "{}", wrong.text);
        let page = send("working_day", "0,5").await.must(200);
        assert!(page.text.contains("0,5 ngày làm việc"), "{}", page.text);
        assert_eq!(served.town.current("1.001193", 6).await.unwrap().1.terms[0].settled(), Some((HALF, TermUnit::WorkingDay)));
        assert!(who.get("/thu-tuc/1.001193").await.must(200).text.contains("0,5 ngày làm việc"));
    }

    async fn a_program_settles_half_a_day_and_reads_it_back_and_an_import_puts_it_in_again(place: Place) {
        let served = serve(place).await;
        let editor = served.program(Some("bien.tap")).await;
        let (_, open) = editor.get("/api/v1/procedures/1.001193/open-terms").await;
        let settle = format!("/api/v1/procedures/1.001193/terms/{}/settle", open["terms"][0]["term"].as_str().unwrap());
        let order = |value: serde_json::Value| Some(json!({ "value": value, "unit": "working_day", "basis": "Điều 16 Luật Hộ tịch" }));
        assert_eq!(editor.send("POST", &settle, "k1", order(json!(0.25))).await.0, 422, "quarters cannot be read");
        assert_eq!(editor.send("POST", &settle, "k2", order(json!(2.5))).await.0, 200);
        let value = async || editor.get("/api/v1/procedures/1.001193").await.1["package"]["terms"][0]["value"].clone();
        assert_eq!(value().await, json!(2.5));
        let mut changed = record("1.001193", "Thủ tục đăng ký khai sinh", Some(1), None);
        changed["steps"] = json!(["Nộp hồ sơ ở trung tâm"]);
        served.town.import(6, lines(&[changed])).await.unwrap();
        assert_eq!(value().await, json!(2.5));
    }
}
