//! Settling a term that the record left open.

use base::due::{Amount, TermUnit};
use catalogue::package::{Channel, Terms};
use catalogue::{Error, Objection, Settle};
use store::Write;
use testkit::Place;

use crate::town::{Town, editor, lines, record};

fn settle(term: &str, value: u32, unit: TermUnit) -> Settle {
    Settle {
        term: term.into(), value: Amount::whole(value), unit, same_day: false, basis: "Điều 16 Luật Hộ tịch".into()
    }
}

async fn open(place: Place) -> (Town, String) {
    let town = Town::on(place).await;
    town.import(0, lines(&[record("1.001193", "Thủ tục đăng ký khai sinh", Some(1), None)])).await.unwrap();
    let (_, p) = town.current("1.001193", 0).await.unwrap();
    assert!(matches!(p.terms_for(Channel::Direct, None), Terms::Open(_)), "an open row blocks acceptance");
    let term = p.terms[0].id.clone();
    (town, term)
}

async fn act(town: &Town, minutes: i64, s: Settle) -> Result<catalogue::VersionId, Error> {
    let cx = editor(minutes);
    town.write(async move |tx: &Write<'_>| catalogue::settle_term(tx, &cx, &"1.001193".parse().unwrap(), s.clone()).await).await
}

testkit::both! {
    async fn a_named_person_settles_it_with_its_basis(place: Place) {
        let (town, term) = open(place).await;
        act(&town, 1, settle(&term, 3, TermUnit::WorkingDay)).await.unwrap();
        let (_, p) = town.current("1.001193", 2).await.unwrap();
        let Terms::One(row) = p.terms_for(Channel::Direct, None) else { panic!() };
        assert_eq!(row.settled(), Some((Amount::whole(3), TermUnit::WorkingDay)));
        assert_eq!(row.id, term, "the receipt names the same row");
        assert_eq!(row.basis, "Điều 16 Luật Hộ tịch (Trần Thị Biên chốt ngày 23/11/2026)");
    }

    async fn it_can_be_settled_anew_but_a_row_of_the_record_cannot(place: Place) {
        let (town, term) = open(place).await;
        act(&town, 1, settle(&term, 3, TermUnit::WorkingDay)).await.unwrap();
        act(&town, 2, settle(&term, 5, TermUnit::CalendarDay)).await.unwrap();
        assert_eq!(town.current("1.001193", 3).await.unwrap().1.terms[0].settled(), Some((Amount::whole(5), TermUnit::CalendarDay)));
        town.import(4, lines(&[record("1.001193", "Thủ tục đăng ký khai sinh", Some(2), Some("Ngày"))])).await.unwrap();
        let row = town.current("1.001193", 5).await.unwrap().1.terms[0].id.clone();
        assert!(matches!(act(&town, 6, settle(&row, 9, TermUnit::Month)).await, Err(Error::Objection(Objection::TermNotOpen))));
        assert!(matches!(act(&town, 6, settle(&term, 9, TermUnit::Month)).await, Err(Error::Objection(Objection::NoSuchTerm))));
    }

    async fn impossible_terms_are_refused_beside_their_field(place: Place) {
        let (town, term) = open(place).await;
        let field = async |s: Settle| match act(&town, 1, s).await {
            Err(Error::Fault { field, .. }) => field,
            other => panic!("{other:?}"),
        };
        assert_eq!(field(settle(&term, 0, TermUnit::Month)).await, "value");
        assert_eq!(field(settle(&term, 4_000, TermUnit::Month)).await, "value");
        assert_eq!(field(Settle { basis: "  ".into(), ..settle(&term, 1, TermUnit::Month) }).await, "basis");
        assert_eq!(field(Settle { same_day: true, ..settle(&term, 2, TermUnit::WorkingDay) }).await, "same_day");
        assert!(town.current("1.001193", 2).await.unwrap().1.open_terms().next().is_some());
    }
}
