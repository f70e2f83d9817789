//! Use cases.
pub mod case;
pub mod export;
pub mod stamp;
pub mod verify;
pub mod watch;
pub mod write;
