use base::Lang;
use base::card::{CardError, Doubt, Field, Garble, Reading, read};
use base::ids::{CitizenIdError, Sex};
use proptest::prelude::*;

const CLEAN: &str = "096193001234||Thạch Thị Sà Rươl|12031993|Nữ|Ấp Kinh Cũ, Xã Đất Mũi, Cà Mau|01052022";

fn causes(reading: &Reading) -> Vec<(Field, Garble)> {
    reading.cures.iter().map(|cure| (cure.field, cure.cause)).collect()
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in ".{0,120}", fields in proptest::collection::vec("[0-9a-zA-ZÀ-ỹ? ăâêô\u{300}\u{301}\u{309}]{0,20}", 0..9)) {
        let _ = (read(&text), read(&fields.join("|")));
        let _ = read(&format!("096193001234||{}|12031993|Nữ|{}|01052022", text.replace('|', ""), fields.join(" ")));
    }

    #[test]
    fn what_is_changed_is_always_shown(name in "[a-zA-ZÀ-ỹ0-9Ã»áºâ ]{1,30}", address in "[a-zA-ZÀ-ỹ0-9Ã»áºâ, ]{0,40}") {
        let text = format!("096193001234||{name}|12031993|Nữ|{address}|01052022");
        let Ok(reading) = read(&text) else { return Ok(()) };
        for (field, seen, read_as) in [(Field::Name, &name, reading.card.name.as_str()), (Field::Address, &address, &reading.card.address)] {
            let cure = reading.cures.iter().find(|cure| cure.field == field);
            prop_assert_eq!(cure.map_or(base::text::line(seen), |cure| cure.read_as.clone()), read_as);
            prop_assert!(cure.is_none_or(|cure| cure.seen == seen.trim() && cure.seen != read_as));
        }
    }

    #[test]
    fn a_proper_card_is_never_changed(surname in "(Nguyễn|Trần|Danh|Thạch|Ksor|Rơ Châm|Y|Nay|Đặng)", given in "(Kos|Sô Phát|Der|Wang|H'Blim Niê|K'Brôih|Rươl|Sar|Jut|An|Hoà|Thuỷ|Rex)") {
        let name = format!("{surname} {given}");
        let text = CLEAN.replace("Thạch Thị Sà Rươl", &name);
        let reading = read(&text).unwrap();
        prop_assert!(reading.cures.is_empty() && reading.doubts.is_empty(), "{:?}", reading);
        prop_assert_eq!(reading.card.name.as_str(), name);
    }
}

#[test]
fn a_clean_card_is_read_whole_and_without_remarks() {
    let reading = read(&format!("\u{feff}{CLEAN}\r\n")).unwrap();
    assert!(reading.cures.is_empty() && reading.doubts.is_empty(), "{reading:?}");
    let card = reading.card;
    assert_eq!((card.id.to_string().as_str(), card.old_id, card.name.as_str()), ("096193001234", None, "Thạch Thị Sà Rươl"));
    assert_eq!(
        (card.birth.unwrap().vi().as_str(), card.sex, card.issued.unwrap().to_string().as_str()),
        ("12/03/1993", Some(Sex::Female), "2022-05-01")
    );
    assert_eq!(card.address, "Ấp Kinh Cũ, Xã Đất Mũi, Cà Mau");
}

#[test]
fn an_old_number_a_year_only_and_later_fields_are_no_trouble() {
    let reading = read("099090000001|012345678|Nguyễn Văn Mẫu|00001990|Nam|Cà Mau|01012024|||x").unwrap();
    assert_eq!((reading.card.old_id.as_deref(), reading.card.birth.unwrap().to_string().as_str()), (Some("012345678"), "1990"));
    assert_eq!(reading.doubts, [Doubt::UnknownProvince]);
}

#[test]
fn a_birth_year_written_alone_is_a_year() {
    let reading = read(&CLEAN.replace("12031993", "1993")).unwrap();
    assert_eq!((reading.card.birth.unwrap().to_string().as_str(), reading.doubts), ("1993", vec![]));
    for unread in ["993", "0000", "019930", "1993 "] {
        let text = CLEAN.replace("12031993", unread);
        assert_eq!(read(&text).unwrap().card.birth.is_some(), unread.trim() == "1993", "{unread}");
    }
}

#[test]
fn two_cards_in_one_text_are_neither_persons() {
    let next = "099090000001|012345678|Nguyễn Văn Mẫu|00001990|Nam|Cà Mau|01012024";
    for between in ["", " ", "\n", "|||", "|Danh Sol|"] {
        assert_eq!(read(&format!("{CLEAN}{between}{next}")).unwrap_err(), CardError::TwoCards, "{between:?}");
    }
    assert!(read(&format!("{CLEAN}|Danh Sol|099090000001")).is_ok(), "what later cards append is no second card");
}

