//! Who may set up providers of identities, and link identities to people.
use directory::{
    Error, Realm, Role,
    identity::provider::Provider,
    service::identity::{keep_provider, link_by_hand, unlink},
};
use store::Write;

use crate::{
    hostile::{save, town_with_provider},
    town::noon,
};

testkit::both! {
    async fn providers_are_set_up_at_the_top_of_the_house_only(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let town = &served.town;
        for (login, unit, role, may) in [
            ("quan.tri", town.province, Role::Administrator, true),
            ("quan.tri.phuong", town.ward, Role::Administrator, false),
            ("quan.tri.so", town.justice, Role::Administrator, false),
            ("lanh.dao", town.province, Role::Leader, false),
            ("bien.tap", town.province, Role::CatalogueEditor, false),
        ] {
            let who = town.officer(login, unit, role).await;
            let cx = town.cx(who, noon()).await;
            let profile = Provider { key: "khac".into(), ..provider.profile("gia", Realm::Citizen) };
            let done = town.db.write(async move |tx: &Write<'_>| keep_provider(tx, &cx, &profile).await).await;
            assert_eq!(done.is_ok(), may, "{login}: {done:?}");
            assert!(may || matches!(done, Err(Error::Denied(_))));
        }
    }

    async fn identities_are_linked_by_the_administrator_of_the_persons_unit(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        save(&served, provider.profile("can-bo", Realm::Officer)).await;
        let town = &served.town;
        let person = town.officer("an.nguyen", town.ward_desk, Role::DeskOfficer).await;
        for (login, unit, role, may) in [
            ("quan.tri.phuong", town.ward, Role::Administrator, true),
            ("quan.tri.khac", town.other_ward, Role::Administrator, false),
            ("phu.trach", town.ward_desk, Role::DeskHead, false),
        ] {
            let who = town.officer(login, unit, role).await;
            let cx = town.cx(who, noon()).await;
            let done = town.db.write(async move |tx: &Write<'_>| link_by_hand(tx, &cx, person, "can-bo", login).await).await;
            assert_eq!(done.is_ok(), may, "{login}: {done:?}");
            assert!(may || matches!(done, Err(Error::Denied(_))));
            let (cx, issuer) = (town.cx(who, noon()).await, provider.issuer().to_owned());
            let gone = town.db.write(async move |tx: &Write<'_>| unlink(tx, &cx, person, &issuer, "quan.tri.phuong").await).await;
            assert_eq!(gone.is_ok(), may, "{login}: {gone:?}");
        }
        // a citizens' provider makes nobody an officer
        let admin = town.officer("quan.tri", town.province, Role::Administrator).await;
        let cx = town.cx(admin, noon()).await;
        let done = town.db.write(async move |tx: &Write<'_>| link_by_hand(tx, &cx, person, "gia", "x").await).await;
        assert!(matches!(done, Err(Error::Fault { .. })));
    }

    async fn what_is_typed_about_a_provider_is_judged(place: testkit::Place) {
        let (served, provider) = town_with_provider(place).await;
        let good = provider.profile("gia", Realm::Citizen);
        let cx = directory::Cx::machine(noon());
        type Change = fn(&mut Provider);
        let wrong: [(Change, &str); 6] = [
            (|p| p.key = "Hoa".into(), "key"),
            (|p| p.label = " ".into(), "label"),
            (|p| p.issuer = "http://khac.example".into(), "issuer"),
            (|p| p.client_id = String::new(), "client_id"),
            (|p| p.profile.scopes = "profile".into(), "scopes"),
            (|p| p.profile.verified_from = "9".into(), "verified_from"),
        ];
        for (spoil, at) in wrong {
            let (mut profile, cx) = (good.clone(), cx.clone());
            spoil(&mut profile);
            let done = served.town.db.write(async move |tx: &Write<'_>| keep_provider(tx, &cx, &profile).await).await;
            assert!(matches!(done, Err(Error::Fault { field, .. }) if field == at), "{at}");
        }
    }
}
