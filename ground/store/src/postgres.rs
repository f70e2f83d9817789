//! PostgreSQL: units are pinned to a worker thread that has its own connections; conflicts run again, a lost commit does not.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime};
use futures_util::FutureExt;
use tokio_postgres::{NoTls, config::SslMode};
use tokio_util::task::LocalPoolHandle;

use crate::{
    Error, Read, StoreOptions, Write,
    db::{Conn, Errand, Inner, Scope, only_database},
    sqlite::judged,
    value::Bound,
};

/// How often a unit runs at most.
const RUNS: u32 = 8;

pub(crate) struct Postgres {
    threads: LocalPoolHandle,
    /// One pool per thread: a connection and those who use it stay on one thread.
    pools: Vec<Pool>,
    /// Units under way per thread.
    load: Arc<Vec<AtomicUsize>>,
}

impl Postgres {
    pub(crate) async fn open(url: &str, options: &StoreOptions) -> Result<Postgres, Error> {
        let (url, authority) = split(url);
        let mut config: tokio_postgres::Config = url.parse().map_err(|e| Error::Unfit(format!("database address: {e}")))?;
        let tls = if config.get_ssl_mode() == SslMode::Require { Some(tls(authority.as_deref())?) } else { None };
        if config.get_application_name().is_none() {
            config.application_name("motcua");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(3));
        }
        // A unit that hangs must not keep the others waiting for its rows for ever. What the address says goes before.
        let words = config.get_options().unwrap_or("-c lock_timeout=10s -c idle_in_transaction_session_timeout=60s");
        let schema = options.schema.map(|schema| format!(" -c search_path={schema}")).unwrap_or_default();
        let words = format!("{words}{schema}");
        config.options(words);
        config.keepalives_idle(Duration::from_secs(30)).tcp_user_timeout(Duration::from_secs(15));
        let workers = options.workers.max(1);
        let size = options.connections.div_ceil(workers).max(1);
        let pools = (0..workers).map(|_| pool(&config, tls.as_ref(), size, options.patience)).collect::<Result<Vec<_>, _>>()?;
        let load = Arc::new((0..workers).map(|_| AtomicUsize::new(0)).collect());
        let opened = Postgres { threads: LocalPoolHandle::new(workers), pools, load };
        opened.assert_fit().await?;
        Ok(opened)
    }

    /// The order of text must be that of its bytes on both engines, and the text must be UTF-8.
    async fn assert_fit(&self) -> Result<(), Error> {
        let run = self.pinned(|pool| async move {
            let conn = checkout(&pool).await?;
            let row = conn
                .query_one(
                    "SELECT 'B' < 'a' AND 'a b' < 'ab' AND 'z' < 'đ', datcollate::text, pg_encoding_to_char(encoding)::text,
                            current_setting('server_version_num')::int8
                     FROM pg_database WHERE datname = current_database()",
                    &[],
                )
                .await?;
            Ok::<(bool, String, String, i64), Error>((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?))
        });
        let (by_bytes, collation, encoding, version) = run.await?;
        if encoding != "UTF8" {
            return Err(Error::Unfit(format!("the database is encoded in {encoding}: create it with ENCODING 'UTF8'")));
        }
        // Asked of the order itself, not of the name: a database can sort by a language in several ways.
        if !by_bytes || !["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&collation.as_str()) {
            return Err(Error::Unfit(format!(
                "the database sorts by a language ({collation}): create it with TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
            )));
        }
        if version < 140_000 {
            return Err(Error::Unfit(format!("PostgreSQL {version} is older than 14")));
        }
        Ok(())
    }

    /// Connections end when those who use them are done.
    pub(crate) fn close(&self) {
        self.pools.iter().for_each(Pool::close);
    }

    /// Runs work on the thread with the least to do. It goes on when the caller goes away.
    async fn pinned<T, E, Fut>(&self, work: impl FnOnce(Pool) -> Fut + Send + 'static) -> Result<T, E>
    where
        Fut: Future<Output = Result<T, E>> + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let at = (0..self.pools.len()).min_by_key(|i| self.load[*i].load(Ordering::Relaxed)).unwrap_or(0);
        let (pool, load) = (self.pools[at].clone(), self.load.clone());
        load[at].fetch_add(1, Ordering::Relaxed);
        let place = Place(load, at);
        let task = self.threads.spawn_pinned_by_idx(
            move || async move {
                let _place = place;
                work(pool).await
            },
            at,
        );
        task.await.unwrap_or_else(|_| Err(Error::Panicked.into()))
    }

    pub(crate) async fn write<T, E, F>(&self, inner: Arc<Inner>, errand: Errand, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.pinned(move |pool| async move {
            let mut run = 1;
            loop {
                let mut conn = begin(&pool, "BEGIN ISOLATION LEVEL READ COMMITTED").await.map_err(E::from)?;
                match run_unit(&mut conn, &errand, &unit).await {
                    Done::Committed(value, bells) => {
                        inner.wake.ring(bells);
                        return Ok(value);
                    }
                    Done::Failed(e) => return Err(e),
                    Done::Again(e) if run == RUNS => return Err(e),
                    Done::Again(_) => {}
                }
                drop(conn);
                metrics::counter!("store_reruns_total").increment(1);
                tokio::time::sleep(pause(run)).await;
                run += 1;
            }
        })
        .await
    }

    pub(crate) async fn read<T, E, F>(&self, errand: Errand, look: F) -> Result<T, E>
    where
        F: AsyncFn(&Read<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.pinned(move |pool| async move {
            let mut tries = 0;
            loop {
                let conn = checkout(&pool).await.map_err(E::from)?;
                match run_look(&conn, &errand, &look).await {
                    Ok(result) => {
                        end(conn);
                        return result;
                    }
                    // The connection died while it lay in the pool: nothing has happened on it yet.
                    Err(e) if e.is_closed() && tries <= pool.status().max_size => drop(Object::take(conn)),
                    Err(e) => {
                        drop(Object::take(conn));
                        return Err(Error::from(e).into());
                    }
                }
                tries += 1;
            }
        })
        .await
    }
}

