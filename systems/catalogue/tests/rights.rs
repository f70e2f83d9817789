//! Who may: editors of the catalogue and administrators; nobody else, whatever the act.

use base::due::{Amount, TermUnit};
use catalogue::import::{ImportError, Order};
use catalogue::{Error, NewListing, ReceivedAt, Settle};
use directory::Role;
use store::Write;
use testkit::Place;

use crate::town::{Town, lines, person, record};

fn denied<T: std::fmt::Debug>(done: &Result<T, Error>) -> bool {
    matches!(done, Err(Error::Denied(_)))
}

testkit::both! {
    async fn editors_and_administrators_and_nobody_else(place: Place) {
        let town = Town::on(place).await;
        town.import(0, lines(&[record("1.001193", "Thủ tục đăng ký khai sinh", Some(1), None)])).await.unwrap();
        let (_, package) = town.current("1.001193", 0).await.unwrap();
        let term = package.terms[0].id.clone();
        for (m, role) in Role::ALL.into_iter().enumerate() {
            let may = matches!(role, Role::CatalogueEditor | Role::Administrator);
            let cx = person(role, m as i64 + 1);
            let code = package.code.clone();

            let (c, k, t) = (cx.clone(), code.clone(), term.clone());
            let settle = Settle { term: t, value: Amount::whole(1), unit: TermUnit::WorkingDay, same_day: false, basis: "Điều 16 Luật Hộ tịch".into() };
            let done = town.write(async move |tx: &Write<'_>| catalogue::settle_term(tx, &c, &k, settle.clone()).await).await;
            assert_eq!(!denied(&done), may, "{role}: {done:?}");

            let (c, k) = (cx.clone(), code.clone());
            let row = NewListing { received_at: ReceivedAt::All, decision: "1/QĐ-UBND".into(), from: None, to: None };
            let done = town.write(async move |tx: &Write<'_>| catalogue::put_listing(tx, &c, &k, &row).await).await;
            assert_eq!(!denied(&done), may, "{role}: {done:?}");

            let (c, k) = (cx.clone(), code.clone());
            let done = town.write(async move |tx: &Write<'_>| catalogue::take_off_list(tx, &c, &k, "1/QĐ-UBND").await).await;
            assert_eq!(!denied(&done), may, "{role}: {done:?}");

            let (c, p) = (cx.clone(), package.clone());
            let done = town.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &c, &p).await).await;
            assert_eq!(!denied(&done), may, "{role}: {done:?}");

            let order = Order { id: cx.by.id("import", 0), job: None, file: "x".into() };
            let done = town.import_as(&cx, &order, lines(&[]).into(), |_| true).await;
            assert_eq!(!matches!(done, Err(ImportError::Catalogue(Error::Denied(_)))), may, "{role}: {done:?}");
        }
    }
}
