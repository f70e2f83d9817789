//! One address at a time, worked out by hand.
use place::{Resolved, commune_of_today, resolve};
use proptest::prelude::*;

fn default_of(address: &str) -> Option<String> {
    resolve(address).default
}

#[test]
fn an_old_address_is_understood_however_it_is_written() {
    for (address, now) in [
        ("Xã Vĩnh Mỹ A, Huyện Hòa Bình, Tỉnh Bạc Liêu", "31891"),
        ("X.Tân Lộc Bắc, H.Thới Bình, Cà Mau", "32083"),
        ("x. tan loc bac - h. thoi binh - ca mau", "32083"),
        ("ấp 3, Tân Lộc Bắc, Thới Bình, Cà Mau", "32083"),
        ("số 12 đường Lý Bôn, P.7, TP. Bạc Liêu, tỉnh Bạc Liêu", "31825"),
        ("12 Lý Bôn phường 07 thành phố bạc liêu", "31825"),
        ("P7, TP Bạc Liêu", "31825"),
        ("Thị trấn Năm Căn, Huyện Năm Căn, Tỉnh Cà Mau", "32191"),
        ("TT Năm Căn – Năm Căn – Cà Mau", "32191"),
        ("Phường 5, TP Cà Mau, Cà Mau", default_of("Phường 5, Thành phố Cà Mau, Tỉnh Cà Mau").unwrap_or_default().as_str()),
        ("Xã Vĩnh Mĩ A, H. Hòa Bình, Bạc Liêu", "31891"),
    ] {
        assert_eq!(default_of(address).as_deref(), Some(now), "{address}");
    }
}

#[test]
fn all_candidates_are_given_when_only_part_of_the_old_commune_moved() {
    let found = resolve("Phường Cống Vị, Quận Ba Đình, Hà Nội");
    assert_eq!(found.old.as_deref(), Some("00007"));
    assert!(found.new.len() >= 2, "{found:?}");
    assert_eq!(found.default.as_ref(), found.new.first());
}

#[test]
fn an_address_of_today_stays_what_it_is() {
    for (address, code) in [("Phường An Xuyên, Tỉnh Cà Mau", "32002"), ("Xã Đồng Phú, Đồng Nai", "25363")] {
        let found = resolve(address);
        assert_eq!(found.default.as_deref(), Some(code), "{address}: {found:?}");
    }
    let (name, province) = commune_of_today("32002").unwrap();
    assert_eq!((name.as_str(), province.as_str()), ("Phường An Xuyên", "Tỉnh Cà Mau"));
}

#[test]
fn an_island_without_communes_became_one() {
    assert_eq!(default_of("Huyện Bạch Long Vĩ, Hải Phòng").as_deref(), Some("11948"));
}

#[test]
fn nothing_is_guessed_from_a_street_or_a_province_alone() {
    for address in ["", "12 Trần Hưng Đạo", "Cà Mau", "tỉnh Bạc Liêu", "ấp 7", "Phường 7", "không nhớ", ", , ,", "😀"]
    {
        assert_eq!(resolve(address), Resolved::default(), "{address}");
    }
}

#[test]
fn a_text_as_long_as_a_letter_is_no_address() {
    let address = |blanks: usize| format!("12 Lý Bôn,{} P.7, TP Bạc Liêu", " ".repeat(blanks));
    assert_eq!(resolve(&address(200)).default.as_deref(), Some("31825"));
    assert_eq!(resolve(&address(300)), Resolved::default());
}

#[test]
fn the_forty_examples_of_the_collection_are_right() {
    let Ok(shared) = std::env::var("MOTCUA_SHARED") else { return eprintln!("skipped: MOTCUA_SHARED is not set") };
    let path = std::path::Path::new(&shared).join("data/text/address_examples.csv");
    let Ok(mut rows) = csv::Reader::from_path(&path) else { return eprintln!("skipped: {} is absent", path.display()) };
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 40);
    for row in rows {
        assert_eq!(default_of(&row[0]).as_deref(), Some(&row[2]), "{}", &row[0]);
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(address in "\\PC{0,200}") {
        let found = resolve(&address);
        prop_assert_eq!(found.default.is_some(), !found.new.is_empty());
    }
}
