//! The second factor: enrol with a QR code, confirm with a first code, keep the recovery codes; change telephones.
use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header;
use store::Write;
use web::{Field, FieldFault, Page, Problem, filters, go, words};

use super::form::{Fields, faults};
use crate::{AtDoor, Error, OfficerDesk, secret::totp, service::account};

#[derive(Template)]
#[template(path = "second.html")]
pub struct Enrol {
    faults: Vec<FieldFault>,
    address: String,
    written: String,
    code: Field,
    must: bool,
}

#[derive(Template)]
#[template(path = "second_codes.html")]
pub struct Codes {
    codes: Vec<String>,
}

#[derive(Template)]
#[template(path = "second_change.html")]
pub struct Change {
    faults: Vec<FieldFault>,
    current: Field,
}

/// The secret to enrol, as a QR code and as text; or the page to change it when one is enrolled already.
pub async fn page(AtDoor(desk): AtDoor) -> Result<Response, Problem> {
    let Some(body) = enrol(&desk, vec![]).await? else { return Ok(go("/can-bo/toi/ma-hai-lop/doi").into_response()) };
    Ok(Page::new(desk.shell.title(words("Mã xác thực hai lớp")), body).into_response())
}

async fn enrol(desk: &OfficerDesk, faults: Vec<FieldFault>) -> Result<Option<Enrol>, Problem> {
    let by = desk.cx.by;
    let offered = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let secret = account::offer_totp(tx, by.who, &by.seed).await?;
            let login = account::account(tx, crate::PersonId(by.who)).await?.login;
            Ok::<_, Error>(secret.map(|secret| (secret, login)))
        })
        .await?;
    let Some((secret, login)) = offered else { return Ok(None) };
    let issuer = format!("{} {}", words("Một cửa"), desk.house.settings.province);
    Ok(Some(Enrol {
        address: totp::address(&secret, &issuer, &login),
        written: totp::written(&secret),
        code: web::text("otp", words("Mã đang hiện trong ứng dụng"))
            .digits()
            .max(7)
            .autocomplete("one-time-code")
            .width(10)
            .fault_in(&faults),
        must: !desk.sign_in.second && !desk.house.settings.demo,
        faults,
    }))
}

/// Confirms with a first code and shows the recovery codes, once.
pub async fn confirm(AtDoor(desk): AtDoor, form: Fields) -> Result<Response, Problem> {
    let (by, code) = (desk.cx.by, form.get("otp").to_owned());
    let confirmed = desk.house.db.write(async move |tx: &Write<'_>| account::confirm_totp(tx, &by, by.who, &code).await).await;
    match confirmed {
        Ok(codes) => {
            let page = Page::new(desk.shell.title(words("Mã dự phòng")), Codes { codes });
            let mut response = page.into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
            Ok(response)
        }
        Err(error) => {
            let faults = faults(error)?.into_iter().map(|f| FieldFault::new("otp", f.message)).collect();
            match enrol(&desk, faults).await? {
                Some(body) => Ok(Page::faulty(desk.shell.title(words("Mã xác thực hai lớp")), body).into_response()),
                None => Ok(go("/can-bo/toi").into_response()),
            }
        }
    }
}

fn change_body(faults: Vec<FieldFault>) -> Change {
    Change {
        current: web::text("mat-khau", words("Mật khẩu hiện tại"))
            .kind("password")
            .autocomplete("current-password")
            .width(20)
            .fault_in(&faults),
        faults,
    }
}

/// Asks for the password before the second factor or its recovery codes change.
pub async fn change_page(desk: OfficerDesk) -> Page<Change> {
    Page::new(desk.shell.title(words("Đổi mã xác thực hai lớp")), change_body(vec![]))
}

/// New recovery codes, or a new telephone.
pub async fn change(desk: OfficerDesk, form: Fields) -> Result<Response, Problem> {
    let by = desk.cx.by;
    if let Err(error) = account::confirm(&desk.house.db, by.who, by.now, form.raw("mat-khau").to_owned()).await {
        let faults = faults(error)?.into_iter().map(|f| FieldFault::new("mat-khau", f.message)).collect();
        return Ok(Page::faulty(desk.shell.title(words("Đổi mã xác thực hai lớp")), change_body(faults)).into_response());
    }
    if form.get("viec") == "ma-du-phong" {
        let codes = desk.house.db.write(async move |tx: &Write<'_>| account::renew_codes(tx, &by, by.who).await).await?;
        return Ok(Page::new(desk.shell.title(words("Mã dự phòng")), Codes { codes }).into_response());
    }
    desk.house.db.write(async move |tx: &Write<'_>| account::remove_totp(tx, &by, by.who, true).await).await?;
    Ok(go("/can-bo/toi/ma-hai-lop").into_response())
}
