//! Migrations: written once with five type words, recorded by hash, never changed afterwards.
//!
//! `uuid bigint text boolean bytea` are PostgreSQL's own; for SQLite they become BLOB, INTEGER and TEXT, and tables are STRICT.
//! A block between `-- only: sqlite` (or `postgres`) and `-- end` is left out on the other engine.

use sha2::{Digest, Sha256};

use crate::{Db, EngineKind, Error, Read, Write, sql};

/// One step of a room's schema.
#[derive(Clone, Copy, Debug)]
pub struct Migration {
    /// 1, 2, 3 … without a gap within the room.
    pub number: u32,
    /// What it does, for people.
    pub name: &'static str,
    /// The text, from a file under `migrations/`.
    pub sql: &'static str,
}

/// The migrations of this crate: always the first room.
pub const GROUND: &[Migration] = &[
    Migration { number: 1, name: "ground", sql: include_str!("../migrations/0001_ground.sql") },
    Migration { number: 2, name: "house", sql: include_str!("../migrations/0002_house.sql") },
];

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS store_migration (
    room text NOT NULL, number bigint NOT NULL, name text NOT NULL, sha256 text NOT NULL, PRIMARY KEY (room, number))";

/// Brings the schema to where the program expects it, each step in its own transaction; answers how many steps were taken.
///
/// The ground comes first, then the rooms in their order. A changed or unknown recorded step is refused before anything is done.
pub async fn migrate(db: &Db, rooms: &[(&'static str, &'static [Migration])]) -> Result<usize, Error> {
    let names = db.read(async |tx: &Read<'_>| crate::schema::table_names(tx).await).await?;
    if names.iter().any(|name| name == "store_restoring") {
        return Err(Error::Migration("a restore into this database was interrupted: run it again".into()));
    }
    let all: Vec<_> = std::iter::once(("store", GROUND)).chain(rooms.iter().copied()).collect();
    steps(db, &all).await
}

/// The same with the ground among the rooms, and during a restore.
pub(crate) async fn steps(db: &Db, rooms: &[(&'static str, &'static [Migration])]) -> Result<usize, Error> {
    let ledger = translate(LEDGER, db.kind());
    let make = async move |tx: &Write<'_>| tx.script(&ledger).await;
    if db.write(make.clone()).await.is_err() {
        // PostgreSQL's IF NOT EXISTS does not cover two who make the table at the same moment: asked again, the second finds it. Any other
        // error comes again too.
        db.write(make).await?;
    }
    check_order(rooms)?;
    let mut open = Vec::new();
    for (room, steps) in rooms.iter().copied() {
        let recorded = recorded(db, room).await?;
        compare(room, steps, &recorded)?;
        open.extend(steps[recorded.len()..].iter().map(|step| (room, step)));
    }
    let mut taken = 0;
    for (room, step) in open {
        let kind = db.kind();
        let took = db
            .write_within(std::time::Duration::from_secs(60), async move |tx: &Write<'_>| take(tx, room, step, kind).await)
            .await
            .map_err(|e| if e.is_passing() { e } else { Error::Migration(format!("{room} {}: {e}", step.number)) })?;
        taken += usize::from(took);
    }
    Ok(taken)
}

/// Takes one step unless another process has just taken it.
async fn take(tx: &Write<'_>, room: &'static str, step: &'static Migration, kind: EngineKind) -> Result<bool, Error> {
    if kind == EngineKind::Postgres {
        // Two servers that start together take turns; SQLite's writers do so anyway.
        tx.script("LOCK TABLE store_migration IN EXCLUSIVE MODE").await?;
    }
    let mine = tx
        .run(
            sql!("INSERT INTO store_migration (room, number, name, sha256) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING"),
            &[&room, &step.number, &step.name, &fingerprint(step)],
        )
        .await?;
    if mine == 1 {
        tx.script(&translate(step.sql, kind)).await?;
    }
    Ok(mine == 1)
}

async fn recorded(db: &Db, room: &'static str) -> Result<Vec<(i64, String)>, Error> {
    db.read(async move |tx: &Read<'_>| {
        tx.all(sql!("SELECT number, sha256 FROM store_migration WHERE room = $1 ORDER BY number"), &[&room]).await
    })
    .await
}

fn check_order(rooms: &[(&str, &[Migration])]) -> Result<(), Error> {
    for (room, steps) in rooms {
        for (i, step) in steps.iter().enumerate() {
            if step.number as usize != i + 1 {
                return Err(Error::Migration(format!("{room}: step {} stands where {} belongs", step.number, i + 1)));
            }
        }
    }
    Ok(())
}

fn compare(room: &str, steps: &[Migration], recorded: &[(i64, String)]) -> Result<(), Error> {
    if recorded.len() > steps.len() {
        return Err(Error::Migration(format!("the database is newer than this program (room {room})")));
    }
    for (step, (number, sha256)) in steps.iter().zip(recorded) {
        if i64::from(step.number) != *number || fingerprint(step) != *sha256 {
            return Err(Error::Migration(format!("{room} {}: the text was changed after it had been applied", step.number)));
        }
    }
    Ok(())
}

pub(crate) fn fingerprint(step: &Migration) -> String {
    hex::encode(Sha256::digest(step.sql.as_bytes()))
}

/// The text as one engine wants it.
pub fn translate(text: &str, kind: EngineKind) -> String {
    let own = only(text, kind);
    if kind == EngineKind::Postgres {
        return own;
    }
    let mut out = String::with_capacity(own.len() + 64);
    let (mut depth, mut table) = (0u32, false);
    let mut before = [String::new(), String::new()];
    for piece in pieces(&own) {
        match piece {
            Piece::Word(word) => {
                let lower = word.to_ascii_lowercase();
                // CREATE TABLE … : the closing parenthesis gets STRICT. CREATE VIRTUAL TABLE has another word in between.
                if depth == 0 && lower == "table" && before[1] == "create" {
                    table = true;
                }
                out.push_str(match lower.as_str() {
                    "uuid" | "bytea" => "BLOB",
                    "bigint" | "boolean" => "INTEGER",
                    "text" => "TEXT",
                    _ => word,
                });
                before.swap(0, 1);
                before[1] = lower;
            }
            Piece::Other(other) => {
                match other {
                    "(" => depth += 1,
                    ")" => depth = depth.saturating_sub(1),
                    ";" => table = false,
                    _ => {}
                }
                out.push_str(other);
                if other == ")" && depth == 0 && std::mem::take(&mut table) {
                    out.push_str(" STRICT");
                }
            }
        }
    }
    out
}

/// The text without the blocks of either engine: what is common.
pub(crate) fn common(text: &str) -> String {
    blocks(text, None)
}

/// Leaves out the blocks of the other engine.
fn only(text: &str, kind: EngineKind) -> String {
    blocks(text, Some(kind))
}

fn blocks(text: &str, kind: Option<EngineKind>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut skip = false;
    for line in text.split_inclusive('\n') {
        let mark = line.trim().strip_prefix("--").map(str::trim);
        match mark {
            Some("only: sqlite") => skip = kind != Some(EngineKind::Sqlite),
            Some("only: postgres") => skip = kind != Some(EngineKind::Postgres),
            Some("end") => skip = false,
            _ if !skip => out.push_str(line),
            _ => {}
        }
    }
    out
}

pub(crate) enum Piece<'a> {
    Word(&'a str),
    /// A string, a comment, a quoted name, white space, or one sign.
    Other(&'a str),
}

/// Cuts SQL into words and the rest, so that strings and comments are never touched.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (len, word) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                (rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len()), true)
            }
            '\'' | '"' => (rest[1..].find(first).map_or(rest.len(), |at| at + 2), false),
            '-' if rest.starts_with("--") => (rest.find('\n').unwrap_or(rest.len()), false),
            _ => (first.len_utf8(), false),
        };
        let (piece, after) = rest.split_at(len);
        rest = after;
        Some(if word { Piece::Word(piece) } else { Piece::Other(piece) })
    })
}