#[test]
fn telex_keystrokes_are_recognised_and_the_cure_is_shown() {
    let reading =
        read("096193001234||Nguyeenx Thij Hoaf An|12031993|Nuwx|Aaps Kinh Cux, Xax DDaats Muix, Caf Mau|01052022").unwrap();
    assert_eq!(reading.card.name.as_str(), "Nguyễn Thị Hòa An");
    assert_eq!((reading.card.sex, reading.card.address.as_str()), (Some(Sex::Female), "Ấp Kinh Cũ, Xã Đất Mũi, Cà Mau"));
    assert_eq!(causes(&reading), [(Field::Name, Garble::Telex), (Field::Sex, Garble::Telex), (Field::Address, Garble::Telex)]);
    assert_eq!(
        reading.cures[0].words(Lang::Vi),
        "Họ và tên: máy quét gửi “Nguyeenx Thij Hoaf An”, đọc lại là “Nguyễn Thị Hòa An”. So với thẻ trước khi dùng. \
         Đặt máy quét xuất Unicode và tắt bộ gõ tiếng Việt (chọn E) trước khi quét."
    );
}

#[test]
fn half_composed_telex_is_recognised_too() {
    let reading = read("096193001234||Nguyênx Thij Hòa|12031993|Nữ|Xã Đất Mũi|01052022").unwrap();
    assert_eq!(reading.card.name.as_str(), "Nguyễn Thị Hòa");
    assert_eq!(causes(&reading), [(Field::Name, Garble::Telex)]);
}

#[test]
fn letters_that_an_active_telex_took_for_keys_are_guessed_but_not_changed() {
    for (seen, maybe) in [("Ksỏ", "Ksor"), ("Ưang", "Wang"), ("Kảl", "Karl")] {
        let reading = read(&CLEAN.replace("Rươl", seen)).unwrap();
        assert!(reading.card.name.as_str().ends_with(seen) && reading.cures.is_empty());
        assert_eq!(reading.doubts, [Doubt::Retyped { field: Field::Name, seen: seen.into(), maybe: maybe.into() }]);
    }
}

#[test]
fn vni_keystrokes_are_recognised_and_house_numbers_stay() {
    let reading = read("096193001234||Nguye6n4 Thi5 Ma6u4|12031993|Nu74|12A5 D9u7o7ng2 so61 3, Ca2 Mau|01052022").unwrap();
    assert_eq!(reading.card.name.as_str(), "Nguyễn Thị Mẫu");
    assert_eq!(reading.card.address, "12A5 Đường số 3, Cà Mau");
    assert_eq!(reading.cures.len(), 3);
}

#[test]
fn utf_8_shown_in_the_code_page_of_windows_is_read_back() {
    let shown: String = "Nguyễn Thị Hòa"
        .bytes()
        .map(|b| {
            if b == 0x85 {
                '…'
            } else if b == 0x8b {
                '‹'
            } else {
                char::from(b)
            }
        })
        .collect();
    let reading = read(&CLEAN.replace("Thạch Thị Sà Rươl", &shown)).unwrap();
    assert_eq!(reading.card.name.as_str(), "Nguyễn Thị Hòa");
    assert_eq!(causes(&reading), [(Field::Name, Garble::CodePage)]);
}

#[test]
fn digits_typed_on_the_vietnamese_layout_are_read_back() {
    let garbled = CLEAN.replace("096193001234", "0đ\u{309}ăđê00ăâêô").replace("12031993", "ăâ0êăđđê");
    let reading = read(&garbled).unwrap();
    assert_eq!(
        (reading.card.id.to_string().as_str(), reading.card.birth.unwrap().to_string().as_str()),
        ("096193001234", "1993-03-12")
    );
    assert_eq!(causes(&reading), [(Field::Id, Garble::DigitRow), (Field::Birth, Garble::DigitRow)]);
}

#[test]
fn lost_letters_cannot_be_cured_and_are_said_to_be_lost() {
    let reading = read("096193001234||Nguy?n Th? M?u|12031993|N?|X\u{fffd} \u{110}?t M?i|01052022").unwrap();
    assert!(reading.cures.is_empty());
    assert_eq!(
        reading.doubts,
        [
            Doubt::Unreadable { field: Field::Sex, seen: "N?".into() },
            Doubt::Lost { field: Field::Name },
            Doubt::Lost { field: Field::Address }
        ]
    );
}

#[test]
fn a_card_that_contradicts_itself_is_doubted_not_refused() {
    let reading = read("096193001234||Danh Sô Phát|12031992|Nam|Cà Mau|31022022").unwrap();
    let unread = Doubt::Unreadable { field: Field::Issued, seen: "31022022".into() };
    assert_eq!(reading.doubts, [unread, Doubt::OtherBirthYear { in_number: 1993 }, Doubt::OtherSex]);
}

#[test]
fn what_is_no_card_says_what_to_do() {
    assert_eq!(read("096193001234|x").unwrap_err(), CardError::Fields(2));
    assert_eq!(read("09619300123||A|12031993|Nam|B|01052022").unwrap_err(), CardError::Id(CitizenIdError::Length(11)));
    assert_eq!(
        read("xin chào").unwrap_err().words(Lang::Vi),
        "Mã QR trên thẻ căn cước có 7 trường, chuỗi này có 1. Quét lại mã ở mặt trước của thẻ."
    );
}
