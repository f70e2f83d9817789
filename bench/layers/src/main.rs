//! `layers ENGINE PLACE TASKS SECONDS`: durable units of work and point reads a second through sqlx and through SeaORM.
//!
//! The unit is that of `motcua-bench layers`: a row as large as a filled form, its event, and the key of the request, committed durably.
//! One line a layer: `sqlx 1770 28000`. SQLite gets what its users are advised: one connection that writes, several that read, WAL, full sync.
use std::{
    sync::Arc,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, TransactionTrait};
use sqlx::{
    Executor, PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use uuid::Uuid;

type Fault = Box<dyn std::error::Error + Send + Sync>;

const POSTGRES_TABLES: [&str; 4] = [
    "DROP TABLE IF EXISTS layer_row, layer_event, layer_key",
    "CREATE TABLE layer_row (id uuid PRIMARY KEY, code text NOT NULL UNIQUE, body text NOT NULL, at bigint NOT NULL)",
    "CREATE TABLE layer_event (stream uuid NOT NULL, seq bigint NOT NULL, kind text NOT NULL, body text NOT NULL, PRIMARY KEY (stream, seq))",
    "CREATE TABLE layer_key (key text PRIMARY KEY, digest text NOT NULL, answer text NOT NULL, at bigint NOT NULL)",
];
const SQLITE_TABLES: [&str; 3] = [
    "CREATE TABLE layer_row (id blob NOT NULL PRIMARY KEY, code text NOT NULL UNIQUE, body text NOT NULL, at integer NOT NULL)",
    "CREATE TABLE layer_event (stream blob NOT NULL, seq integer NOT NULL, kind text NOT NULL, body text NOT NULL, PRIMARY KEY (stream, seq))",
    "CREATE TABLE layer_key (key text NOT NULL PRIMARY KEY, digest text NOT NULL, answer text NOT NULL, at integer NOT NULL)",
];

mod row {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "layer_row")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub code: String,
        pub body: String,
        pub at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod event {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "layer_event")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub stream: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub kind: String,
        pub body: String,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

mod key {
    use sea_orm::entity::prelude::*;
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "layer_key")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub digest: String,
        pub answer: String,
        pub at: i64,
    }
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What every layer writes in one unit.
struct Unit {
    id: Uuid,
    code: String,
    body: String,
}

impl Unit {
    fn numbered(layer: &str, n: u64) -> Unit {
        Unit { id: Uuid::new_v4(), code: format!("{layer}{n}"), body: "x".repeat(1500) }
    }

    fn event(&self) -> String {
        format!("{{\"code\":\"{}\"}}", self.code)
    }
}

macro_rules! sqlx_layer {
    ($write:ident, $read:ident, $pool:ty) => {
        async fn $write(pool: $pool, n: u64) -> Result<(), Fault> {
            let unit = Unit::numbered("A", n);
            let mut tx = pool.begin().await?;
            sqlx::query("INSERT INTO layer_row (id, code, body, at) VALUES ($1, $2, $3, $4)")
                .bind(unit.id)
                .bind(&unit.code)
                .bind(&unit.body)
                .bind(n as i64)
                .execute(&mut *tx)
                .await?;
            sqlx::query("INSERT INTO layer_event (stream, seq, kind, body) VALUES ($1, $2, $3, $4)")
                .bind(unit.id)
                .bind(1_i64)
                .bind("made")
                .bind(unit.event())
                .execute(&mut *tx)
                .await?;
            sqlx::query("INSERT INTO layer_key (key, digest, answer, at) VALUES ($1, $2, $3, $4)")
                .bind(&unit.code)
                .bind(&unit.body)
                .bind(&unit.code)
                .bind(n as i64)
                .execute(&mut *tx)
                .await?;
            Ok(tx.commit().await?)
        }

        async fn $read(pool: $pool, n: u64) -> Result<(), Fault> {
            let found: Option<(String,)> = sqlx::query_as("SELECT body FROM layer_row WHERE code = $1")
                .bind(format!("A{n}"))
                .fetch_optional(&pool)
                .await?;
            found.map(drop).ok_or_else(|| "a row is missing".into())
        }
    };
}
sqlx_layer!(sqlite_write, sqlite_read, SqlitePool);
sqlx_layer!(postgres_write, postgres_read, PgPool);

