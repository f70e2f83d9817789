//! Pages of the directory, one file per screen.
mod admin;
mod change_over;
mod citizen;
mod form;
mod identity;
mod me;
mod people;
mod person_identity;
mod providers;
mod second;
mod sign_in;
mod time;
mod units;

pub use form::At;
use web::{Door, Routes};

use crate::{Act as _, ActSpec, acts};

/// Every page with its door.
pub fn routes() -> Routes {
    let any_officer = Door::Officer("");
    Routes::new()
        .get("/can-bo/dang-nhap", Door::Public, sign_in::page)
        .post("/can-bo/dang-nhap", Door::Public, sign_in::send)
        .get("/can-bo/dang-nhap/ma", Door::Public, sign_in::code_page)
        .post("/can-bo/dang-nhap/ma", Door::Public, sign_in::send_code)
        .post("/can-bo/dang-xuat", any_officer, sign_in::out)
        .get("/can-bo/doi-ca", Door::Public, change_over::page)
        .post("/can-bo/doi-ca", Door::Public, change_over::send)
        .post("/can-bo/doi-ca/khoa", any_officer, change_over::lock)
        .get("/can-bo/toi", any_officer, me::page)
        .post("/can-bo/toi/chuc-vu", any_officer, me::act_as)
        .get("/can-bo/toi/mat-khau", any_officer, me::password_page)
        .post("/can-bo/toi/mat-khau", any_officer, me::change_password)
        .get("/can-bo/toi/pin", any_officer, me::pin_page)
        .post("/can-bo/toi/pin", any_officer, me::set_pin)
        .post("/can-bo/toi/dang-xuat-moi-noi", any_officer, me::out_everywhere)
        .get("/can-bo/toi/ma-hai-lop", any_officer, second::page)
        .post("/can-bo/toi/ma-hai-lop", any_officer, second::confirm)
        .get("/can-bo/toi/ma-hai-lop/doi", any_officer, second::change_page)
        .post("/can-bo/toi/ma-hai-lop/doi", any_officer, second::change)
        .get("/dang-nhap", Door::Public, citizen::page)
        .post("/dang-nhap", Door::Public, citizen::send)
        .get("/dang-ky", Door::Public, citizen::register_page)
        .post("/dang-ky", Door::Public, citizen::register)
        .post("/dang-xuat", Door::Citizen, citizen::out)
        .get("/tai-khoan", Door::Citizen, citizen::account)
        .post("/tai-khoan/dang-xuat-moi-noi", Door::Citizen, citizen::out_everywhere)
        .and(by_providers())
        .and(administration())
}

/// Signing in and out by providers of identities: the same for citizens and officers, each under their own addresses.
fn by_providers() -> Routes {
    let mut routes = Routes::new();
    for at in ["/dang-nhap/qua/{provider}", "/can-bo/dang-nhap/qua/{provider}"] {
        routes = routes
            .get(at, Door::Public, identity::begin)
            .get(&format!("{at}/tra-loi"), Door::Public, identity::back)
            .get(&format!("{at}/thoat"), Door::Public, identity::seen_out)
            .get(&format!("{at}/da-thoat"), Door::Public, identity::out_there);
    }
    routes
}

/// The administrators' pages.
fn administration() -> Routes {
    let act = |spec: ActSpec| Door::Officer(spec.name);
    let (read_unit, add_unit, change_unit) = (act(acts::ReadUnit::SPEC), act(acts::AddUnit::SPEC), act(acts::ChangeUnit::SPEC));
    let (read_person, change_person) = (act(acts::ReadPerson::SPEC), act(acts::ChangePerson::SPEC));
    let decide_time = act(acts::DecideTime::SPEC);
    let set_password = act(acts::SetPasswordFor::SPEC);
    let (keep_providers, link) = (act(acts::KeepProviders::SPEC), act(acts::LinkIdentity::SPEC));
    Routes::new()
        .get("/quan-tri", Door::Officer(""), admin::page)
        .get("/quan-tri/dang-nhap", act(acts::ReadSignIns::SPEC), admin::sign_ins)
        .get("/quan-tri/danh-tinh", keep_providers, providers::page)
        .post("/quan-tri/danh-tinh", keep_providers, providers::add)
        .get("/quan-tri/danh-tinh/{key}", keep_providers, providers::one)
        .post("/quan-tri/danh-tinh/{key}", keep_providers, providers::keep)
        .post("/quan-tri/danh-tinh/{key}/thu", keep_providers, providers::try_out)
        .get("/quan-tri/nguoi/{id}/danh-tinh", link, person_identity::page)
        .post("/quan-tri/nguoi/{id}/danh-tinh", link, person_identity::link)
        .post("/quan-tri/nguoi/{id}/danh-tinh/go", link, person_identity::unlink)
        .get("/quan-tri/don-vi", read_unit, units::page)
        .get("/quan-tri/don-vi/nhap", add_unit, units::import_page)
        .post("/quan-tri/don-vi/nhap", add_unit, units::import)
        .get("/quan-tri/don-vi/tai/{kind}", read_unit, units::template)
        .get("/quan-tri/don-vi/{id}", read_unit, units::one)
        .get("/quan-tri/don-vi/{id}/them", add_unit, units::add_page)
        .post("/quan-tri/don-vi/{id}/them", add_unit, units::add)
        .post("/quan-tri/don-vi/{id}/chi-tiet", change_unit, units::detail)
        .post("/quan-tri/don-vi/{id}/gio", change_unit, units::hours)
        .post("/quan-tri/don-vi/{id}/doi-ten", change_unit, units::rename)
        .post("/quan-tri/don-vi/{id}/ket-thuc", act(acts::CloseUnit::SPEC), units::close)
        .get("/quan-tri/lich", decide_time, time::page)
        .post("/quan-tri/lich/cach-tinh", decide_time, time::count)
        .get("/quan-tri/lich/{year}", decide_time, time::year)
        .post("/quan-tri/lich/{year}", decide_time, time::decide)
        .get("/quan-tri/nguoi", read_person, people::page)
        .get("/quan-tri/nguoi/them", act(acts::AddPerson::SPEC), people::add_page)
        .post("/quan-tri/nguoi/them", act(acts::AddPerson::SPEC), people::add)
        .get("/quan-tri/nguoi/{id}", read_person, people::one)
        .post("/quan-tri/nguoi/{id}/sua", change_person, people::change)
        .post("/quan-tri/nguoi/{id}/thoi-viec", change_person, people::leave)
        .post("/quan-tri/nguoi/{id}/mat-khau", set_password, people::password)
        .post("/quan-tri/nguoi/{id}/bo-ma-hai-lop", set_password, people::remove_totp)
        .post("/quan-tri/nguoi/{id}/chuc-vu", act(acts::GivePost::SPEC), people::give)
        .post("/quan-tri/nguoi/{id}/chuc-vu/{post}/ket-thuc", act(acts::EndPost::SPEC), people::end)
}
