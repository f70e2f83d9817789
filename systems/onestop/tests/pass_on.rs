//! Closing a processing step: OS-05, OS-23, TC-06.

use crate::given::{at, in_step, officer, package, world};
use catalogue::package::StepAct;
use catalogue::package::StepRole::{CaseOfficer, Clerk, Leader};
use onestop::decide::pass_on;
use onestop::dossier::Dossier;
use onestop::events::Event;
use onestop::objection::Objection;
use uuid::Uuid;

#[test]
fn a_package_without_decision_issue_and_return_gets_them() {
    let acts: Vec<StepAct> = world(package()).route.iter().map(|s| s.act).collect();
    assert_eq!(acts, [StepAct::Process, StepAct::Approve, StepAct::Issue, StepAct::Return]);
}

#[test]
fn passing_on_enters_the_next_step_with_its_own_time_from_the_fact() {
    let mut two = package();
    two.steps.push(catalogue::package::Step { id: "soat".into(), name: "Soát".into(), role: Leader, ..two.steps[0].clone() });
    let world = world(two);
    let event =
        pass_on(&in_step(0), &officer(10, &[CaseOfficer]), &world.late("2026-11-23T08:30", "2026-11-23T10:00", "Mất điện"));
    let Ok(Event::PassedOn { happened_at, from, to, step_due_at, late_reason }) = event else { panic!("{event:?}") };
    assert_eq!((from.as_str(), to.as_str(), happened_at), ("soan", "soat", at("2026-11-23T08:30")));
    assert_eq!(step_due_at, Some(at("2026-11-23T10:30")), "two hours from when it was passed on, not from the entry");
    assert_eq!(late_reason.as_deref(), Some("Mất điện"));
}

#[test]
fn a_step_of_the_leader_is_passed_on_by_a_leader_only() {
    let mut checked = package();
    checked.steps[0].role = Leader;
    let world = world(checked);
    let facts = world.now("2026-11-23T14:00");
    for role in [CaseOfficer, Clerk] {
        assert_eq!(pass_on(&in_step(0), &officer(10, &[role]), &facts).unwrap_err(), Objection::OtherRole { role: Leader });
    }
    assert!(pass_on(&in_step(0), &officer(10, &[Leader]), &facts).is_ok());
}

#[test]
fn what_another_holds_is_not_passed_on() {
    let world = world(package());
    let held = Dossier { assignee: Some(Uuid::from_u128(10)), ..in_step(0) };
    let facts = world.now("2026-11-23T14:00");
    assert_eq!(pass_on(&held, &officer(11, &[CaseOfficer]), &facts).unwrap_err(), Objection::HeldByAnother);
}

#[test]
fn without_a_competent_unit_nothing_is_passed_on() {
    let world = world(package());
    let dossier = Dossier { unit_path: None, ..in_step(0) };
    let facts = world.now("2026-11-23T14:00");
    assert_eq!(pass_on(&dossier, &officer(10, &[CaseOfficer]), &facts).unwrap_err(), Objection::NoCompetentUnit);
}

#[test]
fn only_a_processing_step_is_passed_on() {
    let world = world(package());
    assert_eq!(pass_on(&in_step(1), &officer(10, &[Leader]), &world.now("2026-11-23T14:00")).unwrap_err(), Objection::OtherStep);
}
