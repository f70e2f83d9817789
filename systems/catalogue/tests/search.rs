//! Does the search find what people mean? Over the real catalogue, with questions in our own words.

use std::time::Instant;

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

#[test]
fn most_questions_find_the_right_procedure_first() {
    let Some(index) = imported() else { return };
    let questions = questions();
    let (mut first, mut five) = (0, 0);
    let mut times = vec![];
    for (q, codes) in &questions {
        let start = Instant::now();
        let found = search(&index, q, &Narrow::default());
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
    assert!(share(first) >= 0.80 && share(five) >= 0.92);
}
