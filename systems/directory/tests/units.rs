//! Units through time.
use directory::{
    Cx, Error, HoursFrom, NewUnit, Objection, UnitKind, WorkTime, add_unit, close_unit, detail_unit, form_at, rename_unit,
    set_hours,
    unit::{Details, Renaming},
};
use store::{Read, Write};

use crate::town::{Town, minutes, noon};

fn objects<T: std::fmt::Debug>(result: Result<T, Error>) -> Objection {
    match result {
        Err(Error::Objection(objection)) => objection,
        other => panic!("no objection: {other:?}"),
    }
}

testkit::both! {
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
                    found.push(directory::desk_of(tx, unit).await?.id);
                }
                assert_eq!(directory::unit_by_place(tx, "32002").await?.map(|u| u.id), Some(ward));
                assert_eq!(directory::unit_by_key(tx, "so-tu-phap").await?.map(|u| u.id), Some(justice));
                Ok::<_, store::Error>(found)
            })
            .await
            .unwrap();
        assert_eq!(found, [desk, desk, centre, centre, centre]);
    }
}
