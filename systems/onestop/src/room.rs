//! The room: its tables, its addresses with their doors, its places in the menus.

use crate::pages::{acting, counter, decisions, dossier, filing, inbox, papers, tracking};
use crate::service::{FirstPicks, MostDrafts};
use crate::{acts, api, index};
use axum::Extension;
use axum::extract::DefaultBodyLimit;
use directory::Act;
use std::sync::Arc;
use web::{Door, Link, Room, Routes};

/// Tables of this system.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration { number: 1, name: "dossiers", sql: include_str!("../migrations/0001_dossiers.sql") },
    store::Migration { number: 2, name: "counter", sql: include_str!("../migrations/0002_counter.sql") },
    store::Migration { number: 3, name: "tries", sql: include_str!("../migrations/0003_tries.sql") },
    store::Migration { number: 4, name: "acts", sql: include_str!("../migrations/0004_acts.sql") },
    store::Migration { number: 5, name: "filed", sql: include_str!("../migrations/0005_filed.sql") },
    store::Migration { number: 6, name: "search", sql: include_str!("../migrations/0006_search.sql") },
    store::Migration { number: 7, name: "proofs", sql: include_str!("../migrations/0007_proofs.sql") },
];

/// Largest form with its files, in bytes: three files of the default limit in one send.
const MAX_FORM: usize = 32 * 1024 * 1024;

const fn officer<A: Act>() -> Door {
    Door::Officer(A::SPEC.name)
}

/// The one-stop as one value; desks without a history of their own offer `first`, a citizen has at most so many drafts open.
pub fn room(finder: Arc<catalogue::Finder>, first: FirstPicks, most: MostDrafts) -> Room {
    Room::new("onestop")
        .migrations(MIGRATIONS)
        .api(api::api().with(|router| router.layer(Extension(most))))
        .pages(citizens(officers(Routes::new())).with(|router| {
            let router = router.layer(Extension(finder)).layer(Extension(first)).layer(Extension(most));
            router.layer(DefaultBodyLimit::max(MAX_FORM))
        }))
        .job(store::hand(index::Indexer))
        .link(Link::citizen("/tra-cuu", "Tra cứu hồ sơ", "qr").order(10))
        .link(Link::citizen("/ho-so-cua-toi", "Hồ sơ của tôi", "inbox").order(20))
        .link(Link::rail("/can-bo", "Hồ sơ", "inbox").act(acts::List::SPEC.name).order(10))
        .link(Link::rail("/can-bo/tai-quay", "Tại quầy", "desk").act(acts::Receive::SPEC.name).order(20))
        .link(Link::rail("/can-bo/duyet", "Duyệt, ký", "pen").act(acts::Resolve::SPEC.name).order(30))
}

fn officers(routes: Routes) -> Routes {
    routes
        .get("/can-bo", officer::<acts::List>(), inbox::show)
        .get("/can-bo/duyet", officer::<acts::Resolve>(), decisions::show)
        .post("/can-bo/duyet/{id}", officer::<acts::Resolve>(), decisions::decide)
        .get("/can-bo/tai-quay", officer::<acts::Receive>(), counter::start)
        .get("/can-bo/tai-quay/{id}", officer::<acts::Receive>(), counter::show)
        .post("/can-bo/tai-quay/{id}", officer::<acts::Receive>(), counter::send)
        .post("/can-bo/tai-quay/{id}/nhan", officer::<acts::Receive>(), counter::take_up)
        .get("/can-bo/tai-quay/{id}/xong", officer::<acts::Receive>(), counter::done)
        .post("/can-bo/tai-quay/{id}/tiep", officer::<acts::Receive>(), counter::go_on)
        .get("/can-bo/ho-so/{id}", officer::<acts::See>(), dossier::show)
        .get("/can-bo/ho-so/{id}/tep/{file}", officer::<acts::See>(), papers::file)
        .get("/can-bo/ho-so/{id}/mau-01.pdf", officer::<acts::See>(), papers::receipt)
        .get("/can-bo/ho-so/{id}/mau-02.pdf", officer::<acts::See>(), papers::supplement)
        .get("/can-bo/ho-so/{id}/phieu-nho.pdf", officer::<acts::See>(), papers::slip)
        .post("/can-bo/ho-so/{id}/giay-to", officer::<acts::Accept>(), acting::check_paper)
        .post("/can-bo/ho-so/{id}/tiep-nhan", officer::<acts::Accept>(), acting::accept)
        .post("/can-bo/ho-so/{id}/bo-sung", officer::<acts::RequestSupplement>(), acting::request_supplement)
        .post("/can-bo/ho-so/{id}/nhan-bo-sung", officer::<acts::ReceiveSupplement>(), acting::receive_supplement)
        .post("/can-bo/ho-so/{id}/tham-quyen", officer::<acts::DetermineCompetence>(), acting::determine_competence)
        .post("/can-bo/ho-so/{id}/nhan-viec", officer::<acts::Handle>(), acting::claim)
        .post("/can-bo/ho-so/{id}/tra-hang", officer::<acts::Release>(), acting::release)
        .post("/can-bo/ho-so/{id}/ghi-chu", officer::<acts::Handle>(), acting::add_note)
        .post("/can-bo/ho-so/{id}/chuyen-tiep", officer::<acts::Handle>(), acting::pass_on)
        .post("/can-bo/ho-so/{id}/tra-lai", officer::<acts::Handle>(), acting::send_back)
        .post("/can-bo/ho-so/{id}/duyet", officer::<acts::Resolve>(), acting::approve)
        .post("/can-bo/ho-so/{id}/khong-duyet", officer::<acts::Resolve>(), acting::reject)
        .post("/can-bo/ho-so/{id}/ban-hanh", officer::<acts::Issue>(), acting::issue)
        .post("/can-bo/ho-so/{id}/tra-ket-qua", officer::<acts::ReturnResult>(), acting::return_result)
}

fn citizens(routes: Routes) -> Routes {
    routes
        .get("/nop/{code}", Door::Citizen, filing::start)
        .post("/nop/{code}", Door::Citizen, filing::begin)
        .get("/nop/nhap/{id}/{page}", Door::Citizen, filing::show)
        .post("/nop/nhap/{id}/{page}", Door::Citizen, filing::keep)
        .post("/nop/nhap/{id}/{page}/luu", Door::Citizen, filing::autosave)
        .post("/nop/nhap/{id}/go", Door::Citizen, filing::remove)
        .post("/nop/nhap/{id}/nop", Door::Citizen, filing::submit)
        .post("/nop/nhap/{id}/xoa", Door::Citizen, filing::discard)
        .get("/ho-so-cua-toi", Door::Citizen, tracking::mine)
        .get("/tra-cuu", Door::Public, tracking::ask)
        .get("/tra-cuu/{code}", Door::Public, tracking::show)
        .post("/tra-cuu/{code}/xem", Door::Public, tracking::prove)
        .post("/tra-cuu/{code}/danh-gia", Door::Public, tracking::rate)
        .post("/tra-cuu/{code}/bo-sung", Door::Public, tracking::supplement)
        .get("/tra-cuu/{code}/tep/{file}", Door::Public, tracking::file)
        .get("/tra-cuu/{code}/giay-hen.pdf", Door::Public, tracking::receipt)
        .get("/tra-cuu/{code}/bo-sung.pdf", Door::Public, tracking::supplement_paper)
}
