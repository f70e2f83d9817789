//! What the ground of every page promises. Each test goes through the whole service, as a browser or a program would.

// Tests want a loud end and a short line.
#![allow(clippy::unwrap_used)]

mod escaping;
mod forms;
mod gallery;
mod house;
mod metrics;
mod pages;
mod security;
mod sessions;
mod uploads;
mod words;
