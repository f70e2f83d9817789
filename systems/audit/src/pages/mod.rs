//! The auditor's pages.
mod bills;
mod verdict;

use axum::Extension;
use directory::Act;
use http::{
    HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use web::{Door, Routes};

use crate::acts::{ReadEvidence, WriteBillNow};

/// Where the auditor begins.
pub const HOME: &str = "/kiem-tra";

/// Whether new bills are to be stamped.
#[derive(Clone, Copy, Debug)]
struct Stamps(bool);

/// Every page with its door.
pub fn routes(stamps: bool) -> Routes {
    let (read, write) = (Door::Officer(ReadEvidence::SPEC.name), Door::Officer(WriteBillNow::SPEC.name));
    Routes::new()
        .get(HOME, read, bills::list)
        .post("/kiem-tra/bang-ke", write, bills::write_now)
        .get("/kiem-tra/bang-ke/{number}", read, bills::one)
        .get("/kiem-tra/bang-ke/{number}/{part}", read, bills::part)
        .get("/kiem-tra/xac-minh", read, verdict::show)
        .post("/kiem-tra/xac-minh", read, verdict::order)
        .get("/kiem-tra/tu-kiem", read, verdict::by_hand)
        .with(|router| router.layer(Extension(Stamps(stamps))))
}

/// Headers of bytes that are saved, never shown as a page of ours.
fn saved(name: &str, kind: &'static str) -> [(HeaderName, HeaderValue); 4] {
    let as_file =
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).unwrap_or(HeaderValue::from_static("attachment"));
    [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, as_file),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ]
}
