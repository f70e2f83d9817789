//! The database as the rooms see it: `write` ships a unit of work to where it runs, `read` ships a look.

use std::{
    cell::{Cell, RefCell},
    fmt,
    future::Future,
    ops::Deref,
    panic::Location,
    path::PathBuf,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use tokio::sync::Notify;

use crate::{
    Error, FromRow, Row, Sql, Value,
    value::{Bound, RowOf, bind_all, check},
};

/// Where the data lives.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A file; it and its folder are made when absent.
    Sqlite(PathBuf),
    /// `postgres://user:password@host/database`. `?sslmode=require` asks for TLS, always verified, name included; `&sslrootcert=FILE` names
    /// the authority when the machine does not know it.
    Postgres(String),
}

impl FromStr for Target {
    type Err = Error;

    /// `postgres://…`, `sqlite:path` or a path.
    fn from_str(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Err(Error::Unfit("no database given".into()));
        }
        Ok(if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Target::Postgres(text.to_owned())
        } else {
            Target::Sqlite(text.strip_prefix("sqlite:").unwrap_or(text).into())
        })
    }
}

impl fmt::Debug for Target {
    /// Never shows the password of a URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Target::Postgres(url) => write!(f, "postgres://…{}", url.rsplit_once('@').map_or("", |(_, host)| host)),
        }
    }
}

/// How the database is used. `Default` suits a province on one machine.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// SQLite: threads that read.
    pub readers: usize,
    /// SQLite: units of work that may share one commit.
    pub group: usize,
    /// PostgreSQL: connections in all.
    pub connections: usize,
    /// PostgreSQL: threads on which units run.
    pub workers: usize,
    /// How long to wait for a lock, a connection or a place in the queue.
    pub patience: Duration,
    /// Units slower than this are logged.
    pub slow: Duration,
    /// PostgreSQL: the schema of the tables, instead of the first of the search path.
    pub schema: Option<&'static str>,
}

impl Default for StoreOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        StoreOptions {
            readers: cores.clamp(2, 8),
            group: 64,
            connections: 32,
            workers: cores.clamp(1, 8),
            patience: Duration::from_secs(5),
            slow: Duration::from_millis(20),
            schema: None,
        }
    }
}

/// Which engine runs below; rooms need it only for full text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    /// SQLite
    Sqlite,
    /// PostgreSQL
    Postgres,
}

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Db(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) options: StoreOptions,
    pub(crate) wake: Wake,
}

pub(crate) enum Engine {
    Sqlite(crate::sqlite::Sqlite),
    Postgres(crate::postgres::Postgres),
}

/// Bells rung after a commit of this process; other processes are noticed by polling.
#[derive(Default)]
pub(crate) struct Wake {
    pub(crate) events: Notify,
    pub(crate) jobs: Notify,
}

pub(crate) const WAKE_EVENTS: u8 = 1;
pub(crate) const WAKE_JOBS: u8 = 2;

impl Wake {
    pub(crate) fn ring(&self, bells: u8) {
        if bells & WAKE_EVENTS != 0 {
            self.events.notify_one();
        }
        if bells & WAKE_JOBS != 0 {
            self.jobs.notify_one();
        }
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({:?})", self.kind())
    }
}

impl Db {
    /// Opens the database and asserts that it is fit: SQLite's version and WAL, PostgreSQL's collation C and UTF-8.
    pub async fn open(target: &Target, options: &StoreOptions) -> Result<Db, Error> {
        let engine = match target {
            Target::Sqlite(path) => {
                let (path, options) = (path.clone(), options.clone());
                let opened = tokio::task::spawn_blocking(move || crate::sqlite::Sqlite::open(&path, &options));
                Engine::Sqlite(opened.await.map_err(|_| Error::Panicked)??)
            }
            Target::Postgres(url) => Engine::Postgres(crate::postgres::Postgres::open(url, options).await?),
        };
        Ok(Db(Arc::new(Inner { engine, options: options.clone(), wake: Wake::default() })))
    }

