//! The Chairman's list through time (OS-08).

use catalogue::{Error, Listing, NewListing, Objection, ReceivedAt, Wanted};
use store::{Migration, Read, Write};
use testkit::Place;

use crate::town::{Town, at, editor, lines, record};

/// Minutes of a day.
const DAY: i64 = 24 * 60;
/// 1 December, 14:30: the town's clock begins on 23 November.
const DECEMBER: i64 = 8 * DAY;

fn new(received_at: ReceivedAt) -> NewListing {
    NewListing { received_at, decision: "2100/QĐ-UBND".into(), from: None, to: None }
}

fn from(day: &str, received_at: ReceivedAt) -> NewListing {
    NewListing { from: Some(day.parse().unwrap()), decision: "2101/QĐ-UBND".into(), ..new(received_at) }
}

async fn put(town: &Town, minutes: i64, code: &'static str, row: NewListing) -> Result<(), Error> {
    let cx = editor(minutes);
    town.write(async move |tx: &Write<'_>| catalogue::put_listing(tx, &cx, &code.parse().unwrap(), &row).await).await
}

async fn take_off(town: &Town, minutes: i64) -> Result<(), Error> {
    let cx = editor(minutes);
    town.write(async move |tx: &Write<'_>| catalogue::take_off_list(tx, &cx, &"1.000656".parse().unwrap(), "2200/QĐ-UBND").await)
        .await
}

/// A town that knows the registration of deaths.
async fn town(place: Place) -> Town {
    let town = Town::on(place).await;
    town.import(0, lines(&[record("1.000656", "Thủ tục đăng ký khai tử", Some(3), Some("Ngày"))])).await.unwrap();
    town
}

async fn listed(town: &Town, minutes: i64) -> Option<Listing> {
    town.read(async move |tx: &Read<'_>| catalogue::listed(tx, &"1.000656.H12".parse().unwrap(), at(minutes)).await).await
}

async fn received_at(town: &Town, minutes: i64) -> Option<ReceivedAt> {
    listed(town, minutes).await.map(|row| row.received_at)
}

testkit::both! {
    async fn only_what_is_on_the_list_is_received(place: Place) {
        let town = town(place).await;
        assert_eq!(listed(&town, 0).await, None);
        put(&town, 1, "1.000656", new(ReceivedAt::Commune)).await.unwrap();
        let row = listed(&town, 2).await.unwrap();
        assert_eq!((row.received_at, row.decision.as_str(), row.name.as_str()), (ReceivedAt::Commune, "2100/QĐ-UBND", "Đăng ký khai tử"));
        take_off(&town, 3).await.unwrap();
        assert_eq!(listed(&town, 4).await, None);
        assert!(matches!(take_off(&town, 5).await, Err(Error::Objection(Objection::NotListed))));
    }

    async fn what_held_at_a_moment_is_what_held_then_whatever_is_decided_later_os_08(place: Place) {
        let town = town(place).await;
        put(&town, 1, "1.000656", new(ReceivedAt::Commune)).await.unwrap();
        put(&town, 3, "1.000656", from("2026-12-01", ReceivedAt::All)).await.unwrap();
        assert_eq!(received_at(&town, 4).await, Some(ReceivedAt::Commune), "a row of the future leaves today alone");
        assert_eq!(received_at(&town, DECEMBER).await, Some(ReceivedAt::All));
        take_off(&town, 5).await.unwrap();
        let seen = async |minutes: i64| received_at(&town, minutes).await;
        assert_eq!([seen(4).await, seen(6).await, seen(DECEMBER).await], [Some(ReceivedAt::Commune), None, None]);
        // entered late: people have filed since the first of November, and were told otherwise
        put(&town, 7, "1.000656", from("2026-11-01", ReceivedAt::Province)).await.unwrap();
        assert_eq!([seen(4).await, seen(6).await, seen(8).await], [Some(ReceivedAt::Commune), None, Some(ReceivedAt::Province)]);
    }

    async fn a_procedure_that_was_not_received_is_listed_from_the_day_of_the_decision_os_08(place: Place) {
        let town = town(place).await;
        put(&town, 1, "1.000656", from("2026-11-01", ReceivedAt::All)).await.unwrap();
        assert_eq!(received_at(&town, -7 * DAY).await, Some(ReceivedAt::All), "what the paper book has since can be entered");
        assert_eq!(received_at(&town, -30 * DAY).await, None);
    }

    async fn every_list_shows_one_row_of_a_procedure_that_of_its_day(place: Place) {
        let town = town(place).await;
        put(&town, 1, "1.000656", from("2026-12-01", ReceivedAt::All)).await.unwrap();
        let shown = async |minutes: i64| {
            let (now, wanted) = (at(minutes), Wanted { listed: Some(true), ..Wanted::default() });
            let (lines, total, figures, on_list) = town.read(async move |tx: &Read<'_>| {
                let (lines, total) = catalogue::page(tx, now.date(), &wanted, false, 0, 10).await?;
                Ok((lines, total, catalogue::figures(tx, now.date()).await?, catalogue::on_list(tx, now).await?))
            })
            .await;
            assert_eq!((total, figures.listed, on_list.len()), (lines.len() as u64, lines.len() as i64, lines.len()));
            lines.into_iter().map(|line| line.received_at).collect::<Vec<_>>()
        };
        assert_eq!((shown(2).await, shown(DECEMBER).await), (vec![], vec![Some(ReceivedAt::All)]));
        put(&town, 3, "1.000656", new(ReceivedAt::Commune)).await.unwrap();
        assert_eq!((shown(4).await, shown(DECEMBER).await), (vec![Some(ReceivedAt::Commune)], vec![Some(ReceivedAt::All)]));
        put(&town, 5, "1.000656", new(ReceivedAt::Province)).await.unwrap();
        assert_eq!((shown(6).await, shown(DECEMBER).await), (vec![Some(ReceivedAt::Province)], vec![Some(ReceivedAt::All)]));
        take_off(&town, 7).await.unwrap();
        assert_eq!((shown(8).await, shown(DECEMBER).await), (vec![], vec![]));
    }

    async fn the_first_load_again_leaves_alone_what_people_decided(place: Place) {
        let town = town(place).await;
        let load = async || town.write(async |tx: &Write<'_>| catalogue::put_on_list(tx, &"1.000656".parse().unwrap(), "all", "Đăng ký khai tử").await).await.unwrap();
        load().await;
        assert_eq!(received_at(&town, -30 * DAY).await, Some(ReceivedAt::All), "since always");
        put(&town, 1, "1.000656", new(ReceivedAt::Commune)).await.unwrap();
        load().await;
        assert_eq!((received_at(&town, 0).await, received_at(&town, 2).await), (Some(ReceivedAt::All), Some(ReceivedAt::Commune)));
        take_off(&town, 3).await.unwrap();
        load().await;
        assert_eq!(received_at(&town, 4).await, None);
    }

    async fn a_list_of_before_comes_along_with_its_days(place: Place) {
        const BEFORE: &[Migration] = catalogue::MIGRATIONS.split_at(2).0;
        let (db, _place) = place.engine().migrated(&[("catalogue", BEFORE)]).await;
        db.write(async |tx: &Write<'_>| {
            let rows = [("1.000001", None, None), ("1.000002", Some("2026-11-24"), Some("2026-12-01"))];
            for (code, from, to) in rows {
                let q = store::sql!(
                    "INSERT INTO catalogue_local (code, received_at, name, decision, from_day, to_day, changed_at)
                     VALUES ($1, 'commune', 'A', '9/QĐ-UBND', $2, $3, 5)"
                );
                tx.run(q, &[&code, &from, &to]).await?;
            }
            Ok::<_, store::Error>(())
        })
        .await
        .unwrap();
        store::migrate(&db, &[("catalogue", catalogue::MIGRATIONS)]).await.unwrap();
        let on_list = async |when: &str| {
            let now: base::Moment = when.parse().unwrap();
            let rows = db.read(async move |tx: &Read<'_>| catalogue::on_list(tx, now).await).await.unwrap();
            let mut codes: Vec<String> = rows.into_iter().map(|row| row.code).collect();
            codes.sort();
            codes
        };
        assert_eq!(on_list("2020-01-01T00:00").await, ["1.000001"]);
        assert_eq!(on_list("2026-11-23T23:59:59").await, ["1.000001"]);
        assert_eq!(on_list("2026-11-24T00:00").await, ["1.000001", "1.000002"]);
        assert_eq!(on_list("2026-11-30T23:59:59").await, ["1.000001", "1.000002"]);
        assert_eq!(on_list("2026-12-01T00:00").await, ["1.000001"]);
    }

    async fn what_lives_in_another_system_cannot_be_put_there(place: Place) {
        let town = Town::on(place).await;
        let mut p = catalogue::package::read(&crate::data().join("procedures/1.001193")).unwrap();
        p.elsewhere = Some(catalogue::package::Elsewhere { system: "Cổng dịch vụ công Bộ Công an".into(), advice: "Nộp trên cổng đó.".into(), address: String::new() });
        town.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &editor(0), &p).await).await.unwrap();
        let done = put(&town, 1, "1.001193", new(ReceivedAt::All)).await;
        assert!(matches!(done, Err(Error::Objection(Objection::HandledElsewhere { .. }))), "{done:?}");
        assert!(matches!(put(&town, 1, "1.999999", new(ReceivedAt::All)).await, Err(Error::NotFound)));
    }

    async fn a_row_needs_its_decision(place: Place) {
        let town = town(place).await;
        let done = put(&town, 1, "1.000656", NewListing { decision: " ".into(), ..new(ReceivedAt::All) }).await;
        assert!(matches!(done, Err(Error::Fault { field: "decision", .. })), "{done:?}");
    }
}
