//! Methods → term rows.
//! (not on screen)
//!
//! A value without a unit stays open: the portal shows "1" where a ministry meant "trong ngày", "1 ngày" or nothing at all. Where one procedure
//! has different allowances, the record's channels are not to be trusted (1.013225 prints 20 days under "trực tuyến" and 15 under "trực tiếp",
//! its text gives them by kind of work): every row then fits every channel of the record, and a person chooses by the condition shown.

use std::sync::LazyLock;

use base::due::{Amount, TermUnit};
use regex::Regex;

use super::{Method, Record, channel, id_of, tidy};
use crate::package::{Channel, TermRow};

/// Term rows of a record.
pub(super) fn rows(record: &Record) -> Vec<TermRow> {
    let mut groups: Vec<Group> = vec![];
    for method in &record.methods {
        let channel = channel(&method.name).unwrap_or(Channel::Direct);
        let (value, unit) = allowance(method);
        let at = groups.iter().position(|g| (g.value, g.unit) == (value, unit)).unwrap_or(groups.len());
        if at == groups.len() {
            groups.push(Group { value, unit, channels: vec![], notes: vec![] });
        }
        let group = &mut groups[at];
        if !group.channels.contains(&channel) {
            group.channels.push(channel);
        }
        let note = tidy(&method.note);
        if !note.is_empty() && !group.notes.contains(&note) {
            group.notes.push(note);
        }
    }
    let offered: Vec<Channel> = unique(groups.iter().flat_map(|g| g.channels.iter().copied()));
    let settled = groups.iter().filter(|g| g.value.is_some() && g.unit.is_some()).count();
    let conditions: Vec<Option<String>> = if settled > 1 { groups.iter().map(|g| g.phrase(record)).collect() } else { vec![] };
    groups
        .iter()
        .enumerate()
        .map(|(i, g)| {
            let choice = settled > 1 && g.value.is_some() && g.unit.is_some();
            let condition = if choice { g.condition(i, &conditions, record) } else { String::new() };
            let mut channels = if choice { offered.clone() } else { g.channels.clone() };
            channels.sort();
            if channels.len() == 3 {
                channels.clear();
            }
            let unit = g.unit.map(|u| format!("{u:?}")).unwrap_or_default();
            let value = g.value.map(|v| v.to_string()).unwrap_or_default();
            let key: String = channels.iter().map(|c| format!("{c:?}")).collect();
            TermRow {
                id: id_of("t", &[&key, &value, &unit, &condition]),
                channels,
                case: None,
                value: g.value,
                unit: g.unit,
                same_day: None,
                condition,
                note: g.notes.join("\n"),
                basis: if choice || g.unit.is_some() { decision(record) } else { String::new() },
            }
        })
        .collect()
}

struct Group {
    value: Option<Amount>,
    unit: Option<TermUnit>,
    channels: Vec<Channel>,
    notes: Vec<String>,
}

fn allowance(method: &Method) -> (Option<Amount>, Option<TermUnit>) {
    let unit = method.unit.as_deref().map(base::text::fold);
    let unit = match unit.as_deref().map(str::trim) {
        Some("ngay lam viec") => Some(TermUnit::WorkingDay),
        Some("ngay") => Some(TermUnit::CalendarDay),
        Some("gio" | "gio lam viec") => Some(TermUnit::WorkingHour),
        Some("thang") => Some(TermUnit::Month),
        _ => None,
    };
    (method.value, unit)
}

fn unique<T: PartialEq>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = vec![];
    for item in items {
        if !found.contains(&item) {
            found.push(item);
        }
    }
    found
}

fn decision(record: &Record) -> String {
    if record.decision.is_empty() { String::new() } else { format!("Quyết định {}", record.decision) }
}

impl Group {
    /// "nhà ở riêng lẻ" out of "20 ngày (hoặc 15 ngày đối với nhà ở riêng lẻ)".
    fn phrase(&self, record: &Record) -> Option<String> {
        let (value, unit) = (self.value?, self.unit?);
        texts(record, self).find_map(|text| {
            ALLOWANCE.captures_iter(text).filter(|c| read(c) == Some((value, unit))).find_map(|c| {
                let end = c.get(0)?.end();
                let after = text[end..].trim_start_matches([' ', ',']);
                let folded = base::text::fold(&after.chars().take(60).collect::<String>());
                let about = ["doi voi ", "trong truong hop ", "truong hop ", "cho truong hop ", "neu "];
                let lead = about.iter().find(|w| folded.starts_with(**w))?;
                let words = lead.split(' ').filter(|w| !w.is_empty()).count();
                let rest: String = after.split(' ').skip(words).collect::<Vec<_>>().join(" ");
                let clause = rest.split([',', ';', '.', '(', ')', '\n']).next()?.trim();
                (clause.chars().count() >= 4).then(|| short(clause))
            })
        })
    }

