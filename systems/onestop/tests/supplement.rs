//! What form 02 asked for comes in, from the applicant or at the desk: OS-11, OS-13.

use crate::given::{at, package, submitted, world};
use crate::town::{CITIZEN, Town, stored};
use catalogue::package::Package;
use onestop::decide::{receive_supplement, supplement};
use onestop::dossier::{Dossier, State, SupplementItem, Verdict, When};
use onestop::events::Event;
use onestop::objection::Objection;
use onestop::service::{self, Error, HandedIn};
use std::collections::BTreeSet;
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

/// The birth registration with a second paper.
fn two_papers() -> Package {
    let mut package = package();
    let mut shown = package.papers[0].clone();
    (shown.id, shown.name) = ("ket-hon".into(), "Giấy chứng nhận kết hôn".into());
    package.papers.push(shown);
    package
}

fn item(paper: &str) -> SupplementItem {
    SupplementItem { paper: paper.into(), reason: "Ảnh mờ".into(), ground: "Luật Hộ tịch, Điều 16".into() }
}

fn open() -> Vec<SupplementItem> {
    vec![item("chung-sinh"), item("ket-hon")]
}

fn brought(papers: &[&str]) -> BTreeSet<String> {
    papers.iter().map(|p| (*p).to_owned()).collect()
}

fn waiting(package: &Package) -> Dossier {
    Dossier { state: State::AwaitingSupplement, last_at: at("2026-11-23T08:00"), ..submitted(package) }
}

#[test]
fn a_completed_filing_is_checked_within_eight_working_hours_again() {
    let world = world(two_papers());
    let event =
        supplement(&waiting(&world.package), &open(), &brought(&["chung-sinh", "ket-hon"]), &world.now("2026-11-23T09:00"))
            .unwrap();
    // 24/11 is a holiday: two hours this morning, four this afternoon, two on the 25th
    let (happened_at, check_due_at) = (at("2026-11-23T09:00"), at("2026-11-25T09:00"));
    assert_eq!(event, Event::Supplemented { happened_at, check_due_at, at_desk: false, late_reason: None });
}

#[test]
fn form_02_is_answered_when_nothing_of_it_is_missing() {
    let world = world(two_papers());
    for (papers, missing) in
        [(vec![], vec!["Giấy chứng sinh", "Giấy chứng nhận kết hôn"]), (vec!["chung-sinh"], vec!["Giấy chứng nhận kết hôn"])]
    {
        let objection =
            supplement(&waiting(&world.package), &open(), &brought(&papers), &world.now("2026-11-23T09:00")).unwrap_err();
        let papers: Vec<String> = missing.into_iter().map(str::to_owned).collect();
        assert_eq!(objection, Objection::SupplementIncomplete { papers });
    }
}

#[test]
fn what_the_desk_takes_in_it_has_looked_at() {
    let world = world(two_papers());
    let dossier = waiting(&world.package);
    let facts = world.late("2026-11-23T08:30", "2026-11-23T10:00", "Mất điện");
    let events = receive_supplement(&dossier, &open(), &brought(&["chung-sinh", "ket-hon"]), &facts).unwrap();
    assert!(matches!(&events[0], Event::Supplemented { at_desk: true, late_reason: Some(_), .. }));
    let good: Vec<_> = events.iter().filter(|e| matches!(e, Event::PaperChecked { verdict: Verdict::Good, .. })).collect();
    assert_eq!(good.len(), 2);
    let half = receive_supplement(&dossier, &open(), &brought(&["ket-hon"]), &facts).unwrap_err();
    assert_eq!(half, Objection::SupplementIncomplete { papers: vec!["Giấy chứng sinh".into()] });
    let more = receive_supplement(&dossier, &open(), &brought(&["chung-sinh", "ket-hon", "zz"]), &facts).unwrap_err();
    assert_eq!(more, Objection::PaperNotAsked, "what nobody asked for is not taken in silently");
    assert!(matches!(receive_supplement(&submitted(&world.package), &[], &brought(&[]), &facts), Err(Objection::NotIn { .. })));
}

