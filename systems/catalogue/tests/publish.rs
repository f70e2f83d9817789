//! Publishing: by people, from a day, never changed.

use catalogue::{CatalogueEvent, Error};
use store::{Read, Write};
use testkit::Place;

use crate::town::{Town, at, editor};

fn package(code: &str) -> catalogue::package::Package {
    catalogue::package::read(&crate::data().join("procedures").join(code)).unwrap()
}

testkit::both! {
    async fn the_same_content_again_is_the_same_version(place: Place) {
        let town = Town::on(place).await;
        let p = package("1.001193");
        let mut ids = vec![];
        for m in 0..2 {
            let p = p.clone();
            ids.push(town.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &editor(m), &p).await).await.unwrap());
        }
        assert_eq!(ids[0], ids[1]);
    }

    async fn a_version_for_later_waits_beside_the_present_one(place: Place) {
        let town = Town::on(place).await;
        let present = package("1.001193");
        let mut future = present.clone();
        future.decision.number = "1/QĐ-BTP".into();
        future.decision.effective_from = Some("2027-03-01".parse().unwrap());
        for (m, p) in [(0, present.clone()), (1, future.clone())] {
            town.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &editor(m), &p).await).await.unwrap();
        }
        assert_eq!(town.current("1.001193", 2).await.unwrap().1, present);
        let days = |n: i64| n * 24 * 60;
        assert_eq!(town.current("1.001193", days(97)).await.unwrap().1, present, "28 February 2027");
        assert_eq!(town.current("1.001193", days(98)).await.unwrap().1, future, "1 March 2027");
    }

    async fn a_faulty_package_is_not_published(place: Place) {
        let town = Town::on(place).await;
        let mut p = package("1.001193");
        p.name.clear();
        p.levels.clear();
        let done = town.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &editor(0), &p).await).await;
        let Err(Error::Faulty(found)) = done else { panic!("{done:?}") };
        assert_eq!(found.iter().map(|f| f.at.as_str()).collect::<Vec<_>>(), ["name", "levels"]);
        assert!(town.current("1.001193", 1).await.is_none());
    }

    async fn the_log_says_who_published_what(place: Place) {
        let town = Town::on(place).await;
        let p = package("1.001193");
        let id = town.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &editor(0), &p).await).await.unwrap();
        let events = town.read(async move |tx: &Read<'_>| {
            let stream: uuid::Uuid = tx.one(store::sql!("SELECT stream FROM catalogue_procedure"), &[]).await?;
            Ok(store::events::<CatalogueEvent>(tx, stream).await?)
        }).await;
        assert_eq!(events.len(), 1);
        assert!(matches!(&events[0].event, CatalogueEvent::Published { version, .. } if *version == id));
        assert_eq!(events[0].at, at(0));
    }
}
