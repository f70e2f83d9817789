//! The log: places, chain, listeners.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use base::{Clock, Moment};
use store::{
    By, Crew, Db, Ear, Error, Listener, Loaded, Read, Recorded, Write, append, ear, events, listeners, log_state, parked, settle,
    sql, start, verify_chain,
};
use testkit::{Place, both};
use uuid::Uuid;

use crate::house::{Happened, open};

fn clock() -> Clock {
    Clock::system()
}

/// Begins `streams` things with `each` events, from several tasks at once.
async fn fill(db: &Db, streams: u64, each: i64) {
    let seed = base::Seed::fresh();
    let tasks = (0..streams).map(|n| {
        let db = db.clone();
        async move {
            for version in 0..each {
                let by = By { seed: seed.part("unit", n * 1000 + version.cast_unsigned()), ..By::system(clock().now()) };
                db.write(async move |tx: &Write<'_>| {
                    let stream = Loaded::at::<Happened>(seed.uuid("thing", n), version);
                    append(tx, &by, stream, &[Happened::Renamed { to: format!("{n}.{version}") }]).await
                })
                .await
                .unwrap();
            }
        }
    });
    futures_util::future::join_all(tasks).await;
}

/// Counts what it hears per event, and cannot digest events whose text contains the given word.
struct Counter {
    poison: &'static str,
    calls: Arc<AtomicU32>,
}

impl Listener for Counter {
    const NAME: &'static str = "test.counter";
    type On = Happened;
    async fn hear(&self, tx: &Write<'_>, e: &Recorded<Happened>) -> Result<(), Error> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        tx.run(sql!("INSERT INTO heard (pos, event, version) VALUES ($1, $2, $3)"), &[&e.pos, &e.id, &e.version]).await?;
        match &e.event {
            Happened::Renamed { to } if to == self.poison => panic!("cannot digest {to}"),
            Happened::Made { name } if name == self.poison => Err(Error::NoRow),
            _ => Ok(()),
        }
    }
}

/// A listener that hears everything, beside the one that stumbles.
struct Other;
impl Listener for Other {
    const NAME: &'static str = "test.other";
    type On = Happened;
    async fn hear(&self, _: &Write<'_>, _: &Recorded<Happened>) -> Result<(), Error> {
        Ok(())
    }
}

fn counter(poison: &'static str) -> Arc<dyn Ear> {
    ear(Counter { poison, calls: Arc::default() })
}

