//! What was begun or filed by one version and goes on by another: drafts and receptions follow the version in force and say so, form 01
//! prints what changed (OS-36).

use crate::given::{at, package};
use crate::town::{CITIZEN, Town, file, morning, stored};
use base::due::Amount;
use catalogue::package::{Channel, Elsewhere, FeeRow, Package, PaperKind, PaperRow};
use catalogue::{Origin, VersionId};
use onestop::changes::Changes;
use onestop::counter::{Press, Typed, input};
use onestop::dossier::{Verdict, When};
use onestop::draft::fee_due;
use onestop::objection::Objection;
use onestop::printing;
use onestop::row::DossierRow;
use onestop::service::{self, Error, Whole};
use onestop::sql::papers::{Attachment, insert_attachment};
use paper::{Fee, Fees, Office};
use store::{By, Read, Write};
use testkit::Place;
use uuid::Uuid;

const HOUSE: printing::House<'_> = printing::House { address: "https://mot-cua.test", hotline: "1900 0000" };

/// The next version: three days instead of one, a fee, and one paper more.
fn later() -> Package {
    let mut later = package();
    later.terms[0].value = Some(Amount::whole(3));
    later.same_day = false;
    later.fees.push(fee("le-phi", "Lệ phí đăng ký", Some(8_000)));
    later.papers.push(PaperRow { id: "ket-hon".into(), name: "Giấy kết hôn".into(), ..later.papers[0].clone() });
    later
}

pub fn fee(id: &str, name: &str, amount: Option<i64>) -> FeeRow {
    FeeRow {
        id: id.into(),
        name: name.into(),
        channels: vec![],
        case: None,
        amount,
        per: String::new(),
        condition: String::new(),
        basis: String::new(),
        doubtful: false,
    }
}

