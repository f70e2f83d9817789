//! Decisions about time: the days of a year, how terms are counted. Taken for the whole house, so at its top.
use base::{Moment, due::DuePolicy};
use store::{Loaded, Read, Write, append};

use super::units::unit;
use crate::{
    Cx, DirectoryEvent as Event, Error, For, Objection, Unit, acts, sql,
    time::{DatedDay, Says, TimeRule},
};

async fn top(tx: &Read<'_>, cx: &Cx) -> Result<For<acts::DecideTime>, Error> {
    let root: Unit = sql::units::root(tx).await?.ok_or(Error::Missing("unit"))?;
    unit::<acts::DecideTime>(tx, cx, root.id).await
}

/// Writes down the days of a year as its notice says; `days` have passed [`crate::time::decide_days`].
pub async fn decide_year(tx: &Write<'_>, cx: &Cx, year: i16, days: &[DatedDay], ground: &str) -> Result<(), Error> {
    let from = Moment::from_local(jiff::civil::date(year, 1, 1).at(0, 0, 0, 0));
    let event = Event::YearDecided { year, days: days.to_vec(), ground: ground.to_owned() };
    keep(tx, cx, Says::Days(days.to_vec()), from, ground, event).await
}

/// Says how terms are counted from a day on, not earlier than now: what was promised stays promised.
pub async fn decide_counting(tx: &Write<'_>, cx: &Cx, policy: DuePolicy, from: Moment, ground: &str) -> Result<(), Error> {
    if from < cx.by.now {
        return Err(Objection::Backwards.into());
    }
    let event = Event::CountingDecided { policy, from, ground: ground.to_owned() };
    keep(tx, cx, Says::Counting(policy), from, ground, event).await
}

async fn keep(tx: &Write<'_>, cx: &Cx, says: Says, from: Moment, ground: &str, event: Event) -> Result<(), Error> {
    let root = top(tx, cx).await?;
    let version = append(tx, &cx.by, Loaded::at::<Event>(root.id.0, root.version), &[event]).await?;
    sql::units::touch(tx, root.id, version).await?;
    let rule = TimeRule { says, from, ground: ground.to_owned(), decided_at: cx.by.now };
    Ok(sql::time::decide(tx, &rule, cx.by.who).await?)
}

/// Every decision, for the page where they are taken.
pub async fn rules(tx: &Read<'_>, cx: &Cx) -> Result<Vec<TimeRule>, Error> {
    top(tx, cx).await?;
    Ok(sql::time::rules(tx).await?)
}
