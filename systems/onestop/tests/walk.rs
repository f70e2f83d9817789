//! One dossier from the citizen's draft to the rating, on both engines; and who may not do what on the way.

use crate::given::at;
use crate::town::{CITIZEN, STRANGER, Town, file, morning, stored};
use directory::Cx;
use onestop::dossier::{Outcome, ResultChannel, SupplementItem, Verdict, When};
use onestop::events::Event;
use onestop::objection::Objection;
use onestop::row::DossierRow;
use onestop::service::{self, Error};
use onestop::sql::dossiers::{Asked, Queue};
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

type Result = std::result::Result<DossierRow, Error>;

async fn pass_on(town: &Town, by: directory::PersonId, id: Uuid) -> Result {
    let now = at("2026-11-23T09:00");
    let cx = town.officer(by, now).await;
    town.db
        .write(async move |tx: &Write<'_>| {
            service::claim(tx, &cx, id, When::now(now)).await?;
            service::pass_on(tx, &cx, id, When::now(now), "Đủ điều kiện").await
        })
        .await
}

async fn resolve(town: &Town, by: directory::PersonId, id: Uuid, outcome: Outcome, reason: &'static str) -> Result {
    let now = at("2026-11-23T10:00");
    let cx = town.officer(by, now).await;
    town.db.write(async move |tx: &Write<'_>| service::resolve(tx, &cx, id, When::now(now), outcome, reason).await).await
}

async fn issue(town: &Town, by: directory::PersonId, id: Uuid) -> Result {
    let now = at("2026-11-23T10:30");
    let cx = town.officer(by, now).await;
    town.db
        .write(async move |tx: &Write<'_>| {
            service::issue(tx, &cx, id, When::now(now), file(&cx, "ket-qua.pdf"), "12/TB-UBND").await
        })
        .await
}

