//! What the data layer promises, on both engines.

mod units;
