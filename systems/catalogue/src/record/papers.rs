//! Rows of the table of documents → papers of four kinds, and the cases they belong to.
//! (not on screen)
//!
//! The portal prints papers, headings and remarks in one table. The rules below are few and can be read aloud; each row keeps its text, so a
//! person can always see what was decided and why:
//!
//! 1. A heading decides first: "Lưu ý" makes remarks, "Giấy tờ phải xuất trình" papers that are shown and given back, "uỷ quyền" papers
//!    that only a proxy needs, "Nộp trực tiếp" papers of one channel, "Trường hợp …" a case.
//! 2. A row that names a paper first ("Tờ khai …", "Bản sao …") is a paper; with "nếu có", "trong trường hợp …" in its first clause only if applicable.
//! 3. A row that begins with a condition is a paper if applicable when it asks for copies, and a remark when it asks for none or waives something.
//! 4. Everything else is a paper when it asks for an original or a copy, and a remark when it does not. A remark never becomes an upload slot.

use std::collections::HashSet;

use super::{Document, Record, id_of, tidy};
use crate::package::{Case, Channel, PaperKind, PaperRow};

/// Papers and cases of a record.
pub(super) fn rows(record: &Record) -> (Vec<PaperRow>, Vec<Case>) {
    let headings: Vec<Heading> = record.documents.iter().map(|d| heading(&d.case)).collect();
    let mut cases: Vec<Case> = vec![];
    for h in &headings {
        if let Heading::Case(name) = h
            && !cases.iter().any(|c| &c.name == name)
        {
            cases.push(Case { id: id_of("c", &[name]), name: name.clone(), when: String::new() });
        }
    }
    let plain_too = headings.iter().any(|h| !matches!(h, Heading::Case(_) | Heading::Note | Heading::Proxy(_)));
    let alternatives = cases.len() > 1;
    let mut seen = HashSet::new();
    let mut papers = vec![];
    for (doc, under) in record.documents.iter().zip(&headings) {
        let Some(mut row) = row(doc, under) else { continue };
        if let Heading::Case(name) = under {
            if alternatives {
                row.case = Some(id_of("c", &[name]));
            } else if plain_too && row.kind == PaperKind::Submit {
                // one case beside the general list: its papers are needed in that case only
                row.kind = PaperKind::IfApplicable;
                row.note = join(name, &row.note);
            }
        }
        row.id = id_of("p", &[row.case.as_deref().unwrap_or(""), &row.name, &row.note]);
        if seen.insert(row.id.clone()) {
            papers.push(row);
        }
    }
    if !alternatives {
        cases.clear();
    }
    (papers, cases)
}

#[derive(Clone, Debug, PartialEq)]
enum Heading {
    Plain,
    Note,
    Present,
    Proxy(String),
    Channel(Channel),
    Group(String),
    Case(String),
}

fn heading(text: &str) -> Heading {
    let shown = unnumbered(&tidy(text)).trim_end_matches([':', '.', ',', '(', ' ']).to_owned();
    let folded = base::text::fold(&shown);
    let has = |words: &[&str]| words.iter().any(|w| folded.contains(w));
    let begins = |words: &[&str]| words.iter().any(|w| folded.starts_with(w));
    if folded.is_empty() {
        Heading::Plain
    } else if has(&["luu y", "quy dinh ve mien"]) || begins(&["ghi chu"]) {
        Heading::Note
    } else if begins(&["giay to phai xuat trinh", "giay to xuat trinh", "xuat trinh", "chung tu phai xuat trinh"]) {
        Heading::Present
    } else if has(&["uy quyen"]) {
        Heading::Proxy(shown)
    } else if begins(&["nop truc tiep", "truc tiep"]) {
        Heading::Channel(Channel::Direct)
    } else if begins(&["nop theo phuong thuc dien tu", "nop truc tuyen", "truc tuyen"]) {
        Heading::Channel(Channel::Online)
    } else if has(&["truong hop", "doi voi"])
        || (begins(&["ho so "]) && has(&["de nghi", "cap ", "hai quan"]) && !begins(&["ho so cua"]))
    {
        Heading::Case(short(&shown, 400))
    } else if folded.chars().count() < 60
        && (begins(&["giay to phai nop", "chung tu phai nop", "thanh phan", "ho so gom", "ho so bao gom"]))
    {
        Heading::Plain
    } else {
        Heading::Group(short(&shown, 200))
    }
}

