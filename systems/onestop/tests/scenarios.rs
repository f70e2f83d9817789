//! Days that must go right, due times worked out by hand.

use crate::given::{at, check, package, submitted, world};
use base::due::{Amount, TermUnit};
use catalogue::package::{Channel, PrintReceipt};
use onestop::decide::{accept, calculate, check_due};
use onestop::dossier::{Dossier, Verdict, When};
use onestop::printing::print_receipt;

#[test]
fn a_birth_filed_on_saturday_evening_is_checked_by_monday_five_o_clock() {
    let world = world(package());
    assert_eq!(check_due(&world.calendar, at("2026-11-21T21:10")).unwrap(), at("2026-11-23T17:00"));
}

#[test]
fn a_birth_accepted_after_three_is_due_after_the_holiday_and_at_three_sharp_the_same_day() {
    let world = world(package());
    let dossier = submitted(&world.package);
    let verdicts = [("chung-sinh".to_owned(), Verdict::Good)];
    let check = check(&world.package, &verdicts);
    let due = |minute| accept(&dossier, &check, &world.now(minute)).unwrap().calculation.due_at;
    assert_eq!(due("2026-11-23T15:20"), at("2026-11-25T17:00"));
    assert_eq!(due("2026-11-23T15:00"), at("2026-11-23T17:00"));
}

#[test]
fn form_01_is_printed_by_the_policy_of_the_version() {
    let world = world(package());
    let cut_off = world.policy.cut_off;
    let printed = |policy, minute| print_receipt(policy, at(minute), cut_off);
    assert!(!printed(PrintReceipt::AfterCutOff, "2026-11-23T15:00"));
    assert!(printed(PrintReceipt::AfterCutOff, "2026-11-23T15:20"));
    assert!(printed(PrintReceipt::Always, "2026-11-23T08:00"));
    assert!(!printed(PrintReceipt::Never, "2026-11-23T16:00"));
}

#[test]
fn post_opened_before_tet_is_due_after_it() {
    let mut post = package();
    post.same_day = false;
    post.terms[0].value = Some(Amount::whole(3));
    let world = world(post);
    let dossier = Dossier {
        channel: Channel::Post,
        submitted_at: at("2026-02-13T16:30"),
        last_at: at("2026-02-13T16:30"),
        ..submitted(&world.package)
    };
    let verdicts = [("chung-sinh".to_owned(), Verdict::Good)];
    let check = check(&world.package, &verdicts);
    let done = accept(&dossier, &check, &world.facts(When::now(at("2026-02-13T16:40")))).unwrap();
    assert_eq!(done.calculation.due_at, at("2026-02-25T17:00"));
}

#[test]
fn half_a_working_day_ends_with_the_next_half_day_worked_and_half_an_hour_half_an_hour_later_os_33() {
    let mut short = package();
    short.terms[0].value = Some(Amount::halves(1));
    let due = |unit, accepted| {
        let mut of = short.clone();
        of.terms[0].unit = Some(unit);
        let world = world(of);
        calculate(&world.package.terms[0], at(accepted), &world.now(accepted)).unwrap().due_at
    };
    assert_eq!(due(TermUnit::WorkingDay, "2026-11-23T10:00"), at("2026-11-25T11:00"), "24/11 is a holiday");
    assert_eq!(due(TermUnit::WorkingHour, "2026-11-23T10:45"), at("2026-11-23T13:15"));
}
