//! The decision: by a leader, on others' work, a rejection with its reason.

use crate::given::{at, in_step, officer, package, row, world};
use crate::town::Town;
use catalogue::package::Step;
use catalogue::package::StepRole::{CaseOfficer, Clerk, Leader};
use directory::PersonId;
use onestop::decide::resolve;
use onestop::dossier::{Dossier, Outcome, When};
use onestop::events::Event;
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

#[test]
fn whoever_adds_a_file_or_takes_a_draft_in_hand_is_an_author() {
    let mut checked = package();
    let checking = Step { id: "soat".into(), name: "Soát dự thảo".into(), role: Leader, ..checked.steps[0].clone() };
    checked.steps.push(checking);
    let world = world(checked);
    let (happened_at, me) = (at("2026-11-23T09:00"), Uuid::from_u128(10));
    let file = || Event::FileAdded { happened_at, attachment: Uuid::from_u128(40), late_reason: None };
    let claimed = |step: &str| Event::Claimed { happened_at, step: step.into(), late_reason: None };
    let released = || Event::Released { happened_at, step: "soan".into(), holder: me, note: None, late_reason: None };
    let noted = || Event::Noted { happened_at, note: Uuid::from_u128(41), late_reason: None };
    let cases = [
        ("a file, at the leader's own step", true, vec![file()], true),
        ("a scan of the applicant's, before acceptance", false, vec![file()], false),
        ("drafted and given back", true, vec![claimed("soan"), released()], true),
        ("taken to be checked", true, vec![claimed("soat")], false),
        ("taken to be decided", true, vec![claimed("phe-duyet")], false),
        ("a note", true, vec![noted()], false),
    ];
    for (what, accepted, events, is_author) in cases {
        let mut row = row(&world.package);
        row.code = accepted.then(|| "H12.164-261123-0001".to_owned());
        for event in &events {
            row.apply(event, Some((me, "Ai đó")), &world.route);
        }
        assert_eq!(row.authors().any(|author| author == me), is_author, "{what}");
    }
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
