//! What an officer's looking leaves: for what, in the words its owner reads; and each search.

use crate::front::Front;
use crate::given::{at, package};
use directory::PersonId;
use jiff::SignedDuration;
use onestop::dossier::Verdict;
use store::Read;
use testkit::Place;
use uuid::Uuid;

/// For what somebody looked at a dossier last, and how often they searched.
async fn last(front: &Front, who: PersonId, id: Uuid) -> (Option<String>, i64) {
    let later = front.clock.now().plus(SignedDuration::from_secs(1));
    front
        .town
        .db
        .read(async move |tx: &Read<'_>| {
            let looks = directory::who_looked_at_thing(tx, id, 100).await?;
            let mine = looks.into_iter().find(|look| look.who == who.0 && look.at < later).map(|look| look.purpose);
            let searched =
                tx.one(store::sql!("SELECT count(*) FROM reads WHERE thing_kind = 'search' AND who = $1"), &[&who.0]).await?;
            Ok::<_, store::Error>((mine, searched))
        })
        .await
        .unwrap()
}

testkit::both! {
    async fn the_owner_reads_what_each_officer_had_to_do_with_the_dossier(place: Place) {
        let front = Front::on(place, package()).await;
        let people = &front.town.people;
        front.clock.set(at("2026-11-23T08:10"));
        let id = front.town.submitted().await.id;
        let opens = async |who: PersonId| {
            // each look in a minute of its own: the last one is found by its time
            front.clock.advance(SignedDuration::from_mins(1));
            let officer = front.officer(who).await;
            front.get(&officer, &format!("/can-bo/ho-so/{id}")).await.must(200);
            last(&front, who, id).await.0.unwrap()
        };
        assert_eq!(opens(people.desk).await, "kiểm tra và tiếp nhận hồ sơ");
        front.town.check(people.desk, id, Verdict::Good).await.unwrap();
        front.town.accept(people.desk, id, front.clock.now()).await.unwrap();
        assert_eq!(opens(people.desk).await, "trả lời người nộp hồ sơ");
        assert_eq!(opens(people.leader).await, "điều hành, theo dõi tiến độ");
        assert_eq!(opens(people.case).await, "nhận việc đang chờ");
        let case = front.officer(people.case).await;
        front.post(&case, &format!("/can-bo/ho-so/{id}/nhan-viec"), &[]).await.must(303);
        assert_eq!(opens(people.case).await, "giải quyết bước đang giữ");
    }

    async fn a_program_that_opens_a_dossier_leaves_what_there_was_to_do_too(place: Place) {
        let front = Front::on(place, package()).await;
        let who = front.town.people.desk;
        front.clock.set(at("2026-11-23T08:10"));
        let id = front.town.submitted().await.id;
        let desk = front.officer(who).await;
        front.call(&desk, http::Method::GET, &format!("/api/v1/dossiers/{id}"), "").await.must(200);
        assert_eq!(last(&front, who, id).await.0.as_deref(), Some("kiểm tra và tiếp nhận hồ sơ"));
    }

    async fn each_search_is_a_look_without_the_words_and_a_list_of_ones_own_work_is_none(place: Place) {
        let front = Front::on(place, package()).await;
        let id = front.town.accepted().await.id;
        front.clock.set(at("2026-11-23T08:30"));
        let who = front.town.people.case;
        let case = front.officer(who).await;
        front.get(&case, "/can-bo").await.must(200);
        assert_eq!(last(&front, who, id).await.1, 0);
        front.get(&case, "/can-bo?q=nguyen").await.must(200);
        front.get(&case, "/can-bo?q=nguyen").await.must(200);
        assert_eq!(last(&front, who, id).await.1, 2);
        let written: String = front
            .town
            .db
            .read(async |tx: &Read<'_>| tx.one(store::sql!("SELECT max(purpose) FROM reads WHERE thing_kind = 'search'"), &[]).await)
            .await
            .unwrap();
        assert!(!written.contains("nguyen"));
    }

    async fn the_page_after_receiving_is_a_look_at_everybody_it_names(place: Place) {
        let front = Front::on(place, package()).await;
        front.clock.set(at("2026-11-23T08:30"));
        let reception = Uuid::from_u128(0xE1);
        let id = crate::counter::received(&front.town, reception, at("2026-11-23T08:20")).await.id;
        let colleague = front.town.people.colleague;
        let officer = front.officer(colleague).await;
        assert_eq!(last(&front, colleague, id).await.0, None);
        front.get(&officer, &format!("/can-bo/tai-quay/{reception}/xong")).await.must(200);
        assert_eq!(last(&front, colleague, id).await.0.as_deref(), Some("trả lời người nộp hồ sơ"));
    }
}
