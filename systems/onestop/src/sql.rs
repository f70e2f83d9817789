//! The only place with SQL, split by aggregate.

pub mod counter;
pub mod decisions;
pub mod dossiers;
pub mod drafts;
pub mod evidence;
pub mod papers;
pub mod passes;
pub mod performance;
