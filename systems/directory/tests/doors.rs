//! Every address × who may come through: the list of routes is walked, so that none can be forgotten.
use directory::Role;
use http::Method;
use testkit::http::{Page, Visitor};
use web::Door;

use crate::{
    sign_in_pages::{PASSWORD, officer, sign_in},
    town::{Served, serve},
};

/// A path with its blanks filled by ids that exist.
async fn filled(served: &Served, path: &str, person: directory::PersonId) -> String {
    let post = served.town.actor(person, served.clock.now()).await.unwrap().acting.unwrap();
    let id = if path.contains("/nguoi/") { person.to_string() } else { served.town.ward_desk.to_string() };
    path.replace("{id}", &id)
        .replace("{post}", &post.to_string())
        .replace("{kind}", "mau.csv")
        .replace("{year}", "2027")
        .replace("{provider}", "vneid")
        .replace("{key}", "vneid")
}

async fn knock(browser: &Visitor, home: &Page, method: &Method, path: &str) -> Page {
    if *method == Method::GET { browser.get(path).await } else { browser.post(home, path, &[("x", "y")]).await }
}

testkit::both! {
    async fn nobody_comes_through_an_officers_door_without_signing_in(place: testkit::Place) {
        let served = serve(place, true).await;
        let person = officer(&served, "an.nguyen", true).await;
        let browser = served.browser();
        let home = browser.get("/can-bo/dang-nhap").await.must(200);
        let citizens_home = browser.get("/dang-nhap").await.must(200);
        let mut walked = 0;
        for route in directory::room().pages.list() {
            let path = filled(&served, &route.path, person).await;
            let home = if route.path.starts_with("/can-bo") || route.path.starts_with("/quan-tri") { &home } else { &citizens_home };
            let page = knock(&browser, home, &route.method, &path).await;
            match route.door {
                Door::Public => assert!(page.status.as_u16() < 500, "{} {path}: {}", route.method, page.status),
                Door::Citizen => assert!(page.path.starts_with("/dang-nhap"), "{} {path} led to {}", route.method, page.path),
                Door::Officer(_) => {
                    assert!(page.path.starts_with("/can-bo/dang-nhap"), "{} {path} led to {}", route.method, page.path);
                    walked += 1;
                }
            }
        }
        assert!(walked > 25, "{walked}");
    }

    async fn an_administrators_door_stays_shut_for_every_other_role(place: testkit::Place) {
        let served = serve(place, true).await;
        let victim = officer(&served, "nan.nhan", true).await;
        for (login, role) in [("thu.ly", Role::CaseOfficer), ("lanh.dao", Role::Leader), ("phu.trach", Role::DeskHead), ("bien.tap", Role::CatalogueEditor)] {
            let person = served.town.officer(login, served.town.ward, role).await;
            let cx = directory::Cx::machine(served.clock.now());
            let hashed = directory::hash_password(PASSWORD, &[], &cx.by.seed).await.unwrap();
            served.town.db.write(async move |tx: &store::Write<'_>| directory::set_password(tx, &cx, person, &hashed, true).await).await.unwrap();
            let browser = served.browser();
            let home = sign_in(&browser, login, PASSWORD, "/can-bo/toi").await.must(200);
            assert!(!home.text.contains("\"/quan-tri\""), "no place in the rail for {role:?}");
            for route in directory::room().pages.list() {
                let Door::Officer(act) = route.door else { continue };
                if act.is_empty() || !route.path.starts_with("/quan-tri") {
                    continue;
                }
                assert!(directory::acts::spec_of(act).is_some(), "{act} is announced");
                let path = filled(&served, &route.path, victim).await;
                let page = knock(&browser, &home, &route.method, &path).await;
                let status = page.status.as_u16();
                assert_eq!(status, 403, "{role:?} {} {path}", route.method);
            }
        }
    }

    async fn an_administrator_sees_only_people_of_the_own_units(place: testkit::Place) {
        let served = serve(place, true).await;
        let outside = served.town.officer("nguoi.ngoai", served.town.other_ward, Role::CaseOfficer).await;
        let inside = served.town.officer("nguoi.trong", served.town.ward_desk, Role::DeskOfficer).await;
        let admin = served.town.officer("quan.tri", served.town.ward, Role::Administrator).await;
        let cx = directory::Cx::machine(served.clock.now());
        let hashed = directory::hash_password(PASSWORD, &[], &cx.by.seed).await.unwrap();
        served.town.db.write(async move |tx: &store::Write<'_>| directory::set_password(tx, &cx, admin, &hashed, true).await).await.unwrap();
        let browser = served.browser();
        sign_in(&browser, "quan.tri", PASSWORD, "/can-bo/toi").await.must(200);
        let list = browser.get("/quan-tri/nguoi").await.must(200);
        assert!(list.text.contains("nguoi.trong") && list.text.contains("quan.tri") && !list.text.contains("nguoi.ngoai"));
        browser.get(&format!("/quan-tri/nguoi/{inside}")).await.must(200);
        browser.get(&format!("/quan-tri/nguoi/{outside}")).await.must(403);
        browser.get(&format!("/quan-tri/don-vi/{}", served.town.other_ward)).await.must(403);
        browser.get("/quan-tri/nguoi/00000000-0000-0000-0000-000000000000").await.must(404);
        browser.get("/quan-tri/nguoi/khong-phai").await.must(404);
    }
}
