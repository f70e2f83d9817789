//! The competent unit at work: OS-05, OS-20, OS-23.

use crate::given::{at, officer, package, submitted, world};
use catalogue::package::StepAct;
use onestop::decide::{claim, issue, pass_on, resolve, send_back};
use onestop::dossier::{Dossier, Outcome, State};
use onestop::events::Event;
use onestop::objection::Objection;
use uuid::Uuid;

fn in_step(step: usize) -> Dossier {
    Dossier { state: State::InProgress, step: Some(step), due_at: Some(at("2026-11-23T17:00")), ..submitted(&package()) }
}

#[test]
fn a_package_without_decision_issue_and_return_gets_them() {
    let acts: Vec<StepAct> = world(package()).route.iter().map(|s| s.act).collect();
    assert_eq!(acts, [StepAct::Process, StepAct::Approve, StepAct::Issue, StepAct::Return]);
}

#[test]
fn the_step_somebody_holds_is_theirs() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    assert!(matches!(claim(&in_step(0), &officer(10), &facts), Ok(Event::Claimed { .. })));
    let held = Dossier { assignee: Some(Uuid::from_u128(10)), ..in_step(0) };
    assert!(claim(&held, &officer(10), &facts).is_ok());
    assert_eq!(claim(&held, &officer(11), &facts).unwrap_err(), Objection::HeldByAnother);
    assert_eq!(pass_on(&held, &officer(11), &facts).unwrap_err(), Objection::HeldByAnother);
}

#[test]
fn passing_on_enters_the_next_step_with_its_own_time() {
    let world = world(package());
    let event = pass_on(&in_step(0), &officer(10), &world.now("2026-11-23T14:00")).unwrap();
    let Event::PassedOn { from, to, .. } = event else { panic!("not passed on: {event:?}") };
    assert_eq!((from.as_str(), to.as_str()), ("soan", "phe-duyet"));
}

#[test]
fn without_a_competent_unit_nothing_is_passed_on() {
    let world = world(package());
    let dossier = Dossier { unit_path: None, ..in_step(0) };
    assert_eq!(pass_on(&dossier, &officer(10), &world.now("2026-11-23T14:00")).unwrap_err(), Objection::NoCompetentUnit);
}

#[test]
fn sending_back_needs_a_reason_and_a_step_before() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    let note = Uuid::from_u128(5);
    assert_eq!(send_back(&in_step(1), &officer(11), " ", note, &facts).unwrap_err(), Objection::ReasonNeeded);
    assert_eq!(send_back(&in_step(0), &officer(11), "Sai tên", note, &facts).unwrap_err(), Objection::NoStepBefore);
    assert!(
        matches!(send_back(&in_step(1), &officer(11), "Sai tên", note, &facts), Ok(Event::SentBack { to, .. }) if to == "soan")
    );
}

#[test]
fn nobody_approves_their_own_work() {
    let world = world(package());
    let dossier = Dossier { processed_by: Some(Uuid::from_u128(10)), ..in_step(1) };
    let facts = world.now("2026-11-23T14:00");
    assert_eq!(resolve(&dossier, &officer(10), Outcome::Approved, "", None, &facts).unwrap_err(), Objection::OwnWork);
    assert!(resolve(&dossier, &officer(11), Outcome::Approved, "", None, &facts).is_ok());
}

#[test]
fn a_rejection_says_why() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    assert_eq!(resolve(&in_step(1), &officer(11), Outcome::Rejected, "", None, &facts).unwrap_err(), Objection::ReasonNeeded);
    assert!(resolve(&in_step(1), &officer(11), Outcome::Rejected, "Không đủ điều kiện", Some(Uuid::nil()), &facts).is_ok());
}

#[test]
fn only_a_decided_dossier_is_issued_and_late_stays_late() {
    let world = world(package());
    let attachment = Uuid::from_u128(9);
    let issued = |dossier: &Dossier, minute: &str| issue(dossier, &officer(12), attachment, &world.now(minute));
    assert_eq!(issued(&in_step(2), "2026-11-23T16:00").unwrap_err(), Objection::OtherStep);
    let decided = Dossier { outcome: Some(Outcome::Approved), ..in_step(2) };
    assert_eq!(issued(&Dossier { step: Some(1), ..decided.clone() }, "2026-11-23T16:00").unwrap_err(), Objection::OtherStep);
    assert!(matches!(issued(&decided, "2026-11-23T17:00"), Ok(Event::Issued { on_time: true, signed: false, .. })));
    assert!(matches!(issued(&decided, "2026-11-23T17:04"), Ok(Event::Issued { on_time: false, .. })));
}
