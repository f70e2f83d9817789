//! An address written the old way, as it is written today: the commune and the province are those of now, the house and the street stay.
use crate::{commune_of_today, resolve};

/// One way to write an old address today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Today {
    /// Code of the commune of today.
    pub code: String,
    /// "Phường Bạc Liêu".
    pub commune: String,
    /// "Tỉnh Cà Mau".
    pub province: String,
    /// The whole address: "12 Lý Bôn, Phường Bạc Liêu, Tỉnh Cà Mau".
    pub written: String,
}

/// What an address that names a commune of before 1 July 2025 is today, the likeliest first; several when the old commune was divided. Empty
/// when the address is of today, or when it is not understood.
pub fn today(address: &str) -> Vec<Today> {
    let found = resolve(address);
    if found.old.is_none() {
        return vec![];
    }
    let house = house(address, &found);
    let made = |code: String| {
        let (commune, province) = commune_of_today(&code)?;
        let comma = if house.is_empty() { "" } else { ", " };
        Some(Today { written: format!("{house}{comma}{commune}, {province}"), code, commune, province })
    };
    found.new.iter().cloned().filter_map(made).collect()
}

/// What stands before the name of the commune: the house, the street, the hamlet.
fn house<'a>(address: &'a str, found: &crate::Resolved) -> &'a str {
    let starts = words(address);
    // the shortest end of the address that still says the same
    let mut at = starts.iter().rev().copied().find(|at| resolve(&address[*at..]) == *found).unwrap_or(0);
    // the kind of the commune goes with its name
    for start in starts.into_iter().rev().filter(|start| *start < at).collect::<Vec<_>>() {
        let word = base::text::fold(address[start..at].trim_end_matches(|c: char| !c.is_alphanumeric()));
        if !["xa", "x", "phuong", "p", "f", "thi tran", "tran", "thi", "tt"].contains(&word.as_str()) {
            break;
        }
        at = start;
    }
    address[..at].trim().trim_end_matches([',', ';', '-', '–', '.', '(', '/', ' '])
}

/// Where the words of a text begin.
fn words(text: &str) -> Vec<usize> {
    let mut before = false;
    text.char_indices()
        .filter(|(_, c)| {
            let begins = c.is_alphanumeric() && !before;
            before = c.is_alphanumeric() || *c == '\'';
            begins
        })
        .map(|(at, _)| at)
        .collect()
}
