//! CSV and JSON lines.

use std::io::Cursor;

use sheet::{Column, Limits, open};

const COLUMNS: &[Column] = &[Column::required("code", &["Mã thủ tục", "Mã TTHC"]), Column::required("name", &["Tên thủ tục"])];

#[test]
fn a_header_is_found_by_its_names() {
    let sheet = open(
        Cursor::new("DANH MỤC\n\nSTT;MÃ TTHC (*);TÊN THỦ TỤC\n1;1.000689;\"Khai sinh; nhận cha\"\n"),
        COLUMNS,
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(sheet.header.line, 3);
    let rows: Vec<_> = sheet.rows.map(Result::unwrap).collect();
    assert_eq!(rows[0].get("name"), "Khai sinh; nhận cha");
}
