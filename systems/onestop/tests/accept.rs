//! Acceptance (form 01): OS-08, OS-10, OS-11, OS-14, OS-36.

use crate::given::{at, check, package, submitted, world};
use base::due::Amount;
use catalogue::ReceivedAt;
use catalogue::VersionId;
use catalogue::package::{Channel, Elsewhere};
use onestop::decide::{Acceptance, AcceptanceCheck, FiledFee, accept, fee_from_acceptance, filed_here, received_then, term_row};
use onestop::dossier::{Dossier, State, Verdict, When};
use onestop::draft::{FeeDue, fee_due};
use onestop::events::Event;
use onestop::objection::Objection;
use uuid::Uuid;

const GOOD: &[(String, Verdict)] = &[];

fn checked(verdict: Verdict) -> Vec<(String, Verdict)> {
    vec![("chung-sinh".to_owned(), verdict)]
}

#[test]
fn a_checked_filing_is_accepted_and_its_clock_starts() {
    let world = world(package());
    let dossier = submitted(&world.package);
    let done = accept(&dossier, &check(&world.package, &checked(Verdict::Good)), &world.now("2026-11-23T14:00")).unwrap();
    assert_eq!(done.calculation.due_at, at("2026-11-23T17:00"));
    assert_eq!(done.term.id, "ngay");
}

#[test]
fn missing_papers_lead_to_form_02_never_to_acceptance() {
    let world = world(package());
    let verdicts = checked(Verdict::Missing);
    let objection =
        accept(&submitted(&world.package), &check(&world.package, &verdicts), &world.now("2026-11-23T08:00")).unwrap_err();
    assert_eq!(objection, Objection::PapersMissing { papers: vec!["Giấy chứng sinh".into()] });
    assert!(objection.ground().unwrap().contains("Mẫu 02"));
}

#[test]
fn a_paper_nobody_looked_at_stops_acceptance_but_a_note_does_not() {
    let world = world(package());
    let objection = accept(&submitted(&world.package), &check(&world.package, GOOD), &world.now("2026-11-23T08:00")).unwrap_err();
    assert_eq!(objection, Objection::PapersUnchecked { papers: vec!["Giấy chứng sinh".into()] });
}

#[test]
fn what_is_not_filed_here_is_not_begun_and_it_is_said_where_to_go() {
    let mut package = package();
    assert_eq!(filed_here(&package, true), Ok(()));
    assert_eq!(filed_here(&package, false), Err(Objection::NotReceivedHere));
    let (system, address) = ("Cổng Bộ Công an".to_owned(), "dichvucong.bocongan.gov.vn".to_owned());
    package.elsewhere = Some(Elsewhere { system: system.clone(), advice: String::new(), address: address.clone() });
    assert_eq!(filed_here(&package, true), Err(Objection::FiledElsewhere { at: vec![system, address] }));
}

#[test]
fn what_is_not_on_the_list_is_not_received() {
    let world = world(package());
    let verdicts = checked(Verdict::Good);
    let listed = |received_at, at_commune| {
        let check = AcceptanceCheck { received_at, at_commune, ..check(&world.package, &verdicts) };
        accept(&submitted(&world.package), &check, &world.now("2026-11-23T08:00")).err()
    };
    assert_eq!(listed(None, true), Some(Objection::NotReceivedHere));
    // OS-08: the list says at which kind of centre
    for (received_at, at_commune, objects) in [
        (ReceivedAt::All, true, false),
        (ReceivedAt::All, false, false),
        (ReceivedAt::Commune, true, false),
        (ReceivedAt::Commune, false, true),
        (ReceivedAt::Province, false, false),
        (ReceivedAt::Province, true, true),
    ] {
        let expected = objects.then_some(Objection::ReceivedElsewhere { at_commune: !at_commune });
        assert_eq!(listed(Some(received_at), at_commune), expected, "{received_at} at a commune's centre: {at_commune}");
    }
}

