//! Addresses as people write them.
mod every;
mod single;
mod today;
