//! A point in time, kept in microseconds, read at UTC+7.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// The offset of Vietnam; it has not changed since 1975-06-13 and every paper of the house is dated in it.
pub const OFFSET: Offset = jiff::tz::offset(7);

/// A point in time to the microsecond.
///
/// Ordered, hashable, written as RFC 3339 with `+07:00`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(Timestamp);

/// A text that is no moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a moment like 2026-11-23T14:30:00+07:00: {0}")]
pub struct MomentError(String);

impl Moment {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Moment = Moment(Timestamp::UNIX_EPOCH);

    /// Microseconds since 1970; a value outside years −9999…9999 becomes the nearest moment that exists.
    pub fn from_micros(micros: i64) -> Moment {
        let edge = if micros < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Moment(Timestamp::from_microsecond(micros).unwrap_or(edge)).whole_micros()
    }

    /// Microseconds since 1970.
    pub fn micros(self) -> i64 {
        self.0.as_microsecond()
    }

    /// The moment a clock in Vietnam shows this date and time.
    pub fn from_local(local: DateTime) -> Moment {
        let edge = if local.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Moment(OFFSET.to_timestamp(local).unwrap_or(edge)).whole_micros()
    }

    /// What a clock in Vietnam shows.
    pub fn local(self) -> DateTime {
        OFFSET.to_datetime(self.0)
    }

    /// The date in Vietnam.
    pub fn date(self) -> Date {
        self.local().date()
    }

    /// The time of day in Vietnam.
    pub fn time(self) -> Time {
        self.local().time()
    }

    /// With the seconds dropped, as papers print it.
    pub fn to_minute(self) -> Moment {
        Moment::from_micros(self.micros() - self.micros().rem_euclid(60_000_000))
    }

    /// Later (or earlier) by a span of clock time; stops at the ends of time.
    pub fn plus(self, span: SignedDuration) -> Moment {
        let micros = i64::try_from(span.as_micros()).unwrap_or(if span.is_negative() { i64::MIN } else { i64::MAX });
        Moment::from_micros(self.micros().saturating_add(micros))
    }

    /// Clock time from `earlier` to here; negative when `earlier` is later.
    pub fn since(self, earlier: Moment) -> SignedDuration {
        SignedDuration::from_micros(self.micros().saturating_sub(earlier.micros()))
    }

    /// The jiff timestamp.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    fn whole_micros(self) -> Moment {
        Moment(Timestamp::from_microsecond(self.0.as_microsecond()).unwrap_or(self.0))
    }
}

impl From<Timestamp> for Moment {
    fn from(t: Timestamp) -> Moment {
        Moment(t).whole_micros()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.display_with_offset(OFFSET))
    }
}

impl fmt::Debug for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    /// RFC 3339; without an offset (`2026-11-23T14:30`, also with a space, also a bare date) it is read in Vietnam.
    fn from_str(text: &str) -> Result<Moment, MomentError> {
        let text = text.trim();
        let wrong = |e: jiff::Error| MomentError(e.to_string());
        if let Ok(t) = text.parse::<Timestamp>() {
            return Ok(t.into());
        }
        let local: DateTime = text.parse().map_err(wrong)?;
        Ok(Moment::from_local(local))
    }
}

crate::as_text!(Moment);
