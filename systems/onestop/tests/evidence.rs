//! What an auditor gets of a dossier: everything it holds now, and the dossier as it was when it was filed.

use crate::given::{at, package, row};
use crate::town::{CITIZEN, Town, morning};
use crate::version_followed::fee;
use audit::files::{Content, Files};
use onestop::evidence::{Dossiers, as_filed};
use onestop::service;
use serde_json::json;
use store::{Read, Write};
use testkit::Place;

testkit::both! {
    async fn the_complete_file_says_the_persons_sex_and_the_fee_with_its_rows(place: Place) {
        let mut charged = package();
        charged.fees.push(fee("le-phi", "Lệ phí đăng ký", Some(8_000)));
        let town = Town::with(place, charged).await;
        let draft = town.draft(true).await;
        let cx = Town::citizen(CITIZEN, morning());
        town.db
            .write(async move |tx: &Write<'_>| {
                let mut filling = service::own_draft(tx, &cx, draft).await?;
                filling.data.applicant.sex = "female".into();
                service::save_draft(tx, &cx, &filling).await
            })
            .await
            .unwrap();
        let id = town.submit(draft).await.unwrap().id;
        let parts = town.db.read(async move |tx: &Read<'_>| Dossiers.complete(tx, id).await).await.unwrap();
        let Some((_, Content::Bytes(text))) = parts.iter().find(|(name, _)| name == "ho-so.json") else { panic!("{parts:?}") };
        let told: serde_json::Value = serde_json::from_slice(text).unwrap();
        assert_eq!(told["applicant"]["sex"], "female");
        assert_eq!(told["fee"], json!({ "amount": 8_000, "note": null, "rows": ["le-phi"], "paid_at": null }));
    }
}

#[test]
fn a_dossier_as_filed_has_no_fee_that_came_later() {
    let mut accepted = row(&package());
    accepted.fee_due = Some(8_000);
    accepted.fee_note = Some("Miễn cho trẻ em".into());
    accepted.fee_rows = Some(r#"["le-phi"]"#.into());
    accepted.fee_paid_at = Some(at("2026-11-23T08:10"));
    let filed = as_filed(accepted);
    assert_eq!((filed.fee_due, filed.fee_note, filed.fee_rows, filed.fee_paid_at), (None, None, None, None));
}
