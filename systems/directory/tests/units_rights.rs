//! Who may change units: an administrator, and only from the own unit downwards.
use directory::{Error, NewUnit, Role, UnitKind, add_unit, service::units::tree};
use store::{Read, Write};

use crate::town::{Town, noon};

testkit::both! {
    async fn an_administrator_reaches_from_the_own_unit_downwards(place: testkit::Place) {
        let town = Town::on(place).await;
        let whole = town.officer("quantri.tinh", town.province, Role::Administrator).await;
        let ward = town.officer("quantri.anxuyen", town.ward, Role::Administrator).await;
        let leader = town.officer("lanhdao", town.province, Role::Leader).await;
        for (who, parent, code, may) in [
            (whole, town.other_ward, "H12.901", true),
            (ward, town.ward, "H12.902", true),
            (ward, town.ward_desk, "H12.903", true),
            (ward, town.other_ward, "H12.904", false),
            (ward, town.province, "H12.905", false),
            (leader, town.ward, "H12.906", false),
        ] {
            let cx = town.cx(who, noon()).await;
            let new = NewUnit::new(code.parse().unwrap(), "Phòng mẫu", UnitKind::Division, Some(parent), noon());
            let done = town.db.write(async move |tx: &Write<'_>| add_unit(tx, &cx, &new).await).await;
            assert_eq!(done.is_ok(), may, "{code}: {done:?}");
            assert!(may || matches!(done, Err(Error::Denied(_))));
        }
        let seen = async |who| {
            let cx = town.cx(who, noon()).await;
            town.db.read(async move |tx: &Read<'_>| tree(tx, &cx).await).await.unwrap()
        };
        assert_eq!(seen(whole).await.len(), 7 + 3);
        assert_eq!(seen(leader).await.len(), 0);
        let below = seen(ward).await;
        assert_eq!(below.len(), 4);
        assert_eq!(below[0].id, town.ward, "parents come before children");
    }
}
