//! Search in folded text: the same answers on both engines, because words are cut and folded here and nowhere else.
//!
//! For lists of dossiers and people. What needs ranking (the catalogue) keeps its own index in memory.

use sea_query::{Condition, Expr, ExprTrait, SimpleExpr};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{EngineKind, Error, Read, Write, sql};

/// Words a text is found by ([`base::text::tokens`]); PostgreSQL bounds their length, so we do on both engines.
fn words(text: &str) -> Vec<String> {
    base::text::tokens(text).iter().map(|w| w.chars().take(64).collect()).collect()
}

/// Makes a thing findable by these texts, instead of those it was found by before.
pub async fn index(tx: &Write<'_>, kind: &str, thing: Uuid, texts: &[&str]) -> Result<(), Error> {
    let mut all: Vec<String> = texts.iter().flat_map(|t| words(t)).collect();
    all.sort();
    all.dedup();
    let text = all.join(" ");
    let known =
        tx.run(sql!("UPDATE store_search SET words = $1 WHERE kind = $2 AND thing = $3"), &[&text, &kind, &thing]).await?;
    if known == 0 {
        let hash = Sha256::new().chain_update(kind).chain_update([0]).chain_update(thing).finalize();
        let mut doc = [0; 8];
        doc.copy_from_slice(&hash[..8]);
        let doc = i64::from_be_bytes(doc);
        tx.run(sql!("INSERT INTO store_search (doc, kind, thing, words) VALUES ($1, $2, $3, $4)"), &[&doc, &kind, &thing, &text])
            .await?;
    }
    Ok(())
}

/// The thing is found no more.
pub async fn unindex(tx: &Write<'_>, kind: &str, thing: Uuid) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM store_search WHERE kind = $1 AND thing = $2"), &[&kind, &thing]).await.map(drop)
}

/// A condition for a list: `id` is one of the things that contain all words of the query, the last one as a beginning.
///
/// An empty query limits nothing.
pub fn found(tx: &Read<'_>, kind: &str, query: &str, id: impl Into<SimpleExpr>) -> Condition {
    let words = words(query);
    if words.is_empty() {
        return Condition::all();
    }
    let things = match tx.kind() {
        EngineKind::Sqlite => {
            "SELECT s.thing FROM store_search_index i JOIN store_search s ON s.doc = i.rowid
             WHERE i.store_search_index MATCH ? AND s.kind = ?"
        }
        EngineKind::Postgres => "SELECT s.thing FROM store_search s WHERE s.lexemes @@ CAST($1 AS tsquery) AND s.kind = $2",
    };
    let terms = terms(&words, tx.kind());
    Condition::all()
        .add(id.into().binary(sea_query::BinOper::In, Expr::cust_with_values(format!("({things})"), [terms, kind.to_owned()])))
}

fn terms(words: &[String], kind: EngineKind) -> String {
    let last = words.len() - 1;
    let term = |(i, w): (usize, &String)| match (kind, i == last) {
        (EngineKind::Sqlite, false) => format!("\"{w}\""),
        (EngineKind::Sqlite, true) => format!("\"{w}\" *"),
        (EngineKind::Postgres, false) => format!("'{w}'"),
        (EngineKind::Postgres, true) => format!("'{w}':*"),
    };
    let and = if kind == EngineKind::Sqlite { " AND " } else { " & " };
    words.iter().enumerate().map(term).collect::<Vec<_>>().join(and)
}
