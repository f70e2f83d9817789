//! A house with something to vouch for: events of a system of its own, looks at them, bills over both.
use std::path::PathBuf;

use audit::service::{
    verify::verify,
    write::{Order, write_bill},
};
use base::{Clock, Moment};
use directory::{
    About, Act, ActSpec, Actor, Columns, Cx, Grant, Held, PersonId, PostId, Reach, Role, Standing, Thing, UnitId, UnitKind,
    allow, read_recorded,
};
use serde::{Deserialize, Serialize};
use store::{By, Db, Files, Loaded, Write, append};
use testkit::Place;
use uuid::Uuid;

/// Something that happens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happens {
    Begun { note: Uuid },
    Ended { note: Uuid },
}
impl store::Event for Happens {
    const SYSTEM: &'static str = "happens";
    store::kinds! { Begun => "begun", Ended => "ended" }
}

/// A thing with personal data.
pub struct Paper;
impl Thing for Paper {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: "/a/", ..Standing::default() }
    }
    const COLUMNS: Columns = Columns::of("paper", "unit_path");
}
pub enum See {}
impl Act for See {
    type On = Paper;
    const SPEC: ActSpec = ActSpec {
        name: "happens.see",
        title: "Xem",
        grants: &[Grant::to(Role::CaseOfficer, Reach::Anywhere)],
        ..ActSpec::NOBODY
    };
}

/// The open house.
pub struct House {
    pub db: Db,
    pub files: Files,
    pub clock: Clock,
    pub folder: tempfile::TempDir,
    pub place: Place,
}

/// 14:30 on Monday 23 November 2026.
pub fn noon() -> Moment {
    "2026-11-23T14:30".parse().unwrap()
}

pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(0x1000_0000_0000_4000_8000_0000_0000_0000 + n)
}

impl House {
    pub async fn on(place: Place) -> House {
        let rooms: &[(&str, &[store::Migration])] =
            &[("web", web::MIGRATIONS), ("directory", directory::MIGRATIONS), ("audit", audit::MIGRATIONS)];
        let (db, place) = place.engine().migrated(rooms).await;
        let folder = tempfile::tempdir_in(testkit::memory_folder()).unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        House { db, files, clock: Clock::fixed(noon()), folder, place }
    }

    /// Two events of one thing, in their places.
    pub async fn happens(&self, thing: u128) {
        let by = By::new(id(900), Some(id(901)), self.clock.now());
        self.db
            .write(async move |tx: &Write<'_>| {
                let events = [Happens::Begun { note: id(thing + 1) }, Happens::Ended { note: id(thing + 2) }];
                append(tx, &by, Loaded::new::<Happens>(id(thing)), &events).await
            })
            .await
            .unwrap();
        store::settle(&self.db, &self.clock, &[]).await.unwrap();
    }

    /// An officer looks at something.
    pub async fn looks(&self, thing: u128) {
        self.looks_at(thing..thing + 1).await;
    }

    /// An officer looks at one thing after another.
    pub async fn looks_at(&self, things: std::ops::Range<u128>) {
        let now = self.clock.now();
        let held = Held {
            post: PostId(id(902)),
            unit: UnitId(id(903)),
            unit_path: "/a/".into(),
            unit_name: String::new(),
            unit_kind: UnitKind::Other,
            title: String::new(),
            roles: vec![Role::CaseOfficer],
            clearance: Default::default(),
            from: now,
            to: None,
        };
        let who = Actor::officer(PersonId(id(900)), "Đỗ Văn Thao Tác", now, vec![held]);
        let cx = Cx { by: By::new(id(900), Some(id(902)), now), who, lang: base::Lang::Vi };
        self.db
            .write(async move |tx: &Write<'_>| {
                for thing in things.clone() {
                    let seen = allow::<See>(&cx.who, Paper)?;
                    read_recorded(tx, &cx, &seen, About { kind: "paper", id: id(thing) }, "Thụ lý hồ sơ").await?;
                }
                Ok::<_, directory::Error>(())
            })
            .await
            .unwrap();
    }

    /// Writes a bill; the log is in order afterwards.
    pub async fn bill(&self) -> i64 {
        let number = write_bill(&self.db, &self.files, &Order::of_house(self.clock.now(), false)).await.unwrap();
        store::settle(&self.db, &self.clock, &[]).await.unwrap();
        number
    }

    pub async fn verdict(&self) -> audit::finding::Verdict {
        verify(&self.db, &self.files, None).await.unwrap()
    }

    /// The file of a list of leaves.
    pub fn list(&self, sum: &str) -> PathBuf {
        let mut open = vec![self.folder.path().join("objects")];
        while let Some(folder) = open.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else if path.file_name().is_some_and(|n| n.to_str() == Some(sum)) {
                    return path;
                }
            }
        }
        panic!("no file {sum}")
    }
}
