//! Form 02: OS-11, OS-13.

use crate::given::{at, package, submitted, world};
use onestop::decide::{request_supplement, supplement};
use onestop::dossier::{State, SupplementItem};
use onestop::events::Event;
use onestop::objection::Objection;

fn item(reason: &str, ground: &str) -> SupplementItem {
    SupplementItem { paper: "chung-sinh".into(), reason: reason.into(), ground: ground.into() }
}

#[test]
fn one_full_list_with_reason_and_ground_goes_out() {
    let world = world(package());
    let items = vec![item("Ảnh mờ", "Luật Hộ tịch, Điều 16")];
    let event = request_supplement(&submitted(&world.package), items.clone(), &world.now("2026-11-23T08:00")).unwrap();
    assert_eq!(event, Event::SupplementRequested { happened_at: at("2026-11-23T08:00"), items, late_reason: None });
}

#[test]
fn an_empty_list_or_an_item_without_ground_does_not() {
    let world = world(package());
    let dossier = submitted(&world.package);
    let ask = |items| request_supplement(&dossier, items, &world.now("2026-11-23T08:00")).unwrap_err();
    assert_eq!(ask(vec![]), Objection::NothingAsked);
    assert_eq!(ask(vec![item("Ảnh mờ", " ")]), Objection::ItemWithoutGround);
    assert_eq!(ask(vec![item("", "Luật Hộ tịch")]), Objection::ItemWithoutGround);
}

#[test]
fn a_completed_filing_is_checked_within_eight_working_hours_again() {
    let world = world(package());
    let mut dossier = submitted(&world.package);
    dossier.state = State::AwaitingSupplement;
    let event = supplement(&dossier, &world.now("2026-11-23T09:00")).unwrap();
    // 24/11 is a holiday: two hours this morning, four this afternoon, two on the 25th
    assert_eq!(event, Event::Supplemented { happened_at: at("2026-11-23T09:00"), check_due_at: at("2026-11-25T09:00") });
}
