//! Posts: rights from–to, secondment.
use directory::{Cx, Error, Objection, Role, add_post, end_post};
use store::Write;

use crate::town::{Town, minutes, new_post, noon};

testkit::both! {
    async fn ending_a_post_ends_its_rights_the_same_instant(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = town.person("an", town.ward_desk).await;
        let post = town.post(person, town.ward_desk, &[Role::DeskOfficer], None).await;
        let cx = Cx::machine(minutes(3));
        town.db.write(async move |tx: &Write<'_>| end_post(tx, &cx, post, minutes(3), "Chuyển công tác").await).await.unwrap();
        let has = async |at| town.actor(person, at).await.unwrap().has(Role::DeskOfficer);
        assert!(!has(minutes(-1)).await, "not before it begins");
        assert!(has(noon()).await);
        let last = base::Moment::from_micros(minutes(3).micros() - 1);
        assert!(has(last).await);
        assert!(!has(minutes(3)).await);
        let cx = Cx::machine(minutes(4));
        let again = town.db.write(async move |tx: &Write<'_>| end_post(tx, &cx, post, minutes(4), "").await).await;
        assert!(matches!(again, Err(Error::Objection(Objection::PostEnded))));
    }

    async fn a_seconded_officer_has_desk_rights_only_while_both_posts_last(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = town.person("biet.phai", town.justice).await;
        let home = town.post(person, town.justice, &[Role::CaseOfficer], None).await;
        town.post(person, town.centre, &[Role::DeskOfficer], Some(home)).await;
        let roles = async |at| {
            let who = town.actor(person, at).await.unwrap();
            (who.has(Role::CaseOfficer), who.has(Role::DeskOfficer))
        };
        assert_eq!(roles(noon()).await, (true, true));
        let cx = Cx::machine(minutes(1));
        town.db.write(async move |tx: &Write<'_>| end_post(tx, &cx, home, minutes(1), "Về hưu").await).await.unwrap();
        assert_eq!(roles(minutes(1)).await, (false, false), "the desk post stands on the post at home");
    }

    async fn a_post_must_make_sense(place: testkit::Place) {
        let town = Town::on(place).await;
        let (an, binh) = (town.person("an", town.ward).await, town.person("binh", town.ward).await);
        let home_of_binh = town.post(binh, town.justice, &[Role::CaseOfficer], None).await;
        let home_here = town.post(an, town.centre, &[Role::CaseOfficer], None).await;
        let no_role = new_post(an, town.ward, &[], None);
        let backwards = directory::NewPost { to: Some(noon()), ..new_post(an, town.ward, &[Role::Leader], None) };
        let home_of_another = new_post(an, town.centre, &[Role::DeskOfficer], Some(home_of_binh));
        let home_in_same_unit = new_post(an, town.centre, &[Role::DeskOfficer], Some(home_here));
        let to = |days: i64| Some(noon().plus(jiff::SignedDuration::from_hours(24 * days)));
        let audit_without_end = new_post(an, town.ward, &[Role::Auditor], None);
        let audit_for_ever = directory::NewPost { to: to(400), ..audit_without_end.clone() };
        let audit = directory::NewPost { to: to(365), ..audit_without_end.clone() };
        for (post, objection) in [
            (audit_without_end, Objection::AuditWithoutEnd),
            (audit_for_ever, Objection::AuditWithoutEnd),
            (no_role, Objection::NoRole),
            (backwards, Objection::Backwards),
            (home_of_another, Objection::NotAHomePost),
            (home_in_same_unit, Objection::NotAHomePost),
        ] {
            let cx = Cx::machine(noon());
            match town.db.write(async move |tx: &Write<'_>| add_post(tx, &cx, &post).await).await {
                Err(Error::Objection(found)) => assert_eq!(found, objection),
                other => panic!("{objection:?} expected: {other:?}"),
            }
        }
        let cx = Cx::machine(noon());
        town.db.write(async move |tx: &Write<'_>| add_post(tx, &cx, &audit).await).await.unwrap();
    }
}
