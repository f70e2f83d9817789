//! The Chairman's list.

use sea_query::{Expr, ExprTrait as _, Query};
use store::{By, Read, Write, sql};

use crate::error::Error;
use crate::version::Listing;

/// One row of the list.
pub(crate) async fn listing(tx: &Read<'_>, code: &str) -> Result<Option<Listing>, Error> {
    let q = sql!("SELECT code, received_at, name, decision, from_day, to_day FROM catalogue_local WHERE code = $1");
    Ok(tx.opt(q, &[&code]).await?)
}

/// Rows of the list for these codes.
pub(crate) async fn listings(tx: &Read<'_>, codes: &[&str]) -> Result<Vec<Listing>, Error> {
    if codes.is_empty() {
        return Ok(vec![]);
    }
    let query = Query::select()
        .columns(["code", "received_at", "name", "decision", "from_day", "to_day"])
        .from("catalogue_local")
        .and_where(Expr::col("code").is_in(codes.iter().copied()))
        .to_owned();
    Ok(tx.all_dyn(&query).await?)
}

/// The whole list.
pub(crate) async fn all(tx: &Read<'_>) -> Result<Vec<Listing>, Error> {
    Ok(tx.all(sql!("SELECT code, received_at, name, decision, from_day, to_day FROM catalogue_local ORDER BY code"), &[]).await?)
}

/// Puts a procedure on the list, or changes its row.
pub(crate) async fn put(tx: &Write<'_>, by: Option<&By>, row: &Listing) -> Result<(), Error> {
    let q = sql!(
        "INSERT INTO catalogue_local (code, received_at, name, decision, from_day, to_day, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (code) DO UPDATE
         SET received_at = $2, name = $3, decision = $4, from_day = $5, to_day = $6, changed_at = $7, changed_by = $8"
    );
    let (code, now, who) = (row.code.base(), by.map(|b| b.now), by.map(|b| b.who));
    tx.run(q, &[&code, &row.received_at, &row.name, &row.decision, &row.from_day, &row.to_day, &now, &who]).await?;
    Ok(())
}

/// Takes a procedure off the list.
pub(crate) async fn remove(tx: &Write<'_>, code: &str) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM catalogue_local WHERE code = $1"), &[&code]).await?;
    Ok(())
}
