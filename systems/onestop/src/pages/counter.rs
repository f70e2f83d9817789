//! The walk-in counter: one screen, one form, several buttons. Scripts keep it up to date while somebody types; without them each button
//! does the same.

mod draw;

use crate::acts::Receive;
use crate::counter::{self, Press, Typed};
use crate::dossier::State;
use crate::draft::DraftData;
use crate::objection::Objection;
use crate::printing::print_receipt;
use crate::sent::Sent;
use crate::service::{self, Done, Error, FirstPicks, Found, Screen};
use askama::Template;
use axum::Extension;
use axum::extract::{FromRequestParts, Path, Query};
use axum::response::{IntoResponse, Response};
use base::Lang;
use catalogue::Finder;
use catalogue::package::PrintReceipt;
use catalogue::search::Narrow;
use directory::{Act as _, For, OfficerDesk, WorkTime};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use std::sync::Arc;
use store::{Read, Write};
use uuid::Uuid;
use web::filters;
use web::{Page, Problem, Words, go, words};

const HERE: &str = "/can-bo/tai-quay";

/// What the address asks.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    /// Asks whether to throw the reception away.
    #[serde(default)]
    pub bo: bool,
}

/// Where an officer whose post is at no desk lands.
#[derive(Template)]
#[template(path = "counter_nowhere.html")]
pub struct Nowhere {
    said: Words,
    post: Option<String>,
    desks: Vec<String>,
}

fn require(desk: &OfficerDesk) -> Result<(), Problem> {
    desk.require::<Receive>().map_err(|denied| Error::from(denied).into())
}

/// `GET /can-bo/tai-quay`: goes on with what this officer left open, else an empty screen.
pub async fn start(desk: OfficerDesk, time: WorkTime, Extension(first): Extension<FirstPicks>) -> Result<Response, Problem> {
    require(&desk)?;
    let cx = desk.cx.clone();
    let found = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            match service::own_open(tx, &cx, &at).await? {
                Some(id) => Ok(Err(id)),
                None => Ok(Ok(service::screen(tx, &cx, &at, None, &first).await?)),
            }
        })
        .await;
    match found {
        Ok(Ok(screen)) => Ok(drawn(desk, &time, &screen, &Shown { fresh: true, ..Shown::default() })),
        Ok(Err(open)) => Ok(go(format!("{HERE}/{open}")).into_response()),
        Err(Error::Objection(Objection::NotAtDesk)) => Ok(nowhere(desk)),
        Err(error) => Err(error.into()),
    }
}

fn nowhere(desk: OfficerDesk) -> Response {
    let who = &desk.cx.who;
    let at_desk =
        |held: &&directory::Held| held.unit_kind.receives() && Receive::SPEC.grants.iter().any(|g| held.roles.contains(&g.role));
    let body = Nowhere {
        said: words(Objection::NotAtDesk.said()),
        post: who.post().map(|held| format!("{}, {}", held.title, held.unit_name)),
        desks: who.in_force().filter(at_desk).map(|held| format!("{}, {}", held.title, held.unit_name)).collect(),
    };
    Page::new(desk.shell.title(words("Tiếp nhận tại quầy")).current(HERE), body).into_response()
}

/// What a page shows besides the reception.
#[derive(Default)]
struct Shown {
    faults: Vec<web::FieldFault>,
    objection: Option<Objection>,
    fresh: bool,
    failed: bool,
    asks_to_drop: bool,
}

fn drawn(desk: OfficerDesk, time: &WorkTime, screen: &Screen, shown: &Shown) -> Response {
    let body = draw::draw(screen, shown, desk.cx.by.now, time, desk.cx.lang);
    let shell = desk.shell.title(words("Tiếp nhận tại quầy")).current(HERE).main_class("work walkin");
    match &shown.objection {
        Some(_) => Page::new(shell.failed(true), body).status(StatusCode::CONFLICT).into_response(),
        None if shown.failed => Page::faulty(shell, body).into_response(),
        None => Page::new(shell, body).into_response(),
    }
}

