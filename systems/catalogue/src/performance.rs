//! How well the province does, told on the front page. The catalogue knows no dossiers: whoever keeps them plugs this in.

use base::Moment;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;
use store::Db;

/// Days the figures look back.
pub const DAYS: i64 = 30;

/// Counts of the last [`DAYS`] days, and of this moment. Every rate is worked out from them where it is shown, beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lately {
    /// When it was counted.
    pub at: Moment,
    /// Dossiers that got their result.
    pub done: u64,
    /// Of these, in time.
    pub in_time: u64,
    /// The same of the days before.
    pub done_before: u64,
    /// Of these, in time.
    pub in_time_before: u64,
    /// Past their time right now, by field, most first.
    pub overdue: Vec<(String, u64)>,
    /// From acceptance to result, days off included: one half of the dossiers done was quicker.
    pub half_within: Option<Duration>,
    /// The same for nine out of ten.
    pub most_within: Option<Duration>,
    /// Dossiers that were filed.
    pub filed: u64,
    /// Of these, asked at least once for more papers.
    pub supplemented: u64,
}

/// An answer that takes its time.
pub type Told<'a> = Pin<Box<dyn Future<Output = Result<Lately, store::Error>> + Send + 'a>>;

/// The port: whoever keeps dossiers counts them.
pub trait Performance: Send + Sync {
    /// The figures as of now, or of a few minutes ago; [`Lately::at`] says which.
    fn lately<'a>(&'a self, db: &'a Db, now: Moment) -> Told<'a>;
}
