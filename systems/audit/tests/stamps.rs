//! Bills are stamped by a real authority over HTTP; what goes wrong is said and tried again; the commands of the guide reproduce the verdict.
use std::{process::Command, sync::Arc};

use audit::{
    Settings,
    jobs::{hands, order_what_is_due},
    service::{
        export::export,
        stamp::{Authority, BadAuthority, stamp_bill},
        verify::verify,
    },
};
use jiff::SignedDuration;
use pki::Roots;
use store::Read;
use testkit::tsa::Tsa;

use crate::house::House;

async fn authority() -> (Arc<Tsa>, Settings) {
    let tsa = Arc::new(Tsa::new());
    let settings = Settings { tsa: tsa.serve().await, roots: Some(tsa.path("root.pem")), ..Settings::default() };
    (tsa, settings)
}

/// A day passes: its bill is written and stamped.
async fn day(house: &House, settings: &Settings) {
    house.clock.advance(SignedDuration::from_hours(24));
    let hands = hands(settings, &house.files).unwrap();
    order_what_is_due(&house.db, house.clock.now(), !settings.tsa.is_empty()).await.unwrap();
    store::work_off(&house.db, &house.clock, &hands).await.unwrap();
    store::settle(&house.db, &house.clock, &[]).await.unwrap();
}

