//! Form 02: OS-11.

use crate::given::{at, package, submitted, world};
use onestop::decide::{MOST_LETTERS, request_supplement};
use onestop::dossier::SupplementItem;
use onestop::events::Event;
use onestop::objection::Objection;

const ASKED: &[&str] = &["chung-sinh"];

fn item(reason: &str, ground: &str) -> SupplementItem {
    SupplementItem { paper: "chung-sinh".into(), reason: reason.into(), ground: ground.into() }
}

#[test]
fn one_full_list_with_reason_and_ground_goes_out() {
    let world = world(package());
    let items = vec![item("Ảnh mờ", "Luật Hộ tịch, Điều 16")];
    let event = request_supplement(&submitted(&world.package), items.clone(), ASKED, &world.now("2026-11-23T08:00")).unwrap();
    assert_eq!(event, Event::SupplementRequested { happened_at: at("2026-11-23T08:00"), items, late_reason: None });
}

#[test]
fn an_empty_list_or_an_item_without_ground_does_not() {
    let world = world(package());
    let dossier = submitted(&world.package);
    let ask = |items| request_supplement(&dossier, items, ASKED, &world.now("2026-11-23T08:00")).unwrap_err();
    assert_eq!(ask(vec![]), Objection::NothingAsked);
    assert_eq!(ask(vec![item("Ảnh mờ", " ")]), Objection::ItemWithoutGround);
    assert_eq!(ask(vec![item("", "Luật Hộ tịch")]), Objection::ItemWithoutGround);
}

#[test]
fn it_names_only_papers_the_dossier_is_asked_for() {
    let world = world(package());
    let strange = SupplementItem { paper: "bang-lai-xe".into(), ..item("Cho xem", "Không có") };
    let all = vec![item("Ảnh mờ", "Luật Hộ tịch"), strange];
    let facts = world.now("2026-11-23T08:00");
    assert_eq!(request_supplement(&submitted(&world.package), all, ASKED, &facts).unwrap_err(), Objection::PaperNotAsked);
}

#[test]
fn what_stands_in_the_log_for_ever_is_short() {
    let world = world(package());
    let ask = |letters: usize| {
        let items = vec![item(&"đ".repeat(letters), "Luật Hộ tịch")];
        request_supplement(&submitted(&world.package), items, ASKED, &world.now("2026-11-23T08:00"))
    };
    assert!(ask(MOST_LETTERS).is_ok());
    assert_eq!(ask(MOST_LETTERS + 1).unwrap_err(), Objection::TooLong);
}
