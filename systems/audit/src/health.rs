//! Whether bills are written and stamped.
use base::Moment;
use jiff::SignedDuration;
use store::Read;
use web::{House, Wellness};

use crate::sql::bills;

/// A bill is written after each midnight; a quarter of an hour later somebody should look.
const GRACE: SignedDuration = SignedDuration::from_mins(15);

/// Says whether the bill of yesterday is there, and whether every bill has its stamp.
pub fn ask(house: House) -> futures_util::future::BoxFuture<'static, Wellness> {
    Box::pin(async move {
        let now = house.clock.now();
        let look = async |tx: &Read<'_>| Ok::<_, store::Error>((bills::last(tx).await?, bills::state(tx).await?));
        match house.db.read(look).await {
            Ok((last, (bills, unstamped, why))) => judged(now, last.map(|l| l.at), bills, unstamped, why),
            Err(error) => Wellness::Down { why: error.to_string() },
        }
    })
}

fn judged(now: Moment, last: Option<Moment>, bills: u64, unstamped: u64, why: Option<String>) -> Wellness {
    let midnight = Moment::from_local(now.date().at(0, 0, 0, 0));
    if last.is_some_and(|at| at < midnight) && now > midnight.plus(GRACE) {
        return Wellness::Ailing { why: "yesterday has no bill; is a server running?".into() };
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
        assert_eq!(judged(now, None, 0, 0, None), Wellness::Well, "a house of its first day");
        assert_eq!(judged(now, last, 3, 0, None), Wellness::Well);
        assert!(matches!(judged(now, last, 3, 1, None), Wellness::Ailing { why } if why.contains("1 of 3")));
        assert!(matches!(judged(now, Some(at("2026-11-23T00:01")), 3, 0, None), Wellness::Ailing { .. }));
        assert_eq!(
            judged(at("2026-11-24T00:05"), Some(at("2026-11-23T00:01")), 3, 0, None),
            Wellness::Well,
            "it is being written"
        );
    }
}
