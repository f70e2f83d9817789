//! A person who leaves is nobody from that instant on, and the sign-in name stays theirs.
use directory::{Cx, Error, NewPerson, Objection, Role, add_person, person_leaves};
use store::Write;

use crate::town::{Town, minutes, noon};

testkit::both! {
    async fn whoever_leaves_loses_every_post_and_keeps_the_sign_in_name(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = town.officer("an.nguyen", town.ward, Role::CaseOfficer).await;
        let cx = Cx::machine(minutes(1));
        town.db.write(async move |tx: &Write<'_>| person_leaves(tx, &cx, person, minutes(1), "Nghỉ hưu").await).await.unwrap();
        assert!(town.actor(person, noon()).await.unwrap().has(Role::CaseOfficer));
        assert!(town.actor(person, minutes(1)).await.is_none());
        let (cx, unit) = (Cx::machine(minutes(2)), town.ward);
        let taken = town
            .db
            .write(async move |tx: &Write<'_>| {
                let new = NewPerson { name: "Nguyễn Thị An".into(), login: "An.Nguyen".into(), email: None, phone: None, unit };
                add_person(tx, &cx, &new).await
            })
            .await;
        assert!(matches!(taken, Err(Error::Objection(Objection::LoginTaken { .. }))));
    }
}
