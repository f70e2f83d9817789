//! Migrations: taken once, in order, never changed; the same schema on both engines.

use store::{Db, EngineKind, Error, Migration, Read, StoreOptions, Write, migrate, schema, sql};
use testkit::{Place, both};

use crate::house::{ROOM, open};

const fn step(number: u32, sql: &'static str) -> Migration {
    Migration { number, name: "test", sql }
}

async fn bare(place: &Place) -> Db {
    Db::open(&place.target(), &StoreOptions::default()).await.unwrap()
}

both! {
    /// Each step once; a second start takes none; two starts at the same time take each step once.
    async fn each_step_is_taken_once(place: Place) {
        let (one, two) = (bare(&place).await, bare(&place).await);
        let rooms: &[(&'static str, &'static [Migration])] = &[("test", ROOM)];
        let (a, b) = futures_util::future::join(migrate(&one, rooms), migrate(&two, rooms)).await;
        assert_eq!(a.unwrap() + b.unwrap(), migrate::GROUND.len() + ROOM.len());
        assert_eq!(migrate(&one, rooms).await.unwrap(), 0);
    }

    /// A step that was changed, a database newer than the program, and a gap are refused by name; nothing is done.
    async fn changed_history_is_refused(place: Place) {
        const ONE: &[Migration] = &[step(1, "CREATE TABLE a (id bigint PRIMARY KEY);"), step(2, "CREATE TABLE b (id bigint PRIMARY KEY);")];
        const CHANGED: &[Migration] = &[step(1, "CREATE TABLE a (id bigint PRIMARY KEY); -- changed"), ONE[1]];
        const OLDER: &[Migration] = &[ONE[0]];
        const GAP: &[Migration] = &[ONE[0], step(3, "")];
        let db = bare(&place).await;
        migrate(&db, &[("x", ONE)]).await.unwrap();
        for (steps, words) in [(CHANGED, "x 1: the text was changed"), (OLDER, "newer than this program"), (GAP, "x: step 3 stands where 2")] {
            let got = migrate(&db, &[("x", steps)]).await;
            assert!(matches!(&got, Err(Error::Migration(e)) if e.contains(words)), "{got:?}");
        }
    }

    /// A step that fails leaves nothing of itself, and what went before stays.
    async fn a_failing_step_leaves_nothing(place: Place) {
        const BAD: &[Migration] = &[step(1, "CREATE TABLE a (id bigint PRIMARY KEY);"), step(2, "CREATE TABLE b (id bigint PRIMARY KEY); INSERT INTO nowhere VALUES (1);")];
        const GOOD: &[Migration] = &[BAD[0], step(2, "CREATE TABLE b (id bigint PRIMARY KEY);")];
        let db = bare(&place).await;
        let got = migrate(&db, &[("x", BAD)]).await;
        assert!(matches!(&got, Err(Error::Migration(e)) if e.starts_with("x 2: ")), "{got:?}");
        assert_eq!(migrate(&db, &[("x", GOOD)]).await.unwrap(), 1);
    }

    /// The tables on disk are those the migrations declare.
    async fn the_schema_is_as_declared(place: Place) {
        let db = open(&place).await;
        assert_eq!(schema::differences(&db, &[("test", ROOM)]).await.unwrap(), Vec::<String>::new());
        let missing = schema::differences(&db, &[]).await.unwrap();
        assert!(missing.iter().any(|m| m == "thing is not declared"), "{missing:?}");
    }

    /// The schema of the ground, read by people whenever it changes.
    async fn the_schema_is_the_golden_one(place: Place) {
        let db = bare(&place).await;
        migrate(&db, &[]).await.unwrap();
        let text = schema::describe(&db).await.unwrap();
        insta::assert_snapshot!(format!("schema_{:?}", db.kind()), text);
    }

    /// Types are strict on both engines: text does not go where a number belongs, no cut, no silent change.
    async fn types_are_strict(place: Place) {
        let db = open(&place).await;
        let put = sql!("INSERT INTO thing (id, name, n, yes) VALUES ($1, $2, $3, TRUE)");
        let id = uuid::Uuid::from_u128(1);
        let number_for_id = db.write(async move |tx: &Write<'_>| tx.run(put, &[&1i64, &"a", &1i64]).await).await;
        let text_for_number = db.write(async move |tx: &Write<'_>| tx.run(put, &[&id, &"a", &"one"]).await).await;
        let bytes_for_text = db.write(async move |tx: &Write<'_>| tx.run(put, &[&id, &vec![1u8], &1i64]).await).await;
        let nul = db.write(async move |tx: &Write<'_>| tx.run(put, &[&id, &"a\0b", &1i64]).await).await;
        let large = db.write(async move |tx: &Write<'_>| tx.run(put, &[&id, &"a", &u64::MAX]).await).await;
        let too_few = db.write(async move |tx: &Write<'_>| tx.run(put, &[&id, &"a"]).await).await;
        let too_many = db.write(async move |tx: &Write<'_>| tx.run(put, &[&id, &"a", &1i64, &1i64]).await).await;
        for refused in [number_for_id, text_for_number, bytes_for_text, nul, large, too_few, too_many] {
            assert!(refused.is_err(), "{refused:?}");
        }
        let left: i64 = db.read(async |tx: &Read<'_>| tx.one(sql!("SELECT count(*) FROM thing"), &[]).await).await.unwrap();
        assert_eq!(left, 0);
    }

    /// Every registered statement is understood by the engine.
    async fn every_statement_is_prepared(place: Place) {
        let db = open(&place).await;
        let faults = store::prepare_all(&db).await.unwrap();
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(store::statements().len() > 40);
    }
}

/// Strings and comments are left alone; tables become STRICT; blocks go to their engine.
#[test]
fn five_words_are_translated() {
    let text = "CREATE TABLE a (id uuid PRIMARY KEY, t text DEFAULT 'uuid bigint', b boolean, n bigint CHECK (n > (1)), raw bytea); -- uuid
-- only: postgres
CREATE INDEX p ON a USING gin (t);
-- end
-- only: sqlite
CREATE VIRTUAL TABLE v USING fts5 (t);
-- end
CREATE INDEX i ON a (t);
INSERT INTO a SELECT CAST(x AS text) FROM (SELECT 1 AS x);";
    assert_eq!(
        migrate::translate(text, EngineKind::Sqlite),
        "CREATE TABLE a (id BLOB PRIMARY KEY, t TEXT DEFAULT 'uuid bigint', b INTEGER, n INTEGER CHECK (n > (1)), raw BLOB) STRICT; -- uuid
CREATE VIRTUAL TABLE v USING fts5 (t);
CREATE INDEX i ON a (t);
INSERT INTO a SELECT CAST(x AS TEXT) FROM (SELECT 1 AS x);"
    );
    assert!(migrate::translate(text, EngineKind::Postgres).contains("USING gin (t)"));
}

/// What could not work on both engines is refused when it is declared.
#[test]
fn bad_declarations_are_named() {
    for (sql, words) in [
        ("CREATE TABLE a (id int PRIMARY KEY)", "int is none of the five types"),
        ("CREATE TABLE a (id bigint)", "no primary key"),
        ("CREATE TABLE a (id bigint PRIMARY KEY, b bigint REFERENCES c (id) DEFERRABLE INITIALLY DEFERRED)", "deferred check"),
        ("CREATE TABLE a AS SELECT 1", "column by column"),
    ] {
        let steps: &'static [Migration] = Box::leak(Box::new([step(1, sql)]));
        let got = schema::schema(&[("x", steps)]);
        assert!(matches!(&got, Err(Error::Migration(e)) if e.contains(words)), "{got:?}");
    }
}
