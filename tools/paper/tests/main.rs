//! Papers, judged from outside.
#![allow(clippy::unwrap_used, missing_docs)]

mod hostile;
mod layout;
mod reading;
mod structure;
mod verapdf;

use std::process::Command;
use std::sync::LazyLock;

use paper::{AcceptanceReceipt, Paper, ResultSheet, Slip, SupplementRequest};

/// Every sample of every paper, typeset once for all tests.
fn gallery() -> &'static [(&'static str, Vec<u8>)] {
    fn all<P: Paper>() -> Vec<(&'static str, Vec<u8>)> {
        P::samples()
            .into_iter()
            .map(|(name, sample)| (name, paper::render(&sample).unwrap_or_else(|e| panic!("{name}: {e}"))))
            .collect()
    }
    static GALLERY: LazyLock<Vec<(&str, Vec<u8>)>> =
        LazyLock::new(|| [all::<AcceptanceReceipt>(), all::<SupplementRequest>(), all::<Slip>(), all::<ResultSheet>()].concat());
    &GALLERY
}

/// Whether a program can be started; a test that needs one says so when it is missing.
fn has(program: &str, sign: &str) -> bool {
    let found = Command::new(program).arg(sign).output().is_ok();
    if !found {
        println!("skipped: {program} is not installed");
    }
    found
}
