//! The only place with SQL of this system.
pub(crate) mod bills;
pub(crate) mod watch;
