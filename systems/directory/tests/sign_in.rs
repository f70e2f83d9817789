//! Signing in: recorded, slowed down without locking anybody else out, with a second factor and recovery codes, by PIN at a change-over.
use base::Moment;
use directory::{
    Cx, PersonId, Realm, Role, hash_password,
    service::{
        account,
        sign_in::{Device, NotIn, Place, Step, remember_device, with_code, with_password, with_pin},
    },
    set_password,
};
use store::{By, Read, Write};

use crate::town::{Town, minutes, noon};

const PASSWORD: &str = "ghe xuồng ra Năm Căn";
const KEY: [u8; 32] = [9; 32];

async fn officer(town: &Town) -> PersonId {
    let person = town.officer("an.nguyen", town.ward, Role::CaseOfficer).await;
    let cx = Cx::machine(noon());
    let hashed = hash_password(PASSWORD, &["an.nguyen"], &cx.by.seed).await.unwrap();
    town.db.write(async move |tx: &Write<'_>| set_password(tx, &cx, person, &hashed, true).await).await.unwrap();
    person
}

fn from(network: &str) -> Place {
    Place { network: network.into(), device: None, agent: "test".into() }
}

fn by(at: Moment) -> By {
    By::new(uuid::Uuid::nil(), None, at)
}

async fn try_at(town: &Town, password: &str, place: &Place, at: Moment) -> Result<Step, NotIn> {
    with_password(&town.db, &by(at), Realm::Officer, "An.Nguyen ", password.into(), place, KEY).await.unwrap()
}

fn seconds(n: i64) -> Moment {
    Moment::from_micros(noon().micros() + n * 1_000_000)
}

/// Outcomes in the history, oldest first.
async fn history(town: &Town, person: PersonId) -> Vec<String> {
    let account = town.db.read(async move |tx: &Read<'_>| account::account(tx, person).await).await.unwrap();
    account.history.into_iter().rev().map(|t| t.outcome).collect()
}

testkit::both! {
    async fn right_and_wrong_passwords_are_both_recorded(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = officer(&town).await;
        let here = from("10.0.0.0/24");
        assert_eq!(try_at(&town, "mot mat khau khac", &here, seconds(1)).await, Err(NotIn::Wrong));
        assert!(matches!(try_at(&town, PASSWORD, &here, seconds(2)).await, Ok(Step::In(who)) if who.subject.id == person.0));
        assert_eq!(history(&town, person).await, ["wrong_password", "in"]);
        // nobody learns whether a name exists
        let unknown = with_password(&town.db, &by(seconds(3)), Realm::Officer, "khong.co", "x".into(), &here, KEY).await.unwrap();
        assert_eq!(unknown, Err(NotIn::Wrong));
        let citizen = with_password(&town.db, &by(seconds(3)), Realm::Citizen, "an.nguyen", PASSWORD.into(), &here, KEY).await.unwrap();
        assert_eq!(citizen, Err(NotIn::Wrong), "realms are apart");
    }

    async fn whoever_guesses_waits_and_the_owner_elsewhere_does_not(place: testkit::Place) {
        let town = Town::on(place).await;
        officer(&town).await;
        let (attacker, owner) = (from("203.0.113.0/24"), from("10.0.0.0/24"));
        for n in 0..5 {
            assert_eq!(try_at(&town, "sai", &attacker, seconds(n)).await, Err(NotIn::Wrong));
        }
        assert!(matches!(try_at(&town, PASSWORD, &attacker, seconds(5)).await, Err(NotIn::Wait(_))), "not even looked at");
        assert!(matches!(try_at(&town, PASSWORD, &owner, seconds(5)).await, Ok(Step::In(_))));
        // on a browser known to the account the owner is free even inside the attacked network
        let (device, _) = Device::fresh(&by(noon()));
        let person = town.db.read(async |tx: &Read<'_>| tx.one::<uuid::Uuid>(store::sql!("SELECT id FROM person"), &[]).await).await.unwrap();
        town.db.write(async move |tx: &Write<'_>| remember_device(tx, &by(noon()), person, &device).await).await.unwrap();
        let known = Place { device: Some(device), ..attacker.clone() };
        assert!(matches!(try_at(&town, PASSWORD, &known, seconds(5)).await, Ok(Step::In(_))));
        let stolen_id = Place { device: Some(Device { key: [0; 32], ..device }), ..attacker.clone() };
        assert!(matches!(try_at(&town, PASSWORD, &stolen_id, seconds(5)).await, Err(NotIn::Wait(_))), "the id alone is not the browser");
        assert!(matches!(try_at(&town, PASSWORD, &attacker, minutes(70)).await, Ok(Step::In(_))), "the wait ends");
    }

    async fn a_hundred_guesses_at_once_are_a_hundred_charges(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = officer(&town).await;
        let place = from("203.0.113.0/24");
        let tries = (0..100).map(|_| {
            let (db, place) = (town.db.clone(), place.clone());
            tokio::spawn(async move {
                with_password(&db, &by(noon()), Realm::Officer, "an.nguyen", "sai".into(), &place, KEY).await.unwrap()
            })
        });
        let mut looked_at = 0;
        for one in tries.collect::<Vec<_>>() {
            looked_at += usize::from(one.await.unwrap() == Err(NotIn::Wrong));
        }
        assert_eq!(looked_at, 5, "four free tries and the one that begins the wait");
        assert_eq!(history(&town, person).await.len(), 5);
    }

    async fn the_second_factor_is_asked_and_a_code_works_once(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = officer(&town).await;
        let here = from("10.0.0.0/24");
        let by_now = by(noon());
        let secret = town.db.write(async move |tx: &Write<'_>| account::offer_totp(tx, person.0, &by_now.seed).await).await.unwrap().unwrap();
        assert!(matches!(try_at(&town, PASSWORD, &here, noon()).await, Ok(Step::In(_))), "not confirmed: not asked");
        let code = |at: Moment| totp_rs::TOTP::new(totp_rs::Algorithm::SHA1, 6, 1, 30, secret.clone()).unwrap().generate((at.micros() / 1_000_000) as u64);
        let first = code(noon());
        let recovery = town.db.write(async move |tx: &Write<'_>| account::confirm_totp(tx, &by_now, person.0, &first).await).await.unwrap();
        assert_eq!(recovery.len(), 10);

        let second = async |code: &str, at| with_code(&town.db, &by(at), Realm::Officer, code.into(), &here, KEY).await.unwrap();
        assert_eq!(try_at(&town, PASSWORD, &here, minutes(1)).await, Ok(Step::Second));
        assert_eq!(second(&code(noon()), minutes(1)).await, Err(NotIn::Wrong), "used for the enrolment");
        assert!(second(&code(minutes(1)), minutes(1)).await.is_ok());
        assert_eq!(second(&code(minutes(2)), minutes(2)).await, Err(NotIn::Again), "the password comes first");

        assert_eq!(try_at(&town, PASSWORD, &here, minutes(3)).await, Ok(Step::Second));
        assert!(second(&recovery[3].to_lowercase(), minutes(3)).await.is_ok());
        assert_eq!(try_at(&town, PASSWORD, &here, minutes(4)).await, Ok(Step::Second));
        assert_eq!(second(&recovery[3], minutes(4)).await, Err(NotIn::Wrong), "a recovery code works once");
        for _ in 0..4 {
            assert_eq!(second("000000", minutes(4)).await, Err(NotIn::Wrong));
        }
        assert_eq!(second(&code(minutes(4)), minutes(4)).await, Err(NotIn::Again), "too many wrong codes");
        assert_eq!(try_at(&town, PASSWORD, &here, minutes(20)).await, Ok(Step::Second));
        assert_eq!(second(&code(minutes(31)), minutes(31)).await, Err(NotIn::Again), "too late");
    }

    async fn at_a_change_over_a_pin_is_enough_on_the_browser_of_the_morning(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = officer(&town).await;
        let (device, _) = Device::fresh(&by(noon()));
        let here = Place { device: Some(device), ..from("10.0.0.0/24") };
        account::set_pin(&town.db, &by(noon()), person.0, PASSWORD.into(), "482913".into()).await.unwrap();
        let pin = async |pin: &str, place: &Place, at| with_pin(&town.db, &by(at), person.0, pin.into(), place).await.unwrap();
        assert_eq!(pin("482913", &here, noon()).await, Err(NotIn::Again), "nobody signed in here today");
        town.db.write(async move |tx: &Write<'_>| remember_device(tx, &by(noon()), person.0, &device).await).await.unwrap();
        assert!(pin("482913", &here, minutes(1)).await.is_ok());
        assert!(pin(PASSWORD, &here, minutes(1)).await.is_ok(), "who has no PIN types the password");
        assert_eq!(pin("482914", &here, minutes(1)).await, Err(NotIn::Wrong));
        let elsewhere = Place { device: Some(Device::fresh(&by(noon())).0), ..here.clone() };
        assert_eq!(pin("482913", &elsewhere, minutes(1)).await, Err(NotIn::Again));
        assert_eq!(pin("482913", &here, minutes(13 * 60)).await, Err(NotIn::Again), "the next day everything is asked again");
        for _ in 0..4 {
            assert_eq!(pin("000111", &here, minutes(2)).await, Err(NotIn::Wrong));
        }
        assert_eq!(pin("482913", &here, minutes(2)).await, Err(NotIn::Again), "five wrong ones");
    }

    async fn thirty_pins_at_once_are_five_tries(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = officer(&town).await;
        let (device, _) = Device::fresh(&by(noon()));
        let here = Place { device: Some(device), ..from("10.0.0.0/24") };
        account::set_pin(&town.db, &by(noon()), person.0, PASSWORD.into(), "482913".into()).await.unwrap();
        town.db.write(async move |tx: &Write<'_>| remember_device(tx, &by(noon()), person.0, &device).await).await.unwrap();
        let tries = (0..30).map(|_| {
            let (db, here) = (town.db.clone(), here.clone());
            tokio::spawn(async move { with_pin(&db, &by(minutes(1)), person.0, "000111".into(), &here).await.unwrap() })
        });
        let mut looked_at = 0;
        for one in tries.collect::<Vec<_>>() {
            looked_at += usize::from(one.await.unwrap() == Err(NotIn::Wrong));
        }
        assert_eq!(looked_at, 5);
        assert_eq!(history(&town, person).await, ["wrong_pin"; 5]);
        let right = with_pin(&town.db, &by(minutes(1)), person.0, "482913".into(), &here).await.unwrap();
        assert_eq!(right, Err(NotIn::Again), "everything is asked again");
    }

    async fn a_new_password_makes_every_browser_prove_itself_again(place: testkit::Place) {
        let town = Town::on(place).await;
        let person = officer(&town).await;
        let (device, _) = Device::fresh(&by(noon()));
        let here = Place { device: Some(device), ..from("10.0.0.0/24") };
        town.db.write(async move |tx: &Write<'_>| remember_device(tx, &by(noon()), person.0, &device).await).await.unwrap();
        let change = async |current: &str, new: &str| {
            account::change_password(&town.db, &by(minutes(1)), person.0, current.into(), new, "an.nguyen", None).await
        };
        assert!(change("sai mat khau", "đò chiều rạch Tàu").await.is_err());
        assert!(change(PASSWORD, "matkhau123").await.is_err(), "among the commonest");
        change(PASSWORD, "đò chiều rạch Tàu").await.unwrap();
        let pin = with_pin(&town.db, &by(minutes(2)), person.0, "đò chiều rạch Tàu".into(), &here).await.unwrap();
        assert_eq!(pin, Err(NotIn::Again));
        assert_eq!(try_at(&town, PASSWORD, &from("10.0.0.0/24"), minutes(3)).await, Err(NotIn::Wrong));
    }
}
