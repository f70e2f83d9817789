//! One word for one thing: the names that the glossary shows as code stand in the code.
use crate::security::sources;
use std::collections::BTreeSet;

/// The names of a source, without its comments and texts.
fn names(source: &str, found: &mut BTreeSet<String>) {
    for line in source.lines().filter(|line| !line.trim_start().starts_with("//") && !line.trim_start().starts_with("--")) {
        for code in line.split('"').step_by(2) {
            let words = code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| !word.is_empty());
            found.extend(words.map(str::to_owned));
        }
    }
}

#[test]
fn every_name_of_the_glossary_stands_in_the_code_and_every_word_stands_once() {
    let mut known = BTreeSet::new();
    for source in sources(&[".rs", ".sql"]).values() {
        names(source, &mut known);
    }
    let page = std::fs::read_to_string(testkit::root().join("docs/glossary.md")).unwrap();
    let (coded, waiting) = page.split_once("## Words that wait for their code").unwrap();
    let rows = |part: &str| -> Vec<Vec<String>> {
        let lines = part.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| Vietnamese"));
        lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
    };
    let mut absent = vec![];
    for row in rows(coded) {
        let names: Vec<&str> = row[2].split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{}: no name in the code", row[0]);
        absent.extend(names.iter().flat_map(|name| name.split("::")).filter(|name| !known.contains(*name)).map(str::to_owned));
    }
    assert!(absent.is_empty(), "in docs/glossary.md and not in the code: {absent:?}");
    let all: Vec<String> = rows(coded).into_iter().chain(rows(waiting)).map(|row| row[0].clone()).collect();
    assert!(all.len() > 60, "{}", all.len());
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "a word stands twice");
    assert!(!waiting.contains('`'), "what stands in the code belongs above");
}
