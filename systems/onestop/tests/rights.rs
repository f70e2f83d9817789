//! Who may do each act of this room, and for whom it does not even exist: every act × everybody of the town.

use crate::front::Front;
use crate::given::{at, package};
use crate::town::{CITIZEN, STRANGER, Town, file, stored};
use base::Moment;
use directory::{Act as _, Cx};
use http::Method;
use onestop::acts;
use onestop::dossier::{Outcome, ResultChannel, SupplementItem, Verdict, When};
use onestop::objection::Objection;
use onestop::service::{self, Error};
use std::collections::BTreeSet;
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;
use web::Door;

/// Everybody of the town, by what they are.
async fn everybody(town: &Town, now: Moment) -> Vec<(&'static str, Cx)> {
    let p = town.people;
    let mut out = vec![];
    for (name, person) in [
        ("desk", p.desk),
        ("head", p.head),
        ("case", p.case),
        ("leader", p.leader),
        ("clerk", p.clerk),
        ("administrator", p.administrator),
        ("gone", p.gone),
        ("other desk", p.other_desk),
        ("other case", p.other_case),
        ("other leader", p.other_leader),
    ] {
        out.push((name, town.officer(person, now).await));
    }
    out.extend([("owner", Town::citizen(CITIZEN, now)), ("stranger", Town::citizen(STRANGER, now))]);
    out
}

/// What an act answered, out of a unit that left nothing behind.
enum Tried {
    Store(store::Error),
    Answered(Result<(), Error>),
}

impl From<store::Error> for Tried {
    fn from(error: store::Error) -> Tried {
        Tried::Store(error)
    }
}

/// Who does the act, and whom the rule tells that it is not their turn. For everybody else the dossier does not exist.
#[derive(Debug, Default, PartialEq, Eq)]
struct Who {
    does: Vec<&'static str>,
    told: Vec<&'static str>,
}

fn who(does: &[&'static str], told: &[&'static str]) -> Who {
    Who { does: does.to_vec(), told: told.to_vec() }
}

