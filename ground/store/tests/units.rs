//! Units of work: all or nothing, on both engines alike.

use store::{By, Error, Loaded, Read, Series, Write, append, events, number, sql};
use testkit::{Place, both};
use uuid::Uuid;

use crate::house::{Happened, open};

fn by() -> By {
    By::system(base::Moment::from_micros(1_700_000_000_000_000))
}

#[derive(Debug, PartialEq)]
struct Thing {
    id: Uuid,
    name: String,
    n: Option<i64>,
    yes: bool,
    raw: Option<Vec<u8>>,
}
store::from_row!(Thing { id, name, n, yes, raw });

both! {
    /// Every kind of value comes back as it went in, NULL too.
    async fn values_survive(place: Place) {
        let db = open(&place).await;
        let by = by();
        let id = by.id("thing", 0);
        db.write(async move |tx: &Write<'_>| -> Result<(), Error> {
            tx.run(sql!("INSERT INTO thing (id, name, n, yes, raw) VALUES ($1, $2, $3, $4, $5)"), &[&id, &"Điện Biên", &-7i64, &true, &vec![0u8, 255]]).await?;
            tx.run(sql!("INSERT INTO thing (id, name, n, yes, raw) VALUES ($1, $2, $3, $4, $5)"), &[&by.id("thing", 1), &"b", &None::<i64>, &false, &None::<Vec<u8>>]).await?;
            Ok(())
        }).await.unwrap();
        let things: Vec<Thing> = db.read(async |tx: &Read<'_>| tx.all(sql!("SELECT id, name, n, yes, raw FROM thing ORDER BY name DESC"), &[]).await).await.unwrap();
        assert_eq!(things[0], Thing { id, name: "Điện Biên".into(), n: Some(-7), yes: true, raw: Some(vec![0, 255]) });
        assert_eq!((things[1].n, things[1].yes, things[1].raw.clone()), (None, false, None));
        let sum: i64 = db.read(async |tx: &Read<'_>| tx.one(sql!("SELECT sum(n) FROM thing"), &[]).await).await.unwrap();
        assert_eq!(sum, -7);
        let many: Vec<String> = db.read(async |tx: &Read<'_>| {
            use sea_query::{Expr, ExprTrait, Query};
            tx.all_dyn(Query::select().column("name").from("thing").and_where(Expr::col("yes").eq(true))).await
        }).await.unwrap();
        assert_eq!(many, ["Điện Biên"]);
    }

    /// A unit that answers an error leaves nothing behind, its number included.
    async fn an_error_rolls_back(place: Place) {
        let db = open(&place).await;
        let by = by();
        let series = Series::of_day("H12", by.now);
        for fail in [true, false, true, false] {
            let series = series.clone();
            let got = db.write(async move |tx: &Write<'_>| {
                let n = number(tx, &series).await?;
                if fail { Err(Error::NoRow) } else { Ok(n) }
            }).await;
            assert_eq!(got.is_err(), fail);
        }
        let n = db.write(async move |tx: &Write<'_>| number(tx, &series).await).await.unwrap();
        assert_eq!(n, 3);
    }

    /// Events come back in order; appending to a version somebody else has passed is a conflict.
    async fn events_are_appended_once(place: Place) {
        let db = open(&place).await;
        let by = by();
        let id = by.id("thing", 0);
        let version = db.write(async move |tx: &Write<'_>| append(tx, &by, Loaded::new::<Happened>(id), &[Happened::Made { name: "a".into() }]).await).await.unwrap();
        assert_eq!(version, 1);
        for (version, good) in [(1, true), (1, false), (0, false)] {
            let got = db.write(async move |tx: &Write<'_>| append(tx, &by, Loaded::at::<Happened>(id, version), &[Happened::Renamed { to: "b".into() }]).await).await;
            assert_eq!(got.is_ok(), good, "{got:?}");
        }
        let all = db.read(async move |tx: &Read<'_>| events::<Happened>(tx, id).await).await.unwrap();
        assert_eq!(all.iter().map(|e| &e.event).collect::<Vec<_>>(), [&Happened::Made { name: "a".into() }, &Happened::Renamed { to: "b".into() }]);
    }

    /// Awaiting anything but the database is refused, and so is going on after a failed statement; a panic spoils only its own unit.
    async fn a_closure_that_misbehaves_is_rolled_back(place: Place) {
        let db = open(&place).await;
        let slept = db.write(async |_: &Write<'_>| -> Result<(), Error> { tokio::task::yield_now().await; Ok(()) }).await;
        assert!(matches!(slept, Err(Error::Waited)), "{slept:?}");
        let swallowed = db.write(async move |tx: &Write<'_>| -> Result<(), Error> {
            let id = Uuid::nil();
            let put = sql!("INSERT INTO thing (id, name, yes) VALUES ($1, $2, TRUE)");
            tx.run(put, &[&id, &"x"]).await?;
            let twice = tx.run(put, &[&id, &"y"]).await;
            assert!(matches!(twice, Err(Error::Taken(_))), "{twice:?}");
            Ok(())
        }).await;
        assert!(matches!(swallowed, Err(Error::WentOn(_))), "{swallowed:?}");
        let panicked = db.write(async |tx: &Write<'_>| -> Result<(), Error> {
            tx.run(sql!("INSERT INTO thing (id, name, yes) VALUES ($1, $2, TRUE)"), &[&Uuid::nil(), &"x"]).await?;
            panic!("on purpose")
        }).await;
        assert!(matches!(panicked, Err(Error::Panicked)), "{panicked:?}");
        let wrote = db.read(async |tx: &Read<'_>| tx.all::<i64>(sql!("DELETE FROM thing RETURNING n"), &[]).await).await;
        assert!(wrote.is_err());
        let left: i64 = db.read(async |tx: &Read<'_>| tx.one(sql!("SELECT count(*) FROM thing"), &[]).await).await.unwrap();
        assert_eq!(left, 0);
    }
}
