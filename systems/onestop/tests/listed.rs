//! The Chairman's list says what is received, and at which kind of centre (OS-08); and a filing code is nobody else's.

use crate::given::at;
use crate::town::{CITIZEN, Town, morning};
use base::{FilingCode, Moment};
use catalogue::{NewListing, ReceivedAt};
use directory::{Cx, NewUnit, UnitKind, add_unit};
use onestop::counter::{Press, Typed, input};
use onestop::dossier::Verdict;
use onestop::objection::Objection;
use onestop::row::DossierRow;
use onestop::service::{self, Error};
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

impl Town {
    async fn listed(&self, received_at: &'static str) {
        self.db
            .write(async move |tx: &Write<'_>| {
                catalogue::put_on_list(tx, &"1.001193".parse().unwrap(), received_at, "Thủ tục đăng ký khai sinh").await
            })
            .await
            .unwrap();
    }

    /// A decision about where births are registered, written at a moment.
    async fn decided(&self, received_at: ReceivedAt, now: &str, from: Option<&str>) {
        let (cx, from) = (Cx::machine(at(now)), from.map(|day| day.parse().unwrap()));
        let row = NewListing { received_at, decision: "77/QĐ-UBND".into(), from, to: None };
        self.db
            .write(async move |tx: &Write<'_>| catalogue::put_listing(tx, &cx, &"1.001193".parse().unwrap(), &row).await)
            .await
            .unwrap();
    }

    /// A citizen's filing, sent at a moment.
    async fn filed(&self, now: &str) -> Result<DossierRow, Error> {
        let (draft, cx) = (self.draft(true).await, Town::citizen(CITIZEN, at(now)));
        self.db.write(async move |tx: &Write<'_>| service::submit(tx, &cx, draft, None).await).await
    }

    /// A filing of eight o'clock whose papers were found good.
    async fn checked(&self) -> DossierRow {
        let row = self.submitted().await;
        self.check(self.people.desk, row.id, Verdict::Good).await.unwrap();
        row
    }

    /// The provincial centre, which the ward's town does not have.
    async fn provincial_centre(&self) -> Uuid {
        let cx = Cx::machine(at("2026-11-20T08:00"));
        self.db
            .write(async move |tx: &Write<'_>| {
                let root = directory::root(tx).await?.unwrap();
                let code = "H12.01".parse().unwrap();
                let new = NewUnit::new(code, "Trung tâm tỉnh", UnitKind::Centre, Some(root.id), at("2025-07-01T00:00"));
                add_unit(tx, &cx, &new).await
            })
            .await
            .unwrap()
            .0
    }

    /// Somebody who came to the ward's desk: now, or when the paper book says.
    async fn brought(&self, now: Moment, happened_at: &'static str) -> Result<DossierRow, Error> {
        let cx = self.officer(self.people.desk, now).await;
        let fields = [
            (input::NAME, "Lê Thị Ví Dụ"),
            (input::PROCEDURE, "1.001193"),
            (input::ANSWERS_OF, "1.001193"),
            ("giay.chung-sinh", "du"),
            (input::RESULT, "desk"),
            (input::HAPPENED, happened_at),
        ];
        let form = Typed::of(&fields.map(|(n, v)| (n.to_owned(), v.to_owned())));
        self.db
            .write(async move |tx: &Write<'_>| {
                let (desk, id) = (service::own_desk(tx, &cx).await?, Uuid::from_u128(0xD1));
                for press in [Press::Update, Press::Receive] {
                    service::keep_reception(tx, &cx, &desk, id, &form, press).await?;
                }
                let screen = service::screen(tx, &cx, &desk, Some(id), &service::FirstPicks::default()).await?;
                let received = service::receive(tx, &cx, &desk, id).await;
                // what the screen says before is what the act says
                assert_eq!(
                    screen.not_here.as_ref(),
                    received.as_ref().err().map(|e| match e {
                        Error::Objection(objection) => objection,
                        other => panic!("{other}"),
                    })
                );
                received
            })
            .await
    }
}

