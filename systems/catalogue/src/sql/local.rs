//! The Chairman's list, a row for each decision.

use base::Moment;
use jiff::civil::Date;
use sea_query::{Expr, ExprTrait as _, Query};
use store::{By, Read, Write, sql};

use crate::error::Error;
use crate::version::Listing;

/// Every row about a procedure, over or not, in the order of time.
pub(crate) async fn rows(tx: &Read<'_>, code: &str) -> Result<Vec<Listing>, Error> {
    let q = sql!(
        "SELECT code, received_at, name, decision, valid_from, valid_to, ended_by FROM catalogue_listing
         WHERE code = $1 ORDER BY valid_from"
    );
    Ok(tx.all(q, &[&code]).await?)
}

/// Every row about these procedures, over or not.
pub(crate) async fn rows_of(tx: &Read<'_>, codes: &[&str]) -> Result<Vec<Listing>, Error> {
    if codes.is_empty() {
        return Ok(vec![]);
    }
    let query = Query::select()
        .columns(Listing::FIELDS.iter().copied())
        .from("catalogue_listing")
        .and_where(Expr::col("code").is_in(codes.iter().copied()))
        .to_owned();
    Ok(tx.all_dyn(&query).await?)
}

/// The whole list as it holds at a moment.
pub(crate) async fn holding(tx: &Read<'_>, at: Moment) -> Result<Vec<Listing>, Error> {
    let q = sql!(
        "SELECT code, received_at, name, decision, valid_from, valid_to, ended_by FROM catalogue_listing
         WHERE valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1) ORDER BY code"
    );
    Ok(tx.all(q, &[&at]).await?)
}

/// The last instant of a day. Rows yet to begin or to end do so with a day: what holds at the end of today holds from now until then.
pub(super) fn last_of(day: Date) -> Moment {
    Moment::from_local(day.at(23, 59, 59, 999_999_000))
}

/// Writes a row, in the place of an earlier one from the same instant; what it ends is ended by [`end`].
pub(crate) async fn put(tx: &Write<'_>, by: Option<&By>, row: &Listing) -> Result<(), Error> {
    let q = sql!(
        "INSERT INTO catalogue_listing (code, valid_from, valid_to, received_at, name, decision, ended_by, entered_at, entered_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (code, valid_from) DO UPDATE
         SET valid_to = $3, received_at = $4, name = $5, decision = $6, ended_by = $7, entered_at = $8, entered_by = $9"
    );
    let Listing { code, received_at, name, decision, valid_from, valid_to, ended_by } = row;
    let (now, who) = (by.map(|b| b.now), by.map(|b| b.who));
    tx.run(q, &[&code.base(), valid_from, valid_to, received_at, name, decision, ended_by, &now, &who]).await?;
    Ok(())
}

/// Ends a row where it says, by the decision it says.
pub(crate) async fn end(tx: &Write<'_>, row: &Listing) -> Result<(), Error> {
    let q = sql!("UPDATE catalogue_listing SET valid_to = $3, ended_by = $4 WHERE code = $1 AND valid_from = $2");
    tx.run(q, &[&row.code.base(), &row.valid_from, &row.valid_to, &row.ended_by]).await?;
    Ok(())
}
