//! Units through time.
use std::collections::BTreeSet;

use base::Moment;
use directory::{
    Cx, Error, HoursFrom, NewUnit, Objection, Role, UnitId, UnitKind, WorkTime, add_unit, close_unit, detail_unit, form_at,
    rename_unit, set_hours,
    unit::{Details, MOST_NAME, Renaming, WrongName, decide},
};
use store::{Read, Write};

use crate::town::{Town, minutes, noon};

fn objects<T: std::fmt::Debug>(result: Result<T, Error>) -> Objection {
    match result {
        Err(Error::Objection(objection)) => objection,
        other => panic!("no objection: {other:?}"),
    }
}

/// A day ahead: the ward is there until then.
fn last_day() -> Moment {
    minutes(2 * 24 * 60)
}

/// The last minute before it.
fn just_before() -> Moment {
    minutes(2 * 24 * 60 - 1)
}

/// The code of the ward, and another name.
fn renamed(from: Moment) -> Renaming {
    Renaming {
        name: "UBND phường An Xuyên Mới".into(),
        short_name: "An Xuyên Mới".into(),
        code: "H12.164".parse().unwrap(),
        kind: UnitKind::Commune,
        ground: "Nghị quyết 01/NQ-HĐND".into(),
        from,
    }
}

impl Town {
    /// It is written down today that the ward ends on that day, and its centre with it; these follow the ward.
    async fn ward_is_to_end(&self, into: Vec<UnitId>) {
        let (cx, ward, centre) = (Cx::machine(noon()), self.ward, self.ward_desk);
        self.db
            .write(async move |tx: &Write<'_>| {
                close_unit(tx, &cx, centre, last_day(), &[], "NQ 02").await?;
                close_unit(tx, &cx, ward, last_day(), &into, "NQ 02").await
            })
            .await
            .unwrap();
    }

    /// Who bears the ward's code, and who has its place, at a time.
    async fn in_the_wards_place(&self, at: Moment) -> [Option<UnitId>; 2] {
        let look = async move |tx: &Read<'_>| {
            let code = directory::unit_by_code(tx, &"H12.164".parse().unwrap(), at).await?;
            let place = directory::unit_by_place(tx, "32002", at).await?;
            Ok::<_, store::Error>([code, place].map(|found| found.map(|unit| unit.id)))
        };
        self.db.read(look).await.unwrap()
    }

    async fn rename(&self, unit: UnitId, now: Moment) -> Result<(), Error> {
        let cx = Cx::machine(now);
        self.db.write(async move |tx: &Write<'_>| rename_unit(tx, &cx, unit, &renamed(now)).await).await
    }
}

#[test]
fn a_unit_has_a_name_that_papers_can_print() {
    let letters = |count: usize| "Ư".repeat(count);
    assert_eq!(decide::name(" "), Err(WrongName::Empty));
    assert_eq!(decide::name(&letters(MOST_NAME)), Ok(()));
    assert_eq!(decide::name(&letters(MOST_NAME + 1)), Err(WrongName::TooLong));
}

