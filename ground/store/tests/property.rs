//! Random units of work on both engines end in the same state, byte for byte.

use std::sync::Arc;

use base::Moment;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use store::{By, Db, Error, Loaded, Read, Series, Write, append, enqueue, number, search, settle, sql};
use testkit::Engine;
use uuid::Uuid;

use crate::{
    backup::tables,
    house::{Happened, ROOM, open},
};

/// One step of a unit.
#[derive(Clone, Debug)]
enum Step {
    Put { thing: u8, name: u8 },
    PutOrLeave { thing: u8, name: u8 },
    Upsert { thing: u8, n: Option<i64> },
    Rename { thing: u8, name: String },
    Remove { thing: u8 },
    Move { from: u8, to: u8, amount: i64 },
    Append { thing: u8, version: i64, count: u8 },
    AppendLoaded { thing: u8 },
    Number { scope: u8 },
    Order { what: u8 },
    Index { thing: u8, text: String },
    Remember { key: u8, body: u8 },
    Fail,
    Panic,
    Swallow { thing: u8 },
    Wait,
}

fn step() -> impl Strategy<Value = Step> {
    use Step::*;
    prop_oneof![
        6 => (0..6u8, 0..8u8).prop_map(|(thing, name)| Put { thing, name }),
        4 => (0..6u8, 0..8u8).prop_map(|(thing, name)| PutOrLeave { thing, name }),
        4 => (0..6u8, any::<Option<i64>>()).prop_map(|(thing, n)| Upsert { thing, n }),
        4 => (0..6u8, "[^\\x00]{0,12}").prop_map(|(thing, name)| Rename { thing, name }),
        3 => (0..6u8).prop_map(|thing| Remove { thing }),
        4 => (0..4u8, 0..4u8, -5..20i64).prop_map(|(from, to, amount)| Move { from, to, amount }),
        2 => (0..6u8, 0..4i64, 0..4u8).prop_map(|(thing, version, count)| Append { thing, version, count }),
        8 => (0..6u8).prop_map(|thing| AppendLoaded { thing }),
        4 => (0..3u8).prop_map(|scope| Number { scope }),
        2 => (0..5u8).prop_map(|what| Order { what }),
        3 => (0..6u8, "[^\\x00]{0,30}").prop_map(|(thing, text)| Index { thing, text }),
        2 => (0..4u8, 0..2u8).prop_map(|(key, body)| Remember { key, body }),
        1 => Just(Fail),
        1 => Just(Panic),
        1 => (0..6u8).prop_map(|thing| Swallow { thing }),
        1 => Just(Wait),
    ]
}

