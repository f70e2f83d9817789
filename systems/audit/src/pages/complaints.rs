//! Complaints about looks: the auditor's list, one of them with its answer, and the citizen's own page.
use askama::Template;
use axum::{
    extract::{Path, Query, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use base::Moment;
use directory::{Citizen, OfficerDesk, filter, may};
use store::{Read, Write};
use uuid::Uuid;
use web::{Field, FieldFault, Page, Part, Problem, Row, Status, filters, go, words};

use super::{Fields, tabs};
use crate::{
    Error,
    acts::{AnswerComplaint, SeeComplaints},
    objection::Objection,
    service::watch::{answer_complaint, complain, look_at_mine, see_complaint},
    sql::watch as sql,
    watch::Complaint,
};

const HERE: &str = "/kiem-tra/khieu-nai";
/// The citizen's page.
pub const LOOKS: &str = "/tai-khoan/luot-xem";

fn badge(complaint: &Complaint) -> web::ui::status::Badge {
    if complaint.answered_at.is_some() {
        web::badge(Status::Ok, "Đã trả lời")
    } else {
        web::badge(Status::Warn, "Chờ trả lời")
    }
}

#[derive(Template)]
#[template(path = "complaints.html")]
pub struct ComplaintsPage {
    tabs: web::ui::nav::Tabs,
    table: Option<web::ui::table::Table>,
}

/// Complaints of the officer's units, the latest first; the words are opened one by one.
pub async fn list(desk: OfficerDesk) -> Result<Page<ComplaintsPage>, Problem> {
    desk.require::<SeeComplaints>()?;
    let who = desk.cx.who.clone();
    let all = desk.house.db.read(async move |tx: &Read<'_>| sql::complaints(tx, filter::<SeeComplaints>(&who)).await).await?;
    let lang = desk.cx.lang;
    let rows = all.iter().map(|c| {
        Row::new([
            web::Cell::link(format!("{HERE}/{}", c.id), base::wording::date_time(c.made_at, lang)).row_head(),
            web::Cell::raw(&c.officer_name),
            web::Cell::raw(&c.unit_name),
            web::Cell::raw(base::wording::date_time(c.looked_at, lang)),
            web::Cell::of(badge(c)),
        ])
    });
    let heads = [
        web::head("Khiếu nại lúc"),
        web::head("Về cán bộ"),
        web::head("Đơn vị"),
        web::head("Lượt xem lúc"),
        web::head("Trạng thái"),
    ];
    let table = (!all.is_empty()).then(|| web::table("Khiếu nại", heads).quiet_caption().rows(rows));
    let body = ComplaintsPage { tabs: tabs(&desk, HERE), table };
    Ok(Page::new(desk.shell.title(words("Khiếu nại")).current(super::HOME), body))
}

#[derive(Template)]
#[template(path = "complaint.html")]
pub struct ComplaintPage {
    crumbs: web::ui::nav::Crumbs,
    faults: Vec<FieldFault>,
    complaint: Complaint,
    badge: web::ui::status::Badge,
    facts: web::ui::list::Facts,
    answer: Option<Field>,
    answered: String,
}

async fn one_body(
    desk: &OfficerDesk,
    id: Uuid,
    typed: Option<String>,
    faults: Vec<FieldFault>,
) -> Result<ComplaintPage, Problem> {
    let (cx, lang) = (desk.cx.clone(), desk.cx.lang);
    let seen = desk.house.db.write(async move |tx: &Write<'_>| see_complaint(tx, &cx, id, "Giải quyết khiếu nại").await).await?;
    let complaint = seen.into_inner();
    let facts = web::facts()
        .row("Cán bộ", &complaint.officer_name)
        .row("Đơn vị", &complaint.unit_name)
        .row("Xem lúc", base::wording::date_time(complaint.looked_at, lang))
        .part("Để làm gì", web::Part::text(complaint.purpose.as_str()))
        .row("Khiếu nại lúc", base::wording::date_time(complaint.made_at, lang));
    let may_answer = complaint.answered_at.is_none() && may::<AnswerComplaint>(&desk.cx.who, &complaint);
    let answer = may_answer.then(|| {
        let field = web::area("tra-loi", words("Trả lời")).rows(5).hint("Công dân đọc được đúng những lời này.");
        field.value_opt(typed).fault_in(&faults)
    });
    Ok(ComplaintPage {
        crumbs: web::crumbs([(HERE, "Khiếu nại")], words("Khiếu nại")),
        faults,
        badge: badge(&complaint),
        facts,
        answer,
        answered: complaint.answered_at.map(|at| base::wording::date_time(at, lang)).unwrap_or_default(),
        complaint,
    })
}

/// One complaint with the citizen's words; opening it is recorded.
pub async fn one(desk: OfficerDesk, id: Result<Path<Uuid>, PathRejection>) -> Result<Page<ComplaintPage>, Problem> {
    let Path(id) = id?;
    let body = one_body(&desk, id, None, vec![]).await?;
    Ok(Page::new(desk.shell.title(words("Khiếu nại")).current(super::HOME), body))
}

/// Answers a complaint.
pub async fn reply(desk: OfficerDesk, id: Result<Path<Uuid>, PathRejection>, form: Fields) -> Result<Response, Problem> {
    let (Path(id), cx, text) = (id?, desk.cx.clone(), form.text("tra-loi"));
    let given = text.clone();
    let done = desk.house.db.write(async move |tx: &Write<'_>| answer_complaint(tx, &cx, id, &given).await).await;
    match done {
        Ok(()) => Ok(go(format!("{HERE}/{id}")).saying("Đã trả lời khiếu nại.", &[]).into_response()),
        Err(Error::Objection(why @ Objection::AnswerNeeded)) => {
            let body = one_body(&desk, id, Some(text), vec![FieldFault::new("tra-loi", why.words())]).await?;
            Ok(Page::faulty(desk.shell.title(words("Khiếu nại")).current(super::HOME), body).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "my_looks.html")]
pub struct MyLooksPage {
    table: Option<web::ui::table::Table>,
    earlier: Option<String>,
    complaints: Vec<Mine>,
}

struct Mine {
    complaint: Complaint,
    looked: String,
    made: String,
    answered: String,
    badge: web::ui::status::Badge,
}

/// Who looked, and when.
#[derive(Debug, Template)]
#[template(source = r#"{{ web::name(who) }}<br><span class="meta">{{ at }}</span>"#, ext = "html")]
struct Looker {
    who: String,
    at: String,
}
impl askama::filters::HtmlSafe for Looker {}

/// Which part of the list.
#[derive(serde::Deserialize)]
pub struct Before {
    #[serde(default)]
    truoc: Option<i64>,
}

/// Looks on one page.
const PER_PAGE: usize = 50;

/// Who looked at the citizen's data, with a way to complain, and what came of earlier complaints.
pub async fn mine(me: Citizen, Query(q): Query<Before>) -> Result<Page<MyLooksPage>, Problem> {
    let (id, lang) = (me.cx.who.subject.id, me.cx.lang);
    let before = q.truoc.map_or(me.visit.at(), Moment::from_micros);
    let (looks, complaints) = me
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            // one more than is shown: whether there are earlier ones
            let looks = directory::who_looked_at_owner(tx, id, before, PER_PAGE as i64 + 1).await?;
            Ok::<_, store::Error>((looks, sql::complaints_of(tx, id).await?))
        })
        .await?;
    let shown = &looks[..looks.len().min(PER_PAGE)];
    let earlier = shown.last().filter(|_| looks.len() > PER_PAGE).map(|last| format!("{LOOKS}?truoc={}", last.at.micros()));
    let rows = shown.iter().map(|look| {
        let who = [look.name.clone(), look.unit.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        let at = base::wording::date_time(look.at, lang);
        let act = match complaints.iter().any(|c| c.look == look.id) {
            true => Part::of(web::tag("Đã khiếu nại")),
            false => Part::of(web::link_button(format!("{LOOKS}/{}", look.id), "Khiếu nại").small().about(web::raw(&at))),
        };
        let purpose = Part::all(vec![Part::text(look.purpose.as_str()), act]);
        Row::new([web::Cell::of(Looker { who, at }).row_head(), web::Cell::of(purpose)])
    });
    // no more columns than a telephone holds beside each other
    let heads = [web::head("Ai xem"), web::head("Để làm gì")];
    let table = (!looks.is_empty()).then(|| web::table("Ai đã xem dữ liệu của bạn", heads).quiet_caption().rows(rows));
    let complaints = complaints
        .into_iter()
        .map(|complaint| Mine {
            looked: base::wording::date_time(complaint.looked_at, lang),
            made: base::wording::date_time(complaint.made_at, lang),
            answered: complaint.answered_at.map(|at| base::wording::date_time(at, lang)).unwrap_or_default(),
            badge: badge(&complaint),
            complaint,
        })
        .collect();
    Ok(Page::new(
        me.shell.title(words("Ai đã xem dữ liệu của bạn")).current("/tai-khoan"),
        MyLooksPage { table, earlier, complaints },
    ))
}

#[derive(Template)]
#[template(path = "complain.html")]
pub struct ComplainPage {
    faults: Vec<FieldFault>,
    facts: web::ui::list::Facts,
    words: Field,
}

async fn complain_body(
    me: &Citizen,
    look: Uuid,
    typed: Option<String>,
    faults: Vec<FieldFault>,
) -> Result<ComplainPage, Problem> {
    let (cx, lang) = (me.cx.clone(), me.cx.lang);
    let look = me.house.db.read(async move |tx: &Read<'_>| look_at_mine(tx, &cx, look).await).await?;
    let about = &look.0;
    let facts = web::facts()
        .row("Ai xem", about.name.as_deref().unwrap_or_default())
        .row_opt("Đơn vị", about.unit.as_ref())
        .row("Lúc", base::wording::date_time(about.at, lang))
        .part("Để làm gì", web::Part::text(about.purpose.as_str()));
    let field = web::area("noi-dung", words("Vì sao bạn cho rằng lượt xem này không đúng?")).rows(5).value_opt(typed);
    Ok(ComplainPage { words: field.fault_in(&faults), faults, facts })
}

/// The form to complain about one look.
pub async fn form(me: Citizen, look: Result<Path<Uuid>, PathRejection>) -> Result<Page<ComplainPage>, Problem> {
    let Path(look) = look?;
    let body = complain_body(&me, look, None, vec![]).await?;
    Ok(Page::new(me.shell.title(words("Khiếu nại một lượt xem")).current("/tai-khoan").main_class("page form-page"), body))
}

/// Sends the complaint.
pub async fn send(me: Citizen, look: Result<Path<Uuid>, PathRejection>, form: Fields) -> Result<Response, Problem> {
    let (Path(look), cx, text) = (look?, me.cx.clone(), form.text("noi-dung"));
    let given = text.clone();
    let done = me.house.db.write(async move |tx: &Write<'_>| complain(tx, &cx, look, &given).await).await;
    match done {
        Ok(_) => {
            let said = "Đã gửi khiếu nại. Câu trả lời sẽ hiện ở trang này.";
            Ok(go(LOOKS).saying(said, &[]).into_response())
        }
        Err(Error::Objection(why @ Objection::WordsNeeded)) => {
            let body = complain_body(&me, look, Some(text), vec![FieldFault::new("noi-dung", why.words())]).await?;
            let shell = me.shell.title(words("Khiếu nại một lượt xem")).current("/tai-khoan").main_class("page form-page");
            Ok(Page::faulty(shell, body).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
