//! Who may give and end posts.
use directory::{Error, Role, add_post, end_post};
use store::Write;

use crate::town::{Town, minutes, new_post, noon};

testkit::both! {
    async fn posts_are_given_by_the_administrator_of_their_unit(place: testkit::Place) {
        let town = Town::on(place).await;
        let ward_admin = town.officer("quantri.anxuyen", town.ward, Role::Administrator).await;
        let head = town.officer("phutrach", town.ward_desk, Role::DeskHead).await;
        let stranger = town.person("khach", town.other_ward).await;
        for (who, unit, may) in [
            (ward_admin, town.ward_desk, true),
            (ward_admin, town.other_ward, false),
            (ward_admin, town.province, false),
            (head, town.ward_desk, false),
            (stranger, town.ward_desk, false),
        ] {
            let cx = town.cx(who, noon()).await;
            let new = new_post(stranger, unit, &[Role::DeskOfficer], None);
            let done = town.db.write(async move |tx: &Write<'_>| add_post(tx, &cx, &new).await).await;
            assert_eq!(done.is_ok(), may, "{done:?}");
            assert!(may || matches!(done, Err(Error::Denied(_))));
        }
    }

    async fn an_administrator_whose_own_post_ended_ends_nobody_elses(place: testkit::Place) {
        let town = Town::on(place).await;
        let admin = town.person("quantri", town.ward).await;
        let own = town.post(admin, town.ward, &[Role::Administrator], None).await;
        let other = town.person("an", town.ward).await;
        let post = town.post(other, town.ward, &[Role::CaseOfficer], None).await;
        let cx = town.cx(admin, noon()).await;
        town.db.write(async move |tx: &Write<'_>| end_post(tx, &cx, own, minutes(1), "").await).await.unwrap();
        let cx = town.cx(admin, minutes(1)).await;
        let done = town.db.write(async move |tx: &Write<'_>| end_post(tx, &cx, post, minutes(1), "").await).await;
        assert!(matches!(done, Err(Error::Denied(_))));
    }
}
