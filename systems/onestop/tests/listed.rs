//! The Chairman's list says what is received, and at which kind of centre (OS-08); and a filing code is nobody else's.

use crate::given::at;
use crate::town::{CITIZEN, Town, morning};
use base::FilingCode;
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

    async fn brought(&self) -> Result<DossierRow, Error> {
        let cx = self.officer(self.people.desk, morning()).await;
        let fields = [
            (input::NAME, "Lê Thị Ví Dụ"),
            (input::PROCEDURE, "1.001193"),
            (input::ANSWERS_OF, "1.001193"),
            ("giay.chung-sinh", "du"),
            (input::RESULT, "desk"),
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
        assert!(matches!(town.brought().await, Err(Error::Objection(Objection::ReceivedElsewhere { at_commune: false }))));
        town.listed("commune").await;
        town.brought().await.unwrap();
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

    async fn what_a_desk_got_before_the_list_changed_is_not_accepted_there(place: Place) {
        let town = Town::on(place).await;
        let row = town.submitted().await;
        town.check(town.people.desk, row.id, Verdict::Good).await.unwrap();
        town.listed("province").await;
        let accepted = town.accept(town.people.desk, row.id, at("2026-11-23T08:10")).await;
        assert!(matches!(accepted, Err(Error::Objection(Objection::ReceivedElsewhere { .. }))));
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
