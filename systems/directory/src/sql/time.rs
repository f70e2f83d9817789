//! Decisions about time.
use base::Moment;
use store::{Error, FromRow, Read, Row, Write, sql};
use uuid::Uuid;

use crate::time::{Says, TimeRule};

const DAYS: &str = "days";
const COUNTING: &str = "counting";

impl FromRow for TimeRule {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let (kind, body): (String, String) = (row.get(0)?, row.get(2)?);
        let unreadable = |e: serde_json::Error| Error::Column { column: 2, reason: e.to_string() };
        let says = match kind.as_str() {
            DAYS => Says::Days(serde_json::from_str(&body).map_err(unreadable)?),
            _ => Says::Counting(serde_json::from_str(&body).map_err(unreadable)?),
        };
        Ok(TimeRule { says, from: row.get(1)?, ground: row.get(3)?, decided_at: row.get(4)? })
    }
}

/// Every decision in force or to come, by the day from which it holds.
pub async fn rules(tx: &Read<'_>) -> Result<Vec<TimeRule>, Error> {
    tx.all(sql!("SELECT kind, valid_from, body, ground, decided_at FROM time_rule ORDER BY valid_from, kind"), &[]).await
}

/// Writes a decision, in the place of an earlier one from the same day.
pub async fn decide(tx: &Write<'_>, rule: &TimeRule, by: Uuid) -> Result<(), Error> {
    let (kind, body) = match &rule.says {
        Says::Days(days) => (DAYS, serde_json::to_string(days)),
        Says::Counting(policy) => (COUNTING, serde_json::to_string(policy)),
    };
    let body = body.map_err(|e| Error::Column { column: 2, reason: e.to_string() })?;
    let from: Moment = rule.from;
    tx.run(
        sql!(
            "INSERT INTO time_rule (kind, valid_from, body, ground, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (kind, valid_from) DO UPDATE
               SET body = excluded.body, ground = excluded.ground, decided_at = excluded.decided_at, decided_by = excluded.decided_by"
        ),
        &[&kind, &from, &body, &rule.ground, &rule.decided_at, &by],
    )
    .await
    .map(drop)
}