testkit::both! {
    async fn a_bill_is_stamped_and_the_stamp_verifies(place: testkit::Place) {
        let (house, (tsa, settings)) = (House::on(place).await, authority().await);
        house.happens(10).await;
        day(&house, &settings).await;
        let roots = Roots::from_pem(&tsa.root()).unwrap();
        let verdict = verify(&house.db, &house.files, Some(&roots)).await.unwrap();
        assert!(verdict.is_sound(), "{:?}", verdict.findings);
        assert_eq!((verdict.bills, verdict.stamped, verdict.unstamped), (1, 1, 0));
        assert_eq!(house.verdict().await.unjudged, 1, "without roots a stamp is not judged");
        let stranger = Roots::from_pem(&Tsa::new().root()).unwrap();
        let verdict = verify(&house.db, &house.files, Some(&stranger)).await.unwrap();
        assert_eq!(verdict.findings[0].fault, audit::finding::Fault::StampWrong);
    }

    async fn without_an_authority_bills_stay_unstamped_and_get_their_stamps_when_there_is_one(place: testkit::Place) {
        let house = House::on(place).await;
        house.happens(10).await;
        day(&house, &Settings::default()).await;
        day(&house, &Settings::default()).await;
        assert_eq!(house.verdict().await.unstamped, 2);
        let (tsa, settings) = authority().await;
        day(&house, &settings).await;
        let roots = Roots::from_pem(&tsa.root()).unwrap();
        let verdict = verify(&house.db, &house.files, Some(&roots)).await.unwrap();
        assert!(verdict.is_sound(), "{:?}", verdict.findings);
        assert_eq!((verdict.stamped, verdict.unstamped), (3, 0));
    }

    async fn an_authority_that_does_not_answer_is_said_and_asked_again(place: testkit::Place) {
        let house = House::on(place).await;
        let (tsa, settings) = authority().await;
        house.happens(10).await;
        let nobody = Settings { tsa: format!("http://127.0.0.1:{}/", testkit::free_port()), ..settings.clone() };
        day(&house, &nobody).await;
        let (bills, unstamped, why) = house.db.read(async |tx: &Read<'_>| audit::bill_state(tx).await).await.unwrap();
        assert_eq!((bills, unstamped), (1, 1));
        assert!(why.unwrap().starts_with("unanswered: "));
        // the job waits and is tried again
        house.clock.advance(SignedDuration::from_hours(1));
        store::work_off(&house.db, &house.clock, &hands(&settings, &house.files).unwrap()).await.unwrap();
        store::settle(&house.db, &house.clock, &[]).await.unwrap();
        let roots = Roots::from_pem(&tsa.root()).unwrap();
        assert_eq!(verify(&house.db, &house.files, Some(&roots)).await.unwrap().stamped, 1);
    }
}

#[test]
fn settings_that_lead_to_no_authority_are_named() {
    let tsa = Tsa::new();
    let good = Settings { tsa: "http://127.0.0.1:1/".into(), roots: Some(tsa.path("root.pem")), ..Settings::default() };
    assert!(Authority::of(&good).unwrap().is_some());
    assert!(Authority::of(&Settings::default()).unwrap().is_none());
    let wrong = |change: &dyn Fn(&mut Settings)| {
        let mut settings = good.clone();
        change(&mut settings);
        Authority::of(&settings).unwrap_err()
    };
    assert!(matches!(wrong(&|s| s.tsa = "ftp://tsa/".into()), BadAuthority::Line(_)));
    assert!(matches!(wrong(&|s| s.roots = None), BadAuthority::Roots(_)));
    assert!(matches!(wrong(&|s| s.roots = Some(tsa.path("nowhere.pem"))), BadAuthority::Roots(_)));
    assert!(matches!(wrong(&|s| s.policy = "chính sách".into()), BadAuthority::Policy(_)));
}

#[test]
fn nothing_is_sent_to_an_authority_whose_line_nobody_here_vouches_for() {
    testkit::run(async {
        let house = House::on(testkit::Engine::Sqlite.fresh().await).await;
        house.happens(10).await;
        let order = audit::service::write::Order::of_house(house.clock.now(), false);
        let bill = audit::service::write::write_bill(&house.db, &house.files, &order).await.unwrap();
        let tsa = Tsa::new();
        let server = tsa.speaks_tls();
        let said = async |ca_file| {
            let tsa_at = format!("https://localhost:{}/", server.port);
            let settings = Settings { tsa: tsa_at, roots: Some(tsa.path("root.pem")), ca_file, ..Settings::default() };
            let authority = Authority::of(&settings).unwrap().unwrap();
            stamp_bill(&house.db, &authority, &store::By::system(house.clock.now()), bill).await.unwrap_err().to_string()
        };
        let stranger = said(None).await;
        assert!(stranger.contains("certificate"), "{stranger}");
        let other = Tsa::new();
        let wrong = said(Some(other.path("root.pem"))).await;
        assert!(wrong.contains("certificate"), "{wrong}");
        // with the authority of its line it is spoken to, and makes no sense
        let known = said(Some(tsa.path("root.pem"))).await;
        assert!(!known.contains("certificate"), "{known}");
    });
}

/// The commands of docs/audit.md, as they stand there.
fn commands() -> Vec<String> {
    let guide = std::fs::read_to_string(testkit::root().join("docs/audit.md")).unwrap();
    guide.split("```bash\n").skip(1).map(|part| part.split("```").next().unwrap().to_owned()).collect()
}

/// Runs them in a folder of evidence; what they print, and whether all ended well.
fn judged(folder: &std::path::Path) -> (String, bool) {
    let (mut said, mut well) = (String::new(), true);
    for command in commands() {
        let out = Command::new("bash").args(["-c", &command]).current_dir(folder).output().unwrap();
        said += &format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        well &= out.status.success();
    }
    (said, well)
}

#[test]
fn the_commands_of_the_guide_reproduce_the_verdict_without_us() {
    testkit::run(async {
        let house = House::on(testkit::Engine::Sqlite.fresh().await).await;
        let (tsa, settings) = authority().await;
        for thing in [10, 20, 30] {
            house.happens(thing).await;
            house.looks(thing).await;
            house.looks(thing).await;
            day(&house, &settings).await;
        }
        let folder = tempfile::tempdir().unwrap();
        export(&house.db, &house.files, folder.path(), Some(&tsa.root())).await.unwrap();
        assert_eq!(commands().len(), 4);
        let (said, well) = judged(folder.path());
        assert!(well, "{said}");
        assert_eq!(said.matches("OK").count() - said.matches("Verification: OK").count(), 3 * 3, "{said}");
        assert_eq!(said.matches("Verification: OK").count(), 3, "{said}");
        // and each alteration is found by one of them
        for name in ["bill-000001.json", "bill-000002-events.txt", "bill-000002-reads.txt", "bill-000003.tst"] {
            let file = folder.path().join(name);
            let was = std::fs::read(&file).unwrap();
            let mut changed = was.clone();
            let at = changed.len() / 2;
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            std::fs::write(&file, &changed).unwrap();
            let (said, well) = judged(folder.path());
            assert!(!well, "{name}: {said}");
            std::fs::write(&file, was).unwrap();
        }
    });
}
