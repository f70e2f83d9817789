//! The leader's queue: nearest due first, opened ones marked, nobody decides on their own work; and who may not.

use crate::given::at;
use crate::town::{Town, morning};
use directory::PersonId;
use onestop::dossier::{Outcome, When};
use onestop::objection::Objection;
use onestop::row::DossierRow;
use onestop::service::{self, Decision, DecisionQueue, Error};
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

impl Town {
    /// A dossier that waits for the leader, prepared by `by`.
    async fn proposed(&self, by: PersonId, minute: &str) -> DossierRow {
        let id = crate::counter::received(self, base::Seed([1; 32]).uuid(minute, 0), at(minute)).await.id;
        let now = at("2026-11-23T09:00");
        let cx = self.officer(by, now).await;
        self.db
            .write(async move |tx: &Write<'_>| service::pass_on(tx, &cx, id, When::now(now), "Đủ điều kiện").await)
            .await
            .unwrap()
    }

    async fn queue(&self, of: PersonId, asked: Option<Uuid>) -> DecisionQueue {
        let cx = self.officer(of, at("2026-11-23T10:00")).await;
        self.db.write(async move |tx: &Write<'_>| service::open_decisions(tx, &cx, asked).await).await.unwrap()
    }

    async fn decide(&self, by: PersonId, id: Uuid, decision: Decision, reason: &'static str) -> Result<DossierRow, Error> {
        let now = at("2026-11-23T10:05");
        let cx = self.officer(by, now).await;
        self.db.write(async move |tx: &Write<'_>| service::decide(tx, &cx, id, decision, reason, When::now(now)).await).await
    }

    async fn counted(&self, of: PersonId) -> u64 {
        let cx = self.officer(of, morning()).await;
        self.db.read(async move |tx: &Read<'_>| service::decisions_waiting(tx, &cx).await).await.unwrap()
    }
}

testkit::both! {
    async fn the_nearest_due_is_in_front_and_what_was_opened_is_marked(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        // accepted after the cut-off hour, so due after the holiday
        let later = town.proposed(p.case, "2026-11-20T15:30").await;
        let sooner = town.proposed(p.case, "2026-11-20T14:00").await;
        assert!(sooner.due_at < later.due_at);
        let queue = town.queue(p.leader, None).await;
        assert_eq!(queue.rows.iter().map(|r| r.id).collect::<Vec<_>>(), [sooner.id, later.id]);
        assert_eq!(queue.whole.unwrap().row.id, sooner.id);
        assert!(queue.opened.contains(&sooner.id) && !queue.opened.contains(&later.id));
        let queue = town.queue(p.leader, Some(later.id)).await;
        assert_eq!(queue.whole.unwrap().row.id, later.id);
        assert_eq!(queue.opened.len(), 2, "what was opened before stays marked");
        assert_eq!(town.queue(p.both, Some(later.id)).await.opened.len(), 1, "each leader opens for themselves");
    }

    async fn a_decision_takes_it_out_of_the_queue_and_the_next_opens(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let first = town.proposed(p.case, "2026-11-20T14:00").await;
        let second = town.proposed(p.case, "2026-11-20T15:30").await;
        assert_eq!(town.counted(p.leader).await, 2);
        let row = town.decide(p.leader, first.id, Decision::Approve, "").await.unwrap();
        assert_eq!(row.outcome.as_deref(), Some(Outcome::Approved.as_str()));
        let queue = town.queue(p.leader, Some(first.id)).await;
        assert_eq!((queue.rows.len(), queue.whole.unwrap().row.id), (1, second.id));
        let twice = town.decide(p.leader, first.id, Decision::Approve, "").await;
        assert!(matches!(twice, Err(Error::Objection(Objection::OtherStep))), "a decision is made once");
        assert_eq!(town.counted(p.leader).await, 1);
    }

    async fn returning_and_rejecting_need_a_reason(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let row = town.proposed(p.case, "2026-11-20T14:00").await;
        for decision in [Decision::SendBack, Decision::Reject] {
            let silent = town.decide(p.leader, row.id, decision, "  ").await;
            assert!(matches!(silent, Err(Error::Objection(Objection::ReasonNeeded))), "{decision:?}");
        }
        let back = town.decide(p.leader, row.id, Decision::SendBack, "Sai họ tên mẹ").await.unwrap();
        assert_eq!((back.step, back.outcome), (Some(0), None));
        assert!(town.queue(p.leader, None).await.rows.is_empty());
    }

    async fn ones_own_work_is_shown_and_not_approved(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let row = town.proposed(p.both, "2026-11-20T14:00").await;
        let queue = town.queue(p.both, None).await;
        assert_eq!((queue.rows.len(), queue.rows[0].authors().collect::<Vec<_>>()), (1, vec![p.both.0]));
        for decision in [Decision::Approve, Decision::Reject] {
            let own = town.decide(p.both, row.id, decision, "Không đủ điều kiện").await;
            assert!(matches!(own, Err(Error::Objection(Objection::OwnWork))), "{decision:?}");
        }
        assert!(town.decide(p.leader, row.id, Decision::Approve, "").await.is_ok());
    }

    async fn only_leaders_of_the_unit_have_a_queue_and_decide(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let row = town.proposed(p.case, "2026-11-20T14:00").await;
        for other in [p.desk, p.case, p.clerk, p.other_leader] {
            assert!(town.queue(other, Some(row.id)).await.whole.is_none());
            assert_eq!(town.counted(other).await, 0);
            let tried = town.decide(other, row.id, Decision::Approve, "").await;
            assert!(matches!(tried, Err(Error::Denied(denied)) if denied.hidden));
        }
    }
}
