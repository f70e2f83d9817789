//! The law of the catalogue: what may be published, settled and listed. Pure; every fact is passed in.

use base::Moment;
use base::due::{Amount, Term, TermError, TermUnit};
use jiff::civil::Date;
use web::words;

use crate::error::{Error, Objection};
use crate::package::{Package, Problem, TermRow, check};
use crate::version::{Listing, Origin, ReceivedAt};

/// What a person settles.
#[derive(Clone, Debug, PartialEq)]
pub struct Settle {
    /// The row; [`WHOLE`] makes one for a procedure that has none.
    pub term: String,
    /// Amount.
    pub value: Amount,
    /// Unit.
    pub unit: TermUnit,
    /// Done within the day of acceptance (OS-14).
    pub same_day: bool,
    /// The text it follows from.
    pub basis: String,
}

/// What a named person settled about one open term row; kept beside the records, so that a later import does not ask again.
#[derive(Clone, Debug, PartialEq)]
pub struct Settlement {
    /// The row.
    pub term: String,
    /// Amount.
    pub value: Amount,
    /// Unit.
    pub unit: TermUnit,
    /// Done within the day (OS-14).
    pub same_day: bool,
    /// On what basis.
    pub basis: String,
    /// By whom.
    pub name: String,
    /// When.
    pub at: Moment,
}

/// A row to be put on the Chairman's list.
#[derive(Clone, Debug, PartialEq)]
pub struct NewListing {
    /// At which centres.
    pub received_at: ReceivedAt,
    /// By which decision.
    pub decision: String,
    /// First day; absent: at once. See [`put_on_list`] for a day that has passed.
    pub from: Option<Date>,
    /// Day after the last one.
    pub to: Option<Date>,
}

/// The row that a person makes for a procedure whose record has none: for every channel and case.
pub const WHOLE: &str = "all";

/// Longest allowance anybody will believe, in any unit.
const LONGEST: u32 = 1_000;

/// A package written by people is published without faults; what an import leaves open stays open (OS-36).
pub fn publish(package: &Package, origin: Origin) -> Result<(), Error> {
    let faults: Vec<Problem> = check(package).into_iter().filter(Problem::must_be_mended).collect();
    if origin == Origin::Written && !faults.is_empty() { Err(Error::Faulty(faults)) } else { Ok(()) }
}

/// Settles a term row that the record left open.
///
/// Objects when the procedure lives in another system, when there is no such row, and when the row has its value and unit from the record
/// itself. What a person settled `before` may be settled anew.
pub fn settle(order: &Settle, package: &Package, before: &[Settlement], by: &str, at: Moment) -> Result<Settlement, Error> {
    countable(order)?;
    if order.basis.trim().chars().count() < 5 {
        return Err(Error::fault("basis", words("Ghi căn cứ: số hiệu văn bản, điều khoản.")));
    }
    handled_here(package)?;
    match package.term(&order.term) {
        None if order.term == WHOLE && package.terms.is_empty() => {}
        None => return Err(Objection::NoSuchTerm.into()),
        Some(row) if row.settled().is_some() && !before.iter().any(|s| s.term == order.term) => {
            return Err(Objection::TermNotOpen.into());
        }
        Some(_) => {}
    }
    Ok(Settlement {
        term: order.term.clone(),
        value: order.value,
        unit: order.unit,
        same_day: order.same_day,
        basis: order.basis.trim().to_owned(),
        name: by.to_owned(),
        at,
    })
}

/// An allowance that somebody can keep and the calendar can count (OS-33, OS-14).
fn countable(order: &Settle) -> Result<(), Error> {
    match Term::of(order.value, order.unit) {
        Err(TermError::Half) => return Err(Error::fault("value", words("Chỉ ngày làm việc và giờ làm việc mới có nửa."))),
        Ok(_) if order.value <= Amount::whole(LONGEST) => {}
        _ => return Err(Error::fault("value", words("Thời hạn phải lớn hơn 0 và không quá {0}.").with(LONGEST))),
    }
    if order.same_day && !is_one_day(order.value, order.unit) {
        return Err(Error::fault("same_day", words("“Trong ngày” chỉ đi với 1 ngày làm việc.")));
    }
    Ok(())
}