#[test]
fn a_term_without_unit_blocks_acceptance() {
    let mut open = package();
    open.terms[0].unit = None;
    let world = world(open);
    let verdicts = checked(Verdict::Good);
    assert_eq!(
        accept(&submitted(&world.package), &check(&world.package, &verdicts), &world.now("2026-11-23T08:00")).unwrap_err(),
        Objection::TermNotSettled
    );
}

#[test]
fn where_the_law_leaves_a_choice_a_person_makes_it() {
    let mut choice = package();
    let mut long = choice.terms[0].clone();
    (long.id, long.value) = ("dai".into(), Some(Amount::whole(20)));
    choice.terms[0].value = Some(Amount::whole(15));
    choice.terms.push(long);
    let dossier = submitted(&choice);
    assert_eq!(term_row(&dossier, &choice, None).unwrap_err(), Objection::ChooseTerm);
    assert_eq!(term_row(&dossier, &choice, Some("dai")).unwrap().value, Some(Amount::whole(20)));
    assert_eq!(term_row(&dossier, &choice, Some("khac")).unwrap_err(), Objection::ChooseTerm);
}

#[test]
fn one_working_day_and_within_the_day_are_two_promises_between_which_a_person_chooses_os_14() {
    let mut choice = package();
    let mut other = choice.terms[0].clone();
    (other.id, other.same_day) = ("mot-ngay".into(), Some(false));
    choice.terms.push(other);
    let dossier = submitted(&choice);
    assert_eq!(term_row(&dossier, &choice, None).unwrap_err(), Objection::ChooseTerm);
    choice.terms[1].same_day = Some(true);
    assert_eq!(term_row(&dossier, &choice, None).unwrap().id, "ngay", "both within the day: nothing to choose");
}

#[test]
fn a_row_for_another_channel_is_not_used() {
    let mut by_channel = package();
    by_channel.terms[0].channels = vec![Channel::Direct];
    assert_eq!(term_row(&submitted(&by_channel), &by_channel, None).unwrap_err(), Objection::TermNotSettled);
}

#[test]
fn nothing_is_accepted_twice() {
    let world = world(package());
    let mut dossier = submitted(&world.package);
    dossier.state = State::InProgress;
    let verdicts = checked(Verdict::Good);
    let objection = accept(&dossier, &check(&world.package, &verdicts), &world.now("2026-11-23T08:00")).unwrap_err();
    assert_eq!(objection, Objection::NotIn { is: State::InProgress, needs: State::Submitted });
}

#[test]
fn an_entry_more_than_fifteen_minutes_late_needs_a_reason() {
    let world = world(package());
    let dossier = submitted(&world.package);
    let verdicts = checked(Verdict::Good);
    let late = |minute: &str, reason: Option<&str>| {
        let when = When { happened_at: at("2026-11-23T09:00"), recorded_at: at(minute), reason: reason.map(Into::into) };
        accept(&dossier, &check(&world.package, &verdicts), &world.facts(when))
    };
    assert!(late("2026-11-23T09:15", None).is_ok());
    assert_eq!(late("2026-11-23T09:16", None).unwrap_err(), Objection::LateEntryNeedsReason);
    assert_eq!(late("2026-11-23T09:16", Some("  ")).unwrap_err(), Objection::LateEntryNeedsReason);
    // the clock runs from the fact, not from the entry (OS-30)
    let done = late("2026-11-23T15:30", Some("mất điện")).unwrap();
    assert_eq!(done.calculation.due_at, at("2026-11-23T17:00"));
}

#[test]
fn nothing_is_accepted_before_it_was_filed_or_in_the_future() {
    let world = world(package());
    let dossier = submitted(&world.package);
    let verdicts = checked(Verdict::Good);
    for (fact, entry, objection) in [
        ("2026-11-20T09:00", "2026-11-23T09:00", Objection::BeforeLastAct),
        ("2026-11-23T10:00", "2026-11-23T09:00", Objection::ImpossibleTime),
    ] {
        let facts = world.late(fact, entry, "thử");
        assert_eq!(accept(&dossier, &check(&world.package, &verdicts), &facts).unwrap_err(), objection);
    }
}

