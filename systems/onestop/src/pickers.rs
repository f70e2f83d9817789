//! Lists people pick from in forms: ethnic groups and nationalities. Only suggestions; what is typed is kept as typed.

use std::sync::OnceLock;

/// Names of the 54 ethnic groups, in the official order.
pub fn ethnic_groups() -> &'static [String] {
    static ALL: OnceLock<Vec<String>> = OnceLock::new();
    ALL.get_or_init(|| names(include_str!("../../../data/people/ethnic_groups.csv")))
}

/// Names of nationalities; Việt Nam first.
pub fn nationalities() -> &'static [String] {
    static ALL: OnceLock<Vec<String>> = OnceLock::new();
    ALL.get_or_init(|| names(include_str!("../../../data/people/nationalities.csv")))
}

/// The second column of a two-column list.
fn names(csv: &str) -> Vec<String> {
    csv.lines().skip(1).filter_map(|line| line.split_once(',')).map(|(_, name)| name.trim_matches('"').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_whole_and_in_one_spelling() {
        assert_eq!((ethnic_groups().len(), nationalities().len()), (54, 197));
        assert_eq!((ethnic_groups()[0].as_str(), nationalities()[0].as_str()), ("Kinh", "Việt Nam"));
        let all = ethnic_groups().iter().chain(nationalities());
        assert!(all.clone().all(|n| !n.is_empty() && base::text::nfc(n) == *n), "names are composed");
        assert_eq!(all.collect::<std::collections::BTreeSet<_>>().len(), 54 + 197 - 1, "Lào is both; nothing else stands twice");
    }
}