/// One working day: the only allowance that may mean "within the day" (OS-14).
fn is_one_day(value: Amount, unit: TermUnit) -> bool {
    (value, unit) == (Amount::whole(1), TermUnit::WorkingDay)
}

/// Sets an open row as a person settled it. `false`: the row is not there, or no longer open.
pub fn apply(package: &mut Package, s: &Settlement) -> bool {
    if s.term == WHOLE && package.terms.is_empty() {
        package.terms.push(whole());
    }
    let Some(row) = package.terms.iter_mut().find(|t| t.id == s.term && t.settled().is_none()) else { return false };
    row.value = Some(s.value);
    row.unit = Some(s.unit);
    row.same_day = is_one_day(s.value, s.unit).then_some(s.same_day);
    row.basis = format!(
        "{} ({} chốt ngày {})", // not on screen: kept as the ground of the row
        s.basis,
        s.name,
        s.at.local().date().strftime("%d/%m/%Y")
    );
    true
}

fn whole() -> TermRow {
    TermRow {
        id: WHOLE.to_owned(),
        channels: vec![],
        case: None,
        value: None,
        unit: None,
        same_day: None,
        condition: String::new(),
        note: String::new(),
        basis: String::new(),
    }
}

/// Puts a procedure on the Chairman's list, or changes where it is received (OS-08): by a decision, from a day to a later one or until the next
/// of `rows` begins, which are those the list has about it. Which of them the new one ends, [`followed`] says.
///
/// What was filed is judged by the row that held then, so a decision entered late holds from its day only where nothing was received since; else
/// it holds from `now`. Objects when the procedure lives in another system.
pub fn put_on_list(order: &NewListing, package: &Package, rows: &[Listing], now: Moment) -> Result<Listing, Error> {
    let decision = by_decision(&order.decision)?;
    let (from, to) = (order.from.map_or(now, first_instant), order.to.map(first_instant));
    if to.is_some_and(|to| to <= now) {
        return Err(Error::fault("to", words("Ngày hết hiệu lực đã qua. Ghi ngày khác, hoặc để trống.")));
    }
    if to.is_some_and(|to| to <= from) {
        return Err(Error::fault("to", words("Ngày hết hiệu lực phải sau ngày có hiệu lực.")));
    }
    handled_here(package)?;
    let held_since = rows.iter().any(|row| row.valid_from <= now && row.reaches_past(from));
    let valid_from = if held_since { from.max(now) } else { from };
    let later = rows.iter().filter(|row| row.valid_from > valid_from && row.reaches_past(row.valid_from));
    let next = later.min_by_key(|row| row.valid_from).filter(|next| to.is_none_or(|to| next.valid_from < to));
    Ok(Listing {
        code: package.code.national(),
        received_at: order.received_at,
        name: package.title(),
        decision,
        valid_from,
        valid_to: next.map(|next| next.valid_from).or(to),
        ended_by: next.map(|next| next.decision.clone()),
    })
}

/// The rows that a new one ends where it begins.
pub fn followed(rows: &[Listing], new: &Listing) -> Vec<Listing> {
    let before: Vec<Listing> = rows.iter().filter(|row| row.valid_from < new.valid_from).cloned().collect();
    ended(&before, new.valid_from, &new.decision)
}

fn first_instant(day: Date) -> Moment {
    Moment::from_local(day.at(0, 0, 0, 0))
}

/// Takes a procedure off the list; the answer is the decision to be kept. What was filed goes on.
pub fn take_off_list(rows: &[Listing], decision: &str, now: Moment) -> Result<String, Error> {
    let decision = by_decision(decision)?;
    if rows.iter().any(|row| row.reaches_past(now)) { Ok(decision) } else { Err(Objection::NotListed.into()) }
}

