//! A small room to test with.

use store::{Db, Migration, StoreOptions, migrate};
use testkit::Place;

pub const ROOM: &[Migration] = &[
    Migration {
        number: 1,
        name: "first",
        sql: "CREATE TABLE thing (id uuid NOT NULL PRIMARY KEY, name text NOT NULL UNIQUE, n bigint, yes boolean NOT NULL, raw bytea);",
    },
    Migration {
        number: 2,
        name: "second",
        sql: "CREATE TABLE heard (pos bigint NOT NULL PRIMARY KEY, event uuid NOT NULL UNIQUE, version bigint NOT NULL);
              CREATE TABLE account (id bigint NOT NULL PRIMARY KEY, amount bigint NOT NULL CHECK (amount >= 0));
              CREATE TABLE node (id bigint NOT NULL PRIMARY KEY, parent bigint REFERENCES node (id));",
    },
];

#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Happened {
    Made { name: String },
    Renamed { to: String },
}

impl store::Event for Happened {
    const SYSTEM: &'static str = "test";
    store::kinds! {
        Made => "made",
        Renamed => "renamed",
    }
}

pub const ROOMS: &[(&str, &[Migration])] = &[("test", ROOM)];

/// Opens and migrates.
pub async fn open(place: &Place) -> Db {
    let db = Db::open(&place.target(), &StoreOptions::default()).await.unwrap();
    migrate(&db, ROOMS).await.unwrap();
    db
}
