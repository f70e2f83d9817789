//! (not on screen)
use super::*;

fn entry(code: &str, name: &str) -> Entry {
    Entry { code: code.into(), name: name.into(), field: "Hộ tịch".into(), levels: vec![Level::Commune], ..Entry::default() }
}

static INDEX: std::sync::LazyLock<Index> = std::sync::LazyLock::new(|| {
    Index::build([
        entry("1.001193", "Thủ tục đăng ký khai sinh"),
        entry("2.000528", "Thủ tục đăng ký khai sinh có yếu tố nước ngoài"),
        entry("1.004884", "Thủ tục đăng ký lại khai sinh"),
        entry("1.000894", "Thủ tục đăng ký kết hôn"),
        entry("1.000656", "Thủ tục đăng ký khai tử"),
        entry("1.012812", "Hòa giải tranh chấp đất đai"),
        entry("2.000635", "Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh"),
    ])
    .unwrap()
});

fn first(question: &str) -> String {
    search(&INDEX, question, &Narrow::default()).hits.first().map(|h| h.code.clone()).unwrap_or_default()
}

#[test]
fn any_spelling_finds_the_same() {
    use unicode_normalization::UnicodeNormalization;
    let nfd: String = "đăng ký khai sinh".nfd().collect();
    for q in [
        "dang ky khai sinh",
        "đăng ký khai sinh",
        "ĐĂNG KÍ KHAI SINH",
        "đk ks",
        "khaisinh",
        "ddawng kys khai sinh",
        &nfd,
        "giay khai sinh cho con",
    ] {
        assert_eq!(first(q), "1.001193", "{q}");
    }
    assert_eq!(first("hoà giải đất"), "1.012812");
    assert_eq!(first("hòa giải đất"), "1.012812");
    assert_eq!(first("khia tử"), "1.000656");
}

#[test]
fn the_plain_procedure_stands_before_its_special_cases_until_they_are_asked_for() {
    assert_eq!(first("khai sinh"), "1.001193");
    assert_eq!(first("khai sinh có bố là người nước ngoài"), "2.000528");
    assert_eq!(first("đăng ký lại khai sinh"), "1.004884");
}

#[test]
fn every_hit_says_why() {
    let found = search(&INDEX, "tôi muốn cưới vợ thì cần giấy tờ gì", &Narrow::default());
    assert_eq!(found.hits[0].code, "1.000894");
    assert!(found.hits[0].why.contains(&Why::Means { said: "cưới vợ".into(), means: "đăng ký kết hôn".into() }));
    assert!(found.hits.iter().all(|h| !h.why.is_empty()));
    let marks: Vec<&str> = found.hits[0].marks.iter().map(|(a, b)| &found.hits[0].name[*a..*b]).collect();
    assert_eq!(marks, ["đăng ký kết hôn"]);
}

#[test]
fn what_was_typed_without_marks_is_marked_whole() {
    for question in ["dang ky khai sinh", "đăng ký khai sinh", "tôi muốn đăng ký khai sinh"] {
        let found = search(&INDEX, question, &Narrow::default());
        let name = &found.hits[0].name;
        let marks: Vec<&str> = found.hits[0].marks.iter().map(|(a, b)| &name[*a..*b]).collect();
        assert_eq!(marks, ["đăng ký khai sinh"], "{question}: {name}");
    }
}

#[test]
fn the_question_is_shown_as_the_catalogue_writes_it() {
    let found = search(&INDEX, "dang ky khai sinh", &Narrow::default());
    assert_eq!(found.understood.text, "đăng ký khai sinh");
    assert!(found.understood.without_marks);
}

#[test]
fn a_code_finds_its_procedure_and_nothing_finds_nothing() {
    assert_eq!(first("1.000656"), "1.000656");
    assert_eq!(first("1.000656.000.00.00.H12"), "1.000656");
    for q in ["", "   ", "???", "tôi muốn", "\u{0}"] {
        assert!(search(&INDEX, q, &Narrow::default()).hits.is_empty(), "{q:?}");
    }
}

#[test]
fn filters_narrow_and_facets_count() {
    let foreign = Narrow { foreign: Some(true), ..Narrow::default() };
    let found = search(&INDEX, "khai sinh", &foreign);
    assert_eq!(found.hits.iter().map(|h| h.code.as_str()).collect::<Vec<_>>(), ["2.000528"]);
    assert!(found.facets.foreign[1] >= 2);
}

proptest::proptest! {
    #[test]
    fn any_text_is_answered(q in "\\PC{0,80}") {
        let _ = search(&INDEX, &q, &Narrow::default());
    }
}
