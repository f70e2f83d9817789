//! CSV: separators, encodings, quotes, headers, and faults that cost one line each.

use sheet::{Guess, Limits, Reason, open};

use crate::{COLUMNS, err, ok, read, rows};

#[test]
fn a_header_is_found_by_its_names_below_a_title() {
    let sheet =
        read("DANH MỤC THỦ TỤC\n\nSTT;MÃ TTHC (*);TE\u{302}N  thủ tục;Ghi chú\n1;1.000689;\"Khai sinh; nhận cha\";\n").unwrap();
    assert_eq!(sheet.header.line, 3);
    assert_eq!((sheet.header.place("code"), sheet.header.place("fee")), (Some(1), None));
    assert_eq!(sheet.header.unknown(), vec!["STT", "Ghi chú"]);
    let row = sheet.rows.map(Result::unwrap).next().unwrap();
    assert_eq!((row.line, row.get("name"), row.get("fee")), (4, "Khai sinh; nhận cha", ""));
}

#[test]
fn the_separator_is_the_one_under_which_the_header_is_found() {
    for separator in [',', ';', '\t', '|'] {
        let file = format!("Mã TTHC{separator}Tên thủ tục\n1.001193{separator}Đăng ký khai sinh\n");
        assert_eq!(rows(&file), vec![ok(2, "1.001193", "Đăng ký khai sinh")], "{separator:?}");
    }
    assert_eq!(rows("sep=|\nMã TTHC|Tên thủ tục\na|b;c,d\n"), vec![ok(3, "a", "b;c,d")]);
    // More commas than semicolons, but only semicolons make the columns.
    assert_eq!(rows("Ghi chú, lưu ý, khác;Mã TTHC;Tên thủ tục\nx,y;a;b, c, d\n"), vec![ok(2, "a", "b, c, d")]);
}

#[test]
fn without_known_columns_the_separator_is_the_one_that_makes_rows_alike() {
    let file = "id\tname (one, two; three | four)\thow\n1\ta, b\tc\n2\ta; b, c, d, e\tf\n3\tx\ty\n";
    let sheet = open(std::io::Cursor::new(file), &[], &Limits::default()).unwrap();
    assert_eq!(sheet.header.names, ["id", "name (one, two; three | four)", "how"]);
    assert_eq!(sheet.rows.filter(Result::is_ok).count(), 3);
}

