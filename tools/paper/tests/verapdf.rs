//! The judgement of veraPDF on every sample: PDF/A-2a and PDF/UA-1.
//!
//! Uses `verapdf` when it is installed; else the library that the npm package in `tests/verapdf/` carries
//! (`npm ci --ignore-scripts` there; a JDK runs it). Without either it says so; in CI it fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::gallery;

enum Judge {
    Installed,
    Library(PathBuf),
}

fn judge() -> Option<Judge> {
    if Command::new("verapdf").arg("--version").output().is_ok() {
        return Some(Judge::Installed);
    }
    let jar = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/verapdf/node_modules/@opendataloader/pdf/lib/opendataloader-pdf-cli.jar");
    if jar.exists() && Command::new("java").arg("-version").output().is_ok() {
        return Some(Judge::Library(jar));
    }
    assert!(std::env::var_os("CI").is_none(), "no veraPDF: run npm ci --ignore-scripts in tools/paper/tests/verapdf");
    println!("skipped: no veraPDF (npm ci --ignore-scripts in tools/paper/tests/verapdf, and a JDK)");
    None
}

/// Whether all files pass both profiles, and the report.
fn pass(judge: &Judge, files: &[PathBuf]) -> (bool, String) {
    let run = |command: &mut Command| {
        let out = command.args(files).output().unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr))
    };
    match judge {
        Judge::Installed => {
            let (a, said) = run(Command::new("verapdf").args(["--format", "text", "--flavour", "2a"]));
            let (ua, more) = run(Command::new("verapdf").args(["--format", "text", "--flavour", "ua1"]));
            (a && ua, said + &more)
        }
        Judge::Library(jar) => {
            let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verapdf/VeraPdfCheck.java");
            run(Command::new("java").arg("-cp").arg(jar).arg(driver))
        }
    }
}

#[test]
fn verapdf_finds_every_paper_conforming() {
    let Some(judge) = judge() else { return };
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = gallery()
        .iter()
        .map(|(name, pdf)| {
            let path = folder.path().join(format!("{name}.pdf"));
            std::fs::write(&path, pdf).unwrap();
            path
        })
        .collect();
    let (good, report) = pass(&judge, &files);
    assert!(good, "{report}");
    println!("{report}");
}

/// A judge that accepts anything would not be worth asking.
#[test]
fn verapdf_finds_a_spoilt_paper_not_conforming() {
    let Some(judge) = judge() else { return };
    let (_, pdf) = &gallery()[0];
    let sign = b"/Lang";
    let at = pdf.windows(sign.len()).position(|w| w == sign).unwrap();
    let mut spoilt = pdf.clone();
    spoilt[at..at + sign.len()].copy_from_slice(b"/Lanx");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoilt.pdf");
    std::fs::write(&path, spoilt).unwrap();
    let (good, report) = pass(&judge, &[path]);
    assert!(!good, "{report}");
}
