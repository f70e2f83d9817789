//! Backup and restore: everything, from either engine into either engine, or nothing.

use std::{
    io::{Cursor, Read as _, Write as _},
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use base::Clock;
use jiff::SignedDuration;
use store::{
    BadBackup, By, Db, Error, FileRow, Files, Loaded, Migration, Read, StoreOptions, Target, Write, append, backup,
    backup::Progress, befores, ear, enqueue, keep, lease, let_go, migrate, number, open_house, restore, search, settle, sql,
    verify_backup,
};
use testkit::{Engine, Place, both};
use uuid::Uuid;

use crate::{
    files::age,
    house::{Happened, ROOM, ROOMS, open},
};

fn quiet() -> Progress {
    Arc::new(|_, _| {})
}

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

/// So is one from before the ground itself took its last step.
#[test]
fn a_backup_older_than_the_id_of_a_house_is_brought_up_to_date() {
    testkit::run(async {
        let (old, new) = (Engine::Sqlite.fresh().await, Engine::Postgres.fresh().await);
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (files, other) = (Files::folder(a.path()).await.unwrap(), Files::folder(b.path()).await.unwrap());
        let zip = dump(&filled(&old, &files).await, Some(&files)).await;
        let older = with_entry(&zip, "schema.json", |text| {
            assert!(text.contains("store_house"));
            let mut head: serde_json::Value = serde_json::from_str(&text).unwrap();
            head["migrations"].as_array_mut().unwrap().retain(|step| !(step[0] == "store" && step[1] == 2));
            head["tables"].as_array_mut().unwrap().retain(|table| table["name"] != "store_house");
            head.to_string()
        });
        let into = Db::open(&new.target(), &StoreOptions::default()).await.unwrap();
        restore(&into, Some(&other), ROOMS, Cursor::new(older), quiet()).await.unwrap();
        assert_eq!(store::schema::differences(&into, ROOMS).await.unwrap(), Vec::<String>::new());
        assert_eq!(tables(&zip), tables(&dump(&into, Some(&other)).await));
    });
}

/// A backup goes into an empty database with files of its own: on those of another house nothing is begun.
#[test]
fn a_backup_is_not_restored_onto_the_files_of_another_house() {
    testkit::run(async {
        let (old, new) = (Engine::Sqlite.fresh().await, Engine::Postgres.fresh().await);
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        let db = filled(&old, &files).await;
        open_house(&db, &files, ROOMS).await.unwrap();
        let zip = dump(&db, Some(&files)).await;
        let into = Db::open(&new.target(), &StoreOptions::default()).await.unwrap();
        let refused = restore(&into, Some(&files), ROOMS, Cursor::new(zip.clone()), quiet()).await;
        assert!(matches!(refused, Err(Error::OtherFiles)), "{refused:?}");
        let own = tempfile::tempdir().unwrap();
        let own = Files::folder(own.path()).await.unwrap();
        restore(&into, Some(&own), ROOMS, Cursor::new(zip), quiet()).await.unwrap();
        open_house(&into, &own, ROOMS).await.unwrap();
    });
}

both! {
    /// What is let go while a backup is written is swept after it, whoever has the turn to sweep; a backup that died is soon forgotten.
    async fn nothing_is_swept_that_a_backup_still_has_to_copy(place: Place) {
        // Two threads: on one the backup stands still.
        let db = Db::open(&place.target(), &StoreOptions { workers: 2, ..StoreOptions::default() }).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let files = Files::folder(folder.path()).await.unwrap();
        open_house(&db, &files, ROOMS).await.unwrap();
        let now = Clock::system().now();
        let by = By::system(now);
        let stored = files.put_bytes(Uuid::from_u128(1), b"to be copied").await.unwrap();
        let id = db.write(async move |tx: &Write<'_>| keep(tx, &by, &stored).await).await.unwrap();
        age(folder.path());
        let sweeper = Uuid::from_u128(9);
        let turn = db.write(async move |tx: &Write<'_>| lease(tx, "sweep", sweeper, now, SignedDuration::from_mins(59)).await).await;
        assert!(turn.unwrap());
        let ((begun, has_begun), (go_on, may_go_on)) = (mpsc::channel(), mpsc::channel());
        let first = Mutex::new(Some((begun, may_go_on)));
        let progress: Progress = Arc::new(move |_: &str, _: u64| {
            if let Some((begun, may_go_on)) = first.lock().unwrap().take() {
                begun.send(()).unwrap();
                may_go_on.recv().unwrap();
            }
        });
        let (source, from) = (db.clone(), files.clone());
        let writing = tokio::spawn(async move { backup(&source, Some(&from), ROOMS, now, Vec::new(), progress).await });
        tokio::task::block_in_place(|| has_begun.recv().unwrap());
        db.write(async move |tx: &Write<'_>| let_go(tx, id).await).await.unwrap();
        let swept = store::sweep(&db, Some(&files), now).await.unwrap();
        go_on.send(()).unwrap();
        let (_, manifest) = writing.await.unwrap().unwrap();
        assert_eq!((swept.objects, manifest.files, manifest.missing), (0, 1, vec![]));
        let soon = now.plus(SignedDuration::from_mins(3));
        assert_eq!(store::sweep(&db, Some(&files), soon).await.unwrap().objects, 1);
    }
}

/// Beside the data that is there: nothing moves until the last step, which waits for everybody else to go; the old data stays, and every byte
/// it names.
async fn a_backup_takes_the_place_of_what_is_there(engine: Engine) {
    let (old, place) = (Engine::Sqlite.fresh().await, engine.fresh().await);
    let (elsewhere, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (theirs, files) = (Files::folder(elsewhere.path()).await.unwrap(), Files::folder(folder.path()).await.unwrap());
    let zip = dump(&filled(&old, &theirs).await, Some(&theirs)).await;
    let there = open(&place).await;
    open_house(&there, &files, ROOMS).await.unwrap();
    let by = By::system(Clock::system().now());
    let stored = files.put_bytes(Uuid::from_u128(77), b"known to the data of before only").await.unwrap();
    let bytes = FileRow { id: store::FileId(Uuid::nil()), owner: stored.owner, sha256: stored.sha256, size: stored.size };
    there.write(async move |tx: &Write<'_>| keep(tx, &by, &stored).await).await.unwrap();
    let mark =
        async |db: &Db| db.read(async |tx: &Read<'_>| tx.one::<i64>(sql!("SELECT count(*) FROM account"), &[]).await).await;
    assert_eq!(mark(&there).await.unwrap(), 0);
    let options = StoreOptions { patience: Duration::from_millis(500), ..StoreOptions::default() };
    let target = place.target();
    let now = base::Moment::from_micros(0);
    let put = async |zip: Vec<u8>| store::restore_beside(&target, &options, &files, ROOMS, Cursor::new(zip), now, quiet()).await;
    let used = put(zip.clone()).await;
    assert!(matches!(used, Err(Error::Backup(BadBackup::InUse(1..) | BadBackup::OpenElsewhere))), "{used:?}");
    assert_eq!(mark(&there).await.unwrap(), 0, "who is there sees the data of before");
    there.close().await;
    let cut = put(zip[..zip.len() / 2].to_vec()).await;
    assert!(matches!(cut, Err(Error::Backup(_))), "{cut:?}");
    let again = open(&place).await;
    assert_eq!(mark(&again).await.unwrap(), 0);
    assert_eq!(befores(&again).await.unwrap(), []);
    again.close().await;

    let restored = put(zip.clone()).await.unwrap();
    assert_eq!((restored.chain.events, restored.chain.broken), (3, None));
    let after = open(&place).await;
    open_house(&after, &files, ROOMS).await.unwrap();
    assert_eq!(tables(&zip), tables(&dump(&after, Some(&files)).await));
    let before = befores(&after).await.unwrap();
    let name = match engine {
        Engine::Sqlite => "motcua-before-19700101-070000.db",
        Engine::Postgres => "motcua_before_19700101_070000",
    };
    assert!(before.len() == 1 && before[0].name == name && before[0].bytes > 0, "{before:?}");
    let later = Clock::system().now().plus(SignedDuration::from_hours(48));
    assert_eq!(store::sweep(&after, Some(&files), later).await.unwrap().objects, 0);
    assert_eq!(files.find(&bytes).await.unwrap().as_deref(), Some(&b"known to the data of before only"[..]));
    // Thrown away, it lets its bytes go.
    match place.sqlite_file() {
        Some(file) => std::fs::remove_file(file.with_file_name(name)).unwrap(),
        None => {
            let throw = sql!(postgres "DROP SCHEMA motcua_before_19700101_070000 CASCADE");
            after.write(async move |tx: &Write<'_>| tx.run(throw, &[]).await).await.unwrap();
        }
    }
    assert_eq!(store::sweep(&after, Some(&files), later).await.unwrap().objects, 1);
    assert_eq!(files.find(&bytes).await.unwrap(), None);
}

#[test]
fn a_backup_takes_the_place_of_what_is_there_on_sqlite() {
    testkit::run(a_backup_takes_the_place_of_what_is_there(Engine::Sqlite));
}

#[test]
fn a_backup_takes_the_place_of_what_is_there_on_postgres() {
    testkit::run(a_backup_takes_the_place_of_what_is_there(Engine::Postgres));
}

/// A SQLite file with one thing in it, and nothing beside it.
async fn with_a_thing(file: &std::path::Path, name: &'static str) {
    let db = Db::open(&Target::Sqlite(file.to_owned()), &StoreOptions::default()).await.unwrap();
    migrate(&db, ROOMS).await.unwrap();
    db.write(async move |tx: &Write<'_>| {
        tx.run(sql!("INSERT INTO thing (id, name, yes) VALUES ($1, $2, TRUE)"), &[&Uuid::nil(), &name]).await
    })
    .await
    .unwrap();
    db.close().await;
    let alone = rusqlite::Connection::open(file).unwrap();
    alone.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get::<_, String>(0)).unwrap();
}

/// Wherever the machine stops, the next start finds one whole database in its place: the old one until the restore is done, then the new one,
/// with the old one beside it.
#[test]
fn a_restore_that_is_cut_off_leaves_the_old_data_or_the_new_on_sqlite() {
    testkit::run(async {
        let names = async |file: &std::path::Path| -> (Vec<String>, Vec<String>) {
            let db = Db::open(&Target::Sqlite(file.to_owned()), &StoreOptions::default()).await.unwrap();
            let things = db.read(async |tx: &Read<'_>| tx.all(sql!("SELECT name FROM thing"), &[]).await).await.unwrap();
            let beside = befores(&db).await.unwrap().into_iter().map(|before| before.name).collect();
            db.close().await;
            (things, beside)
        };
        let before = "motcua-before-20261123-080000.db";
        let (old, new) = (vec!["old".to_owned()], vec!["new".to_owned()]);
        for (cut_off, things) in [("reading", &old), ("done", &new), ("put aside", &new)] {
            let folder = tempfile::tempdir().unwrap();
            let at = |name: &str| folder.path().join(name);
            with_a_thing(&at("motcua.db"), "old").await;
            with_a_thing(&at("motcua-restored.db"), "new").await;
            if cut_off != "reading" {
                std::fs::rename(at("motcua-restored.db"), at("motcua-next-20261123-080000.db")).unwrap();
            }
            if cut_off == "put aside" {
                std::fs::rename(at("motcua.db"), at(before)).unwrap();
            }
            let beside = if cut_off == "reading" { vec![] } else { vec![before.to_owned()] };
            for start in ["first", "second"] {
                assert_eq!(names(&at("motcua.db")).await, (things.clone(), beside.clone()), "{cut_off}, {start} start");
            }
            if cut_off != "reading" {
                assert_eq!(names(&at(before)).await.0, old, "{cut_off}");
                assert!(!at("motcua-next-20261123-080000.db").exists(), "{cut_off}");
            }
        }
    });
}
