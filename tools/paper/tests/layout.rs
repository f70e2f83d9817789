//! What a reader sees: nothing leaves the page, long lists go on overleaf. Looked at with poppler, where it is installed.

use std::io::Write;
use std::process::{Command, Stdio};

use paper::*;

use crate::{gallery, has};

/// Right and left edge of each word, by page width, as poppler sees them.
fn words(pdf: &[u8]) -> Vec<(f64, f64, f64, String)> {
    let mut child = Command::new("pdftotext")
        .args(["-bbox", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let bytes = pdf.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let out = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    writer.join().unwrap().unwrap();
    let number = |line: &str, name: &str| -> f64 {
        line.split(&format!("{name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let mut wide = 0.0;
    let mut found = Vec::new();
    for line in out.lines() {
        if line.contains("<page ") {
            wide = number(line, "width");
        } else if line.contains("<word ") {
            let word = line.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
            found.push((number(line, "xMin"), number(line, "xMax"), wide, word));
        }
    }
    found
}

fn stays_on_the_page(name: &str, pdf: &[u8]) {
    let words = words(pdf);
    assert!(!words.is_empty(), "{name}");
    for (left, right, wide, word) in words {
        // The watermark of drafts runs across the page on purpose.
        if word != "CHƯA" && word != "KÝ" {
            assert!(left > 15.0 && right < wide - 15.0, "{name}: {word} stands at {left}–{right} of {wide}");
        }
    }
}

#[test]
fn nothing_leaves_the_page() {
    if !has("pdftotext", "-v") {
        return;
    }
    for (name, pdf) in gallery() {
        stays_on_the_page(name, pdf);
    }
}

#[test]
fn a_word_that_fits_no_line_is_broken_rather_than_lost() {
    if !has("pdftotext", "-v") {
        return;
    }
    let word = "Ươm".repeat(80);
    let (_, sample) = AcceptanceReceipt::samples().remove(0);
    let paper = AcceptanceReceipt {
        number: word.clone(),
        code: word.clone(),
        applicant: Party {
            name: word.clone(),
            identity: Some(Identity::Passport(word.clone())),
            phone: Some(word.clone()),
            email: Some(word.clone()),
            address: None,
        },
        procedure: Procedure { code: word.clone(), name: word.clone() },
        papers: vec![PaperReceived { name: word.clone(), kind: CopyKind::ElectronicSigned, count: u32::MAX }],
        office: Office { parent: word.clone(), name: word.clone(), place: word.clone() },
        officer: word.clone(),
        ..sample
    };
    stays_on_the_page("form01", &render(&paper).unwrap());
    let (_, sample) = Slip::samples().remove(0);
    let paper = Slip { applicant: word.clone(), code: Code::Dossier(word.clone()), address: word.clone(), ..sample };
    stays_on_the_page("slip", &render(&paper).unwrap());
}

#[test]
fn an_essay_in_one_cell_goes_on_overleaf() {
    let (_, sample) = SupplementRequest::samples().remove(0);
    let essay = "Xin giải trình rõ nguồn gốc sử dụng đất. ".repeat(300);
    let items = vec![SupplementItem { paper: "Đơn".into(), what: essay.clone(), wanted: Vec::new(), legal: essay }];
    let (pdf, warnings) = proof(&SupplementRequest { items, ..sample }).unwrap();
    assert_eq!(warnings, Vec::<String>::new());
    assert!(lopdf::Document::load_mem(&pdf).unwrap().get_pages().len() > 3);
    // The two columns are cut at each page, so only whole words can be counted.
    assert!(crate::reading::squeezed(&pdf).matches("nguồn").count() >= 600);
}
