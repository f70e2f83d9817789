//! XLSX: what other programs write, and what nobody should have written.

use std::io::{Cursor, Write};

use rust_xlsxwriter::{Format, Formula, Workbook};
use sheet::{Format as Kind, Limits, Reason, open};
use zip::write::SimpleFileOptions;

use crate::{COLUMNS, err, ok, read, rows};

/// A workbook of given parts; the usual ones are added.
fn parts(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let usual = [
        (
            "_rels/.rels",
            r#"<Relationships><Relationship Id="r1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        ("xl/workbook.xml", r#"<workbook><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="r3" Type="x/styles" Target="styles.xml"/></Relationships>"#,
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in usual.iter().filter(|(name, _)| !more.iter().any(|(other, _)| other == name)).chain(more) {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A sheet of rows in the file's own words.
fn sheet_of(rows: &str) -> String {
    format!(
        r#"<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Mã TTHC</t></is></c><c r="B1" t="inlineStr"><is><t>Tên thủ tục</t></is></c></row>{rows}</sheetData></worksheet>"#
    )
}

#[test]
fn numbers_dates_and_formulas_read_as_a_person_sees_them() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.write_row(0, 0, ["Mã TTHC", "Tên thủ tục"]).unwrap();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    let moment = Format::new().set_num_format("hh:mm dd/mm/yyyy");
    let money = Format::new().set_num_format("#,##0\" đồng\";[Red]-#,##0\" đồng\"");
    for (n, (value, format)) in [
        (79_090_000_001.0, None),
        (0.1 + 0.2, None),
        (1.5e-12, None),
        (-12.50, None),
        (46_346.0, Some(&day)),
        (46_346.652_777_777_78, Some(&moment)),
        (75_000.0, Some(&money)),
    ]
    .into_iter()
    .enumerate()
    {
        let row = n as u32 + 1;
        page.write_string(row, 0, format!("{n}")).unwrap();
        match format {
            Some(format) => page.write_number_with_format(row, 1, value, format).unwrap(),
            None => page.write_number(row, 1, value).unwrap(),
        };
    }
    page.write_string(8, 0, "f").unwrap();
    page.write_formula(8, 1, Formula::new("=1+1").set_result("2")).unwrap();
    page.write_string(9, 0, "b").unwrap();
    page.write_boolean(9, 1, true).unwrap();
    let read = rows(book.save_to_buffer().unwrap());
    let names: Vec<String> = read.into_iter().map(|r| r.unwrap().2).collect();
    assert_eq!(names, ["79090000001", "0.3", "1.5e-12", "-12.5", "2026-11-20", "2026-11-20T15:40:00", "75000", "2", "TRUE"]);
}

#[test]
fn merged_cells_say_the_same_in_each_row_and_blank_rows_are_left_out() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let plain = Format::new();
    page.merge_range(0, 0, 1, 3, "DANH MỤC THỦ TỤC HÀNH CHÍNH", &plain).unwrap();
    // A header of two lines: the upper names span both.
    page.merge_range(2, 0, 3, 0, "Mã TTHC", &plain).unwrap();
    page.merge_range(2, 1, 3, 1, "Lĩnh vực", &plain).unwrap();
    page.merge_range(2, 2, 2, 3, "Thủ tục", &plain).unwrap();
    page.write_row(3, 2, ["Tên thủ tục", "Lệ phí"]).unwrap();
    page.write_row(4, 0, ["1"]).unwrap();
    page.merge_range(4, 1, 7, 1, "Hộ tịch", &plain).unwrap();
    page.write_string(4, 2, "Khai sinh").unwrap();
    page.write_row(5, 0, ["2"]).unwrap();
    page.write_string(5, 2, "Khai tử").unwrap();
    page.write_row(7, 0, ["3"]).unwrap();
    page.write_row(8, 0, ["4"]).unwrap();
    page.write_string(8, 30, "ghi chú ngoài bảng").unwrap();
    let sheet = read(book.save_to_buffer().unwrap()).unwrap();
    assert_eq!((sheet.format, sheet.header.line, sheet.header.place("fee")), (Kind::Xlsx, 4, Some(3)));
    let seen: Vec<_> = sheet.rows.map(Result::unwrap).map(|r| (r.line, r.get("code").to_owned(), r.cells[1].clone())).collect();
    let row = |line, code: &str, field: &str| (line, code.to_owned(), field.to_owned());
    assert_eq!(seen, [row(5, "1", "Hộ tịch"), row(6, "2", "Hộ tịch"), row(8, "3", "Hộ tịch"), row(9, "4", "")]);
}

#[test]
fn the_first_shown_sheet_with_the_header_is_read() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("Hướng dẫn").unwrap().write_string(0, 0, "Điền vào trang sau").unwrap();
    let hidden = book.add_worksheet().set_name("Cũ").unwrap();
    hidden.write_row(0, 0, ["Mã TTHC", "Tên thủ tục"]).unwrap();
    hidden.write_row(1, 0, ["cũ", "cũ"]).unwrap();
    hidden.set_hidden(true);
    let shown = book.add_worksheet().set_name("Mới").unwrap();
    shown.write_row(0, 0, ["Mã TTHC", "Tên thủ tục"]).unwrap();
    shown.write_row(1, 0, ["mới", "mới"]).unwrap();
    assert_eq!(rows(book.save_to_buffer().unwrap()), [ok(2, "mới", "mới")]);
}

#[test]
fn faults_of_a_row_cost_that_row() {
    let rows_xml = r##"
        <row r="2"><c r="A2" t="e"><v>#REF!</v></c><c r="B2"><v>1</v></c></row>
        <row r="3"><c r="A3" t="s"><v>99</v></c></row>
        <row r="4"><c r="A4" t="s"><v>0</v></c><c r="B4" t="s"><v>1</v></c></row>
        <row r="5"><c r="A5" t="str"><v>x</v></c><c r="ZZ5"><v>1</v></c></row>
        <row><c t="str"><v>a&amp;b_x000A_c</v></c><c t="str"><v>d &lt;e&gt;</v></c></row>"##;
    let strings = r#"<sst count="2" uniqueCount="99999999999999"><si><r><t xml:space="preserve">Khai </t></r><r><t>sinh</t></r><rPh><t>nope</t></rPh></si><si><t/></si></sst>"#;
    let book = parts(&sheet_of(rows_xml), &[("xl/sharedStrings.xml", strings)]);
    assert_eq!(
        rows(book),
        [
            err("line 2, column 1: the cell holds the error #REF!"),
            err("line 3, column 1: damaged workbook: a cell names a text that is not there"),
            ok(4, "Khai sinh", ""),
            err("line 5: 702 columns where at most 256 can be"),
            ok(6, "a&b\nc", "d <e>"),
        ]
    );
}

#[test]
fn a_bomb_is_stopped_by_what_comes_out_of_it() {
    let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
    let book = parts(&sheet_of(&format!("<!--{}-->", " ".repeat(20 << 20))), &[]);
    assert!(book.len() < 100_000);
    let error = open(Cursor::new(book), COLUMNS, &limits).unwrap_err();
    assert!(matches!(error.reason, Reason::Bomb { limit: 1_048_576 }), "{error}");
    // Entities are not expanded, whatever a part declares.
    let laughs = r#"<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>"#.to_owned()
        + &sheet_of(r#"<row r="2"><c r="A2" t="str"><v>&b;</v></c></row>"#);
    assert_eq!(rows(parts(&laughs, &[])), [err("damaged workbook: unknown entity b")]);
}

#[test]
fn damaged_workbooks_are_refused() {
    let said = |bytes: Vec<u8>| match read(bytes) {
        Ok(sheet) => sheet.rows.filter_map(Result::err).map(|e| e.to_string()).next().unwrap(),
        Err(error) => error.to_string(),
    };
    assert!(said(b"PK\x03\x04 and then nothing".to_vec()).starts_with("damaged workbook: "));
    let no_sheet = parts("", &[("xl/workbook.xml", "<workbook/>")]);
    assert_eq!(said(no_sheet), "damaged workbook: no sheet in it");
    let good = sheet_of(r#"<row r="2"><c r="A2"><v>1</v></c></row>"#);
    let cut = good.get(..good.len() - 30).unwrap();
    assert!(said(parts(cut, &[])).starts_with("damaged workbook: "), "{}", said(parts(cut, &[])));
    for bad in [
        r#"<row r="x"/>"#,
        r#"<row r="2"><c r="1A"><v>1</v></c></row>"#,
        r#"<row r="2"><c r="AAAA1"><v>1</v></c></row>"#,
        r#"<row r="2"><c r="A2"></row>"#,
    ] {
        assert!(said(parts(&sheet_of(bad), &[])).starts_with("damaged workbook: "), "{bad}");
    }
    let other = parts(&sheet_of(""), &[("xl/workbook.xml", "plain text")]);
    assert_eq!(said(other), "damaged workbook: no sheet in it");
}

/// The general reader and ours agree on what the writer made.
#[test]
fn our_reader_sees_what_the_general_one_sees() {
    use calamine::{Data, Reader, Xlsx};
    let rows: Vec<Vec<sheet::Cell>> = (0..300i64)
        .map(|n| {
            vec![
                format!("1.{n:06}").into(),
                format!(" _x0041_ Thủ tục\n\"{n}\" <&>\t{}", "Ễ".repeat(n as usize)).into(),
                (n * n).into(),
            ]
        })
        .collect();
    let file = sheet::write_xlsx("Danh mục", &["Mã TTHC", "Tên thủ tục", "Lệ phí"], rows).unwrap();
    let range = Xlsx::new(Cursor::new(file.clone())).unwrap().worksheet_range("Danh mục").unwrap();
    let theirs: Vec<Vec<String>> = range
        .rows()
        .skip(1)
        .map(|row| {
            row.iter().map(|cell| if let Data::String(text) = cell { text.trim().to_owned() } else { cell.to_string() }).collect()
        })
        .collect();
    let ours: Vec<Vec<String>> = read(file).unwrap().rows.map(|row| row.unwrap().cells).collect();
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 300);
}
