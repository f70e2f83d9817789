//! The clock is a value that is passed in: rules never ask the machine what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::SignedDuration;

use crate::Moment;

/// Tells the time: the machine's, or one a test sets.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Clock {
        Clock(Source::System)
    }

    /// A clock that stands still until it is told to move; clones share its hands.
    pub fn fixed(at: Moment) -> Clock {
        Clock(Source::Fixed(Arc::new(AtomicI64::new(at.micros()))))
    }

    /// The time now.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine")]
    pub fn now(&self) -> Moment {
        match &self.0 {
            Source::System => jiff::Timestamp::now().into(),
            Source::Fixed(at) => Moment::from_micros(at.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the system clock cannot be moved and stays.
    pub fn advance(&self, by: SignedDuration) {
        self.set(self.now().plus(by));
    }

    /// Sets a fixed clock; the system clock stays.
    pub fn set(&self, to: Moment) {
        if let Source::Fixed(at) = &self.0 {
            at.store(to.micros(), Ordering::SeqCst);
        }
    }
}
