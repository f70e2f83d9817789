use base::text::typing::{Method, compose};
use base::text::{fold, has_marks, nfc, sort_key, spelling, syllable, tokens};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

proptest! {
    #[test]
    fn folding_is_blind_to_form_and_stable(text in "[a-zA-ZÀ-ỹđĐ '\\-]{0,40}", any in ".{0,40}") {
        let nfd: String = text.nfd().collect();
        prop_assert_eq!(fold(&text), fold(&nfd));
        prop_assert_eq!(fold(&fold(&any)), fold(&any));
        prop_assert_eq!(nfc(&nfc(&any)), nfc(&any));
        prop_assert!(!has_marks(&fold(&any)));
    }

    #[test]
    fn spelling_and_keys_are_blind_to_form(text in "[a-zA-ZÀ-ỹđĐ ]{0,30}") {
        let nfd: String = text.nfd().collect();
        prop_assert_eq!(spelling(&text), spelling(&nfd));
        prop_assert_eq!(sort_key(&text), sort_key(&nfd));
    }

    #[test]
    fn no_text_makes_text_rules_panic(text in ".{0,60}") {
        let _ = (tokens(&text), spelling(&text), sort_key(&text), syllable::parse(&text));
        let _ = (compose(Method::Telex, &text), compose(Method::Vni, &text));
    }
}

#[test]
fn search_words_need_no_accents_no_form_and_no_tone_placement() {
    for text in ["Đăng ký khai sinh", "dang ky khai sinh", "ĐĂNG KÝ KHAI SINH", "Đăng ký khai sinh"] {
        assert_eq!(tokens(text), ["dang", "ky", "khai", "sinh"]);
    }
    assert_eq!(fold("Hoà"), fold("Hòa"));
    assert_eq!(tokens("H'Blim Niê (1.001193)"), ["hblim", "nie", "1", "001193"]);
}

#[test]
fn tones_in_either_place_are_one_spelling_and_other_tones_another() {
    for (a, b) in [("Hoà", "Hòa"), ("Thuỷ", "THỦY"), ("Uỷ ban", "Ủy  ban"), ("khoẻ", "khỏe"), ("H'Blim Niê", "H’Blim Niê")]
    {
        assert_eq!(spelling(a), spelling(b));
    }
    for (a, b) in [("Hoa", "Hòa"), ("Hòa", "Hóa"), ("ma", "mã"), ("Đa", "Da"), ("Cân", "Căn")] {
        assert_ne!(spelling(a), spelling(b));
    }
}

#[test]
fn lists_are_sorted_as_in_a_vietnamese_dictionary() {
    let sorted = ["a", "à", "ả", "ã", "á", "ạ", "ă", "ắc", "â", "b", "d", "đ", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"];
    let mut shuffled: Vec<&str> = sorted.iter().rev().copied().collect();
    shuffled.sort_by_key(|text| sort_key(text));
    assert_eq!(shuffled, sorted);
    let mut units = ["Đất Mũi", "Ba Đình", "An Xuyên", "Đá Bạc", "Ấp Năm", "Dân Tiến"];
    units.sort_by_key(|text| sort_key(text));
    assert_eq!(units, ["An Xuyên", "Ấp Năm", "Ba Đình", "Dân Tiến", "Đá Bạc", "Đất Mũi"]);
}

#[test]
fn syllables_of_the_language_are_known_and_accidents_are_not() {
    for word in
        ["Nguyễn", "quyền", "giếng", "gì", "Ủy", "nghiêng", "khuya", "Thạch", "xoong", "Ấp", "ước", "quốc", "huỳnh", "khuỷu", "Y"]
    {
        assert!(syllable::parse(word).is_some(), "{word}");
    }
    for word in ["Nguyeenx", "Vawn", "Thij", "Saf", "Ksor", "Brôih", "viêt", "Maaux", "w", "", "ngày mai"] {
        assert!(syllable::parse(word).is_none(), "{word}");
    }
}

#[test]
fn keystrokes_compose_as_the_input_methods_do() {
    for (telex, vni, word) in [
        ("Nguyeenx", "Nguye6n4", "Nguyễn"),
        ("Nguyenex", "Nguyen64", "Nguyễn"),
        ("Vawn", "Va8n", "Văn"),
        ("DDaats", "D9a61t", "Đất"),
        ("hoaf", "hoa2", "hòa"),
        ("THUYR", "THUY3", "THỦY"),
        ("Phuwowcs", "Phu7o7c1", "Phước"),
        ("dduowngf", "d9uong27", "đường"),
        ("muwa", "mu7a", "mưa"),
        ("quaans", "qua6n1", "quấn"),
        ("giaf", "gia2", "già"),
        ("Nuwx", "Nu74", "Nữ"),
        ("Nguyênx", "Nguyên4", "Nguyễn"),
    ] {
        assert_eq!(compose(Method::Telex, telex).as_deref(), Some(word));
        assert_eq!(compose(Method::Vni, vni).as_deref(), Some(word));
    }
    assert_eq!(compose(Method::Telex, "Minh"), None);
}
