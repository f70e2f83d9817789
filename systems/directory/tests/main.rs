//! One module per act, and its rights beside it.
mod policy;
