//! The places of the country before and after 1 July 2025, read once from `data/places`.
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::word::{Word, words_of};

/// A level of the administration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Level {
    Province,
    District,
    Commune,
}

/// Which order of the country a place belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Era {
    /// Provinces, districts and communes before 1 July 2025.
    Before,
    /// Provinces and communes since.
    Now,
}

/// One place.
#[derive(Debug)]
pub(crate) struct Place {
    pub level: Level,
    pub era: Era,
    pub code: &'static str,
    /// "Xã", "Phường", "Thị trấn", "Huyện" …, folded.
    pub kind: Vec<Word>,
    pub kind_name: &'static str,
    pub name: &'static str,
    /// Place above it in the same era.
    pub above: Option<usize>,
    /// Codes of what it became, the one to choose when no more is known first; empty for places of now.
    pub now: Vec<&'static str>,
}

pub(crate) struct Table {
    pub places: Vec<Place>,
    by_name: HashMap<Vec<Word>, Vec<usize>>,
    by_code: HashMap<(Era, Level), HashMap<&'static str, usize>>,
    pub longest: usize,
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::read);

impl Table {
    pub(crate) fn get() -> &'static Table {
        &TABLE
    }

    pub(crate) fn at(&self, index: usize) -> &Place {
        &self.places[index]
    }

    /// Places that bear this name.
    pub(crate) fn named(&self, name: &[Word]) -> &[usize] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn coded(&self, era: Era, level: Level, code: &str) -> Option<usize> {
        self.by_code.get(&(era, level))?.get(code).copied()
    }

    fn read() -> Table {
        let mut table = Table { places: vec![], by_name: HashMap::new(), by_code: HashMap::new(), longest: 0 };
        use Era::{Before, Now};
        use Level::{Commune, District, Province};
        for [code, kind, name] in lines(include_str!("../../../data/places/provinces.csv")) {
            table.add(Province, Now, code, kind, name, None, "");
        }
        for [code, kind, name, above] in lines(include_str!("../../../data/places/communes.csv")) {
            table.add(Commune, Now, code, kind, name, Some((Province, above)), "");
        }
        for [code, kind, name, now] in lines(include_str!("../../../data/places/provinces_before_2025-07-01.csv")) {
            table.add(Province, Before, code, kind, name, None, now);
        }
        for [code, kind, name, above, now] in lines(include_str!("../../../data/places/districts_before_2025-07-01.csv")) {
            table.add(District, Before, code, kind, name, Some((Province, above)), now);
        }
        for [code, kind, name, above, now] in lines(include_str!("../../../data/places/communes_before_2025-07-01.csv")) {
            table.add(Commune, Before, code, kind, name, Some((District, above)), now);
        }
        table
    }

    #[allow(clippy::too_many_arguments)] // one line of a table
    fn add(
        &mut self,
        level: Level,
        era: Era,
        code: &'static str,
        kind_name: &'static str,
        name: &'static str,
        above: Option<(Level, &'static str)>,
        now: &'static str,
    ) {
        let above = above.and_then(|(level, code)| self.coded(era, level, code));
        let now = now.split('|').map(|code| code.trim_end_matches('~')).filter(|code| !code.is_empty()).collect();
        let index = self.places.len();
        let words = words_of(name);
        self.longest = self.longest.max(words.len());
        self.by_name.entry(words).or_default().push(index);
        self.by_code.entry((era, level)).or_default().insert(code, index);
        self.places.push(Place { level, era, code, kind: words_of(kind_name), kind_name, name, above, now });
    }
}

/// The lines of a table after its head; a line of another width is none.
fn lines<const N: usize>(text: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    text.lines().skip(1).filter_map(|line| <[&str; N]>::try_from(line.split(',').collect::<Vec<_>>()).ok())
}
