//! Files of a filing: attached to the papers it asks for, by its owner, while it is a draft.

use crate::town::{CITIZEN, STRANGER, Town, morning, stored};
use onestop::objection::Objection;
use onestop::sent::Stored;
use onestop::service::{self, Error, FileWrong, MOST_BYTES, MOST_FILES};
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

async fn attach(town: &Town, by: Uuid, draft: Uuid, paper: &'static str, file: Stored) -> Result<(), Error> {
    let cx = Town::citizen(by, morning());
    town.db.write(async move |tx: &Write<'_>| service::attach(tx, &cx, draft, paper, &file).await).await
}

async fn detach(town: &Town, by: Uuid, draft: Uuid, file: Uuid) -> Result<(), Error> {
    let cx = Town::citizen(by, morning());
    town.db.write(async move |tx: &Write<'_>| service::detach(tx, &cx, draft, file).await).await
}

async fn names(town: &Town, by: Uuid, draft: Uuid) -> Result<Vec<(Uuid, String)>, Error> {
    let cx = Town::citizen(by, morning());
    let all = town.db.read(async move |tx: &Read<'_>| service::attached(tx, &cx, draft).await).await?;
    Ok(all.into_iter().map(|a| (a.id, a.name)).collect())
}

/// Files the store holds for somebody.
async fn held(town: &Town) -> i64 {
    town.db.read(async move |tx: &Read<'_>| tx.one(store::sql!("SELECT COUNT(*) FROM store_file"), &[]).await).await.unwrap()
}

fn is_wrong(result: &Result<(), Error>, wrong: FileWrong) -> bool {
    matches!(result, Err(Error::File(is)) if *is == wrong)
}

testkit::both! {
    async fn a_file_is_attached_and_taken_out_again(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(false).await;
        attach(&town, CITIZEN, draft, "chung-sinh", stored("anh.jpg", 9)).await.unwrap();
        let all = names(&town, CITIZEN, draft).await.unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].1.as_str(), held(&town).await), ("anh.jpg", 1));
        detach(&town, CITIZEN, draft, all[0].0).await.unwrap();
        detach(&town, CITIZEN, draft, all[0].0).await.unwrap();
        assert!(names(&town, CITIZEN, draft).await.unwrap().is_empty());
        assert_eq!(held(&town).await, 0, "its bytes are let go");
    }

    async fn the_same_file_sent_twice_is_one(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(false).await;
        for _ in 0..2 {
            attach(&town, CITIZEN, draft, "chung-sinh", stored("anh.jpg", 9)).await.unwrap();
        }
        let all = names(&town, CITIZEN, draft).await.unwrap();
        assert_eq!(all.len(), 1);
        detach(&town, CITIZEN, draft, all[0].0).await.unwrap();
        assert_eq!(held(&town).await, 0, "no use of it was counted twice");
    }

    async fn a_paper_that_is_not_asked_for_takes_no_file(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(false).await;
        for paper in ["khong-co", "", "ghi-chu"] {
            assert!(is_wrong(&attach(&town, CITIZEN, draft, paper, stored("anh.jpg", 9)).await, FileWrong::NotAsked), "{paper}");
        }
        assert_eq!(held(&town).await, 0);
    }

    async fn an_upload_that_is_not_there_is_told(place: Place) {
        let (db, _place) = place.engine().migrated(&[("web", web::MIGRATIONS)]).await;
        let cx = Town::citizen(CITIZEN, morning());
        let gone = Stored::waiting(web::Key([7; 32]), Uuid::from_u128(5));
        let kept = db.write(async move |tx: &Write<'_>| gone.keep(tx, &cx, "paper").await.map(drop)).await;
        assert!(is_wrong(&kept, FileWrong::Gone));
    }

    async fn files_have_limits_in_number_and_weight(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(false).await;
        let heavy = stored("nang.pdf", MOST_BYTES.unsigned_abs() + 1);
        assert!(is_wrong(&attach(&town, CITIZEN, draft, "chung-sinh", heavy).await, FileWrong::TooHeavy));
        for n in 0..MOST_FILES {
            attach(&town, CITIZEN, draft, "chung-sinh", stored(&format!("{n}.pdf"), 9)).await.unwrap();
        }
        assert!(is_wrong(&attach(&town, CITIZEN, draft, "chung-sinh", stored("nua.pdf", 9)).await, FileWrong::TooMany));
        assert_eq!(held(&town).await, MOST_FILES as i64, "what was refused is not held");
    }

    async fn a_filing_that_was_sent_takes_no_more_and_gives_none_back(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        let file = names(&town, CITIZEN, draft).await.unwrap()[0].0;
        town.submit(draft).await.unwrap();
        let filed = |result: &Result<(), Error>| matches!(result, Err(Error::Objection(Objection::AlreadyFiled)));
        assert!(filed(&attach(&town, CITIZEN, draft, "chung-sinh", stored("nua.pdf", 9)).await));
        assert!(filed(&detach(&town, CITIZEN, draft, file).await));
        assert_eq!(held(&town).await, 1);
    }

    async fn a_file_that_comes_while_the_filing_is_sent_goes_along_or_is_refused(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        let (sent, added) = tokio::join!(town.submit(draft), attach(&town, CITIZEN, draft, "chung-sinh", stored("them.pdf", 9)));
        let dossier = sent.unwrap().id;
        let files = town.db.read(async move |tx: &Read<'_>| onestop::sql::papers::added(tx, dossier).await).await.unwrap().files;
        assert_eq!(files.len(), 1 + usize::from(added.is_ok()), "{added:?}");
    }

    async fn files_of_a_draft_are_its_owners_alone(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        let file = names(&town, CITIZEN, draft).await.unwrap()[0].0;
        let hidden = |result: &Result<(), Error>| matches!(result, Err(Error::NotFound));
        assert!(hidden(&attach(&town, STRANGER, draft, "chung-sinh", stored("la.pdf", 9)).await));
        assert!(hidden(&detach(&town, STRANGER, draft, file).await));
        assert!(matches!(names(&town, STRANGER, draft).await, Err(Error::NotFound)));
        assert_eq!(names(&town, CITIZEN, draft).await.unwrap().len(), 1);
    }

    async fn form_02_takes_only_what_it_asked_for_and_only_from_the_owner(place: Place) {
        use onestop::dossier::{SupplementItem, When};
        let town = Town::on(place).await;
        let id = town.submitted().await.id;
        let add = async |by: Uuid, paper: &'static str| {
            let cx = Town::citizen(by, morning());
            let file = stored("bo-sung.pdf", 9);
            town.db.write(async move |tx: &Write<'_>| service::hand_in(tx, &cx, id, &[(paper.to_owned(), file.clone())]).await.map(drop)).await
        };
        assert!(matches!(add(CITIZEN, "chung-sinh").await, Err(Error::Objection(Objection::NotIn { .. }))), "nothing was asked yet");
        let desk = town.officer(town.people.desk, morning()).await;
        town.db
            .write(async move |tx: &Write<'_>| {
                let item = SupplementItem { paper: "chung-sinh".into(), reason: "Ảnh mờ".into(), ground: "Luật Hộ tịch".into() };
                service::request_supplement(tx, &desk, id, vec![item], When::now(morning())).await
            })
            .await
            .unwrap();
        assert!(matches!(add(CITIZEN, "ghi-chu").await, Err(Error::Objection(Objection::PaperNotAsked))));
        assert!(matches!(add(STRANGER, "chung-sinh").await, Err(Error::Denied(denied)) if denied.hidden));
        add(CITIZEN, "chung-sinh").await.unwrap();
    }
}