/// What finds procedures for the screen.
#[derive(Clone)]
pub struct Help {
    finder: Arc<Finder>,
    first: FirstPicks,
}

impl<S: Send + Sync> FromRequestParts<S> for Help {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Help, Problem> {
        let found = (parts.extensions.get::<Arc<Finder>>(), parts.extensions.get::<FirstPicks>());
        let (Some(finder), Some(first)) = found else { return Err(Problem::ours("the room has no finder")) };
        Ok(Help { finder: finder.clone(), first: first.clone() })
    }
}

async fn load(desk: &OfficerDesk, help: &Help, id: Uuid) -> Result<Screen, Problem> {
    let (cx, lang, first) = (desk.cx.clone(), desk.cx.lang, help.first.clone());
    let mut screen = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            service::screen(tx, &cx, &at, Some(id), &first).await
        })
        .await
        .map_err(problem)?;
    // what is drawn is in the officer's language; what is kept is read again when it is sent
    if let Some(version) = &mut screen.reception.version {
        if let Some(offer) = &mut screen.offer {
            offer.missing.iter_mut().for_each(|name| *name = version.package.say(name, lang).to_owned());
        }
        version.package = catalogue::package::told(version.package.clone(), lang);
    }
    if screen.searched {
        screen.found = found(desk, &help.finder, screen.reception.data.search.clone()).await?;
    }
    Ok(screen)
}

/// Procedures that answer the words typed, by the catalogue's own search: those on the list, and those that are not.
async fn found(desk: &OfficerDesk, finder: &Finder, words: String) -> Result<Found, Problem> {
    let index = finder.index(&desk.house.db, desk.cx.by.now).await?;
    let hits = catalogue::search::search(&index, &words, &Narrow::default()).hits;
    let listed = |code: &String| index.entry(code).is_some_and(|e| e.listed);
    let (mut hits, off_list): (Vec<String>, Vec<String>) = hits.into_iter().map(|h| h.code).partition(listed);
    hits.truncate(service::PICKS * 2);
    let cx = desk.cx.clone();
    desk.house
        .db
        .read(async move |tx: &Read<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            service::found(tx, &cx, &at, &words, hits.clone(), &off_list).await
        })
        .await
        .map_err(problem)
}

/// A colleague went on with it, or nothing was kept of what was sent: the way back is the desk's own list.
fn problem(error: Error) -> Problem {
    match error {
        Error::Objection(Objection::ReceptionTaken | Objection::NotAnAgency | Objection::OtherLevel) => {
            Problem::from(error).way(HERE, words("Về quầy"))
        }
        Error::Objection(Objection::NotAtDesk) => Problem::from(error).way("/can-bo/toi", words("Đổi chức vụ")),
        error => error.into(),
    }
}

/// `GET /can-bo/tai-quay/{id}`
pub async fn show(
    desk: OfficerDesk,
    time: WorkTime,
    help: Help,
    Path(id): Path<Uuid>,
    Query(ask): Query<Ask>,
) -> Result<Response, Problem> {
    require(&desk)?;
    let screen = load(&desk, &help, id).await?;
    if screen.reception.row.dossier.is_some() {
        return Ok(go(done_page(id)).into_response());
    }
    // what is wrong with a field is said at once; the page itself did not fail
    let shown =
        Shown { faults: of_typed(&screen.reception.data, desk.cx.by.now.date()), asks_to_drop: ask.bo, ..Shown::default() };
    Ok(drawn(desk, &time, &screen, &shown))
}

/// Faults of what was typed so far; what is still empty is no fault yet.
fn of_typed(data: &DraftData, today: jiff::civil::Date) -> Vec<web::FieldFault> {
    let faults: Vec<_> = counter::faults(data, today).into_iter().filter(|f| f.wrong != crate::form::Wrong::NoName).collect();
    super::words::field_faults(&faults)
}

