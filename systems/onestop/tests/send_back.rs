//! One step back, with a reason, by whoever has the step in hand.

use crate::given::{in_step, officer, package, world};
use catalogue::package::StepRole::{CaseOfficer, Clerk, Leader};
use onestop::decide::send_back;
use onestop::dossier::Dossier;
use onestop::events::Event;
use onestop::objection::Objection;
use uuid::Uuid;

const NOTE: Uuid = Uuid::from_u128(5);

#[test]
fn sending_back_needs_a_reason_and_a_step_before() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    assert_eq!(send_back(&in_step(1), &officer(11, &[Leader]), " ", NOTE, &facts).unwrap_err(), Objection::ReasonNeeded);
    assert_eq!(
        send_back(&in_step(0), &officer(11, &[CaseOfficer]), "Sai tên", NOTE, &facts).unwrap_err(),
        Objection::NoStepBefore
    );
    let back = send_back(&in_step(1), &officer(11, &[Leader]), "Sai tên", NOTE, &facts);
    assert!(matches!(back, Ok(Event::SentBack { ref to, .. }) if to == "soan"), "{back:?}");
}

#[test]
fn nobody_pulls_a_dossier_back_from_the_leader() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    for role in [CaseOfficer, Clerk] {
        let pulled = send_back(&in_step(1), &officer(10, &[role]), "Sửa lại", NOTE, &facts);
        assert_eq!(pulled.unwrap_err(), Objection::OtherRole { role: Leader });
    }
    let held = Dossier { assignee: Some(Uuid::from_u128(12)), ..in_step(1) };
    assert_eq!(send_back(&held, &officer(11, &[Leader]), "Sửa lại", NOTE, &facts).unwrap_err(), Objection::HeldByAnother);
}

#[test]
fn a_late_entry_says_why_in_the_event() {
    let world = world(package());
    let late = |reason| {
        send_back(
            &in_step(1),
            &officer(11, &[Leader]),
            "Sai tên",
            NOTE,
            &world.late("2026-11-23T09:00", "2026-11-23T10:00", reason),
        )
    };
    assert_eq!(late("").unwrap_err(), Objection::LateEntryNeedsReason);
    assert!(matches!(late("Mất mạng"), Ok(Event::SentBack { late_reason: Some(why), .. }) if why == "Mất mạng"));
}