fn id(thing: u8) -> Uuid {
    Uuid::from_u128(u128::from(thing) + 1)
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Errand(u8);
impl store::Job for Errand {
    const NAME: &'static str = "test.errand";
}

async fn take(tx: &Write<'_>, by: &By, step: &Step) -> Result<(), Error> {
    let put = sql!("INSERT INTO thing (id, name, yes) VALUES ($1, $2, TRUE)");
    match step {
        Step::Put { thing, name } => tx.run(put, &[&id(*thing), &name.to_string()]).await.map(drop),
        Step::PutOrLeave { thing, name } => tx
            .run(
                sql!("INSERT INTO thing (id, name, yes) VALUES ($1, $2, FALSE) ON CONFLICT DO NOTHING"),
                &[&id(*thing), &name.to_string()],
            )
            .await
            .map(drop),
        Step::Upsert { thing, n } => tx
            .run(
                sql!(
                    "INSERT INTO thing (id, name, n, yes) VALUES ($1, $2, $3, FALSE)
                     ON CONFLICT (id) DO UPDATE SET n = CASE WHEN CAST($3 AS bigint) IS NULL THEN thing.n ELSE excluded.n END"
                ),
                &[&id(*thing), &format!("u{thing}"), n],
            )
            .await
            .map(drop),
        Step::Rename { thing, name } => tx
            .run(sql!("UPDATE thing SET name = $2, raw = $3 WHERE id = $1"), &[&id(*thing), name, &name.clone().into_bytes()])
            .await
            .map(drop),
        Step::Remove { thing } => tx.run(sql!("DELETE FROM thing WHERE id = $1"), &[&id(*thing)]).await.map(drop),
        Step::Move { from, to, amount } => {
            // The check `amount >= 0` refuses an overdraft.
            tx.run(sql!("UPDATE account SET amount = amount - $2 WHERE id = $1"), &[from, amount]).await?;
            tx.run(sql!("UPDATE account SET amount = amount + $2 WHERE id = $1"), &[to, amount]).await.map(drop)
        }
        Step::Append { thing, version, count } => {
            let events: Vec<_> = (0..*count).map(|n| Happened::Renamed { to: n.to_string() }).collect();
            append(tx, by, Loaded::at::<Happened>(id(*thing), *version), &events).await.map(drop)
        }
        Step::AppendLoaded { thing } => {
            let version: Option<i64> = tx.opt(sql!("SELECT version FROM store_stream WHERE id = $1"), &[&id(*thing)]).await?;
            let stream = Loaded::at::<Happened>(id(*thing), version.unwrap_or(0));
            append(tx, by, stream, &[Happened::Made { name: format!("{:?}", version) }]).await.map(drop)
        }
        Step::Number { scope } => number(tx, &Series::of_day(format!("s{scope}"), by.now)).await.map(drop),
        Step::Order { what } => enqueue(tx, by, &Errand(*what)).await.map(drop),
        Step::Index { thing, text } => search::index(tx, "thing", id(*thing), &[text]).await,
        Step::Remember { key, body } => {
            let key = store::Key::new("k", key.to_string(), [*body]);
            match store::answered(tx, &key).await? {
                Some(_) => Ok(()),
                None => store::remember(tx, &key, "answer", by.now).await,
            }
        }
        Step::Fail => Err(Error::NoRow),
        Step::Panic => panic!("on purpose"),
        Step::Swallow { thing } => {
            let _ = tx.run(put, &[&id(*thing), &"same"]).await;
            let _ = tx.run(put, &[&id(*thing), &"same"]).await;
            Ok(())
        }
        Step::Wait => {
            tokio::task::yield_now().await;
            Ok(())
        }
    }
}

/// Runs the units one after another; answers what each said, as the kind of its error.
async fn run(db: &Db, units: &[Vec<Step>]) -> Vec<String> {
    let mut said = vec![];
    for (n, unit) in units.iter().enumerate() {
        let by = By {
            who: Uuid::from_u128(7),
            post: None,
            now: Moment::from_micros(1_800_000_000_000_000 + n as i64 * 7_000_000),
            trace: Uuid::nil(),
            seed: base::Seed([n as u8; 32]),
        };
        let unit = unit.clone();
        let got = db
            .write(async move |tx: &Write<'_>| -> Result<(), Error> {
                for step in &unit {
                    take(tx, &by, step).await?;
                }
                Ok(())
            })
            .await;
        said.push(match got {
            Ok(()) => "ok".to_owned(),
            Err(e) => format!("{e:?}").chars().take_while(|c| c.is_alphanumeric()).collect(),
        });
    }
    said
}

async fn state(engine: Engine, units: &[Vec<Step>]) -> (Vec<String>, std::collections::BTreeMap<String, String>, Vec<Uuid>) {
    let place = engine
        .copy_of("store_property_2", async |place| {
            let db = open(place).await;
            db.write(async |tx: &Write<'_>| -> Result<(), Error> {
                for n in 0..4i64 {
                    tx.run(sql!("INSERT INTO account (id, amount) VALUES ($1, 20)"), &[&n]).await?;
                }
                Ok(())
            })
            .await
            .unwrap();
            db.close().await;
        })
        .await;
    let db = open(&place).await;
    let said = run(&db, units).await;
    settle(&db, &base::Clock::fixed(Moment::from_micros(0)), &[]).await.unwrap();
    let rooms: &[(&'static str, &'static [store::Migration])] = &[("test", ROOM)];
    let quiet = Arc::new(|_: &str, _: u64| {});
    let zip = store::backup(&db, None, rooms, Moment::from_micros(0), Vec::new(), quiet).await.unwrap().0;
    let found = db
        .read(async |tx: &Read<'_>| {
            let found = search::found(tx, "thing", "a", sea_query::Expr::col("thing"));
            tx.all_dyn(
                sea_query::Query::select()
                    .column("thing")
                    .from("store_search")
                    .cond_where(found)
                    .order_by("thing", sea_query::Order::Asc),
            )
            .await
        })
        .await
        .unwrap();
    (said, tables(&zip), found)
}

#[test]
fn both_engines_end_in_the_same_state() {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let mut runner = TestRunner::new(Config { cases, max_shrink_iters: 60, ..Config::default() });
    let units = proptest::collection::vec(proptest::collection::vec(step(), 1..6), 1..25);
    std::panic::set_hook(Box::new(|info| {
        // Panics inside units are on purpose.
        if info.payload_as_str() != Some("on purpose") {
            eprintln!("{info}");
        }
    }));
    runner
        .run(&units, |units| {
            let (sqlite, postgres) =
                testkit::run(async { (state(Engine::Sqlite, &units).await, state(Engine::Postgres, &units).await) });
            prop_assert_eq!(&sqlite.0, &postgres.0, "they said something else");
            prop_assert_eq!(sqlite.1, postgres.1, "they hold something else");
            prop_assert_eq!(sqlite.2, postgres.2, "they find something else");
            Ok(())
        })
        .unwrap();
}
