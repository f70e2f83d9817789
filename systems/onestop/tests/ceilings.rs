//! List pages and the dossier ask the database a fixed number of things, session and rights included, however much there is to show.

use crate::counter::received;
use crate::front::{Front, Person};
use crate::given::{at, package};
use crate::town::{CITIZEN, Town, morning};
use jiff::SignedDuration;
use onestop::dossier::{Outcome, ResultChannel, SupplementItem, When};
use onestop::service::{self, Error};
use store::Write;
use testkit::Place;
use uuid::Uuid;
use web::Realm;

impl Front {
    /// How many statements a page takes, the second time it is asked for.
    async fn statements(&self, who: &Person, path: &str) -> u64 {
        self.get(who, path).await.must(200);
        let (answer, n) = store::counting(self.get(who, path)).await;
        answer.must(200);
        println!("{path}: {n} statements");
        n
    }

    async fn at_most(&self, ceiling: u64, who: &Person, path: &str) {
        let n = self.statements(who, path).await;
        assert!(n <= ceiling, "{path} takes {n} statements, {ceiling} are its ceiling");
    }
}

/// A dossier with everything a dossier can have: form 02 and its answer, notes, a decision, a result, a rating.
async fn laden(town: &Town) -> Uuid {
    let (p, id) = (town.people, town.submitted().await.id);
    let (desk, early, case, leader, clerk) = tokio::join!(
        town.officer(p.desk, at("2026-11-23T08:05")),
        town.officer(p.case, at("2026-11-23T08:55")),
        town.officer(p.case, at("2026-11-23T09:00")),
        town.officer(p.leader, at("2026-11-23T10:00")),
        town.officer(p.clerk, at("2026-11-23T10:30")),
    );
    let asked = async move |tx: &Write<'_>| {
        let item = SupplementItem {
            paper: "chung-sinh".into(), reason: "Ảnh mờ".into(), ground: "Luật Hộ tịch, Điều 16".into()
        };
        service::request_supplement(tx, &desk, id, vec![item], When::now(desk.by.now)).await?;
        let mother = Town::citizen(CITIZEN, at("2026-11-23T08:06"));
        let file = crate::town::stored("ro.pdf", 4);
        service::hand_in(tx, &mother, id, &[("chung-sinh".to_owned(), file)]).await.map(drop)
    };
    town.db.write(asked).await.unwrap();
    let check = async |now| {
        let cx = town.officer(p.desk, now).await;
        let checked = async move |tx: &Write<'_>| {
            service::check_paper(tx, &cx, id, "chung-sinh", onestop::dossier::Verdict::Good, When::now(now)).await
        };
        town.db.write(checked).await.unwrap();
    };
    check(at("2026-11-23T08:08")).await;
    town.accept(p.desk, id, at("2026-11-23T08:10")).await.unwrap();
    let noted = async move |tx: &Write<'_>| {
        let case = &early;
        service::claim(tx, case, id, When::now(case.by.now)).await?;
        service::add_note(tx, case, id, When::now(case.by.now), "Đã gọi cho người nộp").await.map(drop)
    };
    town.db.write(noted).await.unwrap();
    let worked = async move |tx: &Write<'_>| {
        service::pass_on(tx, &case, id, When::now(case.by.now), "Đủ điều kiện").await?;
        service::resolve(tx, &leader, id, When::now(leader.by.now), Outcome::Rejected, "Không đủ").await?;
        let file = crate::town::file(&clerk, "ket-qua.pdf");
        service::issue(tx, &clerk, id, When::now(clerk.by.now), file, "1/TB").await.map(drop)
    };
    town.db.write(worked).await.unwrap();
    let cx = town.officer(p.desk, at("2026-11-23T14:00")).await;
    let returned = async move |tx: &Write<'_>| {
        service::return_result(tx, &cx, id, ResultChannel::Desk, When::now(cx.by.now)).await?;
        service::rate(tx, &Town::citizen(CITIZEN, at("2026-11-23T15:00")), id, 4, "Nhanh").await.map(drop)
    };
    town.db.write(returned).await.unwrap();
    id
}

