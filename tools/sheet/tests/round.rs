//! What is written is read back; what nobody wrote does no harm.

use std::io::Cursor;

use proptest::collection::vec;
use proptest::prelude::*;
use sheet::{Cell, Column, Limits, jsonl, open, write_csv, write_xlsx};

const COLUMNS: &[Column] = &[Column::required("a", &[]), Column::optional("b", &[]), Column::optional("c", &[])];

/// Text that people and attackers type; without the blanks around it that reading takes away.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("=1+1".to_owned()),
        Just("'".to_owned()),
        Just("\"".to_owned()),
        Just("@SUM(A1)".to_owned()),
        Just("+84 900".to_owned()),
        Just("-5".to_owned()),
        Just("\r\n".to_owned()),
        Just(",;|\t".to_owned()),
        Just("_x0041_".to_owned()),
        Just("H'Blim Niê".to_owned()),
        Just("\u{FEFF}".to_owned()),
        "[a-zA-ZđƠểỹ0-9 ]{0,8}",
        any::<char>().prop_filter("zero bytes are refused", |c| *c != '\0').prop_map(String::from),
    ];
    vec(pieces, 0..6).prop_map(|parts| parts.concat().trim().to_owned())
}

fn table() -> impl Strategy<Value = Vec<[String; 3]>> {
    vec([text(), text(), text()], 0..12)
}

/// Rows that are not blank, for those are not read.
fn filled(rows: &[[String; 3]]) -> Vec<Vec<String>> {
    rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty())).map(|row| row.to_vec()).collect()
}

fn cells(rows: &[[String; 3]]) -> Vec<Vec<Cell>> {
    rows.iter().map(|row| row.iter().map(|text| Cell::from(text.as_str())).collect()).collect()
}

fn read_back(bytes: Vec<u8>) -> Vec<Vec<String>> {
    open(Cursor::new(bytes), COLUMNS, &Limits::default()).unwrap().rows.map(|row| row.unwrap().cells).collect()
}

/// Reads everything there is to read.
fn exhaust(bytes: &[u8]) {
    let limits = Limits { unpacked: 4 << 20, ..Limits::default() };
    for columns in [COLUMNS, &[]] {
        if let Ok(sheet) = open(Cursor::new(bytes.to_vec()), columns, &limits) {
            sheet.rows.take(100_000).for_each(drop);
        }
    }
    if let Ok(lines) = jsonl::<serde_json::Value>(Cursor::new(bytes.to_vec()), &limits) {
        lines.take(100_000).for_each(drop);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn csv_is_read_as_written(rows in table()) {
        let mut file = Vec::new();
        write_csv(&mut file, &["a", "b", "c"], cells(&rows)).unwrap();
        prop_assert_eq!(read_back(file), filled(&rows));
    }

    #[test]
    fn xlsx_is_read_as_written(rows in table()) {
        let file = write_xlsx("Trang", &["a", "b", "c"], cells(&rows)).unwrap();
        prop_assert_eq!(read_back(file), filled(&rows));
    }

    /// CSV of any other writer that quotes as RFC 4180 says.
    #[test]
    fn csv_of_others_is_read_alike(rows in table(), separator in prop_oneof![Just(b','), Just(b';'), Just(b'\t'), Just(b'|')], always in any::<bool>()) {
        let quotes = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
        let mut writer = csv::WriterBuilder::new().delimiter(separator).quote_style(quotes).from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).unwrap();
        let plain: Vec<[String; 3]> = rows.iter().map(|row| row.clone().map(|cell| cell.replace('\'', "’"))).collect();
        for row in &plain {
            writer.write_record(row).unwrap();
        }
        prop_assert_eq!(read_back(writer.into_inner().unwrap()), filled(&plain));
    }

    #[test]
    fn no_cell_of_a_written_csv_starts_like_a_formula(rows in table()) {
        let mut file = Vec::new();
        write_csv(&mut file, &["a", "b", "c"], cells(&rows)).unwrap();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&file[3..]);
        for record in reader.records() {
            for cell in record.unwrap().iter() {
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{}", cell);
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_harm(bytes in vec(any::<u8>(), 0..2000)) {
        exhaust(&bytes);
    }

    #[test]
    fn any_text_is_read_without_harm(text in "(a[,;\t|\"'\r\n ]?|b|[\"]|[\n\r,;]|\\PC|[{}\\[\\]:]){0,200}") {
        exhaust(text.as_bytes());
        exhaust(format!("a;b;c\n{text}").as_bytes());
        exhaust(&format!("\u{FEFF}a;b\n{text}").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// A workbook with bytes changed anywhere, in the packing or in the XML itself.
    #[test]
    fn a_spoilt_workbook_is_read_without_harm(changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8), cut in any::<prop::sample::Index>(), stored in any::<bool>()) {
        let whole = workbook(stored);
        let mut spoilt = whole.clone();
        for (at, byte) in &changes {
            let at = at.index(spoilt.len());
            spoilt[at] = *byte;
        }
        exhaust(&spoilt);
        exhaust(&whole[..cut.index(whole.len())]);
    }
}

/// A small workbook; stored without packing, so that changes reach the XML (their checksums then betray them, see below).
fn workbook(stored: bool) -> Vec<u8> {
    let file = write_xlsx("Trang", &["a", "b", "c"], (0..5).map(|n| vec!["x".into(), Cell::Int(n), "y".into()])).unwrap();
    if stored { repacked(&file, |_, _| {}) } else { file }
}

/// The same parts, stored, after a change.
fn repacked(file: &[u8], mut change: impl FnMut(&str, &mut Vec<u8>)) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut from = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        change(&name, &mut bytes);
        to.start_file(name, zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        to.write_all(&bytes).unwrap();
    }
    to.finish().unwrap().into_inner()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    /// Changes inside the XML of a part, packed again so that the checksum is right.
    #[test]
    fn spoilt_parts_are_read_without_harm(part in 0usize..12, changes in vec((any::<prop::sample::Index>(), prop_oneof![any::<u8>(), Just(b'<'), Just(b'>'), Just(b'"'), Just(b'9'), Just(b'/')]), 1..6)) {
        let file = write_xlsx("Trang", &["a", "b", "c"], (0..5).map(|n| vec!["x".into(), Cell::Int(n), "y".into()])).unwrap();
        let mut number = 0;
        let spoilt = repacked(&file, |_, bytes| {
            if number == part {
                for (at, byte) in &changes {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
            }
            number += 1;
        });
        exhaust(&spoilt);
    }
}

#[test]
fn the_same_rows_are_the_same_workbook() {
    let rows = || vec![vec![Cell::from("Đất Mũi"), Cell::Int(1 << 60), Cell::Blank]];
    assert!(write_xlsx("A", &["x"], rows()).unwrap() == write_xlsx("A", &["x"], rows()).unwrap());
}
