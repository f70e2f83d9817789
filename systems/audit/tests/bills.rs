//! What a bill covers, and when it is written.
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    task::Poll,
};

use audit::{
    Error, Sum,
    bill::Bill,
    jobs::{hands, order_what_is_due},
    last_bill,
    service::{
        export::export,
        write::{Order, write_bill, write_bill_by},
    },
};
use base::Moment;
use jiff::SignedDuration;
use store::{Read, Write};
use web::Wellness;

use crate::{
    house::{House, id, noon},
    office::Forty,
};

async fn last(house: &House) -> Bill {
    let row = house.db.read(async |tx: &Read<'_>| last_bill(tx).await).await.unwrap().unwrap();
    Bill::read(&row.body).unwrap()
}

/// Drives a writer until it has looked at the clock so often; there it stands still.
async fn until_asked(mut writer: Pin<&mut impl Future>, asked: &AtomicU32, times: u32) {
    std::future::poll_fn(|cx| match writer.as_mut().poll(cx) {
        Poll::Ready(_) => panic!("it came to its end"),
        Poll::Pending if asked.load(Ordering::SeqCst) >= times => Poll::Ready(()),
        Poll::Pending => Poll::Pending,
    })
    .await;
}

testkit::both! {
    async fn a_bill_covers_every_event_and_every_look_once(place: testkit::Place) {
        let house = House::on(place).await;
        house.happens(10).await;
        house.looks(10).await;
        house.looks(20).await;
        assert_eq!(house.bill().await, 1);
        let first = last(&house).await;
        assert_eq!((first.events.from, first.events.to, first.previous), (0, 2, Sum::ZERO));
        assert_eq!((first.events.counts["happens"]["begun"], first.events.counts["happens"]["ended"]), (1, 1));
        assert_eq!((first.reads.total, first.reads.counts["happens.see"]), (2, 2));
        house.happens(30).await;
        house.looks(30).await;
        house.bill().await;
        let second = last(&house).await;
        assert_eq!((second.events.from, second.events.to, second.reads.total), (2, 5, 1), "the first bill is an event too");
        assert_eq!(second.previous, Sum::of(first.text().unwrap()));
        assert_eq!(second.events.counts["audit"]["bill_written"], 1);
        let verdict = house.verdict().await;
        assert!(verdict.is_sound(), "{:?}", verdict.findings);
        assert_eq!((verdict.bills, verdict.events, verdict.events_open, verdict.reads, verdict.reads_open), (2, 6, 1, 3, 0));
    }

    async fn more_than_one_chunk_is_covered_without_a_gap(place: testkit::Place) {
        let house = House::on(place).await;
        for thing in 0..550 {
            house.happens(1000 + thing * 10).await;
            house.looks(thing).await;
        }
        house.bill().await;
        let bill = last(&house).await;
        assert_eq!((bill.events.to, bill.reads.total), (1100, 550));
        let verdict = house.verdict().await;
        assert!(verdict.is_sound(), "{:?}", verdict.findings);
        assert_eq!((verdict.events, verdict.reads), (1101, 550));
    }

    async fn a_day_with_nothing_in_it_gets_its_bill(place: testkit::Place) {
        let house = House::on(place).await;
        house.happens(10).await;
        house.bill().await;
        house.bill().await;
        house.bill().await;
        let verdict = house.verdict().await;
        assert!(verdict.is_sound() && verdict.bills == 3, "{:?}", verdict.findings);
    }

    async fn a_lawful_destruction_still_verifies_and_is_counted(place: testkit::Place) {
        let house = House::on(place).await;
        for thing in [10, 20, 30] {
            house.happens(thing).await;
        }
        house.bill().await;
        let gone = house.db.write(async |tx: &Write<'_>| store::destroy_payloads(tx, id(20)).await).await.unwrap();
        let verdict = house.verdict().await;
        assert!(verdict.is_sound(), "{:?}", verdict.findings);
        assert_eq!((gone, verdict.blanked), (2, 2));
        house.happens(40).await;
        house.bill().await;
        assert!(house.verdict().await.is_sound());
    }

    async fn each_day_gets_its_bill_also_one_on_which_no_server_ran(place: testkit::Place) {
        let house = House::on(place).await;
        let hands = hands(&Default::default(), &house.files).unwrap();
        let beat = async || {
            order_what_is_due(&house.db, house.clock.now(), false).await.unwrap();
            let done = store::work_off(&house.db, &house.clock, &hands).await.unwrap();
            store::settle(&house.db, &house.clock, &[]).await.unwrap();
            done
        };
        assert_eq!(beat().await, 0, "a house in which nothing happened needs no bill");
        house.happens(10).await;
        assert_eq!(beat().await, 0, "the day is not over");
        let midnight: Moment = "2026-11-24T00:00".parse().unwrap();
        house.clock.set(midnight.plus(SignedDuration::from_secs(30)));
        assert_eq!((beat().await, beat().await), (1, 0));
        assert_eq!(last(&house).await.bill, 1);
        // three days without a server
        house.clock.set(midnight.plus(SignedDuration::from_hours(75)));
        assert_eq!((beat().await, beat().await), (1, 0));
        assert_eq!(last(&house).await.bill, 2);
        assert!(house.verdict().await.is_sound());
    }

    async fn a_bill_that_was_begun_and_not_ended_is_taken_up(place: testkit::Place) {
        let house = House::on(place).await;
        house.happens(10).await;
        for thing in 0..3 {
            house.looks(thing).await;
        }
        // the first process got as far as this
        house.db.write(async |tx: &Write<'_>| directory::evidence::put_into_bill(tx, 1, 0, 2).await).await.unwrap();
        assert!(house.verdict().await.is_sound(), "a bill that is being written is no fault");
        house.bill().await;
        assert_eq!(last(&house).await.reads.total, 3);
        assert!(house.verdict().await.is_sound());
    }

    async fn a_writer_at_long_work_keeps_its_turn(place: testkit::Place) {
        let house = House::on(place).await;
        house.happens(10).await;
        let (order, asked) = (Order::of_house(house.clock.now(), false), AtomicU32::new(0));
        // each step takes a minute and a half: one is within the lease, three together are not
        let slow = || {
            asked.fetch_add(1, Ordering::SeqCst);
            house.clock.advance(SignedDuration::from_secs(90));
            house.clock.now()
        };
        let mut first = std::pin::pin!(write_bill_by(&house.db, &house.files, &order, &slow));
        until_asked(first.as_mut(), &asked, 3).await;
        let second = write_bill(&house.db, &house.files, &Order::of_house(house.clock.now(), false)).await;
        assert!(matches!(second, Err(Error::Elsewhere)), "{second:?}");
        assert_eq!(first.await.unwrap(), 1);
        store::settle(&house.db, &house.clock, &[]).await.unwrap();
        assert!(house.verdict().await.is_sound());
    }

    async fn a_writer_whose_turn_was_over_puts_no_look_into_a_bill_that_is_written(place: testkit::Place) {
        let house = House::on(place).await;
        house.happens(10).await;
        // more than get their numbers in one unit
        house.looks_at(0..510).await;
        let (order, asked) = (Order::of_house(house.clock.now(), false), AtomicU32::new(0));
        let now = || {
            asked.fetch_add(1, Ordering::SeqCst);
            house.clock.now()
        };
        let mut first = std::pin::pin!(write_bill_by(&house.db, &house.files, &order, &now));
        until_asked(first.as_mut(), &asked, 2).await;
        // it stands still for an hour; somebody else writes the bill
        house.clock.advance(SignedDuration::from_hours(1));
        assert_eq!(house.bill().await, 1);
        house.looks(600).await;
        let late = first.await;
        assert!(matches!(late, Err(Error::Elsewhere)), "{late:?}");
        let verdict = house.verdict().await;
        assert!(verdict.is_sound(), "{:?}", verdict.findings);
        assert_eq!((verdict.reads, verdict.reads_open), (511, 1));
    }

    async fn a_first_bill_that_is_never_written_is_told_to_who_asks_how_the_house_is(place: testkit::Place) {
        let house = House::on(place).await;
        let asked = web::House::new(house.db.clone(), house.files.clone(), house.clock.clone(), web::Settings::default());
        let room = audit::room(&Default::default(), Arc::new(Forty { ward: "/".into(), other: "/".into() }));
        let ask = async || (room.health[0].ask)(asked.clone()).await;
        house.happens(10).await;
        assert_eq!(ask().await, Wellness::Well, "the first day is not over");
        house.clock.set("2026-11-24T00:16".parse().unwrap());
        assert!(matches!(ask().await, Wellness::Ailing { why } if why.contains("motcua audit bill")));
        house.bill().await;
        assert!(matches!(ask().await, Wellness::Ailing { why } if why.contains("no stamp")), "now only its stamp is missing");
    }
}

#[test]
fn the_text_of_a_bill_is_canonical_and_frozen() {
    let text = r#"{"at":"2026-11-24T00:00:05+07:00","bill":2,"events":{"blanked":0,"counts":{"happens":{"begun":1}},"from":2,"leaves":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","link":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","root":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","to":5},"format":"motcua-bill-1","previous":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","reads":{"counts":{},"leaves":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","root":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","total":0}}"#;
    let bill = Bill::read(text).unwrap();
    assert_eq!(bill.text().unwrap(), text);
    // names in order at every depth, as RFC 8785 wants them; a bill has no lists
    fn canonical(value: &serde_json::Value) -> String {
        let serde_json::Value::Object(map) = value else { return value.to_string() };
        let sorted: std::collections::BTreeMap<_, _> = map.iter().collect();
        let parts: Vec<String> = sorted.into_iter().map(|(name, value)| format!("\"{name}\":{}", canonical(value))).collect();
        format!("{{{}}}", parts.join(","))
    }
    assert_eq!(canonical(&serde_json::from_str(text).unwrap()), text);
    assert!(Bill::read(&text.replace(":2,", ": 2,")).is_none(), "one way of writing only");
    assert!(Bill::read(&text.replace("motcua-bill-1", "motcua-bill-2")).is_none());
    assert!(Bill::read("").is_none());
    assert_eq!(noon().to_string(), "2026-11-23T14:30:00+07:00");
}

#[test]
fn an_export_does_not_write_into_a_folder_that_holds_something() {
    testkit::run(async {
        let house = House::on(testkit::Engine::Sqlite.fresh().await).await;
        house.happens(10).await;
        house.bill().await;
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(export(&house.db, &house.files, &folder.path().join("new"), None).await.unwrap(), 3);
        assert!(export(&house.db, &house.files, folder.path(), None).await.is_err());
    });
}