testkit::both! {
    async fn the_inbox_takes_six_statements_however_many_dossiers_there_are(place: Place) {
        let front = Front::on(place, package()).await;
        let p = front.town.people;
        let (desk, leader) = (front.officer(p.desk).await, front.officer(p.leader).await);
        for who in [&desk, &leader] {
            front.at_most(6, who, "/can-bo").await;
        }
        for n in 0..7 {
            received(&front.town, Uuid::from_u128(0xE00 + n), morning()).await;
        }
        for (who, path) in [(&desk, "/can-bo?hang=tat-ca"), (&leader, "/can-bo"), (&leader, "/can-bo?hang=tat-ca&q=le+thi&kenh=direct&xep=-ma")] {
            front.at_most(6, who, path).await;
        }
    }

    async fn a_dossier_takes_twelve_statements_whatever_happened_to_it(place: Place) {
        let front = Front::on(place, package()).await;
        let p = front.town.people;
        let (fresh, accepted, done) = (front.town.submitted().await.id, front.town.accepted().await.id, laden(&front.town).await);
        for person in [p.desk, p.case, p.leader] {
            let who = front.officer(person).await;
            for id in [fresh, accepted, done] {
                front.at_most(12, &who, &format!("/can-bo/ho-so/{id}")).await;
            }
        }
    }

    async fn the_leaders_queue_takes_as_many_statements_with_one_dossier_as_with_many(place: Place) {
        let front = Front::on(place, package()).await;
        let (p, leader) = (front.town.people, front.officer(front.town.people.leader).await);
        let prepared = async |n: u128| {
            let id = received(&front.town, Uuid::from_u128(0xE00 + n), morning()).await.id;
            let now = at("2026-11-23T09:00");
            let cx = front.town.officer(p.case, now).await;
            let passed = async move |tx: &Write<'_>| {
                service::claim(tx, &cx, id, When::now(now)).await?;
                service::pass_on(tx, &cx, id, When::now(now), "Đủ").await.map(drop)
            };
            let done: Result<(), Error> = front.town.db.write(passed).await;
            done.unwrap();
        };
        prepared(1).await;
        let one = front.statements(&leader, "/can-bo/duyet").await;
        for n in 2..7 {
            prepared(n).await;
        }
        assert_eq!(front.statements(&leader, "/can-bo/duyet").await, one);
        assert!(one <= 13, "{one} statements, 13 are its ceiling");
    }

    async fn a_citizens_drafts_and_dossiers_take_five_statements(place: Place) {
        let front = Front::on(place, package()).await;
        front.town.submitted().await;
        let mother = front.enter(Realm::Citizen, front.citizen("me").await.subject, None).await;
        front.at_most(5, &mother, "/ho-so-cua-toi").await;
        for _ in 0..6 {
            front.draft(&mother, "1.001193").await;
        }
        front.at_most(5, &mother, "/ho-so-cua-toi").await;
        front.at_most(7, &mother, "/nop/1.001193").await;
    }

    async fn the_counter_takes_as_many_statements_with_nobody_waiting_as_with_many(place: Place) {
        let front = Front::on(place, package()).await;
        let desk = front.officer(front.town.people.desk).await;
        let open = async || {
            let page = front.get(&desk, "/can-bo/tai-quay").await.must(200).text;
            // beside the form itself there is one to take up each that waits
            let mut forms = page.split("action=\"/can-bo/tai-quay/").skip(1).filter_map(|rest| rest.split('"').next());
            forms.find(|id| !id.contains('/')).unwrap().to_owned()
        };
        let park = async |id: &str| {
            let form = [("viec", "giu-cho"), ("ho-ten", "Danh Sô Phát"), ("thu-tuc", "1.001193")];
            front.post(&desk, &format!("/can-bo/tai-quay/{id}"), &form).await.must(303);
        };
        park(&open().await).await;
        let one = front.statements(&desk, "/can-bo/tai-quay").await;
        for _ in 0..5 {
            front.clock.advance(SignedDuration::from_secs(1));
            park(&open().await).await;
        }
        assert_eq!(front.statements(&desk, "/can-bo/tai-quay").await, one);
        assert!(one <= 12, "{one} statements, 12 are its ceiling");
    }
}
