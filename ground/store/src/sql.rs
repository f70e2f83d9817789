//! Statements: written once for both engines, registered where they are written.

pub use linkme;

/// One registered statement. Made by [`sql!`](crate::sql!) only.
#[derive(Debug)]
pub struct Sql {
    /// The statement, parameters `$1`, `$2`, …
    pub text: &'static str,
    /// File it stands in.
    pub file: &'static str,
    /// Line it stands at.
    pub line: u32,
}

/// All statements of the program: one test prepares each of them on both engines.
#[linkme::distributed_slice]
pub static STATEMENTS: [Sql];

/// All statements linked into this program.
pub fn statements() -> &'static [Sql] {
    &STATEMENTS
}

/// `sql!("SELECT … WHERE id = $1")`: a registered statement, `&'static Sql`.
#[macro_export]
macro_rules! sql {
    ($text:expr $(,)?) => {{
        #[allow(unsafe_code)] // the registry is a section of the program; nothing of ours is unsafe
        #[$crate::linkme::distributed_slice($crate::STATEMENTS)]
        #[linkme(crate = $crate::linkme)]
        static STATEMENT: $crate::Sql = $crate::Sql { text: $text, file: file!(), line: line!() };
        &STATEMENT
    }};
}

/// Lets the engine prepare every registered statement; answers those it does not understand, with the place where they are written.
pub async fn prepare_all(db: &crate::Db) -> Result<Vec<String>, crate::Error> {
    let mut faults = Vec::new();
    for statement in statements() {
        let prepared = db.write(async move |tx: &crate::Write<'_>| tx.prepare(statement.text).await).await;
        if let Err(e) = prepared {
            faults.push(format!("{}:{}: {e}", statement.file, statement.line));
        }
    }
    Ok(faults)
}