/// The outer error: the transaction could not be begun.
async fn run_look<T, E, F>(conn: &Object, errand: &Errand, look: &F) -> Result<Result<T, E>, tokio_postgres::Error>
where
    F: AsyncFn(&Read<'_>) -> Result<T, E>,
    E: From<Error>,
{
    let started = Instant::now();
    let tx = Read::new(Conn::Postgres(conn));
    let run = AssertUnwindSafe(only_database(&tx.scope, look(&tx))).catch_unwind();
    // Polled in this order, BEGIN and the first statement travel together. A unit that writes does not do this: if its BEGIN failed alone,
    // the statement behind it would stand by itself.
    let (begun, run) =
        futures_util::future::join(conn.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), run).await;
    begun?;
    let result = judged(&tx.scope, run);
    errand.book("read", &tx.scope, started.elapsed(), result.is_ok());
    Ok(result)
}

struct Place(Arc<Vec<AtomicUsize>>, usize);

impl Drop for Place {
    fn drop(&mut self) {
        self.0[self.1].fetch_sub(1, Ordering::Relaxed);
    }
}

fn pool(
    config: &tokio_postgres::Config,
    tls: Option<&rustls::ClientConfig>,
    size: usize,
    patience: Duration,
) -> Result<Pool, Error> {
    let recycle = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match tls {
        Some(tls) => Manager::from_config(config.clone(), tokio_postgres_rustls::MakeRustlsConnect::new(tls.clone()), recycle),
        None => Manager::from_config(config.clone(), NoTls, recycle),
    };
    Pool::builder(manager)
        .max_size(size)
        .wait_timeout(Some(patience))
        .create_timeout(Some(patience))
        .recycle_timeout(Some(patience))
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|e| Error::Unfit(e.to_string()))
}

/// Takes out of the address what the driver does not know: `sslrootcert`, and the modes of libpq that also check the name.
/// There is one kind of TLS here: verified, name included.
fn split(url: &str) -> (String, Option<String>) {
    let Some((before, options)) = url.split_once('?') else { return (url.to_owned(), None) };
    let mut authority = None;
    let mut kept = Vec::new();
    for option in options.split('&') {
        match option.split_once('=') {
            Some(("sslrootcert", path)) => authority = Some(path.replace("%2F", "/").replace("%20", " ")),
            Some(("sslmode", "verify-full" | "verify-ca")) => kept.push("sslmode=require"),
            _ => kept.push(option),
        }
    }
    (format!("{before}?{}", kept.join("&")), authority)
}

