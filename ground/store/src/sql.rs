//! Statements: written once for both engines, registered where they are written.

pub use linkme;

use crate::EngineKind;

/// One registered statement. Made by [`sql!`](crate::sql!) only.
#[derive(Debug)]
pub struct Sql {
    /// The statement, parameters `$1`, `$2`, …
    pub text: &'static str,
    /// File it stands in.
    pub file: &'static str,
    /// Line it stands at.
    pub line: u32,
    /// Set for the rare statement of one engine.
    pub only: Option<EngineKind>,
}

/// All statements of the program: one test prepares each of them on both engines.
#[linkme::distributed_slice]
pub static STATEMENTS: [Sql];

/// All statements linked into this program.
pub fn statements() -> &'static [Sql] {
    &STATEMENTS
}

/// `sql!("SELECT … WHERE id = $1")`: a registered statement, `&'static Sql`. For one engine only: `sql!(sqlite "PRAGMA …")`.
#[macro_export]
macro_rules! sql {
    (sqlite $text:literal $(,)?) => { $crate::sql!(@ $text, ::std::option::Option::Some($crate::EngineKind::Sqlite)) };
    (postgres $text:literal $(,)?) => { $crate::sql!(@ $text, ::std::option::Option::Some($crate::EngineKind::Postgres)) };
    (@ $text:expr, $only:expr) => {{
        #[allow(unsafe_code)] // the registry is a section of the program; nothing of ours is unsafe
        #[$crate::linkme::distributed_slice($crate::STATEMENTS)]
        #[linkme(crate = $crate::linkme)]
        static STATEMENT: $crate::Sql = $crate::Sql { text: $text, file: file!(), line: line!(), only: $only };
        &STATEMENT
    }};
    ($text:expr $(,)?) => { $crate::sql!(@ $text, ::std::option::Option::None) };
}

/// Lets the engine prepare every registered statement; answers those it does not understand, with the place where they are written.
pub async fn prepare_all(db: &crate::Db) -> Result<Vec<String>, crate::Error> {
    let mut faults = Vec::new();
    for statement in statements().iter().filter(|s| s.only.is_none_or(|only| only == db.kind())) {
        let prepared = db.write(async move |tx: &crate::Write<'_>| tx.prepare(statement.text).await).await;
        if let Err(e) = prepared {
            faults.push(format!("{}:{}: {e}", statement.file, statement.line));
        }
    }
    Ok(faults)
}
