//! Wording shared by the papers, over the words of `base`.

use base::{Lang, wording};
use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use crate::Error;
use crate::parts::*;
use crate::supplement::Code;

/// "15 giờ 40 phút, ngày 20 tháng 11 năm 2026"
pub(crate) fn moment(at: DateTime) -> String {
    format!("{}, {}", time(at), date(at.date()))
}

/// "17 giờ 00 phút"
pub(crate) fn time(at: DateTime) -> String {
    format!("{:02} giờ {:02} phút", at.hour(), at.minute())
}

/// "2026-11-20T15:40:12+07:00", as NĐ 30/2020 writes the time of a signature.
pub(crate) fn stamp(at: DateTime) -> String {
    format!("{}+07:00", at.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// Name of the signing state for the templates.
pub(crate) fn signing(signing: Signing) -> &'static str {
    match signing {
        Signing::ByHand => "by_hand",
        Signing::Unsigned => "unsigned",
    }
}

/// "ngày 05 tháng 02 năm 2026"
pub(crate) fn date(day: Date) -> String {
    wording::paper_date(day)
}

/// "Thứ Năm", at the beginning of a line.
pub(crate) fn weekday(day: Date) -> String {
    capitalised(wording::weekday(day.weekday(), Lang::Vi))
}

/// With a capital at the beginning.
pub(crate) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// "ngày 21, 22/11 nghỉ hằng tuần và ngày 24/11 nghỉ Ngày Văn hóa Việt Nam": grouped by reason in order of first day; the
/// year is printed when days fall into another year than the first.
pub(crate) fn left_out(days: &[DayLeftOut]) -> String {
    let mut days: Vec<&DayLeftOut> = days.iter().collect();
    days.sort_by_key(|d| d.day);
    days.dedup();
    let many_years = days.first().map(|d| d.day.year()) != days.last().map(|d| d.day.year());
    let mut groups: Vec<(&str, Vec<Date>)> = Vec::new();
    for d in days {
        match groups.iter_mut().find(|(reason, _)| *reason == d.reason) {
            Some((_, list)) => list.push(d.day),
            None => groups.push((&d.reason, vec![d.day])),
        }
    }
    let phrases: Vec<String> =
        groups.iter().map(|(reason, list)| format!("ngày {} {}", day_list(list, many_years), reason)).collect();
    match phrases.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} và {}", rest.join("; "), last),
    }
}

/// "21, 22, 28, 29/11, 05, 06/12": the month after the last day of each month.
fn day_list(days: &[Date], with_year: bool) -> String {
    let mut out = String::new();
    for (i, day) in days.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        out.push_str(&format!("{:02}", day.day()));
        let ends_month = days.get(i + 1).is_none_or(|next| (next.year(), next.month()) != (day.year(), day.month()));
        if ends_month {
            out.push_str(&format!("/{:02}", day.month()));
            if with_year {
                out.push_str(&format!("/{}", day.year()));
            }
        }
    }
    out
}

/// "1.250.000 đồng"
pub(crate) fn dong(amount: u64) -> String {
    format!("{} đồng", wording::number(i64::try_from(amount).unwrap_or(i64::MAX)))
}

/// "0412": numbers of books and counts are written with at least this many digits.
pub(crate) fn padded(number: u64, width: usize) -> String {
    format!("{number:0width$}")
}

/// Head of a paper.
pub(crate) fn head(office: &Office, number: &str, issue: &Issue) -> Value {
    json!({
        "parent": pieces(&office.parent),
        "agency": office.name,
        "agency_pieces": pieces(&office.name),
        "number": number,
        "place_date": if office.place.is_empty() { date(issue.at.date()) } else { format!("{}, {}", office.place, date(issue.at.date())) },
    })
}

/// Words that stay on one line in a head.
const TOGETHER: [&str; 6] =
    ["ủy ban nhân dân", "uỷ ban nhân dân", "hội đồng nhân dân", "phục vụ", "hành chính công", "hành chính"];

