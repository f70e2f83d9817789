//! Questions with known answers: the checks kept in `data/`, of our own making, and the larger sets beside the project when they are there
//! (`MOTCUA_SHARED`, else `../shared`; absent, the test says so and goes by our own).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use base::ask::Question;
use base::calendar::WorkCalendar;
use serde_json::{Value, json};

type Row = HashMap<String, String>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The rows of a table of the project.
fn own(file: &str) -> Vec<Row> {
    csv::Reader::from_path(root().join(file)).unwrap().deserialize().map(Result::unwrap).collect()
}

/// The rows of a table beside the project; none when it is not there.
fn shared(file: &str) -> Vec<Row> {
    let shared = std::env::var_os("MOTCUA_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let path = shared.join("data").join(file);
    if !path.exists() {
        println!("skipped: no vectors at {}", path.display());
        return Vec::new();
    }
    csv::Reader::from_path(path).unwrap().deserialize().map(Result::unwrap).collect()
}

/// The day on which everything is asked.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 24);

fn ask(question: Question, line: &str) -> Value {
    question.answer(line, &WorkCalendar::vietnam(), TODAY)
}

#[test]
fn citizen_ids_are_read_as_the_vectors_say() {
    let rows = own("data/people/id_checks.csv");
    assert_eq!(rows.len(), 34);
    for row in rows {
        let a = ask(Question::CitizenId, &row["number"]);
        assert_eq!((&a["valid"], a["reason"].is_null()), (&json!(row["valid"] == "1"), row["valid"] == "1"), "{row:?}: {a}");
        let told =
            |field: &str| a[field].as_str().map(str::to_owned).or(a[field].as_i64().map(|n| n.to_string())).unwrap_or_default();
        for field in ["province_code", "birth_year", "sex"] {
            assert_eq!(told(field), row[field], "{row:?}");
        }
    }
    for row in shared("people/cccd_vectors.csv") {
        let a = ask(Question::CitizenId, &row["number"]);
        assert_eq!(a["valid"], row["well_formed"] == "1", "{row:?}");
        if row["well_formed"] == "1" {
            let sex = if row["claimed_sex"] == "Nam" { "male" } else { "female" };
            let same = a["birth_year"].as_i64() == row["claimed_birth_year"].parse().ok() && a["sex"] == sex;
            assert_eq!(same, !row["fault"].starts_with("mismatch"), "{row:?}");
            assert_eq!(a["province_code"], row["province_code"].as_str());
        }
    }
}

#[test]
fn nobody_is_born_after_today() {
    // century digit 2: a man born in 20xx
    for (number, valid) in [("096226000001", true), ("096227000001", false), ("096245000001", false), ("096845000001", false)] {
        let a = ask(Question::CitizenId, number);
        assert_eq!(a["valid"], valid, "{a}");
        assert_eq!(a["reason"].is_null(), valid, "{a}");
    }
    let next_year = jiff::civil::date(2027, 1, 1);
    assert_eq!(Question::CitizenId.answer("096227000001", &WorkCalendar::vietnam(), next_year)["valid"], true);
}

#[test]
fn tax_codes_are_judged_as_the_vectors_say() {
    let rows = own("data/people/tax_checks.csv");
    assert_eq!(rows.len(), 24);
    for row in rows.into_iter().chain(shared("people/mst_examples.csv")) {
        assert_eq!(ask(Question::TaxCode, &row["number"])["valid"], row["valid"] == "1", "{row:?}");
    }
}

fn due_is(received_at: &str, days: &str, convention: &str, expected: &str) {
    let q = json!({ "received_at": received_at, "working_days": days.parse::<u32>().unwrap(), "convention": convention });
    assert_eq!(ask(Question::Due, &q.to_string())["due"], expected, "{q}");
    if convention == "hours_exact_8h_per_day" {
        let hours = days.parse::<u32>().unwrap() * 8;
        let q = json!({ "received_at": received_at, "working_hours": hours, "convention": "working_hours" });
        assert_eq!(ask(Question::Due, &q.to_string())["due"], expected, "OS-33: {q}");
    }
}

#[test]
fn due_times_follow_both_conventions_of_os_34() {
    let rows = own("data/calendar/due_checks.csv");
    assert_eq!(rows.len(), 98);
    for row in rows {
        due_is(&row["received_at"], &row["working_days"], &row["convention"], &row["due"]);
    }
    for row in shared("regulation/deadline_test_vectors.csv") {
        due_is(&row["received_at"], &row["n_working_days"], &row["convention"], &row["expected_due"].replace(' ', "T"));
    }
    for row in shared("calendar/deadline_vectors.csv") {
        let (received, due) =
            (format!("{}T10:00", row["received_date"]), format!("{}T17:00", row["due_date_counting_from_next_day"]));
        due_is(&received, &row["working_days"], "working_days_end_of_day", &due);
    }
}

#[test]
fn lunar_dates_agree_ca_05() {
    let rows = own("data/calendar/lunar_checks.csv");
    assert_eq!(rows.len(), 281);
    for row in rows {
        let number = |column: &str| row[column].parse::<i64>().unwrap();
        let a = ask(Question::Lunar, &row["solar"]);
        assert_eq!(
            ["day", "month", "year"].map(|field| a[field].as_i64().unwrap()),
            ["day", "month", "year"].map(number),
            "{row:?}"
        );
        assert_eq!(a["leap"], row["leap"] == "1", "{row:?}");
    }
}

#[test]
fn lunar_years_begin_are_named_and_leap_as_the_vectors_say() {
    // the first days of years, and the leap months, as our own rows have them
    let rows = own("data/calendar/lunar_checks.csv");
    let (mut years, mut leaps) = (0, 0);
    for row in &rows {
        let year: i16 = row["year"].parse().unwrap();
        if (&row["day"][..], &row["month"][..], &row["leap"][..]) == ("1", "1", "0") {
            assert_eq!(base::lunar::tet(year).unwrap().to_string(), row["solar"]);
            years += 1;
        }
        if row["leap"] == "1" {
            assert_eq!(crate::lunar::leap_month(year).map(|m| m.to_string()).as_deref(), Some(&row["month"][..]), "{year}");
            leaps += 1;
        }
    }
    assert!(years >= 40 && leaps >= 20, "{years} {leaps}");
    for (year, name) in
        [(1900, "Canh Tý"), (1945, "Ất Dậu"), (1975, "Ất Mão"), (2000, "Canh Thìn"), (2024, "Giáp Thìn"), (2026, "Bính Ngọ")]
    {
        assert_eq!(base::lunar::can_chi(year), name);
    }
    for row in shared("calendar/lunar_new_year_2000_2035.csv") {
        let year: i16 = row["lunar_year"].parse().unwrap();
        assert_eq!(base::lunar::tet(year).unwrap().to_string(), row["tet_solar_date"]);
        assert_eq!(crate::lunar::leap_month(year).map(|m| m.to_string()).unwrap_or_default(), row["leap_month"], "{year}");
        assert_eq!(base::lunar::can_chi(year), row["can_chi"]);
    }
}

#[test]
fn tet_and_gio_to_agree_ca_05() {
    for (year, tet, gio_to) in [
        ("2024", "2024-02-10", "2024-04-18"),
        ("2025", "2025-01-29", "2025-04-07"),
        ("2026", "2026-02-17", "2026-04-26"),
        ("2030", "2030-02-02", "2030-04-12"),
    ] {
        assert_eq!(ask(Question::Tet, year), json!({ "tet": tet, "gio_to": gio_to }));
    }
    for row in shared("regulation/lunar_test_vectors.csv") {
        assert_eq!(ask(Question::Tet, &row["year"]), json!({ "tet": row["tet_mung_1"], "gio_to": row["gio_to_10_3"] }));
    }
}

#[test]
fn tones_placed_in_either_style_are_one_spelling() {
    // every open syllable that the two styles write differently: o before a and e, u before y
    for (rhyme, one, other) in
        [("oa", "òaóaỏaõaọa", "oàoáoảoãoạ"), ("oe", "òeóeỏeõeọe", "oèoéoẻoẽoẹ"), ("uy", "ùyúyủyũyụy", "uỳuýuỷuỹuỵ")]
    {
        let pairs = |text: &str| text.chars().collect::<Vec<_>>().chunks(2).map(String::from_iter).collect::<Vec<_>>();
        for (one, other) in pairs(one).iter().zip(pairs(other)) {
            for onset in ["", "h", "th", "l", "kh"] {
                let (one, other) = (format!("{onset}{one}"), format!("{onset}{other}"));
                assert_eq!(base::text::spelling(&one), base::text::spelling(&other), "{one} {other}");
                assert_ne!(base::text::spelling(&one), base::text::spelling(&format!("{onset}{rhyme}")), "{one} has a tone");
            }
        }
    }
    for row in shared("text/tone_variants_syllables.csv") {
        assert_eq!(base::text::spelling(&row["traditional"]), base::text::spelling(&row["new_style"]));
    }
}

#[test]
fn what_cannot_be_read_is_answered_with_an_error() {
    for (question, line) in [
        (Question::Due, "{}"),
        (Question::Due, r#"{"received_at":"2026-02-12T14:00","working_days":0}"#),
        (Question::Due, r#"{"received_at":"2026-02-12T14:00","working_days":2.25}"#),
        (Question::Due, r#"{"received_at":"2026-02-12T14:00","convention":"months"}"#),
        (Question::Due, r#"{"received_at":"2026-02-12T14:00","working_days":1,"convention":"guess"}"#),
        (Question::Lunar, "17/2/2026"),
        (Question::Lunar, "1500-01-01"),
        (Question::Tet, "năm nay"),
        (Question::Holidays, "1200"),
    ] {
        assert!(ask(question, line)["error"].is_string(), "{line}");
    }
}

proptest::proptest! {
    #[test]
    fn every_line_gets_one_line_of_answer(line in ".{0,80}", n in proptest::num::i64::ANY) {
        let nearly = format!(r#"{{"received_at":"2026-02-12T14:00","working_days":{n}}}"#);
        for question in [Question::CitizenId, Question::TaxCode, Question::Due, Question::Lunar, Question::Tet, Question::Holidays] {
            for line in [&line, &nearly] {
                let answer = ask(question, line);
                proptest::prop_assert!(answer.is_object() && !answer.to_string().contains('\n'));
            }
        }
    }
}
