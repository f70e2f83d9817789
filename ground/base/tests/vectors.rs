//! The answers agree with the vectors kept beside the project (`MOTCUA_SHARED`, else `../shared`). Absent, each test says so and passes.

use std::path::PathBuf;

use base::ask::Question;
use base::calendar::WorkCalendar;
use serde_json::{Value, json};

/// The rows of a file of vectors as maps, or none when it is not there.
fn rows(file: &str) -> Option<Vec<std::collections::HashMap<String, String>>> {
    let root = std::env::var_os("MOTCUA_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join("data").join(file);
    let Ok(mut reader) = csv::Reader::from_path(&path) else {
        println!("skipped: no vectors at {}", path.display());
        return None;
    };
    Some(reader.deserialize().collect::<Result<_, _>>().expect("vectors are CSV"))
}

fn ask(question: Question, line: &str) -> Value {
    question.answer(line, &WorkCalendar::vietnam())
}

#[test]
fn citizen_ids_are_read_as_the_vectors_say() {
    for row in rows("people/cccd_vectors.csv").unwrap_or_default() {
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
fn tax_codes_are_judged_as_the_vectors_say() {
    for row in rows("people/mst_examples.csv").unwrap_or_default() {
        assert_eq!(ask(Question::TaxCode, &row["number"])["valid"], row["valid"] == "1", "{row:?}");
    }
}

#[test]
fn due_times_follow_both_conventions_of_os_34() {
    for row in rows("regulation/deadline_test_vectors.csv").unwrap_or_default() {
        let days: f64 = row["n_working_days"].parse().unwrap();
        let q = json!({ "received_at": row["received_at"], "working_days": days, "convention": row["convention"] });
        assert_eq!(ask(Question::Due, &q.to_string())["due"], row["expected_due"].replace(' ', "T"), "{row:?}");
        if row["convention"] == "hours_exact_8h_per_day" {
            let q = json!({ "received_at": row["received_at"], "working_hours": days * 8.0, "convention": "working_hours" });
            assert_eq!(ask(Question::Due, &q.to_string())["due"], row["expected_due"].replace(' ', "T"), "OS-33 {row:?}");
        }
    }
}

#[test]
fn due_days_are_counted_from_the_next_day() {
    for row in rows("calendar/deadline_vectors.csv").unwrap_or_default() {
        let q = json!({ "received_at": format!("{}T10:00", row["received_date"]), "working_days": row["working_days"].parse::<u32>().unwrap() });
        assert_eq!(
            ask(Question::Due, &q.to_string())["due"],
            format!("{}T17:00", row["due_date_counting_from_next_day"]),
            "OS-31 {row:?}"
        );
    }
}

#[test]
fn lunar_dates_agree() {
    for row in rows("calendar/lunar_vectors.csv").unwrap_or_default() {
        let a = ask(Question::Lunar, &row["solar_date"]);
        let expected = ["lunar_day", "lunar_month", "lunar_year"].map(|k| row[k].parse::<i64>().unwrap());
        assert_eq!([&a["day"], &a["month"], &a["year"]].map(|v| v.as_i64().unwrap()), expected, "{row:?}");
        assert_eq!(a["leap"], row["is_leap_month"] == "1", "{row:?}");
    }
}

#[test]
fn lunar_years_begin_are_named_and_leap_as_the_vectors_say() {
    for row in rows("calendar/lunar_new_year_2000_2035.csv").unwrap_or_default() {
        let year: i16 = row["lunar_year"].parse().unwrap();
        assert_eq!(base::lunar::tet(year).unwrap().to_string(), row["tet_solar_date"]);
        assert_eq!(base::lunar::leap_month(year).map(|m| m.to_string()).unwrap_or_default(), row["leap_month"], "{year}");
        assert_eq!(base::lunar::can_chi(year), row["can_chi"]);
    }
}

#[test]
fn tet_and_gio_to_agree_ca_05() {
    for row in rows("regulation/lunar_test_vectors.csv").unwrap_or_default() {
        assert_eq!(ask(Question::Tet, &row["year"]), json!({ "tet": row["tet_mung_1"], "gio_to": row["gio_to_10_3"] }));
    }
}

#[test]
fn tones_placed_in_either_style_are_one_spelling() {
    for row in rows("text/tone_variants_syllables.csv").unwrap_or_default() {
        let mut styles = row.values();
        let (a, b) = (styles.next().unwrap(), styles.next().unwrap());
        assert_eq!(base::text::fold(a), base::text::fold(b));
    }
}
