//! People who come in person: one form, receptions that wait, the same press twice; and who may not.

use crate::front::Front;
use crate::given::{at, package};
use crate::town::{Town, morning};
use base::Moment;
use catalogue::Origin;
use catalogue::package::{Competence, Elsewhere, Package};
use directory::PersonId;
use http::Method;
use onestop::counter::{CardSeen, Press, Typed, card_of, fits, input, recognise, take};
use onestop::dossier::Verdict;
use onestop::draft::DraftData;
use onestop::objection::Objection;
use onestop::row::DossierRow;
use onestop::service::{self, Error, FirstPicks, Reception};
use store::{By, Read, Write};
use testkit::Place;
use uuid::Uuid;

/// The card of nobody: a number no province gives out.
const CARD: &str = "099090000001|000000000|Nguyễn Văn Mẫu|01011990|Nam|Ấp Mẫu, Xã Đất Mũi, tỉnh Cà Mau|02012022";
/// The same, typed through a keyboard that nobody switched off.
const GARBLED: &str = "099090000001||Nguyeenx Vawn Maaux|01011990|Nam|Aasp Maaux, Xax DDaats Muxi, tirnh Caf Mau|02012022";

fn typed(fields: &[(&str, &str)]) -> Typed {
    Typed::of(&fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect::<Vec<_>>())
}

/// Everything a known procedure needs, papers included.
const FULL: &[(&str, &str)] = &[
    (input::NAME, "Lê Thị Ví Dụ"),
    (input::BIRTH, "1956"),
    (input::PROCEDURE, "1.001193"),
    (input::ANSWERS_OF, "1.001193"),
    ("giay.chung-sinh", "du"),
    (input::RESULT, "desk"),
];

impl Town {
    async fn keep(&self, by: PersonId, id: Uuid, now: Moment, fields: &[(&str, &str)], press: Press) -> Result<Reception, Error> {
        let (cx, form) = (self.officer(by, now).await, typed(fields));
        self.db
            .write(async move |tx: &Write<'_>| {
                let desk = service::own_desk(tx, &cx).await?;
                service::keep_reception(tx, &cx, &desk, id, &form, press).await
            })
            .await
    }

    async fn receive(&self, by: PersonId, id: Uuid, now: Moment) -> Result<DossierRow, Error> {
        let cx = self.officer(by, now).await;
        self.db
            .write(async move |tx: &Write<'_>| {
                let desk = service::own_desk(tx, &cx).await?;
                service::receive(tx, &cx, &desk, id).await
            })
            .await
    }

    async fn take_up(&self, by: PersonId, id: Uuid, now: Moment) -> Result<Reception, Error> {
        let cx = self.officer(by, now).await;
        self.db
            .write(async move |tx: &Write<'_>| {
                let desk = service::own_desk(tx, &cx).await?;
                service::take_up(tx, &cx, &desk, id).await
            })
            .await
    }

    async fn waiting(&self, by: PersonId, now: Moment) -> Vec<String> {
        let cx = self.officer(by, now).await;
        let screen = self
            .db
            .read(async move |tx: &Read<'_>| {
                let desk = service::own_desk(tx, &cx).await?;
                service::screen(tx, &cx, &desk, None, &FirstPicks::default()).await
            })
            .await;
        screen.unwrap().waiting.into_iter().map(|w| w.name).collect()
    }

    /// Codes of the procedures a desk picks by a digit.
    async fn digits(&self, now: Moment) -> Vec<String> {
        let cx = self.officer(self.people.desk, now).await;
        let screen = self
            .db
            .read(async move |tx: &Read<'_>| {
                let desk = service::own_desk(tx, &cx).await?;
                service::screen(tx, &cx, &desk, None, &FirstPicks::default()).await
            })
            .await;
        screen.unwrap().found.picks.into_iter().map(|p| p.code).collect()
    }

    /// Publishes one more procedure; on the list of all centres, or not.
    async fn has_too(&self, package: Package, listed: bool) {
        self.db
            .write(async move |tx: &Write<'_>| {
                catalogue::publish(tx, &By::system(morning()), &package, Origin::Written).await?;
                if listed { catalogue::put_on_list(tx, &package.code, "all", &package.name).await } else { Ok(()) }
            })
            .await
            .unwrap();
    }

    /// Fields that are wrong when this form is received.
    async fn faulty(&self, id: Uuid, fields: &[(&str, &str)]) -> Vec<String> {
        self.keep(self.people.desk, id, morning(), &[(input::PROCEDURE, "1.001193")], Press::Update).await.unwrap();
        self.keep(self.people.desk, id, morning(), fields, Press::Receive).await.unwrap();
        match self.receive(self.people.desk, id, morning()).await {
            Ok(_) => vec![],
            Err(Error::Faults(faults)) => faults.into_iter().map(|f| f.field).collect(),
            Err(error) => panic!("{error}"),
        }
    }

    async fn count(&self, of: &'static store::Sql) -> i64 {
        self.db.read(async move |tx: &Read<'_>| tx.one(of, &[]).await).await.unwrap()
    }
}

