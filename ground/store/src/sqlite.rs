//! SQLite: one writer thread whose units share commits, some reader threads, WAL.

use std::{
    cell::RefCell,
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    pin::pin,
    sync::{Arc, LazyLock, Mutex, PoisonError, RwLock, mpsc as std_mpsc},
    task::{Context, Poll, Waker},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{
    Error, Read, StoreOptions, Write,
    db::{Conn, Errand, Inner, Scope},
    value::Bound,
};

/// The oldest SQLite we stand on: 3.51.3 mended a rare corruption of the WAL when one connection resets it while another writes.
const OLDEST: i32 = 3_051_003;
/// A batch takes no further unit after this time, so that the first does not wait for ever.
const BATCH: Duration = Duration::from_millis(10);

/// A unit on its way to the writer: runs inside the open transaction, or is told why there is none.
type Task = Box<dyn FnOnce(Result<&Connection, Error>) -> Reply + Send>;
/// Told how the commit went.
type Reply = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// Units that go ahead of the others: taken at the beginning of each batch.
type Urgent = Mutex<VecDeque<Task>>;
/// A look on its way to a reader.
type Look = Box<dyn FnOnce(&Connection) + Send>;

pub(crate) struct Sqlite {
    /// The file.
    pub(crate) path: PathBuf,
    /// `None` once closed: the threads end when they have done what was sent before.
    doors: RwLock<Option<Doors>>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Clone)]
struct Doors {
    writer: mpsc::Sender<Task>,
    urgent: Arc<Urgent>,
    readers: std_mpsc::Sender<Look>,
}

impl Sqlite {
    pub(crate) fn open(path: &Path, options: &StoreOptions) -> Result<Sqlite, Error> {
        if rusqlite::version_number() < OLDEST {
            return Err(Error::Unfit(format!("SQLite {} is older than 3.51.3", rusqlite::version())));
        }
        if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| Error::Away(format!("{}: {e}", folder.display())))?;
        }
        crate::swap::finish(path, options.patience)?;
        make_private(path);
        let conn = connect(path, options)?;
        let (writer, inbox) = mpsc::channel::<Task>(4096);
        let group = options.group.max(1);
        let urgent = Arc::new(Urgent::default());
        let first = urgent.clone();
        let mut threads = vec![spawn("store-writer", move || write_loop(&conn, inbox, &first, group))?];

        let (readers, looks) = std_mpsc::channel::<Look>();
        let looks = Arc::new(Mutex::new(looks));
        for _ in 0..options.readers.max(1) {
            let conn = connect(path, options)?;
            conn.execute_batch("PRAGMA query_only = ON")?;
            let looks = looks.clone();
            threads.push(spawn("store-reader", move || read_loop(&conn, &looks))?);
        }
        let doors = RwLock::new(Some(Doors { writer, urgent, readers }));
        Ok(Sqlite { path: path.to_owned(), doors, threads: Mutex::new(threads) })
    }

    fn doors(&self) -> Result<Doors, Error> {
        let doors = self.doors.read().unwrap_or_else(PoisonError::into_inner);
        doors.clone().ok_or_else(|| Error::Away("the database was closed".into()))
    }

    pub(crate) async fn close(&self) {
        drop(self.doors.write().unwrap_or_else(PoisonError::into_inner).take());
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let ended = tokio::task::spawn_blocking(move || threads.into_iter().for_each(|t| drop(t.join())));
        drop(ended.await);
    }

    pub(crate) async fn write<T, E, F>(&self, inner: Arc<Inner>, errand: Errand, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&Write<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (tx, rx) = oneshot::channel();
        let wake = Arc::downgrade(&inner);
        let (patience, first) = (inner.options.patience, errand.first);
        drop(inner);
        let task: Task = Box::new(move |conn| {
            let (result, bells) = match conn {
                Ok(conn) => run_unit(conn, &errand, unit),
                Err(e) => (Err(e.into()), 0),
            };
            Box::new(move |committed| {
                let answer = match committed {
                    Ok(()) => {
                        if let Some(inner) = wake.upgrade().filter(|_| result.is_ok()) {
                            inner.wake.ring(bells);
                        }
                        result
                    }
                    // A unit that failed by itself keeps its own reason.
                    Err(e) => result.and_then(|_| Err(e.into())),
                };
                // The caller may have gone away; what is committed stays committed.
                let _ = tx.send(answer);
            })
        });
        let doors = self.doors()?;
        if first {
            doors.urgent.lock().unwrap_or_else(PoisonError::into_inner).push_back(task);
            // Only to wake an idle writer; a busy one looks by itself.
            let _ = doors.writer.try_send(Box::new(|_| Box::new(|_| ())));
            return rx.await.unwrap_or_else(|_| Err(Error::Away("the writer has stopped".into()).into()));
        }
        match tokio::time::timeout(patience, doors.writer.send(task)).await {
            Ok(Ok(())) => rx.await.unwrap_or_else(|_| Err(Error::Panicked.into())),
            Ok(Err(_)) => Err(Error::Away("the writer has stopped".into()).into()),
            Err(_) => Err(Error::Busy("too many units wait".into()).into()),
        }
    }

    pub(crate) async fn read<T, E, F>(&self, errand: Errand, look: F) -> Result<T, E>
    where
        F: AsyncFn(&Read<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (tx, rx) = oneshot::channel();
        let task: Look = Box::new(move |conn| {
            let _ = tx.send(run_look(conn, &errand, look));
        });
        if self.doors()?.readers.send(task).is_err() {
            return Err(Error::Away("the readers have stopped".into()).into());
        }
        rx.await.unwrap_or_else(|_| Err(Error::Panicked.into()))
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Error> {
    std::thread::Builder::new().name(name.into()).spawn(work).map_err(|e| Error::Away(format!("no thread: {e}")))
}

/// Makes the file when it is not there: nobody else on the machine may read it. When it cannot be made, SQLite says why.
fn make_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    drop(std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path));
}

