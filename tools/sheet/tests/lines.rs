//! JSON lines.

use std::io::Cursor;

use serde::Deserialize;
use sheet::{Limits, jsonl};

#[derive(Deserialize)]
struct Item {
    code: String,
}

fn all(bytes: impl AsRef<[u8]>, limits: &Limits) -> Vec<String> {
    match jsonl::<Item>(Cursor::new(bytes.as_ref().to_vec()), limits) {
        Ok(lines) => lines.map(|line| line.map_or_else(|e| e.to_string(), |l| format!("{} {}", l.line, l.value.code))).collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn each_line_is_judged_by_itself() {
    let mut file =
        "\u{FEFF}{\"code\":\"a\"}\r\n\n{\"code\":1}\n{\"code\":\"b\"\n[1]\n{\"code\":\"Khai sinh\"}".as_bytes().to_vec();
    file.extend_from_slice(b"\n{\"code\":\"\xC3\"}\n{}\n");
    file.extend_from_slice(format!("{}\n", "[".repeat(500)).as_bytes());
    assert_eq!(
        all(&file, &Limits::default()),
        [
            "1 a",
            "line 3, column 9: invalid type: integer `1`, expected a string",
            "line 4, column 0: EOF while parsing an object",
            "line 5, column 2: invalid type: integer `1`, expected a string",
            "6 Khai sinh",
            "line 7: not UTF-8: byte 0xC3 at position 75",
            "line 8, column 2: missing field `code`",
            "line 9, column 1: invalid type: sequence, expected a string",
        ]
    );
}

#[test]
fn limits_are_kept() {
    let small = Limits { bytes: 300, rows: 2, line: 40, ..Limits::default() };
    assert_eq!(all("", &small), ["the file is empty"]);
    assert_eq!(all("x".repeat(301), &small), ["the file has 301 bytes, the limit is 300"]);
    let long = format!("{{\"code\":\"{}\"}}\n{{\"code\":\"b\"}}\n", "x".repeat(60));
    assert_eq!(all(long, &small), ["line 1: the line has more than 40 bytes", "2 b"]);
    let many = "{\"code\":\"b\"}\n".repeat(4);
    assert_eq!(all(many, &small), ["1 b", "2 b", "line 3: more than 2 rows"]);
}

#[test]
fn ten_thousand_lines_with_one_fault_in_a_hundred_lose_only_those() {
    let mut file = Vec::new();
    for n in 0..10_000 {
        if n % 100 == 5 {
            file.extend_from_slice(match (n / 100) % 3 {
                0 => b"{\"code\": \"cut".as_slice(),
                1 => b"{\"code\": \"\xFF\"}",
                _ => b"{\"name\": \"no code\"}",
            });
            file.push(b'\n');
        } else {
            file.extend_from_slice(format!("{{\"code\": \"Thủ tục {n}\"}}\n").as_bytes());
        }
    }
    let lines: Vec<_> = jsonl::<Item>(Cursor::new(file), &Limits::default()).unwrap().collect();
    assert_eq!(lines.len(), 10_000);
    for (n, line) in lines.iter().enumerate() {
        match line {
            Ok(line) => assert_eq!((line.line, line.value.code.clone()), (n as u64 + 1, format!("Thủ tục {n}"))),
            Err(error) => assert_eq!((n % 100, error.line), (5, Some(n as u64 + 1))),
        }
    }
    assert_eq!(lines.iter().filter(|l| l.is_err()).count(), 100);
}
