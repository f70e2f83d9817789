//! A filing stands under the version in force when it is accepted; what that changed against the one filed for is shown: OS-36.

use crate::front::Front;
use crate::given::{at, package};
use crate::town::{Town, morning};
use base::due::{Amount, TermUnit};
use catalogue::package::{Channel, Package, PaperKind};
use catalogue::{Origin, Settle};
use directory::Cx;
use http::Method;
use onestop::changes::Changes;
use onestop::dossier::{Verdict, When};
use onestop::objection::Objection;
use onestop::row::DossierRow;
use onestop::service::{self, Error};
use store::{By, Write};
use testkit::Place;
use uuid::Uuid;

/// The term has no unit: nobody settled it yet.
fn open() -> Package {
    let mut package = package();
    package.same_day = false;
    (package.terms[0].value, package.terms[0].unit) = (Some(Amount::whole(3)), None);
    package
}

/// Three days instead of the same day, a fee, one paper more and one less.
fn newer() -> Package {
    let mut package = package();
    package.same_day = false;
    package.terms[0].value = Some(Amount::whole(3));
    package.fees = vec![toml::from_str("id = \"phi\"\nname = \"Lệ phí\"\namount = 8000").unwrap()];
    (package.papers[0].id, package.papers[0].name) = ("ket-hon".into(), "Giấy chứng nhận kết hôn".into());
    package.papers[0].kind = PaperKind::Present;
    package
}

async fn publish(town: &Town, package: Package) {
    town.db
        .write(async move |tx: &Write<'_>| {
            catalogue::publish(tx, &By::system(at("2026-11-23T08:05")), &package, Origin::Written).await
        })
        .await
        .unwrap();
}