fn connect(path: &Path, options: &StoreOptions) -> Result<Connection, Error> {
    let conn = Connection::open(path).map_err(|e| match Error::from(e) {
        Error::Away(words) => Error::Away(format!("{}: {words}", path.display())),
        other => other,
    })?;
    conn.busy_timeout(options.patience)?;
    let mode: String = conn.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Error::Unfit(format!("{} cannot be used in WAL mode (found {mode})", path.display())));
    }
    conn.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = 67108864; PRAGMA cache_size = -8000",
    )?;
    conn.set_prepared_statement_cache_capacity(512);
    Ok(conn)
}

/// Takes units as they come; those that wait together share one commit.
fn write_loop(conn: &Connection, mut inbox: mpsc::Receiver<Task>, urgent: &Urgent, group: usize) {
    while let Some(next) = inbox.blocking_recv() {
        let mut tasks = std::mem::take(&mut *urgent.lock().unwrap_or_else(PoisonError::into_inner));
        tasks.push_back(next);
        if let Err(e) = begin(conn) {
            while tasks.len() < group
                && let Ok(task) = inbox.try_recv()
            {
                tasks.push_back(task);
            }
            for task in tasks {
                task(Err(e.clone()))(Err(e.clone()));
            }
            continue;
        }
        let started = Instant::now();
        let mut replies = Vec::with_capacity(group);
        while let Some(task) = tasks.pop_front() {
            // Some errors (full disk) make SQLite roll back the whole transaction: then nothing more may run in it.
            let lost = conn.is_autocommit();
            replies.push(task(if lost { Err(Error::Full(LOST.into())) } else { Ok(conn) }));
            if tasks.is_empty() && replies.len() < group && !lost && started.elapsed() < BATCH {
                tasks.extend(inbox.try_recv().ok());
            }
        }
        metrics::histogram!("store_batch_units").record(u32::try_from(replies.len()).map_or(f64::MAX, f64::from));
        let committed = commit(conn);
        metrics::histogram!("store_batch_seconds").record(started.elapsed().as_secs_f64());
        for reply in replies {
            reply(committed.clone());
        }
    }
}

const LOST: &str = "the database rolled the whole batch back";

fn begin(conn: &Connection) -> Result<(), Error> {
    if !conn.is_autocommit() {
        conn.execute_batch("ROLLBACK")?;
    }
    command(conn, "BEGIN IMMEDIATE")
}

fn commit(conn: &Connection) -> Result<(), Error> {
    if conn.is_autocommit() {
        return Err(Error::Full(LOST.into()));
    }
    command(conn, "COMMIT").inspect_err(|e| {
        tracing::error!(error = %e, "a commit failed; its units were rolled back");
        if !conn.is_autocommit()
            && let Err(e) = conn.execute_batch("ROLLBACK")
        {
            tracing::error!(error = %e, "rolling back failed too");
        }
    })
}

fn command(conn: &Connection, text: &str) -> Result<(), Error> {
    Ok(conn.prepare_cached(text)?.raw_execute().map(drop)?)
}

fn read_loop(conn: &Connection, looks: &Mutex<std_mpsc::Receiver<Look>>) {
    loop {
        // Whoever holds the lock waits for the next look; the others wait for the lock.
        let next = looks.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(look) = next else { return };
        look(conn);
    }
}