/// The rows that a decision ends at a moment, as they are from now on. One that was yet to begin is withdrawn: it ends where it would have
/// begun.
pub fn ended(rows: &[Listing], from: Moment, decision: &str) -> Vec<Listing> {
    let end =
        |row: &Listing| Listing { valid_to: Some(from.max(row.valid_from)), ended_by: Some(decision.to_owned()), ..row.clone() };
    rows.iter().filter(|row| row.reaches_past(from)).map(end).collect()
}

fn by_decision(decision: &str) -> Result<String, Error> {
    let decision = decision.trim();
    if decision.chars().count() < 3 {
        return Err(Error::fault("decision", words("Ghi số hiệu quyết định của Chủ tịch UBND tỉnh.")));
    }
    Ok(decision.to_owned())
}

fn handled_here(package: &Package) -> Result<(), Objection> {
    match &package.elsewhere {
        Some(elsewhere) => Err(Objection::HandledElsewhere { system: elsewhere.system.clone() }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package::Elsewhere;
    use crate::record;
    use crate::record::tests_support::{method, record as of};

    /// A procedure whose first row is open and whose second is the record's own.
    fn package() -> Package {
        let mut r = of("1.001193", "Thủ tục đăng ký khai sinh");
        r.methods = vec![method("Trực tiếp", 1, ""), method("Trực tuyến", 2, "Ngày làm việc")];
        record::package(Some(&r), None).unwrap().package
    }

    fn order(package: &Package) -> Settle {
        let term = package.open_terms().next().unwrap().id.clone();
        Settle {
            term,
            value: Amount::halves(1),
            unit: TermUnit::WorkingDay,
            same_day: false,
            basis: "Điều 16 Luật Hộ tịch".into(),
        }
    }

    fn at() -> Moment {
        "2026-11-23T14:30".parse().unwrap()
    }

    fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> String {
        match answer.unwrap_err() {
            Error::Fault { field, .. } => field.to_owned(),
            Error::Objection(o) => format!("{o:?}"),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_open_row_is_settled_by_a_named_person_with_its_basis_also_in_half_days() {
        let mut p = package();
        let settled = settle(&order(&p), &p, &[], "Trần Thị Biên", at()).unwrap();
        assert!(apply(&mut p, &settled));
        let row = p.term(&settled.term).unwrap();
        assert_eq!(row.settled(), Some((Amount::halves(1), TermUnit::WorkingDay)));
        assert_eq!(row.basis, "Điều 16 Luật Hộ tịch (Trần Thị Biên chốt ngày 23/11/2026)");
        assert!(!apply(&mut p, &settled), "it is no longer open");
    }

    #[test]
    fn same_day_is_said_of_the_row_that_was_settled_and_of_no_other_os_14() {
        let one_day = Term::of(Amount::whole(1), TermUnit::WorkingDay).unwrap();
        for (of_the_package, settled, of_the_row, of_the_other) in [
            (false, true, Term::SameDay, one_day),
            (false, false, one_day, one_day),
            (true, false, one_day, Term::SameDay),
            (true, true, Term::SameDay, Term::SameDay),
        ] {
            let mut p = package();
            p.same_day = of_the_package;
            let other = p.terms.iter_mut().find(|t| t.settled().is_some()).unwrap();
            other.value = Some(Amount::whole(1));
            let other = other.id.clone();
            let s = settle(&Settle { value: Amount::whole(1), same_day: settled, ..order(&p) }, &p, &[], "A", at()).unwrap();
            assert!(apply(&mut p, &s));
            assert_eq!(p.same_day, of_the_package);
            assert_eq!(p.allowance(p.term(&s.term).unwrap()), Some(of_the_row), "package {of_the_package}, row {settled}");
            assert_eq!(p.allowance(p.term(&other).unwrap()), Some(of_the_other), "package {of_the_package}, row {settled}");
        }
    }

    #[test]
    fn what_the_record_says_stands_and_what_a_person_said_may_be_said_anew() {
        let mut p = package();
        let first = order(&p);
        let own = p.terms.iter().find(|t| t.settled().is_some()).unwrap().id.clone();
        assert_eq!(refused(settle(&Settle { term: own, ..first.clone() }, &p, &[], "A", at())), "TermNotOpen");
        assert_eq!(refused(settle(&Settle { term: "t-none".into(), ..first.clone() }, &p, &[], "A", at())), "NoSuchTerm");
        assert_eq!(refused(settle(&Settle { term: WHOLE.into(), ..first.clone() }, &p, &[], "A", at())), "NoSuchTerm");
        let settled = settle(&first, &p, &[], "A", at()).unwrap();
        apply(&mut p, &settled);
        assert_eq!(refused(settle(&first, &p, &[], "A", at())), "TermNotOpen");
        assert!(settle(&first, &p, &[settled], "B", at()).is_ok());
    }

    #[test]
    fn a_procedure_without_any_row_gets_one_for_every_filing() {
        let mut p = package();
        p.terms.clear();
        let all = Settle { term: WHOLE.into(), ..order(&package()) };
        let settled = settle(&all, &p, &[], "A", at()).unwrap();
        assert!(apply(&mut p, &settled));
        assert_eq!((p.terms.len(), p.open_terms().count()), (1, 0));
    }

    #[test]
    fn an_allowance_that_nobody_can_keep_or_count_is_refused_beside_its_field() {
        let p = package();
        let try_it =
            |value: Amount, unit, same_day| refused(settle(&Settle { value, unit, same_day, ..order(&p) }, &p, &[], "A", at()));
        assert_eq!(try_it(Amount::whole(0), TermUnit::Month, false), "value");
        assert_eq!(try_it(Amount::whole(1_001), TermUnit::WorkingDay, false), "value");
        assert_eq!(try_it(Amount::halves(3), TermUnit::Month, false), "value", "months have no halves");
        assert_eq!(try_it(Amount::halves(1), TermUnit::CalendarDay, false), "value");
        assert_eq!(try_it(Amount::halves(1), TermUnit::WorkingDay, true), "same_day");
        assert_eq!(refused(settle(&Settle { basis: "  ".into(), ..order(&p) }, &p, &[], "A", at())), "basis");
    }

    #[test]
    fn what_lives_in_another_system_is_neither_settled_nor_listed() {
        let mut p = package();
        let order = order(&p);
        p.elsewhere = Some(Elsewhere { system: "Cổng Bộ Công an".into(), advice: String::new(), address: String::new() });
        let listing = NewListing { received_at: ReceivedAt::All, decision: "2100/QĐ-UBND".into(), from: None, to: None };
        assert!(refused(settle(&order, &p, &[], "A", at())).starts_with("HandledElsewhere"));
        assert!(refused(put_on_list(&listing, &p, &[], at())).starts_with("HandledElsewhere"));
    }

    fn moment(text: &str) -> Moment {
        text.parse().unwrap()
    }

    fn listing(received_at: ReceivedAt, from: &str, to: &str) -> NewListing {
        let day = |text: &str| (!text.is_empty()).then(|| text.parse().unwrap());
        NewListing { received_at, decision: "2100/QĐ-UBND".into(), from: day(from), to: day(to) }
    }

    #[test]
    fn the_list_is_changed_by_a_decision_from_a_day_to_a_later_one_os_08() {
        let p = package();
        let put = |decision: &str, from, to| {
            let order = NewListing { decision: decision.into(), ..listing(ReceivedAt::Commune, from, to) };
            put_on_list(&order, &p, &[], at())
        };
        assert_eq!(refused(put(" 1 ", "", "")), "decision");
        assert_eq!(refused(put("2100/QĐ-UBND", "2026-12-01", "2026-12-01")), "to");
        assert_eq!(refused(put("2100/QĐ-UBND", "2026-07-01", "2026-11-23")), "to", "it would be over before it was written");
        let row = put(" 2100/QĐ-UBND ", "2026-12-01", "2026-12-02").unwrap();
        assert_eq!((row.decision.as_str(), row.name.as_str()), ("2100/QĐ-UBND", "Đăng ký khai sinh"));
        for (when, holds) in [
            ("2026-11-30T23:59:59", false),
            ("2026-12-01T00:00:00", true),
            ("2026-12-01T23:59:59", true),
            ("2026-12-02T00:00:00", false),
        ] {
            assert_eq!(row.holds_at(moment(when)), holds, "{when}");
        }
        let rows = [row];
        assert_eq!(refused(take_off_list(&rows, "", at())), "decision");
        assert_eq!(refused(take_off_list(&[], "2200/QĐ-UBND", at())), "NotListed");
        assert_eq!(refused(take_off_list(&rows, "2200/QĐ-UBND", moment("2026-12-02T00:00:00"))), "NotListed", "it is over");
        assert_eq!(take_off_list(&rows, " 2200/QĐ-UBND", at()).unwrap(), "2200/QĐ-UBND", "also before it begins");
    }

    #[test]
    fn a_row_holds_until_the_next_one_begins_and_ends_the_one_before_os_08() {
        let p = package();
        let put = |rows: &[Listing], from, to| put_on_list(&listing(ReceivedAt::Province, from, to), &p, rows, at()).unwrap();
        let first = put(&[], "2026-07-01", "");
        let later = put(std::slice::from_ref(&first), "2027-01-01", "");
        let first = followed(&[first], &later).pop().unwrap();
        assert_eq!((first.valid_to, first.ended_by.as_deref()), (Some(moment("2027-01-01")), Some("2100/QĐ-UBND")));
        let rows = [first, later];
        for (to, ends, by) in [
            ("", "2027-01-01", Some("2100/QĐ-UBND")),
            ("2027-03-01", "2027-01-01", Some("2100/QĐ-UBND")),
            ("2026-12-10", "2026-12-10", None),
        ] {
            let between = put(&rows, "2026-12-01", to);
            assert_eq!((between.valid_to, between.ended_by.as_deref()), (Some(moment(ends)), by), "until {to:?}");
            let changed = followed(&rows, &between);
            assert_eq!(changed.len(), 1, "the row of the first of January stays");
            assert_eq!((changed[0].valid_from, changed[0].valid_to), (moment("2026-07-01"), Some(moment("2026-12-01"))));
        }
        let gone = ended(&rows, at(), "2200/QĐ-UBND");
        assert_eq!(gone.iter().map(|row| row.valid_to).collect::<Vec<_>>(), [Some(at()), Some(moment("2027-01-01"))]);
        assert!(gone.iter().all(|row| !row.reaches_past(at())), "ended, and withdrawn before it began");
    }

    #[test]
    fn a_decision_entered_late_holds_from_its_day_only_where_nothing_was_received_since_os_08() {
        let p = package();
        let held = |from: &str, to: &str| {
            let (valid_from, valid_to) = (moment(from), (!to.is_empty()).then(|| moment(to)));
            Listing { valid_from, valid_to, ..put_on_list(&listing(ReceivedAt::All, "", ""), &p, &[], at()).unwrap() }
        };
        for (rows, from, begins) in [
            (vec![], "2026-07-01", "2026-07-01T00:00"),
            (vec![], "", "2026-11-23T14:30"),
            (vec![held("2026-07-01", "")], "2026-11-01", "2026-11-23T14:30"),
            (vec![held("2026-07-01", "")], "2026-11-23", "2026-11-23T14:30"),
            (vec![held("2026-07-01", "")], "2026-12-01", "2026-12-01T00:00"),
            (vec![held("2026-07-01", "2026-10-01")], "2026-11-01", "2026-11-01T00:00"),
            (vec![held("2026-07-01", "2026-11-02")], "2026-11-01", "2026-11-23T14:30"),
            // yet to begin, or withdrawn before it began: nothing was received by it
            (vec![held("2026-12-01", "")], "2026-11-01", "2026-11-01T00:00"),
            (vec![held("2026-11-10", "2026-11-10")], "2026-11-01", "2026-11-01T00:00"),
        ] {
            let row = put_on_list(&listing(ReceivedAt::Province, from, ""), &p, &rows, at()).unwrap();
            assert_eq!(row.valid_from, moment(begins), "from {from:?} after {rows:?}");
        }
    }

    proptest::proptest! {
        /// The list as a database keeps it, changed at random day after day; a person files between any two changes.
        #[test]
        fn what_held_when_something_was_filed_is_what_holds_for_it_ever_after_os_08(
            orders in proptest::collection::vec((1..48i64, 0..4usize, -20..20i64, 0..30i64), 1..20)
        ) {
            let p = package();
            let (mut kept, mut filed) = (std::collections::BTreeMap::<Moment, Listing>::new(), vec![]);
            let mut now = at();
            for (n, (hours, what, from, lasts)) in orders.into_iter().enumerate() {
                now = now.plus(jiff::SignedDuration::from_hours(hours));
                let rows: Vec<Listing> = kept.values().cloned().collect();
                let keep = |kept: &mut std::collections::BTreeMap<Moment, Listing>, row: Listing| kept.insert(row.valid_from, row);
                if what == 3 {
                    for row in ended(&rows, now, "2200/QĐ-UBND") {
                        keep(&mut kept, row);
                    }
                    proptest::prop_assert!(!kept.values().any(|row| row.reaches_past(now)));
                } else {
                    let day = |days: i64| now.plus(jiff::SignedDuration::from_hours(24 * days)).date();
                    let order = NewListing {
                        received_at: ReceivedAt::ALL[what],
                        decision: format!("{}/QĐ-UBND", n + 100),
                        from: (from != 0).then(|| day(from)),
                        to: (lasts != 0).then(|| day(from.max(0) + lasts)),
                    };
                    let new = put_on_list(&order, &p, &rows, now).unwrap();
                    for row in followed(&rows, &new) {
                        keep(&mut kept, row);
                    }
                    keep(&mut kept, new.clone());
                    proptest::prop_assert!(kept.values().any(|row| *row == new && row.holds_at(now.max(new.valid_from))));
                    let held = |row: &&Listing| row.holds_at(now);
                    let (before, after) = (rows.iter().find(held), kept.values().find(held));
                    let said = |row: Option<&Listing>| row.map(|row| row.decision.clone());
                    proptest::prop_assert!(new.valid_from <= now || said(before) == said(after), "what is yet to come leaves today alone");
                }
                let holds = |at: Moment| kept.values().filter(|row| row.holds_at(at)).cloned().collect::<Vec<_>>();
                proptest::prop_assert!(holds(now).len() <= 1, "one row at a moment");
                if let Some(row) = holds(now).pop() {
                    filed.push((now, row.received_at, row.decision));
                }
                for (when, received_at, decision) in &filed {
                    let judged = holds(*when).pop().map(|row| (row.received_at, row.decision));
                    proptest::prop_assert_eq!(judged, Some((*received_at, decision.clone())), "filed {}", when);
                }
            }
        }
    }

    #[test]
    fn people_publish_without_faults_and_an_import_may_leave_terms_open() {
        let mut p = package();
        assert!(publish(&p, Origin::Imported).is_ok());
        p.name.clear();
        assert!(publish(&p, Origin::Imported).is_ok());
        assert!(matches!(publish(&p, Origin::Written), Err(Error::Faulty(_))));
    }
}
