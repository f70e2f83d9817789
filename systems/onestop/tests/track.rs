//! Where is my dossier: codes however they are typed, what a mistyped one is told, and what opens a dossier.

use crate::counter::received_without_papers;
use crate::front::Front;
use crate::given::package;
use crate::town::morning;
use base::{FilingCode, Lang, Seed};
use onestop::service::{canonical, mistyped};
use testkit::Place;
use uuid::Uuid;

/// The same code with its last character typed wrong.
fn slipped(code: &str) -> String {
    let (front, last) = code.split_at(code.len() - 1);
    format!("{front}{}", if last == "0" { "1" } else { "0" })
}

#[test]
fn a_filing_code_is_known_however_it_is_typed_and_a_slip_is_told() {
    let code = FilingCode::from_seed(&Seed([7; 32]), 0).to_string();
    let bare = code.replace('-', "").to_lowercase();
    let spaced = format!(" {} ", &code[2..]);
    for typed in [code.as_str(), &bare, &bare[1..], &code[2..], &spaced] {
        assert_eq!((canonical(typed), mistyped(typed, Lang::Vi)), (code.clone(), None), "{typed}");
    }
    for typed in [slipped(&code), slipped(&bare), slipped(&bare[1..])] {
        let said = mistyped(&typed, Lang::Vi).unwrap_or_default();
        assert!(said.contains("một ký tự gõ sai"), "{typed}: {said}");
    }
    for (typed, part) in [
        ("N-7Q4K", Some("Mã nộp có chữ N và 8 ký tự")),
        ("H12.164-269923-0001", Some("không phải ngày")),
        ("H12.164-261123-1", Some("Số thứ tự cuối mã hồ sơ")),
        ("H12.164-261123-0001", None),
        ("khai sinh", None),
    ] {
        let said = mistyped(typed, Lang::Vi);
        assert_eq!(said.is_some(), part.is_some(), "{typed}: {said:?}");
        assert!(said.unwrap_or_default().contains(part.unwrap_or_default()), "{typed}");
    }
}

testkit::both! {
    async fn a_code_without_its_n_leads_to_the_filing_and_a_mistyped_one_is_asked_again(place: Place) {
        let front = Front::on(place, package()).await;
        let code = front.town.submitted().await.filing_code;
        let stranger = front.citizen("la").await;
        let bare = code[1..].replace('-', "").to_lowercase();
        let found = front.get(&stranger, &format!("/tra-cuu?ma={bare}")).await.must(303);
        assert_eq!(found.location(), format!("/tra-cuu/{code}"));
        let wrong = slipped(&code);
        for (path, status) in [(format!("/tra-cuu?ma={wrong}"), 422), (format!("/tra-cuu/{wrong}"), 404)] {
            let page = front.get(&stranger, &path).await.must(status).text;
            assert!(page.contains("một ký tự gõ sai") && page.contains("name=\"ma\"") && page.contains(&wrong), "{path}");
        }
        let unknown = FilingCode::from_seed(&Seed([9; 32]), 0);
        let page = front.get(&stranger, &format!("/tra-cuu/{unknown}")).await.must(404).text;
        assert!(page.contains("Không có hồ sơ mang mã này"), "{page}");
    }

    async fn what_was_filed_with_neither_phone_nor_number_asks_for_none(place: Place) {
        let front = Front::on(place, package()).await;
        let stranger = front.citizen("la").await;
        let with_phone = front.town.submitted().await.filing_code;
        let with_nothing = received_without_papers(&front.town, Uuid::from_u128(0xF1), morning()).await.filing_code;
        for (code, asks) in [(with_phone, true), (with_nothing, false)] {
            let page = front.get(&stranger, &format!("/tra-cuu/{code}")).await.must(200).text;
            assert_eq!(page.contains("name=\"biet\""), asks, "{code}");
            assert_eq!(page.contains("Khi nộp không ghi số điện thoại hay số định danh"), !asks, "{code}");
        }
    }
}