    /// Which engine runs below.
    pub fn kind(&self) -> EngineKind {
        match self.0.engine {
            Engine::Sqlite(_) => EngineKind::Sqlite,
            Engine::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// Waits until everything under way is done and closes the database; SQLite then lies in its one file. Later calls answer `Away`.
    pub async fn close(&self) {
        match &self.0.engine {
            Engine::Sqlite(engine) => engine.close().await,
            Engine::Postgres(engine) => engine.close(),
        }
    }

    /// Refreshes what the engine knows about its tables, so that it plans well: after an import, and now and then.
    pub async fn analyze(&self) -> Result<(), Error> {
        let text = match self.kind() {
            EngineKind::Sqlite => "PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002",
            EngineKind::Postgres => "ANALYZE",
        };
        self.write_within(Duration::from_secs(60), async move |tx: &Write<'_>| tx.script(text).await).await
    }

    /// One unit of work: all of it or nothing, durable when this answers `Ok`.
    ///
    /// The closure may run again (PostgreSQL, after a conflict) and may await nothing but the database, so time, ids and salts are made
    /// outside of it (`By`). It runs to its end also when the caller goes away. `Err` rolls back.
    #[track_caller]
    pub fn write<T, E, F>(&self, unit: F) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        F: AsyncFn(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.write_within(self.0.options.slow, unit)
    }

    /// The same for work that is known to be long (migrations, restore).
    #[track_caller]
    pub(crate) fn write_within<T, E, F>(
        &self,
        slow: Duration,
        unit: F,
    ) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        F: AsyncFn(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.send(Errand::here(slow), unit)
    }

    /// The same, ahead of everybody who waits for SQLite's writer: for the log-keeper, which must not fall behind under load.
    #[track_caller]
    pub(crate) fn write_first<T, E, F>(&self, unit: F) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        F: AsyncFn(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.send(Errand { first: true, ..Errand::here(self.0.options.slow) }, unit)
    }

    fn send<T, E, F>(&self, errand: Errand, unit: F) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        F: AsyncFn(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let inner = self.0.clone();
        async move {
            match &inner.engine {
                Engine::Sqlite(engine) => engine.write(inner.clone(), errand, unit).await,
                Engine::Postgres(engine) => engine.write(inner.clone(), errand, unit).await,
            }
        }
    }

    /// One look at the database: every statement sees the same moment. Writing is refused by the engine.
    #[track_caller]
    pub fn read<T, E, F>(&self, look: F) -> impl Future<Output = Result<T, E>> + Send + use<T, E, F>
    where
        F: AsyncFn(&Read<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (inner, errand) = (self.0.clone(), Errand::here(self.0.options.slow));
        async move {
            match &inner.engine {
                Engine::Sqlite(engine) => engine.read(errand, look).await,
                Engine::Postgres(engine) => engine.read(errand, look).await,
            }
        }
    }
}

tokio::task_local! {
    static COUNTER: Arc<AtomicU64>;
}

/// Runs a future and counts the statements of all units and looks it starts: for ceilings in tests and for the request log.
pub async fn counting<F: Future>(work: F) -> (F::Output, u64) {
    let counter = Arc::new(AtomicU64::new(0));
    let out = COUNTER.scope(counter.clone(), work).await;
    (out, counter.load(Ordering::Relaxed))
}

/// What a unit carries from its caller to the place where it runs.
pub(crate) struct Errand {
    pub(crate) from: &'static Location<'static>,
    pub(crate) span: tracing::Span,
    pub(crate) counter: Option<Arc<AtomicU64>>,
    pub(crate) slow: Duration,
    /// Goes ahead of those who wait.
    pub(crate) first: bool,
}

impl Errand {
    #[track_caller]
    fn here(slow: Duration) -> Errand {
        Errand {
            from: Location::caller(),
            span: tracing::Span::current(),
            counter: COUNTER.try_with(Arc::clone).ok(),
            slow,
            first: false,
        }
    }

    /// Books the figures of one finished unit.
    pub(crate) fn book(&self, what: &'static str, scope: &Scope, took: Duration, ok: bool) {
        let statements = scope.statements.get();
        if let Some(counter) = &self.counter {
            counter.fetch_add(statements, Ordering::Relaxed);
        }
        metrics::counter!("store_statements_total").increment(statements);
        metrics::histogram!("store_unit_seconds", "kind" => what, "ok" => if ok { "yes" } else { "no" })
            .record(took.as_secs_f64());
        if took > self.slow {
            let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
            tracing::warn!(parent: &self.span, from = %self.from, what, ms, statements, "slow unit of work");
        }
    }
}

/// The state of one run of a closure.
#[derive(Default)]
pub(crate) struct Scope {
    /// The first failed statement: nothing may follow it.
    failed: RefCell<Option<Error>>,
    /// Somebody else was first: run the closure again.
    pub(crate) again: Cell<bool>,
    /// Statements on their way to PostgreSQL.
    flying: Cell<u32>,
    pub(crate) statements: Cell<u64>,
    pub(crate) bells: Cell<u8>,
    serial: Cell<u64>,
}

impl Scope {
    fn may_go_on(&self) -> Result<(), Error> {
        match &*self.failed.borrow() {
            Some(first) => Err(Error::WentOn(Box::new(first.clone()))),
            None => Ok(()),
        }
    }

    fn note(&self, error: Error) -> Error {
        if matches!(error, Error::Conflict) {
            self.again.set(true);
        }
        self.failed.borrow_mut().get_or_insert_with(|| error.clone());
        error
    }

    /// The first failed statement of this run.
    pub(crate) fn failed(&self) -> Option<Error> {
        self.failed.borrow().clone()
    }
}

/// Polls a closure that may wait for the database only.
pub(crate) async fn only_database<F: Future>(scope: &Scope, work: F) -> Result<F::Output, Error> {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(out) => Poll::Ready(Ok(out)),
        Poll::Pending if scope.flying.get() == 0 => Poll::Ready(Err(Error::Waited)),
        Poll::Pending => Poll::Pending,
    })
    .await
}

pub(crate) enum Conn<'a> {
    Sqlite(&'a rusqlite::Connection),
    Postgres(&'a deadpool_postgres::Object),
}

/// A look at the database: queries take this.
pub struct Read<'a> {
    conn: Conn<'a>,
    pub(crate) scope: Scope,
}

/// A unit of work: acts take this. It is also a [`Read`].
pub struct Write<'a> {
    read: Read<'a>,
}

