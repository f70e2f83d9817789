//! One rule for a person, whoever types it: a citizen, a desk, a program.

use onestop::counter::{self, input};
use onestop::draft::{Applicant, DraftData, asked};
use onestop::form::Wrong;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

fn person(change: impl Fn(&mut Applicant)) -> Applicant {
    let mut person = Applicant { name: "Nguyễn Văn Mẫu".into(), ..Applicant::default() };
    change(&mut person);
    person
}

#[test]
fn a_desk_and_a_citizen_are_told_the_same() {
    let cases: [(&str, &str, Applicant, Option<Wrong>); 34] = [
        (asked::NAME, input::NAME, person(|_| {}), None),
        (asked::NAME, input::NAME, person(|p| p.name = String::new()), Some(Wrong::NoName)),
        (asked::NAME, input::NAME, person(|p| p.name = "099|Nguyễn".into()), Some(Wrong::NotAName)),
        (asked::NAME, input::NAME, person(|p| p.name = "K'Brôih".into()), None),
        (asked::NAME, input::NAME, person(|p| p.name = "Мария Иванова".into()), None),
        (asked::NAME, input::NAME, person(|p| p.name = "\u{200b}".into()), Some(Wrong::NotAName)),
        (asked::NAME, input::NAME, person(|p| p.name = "A1".into()), Some(Wrong::NotAName)),
        (asked::NAME, input::NAME, person(|p| p.name = "'; DROP TABLE x".into()), Some(Wrong::NotAName)),
        // digits in groups are one number; old cards and passports have their own
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "099 090 000 001".into()), None),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "099090000001".into()), None),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "381 234 567".into()), None),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "C1234567".into()), None),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "CMND 381 234 567".into()), None),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "099090000001x".into()), Some(Wrong::IdNumber)),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "O99090000001".into()), Some(Wrong::IdNumber)),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "p<script>1".into()), Some(Wrong::IdNumber)),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "không có".into()), Some(Wrong::IdNumber)),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "099 090".into()), Some(Wrong::CitizenIdLength { typed: 6 })),
        (asked::ID_NUMBER, input::ID, person(|p| p.id_number = "999999999999".into()), Some(Wrong::CitizenIdWrong)),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "1956".into()), None),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "1850".into()), None),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "1849-12-31".into()), Some(Wrong::YearTooEarly)),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "61".into()), Some(Wrong::YearTooEarly)),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "2027".into()), Some(Wrong::InFuture)),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "1990--20".into()), Some(Wrong::NoMonth)),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "2026-11-24".into()), Some(Wrong::InFuture)),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "1990-02-31".into()), Some(Wrong::NoSuchDay { month: 2, days: 28 })),
        (asked::BIRTH, input::BIRTH, person(|p| p.birth = "31/2/1990".into()), Some(Wrong::NotAPartialDate)),
        (asked::PHONE, input::PHONE, person(|p| p.phone = "0900 000 001".into()), None),
        (asked::PHONE, input::PHONE, person(|p| p.phone = "+1 (202) 555-0100".into()), None),
        (asked::PHONE, input::PHONE, person(|p| p.phone = "84900000001".into()), None),
        (asked::PHONE, input::PHONE, person(|p| p.phone = "8490000".into()), Some(Wrong::Phone)),
        (asked::PHONE, input::PHONE, person(|p| p.phone = "12".into()), Some(Wrong::Phone)),
        (asked::EMAIL, input::EMAIL, person(|p| p.email = "a b".into()), Some(Wrong::Email)),
    ];
    for (online, at_desk, person, expected) in cases {
        let data = DraftData { applicant: person.clone(), commune: Some(uuid::Uuid::nil()), ..DraftData::default() };
        let told = |faults: Vec<onestop::form::Fault>, field: &str| {
            assert!(faults.iter().all(|f| f.field == field), "{person:?}: {faults:?}");
            faults.into_iter().next().map(|f| f.wrong)
        };
        assert_eq!(told(data.contact_faults(TODAY), online), expected, "{person:?} online");
        assert_eq!(told(counter::faults(&data, TODAY), at_desk), expected, "{person:?} at a desk");
    }
}

#[test]
fn who_files_for_another_has_a_name_too() {
    for (submitter, expected) in [
        (None, None),
        (Some(""), Some(Wrong::NoSubmitter)),
        (Some("\u{200b}"), Some(Wrong::NotAName)),
        (Some("H'Blim Niê"), None),
    ] {
        let data = DraftData {
            applicant: person(|_| {}),
            commune: Some(uuid::Uuid::nil()),
            submitter_name: submitter.map(str::to_owned),
            ..DraftData::default()
        };
        let wrong = data.contact_faults(TODAY).into_iter().map(|fault| (fault.field, fault.wrong)).collect::<Vec<_>>();
        assert_eq!(wrong, expected.map(|wrong| (asked::SUBMITTER.to_owned(), wrong)).into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_number_is_kept_without_the_spaces_it_was_typed_with() {
    assert_eq!(person(|p| p.id_number = "099 090 000 001".into()).id_as_kept(), "099090000001");
    assert_eq!(person(|p| p.id_number = "CMND 381 234 567".into()).id_as_kept(), "CMND 381 234 567");
}