    /// What to read before choosing this row.
    fn condition(&self, at: usize, phrases: &[Option<String>], record: &Record) -> String {
        let others = || {
            let named: Vec<&str> =
                phrases.iter().enumerate().filter(|(i, _)| *i != at).filter_map(|(_, p)| p.as_deref()).collect();
            (!named.is_empty()).then(|| format!("Ngoài trường hợp: {}", named.join("; ")))
        };
        let said = phrases[at]
            .clone()
            .or_else(others)
            .or_else(|| self.notes.first().map(|n| short(n)))
            .or_else(|| self.sentence(record));
        let printed = self.channels.iter().map(|c| words(*c)).collect::<Vec<_>>().join(", ");
        match said {
            Some(said) => format!("{said} (bản ghi xếp ở: {printed})"),
            None => format!("Bản ghi xếp ở: {printed}"),
        }
    }

    fn sentence(&self, record: &Record) -> Option<String> {
        let (value, unit) = (self.value?, self.unit?);
        texts(record, self).find_map(|text| {
            let hit = ALLOWANCE.captures_iter(text).find(|c| read(c) == Some((value, unit)))?.get(0)?;
            let start = text[..hit.start()].rfind(['.', '\n', ';']).map_or(0, |i| i + 1);
            let end = text[hit.end()..].find(['.', '\n', ';']).map_or(text.len(), |i| hit.end() + i);
            Some(short(&tidy(&text[start..end])))
        })
    }
}

fn texts<'a>(record: &'a Record, group: &'a Group) -> impl Iterator<Item = &'a str> {
    group.notes.iter().chain(&record.steps).map(String::as_str)
}

/// A channel in words.
fn words(channel: Channel) -> &'static str {
    match channel {
        Channel::Direct => "trực tiếp",
        Channel::Online => "trực tuyến",
        Channel::Post => "bưu chính",
    }
}

fn short(text: &str) -> String {
    const MOST: usize = 240;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST - 1).chain(['…']).collect()
}

#[expect(clippy::expect_used, reason = "a constant pattern, compiled by every test")]
static ALLOWANCE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?i)(\d{1,3}[,.]5|\b1/2|\d{0,3}½|nửa|\d{1,3})\s*(?:\([^)]{1,24}\)\s*)?(ngày làm việc|ngày|giờ làm việc|giờ|tháng)",
    )
    .expect("a constant pattern, compiled by every test of records")
});

fn read(found: &regex::Captures<'_>) -> Option<(Amount, TermUnit)> {
    let value = match found.get(1)?.as_str() {
        number if number.starts_with(|c: char| c.is_ascii_digit() || c == '½') => number.parse().ok()?,
        _ => Amount::halves(1),
    };
    let unit = match found.get(2)?.as_str().to_lowercase().as_str() {
        "ngày làm việc" => TermUnit::WorkingDay,
        "ngày" => TermUnit::CalendarDay,
        "tháng" => TermUnit::Month,
        _ => TermUnit::WorkingHour,
    };
    Some((value, unit))
}

/// What an open row may mean, for the person who settles it: never applied unseen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Amount.
    pub value: Amount,
    /// Unit.
    pub unit: TermUnit,
    /// "Trong ngày": accepted after the cut-off it is due the next working day (OS-14).
    pub same_day: bool,
    /// The sentence it was read from.
    pub quote: String,
}

