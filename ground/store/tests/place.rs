//! What surrounds the database: a small disk, an encrypted line.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use store::{Db, Error, Files, Read, StoreOptions, Target, Write, sql};
use uuid::Uuid;

use crate::house::ROOM;

/// A disk of a few megabytes, gone when dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    /// Only who may mount can make one; elsewhere the test says so.
    fn new(size: &str) -> Option<SmallDisk> {
        let folder = tempfile::tempdir().unwrap();
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        if !done.is_ok_and(|s| s.success()) {
            eprintln!("skipped: mounting a small disk is not allowed here");
            return None;
        }
        Some(SmallDisk(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

fn bytes_in(folder: &Path) -> u64 {
    std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|e| if e.path().is_dir() { bytes_in(&e.path()) } else { e.metadata().unwrap().len() })
        .sum()
}

/// A disk that is really full: typed errors, nothing half-written, everything acknowledged is there, and with space again it goes on.
#[test]
fn a_really_full_disk() {
    let Some(disk) = SmallDisk::new("8m") else { return };
    testkit::run(async {
        let root = disk.0.path();
        let db = Db::open(&Target::Sqlite(root.join("motcua.db")), &StoreOptions::default()).await.unwrap();
        store::migrate(&db, &[("test", ROOM)]).await.unwrap();
        let files = Files::folder(root.join("files")).await.unwrap();
        std::fs::write(root.join("ballast"), vec![0u8; 5 << 20]).unwrap();
        let put = async |n: u128| {
            db.write(async move |tx: &Write<'_>| {
                tx.run(
                    sql!("INSERT INTO thing (id, name, raw, yes) VALUES ($1, $2, $3, TRUE)"),
                    &[&Uuid::from_u128(n), &n.to_string(), &vec![1u8; 20_000]],
                )
                .await
            })
            .await
        };
        let (mut there, mut full) = (0, 0);
        for round in 0..20u128 {
            let units = futures_util::future::join_all((0..20u128).map(|n| put(round * 100 + n))).await;
            for got in units {
                match got {
                    Ok(_) => there += 1,
                    Err(Error::Full(_) | Error::Away(_)) => full += 1,
                    Err(e) => panic!("{e:?}"),
                }
            }
        }
        assert!(there > 20 && full > 20, "{there} {full}");
        let count = async || db.read(async |tx: &Read<'_>| tx.one::<i64>(sql!("SELECT count(*) FROM thing"), &[]).await).await;
        assert_eq!(count().await.unwrap(), there, "reading goes on");
        let before = bytes_in(&root.join("files"));
        let stored = files.put_bytes(Uuid::nil(), &vec![7u8; 4 << 20]).await;
        assert!(matches!(stored, Err(Error::Full(_))), "{stored:?}");
        assert_eq!(bytes_in(&root.join("files")), before, "nothing half-written");
        std::fs::remove_file(root.join("ballast")).unwrap();
        put(999_999).await.unwrap();
        files.put_bytes(Uuid::nil(), &[7u8; 1000]).await.unwrap();
        assert_eq!(count().await.unwrap(), there + 1);
        db.close().await;
        let check = rusqlite::Connection::open(root.join("motcua.db")).unwrap();
        assert_eq!(check.query_row("PRAGMA integrity_check", [], |r| r.get::<_, String>(0)).unwrap(), "ok");
    });
}

/// Makes an authority and a certificate for `localhost`.
fn certificates(folder: &Path) -> bool {
    let script = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -days 30 -subj /CN=test-ca -addext basicConstraints=critical,CA:TRUE &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj /CN=localhost &&
        printf 'subjectAltName=DNS:localhost' > ext &&
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile ext -out server.crt";
    let done = Command::new("sh").args(["-c", script]).current_dir(folder).stderr(Stdio::null()).stdout(Stdio::null()).status();
    done.is_ok_and(|s| s.success())
}

/// The line to PostgreSQL is encrypted when asked for, and then always verified: a wrong name or an unknown authority ends it.
#[test]
fn an_encrypted_line_is_verified() {
    use std::os::unix::fs::{MetadataExt, chown};
    testkit::run(async {
        let cluster = testkit::postgres::Cluster::start(false);
        let folder = &cluster.socket;
        if !certificates(folder) {
            eprintln!("skipped: openssl is not installed");
            return;
        }
        let owner = std::fs::metadata(folder.join("data")).unwrap().uid();
        for file in ["server.key", "server.crt"] {
            chown(folder.join(file), Some(owner), None).unwrap();
        }
        let port = testkit::free_port();
        for (name, value) in [
            ("ssl", "on".to_owned()),
            ("ssl_cert_file", folder.join("server.crt").display().to_string()),
            ("ssl_key_file", folder.join("server.key").display().to_string()),
            ("listen_addresses", "127.0.0.1".to_owned()),
            ("port", port.to_string()),
        ] {
            cluster.admin(&format!("ALTER SYSTEM SET {name} = '{value}'")).await;
        }
        cluster.down(false);
        cluster.up();
        let open = async |host: &str, options: String| {
            let options = options.replace("CA", &folder.join("ca.crt").display().to_string());
            let target = Target::Postgres(format!("postgres://postgres@{host}:{port}/postgres?{options}"));
            Db::open(&target, &StoreOptions::default()).await
        };
        let good = open("localhost", "sslmode=require&sslrootcert=CA".into()).await.unwrap();
        let ssl: bool = good
            .read(async |tx: &Read<'_>| {
                tx.one(sql!(postgres "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"), &[]).await
            })
            .await
            .unwrap();
        assert!(ssl);
        open("localhost", "sslmode=verify-full&sslrootcert=CA".into()).await.unwrap();
        for (host, options) in [
            ("127.0.0.1", "sslmode=require&sslrootcert=CA"),
            ("localhost", "sslmode=require"),
            ("localhost", "sslmode=require&sslrootcert=/nowhere"),
        ] {
            let got = open(host, options.into()).await;
            assert!(matches!(got, Err(Error::Away(_) | Error::Unfit(_))), "{host} {options}: {got:?}");
        }
    });
}
