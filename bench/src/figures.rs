//! Figures of one stage: how many a second, how long they took, how many were refused.
use std::time::Duration;

/// What one stage showed.
#[derive(Debug, Default, Clone)]
pub struct Figures {
    /// Name of the stage.
    pub name: String,
    /// Microseconds of each request that succeeded.
    pub micros: Vec<u32>,
    /// Answers that were not the expected ones, by status.
    pub failed: Vec<(u16, usize)>,
    /// How long the stage ran.
    pub took: Duration,
}

impl Figures {
    /// Successful requests a second.
    pub fn per_second(&self) -> f64 {
        self.micros.len() as f64 / self.took.as_secs_f64().max(1e-9)
    }

    /// The value under which this share of requests lies, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_unstable();
        let at = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
        sorted.get(at).map_or(f64::NAN, |m| f64::from(*m) / 1000.0)
    }

    /// Counts an answer that was not the expected one.
    pub fn fail(&mut self, status: u16) {
        match self.failed.iter_mut().find(|(s, _)| *s == status) {
            Some((_, n)) => *n += 1,
            None => self.failed.push((status, 1)),
        }
    }

    /// Adds another worker's figures.
    pub fn add(&mut self, other: Figures) {
        self.micros.extend(other.micros);
        for (status, n) in other.failed {
            for _ in 0..n {
                self.fail(status);
            }
        }
    }

    /// One line of the table; `limit` is the store's own rate in the same run.
    pub fn row(&self, limit: Option<f64>) -> String {
        let ratio = limit.map_or_else(|| "—".to_owned(), |l| format!("{:.2}", self.per_second() / l));
        let failed = if self.failed.is_empty() {
            "0".to_owned()
        } else {
            self.failed.iter().map(|(s, n)| format!("{n}×{s}")).collect::<Vec<_>>().join(" ")
        };
        format!(
            "| {} | {:.0} | {:.2} | {:.2} | {:.2} | {ratio} | {failed} |",
            self.name,
            self.per_second(),
            self.percentile(0.50),
            self.percentile(0.95),
            self.percentile(0.99)
        )
    }
}
