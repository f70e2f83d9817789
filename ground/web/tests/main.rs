//! What the ground of every page promises.

mod words;