/// Words a paper's name begins with.
const PAPERS: &[&str] = &[
    "don ",
    "to khai",
    "giay",
    "ban sao",
    "ban chinh",
    "ban goc",
    "ban chup",
    "ban thong tin",
    "ban ke",
    "ban cam ket",
    "ban ve",
    "ban thuyet minh",
    "ban tu",
    "ban mo ta",
    "ban trich",
    "ban khai",
    "ban dich",
    "ban danh sach",
    "ban giai trinh",
    "van ban",
    "hop dong",
    "quyet dinh",
    "bien ban",
    "bao cao",
    "ho so ",
    "danh sach",
    "danh muc",
    "anh ",
    "phieu",
    "chung ",
    "chung tu",
    "so do",
    "so ho khau",
    "so yeu",
    "so tiet",
    "tai lieu",
    "ho chieu",
    "the ",
    "bang ",
    "cong van",
    "to trinh",
    "du an",
    "de an",
    "phuong an",
    "dieu le",
    "nghi quyet",
    "ly lich",
    "hoa don",
    "mau ",
    "thuyet minh",
    "ke hoach",
    "cam ket",
    "loi chung",
    "trich luc",
    "binh do",
    "ban do",
    "de cuong",
    "du toan",
    "du thao",
    "quy che",
    "quy trinh",
    "mot trong",
    "uy nhiem",
    "thong bao",
    "bo ho so",
    "catalog",
    "tem ",
    "nhat ky",
    "so nhat",
    "so thuyen",
    "so luong",
    "xac nhan",
    "y kien",
    "di chuc",
    "ban an",
    "can cuoc",
    "the can cuoc",
    "cong hien",
    "de nghi ",
];

/// Subjects of sentences that speak about people and offices, not about papers.
const PEOPLE: &[&str] = &[
    "co quan",
    "nguoi tiep nhan",
    "can bo",
    "nguoi yeu cau",
    "nguoi co yeu cau",
    "nguoi nop",
    "ca nhan co quyen",
    "viec ",
    "to chuc, ca nhan ",
    "uy ban",
    "bo phan",
    "he thong",
    "doanh nghiep co ",
    "thoi han",
    "cac giay to",
    "luu y",
    "khi ",
];

const WAIVES: &[&str] = &[
    "khong phai nop",
    "khong can nop",
    "khong yeu cau",
    "mien nop",
    "duoc mien",
    "khong bat buoc",
    "khong phai tai len",
    "khong phai xuat trinh",
    "khong duoc yeu cau",
    "duoc thay the bang",
    "khong phai chung thuc",
];

const ASKS: &[&str] = &[
    "phai co",
    "phai nop",
    "nop them",
    "nop kem",
    "nop ",
    "kem theo",
    "bo sung",
    "xuat trinh",
    "can co",
    "gui kem",
    "co them",
    "gom",
    "cung cap",
    "thay bang",
];

fn row(doc: &Document, under: &Heading) -> Option<PaperRow> {
    let text = unnumbered(&tidy(&doc.name));
    if text.is_empty() {
        return None;
    }
    let folded = base::text::fold(&text);
    let counted = doc.originals + doc.copies > 0;
    let kind = kind(&folded, under, counted);
    let (name, rest) = split(&text);
    let asked = kind != PaperKind::Note;
    Some(PaperRow {
        id: String::new(),
        name,
        kind,
        channels: if asked { channels(&folded, under) } else { vec![] },
        case: None,
        originals: if asked { doc.originals } else { 0 },
        copies: if asked { doc.copies } else { 0 },
        form_file: doc.form_file.trim().to_owned(),
        note: match under {
            Heading::Group(group) if asked => join(group, &rest),
            Heading::Proxy(group) if asked => join(group, &rest),
            _ => rest,
        },
        basis: String::new(),
        by_form: asked && folded.contains("dien tu tuong tac"),
    })
}

