//! Two officers, one PC: one locks, the other picks the own name and types a PIN. Drafts belong to people, so none is lost.
use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, header};
use store::{Read, Write};
use uuid::Uuid;
use web::{Field, FieldFault, House, Page, Problem, Shell, Visit, filters, go, session, words};

use super::{
    form::Fields,
    sign_in::{By, again, enter, refused, wanted},
};
use crate::{
    AtDoor, Error, PersonId, Realm,
    extract::{CameFrom, nobody},
    service::{
        account, sessions,
        sign_in::{self, Here, NotIn, Place},
    },
};

/// The counter of a receiving desk.
const COUNTER: &str = "/can-bo/tai-quay";

#[derive(Template)]
#[template(path = "change_over.html")]
pub struct ChangeOver {
    faults: Vec<FieldFault>,
    people: Vec<Here>,
    chosen: Option<Uuid>,
    pin: Field,
    next: String,
    /// Where the officer who is signed in now was, to be found again on return.
    left: String,
    /// Who is signed in now.
    now: Option<String>,
}

impl ChangeOver {
    fn is_chosen(&self, here: &Here) -> bool {
        self.chosen == Some(here.subject) || self.people.len() == 1
    }
}

/// Whose name may stand on this page.
#[derive(serde::Deserialize)]
pub struct Wanted {
    #[serde(default)]
    next: String,
}

/// Officers who gave both factors on this browser today.
pub async fn people_here(house: &House, visit: &Visit, place: &Place) -> Result<Vec<Here>, Problem> {
    let Some(device) = place.device else { return Ok(vec![]) };
    let now = visit.at();
    Ok(house.db.read(async move |tx: &Read<'_>| sign_in::proved_here(tx, &device, now).await).await?)
}

fn shell(visit: &Visit, house: &House) -> Shell {
    Shell::citizen(visit, house).nav(vec![]).title(words("Đổi ca")).main_class("page form-page").plain()
}

/// Who is signed in on this browser now, if anybody.
async fn present(house: &House, visit: &Visit) -> Result<Option<Uuid>, Problem> {
    Ok(visit.session(house).await?.filter(|s| s.subject.realm == Realm::Officer).map(|s| s.subject.id))
}

/// The page of ours that led here.
fn came_from(headers: &HeaderMap) -> String {
    let referer = headers.get(header::REFERER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let path = referer.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or_default();
    if path.starts_with("/can-bo/doi-ca") || path.starts_with("/can-bo/dang-nhap") { String::new() } else { path.to_owned() }
}

fn body(people: Vec<Here>, chosen: Option<Uuid>, next: &str, faults: Vec<FieldFault>) -> ChangeOver {
    ChangeOver {
        people,
        chosen,
        pin: web::text("pin", words("Mã PIN hoặc mật khẩu"))
            .kind("password")
            .autocomplete("current-password")
            .width(20)
            .fault_in(&faults),
        next: next.to_owned(),
        left: String::new(),
        now: None,
        faults,
    }
}

/// Shows who may take over here.
pub async fn page(
    State(house): State<House>,
    visit: Visit,
    CameFrom(place): CameFrom,
    Query(q): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let people = people_here(&house, &visit, &place).await?;
    if people.is_empty() {
        return Ok(go(Realm::Officer.sign_in()).into_response());
    }
    let now = present(&house, &visit).await?;
    let mut body = body(people, None, &q.next, vec![]);
    body.now = now.and_then(|id| body.people.iter().find(|h| h.subject == id).map(|h| h.name.clone()));
    body.left = came_from(&headers);
    // whoever takes over is somebody else
    body.people.retain(|here| Some(here.subject) != now);
    Ok(Page::new(shell(&visit, &house), body).into_response())
}

/// Locks: the session ends, the place where the officer was is kept for the return.
pub async fn lock(AtDoor(desk): AtDoor, CameFrom(place): CameFrom, form: Fields) -> Result<Response, Problem> {
    let (by, key, back) = (desk.cx.by, desk.session.key, wanted(form.get("next")));
    desk.house
        .db
        .write(async move |tx: &Write<'_>| {
            account::lock(tx, by.who, place.device.map(|d| d.id), &back).await?;
            sessions::end(tx, key).await
        })
        .await?;
    Ok((session::Closed::of(&desk.visit), go("/can-bo/doi-ca")).into_response())
}

/// Takes over with a PIN (or the password, for who has none).
pub async fn send(
    State(house): State<House>,
    visit: Visit,
    CameFrom(place): CameFrom,
    form: Fields,
) -> Result<Response, Problem> {
    let by = nobody(&visit);
    let subject: Option<Uuid> = form.get("nguoi").parse().ok();
    let tried = match subject {
        Some(subject) => sign_in::with_pin(&house.db, &by, subject, form.raw("pin").to_owned(), &place).await?,
        None => Err(NotIn::Wrong),
    };
    match tried {
        Ok(proved) => {
            let (device, subject, left) = (place.device, proved.subject.id, form.get("roi").to_owned());
            let before = present(&house, &visit).await?.filter(|id| *id != subject && !left.is_empty());
            let back = house
                .db
                .write(async move |tx: &Write<'_>| {
                    let Some(device) = device else { return Ok::<_, Error>(None) };
                    if let Some(before) = before {
                        account::lock(tx, before, Some(device.id), &wanted(&left)).await?;
                    }
                    if let Some(back) = sign_in::back_to(tx, device.id, subject).await? {
                        return Ok(Some(back));
                    }
                    // no place of their own yet: what was open at the counter belongs to whoever left it, the counter does not
                    let who = crate::lookup::actor(tx, PersonId(subject), by.now).await?;
                    let receives = who.is_some_and(|who| who.in_force().any(|held| held.unit_kind.receives()));
                    Ok((receives && left.starts_with(COUNTER)).then(|| COUNTER.to_owned()))
                })
                .await?;
            let next = form.get("next");
            let to = if next.is_empty() { back.unwrap_or_default() } else { next.to_owned() };
            enter(&house, &visit, &place, &proved, By::Pin, wanted(&to)).await
        }
        Err(NotIn::Again) => {
            let said = "Máy này cần bạn đăng nhập đầy đủ lại. Nháp của bạn vẫn còn nguyên.";
            Ok(go(Realm::Officer.sign_in()).saying(said, &[]).into_response())
        }
        Err(why) => {
            let fault = match why {
                NotIn::Wrong if subject.is_none() => FieldFault::new("nguoi", words("Chọn tên của bạn.")),
                NotIn::Wrong => {
                    FieldFault::new("pin", words("Mã PIN hoặc mật khẩu chưa đúng. Sai 5 lần thì phải đăng nhập đầy đủ."))
                }
                other => refused(other, by.now),
            };
            let now = present(&house, &visit).await?;
            let mut people = people_here(&house, &visit, &place).await?;
            people.retain(|here| Some(here.subject) != now);
            let mut body = body(people, subject, form.get("next"), vec![fault]);
            body.left = form.get("roi").to_owned();
            let page = Page::faulty(shell(&visit, &house), body);
            Ok(again(why, page, by.now))
        }
    }
}
