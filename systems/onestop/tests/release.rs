//! Giving a held step back, by its holder or by whoever answers for the people there.

use crate::given::{at, in_step, officer, package, world};
use catalogue::package::StepRole::CaseOfficer;
use onestop::decide::release;
use onestop::dossier::{Dossier, Officer, When};
use onestop::events::Event;
use onestop::objection::Objection;
use onestop::service::{self, Error};
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

use crate::town::Town;

const NOTE: Uuid = Uuid::from_u128(5);

fn held() -> Dossier {
    Dossier { assignee: Some(Uuid::from_u128(10)), ..in_step(0) }
}

#[test]
fn the_holder_gives_it_back_and_need_not_say_why() {
    let world = world(package());
    let event = release(&held(), &officer(10, &[CaseOfficer]), "", NOTE, &world.now("2026-11-23T14:00")).unwrap();
    assert!(matches!(event, Event::Released { holder, note: None, .. } if holder == Uuid::from_u128(10)), "{event:?}");
}

#[test]
fn a_colleague_does_not_take_it_off_the_holder_but_a_head_does_and_says_why() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    let colleague = officer(11, &[CaseOfficer]);
    assert_eq!(release(&held(), &colleague, "Nghỉ ốm", NOTE, &facts).unwrap_err(), Objection::HeldByAnother);
    let head = Officer { heads: true, ..officer(12, &[]) };
    assert_eq!(release(&held(), &head, " ", NOTE, &facts).unwrap_err(), Objection::ReasonNeeded);
    assert!(matches!(release(&held(), &head, "Nghỉ ốm", NOTE, &facts), Ok(Event::Released { note: Some(NOTE), .. })));
}

#[test]
fn what_nobody_holds_cannot_be_given_back() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    assert_eq!(release(&in_step(0), &officer(10, &[CaseOfficer]), "", NOTE, &facts).unwrap_err(), Objection::NotHeld);
}

testkit::both! {
    async fn a_leader_frees_what_an_absent_officer_holds_and_a_colleague_goes_on(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let id = town.accepted().await.id;
        let now = at("2026-11-23T09:00");
        let claim = async |by| {
            let cx = town.officer(by, now).await;
            town.db.write(async move |tx: &Write<'_>| service::claim(tx, &cx, id, When::now(now)).await).await
        };
        assert_eq!(claim(p.case).await.unwrap().assignee, Some(p.case.0));
        assert!(matches!(claim(p.both).await, Err(Error::Objection(Objection::HeldByAnother))));
        let cx = town.officer(p.leader, now).await;
        let freed = town
            .db
            .write(async move |tx: &Write<'_>| service::release(tx, &cx, id, When::now(now), "Nghỉ ốm từ sáng").await)
            .await
            .unwrap();
        assert_eq!((freed.assignee, freed.assignee_name), (None, None));
        assert_eq!(claim(p.both).await.unwrap().assignee, Some(p.both.0));
        let written = town.db.read(async move |tx: &Read<'_>| onestop::sql::papers::added(tx, id).await).await.unwrap();
        let notes = written.notes;
        assert_eq!((notes[0].kind.as_str(), notes[0].text.as_str()), ("release", "Nghỉ ốm từ sáng"), "the holder can read why");
    }
}
