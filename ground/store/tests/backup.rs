//! Backup and restore: everything, from either engine into either engine, or nothing.

use std::{
    io::{Cursor, Read as _, Write as _},
    sync::Arc,
};

use base::Clock;
use store::{
    BadBackup, By, Db, Error, Files, Loaded, Migration, Read, StoreOptions, Write, append, backup, backup::Progress, ear,
    enqueue, keep, migrate, number, restore, search, settle, sql, verify_backup,
};
use testkit::{Engine, Place};
use uuid::Uuid;

use crate::house::{Happened, ROOM, open};

fn quiet() -> Progress {
    Arc::new(|_, _| {})
}

const ROOMS: &[(&str, &[Migration])] = &[("test", ROOM)];

#[derive(serde::Serialize, serde::Deserialize)]
struct Nothing;
impl store::Job for Nothing {
    const NAME: &'static str = "test.nothing";
}

struct Deaf;
impl store::Listener for Deaf {
    const NAME: &'static str = "test.deaf";
    type On = Happened;
    async fn hear(&self, _: &Write<'_>, _: &store::Recorded<Happened>) -> Result<(), Error> {
        Ok(())
    }
}

/// A database with something in every table, more rows than fit one page, and files.
async fn filled(place: &Place, files: &Files) -> Db {
    let db = open(place).await;
    let clock = Clock::system();
    for n in 0..3u64 {
        let by = By::system(clock.now());
        let stored = files.put_bytes(Uuid::from_u128(n.into()), format!("file {n} – đ").as_bytes()).await.unwrap();
        db.write(async move |tx: &Write<'_>| -> Result<(), Error> {
            let id = by.id("thing", 0);
            tx.run(
                sql!("INSERT INTO thing (id, name, n, yes, raw) VALUES ($1, $2, $3, $4, $5)"),
                &[&id, &format!("“Đ{n}”\n\t\\"), &i64::MIN, &(n == 1), &vec![0u8, 255]],
            )
            .await?;
            append(tx, &by, Loaded::new::<Happened>(id), &[Happened::Made { name: "a".into() }]).await?;
            keep(tx, &by, &stored).await?;
            enqueue(tx, &by, &Nothing).await?;
            search::index(tx, "thing", id, &["Đặng Văn Hoà"]).await?;
            store::remember(tx, &store::Key::new("s", n.to_string(), b"body"), "answer", by.now).await?;
            number(tx, &store::Series::of_day("H12", by.now)).await.map(drop)
        })
        .await
        .unwrap();
    }
    db.write(async |tx: &Write<'_>| -> Result<(), Error> {
        for n in 0..2500i64 {
            tx.run(sql!("INSERT INTO account (id, amount) VALUES ($1, $2)"), &[&(n - 1000), &n]).await?;
        }
        // Rows that refer to later ones.
        tx.run(sql!("INSERT INTO node (id, parent) VALUES (2, NULL)"), &[]).await?;
        tx.run(sql!("INSERT INTO node (id, parent) VALUES (1, 2)"), &[]).await.map(drop)
    })
    .await
    .unwrap();
    settle(&db, &clock, &[ear(Deaf)]).await.unwrap();
    db
}

async fn dump(db: &Db, files: Option<&Files>) -> Vec<u8> {
    backup(db, files, ROOMS, base::Moment::from_micros(0), Vec::new(), quiet()).await.unwrap().0
}

/// The tables of a backup, by name.
pub fn tables(zip: &[u8]) -> std::collections::BTreeMap<String, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let names: Vec<String> = zip.file_names().flatten().filter(|n| n.starts_with("tables/")).map(|n| n.into_owned()).collect();
    names
        .into_iter()
        .map(|name| {
            let mut text = String::new();
            zip.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
            (name, text)
        })
        .collect()
}