impl Town {
    async fn published(&self, package: Package) -> VersionId {
        let by = By::system(at("2026-11-23T08:05"));
        let done = self.db.write(async move |tx: &Write<'_>| catalogue::publish(tx, &by, &package, Origin::Written).await).await;
        done.unwrap()
    }

    async fn seen(&self, id: Uuid) -> Whole {
        let cx = self.officer(self.people.desk, at("2026-11-23T08:10")).await;
        self.db.write(async move |tx: &Write<'_>| service::see(tx, &cx, id, Some("thử")).await).await.unwrap()
    }

    async fn found(&self, id: Uuid, paper: &'static str, verdict: Verdict) {
        let now = at("2026-11-23T08:10");
        let cx = self.officer(self.people.desk, now).await;
        let found = async move |tx: &Write<'_>| service::check_paper(tx, &cx, id, paper, verdict, When::now(now)).await;
        self.db.write(found).await.unwrap();
    }

    async fn accepted_now(&self, id: Uuid) -> Result<DossierRow, Error> {
        self.accept(self.people.desk, id, at("2026-11-23T08:10")).await
    }
}

testkit::both! {
    async fn form_01_prints_what_changed_since_filing_and_the_rows_the_fee_follows_from(place: Place) {
        let town = Town::on(place).await;
        let row = town.submitted().await;
        town.published(later()).await;
        let asked_later = Attachment {
            id: Uuid::from_u128(0xA7),
            dossier: Some(row.id),
            paper: Some("ket-hon".into()),
            ..file(&Town::citizen(CITIZEN, morning()), "ket-hon.pdf")
        };
        town.db.write(async move |tx: &Write<'_>| insert_attachment(tx, &asked_later).await).await.unwrap();
        for paper in ["chung-sinh", "ket-hon"] {
            town.found(row.id, paper, Verdict::Good).await;
        }
        let accepted = town.accepted_now(row.id).await.unwrap();
        assert_eq!((accepted.fee_due, accepted.fee_rows()), (Some(8_000), vec!["le-phi".to_owned()]));
        let form = printing::receipt(&town.seen(row.id).await, Office::default(), &HOUSE).unwrap();
        assert_eq!(form.changed.len(), 3, "{:?}", form.changed);
        assert!(form.changed[0].contains("3 ngày làm việc") && form.changed[0].contains("trong ngày làm việc"), "{:?}", form.changed);
        let fee = Fee { names: vec!["Lệ phí đăng ký".into()], amount: 8_000, paid: false };
        assert_eq!(form.fees, Fees::Known(vec![fee]));
        assert_eq!(form.papers.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(), ["Giấy chứng sinh", "Giấy kết hôn"]);
        // filed and accepted by the same version there is nothing to say
        let plain = town.draft(true).await;
        let cx = Town::citizen(CITIZEN, morning());
        town.db.write(async move |tx: &Write<'_>| service::attach(tx, &cx, plain, "ket-hon", &stored("kh.pdf", 4)).await).await.unwrap();
        let plain = town.submit(plain).await.unwrap();
        for paper in ["chung-sinh", "ket-hon"] {
            town.found(plain.id, paper, Verdict::Good).await;
        }
        town.accepted_now(plain.id).await.unwrap();
        assert!(printing::receipt(&town.seen(plain.id).await, Office::default(), &HOUSE).unwrap().changed.is_empty());
    }

    async fn whoever_filed_before_the_procedure_left_is_answered_by_what_they_filed_by(place: Place) {
        let town = Town::on(place).await;
        let row = town.submitted().await;
        town.check(town.people.desk, row.id, Verdict::Good).await.unwrap();
        let mut gone = package();
        gone.elsewhere = Some(Elsewhere { system: "Nơi khác".into(), advice: "Đến đó.".into(), address: String::new() });
        town.published(gone).await;
        assert_eq!(town.accepted_now(row.id).await.unwrap().procedure_version, row.procedure_version);
    }

    async fn a_draft_follows_the_version_in_force_and_says_so(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        let own = async || {
            let cx = Town::citizen(CITIZEN, at("2026-11-23T08:10"));
            town.db.read(async move |tx: &Read<'_>| service::own_draft(tx, &cx, draft).await).await.unwrap()
        };
        let begun = own().await;
        assert!(begun.changes().is_empty() && !begun.form_changed());
        let version = town.published(later()).await;
        let now = own().await;
        assert_eq!((now.version.id, now.begun.id), (version, begun.version.id));
        let told = now.changes();
        assert!(told.terms.is_some() && told.fee.is_some() && told.papers_more.len() == 1, "{told:?}");
        let submit = async |shown: Option<VersionId>| {
            let cx = Town::citizen(CITIZEN, at("2026-11-23T08:10"));
            town.db.write(async move |tx: &Write<'_>| service::submit(tx, &cx, draft, shown).await).await
        };
        // the last look was at the former version: seen first, then sent
        assert!(matches!(submit(Some(begun.version.id)).await, Err(Error::Objection(Objection::VersionChanged))));
        assert!(matches!(submit(Some(version)).await, Err(Error::PapersMissing(names)) if names == ["Giấy kết hôn"]));
        let cx = Town::citizen(CITIZEN, at("2026-11-23T08:10"));
        town.db.write(async move |tx: &Write<'_>| service::attach(tx, &cx, draft, "ket-hon", &stored("kh.pdf", 4)).await).await.unwrap();
        let row = submit(Some(version)).await.unwrap();
        assert_eq!((row.procedure_version, row.fee_due), (version.0, Some(8_000)));
        assert!(town.seen(row.id).await.changes.is_empty(), "filed by what was shown");
    }

    async fn a_reception_that_was_parked_is_received_by_the_version_in_force(place: Place) {
        let town = Town::on(place).await;
        let (desk, id) = (town.people.desk, Uuid::from_u128(0xE1));
        let keep = async |fields: &'static [(&'static str, &'static str)]| {
            let cx = town.officer(desk, at("2026-11-23T08:10")).await;
            town.db
                .write(async move |tx: &Write<'_>| {
                    let form = Typed::of(&fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>());
                    let at = service::own_desk(tx, &cx).await?;
                    service::keep_reception(tx, &cx, &at, id, &form, Press::Update).await?;
                    service::reception(tx, &cx, &at, id).await
                })
                .await
                .unwrap()
        };
        keep(&[(input::PROCEDURE, "1.001193")]).await;
        town.published(later()).await;
        let parked = {
            let cx = town.officer(desk, at("2026-11-23T08:10")).await;
            let look = async move |tx: &Read<'_>| {
                let at = service::own_desk(tx, &cx).await?;
                service::reception(tx, &cx, &at, id).await
            };
            town.db.read(look).await.unwrap()
        };
        assert!(!parked.changes().is_empty(), "the officer is told");
        keep(&[
            (input::NAME, "Lê Thị Ví Dụ"), (input::SEX, "female"), (input::PROCEDURE, "1.001193"), (input::ANSWERS_OF, "1.001193"),
            ("giay.chung-sinh", "du"), ("giay.ket-hon", "du"), (input::RESULT, "desk"), (input::FEE_TAKEN, "co"),
        ]).await;
        let cx = town.officer(desk, at("2026-11-23T08:10")).await;
        let row = town
            .db
            .write(async move |tx: &Write<'_>| {
                let at = service::own_desk(tx, &cx).await?;
                service::receive(tx, &cx, &at, id).await
            })
            .await
            .unwrap();
        assert_eq!((row.due_at, row.fee_due), (Some(at("2026-11-27T17:00")), Some(8_000)));
        assert_eq!(row.applicant_sex.as_deref(), Some("female"));
    }
}

#[test]
fn only_what_concerns_this_filing_is_a_change() {
    let mut other = package();
    other.fees.push(FeeRow { channels: vec![Channel::Direct], ..fee("tai-quay", "Lệ phí", Some(5_000)) });
    let online = Changes::between(&package(), &other, Channel::Online, None);
    assert!(online.is_empty(), "{online:?}");
    let direct = Changes::between(&package(), &other, Channel::Direct, None);
    let due = |p: &Package| fee_due(p, Channel::Direct, None);
    assert_eq!(direct.fee, Some((due(&package()), due(&other))));
    // a row under another id with the same amount is the same fee
    let mut renamed = other.clone();
    renamed.fees[0].id = "quay".into();
    assert!(Changes::between(&other, &renamed, Channel::Direct, None).is_empty());
    assert_eq!(fee_due(&renamed, Channel::Direct, None).rows, ["quay"]);
    let mut note = package();
    note.papers.push(PaperRow { id: "chu-y".into(), kind: PaperKind::Note, ..note.papers[0].clone() });
    assert!(Changes::between(&package(), &note, Channel::Post, None).is_empty(), "a remark is no paper");
}
