//! Taking a step: TC-06, the roles of the procedure's own steps.

use crate::given::{in_step, officer, package, world};
use catalogue::package::StepRole::{self, CaseOfficer, Clerk, DeskOfficer, Leader};
use onestop::decide::claim;
use onestop::dossier::Dossier;
use onestop::events::Event;
use onestop::objection::Objection;
use uuid::Uuid;

/// Each step of the route with the one role it belongs to.
const STEPS: [(usize, StepRole); 3] = [(0, CaseOfficer), (1, Leader), (2, Clerk)];

#[test]
fn a_step_is_taken_by_its_own_role_and_by_no_other() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    for (step, owner) in STEPS {
        for role in [DeskOfficer, CaseOfficer, Leader, Clerk] {
            let taken = claim(&in_step(step), &officer(10, &[role]), &facts);
            if role == owner {
                assert!(matches!(taken, Ok(Some(Event::Claimed { .. }))), "{role:?} takes step {step}: {taken:?}");
            } else {
                assert_eq!(taken.unwrap_err(), Objection::OtherRole { role: owner }, "{role:?} at step {step}");
            }
        }
    }
}

#[test]
fn a_step_at_the_desk_is_taken_at_the_desk() {
    let mut at_desk = package();
    (at_desk.steps[0].role, at_desk.steps[0].at_desk) = (DeskOfficer, true);
    let world = world(at_desk);
    let facts = world.now("2026-11-23T14:00");
    assert!(claim(&in_step(0), &officer(10, &[DeskOfficer]), &facts).is_ok());
    assert_eq!(claim(&in_step(0), &officer(10, &[CaseOfficer]), &facts).unwrap_err(), Objection::OtherRole { role: DeskOfficer });
}

#[test]
fn the_step_somebody_holds_is_theirs_and_taken_again_nothing_happens() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    let held = Dossier { assignee: Some(Uuid::from_u128(10)), ..in_step(0) };
    assert_eq!(claim(&held, &officer(10, &[CaseOfficer]), &facts), Ok(None));
    assert_eq!(claim(&held, &officer(11, &[CaseOfficer]), &facts).unwrap_err(), Objection::HeldByAnother);
}
