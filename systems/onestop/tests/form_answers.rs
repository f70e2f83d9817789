//! Answers to e-forms: nothing typed is lost, faults are told beside the field.

use catalogue::package::EForm;
use onestop::form::{Answers, Wrong};

fn form() -> EForm {
    serde_json::from_str(
        r#"{"title": "Tờ khai", "pages": [{"id": "con", "title": "Trẻ", "fields": [
            {"id": "con.ho_ten", "label": "Họ, chữ đệm, tên", "type": "person_name", "required": true},
            {"id": "con.ngay_sinh", "label": "Ngày sinh", "type": "date", "required": true, "past": true},
            {"id": "me.ngay_sinh", "label": "Ngày sinh của mẹ", "type": "partial_date"},
            {"id": "noi_sinh", "label": "Nơi sinh", "type": "one_of", "required": true,
             "options": [{"value": "bv", "label": "Bệnh viện"}, {"value": "khac", "label": "Nơi khác"}]},
            {"id": "noi_khac", "label": "Ghi rõ nơi sinh", "type": "text", "required": true,
             "show_if": {"field": "noi_sinh", "is": ["khac"]}},
            {"id": "hen", "label": "Ngày hẹn đến", "type": "date"},
            {"id": "so", "label": "Số định danh", "type": "citizen_id"}]}]}"#,
    )
    .unwrap()
}

fn posted(pairs: &[(&str, &str)]) -> Answers {
    let mut answers = Answers::default();
    answers.take(&form().pages[0], &pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>());
    answers
}

fn wrongs(answers: &Answers) -> Vec<(String, Wrong)> {
    let today = jiff::civil::date(2026, 11, 23);
    answers.faults(&form().pages[0], today).into_iter().map(|f| (f.field, f.wrong)).collect()
}

const FULL: &[(&str, &str)] = &[
    ("con.ho_ten", "Danh Sô Phát"),
    ("con.ngay_sinh.d", "5"),
    ("con.ngay_sinh.m", "11"),
    ("con.ngay_sinh.y", "2026"),
    ("me.ngay_sinh.y", "1998"),
    ("noi_sinh", "bv"),
];

#[test]
fn a_full_page_has_no_faults_and_a_birth_year_alone_is_enough_where_allowed() {
    assert_eq!(wrongs(&posted(FULL)), []);
}

#[test]
fn november_has_thirty_days() {
    let mut with = FULL.to_vec();
    with[1].1 = "31";
    let answers = posted(&with);
    assert_eq!(wrongs(&answers), [("con.ngay_sinh".to_owned(), Wrong::NoSuchDay { month: 11, days: 30 })]);
    // what was typed is still there to be corrected
    assert_eq!(answers.get("con.ngay_sinh.d"), "31");
}

#[test]
fn a_year_is_written_out_and_a_day_has_its_month() {
    for (field, date, wrong) in [
        ("me.ngay_sinh", ["", "", "61"], Wrong::YearTooEarly),
        ("me.ngay_sinh", ["", "", "1849"], Wrong::YearTooEarly),
        ("me.ngay_sinh", ["5", "", "1998"], Wrong::NoMonth),
        ("hen", ["5", "11", "26"], Wrong::YearTooEarly),
        ("hen", ["5", "", "2026"], Wrong::NoMonth),
    ] {
        let parts: Vec<(String, &str)> = ["d", "m", "y"].map(|part| format!("{field}.{part}")).into_iter().zip(date).collect();
        let rest = FULL.iter().copied().filter(|(name, _)| !name.starts_with(field));
        let answers = posted(&rest.chain(parts.iter().map(|(name, value)| (name.as_str(), *value))).collect::<Vec<_>>());
        assert_eq!(wrongs(&answers), [(field.to_owned(), wrong)], "{date:?}");
    }
}

#[test]
fn a_name_in_a_form_has_letters_only() {
    for name in ["\u{200b}", "A1", "<b>Sô</b>"] {
        let mut with = FULL.to_vec();
        with[0].1 = name;
        assert_eq!(wrongs(&posted(&with)), [("con.ho_ten".to_owned(), Wrong::NotAName)], "{name:?}");
    }
}

#[test]
fn a_child_is_not_born_tomorrow() {
    let mut with = FULL.to_vec();
    with[1].1 = "24";
    assert_eq!(wrongs(&posted(&with)), [("con.ngay_sinh".to_owned(), Wrong::InFuture)]);
}

#[test]
fn an_appointment_may_lie_ahead() {
    let mut with = FULL.to_vec();
    with.extend([("hen.d", "24"), ("hen.m", "11"), ("hen.y", "2026")]);
    assert_eq!(wrongs(&posted(&with)), []);
}

#[test]
fn a_hidden_question_is_not_asked_and_a_shown_one_is() {
    let mut with = FULL.to_vec();
    with[5].1 = "khac";
    assert_eq!(wrongs(&posted(&with)), [("noi_khac".to_owned(), Wrong::Missing { label: "Ghi rõ nơi sinh".into() })]);
}

#[test]
fn an_answer_that_was_not_offered_is_noticed() {
    let mut with = FULL.to_vec();
    with[5].1 = "<script>";
    assert_eq!(wrongs(&posted(&with)), [("noi_sinh".to_owned(), Wrong::NotOffered)]);
}

#[test]
fn eleven_digits_are_counted_for_the_person() {
    let mut with = FULL.to_vec();
    with.push(("so", "07907900001"));
    let found = wrongs(&posted(&with));
    assert_eq!(found, [("so".to_owned(), Wrong::CitizenIdLength { typed: 11 })]);
    assert_eq!(found[0].1.said().0, "Số định danh có 12 chữ số, bạn gõ {0}.");
}

#[test]
fn unknown_inputs_are_left_out_and_text_is_composed() {
    // "ế" sent as e + combining marks
    let answers = posted(&[("con.ho_ten", "Lê\u{0301} Thi"), ("__proto__", "x"), ("csrf", "y")]);
    assert_eq!(answers.0.len(), 1);
    assert!(answers.get("con.ho_ten").chars().all(|c| !('\u{300}'..='\u{36f}').contains(&c)));
}

#[test]
fn programs_send_whole_dates_and_are_told_of_unknown_names() {
    let sent = [("con.ngay_sinh".to_owned(), "2026-11-05".to_owned())].into();
    let answers = Answers::from_json(&form(), &sent).unwrap();
    assert_eq!(answers.get("con.ngay_sinh.m"), "11");
    let sent = [("khong_co".to_owned(), "1".to_owned())].into();
    assert_eq!(Answers::from_json(&form(), &sent).unwrap_err(), ["khong_co"]);
}

#[test]
fn a_program_reads_answers_back_as_it_sends_them() {
    let sent = [("con.ho_ten", "Trần Thị Thử"), ("con.ngay_sinh", "2026-11-05"), ("me.ngay_sinh", "1998-03"), ("hen.d", "mai")];
    let sent = sent.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let answers = Answers::from_json(&form(), &sent).unwrap();
    assert_eq!(answers.get("con.ngay_sinh.m"), "11");
    assert_eq!(answers.to_json(&form()), sent, "what is no date comes back as it was typed");
}
