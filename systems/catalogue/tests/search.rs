//! Does the search find what people mean? With questions in our own words, over the packages written by us and, where it is, over the real
//! catalogue.

use std::time::Instant;

use catalogue::package;
use catalogue::record::{self, Record};
use catalogue::search::{Entry, Index, Narrow, search};

fn questions() -> Vec<(String, Vec<String>)> {
    let text =
        std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search_questions.tsv")).unwrap();
    let lines = text.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    lines
        .map(|l| {
            let (q, codes) = l.split_once('\t').unwrap();
            (q.to_owned(), codes.split(',').map(|c| c.trim().to_owned()).collect())
        })
        .collect()
}

/// The imported catalogue, without anything written by us.
fn imported() -> Option<Index> {
    let read = |file| -> Option<Vec<Record>> {
        let text = std::fs::read_to_string(testkit::shared(file)?).unwrap();
        Some(text.lines().map(|l| record::from_json(l).unwrap()).collect())
    };
    let national = read("data/procedures/procedures.jsonl")?;
    let provincial = read("data/procedures/ca_mau_catalogue_2025-08.jsonl")?;
    let mut entries: Vec<Entry> = vec![];
    for n in &national {
        let p = provincial.iter().find(|p| p.code == n.code);
        entries.push(Entry::of(&record::package(Some(n), p).unwrap().package, false));
    }
    for p in provincial.iter().filter(|p| !national.iter().any(|n| n.code == p.code)) {
        entries.push(Entry::of(&record::package(None, Some(p)).unwrap().package, false));
    }
    Some(Index::build(entries).unwrap())
}

/// The packages of `data/procedures`, without anything imported.
fn written() -> Index {
    let folders = std::fs::read_dir(crate::data().join("procedures")).unwrap().map(|f| f.unwrap().path()).filter(|p| p.is_dir());
    Index::build(folders.map(|dir| Entry::of(&package::read(&dir).unwrap(), false))).unwrap()
}

/// What share of the questions finds a right procedure first, and among the first five.
fn found(index: &Index, questions: &[(String, Vec<String>)]) -> (f64, f64) {
    let (mut first, mut five) = (0, 0);
    let mut times = vec![];
    for (q, codes) in questions {
        let start = Instant::now();
        let found = search(index, q, &Narrow::default());
        times.push(start.elapsed());
        let at = found.hits.iter().position(|h| codes.contains(&h.code));
        first += usize::from(at == Some(0));
        five += usize::from(at.is_some_and(|a| a < 5));
        if at != Some(0) {
            let top: Vec<_> = found
                .hits
                .iter()
                .take(3)
                .map(|h| format!("{} {} {:.2}", h.code, h.name.chars().take(50).collect::<String>(), h.score))
                .collect();
            println!("{} | {q} → {at:?} | {}", if at.is_some_and(|a| a < 5) { "5" } else { "-" }, top.join(" ‖ "));
        }
    }
    times.sort();
    let share = |n: usize| n as f64 / questions.len() as f64;
    println!(
        "{} procedures; {} questions: first {:.1} %, among five {:.1} %",
        index.len(),
        questions.len(),
        100.0 * share(first),
        100.0 * share(five)
    );
    println!("median {:?}, p95 {:?}", times[times.len() / 2], times[times.len() * 95 / 100]);
    (share(first), share(five))
}

#[test]
fn most_questions_find_the_right_procedure_first_among_those_written_by_us() {
    let index = written();
    let ours = |code: &String| crate::data().join("procedures").join(code).is_dir();
    let asked: Vec<_> = questions().into_iter().filter(|(_, codes)| codes.iter().any(ours)).collect();
    assert!(asked.len() >= 150, "{}", asked.len());
    let (first, five) = found(&index, &asked);
    assert!(first >= 0.85 && five >= 0.95, "{first} {five}");
}

#[test]
fn most_questions_find_the_right_procedure_first_in_the_real_catalogue() {
    let Some(index) = imported() else { return };
    let (first, five) = found(&index, &questions());
    assert!(first >= 0.80 && five >= 0.92, "{first} {five}");
}
