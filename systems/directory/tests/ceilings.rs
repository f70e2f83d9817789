//! What it costs to know who is there.
use axum::extract::FromRequestParts;
use base::{Clock, Seed};
use directory::{
    OfficerDesk, Realm, Role, Subject,
    identity::provider::{Claims, Provider},
    service::identity::{Arrived, keep_session},
};
use http::{Request, request::Parts};
use serde_json::json;
use store::Write;
use web::{House, Settings, Visit, session};

use crate::town::{Town, noon};

/// A request of an officer with this cookie, as the service hands it to a page.
fn request(house: &House, cookie: &str) -> (Parts, Visit) {
    let (mut parts, ()) = Request::get("/can-bo/toi/pin").header("cookie", cookie).body(()).unwrap().into_parts();
    let visit = Visit::read(&parts.method, &parts.uri, &parts.headers, &house.settings, house.clock.now(), Seed::fresh());
    parts.extensions.insert(visit.clone());
    (parts, visit)
}

testkit::both! {
    async fn an_officer_who_came_by_a_provider_is_known_after_two_statements(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = town.officer("an.nguyen", town.ward_desk, Role::DeskOfficer).await;
        let folder = tempfile::tempdir().unwrap();
        let files = store::Files::folder(folder.path()).await.unwrap();
        let house = House::new(town.db.clone(), files, Clock::fixed(noon()), Settings::default());
        let mut provider = Provider::proposed().into_iter().find(|p| p.realm == Realm::Officer).unwrap();
        provider.profile.second_factor_there = true;
        let claims: Claims = serde_json::from_value(json!({"sub": "cb-1"})).unwrap();
        let identity = provider.identity(&claims, noon()).unwrap();
        let arrived = Arrived { identity, sub: "cb-1".into(), sid: None, id_token: "x".into() };
        let opening = session::opening(&request(&house, "").1, &house);
        let subject = Subject { realm: Realm::Officer, id: person.0 };
        let opened = town
            .db
            .write(async move |tx: &Write<'_>| {
                let opened = session::open(tx, &opening, subject, None).await?;
                keep_session(tx, &provider, &arrived, &opened, None).await?;
                Ok::<_, directory::Error>(opened)
            })
            .await
            .unwrap();
        let (mut parts, _) = request(&house, &format!("motcua-cb={}", opened.token.reveal()));
        let known = <OfficerDesk as FromRequestParts<House>>::from_request_parts(&mut parts, &house);
        let (desk, statements) = store::counting(known).await;
        assert!(desk.is_ok_and(|desk| desk.sign_in.second), "the provider asked for the second factor");
        assert_eq!(statements, 2, "the session; the officer with posts and sign-in state");
    }
}
