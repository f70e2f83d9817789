//! Whatever is typed into a form is printed as it was typed.

use paper::*;

use crate::reading::squeezed;

/// Everything that means something to the typesetter, in one word without spaces, so that it can be looked for.
const MARKUP: &str = r##"#import"/a.typ":*#{panic()}$x^2$*a*_b_<l>@r`c`\u{41}\~--...//d/*e*/=f+g#sys"##;

fn hostile(n: usize) -> String {
    format!("[{n}]{MARKUP}[/{n}]")
}

fn check(paper: &impl Paper, fields: usize) {
    let text = squeezed(&render(paper).unwrap());
    for n in 1..=fields {
        assert!(text.contains(&hostile(n)), "field {n} is not printed as typed: {text}");
    }
}

fn party(n: usize) -> Party {
    Party {
        name: hostile(n),
        identity: Some(Identity::Other(hostile(n + 1), hostile(n + 2))),
        address: Some(hostile(n + 3)),
        phone: Some(hostile(n + 4)),
        email: Some(hostile(n + 5)),
    }
}

fn lookup(n: usize) -> Lookup {
    Lookup { qr: hostile(0), page: hostile(n), phone: hostile(n + 1) }
}

#[test]
fn markup_in_every_field_of_form_01_is_text() {
    let (_, sample) = AcceptanceReceipt::samples().remove(0);
    let paper = AcceptanceReceipt {
        issue: Issue { id: hostile(0), ..sample.issue.clone() },
        number: hostile(1),
        code: hostile(2),
        lookup: lookup(3),
        applicant: party(5),
        submitter: Some(hostile(11)),
        procedure: Procedure { code: hostile(12), name: hostile(13) },
        papers: vec![PaperReceived { name: hostile(14), kind: CopyKind::Scan, count: 1 }],
        term: hostile(15),
        term_row: hostile(16),
        left_out: vec![DayLeftOut { day: sample.received_at.date(), reason: hostile(17) }],
        due_note: hostile(18),
        changed: vec![hostile(23)],
        return_by: hostile(19),
        fees: Fees::Known(vec![Fee { names: vec![hostile(20)], amount: 1, paid: true }]),
        register: Some(RegisterLine { book: hostile(21), number: u64::MAX }),
        officer: hostile(22),
        ..sample
    };
    check(&paper, 23);
    check(&AcceptanceReceipt { fees: Fees::Open { rules: vec![hostile(20)], paid: false }, ..paper }, 23);
}

#[test]
fn markup_in_every_field_of_form_02_is_text() {
    let (_, sample) = SupplementRequest::samples().remove(0);
    let paper = SupplementRequest {
        number: hostile(1),
        code: Code::Filing(hostile(2)),
        lookup: lookup(3),
        applicant: party(5),
        procedure: Procedure { code: hostile(11), name: hostile(12) },
        items: vec![SupplementItem { paper: hostile(13), what: hostile(14), wanted: Vec::new(), legal: hostile(15) }],
        advice: hostile(16),
        officer: hostile(17),
        officer_phone: hostile(18),
        ..sample
    };
    check(&paper, 18);
}

#[test]
fn markup_in_every_field_of_the_slip_is_text() {
    let (_, sample) = Slip::samples().remove(0);
    let paper = Slip {
        code: Code::Dossier(hostile(1)),
        lookup: lookup(2),
        applicant: hostile(4),
        procedure: hostile(5),
        address: hostile(6),
        hours: hostile(7),
        bring: hostile(8),
        due_at: None,
        missing: vec![hostile(9), hostile(10)],
        ..sample
    };
    check(&paper, 10);
}

#[test]
fn markup_in_every_field_of_the_result_is_text() {
    let (_, sample) = ResultSheet::samples().remove(0);
    let paper = ResultSheet {
        number: hostile(1),
        subject: hostile(2),
        code: hostile(3),
        to: hostile(4),
        grounds: vec![hostile(5), hostile(6)],
        body: vec![hostile(7), hostile(8)],
        facts: vec![(hostile(9), hostile(10))],
        signer: Signer { name: hostile(11), ..Signer::default() },
        copies: vec![hostile(12)],
        ..sample
    };
    check(&paper, 12);
}

