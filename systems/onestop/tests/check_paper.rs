//! The desk's finding on a paper: while the filing is checked, on papers it is asked for, with a trace.

use crate::given::{at, in_step, package, submitted, world};
use crate::town::{Town, morning};
use catalogue::Origin;
use catalogue::package::{Channel, PaperKind, PaperRow};
use onestop::decide::{brought_to_desk, check_paper};
use onestop::dossier::{Dossier, SupplementItem, Verdict, When};
use onestop::events::Event;
use onestop::objection::Objection;
use onestop::service::{self, Error};
use store::{By, Read, Write};
use testkit::Place;

#[test]
fn papers_are_checked_while_the_filing_is_and_not_afterwards() {
    let world = world(package());
    let facts = world.now("2026-11-23T08:00");
    let filed = submitted(&world.package);
    let check = |dossier: &_, paper: &str| check_paper(dossier, paper, Verdict::Good, &["chung-sinh"], &[], &facts);
    assert!(matches!(check(&filed, "chung-sinh"), Ok(Event::PaperChecked { verdict: Verdict::Good, .. })));
    assert_eq!(check(&filed, "bang-lai-xe").unwrap_err(), Objection::PaperNotAsked);
    assert!(matches!(check(&in_step(0), "chung-sinh"), Err(Objection::NotIn { .. })));
}

#[test]
fn of_a_filing_that_came_online_nothing_is_good_that_nobody_saw() {
    let world = world(package());
    let facts = world.now("2026-11-23T08:00");
    let filed = submitted(&world.package);
    for (channel, verdict, is_unseen, expected) in [
        (Channel::Online, Verdict::Good, true, Some(Objection::NothingSeen)),
        (Channel::Online, Verdict::Missing, true, None),
        (Channel::Online, Verdict::NotNeeded, true, None),
        (Channel::Online, Verdict::Good, false, None),
        (Channel::Direct, Verdict::Good, true, None),
        (Channel::Post, Verdict::Good, true, None),
    ] {
        let dossier = Dossier { channel, ..filed.clone() };
        let unseen: &[&str] = if is_unseen { &["chung-sinh"] } else { &[] };
        let found = check_paper(&dossier, "chung-sinh", verdict, &["chung-sinh"], unseen, &facts);
        assert_eq!(found.err(), expected, "{channel:?} {verdict:?} {is_unseen}");
    }
}

#[test]
fn what_form_02_brought_to_the_desk_was_seen_there() {
    let happened_at = morning();
    let item =
        |paper: &str| SupplementItem { paper: paper.into(), reason: "Ảnh mờ".into(), ground: "Luật Hộ tịch".into() };
    let asked = |papers: &[&str]| Event::SupplementRequested {
        happened_at,
        items: papers.iter().map(|paper| item(paper)).collect(),
        late_reason: None,
    };
    let answered = |at_desk| Event::Supplemented { happened_at, check_due_at: happened_at, at_desk, late_reason: None };
    let story = [asked(&["chung-sinh", "ket-hon"]), answered(true), asked(&["uy-quyen"]), answered(false), asked(&["khac"])];
    let seen = brought_to_desk(&story);
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), ["chung-sinh", "ket-hon"]);
}

testkit::both! {
    async fn a_paper_shown_at_the_desk_needs_no_file_and_one_to_send_does(place: Place) {
        let town = Town::on(place).await;
        let id = town.submitted().await.id;
        let mut later = package();
        let more = |id: &str, kind| PaperRow { id: id.into(), kind, ..later.papers[0].clone() };
        let more = [more("xuat-trinh", PaperKind::Present), more("nop", PaperKind::Submit)];
        later.papers.extend(more);
        town.db
            .write(async move |tx: &Write<'_>| {
                catalogue::publish(tx, &By::system(at("2026-11-23T08:05")), &later, Origin::Written).await
            })
            .await
            .unwrap();
        let check = async |paper: &'static str| {
            let now = at("2026-11-23T08:10");
            let cx = town.officer(town.people.desk, now).await;
            town.db
                .write(async move |tx: &Write<'_>| service::check_paper(tx, &cx, id, paper, Verdict::Good, When::now(now)).await)
                .await
        };
        assert!(check("chung-sinh").await.is_ok() && check("xuat-trinh").await.is_ok());
        let unseen = check("nop").await;
        assert!(matches!(unseen, Err(Error::Objection(Objection::NothingSeen))), "{unseen:?}");
    }

    async fn every_finding_leaves_its_trace_also_one_that_is_changed(place: Place) {
        let town = Town::on(place).await;
        let id = town.submitted().await.id;
        for verdict in [Verdict::Missing, Verdict::Good] {
            town.check(town.people.desk, id, verdict).await.unwrap();
        }
        let (events, papers) = town
            .db
            .read(async move |tx: &Read<'_>| {
                Ok::<_, store::Error>((store::events::<Event>(tx, id).await?, onestop::sql::papers::papers(tx, id).await?))
            })
            .await
            .unwrap();
        let found: Vec<_> = events
            .iter()
            .filter_map(|e| match &e.event {
                Event::PaperChecked { verdict, happened_at, .. } => Some((*verdict, *happened_at, e.who)),
                _ => None,
            })
            .collect();
        let by = town.people.desk.0;
        assert_eq!(found, [(Verdict::Missing, morning(), by), (Verdict::Good, morning(), by)]);
        assert_eq!(papers[0].verdict(), Some(Verdict::Good));
    }
}
