//! Acts and promises of the catalogue; one module per act.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod api;
mod api_rights;
mod demo_packages;
mod editor_pages;
mod events;
mod every_page;
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

/// A folder beside the repository, for tests on real data; `None` (and a printed line) when it is not there.
pub fn shared(path: &str) -> Option<std::path::PathBuf> {
    let beside = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let root = std::env::var_os("MOTCUA_SHARED").map(Into::into).unwrap_or(beside);
    let found = root.join(path);
    if !found.exists() {
        println!("skipped: {} is not here (set MOTCUA_SHARED)", found.display());
        return None;
    }
    Some(found)
}

/// The data folder of the repository.
pub fn data() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}