fn run_unit<T, E, F>(conn: &Connection, errand: &Errand, unit: F) -> (Result<T, E>, u8)
where
    F: AsyncFn(&Write<'_>) -> Result<T, E>,
    E: From<Error>,
{
    let _span = errand.span.enter();
    let started = Instant::now();
    if let Err(e) = command(conn, "SAVEPOINT unit") {
        return (Err(e.into()), 0);
    }
    let tx = Write::new(Conn::Sqlite(conn));
    let mut result = judged(&tx.scope, catch_unwind(AssertUnwindSafe(|| once(unit(&tx)))));
    if result.is_ok()
        && let Err(e) = command(conn, "RELEASE unit")
    {
        result = Err(e.into());
    }
    if result.is_err() && !conn.is_autocommit() {
        let undone = command(conn, "ROLLBACK TO unit").and_then(|()| command(conn, "RELEASE unit"));
        if let Err(e) = undone {
            // A unit that cannot be taken back must not be committed with the others.
            tracing::error!(error = %e, "a unit could not be rolled back: the batch is given up");
            let _ = conn.execute_batch("ROLLBACK");
        }
    }
    errand.book("write", &tx.scope, started.elapsed(), result.is_ok());
    (result, tx.scope.bells.get())
}

fn run_look<T, E, F>(conn: &Connection, errand: &Errand, look: F) -> Result<T, E>
where
    F: AsyncFn(&Read<'_>) -> Result<T, E>,
    E: From<Error>,
{
    let _span = errand.span.enter();
    let started = Instant::now();
    command(conn, "BEGIN").map_err(E::from)?;
    let tx = Read::new(Conn::Sqlite(conn));
    let result = judged(&tx.scope, catch_unwind(AssertUnwindSafe(|| once(look(&tx)))));
    if !conn.is_autocommit()
        && let Err(e) = command(conn, "COMMIT").or_else(|_| command(conn, "ROLLBACK"))
    {
        tracing::error!(error = %e, "a look could not be ended");
    }
    errand.book("read", &tx.scope, started.elapsed(), result.is_ok());
    result
}

/// Turns what a closure left behind into its answer: a panic, a wait or a swallowed error is an error.
pub(crate) fn judged<T, E: From<Error>>(scope: &Scope, run: std::thread::Result<Result<Result<T, E>, Error>>) -> Result<T, E> {
    match run {
        Err(_) => Err(Error::Panicked.into()),
        Ok(Err(waited)) => Err(waited.into()),
        Ok(Ok(Err(own))) => Err(own),
        Ok(Ok(Ok(value))) => match scope.failed() {
            Some(first) => Err(Error::WentOn(Box::new(first)).into()),
            None => Ok(value),
        },
    }
}

/// Polls once: on SQLite nothing a unit may await takes more than that.
fn once<F: Future>(work: F) -> Result<F::Output, Error> {
    match pin!(work).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(out) => Ok(out),
        Poll::Pending => Err(Error::Waited),
    }
}

/// `$n` is a *name* to SQLite: bound by name, never by order of appearance.
static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| (1..=999).map(|n| format!("${n}")).collect());

fn bind(statement: &mut rusqlite::Statement<'_>, named: bool, p: &[Bound<'_>]) -> Result<(), Error> {
    if statement.parameter_count() != p.len() {
        return Err(Error::Value(format!("{} parameters given, {} asked", p.len(), statement.parameter_count())));
    }
    for (i, value) in p.iter().enumerate() {
        let at = match NAMES.get(i).filter(|_| named) {
            Some(name) => {
                statement.parameter_index(name)?.ok_or_else(|| Error::Value(format!("{name} is not in the statement")))?
            }
            None => i + 1,
        };
        statement.raw_bind_parameter(at, value)?;
    }
    Ok(())
}

fn with<T>(
    conn: &Connection,
    text: &str,
    keep: bool,
    work: impl FnOnce(&mut rusqlite::Statement<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    if keep { work(&mut *conn.prepare_cached(text)?) } else { work(&mut conn.prepare(text)?) }
}

/// Rows of a statement. The inner error is a row that could not be read: the program's fault, the transaction goes on.
pub(crate) fn fetch<T>(
    conn: &Connection,
    text: &str,
    keep: bool,
    p: &[Bound<'_>],
    read: impl Fn(&rusqlite::Row<'_>) -> Result<T, Error>,
) -> Result<Result<Vec<T>, Error>, Error> {
    with(conn, text, keep, |statement| {
        bind(statement, keep, p)?;
        let mut rows = statement.raw_query();
        let (mut out, unreadable) = (Vec::new(), RefCell::new(None));
        while let Some(row) = rows.next()? {
            match read(row) {
                Ok(value) => out.push(value),
                Err(e) => drop(unreadable.borrow_mut().get_or_insert(e)),
            }
        }
        Ok(unreadable.into_inner().map_or(Ok(out), Err))
    })
}

pub(crate) fn execute(conn: &Connection, text: &str, keep: bool, p: &[Bound<'_>]) -> Result<u64, Error> {
    with(conn, text, keep, |statement| {
        bind(statement, keep, p)?;
        Ok(statement.raw_execute()? as u64)
    })
}
