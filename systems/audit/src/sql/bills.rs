//! Bills as they lie in their rows.
use std::collections::BTreeSet;

use base::Moment;
use sea_query::{Expr, ExprTrait, Order, Query};
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// A bill's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BillRow {
    /// Its number.
    pub number: i64,
    /// When it was written.
    pub at: Moment,
    /// The last place it covers.
    pub until: i64,
    /// The text.
    pub body: String,
    /// SHA-256 of the text.
    pub sha256: String,
    /// The list of leaves of the events, in the file store.
    pub events_file: Option<Uuid>,
    /// The same of the looks.
    pub reads_file: Option<Uuid>,
    /// The stamp.
    pub token: Option<Vec<u8>>,
    /// The time in the stamp.
    pub stamped_at: Option<Moment>,
    /// Why there is no stamp yet: the reason and its detail.
    pub stamp_error: Option<String>,
}
store::from_row!(BillRow { number, at, until, body, sha256, events_file, reads_file, token, stamped_at, stamp_error });

macro_rules! bills {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT number, at, until, body, sha256, events_file, reads_file, token, stamped_at, stamp_error FROM audit_bill ",
            $rest
        ))
    };
}

/// The bill of this number.
pub async fn bill(tx: &Read<'_>, number: i64) -> Result<Option<BillRow>, Error> {
    tx.opt(bills!("WHERE number = $1"), &[&number]).await
}

/// The last bill.
pub async fn last(tx: &Read<'_>) -> Result<Option<BillRow>, Error> {
    tx.opt(bills!("ORDER BY number DESC LIMIT 1"), &[]).await
}

/// Bills before this number, the latest first.
pub async fn before(tx: &Read<'_>, number: i64, limit: u32) -> Result<Vec<BillRow>, Error> {
    tx.all(bills!("WHERE number < $1 ORDER BY number DESC LIMIT $2"), &[&number, &limit]).await
}

/// All numbers, in order.
pub(crate) async fn numbers(tx: &Read<'_>) -> Result<Vec<i64>, Error> {
    tx.all(sql!("SELECT number FROM audit_bill ORDER BY number"), &[]).await
}

/// How far a bill reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    /// Its number.
    pub number: i64,
    /// The last place it covers.
    pub until: i64,
}
store::from_row!(Reach { number, until });

/// How far the bills reach that may cover places from the first to the last of some, in the order of numbers.
pub(crate) async fn reaching(tx: &Read<'_>, first: i64, last: i64) -> Result<Vec<Reach>, Error> {
    tx.all(
        sql!(
            "SELECT b.number, b.until FROM audit_bill b
             WHERE b.until >= $1
               AND b.number <= COALESCE((SELECT l.number FROM audit_bill l WHERE l.until >= $2 ORDER BY l.number LIMIT 1), b.number)
             ORDER BY b.number"
        ),
        &[&first, &last],
    )
    .await
}

/// The bills of these numbers, in their order.
pub(crate) async fn of_numbers(tx: &Read<'_>, numbers: &BTreeSet<i64>) -> Result<Vec<BillRow>, Error> {
    if numbers.is_empty() {
        return Ok(vec![]);
    }
    let query = Query::select()
        .columns(BillRow::FIELDS.iter().copied())
        .from("audit_bill")
        .and_where(Expr::col("number").is_in(numbers.iter().copied()))
        .order_by("number", Order::Asc)
        .to_owned();
    tx.all_dyn(&query).await
}

/// Whether the bill of this number is written.
pub(crate) async fn is_written(tx: &Read<'_>, number: i64) -> Result<bool, Error> {
    tx.one(sql!("SELECT EXISTS (SELECT 1 FROM audit_bill WHERE number = $1)"), &[&number]).await
}

/// Keeps a new bill; false when somebody else wrote one of this number.
pub(crate) async fn insert(tx: &Write<'_>, b: &BillRow) -> Result<bool, Error> {
    let kept = tx
        .run(
            sql!(
                "INSERT INTO audit_bill (number, at, until, body, sha256, events_file, reads_file) VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT DO NOTHING"
            ),
            &[&b.number, &b.at, &b.until, &b.body, &b.sha256, &b.events_file, &b.reads_file],
        )
        .await?;
    Ok(kept == 1)
}

/// Keeps the stamp of a bill that has none; false when it has one.
pub(crate) async fn stamp(tx: &Write<'_>, number: i64, token: &[u8], at: Moment) -> Result<bool, Error> {
    let kept = tx
        .run(
            sql!("UPDATE audit_bill SET token = $2, stamped_at = $3, stamp_error = NULL WHERE number = $1 AND token IS NULL"),
            &[&number, &token, &at],
        )
        .await?;
    Ok(kept == 1)
}

/// Notes why there is no stamp yet.
pub(crate) async fn not_stamped(tx: &Write<'_>, number: i64, why: &str) -> Result<(), Error> {
    tx.run(sql!("UPDATE audit_bill SET stamp_error = $2 WHERE number = $1 AND token IS NULL"), &[&number, &why.replace('\0', "")])
        .await
        .map(drop)
}

/// Bills without a stamp, the oldest first.
pub(crate) async fn unstamped(tx: &Read<'_>, limit: u32) -> Result<Vec<i64>, Error> {
    tx.all(sql!("SELECT number FROM audit_bill WHERE token IS NULL ORDER BY number LIMIT $1"), &[&limit]).await
}

/// How many bills there are, how many of them without a stamp, and the last reason for it.
pub async fn state(tx: &Read<'_>) -> Result<(u64, u64, Option<String>), Error> {
    tx.one(
        sql!(
            "SELECT count(*), count(CASE WHEN token IS NULL THEN 1 END),
                    (SELECT stamp_error FROM audit_bill WHERE stamp_error IS NOT NULL ORDER BY number DESC LIMIT 1)
             FROM audit_bill"
        ),
        &[],
    )
    .await
}