fn kind(folded: &str, under: &Heading, counted: bool) -> PaperKind {
    let begins = |words: &[&str]| words.iter().any(|w| folded.starts_with(w));
    let has = |words: &[&str]| words.iter().any(|w| folded.contains(w));
    if *under == Heading::Note || folded.ends_with(':') || begins(PEOPLE) && !counted {
        return PaperKind::Note;
    }
    if begins(&["truong hop", "doi voi", "neu ", "ngoai ra", "ngoai cac", "rieng "]) {
        let waives = has(WAIVES) && !has(&["phai co", "phai nop"]);
        return if counted && (has(ASKS) || !waives) { PaperKind::IfApplicable } else { PaperKind::Note };
    }
    if begins(PAPERS) || folded.starts_with(|c: char| c.is_ascii_digit()) {
        let speaks = has(&[" phai duoc ", " phai bao dam ", " co trach nhiem "]);
        if !counted && speaks {
            return PaperKind::Note;
        }
    } else if !counted {
        return PaperKind::Note;
    }
    if conditional(folded) || matches!(under, Heading::Proxy(_)) {
        PaperKind::IfApplicable
    } else if *under == Heading::Present || presented(folded) {
        PaperKind::Present
    } else {
        PaperKind::Submit
    }
}

/// A condition in the first clause; what follows a semicolon or a full stop speaks of alternatives.
fn conditional(folded: &str) -> bool {
    let first = folded.split([';']).next().unwrap_or(folded);
    let first = first.split(". ").next().unwrap_or(first);
    [
        "neu co",
        "(neu ",
        "trong truong hop",
        "doi voi truong hop",
        "doi voi nguoi",
        "doi voi co so",
        "doi voi ca nhan",
        "doi voi to chuc",
        "doi voi doanh nghiep",
        "doi voi ho ",
        "ap dung doi voi",
        "ap dung cho",
        "khi uy quyen",
        "truong hop ",
    ]
    .iter()
    .any(|w| first.contains(w))
        && !by_channel(first)
}

fn by_channel(first: &str) -> bool {
    first.contains("nop ho so theo hinh thuc") || first.contains("lua chon nop ho so")
}

fn presented(folded: &str) -> bool {
    folded.contains("(xuat trinh") || folded.ends_with("de xuat trinh") || folded.starts_with("xuat trinh")
}

fn channels(folded: &str, under: &Heading) -> Vec<Channel> {
    if let Heading::Channel(c) = under {
        return vec![*c];
    }
    if folded.contains("dien tu tuong tac") {
        return vec![Channel::Online];
    }
    let first = folded.split(". ").next().unwrap_or(folded);
    if !by_channel(first) {
        return vec![];
    }
    let mut found = vec![];
    for (word, channel) in [("truc tuyen", Channel::Online), ("truc tiep", Channel::Direct), ("buu chinh", Channel::Post)] {
        if first.contains(word) {
            found.push(channel);
        }
    }
    // paper forms go by post as they go over the desk
    if found == [Channel::Direct] {
        found.push(Channel::Post);
    }
    found
}

/// Without "a)", "(1.2)", "3.", "-" at the start.
fn unnumbered(text: &str) -> String {
    let mut rest = text.trim();
    for _ in 0..3 {
        let open = rest.strip_prefix('(').unwrap_or(rest);
        let mark: usize = open.chars().take_while(|c| c.is_alphanumeric() || *c == '.').map(char::len_utf8).sum();
        let label = &open[..mark];
        let after = &open[mark..];
        let numbered = mark > 0
            && (label.chars().count() <= 7 || label.chars().all(|c| c.is_ascii_digit() || c == '.'))
            && (after.starts_with(')') && (label.chars().count() <= 3 || label.contains('.'))
                || label.ends_with('.') && label.chars().next().is_some_and(|c| c.is_ascii_digit()) && after.starts_with(' '));
        if !numbered {
            break;
        }
        rest = after.trim_start_matches(')').trim_start_matches(['.', ' ', '-', '+', ':', '–']);
    }
    rest.trim_start_matches(['-', '+', '–', '*', '•', ' ']).to_owned()
}