#[test]
fn unicode_is_read_in_each_of_its_forms() {
    let text = "Mã TTHC;Tên thủ tục\r\n1.001193;Đăng ký khai sinh 🙂\r\n";
    let wanted = vec![ok(2, "1.001193", "Đăng ký khai sinh 🙂")];
    let le = |mark: bool| -> Vec<u8> {
        let mark = if mark { "\u{FEFF}" } else { "" };
        format!("{mark}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let be = |mark: bool| -> Vec<u8> {
        let mark = if mark { "\u{FEFF}" } else { "" };
        format!("{mark}{text}").encode_utf16().flat_map(u16::to_be_bytes).collect()
    };
    for (name, file) in [
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-8 with mark", format!("\u{FEFF}{text}").into_bytes()),
        ("UTF-16LE with mark", le(true)),
        ("UTF-16LE", le(false)),
        ("UTF-16BE with mark", be(true)),
        ("UTF-16BE", be(false)),
    ] {
        assert_eq!(rows(file), wanted, "{name}");
    }
}

#[test]
fn all_line_ends_count_as_one_line() {
    assert_eq!(rows("Mã TTHC,Tên thủ tục\ra,b\r\r\nc,d\n\re,f"), vec![ok(2, "a", "b"), ok(4, "c", "d"), ok(6, "e", "f")]);
}

#[test]
fn a_quoted_cell_may_hold_anything_and_lines_are_counted_through_it() {
    let file = "Mã TTHC,Tên thủ tục\na,\"một \"\"hai\"\"\r\nba, bốn\"\n\nb,\"\"\nc,d\"e\n";
    assert_eq!(rows(file), vec![ok(2, "a", "một \"hai\"\r\nba, bốn"), ok(5, "b", ""), ok(6, "c", "d\"e")]);
}

#[test]
fn a_fault_above_the_header_is_nobodys_row() {
    assert_eq!(rows("Danh mục \"A\"\n\"x\"y\nMã TTHC,Tên thủ tục\na,b\n"), vec![ok(4, "a", "b")]);
    assert_eq!(read("\"Mã\" TTHC,Tên thủ tục\na,b\n").unwrap_err().to_string(), "line 1: text after a closing quote");
}

#[test]
fn a_stray_quote_costs_its_own_line() {
    let file = "Mã TTHC,Tên thủ tục\na,\"b\nc,\"d\"\ne,f\n";
    assert_eq!(rows(file), vec![err("line 2: text after a closing quote"), ok(3, "c", "d"), ok(4, "e", "f")]);
    let file = "Mã TTHC,Tên thủ tục\na,\"b\nc,d\ne,f\n";
    assert_eq!(rows(file), vec![err("line 2: a quoted cell is never closed"), ok(3, "c", "d"), ok(4, "e", "f")]);
    let long = format!("Mã TTHC,Tên thủ tục\na,\"b\n{}", "c,d\n".repeat(1000));
    let read = rows(long);
    assert_eq!(read.len(), 1001);
    assert_eq!(read.iter().filter(|r| r.is_err()).count(), 1);
}

/// Each line opens a quote that nothing closes: reading again must not grow with the file.
#[test]
fn a_file_of_open_quotes_is_read_in_time() {
    let start = std::time::Instant::now();
    let line = format!("a,\"{}\n", "\"\"x".repeat(3000));
    let file = format!("Mã TTHC,Tên thủ tục\n{}", line.repeat(1500));
    assert_eq!(rows(file).iter().filter(|r| r.is_err()).count(), 1500);
    let file = format!("Mã TTHC,Tên thủ tục\n{}", "a,\"b\"\"\n".repeat(20_000));
    assert_eq!(rows(file).iter().filter(|r| r.is_err()).count(), 20_000);
    assert!(start.elapsed().as_secs() < 120, "{:?}", start.elapsed());
}

#[test]
fn a_row_may_be_short_but_not_wide() {
    let file = "Mã TTHC,Tên thủ tục,\na\nb,c,,,\nd,e,f\ng,h,i,j\n";
    assert_eq!(
        rows(file),
        vec![ok(2, "a", ""), ok(3, "b", "c"), ok(4, "d", "e"), err("line 5: 4 columns where at most 3 can be")]
    );
}

#[test]
fn a_broken_letter_costs_its_own_line_and_is_named_by_position() {
    let mut file = "Mã TTHC,Tên thủ tục\na,Một\nb,Hai\n".as_bytes().to_vec();
    let at = file.len();
    file.extend_from_slice(b"c,\xE1x\nd,");
    file.extend_from_slice("Bốn\n".as_bytes());
    assert_eq!(
        rows(&file),
        vec![
            ok(2, "a", "Một"),
            ok(3, "b", "Hai"),
            err(&format!("line 4: not UTF-8: byte 0xE1 at position {}", at + 2)),
            ok(5, "d", "Bốn")
        ]
    );
    // Cut in the middle of a letter.
    file.extend_from_slice(b"e,\xE1\xBB");
    assert_eq!(rows(&file).last().unwrap(), &err(&format!("line 6: not UTF-8: byte 0xE1 at position {}", file.len() - 2)));
    // A surrogate without its other half; a last half unit.
    let mut wide: Vec<u8> = "\u{FEFF}Mã TTHC,Tên thủ tục\na,".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let at = wide.len();
    wide.extend_from_slice(&[0x00, 0xD8, b'\n', 0, b'b', 0, b',', 0, b'c', 0, b'!']);
    assert_eq!(
        rows(&wide),
        vec![
            err(&format!("line 2: not UTF-16LE: byte 0x00 at position {at}")),
            err(&format!("line 3: not UTF-16LE: byte 0x21 at position {}", at + 10))
        ]
    );
}

/// As the old code page writes it: tone marks after the letter, except for the letters Latin-1 has.
fn windows_1258(text: &str) -> Vec<u8> {
    const DIRECT: &str = "àÀáÁâÂăĂèÈéÉêÊíÍóÓôÔơƠùÙúÚưƯđĐ";
    const BYTES: &[u8] = b"\xE0\xC0\xE1\xC1\xE2\xC2\xE3\xC3\xE8\xC8\xE9\xC9\xEA\xCA\xED\xCD\xF3\xD3\xF4\xD4\xF5\xD5\xF9\xD9\xFA\xDA\xFD\xDD\xF0\xD0";
    let direct = |c: char| if c.is_ascii() { Some(c as u8) } else { DIRECT.chars().position(|d| d == c).map(|at| BYTES[at]) };
    let mut out = Vec::new();
    for letter in text.chars() {
        if let Some(byte) = direct(letter) {
            out.push(byte);
            continue;
        }
        // The base letter is the one whose fold and mark give it: tried out, for a test needs no table.
        let marks = [('\u{300}', 0xCC), ('\u{309}', 0xD2), ('\u{303}', 0xDE), ('\u{301}', 0xEC), ('\u{323}', 0xF2)];
        let bases = "aâăeêioôơuưyAÂĂEÊIOÔƠUƯY";
        let found = bases.chars().find_map(|base| {
            let mark = marks.iter().find(|(mark, _)| base::text::nfc(&format!("{base}{mark}")) == letter.to_string())?;
            Some([direct(base).unwrap(), mark.1])
        });
        out.extend(found.unwrap());
    }
    out
}

fn tcvn3(text: &str) -> Vec<u8> {
    const LETTERS: &str = "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ";
    const BYTES: &[u8] = b"\xA8\xA9\xAA\xAB\xAC\xAD\xAE\xB5\xB6\xB7\xB8\xB9\xBB\xBC\xBD\xBE\xC6\xC7\xC8\xC9\xCA\xCB\xCC\xCE\xCF\xD0\xD1\xD2\xD3\xD4\xD5\xD6\xD7\xD8\xDC\xDD\xDE\xDF\xE1\xE2\xE3\xE4\xE5\xE6\xE7\xE8\xE9\xEA\xEB\xEC\xED\xEE\xEF\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9\xFA\xFB\xFC\xFD\xFE";
    text.chars().map(|c| LETTERS.chars().position(|l| l == c).map_or(c as u8, |at| BYTES[at])).collect()
}

#[test]
fn a_file_in_an_old_encoding_is_refused_with_its_name_and_place() {
    let text = "mã thủ tục;tên thủ tục\n1.001193;thủ tục đăng ký khai sinh kết hợp nhận cha, mẹ, con\n1.000656;đăng ký khai tử; cấp bản sao trích lục hộ tịch\n";
    for (guess, bytes, at, byte) in [(Guess::Windows1258, windows_1258(text), 2, 0xDE), (Guess::Tcvn3, tcvn3(text), 1, 0xB7)] {
        let error = read(bytes).unwrap_err();
        assert_eq!(error.line, Some(1));
        match error.reason {
            Reason::NotUnicode { expected: "UTF-8", byte: found, position, guess: guessed } => {
                assert_eq!((found, position, guessed), (byte, at, guess));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(
        read(windows_1258(text)).unwrap_err().to_string(),
        "line 1: not UTF-8: byte 0xDE at position 2; it looks like Windows-1258, save it as UTF-8"
    );
}

#[test]
fn what_is_no_table_is_refused_with_its_reason() {
    let said = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert_eq!(said(b""), "the file is empty");
    assert_eq!(said(b"\xEF\xBB\xBF  \n\n"), "the file is empty");
    assert_eq!(
        said(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
        "an old .xls workbook or one with a password; save it as .xlsx without a password"
    );
    assert_eq!(said(b"{\"code\": 1}\n"), "JSON lines, not a table");
    assert_eq!(said(b"%PDF-1.7\n%\x00\x00\x01x\n"), "line 2: a zero byte at position 10: this is not a text file");
    assert_eq!(said("Mã TTHC;Ghi chú\n1;2\n".as_bytes()), "line 1: no header line has the columns Tên thủ tục");
    assert_eq!(said("a;b\n1;2\n".as_bytes()), "no header line has the columns Mã thủ tục, Tên thủ tục");
    assert_eq!(said("Mã TTHC;Tên thủ tục;MÃ TTHC\n".as_bytes()), "line 1, column 3: the column Mã thủ tục is there twice");
}

#[test]
fn limits_are_kept() {
    let small = Limits { bytes: 200, rows: 2, columns: 3, cell: 10, line: 60, ..Limits::default() };
    let all = |file: &str| -> Vec<String> {
        match open(std::io::Cursor::new(file.to_owned()), COLUMNS, &small) {
            Ok(sheet) => sheet.rows.map(|row| row.map_or_else(|e| e.to_string(), |r| r.line.to_string())).collect(),
            Err(error) => vec![error.to_string()],
        }
    };
    assert_eq!(all(&"x".repeat(201)), ["the file has 201 bytes, the limit is 200"]);
    let head = "code,name\n";
    assert_eq!(all(&format!("{head}a,b\nc,d\ne,f\ng,h\n")), ["2", "3", "line 4: more than 2 rows"]);
    assert_eq!(all(&format!("{head}{}", "a,\"b\"c\n".repeat(4))).last().unwrap(), "line 4: more than 2 rows");
    assert_eq!(all(&format!("{head}a,12345678901\nb,c\n")), ["line 2, column 2: a cell has more than 10 bytes", "3"]);
    assert_eq!(all(&format!("{head}{}\nb,c\n", "x".repeat(61))), ["line 2: the line has more than 60 bytes", "3"]);
    assert_eq!(all(&format!("{head}a,b,c,d\nb,c\n")), ["line 2: 4 columns where at most 3 can be", "3"]);
}

#[test]
fn ten_thousand_rows_with_one_fault_in_a_hundred_lose_only_those() {
    let mut file = "Mã TTHC;Tên thủ tục;Lệ phí\n".as_bytes().to_vec();
    let mut faults = Vec::new();
    for n in 0..10_000u64 {
        let line = n + 2;
        if n % 100 == 37 {
            faults.push(line);
            match (n / 100) % 4 {
                0 => file.extend_from_slice(b"1.0;\"kh\xF4ng UTF-8\xE9\xEA;0\n"),
                1 => file.extend_from_slice(format!("1.0{n};\"Thủ tục;0\n").as_bytes()),
                2 => file.extend_from_slice(format!("1.0{n};Thủ tục;0;thừa\n").as_bytes()),
                _ => file.extend_from_slice(b"1.0;a\x00b;0\n"),
            }
        } else {
            file.extend_from_slice(format!("1.{n:06};Thủ tục số {n}, \"đặc biệt\";{n}\n").as_bytes());
        }
    }
    let read = read(&file).unwrap();
    let (mut good, mut bad) = (0, Vec::new());
    for row in read.rows {
        match row {
            Ok(row) => {
                good += 1;
                assert_eq!(row.get("code"), format!("1.{:06}", row.line - 2));
            }
            Err(error) => bad.push(error.line.unwrap()),
        }
    }
    assert_eq!((good, bad), (9_900, faults));
}