fn done_page(id: Uuid) -> String {
    format!("{HERE}/{id}/xong")
}

/// `POST /can-bo/tai-quay/{id}`: keeps the form; what else is done depends on the button.
pub async fn send(desk: OfficerDesk, time: WorkTime, help: Help, Path(id): Path<Uuid>, sent: Sent) -> Result<Response, Problem> {
    require(&desk)?;
    let press = match sent.field("viec") {
        "bo" => return drop_it(desk, id).await,
        "dung-the" => Press::CardAgreed,
        "bo-the" => Press::CardDropped,
        "du-giay" => Press::AllPapers,
        "giu-cho" => Press::Park,
        "tiep-nhan" => Press::Receive,
        "tu-dong" => Press::ByItself,
        _ => Press::Update,
    };
    let (cx, typed) = (desk.cx.clone(), Typed::of(&sent.fields));
    let kept = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            service::keep_reception(tx, &cx, &at, id, &typed, press).await
        })
        .await
        .map_err(problem)?;
    match press {
        _ if kept.row.dossier.is_some() => Ok(go(done_page(id)).into_response()),
        Press::Park => Ok(go(HERE).saying("Đã giữ chỗ. Đồng nghiệp cùng quầy cũng làm tiếp được.", &[]).into_response()),
        Press::Receive => receive(desk, time, &help, id).await,
        _ => Ok(go(format!("{HERE}/{id}")).into_response()),
    }
}

async fn receive(desk: OfficerDesk, time: WorkTime, help: &Help, id: Uuid) -> Result<Response, Problem> {
    let cx = desk.cx.clone();
    let received = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            service::receive(tx, &cx, &at, id).await
        })
        .await;
    let shown = match received {
        Ok(_) => return Ok(go(done_page(id)).into_response()),
        Err(Error::Faults(faults)) => Shown { faults: super::words::field_faults(&faults), failed: true, ..Shown::default() },
        Err(Error::Objection(objection))
            if !matches!(objection, Objection::ReceptionTaken | Objection::NotAtDesk | Objection::NotIn { .. }) =>
        {
            Shown { objection: Some(objection), failed: true, ..Shown::default() }
        }
        Err(error) => return Err(problem(error)),
    };
    let screen = load(&desk, help, id).await?;
    Ok(drawn(desk, &time, &screen, &shown))
}

async fn drop_it(desk: OfficerDesk, id: Uuid) -> Result<Response, Problem> {
    let cx = desk.cx.clone();
    desk.house
        .db
        .write(async move |tx: &Write<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            service::discard_reception(tx, &cx, &at, id).await
        })
        .await
        .map_err(problem)?;
    Ok(go(HERE).saying("Đã bỏ lượt này", &[]).into_response())
}

/// `POST /can-bo/tai-quay/{id}/nhan`: takes up what was parked.
pub async fn take_up(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    require(&desk)?;
    let cx = desk.cx.clone();
    desk.house
        .db
        .write(async move |tx: &Write<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            service::take_up(tx, &cx, &at, id).await
        })
        .await
        .map_err(problem)?;
    Ok(go(format!("{HERE}/{id}")).into_response())
}

/// After receiving: the code in big type, what to print, and how the visit goes on.
#[derive(Template)]
#[template(path = "counter_done.html")]
pub struct DonePage {
    id: Uuid,
    next: Uuid,
    dossier: Uuid,
    accepted: bool,
    code: String,
    due: Option<String>,
    name: String,
    procedure: String,
    unit: Option<String>,
    forwarded: bool,
    print_now: bool,
    slip: bool,
    told: Words,
    fee: Words,
    pace: Words,
    visit: Vec<VisitLine>,
}

struct VisitLine {
    id: Uuid,
    code: String,
    name: String,
    procedure: String,
    due: Words,
    on: bool,
}