/// The paper's name, and what the record adds to it.
fn split(text: &str) -> (String, String) {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    for (i, &(at, c)) in chars.iter().enumerate().skip(8) {
        let next = chars.get(i + 1).map(|&(_, c)| c);
        let after = chars.get(i + 2).map(|&(_, c)| c);
        let end = match c {
            ';' => next == Some(' '),
            '.' => next == Some(' ') && after.is_some_and(char::is_uppercase),
            _ => false,
        };
        if end {
            return (text[..at].trim().to_owned(), capital(text[at + 1..].trim()));
        }
    }
    (text.trim_end_matches(['.', ';']).to_owned(), String::new())
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

fn join(first: &str, second: &str) -> String {
    if second.is_empty() { first.to_owned() } else { format!("{first}. {second}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(case: &str, name: &str, originals: u32, copies: u32) -> Document {
        Document { case: case.into(), name: name.into(), form_file: String::new(), originals, copies }
    }

    fn kinds(docs: Vec<Document>) -> Vec<(PaperKind, String)> {
        let mut record = crate::record::tests_support::record("1.001193", "Đăng ký khai sinh");
        record.documents = docs;
        rows(&record).0.into_iter().map(|p| (p.kind, p.name)).collect()
    }

    #[test]
    fn a_remark_is_never_an_upload_slot() {
        let found = kinds(vec![
            doc("* Lưu ý:", "Giấy tờ do nước ngoài cấp phải được hợp pháp hóa lãnh sự.", 0, 0),
            doc("--", "Người có yêu cầu thực hiện việc nộp các giấy tờ sau:", 0, 0),
            doc("* Giấy tờ phải nộp:", "Trường hợp đã nộp bản điện tử Giấy chứng sinh thì không phải nộp bản giấy.", 0, 0),
        ]);
        assert!(found.iter().all(|(k, _)| *k == PaperKind::Note), "{found:?}");
    }

    #[test]
    fn a_paper_with_an_alternative_must_be_handed_in() {
        let found = kinds(vec![doc(
            "* Giấy tờ phải nộp:",
            "Giấy chứng sinh; trường hợp không có Giấy chứng sinh thì nộp văn bản của người làm chứng.",
            1,
            0,
        )]);
        assert_eq!(found, [(PaperKind::Submit, "Giấy chứng sinh".to_owned())]);
    }

    #[test]
    fn a_paper_that_begins_with_a_condition_is_asked_only_then() {
        let found = kinds(vec![
            doc("* Giấy tờ phải nộp:", "Trường hợp trẻ em bị bỏ rơi thì phải có biên bản do cơ quan có thẩm quyền lập.", 1, 0),
            doc("", "Văn bản ủy quyền trong trường hợp ủy quyền thực hiện.", 1, 0),
            doc("", "b) Bản sao giấy phép (nếu có)", 0, 1),
        ]);
        assert!(found.iter().all(|(k, _)| *k == PaperKind::IfApplicable), "{found:?}");
    }

    #[test]
    fn cases_are_alternatives_only_when_there_are_several() {
        let mut record = crate::record::tests_support::record("1.013225", "Cấp giấy phép xây dựng");
        record.documents = vec![
            doc("(1.1) Đối với công trình không theo tuyến:", "Đơn đề nghị", 1, 0),
            doc("(1.7) Đối với công trình nhà ở riêng lẻ:", "Đơn đề nghị", 1, 0),
        ];
        let (papers, cases) = rows(&record);
        assert_eq!(
            cases.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
            ["Đối với công trình không theo tuyến", "Đối với công trình nhà ở riêng lẻ"]
        );
        assert_eq!(papers.iter().filter(|p| p.case.is_some()).count(), 2);
        // two groups of papers of one dossier are no cases
        record.documents = vec![
            doc("Hồ sơ của người nhận con nuôi:", "Đơn xin nhận con nuôi", 1, 0),
            doc("Hồ sơ của người được nhận làm con nuôi", "Giấy khai sinh.", 1, 0),
        ];
        let (papers, cases) = rows(&record);
        assert!(cases.is_empty());
        assert!(papers.iter().all(|p| p.kind == PaperKind::Submit), "{papers:?}");
    }

    #[test]
    fn numbering_is_taken_off_but_numbers_of_papers_stay() {
        assert_eq!(unnumbered("a) Tờ khai"), "Tờ khai");
        assert_eq!(unnumbered("(1.5) Đối với"), "Đối với");
        assert_eq!(unnumbered("6.3.1.6. Khi thực hiện"), "Khi thực hiện");
        assert_eq!(unnumbered("02 ảnh 3x4 cm"), "02 ảnh 3x4 cm");
        assert_eq!(unnumbered("(i) - Bản sao"), "Bản sao");
        assert_eq!(unnumbered("Giấy (bản gốc) đất"), "Giấy (bản gốc) đất");
    }
}
