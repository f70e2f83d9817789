//! The Chairman's list (OS-08).

use catalogue::{Error, NewListing, Objection, ReceivedAt};
use store::{Read, Write};
use testkit::Place;

use crate::town::{Town, at, editor, lines, record};

fn new(received_at: ReceivedAt) -> NewListing {
    NewListing { received_at, decision: "2100/QĐ-UBND".into(), from: None, to: None }
}

async fn put(town: &Town, code: &'static str, row: NewListing) -> Result<(), Error> {
    let cx = editor(1);
    town.write(async move |tx: &Write<'_>| catalogue::put_listing(tx, &cx, &code.parse().unwrap(), &row).await).await
}

testkit::both! {
    async fn only_what_is_on_the_list_is_received(place: Place) {
        let town = Town::on(place).await;
        town.import(0, lines(&[record("1.000656", "Thủ tục đăng ký khai tử", Some(3), Some("Ngày"))])).await.unwrap();
        let listed = async |minutes: i64| {
            town.read(async move |tx: &Read<'_>| catalogue::listed(tx, &"1.000656.H12".parse().unwrap(), at(minutes)).await).await
        };
        assert_eq!(listed(0).await, None);
        put(&town, "1.000656", new(ReceivedAt::Commune)).await.unwrap();
        let row = listed(2).await.unwrap();
        assert_eq!((row.received_at, row.decision.as_str(), row.name.as_str()), (ReceivedAt::Commune, "2100/QĐ-UBND", "Đăng ký khai tử"));
        // from a day
        let later = NewListing { from: Some("2026-12-01".parse().unwrap()), ..new(ReceivedAt::All) };
        put(&town, "1.000656", later).await.unwrap();
        assert_eq!(listed(2).await, None);
        assert!(listed(8 * 24 * 60).await.is_some());
        let cx = editor(3);
        town.write(async move |tx: &Write<'_>| catalogue::take_off_list(tx, &cx, &"1.000656".parse().unwrap(), "2200/QĐ-UBND").await).await.unwrap();
        assert_eq!(listed(8 * 24 * 60).await, None);
    }

    async fn what_lives_in_another_system_cannot_be_put_there(place: Place) {
        let town = Town::on(place).await;
        let mut p = catalogue::package::read(&crate::data().join("procedures/1.001193")).unwrap();
        p.elsewhere = Some(catalogue::package::Elsewhere { system: "Cổng dịch vụ công Bộ Công an".into(), advice: "Nộp trên cổng đó.".into(), address: String::new() });
        town.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &editor(0), &p).await).await.unwrap();
        let done = put(&town, "1.001193", new(ReceivedAt::All)).await;
        assert!(matches!(done, Err(Error::Objection(Objection::HandledElsewhere { .. }))), "{done:?}");
        assert!(matches!(put(&town, "1.999999", new(ReceivedAt::All)).await, Err(Error::NotFound)));
    }

    async fn a_row_needs_its_decision(place: Place) {
        let town = Town::on(place).await;
        town.import(0, lines(&[record("1.000656", "Thủ tục đăng ký khai tử", Some(3), Some("Ngày"))])).await.unwrap();
        let done = put(&town, "1.000656", NewListing { decision: " ".into(), ..new(ReceivedAt::All) }).await;
        assert!(matches!(done, Err(Error::Fault { field: "decision", .. })), "{done:?}");
    }
}