#[test]
fn no_fact_is_older_than_a_late_entry_may_be() {
    let world = world(package());
    let dossier = Dossier { last_at: at("2025-07-01T08:00"), ..submitted(&world.package) };
    let verdicts = checked(Verdict::Good);
    let entered =
        |fact: &str| accept(&dossier, &check(&world.package, &verdicts), &world.late(fact, "2026-11-23T09:00", "sổ cũ"));
    assert!(entered("2025-11-24T09:00").is_ok());
    assert_eq!(entered("2025-11-21T09:00").unwrap_err(), Objection::TooOld);
}

#[test]
fn nobody_is_received_before_the_desk_or_the_version_was_there() {
    let mut package = package();
    package.decision.effective_from = Some(jiff::civil::date(2026, 7, 1));
    let came = |fact: &str, desk_since: &str| {
        let when = When { happened_at: at(fact), recorded_at: at("2026-11-23T09:00"), reason: None };
        received_then(&when, at(desk_since), &package)
    };
    assert_eq!(came("2026-07-01T00:00", "2025-07-01T00:00"), Ok(()));
    assert_eq!(came("2026-06-30T23:59", "2025-07-01T00:00"), Err(Objection::BeforeBeginning));
    assert_eq!(came("2026-10-01T07:59", "2026-10-01T08:00"), Err(Objection::BeforeBeginning));
    assert_eq!(came("2016-11-23T08:00", "2010-01-01T00:00"), Err(Objection::TooOld));
    assert_eq!(came("2026-11-23T09:01", "2025-07-01T00:00"), Err(Objection::ImpossibleTime));
}

#[test]
fn what_the_officer_looked_at_is_what_is_accepted() {
    let world = world(package());
    let verdicts = checked(Verdict::Good);
    let facts = world.now("2026-11-23T08:00");
    let shown = |version| AcceptanceCheck { shown: Some(version), ..check(&world.package, &verdicts) };
    assert!(accept(&submitted(&world.package), &shown(facts.version), &facts).is_ok());
    let other = VersionId(Uuid::from_u128(3));
    assert_eq!(accept(&submitted(&world.package), &shown(other), &facts).unwrap_err(), Objection::VersionChanged);
}

/// OS-36: the version in force at acceptance says what is owed, and nobody pays a second time for a filing.
#[test]
fn another_fee_is_owed_from_acceptance_on_and_what_was_paid_stays_paid() {
    let (filed, mut later) = (package(), package());
    later.fees = vec![toml::from_str("id = \"phi\"\nname = \"Lệ phí\"\namount = 8000").unwrap()];
    let (dossier, world) = (submitted(&filed), world(later));
    // as the desk typed it
    let due = FeeDue { amount: Some(5_000), ..fee_due(&filed, dossier.channel, None) };
    let fee = |is_paid| FiledFee { due: due.clone(), package: &filed, is_paid };
    assert_eq!(fee_from_acceptance(&dossier, &fee(false), &filed), due, "what is asked the same stays");
    let verdicts = checked(Verdict::Good);
    let accepted = |is_paid| {
        let check = AcceptanceCheck { fee: fee(is_paid), ..check(&world.package, &verdicts) };
        accept(&dossier, &check, &world.now("2026-11-23T08:00")).unwrap()
    };
    assert_eq!((accepted(false).fee.amount, accepted(true).fee), (Some(8_000), due.clone()));
    let named = |acceptance: Acceptance| match acceptance.numbered("H12.164-261123-0001".parse().unwrap()) {
        Event::Accepted { fees, .. } => fees,
        other => panic!("{other:?}"),
    };
    assert_eq!((named(accepted(false)), named(accepted(true))), (vec!["phi".to_owned()], vec![]), "the event names what is owed");
}