async fn heard(db: &Db) -> Vec<(i64, i64)> {
    db.read(async |tx: &Read<'_>| tx.all::<(i64, i64)>(sql!("SELECT pos, version FROM heard ORDER BY pos"), &[]).await)
        .await
        .unwrap()
}

both! {
    /// Every committed event gets one place, without a gap, in the order of its stream; the chain holds; a listener hears each once.
    async fn every_event_gets_its_place_and_is_heard_once(place: Place) {
        let db = open(&place).await;
        let crew = Crew { ears: vec![counter("")], ..Crew::new(clock()) };
        let running = start(&db, crew);
        fill(&db, 40, 12).await;
        settle(&db, &clock(), &[counter("")]).await.unwrap();
        running.stop().await;
        let state = db.read(async |tx: &Read<'_>| log_state(tx).await).await.unwrap();
        assert_eq!((state.pos, state.waiting), (480, 0));
        let chain = verify_chain(&db).await.unwrap();
        assert_eq!((chain.events, chain.broken), (480, None));
        let order: Vec<(i64, Uuid, i64)> = db.read(async |tx: &Read<'_>| {
            tx.all(sql!("SELECT l.pos, e.stream, e.version FROM store_log l JOIN store_event e ON e.id = l.event ORDER BY l.pos"), &[]).await
        }).await.unwrap();
        let mut versions = std::collections::HashMap::new();
        for (i, (pos, stream, version)) in order.iter().enumerate() {
            assert_eq!(*pos, i as i64 + 1);
            let last: &mut i64 = versions.entry(*stream).or_default();
            assert_eq!(*version, *last + 1, "the log keeps the order of a stream");
            *last = *version;
        }
        assert_eq!(heard(&db).await.len(), 480);
    }

    /// Two processes with a crew each: still one place per event, each heard once.
    async fn two_crews_do_not_get_in_each_others_way(place: Place) {
        let one = open(&place).await;
        let two = open(&place).await;
        let crew = || Crew { ears: vec![counter("")], ..Crew::new(clock()) };
        let (first, second) = (start(&one, crew()), start(&two, crew()));
        futures_util::future::join(fill(&one, 10, 10), fill(&two, 10, 10)).await;
        settle(&one, &clock(), &[counter("")]).await.unwrap();
        first.stop().await;
        second.stop().await;
        let chain = verify_chain(&one).await.unwrap();
        assert_eq!((chain.events, chain.broken), (200, None));
        let heard = heard(&two).await;
        assert_eq!(heard.iter().map(|(pos, _)| *pos).collect::<Vec<_>>(), (1..=200).collect::<Vec<_>>());
    }

    /// A poisoned event is parked after its tries; nothing of it stays, everything before and after is heard, others are not held up.
    async fn a_poisoned_event_is_parked(place: Place) {
        let db = open(&place).await;
        fill(&db, 5, 5).await;
        let by = By::system(clock().now());
        db.write(async move |tx: &Write<'_>| append(tx, &by, Loaded::new::<Happened>(by.id("x", 0)), &[Happened::Made { name: "3.3".into() }]).await).await.unwrap();
        fill(&db, 1, 3).await;
        let ears = [counter("3.3"), ear(Other)];
        settle(&db, &clock(), &ears).await.unwrap();
        let (parked, states) = db.read(async |tx: &Read<'_>| Ok::<_, Error>((parked(tx).await?, listeners(tx).await?))).await.unwrap();
        assert_eq!(parked.len(), 2, "{parked:?}");
        assert_eq!(parked.iter().map(|p| p.error.as_str()).collect::<std::collections::BTreeSet<_>>(), ["no row", "the unit of work panicked"].into());
        assert_eq!(heard(&db).await.len(), 29 - 2);
        assert!(states.iter().all(|s| s.behind == 0 && s.pos == 29), "{states:?}");
        // Mended, it is heard once more and parked no longer.
        for event in &parked {
            store::hear_again(&db, counter("none"), event.pos).await.unwrap();
        }
        assert_eq!(heard(&db).await.len(), 29);
        assert!(db.read(async |tx: &Read<'_>| store::parked(tx).await).await.unwrap().is_empty());
    }

    /// A changed payload, a changed place and a cut tail are all found; a lawful destruction is not a break.
    async fn the_chain_finds_what_was_changed(place: Place) {
        let db = open(&place).await;
        fill(&db, 2, 4).await;
        settle(&db, &clock(), &[]).await.unwrap();
        let stream: Uuid = db.read(async |tx: &Read<'_>| tx.one(sql!("SELECT stream FROM store_event JOIN store_log ON event = id WHERE pos = 3"), &[]).await).await.unwrap();
        let gone = db.write(async move |tx: &Write<'_>| store::destroy_payloads(tx, stream).await).await.unwrap();
        assert_eq!(gone, 4);
        let chain = verify_chain(&db).await.unwrap();
        assert_eq!((chain.destroyed, chain.broken), (4, None));
        assert!(db.read(async move |tx: &Read<'_>| events::<Happened>(tx, stream).await).await.unwrap().is_empty());
        let harms: [(&'static store::Sql, i64); 3] = [
            (sql!("UPDATE store_event SET payload = '{}' WHERE payload IS NOT NULL AND version = 4"), 8),
            (sql!("UPDATE store_event SET at = at + 1 WHERE version = 2"), 5),
            (sql!("DELETE FROM store_log WHERE pos = 2"), 3),
        ];
        for (harm, at_most) in harms {
            db.write(async move |tx: &Write<'_>| tx.run(harm, &[]).await).await.unwrap();
            let (pos, why) = verify_chain(&db).await.unwrap().broken.expect("the harm is found");
            assert!(pos <= at_most, "{pos}: {why}");
        }
        db.write(async |tx: &Write<'_>| tx.run(sql!("DELETE FROM store_log WHERE pos > 1"), &[]).await).await.unwrap();
        assert!(verify_chain(&db).await.unwrap().broken.is_some());
    }

    /// A clock that goes back does not turn the order of a stream round.
    async fn a_clock_that_goes_back_keeps_the_order(place: Place) {
        let db = open(&place).await;
        let id = By::system(Moment::from_micros(0)).id("thing", 0);
        for (version, at) in [(0, 3_000_000), (1, 2_000_000), (2, 1_000_000)] {
            let by = By::system(Moment::from_micros(at));
            db.write(async move |tx: &Write<'_>| append(tx, &by, Loaded::at::<Happened>(id, version), &[Happened::Renamed { to: String::new() }]).await).await.unwrap();
        }
        settle(&db, &clock(), &[]).await.unwrap();
        let order: Vec<i64> = db.read(async |tx: &Read<'_>| tx.all(sql!("SELECT version FROM store_event JOIN store_log ON event = id ORDER BY pos"), &[]).await).await.unwrap();
        assert_eq!(order, [1, 2, 3]);
    }
}

#[test]
fn a_kind_of_event_without_a_frozen_sample_is_noticed() {
    let one = r#"{"Made":{"name":"a"}}"#;
    testkit::frozen::<crate::house::Happened>(&format!("{one}\n{{\"Renamed\":{{\"to\":\"b\"}}}}"));
    assert!(std::panic::catch_unwind(|| testkit::frozen::<crate::house::Happened>(one)).is_err());
}