async fn there_and_back(from: Engine, to: Engine) {
    let (old, new) = (from.fresh().await, to.fresh().await);
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (files, other) = (Files::folder(a.path()).await.unwrap(), Files::folder(b.path()).await.unwrap());
    let db = filled(&old, &files).await;
    let zip = dump(&db, Some(&files)).await;
    let manifest = verify_backup(Cursor::new(zip.clone()), quiet()).await.unwrap();
    assert_eq!((manifest.files, manifest.missing.len()), (3, 0));
    assert!(
        manifest.tables.iter().all(|t| t.rows > 0 || ["store_event_new", "store_parked", "heard"].contains(&t.name.as_str())),
        "{manifest:#?}"
    );
    let into = Db::open(&new.target(), &StoreOptions::default()).await.unwrap();
    let restored = restore(&into, Some(&other), ROOMS, Cursor::new(zip.clone()), quiet()).await.unwrap();
    assert_eq!((restored.chain.events, restored.chain.broken), (3, None));
    assert_eq!(tables(&zip), tables(&dump(&into, Some(&other)).await));
    assert_eq!(store::damaged_files(&into, &other).await.unwrap(), []);
    assert_eq!(store::schema::differences(&into, ROOMS).await.unwrap(), Vec::<String>::new());
    // It goes on living: the next number follows, search finds, foreign keys hold.
    let by = By::system(Clock::system().now());
    let next = into.write(async move |tx: &Write<'_>| number(tx, &store::Series::of_day("H12", by.now)).await).await.unwrap();
    assert_eq!(next, 4);
    let found: Vec<Uuid> = into
        .read(async |tx: &Read<'_>| {
            let found = search::found(tx, "thing", "hoa dang", sea_query::Expr::col("id"));
            tx.all_dyn(sea_query::Query::select().column("id").from("thing").cond_where(found)).await
        })
        .await
        .unwrap();
    assert_eq!(found.len(), 3);
    let orphan = into.write(async |tx: &Write<'_>| tx.run(sql!("INSERT INTO node (id, parent) VALUES (9, 8)"), &[]).await).await;
    assert!(matches!(orphan, Err(Error::Refused(_))), "{orphan:?}");
    // A second time it is not empty.
    let again = restore(&into, None, ROOMS, Cursor::new(zip), quiet()).await;
    assert!(matches!(&again, Err(Error::Backup(BadBackup::NotEmpty(_)))), "{again:?}");
}

#[test]
fn sqlite_to_sqlite() {
    testkit::run(there_and_back(Engine::Sqlite, Engine::Sqlite));
}

#[test]
fn sqlite_to_postgres() {
    testkit::run(there_and_back(Engine::Sqlite, Engine::Postgres));
}

#[test]
fn postgres_to_sqlite() {
    testkit::run(there_and_back(Engine::Postgres, Engine::Sqlite));
}

#[test]
fn postgres_to_postgres() {
    testkit::run(there_and_back(Engine::Postgres, Engine::Postgres));
}

/// Puts other text into one entry of a zip.
fn with_entry(zip: &[u8], name: &str, change: impl Fn(String) -> String) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(zip)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut entry = old.by_index(at).unwrap();
        let (known, mut bytes) = (entry.name().unwrap().into_owned(), vec![]);
        entry.read_to_end(&mut bytes).unwrap();
        if known == name {
            bytes = change(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        new.start_file(known, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap().into_inner()
}

/// A cut, changed or newer backup is refused, and a refused restore leaves a database into which a sound one can be restored.
async fn damage_is_found(engine: Engine) {
    let (place, new) = (engine.fresh().await, engine.fresh().await);
    let folder = tempfile::tempdir().unwrap();
    let files = Files::folder(folder.path()).await.unwrap();
    let db = filled(&place, &files).await;
    let zip = dump(&db, Some(&files)).await;
    let into = Db::open(&new.target(), &StoreOptions::default()).await.unwrap();
    let mut missing = zip.clone();
    missing.truncate(zip.len() / 2);
    let damaged = [
        missing,
        b"no zip".to_vec(),
        with_entry(&zip, "tables/account.jsonl", |t| t.replacen("[-999,1]", "[-999,2]", 1)),
        with_entry(&zip, "tables/account.jsonl", |t| t.lines().skip(1).map(|l| format!("{l}\n")).collect()),
        with_entry(&zip, "tables/thing.jsonl", |t| t.replace("true", "\"true\"")),
        with_entry(&zip, "schema.json", |t| t.replace("\"format\": 1", "\"format\": 2")),
        with_entry(&zip, "schema.json", |t| t.replace("\"amount\"", "\"amounts\"")),
        with_entry(&zip, "schema.json", |t| t.replace("\"test\"", "\"unknown\"")),
        with_entry(&zip, &format!("files/{}/{}", Uuid::from_u128(0), hex::encode(sha("file 0 – đ"))), |t| t + "x"),
    ];
    for (n, bad) in damaged.into_iter().enumerate() {
        if n != 6 && n != 7 {
            assert!(verify_backup(Cursor::new(bad.clone()), quiet()).await.is_err(), "{n}");
        }
        let got = restore(&into, Some(&files), ROOMS, Cursor::new(bad), quiet()).await;
        assert!(matches!(got, Err(Error::Backup(_))), "{n}: {got:?}");
    }
    let start = migrate(&into, ROOMS).await;
    assert!(matches!(&start, Err(Error::Migration(e)) if e.contains("interrupted")), "{start:?}");
    restore(&into, Some(&files), ROOMS, Cursor::new(zip), quiet()).await.unwrap();
    migrate(&into, ROOMS).await.unwrap();
}

fn sha(text: &str) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(text).into()
}

#[test]
fn damage_is_found_on_sqlite() {
    testkit::run(damage_is_found(Engine::Sqlite));
}

#[test]
fn damage_is_found_on_postgres() {
    testkit::run(damage_is_found(Engine::Postgres));
}

/// A backup made before a migration is restored and then brought up to date.
async fn older_backups_are_brought_up_to_date(from: Engine, to: Engine) {
    let (old, new) = (from.fresh().await, to.fresh().await);
    let db = Db::open(&old.target(), &StoreOptions::default()).await.unwrap();
    const OLD: &[(&str, &[Migration])] = &[("test", ROOM.split_at(1).0)];
    migrate(&db, OLD).await.unwrap();
    db.write(async |tx: &Write<'_>| {
        tx.run(sql!("INSERT INTO thing (id, name, yes) VALUES ($1, 'a', TRUE)"), &[&Uuid::nil()]).await
    })
    .await
    .unwrap();
    let zip = backup(&db, None, OLD, base::Moment::from_micros(0), Vec::new(), quiet()).await.unwrap().0;
    let into = Db::open(&new.target(), &StoreOptions::default()).await.unwrap();
    restore(&into, None, ROOMS, Cursor::new(zip), quiet()).await.unwrap();
    assert_eq!(store::schema::differences(&into, ROOMS).await.unwrap(), Vec::<String>::new());
    let n: i64 = into.read(async |tx: &Read<'_>| tx.one(sql!("SELECT count(*) FROM thing"), &[]).await).await.unwrap();
    assert_eq!(n, 1);
    // The other way round the program is too old.
    let zip = dump(&into, None).await;
    let third = to.fresh().await;
    let into = Db::open(&third.target(), &StoreOptions::default()).await.unwrap();
    let got = restore(&into, None, OLD, Cursor::new(zip), quiet()).await;
    assert!(matches!(&got, Err(Error::Backup(BadBackup::OtherProgram(_)))), "{got:?}");
}

#[test]
fn older_backups_are_brought_up_to_date_on_both() {
    testkit::run(async {
        older_backups_are_brought_up_to_date(Engine::Sqlite, Engine::Postgres).await;
        older_backups_are_brought_up_to_date(Engine::Postgres, Engine::Sqlite).await;
    });
}

/// Beside the data that is there: nothing moves until the last step, which waits for everybody else to go; the old data stays.
#[test]
fn a_backup_takes_the_place_of_what_is_there_on_postgres() {
    testkit::run(async {
        let (old, place) = (Engine::Sqlite.fresh().await, Engine::Postgres.fresh().await);
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        let zip = dump(&filled(&old, &files).await, Some(&files)).await;
        let there = open(&place).await;
        let mark =
            async |db: &Db| db.read(async |tx: &Read<'_>| tx.one::<i64>(sql!("SELECT count(*) FROM account"), &[]).await).await;
        assert_eq!(mark(&there).await.unwrap(), 0);
        let options = StoreOptions { patience: std::time::Duration::from_millis(500), ..StoreOptions::default() };
        let url = place.url().unwrap();
        let now = base::Moment::from_micros(0);
        let put = async |zip: Vec<u8>| store::restore_beside(&url, &options, &files, ROOMS, Cursor::new(zip), now, quiet()).await;
        let used = put(zip.clone()).await;
        assert!(matches!(used, Err(Error::Backup(BadBackup::InUse(n))) if n > 0), "{used:?}");
        assert_eq!(mark(&there).await.unwrap(), 0, "who is there sees the data of before");
        there.close().await;
        let cut = put(zip[..zip.len() / 2].to_vec()).await;
        assert!(matches!(cut, Err(Error::Backup(_))), "{cut:?}");
        assert_eq!(mark(&open(&place).await).await.unwrap(), 0);

        let restored = put(zip.clone()).await.unwrap();
        assert_eq!((restored.chain.events, restored.chain.broken), (3, None));
        let after = open(&place).await;
        assert_eq!(tables(&zip), tables(&dump(&after, Some(&files)).await));
        let before = sql!(postgres "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'motcua%'");
        let before: Vec<String> = after.read(async |tx: &Read<'_>| tx.all(before, &[]).await).await.unwrap();
        assert_eq!(before, ["motcua_before_19700101_070000"], "the old data stays, nothing half-done does");
    });
}
