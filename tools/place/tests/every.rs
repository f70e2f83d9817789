//! Every one of the 10,035 communes before 1 July 2025, in nine ways of writing.
use std::collections::{BTreeSet, HashMap};

use place::resolve;

pub struct Commune {
    pub code: String,
    pub kind: String,
    pub name: String,
    pub district: (String, String),
    pub province: (String, String),
    pub now: Vec<String>,
}

fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

pub fn communes() -> Vec<Commune> {
    let provinces: HashMap<String, (String, String)> = rows(include_str!("../../../data/places/provinces_before_2025-07-01.csv"))
        .into_iter()
        .map(|r| (r[0].clone(), (r[1].clone(), r[2].clone())))
        .collect();
    let districts: HashMap<String, Vec<String>> = rows(include_str!("../../../data/places/districts_before_2025-07-01.csv"))
        .into_iter()
        .map(|r| (r[0].clone(), r))
        .collect();
    rows(include_str!("../../../data/places/communes_before_2025-07-01.csv"))
        .into_iter()
        .map(|r| {
            let district = &districts[&r[3]];
            Commune {
                code: r[0].clone(),
                kind: r[1].clone(),
                name: r[2].clone(),
                district: (district[1].clone(), district[2].clone()),
                province: provinces[&district[3]].clone(),
                now: r[4].split('|').map(|c| c.trim_end_matches('~').to_owned()).collect(),
            }
        })
        .collect()
}

fn short(kind: &str) -> &str {
    match kind {
        "Xã" => "X.",
        "Phường" => "P.",
        "Thị trấn" => "TT. ",
        "Thị xã" => "TX.",
        "Huyện" => "H.",
        "Quận" => "Q.",
        "Tỉnh" => "T. ",
        _ => "TP.",
    }
}

/// How many of a hundred thousand are right: the default and the whole set of candidates.
fn right(communes: &[Commune], write: impl Fn(&Commune) -> String) -> f64 {
    let good = communes.iter().filter(|c| {
        let found = resolve(&write(c));
        let all = |codes: &[String]| codes.iter().cloned().collect::<BTreeSet<_>>();
        found.default.as_ref() == c.now.first() && all(&found.new) == all(&c.now)
    });
    good.count() as f64 / communes.len() as f64
}

#[test]
fn every_old_commune_is_found_however_it_is_written() {
    let communes = communes();
    assert_eq!(communes.len(), 10_035);
    let province =
        |c: &Commune| if c.province.0 == "Tỉnh" { "Tỉnh ".to_owned() } else { "Thành phố ".to_owned() } + &c.province.1;
    let full = |c: &Commune| format!("{} {}, {} {}, {}", c.kind, c.name, c.district.0, c.district.1, province(c));
    // what is missing: neighbours whose names differ in accents only, a town and a xã of one name, numbers that are no names alone
    type Write<'a> = Box<dyn Fn(&Commune) -> String + 'a>;
    let ways: [(&str, Write<'_>, f64); 9] = [
        ("in full", Box::new(full), 1.0),
        (
            "short",
            Box::new(|c| format!("{}{}, {}{}, {}", short(&c.kind), c.name, short(&c.district.0), c.district.1, c.province.1)),
            0.999,
        ),
        ("without accents", Box::new(|c| base::text::fold(&full(c))), 0.996),
        ("with a street", Box::new(|c| format!("số 25 đường Trần Hưng Đạo, khóm 3, {}", full(c))), 0.999),
        ("with dashes", Box::new(|c| full(c).replace(", ", " - ")), 1.0),
        ("on one line", Box::new(|c| full(c).replace(',', "")), 0.999),
        ("without kinds", Box::new(|c| format!("{}, {}, {}", c.name, c.district.1, c.province.1)), 0.976),
        ("without the province", Box::new(|c| format!("{} {}, {} {}", c.kind, c.name, c.district.0, c.district.1)), 0.98),
        ("in capitals", Box::new(|c| full(c).to_uppercase()), 1.0),
    ];
    let shares: Vec<(&str, f64, f64)> = ways.iter().map(|(name, write, aim)| (*name, right(&communes, write), *aim)).collect();
    let short_of: Vec<_> = shares.iter().filter(|(_, share, aim)| share < aim).collect();
    assert!(short_of.is_empty(), "{short_of:?} of {shares:?}");
    // the code itself is known too; only phường Sa Pả of thị xã Sa Pa has a neighbour whose name stands in its own address
    let strangers: Vec<String> =
        communes.iter().filter(|c| resolve(&full(c)).old.as_deref() != Some(c.code.as_str())).map(full).collect();
    assert!(strangers.len() <= 1, "{strangers:?}");
}
