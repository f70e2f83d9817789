use base::Lang;
use base::person::{PartialDate, PartialDateError, PersonName, PersonNameError};
use proptest::prelude::*;

proptest! {
    #[test]
    fn a_name_is_kept_as_typed_but_for_spaces_and_nfc(name in "\\PC{1,40}") {
        if let Ok(read) = name.parse::<PersonName>() {
            prop_assert_eq!(read.as_str(), base::text::line(&name));
            prop_assert_eq!(read.to_string().parse::<PersonName>(), Ok(read.clone()));
            prop_assert!(read.masked().ends_with('•'));
        }
    }

    #[test]
    fn partial_dates_read_back_in_both_ways_of_writing(year in 1i16..=9999, month in proptest::option::of(1i8..=12), day in proptest::option::of(1i8..=31)) {
        if let Ok(date) = PartialDate::new(year, month, day) {
            prop_assert_eq!(date.to_string().parse(), Ok(date));
            prop_assert_eq!((date.year(), date.month(), date.day()), (year, month, day));
            if year >= 1000 {
                prop_assert_eq!(date.vi().parse(), Ok(date));
            }
        }
    }

    #[test]
    fn no_text_makes_a_partial_date_panic(text in ".{0,20}", near in "[0-9/.\\-]{0,12}", y in any::<i16>(), m in any::<i8>(), d in any::<i8>()) {
        let _ = (text.parse::<PartialDate>(), near.parse::<PartialDate>(), PartialDate::new(y, Some(m), Some(d)));
    }
}

#[test]
fn names_of_all_peoples_are_names() {
    for name in [
        "H'Blim Niê",
        "K'Brôih",
        "Danh Sô Phát",
        "Thạch Thị Sà Rươl",
        "Nguyễn Văn An",
        "Y Wang Ksor",
        "Jean-Pierre O’Neil",
        "Nay Der (Ama Thu)",
        "Suharto",
        "Мария Иванова-Петрова",
        "王小明",
        "维克多·雨果",
        "สมชาย ใจดี",
        "Siti A/P Ali @ Aminah",
        "Martin King, Jr.",
    ] {
        assert_eq!(name.parse::<PersonName>().unwrap().as_str(), name);
    }
}

#[test]
fn masked_names_keep_one_letter_of_the_last_word() {
    for (name, masked) in
        [("Nguyễn Văn Mẫu", "Nguyễn Văn M•"), ("H'Blim Niê", "H'Blim N•"), ("K'Brôih", "K•"), ("Đặng Thị Ẩn", "Đặng Thị Ẩ•")]
    {
        assert_eq!(name.parse::<PersonName>().unwrap().masked(), masked);
    }
}

#[test]
fn what_is_no_name_is_refused_with_the_reason() {
    assert_eq!("  ".parse::<PersonName>(), Err(PersonNameError::Empty));
    assert_eq!("<b>A</b>".parse::<PersonName>(), Err(PersonNameError::Character('<')));
    assert_eq!("x".repeat(201).parse::<PersonName>(), Err(PersonNameError::TooLong));
    for (text, wrong) in [
        ("A1", '1'),
        ("Nguyễn Văn ٣", '٣'),
        ("Ⅷ", 'Ⅷ'),
        ("\u{200b}", '\u{200b}'),
        ("Nguyễn\u{202e}Văn", '\u{202e}'),
        ("\u{3164}", '\u{3164}'),
        ("'; DROP TABLE x", ';'),
        ("An_Xuyên", '_'),
        ("An\u{1f600}", '\u{1f600}'),
    ] {
        assert_eq!(text.parse::<PersonName>(), Err(PersonNameError::Character(wrong)), "{text:?}");
    }
    for signs in ["'", "- -", "(.)", "?", "\u{301}"] {
        assert_eq!(signs.parse::<PersonName>(), Err(PersonNameError::NoLetter), "{signs:?}");
    }
}

#[test]
fn a_name_with_what_nobody_sees_says_to_type_it_again() {
    let say = |text: &str| text.parse::<PersonName>().unwrap_err().words(Lang::Vi);
    assert_eq!(say("An\u{200b}"), "Họ và tên có ký tự không nhìn thấy. Xóa ô này rồi gõ lại.");
    assert_eq!(say("A1"), "Họ và tên không có ký tự “1”.");
}

#[test]
fn a_date_that_does_not_exist_says_why() {
    let say = |text: &str| text.parse::<PartialDate>().unwrap_err().words(Lang::Vi);
    assert_eq!(say("31/11/2026"), "Tháng 11 chỉ có 30 ngày.");
    assert_eq!(say("29/2/2025"), "Tháng 2 năm 2025 chỉ có 28 ngày.");
    assert_eq!(say("1/13/2025"), "Một năm có 12 tháng, không có tháng 13.");
    assert_eq!("1958-3-0".parse::<PartialDate>(), Err(PartialDateError::Day { year: 1958, month: 3, days: 31 }));
    assert_eq!(PartialDate::new(1958, None, Some(3)), Err(PartialDateError::DayWithoutMonth));
}

#[test]
fn a_birth_date_may_be_known_by_year_or_month_only() {
    let date = |text: &str| text.parse::<PartialDate>().unwrap();
    assert_eq!([date("1958").vi(), date("3/1958").vi(), date("12.3.1958").vi()], ["1958", "03/1958", "12/03/1958"]);
    assert_eq!(date("1958-03").to_string(), "1958-03");
}
