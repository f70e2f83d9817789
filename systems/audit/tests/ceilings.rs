//! What an auditor opens asks the database a fixed number of things, however much there is to show.
use audit::{
    Error,
    service::{
        case,
        watch::{Drawing, draw_sample, see_sample},
        write::{Order, write_bill},
    },
};
use directory::Role;
use store::{By, Loaded, Read, Write};

use crate::{
    auditor::drawing,
    house::{Happens, id},
    office::Office,
};

testkit::both! {
    async fn a_dossiers_log_takes_four_statements_however_many_events_and_bills_there_are(place: testkit::Place) {
        let office = Office::on(place).await;
        let auditor = office.somebody("ktv", office.ward, Role::Auditor).await;
        let dossier = id(5001);
        let happens = async |version: i64| {
            let by = By::new(id(1), None, office.clock.now());
            let happened = async move |tx: &Write<'_>| {
                store::append(tx, &by, Loaded::at::<Happens>(dossier, version), &[Happens::Begun { note: id(2) }]).await
            };
            office.db.write(happened).await.unwrap();
            store::settle(&office.db, &office.clock, &[]).await.unwrap();
        };
        let bill = async || {
            write_bill(&office.db, &office.files, &Order::of_house(office.clock.now(), false)).await.unwrap();
            store::settle(&office.db, &office.clock, &[]).await.unwrap();
        };
        let opened = async || {
            let (cx, files) = (office.cx(auditor).await, office.forty.clone());
            let open = async move |tx: &Write<'_>| {
                let case = case::open(tx, &cx, &*files, dossier, "Kế hoạch 12").await?;
                Ok::<_, Error>(case::log(tx, &case, dossier).await?)
            };
            let (log, statements) = store::counting(async { office.db.write(open).await }).await;
            (log.unwrap().iter().map(|logged| logged.bill).collect::<Vec<_>>(), statements)
        };
        happens(0).await;
        bill().await;
        let (bills, one) = opened().await;
        assert_eq!(bills, [Some(1)]);
        for version in 1..4 {
            happens(version).await;
            bill().await;
        }
        happens(4).await;
        let (bills, many) = opened().await;
        assert_eq!(bills, [Some(1), Some(2), Some(3), Some(4), None], "the last waits for its bill");
        assert_eq!(many, one);
        assert!(one <= 4, "{one} statements, 4 are its ceiling");
    }

    async fn a_sample_takes_three_statements_with_one_dossier_and_with_forty(place: testkit::Place) {
        let office = Office::on(place).await;
        let auditor = office.somebody("ktv", office.ward, Role::Auditor).await;
        let seen = async |wanted: usize| {
            let (cx, files) = (office.cx(auditor).await, office.forty.clone());
            let of = Drawing { wanted, ..drawing(office.ward, "6 từ 45") };
            let draw = async move |tx: &Write<'_>| draw_sample(tx, &cx, &*files, &of).await;
            let id = office.db.write(draw).await.unwrap();
            let (cx, files) = (office.cx(auditor).await, office.forty.clone());
            let see = async move |tx: &Read<'_>| see_sample(tx, &cx, &*files, id).await;
            let (sample, statements) = store::counting(async { office.db.read(see).await }).await;
            (sample.unwrap().cases.iter().filter(|(_, case)| case.is_some()).count(), statements)
        };
        let ((one, with_one), (forty, with_forty)) = (seen(1).await, seen(40).await);
        assert_eq!((one, forty), (1, 40));
        assert_eq!(with_forty, with_one);
        assert!(with_one <= 3, "{with_one} statements, 3 are its ceiling");
    }
}