/// `GET /can-bo/tai-quay/{id}/xong`
pub async fn done(desk: OfficerDesk, time: WorkTime, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    require(&desk)?;
    let cx = desk.cx.clone();
    let done = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let at: For<Receive> = service::own_desk(tx, &cx).await?;
            service::done(tx, &cx, &at, id).await
        })
        .await
        .map_err(problem)?;
    let Some(done) = done else { return Ok(go(format!("{HERE}/{id}")).into_response()) };
    let next = desk.cx.by.seed.uuid_at(desk.cx.by.now, "reception", 0);
    let body = done_body(id, next, &done, &time, desk.cx.lang);
    let title = if body.accepted { words("Đã tiếp nhận {0}") } else { words("Đã ghi phiếu bổ sung cho {0}") };
    let shell = desk.shell.title(title.with(&body.code)).current(HERE).main_class("work walkin-done");
    Ok(Page::new(shell, body).into_response())
}

fn done_body(id: Uuid, next: Uuid, done: &Done, time: &WorkTime, lang: Lang) -> DonePage {
    let row = &done.row;
    let accepted = row.accepted_at.is_some();
    let policy = if accepted { done.version.package.print_receipt } else { PrintReceipt::Always };
    let at = row.accepted_at.unwrap_or(row.submitted_at);
    let data = &done.reception.data;
    DonePage {
        id,
        next,
        dossier: row.id,
        accepted,
        code: row.name_code().to_owned(),
        due: row.due_at.map(|due| base::wording::due_time(due, lang)),
        name: row.applicant_name.clone(),
        procedure: row.procedure_name.clone(),
        unit: row.unit_name.clone(),
        forwarded: row.unit_path.as_deref().is_some_and(|unit| !directory::within(&row.desk_path, unit)),
        print_now: print_receipt(policy, at, time.policy.cut_off),
        slip: row.applicant_phone.is_none() && row.applicant_email.is_none(),
        told: match (&row.applicant_email, &row.applicant_phone) {
            (Some(email), _) => words("Đã gửi tin đến {0}.").with(email),
            (None, Some(phone)) => words("Tra cứu bằng mã và số điện thoại {0}.").with(phone),
            (None, None) => words("Không có điện thoại, thư điện tử: đưa phiếu chữ lớn."),
        },
        fee: super::words::fee(row),
        pace: words("{0} giây, {1} thao tác").with(data.spent).with(data.interactions),
        visit: done
            .visit
            .iter()
            .map(|of| VisitLine {
                id: of.id,
                code: of.code.clone(),
                name: of.applicant_name.clone(),
                procedure: of.procedure_name.clone(),
                due: match of.due_at {
                    Some(due) => words("hẹn {0}").with(base::wording::due_time(due, lang)),
                    None => words(if of.id == row.id && row.state().is_ok_and(|s| s == State::Submitted) {
                        "đang kiểm tra"
                    } else {
                        "chờ bổ sung"
                    }),
                },
                on: of.id == row.id,
            })
            .collect(),
    }
}

/// `POST /can-bo/tai-quay/{id}/tiep`: how the visit goes on.
pub async fn go_on(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Response, Problem> {
    require(&desk)?;
    let cx = desk.cx.clone();
    let same = match sent.field("viec") {
        "them" => Some(true),
        "tiep" => Some(false),
        _ => None,
    };
    // the page chose the id: the same press twice is one reception
    let next: Uuid = sent.field("moi").parse().unwrap_or_else(|_| cx.by.seed.uuid_at(cx.by.now, "reception", 0));
    let opened = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            match same {
                Some(same) => service::next_in_visit(tx, &cx, &at, id, next, same).await.map(Some),
                None => service::end_visit(tx, &cx, &at, id).await.map(|()| None),
            }
        })
        .await
        .map_err(problem)?;
    Ok(match opened {
        Some(next) => go(format!("{HERE}/{next}")).into_response(),
        None => go(HERE).saying("Đã kết thúc lượt", &[]).into_response(),
    })
}
