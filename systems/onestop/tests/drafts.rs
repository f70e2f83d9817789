//! A citizen's drafts: listed, discarded, changed only by their owner and only until they are sent.

use crate::town::{CITIZEN, STRANGER, Town, morning, stored};
use onestop::draft::MOST_KEPT;
use onestop::objection::Objection;
use onestop::service::{self, Error, MostDrafts};
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
        let own = town.db.read(async move |tx: &Read<'_>| service::own_dossiers(tx, &cx, 1).await).await.unwrap();
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
        let own = town.db.read(async move |tx: &Read<'_>| service::own_dossiers(tx, &cx, 1).await).await.unwrap();
        assert!(own.is_empty());
    }

    async fn a_file_attached_while_its_draft_is_thrown_away_goes_with_it(place: Place) {
        let town = Town::on(place).await;
        for n in 0..10 {
            let draft = town.draft(false).await;
            let cx = Town::citizen(CITIZEN, morning());
            let file = stored(&format!("chung-sinh-{n}.pdf"), 4);
            let attached = async {
                let attach = async move |tx: &Write<'_>| service::attach(tx, &cx, draft, "chung-sinh", &file).await;
                town.db.write(attach).await.is_ok()
            };
            let (gone, _) = tokio::join!(discard(&town, CITIZEN, draft), attached);
            gone.unwrap();
            let left = town.db.read(async move |tx: &Read<'_>| onestop::sql::papers::of_draft(tx, draft).await).await.unwrap();
            assert_eq!(left.len(), 0, "a file of a draft that is gone");
        }
    }

    async fn nobody_has_more_drafts_open_than_the_house_allows(place: Place) {
        let town = Town::on(place).await;
        let begin = async |who: Uuid| {
            let (cx, code) = (Town::citizen(who, morning()), "1.001193".parse().unwrap());
            town.db.write(async move |tx: &Write<'_>| service::start_draft(tx, &cx, &code, None, MostDrafts(1)).await).await
        };
        let first = begin(CITIZEN).await.unwrap();
        let second = begin(CITIZEN).await;
        assert!(matches!(second, Err(Error::Objection(Objection::TooManyDrafts))), "{second:?}");
        assert_eq!(drafts(&town, CITIZEN).await, [first], "what was begun is still there");
        begin(STRANGER).await.unwrap();
        discard(&town, CITIZEN, first).await.unwrap();
        begin(CITIZEN).await.unwrap();
    }

    async fn what_nobody_can_have_typed_is_not_kept_and_nothing_is_cut_off(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(false).await;
        let save = async |letters: usize| {
            let cx = Town::citizen(CITIZEN, morning());
            let save = async move |tx: &Write<'_>| {
                let mut draft = service::own_draft(tx, &cx, draft).await?;
                draft.data.applicant.address = "Ư".repeat(letters);
                service::save_draft(tx, &cx, &draft).await
            };
            town.db.write(save).await
        };
        save(MOST_KEPT).await.unwrap();
        let refused = save(MOST_KEPT + 1).await;
        assert!(matches!(refused, Err(Error::Faults(faults)) if faults[0].field == "applicant.address"));
        let cx = Town::citizen(CITIZEN, morning());
        let kept = town.db.read(async move |tx: &Read<'_>| service::own_draft(tx, &cx, draft).await).await.unwrap();
        assert_eq!(kept.data.applicant.address.chars().count(), MOST_KEPT);
    }

    async fn ones_own_dossiers_come_page_by_page(place: Place) {
        let town = Town::on(place).await;
        let row = town.submitted().await;
        let page = async |n: u64| {
            let cx = Town::citizen(CITIZEN, morning());
            town.db.read(async move |tx: &Read<'_>| service::own_dossiers(tx, &cx, n).await).await.unwrap()
        };
        assert_eq!(page(1).await.iter().map(|d| d.id).collect::<Vec<_>>(), [row.id]);
        assert!(page(2).await.is_empty());
    }
}