async fn orm_write(db: DatabaseConnection, n: u64) -> Result<(), Fault> {
    let unit = Unit::numbered("O", n);
    let tx = db.begin().await?;
    let made = event::ActiveModel {
        stream: Set(unit.id),
        seq: Set(1),
        kind: Set("made".to_owned()),
        body: Set(unit.event()),
    };
    let asked = key::ActiveModel {
        key: Set(unit.code.clone()),
        digest: Set(unit.body.clone()),
        answer: Set(unit.code.clone()),
        at: Set(n as i64),
    };
    let new = row::ActiveModel { id: Set(unit.id), code: Set(unit.code), body: Set(unit.body), at: Set(n as i64) };
    row::Entity::insert(new).exec_without_returning(&tx).await?;
    event::Entity::insert(made).exec_without_returning(&tx).await?;
    key::Entity::insert(asked).exec_without_returning(&tx).await?;
    Ok(tx.commit().await?)
}

async fn orm_read(db: DatabaseConnection, n: u64) -> Result<(), Fault> {
    let found = row::Entity::find().filter(row::Column::Code.eq(format!("O{n}"))).one(&db).await?;
    found.map(drop).ok_or_else(|| "a row is missing".into())
}

/// So many a second, from so many tasks at once; also how many were done.
async fn rate<F, W>(tasks: u64, span: Duration, from: &Arc<AtomicU64>, work: W) -> Result<f64, Fault>
where
    W: Fn(u64) -> F + Clone + Send + 'static,
    F: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let (started, before) = (Instant::now(), from.load(Ordering::Relaxed));
    let crew = (0..tasks).map(|_| {
        let (work, next) = (work.clone(), from.clone());
        tokio::spawn(async move {
            while started.elapsed() < span {
                work(next.fetch_add(1, Ordering::Relaxed)).await?;
            }
            Ok::<_, Fault>(())
        })
    });
    for worker in crew.collect::<Vec<_>>() {
        worker.await??;
    }
    Ok((from.load(Ordering::Relaxed) - before) as f64 / started.elapsed().as_secs_f64())
}

/// Writes, then reads of what was written in a scattered order.
async fn layer<W, R, FW, FR>(name: &str, tasks: u64, span: Duration, write: W, read: R) -> Result<(), Fault>
where
    W: Fn(u64) -> FW + Clone + Send + 'static,
    R: Fn(u64) -> FR + Clone + Send + 'static,
    FW: Future<Output = Result<(), Fault>> + Send + 'static,
    FR: Future<Output = Result<(), Fault>> + Send + 'static,
{
    let (made, turn) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let units = rate(tasks, span, &made, write).await?;
    let total = made.load(Ordering::Relaxed);
    let reads = rate(tasks, span, &turn, move |n| read(n.wrapping_mul(2_654_435_761) % total)).await?;
    println!("{name} {units:.0} {reads:.0}");
    Ok(())
}

fn sqlite(path: &str) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(30))
}

#[tokio::main]
async fn main() -> Result<(), Fault> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [engine, place, tasks, seconds] = &args[..] else { return Err("layers ENGINE PLACE TASKS SECONDS".into()) };
    let (tasks, span) = (tasks.parse()?, Duration::from_secs(seconds.parse()?));
    match engine.as_str() {
        "sqlite" => {
            let writer = SqlitePoolOptions::new().max_connections(1).connect_with(sqlite(place)).await?;
            let readers = SqlitePoolOptions::new().max_connections(4).connect_with(sqlite(place)).await?;
            for table in SQLITE_TABLES {
                writer.execute(table).await?;
            }
            let orm = |pool: &SqlitePool| sea_orm::SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.clone());
            let (orm_writer, orm_readers) = (orm(&writer), orm(&readers));
            layer("sqlx", tasks, span, move |n| sqlite_write(writer.clone(), n), move |n| sqlite_read(readers.clone(), n)).await?;
            layer("SeaORM", tasks, span, move |n| orm_write(orm_writer.clone(), n), move |n| orm_read(orm_readers.clone(), n)).await
        }
        "postgres" => {
            let pool = PgPoolOptions::new().max_connections(32).connect(place).await?;
            for table in POSTGRES_TABLES {
                pool.execute(table).await?;
            }
            let (orm, its, again) =
                (sea_orm::SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone()), pool.clone(), pool.clone());
            let orm_again = orm.clone();
            layer("sqlx", tasks, span, move |n| postgres_write(its.clone(), n), move |n| postgres_read(again.clone(), n)).await?;
            layer("SeaORM", tasks, span, move |n| orm_write(orm.clone(), n), move |n| orm_read(orm_again.clone(), n)).await
        }
        other => Err(format!("{other}: sqlite or postgres").into()),
    }
}
