//! Whatever officers enter, in whatever order, with whatever dates and reasons: the acts that move a dossier stay in the order of their
//! facts, so that no date makes a term look kept.

use crate::given::{at, check, officer, package, row, world};
use catalogue::package::StepRole::{CaseOfficer, Clerk, DeskOfficer, Leader};
use directory::UnitKind;
use jiff::SignedDuration;
use onestop::decide::{self, Agency, Facts};
use onestop::dossier::{Dossier, Officer, Outcome, ResultChannel, SupplementItem, Verdict, When};
use onestop::events::Event;
use onestop::objection::Objection;
use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};
use std::collections::BTreeSet;
use uuid::Uuid;

#[derive(Clone, Copy, Debug)]
enum Act {
    Check,
    Accept,
    Request,
    HandIn,
    Receive,
    Competence,
    Claim,
    Release,
    Note,
    File,
    PassOn,
    SendBack,
    Approve,
    Issue,
    Return,
    Rate,
}

/// An act, how long after the last entry it is entered, how long before that it happened (or will), and whether a reason is given.
#[derive(Clone, Copy, Debug)]
struct Entry {
    act: Act,
    after: i64,
    before: i64,
    explained: bool,
}

fn entry() -> impl Strategy<Value = Entry> {
    let act = prop_oneof![
        proptest::sample::select(vec![Act::Accept, Act::PassOn, Act::Approve, Act::Issue, Act::Return]),
        proptest::sample::select(vec![
            Act::Check,
            Act::Request,
            Act::HandIn,
            Act::Receive,
            Act::Competence,
            Act::Claim,
            Act::Release,
            Act::Note,
            Act::File,
            Act::SendBack,
            Act::Rate,
        ]),
    ];
    (act, 0..40_000i64, prop_oneof![Just(0i64), -300..60_000i64], any::<bool>())
        .prop_map(|(act, after, before, explained)| Entry { act, after, before, explained })
}

fn events(act: Act, dossier: &Dossier, by: &Officer, facts: &Facts<'_>) -> Result<Vec<Event>, Objection> {
    let one = |event: Result<Event, Objection>| event.map(|e| vec![e]);
    let id = Uuid::from_u128(40);
    let asked = [SupplementItem { paper: "chung-sinh".into(), reason: "Ảnh mờ".into(), ground: "Luật Hộ tịch".into() }];
    let brought = BTreeSet::from(["chung-sinh".to_owned()]);
    let agency = Agency { id, path: "/tinh/xa-khac/", kind: UnitKind::Commune, in_force: true };
    match act {
        Act::Check => one(decide::check_paper(dossier, "chung-sinh", Verdict::Good, &["chung-sinh"], &[], facts)),
        Act::Accept => {
            let verdicts = [("chung-sinh".to_owned(), Verdict::Good)];
            let check = check(facts.package, &verdicts);
            one(decide::accept(dossier, &check, facts).map(|done| done.numbered("H12.164-261123-0001".parse().unwrap())))
        }
        Act::Request => one(decide::request_supplement(dossier, asked.to_vec(), &["chung-sinh"], facts)),
        Act::HandIn => one(decide::supplement(dossier, &asked, &brought, facts)),
        Act::Receive => decide::receive_supplement(dossier, &asked, &brought, facts),
        Act::Competence => one(decide::determine_competence(dossier, &agency, "Đất ở xã khác", id, facts)),
        Act::Claim => decide::claim(dossier, by, facts).map(|event| event.into_iter().collect()),
        Act::Release => one(decide::release(dossier, by, "", id, facts)),
        Act::Note => one(decide::add_note(dossier, "Đã gọi điện", id, facts)),
        Act::File => one(decide::add_file(dossier, by, id, facts)),
        Act::PassOn => one(decide::pass_on(dossier, by, facts)),
        Act::SendBack => one(decide::send_back(dossier, by, "Sai tên", id, facts)),
        Act::Approve => one(decide::resolve(dossier, by, Outcome::Approved, "", None, facts)),
        Act::Issue => one(decide::issue(dossier, by, id, "", facts)),
        Act::Return => one(decide::return_result(dossier, ResultChannel::Desk, facts)),
        Act::Rate => one(decide::rate(dossier, 5, facts)),
    }
}

proptest! {
    #[test]
    fn acts_stay_in_the_order_of_their_facts(entries in proptest::collection::vec(entry(), 1..60)) {
        let world = world(package());
        let mut row = row(&world.package);
        let mut recorded_at = at("2026-11-23T07:00");
        let mut moved_at = row.last_at;
        for Entry { act, after, before, explained } in entries {
            recorded_at = recorded_at.plus(SignedDuration::from_secs(after));
            let happened_at = recorded_at.plus(SignedDuration::from_secs(-before));
            let facts = world.facts(When { happened_at, recorded_at, reason: explained.then(|| "Mất điện".to_owned()) });
            // another person decides than the one who prepares
            let who = if matches!(act, Act::Approve) { 11 } else { 10 };
            let by = officer(who, &[DeskOfficer, CaseOfficer, Leader, Clerk]);
            let Ok(done) = events(act, &row.dossier().unwrap(), &by, &facts) else { continue };
            for event in done {
                prop_assert!(event.happened_at() >= moved_at, "{event:?} lies before {moved_at:?}");
                prop_assert!(event.happened_at() <= recorded_at.max(moved_at), "{event:?} lies in the future");
                let gap = recorded_at.since(event.happened_at());
                prop_assert!(gap < SignedDuration::from_mins(16) || event.late_reason().is_some() || matches!(event, Event::Rated { .. }), "{event:?} is late and says nothing");
                if let Event::Issued { happened_at, on_time, .. } = &event {
                    prop_assert!(*on_time == (Some(*happened_at) <= row.due_at));
                    prop_assert!(Some(*happened_at) >= row.accepted_at);
                }
                row.apply(&event, Some((by.person, "Ai đó")), &world.route);
                if event.moves() {
                    moved_at = event.happened_at();
                }
                prop_assert!(row.last_at == moved_at);
            }
        }
    }
}
