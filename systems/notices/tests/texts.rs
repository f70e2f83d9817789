//! Administrators write the texts of messages; what they write is checked and used from then on.
use base::Clock;
use directory::{Cx, NewPerson, NewPost, NewUnit, Role, UnitKind, add_person, add_post, add_unit, hash_password, set_password};
use notices::tell;
use store::{By, Db, Read, Write};
use testkit::http::Visitor;

use crate::delivery::{database, notice};
use crate::served::PASSWORD;

/// A root unit and a commune, each with an administrator, behind a port.
async fn serve(db: &Db) -> (Visitor, Visitor, tempfile::TempDir) {
    let clock = Clock::system();
    let cx = Cx::machine(clock.now());
    let hashed = hash_password(PASSWORD, &[], &cx.by.seed).await.unwrap();
    db.write(async move |tx: &Write<'_>| {
        let now = cx.by.now;
        let root = add_unit(tx, &cx, &NewUnit::new("H12".parse().unwrap(), "Tỉnh", UnitKind::Province, None, now)).await?;
        let commune =
            add_unit(tx, &cx, &NewUnit::new("H12.101".parse().unwrap(), "Xã", UnitKind::Commune, Some(root), now)).await?;
        for (login, unit) in [("tinh", root), ("xa.mau", commune)] {
            let new = NewPerson { name: "Quản Trị Mẫu".into(), login: login.into(), email: None, phone: None, unit };
            let person = add_person(tx, &cx, &new).await?;
            let (title, roles, clearance) = ("Quản trị".to_owned(), vec![Role::Administrator], Default::default());
            add_post(tx, &cx, &NewPost { person, unit, title, roles, clearance, home: None, from: now, to: None }).await?;
            set_password(tx, &cx, person, &hashed, true).await?;
        }
        Ok::<_, directory::Error>(())
    })
    .await
    .unwrap();
    let (base, folder) = crate::served::house(db, clock).await;
    (sign_in(&base, "tinh").await, sign_in(&base, "xa.mau").await, folder)
}

async fn sign_in(base: &str, login: &str) -> Visitor {
    let browser = Visitor::of(base);
    let form = browser.get("/can-bo/dang-nhap").await.must(200);
    let page = browser.post(&form, "/can-bo/dang-nhap", &[("ten", login), ("mat-khau", PASSWORD), ("next", "/can-bo/toi")]).await;
    assert_eq!(page.must(200).path, "/can-bo/toi");
    browser
}

testkit::both! {
    async fn a_text_of_the_province_is_checked_and_used_from_then_on(place: testkit::Place) {
        let (db, _place) = database(&place).await;
        let (admin, commune, _folder) = serve(&db).await;
        let here = "/quan-tri/tin-nhan/mau/test.accepted";
        let page = admin.get(here).await.must(200);
        assert!(page.text.contains("{code}") && page.text.contains("Hồ sơ H12.201-261123-0001 đã được tiếp nhận"), "fields and a preview");
        let wrong = [("lang", "vi"), ("tieu_de", "Hồ sơ {ma}"), ("noi_dung", "x"), ("viec", "")];
        let faulty = admin.post(&page, here, &wrong).await.must(422);
        assert!(faulty.text.contains("Mẫu này không có trường {ma}") && faulty.text.contains("Hồ sơ {ma}"), "what was typed is kept");
        let right = [("lang", "vi"), ("tieu_de", "Tin vui: {code}"), ("noi_dung", "Kính gửi {name}"), ("viec", "")];
        admin.post(&faulty, here, &right).await.must(200);
        let by = By::system(Clock::system().now());
        db.write(async move |tx: &Write<'_>| tell(tx, &by, &notice(Some("sa.ruol@example.test"))).await).await.unwrap();
        let subject: String = db.read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT subject FROM notices_message"), &[]).await).await.unwrap();
        assert_eq!(subject, "Tin vui: H12.201-261123-0007");
        let list = admin.get("/quan-tri/tin-nhan").await.must(200);
        assert!(list.text.contains("s•••@example.test") && !list.text.contains("sa.ruol@"), "the list does not give addresses away");
        assert!(!list.text.contains("Tin vui"), "nor what was said to whom");
        let page = admin.get(here).await.must(200);
        admin.post(&page, here, &[("lang", "vi"), ("tieu_de", ""), ("noi_dung", ""), ("viec", "bo")]).await.must(200);
        assert!(admin.get(here).await.must(200).text.contains("Hồ sơ {code} đã được tiếp nhận"));
        // what belongs to the whole house is not for the administrator of a commune
        for path in ["/quan-tri/tin-nhan", "/quan-tri/tin-nhan/mau", here] {
            commune.get(path).await.must(403);
        }
        admin.get("/quan-tri/tin-nhan/mau/khong.co").await.must(404);
    }
}