/// Somebody received at the desk at a time, papers complete.
pub async fn received(town: &Town, id: Uuid, now: Moment) -> DossierRow {
    filled(town, town.people.desk, id, now).await;
    town.receive(town.people.desk, id, now).await.unwrap()
}

/// Somebody with neither telephone nor number, received at the desk without papers: form 02 went out.
pub async fn received_without_papers(town: &Town, id: Uuid, now: Moment) -> DossierRow {
    let by = town.people.desk;
    town.keep(by, id, now, &[(input::PROCEDURE, "1.001193")], Press::Update).await.unwrap();
    let without: Vec<_> = FULL.iter().copied().filter(|(name, _)| !name.starts_with("giay.")).collect();
    town.keep(by, id, now, &without, Press::Receive).await.unwrap();
    town.receive(by, id, now).await.unwrap()
}

/// A procedure is picked first, as the form does, then the rest is sent.
async fn filled(town: &Town, by: PersonId, id: Uuid, now: Moment) {
    town.keep(by, id, now, &[(input::PROCEDURE, "1.001193")], Press::Update).await.unwrap();
    town.keep(by, id, now, FULL, Press::Receive).await.unwrap();
}

fn gone(result: Result<impl std::fmt::Debug, Error>) -> bool {
    matches!(result, Err(Error::NotFound))
}

const ID: Uuid = Uuid::from_u128(0xD1);

