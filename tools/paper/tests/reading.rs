//! Text out of a file, as a search or a screen reader would get it.

use std::collections::BTreeMap;

use lopdf::{Document, Object};

/// The text of all pages without any white space: lines may break anywhere.
pub fn squeezed(pdf: &[u8]) -> String {
    text(pdf).chars().filter(|c| !c.is_whitespace()).collect()
}

/// The text of all pages in the order of the content streams.
pub fn text(pdf: &[u8]) -> String {
    let document = Document::load_mem(pdf).unwrap();
    let mut out = String::new();
    for (_, page) in document.get_pages() {
        let fonts: BTreeMap<Vec<u8>, BTreeMap<u16, String>> = document
            .get_page_fonts(page)
            .unwrap()
            .into_iter()
            .map(|(name, font)| {
                let map = document.dereference(font.get(b"ToUnicode").unwrap()).unwrap().1.as_stream().unwrap();
                (name, to_unicode(&map.decompressed_content().unwrap()))
            })
            .collect();
        let content = document.get_and_decode_page_content(page).unwrap();
        let mut font = None;
        for operation in content.operations {
            match operation.operator.as_str() {
                "Tf" => font = operation.operands.first().and_then(|o| o.as_name().ok()).and_then(|name| fonts.get(name)),
                "Tj" | "TJ" => operation.operands.iter().for_each(|shown| show(shown, font, &mut out)),
                "ET" => out.push('\n'),
                _ => {}
            }
        }
    }
    out
}

fn show(shown: &Object, font: Option<&BTreeMap<u16, String>>, out: &mut String) {
    match shown {
        Object::Array(parts) => parts.iter().for_each(|part| show(part, font, out)),
        Object::String(bytes, _) => {
            for pair in bytes.chunks(2) {
                let code = u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)]);
                out.push_str(font.and_then(|map| map.get(&code)).map_or("\u{FFFD}", String::as_str));
            }
        }
        _ => {}
    }
}

/// `<0001> <0041>` lines between beginbfchar and endbfchar, and ranges.
fn to_unicode(map: &[u8]) -> BTreeMap<u16, String> {
    let map = String::from_utf8_lossy(map);
    let mut out = BTreeMap::new();
    let mut mode = "";
    for line in map.lines() {
        match line.trim() {
            l if l.ends_with("beginbfchar") => mode = "char",
            l if l.ends_with("beginbfrange") => mode = "range",
            l if l.starts_with("endbf") => mode = "",
            l => {
                let hex: Vec<&str> = l
                    .split(['<', '>'])
                    .map(str::trim)
                    .filter(|h| !h.is_empty() && h.bytes().all(|b| b.is_ascii_hexdigit()))
                    .collect();
                let text = |hex: &str| {
                    let units: Vec<u16> =
                        (0..hex.len() / 4).map(|i| u16::from_str_radix(&hex[i * 4..i * 4 + 4], 16).unwrap()).collect();
                    String::from_utf16_lossy(&units)
                };
                match (mode, hex.as_slice()) {
                    ("char", [code, to]) => {
                        out.insert(u16::from_str_radix(code, 16).unwrap(), text(to));
                    }
                    ("range", [first, last, to]) => {
                        let (first, last) = (u16::from_str_radix(first, 16).unwrap(), u16::from_str_radix(last, 16).unwrap());
                        let start = u32::from_str_radix(to, 16).unwrap();
                        for code in first..=last {
                            out.insert(
                                code,
                                char::from_u32(start + u32::from(code - first)).map(String::from).unwrap_or_default(),
                            );
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    out
}