/// Allowances named in the texts of a package, the most telling first.
pub fn proposals(package: &crate::package::Package) -> Vec<Proposal> {
    let mut found: Vec<Proposal> = vec![];
    let notes = package.open_terms().map(|t| t.note.as_str());
    for text in notes.chain(package.guidance.iter().map(String::as_str)) {
        let sentences = text.split(['.', '\n', ';']).map(tidy).filter(|s| !s.is_empty());
        for sentence in sentences {
            let folded = base::text::fold(&sentence);
            let same_day = folded.contains("sau 15 gio") && folded.contains("ngay lam viec tiep theo")
                || folded.contains("ngay trong ngay")
                || folded.contains("trong ngay lam viec")
                || folded.contains("giai quyet ngay");
            let quote = short(&sentence);
            if same_day {
                push(
                    &mut found,
                    Proposal { value: Amount::whole(1), unit: TermUnit::WorkingDay, same_day, quote: quote.clone() },
                );
            }
            // a number of days that supplements or opinions take is no allowance for the citizen's dossier
            let aside = ["bo sung", "xac minh", "lay y kien", "tra loi", "ke tu ngay sinh", "thong bao cho nguoi"];
            if aside.iter().any(|w| folded.contains(w)) {
                continue;
            }
            for c in ALLOWANCE.captures_iter(&sentence) {
                if let Some((value, unit)) = read(&c)
                    && base::due::Term::of(value, unit).is_ok()
                {
                    push(&mut found, Proposal { value, unit, same_day: false, quote: quote.clone() });
                }
            }
        }
    }
    found.truncate(6);
    found
}

fn push(found: &mut Vec<Proposal>, p: Proposal) {
    if !found.iter().any(|f| (f.value, f.unit, f.same_day) == (p.value, p.unit, p.same_day)) {
        found.push(p);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests_support::{method, record};

    #[test]
    fn the_building_permit_leaves_fifteen_or_twenty_days_to_a_person() {
        let mut r = record("1.013225", "Cấp giấy phép xây dựng mới");
        r.methods =
            vec![method("Trực tuyến", 20, "Ngày"), method("Dịch vụ bưu chính", 20, "Ngày"), method("Trực tiếp", 15, "Ngày")];
        r.steps = vec!["- Trong thời hạn 20 ngày (hoặc 15 ngày đối với nhà ở riêng lẻ) kể từ ngày nhận đủ hồ sơ.".into()];
        let rows = rows(&r);
        let said: Vec<_> = rows.iter().map(|t| (t.value, t.channels.len(), t.condition.as_str())).collect();
        assert_eq!(
            said,
            [
                (Some(Amount::whole(20)), 0, "Ngoài trường hợp: nhà ở riêng lẻ (bản ghi xếp ở: trực tuyến, bưu chính)"),
                (Some(Amount::whole(15)), 0, "nhà ở riêng lẻ (bản ghi xếp ở: trực tiếp)"),
            ]
        );
    }

    #[test]
    fn one_allowance_for_all_channels_is_one_row() {
        let mut r = record("1.000656", "Đăng ký");
        r.methods = ["Trực tiếp", "Trực tuyến", "Dịch vụ bưu chính"].map(|m| method(m, 3, "Ngày làm việc")).into();
        let rows = rows(&r);
        assert_eq!(rows.len(), 1);
        assert_eq!(
            (rows[0].value, rows[0].unit, rows[0].channels.len()),
            (Some(Amount::whole(3)), Some(TermUnit::WorkingDay), 0)
        );
        assert!(rows[0].condition.is_empty());
    }

    #[test]
    fn a_value_without_a_unit_stays_open_and_the_text_only_proposes() {
        let mut r = record("1.001193", "Đăng ký khai sinh");
        r.methods = vec![method("Trực tiếp", 1, "")];
        r.steps = vec!["(i) nếu tiếp nhận hồ sơ sau 15 giờ thì có Phiếu hẹn, trả kết quả trong ngày làm việc tiếp theo".into()];
        let parsed = crate::record::package(Some(&r), None).unwrap();
        let open: Vec<_> = parsed.package.open_terms().collect();
        assert_eq!((open.len(), open[0].value, open[0].unit), (1, Some(Amount::whole(1)), None));
        let said = proposals(&parsed.package);
        assert_eq!((said[0].value, said[0].unit, said[0].same_day), (Amount::whole(1), TermUnit::WorkingDay, true));
    }
    #[test]
    fn half_days_of_a_text_are_proposed_as_half_days() {
        let mut r = record("1.000656", "Đăng ký khai tử");
        r.methods = vec![method("Trực tiếp", 1, "")];
        for (said, value) in [
            ("0,5 ngày làm việc", 1),
            ("½ ngày làm việc", 1),
            ("1/2 ngày làm việc", 1),
            ("Nửa ngày làm việc", 1),
            ("2,5 ngày làm việc", 5),
            ("2½ giờ", 5),
            ("15 ngày", 30),
        ] {
            r.steps = vec![format!("Giải quyết trong {said} kể từ khi nhận đủ hồ sơ")];
            let parsed = crate::record::package(Some(&r), None).unwrap();
            assert_eq!(proposals(&parsed.package).first().map(|p| p.value), Some(Amount::halves(value)), "{said}");
        }
    }
}
