//! Naming the competent unit: OS-05.

use crate::given::{in_step, package, submitted, world};
use catalogue::package::{Level, Package};
use directory::UnitKind;
use onestop::decide::{Agency, chosen_commune, determine_competence};
use onestop::dossier::{Dossier, State};
use onestop::events::Event;
use onestop::objection::Objection;
use uuid::Uuid;

const NOTE: Uuid = Uuid::from_u128(5);

fn agency(kind: UnitKind) -> Agency<'static> {
    Agency { id: Uuid::from_u128(30), path: "/tinh/khac/", kind, in_force: true }
}

#[test]
fn an_agency_is_named_and_a_desk_a_division_or_a_closed_unit_is_not() {
    let world = world(Package { levels: vec![], ..package() });
    let open = Dossier { unit_path: None, ..submitted(&world.package) };
    let facts = world.now("2026-11-23T09:00");
    for kind in UnitKind::ALL {
        let named = determine_competence(&open, &agency(kind), "", NOTE, &facts);
        let decides = !matches!(kind, UnitKind::Centre | UnitKind::Desk | UnitKind::Division);
        assert_eq!(named.is_ok(), decides, "{kind:?}");
        assert!(decides || named == Err(Objection::NotAnAgency));
    }
    let closed = Agency { in_force: false, ..agency(UnitKind::Department) };
    assert_eq!(determine_competence(&open, &closed, "", NOTE, &facts).unwrap_err(), Objection::NotAnAgency);
}

#[test]
fn it_is_of_a_level_at_which_the_version_is_decided_os_05() {
    let all = [Level::Commune, Level::Province, Level::Ministry];
    for (kind, level) in [
        (UnitKind::Commune, Level::Commune),
        (UnitKind::Province, Level::Province),
        (UnitKind::Department, Level::Province),
        (UnitKind::Vertical, Level::Ministry),
    ] {
        for decided in all {
            let world = world(Package { levels: vec![decided], ..package() });
            let open = Dossier { unit_path: None, ..submitted(&world.package) };
            let named = determine_competence(&open, &agency(kind), "", NOTE, &world.now("2026-11-23T09:00"));
            assert_eq!(named.err(), (decided != level).then_some(Objection::OtherLevel), "{kind:?}, decided at {decided:?}");
        }
    }
}

#[test]
fn at_the_counter_only_a_commune_of_the_moment_is_chosen() {
    let package = Package { levels: vec![Level::Commune, Level::Province], ..package() };
    for kind in UnitKind::ALL {
        assert_eq!(chosen_commune(&agency(kind), &package).is_ok(), kind == UnitKind::Commune, "{kind:?}");
    }
    let ended = Agency { in_force: false, ..agency(UnitKind::Commune) };
    assert_eq!(chosen_commune(&ended, &package), Err(Objection::NotAnAgency));
}

#[test]
fn it_is_named_before_work_begins_and_not_under_the_leaders_hands() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    let named = |dossier: &Dossier| determine_competence(dossier, &agency(UnitKind::Commune), "Đất ở nơi khác", NOTE, &facts);
    for before in
        [submitted(&world.package), Dossier { state: State::AwaitingSupplement, ..submitted(&world.package) }, in_step(0)]
    {
        assert!(named(&before).is_ok(), "{:?}", before.state);
    }
    for step in [1, 2] {
        assert_eq!(named(&in_step(step)).unwrap_err(), Objection::WorkHasBegun);
    }
    for state in [State::Issued, State::Returned] {
        assert!(matches!(named(&Dossier { state, ..in_step(3) }), Err(Objection::NotIn { .. })));
    }
}

#[test]
fn a_change_of_unit_says_why() {
    let world = world(package());
    let facts = world.now("2026-11-23T09:00");
    let dossier = submitted(&world.package);
    let change = |why| determine_competence(&dossier, &agency(UnitKind::Commune), why, NOTE, &facts);
    assert_eq!(change(" ").unwrap_err(), Objection::ReasonNeeded);
    assert!(matches!(change("Đất ở xã khác"), Ok(Event::CompetenceDetermined { note: Some(NOTE), .. })));
    let unknown = Dossier { unit_path: None, ..dossier.clone() };
    let first = determine_competence(&unknown, &agency(UnitKind::Commune), "", NOTE, &facts);
    assert!(matches!(first, Ok(Event::CompetenceDetermined { note: None, .. })), "the first time nothing is taken from anybody");
    let same = Agency { path: "/tinh/xa/", ..agency(UnitKind::Commune) };
    assert_eq!(determine_competence(&dossier, &same, "Vẫn vậy", NOTE, &facts).unwrap_err(), Objection::AlreadyCompetent);
}
