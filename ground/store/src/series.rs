//! Gapless numbers: one per scope and day, inside the unit.

use base::Moment;

use crate::{Error, Write, sql};

/// A series of legal numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Whose numbers they are ("H12.34.1").
    pub scope: String,
    /// The day (or year) within which they count ("2026-11-23"); empty: for ever.
    pub day: String,
}

impl Series {
    /// A series that starts anew every day (Vietnamese time).
    pub fn of_day(scope: impl Into<String>, at: Moment) -> Series {
        Series { scope: scope.into(), day: at.local().date().to_string() }
    }
}

/// The next number, from 1. A unit that fails gives it back, so there is no gap; until its end others wait: take it late.
pub async fn number(tx: &Write<'_>, series: &Series) -> Result<u64, Error> {
    tx.one(
        sql!(
            "INSERT INTO store_series (scope, day, n) VALUES ($1, $2, 1)
             ON CONFLICT (scope, day) DO UPDATE SET n = store_series.n + 1 RETURNING n"
        ),
        &[&series.scope, &series.day],
    )
    .await
}