impl<'a> Deref for Write<'a> {
    type Target = Read<'a>;

    fn deref(&self) -> &Read<'a> {
        &self.read
    }
}

/// Counts a statement as on its way while it lives.
struct Flight<'a>(&'a Cell<u32>);

impl<'a> Flight<'a> {
    fn start(cell: &'a Cell<u32>) -> Self {
        cell.set(cell.get() + 1);
        Flight(cell)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

impl<'a> Read<'a> {
    pub(crate) fn new(conn: Conn<'a>) -> Self {
        Read { conn, scope: Scope::default() }
    }

    /// Which engine runs below; needed for full text only.
    pub fn kind(&self) -> EngineKind {
        match self.conn {
            Conn::Sqlite(_) => EngineKind::Sqlite,
            Conn::Postgres(_) => EngineKind::Postgres,
        }
    }

    /// Exactly one row; [`Error::NoRow`] when there is none.
    pub async fn one<T: FromRow>(&self, q: &'static Sql, p: &[&dyn Value]) -> Result<T, Error> {
        self.opt(q, p).await?.ok_or(Error::NoRow)
    }

    /// One row or none.
    pub async fn opt<T: FromRow>(&self, q: &'static Sql, p: &[&dyn Value]) -> Result<Option<T>, Error> {
        at_most_one(self.all(q, p).await?)
    }

    /// All rows.
    pub async fn all<T: FromRow>(&self, q: &'static Sql, p: &[&dyn Value]) -> Result<Vec<T>, Error> {
        self.fetch(q.text, true, &bind_all(p)?).await
    }

    /// All rows of a statement built at run time (filters of a list).
    pub async fn all_dyn<T: FromRow>(&self, q: &impl sea_query::QueryStatementWriter) -> Result<Vec<T>, Error> {
        let (text, values) = self.build(q);
        self.fetch(&text, false, &dynamic(&values)?).await
    }

    /// One row or none of a statement built at run time.
    pub async fn opt_dyn<T: FromRow>(&self, q: &impl sea_query::QueryStatementWriter) -> Result<Option<T>, Error> {
        at_most_one(self.all_dyn(q).await?)
    }

    /// Exactly one row of a statement built at run time (a count).
    pub async fn one_dyn<T: FromRow>(&self, q: &impl sea_query::QueryStatementWriter) -> Result<T, Error> {
        self.opt_dyn(q).await?.ok_or(Error::NoRow)
    }

    fn build(&self, q: &impl sea_query::QueryStatementWriter) -> (String, sea_query::Values) {
        match self.conn {
            Conn::Sqlite(_) => q.build(sea_query::SqliteQueryBuilder),
            Conn::Postgres(_) => q.build(sea_query::PostgresQueryBuilder),
        }
    }

    pub(crate) async fn fetch<T: FromRow>(&self, text: &str, keep: bool, p: &[Bound<'_>]) -> Result<Vec<T>, Error> {
        self.scope.may_go_on()?;
        self.scope.statements.set(self.scope.statements.get() + 1);
        match &self.conn {
            Conn::Sqlite(conn) => {
                let rows = crate::sqlite::fetch(conn, text, keep, p, |row| T::from_row(&Row(RowOf::Sqlite(row))));
                match rows.map_err(|e| self.scope.note(e.at(text)))? {
                    Ok(rows) => Ok(rows),
                    Err(unreadable) => Err(unreadable.at(text)),
                }
            }
            Conn::Postgres(conn) => {
                let _flight = Flight::start(&self.scope.flying);
                let rows = crate::postgres::fetch(conn, text, keep, p).await.map_err(|e| self.scope.note(e.at(text)))?;
                rows.iter().map(|row| T::from_row(&Row(RowOf::Postgres(row)))).collect()
            }
        }
    }
}

fn at_most_one<T>(mut rows: Vec<T>) -> Result<Option<T>, Error> {
    if rows.len() > 1 { Err(Error::ManyRows) } else { Ok(rows.pop()) }
}

impl<'a> Write<'a> {
    pub(crate) fn new(conn: Conn<'a>) -> Self {
        Write { read: Read::new(conn) }
    }

    /// Runs a statement; answers how many rows it changed. (`INSERT … RETURNING` goes through `one`, `opt`, `all`.)
    pub async fn run(&self, q: &'static Sql, p: &[&dyn Value]) -> Result<u64, Error> {
        self.execute(q.text, true, &bind_all(p)?).await
    }

    /// Runs one statement for many rows of parameters ([`values!`](crate::values!)); on PostgreSQL they travel together.
    pub async fn run_each(&self, q: &'static Sql, rows: &[Vec<Bound<'_>>]) -> Result<u64, Error> {
        let mut changed = 0;
        for some in rows.chunks(128) {
            let runs = some.iter().map(|p| self.execute(q.text, true, p));
            changed += futures_util::future::try_join_all(runs).await?.iter().sum::<u64>();
        }
        Ok(changed)
    }

    /// Somebody else changed it first: on PostgreSQL the closure runs again from the start (at most 8 times), then the caller gets
    /// [`Error::Conflict`]. On SQLite units run one after another, so running again could not help.
    pub fn stale(&self) -> Error {
        self.scope.again.set(true);
        Error::Conflict
    }

    /// A number that counts up within this run of the unit: with the seed it gives ids that a second run makes again.
    pub fn serial(&self) -> u64 {
        let n = self.scope.serial.get();
        self.scope.serial.set(n + 1);
        n
    }

    /// Rings a bell after the commit.
    pub(crate) fn ring(&self, bell: u8) {
        self.scope.bells.set(self.scope.bells.get() | bell);
    }

    pub(crate) async fn execute(&self, text: &str, keep: bool, p: &[Bound<'_>]) -> Result<u64, Error> {
        self.scope.may_go_on()?;
        self.scope.statements.set(self.scope.statements.get() + 1);
        match &self.conn {
            Conn::Sqlite(conn) => crate::sqlite::execute(conn, text, keep, p),
            Conn::Postgres(conn) => {
                let _flight = Flight::start(&self.scope.flying);
                crate::postgres::execute(conn, text, keep, p).await
            }
        }
        .map_err(|e| self.scope.note(e.at(text)))
    }

    /// Asks the engine whether it understands a statement.
    pub(crate) async fn prepare(&self, text: &str) -> Result<(), Error> {
        match &self.conn {
            Conn::Sqlite(conn) => conn.prepare(text).map(drop).map_err(Error::from),
            Conn::Postgres(conn) => {
                let _flight = Flight::start(&self.scope.flying);
                conn.prepare(text).await.map(drop).map_err(Error::from)
            }
        }
        .map_err(|e| self.scope.note(e.at(text)))
    }

    /// Runs a script of several statements (migrations).
    pub(crate) async fn script(&self, text: &str) -> Result<(), Error> {
        self.scope.may_go_on()?;
        match &self.conn {
            Conn::Sqlite(conn) => conn.execute_batch(text).map_err(Error::from),
            Conn::Postgres(conn) => {
                let _flight = Flight::start(&self.scope.flying);
                conn.batch_execute(text).await.map_err(Error::from)
            }
        }
        .map_err(|e| self.scope.note(e.at(text)))
    }
}

/// `values![&a, &b]`: one row of parameters for [`Write::run_each`].
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { ::std::vec![$($crate::Value::bound($value)),*] };
}

fn dynamic(values: &sea_query::Values) -> Result<Vec<Bound<'_>>, Error> {
    use sea_query::Value as V;
    values
        .0
        .iter()
        .map(|value| {
            check(match value {
                V::Bool(v) => v.map_or(Bound::Null, Bound::Bool),
                V::TinyInt(v) => v.map_or(Bound::Null, |n| Bound::Int(n.into())),
                V::SmallInt(v) => v.map_or(Bound::Null, |n| Bound::Int(n.into())),
                V::Int(v) => v.map_or(Bound::Null, |n| Bound::Int(n.into())),
                V::BigInt(v) => v.map_or(Bound::Null, Bound::Int),
                V::TinyUnsigned(v) => v.map_or(Bound::Null, |n| Bound::Int(n.into())),
                V::SmallUnsigned(v) => v.map_or(Bound::Null, |n| Bound::Int(n.into())),
                V::Unsigned(v) => v.map_or(Bound::Null, |n| Bound::Int(n.into())),
                V::BigUnsigned(Some(n)) => Bound::Int(i64::try_from(*n).map_err(|_| Error::Value(format!("{n} is too large")))?),
                V::BigUnsigned(None) => Bound::Null,
                V::String(v) => v.as_ref().map_or(Bound::Null, |s| Bound::Text(s.as_str().into())),
                V::Char(v) => v.map_or(Bound::Null, |c| Bound::Text(c.to_string().into())),
                V::Bytes(v) => v.as_ref().map_or(Bound::Null, |b| Bound::Bytes(b.as_slice().into())),
                V::Uuid(v) => v.map_or(Bound::Null, Bound::Uuid),
                other => return Err(Error::Value(format!("{other:?} is none of our kinds"))),
            })
        })
        .collect()
}
