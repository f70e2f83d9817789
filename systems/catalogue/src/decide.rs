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
    /// First day; absent: at once.
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
    if order.same_day && (order.value, order.unit) != (Amount::whole(1), TermUnit::WorkingDay) {
        return Err(Error::fault("same_day", words("“Trong ngày” chỉ đi với 1 ngày làm việc.")));
    }
    Ok(())
}

/// Sets an open row as a person settled it. `false`: the row is not there, or no longer open.
pub fn apply(package: &mut Package, s: &Settlement) -> bool {
    if s.term == WHOLE && package.terms.is_empty() {
        package.terms.push(whole());
    }
    let Some(row) = package.terms.iter_mut().find(|t| t.id == s.term && t.settled().is_none()) else { return false };
    row.value = Some(s.value);
    row.unit = Some(s.unit);
    row.basis = format!(
        "{} ({} chốt ngày {})", // not on screen: kept as the ground of the row
        s.basis,
        s.name,
        s.at.local().date().strftime("%d/%m/%Y")
    );
    if s.same_day {
        package.same_day = true;
    }
    true
}

fn whole() -> TermRow {
    TermRow {
        id: WHOLE.to_owned(),
        channels: vec![],
        case: None,
        value: None,
        unit: None,
        condition: String::new(),
        note: String::new(),
        basis: String::new(),
    }
}

/// Puts a procedure on the Chairman's list, or changes its row (OS-08): by a decision, from a day to a later one.
///
/// Objects when the procedure lives in another system.
pub fn put_on_list(order: &NewListing, package: &Package) -> Result<Listing, Error> {
    let decision = by_decision(&order.decision)?;
    if let (Some(from), Some(to)) = (order.from, order.to)
        && to <= from
    {
        return Err(Error::fault("to", words("Ngày hết hiệu lực phải sau ngày có hiệu lực.")));
    }
    handled_here(package)?;
    Ok(Listing {
        code: package.code.national(),
        received_at: order.received_at,
        name: package.title(),
        decision,
        from_day: order.from.map(|d| d.to_string()),
        to_day: order.to.map(|d| d.to_string()),
    })
}

/// Takes a procedure off the list; the answer is the decision to be kept. Dossiers already filed go on.
pub fn take_off_list(row: Option<&Listing>, decision: &str) -> Result<String, Error> {
    let decision = by_decision(decision)?;
    if row.is_some() { Ok(decision) } else { Err(Objection::NotListed.into()) }
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
        assert!(refused(put_on_list(&listing, &p)).starts_with("HandledElsewhere"));
    }

    #[test]
    fn the_list_is_changed_by_a_decision_from_a_day_to_a_later_one_os_08() {
        let p = package();
        let (first, second): (Date, Date) = ("2026-12-01".parse().unwrap(), "2026-12-02".parse().unwrap());
        let of = |decision: &str, from, to| NewListing { received_at: ReceivedAt::Commune, decision: decision.into(), from, to };
        assert_eq!(refused(put_on_list(&of(" 1 ", None, None), &p)), "decision");
        assert_eq!(refused(put_on_list(&of("2100/QĐ-UBND", Some(first), Some(first)), &p)), "to");
        let row = put_on_list(&of(" 2100/QĐ-UBND ", Some(first), Some(second)), &p).unwrap();
        assert_eq!((row.decision.as_str(), row.name.as_str()), ("2100/QĐ-UBND", "Đăng ký khai sinh"));
        assert!(row.holds_on(first) && !row.holds_on(second));
        assert_eq!(refused(take_off_list(Some(&row), "")), "decision");
        assert_eq!(refused(take_off_list(None, "2200/QĐ-UBND")), "NotListed");
        assert_eq!(take_off_list(Some(&row), " 2200/QĐ-UBND").unwrap(), "2200/QĐ-UBND");
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