/// Verified against the given authority, else against those of the machine.
fn tls(authority: Option<&str>) -> Result<rustls::ClientConfig, Error> {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let unfit = |e: &dyn std::fmt::Display| Error::Unfit(format!("TLS: {e}"));
    let mut roots = rustls::RootCertStore::empty();
    match authority {
        Some(path) => {
            for certificate in CertificateDer::pem_file_iter(path).map_err(|e| Error::Unfit(format!("TLS: {path}: {e}")))? {
                roots.add(certificate.map_err(|e| unfit(&e))?).map_err(|e| unfit(&e))?;
            }
        }
        None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    if roots.is_empty() {
        return Err(unfit(&"no authority to verify the database with (sslrootcert=…)"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(|e| unfit(&e))?.with_root_certificates(roots).with_no_client_auth())
}

async fn checkout(pool: &Pool) -> Result<Object, Error> {
    use deadpool_postgres::{PoolError, TimeoutType};
    pool.get().await.map_err(|e| match e {
        PoolError::Timeout(TimeoutType::Wait) => Error::Busy("all connections are taken".into()),
        PoolError::Backend(e) => match Error::from(e) {
            passing @ (Error::Busy(_) | Error::Away(_)) => passing,
            other => Error::Away(other.to_string()),
        },
        other => Error::Away(other.to_string()),
    })
}

/// A connection with an open transaction. A connection that died while it lay in the pool is replaced: nothing has happened on it yet.
async fn begin(pool: &Pool, words: &str) -> Result<Object, Error> {
    let mut tries = 0;
    loop {
        let conn = checkout(pool).await?;
        match conn.batch_execute(words).await {
            Ok(()) => return Ok(conn),
            Err(e) if tries > pool.status().max_size => return Err(Error::Away(e.to_string())),
            Err(_) => drop(Object::take(conn)),
        }
        tries += 1;
    }
}

/// Ends a look. Nobody waits for the answer: whoever has the connection next is served after it.
fn end(conn: Object) {
    if let Some(Err(_)) = conn.batch_execute("ROLLBACK").now_or_never() {
        drop(Object::take(conn));
    }
}

enum Done<T, E> {
    Committed(T, u8),
    Failed(E),
    Again(E),
}

async fn run_unit<T, E, F>(conn: &mut Object, errand: &Errand, unit: &F) -> Done<T, E>
where
    F: AsyncFn(&Write<'_>) -> Result<T, E>,
    E: From<Error>,
{
    let started = Instant::now();
    let tx = Write::new(Conn::Postgres(conn));
    let run = AssertUnwindSafe(only_database(&tx.scope, unit(&tx))).catch_unwind().await;
    let result = judged(&tx.scope, run);
    errand.book("write", &tx.scope, started.elapsed(), result.is_ok());
    finish(conn, &tx.scope, result).await
}

async fn finish<T, E: From<Error>>(conn: &Object, scope: &Scope, result: Result<T, E>) -> Done<T, E> {
    let value = match result {
        Ok(value) => value,
        Err(e) => {
            let undone = conn.batch_execute("ROLLBACK").await;
            let again = scope.again.get() && undone.is_ok();
            return if again { Done::Again(e) } else { Done::Failed(e) };
        }
    };
    match conn.batch_execute("COMMIT").await {
        Ok(()) => Done::Committed(value, scope.bells.get()),
        Err(e) => {
            let fatal = e.as_db_error().is_none_or(|d| {
                !matches!(d.parsed_severity(), Some(tokio_postgres::error::Severity::Error)) || d.code().code().starts_with("08")
            });
            match Error::from(e) {
                // Only a plain refusal says that nothing was written. Any other end leaves it open, and is never run again.
                _ if fatal => Done::Failed(Error::Lost("the connection ended during the commit".into()).into()),
                Error::Conflict => Done::Again(Error::Conflict.into()),
                other => Done::Failed(other.into()),
            }
        }
    }
}

/// 1–4 ms before the second run, up to 128–512 ms before the eighth.
fn pause(run: u32) -> Duration {
    let floor = 1u64 << run.min(RUNS);
    Duration::from_micros(rand::random_range(floor * 500..=floor * 2000))
}

pub(crate) async fn fetch(conn: &Object, text: &str, keep: bool, p: &[Bound<'_>]) -> Result<Vec<tokio_postgres::Row>, Error> {
    if keep {
        let statement = conn.prepare_cached(text).await?;
        let p: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = p.iter().map(|v| v as _).collect();
        Ok(conn.query(&statement, &p).await?)
    } else {
        Ok(conn.query_typed(text, &typed(p)).await?)
    }
}

pub(crate) async fn execute(conn: &Object, text: &str, keep: bool, p: &[Bound<'_>]) -> Result<u64, Error> {
    if keep {
        let statement = conn.prepare_cached(text).await?;
        let p: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> = p.iter().map(|v| v as _).collect();
        Ok(conn.execute(&statement, &p).await?)
    } else {
        Ok(conn.execute_typed(text, &typed(p)).await?)
    }
}

fn typed<'v>(p: &'v [Bound<'_>]) -> Vec<(&'v (dyn tokio_postgres::types::ToSql + Sync), tokio_postgres::types::Type)> {
    use tokio_postgres::types::Type;
    p.iter()
        .map(|v| {
            let ty = match v {
                Bound::Null => Type::UNKNOWN,
                Bound::Text(_) => Type::TEXT,
                Bound::Int(_) => Type::INT8,
                Bound::Bool(_) => Type::BOOL,
                Bound::Bytes(_) => Type::BYTEA,
                Bound::Uuid(_) => Type::UUID,
            };
            (v as _, ty)
        })
        .collect()
}
