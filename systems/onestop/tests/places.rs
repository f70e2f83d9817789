//! Which unit decides: by competence at the moment of filing; what the rules cannot tell waits for a person (OS-05).

use crate::given::{at, package};
use crate::town::{CITIZEN, Town, morning};
use base::Moment;
use catalogue::package::{Competence, Package};
use directory::{Cx, NewUnit, UnitId, UnitKind, add_unit, close_unit};
use onestop::acts::List;
use onestop::counter::{Press, Typed, input};
use onestop::form::Answers;
use onestop::pages::inbox::clockwork;
use onestop::row::DossierRow;
use onestop::service;
use onestop::sql::dossiers::{self, Asked, Queue};
use std::collections::BTreeMap;
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

/// Noon of the day: until then the other ward is there, afterwards it is not.
fn end() -> Moment {
    at("2026-11-23T12:00")
}

fn afternoon() -> Moment {
    at("2026-11-23T13:30")
}

/// Decided where the land lies, which the form asks.
fn about_land() -> Package {
    let form = r#"{ "title": "Đơn", "pages": [{ "id": "dat", "title": "Đất", "fields": [
        { "id": "xa", "label": "Nơi có đất", "type": "commune", "required": true } ] }] }"#;
    let competence = Competence::Commune { by_field: Some("xa".into()) };
    Package { form: Some(serde_json::from_str(form).unwrap()), competence, ..package() }
}

impl Town {
    /// Filed with the ward's centre at a time, about land in the commune with this code.
    async fn filed_about(&self, code: &'static str, now: Moment) -> DossierRow {
        let (id, cx) = (self.draft(true).await, Town::citizen(CITIZEN, now));
        self.db
            .write(async move |tx: &Write<'_>| {
                let mut draft = service::own_draft(tx, &cx, id).await?;
                let form = draft.version.package.form.as_ref().unwrap();
                draft.data.answers = Answers::from_json(form, &BTreeMap::from([("xa".to_owned(), code.to_owned())])).unwrap();
                service::save_draft(tx, &cx, &draft).await?;
                service::submit(tx, &cx, id, None).await
            })
            .await
            .unwrap()
    }

    /// Received at the ward's desk from somebody who lives there.
    async fn received_from(&self, address: &'static str, id: Uuid) -> DossierRow {
        let cx = self.officer(self.people.desk, morning()).await;
        let fields = [
            (input::NAME, "Lê Thị Ví Dụ"),
            (input::ADDRESS, address),
            (input::PROCEDURE, "1.001193"),
            (input::ANSWERS_OF, "1.001193"),
            ("giay.chung-sinh", "du"),
            (input::RESULT, "desk"),
        ];
        let form = Typed::of(&fields.map(|(n, v)| (n.to_owned(), v.to_owned())));
        self.db
            .write(async move |tx: &Write<'_>| {
                let desk = service::own_desk(tx, &cx).await?;
                for press in [Press::Update, Press::Receive] {
                    service::keep_reception(tx, &cx, &desk, id, &form, press).await?;
                }
                service::receive(tx, &cx, &desk, id).await
            })
            .await
            .unwrap()
    }

    /// A ward and its centre end at noon; these follow the ward.
    async fn ends_at_noon(&self, ward: UnitId, centre: &'static str, into: Vec<UnitId>) {
        let cx = Cx::machine(morning());
        self.db
            .write(async move |tx: &Write<'_>| {
                let centre = directory::unit_by_code(tx, &centre.parse().unwrap(), cx.by.now).await?.unwrap();
                close_unit(tx, &cx, centre.id, end(), &[], "NQ 9/NQ-HĐND").await?;
                close_unit(tx, &cx, ward, end(), &into, "NQ 9/NQ-HĐND").await
            })
            .await
            .unwrap();
    }

    async fn third_ward(&self) -> UnitId {
        let cx = Cx::machine(morning());
        self.db
            .write(async move |tx: &Write<'_>| {
                let root = directory::root(tx).await?.unwrap();
                let code = "H12.102".parse().unwrap();
                let from = at("2025-07-01T00:00");
                add_unit(tx, &cx, &NewUnit::new(code, "Phường Thứ Ba", UnitKind::Commune, Some(root.id), from)).await
            })
            .await
            .unwrap()
    }
}