testkit::both! {
    async fn a_desk_of_a_commune_does_not_receive_what_only_the_province_does(place: Place) {
        let town = Town::on(place).await;
        town.listed("province").await;
        let there = town.brought(morning(), "").await;
        assert!(matches!(there, Err(Error::Objection(Objection::ReceivedElsewhere { at_commune: false }))), "{there:?}");
        town.listed("commune").await;
        town.brought(morning(), "").await.unwrap();
    }

    async fn a_filing_goes_to_a_desk_of_the_kind_the_list_names(place: Place) {
        let town = Town::on(place).await;
        let centre = town.provincial_centre().await;
        let submit = async || {
            let draft = town.draft(true).await;
            town.submit(draft).await
        };
        assert_eq!(submit().await.unwrap().desk, town.desk.0);
        town.listed("commune").await;
        assert_eq!(submit().await.unwrap().desk, town.desk.0);
        town.listed("province").await;
        let row = submit().await.unwrap();
        assert_eq!((row.desk, row.unit), (centre, Some(town.ward.0)), "received by the province, decided where it belongs");
    }

    async fn what_a_desk_got_before_the_list_changed_is_accepted_there_os_08(place: Place) {
        let town = Town::on(place).await;
        let centre = town.provincial_centre().await;
        // at once, from today, from a day long gone
        for (minute, from) in [("08:01", None), ("08:02", Some("2026-11-23")), ("08:03", Some("2025-07-01"))] {
            let row = town.checked().await;
            town.decided(ReceivedAt::Province, &format!("2026-11-23T{minute}"), from).await;
            let row = town.accept(town.people.desk, row.id, at("2026-11-23T08:10")).await.unwrap();
            assert_eq!((row.state.as_str(), row.desk), ("in_progress", town.desk.0), "from {from:?}");
        }
        assert_eq!(town.filed("2026-11-23T08:15").await.unwrap().desk, centre, "what comes now goes where the list says now");
    }

    async fn what_was_filed_before_it_was_taken_off_the_list_goes_on_os_08(place: Place) {
        let town = Town::on(place).await;
        let row = town.checked().await;
        let cx = Cx::machine(at("2026-11-23T08:05"));
        town.db
            .write(async move |tx: &Write<'_>| {
                catalogue::take_off_list(tx, &cx, &"1.001193".parse().unwrap(), "78/QĐ-UBND").await
            })
            .await
            .unwrap();
        let row = town.accept(town.people.desk, row.id, at("2026-11-23T08:10")).await.unwrap();
        assert_eq!(row.state, "in_progress");
        let later = town.filed("2026-11-23T08:15").await;
        assert!(matches!(later, Err(Error::Objection(Objection::NotReceivedHere))), "{later:?}");
    }

    async fn a_decision_for_a_later_day_leaves_the_days_before_alone_os_08(place: Place) {
        let town = Town::on(place).await;
        let centre = town.provincial_centre().await;
        town.decided(ReceivedAt::Province, "2026-11-23T08:01", Some("2026-12-01")).await;
        for (now, desk) in [("2026-11-23T08:15", town.desk.0), ("2026-11-30T23:59", town.desk.0), ("2026-12-01T00:00", centre)] {
            assert_eq!(town.filed(now).await.unwrap().desk, desk, "{now}");
        }
    }

    async fn who_came_before_the_list_changed_is_received_when_it_is_entered_later_os_08(place: Place) {
        let town = Town::on(place).await;
        town.decided(ReceivedAt::Province, "2026-11-23T08:05", None).await;
        let now = at("2026-11-23T08:10");
        let there = town.brought(now, "").await;
        assert!(matches!(there, Err(Error::Objection(Objection::ReceivedElsewhere { at_commune: false }))), "{there:?}");
        let row = town.brought(now, "2026-11-23T08:00").await.unwrap();
        assert_eq!((row.state.as_str(), row.submitted_at), ("in_progress", morning()));
    }

    async fn a_filing_code_that_is_taken_is_not_given_again(place: Place) {
        let town = Town::on(place).await;
        let (first, draft) = (town.submitted().await, town.draft(true).await);
        let cx = Town::citizen(CITIZEN, morning());
        let taken = FilingCode::from_seed(&cx.by.seed, 0);
        let id = first.id;
        town.db
            .write(async move |tx: &Write<'_>| {
                tx.run(store::sql!("UPDATE onestop_dossier SET filing_code = $1 WHERE id = $2"), &[&taken, &id]).await
            })
            .await
            .unwrap();
        let seed = cx.by.seed;
        let row = town.db.write(async move |tx: &Write<'_>| service::submit(tx, &cx, draft, None).await).await.unwrap();
        assert_eq!(row.filing_code, FilingCode::from_seed(&seed, 1).to_string());
        let found = town.db.read(async move |tx: &Read<'_>| service::glimpse(tx, &taken.to_string()).await).await.unwrap();
        assert_eq!(found.row.id, id);
    }
}
