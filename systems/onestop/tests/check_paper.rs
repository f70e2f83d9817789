//! The desk's finding on a paper: while the filing is checked, on papers it is asked for, with a trace.

use crate::given::{in_step, package, submitted, world};
use crate::town::{Town, morning};
use onestop::decide::check_paper;
use onestop::dossier::Verdict;
use onestop::events::Event;
use onestop::objection::Objection;
use store::Read;
use testkit::Place;

#[test]
fn papers_are_checked_while_the_filing_is_and_not_afterwards() {
    let world = world(package());
    let facts = world.now("2026-11-23T08:00");
    let filed = submitted(&world.package);
    let check = |dossier: &_, paper: &str| check_paper(dossier, paper, Verdict::Good, &["chung-sinh"], &facts);
    assert!(matches!(check(&filed, "chung-sinh"), Ok(Event::PaperChecked { verdict: Verdict::Good, .. })));
    assert_eq!(check(&filed, "bang-lai-xe").unwrap_err(), Objection::PaperNotAsked);
    assert!(matches!(check(&in_step(0), "chung-sinh"), Err(Objection::NotIn { .. })));
}

testkit::both! {
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
