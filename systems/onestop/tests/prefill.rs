//! What the house knows is filled in, follows what is put right, and never touches what somebody wrote themselves.

use catalogue::package::Package;
use onestop::draft::{Applicant, DraftData};
use onestop::form::Answers;
use onestop::prefill::fill;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

fn package() -> Package {
    let mut package = crate::given::package();
    package.form = Some(
        serde_json::from_str(
            r#"{"title": "Tờ khai", "pages": [{"id": "ban", "title": "Bạn", "fields": [
                {"id": "ho_ten", "label": "Họ tên", "type": "person_name", "prefill": "name"},
                {"id": "so", "label": "Số định danh", "type": "citizen_id", "prefill": "citizen_id"},
                {"id": "sinh", "label": "Ngày sinh", "type": "partial_date", "prefill": "birth_date"},
                {"id": "dia_chi", "label": "Nơi cư trú", "type": "address", "prefill": "address"}]}]}"#,
        )
        .unwrap(),
    );
    package
}

fn of_the_account() -> Applicant {
    Applicant {
        name: "Trần Thị Thử".into(),
        id_number: "099 198 000 002".into(),
        birth: "1998-05".into(),
        address: "Ấp Mẫu".into(),
        ..Applicant::default()
    }
}

fn filled(package: &Package) -> DraftData {
    let mut data = DraftData { applicant: of_the_account(), ..DraftData::default() };
    fill(&mut data, package, TODAY);
    data
}

fn stand(answers: &Answers) -> Vec<(&str, &str)> {
    answers.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[test]
fn what_is_known_is_filled_in() {
    let data = filled(&package());
    let expected =
        [("dia_chi", "Ấp Mẫu"), ("ho_ten", "Trần Thị Thử"), ("sinh.m", "5"), ("sinh.y", "1998"), ("so", "099198000002")];
    assert_eq!(stand(&data.answers), expected);
}

#[test]
fn what_is_put_right_is_put_right_wherever_it_was_filled_in() {
    let package = package();
    let mut data = filled(&package);
    // the account's holder files for somebody else: no part of the one is mixed with parts of the other
    data.applicant = Applicant { name: "H'Blim Niê".into(), birth: "1961".into(), ..Applicant::default() };
    fill(&mut data, &package, TODAY);
    assert_eq!(stand(&data.answers), [("ho_ten", "H'Blim Niê"), ("sinh.y", "1961")]);
    data.applicant.birth = "1962-03-12".into();
    fill(&mut data, &package, TODAY);
    assert_eq!(stand(&data.answers), [("ho_ten", "H'Blim Niê"), ("sinh.d", "12"), ("sinh.m", "3"), ("sinh.y", "1962")]);
}

#[test]
fn what_somebody_wrote_or_emptied_themselves_stays() {
    let package = package();
    let mut data = filled(&package);
    data.answers.0.insert("ho_ten".into(), "Trần Thị Thử Nghiệm".into());
    data.answers.0.insert("sinh.d".into(), "7".into());
    data.answers.0.remove("dia_chi");
    data.applicant = Applicant {
        name: "Lê Thị Ví Dụ".into(),
        birth: "1990".into(),
        id_number: "099190000003".into(),
        address: "Khóm 5".into(),
        ..Applicant::default()
    };
    fill(&mut data, &package, TODAY);
    let expected =
        [("ho_ten", "Trần Thị Thử Nghiệm"), ("sinh.d", "7"), ("sinh.m", "5"), ("sinh.y", "1998"), ("so", "099190000003")];
    assert_eq!(stand(&data.answers), expected);
}

#[test]
fn a_passport_is_no_number_of_twelve_digits_and_what_is_wrong_is_not_spread() {
    let package = package();
    for (id_number, birth) in [("C1234567", "1990-04-31"), ("381234567", "61"), ("099198", "1990--20"), ("", "")] {
        let mut data = filled(&package);
        data.applicant = Applicant { name: "A1".into(), id_number: id_number.into(), birth: birth.into(), ..of_the_account() };
        fill(&mut data, &package, TODAY);
        assert_eq!(stand(&data.answers), [("dia_chi", "Ấp Mẫu")], "{id_number} {birth}");
    }
    let mut data = filled(&package);
    data.applicant.birth = "1990-04-31".into();
    fill(&mut data, &package, TODAY);
    data.applicant.birth = "1990-04-30".into();
    fill(&mut data, &package, TODAY);
    assert_eq!(["sinh.d", "sinh.m", "sinh.y"].map(|part| data.answers.get(part)), ["30", "4", "1990"]);
}
