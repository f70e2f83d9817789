//! Which place an address names: every reading of its words is weighed, the heaviest wins.
use serde::Serialize;

use crate::{
    table::{Era, Level, Place, Table},
    word::{Word, words_of},
};

/// What an address means today.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Resolved {
    /// Code of the commune before 1 July 2025, when the address names one.
    pub old: Option<String>,
    /// Codes of the communes of today, the likeliest first; several when the old commune was divided, or when the words fit several.
    pub new: Vec<String>,
    /// The one to use when no more is known; none when nothing was understood.
    pub default: Option<String>,
}

/// A name found in the words, with the kind before it when it was written.
#[derive(Clone, Copy, Debug)]
struct Named {
    place: usize,
    from: usize,
    to: usize,
    kind: Kind,
}

/// What the words before a name say of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Said,
    Unsaid,
    Other,
}

impl Named {
    fn apart(&self, other: &Named) -> bool {
        self.to <= other.from || other.to <= self.from
    }
}

// Weights: a district names a commune's place better than a province; a kind that contradicts the table tells of another place.
const NAME: i32 = 10;
const NAME_WORD: i32 = 2;
const COMMUNE_KIND: i32 = 5;
const OTHER_KIND: i32 = -9;
const DISTRICT: i32 = 12;
const DISTRICT_KIND: i32 = 2;
const NO_DISTRICT: i32 = -4;
const PROVINCE: i32 = 6;
const IN_ORDER: i32 = 1;
/// Less than this is a coincidence of names.
const ENOUGH: i32 = 17;
/// Texts of more letters are no addresses.
const LONGEST: usize = 300;

/// Reads an address. Never fails; what cannot be read is empty.
pub fn resolve(address: &str) -> Resolved {
    if address.chars().nth(LONGEST).is_some() {
        return Resolved::default();
    }
    let table = Table::get();
    let words = words_of(address);
    let named = names(table, &words);
    let mut best: Vec<(i32, usize)> = vec![];
    for commune in named.iter().filter(|n| table.at(n.place).level == Level::Commune) {
        let weight = weigh(table, commune, &named);
        match best.iter_mut().find(|(_, place)| *place == commune.place) {
            Some(known) => known.0 = known.0.max(weight),
            None => best.push((weight, commune.place)),
        }
    }
    let Some(top) = best.iter().map(|(weight, _)| *weight).max().filter(|top| *top >= ENOUGH) else {
        return island(table, &named);
    };
    let mut winners: Vec<&Place> = best.iter().filter(|(weight, _)| *weight == top).map(|(_, place)| table.at(*place)).collect();
    spelled(&mut winners, address);
    let mut new: Vec<String> = vec![];
    for code in winners.iter().flat_map(|place| codes_of_today(place)) {
        if !new.iter().any(|known| known == code) {
            new.push(code.to_owned());
        }
    }
    let old = match winners[..] {
        [only] if only.era == Era::Before => Some(only.code.to_owned()),
        _ => None,
    };
    Resolved { old, default: new.first().cloned(), new }
}