/// A name in pieces that are not to be torn: the words people expect together, every other word by itself.
fn pieces(name: &str) -> Vec<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let mut out = Vec::new();
    let mut rest = words.as_slice();
    while !rest.is_empty() {
        let together = TOGETHER.iter().map(|phrase| phrase.split(' ')).find_map(|phrase| {
            let count = phrase.clone().count();
            let start = rest.get(..count)?;
            start.iter().zip(phrase).all(|(word, wanted)| word.to_lowercase() == wanted).then_some(count)
        });
        let (piece, more) = rest.split_at(together.unwrap_or(1));
        out.push(piece.join(" "));
        rest = more;
    }
    out
}

/// Identity as (label, number).
pub(crate) fn identity(identity: &Option<Identity>) -> Value {
    match identity {
        None => Value::Null,
        Some(Identity::Citizen(n)) => json!({"label": "số định danh cá nhân", "number": n}),
        Some(Identity::Tax(n)) => json!({"label": "mã số thuế", "number": n}),
        Some(Identity::Passport(n)) => json!({"label": "hộ chiếu số", "number": n}),
        Some(Identity::Other(label, n)) => json!({"label": label, "number": n}),
    }
}

/// Party with its unknown parts as none.
pub(crate) fn party(party: &Party) -> Value {
    json!({
        "name": party.name, "identity": identity(&party.identity),
        "address": party.address, "phone": party.phone, "email": party.email,
    })
}

/// Label and code.
pub(crate) fn code(code: &Code) -> Value {
    match code {
        Code::Dossier(c) => json!({"label": "Mã hồ sơ", "code": c}),
        Code::Filing(c) => json!({"label": "Mã nộp", "code": c}),
    }
}

/// The lookup line and its QR as runs of dark modules `[x, y, length]`, drawn by the template as one vector path.
pub(crate) fn lookup(lookup: &Lookup) -> Result<Value, Error> {
    let code =
        fast_qr::QRBuilder::new(lookup.qr.as_bytes()).ecl(fast_qr::ECL::M).build().map_err(|_| Error::Qr(lookup.qr.len()))?;
    let mut runs: Vec<[usize; 3]> = Vec::new();
    for y in 0..code.size {
        let mut x = 0;
        while x < code.size {
            let start = x;
            while x < code.size && code[y][x].value() {
                x += 1;
            }
            if x > start {
                runs.push([start, y, x - start]);
            }
            x += 1;
        }
    }
    Ok(json!({"size": code.size, "runs": runs, "page": lookup.page, "phone": lookup.phone}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn days_left_out_are_grouped_by_reason_and_month() {
        let out = |y, m, d, reason: &str| DayLeftOut { day: day(y, m, d), reason: reason.to_owned() };
        let list = [
            out(2026, 11, 22, "nghỉ hằng tuần"),
            out(2026, 11, 21, "nghỉ hằng tuần"),
            out(2026, 11, 24, "nghỉ Ngày Văn hóa Việt Nam"),
            out(2026, 12, 5, "nghỉ hằng tuần"),
        ];
        assert_eq!(left_out(&list), "ngày 21, 22/11, 05/12 nghỉ hằng tuần và ngày 24/11 nghỉ Ngày Văn hóa Việt Nam");
        assert_eq!(
            left_out(&[out(2026, 12, 27, "nghỉ hằng tuần"), out(2027, 1, 1, "nghỉ Tết Dương lịch")]),
            "ngày 27/12/2026 nghỉ hằng tuần và ngày 01/01/2027 nghỉ Tết Dương lịch"
        );
        assert_eq!(left_out(&[]), "");
    }

    #[test]
    fn a_line_begins_with_a_capital() {
        assert_eq!(weekday(day(2026, 11, 26)), "Thứ Năm");
        assert_eq!(capitalised("đồng ý"), "Đồng ý");
        assert_eq!(capitalised(""), "");
    }
}
