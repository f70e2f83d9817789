//! Notes and files in handling: while somebody works on the dossier, files only by whoever has the step in hand.

use crate::front::Front;
use crate::given::{in_step, officer, package, submitted, world};
use catalogue::package::StepRole::{CaseOfficer, Leader};
use onestop::decide::{MOST_NOTE, add_file, add_note};
use onestop::dossier::{Dossier, State};
use onestop::objection::Objection;
use std::collections::BTreeSet;
use store::Read;
use testkit::Place;
use uuid::Uuid;

const ID: Uuid = Uuid::from_u128(9);

#[test]
fn notes_are_written_while_it_is_worked_on_and_say_something() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    assert!(add_note(&in_step(1), "Đã gọi điện", ID, &facts).is_ok());
    assert_eq!(add_note(&in_step(1), "  ", ID, &facts).unwrap_err(), Objection::NothingWritten);
    for state in [State::Issued, State::Returned] {
        let over = Dossier { state, ..in_step(3) };
        assert!(matches!(add_note(&over, "Ghi thêm", ID, &facts), Err(Objection::NotIn { .. })), "{state:?} takes no more notes");
        assert!(matches!(add_file(&over, &officer(10, &[CaseOfficer]), ID, &facts), Err(Objection::NotIn { .. })));
    }
    assert!(add_note(&submitted(&world.package), "Ghi thêm", ID, &facts).is_err());
}

#[test]
fn a_draft_does_not_change_under_the_eyes_of_the_leader() {
    let world = world(package());
    let facts = world.now("2026-11-23T14:00");
    assert!(add_file(&in_step(0), &officer(10, &[CaseOfficer]), ID, &facts).is_ok());
    let behind = add_file(&in_step(1), &officer(10, &[CaseOfficer]), ID, &facts);
    assert_eq!(behind.unwrap_err(), Objection::OtherRole { role: Leader });
}

testkit::both! {
    async fn a_note_too_long_is_refused_whole_and_says_how_much_it_takes(place: Place) {
        let front = Front::on(place, package()).await;
        let id = front.town.accepted().await.id;
        let case = front.officer(front.town.people.case).await;
        front.clock.set(crate::given::at("2026-11-23T08:30"));
        let note = async |letters: usize| {
            let body = serde_json::json!({ "text": "đ".repeat(letters) }).to_string();
            front.call(&case, http::Method::POST, &format!("/api/v1/dossiers/{id}/notes"), &body).await
        };
        let refused = note(MOST_NOTE + 1).await.must(422);
        assert!(refused.text.contains("4000") && refused.text.contains("4001"), "{}", refused.text);
        note(MOST_NOTE).await.must(200);
        let kept = front.town.db.read(async move |tx: &Read<'_>| onestop::sql::papers::added(tx, id).await).await.unwrap().notes;
        assert_eq!(kept.len(), 1);
    }

    async fn the_note_form_of_the_dossier_takes_a_note_a_file_or_both(place: Place) {
        let front = Front::on(place, package()).await;
        let id = front.town.accepted().await.id;
        let case = front.officer(front.town.people.case).await;
        front.clock.set(crate::given::at("2026-11-23T08:30"));
        let at = format!("/can-bo/ho-so/{id}");
        let page = front.get(&case, &at).await.must(200);
        let form = page.text.split("<form").find(|f| f.contains("/ghi-chu\"")).expect("the note form");
        assert!(form.contains("multipart/form-data") && form.contains("type=\"file\""), "{form}");
        let pdf: &[u8] = b"%PDF-1.4\n%%EOF\n";
        let to = format!("{at}/ghi-chu");
        front.post_files(&case, &to, &[("ghi-chu", "Dự thảo lần một")], &[("tep", "du-thao.pdf", pdf)]).await.must(303);
        front.post_files(&case, &to, &[("ghi-chu", "")], &[("tep", "du-thao-2.pdf", pdf)]).await.must(303);
        front.post_files(&case, &to, &[("ghi-chu", "Chỉ lời nhắn")], &[]).await.must(303);
        front.post_files(&case, &to, &[("ghi-chu", " ")], &[]).await.must(409);
        let added = front.town.db.read(async move |tx: &Read<'_>| onestop::sql::papers::added(tx, id).await).await.unwrap();
        let (files, notes) = (added.files, added.notes);
        // All at the same moment of the test's clock: in no order of their own.
        let drafts: BTreeSet<&str> = files.iter().filter(|f| f.role == "handling").map(|f| f.name.as_str()).collect();
        assert_eq!(drafts, BTreeSet::from(["du-thao.pdf", "du-thao-2.pdf"]));
        let said: BTreeSet<&str> = notes.iter().map(|n| n.text.as_str()).collect();
        assert_eq!(said, BTreeSet::from(["Dự thảo lần một", "Chỉ lời nhắn"]));
    }

    async fn every_file_an_officer_opens_is_a_look_its_owner_can_read(place: Place) {
        let front = Front::on(place, package()).await;
        let id = front.town.accepted().await.id;
        let case = front.officer(front.town.people.case).await;
        front.clock.set(crate::given::at("2026-11-23T08:30"));
        let at = format!("/can-bo/ho-so/{id}");
        front.post_files(&case, &format!("{at}/ghi-chu"), &[("ghi-chu", "")], &[("tep", "a.pdf", b"%PDF-1.4\n%%EOF\n")]).await.must(303);
        let (file, owner) = front
            .town
            .db
            .read(async move |tx: &Read<'_>| {
                let files = onestop::sql::papers::added(tx, id).await?.files;
                let file = files.iter().find(|f| f.name == "a.pdf").map(|f| f.id);
                Ok::<_, store::Error>((file, onestop::sql::dossiers::by_id(tx, id).await?.map(|row| row.owner)))
            })
            .await
            .unwrap();
        let (file, owner) = (file.unwrap(), owner.unwrap());
        let opened = async || {
            let later = front.clock.now().plus(jiff::SignedDuration::from_secs(1));
            let looks = front.town.db.read(async move |tx: &Read<'_>| directory::who_looked_at_owner(tx, owner, later, 100).await);
            looks.await.unwrap().iter().filter(|look| look.purpose == "mở tệp của hồ sơ" && look.thing == id).count()
        };
        assert_eq!(opened().await, 0);
        front.get(&case, &format!("{at}/tep/{file}")).await.must(200);
        assert_eq!(opened().await, 1);
        front.get(&case, &format!("{at}/tep/{}", Uuid::from_u128(404))).await.must(404);
        let stranger = front.officer(front.town.people.other_case).await;
        front.get(&stranger, &format!("{at}/tep/{file}")).await.must(404);
        assert_eq!(opened().await, 1, "what did not leave was not seen");
    }
}
