//! Hand-over and rating, by the citizen alone: OS-20, OS-50.

use crate::given::{at, package, submitted, world};
use onestop::decide::{rate, return_result};
use onestop::dossier::{Dossier, ResultChannel, State};
use onestop::events::Event;
use onestop::objection::Objection;

fn issued() -> Dossier {
    Dossier {
        state: State::Issued,
        issued_at: Some(at("2026-11-23T16:00")),
        last_at: at("2026-11-23T16:00"),
        ..submitted(&package())
    }
}

#[test]
fn an_issued_result_is_handed_over_once() {
    let world = world(package());
    let facts = world.now("2026-11-23T16:30");
    assert!(matches!(return_result(&issued(), ResultChannel::Desk, &facts), Ok(Event::Returned { .. })));
    let again = Dossier { state: State::Returned, ..issued() };
    assert!(matches!(return_result(&again, ResultChannel::Desk, &facts), Err(Objection::NotIn { .. })));
}

#[test]
fn a_result_is_not_handed_over_before_it_exists() {
    let world = world(package());
    assert_eq!(
        return_result(&issued(), ResultChannel::Desk, &world.now("2026-11-23T15:00")).unwrap_err(),
        Objection::BeforeLastAct
    );
}

#[test]
fn the_applicant_rates_once_with_one_of_five() {
    let world = world(package());
    let facts = world.now("2026-11-24T08:00");
    assert!(matches!(rate(&issued(), 5, &facts), Ok(Event::Rated { score: 5, .. })));
    for score in [0, 6] {
        assert_eq!(rate(&issued(), score, &facts).unwrap_err(), Objection::ScoreOutOfRange);
    }
    assert_eq!(rate(&Dossier { rated: true, ..issued() }, 5, &facts).unwrap_err(), Objection::AlreadyRated);
    assert!(rate(&submitted(&package()), 5, &facts).is_err());
}
