//! What stands on the pages: sentences in the reader's language, and tables that fit the screen.
use std::sync::Arc;

use audit::{
    Settings,
    jobs::{VerifyEvidence, hands},
    service::{
        stamp::{Authority, stamp_bill},
        write::{Order, write_bill},
    },
};
use directory::Role;
use jiff::SignedDuration;
use store::{By, Write};
use testkit::{Engine, tsa::Tsa};

use crate::{
    house::{id, noon},
    office::Office,
};

#[test]
fn a_vietnamese_page_says_in_vietnamese_why_a_stamp_is_missing_or_proves_nothing() {
    testkit::run(async {
        let office = Office::on(Engine::Sqlite.fresh().await).await;
        let tsa = Arc::new(Tsa::new());
        let settings = Settings { tsa: tsa.serve().await, roots: Some(tsa.path("root.pem")), ..Settings::default() };
        let at = office.serve(&settings).await;
        let auditor = office.enters(&at, "ktv", office.province, Role::Auditor).await;
        store::settle(&office.db, &office.clock, &[]).await.unwrap();
        let bill = write_bill(&office.db, &office.files, &Order::of_house(noon(), false)).await.unwrap();
        let stamp = async |by: &Settings| {
            let authority = Authority::of(by).unwrap().unwrap();
            stamp_bill(&office.db, &authority, &By::system(noon()), bill).await
        };
        let nobody = Settings { tsa: format!("http://127.0.0.1:{}/", testkit::free_port()), ..settings.clone() };
        stamp(&nobody).await.unwrap_err();
        for path in ["/kiem-tra", "/kiem-tra/bang-ke/1"] {
            let page = auditor.get(path).await.must(200).text;
            assert!(page.contains("Nơi cấp dấu thời gian chưa trả lời được."), "{path}");
            assert!(page.contains("<code class=\"small\" lang=\"en\">"), "{path}: the technical detail");
        }
        stamp(&settings).await.unwrap();
        // judged by the roots of somebody else
        let stranger = Tsa::new();
        let strange = Settings { roots: Some(stranger.path("root.pem")), ..settings };
        let order = async move |tx: &Write<'_>| store::enqueue(tx, &By::system(noon()), &VerifyEvidence { owner: id(1) }).await;
        office.db.write(order).await.unwrap();
        store::work_off(&office.db, &office.clock, &hands(&strange, &office.files).unwrap()).await.unwrap();
        let page = auditor.get("/kiem-tra/xac-minh").await.must(200).text;
        assert!(page.contains("Chứng thư của nơi cấp dấu thời gian không dẫn về chứng thư gốc đã đặt."));
        assert!(page.contains("<code class=\"small\" lang=\"en\">no chain to a trusted root"));
    });
}

#[test]
fn a_citizens_looks_stand_in_no_more_columns_than_a_telephone_holds() {
    testkit::run(async {
        let office = Office::on(Engine::Sqlite.fresh().await).await;
        let at = office.serve(&Settings::default()).await;
        let (citizen, account) = office.registers(&at).await;
        let officer = office.somebody("xem", office.ward, Role::CaseOfficer).await;
        office.looks(officer, account, 1).await;
        office.clock.advance(SignedDuration::from_secs(1));
        let page = citizen.get("/tai-khoan/luot-xem").await.must(200).text;
        let columns = page.matches("scope=\"col\"").count();
        assert!((1..4).contains(&columns), "a table of {columns} columns moves sideways on a telephone");
        let time = base::wording::date_time(noon(), base::Lang::Vi);
        for said in ["Người xem", "Phường An Xuyên", "Thụ lý hồ sơ", time.as_str(), "Khiếu nại"] {
            assert!(page.contains(said), "{said}");
        }
    });
}
