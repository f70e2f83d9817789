//! A citizen's drafts: listed, discarded, changed only by their owner and only until they are sent.

use crate::town::{CITIZEN, STRANGER, Town, morning};
use onestop::objection::Objection;
use onestop::service::{self, Error};
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

async fn drafts(town: &Town, by: Uuid) -> Vec<Uuid> {
    let cx = Town::citizen(by, morning());
    let all = town.db.read(async move |tx: &Read<'_>| service::own_drafts(tx, &cx).await).await.unwrap();
    assert!(all.iter().all(|d| d.name == "Thủ tục đăng ký khai sinh" && d.procedure_code == "1.001193"));
    all.into_iter().map(|d| d.id).collect()
}

async fn discard(town: &Town, by: Uuid, draft: Uuid) -> Result<(), Error> {
    let cx = Town::citizen(by, morning());
    town.db.write(async move |tx: &Write<'_>| service::discard_draft(tx, &cx, draft).await).await
}

testkit::both! {
    async fn a_draft_is_discarded_with_its_files(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        assert_eq!(drafts(&town, CITIZEN).await, [draft]);
        discard(&town, CITIZEN, draft).await.unwrap();
        assert!(drafts(&town, CITIZEN).await.is_empty());
        let held: i64 =
            town.db.read(async move |tx: &Read<'_>| tx.one(store::sql!("SELECT COUNT(*) FROM store_file"), &[]).await).await.unwrap();
        assert_eq!(held, 0);
        assert!(matches!(discard(&town, CITIZEN, draft).await, Err(Error::NotFound)));
    }

    async fn what_was_sent_is_no_draft_any_more(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        let row = town.submit(draft).await.unwrap();
        assert!(drafts(&town, CITIZEN).await.is_empty());
        assert!(matches!(discard(&town, CITIZEN, draft).await, Err(Error::Objection(Objection::AlreadyFiled))));
        let cx = Town::citizen(CITIZEN, morning());
        let saved = town
            .db
            .write(async move |tx: &Write<'_>| {
                let draft = service::own_draft(tx, &cx, draft).await?;
                service::save_draft(tx, &cx, &draft).await
            })
            .await;
        assert!(matches!(saved, Err(Error::Objection(Objection::AlreadyFiled))));
        let cx = Town::citizen(CITIZEN, morning());
        let own = town.db.read(async move |tx: &Read<'_>| service::own_dossiers(tx, &cx).await).await.unwrap();
        assert_eq!(own.iter().map(|d| d.id).collect::<Vec<_>>(), [row.id]);
    }

    async fn other_people_see_and_discard_nothing(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        assert!(drafts(&town, STRANGER).await.is_empty());
        assert!(matches!(discard(&town, STRANGER, draft).await, Err(Error::NotFound)));
        assert_eq!(drafts(&town, CITIZEN).await, [draft]);
        town.submit(draft).await.unwrap();
        let cx = Town::citizen(STRANGER, morning());
        let own = town.db.read(async move |tx: &Read<'_>| service::own_dossiers(tx, &cx).await).await.unwrap();
        assert!(own.is_empty());
    }
}
