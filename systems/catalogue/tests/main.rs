//! Acts and promises of the catalogue; one module per act.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod api;
mod api_rights;
mod demo_packages;
mod editor_pages;
mod events;
mod every_page;
mod half_days;
mod import;
mod import_encodings;
mod import_faults;
mod list;
mod packages;
mod publish;
mod records;
mod rights;
mod search;
mod served;
mod settle;
mod town;
mod words;

/// Records of our own making, each with something that real ones have too: a term without unit, half a day, remarks among papers…
pub fn own_records() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/own_records.jsonl")
}

/// The data folder of the repository.
pub fn data() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}
