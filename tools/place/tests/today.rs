//! Old addresses written anew: the house stays, the commune is of today.
use place::{resolve, today};
use proptest::prelude::*;

use crate::every::communes;

fn written(address: &str) -> Vec<String> {
    today(address).into_iter().map(|t| t.written).collect()
}

#[test]
fn the_house_and_the_street_stay_however_the_rest_is_written() {
    for (old, new) in [
        ("12 Lý Bôn, P.7, TP Bạc Liêu", "12 Lý Bôn, Phường Bạc Liêu, Tỉnh Cà Mau"),
        ("12 Lý Bôn, Phường 7, Thành phố Bạc Liêu, Tỉnh Bạc Liêu", "12 Lý Bôn, Phường Bạc Liêu, Tỉnh Cà Mau"),
        ("12 lý bôn phường 7 thành phố bạc liêu", "12 lý bôn, Phường Bạc Liêu, Tỉnh Cà Mau"),
        ("Số 5/2 hẻm 4 - Phường 7 - TP. Bạc Liêu - Bạc Liêu", "Số 5/2 hẻm 4, Phường Bạc Liêu, Tỉnh Cà Mau"),
        ("P7, Bạc Liêu, Bạc Liêu", "Phường Bạc Liêu, Tỉnh Cà Mau"),
    ] {
        assert_eq!(written(old), [new], "{old}");
    }
}

#[test]
fn a_commune_of_which_only_part_moved_gives_all_candidates() {
    let offers = today("Số 3 ngõ 5, Phường Cống Vị, Quận Ba Đình, Hà Nội");
    assert!(offers.len() >= 2, "{offers:?}");
    assert!(offers.iter().all(|t| t.written.starts_with("Số 3 ngõ 5, ") && t.written.contains(&t.commune)), "{offers:?}");
}

#[test]
fn an_address_of_today_or_of_nowhere_is_left_alone() {
    for address in ["", "12 Trần Hưng Đạo", "Phường An Xuyên, Tỉnh Cà Mau", "Phường 7", "không nhớ", &"xã ".repeat(200)]
    {
        assert_eq!(written(address), Vec::<String>::new(), "{address}");
    }
}

#[test]
fn every_old_commune_written_anew_is_one_of_its_communes_of_today() {
    let (mut wrong, mut silent) = (vec![], 0);
    let all = communes();
    for c in &all {
        let old = format!("Ấp 1, {} {}, {} {}, {} {}", c.kind, c.name, c.district.0, c.district.1, c.province.0, c.province.1);
        let offers = today(&old);
        silent += usize::from(offers.is_empty());
        for offer in &offers {
            let again = resolve(&offer.written);
            if !c.now.contains(&offer.code) || !offer.written.starts_with("Ấp 1, ") || !again.new.contains(&offer.code) {
                wrong.push(format!("{old} → {offer:?}, read again {again:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {}", wrong.len(), wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n"));
    println!("{} communes, {silent} of the same words today as before", all.len());
    assert!(silent * 50 < all.len(), "{silent}");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in ".{0,60}", near in "[0-9]{0,3} (Lý Bôn|ấp)?,? ?(P|xã|phường)[. ]?(7|Tân Lộc),? ?(TP|huyện)?[. ]?(Bạc Liêu|Thới Bình)") {
        let _ = (today(&text), today(&near));
    }
}
