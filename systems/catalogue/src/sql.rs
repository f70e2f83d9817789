//! The only place with SQL, split by aggregate.

pub(crate) mod imports;
pub(crate) mod local;
pub(crate) mod procedures;
pub(crate) mod records;
pub(crate) mod versions;
