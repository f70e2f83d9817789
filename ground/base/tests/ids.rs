use base::ids::{CitizenIdError, Sex, TaxCodeError};
use base::{CitizenId, Lang, TaxCode};
use proptest::prelude::*;

proptest! {
    #[test]
    fn twelve_digits_are_a_personal_number_and_nothing_else_is(digits in "[0-9]{12}", other in ".{0,16}") {
        let id: CitizenId = digits.parse().unwrap();
        prop_assert_eq!(id.to_string(), &digits[..]);
        prop_assert!((1900..2400).contains(&id.birth_year()));
        prop_assert_eq!(id.birth_year() % 100, digits[4..6].parse::<i16>().unwrap());
        prop_assert_eq!(serde_json::from_str::<CitizenId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
        let twelve = other.len() == 12 && other.bytes().all(|b| b.is_ascii_digit());
        prop_assert_eq!(other.parse::<CitizenId>().is_ok(), twelve);
    }

    #[test]
    fn a_tax_code_with_one_wrong_digit_is_noticed(first in "[0-9]{9}", at in 0usize..10, by in 1u8..10) {
        let Some(right) = (0..10).map(|d| format!("{first}{d}")).find(|text| text.parse::<TaxCode>().is_ok()) else { return Ok(()) };
        prop_assert_eq!(right.parse::<TaxCode>().unwrap().to_string(), &right[..]);
        let mut wrong = right.into_bytes();
        wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
        prop_assert_eq!(String::from_utf8(wrong).unwrap().parse::<TaxCode>(), Err(TaxCodeError::Check));
    }

    #[test]
    fn no_text_makes_an_id_panic(text in ".{0,20}", near in "[0-9\\-]{9,15}") {
        for text in [text, near] {
            let _ = (text.parse::<TaxCode>(), text.parse::<CitizenId>());
        }
    }
}

#[test]
fn a_personal_number_tells_province_year_and_sex() {
    let id: CitizenId = "096193001234".parse().unwrap();
    assert_eq!((id.province(), id.birth_year(), id.sex()), (Some("Cà Mau"), 1993, Sex::Female));
    let id: CitizenId = "091224543772".parse().unwrap();
    assert_eq!((id.province(), id.birth_year(), id.sex()), (Some("Kiên Giang"), 2024, Sex::Male));
}

#[test]
fn an_unknown_province_is_a_doubt_not_a_fault() {
    let id: CitizenId = "999193001234".parse().unwrap();
    assert_eq!(id.province(), None);
}

#[test]
fn a_mistyped_personal_number_says_what_to_do() {
    let say = |text: &str| text.parse::<CitizenId>().unwrap_err().words(Lang::Vi);
    assert_eq!(say("09619300123"), "Số định danh có 12 chữ số, bạn gõ 11.");
    assert_eq!(say("0961930O1234"), "Số định danh chỉ gồm chữ số, không có “O”.");
    assert_eq!("١٢٣".parse::<CitizenId>(), Err(CitizenIdError::NotADigit('١')));
}

#[test]
fn personal_numbers_are_masked_in_logs_se_01() {
    let id: CitizenId = "096193001234".parse().unwrap();
    assert_eq!(format!("{id:?}"), "CitizenId(096•••••1234)");
}

#[test]
fn branches_are_numbered_from_001() {
    let branch: TaxCode = "0314409058-002".parse().unwrap();
    assert_eq!(branch.to_string(), "0314409058-002");
    assert_eq!("0314409058002".parse::<TaxCode>().unwrap(), branch);
    assert_eq!("0314409058".parse::<TaxCode>().unwrap().to_string(), "0314409058");
    assert_eq!("0314409058-000".parse::<TaxCode>(), Err(TaxCodeError::Branch));
}