/// Of places whose names differ only in accents, keeps those whose accents are the written ones.
fn spelled(winners: &mut Vec<&Place>, address: &str) {
    if winners.len() < 2 {
        return;
    }
    let spaced = |text: &str| {
        let text = base::text::nfc(text);
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').map(base::text::spelling);
        format!(" {} ", words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
    };
    let written = spaced(address);
    let is = |place: &&Place| written.contains(&spaced(place.name));
    if winners.iter().any(is) {
        winners.retain(is);
    }
}

fn codes_of_today(place: &Place) -> Vec<&str> {
    match place.era {
        Era::Now => vec![place.code],
        Era::Before => place.now.clone(),
    }
}

/// Five island districts had no communes: the district itself became one.
fn island(table: &Table, named: &[Named]) -> Resolved {
    let island = named.iter().map(|n| table.at(n.place)).find(|p| p.level == Level::District && !p.now.is_empty());
    let new: Vec<String> = island.map(|p| p.now.iter().map(|code| (*code).to_owned()).collect()).unwrap_or_default();
    Resolved { old: None, default: new.first().cloned(), new }
}

/// Every place whose name stands in the words.
fn names(table: &Table, words: &[Word]) -> Vec<Named> {
    let mut found = vec![];
    for from in 0..words.len() {
        for to in (from + 1)..=words.len().min(from + table.longest) {
            for place in table.named(&words[from..to]) {
                let kind = kind_before(&words[..from], table.at(*place));
                // a number is a name only after its kind: "phường 7", never house number 7
                if kind != Kind::Said && words[from..to].iter().all(|w| w.bytes().all(|b| b.is_ascii_digit())) {
                    continue;
                }
                found.push(Named { place: *place, from, to, kind });
            }
        }
    }
    found
}

fn kind_before(before: &[Word], place: &Place) -> Kind {
    const KINDS: [&[&str]; 8] =
        [&["xa"], &["phuong"], &["thi", "tran"], &["thi", "xa"], &["huien"], &["quan"], &["thanh", "pho"], &["tinh"]];
    let ends =
        |kind: &[&str]| before.len() >= kind.len() && before[before.len() - kind.len()..].iter().zip(kind).all(|(a, b)| a == b);
    let own: Vec<&str> = place.kind.iter().map(String::as_str).collect();
    // "Thành phố trực thuộc trung ương" is written "thành phố"
    let own = own.get(..2).filter(|two| *two == ["thanh", "pho"]).unwrap_or(&own);
    if ends(own) {
        // "thị xã X" does not say that X is a xã
        return if own == ["xa"] && ends(&["thi", "xa"]) { Kind::Other } else { Kind::Said };
    }
    if KINDS.iter().any(|kind| ends(kind)) { Kind::Other } else { Kind::Unsaid }
}

fn weigh(table: &Table, commune: &Named, named: &[Named]) -> i32 {
    let place = table.at(commune.place);
    let mut weight = NAME + NAME_WORD * (commune.to - commune.from) as i32;
    weight += match commune.kind {
        Kind::Said => COMMUNE_KIND,
        Kind::Unsaid => 0,
        Kind::Other => OTHER_KIND,
    };
    let others = || named.iter().filter(|n| n.apart(commune));
    let place_of = |level: Level, at: Option<usize>| at.filter(|at| table.at(*at).level == level);
    let district = place_of(Level::District, place.above);
    // "tỉnh Điện Biên" does not name the district Điện Biên, nor "tỉnh Vĩnh Long" the city of Vinh
    let a_province = |n: &&Named| {
        let around = |p: &Named| p.kind == Kind::Said && p.from <= n.from && n.to <= p.to;
        named.iter().any(|p| around(p) && table.at(p.place).level == Level::Province)
    };
    let its_district = others()
        .filter(|n| Some(n.place) == district && !a_province(n))
        .map(|n| (DISTRICT + bonus(n, DISTRICT_KIND) + in_order(commune, n), *n))
        .max_by_key(|(weight, _)| *weight);
    let province = match district {
        Some(district) => table.at(district).above,
        None => place.above,
    };
    // the province may be named as it was or as it is
    let names_province = |n: &&Named| {
        let named = table.at(n.place);
        named.level == Level::Province
            && province.is_some_and(|p| n.place == p || named.era == Era::Now && table.at(p).now.contains(&named.code))
    };
    let its_province = others()
        .filter(|n| its_district.is_none_or(|(_, district)| n.apart(&district)))
        .filter(names_province)
        .map(|n| PROVINCE + bonus(n, 1) + in_order(commune, n))
        .max();
    weight += match (its_district, district) {
        (Some((weight, _)), _) => weight,
        (None, Some(_)) => NO_DISTRICT,
        (None, None) => 0,
    };
    weight + its_province.unwrap_or(0)
}

fn bonus(named: &Named, said: i32) -> i32 {
    match named.kind {
        Kind::Said => said,
        Kind::Unsaid => 0,
        Kind::Other => -said,
    }
}

/// Small places are written before great ones.
fn in_order(commune: &Named, greater: &Named) -> i32 {
    if commune.to <= greater.from { IN_ORDER } else { -IN_ORDER }
}
