//! The inbox: found by any word of a dossier, narrowed, sorted, and counted as it is shown; on both engines alike.

use crate::counter::received;
use crate::front::Front;
use crate::given::{at, package};
use crate::town::Town;
use catalogue::package::Channel;
use directory::PersonId;
use onestop::acts::List;
use onestop::pages::inbox::clockwork;
use onestop::row::DossierRow;
use onestop::sql::dossiers::{self, Asked, Counts, Held, Queue, SortBy};
use store::{Read, Write};
use testkit::Place;
use uuid::Uuid;

impl Town {
    async fn listed_as(&self, by: PersonId, asked: Asked) -> (Vec<DossierRow>, Counts) {
        let cx = self.officer(by, at("2026-11-23T09:00")).await;
        let look = async move |tx: &Read<'_>| {
            let at = clockwork(cx.by.now);
            let rows = dossiers::list::<List>(tx, &cx.who, &asked, &at).await?;
            Ok::<_, store::Error>((rows, dossiers::counts::<List>(tx, &cx.who, &asked, &at).await?))
        };
        self.db.read(look).await.unwrap()
    }

    async fn found_by(&self, by: PersonId, query: &str) -> Vec<Uuid> {
        let (rows, counts) = self.listed_as(by, Asked { query: query.to_owned(), ..Asked::of(Queue::All) }).await;
        assert_eq!(counts.matched, rows.len() as i64, "{query}: what is counted is what is shown");
        rows.iter().map(|row| row.id).collect()
    }
}

testkit::both! {
    async fn a_page_of_the_list_names_the_next_one_until_the_last(place: Place) {
        let front = Front::on(place, package()).await;
        let desk = front.officer(front.town.people.desk).await;
        for _ in 0..2 {
            front.town.submitted().await;
        }
        let next = async |page: u64| {
            let path = format!("/api/v1/dossiers?limit=1&page={page}");
            let list = front.call(&desk, http::Method::GET, &path, "").await.must(200);
            let list: serde_json::Value = serde_json::from_str(&list.text).unwrap();
            (list["total"].as_i64(), list["next"].as_u64())
        };
        assert_eq!((next(1).await, next(2).await), ((Some(2), Some(2)), (Some(2), None)));
    }

    async fn a_dossier_is_found_by_its_codes_its_person_and_its_procedure(place: Place) {
        let town = Town::on(place).await;
        let (desk, accepted) = (town.people.desk, town.accepted().await);
        let walked_in = received(&town, Uuid::from_u128(0xD1), at("2026-11-23T08:30")).await;
        let code = accepted.code.clone().unwrap();
        let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let filing = accepted.filing_code.clone();
        for query in ["trần thị thử", "TRAN", "thu tran", "0900 000 002", "H12.164-261123-0001", &code, &bare, &filing, &filing.replace('-', "").to_lowercase(), "tran khai sinh"] {
            assert_eq!(town.found_by(desk, query).await, [accepted.id], "{query}");
        }
        assert_eq!(town.found_by(desk, "Ví Dụ").await, [walked_in.id]);
        assert_eq!(town.found_by(desk, "khai sinh").await.len(), 2);
        assert_eq!(town.found_by(desk, "").await.len(), 2, "no word narrows nothing");
        for nothing in ["nguyễn", "H12.164-261123-0009", "% _ ' \" OR *"] {
            assert!(town.found_by(desk, nothing).await.is_empty(), "{nothing}");
        }
        assert!(town.found_by(town.people.other_desk, "tran").await.is_empty(), "another ward finds nothing of this one");
    }

    async fn a_list_is_narrowed_sorted_and_counted_in_one_go(place: Place) {
        let town = Town::on(place).await;
        let (case, online) = (town.people.case, town.accepted().await);
        let direct = received(&town, Uuid::from_u128(0xD1), at("2026-11-23T08:30")).await;
        let asked = |change: &dyn Fn(&mut Asked)| {
            let mut asked = Asked::of(Queue::Todo);
            change(&mut asked);
            asked
        };
        let ids = async |asked: Asked| {
            let (rows, counts) = town.listed_as(case, asked).await;
            assert_eq!(counts.matched, rows.len() as i64);
            assert_eq!(counts.tabs[0], 2, "tabs count whole queues");
            assert_eq!(counts.fields, [("Hộ tịch".to_owned(), 2)]);
            rows.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!(ids(asked(&|a| a.channel = Some(Channel::Online))).await, [online.id]);
        assert_eq!(ids(asked(&|a| a.channel = Some(Channel::Post))).await, Vec::<Uuid>::new());
        assert_eq!(ids(asked(&|a| a.field = Some("Hộ tịch".into()))).await.len(), 2);
        assert_eq!(ids(asked(&|a| a.field = Some("Đất đai".into()))).await, Vec::<Uuid>::new());
        assert_eq!(ids(asked(&|a| a.sort = SortBy::Code)).await, [online.id, direct.id]);
        assert_eq!(ids(asked(&|a| (a.sort, a.down) = (SortBy::Code, true))).await, [direct.id, online.id]);
        assert_eq!(ids(asked(&|a| a.sort = SortBy::Procedure)).await.len(), 2);
        let (now, id) = (at("2026-11-23T08:45"), online.id);
        let cx = town.officer(case, now).await;
        let claim = async move |tx: &Write<'_>| onestop::service::claim(tx, &cx, id, onestop::dossier::When::now(now)).await;
        town.db.write(claim).await.unwrap();
        assert_eq!(ids(asked(&|a| a.held = Held::ByMe)).await, [online.id]);
        assert_eq!(ids(asked(&|a| a.held = Held::ByNobody)).await, [direct.id]);
    }

    async fn the_page_offers_its_conditions_as_links_and_keeps_them_in_the_form(place: Place) {
        let front = Front::on(place, package()).await;
        front.town.accepted().await;
        let case = front.officer(front.town.people.case).await;
        let page = front.get(&case, "/can-bo?hang=can-lam&q=tran&kenh=online&xep=-ma").await.must(200).text;
        for part in ["name=\"kenh\" value=\"online\"", "name=\"xep\" value=\"-ma\"", "value=\"tran\"", "giu=chua", "aria-sort=\"descending\""] {
            assert!(page.contains(part), "{part}");
        }
        assert!(page.contains("Trần Thị Thử"));
        assert!(!page.contains("Hạn hôm nay,"), "days are no groups in another order");
        let none = front.get(&case, "/can-bo?hang=can-lam&kenh=post").await.must(200).text;
        assert!(none.contains("Không có hồ sơ nào khớp"));
        // what is no column, no channel and no holder changes nothing
        let odd = front.get(&case, "/can-bo?hang=can-lam&kenh=%27&giu=x&xep=%3Cb%3E").await.must(200).text;
        assert!(odd.contains("Trần Thị Thử") && odd.contains("Hạn hôm nay,"));
    }
}

/// Whoever files twice is found twice.
#[test]
fn what_a_dossier_is_found_by_is_what_people_say() {
    let mut row = crate::given::row(&package());
    (row.code, row.applicant_phone) = (Some("H12.164-261123-0001".into()), Some("0900 000 002".into()));
    let texts = row.findable();
    for text in [row.filing_code.as_str(), "H12.164-261123-0001", "H121642611230001", "Trần Thị Thử", "0900 000 002"] {
        assert!(texts.iter().any(|t| t == text), "{text} in {texts:?}");
    }
}
