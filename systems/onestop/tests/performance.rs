//! The figures of the front page: counted from dossiers, never flattering, the same on both engines.

use crate::given::at;
use crate::town::Town;
use base::Moment;
use catalogue::performance::{Lately, Performance};
use onestop::performance::{Counted, count};
use std::time::Duration;
use store::{Read, Write};
use testkit::Place;

async fn counted(town: &Town, now: Moment) -> Lately {
    town.db.read(async move |tx: &Read<'_>| count(tx, now).await).await.unwrap()
}

testkit::both! {
    async fn nothing_is_counted_where_nothing_happened(place: Place) {
        let town = Town::on(place).await;
        let lately = counted(&town, at("2026-11-23T08:00")).await;
        assert_eq!((lately.done, lately.in_time, lately.filed, lately.supplemented), (0, 0, 0, 0));
        assert!(lately.overdue.is_empty() && lately.half_within.is_none() && lately.most_within.is_none());
    }

    async fn a_dossier_counts_as_overdue_from_its_due_time_and_as_late_once_it_is_done(place: Place) {
        let town = Town::on(place).await;
        let row = town.accepted().await;
        let due = row.due_at.unwrap();
        assert!(counted(&town, due).await.overdue.is_empty(), "not yet");
        let late = counted(&town, due.plus(jiff::SignedDuration::from_mins(1))).await;
        assert_eq!(late.overdue, [(row.field.clone(), 1)]);
        assert_eq!((late.done, late.filed), (0, 1));

        let (id, issued) = (row.id, row.accepted_at.unwrap().plus(jiff::SignedDuration::from_hours(36)));
        town.db
            .write(async move |tx: &Write<'_>| {
                let done = store::sql!("UPDATE onestop_dossier SET state = 'issued', issued_at = $2, on_time = FALSE WHERE id = $1");
                tx.run(done, &[&id, &issued]).await
            })
            .await
            .unwrap();
        let after = counted(&town, at("2026-11-26T08:00")).await;
        assert!(after.overdue.is_empty());
        assert_eq!((after.done, after.in_time), (1, 0), "done, and late");
        assert_eq!(after.half_within, Some(Duration::from_secs(36 * 3600)));
        assert_eq!(after.most_within, after.half_within);
        let month_on = counted(&town, at("2026-12-30T08:00")).await;
        assert_eq!((month_on.done, month_on.done_before, month_on.half_within), (0, 1, None), "and then it is of the days before");
    }

    async fn the_figures_stand_for_five_minutes(place: Place) {
        let town = Town::on(place).await;
        let kept = Counted::default();
        let first = kept.lately(&town.db, at("2026-11-23T08:00")).await.unwrap();
        assert_eq!(first.filed, 0);
        town.submitted().await;
        assert_eq!(kept.lately(&town.db, at("2026-11-23T08:04")).await.unwrap(), first);
        assert_eq!(kept.lately(&town.db, at("2026-11-23T08:06")).await.unwrap().filed, 1);
    }
}
