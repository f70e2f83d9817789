//! Styles and scripts, bundled at build time.

/// The address of a style or script, with its hash in it.
pub fn url(name: &str) -> &'static str {
    match name {
        "citizen.css" => "/t/citizen.css",
        "officer.css" => "/t/officer.css",
        "citizen.js" => "/t/citizen.js",
        "officer.js" => "/t/officer.js",
        _ => "/t/mark.svg",
    }
}