/// Tries an act as everybody; nothing of it stays.
async fn tried<F>(town: &Town, now: &str, act: F) -> Who
where
    F: AsyncFn(&Write<'_>, &Cx) -> Result<(), Error> + Clone + Send + 'static,
{
    let mut found = Who::default();
    for (name, cx) in everybody(town, at(now)).await {
        let act = act.clone();
        let tried = town.db.write(async move |tx: &Write<'_>| Err::<(), _>(Tried::Answered(act(tx, &cx).await))).await;
        match tried.unwrap_err() {
            Tried::Answered(Ok(())) => found.does.push(name),
            Tried::Answered(Err(Error::Objection(objection))) => {
                assert!(matches!(objection, Objection::OtherRole { .. }), "{name}: {objection:?}");
                found.told.push(name);
            }
            Tried::Answered(Err(Error::Denied(denied))) => assert!(denied.hidden, "{name} learns that there is such a dossier"),
            Tried::Answered(Err(error)) => panic!("{name}: {error}"),
            Tried::Store(error) => panic!("{name}: {error}"),
        }
    }
    found
}

/// A dossier brought to a step of the town's procedure: accepted at 08:10, then 08:30, 08:40, 08:50.
async fn in_step(town: &Town, step: i64) -> Uuid {
    let (p, id) = (town.people, town.accepted().await.id);
    for at_step in 0..step {
        let (by, minute) = match at_step {
            0 => (p.case, "2026-11-23T08:30"),
            1 => (p.leader, "2026-11-23T08:40"),
            _ => (p.clerk, "2026-11-23T08:50"),
        };
        let (cx, when) = (town.officer(by, at(minute)).await, When::now(at(minute)));
        town.db
            .write(async move |tx: &Write<'_>| match at_step {
                0 => service::pass_on(tx, &cx, id, when.clone(), "").await,
                1 => service::resolve(tx, &cx, id, when.clone(), Outcome::Approved, "").await,
                _ => service::issue(tx, &cx, id, when.clone(), file(&cx, "ket-qua.pdf"), "").await,
            })
            .await
            .unwrap();
    }
    id
}

fn item() -> SupplementItem {
    SupplementItem { paper: "chung-sinh".into(), reason: "Ảnh mờ".into(), ground: "Luật Hộ tịch, Điều 16".into() }
}

/// A filing for which form 02 went out at 08:15.
async fn asked(town: &Town) -> Uuid {
    let (id, now) = (town.submitted().await.id, at("2026-11-23T08:15"));
    let cx = town.officer(town.people.desk, now).await;
    town.db
        .write(async move |tx: &Write<'_>| service::request_supplement(tx, &cx, id, vec![item()], When::now(now)).await)
        .await
        .unwrap();
    id
}

const DESK: &[&str] = &["desk", "head"];
const LATER: &str = "2026-11-23T09:00";

testkit::both! {
    async fn who_sees_a_dossier(place: Place) {
        let town = Town::on(place).await;
        let id = in_step(&town, 1).await;
        let seen = tried(&town, LATER, async move |tx, cx| service::see(tx, cx, id, Some("xem")).await.map(drop)).await;
        assert_eq!(seen, who(&["desk", "head", "case", "leader", "clerk", "owner"], &[]));
        let own = tried(&town, LATER, async move |tx, cx| service::see_own(tx, cx, id).await.map(drop)).await;
        assert_eq!(own, who(&["owner"], &[]));
    }

    async fn who_has_it_in_their_list(place: Place) {
        use onestop::sql::dossiers::{Asked, Queue, list};
        let town = Town::on(place).await;
        in_step(&town, 1).await;
        let mut found = vec![];
        for (name, cx) in everybody(&town, at(LATER)).await {
            let asked = Asked::of(Queue::All);
            let clock = onestop::pages::inbox::clockwork(cx.by.now);
            let rows = town.db.read(async move |tx: &Read<'_>| list::<acts::List>(tx, &cx.who, &asked, &clock).await).await.unwrap();
            found.extend((!rows.is_empty()).then_some(name));
        }
        assert_eq!(found, ["desk", "head", "case", "leader", "clerk"]);
    }

    async fn who_receives_at_the_desk(place: Place) {
        let town = Town::on(place).await;
        let mut found = vec![];
        for (name, cx) in everybody(&town, at(LATER)).await {
            let desk = town.desk;
            let own = town
                .db
                .read(async move |tx: &Read<'_>| Ok::<_, Error>(service::own_desk(tx, &cx).await.is_ok_and(|unit| unit.id == desk)))
                .await;
            found.extend(own.unwrap().then_some(name));
        }
        assert_eq!(found, DESK);
    }

    async fn who_checks_papers_and_accepts(place: Place) {
        let town = Town::on(place).await;
        let id = town.submitted().await.id;
        let now = When::now(at(LATER));
        let when = now.clone();
        let checks = tried(&town, LATER, async move |tx, cx| {
            service::check_paper(tx, cx, id, "chung-sinh", Verdict::Good, when.clone()).await.map(drop)
        });
        assert_eq!(checks.await, who(DESK, &[]));
        town.check(town.people.desk, id, Verdict::Good).await.unwrap();
        let when = now.clone();
        let accepts = tried(&town, LATER, async move |tx, cx| service::accept(tx, cx, id, None, None, when.clone()).await.map(drop));
        assert_eq!(accepts.await, who(DESK, &[]));
    }

    async fn who_asks_for_a_supplement_and_who_receives_it(place: Place) {
        let town = Town::on(place).await;
        let (filed, open, when) = (town.submitted().await.id, asked(&town).await, When::now(at(LATER)));
        let asking = when.clone();
        let asks = tried(&town, LATER, async move |tx, cx| {
            service::request_supplement(tx, cx, filed, vec![item()], asking.clone()).await.map(drop)
        });
        assert_eq!(asks.await, who(DESK, &[]));
        let receives = tried(&town, LATER, async move |tx, cx| {
            let brought = BTreeSet::from(["chung-sinh".to_owned()]);
            service::receive_supplement(tx, cx, open, &brought, &[], when.clone()).await.map(drop)
        });
        assert_eq!(receives.await, who(DESK, &[]));
        let hands_in = tried(&town, LATER, async move |tx, cx| {
            service::hand_in(tx, cx, open, &[("chung-sinh".into(), stored("ro.pdf", 4))]).await.map(drop)
        });
        assert_eq!(hands_in.await, who(&["owner"], &[]));
    }

    async fn who_names_the_competent_unit(place: Place) {
        let town = Town::on(place).await;
        let (id, other, when) = (town.submitted().await.id, town.other, When::now(at(LATER)));
        let names = tried(&town, LATER, async move |tx, cx| {
            service::determine_competence(tx, cx, id, other, "Trẻ cư trú ở phường khác", when.clone()).await.map(drop)
        });
        assert_eq!(names.await, who(&["head", "leader"], &[]));
    }

    async fn who_works_on_each_step(place: Place) {
        let town = Town::on(place).await;
        for (step, does) in [(0, "case"), (1, "leader"), (2, "clerk")] {
            let id = in_step(&town, step).await;
            let told: Vec<_> = ["desk", "head", "case", "leader", "clerk"].into_iter().filter(|name| *name != does).collect();
            let expected = who(&[does], &told);
            let when = When::now(at(LATER));
            let claims = when.clone();
            let claims = tried(&town, LATER, async move |tx, cx| service::claim(tx, cx, id, claims.clone()).await.map(drop));
            assert_eq!(claims.await, expected, "claim, step {step}");
            let files = when.clone();
            let files = tried(&town, LATER, async move |tx, cx| {
                service::add_file(tx, cx, id, files.clone(), file(cx, "du-thao.pdf")).await.map(drop)
            });
            assert_eq!(files.await, expected, "file, step {step}");
            if step == 0 {
                let passes = tried(&town, LATER, async move |tx, cx| service::pass_on(tx, cx, id, when.clone(), "").await.map(drop));
                assert_eq!(passes.await, expected, "pass on");
            } else {
                let sends = tried(&town, LATER, async move |tx, cx| service::send_back(tx, cx, id, when.clone(), "Sai tên").await.map(drop));
                assert_eq!(sends.await, expected, "send back, step {step}");
            }
        }
    }

    async fn who_writes_notes_and_who_gives_a_step_back(place: Place) {
        let town = Town::on(place).await;
        let (id, when) = (in_step(&town, 0).await, When::now(at(LATER)));
        let notes = when.clone();
        let notes = tried(&town, LATER, async move |tx, cx| service::add_note(tx, cx, id, notes.clone(), "Đã gọi").await.map(drop));
        assert_eq!(notes.await, who(&["desk", "head", "case", "leader", "clerk"], &[]));
        let cx = town.officer(town.people.case, at(LATER)).await;
        let claims = when.clone();
        town.db.write(async move |tx: &Write<'_>| service::claim(tx, &cx, id, claims.clone()).await).await.unwrap();
        let releases = tried(&town, LATER, async move |tx, cx| match service::release(tx, cx, id, when.clone(), "Nghỉ ốm").await {
            // told that it is another's, not that there is none
            Err(Error::Objection(Objection::HeldByAnother)) => Err(Objection::OtherRole { role: catalogue::package::StepRole::CaseOfficer }.into()),
            done => done.map(drop),
        });
        assert_eq!(releases.await, who(&["head", "case", "leader"], &["desk", "clerk"]));
    }

    async fn who_decides(place: Place) {
        let town = Town::on(place).await;
        let id = in_step(&town, 1).await;
        for outcome in [Outcome::Approved, Outcome::Rejected] {
            let when = When::now(at(LATER));
            let decides =
                tried(&town, LATER, async move |tx, cx| service::resolve(tx, cx, id, when.clone(), outcome, "Đủ").await.map(drop));
            assert_eq!(decides.await, who(&["leader"], &[]));
        }
    }

    async fn who_issues_and_who_hands_over(place: Place) {
        let town = Town::on(place).await;
        let (decided, issued, when) = (in_step(&town, 2).await, in_step(&town, 3).await, When::now(at(LATER)));
        let issues = when.clone();
        let issues = tried(&town, LATER, async move |tx, cx| {
            service::issue(tx, cx, decided, issues.clone(), file(cx, "ket-qua.pdf"), "").await.map(drop)
        });
        assert_eq!(issues.await, who(&["clerk"], &["case"]));
        let returns = tried(&town, LATER, async move |tx, cx| {
            service::return_result(tx, cx, issued, ResultChannel::Desk, when.clone()).await.map(drop)
        });
        assert_eq!(returns.await, who(DESK, &[]));
        let rates = tried(&town, LATER, async move |tx, cx| service::rate(tx, cx, issued, 5, "").await.map(drop));
        assert_eq!(rates.await, who(&["owner"], &[]));
    }

    /// Whatever a neighbour sends to an address that names a dossier of this ward, nothing is there.
    async fn to_the_ward_next_door_no_dossier_exists(place: Place) {
        let front = Front::on(place, package()).await;
        let id = in_step(&front.town, 1).await;
        let p = front.town.people;
        let hidden: BTreeSet<&str> = acts::ALL.iter().filter(|act| act.hidden).map(|act| act.name).collect();
        let body = |path: &str| match path.rsplit('/').next() {
            Some("papers") => r#"{"paper":"chung-sinh","verdict":"good"}"#,
            Some("supplement-request") => r#"{"items":[]}"#,
            Some("supplement") => r#"{"papers":["chung-sinh"]}"#,
            Some("competence") => r#"{"agency":"H12.101","reason":"Vì"}"#,
            Some("return") => r#"{"channel":"desk"}"#,
            Some("accept" | "claim" | "issue") => "{}",
            _ => r#"{"text":"Vì"}"#,
        };
        let form = [("ket-luan", "good"), ("giay-to", "chung-sinh"), ("kenh", "desk"), ("co-quan", "H12.101"), ("ly-do", "Vì")];
        let mut seen = BTreeSet::new();
        for person in [p.other_desk, p.other_case, p.other_leader] {
            let neighbour = front.officer(person).await;
            for route in front.routes.clone() {
                let Door::Officer(act) = route.door else { continue };
                let is_dossier = route.path.starts_with("/can-bo/ho-so/{id}") || route.path.starts_with("/api/v1/dossiers/{id}") || route.path.starts_with("/can-bo/duyet/{id}");
                if !is_dossier {
                    continue;
                }
                seen.insert(act);
                let path = route.path.replace("{id}", &id.to_string()).replace("{file}", &id.to_string()).replace("{paper}", "receipt");
                let answer = match (route.method == Method::GET, path.starts_with("/api/")) {
                    (true, true) => front.call(&neighbour, Method::GET, &path, "").await,
                    (true, false) => front.get(&neighbour, &path).await,
                    (false, true) if path.ends_with("/files") || path.ends_with("/result") => {
                        front.post_files(&neighbour, &path, &[], &[("tep", "a.pdf", b"%PDF-1.4\n%%EOF\n")]).await
                    }
                    (false, true) => front.call(&neighbour, route.method.clone(), &path, body(&path)).await,
                    (false, false) => front.post(&neighbour, &path, &[&form[..], &[("viec", "duyet")]].concat()).await,
                };
                assert_eq!(answer.status, 404, "{} {path}: {}", route.method, answer.text.chars().take(300).collect::<String>());
            }
        }
        let unseen: Vec<_> = hidden.iter().filter(|act| !seen.contains(*act) && **act != acts::Own::SPEC.name).collect();
        assert!(unseen.is_empty(), "no address of these acts was tried: {unseen:?}");
    }
}
