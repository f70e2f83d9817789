//! Imports: idempotent, joined from two sources, never above what people wrote.

use std::time::Instant;

use base::due::Amount;
use catalogue::import::Summary;
use catalogue::package::Package;
use catalogue::{Origin, Settle};
use store::{Read, Write};
use testkit::Place;

use crate::town::{Town, at, editor, lines, record};

fn birth() -> serde_json::Value {
    record("1.001193", "Thủ tục đăng ký khai sinh", Some(1), None)
}

fn death() -> serde_json::Value {
    record("1.000656", "Thủ tục đăng ký khai tử", Some(3), Some("Ngày làm việc"))
}

fn listing(code: &str) -> serde_json::Value {
    serde_json::json!({ "code": format!("{code}.000.00.00.H12"), "base_code": code, "name": "Tên của tỉnh", "decision_number": "1242/QĐ-UBND",
        "agency_level": ["Cấp tỉnh", "Cấp xã"], "publishing_agency": "UBND tỉnh Cà Mau", "field": "Hộ tịch", "forms": [] })
}

testkit::both! {
    async fn the_same_file_again_changes_nothing(place: Place) {
        let town = Town::on(place).await;
        let first = town.import(0, lines(&[birth(), death()])).await.unwrap();
        assert_eq!(first.summary, Summary { read: 2, new: 2, ..Summary::default() });
        let before = town.current("1.001193", 0).await.unwrap();
        let again = town.import(1, lines(&[birth(), death()])).await.unwrap();
        assert_eq!(again.summary, Summary { read: 2, unchanged: 2, ..Summary::default() });
        assert_eq!(town.current("1.001193", 1).await.unwrap(), before);
        assert_eq!(town.count("staged").await, 0);
    }

    async fn a_changed_record_makes_a_new_version_and_the_old_one_stays_readable(place: Place) {
        let town = Town::on(place).await;
        town.import(0, lines(&[birth(), death()])).await.unwrap();
        let (old, _) = town.current("1.000656", 0).await.unwrap();
        let report = town.import(1, lines(&[birth(), record("1.000656", "Thủ tục đăng ký khai tử", Some(2), Some("Ngày làm việc"))])).await.unwrap();
        assert_eq!(report.summary, Summary { read: 2, changed: 1, unchanged: 1, ..Summary::default() });
        let (new, package) = town.current("1.000656", 1).await.unwrap();
        assert_ne!(old, new);
        assert_eq!(package.terms[0].value, Some(Amount::whole(2)));
        let frozen = town.read(async move |tx: &Read<'_>| catalogue::frozen(tx, old).await).await;
        assert_eq!(frozen.package.terms[0].value, Some(Amount::whole(3)));
    }

    async fn the_two_sources_are_joined_in_either_order(place: Place) {
        let town = Town::on(place).await;
        town.import(0, lines(&[birth()])).await.unwrap();
        let report = town.import(1, lines(&[listing("1.001193"), listing("1.000656")])).await.unwrap();
        assert_eq!(report.summary, Summary { read: 2, new: 1, changed: 1, ..Summary::default() });
        town.import(2, lines(&[death()])).await.unwrap();
        for code in ["1.001193", "1.000656"] {
            let (_, p) = town.current(code, 3).await.unwrap();
            assert_eq!((p.decision.number.as_str(), p.decision.central.as_str()), ("1242/QĐ-UBND", "163/QĐ-BTP"), "{code}");
            assert_eq!(p.local_code, format!("{code}.000.00.00.H12"));
            assert!(p.name.starts_with("Thủ tục đăng ký"), "the national record has the name");
        }
        // both files again: nothing to do
        for file in [lines(&[birth(), death()]), lines(&[listing("1.001193"), listing("1.000656")])] {
            let report = town.import(4, file).await.unwrap();
            assert_eq!(report.summary, Summary { read: 2, unchanged: 2, ..Summary::default() });
        }
        // and both in one file
        let both = town.import(5, lines(&[birth(), listing("1.001193")])).await.unwrap();
        assert_eq!(both.summary.read, 2);
        assert_eq!(town.current("1.001193", 6).await.unwrap().1.decision.number, "1242/QĐ-UBND");
        assert_eq!(town.import(7, lines(&[listing("1.001193")])).await.unwrap().summary.unchanged, 1);
    }

    async fn an_import_never_supersedes_what_people_wrote(place: Place) {
        let town = Town::on(place).await;
        let written: Package = catalogue::package::read(&crate::data().join("procedures/1.001193")).unwrap();
        let package = written.clone();
        let cx = editor(0);
        town.write(async move |tx: &Write<'_>| catalogue::publish_written(tx, &cx, &package).await).await.unwrap();
        let report = town.import(1, lines(&[birth()])).await.unwrap();
        assert_eq!(report.summary.new, 1);
        assert_eq!(town.current("1.001193", 2).await.unwrap().1, written);
        let changed = record("1.001193", "Tên khác", Some(9), Some("Ngày"));
        town.import(3, lines(&[changed])).await.unwrap();
        assert_eq!(town.current("1.001193", 4).await.unwrap().1, written);
    }

    async fn what_a_person_settled_is_put_in_again(place: Place) {
        let town = Town::on(place).await;
        town.import(0, lines(&[birth()])).await.unwrap();
        let (_, package) = town.current("1.001193", 0).await.unwrap();
        let settle = Settle { term: package.terms[0].id.clone(), value: Amount::whole(1), unit: base::due::TermUnit::WorkingDay, same_day: true, basis: "Điều 16 Luật Hộ tịch".into() };
        let (cx, code) = (editor(1), package.code.clone());
        town.write(async move |tx: &Write<'_>| catalogue::settle_term(tx, &cx, &code, settle.clone()).await).await.unwrap();
        let again = town.import(2, lines(&[birth()])).await.unwrap();
        assert_eq!(again.summary.unchanged, 1, "a settled term is no change of the record");
        // the record changes elsewhere: the settled row stays settled
        let mut other = birth();
        other["steps"] = serde_json::json!(["Nộp hồ sơ ở trung tâm"]);
        town.import(3, lines(&[other])).await.unwrap();
        let (_, p) = town.current("1.001193", 4).await.unwrap();
        assert_eq!(p.guidance, ["Nộp hồ sơ ở trung tâm"]);
        assert_eq!((p.open_terms().count(), p.allowance(&p.terms[0])), (0, Some(base::due::Term::SameDay)));
        // the record now says it itself: the settlement is dropped, and said
        let report = town.import(5, lines(&[record("1.001193", "Thủ tục đăng ký khai sinh", Some(2), Some("Ngày làm việc"))])).await.unwrap();
        assert_eq!(report.warnings.get(&catalogue::record::Warning::TermSettlementDropped), Some(&1));
        assert_eq!(town.current("1.001193", 6).await.unwrap().1.terms[0].value, Some(Amount::whole(2)));
    }

    /// The figures of the closing note: both real files, on this engine.
    async fn the_real_catalogues_come_in_whole(place: Place) {
        let (Some(national), Some(provincial)) =
            (testkit::shared("data/procedures/procedures.jsonl"), testkit::shared("data/procedures/ca_mau_catalogue_2025-08.jsonl")) else { return };
        let town = Town::on(place).await;
        let files = [std::fs::read(national).unwrap(), std::fs::read(provincial).unwrap()];
        let wanted = [
            Summary { read: 1_760, new: 1_760, ..Summary::default() },
            Summary { read: 283, new: 151, changed: 132, ..Summary::default() },
        ];
        for (file, wanted) in files.iter().zip(wanted) {
            let start = Instant::now();
            let report = town.import(0, file.clone()).await.unwrap();
            println!("{:?}: {:?} in {:?}, warnings {:?}", town.db.kind(), report.summary, start.elapsed(), report.warnings);
            assert_eq!(report.summary, wanted);
        }
        for file in &files {
            let report = town.import(1, file.clone()).await.unwrap();
            assert_eq!(report.summary.unchanged, report.summary.read);
        }
        let day = at(2).local().date();
        let figures = town.read(async move |tx: &Read<'_>| catalogue::figures(tx, day).await).await;
        println!("{figures:?}");
        assert_eq!(figures.all, 1_911);
        let finder = catalogue::Finder::new();
        let start = Instant::now();
        let index = finder.index(&town.db, at(2)).await.unwrap();
        println!("index of {} in {:?}", index.len(), start.elapsed());
        assert_eq!(index.len(), 1_911);
    }

    async fn the_index_notices_every_change(place: Place) {
        let town = Town::on(place).await;
        let finder = catalogue::Finder::new();
        let count = async |m| finder.index(&town.db, at(m)).await.unwrap().len();
        assert_eq!(count(0).await, 0);
        town.import(0, lines(&[birth()])).await.unwrap();
        assert_eq!(count(1).await, 1);
        let package = catalogue::package::read(&crate::data().join("procedures/1.000656")).unwrap();
        town.write(async move |tx: &Write<'_>| catalogue::publish(tx, &editor(2).by, &package, Origin::Written).await).await.unwrap();
        assert_eq!(count(3).await, 2);
    }
}
