//! Issuing the result: OS-20.

use crate::given::{at, in_step, officer, package, world};
use catalogue::package::StepRole::{CaseOfficer, Clerk, Leader};
use onestop::decide::{MOST_NUMBER, issue};
use onestop::dossier::{Dossier, Outcome};
use onestop::events::Event;
use onestop::objection::Objection;
use uuid::Uuid;

const FILE: Uuid = Uuid::from_u128(9);

/// Decided on Monday at 15:00.
fn decided() -> Dossier {
    Dossier { outcome: Some(Outcome::Approved), last_at: at("2026-11-23T15:00"), ..in_step(2) }
}

#[test]
fn only_a_decided_dossier_is_issued_and_late_stays_late() {
    let world = world(package());
    let issued = |dossier: &Dossier, minute: &str| issue(dossier, &officer(12, &[Clerk, Leader]), FILE, "", &world.now(minute));
    assert_eq!(issued(&in_step(2), "2026-11-23T16:00").unwrap_err(), Objection::OtherStep);
    assert_eq!(issued(&Dossier { step: Some(1), ..decided() }, "2026-11-23T16:00").unwrap_err(), Objection::OtherStep);
    assert!(matches!(issued(&decided(), "2026-11-23T17:00"), Ok(Event::Issued { on_time: true, signed: false, .. })));
    assert!(matches!(issued(&decided(), "2026-11-23T17:04"), Ok(Event::Issued { on_time: false, .. })));
}

#[test]
fn a_result_is_never_dated_before_its_decision_however_good_the_reason() {
    let world = world(package());
    let dated =
        |fact: &str| issue(&decided(), &officer(12, &[Clerk]), FILE, "", &world.late(fact, "2026-11-24T09:00", "Mất điện"));
    assert_eq!(dated("2026-11-23T14:58").unwrap_err(), Objection::BeforeLastAct);
    assert!(matches!(dated("2026-11-23T15:00"), Ok(Event::Issued { on_time: true, .. })), "after the decision, with its reason");
}

#[test]
fn a_minute_typed_by_hand_is_the_minute_of_the_act_before() {
    let world = world(package());
    let precise = at("2026-11-23T15:00").plus(jiff::SignedDuration::from_secs(40));
    let dossier = Dossier { last_at: precise, ..decided() };
    let event = issue(&dossier, &officer(12, &[Clerk]), FILE, "", &world.late("2026-11-23T15:00", "2026-11-23T15:10", ""));
    assert!(
        matches!(event, Ok(Event::Issued { happened_at, .. }) if happened_at == precise),
        "the log stays in order: {event:?}"
    );
}

#[test]
fn only_the_role_of_the_step_issues() {
    let world = world(package());
    for role in [CaseOfficer, Leader] {
        let done = issue(&decided(), &officer(12, &[role]), FILE, "", &world.now("2026-11-23T16:00"));
        assert_eq!(done.unwrap_err(), Objection::OtherRole { role: Clerk });
    }
}

#[test]
fn the_number_of_the_units_own_register_is_kept_as_typed() {
    let world = world(package());
    let number = |typed: &str| issue(&decided(), &officer(12, &[Clerk]), FILE, typed, &world.now("2026-11-23T16:00"));
    assert!(matches!(number(" 12/TB-UBND "), Ok(Event::Issued { number: Some(n), .. }) if n == "12/TB-UBND"));
    assert!(matches!(number(" "), Ok(Event::Issued { number: None, .. })));
    assert_eq!(number(&"1".repeat(MOST_NUMBER + 1)).unwrap_err(), Objection::TooLong);
}