testkit::both! {
    async fn somebody_without_card_phone_or_birthday_is_received_at_once(place: Place) {
        let town = Town::on(place).await;
        filled(&town, town.people.desk, ID, morning()).await;
        let row = town.receive(town.people.desk, ID, at("2026-11-23T08:01")).await.unwrap();
        assert_eq!(row.code.as_deref(), Some("H12.164-261123-0001"));
        assert_eq!((row.channel.as_str(), row.applicant_birth.as_deref()), ("direct", Some("1956")));
        assert_eq!((row.due_at, row.applicant_id), (Some(at("2026-11-23T17:00")), None));
        assert_eq!(row.owner, row.id, "nobody's account: whoever proves to hold it");
    }

    async fn a_required_paper_that_is_not_there_leads_to_form_02(place: Place) {
        let town = Town::on(place).await;
        let row = received_without_papers(&town, ID, morning()).await;
        assert_eq!((row.state.as_str(), row.code), ("awaiting_supplement", None));
        let id = row.id;
        let asked = town
            .db
            .read(async move |tx: &Read<'_>| onestop::sql::papers::supplements(tx, id).await)
            .await
            .unwrap();
        let items = asked[0].items();
        assert_eq!((items.len(), items[0].paper.as_str(), items[0].reason.as_str()), (1, "chung-sinh", "Nộp Giấy chứng sinh"));
        assert!(!items[0].ground.is_empty(), "each item names its ground (OS-11)");
    }

    async fn the_same_press_twice_is_one_dossier_with_the_same_answer(place: Place) {
        let town = Town::on(place).await;
        filled(&town, town.people.desk, ID, morning()).await;
        let now = at("2026-11-23T08:01");
        let (once, twice) = tokio::join!(town.receive(town.people.desk, ID, now), town.receive(town.people.desk, ID, now));
        let (once, twice) = (once.unwrap(), twice.unwrap());
        assert_eq!((once.id, &once.code), (twice.id, &twice.code));
        // the whole form again, from a second tab, with other words in it
        let again = town.keep(town.people.desk, ID, now, &[(input::NAME, "Người Khác")], Press::Receive).await.unwrap();
        assert_eq!(again.row.dossier, Some(once.id));
        assert_eq!(town.receive(town.people.desk, ID, now).await.unwrap().applicant_name, "Lê Thị Ví Dụ");
        assert_eq!(town.count(store::sql!("SELECT COUNT(*) FROM onestop_dossier")).await, 1);
    }

    async fn the_first_form_sent_twice_at_once_is_one_reception(place: Place) {
        let town = Town::on(place).await;
        let form = &[(input::NAME, "K'Brôih")];
        let (a, b) = tokio::join!(
            town.keep(town.people.desk, ID, morning(), form, Press::Update),
            town.keep(town.people.desk, ID, morning(), form, Press::Update),
        );
        assert_eq!(a.unwrap().data.applicant.name, b.unwrap().data.applicant.name);
        assert_eq!(town.count(store::sql!("SELECT COUNT(*) FROM onestop_draft")).await, 1);
    }

    async fn what_one_officer_parks_another_of_the_desk_goes_on_with_and_nobody_else(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        town.keep(p.desk, ID, morning(), &[(input::NAME, "Danh Sô Phát"), (input::PHONE, "0900000004")], Press::ByItself).await.unwrap();
        // a colleague does not take from under one's hands
        let now = at("2026-11-23T08:02");
        assert!(matches!(town.take_up(p.colleague, ID, now).await, Err(Error::Objection(Objection::ReceptionTaken))));
        assert!(town.waiting(p.colleague, now).await.is_empty());
        let parked = town.keep(p.desk, ID, now, &[(input::NAME, "Danh Sô Phát"), (input::PHONE, "0900000004")], Press::Park).await.unwrap();
        assert_eq!((parked.row.parked, parked.data.seconds(at("2026-11-23T09:00"))), (true, 120), "its clock stands still");
        assert_eq!(town.waiting(p.colleague, now).await, ["Danh Sô Phát"]);
        assert!(town.waiting(p.other_desk, now).await.is_empty(), "another desk sees it");
        assert!(gone(town.take_up(p.other_desk, ID, now).await), "another desk takes it");
        assert!(gone(town.keep(p.other_desk, ID, now, FULL, Press::Update).await), "another desk writes into it");
        assert!(matches!(town.take_up(p.case, ID, now).await, Err(Error::Objection(Objection::NotAtDesk))));
        let taken = town.take_up(p.colleague, ID, now).await.unwrap();
        assert_eq!(taken.data.applicant.phone, "0900000004");
        // the first officer's old tab keeps its words, but does not write over the colleague's
        let late = town.keep(p.desk, ID, now, FULL, Press::Receive).await;
        assert!(matches!(late, Err(Error::Objection(Objection::ReceptionTaken))));
        filled(&town, p.colleague, ID, now).await;
        let row = town.receive(p.colleague, ID, now).await.unwrap();
        assert_eq!(row.accepted_by_name.as_deref(), Some("Đỗ Văn Thao Tác"));
    }

    async fn what_lies_untouched_waits_for_nobody(place: Place) {
        let town = Town::on(place).await;
        let p = town.people;
        town.keep(p.desk, ID, morning(), &[(input::NAME, "Tô Văn Hư Cấu")], Press::ByItself).await.unwrap();
        let later = at("2026-11-23T08:16");
        assert_eq!(town.waiting(p.colleague, later).await, ["Tô Văn Hư Cấu"]);
        assert!(town.take_up(p.colleague, ID, later).await.is_ok());
    }

    async fn a_visit_holds_several_people_and_procedures(place: Place) {
        let town = Town::on(place).await;
        let desk = town.people.desk;
        filled(&town, desk, ID, morning()).await;
        let first = town.receive(desk, ID, morning()).await.unwrap();
        let (same, next) = (Uuid::from_u128(0xD2), Uuid::from_u128(0xD3));
        let go_on = async |id: Uuid, same_person: bool| {
            let cx = town.officer(desk, at("2026-11-23T08:05")).await;
            town.db
                .write(async move |tx: &Write<'_>| {
                    let at = service::own_desk(tx, &cx).await?;
                    service::next_in_visit(tx, &cx, &at, ID, id, same_person).await?;
                    service::reception(tx, &cx, &at, id).await
                })
                .await
                .unwrap()
        };
        assert_eq!(go_on(same, true).await.data.applicant.name, "Lê Thị Ví Dụ");
        assert_eq!(go_on(same, true).await.row.id, same, "pressed twice it is one reception");
        assert_eq!(go_on(next, false).await.data.applicant.name, "");
        filled(&town, desk, same, at("2026-11-23T08:05")).await;
        let second = town.receive(desk, same, at("2026-11-23T08:06")).await.unwrap();
        assert!(first.visit.is_some());
        assert_eq!(first.visit, second.visit);
        let cx = town.officer(desk, at("2026-11-23T08:07")).await;
        let done = town
            .db
            .write(async move |tx: &Write<'_>| {
                let at = service::own_desk(tx, &cx).await?;
                service::done(tx, &cx, &at, same).await
            })
            .await
            .unwrap()
            .unwrap();
        assert_eq!(done.visit.len(), 2);
    }

    async fn a_line_of_the_paper_book_is_entered_with_its_time_and_a_reason(place: Place) {
        let town = Town::on(place).await;
        let (desk, now) = (town.people.desk, at("2026-11-25T10:00"));
        let late = |reason: &'static str| [FULL, &[(input::HAPPENED, "2026-11-23T09:00"), (input::LATE, reason)]].concat();
        town.keep(desk, ID, now, &[(input::PROCEDURE, "1.001193")], Press::Update).await.unwrap();
        town.keep(desk, ID, now, &late(""), Press::Receive).await.unwrap();
        let refused = town.receive(desk, ID, now).await;
        assert!(matches!(refused, Err(Error::Objection(Objection::LateEntryNeedsReason))));
        town.keep(desk, ID, now, &late("mất điện"), Press::Receive).await.unwrap();
        let row = town.receive(desk, ID, now).await.unwrap();
        // the clock ran from the fact (OS-30), and so did the number
        assert_eq!((row.code.as_deref(), row.due_at), (Some("H12.164-261123-0001"), Some(at("2026-11-23T17:00"))));
        assert_eq!((row.submitted_at, row.accepted_at), (at("2026-11-23T09:00"), Some(at("2026-11-23T09:00"))));
    }

    async fn what_is_too_long_is_kept_whole_and_refused_beside_its_field(place: Place) {
        let town = Town::on(place).await;
        let (desk, now) = (town.people.desk, at("2026-11-25T10:00"));
        let long = "a".repeat(onestop::decide::MOST_LETTERS);
        let longer = format!("{long}a");
        let late = |reason| [FULL, &[(input::HAPPENED, "2026-11-23T09:00"), (input::LATE, reason)]].concat();
        town.keep(desk, ID, now, &[(input::PROCEDURE, "1.001193")], Press::Update).await.unwrap();
        let kept = town.keep(desk, ID, now, &late(longer.as_str()), Press::Receive).await.unwrap();
        assert_eq!(kept.data.late_reason, longer, "cut off");
        let Err(Error::Faults(faults)) = town.receive(desk, ID, now).await else { panic!("received") };
        assert_eq!(faults.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), [input::LATE]);
        town.keep(desk, ID, now, &late(long.as_str()), Press::Receive).await.unwrap();
        assert_eq!(town.receive(desk, ID, now).await.unwrap().state, "in_progress");
    }

    async fn an_envelope_opened_at_the_desk_came_by_post(place: Place) {
        let mut package = package();
        // what is only shown cannot come in an envelope
        package.papers[1] = catalogue::package::PaperRow {
            id: "tuy-than".into(),
            name: "Giấy tờ tùy thân".into(),
            kind: catalogue::package::PaperKind::Present,
            channels: vec![catalogue::package::Channel::Direct],
            ..package.papers[0].clone()
        };
        let town = Town::with(place, package).await;
        let desk = town.people.desk;
        town.keep(desk, ID, morning(), &[(input::PROCEDURE, "1.001193")], Press::Update).await.unwrap();
        let by_post = [FULL, &[(input::BY_POST, "co")]].concat();
        let kept = town.keep(desk, ID, morning(), &by_post, Press::Receive).await.unwrap();
        assert_eq!(onestop::counter::asked(&kept.data, kept.package().unwrap()).len(), 1);
        let row = town.receive(desk, ID, morning()).await.unwrap();
        assert_eq!((row.channel.as_str(), row.state.as_str()), ("post", "in_progress"));
        let direct = town.keep(desk, Uuid::from_u128(0xD7), morning(), FULL, Press::Update).await.unwrap();
        assert_eq!(onestop::counter::asked(&direct.data, direct.package().unwrap()).len(), 2);
    }

    async fn wrong_answers_are_kept_and_named(place: Place) {
        let town = Town::on(place).await;
        let desk = town.people.desk;
        let wrong = [(input::PHONE, "12"), (input::BIRTH, "31/2/1990"), (input::ID, "079 079 00001")];
        town.keep(desk, ID, morning(), &wrong, Press::Receive).await.unwrap();
        let Err(Error::Faults(faults)) = town.receive(desk, ID, morning()).await else { panic!("received") };
        let named: Vec<&str> = faults.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(named, [input::NAME, input::ID, input::BIRTH, input::PHONE, input::PROCEDURE, input::RESULT]);
        let kept = town.keep(desk, ID, morning(), &wrong, Press::Update).await.unwrap();
        assert_eq!((kept.data.applicant.birth.as_str(), kept.data.applicant.phone.as_str()), ("31/2/1990", "12"));
    }

    async fn the_residence_says_who_is_competent_and_the_desk_forwards(place: Place) {
        let town = Town::on(place).await;
        let desk = town.people.desk;
        town.keep(desk, ID, morning(), &[(input::PROCEDURE, "1.001193"), (input::CARD, CARD)], Press::Update).await.unwrap();
        let elsewhere = [FULL, &[(input::ADDRESS, "Khóm Thử, Phường Bạc Liêu, tỉnh Cà Mau")]].concat();
        let kept = town.keep(desk, ID, morning(), &elsewhere, Press::Update).await.unwrap();
        assert_eq!(kept.data.commune, Some(town.other.0));
        let commune = town.other.0.to_string();
        let with = [elsewhere.as_slice(), &[(input::COMMUNE, commune.as_str())]].concat();
        town.keep(desk, ID, morning(), &with, Press::Receive).await.unwrap();
        let row = town.receive(desk, ID, morning()).await.unwrap();
        assert_eq!((row.unit, row.desk), (Some(town.other.0), town.desk.0));
        assert!(row.code.unwrap().starts_with("H12.164-"), "numbered by the desk that received it");
    }

    async fn an_address_written_the_old_way_names_the_commune_of_today_and_is_written_anew_only_when_chosen(place: Place) {
        let town = Town::on(place).await;
        let desk = town.people.desk;
        let old = [FULL, &[(input::ADDRESS, "12 Lý Bôn, P.7, TP Bạc Liêu")]].concat();
        town.keep(desk, ID, morning(), &[(input::PROCEDURE, "1.001193")], Press::Update).await.unwrap();
        let kept = town.keep(desk, ID, morning(), &old, Press::Update).await.unwrap();
        assert_eq!(kept.data.commune, Some(town.other.0));
        assert_eq!(kept.data.applicant.address, "12 Lý Bôn, P.7, TP Bạc Liêu");
        let chosen = [old.as_slice(), &[("nay.dia-chi", "31825")]].concat();
        let kept = town.keep(desk, ID, morning(), &chosen, Press::Update).await.unwrap();
        assert_eq!(kept.data.applicant.address, "12 Lý Bôn, Phường Bạc Liêu, Tỉnh Cà Mau");
    }

    async fn only_a_commune_of_the_moment_is_made_competent_at_the_counter_os_05(place: Place) {
        let front = Front::on(place, package()).await;
        let desk = front.officer(front.town.people.desk).await;
        let (api, page) = (format!("/api/v1/receptions/{ID}"), format!("/can-bo/tai-quay/{ID}"));
        let body = |agency: &str| format!(r#"{{"procedure":"1.001193","commune":"{agency}"}}"#);
        for (agency, why) in [("H12", Objection::OtherLevel), ("H12.164.01", Objection::NotAnAgency)] {
            let refused = front.call(&desk, Method::PUT, &api, &body(agency)).await.must(409);
            assert!(refused.text.contains(why.said()), "{agency}: {}", refused.text);
        }
        let centre = front.town.desk.0.to_string();
        let form = [(input::PROCEDURE, "1.001193"), (input::ANSWERS_OF, "1.001193"), (input::COMMUNE, centre.as_str()), ("viec", "xem")];
        let refused = front.post(&desk, &page, &form).await.must(409);
        assert!(refused.text.contains(Objection::NotAnAgency.said()) && refused.text.contains("Về quầy"));
        let chosen = front.call(&desk, Method::PUT, &api, &body("H12.101")).await.must(200);
        assert!(chosen.text.contains("Phường Bạc Liêu"), "{}", chosen.text);
    }

    async fn a_time_at_which_nobody_could_have_come_is_refused_with_words(place: Place) {
        let mut package = package();
        package.decision.effective_from = Some(jiff::civil::date(2026, 7, 1));
        let town = Town::with(place, package).await;
        let (desk, now) = (town.people.desk, at("2026-11-25T10:00"));
        town.keep(desk, ID, now, &[(input::PROCEDURE, "1.001193")], Press::Update).await.unwrap();
        for (typed, why) in [
            ("2016-11-23T09:00", Objection::TooOld),
            ("1990-11-23T09:00", Objection::TooOld),
            ("0001-01-01T00:00", Objection::TooOld),
            ("2026-06-30T09:00", Objection::BeforeBeginning),
            ("2030-01-01T00:00", Objection::ImpossibleTime),
        ] {
            let late = [FULL, &[(input::HAPPENED, typed), (input::LATE, "mất điện")]].concat();
            town.keep(desk, ID, now, &late, Press::Receive).await.unwrap();
            match town.receive(desk, ID, now).await {
                Err(Error::Objection(objection)) => assert_eq!(objection, why, "{typed}"),
                other => panic!("{typed}: {other:?}"),
            }
        }
        let late = [FULL, &[(input::HAPPENED, "2026-11-23T09:00"), (input::LATE, "mất điện")]].concat();
        town.keep(desk, ID, now, &late, Press::Receive).await.unwrap();
        assert_eq!(town.receive(desk, ID, now).await.unwrap().state, "in_progress", "the right year is taken after the wrong ones");
    }

    async fn a_digit_names_the_same_procedure_all_day(place: Place) {
        let town = Town::on(place).await;
        town.has_too(Package { code: "1.000656".parse().unwrap(), name: "Đăng ký khai tử".into(), ..package() }, true).await;
        let before = town.digits(morning()).await;
        assert_eq!(before, ["1.000656", "1.001193"], "by name, while nothing was received");
        received(&town, ID, at("2026-11-23T08:01")).await;
        assert_eq!(town.digits(at("2026-11-23T16:00")).await, before, "the same all day");
        assert_eq!(town.digits(at("2026-11-24T08:00")).await, ["1.001193", "1.000656"]);
    }

    async fn the_amount_is_asked_where_the_rate_is_known_and_only_the_desk_sees_how_many(place: Place) {
        let mut package = package();
        package.fees = vec![toml::from_str("id = \"phi\"\nname = \"Phí\"\namount = 2000\nper = \"một trang\"").unwrap()];
        let town = Town::with(place, package).await;
        let with = |more: &[(&'static str, &'static str)]| [FULL, more].concat();
        for lacking in [with(&[]), with(&[(input::FEE_TAKEN, "co")]), with(&[(input::FEE_TAKEN, "co"), (input::FEE_OPEN, "co")])] {
            assert_eq!(town.faulty(ID, &lacking).await, [input::FEE], "{lacking:?}");
        }
        for (n, said, amount) in [(0xF1, (input::FEE, "10.000"), Some(10_000)), (0xF2, (input::FEE_OPEN, "co"), None)] {
            let id = Uuid::from_u128(n);
            assert_eq!(town.faulty(id, &with(&[said])).await, [""; 0]);
            let row = town.receive(town.people.desk, id, morning()).await.unwrap();
            assert_eq!((row.state.as_str(), row.fee_due), ("in_progress", amount));
        }
        let without = received_without_papers(&town, Uuid::from_u128(0xF3), morning()).await;
        assert_eq!(without.state, "awaiting_supplement", "form 02 asks no fee");
    }

    async fn a_program_says_the_fee_when_it_accepts(place: Place) {
        let mut package = package();
        package.fees = vec![toml::from_str("id = \"phi\"\nname = \"Phí\"\namount = 2000\nper = \"một trang\"").unwrap()];
        let front = Front::on(place, package).await;
        let desk = front.officer(front.town.people.desk).await;
        for (body, status, fee) in [
            (r#"{"fee_taken":true}"#, 422, None),
            (r#"{"fee":-1}"#, 422, None),
            (r#"{"fee":10000,"fee_taken":true}"#, 200, Some(10_000)),
            ("{}", 200, None),
        ] {
            let id = front.town.submitted().await.id;
            front.town.check(front.town.people.desk, id, Verdict::Good).await.unwrap();
            front.call(&desk, Method::POST, &format!("/api/v1/dossiers/{id}/accept"), body).await.must(status);
            let view = front.call(&desk, Method::GET, &format!("/api/v1/dossiers/{id}"), "").await.must(200);
            let view: serde_json::Value = serde_json::from_str(&view.text).unwrap();
            assert_eq!(view["fee"].as_i64(), fee, "{body}");
        }
    }

    async fn a_result_by_post_needs_an_address(place: Place) {
        let town = Town::on(place).await;
        let by_post = [FULL, &[(input::RESULT, "post")]].concat();
        assert_eq!(town.faulty(ID, &by_post).await, [input::ADDRESS]);
        let with = [by_post.as_slice(), &[(input::ADDRESS, "Khóm Mẫu, Phường An Xuyên, tỉnh Cà Mau")]].concat();
        assert_eq!(town.faulty(ID, &with).await, [""; 0]);
    }

    async fn what_is_found_and_not_received_here_says_where_to_go_os_06(place: Place) {
        let front = Front::on(place, package()).await;
        let police = Elsewhere {
            system: "Cổng dịch vụ công Bộ Công an".into(),
            advice: "Hoặc đến Công an xã, phường nơi ở.".into(),
            address: "https://dichvucong.bocongan.gov.vn".into(),
        };
        let name = "Đăng ký thường trú";
        let residence = Package {
            code: "1.004222".parse().unwrap(),
            name: name.into(),
            competence: Competence::Unknown,
            elsewhere: Some(police),
            papers: vec![],
            ..package()
        };
        front.town.has_too(residence, false).await;
        let desk = front.officer(front.town.people.desk).await;
        let page = format!("/can-bo/tai-quay/{ID}");
        let search = async |words: &str| {
            front.post(&desk, &page, &[(input::SEARCH, words), ("viec", "xem")]).await.must(303);
            front.get(&desk, &page).await.must(200).text
        };
        let found = search("thuong tru").await;
        let (_, below) = found.split_once("Không tiếp nhận tại đây").expect("shown");
        assert!(below.contains(name) && below.contains("Cổng dịch vụ công Bộ Công an"));
        let found = search("khai sinh").await;
        assert!(found.contains("tt-1") && !found.contains("Không tiếp nhận tại đây"));
        let list = async move |tx: &Write<'_>| {
            catalogue::put_on_list(tx, &"1.001193".parse().unwrap(), "province", "Thủ tục đăng ký khai sinh").await
        };
        front.town.db.write(list).await.unwrap();
        let found = search("đăng ký khai sinh").await;
        let (_, below) = found.split_once("Không tiếp nhận tại đây").expect("shown");
        assert!(below.contains("Nhận tại Trung tâm Phục vụ hành chính công cấp tỉnh."));
    }

    async fn a_birth_date_that_cannot_be_read_leaves_the_person_undone(place: Place) {
        let front = Front::on(place, package()).await;
        let desk = front.officer(front.town.people.desk).await;
        let page = format!("/can-bo/tai-quay/{ID}");
        let undone = r#"<span class="stepno" aria-hidden="true">1</span>"#;
        let card = "099198000002||Trần Thị Thử|12/04|Nữ|Khóm Mẫu, Phường An Xuyên, tỉnh Cà Mau|02012022";
        front.post(&desk, &page, &[(input::CARD, card), ("viec", "xem")]).await.must(303);
        let shown = front.get(&desk, &page).await.must(200).text;
        assert!(shown.contains("Trần Thị Thử") && shown.contains(undone) && !shown.contains(", nữ"));
        let typed = [(input::NAME, "Trần Thị Thử"), (input::ID, "099198000002"), (input::SEX, "female"), (input::BIRTH, "1998")];
        front.post(&desk, &page, &[&typed[..], &[("viec", "xem")]].concat()).await.must(303);
        let shown = front.get(&desk, &page).await.must(200).text;
        assert!(shown.contains("1998, nữ") && !shown.contains(undone));
    }

    async fn a_term_of_the_same_day_is_called_so_everywhere(place: Place) {
        let front = Front::on(place, package()).await;
        let desk = front.officer(front.town.people.desk).await;
        let page = format!("/can-bo/tai-quay/{ID}");
        front.post(&desk, &page, &[(input::PROCEDURE, "1.001193"), ("viec", "xem")]).await.must(303);
        let shown = front.get(&desk, &page).await.must(200).text;
        assert!(shown.contains("trong ngày làm việc") && !shown.contains("1 ngày làm việc"));
    }

    async fn another_open_dossier_of_the_person_is_a_hint(place: Place) {
        let town = Town::on(place).await;
        let (desk, card) = (town.people.desk, [(input::CARD, CARD), (input::PROCEDURE, "1.001193")]);
        let first = Uuid::from_u128(0xD8);
        town.keep(desk, first, morning(), &card, Press::Update).await.unwrap();
        let numbered = [FULL, &[(input::ID, "099090000001")]].concat();
        town.keep(desk, first, morning(), &numbered, Press::Receive).await.unwrap();
        let row = town.receive(desk, first, morning()).await.unwrap();
        let screen = async |by: PersonId, id: Uuid| {
            town.keep(by, id, morning(), &numbered, Press::Update).await.unwrap();
            let cx = town.officer(by, morning()).await;
            town.db
                .read(async move |tx: &Read<'_>| {
                    let at = service::own_desk(tx, &cx).await?;
                    service::screen(tx, &cx, &at, Some(id), &FirstPicks::default()).await
                })
                .await
                .unwrap()
        };
        let here = screen(desk, Uuid::from_u128(0xD9)).await;
        assert_eq!((here.open.len(), here.open[0].id, here.same_elsewhere), (1, row.id, 0));
        // another ward's desk learns that there is one, not which
        let there = screen(town.people.other_desk, Uuid::from_u128(0xDA)).await;
        assert_eq!((there.open.len(), there.same_elsewhere), (0, 1));
    }
}

fn with_two_cases() -> Package {
    toml::from_str(&format!(
        "{}\n[[cases]]\nid = \"trong\"\nname = \"Trong nước\"\n[[cases]]\nid = \"ngoai\"\nname = \"Có yếu tố nước ngoài\"\n",
        toml::to_string(&package()).unwrap()
    ))
    .unwrap()
}

#[test]
fn a_card_fills_the_person_in_one_step() {
    let mut data = DraftData::default();
    take(&mut data, &typed(&[(input::CARD, CARD)]), Press::ByItself, None);
    let person = &data.applicant;
    assert_eq!((person.name.as_str(), person.birth.as_str(), person.sex.as_str()), ("Nguyễn Văn Mẫu", "1990-01-01", "male"));
    assert_eq!((person.id_number.as_str(), data.interactions), ("099090000001", 1));
}

#[test]
fn a_garbled_card_is_asked_about_before_it_is_used() {
    let mut data = DraftData::default();
    take(&mut data, &typed(&[(input::CARD, GARBLED)]), Press::ByItself, None);
    let CardSeen::Asks(reading) = card_of(&data) else { panic!("not asked: {:?}", card_of(&data)) };
    assert_eq!(reading.card.name.as_str(), "Nguyễn Văn Mẫu");
    assert_eq!(data.applicant.name, "", "nothing is repaired silently");
    take(&mut data, &typed(&[]), Press::CardAgreed, None);
    assert_eq!(data.applicant.name, "Nguyễn Văn Mẫu");
    assert!(matches!(card_of(&data), CardSeen::Read(_)));
}

#[test]
fn a_garbled_card_that_is_wrong_is_dropped_and_the_person_typed() {
    let mut data = DraftData::default();
    take(&mut data, &typed(&[(input::CARD, GARBLED)]), Press::ByItself, None);
    take(&mut data, &typed(&[(input::NAME, "H'Blim Niê")]), Press::CardDropped, None);
    assert_eq!((card_of(&data), data.applicant.name.as_str()), (CardSeen::None, "H'Blim Niê"));
}

#[test]
fn the_next_persons_card_does_not_inherit_a_telephone() {
    let mut data = DraftData::default();
    take(&mut data, &typed(&[(input::CARD, CARD)]), Press::ByItself, None);
    let mut form = vec![(input::ID, "099090000001"), (input::NAME, "Nguyễn Văn Mẫu"), (input::PHONE, "0900000001")];
    take(&mut data, &typed(&form), Press::ByItself, None);
    form.push((input::CARD, "099198000002||Trần Thị Thử|12041998|Nữ|Khóm Mẫu, Phường An Xuyên, tỉnh Cà Mau|02012022"));
    take(&mut data, &typed(&form), Press::ByItself, None);
    assert_eq!((data.applicant.name.as_str(), data.applicant.phone.as_str()), ("Trần Thị Thử", ""));
}

#[test]
fn a_known_procedure_takes_six_steps() {
    let package = package();
    let mut data = DraftData::default();
    let mut send = |fields: &[(&str, &str)], press| take(&mut data, &typed(fields), press, Some(&package));
    let person = [
        (input::NAME, "Nguyễn Văn Mẫu"),
        (input::ID, "099090000001"),
        (input::BIRTH, "1990-01-01"),
        (input::SEX, "male"),
        (input::ADDRESS, "Ấp Mẫu, Xã Đất Mũi, tỉnh Cà Mau"),
    ];
    send(&[(input::CARD, CARD), (input::PROCEDURE, "1.001193")], Press::ByItself);
    let mut form = person.to_vec();
    form.extend([(input::PROCEDURE, "1.001193"), (input::ANSWERS_OF, "1.001193")]);
    send(&form, Press::AllPapers);
    form.extend([("giay.chung-sinh", "du"), (input::RESULT, "desk")]);
    send(&form, Press::ByItself);
    send(&form, Press::ByItself);
    form.push((input::FEE_TAKEN, "co"));
    send(&form, Press::Receive);
    // card, procedure, papers, result, fee, accept; what a script repeats is no step
    assert_eq!(data.interactions, 6);
}

#[test]
fn another_procedure_lets_go_of_the_answers_given_for_the_first() {
    let (first, second) = (package(), with_two_cases());
    let mut data = DraftData::default();
    take(&mut data, &typed(&[(input::PROCEDURE, "1.001193")]), Press::Update, Some(&first));
    take(&mut data, &typed(FULL), Press::Update, Some(&first));
    assert_eq!(onestop::counter::ticked(&data).len(), 1);
    let mut other = FULL.to_vec();
    other[3] = (input::ANSWERS_OF, "1.000656");
    take(&mut data, &typed(&other), Press::Update, Some(&second));
    assert_eq!((onestop::counter::ticked(&data).len(), &data.case), (0, &None), "a choice of cases is asked");
    assert!(onestop::counter::gaps(&data, Some(&second)).iter().any(|f| f.field == input::CASE));
}

#[test]
fn an_address_names_its_commune_however_it_is_written() {
    let (mui, xuyen) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let communes = [(mui, "Xã Đất Mũi"), (xuyen, "Phường An Xuyên")];
    for (address, found) in [
        ("Ấp Mẫu, Xã Đất Mũi, tỉnh Cà Mau", Some(mui)),
        ("ấp mẫu, xã đất mũi, cà mau", Some(mui)),
        ("12 Lý Thường Kiệt, P. An Xuyên, Cà Mau", Some(xuyen)),
        ("12 Lý Thường Kiệt, P.An Xuyên", Some(xuyen)),
        ("Phường 9, thành phố cũ", None),
        ("", None),
    ] {
        assert_eq!(recognise(address, communes), found, "{address}");
    }
}

#[test]
fn a_procedure_is_found_by_words_and_by_initials() {
    let words = |typed: &str| base::text::tokens(typed);
    let name = "Xác nhận tình trạng hôn nhân";
    for typed in ["tinh trang hon nhan", "Xác nhận hôn", "xnhn", "xn tinh"] {
        let found = fits(name, &words(typed));
        assert_eq!(found.is_some(), typed != "xn tinh", "{typed}");
    }
    assert_eq!(fits(name, &words("khai sinh")), None);
    assert!(fits("Đăng ký khai sinh", &words("khai sinh")) > fits("Khai sinh lưu động", &words("khai sinh")));
}
