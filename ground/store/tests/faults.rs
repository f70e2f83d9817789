//! What goes wrong: crowds, dropped callers, failing commits, a full disk, a database that is away, a lost answer.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use store::{By, Crew, Db, Error, Loaded, Read, Series, StoreOptions, Write, append, number, settle, sql, start, verify_chain};
use testkit::{Place, both};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use uuid::Uuid;

use crate::house::{Happened, ROOM, open};

async fn count(db: &Db) -> i64 {
    db.read(async |tx: &Read<'_>| tx.one(sql!("SELECT count(*) FROM thing"), &[]).await).await.unwrap()
}

async fn put(tx: &Write<'_>, n: u128) -> Result<(), Error> {
    tx.run(sql!("INSERT INTO thing (id, name, yes) VALUES ($1, $2, TRUE)"), &[&Uuid::from_u128(n), &n.to_string()])
        .await
        .map(drop)
}

fn now() -> base::Moment {
    base::Clock::system().now()
}

both! {
    /// Thirty-two at once on few rows: nothing is lost, no number has a gap or comes twice, versions never fork.
    async fn a_crowd_keeps_the_books(place: Place) {
        let db = open(&place).await;
        db.write(async |tx: &Write<'_>| -> Result<(), Error> {
            for n in 0..8i64 {
                tx.run(sql!("INSERT INTO account (id, amount) VALUES ($1, 100)"), &[&n]).await?;
            }
            Ok(())
        }).await.unwrap();
        let tasks = (0..32u64).map(|task| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut numbers = vec![];
                for turn in 0..15u64 {
                    let by = By::system(now());
                    let (from, to) = ((task * 7 + turn) % 8, (task + turn * 3) % 8);
                    let got = db.write(async move |tx: &Write<'_>| -> Result<u64, Error> {
                        // Read, then write what follows from it: only safe because the stream notices others.
                        let id = Uuid::from_u128(from.into());
                        let version: i64 = tx.opt(sql!("SELECT version FROM store_stream WHERE id = $1"), &[&id]).await?.unwrap_or(0);
                        let amount: i64 = tx.one(sql!("SELECT amount FROM account WHERE id = $1"), &[&from]).await?;
                        let take = 3.min(amount);
                        append(tx, &by, Loaded::at::<Happened>(id, version), &[Happened::Renamed { to: take.to_string() }]).await?;
                        tx.run(sql!("UPDATE account SET amount = amount - $2 WHERE id = $1"), &[&from, &take]).await?;
                        tx.run(sql!("UPDATE account SET amount = amount + $2 WHERE id = $1"), &[&to, &take]).await?;
                        number(tx, &Series { scope: "crowd".into(), day: String::new() }).await
                    }).await;
                    match got {
                        Ok(n) => numbers.push(n),
                        Err(Error::Conflict) => {}
                        Err(e) => panic!("{e}"),
                    }
                }
                numbers
            })
        });
        let mut numbers: Vec<u64> = futures_util::future::join_all(tasks).await.into_iter().flat_map(Result::unwrap).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=numbers.len() as u64).collect::<Vec<_>>());
        assert!(numbers.len() > 400, "only {} of 480 got through", numbers.len());
        settle(&db, &base::Clock::system(), &[]).await.unwrap();
        assert_eq!(verify_chain(&db).await.unwrap().events, numbers.len() as u64);
        let (sum, least): (i64, i64) = db.read(async |tx: &Read<'_>| tx.one(sql!("SELECT sum(amount), min(amount) FROM account"), &[]).await).await.unwrap();
        assert_eq!((sum, least >= 0), (800, true));
    }

    /// Who goes away before the answer has not undone anything: the unit runs to its end.
    async fn a_dropped_caller_does_not_lose_the_unit(place: Place) {
        let db = open(&place).await;
        for n in 0..50u128 {
            let unit = db.write(async move |tx: &Write<'_>| {
                put(tx, n).await?;
                number(tx, &Series { scope: "dropped".into(), day: String::new() }).await
            });
            // Long enough to be sent, hardly ever long enough to be answered.
            let _ = tokio::time::timeout(Duration::from_micros(200), unit).await;
        }
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let (things, numbers): (i64, Option<i64>) = db.read(async |tx: &Read<'_>| {
                tx.one(sql!("SELECT (SELECT count(*) FROM thing), (SELECT n FROM store_series WHERE scope = 'dropped')"), &[]).await
            }).await.unwrap();
            assert_eq!(things, numbers.unwrap_or(0));
            if things == 50 || Instant::now() > deadline {
                assert_eq!(things, 50);
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Good and bad units at the same time: each bad one spoils itself only.
    async fn bad_units_spoil_only_themselves(place: Place) {
        let db = open(&place).await;
        let tasks = (0..120u128).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let good = db.write(async move |tx: &Write<'_>| -> Result<(), Error> {
                    put(tx, n).await?;
                    match n % 6 {
                        1 => panic!("on purpose"),
                        2 => Err(Error::NoRow),
                        3 => { tokio::task::yield_now().await; Ok(()) }
                        4 => { let _ = put(tx, n).await; Ok(()) }
                        _ => Ok(()),
                    }
                }).await.is_ok();
                assert_eq!(good, [0, 5].contains(&(n % 6)), "{n}");
            })
        });
        for task in futures_util::future::join_all(tasks).await {
            task.unwrap();
        }
        assert_eq!(count(&db).await, 40);
    }

    /// Statements are counted for whoever wants to know, across units and looks.
    async fn statements_are_counted(place: Place) {
        let db = open(&place).await;
        let ((), n) = store::counting(async {
            db.write(async |tx: &Write<'_>| put(tx, 1).await).await.unwrap();
            count(&db).await;
            let other = db.clone();
            tokio::spawn(async move { count(&other).await }).await.unwrap();
        }).await;
        assert_eq!(n, 2, "another task counts for itself");
    }

    /// A look sees one moment, whatever others write meanwhile.
    async fn a_look_sees_one_moment(place: Place) {
        let db = open(&place).await;
        db.write(async |tx: &Write<'_>| put(tx, 1).await).await.unwrap();
        let (writer, stop) = (db.clone(), Arc::new(AtomicU32::new(0)));
        let stopping = stop.clone();
        let writing = tokio::spawn(async move {
            let mut n = 2;
            while stopping.load(Ordering::Relaxed) == 0 {
                writer.write(async move |tx: &Write<'_>| put(tx, n).await).await.unwrap();
                n += 1;
            }
        });
        for _ in 0..50 {
            let (first, second): (i64, i64) = db.read(async |tx: &Read<'_>| {
                let q = sql!("SELECT count(*) FROM thing");
                Ok::<_, Error>((tx.one(q, &[]).await?, { for _ in 0..20 { tx.one::<i64>(q, &[]).await?; } tx.one(q, &[]).await? }))
            }).await.unwrap();
            assert_eq!(first, second);
        }
        stop.store(1, Ordering::Relaxed);
        writing.await.unwrap();
    }

    /// An answer can be asked for again for a week, as the API promises.
    async fn an_answer_is_kept_for_a_week(place: Place) {
        let db = open(&place).await;
        let now = base::Clock::system().now();
        db.write(async move |tx: &Write<'_>| {
            store::remember(tx, &store::Key::new("submit", "k", b"body"), "answer", now).await
        }).await.unwrap();
        let answered = async || db.read(async |tx: &Read<'_>| store::answered(tx, &store::Key::new("submit", "k", b"body")).await).await.unwrap();
        let days = |n: i64| now.plus(jiff::SignedDuration::from_hours(24 * n));
        store::sweep(&db, None, days(6)).await.unwrap();
        assert_eq!(answered().await.as_deref(), Some("answer"));
        store::sweep(&db, None, days(8)).await.unwrap();
        assert_eq!(answered().await, None);
    }

    /// The same request twice is one act with one answer; another body under the same key is refused.
    async fn the_same_request_twice_is_one_act(place: Place) {
        let db = open(&place).await;
        let tasks = (0..16u128).map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let key = store::Key::new("submit", "k1", b"body");
                let at = now();
                db.write(async move |tx: &Write<'_>| -> Result<String, Error> {
                    if let Some(answer) = store::answered(tx, &key).await? {
                        return Ok(answer);
                    }
                    put(tx, n).await?;
                    let answer = format!("answer {n}");
                    store::remember(tx, &key, &answer, at).await?;
                    Ok(answer)
                }).await
            })
        });
        let mut answers: Vec<String> = futures_util::future::join_all(tasks).await.into_iter().map(|a| a.unwrap().unwrap()).collect();
        answers.dedup();
        assert_eq!((answers.len(), count(&db).await), (1, 1));
        let other = db.read(async |tx: &Read<'_>| store::answered(tx, &store::Key::new("submit", "k1", b"other body")).await).await;
        assert!(matches!(other, Err(Error::KeyReused)), "{other:?}");
    }
}

