//! Dossiers kept before there was an index of words: a job, ordered by the migration, indexes them as acts index new ones.

use crate::town::{Town, morning};
use base::Clock;
use onestop::index::{IndexJob, Indexer};
use store::{By, Db, Job, JobView, Migration, Read, Write};
use testkit::Place;
use uuid::Uuid;

const FIRST: Uuid = Uuid::from_u128(1);
const SECOND: Uuid = Uuid::from_u128(2);

fn rooms(onestop: &'static [Migration]) -> [(&'static str, &'static [Migration]); 5] {
    [
        ("web", web::MIGRATIONS),
        ("directory", directory::MIGRATIONS),
        ("notices", notices::MIGRATIONS),
        ("catalogue", catalogue::MIGRATIONS),
        ("onestop", onestop),
    ]
}

/// Two dossiers of before the index, in a house that was brought up to date since.
async fn older_house(place: &Place) -> (Db, Place) {
    const BEFORE: &[Migration] = onestop::MIGRATIONS.split_at(5).0;
    let (db, place) = place.engine().migrated(&rooms(BEFORE)).await;
    db.write(async |tx: &Write<'_>| {
        let dossiers = [
            (FIRST, "N-AY4B-2PT8", None, "Trần Thị Thử", "099198000002", "Đăng ký khai sinh"),
            (SECOND, "N-AY4B-2PT9", Some("H12.164-261123-0001"), "H'Blim Niê", "096200000003", "Đăng ký khai tử"),
        ];
        for (id, filing, code, name, number, procedure) in dossiers {
            tx.run(
                store::sql!(
                    "INSERT INTO onestop_dossier (id, version, filing_code, code, state, procedure_code, procedure_version, procedure_name,
                     field, channel, desk, desk_path, desk_name, owner, applicant_name, applicant_id, result_channel, answers, submitted_at,
                     check_due_at, sort_due_at, search)
                     VALUES ($1, 1, $2, $3, 'submitted', '1.001193', $1, $6, '', 'online', $1, '/', '', $1, $4, $5, 'desk', '{}', 0, 0, 0, '')"
                ),
                &[&id, &filing, &code, &name, &number, &procedure],
            )
            .await?;
        }
        Ok::<_, store::Error>(())
    })
    .await
    .unwrap();
    store::migrate(&db, &rooms(onestop::MIGRATIONS)).await.unwrap();
    (db, place)
}

async fn ordered(db: &Db) -> Vec<JobView> {
    db.read(async |tx: &Read<'_>| store::jobs(tx, Some(IndexJob::NAME), None, 10).await).await.unwrap()
}

async fn order(db: &Db) {
    let by = By::system(morning());
    db.write(async move |tx: &Write<'_>| store::enqueue(tx, &by, &IndexJob {}).await).await.unwrap();
}

/// Does what is ordered; answers how many jobs that were.
async fn work_off(db: &Db) -> usize {
    store::work_off(db, &Clock::fixed(morning()), &[store::hand(Indexer)]).await.unwrap()
}

async fn found(db: &Db, query: &'static str) -> Vec<Uuid> {
    let look = async move |tx: &Read<'_>| {
        let is_found = store::search::found(tx, "dossier", query, sea_query::Expr::col("id"));
        let mut all = sea_query::Query::select();
        all.column("id").from("onestop_dossier").cond_where(is_found).order_by("id", sea_query::Order::Asc);
        tx.all_dyn(&all).await
    };
    db.read(look).await.unwrap()
}

/// The whole index: which thing is found by which words.
async fn index(db: &Db) -> Vec<(i64, Uuid, String)> {
    let look = async |tx: &Read<'_>| tx.all(store::sql!("SELECT doc, thing, words FROM store_search ORDER BY doc"), &[]).await;
    db.read(look).await.unwrap()
}

testkit::both! {
    async fn dossiers_of_an_older_house_are_found_once_the_job_is_done(place: Place) {
        let (db, _place) = older_house(&place).await;
        let waiting = ordered(&db).await;
        assert_eq!(waiting.iter().map(|j| (j.state.as_str(), j.title.clone())).collect::<Vec<_>>(), [("waiting", IndexJob {}.title())]);
        assert!(found(&db, "tran thi thu").await.is_empty(), "not before");
        assert_eq!(work_off(&db).await, 1);
        let done = ordered(&db).await;
        assert_eq!((done.len(), done[0].state.as_str(), done[0].done, done[0].total), (1, "done", 2, Some(2)), "{done:?}");
        for (query, ids) in [
            ("tran thi thu", vec![FIRST]),
            ("HBLIM NIE", vec![SECOND]),
            ("nay4b2pt8", vec![FIRST]),
            ("H121642611230001", vec![SECOND]),
            ("H12.164-261123-0001", vec![SECOND]),
            ("099198000002", vec![FIRST]),
            ("096200000003", vec![SECOND]),
            ("dang ky khai", vec![FIRST, SECOND]),
            ("nguyen", vec![]),
        ] {
            assert_eq!(found(&db, query).await, ids, "{query}");
        }
    }

    async fn indexing_twice_changes_nothing(place: Place) {
        let (db, _place) = older_house(&place).await;
        assert_eq!(work_off(&db).await, 1);
        let once = index(&db).await;
        assert_eq!(once.len(), 2);
        order(&db).await;
        assert_eq!(work_off(&db).await, 1);
        assert_eq!(index(&db).await, once);
    }

    async fn the_job_indexes_by_the_words_the_acts_index_by(place: Place) {
        let town = Town::on(place).await;
        town.accepted().await;
        let by_acts = index(&town.db).await;
        assert_eq!(by_acts.len(), 1);
        town.db.write(async |tx: &Write<'_>| tx.run(store::sql!("DELETE FROM store_search"), &[]).await).await.unwrap();
        order(&town.db).await;
        assert_eq!(work_off(&town.db).await, 1);
        assert_eq!(index(&town.db).await, by_acts);
    }

    async fn interrupted_indexing_goes_on_where_it_was(place: Place) {
        let (db, _place) = older_house(&place).await;
        db.write(async |tx: &Write<'_>| tx.run(store::sql!("UPDATE store_job SET done = 1"), &[]).await).await.unwrap();
        assert_eq!(work_off(&db).await, 1);
        assert_eq!(found(&db, "dang ky khai").await, [SECOND]);
        assert_eq!(ordered(&db).await[0].done, 2);
    }

    async fn a_house_without_dossiers_orders_no_indexing(place: Place) {
        let (db, _place) = place.engine().migrated(&rooms(onestop::MIGRATIONS)).await;
        assert!(ordered(&db).await.is_empty());
    }
}
