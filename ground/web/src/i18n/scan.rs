//! Finds sentences on screen that have no English. For tests: `assert_eq!(web::i18n::missing(env!("CARGO_MANIFEST_DIR")), [""; 0])`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Sentences of a crate that are not in its `i18n/en.toml`, and Vietnamese text standing in a template outside `{{ … }}`.
///
/// Reads `templates/**/*.html` and those files under `src/` that make screens: string literals with Vietnamese letters.
/// A Rust line that is not for the screen says so with `// not on screen`; a whole file with `//! (not on screen)` in its first
/// lines; a literal inside `raw(…)` is no sentence. Tests and comments are passed over. An unreadable catalogue is itself reported.
pub fn missing(crate_dir: &str) -> Vec<String> {
    let root = Path::new(crate_dir);
    let mut found = BTreeSet::new();
    let known = match std::fs::read_to_string(root.join("i18n/en.toml")) {
        Ok(text) => match super::read(&text) {
            Ok(entries) => entries.into_keys().collect::<BTreeSet<_>>(),
            Err(error) => return vec![format!("i18n/en.toml: {error}")],
        },
        Err(_) => BTreeSet::new(),
    };
    // What the ground says already (buttons, statuses) need not be said again by each room.
    let ground: BTreeSet<String> =
        super::read(include_str!("../../i18n/en.toml")).map(|e| e.into_keys().collect()).unwrap_or_default();
    let mut wanted = |text: &str, file: &Path| {
        let key = text.trim();
        if is_vietnamese(key) && !known.contains(text) && !ground.contains(text) && !known.contains(key) {
            let shown = file.strip_prefix(root).unwrap_or(file).display();
            found.insert(format!("{shown}: {key}"));
        }
    };
    for file in files(&root.join("templates"), "html") {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        let (outside, inside) = split_template(&text);
        for piece in outside {
            wanted(&piece, &file);
        }
        for code in inside {
            for literal in literals(&code) {
                wanted(&literal, &file);
            }
        }
    }
    for file in files(&root.join("src"), "rs") {
        let Ok(text) = std::fs::read_to_string(&file) else { continue };
        if text.lines().take(5).any(|l| l.contains("(not on screen)")) {
            continue;
        }
        let body = text.split("#[cfg(test)]").next().unwrap_or_default();
        let shown: String = body
            .lines()
            .filter(|l| !l.trim_start().starts_with("//") && !l.contains("// not on screen"))
            .flat_map(|l| [l, "\n"])
            .collect();
        for literal in literals(&shown) {
            wanted(&literal, &file);
        }
    }
    found.into_iter().collect()
}

fn files(dir: &Path, extension: &str) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let Ok(entries) = std::fs::read_dir(dir) else { return out };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension) {
            out.push(path);
        }
    }
    out
}

/// Whether a text holds a letter that only Vietnamese uses here.
fn is_vietnamese(text: &str) -> bool {
    text.chars().any(|c| "đĐăĂâÂêÊôÔơƠưƯáàãéèíìĩóòõúùũýÁÀÃÉÈÍÌĨÓÒÕÚÙŨÝ".contains(c) || ('\u{1ea0}'..='\u{1ef9}').contains(&c))
}

/// Text outside tags and expressions (with attribute values), and the code inside `{{ }}` and `{% %}`.
fn split_template(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut outside, mut inside) = (Vec::new(), Vec::new());
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find('{') {
        let (before, tail) = rest.split_at(at);
        plain.push_str(before);
        let closer = match tail.as_bytes().get(1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                plain.push('{');
                rest = &tail[1..];
                continue;
            }
        };
        let end = tail.find(closer).map_or(tail.len(), |e| e + 2);
        if closer != "#}" {
            inside.push(tail[..end].to_owned());
        }
        plain.push('\u{0}');
        rest = &tail[end..];
    }
    plain.push_str(rest);
    for piece in plain.split(['<', '>', '"', '\u{0}']) {
        if !piece.trim().is_empty() {
            outside.push(piece.to_owned());
        }
    }
    (outside, inside)
}

/// String literals of Rust-like code, with the usual escapes undone.
fn literals(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut chars = code.chars().peekable();
    // What stands before the literal: `raw(` means that it is no sentence.
    let mut before = String::new();
    while let Some(c) = chars.next() {
        if c != '"' {
            before.push(c);
        }
        if c == '\'' {
            // a character literal such as '"' must not open a string
            let mut ahead = chars.clone();
            match (ahead.next(), ahead.next()) {
                (Some('\\'), _) => {
                    chars.next();
                    chars.next();
                    chars.next();
                }
                (Some(_), Some('\'')) => {
                    chars.next();
                    chars.next();
                }
                _ => {}
            }
            continue;
        }
        if c != '"' {
            continue;
        }
        let mut literal = String::new();
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => match chars.next() {
                    Some('n') => literal.push('\n'),
                    Some('\n') => {
                        while chars.peek().is_some_and(|c| c.is_whitespace()) {
                            chars.next();
                        }
                    }
                    Some(other) => literal.push(other),
                    None => break,
                },
                c => literal.push(c),
            }
        }
        if !before.trim_end().ends_with("raw(") {
            out.push(literal);
        }
        before.clear();
    }
    out
}