async fn sqlite() -> (Place, Db) {
    let place = testkit::Engine::Sqlite.fresh().await;
    let db = open(&place).await;
    (place, db)
}

/// A commit that fails answers every unit of its batch with the error, keeps nothing of them, and the next batch goes on.
#[test]
fn a_failed_commit_fails_its_whole_batch_and_no_more() {
    testkit::run(async {
        let (_place, db) = sqlite().await;
        let (mut good, mut failed) = (0, 0);
        for round in 0..20u128 {
            let units = (0..40u128).map(|n| {
                db.write(async move |tx: &Write<'_>| -> Result<(), Error> {
                    if n == 17 {
                        // A check that waits until the commit fails there and nowhere else: the one way to make a commit fail at will.
                        tx.opt::<i64>(sql!(sqlite "PRAGMA defer_foreign_keys = ON"), &[]).await?;
                        return tx.run(sql!("INSERT INTO node (id, parent) VALUES (1, 99)"), &[]).await.map(drop);
                    }
                    put(tx, round * 100 + n).await
                })
            });
            let answers = futures_util::future::join_all(units).await;
            assert!(matches!(answers[17], Err(Error::Refused(_))), "{:?}", answers[17]);
            for (n, answer) in answers.iter().enumerate() {
                let id = Uuid::from_u128(round * 100 + n as u128);
                let there: Option<i64> = db
                    .read(async move |tx: &Read<'_>| tx.opt(sql!("SELECT 1 FROM thing WHERE id = $1"), &[&id]).await)
                    .await
                    .unwrap();
                assert_eq!(there.is_some(), answer.is_ok(), "{n}: {answer:?}");
                if answer.is_ok() { good += 1 } else { failed += 1 }
            }
            db.write(async move |tx: &Write<'_>| put(tx, round * 100 + 99).await).await.expect("the next batch goes on");
        }
        assert_eq!(count(&db).await, good + 20);
        assert!(failed > 40, "{good} {failed}");
    });
}

/// Another process that holds the lock too long: every unit that waits is told so, nothing is half-done, and it goes on afterwards.
#[test]
fn a_locked_database_says_busy() {
    testkit::run(async {
        let place = testkit::Engine::Sqlite.fresh().await;
        open(&place).await.close().await;
        let options = StoreOptions { patience: Duration::from_millis(300), ..StoreOptions::default() };
        let db = Db::open(&place.target(), &options).await.unwrap();
        let other = rusqlite::Connection::open(place.sqlite_file().unwrap()).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let units = (0..10u128).map(|n| db.write(async move |tx: &Write<'_>| put(tx, n).await));
        for answer in futures_util::future::join_all(units).await {
            assert!(matches!(answer, Err(Error::Busy(_))), "{answer:?}");
        }
        assert_eq!(count(&db).await, 0, "reading goes on meanwhile");
        other.execute_batch("ROLLBACK").unwrap();
        db.write(async |tx: &Write<'_>| put(tx, 1).await).await.unwrap();
        assert_eq!(count(&db).await, 1);
    });
}

/// A full disk: who was answered `Ok` is there, who was answered an error is not, and with space again it goes on.
#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    testkit::run(async {
        let (_place, db) = sqlite().await;
        let pages: i64 = db.write(async |tx: &Write<'_>| tx.one(sql!(sqlite "PRAGMA page_count"), &[]).await).await.unwrap();
        assert!(pages < 110, "{pages}");
        db.write(async |tx: &Write<'_>| tx.one::<i64>(sql!(sqlite "PRAGMA max_page_count = 120"), &[]).await).await.unwrap();
        let (mut good, mut full) = (vec![], 0);
        for round in 0..20u128 {
            let units = (0..30u128).map(|n| {
                db.write(async move |tx: &Write<'_>| {
                    put(tx, round * 100 + n).await?;
                    tx.run(sql!("UPDATE thing SET raw = $2 WHERE id = $1"), &[&Uuid::from_u128(round * 100 + n), &vec![7u8; 600]])
                        .await
                })
            });
            for (n, answer) in futures_util::future::join_all(units).await.into_iter().enumerate() {
                match answer {
                    Ok(_) => good.push(Uuid::from_u128(round * 100 + n as u128)),
                    Err(Error::Full(_)) => full += 1,
                    Err(e) => panic!("{e}"),
                }
            }
        }
        assert!(full > 100 && good.len() > 10, "{full} {}", good.len());
        let mut there: Vec<Uuid> =
            db.read(async |tx: &Read<'_>| tx.all(sql!("SELECT id FROM thing WHERE length(raw) = 600"), &[]).await).await.unwrap();
        there.sort();
        good.sort();
        assert_eq!(there, good);
        assert_eq!(count(&db).await, good.len() as i64);
        db.write(async |tx: &Write<'_>| tx.one::<i64>(sql!(sqlite "PRAGMA max_page_count = 100000"), &[]).await).await.unwrap();
        db.write(async |tx: &Write<'_>| put(tx, 999_999).await).await.unwrap();
    });
}

/// A database that is away for ten seconds: a clear error at once, the crew survives, and work goes on by itself when it is back.
#[test]
fn a_database_that_was_away_is_found_again() {
    testkit::run(async {
        let cluster = testkit::postgres::Cluster::start(true);
        cluster.admin("CREATE DATABASE away TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'").await;
        let target = store::Target::Postgres(cluster.url("away"));
        let db = Db::open(&target, &StoreOptions::default()).await.unwrap();
        store::migrate(&db, &[("test", ROOM)]).await.unwrap();
        let running = start(&db, Crew::new(base::Clock::system()));
        let add = async |n: u128| {
            let by = By::system(now());
            db.write(async move |tx: &Write<'_>| -> Result<(), Error> {
                put(tx, n).await?;
                append(tx, &by, Loaded::new::<Happened>(Uuid::from_u128(n)), &[Happened::Made { name: String::new() }])
                    .await
                    .map(drop)
            })
            .await
        };
        for n in 0..20 {
            add(n).await.unwrap();
        }
        cluster.down(true);
        let gone = Instant::now();
        let mut refused = 0;
        while gone.elapsed() < Duration::from_secs(10) {
            let asked = Instant::now();
            let got = add(1000).await;
            assert!(matches!(got, Err(Error::Away(_))), "{got:?}");
            assert!(asked.elapsed() < Duration::from_secs(4), "the answer took {:?}", asked.elapsed());
            refused += 1;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert!(refused > 10);
        cluster.up();
        let back = Instant::now();
        while let Err(e) = add(2000).await {
            assert!(matches!(e, Error::Away(_)), "{e}");
            assert!(back.elapsed() < Duration::from_secs(3), "not found again");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            let log = db.read(async |tx: &Read<'_>| store::log_state(tx).await).await.unwrap();
            if log.pos == 21 {
                break;
            }
            assert!(Instant::now() < deadline, "the log-keeper does not go on: {log:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(count(&db).await, 21);
        running.stop().await;
    });
}

/// What a proxy between program and database does to the first `COMMIT` it is told to cut.
#[derive(Clone, Copy, PartialEq)]
enum Cut {
    /// The database commits, the answer is lost.
    Answer,
    /// The database never hears of it.
    Question,
}

/// Forwards everything, and cuts the line at a commit that holds the armed number.
async fn proxy(socket: std::path::PathBuf, cut: Cut, armed: Arc<AtomicU32>) -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (server, armed) = (tokio::net::UnixStream::connect(socket.join(".s.PGSQL.5432")).await.unwrap(), armed.clone());
            tokio::spawn(async move {
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let cutting = Arc::new(AtomicU32::new(0));
                let seen = cutting.clone();
                let forth = tokio::spawn(async move {
                    let mut bytes = vec![0; 1 << 16];
                    while let Ok(n) = from_client.read(&mut bytes).await {
                        if n == 0 {
                            break;
                        }
                        let commit = bytes[..n].windows(7).any(|w| w == b"COMMIT\0");
                        if commit && armed.swap(0, Ordering::SeqCst) == 1 {
                            seen.store(1, Ordering::SeqCst);
                            if cut == Cut::Question {
                                break;
                            }
                        }
                        if to_server.write_all(&bytes[..n]).await.is_err() {
                            break;
                        }
                    }
                });
                let mut bytes = vec![0; 1 << 16];
                while let Ok(n) = from_server.read(&mut bytes).await {
                    if n == 0 || cutting.load(Ordering::SeqCst) == 1 {
                        break;
                    }
                    if to_client.write_all(&bytes[..n]).await.is_err() {
                        break;
                    }
                }
                forth.abort();
            });
        }
    });
    port
}

/// The answer to a commit is lost: the unit is not run again, the caller is told that it is open, and the database knows.
#[test]
fn a_lost_commit_is_never_run_again() {
    testkit::run(async {
        for (cut, there) in [(Cut::Answer, 1), (Cut::Question, 0)] {
            let place = testkit::Engine::Postgres.fresh().await;
            open(&place).await;
            let url = place.url().unwrap();
            let (name, socket) =
                (url.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned(), testkit::postgres::home());
            let armed = Arc::new(AtomicU32::new(0));
            let port = proxy(socket, cut, armed.clone()).await;
            let target = store::Target::Postgres(format!("postgres://postgres@127.0.0.1:{port}/{name}"));
            let db = Db::open(&target, &StoreOptions::default()).await.unwrap();
            let runs = Arc::new(AtomicU32::new(0));
            let counted = runs.clone();
            armed.store(1, Ordering::SeqCst);
            let got = db
                .write(async move |tx: &Write<'_>| {
                    counted.fetch_add(1, Ordering::SeqCst);
                    put(tx, 1).await
                })
                .await;
            assert!(matches!(got, Err(Error::Lost(_))), "{got:?}");
            assert_eq!(runs.load(Ordering::SeqCst), 1);
            tokio::time::sleep(Duration::from_millis(100)).await;
            assert_eq!(count(&db).await, there);
            db.write(async |tx: &Write<'_>| put(tx, 2).await).await.unwrap();
        }
    });
}

/// Two units that lock the same rows in opposite order both come through: the one PostgreSQL gives up runs again.
#[test]
fn a_deadlock_is_run_again() {
    testkit::run(async {
        let place = testkit::Engine::Postgres.fresh().await;
        let db = open(&place).await;
        db.write(async |tx: &Write<'_>| -> Result<(), Error> {
            tx.run(sql!("INSERT INTO account (id, amount) VALUES (1, 100), (2, 100)"), &[]).await.map(drop)
        })
        .await
        .unwrap();
        let runs = Arc::new(AtomicU32::new(0));
        let units = [(1i64, 2i64), (2, 1)].map(|(first, second)| {
            let runs = runs.clone();
            db.write(async move |tx: &Write<'_>| -> Result<(), Error> {
                runs.fetch_add(1, Ordering::SeqCst);
                let take = sql!("UPDATE account SET amount = amount - 1 WHERE id = $1");
                tx.run(take, &[&first]).await?;
                // Slow enough that both hold their first row.
                tx.run(
                    sql!(postgres "UPDATE heard SET version = 0 WHERE pos = (SELECT count(*) FROM generate_series(1, 3000000))"),
                    &[],
                )
                .await?;
                tx.run(take, &[&second]).await.map(drop)
            })
        });
        for done in futures_util::future::join_all(units).await {
            done.unwrap();
        }
        assert!(runs.load(Ordering::SeqCst) >= 3);
        let left: i64 = db.read(async |tx: &Read<'_>| tx.one(sql!("SELECT sum(amount) FROM account"), &[]).await).await.unwrap();
        assert_eq!(left, 196);
    });
}

/// A database that sorts by a language, or is not UTF-8, is refused at the start, with what to do.
#[test]
fn an_unfit_database_is_refused() {
    testkit::run(async {
        let place = testkit::Engine::Postgres.fresh().await;
        let url = place.url().unwrap();
        let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        for (name, how) in [
            ("unfit_icu", "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'vi' LC_COLLATE 'C' LC_CTYPE 'C'"),
            ("unfit_ascii", "ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"),
        ] {
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
            client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 {how}")).await.unwrap();
            let own = url.split('?').next().unwrap().rsplit('/').next().unwrap();
            let target = store::Target::Postgres(url.replace(own, name));
            let got = Db::open(&target, &StoreOptions::default()).await;
            assert!(matches!(&got, Err(Error::Unfit(e)) if e.contains("create it with")), "{got:?}");
            client.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.unwrap();
        }
        let nobody = Db::open(&store::Target::Postgres("postgres://x@127.0.0.1:1/x".into()), &StoreOptions::default()).await;
        assert!(matches!(nobody, Err(Error::Away(_))), "{nobody:?}");
        let no_folder = Db::open(&store::Target::Sqlite("/proc/nowhere/x.db".into()), &StoreOptions::default()).await;
        assert!(matches!(no_folder, Err(Error::Away(_))), "{no_folder:?}");
        let text = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(text.path(), "this is no database, but it is long enough to look at".repeat(100)).unwrap();
        let no_database = Db::open(&store::Target::Sqlite(text.path().into()), &StoreOptions::default()).await;
        assert!(no_database.is_err());
    });
}
