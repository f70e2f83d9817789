//! Whether bills are written and stamped.
use base::Moment;
use jiff::SignedDuration;
use store::Read;
use web::{House, Wellness};

use crate::{decide, service::write::log_began, sql::bills};

/// A bill is written after each midnight; a quarter of an hour later somebody should look.
const GRACE: SignedDuration = SignedDuration::from_mins(15);

/// Says whether the bill of yesterday is there, and whether every bill has its stamp.
pub fn ask(house: House) -> futures_util::future::BoxFuture<'static, Wellness> {
    Box::pin(async move {
        let now = house.clock.now();
        let look =
            async |tx: &Read<'_>| Ok::<_, store::Error>((bills::last(tx).await?, log_began(tx).await?, bills::state(tx).await?));
        match house.db.read(look).await {
            Ok((last, began, (bills, unstamped, why))) => judged(now, last.map(|l| l.at), began, bills, unstamped, why),
            Err(error) => Wellness::Down { why: error.to_string() },
        }
    })
}

fn judged(now: Moment, last: Option<Moment>, began: Option<Moment>, bills: u64, unstamped: u64, why: Option<String>) -> Wellness {
    if decide::bill_is_due(last, began, now.plus(-GRACE)) {
        let missing = if last.is_some() { "yesterday has no bill" } else { "the first day is over and there is no bill yet" };
        return Wellness::Ailing {
            why: format!(
                "{missing}; is a server running? The job audit.bill keeps why it failed; `motcua audit bill` writes the bill now"
            ),
        };
    }
    match (unstamped, why) {
        (0, _) => Wellness::Well,
        (n, Some(why)) => Wellness::Ailing { why: format!("{n} of {bills} bills wait for their stamp: {why}") },
        (n, None) => Wellness::Ailing { why: format!("{n} of {bills} bills have no stamp; is audit.tsa set?") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_that_is_late_and_stamps_that_are_missing_are_said() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let (now, last) = (at("2026-11-24T08:00"), Some(at("2026-11-24T00:01")));
        let began = Some(at("2026-11-20T09:00"));
        assert_eq!(judged(now, last, began, 3, 0, None), Wellness::Well);
        assert!(matches!(judged(now, last, began, 3, 1, None), Wellness::Ailing { why } if why.contains("1 of 3")));
        let old = Some(at("2026-11-23T00:01"));
        assert!(matches!(judged(now, old, began, 3, 0, None), Wellness::Ailing { why } if why.contains("yesterday")));
        assert_eq!(judged(at("2026-11-24T00:05"), old, began, 3, 0, None), Wellness::Well, "it is being written");
    }

    #[test]
    fn a_first_bill_that_never_comes_is_said_once_its_day_is_over() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let (now, began) = (at("2026-11-24T08:00"), at("2026-11-23T09:00"));
        assert_eq!(judged(now, None, None, 0, 0, None), Wellness::Well, "a house without a log");
        assert_eq!(judged(now, None, Some(at("2026-11-24T07:00")), 0, 0, None), Wellness::Well, "a house of its first day");
        assert_eq!(judged(at("2026-11-24T00:05"), None, Some(began), 0, 0, None), Wellness::Well, "it is being written");
        let said = judged(now, None, Some(began), 0, 0, None);
        assert!(matches!(said, Wellness::Ailing { why } if why.contains("no bill yet") && why.contains("motcua audit bill")));
    }
}
