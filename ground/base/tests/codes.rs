use std::str::FromStr;

use base::{AgencyCode, DossierCode, FilingCode, ProcedureCode, Seed};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn code<T: FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

/// Codes of both systems, as DM-30 and DM-32 describe them.
pub fn agency() -> impl Strategy<Value = AgencyCode> {
    prop_oneof!["[A-Z][0-9]{2}(\\.[0-9A-Z]{2,3}){0,3}", "[0-9]{3}\\.[0-9]{2}\\.[0-9]{2}\\.[A-Z][0-9]{2}"]
        .prop_map(|text| text.parse().unwrap())
}

fn day() -> impl Strategy<Value = Date> {
    (2000i16..2100, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| date(y, m, d))
}

proptest! {
    #[test]
    fn agency_codes_are_read_as_written_dm_30(agency in agency()) {
        prop_assert_eq!(agency.to_string().parse::<AgencyCode>().unwrap(), agency.clone());
        let json = serde_json::to_string(&agency).unwrap();
        prop_assert_eq!(serde_json::from_str::<AgencyCode>(&json).unwrap(), agency);
    }

    #[test]
    fn procedure_codes_are_read_as_written_os_43(base in "[0-9]\\.[0-9]{6}", place in proptest::option::of(agency())) {
        let text = place.as_ref().map_or(base.clone(), |place| format!("{base}.{place}"));
        let read: ProcedureCode = code(&text);
        prop_assert_eq!(read.to_string(), text);
        prop_assert_eq!(read.base(), base);
        prop_assert_eq!(read.locality(), place.as_ref());
    }

    #[test]
    fn made_dossier_codes_read_back_os_41(agency in agency(), day in day(), n in 1u64..=9_999_999) {
        let made = DossierCode::make(&agency, day, n).unwrap();
        let read: DossierCode = code(&made.to_string());
        prop_assert_eq!(&read, &made);
        prop_assert_eq!((read.agency(), read.received(), read.number().parse::<u64>().unwrap()), (&agency, day, n));
        prop_assert!(read.number().len() >= 4);
    }

    #[test]
    fn no_text_makes_a_code_panic(text in ".{0,40}", near in "[A-Zd0-9.\\-đ ]{0,30}") {
        for text in [text, near] {
            let _ = (text.parse::<AgencyCode>(), text.parse::<ProcedureCode>(), text.parse::<DossierCode>(), text.parse::<FilingCode>());
        }
    }

    #[test]
    fn filing_codes_read_back_however_they_are_typed(seed in any::<[u8; 32]>(), attempt in any::<u64>()) {
        let filing = FilingCode::from_seed(&Seed(seed), attempt);
        let text = filing.to_string();
        let swapped = text.replacen('N', "n", 1).replace('0', "o").replace('1', "l").replace('-', " ").to_lowercase();
        for typed in [text.clone(), text.to_lowercase(), text.replace('-', ""), format!("  {text} "), swapped] {
            prop_assert_eq!(typed.parse::<FilingCode>(), Ok(filing), "{}", typed);
        }
    }

    #[test]
    fn every_single_wrong_character_of_a_filing_code_is_noticed(seed in any::<[u8; 32]>()) {
        let right = FilingCode::from_seed(&Seed(seed), 0).to_string();
        for at in (0..right.len()).filter(|at| right.as_bytes()[*at] != b'-') {
            for wrong in b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".iter().filter(|c| **c != right.as_bytes()[at]) {
                let mut typed = right.clone().into_bytes();
                typed[at] = *wrong;
                prop_assert!(String::from_utf8(typed).unwrap().parse::<FilingCode>().is_err());
            }
        }
    }

    #[test]
    fn every_exchange_of_neighbours_in_a_filing_code_is_noticed(seed in any::<[u8; 32]>()) {
        let right: Vec<u8> = FilingCode::from_seed(&Seed(seed), 0).to_string().bytes().filter(|c| *c != b'-').collect();
        for at in (0..right.len() - 1).filter(|at| right[*at] != right[at + 1]) {
            let mut typed = right.clone();
            typed.swap(at, at + 1);
            prop_assert!(String::from_utf8(typed).unwrap().parse::<FilingCode>().is_err());
        }
    }
}

#[test]
fn agency_codes_of_both_systems_are_told_apart() {
    for (text, is_legacy) in
        [("H12", false), ("H15.50.05.13", false), ("h12.198", false), ("000.00.00.H12", true), ("001.02.07.H12", true)]
    {
        assert_eq!(code::<AgencyCode>(text).is_legacy(), is_legacy, "{text}");
    }
    for wrong in
        ["", "H1", "12H", "H12.", "H12.1", "H12.1234", "H12.01.02.03.04", "00.00.00.H12", "000.00.00", "H12-01", "Đ12", "H１2"]
    {
        assert!(wrong.parse::<AgencyCode>().is_err(), "{wrong}");
    }
}

#[test]
fn localised_procedures_keep_their_base_os_43() {
    for text in ["1.001776.000.00.00.H12", "1.001776.H12"] {
        let procedure: ProcedureCode = code(text);
        assert_eq!((procedure.base(), procedure.to_string()), ("1.001776", text.to_owned()));
        assert_eq!(procedure.national(), code::<ProcedureCode>("1.001776"));
    }
    for wrong in ["", "1", "1.", "1.12345", "1.1234567", "11.001776", "1.001776.", "1.001776.X", "1,001776", "1.00177６"] {
        assert!(wrong.parse::<ProcedureCode>().is_err(), "{wrong}");
    }
}

#[test]
fn dossier_codes_of_both_forms_are_read_os_42() {
    for text in [
        "H15.50.05.13-261008-0975",
        "H12-261123-0001",
        "000.00.07.H12-230915-0001",
        "000.00.07.H12-230915-123456789012345678901234",
        "H12.15-261123-0100123",
    ] {
        assert_eq!(code::<DossierCode>(text).to_string(), text);
    }
    for wrong in [
        "H12-261323-0001",
        "H12-260230-0001",
        "H12-261123-001",
        "H12-261123-00000001",
        "000.00.07.H12-230915-001",
        "H12-261123",
        "261123-0001",
        "H12-261123-00A1",
        "H12-2611233-0001",
    ] {
        assert!(wrong.parse::<DossierCode>().is_err(), "{wrong}");
    }
}

#[test]
fn a_desk_with_more_than_9999_dossiers_a_day_writes_five_digits() {
    let made = |n| DossierCode::make(&code("H12.15"), date(2026, 11, 23), n).map(|c| c.to_string());
    assert_eq!(made(1).unwrap(), "H12.15-261123-0001");
    assert_eq!(made(12_345).unwrap(), "H12.15-261123-12345");
    assert!(made(0).is_err() && made(10_000_000).is_err());
    assert!(DossierCode::make(&code("H12"), date(2100, 1, 1), 1).is_err());
}

#[test]
fn a_filing_code_looks_like_one() {
    let filing = FilingCode::from_seed(&Seed([1; 32]), 0).to_string();
    assert_eq!((filing.len(), &filing[..2], &filing[6..7]), (11, "N-", "-"));
    assert!("7Q4K-20XX".parse::<FilingCode>().is_err());
}
