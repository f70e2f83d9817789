//! The decision: by a leader, on others' work, a rejection with its reason.

use crate::given::{at, in_step, officer, package, world};
use crate::town::Town;
use catalogue::package::StepRole::{CaseOfficer, Clerk, Leader};
use directory::PersonId;
use onestop::decide::resolve;
use onestop::dossier::{Dossier, Outcome, When};
use onestop::objection::Objection;
use onestop::row::DossierRow;
use onestop::service::{self, Error};
use store::Write;
use testkit::Place;
use uuid::Uuid;

#[test]
fn only_a_leader_decides() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    for role in [CaseOfficer, Clerk] {
        let done = resolve(&in_step(1), &officer(11, &[role]), Outcome::Approved, "", None, &facts);
        assert_eq!(done.unwrap_err(), Objection::OtherRole { role: Leader });
    }
    assert!(resolve(&in_step(1), &officer(11, &[Leader]), Outcome::Approved, "", None, &facts).is_ok());
}

#[test]
fn nobody_decides_on_their_own_work_whoever_worked_on_it_since() {
    let world = world(package());
    let dossier = Dossier { authors: vec![Uuid::from_u128(10), Uuid::from_u128(12)], ..in_step(1) };
    let facts = world.now("2026-11-23T14:00");
    for own in [10, 12] {
        let done = resolve(&dossier, &officer(own, &[CaseOfficer, Leader]), Outcome::Approved, "", None, &facts);
        assert_eq!(done.unwrap_err(), Objection::OwnWork);
    }
    assert!(resolve(&dossier, &officer(11, &[Leader]), Outcome::Approved, "", None, &facts).is_ok());
}

#[test]
fn a_rejection_says_why() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    let reject = |why| resolve(&in_step(1), &officer(11, &[Leader]), Outcome::Rejected, why, Some(Uuid::nil()), &facts);
    assert_eq!(reject("").unwrap_err(), Objection::ReasonNeeded);
    assert!(reject("Không đủ điều kiện").is_ok());
}

async fn pass_on(town: &Town, by: PersonId, id: Uuid, minute: &str) -> DossierRow {
    let now = at(minute);
    let cx = town.officer(by, now).await;
    town.db.write(async move |tx: &Write<'_>| service::pass_on(tx, &cx, id, When::now(now), "").await).await.unwrap()
}

async fn decide(town: &Town, by: PersonId, id: Uuid, minute: &str, back: bool) -> Result<DossierRow, Error> {
    let now = at(minute);
    let cx = town.officer(by, now).await;
    town.db
        .write(async move |tx: &Write<'_>| match back {
            true => service::send_back(tx, &cx, id, When::now(now), "Bổ sung căn cứ").await,
            false => service::resolve(tx, &cx, id, When::now(now), Outcome::Approved, "").await,
        })
        .await
}

testkit::both! {
    async fn who_worked_on_it_first_does_not_decide_after_another_worked_on_it(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let id = town.accepted().await.id;
        pass_on(&town, p.both, id, "2026-11-23T08:30").await;
        decide(&town, p.leader, id, "2026-11-23T08:40", true).await.unwrap();
        let row = pass_on(&town, p.case, id, "2026-11-23T08:50").await;
        assert_eq!(row.authors().collect::<Vec<_>>(), [p.both.0, p.case.0]);
        let own = decide(&town, p.both, id, "2026-11-23T09:00", false).await;
        assert!(matches!(own, Err(Error::Objection(Objection::OwnWork))), "{own:?}");
        assert!(decide(&town, p.leader, id, "2026-11-23T09:00", false).await.is_ok());
    }

    async fn a_leader_who_looked_a_draft_over_may_decide_on_it(place: Place) {
        let mut checked = package();
        let step = catalogue::package::Step { id: "soat".into(), name: "Soát dự thảo".into(), role: Leader, ..checked.steps[0].clone() };
        checked.steps.push(step);
        let town = Town::with(place, checked).await;
        let p = town.people;
        let id = town.accepted().await.id;
        pass_on(&town, p.case, id, "2026-11-23T08:30").await;
        let row = pass_on(&town, p.leader, id, "2026-11-23T08:40").await;
        assert_eq!(row.authors().collect::<Vec<_>>(), [p.case.0], "checking is not drafting");
        assert!(decide(&town, p.leader, id, "2026-11-23T08:50", false).await.is_ok());
    }
}