async fn hand_in(town: &Town, id: Uuid, minute: &str, papers: &'static [&'static str]) -> Result<HandedIn, Error> {
    let cx = Town::citizen(CITIZEN, at(minute));
    let files: Vec<_> = papers.iter().map(|p| ((*p).to_owned(), stored(&format!("{p}-{minute}.pdf"), 4))).collect();
    town.db.write(async move |tx: &Write<'_>| service::hand_in(tx, &cx, id, &files).await).await
}

async fn asked(town: &Town, id: Uuid) {
    let now = at("2026-11-23T08:30");
    let desk = town.officer(town.people.desk, now).await;
    town.db
        .write(async move |tx: &Write<'_>| service::request_supplement(tx, &desk, id, open(), When::now(now)).await)
        .await
        .unwrap();
}

testkit::both! {
    async fn one_file_of_two_is_kept_and_the_form_stays_open_until_the_other_comes(place: Place) {
        let town = Town::with(place, two_papers()).await;
        let draft = town.draft(true).await;
        let cx = Town::citizen(CITIZEN, crate::town::morning());
        town.db
            .write(async move |tx: &Write<'_>| service::attach(tx, &cx, draft, "ket-hon", &stored("ket-hon.pdf", 4)).await)
            .await
            .unwrap();
        let id = town.submit(draft).await.unwrap().id;
        town.check(town.people.desk, id, Verdict::Missing).await.unwrap();
        asked(&town, id).await;
        let nothing = hand_in(&town, id, "2026-11-23T08:45", &[]).await;
        assert!(matches!(nothing, Err(Error::Objection(Objection::SupplementIncomplete { .. }))), "nothing closes nothing");
        let half = hand_in(&town, id, "2026-11-23T09:00", &["chung-sinh"]).await.unwrap();
        assert_eq!((half.row.state.as_str(), half.missing), ("awaiting_supplement", vec!["Giấy chứng nhận kết hôn".to_owned()]));
        let whole = hand_in(&town, id, "2026-11-23T09:10", &["ket-hon"]).await.unwrap();
        assert_eq!((whole.row.state.as_str(), whole.missing), ("submitted", vec![]));
        let (papers, events) = town
            .db
            .read(async move |tx: &Read<'_>| {
                let events = store::events::<Event>(tx, id).await?;
                Ok::<_, store::Error>((onestop::sql::papers::papers(tx, id).await?, events))
            })
            .await
            .unwrap();
        assert!(papers.iter().all(|p| p.verdict().is_none()), "what came anew is looked at anew");
        assert_eq!(events.iter().filter(|e| matches!(e.event, Event::FileAdded { .. })).count(), 2);
    }

    async fn somebody_with_neither_phone_nor_number_completes_at_the_desk(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let row = crate::counter::received_without_papers(&town, Uuid::from_u128(0xD9), crate::town::morning()).await;
        assert_eq!((row.state.as_str(), &row.applicant_phone, &row.applicant_id), ("awaiting_supplement", &None, &None));
        let (id, now) = (row.id, at("2026-11-23T10:00"));
        let bring = async |papers: BTreeSet<String>, scans: Vec<(String, onestop::sent::Stored)>| {
            let cx = town.officer(p.desk, now).await;
            town.db
                .write(async move |tx: &Write<'_>| service::receive_supplement(tx, &cx, id, &papers, &scans, When::now(now)).await)
                .await
        };
        let empty_handed = bring(brought(&[]), vec![]).await;
        assert!(matches!(empty_handed, Err(Error::Objection(Objection::SupplementIncomplete { papers })) if papers == ["Giấy chứng sinh"]));
        let row = bring(brought(&["chung-sinh"]), vec![("chung-sinh".into(), stored("quet.pdf", 4))]).await.unwrap();
        assert_eq!((row.state.as_str(), row.check_due_at), ("submitted", at("2026-11-25T10:00")));
        let row = town.accept(p.desk, id, at("2026-11-23T10:05")).await.unwrap();
        assert_eq!((row.state.as_str(), row.code.is_some()), ("in_progress", true), "what was taken in was looked at");
        let files = town.db.read(async move |tx: &Read<'_>| onestop::sql::papers::added(tx, id).await).await.unwrap().files;
        assert_eq!(files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), ["quet.pdf"]);
    }

    async fn the_page_and_the_api_of_the_desk_receive_it_too(place: Place) {
        let front = crate::front::Front::on(place, two_papers()).await;
        let desk = front.officer(front.town.people.desk).await;
        let mut done = vec![];
        for n in [1, 2] {
            let row = crate::counter::received_without_papers(&front.town, Uuid::from_u128(0xE0 + n), crate::town::morning()).await;
            done.push(row.id);
        }
        let at = format!("/can-bo/ho-so/{}", done[0]);
        let page = front.get(&desk, &format!("{at}?viec=nhan-bo-sung")).await.must(200);
        assert!(page.text.contains("value=\"chung-sinh\"") && page.text.contains("name=\"tep.ket-hon\""));
        let fields = [("da-nhan", "chung-sinh")];
        let half = front.post_files(&desk, &format!("{at}/nhan-bo-sung"), &fields, &[]).await.must(409);
        assert!(half.text.contains("Giấy chứng nhận kết hôn"), "the answer names what is missing");
        let fields = [("da-nhan", "chung-sinh"), ("da-nhan", "ket-hon")];
        front.post_files(&desk, &format!("{at}/nhan-bo-sung"), &fields, &[]).await.must(303);
        assert!(front.get(&desk, &at).await.must(200).text.contains("Trung tâm đã nhận phần bổ sung"));

        let call = format!("/api/v1/dossiers/{}/supplement", done[1]);
        front.call(&desk, http::Method::POST, &call, r#"{"papers":["ket-hon"]}"#).await.must(409);
        let line = front.call(&desk, http::Method::POST, &call, r#"{"papers":["ket-hon","chung-sinh"]}"#).await.must(200);
        assert!(line.text.contains("\"state\":\"submitted\""), "{}", line.text);
    }
}