testkit::both! {
    async fn a_unit_that_ends_on_a_day_ahead_is_found_until_then_and_not_after_tl_04(place: testkit::Place) {
        let town = Town::on(place).await;
        let (ward, desk, centre, other) = (town.ward, town.ward_desk, town.centre, town.other_ward);
        let officer = town.officer("an.nguyen", ward, Role::CaseOfficer).await;
        town.ward_is_to_end(vec![other]).await;
        let seen = async |at: Moment| {
            let look = async move |tx: &Read<'_>| {
                let places = BTreeSet::from(["32002".to_owned()]);
                let names = directory::names(tx, &BTreeSet::new(), &places, at).await?.places.len();
                let listed = directory::communes(tx, at).await?.iter().any(|unit| unit.id == ward);
                let desks = [directory::desk_of(tx, ward, at).await?.id, directory::desk_of(tx, desk, at).await?.id];
                let heir = directory::heir_of_place(tx, "32002", at).await?.map(|unit| unit.id);
                Ok::<_, store::Error>((names, listed, desks, heir))
            };
            let posts = town.actor(officer, at).await.unwrap().in_force().count();
            (town.in_the_wards_place(at).await, town.db.read(look).await.unwrap(), posts)
        };
        for until_then in [noon(), just_before()] {
            assert_eq!(seen(until_then).await, ([Some(ward); 2], (1, true, [desk, desk], None), 1));
        }
        for after in [last_day(), minutes(30 * 24 * 60)] {
            assert_eq!(seen(after).await, ([None; 2], (0, false, [centre, centre], Some(other)), 0));
        }
    }

    async fn a_unit_that_ends_on_a_day_ahead_is_changed_until_then_and_ends_once_tl_04(place: testkit::Place) {
        let town = Town::on(place).await;
        let ward = town.ward;
        town.ward_is_to_end(vec![]).await;
        town.rename(ward, minutes(10)).await.unwrap();
        let hours_from = async |now: Moment| {
            let cx = Cx::machine(now);
            let hours = HoursFrom { from: now.date(), hours: Some("07:30-11:30 13:30-17:30".parse().unwrap()), ground: "TB 1".into() };
            town.db.write(async move |tx: &Write<'_>| set_hours(tx, &cx, ward, &hours).await).await
        };
        hours_from(minutes(20)).await.unwrap();
        let named = async |at| town.db.read(async move |tx: &Read<'_>| form_at(tx, ward, at).await).await.unwrap().map(|f| f.name);
        assert_eq!(named(minutes(9)).await.as_deref(), Some("UBND phường An Xuyên"));
        assert_eq!(named(just_before()).await.as_deref(), Some("UBND phường An Xuyên Mới"));
        assert_eq!(named(last_day()).await, None);
        let later = minutes(3 * 24 * 60);
        assert!(matches!(objects(town.rename(ward, later).await), Objection::UnitNotInForce { .. }));
        assert!(matches!(objects(hours_from(later).await), Objection::UnitNotInForce { .. }));
        let cx = Cx::machine(minutes(30));
        let again = town.db.write(async move |tx: &Write<'_>| close_unit(tx, &cx, ward, minutes(60), &[], "NQ 03").await).await;
        assert!(matches!(objects(again), Objection::UnitNotInForce { .. }));
    }

    async fn a_unit_ends_no_earlier_than_those_below_it(place: testkit::Place) {
        let town = Town::on(place).await;
        let close = async |unit, at| {
            let cx = Cx::machine(noon());
            town.db.write(async move |tx: &Write<'_>| close_unit(tx, &cx, unit, at, &[], "NQ 02").await).await
        };
        close(town.ward_desk, last_day()).await.unwrap();
        assert_eq!(objects(close(town.ward, just_before()).await), Objection::UnitsBelow { count: 1 });
        close(town.ward, last_day()).await.unwrap();
    }

    async fn a_unit_that_begins_on_a_day_ahead_is_found_from_then_on_under_the_code_of_the_one_that_ends(place: testkit::Place) {
        let town = Town::on(place).await;
        let (ward, province) = (town.ward, town.province);
        let add = async |from: Moment| {
            let cx = Cx::machine(noon());
            let new = NewUnit::new("H12.164".parse().unwrap(), "UBND phường mới", UnitKind::Commune, Some(province), from);
            let new = NewUnit { key: "phuong-moi".into(), gso_code: Some("32002".into()), ..new };
            town.db.write(async move |tx: &Write<'_>| add_unit(tx, &cx, &new).await).await
        };
        assert!(matches!(objects(add(last_day()).await), Objection::CodeTaken { .. }), "no end is known yet");
        town.ward_is_to_end(vec![]).await;
        assert!(matches!(objects(add(just_before()).await), Objection::CodeTaken { .. }), "a code is of one unit at a time");
        let new = add(last_day()).await.unwrap();
        for until_then in [noon(), just_before()] {
            assert_eq!(town.in_the_wards_place(until_then).await, [Some(ward); 2]);
        }
        assert_eq!(town.in_the_wards_place(last_day()).await, [Some(new); 2]);
        town.rename(ward, minutes(10)).await.unwrap();
        assert!(matches!(objects(town.rename(new, minutes(10)).await), Objection::UnitNotInForce { .. }), "it has not begun");
        assert!(matches!(objects(town.rename(town.other_ward, minutes(10)).await), Objection::CodeTaken { .. }));
    }

    async fn the_provincial_desk_of_a_time_is_one_that_is_there_then(place: testkit::Place) {
        let town = Town::on(place).await;
        let (centre, province) = (town.centre, town.province);
        let cx = Cx::machine(noon());
        let next = town
            .db
            .write(async move |tx: &Write<'_>| {
                close_unit(tx, &cx, centre, last_day(), &[], "NQ 02").await?;
                let code = "H12.01.02".parse().unwrap();
                add_unit(tx, &cx, &NewUnit::new(code, "Trung tâm mới", UnitKind::Centre, Some(province), last_day())).await
            })
            .await
            .unwrap();
        let desk = async |at| town.db.read(async move |tx: &Read<'_>| directory::provincial_desk(tx, at).await).await.unwrap().id;
        assert_eq!([desk(noon()).await, desk(just_before()).await, desk(last_day()).await], [centre, centre, next]);
    }

    async fn a_unit_has_a_place_below_its_parent_and_a_code_of_its_own(place: testkit::Place) {
        let town = Town::on(place).await;
        let (province, ward) = (town.province, town.ward);
        let [root, below] = town
            .db
            .read(async move |tx: &Read<'_>| {
                let unit = async |id| Ok::<_, store::Error>(directory::unit(tx, id).await?.unwrap());
                Ok::<_, store::Error>([unit(province).await?, unit(ward).await?])
            })
            .await
            .unwrap();
        assert!(below.path.starts_with(&root.path) && below.depth() == 1 && root.depth() == 0);
        let add = async |code: &str, key: &str, parent| {
            let (new, cx) = (NewUnit { key: key.into(), ..NewUnit::new(code.parse().unwrap(), "X", UnitKind::Division, parent, noon()) }, Cx::machine(noon()));
            town.db.write(async move |tx: &Write<'_>| add_unit(tx, &cx, &new).await).await
        };
        assert!(matches!(objects(add("H12.164", "new", Some(ward)).await), Objection::CodeTaken { .. }));
        assert!(matches!(objects(add("H12.900", "32002", Some(ward)).await), Objection::KeyTaken { .. }));
        assert_eq!(objects(add("H12.900", "new", None).await), Objection::SecondRoot);
        add("H12.900", "new", Some(ward)).await.unwrap();
    }

    async fn an_old_paper_keeps_the_name_its_unit_had(place: testkit::Place) {
        let town = Town::on(place).await;
        let ward = town.ward;
        let rename = async |name: &str, from, now| {
            let to = Renaming {
                name: name.into(),
                short_name: name.into(),
                code: "H12.164".parse().unwrap(),
                kind: UnitKind::Commune,
                ground: "Nghị quyết 01/NQ-HĐND".into(),
                from,
            };
            let cx = Cx::machine(now);
            town.db.write(async move |tx: &Write<'_>| rename_unit(tx, &cx, ward, &to).await).await
        };
        rename("UBND phường An Xuyên Mới", minutes(10), minutes(10)).await.unwrap();
        let named = async |at| town.db.read(async move |tx: &Read<'_>| form_at(tx, ward, at).await).await.unwrap().map(|f| f.name);
        assert_eq!(named(minutes(9)).await.as_deref(), Some("UBND phường An Xuyên"));
        assert_eq!(named(minutes(10)).await.as_deref(), Some("UBND phường An Xuyên Mới"));
        assert_eq!(objects(rename("Y", minutes(10), minutes(20)).await), Objection::Backwards);
        assert_eq!(objects(rename("Y", minutes(30), minutes(20)).await), Objection::NotYet);
    }

    async fn a_unit_ends_after_those_below_it_and_names_who_follows(place: testkit::Place) {
        let town = Town::on(place).await;
        let (ward, desk, other) = (town.ward, town.ward_desk, town.other_ward);
        let close = async |unit, successors: &'static [usize]| {
            let followers: Vec<_> = successors.iter().map(|n| [ward, other][*n]).collect();
            let cx = Cx::machine(noon());
            town.db.write(async move |tx: &Write<'_>| close_unit(tx, &cx, unit, minutes(5), &followers, "NQ 02").await).await
        };
        assert_eq!(objects(close(ward, &[1]).await), Objection::UnitsBelow { count: 1 });
        close(desk, &[]).await.unwrap();
        assert!(matches!(objects(close(ward, &[0]).await), Objection::UnitNotInForce { .. }), "nobody follows themselves");
        close(ward, &[1]).await.unwrap();
        assert!(matches!(objects(close(ward, &[1]).await), Objection::UnitNotInForce { .. }), "a unit ends once");
        // the code is free for the successor, the old name still stands
        let cx = Cx::machine(minutes(6));
        let province = town.province;
        town.db
            .write(async move |tx: &Write<'_>| {
                let new = NewUnit::new("H12.164".parse().unwrap(), "Phường mới", UnitKind::Commune, Some(province), minutes(6));
                add_unit(tx, &cx, &NewUnit { key: "mới".into(), ..new }).await
            })
            .await
            .unwrap();
    }

    async fn a_unit_without_hours_keeps_those_of_the_unit_above(place: testkit::Place) {
        let town = Town::on(place).await;
        let (ward, desk) = (town.ward, town.ward_desk);
        let cx = Cx::machine(noon());
        town.db
            .write(async move |tx: &Write<'_>| {
                detail_unit(tx, &cx, ward, &Details { address: "1 Đường Mẫu".into(), phone: "0900000000".into() }).await?;
                let hours = Some("07:30-11:30 13:30-17:30".parse().unwrap());
                set_hours(tx, &cx, ward, &HoursFrom { from: noon().date(), hours, ground: "TB 1".into() }).await
            })
            .await
            .unwrap();
        let there = town.db.read(async move |tx: &Read<'_>| WorkTime::of_unit(tx, desk, noon()).await).await.unwrap();
        let closing = there.calendar.closing(noon().date()).unwrap();
        assert_eq!(closing.local().time().to_string(), "17:30:00");
    }

    async fn every_unit_has_a_desk_that_receives_for_it(place: testkit::Place) {
        let town = Town::on(place).await;
        let (ward, desk, other, justice, centre, province) =
            (town.ward, town.ward_desk, town.other_ward, town.justice, town.centre, town.province);
        let found = town
            .db
            .read(async move |tx: &Read<'_>| {
                let mut found = vec![];
                for unit in [ward, desk, other, justice, province] {
                    found.push(directory::desk_of(tx, unit, noon()).await?.id);
                }
                assert_eq!(directory::unit_by_place(tx, "32002", noon()).await?.map(|u| u.id), Some(ward));
                assert_eq!(directory::unit_by_key(tx, "so-tu-phap").await?.map(|u| u.id), Some(justice));
                Ok::<_, store::Error>(found)
            })
            .await
            .unwrap();
        assert_eq!(found, [desk, desk, centre, centre, centre]);
    }
}