async fn hand_over(town: &Town, by: directory::PersonId, id: Uuid) -> Result {
    let now = at("2026-11-23T14:00");
    let cx = town.officer(by, now).await;
    town.db
        .write(async move |tx: &Write<'_>| service::return_result(tx, &cx, id, ResultChannel::Desk, When::now(now)).await)
        .await
}

async fn rate(town: &Town, by: Uuid, id: Uuid) -> Result {
    rate_saying(town, by, id, "Nhanh".to_owned()).await
}

async fn rate_saying(town: &Town, by: Uuid, id: Uuid, comment: String) -> Result {
    let cx = Town::citizen(by, at("2026-11-23T15:00"));
    town.db.write(async move |tx: &Write<'_>| service::rate(tx, &cx, id, 4, &comment).await).await
}

fn hidden(result: Result) -> bool {
    matches!(result, Err(Error::Denied(denied)) if denied.hidden)
}

testkit::both! {
    async fn a_birth_is_filed_and_its_result_comes_back(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let row = town.accepted().await;
        assert_eq!(row.code.as_deref(), Some("H12.164-261123-0001"));
        assert_eq!(row.due_at, Some(at("2026-11-23T17:00")));
        let row = pass_on(&town, p.case, row.id).await.unwrap();
        assert_eq!(row.step_name.as_deref(), Some("Phê duyệt"));
        let row = resolve(&town, p.leader, row.id, Outcome::Approved, "").await.unwrap();
        let row = issue(&town, p.clerk, row.id).await.unwrap();
        assert_eq!((row.state.as_str(), row.on_time, row.result_number.as_deref()), ("issued", Some(true), Some("12/TB-UBND")));
        let row = hand_over(&town, p.desk, row.id).await.unwrap();
        assert_eq!(row.state, "returned");
        let too_long = rate_saying(&town, CITIZEN, row.id, "a".repeat(onestop::decide::MOST_LETTERS + 1)).await;
        assert!(matches!(too_long, Err(Error::Faults(faults)) if faults[0].field == "comment"), "words were cut off");
        assert!(rate(&town, CITIZEN, row.id).await.unwrap().rated);
        assert!(matches!(rate(&town, CITIZEN, row.id).await, Err(Error::Objection(Objection::AlreadyRated))));

        let id = row.id;
        let (events, letters) = town
            .db
            .read(async move |tx: &Read<'_>| {
                let events = store::events::<Event>(tx, id).await?;
                let letters: Vec<String> =
                    tx.all(store::sql!("SELECT template FROM notices_message WHERE about = $1 ORDER BY created_at"), &[&id]).await?;
                Ok::<_, store::Error>((events, letters))
            })
            .await
            .unwrap();
        let kinds: Vec<&str> = events.iter().map(|e| store::Event::kind(&e.event)).collect();
        let all = ["submitted", "paper_checked", "accepted", "claimed", "passed_on", "decided", "issued", "returned", "rated"];
        assert_eq!(kinds, all);
        assert_eq!(letters, ["onestop.submitted", "onestop.accepted", "onestop.issued", "onestop.returned"]);
    }

    async fn a_desk_with_hours_of_its_own_promises_within_them(place: Place) {
        let town = Town::on(place).await;
        let desk = town.desk;
        let hours = "07:00-11:00 13:00-16:00".parse().unwrap();
        town.db
            .write(async move |tx: &Write<'_>| {
                let own = directory::HoursFrom { from: jiff::civil::date(2026, 11, 20), hours: Some(hours), ground: "Thông báo 1".into() };
                directory::set_hours(tx, &Cx::machine(at("2026-11-20T09:00")), desk, &own).await
            })
            .await
            .unwrap();
        assert_eq!(town.accepted().await.due_at, Some(at("2026-11-23T16:00")));
    }

    async fn officers_see_who_did_what_and_form_01_names_only_what_was_received(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let row = town.accepted().await;
        pass_on(&town, p.case, row.id).await.unwrap();
        let cx = town.officer(p.leader, morning()).await;
        let id = row.id;
        let whole = town.db.write(async move |tx: &Write<'_>| onestop::service::see(tx, &cx, id, Some("duyệt")).await).await.unwrap();
        let by = |kind: &str| {
            let event = whole.happened.iter().find(|h| store::Event::kind(&h.event) == kind).unwrap();
            whole.officers.get(&event.by).map(String::as_str)
        };
        assert_eq!(by("accepted"), Some("Lê Thị Thí Điểm"));
        assert_eq!(by("passed_on"), Some("Phan Văn Minh Họa"));
        assert_eq!(by("submitted"), None, "a citizen is no officer");
        let house = onestop::printing::House { address: "https://mot-cua.test", hotline: "1900 0000" };
        let mut whole = whole;
        let shown = onestop::sql::papers::PaperState {
            paper: "tuy-than".into(),
            name: "Giấy tờ tùy thân".into(),
            kind: "present".into(),
            by_form: false,
            verdict: Some("good".into()),
            ..whole.papers[0].clone()
        };
        whole.papers.push(shown);
        let form = onestop::printing::receipt(&whole, paper::Office::default(), &house).unwrap();
        let names: Vec<&str> = form.papers.iter().map(|p| p.name.as_str()).collect();
        assert!(names.contains(&"Giấy chứng sinh") && !names.contains(&"Giấy tờ tùy thân"), "{names:?}");
    }

    async fn the_same_draft_sent_twice_is_one_dossier(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        let (once, twice) = tokio::join!(town.submit(draft), town.submit(draft));
        assert_eq!(once.unwrap().filing_code, twice.unwrap().filing_code);
        let n: i64 = town
            .db
            .read(async move |tx: &Read<'_>| tx.one(store::sql!("SELECT COUNT(*) FROM onestop_dossier"), &[]).await)
            .await
            .unwrap();
        assert_eq!(n, 1);
    }

    async fn a_filing_without_its_papers_stays_a_draft(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(false).await;
        assert!(matches!(town.submit(draft).await, Err(Error::PapersMissing(papers)) if papers == ["Giấy chứng sinh"]));
    }

    async fn numbers_of_a_desk_have_no_gap_and_start_again_each_day(place: Place) {
        let town = Town::on(place).await;
        let mut codes = vec![];
        for _ in 0..3 {
            codes.push(town.accepted().await.code.unwrap());
        }
        let row = town.submitted().await;
        // refused first: an acceptance that fails takes no number
        assert!(town.accept(town.people.desk, row.id, at("2026-11-23T08:20")).await.is_err());
        town.check(town.people.desk, row.id, Verdict::Good).await.unwrap();
        codes.push(town.accept(town.people.desk, row.id, at("2026-11-25T08:20")).await.unwrap().code.unwrap());
        assert_eq!(codes, ["H12.164-261123-0001", "H12.164-261123-0002", "H12.164-261123-0003", "H12.164-261125-0001"]);
    }

    async fn form_02_goes_out_and_the_citizen_completes(place: Place) {
        let town = Town::on(place).await;
        let row = town.submitted().await;
        let (id, now) = (row.id, at("2026-11-23T08:30"));
        let desk = town.officer(town.people.desk, now).await;
        let ground = "Luật Hộ tịch, Điều 16";
        let row = town
            .db
            .write(async move |tx: &Write<'_>| {
                let items = vec![SupplementItem { paper: "chung-sinh".into(), reason: "Ảnh mờ".into(), ground: ground.into() }];
                service::request_supplement(tx, &desk, id, items, When::now(now)).await
            })
            .await
            .unwrap();
        assert_eq!(row.state, "awaiting_supplement");
        let row = town
            .db
            .write(async move |tx: &Write<'_>| {
                let cx = Town::citizen(CITIZEN, at("2026-11-23T09:00"));
                service::hand_in(tx, &cx, id, &[("chung-sinh".into(), stored("chung-sinh-ro.pdf", 4))]).await
            })
            .await
            .unwrap()
            .row;
        assert_eq!((row.state.as_str(), row.check_due_at), ("submitted", at("2026-11-25T09:00")));
    }

    async fn other_people_may_not(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        let row = town.submitted().await;
        assert!(town.check(p.other_desk, row.id, Verdict::Good).await.is_err());
        assert!(hidden(town.accept(p.other_desk, row.id, morning()).await), "a desk of another ward accepts");
        assert!(hidden(town.accept(p.case, row.id, morning()).await), "a case officer accepts");
        let row = town.accepted().await;
        let at_desk = pass_on(&town, p.desk, row.id).await;
        assert!(matches!(at_desk, Err(Error::Objection(Objection::OtherRole { .. }))), "the desk works on it");
        assert!(hidden(resolve(&town, p.case, row.id, Outcome::Approved, "").await), "a case officer approves");
        let row = pass_on(&town, p.case, row.id).await.unwrap();
        assert!(hidden(resolve(&town, p.other_leader, row.id, Outcome::Approved, "").await), "a leader of another ward approves");
        let row = resolve(&town, p.leader, row.id, Outcome::Rejected, "Không đủ điều kiện").await.unwrap();
        assert!(hidden(issue(&town, p.desk, row.id).await), "the desk issues");
        let row = issue(&town, p.clerk, row.id).await.unwrap();
        assert!(hidden(hand_over(&town, p.other_desk, row.id).await), "another ward's desk hands it over");
        assert!(hidden(rate(&town, STRANGER, row.id).await), "a stranger rates");
    }

    async fn a_draft_is_its_owners_alone(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        let cx = Town::citizen(STRANGER, morning());
        let sent = town.db.write(async move |tx: &Write<'_>| service::submit(tx, &cx, draft, None).await).await;
        assert!(matches!(sent, Err(Error::NotFound)));
    }

    async fn lists_show_each_person_their_own_work(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        town.accepted().await;
        town.submitted().await;
        let todo = async |person| {
            let cx = town.officer(person, at("2026-11-23T08:40")).await;
            let asked = Asked::of(Queue::Todo);
            town.db
                .read(async move |tx: &Read<'_>| {
                    let at = onestop::pages::inbox::clockwork(cx.by.now);
                    let rows = onestop::sql::dossiers::list::<onestop::acts::List>(tx, &cx.who, &asked, &at).await?;
                    let counts = onestop::sql::dossiers::counts::<onestop::acts::List>(tx, &cx.who, &asked, &at).await?;
                    assert_eq!((counts.tabs[0], counts.matched), (rows.len() as i64, rows.len() as i64), "a tab counts what its list shows");
                    Ok::<_, store::Error>(rows.len())
                })
                .await
                .unwrap()
        };
        assert_eq!((todo(p.desk).await, todo(p.case).await, todo(p.leader).await), (1, 1, 0));
        assert_eq!((todo(p.other_desk).await, todo(p.other_leader).await), (0, 0));
    }

    async fn a_code_shows_progress_and_one_thing_more_opens_it(place: Place) {
        use onestop::service::Proof;
        let town = Town::on(place).await;
        let row = town.submitted().await;
        let code = row.filing_code.clone();
        let prove_from = async |network: &'static str, known: &'static str, label: &'static str| {
            let code = code.clone();
            town.db
                .write(async move |tx: &Write<'_>| {
                    let seed = base::Seed([3; 32]).part(label, 0);
                    service::prove(tx, &seed, morning(), network, &code, known).await
                })
                .await
                .unwrap()
        };
        let prove = async |known: &'static str, label: &'static str| prove_from("192.0.2.0", known, label).await;
        assert_eq!(prove("0900000003", "a").await, Proof::Wrong);
        let Proof::Pass(pass) = prove("+84 900 000 002", "b").await else { panic!("the telephone number opens it") };
        assert_eq!(pass.dossier, row.id);
        let token = pass.token;
        let other = town.submitted().await;
        let holder = async |row: DossierRow, token: String| {
            town.db.read(async move |tx: &Read<'_>| service::pass_holder(tx, &token, &row, morning()).await).await.unwrap()
        };
        assert_eq!(holder(row.clone(), token.clone()).await.map(|a| a.subject.id), Some(CITIZEN));
        assert!(holder(other, token).await.is_none(), "a pass opens one dossier only");
        for _ in 0..service::WRONG_TRIES {
            prove("0900000004", "c").await;
        }
        assert_eq!(prove("0900000002", "d").await, Proof::TooMany);
        let elsewhere = prove_from("198.51.100.0", "0900000002", "e").await;
        assert!(matches!(elsewhere, Proof::Pass(_)), "who guesses does not shut the owner out: {elsewhere:?}");
    }
}
