//! Use cases.
pub mod export;
pub mod stamp;
pub mod verify;
pub mod write;