testkit::both! {
    async fn a_place_that_names_no_unit_of_the_moment_waits_for_a_person_os_05(place: Place) {
        let town = Town::with(place, about_land()).await;
        let known = town.filed_about("31825", morning()).await;
        assert_eq!((known.unit, known.desk), (Some(town.other.0), town.desk.0), "received where it was filed, decided where the land lies");
        // the old code of Xã Lợi An, whose land lies in three communes of today
        let unknown = town.filed_about("32122", morning()).await;
        assert_eq!((unknown.unit, unknown.unit_path.clone(), unknown.desk), (None, None, town.desk.0));
        let cx = town.officer(town.people.desk, at("2026-11-23T09:00")).await;
        let waiting = town
            .db
            .read(async move |tx: &Read<'_>| {
                dossiers::list::<List>(tx, &cx.who, &Asked::of(Queue::NoCompetence), &clockwork(cx.by.now)).await
            })
            .await
            .unwrap();
        assert_eq!(waiting.iter().map(|row| row.id).collect::<Vec<_>>(), [unknown.id]);
    }

    async fn a_commune_that_was_divided_is_never_guessed_os_05(place: Place) {
        let town = Town::with(place, about_land()).await;
        let third = town.third_ward().await;
        town.ends_at_noon(town.other, "H12.101.01", vec![town.ward, third]).await;
        assert_eq!(town.filed_about("31825", at("2026-11-23T11:59")).await.unit, Some(town.other.0), "it lasts until noon");
        assert_eq!(town.filed_about("31825", end()).await.unit, None);
    }

    async fn a_commune_that_went_whole_into_another_is_answered_for_by_that_one_tl_04(place: Place) {
        let town = Town::with(place, about_land()).await;
        town.ends_at_noon(town.other, "H12.101.01", vec![town.ward]).await;
        assert_eq!(town.filed_about("31825", morning()).await.unit, Some(town.other.0));
        assert_eq!(town.filed_about("31825", afternoon()).await.unit, Some(town.ward.0));
    }

    async fn who_filed_with_a_commune_that_has_ended_is_received_and_answered_by_its_only_successor(place: Place) {
        let town = Town::on(place).await;
        let draft = town.draft(true).await;
        town.ends_at_noon(town.ward, "H12.164.01", vec![town.other]).await;
        let cx = Town::citizen(CITIZEN, afternoon());
        let row = town.db.write(async move |tx: &Write<'_>| service::submit(tx, &cx, draft, None).await).await.unwrap();
        assert_eq!((row.unit, row.desk_name.as_str()), (Some(town.other.0), "Trung tâm Bạc Liêu"));
    }

    async fn at_a_desk_a_residence_elsewhere_or_in_a_divided_commune_is_not_taken_for_the_desks_own(place: Place) {
        let town = Town::on(place).await;
        for (n, address, unit) in [
            (1, "Khóm Thử, Phường Bạc Liêu, tỉnh Cà Mau", Some(town.other.0)),
            (2, "Ấp Mẫu, Xã Lợi An, Huyện Trần Văn Thời, Tỉnh Cà Mau", None),
            (3, "Ấp Mẫu, Xã Đất Mũi, tỉnh Cà Mau", None),
            (4, "", Some(town.ward.0)),
        ] {
            let row = town.received_from(address, Uuid::from_u128(0xE0 + n)).await;
            assert_eq!((row.unit, row.desk), (unit, town.desk.0), "{address}");
        }
    }

    async fn a_department_that_has_ended_decides_nothing(place: Place) {
        let package = Package { competence: Competence::Department { key: "so-tu-phap".into() }, ..package() };
        let town = Town::with(place, package).await;
        let cx = Cx::machine(morning());
        let department = town
            .db
            .write(async move |tx: &Write<'_>| {
                let root = directory::root(tx).await?.unwrap();
                let code = "H12.03".parse().unwrap();
                let new = NewUnit::new(code, "Sở Tư pháp", UnitKind::Department, Some(root.id), at("2025-07-01T00:00"));
                let id = add_unit(tx, &cx, &NewUnit { key: "so-tu-phap".into(), ..new }).await?;
                close_unit(tx, &cx, id, end(), &[], "NQ 9/NQ-HĐND").await?;
                Ok::<_, directory::Error>(id)
            })
            .await
            .unwrap();
        let sent = async |now: Moment| {
            let (draft, cx) = (town.draft(true).await, Town::citizen(CITIZEN, now));
            town.db.write(async move |tx: &Write<'_>| service::submit(tx, &cx, draft, None).await).await.unwrap().unit
        };
        assert_eq!(sent(morning()).await, Some(department.0));
        assert_eq!(sent(afternoon()).await, None);
    }
}