/// Capitals are set by the layout, so the head is looked for in capitals.
#[test]
fn markup_in_the_head_is_text() {
    let (_, sample) = AcceptanceReceipt::samples().remove(0);
    let paper = AcceptanceReceipt { office: Office { parent: hostile(1), name: hostile(2), place: hostile(3) }, ..sample };
    let text = squeezed(&render(&paper).unwrap());
    for words in [hostile(1).to_uppercase(), hostile(2).to_uppercase(), hostile(3)] {
        assert!(text.contains(&words), "{words} in {text}");
    }
}

#[test]
fn empty_fields_and_lists_are_typeset() {
    let (_, sample) = AcceptanceReceipt::samples().remove(0);
    let bare = AcceptanceReceipt {
        office: Office::default(),
        number: String::new(),
        code: String::new(),
        lookup: Lookup::default(),
        applicant: Party::default(),
        procedure: Procedure::default(),
        papers: Vec::new(),
        term: String::new(),
        left_out: Vec::new(),
        return_by: String::new(),
        officer: String::new(),
        ..sample
    };
    render(&bare).unwrap();
    let (_, sample) = ResultSheet::samples().remove(0);
    let bare = ResultSheet {
        office: Office::default(),
        kind: String::new(),
        subject: String::new(),
        to: String::new(),
        grounds: Vec::new(),
        body: Vec::new(),
        facts: Vec::new(),
        signer: Signer::default(),
        copies: Vec::new(),
        ..sample
    };
    render(&bare).unwrap();
}

#[test]
fn a_letter_the_font_lacks_is_a_box_and_can_be_asked_for_before() {
    let (_, sample) = Slip::samples().remove(0);
    let name = "Nguyễn 😀 王 \u{202E}Văn\u{0} A\u{301}";
    let text = squeezed(&render(&Slip { applicant: name.into(), ..sample }).unwrap());
    assert!(text.contains("Nguyễn□□VănÁ"), "{text}");
    assert_eq!(unprintable(name), vec!['王', '😀']);
    assert_eq!(unprintable("Trần Thị Ễ ₫ – K'Brôih “Ỡ”"), Vec::<char>::new());
}

#[test]
fn all_vietnamese_letters_can_be_printed_composed_or_not() {
    let marks = ["", "\u{300}", "\u{301}", "\u{303}", "\u{309}", "\u{323}"];
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY".chars() {
        for mark in marks {
            assert_eq!(unprintable(&format!("{vowel}{mark}")), Vec::<char>::new());
        }
    }
    assert_eq!(unprintable("đĐ₫"), Vec::<char>::new());
}

/// From a text area: lines stay lines, in whatever way they end.
#[test]
fn typed_lines_stay_lines() {
    let (_, sample) = SupplementRequest::samples().remove(0);
    let what = "Dòng một\nDòng hai\r\n\n- Dòng bốn\u{2028}tiếp\ttheo\u{A0}đó";
    let items = vec![SupplementItem { paper: what.into(), what: what.into(), wanted: Vec::new(), legal: what.into() }];
    let (pdf, warnings) = proof(&SupplementRequest { items, advice: what.into(), ..sample }).unwrap();
    assert_eq!(warnings, Vec::<String>::new());
    assert_eq!(squeezed(&pdf).matches("Dòngbốntiếptheođó").count(), 4);
    let lines = crate::reading::text(&pdf);
    assert!(!lines.contains("một Dòng") && !lines.contains("mộtDòng"), "{lines}");
}

#[test]
fn a_code_too_long_for_a_qr_is_an_error_not_a_panic() {
    let (_, sample) = Slip::samples().remove(0);
    let lookup = Lookup { qr: "x".repeat(5000), ..sample.lookup.clone() };
    assert!(matches!(render(&Slip { lookup, ..sample }), Err(Error::Qr(5000))));
}
