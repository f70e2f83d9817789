//! How well the province does, counted from its dossiers, for the catalogue's front page.

use crate::sql::performance as sql;
use base::Moment;
use catalogue::performance::{DAYS, Lately, Performance, Told};
use jiff::SignedDuration;
use std::time::Duration;
use store::{Db, Read};
use tokio::sync::Mutex;

/// So long the figures stand: the front page is asked for far more often than they change.
const FRESH: SignedDuration = SignedDuration::from_mins(5);

/// Counts, and remembers the answer for a while.
#[derive(Debug, Default)]
pub struct Counted {
    last: Mutex<Option<Lately>>,
}

impl Performance for Counted {
    fn lately<'a>(&'a self, db: &'a Db, now: Moment) -> Told<'a> {
        Box::pin(async move {
            // one visitor counts, the others wait for the answer instead of counting too
            let mut last = self.last.lock().await;
            if let Some(kept) = last.as_ref().filter(|kept| kept.at <= now && now <= kept.at.plus(FRESH)) {
                return Ok(kept.clone());
            }
            let fresh = db.read(async move |tx: &Read<'_>| count(tx, now).await).await?;
            *last = Some(fresh.clone());
            Ok(fresh)
        })
    }
}

/// Counts everything, now.
pub async fn count(tx: &Read<'_>, now: Moment) -> Result<Lately, store::Error> {
    let month = SignedDuration::from_hours(-24 * DAYS);
    let (from, before) = (now.plus(month), now.plus(month).plus(month));
    let (done, in_time) = sql::done(tx, from, now).await?;
    let (done_before, in_time_before) = sql::done(tx, before, from).await?;
    // of n dossiers, the one behind which a half (nine tenths) of them lies
    let place = |tenths: i64| (done * tenths + 9) / 10 - 1;
    let (half, most) = match done {
        0 => (None, None),
        _ => (sql::took(tx, from, now, place(5)).await?, sql::took(tx, from, now, place(9)).await?),
    };
    let (filed, supplemented) = sql::filed(tx, from, now).await?;
    let overdue = sql::overdue(tx, now).await?;
    let within = |micros: Option<i64>| micros.map(|m| Duration::from_micros(m.max(0).unsigned_abs()));
    Ok(Lately {
        at: now,
        done: done.unsigned_abs(),
        in_time: in_time.unsigned_abs(),
        done_before: done_before.unsigned_abs(),
        in_time_before: in_time_before.unsigned_abs(),
        overdue: overdue.into_iter().map(|(field, n)| (field, n.unsigned_abs())).collect(),
        half_within: within(half),
        most_within: within(most),
        filed: filed.unsigned_abs(),
        supplemented: supplemented.unsigned_abs(),
    })
}
