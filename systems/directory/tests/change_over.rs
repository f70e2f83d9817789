//! Two officers on one PC: one leaves, the other takes over with a PIN, and each finds the page they were on.
use directory::service::account;
use store::By;

use crate::{
    sign_in_pages::{PASSWORD, officer, sign_in},
    town::{Served, minutes, noon, serve},
};

async fn with_pin(served: &Served, login: &'static str) -> directory::PersonId {
    let person = officer(served, login, true).await;
    let by = By::new(person.0, None, noon());
    account::set_pin(&served.town.db, &by, person.0, PASSWORD.into(), "482913".into()).await.unwrap();
    person
}

testkit::both! {
    async fn two_officers_change_over_on_one_pc_and_come_back_to_their_pages(place: testkit::Place) {
        let served = serve(place, true).await;
        let (an, binh) = (with_pin(&served, "an.nguyen").await.to_string(), with_pin(&served, "binh.tran").await.to_string());
        let pc = served.browser();
        // the morning: both sign in once with everything
        sign_in(&pc, "an.nguyen", PASSWORD, "/can-bo/toi").await.must(200);
        let me = sign_in(&pc, "binh.tran", PASSWORD, "/can-bo/toi").await.must(200);
        // Bình leaves from a page; the PC is locked
        let locked = pc.post(&me, "/can-bo/doi-ca/khoa", &[("next", "/can-bo/toi?trang=7")]).await.must(200);
        assert_eq!(locked.path, "/can-bo/doi-ca");
        assert!(pc.get("/can-bo/toi").await.path.starts_with("/can-bo/dang-nhap"), "locked");
        // An takes over: one choice, one PIN
        let began = std::time::Instant::now();
        let locked = pc.get("/can-bo/doi-ca").await.must(200);
        let wrong = pc.post(&locked, "/can-bo/doi-ca", &[("nguoi", &an), ("pin", "000999"), ("next", "")]).await.must(422);
        let taken = pc.post(&wrong, "/can-bo/doi-ca", &[("nguoi", &an), ("pin", "482913"), ("next", "/can-bo/toi")]).await.must(200);
        assert_eq!(taken.path, "/can-bo/toi");
        assert!(began.elapsed().as_secs() < 10);
        assert!(taken.text.contains("Đã vào bằng PIN"));
        // without locking: An is there, Bình takes over and is back on the page left before
        let over = pc.get("/can-bo/doi-ca").await.must(200);
        assert!(!over.text.contains(&an) && over.text.contains(&binh), "whoever is there is not offered");
        let back = pc.post(&over, "/can-bo/doi-ca", &[("nguoi", &binh), ("pin", "482913"), ("next", ""), ("roi", "/can-bo/toi/pin")]).await.must(200);
        assert_eq!(back.path, "/can-bo/toi?trang=7");
        // and so is An
        let over = pc.get("/can-bo/doi-ca").await.must(200);
        let back = pc.post(&over, "/can-bo/doi-ca", &[("nguoi", &an), ("pin", "482913"), ("next", "")]).await.must(200);
        assert_eq!(back.path, "/can-bo/toi/pin");
    }

    async fn who_takes_over_at_the_counter_begins_at_the_counter(place: testkit::Place) {
        let served = serve(place, true).await;
        with_pin(&served, "an.nguyen").await;
        let binh = with_pin(&served, "binh.tran").await.to_string();
        let pc = served.browser();
        sign_in(&pc, "binh.tran", PASSWORD, "/can-bo/toi").await.must(200);
        sign_in(&pc, "an.nguyen", PASSWORD, "/can-bo/toi").await.must(200);
        let over = pc.get("/can-bo/doi-ca").await.must(200);
        let open = "/can-bo/tai-quay/0193a000-0000-7000-8000-000000000001";
        let taken = pc.post(&over, "/can-bo/doi-ca", &[("nguoi", &binh), ("pin", "482913"), ("next", ""), ("roi", open)]).await;
        assert_eq!(taken.path, "/can-bo/tai-quay", "what was open there is another's");
    }

    async fn signing_out_forgets_the_person_on_this_pc(place: testkit::Place) {
        let served = serve(place, true).await;
        let an = with_pin(&served, "an.nguyen").await.to_string();
        let pc = served.browser();
        let me = sign_in(&pc, "an.nguyen", PASSWORD, "/can-bo/toi").await.must(200);
        let form = pc.get("/can-bo/doi-ca").await.must(200);
        pc.post(&me, "/can-bo/dang-xuat", &[]).await.must(200);
        assert!(pc.get("/can-bo/doi-ca").await.path.starts_with("/can-bo/dang-nhap"), "nobody is left here");
        let fresh = pc.get("/can-bo/dang-nhap").await;
        let tried = pc.post(&fresh, "/can-bo/doi-ca", &[("nguoi", &an), ("pin", "482913"), ("next", "")]).await;
        assert!(tried.path.starts_with("/can-bo/dang-nhap"), "{} {}", tried.path, form.path);
    }

    async fn the_next_day_a_pin_is_not_enough(place: testkit::Place) {
        let served = serve(place, true).await;
        let an = with_pin(&served, "an.nguyen").await.to_string();
        let pc = served.browser();
        let me = sign_in(&pc, "an.nguyen", PASSWORD, "/can-bo/toi").await.must(200);
        let locked = pc.post(&me, "/can-bo/doi-ca/khoa", &[]).await.must(200);
        served.clock.set(minutes(17 * 60));
        let tried = pc.post(&locked, "/can-bo/doi-ca", &[("nguoi", &an), ("pin", "482913"), ("next", "")]).await;
        assert!(tried.path.starts_with("/can-bo/dang-nhap"));
        assert!(tried.text.contains("Nháp của bạn vẫn còn nguyên"));
    }
}
