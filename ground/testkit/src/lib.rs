//! Real servers for tests: databases, a mail server, an HTTP client. A dev-dependency only.
//!
//! A test that touches the database is written once and runs on both engines:
//!
//! ```ignore
//! testkit::both! {
//!     /// OS-41: two desks never get the same number.
//!     async fn numbers_have_no_gap(place: testkit::Place) {
//!         let db = store::Db::open(&place.target(), &Default::default()).await.unwrap();
//!         …
//!     }
//! }
//! ```
//!
//! - [`Place`] is one empty (or copied) database that vanishes when dropped.
//! - [`postgres`] starts one PostgreSQL cluster per checkout from Debian's binaries and shares it between test processes.
//! - [`mail`] starts a real SMTP server that keeps what it is sent.
//! - [`tsa`] is a real time-stamping authority, run by openssl.
//! - [`oidc`] starts a real OpenID Connect provider (npm `oidc-provider`).
//! - [`http`] makes a client that keeps cookies and fills in the CSRF field, like a browser without scripts.
//! - [`frozen`] proves that every kind of event has a sample that still parses.
//! - [`shared`] finds the reference data beside the repository, or says that it is absent.

// Tests want a loud end and a short line.
#![allow(clippy::unwrap_used)]

pub mod http;
pub mod mail;
pub mod oidc;
pub mod place;
pub mod postgres;
pub mod tsa;

pub use place::{Engine, Place};

use std::path::{Path, PathBuf};

/// Runs a test body on SQLite and on PostgreSQL, as two tests named after the engine.
#[macro_export]
macro_rules! both {
    ($( $(#[$about:meta])* async fn $name:ident($place:ident : $kind:ty) $body:block )+) => {
        $( $(#[$about])* mod $name {
            #[allow(unused_imports)]
            use super::*;
            async fn body($place: $kind) $body
            #[test]
            fn sqlite() {
                $crate::run(async { body($crate::Engine::Sqlite.fresh().await.into()).await });
            }
            #[test]
            fn postgres() {
                $crate::run(async { body($crate::Engine::Postgres.fresh().await.into()).await });
            }
        } )+
    };
}

/// Runs a future on a runtime like the server's.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

/// Proves the frozen samples of a system's events, one JSON line for each (kind, version), never changed: each line parses and is written
/// the same again, and no kind is without one.
#[track_caller]
pub fn frozen<E: store::Event>(samples: &str) {
    let mut kinds = std::collections::BTreeSet::new();
    for line in samples.lines() {
        let event: E = serde_json::from_str(line).unwrap_or_else(|e| panic!("{line}: {e}"));
        assert_eq!(serde_json::to_string(&event).unwrap(), line);
        kinds.insert(event.kind());
    }
    let missing: Vec<_> = E::KINDS.iter().filter(|kind| !kinds.contains(*kind)).collect();
    assert!(missing.is_empty(), "{} has no frozen sample of {missing:?}", E::SYSTEM);
}

/// The folder of reference data beside the repository (`MOTCUA_SHARED`, else `../shared`).
///
/// The data may be absent: then the test says so and passes.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("MOTCUA_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let found = root.join(path);
    if found.exists() {
        return Some(found);
    }
    eprintln!("skipped: {} is not here (set MOTCUA_SHARED)", found.display());
    None
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A temporary folder in memory where there is one, so that tests do not wait for a disk.
pub fn memory_folder() -> PathBuf {
    let shm = Path::new("/dev/shm");
    if shm.is_dir() && tempfile::tempfile_in(shm).is_ok() { shm.to_path_buf() } else { std::env::temp_dir() }
}

/// A port nobody listens on at this moment.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}
