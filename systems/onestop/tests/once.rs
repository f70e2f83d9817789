//! Every form of the officers' pages that acts on a dossier, pressed twice with the key it carries: the same answer, and one effect.

use crate::front::{Answer, Front, Person, pdf};
use crate::given::{at, package};
use http::{Method, header};
use onestop::events::Event;
use std::collections::BTreeSet;
use store::Read;
use testkit::Place;
use uuid::Uuid;
use web::Door;

/// The counter's forms carry no key: the id in their address, which the page chose, is the key (`tests/counter.rs` presses them twice).
const COUNTER: [&str; 3] = ["/can-bo/tai-quay/{id}", "/can-bo/tai-quay/{id}/nhan", "/can-bo/tai-quay/{id}/tiep"];

/// What a form sends beside its key: its fields, and its file.
type Filled<'a> = (&'a [(&'a str, &'a str)], &'a [(&'a str, &'a str, &'a [u8])]);

struct Pressed<'f> {
    front: &'f Front,
    routes: BTreeSet<String>,
}

impl Pressed<'_> {
    /// Presses a form of the dossier's page twice.
    async fn twice(&mut self, who: &Person, id: Uuid, word: &str, filled: Filled<'_>) {
        let page = format!("/can-bo/ho-so/{id}?viec={word}");
        self.form(who, id, &page, &format!("/can-bo/ho-so/{id}/{word}"), filled).await;
    }

    async fn form(&mut self, who: &Person, id: Uuid, page: &str, action: &str, (fields, files): Filled<'_>) {
        let page = self.front.get(who, page).await.must(200);
        let key = key_of(&page.text, action);
        let all = [fields, &[("lan", key.as_str())]].concat();
        let first = self.front.post_files(who, action, &all, files).await.must(303);
        let effect = self.effect(id).await;
        let second = self.front.post_files(who, action, &all, files).await.must(303);
        assert_eq!((first.location(), said(&first)), (second.location(), said(&second)), "{action}");
        assert_eq!(self.effect(id).await, effect, "{action} was done twice");
        self.routes.insert(action.replace(&id.to_string(), "{id}"));
    }

    /// How much happened to a dossier: events, files, notes.
    async fn effect(&self, id: Uuid) -> (usize, usize, usize) {
        let look = async move |tx: &Read<'_>| {
            let (events, added) = (store::events::<Event>(tx, id).await?, onestop::sql::papers::added(tx, id).await?);
            Ok::<_, store::Error>((events.len(), added.files.len(), added.notes.len()))
        };
        self.front.town.db.read(look).await.unwrap()
    }
}

/// The key that the form to this address carries.
fn key_of(page: &str, action: &str) -> String {
    let to = format!("action=\"{action}\"");
    let form = page.split("<form").find(|form| form.contains(&to)).unwrap_or_else(|| panic!("no form to {action}"));
    let (_, rest) = form.split_once("name=\"lan\" value=\"").unwrap_or_else(|| panic!("the form to {action} carries no key"));
    let key = rest.split('"').next().unwrap_or_default();
    assert!(!key.is_empty(), "the key of {action} is empty");
    key.to_owned()
}

/// The sentence left for the next page.
fn said(answer: &Answer) -> Option<String> {
    let mut cookies = answer.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
    cookies.find(|cookie| cookie.starts_with("said=")).map(str::to_owned)
}

testkit::both! {
    async fn every_form_of_the_officers_pages_pressed_twice_acts_once_and_says_the_same(place: Place) {
        let front = Front::on(place, package()).await;
        front.clock.set(at("2026-11-23T08:30"));
        let p = front.town.people;
        let (desk, head, case) = (front.officer(p.desk).await, front.officer(p.head).await, front.officer(p.case).await);
        let (leader, clerk) = (front.officer(p.leader).await, front.officer(p.clerk).await);
        let mut pressed = Pressed { front: &front, routes: BTreeSet::new() };
        let draft = pdf("dự thảo");
        let with_draft: &[(&str, &str, &[u8])] = &[("tep", "du-thao.pdf", draft.as_slice())];

        let id = front.town.submitted().await.id;
        pressed.twice(&desk, id, "giay-to", (&[("giay-to", "chung-sinh"), ("ket-luan", "good")], &[])).await;
        pressed.twice(&desk, id, "tiep-nhan", (&[], &[])).await;
        pressed.twice(&case, id, "nhan-viec", (&[], &[])).await;
        pressed.twice(&case, id, "tra-hang", (&[], &[])).await;
        pressed.twice(&case, id, "ghi-chu", (&[("ghi-chu", "Đã gọi điện")], with_draft)).await;
        pressed.twice(&case, id, "chuyen-tiep", (&[("ghi-chu", "Đủ điều kiện")], with_draft)).await;
        pressed.twice(&leader, id, "tra-lai", (&[("ly-do", "Ghi rõ ngày sinh")], &[])).await;
        pressed.twice(&case, id, "chuyen-tiep", (&[("ghi-chu", "Đã ghi")], &[])).await;
        pressed.twice(&leader, id, "duyet", (&[], &[])).await;
        // without a file the letter is made here, and once
        pressed.twice(&clerk, id, "ban-hanh", (&[("so", "12/TB-UBND")], &[])).await;
        pressed.twice(&desk, id, "tra-ket-qua", (&[("kenh", "desk")], &[])).await;

        let id = front.town.submitted().await.id;
        let asked = [("ly-do.chung-sinh", "Ảnh mờ"), ("can-cu.chung-sinh", "Luật Hộ tịch, Điều 16")];
        pressed.twice(&desk, id, "bo-sung", (&asked, &[])).await;
        pressed.twice(&desk, id, "nhan-bo-sung", (&[("da-nhan", "chung-sinh")], &[])).await;

        let id = front.town.accepted().await.id;
        let elsewhere = [("co-quan", "H12.101"), ("ly-do", "Nơi cư trú đã đổi")];
        pressed.twice(&head, id, "tham-quyen", (&elsewhere, &[])).await;

        let id = front.town.accepted().await.id;
        pressed.twice(&case, id, "chuyen-tiep", (&[("ghi-chu", "Không đủ điều kiện")], &[])).await;
        pressed.twice(&leader, id, "khong-duyet", (&[("ly-do", "Chưa đủ giấy tờ")], &[])).await;

        let id = front.town.accepted().await.id;
        pressed.twice(&case, id, "chuyen-tiep", (&[("ghi-chu", "Đủ điều kiện")], &[])).await;
        let (page, action) = (format!("/can-bo/duyet?ho-so={id}"), format!("/can-bo/duyet/{id}"));
        pressed.form(&leader, id, &page, &action, (&[("viec", "duyet")], &[])).await;

        let is_ours = |door: &Door| matches!(door, Door::Officer(act) if act.starts_with("onestop."));
        let forms = front.routes.iter().filter(|r| r.method == Method::POST && is_ours(&r.door) && !r.path.starts_with("/api/"));
        let forgotten: Vec<_> =
            forms.filter(|r| !COUNTER.contains(&r.path.as_str()) && !pressed.routes.contains(&r.path)).map(|r| &r.path).collect();
        assert!(forgotten.is_empty(), "pressed twice nowhere: {forgotten:?}");
    }
}
