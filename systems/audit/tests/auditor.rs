//! What an auditor may: read, draw, open with a reason, within the own unit and for a time; and not act.
use audit::{
    Error,
    decide::draw,
    objection::Objection,
    service::{
        case,
        watch::{Drawing, draw_sample},
        write::{Order, write_bill},
    },
};
use directory::{PersonId, Role, UnitId, who_looked_at_thing};
use jiff::SignedDuration;
use store::{Read, Write};
use testkit::http::Visitor;
use uuid::Uuid;

use crate::{
    house::{Happens, id, noon},
    office::Office,
};

pub fn drawing(unit: UnitId, seed: &str) -> Drawing {
    let (since, until) = (noon().plus(SignedDuration::from_hours(-1)), noon().plus(SignedDuration::from_hours(1)));
    Drawing { unit, since, until, seed: seed.into(), wanted: 10 }
}

testkit::both! {
    async fn a_sample_is_drawn_within_the_auditors_unit_and_again_the_same(place: testkit::Place) {
        let office = Office::on(place).await;
        let auditor = office.somebody("ktv", office.ward, Role::Auditor).await;
        let draws = async |who: PersonId, of: Drawing| {
            let (cx, files) = (office.cx(who).await, office.forty.clone());
            office.db.write(async move |tx: &Write<'_>| draw_sample(tx, &cx, &*files, &of).await).await
        };
        let first = draws(auditor, drawing(office.ward, "6 từ 45")).await.unwrap();
        let second = draws(auditor, drawing(office.ward, "6 từ 45")).await.unwrap();
        let drawn = async |id: Uuid| -> (String, i64) {
            office.db.read(async move |tx: &Read<'_>| tx.one(store::sql!("SELECT drawn, population FROM audit_sample WHERE id = $1"), &[&id]).await).await.unwrap()
        };
        let (one, population) = drawn(first).await;
        assert_eq!((one.split(' ').count(), population), (10, 40));
        assert_eq!(one, drawn(second).await.0);
        let all: Vec<Uuid> = (0..40).map(|n| id(5000 + n)).collect();
        let expected: Vec<String> = draw("6 từ 45", &all, 10).iter().map(Uuid::to_string).collect();
        assert_eq!(one, expected.join(" "), "anybody draws the same");
        assert!(matches!(draws(auditor, drawing(office.other, "x")).await, Err(Error::Denied(_))), "another unit");
        for (login, role) in [("truong", Role::Leader), ("qt", Role::Administrator), ("tl", Role::CaseOfficer)] {
            let who = office.somebody(login, office.ward, role).await;
            assert!(matches!(draws(who, drawing(office.ward, "x")).await, Err(Error::Denied(_))), "{login}");
        }
        let empty = Drawing { until: noon(), since: noon().plus(SignedDuration::from_hours(-1)), ..drawing(office.ward, "x") };
        assert!(matches!(draws(auditor, empty).await, Err(Error::Objection(Objection::NothingToDraw))));
    }

    async fn a_dossier_is_opened_with_a_reason_that_is_kept_and_only_by_an_auditor_of_its_unit_while_the_post_lasts(place: testkit::Place) {
        let office = Office::on(place).await;
        let auditor = office.somebody("ktv", office.ward, Role::Auditor).await;
        let dossier = id(5003);
        let opens = async |who: PersonId| {
            let (cx, files) = (office.cx(who).await, office.forty.clone());
            office.db.write(async move |tx: &Write<'_>| case::open(tx, &cx, &*files, dossier, "Kế hoạch 12").await.map(drop)).await
        };
        opens(auditor).await.unwrap();
        let looks = office.db.read(async move |tx: &Read<'_>| who_looked_at_thing(tx, dossier, 10).await).await.unwrap();
        assert_eq!((looks.len(), looks[0].purpose.as_str(), looks[0].act.as_str()), (1, "Kế hoạch 12", "audit.case.read"));
        for (login, unit, role) in [
            ("ktv.khac", office.other, Role::Auditor),
            ("truong", office.ward, Role::Leader),
            ("tl", office.ward, Role::CaseOfficer),
            ("qt", office.province, Role::Administrator),
        ] {
            let who = office.somebody(login, unit, role).await;
            assert!(matches!(opens(who).await, Err(Error::Denied(d)) if d.hidden), "{login}");
        }
        let whole = office.somebody("ktv.tinh", office.province, Role::Auditor).await;
        opens(whole).await.unwrap();
        // an auditor's post ends by itself
        let cx = directory::Cx::machine(office.clock.now());
        let post = office.cx(auditor).await.who.acting.unwrap();
        let ends = office.clock.now().plus(SignedDuration::from_secs(1));
        office.db.write(async move |tx: &Write<'_>| directory::end_post(tx, &cx, post, ends, "Hết đợt").await).await.unwrap();
        office.clock.advance(SignedDuration::from_hours(1));
        assert!(matches!(opens(auditor).await, Err(Error::Denied(_))));
    }

    async fn the_complete_file_holds_everything_with_proofs_that_hold(place: testkit::Place) {
        let office = Office::on(place).await;
        let auditor = office.somebody("ktv", office.ward, Role::Auditor).await;
        let dossier = id(5001);
        let by = store::By::new(id(1), None, office.clock.now());
        office.db.write(async move |tx: &Write<'_>| {
            let events = [Happens::Begun { note: id(2) }, Happens::Ended { note: id(3) }];
            store::append(tx, &by, store::Loaded::new::<Happens>(dossier), &events).await
        }).await.unwrap();
        store::settle(&office.db, &office.clock, &[]).await.unwrap();
        write_bill(&office.db, &office.files, &Order::of_house(office.clock.now(), false)).await.unwrap();
        let cx = office.cx(auditor).await;
        let (code, bytes) =
            case::archive(&office.db, &office.files, &cx, office.forty.clone(), dossier, "Kế hoạch 12".into()).await.unwrap();
        assert_eq!(code, "H12.1-0001");
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut read = |name: &str| {
            let mut bytes = vec![];
            std::io::Read::read_to_end(&mut zip.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}")), &mut bytes).unwrap();
            bytes
        };
        assert_eq!(read("ho-so.json"), b"{}");
        let bill = audit::bill::Bill::read(std::str::from_utf8(&read("bang-ke/bill-000001.json")).unwrap()).unwrap();
        let events = store::proven_events;
        let events = office.db.read(async move |tx: &Read<'_>| events(tx, dossier).await).await.unwrap();
        for event in events {
            let preimage = read(&format!("su-kien/event-{}.bin", event.pos));
            let payload = read(&format!("su-kien/event-{}.payload", event.pos));
            assert!(preimage.ends_with(&audit::Sum::of(&payload).0), "the seal covers salt and payload");
            let proof = String::from_utf8(read(&format!("bang-chung/event-{}.txt", event.pos))).unwrap();
            let lines: Vec<&str> = proof.lines().collect();
            let leaf: audit::bill::EventLeaf = lines[1].strip_prefix("line ").unwrap().parse().unwrap();
            assert_eq!(leaf.hash, audit::Sum::of(&preimage));
            let number = |line: &str, word: &str| line.strip_prefix(word).unwrap().parse::<u64>().unwrap();
            let (at, of) = (number(lines[2], "number "), number(lines[3], "of "));
            let beside: Vec<audit::Sum> = lines[5..].iter().filter(|l| !l.is_empty()).map(|l| l.parse().unwrap()).collect();
            let hash = audit::merkle::leaf(lines[1].strip_prefix("line ").unwrap().as_bytes());
            assert!(audit::merkle::proves(bill.events.root, hash, at, of, &beside));
        }
        assert!(String::from_utf8(read("luot-xem.txt")).unwrap().lines().count() == 1, "the auditor's own look");
    }
}

/// Who may come through which door of this room: the answer is written once for each role.
#[test]
fn each_role_opens_its_own_pages_and_no_other() {
    testkit::run(async {
        let office = Office::on(testkit::Engine::Sqlite.fresh().await).await;
        let base = office.serve(&Default::default()).await;
        let people = [
            ("ktv", office.province, Role::Auditor),
            ("truong", office.ward, Role::Leader),
            ("quan.tri", office.province, Role::Administrator),
            ("thu.ly", office.ward, Role::CaseOfficer),
        ];
        let mut browsers = vec![];
        for (login, unit, role) in people {
            browsers.push(office.enters(&base, login, unit, role).await);
        }
        let dossier = format!("/kiem-tra/ho-so/{}?ly-do=Thanh+tra", id(5002));
        // page, then who opens it: auditor, head, administrator, case officer
        let expected: [(&str, [u16; 4]); 9] = [
            ("/kiem-tra", [200, 403, 200, 403]),
            ("/kiem-tra/xac-minh", [200, 403, 200, 403]),
            ("/kiem-tra/tu-kiem", [200, 403, 200, 403]),
            ("/kiem-tra/luot-xem", [200, 403, 403, 403]),
            ("/kiem-tra/canh-bao", [200, 200, 403, 403]),
            ("/kiem-tra/khieu-nai", [200, 200, 404, 404]),
            ("/kiem-tra/mau", [200, 403, 403, 403]),
            ("/kiem-tra/ho-so", [200, 404, 404, 404]),
            (&dossier, [200, 404, 404, 404]),
        ];
        for (n, ((login, ..), browser)) in people.iter().zip(&browsers).enumerate() {
            for (page, answers) in &expected {
                assert_eq!(browser.get(page).await.status.as_u16(), answers[n], "{login} {page}");
            }
            // nobody but the administrator of the whole house has a bill written
            let page = browser.get("/can-bo/toi").await.must(200);
            let written = browser.post(&page, "/kiem-tra/bang-ke", &[]).await.status.as_u16();
            assert_eq!(written, if *login == "quan.tri" { 200 } else { 403 }, "{login}");
        }
        // what is asked without a reason is not shown, and leaves no look
        let browser = &browsers[0];
        let looks = async || -> i64 {
            office.db.read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT count(*) FROM reads"), &[]).await).await.unwrap()
        };
        let before = looks().await;
        assert!(browser.get(&format!("/kiem-tra/ho-so/{}", id(5002))).await.must(200).text.contains("Lý do kiểm tra"));
        browser.get("/kiem-tra/luot-xem?can-bo=tran").await.must(422);
        assert_eq!(looks().await, before);
        browser.get("/kiem-tra/luot-xem?can-bo=tran&ly-do=Thanh+tra").await.must(200);
        assert_eq!(looks().await, before + 1, "the search is a look itself");
        let asked = browser.get("/kiem-tra/ho-so?ma=H12.1-0007&ly-do=Thanh+tra").await.must(200);
        assert!(asked.path.contains(&id(5007).to_string()) && asked.text.contains("H12.1-0007"), "{}", asked.path);
        browser.get("/kiem-tra/ho-so?ma=H12.1-9999&ly-do=Thanh+tra").await.must(422);
        let then = browser.get(&format!("{dossier}&ngay=01/01/2020")).await.must(200);
        assert!(then.text.contains("Ngày đó chưa có hồ sơ này"));
        // a citizen sees every look at what is theirs, and complains on the page
        let (citizen, account) = office.registers(&base).await;
        let here = "/tai-khoan/luot-xem";
        assert!(citizen.get(here).await.must(200).text.contains("Chưa có ai xem dữ liệu của bạn"));
        let officer = office.somebody("xem", office.ward, Role::CaseOfficer).await;
        office.looks(officer, account, 1).await;
        office.clock.advance(jiff::SignedDuration::from_secs(1));
        let mine = citizen.get(here).await.must(200);
        assert!(mine.text.contains("Người xem"), "the officer's name stands there");
        let look = mine.text.split("href=\"/tai-khoan/luot-xem/").nth(1).unwrap().split('"').next().unwrap();
        let form = citizen.get(&format!("{here}/{look}")).await.must(200);
        citizen.post(&form, &format!("{here}/{look}"), &[("noi-dung", " ")]).await.must(422);
        let sent = citizen.post(&form, &format!("{here}/{look}"), &[("noi-dung", "Tôi không nộp hồ sơ nào")]).await.must(200);
        assert!(sent.text.contains("Chờ trả lời") && sent.text.contains("Tôi không nộp hồ sơ nào"));
        office.looks(officer, account, 60).await;
        office.clock.advance(jiff::SignedDuration::from_secs(1));
        let mine = citizen.get(here).await.must(200);
        assert_eq!(mine.text.matches("href=\"/tai-khoan/luot-xem/").count(), 50, "a page full");
        assert!(mine.text.contains("/tai-khoan/luot-xem?truoc="), "and the earlier ones");
        assert!(Visitor::of(&base).get(here).await.path.starts_with("/dang-nhap"), "nobody else's page");
    });
}
