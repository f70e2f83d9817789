//! Pages of the directory, one file per screen.
mod change_over;
mod citizen;
mod form;
mod me;
mod second;
mod sign_in;

use web::{Door, Routes};

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
}