async fn accept(town: &Town, id: Uuid, shown: Option<Uuid>) -> Result<DossierRow, Error> {
    let now = at("2026-11-23T08:10");
    let cx = town.officer(town.people.desk, now).await;
    let shown = shown.map(catalogue::VersionId);
    town.db.write(async move |tx: &Write<'_>| service::accept(tx, &cx, id, None, shown, When::now(now)).await).await
}

#[test]
fn what_changed_is_told_by_term_fee_and_papers() {
    let changes = Changes::between(&package(), &newer(), Channel::Online, None);
    let (before, now) = changes.terms.as_ref().unwrap();
    assert_eq!((before[0].value, now[0].value), (Some(Amount::whole(1)), Some(Amount::whole(3))));
    let (before, now) = changes.fee.as_ref().unwrap();
    assert_eq!((before.amount, now.amount), (Some(0), Some(8_000)));
    let ids = |papers: &[catalogue::package::PaperRow]| papers.iter().map(|p| p.id.clone()).collect::<Vec<_>>();
    assert_eq!((ids(&changes.papers_more), ids(&changes.papers_less)), (vec!["ket-hon".into()], vec!["chung-sinh".into()]));
    assert!(Changes::between(&package(), &package(), Channel::Online, None).is_empty());
    let mut longer = package();
    longer.terms[0].same_day = Some(false);
    assert!(
        Changes::between(&package(), &longer, Channel::Online, None).terms.is_some(),
        "one working day, no longer within the day"
    );
    let mut reworded = package();
    (reworded.summary, reworded.terms[0].basis) = ("Nói rõ hơn".into(), "Điều 16".into());
    assert!(
        Changes::between(&package(), &reworded, Channel::Online, None).is_empty(),
        "words around it are no change of the filing"
    );
}

testkit::both! {
    async fn a_filing_sent_while_the_term_was_open_is_accepted_once_it_is_settled(place: Place) {
        let town = Town::with(place, open()).await;
        let id = town.submitted().await.id;
        town.check(town.people.desk, id, Verdict::Good).await.unwrap();
        let before = accept(&town, id, None).await;
        assert!(matches!(before, Err(Error::Objection(Objection::TermNotSettled))), "{before:?}");
        let settle = Settle {
            term: "ngay".into(),
            value: Amount::whole(3),
            unit: TermUnit::WorkingDay,
            same_day: false,
            basis: "Điều 16 Luật Hộ tịch".into(),
        };
        let code = package().code;
        town.db
            .write(async move |tx: &Write<'_>| {
                catalogue::settle_term(tx, &Cx::machine(at("2026-11-23T08:05")), &code, settle.clone()).await
            })
            .await
            .unwrap();
        let row = accept(&town, id, None).await.unwrap();
        // the 24th is a holiday: Wednesday, Thursday, Friday
        assert_eq!((row.state.as_str(), row.due_at), ("in_progress", Some(at("2026-11-27T17:00"))));
        assert_ne!(row.filed_version(), catalogue::VersionId(row.procedure_version), "both versions stay known");
    }

    async fn terms_fee_and_papers_of_the_version_in_force_are_shown_checked_and_frozen(place: Place) {
        let front = Front::on(place, package()).await;
        let (town, filed) = (&front.town, front.town.submitted().await);
        let id = filed.id;
        let desk = front.officer(town.people.desk).await;
        let page = front.get(&desk, &format!("/can-bo/ho-so/{id}")).await.must(200).text;
        assert!(!page.contains("Thủ tục đã đổi từ khi nộp"));
        publish(town, newer()).await;
        let page = front.get(&desk, &format!("/can-bo/ho-so/{id}")).await.must(200).text;
        for told in ["Thủ tục đã đổi từ khi nộp", "Giấy chứng nhận kết hôn", "Giấy chứng sinh", "8.000", "3 ngày làm việc"] {
            assert!(page.contains(told), "{told}");
        }
        let unchecked = accept(town, id, None).await;
        assert!(matches!(unchecked, Err(Error::Objection(Objection::PapersUnchecked { papers })) if papers == ["Giấy chứng nhận kết hôn"]));
        let to = format!("/api/v1/dossiers/{id}/papers");
        front.call(&desk, Method::POST, &to, r#"{"paper":"ket-hon","verdict":"good"}"#).await.must(204);
        let stale = accept(town, id, Some(filed.procedure_version)).await;
        assert!(matches!(stale, Err(Error::Objection(Objection::VersionChanged))), "what was not looked at is not accepted: {stale:?}");
        let row = accept(town, id, None).await.unwrap();
        assert_eq!((row.due_at, row.fee_due), (Some(at("2026-11-27T17:00")), Some(8_000)));

        let api = front.call(&desk, Method::GET, &format!("/api/v1/dossiers/{id}"), "").await.must(200).text;
        let view: serde_json::Value = serde_json::from_str(&api).unwrap();
        assert_eq!((&view["changed"]["terms"], &view["changed"]["papers_more"][0]), (&true.into(), &"ket-hon".into()));
        assert_eq!(view["version"], row.procedure_version.to_string());
        // a later version touches nothing any more
        publish(town, package()).await;
        let again = town.db.read(async move |tx: &store::Read<'_>| onestop::sql::dossiers::by_id(tx, id).await).await.unwrap().unwrap();
        assert_eq!(again.procedure_version, row.procedure_version);
        let page = front.get(&desk, &format!("/can-bo/ho-so/{id}")).await.must(200).text;
        assert!(page.contains("Hồ sơ được tiếp nhận theo phiên bản có hiệu lực lúc đó."), "it stays in sight");
    }

    async fn what_was_paid_stays_paid(place: Place) {
        let town = Town::on(place).await;
        let id = town.submitted().await.id;
        town.db
            .write(async move |tx: &Write<'_>| {
                tx.run(store::sql!("UPDATE onestop_dossier SET fee_due = 5000, fee_paid_at = $2 WHERE id = $1"), &[&id, &morning()]).await
            })
            .await
            .unwrap();
        publish(&town, newer()).await;
        for paper in ["ket-hon", "chung-sinh"] {
            let cx = town.officer(town.people.desk, morning()).await;
            town.db
                .write(async move |tx: &Write<'_>| {
                    service::check_paper(tx, &cx, id, paper, Verdict::Good, When::now(morning())).await
                })
                .await
                .unwrap();
        }
        assert_eq!(accept(&town, id, None).await.unwrap().fee_due, Some(5_000));
    }
}
