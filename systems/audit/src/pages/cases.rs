//! A dossier before an auditor: asked for by its code, opened with a reason.
use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use directory::OfficerDesk;
use std::sync::Arc;
use store::{Read, Write};
use uuid::Uuid;
use web::{Field, FieldFault, Page, Problem, Row, filters, go, raw, words};

use super::{day, saved, tabs};
use crate::{
    Error,
    acts::ReadCase,
    files::{AsOf, Case, Files},
    service::case,
};

const HERE: &str = "/kiem-tra/ho-so";

#[derive(Template)]
#[template(path = "case_ask.html")]
pub struct AskPage {
    tabs: web::ui::nav::Tabs,
    faults: Vec<FieldFault>,
    fields: Vec<Field>,
    action: String,
}

/// What is asked.
#[derive(Clone, Default, serde::Deserialize)]
pub struct Wanted {
    #[serde(default, rename = "ma")]
    code: Option<String>,
    #[serde(default, rename = "ly-do")]
    reason: Option<String>,
    #[serde(default, rename = "ngay")]
    date: String,
}

impl Wanted {
    fn reason(&self) -> String {
        base::text::line(self.reason.as_deref().unwrap_or_default())
    }
}

fn reason_field(q: &Wanted, faults: &[FieldFault]) -> Field {
    web::text("ly-do", words("Lý do kiểm tra"))
        .value(q.reason.as_deref().unwrap_or_default())
        .hint("Lý do được lưu cùng lượt xem; chủ hồ sơ đọc được.")
        .fault_in(faults)
}

fn no_reason() -> FieldFault {
    FieldFault::new("ly-do", words("Ghi lý do kiểm tra trước khi mở hồ sơ."))
}

/// The form: which dossier, and why.
pub async fn ask(
    desk: OfficerDesk,
    Extension(files): Extension<Arc<dyn Files>>,
    Query(q): Query<Wanted>,
) -> Result<Response, Problem> {
    desk.require::<ReadCase>()?;
    let mut faults = vec![];
    if let Some(code) = q.code.clone() {
        let (cx, reason) = (desk.cx.clone(), q.reason());
        let found = desk.house.db.read(async move |tx: &Read<'_>| case::find(tx, &cx, &*files, &code).await).await?;
        match (found, reason.is_empty()) {
            (Some(id), false) => {
                let reason = url::form_urlencoded::byte_serialize(reason.as_bytes()).collect::<String>();
                return Ok(go(format!("{HERE}/{id}?ly-do={reason}")).into_response());
            }
            (found, no) => {
                if found.is_none() {
                    faults.push(FieldFault::new("ma", words("Không có hồ sơ nào mang mã này trong phạm vi kiểm tra của bạn.")));
                }
                if no {
                    faults.push(no_reason());
                }
            }
        }
    }
    let fields = vec![
        web::text("ma", words("Mã hồ sơ")).width(30).value(q.code.as_deref().unwrap_or_default()).fault_in(&faults),
        reason_field(&q, &faults),
    ];
    let body = AskPage { tabs: tabs(&desk, HERE), fields, action: HERE.into(), faults };
    let shell = desk.shell.title(words("Hồ sơ")).current(super::HOME);
    Ok(if body.faults.is_empty() { Page::new(shell, body) } else { Page::faulty(shell, body) }.into_response())
}

#[derive(Template)]
#[template(path = "case.html")]
pub struct CasePage {
    crumbs: web::ui::nav::Crumbs,
    case: Case,
    facts: web::ui::list::Facts,
    faults: Vec<FieldFault>,
    date: Field,
    reason: String,
    archive: String,
    as_of: Option<Then>,
    not_yet: bool,
    log: web::ui::table::Table,
    looks: Option<web::ui::table::Table>,
}

/// The dossier as it was at the end of a day.
struct Then {
    date: String,
    facts: web::ui::list::Facts,
    happened: Vec<(String, String)>,
    papers: Vec<String>,
}

/// A dossier: its log, who looked, as it was on a date.
pub async fn one(
    desk: OfficerDesk,
    Extension(files): Extension<Arc<dyn Files>>,
    id: Result<Path<Uuid>, PathRejection>,
    Query(q): Query<Wanted>,
) -> Result<Response, Problem> {
    desk.require::<ReadCase>()?;
    let (Path(id), lang, reason) = (id?, desk.cx.lang, q.reason());
    if reason.is_empty() {
        // who comes by a link was not asked yet
        let faults: Vec<FieldFault> = q.reason.iter().map(|_| no_reason()).collect();
        let fields = vec![reason_field(&q, &faults)];
        let body = AskPage { tabs: tabs(&desk, HERE), faults, fields, action: format!("{HERE}/{id}") };
        let shell = desk.shell.title(words("Hồ sơ")).current(super::HOME);
        return Ok(if body.faults.is_empty() { Page::new(shell, body) } else { Page::faulty(shell, body) }.into_response());
    }
    let (at, faults) = match day(&q.date, "ngay") {
        // the end of that day
        Ok(at) => (at.map(|at| at.plus(jiff::SignedDuration::from_hours(24))), vec![]),
        Err(fault) => (None, vec![fault]),
    };
    let (cx, why) = (desk.cx.clone(), reason.clone());
    let (case, log, looks, as_of) = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let case = case::open(tx, &cx, &*files, id, &why).await?;
            let log = case::log(tx, &case, id).await?;
            let looks = directory::who_looked_at_thing(tx, id, 200).await?;
            let as_of = match at {
                Some(at) => files.as_of(tx, id, at).await?,
                None => None,
            };
            Ok::<_, Error>((case.into_inner(), log, looks, as_of))
        })
        .await?;
    let time = |at| base::wording::date_time(at, lang);
    let lines = log.iter().map(|l| {
        let bill = l.bill.map_or_else(|| web::Cell::text("chưa kê"), |n| web::Cell::link(format!("/kiem-tra/bang-ke/{n}"), n));
        let said = l
            .event
            .payload
            .as_deref()
            .map_or_else(|| web::Cell::text("đã hủy nội dung"), |p| web::Cell::raw(p).class("small payload"));
        Row::new([
            web::Cell::raw(l.event.pos).class("r"),
            web::Cell::raw(time(l.event.at)).row_head(),
            web::Cell::raw(&l.event.kind).class("code"),
            said,
            bill,
        ])
    });
    let heads = [
        web::head("Chỗ trong sổ").class("r"),
        web::head("Ghi lúc"),
        web::head("Sự kiện"),
        web::head("Nội dung"),
        web::head("Bảng kê"),
    ];
    let log = web::table("Sổ sự kiện của hồ sơ", heads).rows(lines);
    let seen = looks.iter().map(|l| {
        Row::new([
            web::Cell::raw(time(l.at)).row_head(),
            web::Cell::raw(l.name.as_deref().unwrap_or_default()),
            web::Cell::raw(l.unit.as_deref().unwrap_or_default()),
            web::Cell::text(l.purpose.as_str()),
        ])
    });
    let heads = [web::head("Lúc"), web::head("Ai xem"), web::head("Đơn vị"), web::head("Để làm gì")];
    let looks = (!looks.is_empty()).then(|| web::table("Ai đã xem", heads).rows(seen));
    let not_yet = at.is_some() && as_of.is_none();
    let coded = url::form_urlencoded::byte_serialize(reason.as_bytes()).collect::<String>();
    let body = CasePage {
        crumbs: web::crumbs([(HERE, "Hồ sơ")], raw(&case.code)),
        facts: web::facts().row("Thủ tục", &case.title).row("Đơn vị", &case.unit_name).row("Nộp lúc", time(case.filed_at)),
        date: web::text("ngay", words("Hồ sơ như ở cuối ngày")).width(10).value(&q.date).hint("01/07/2025").fault_in(&faults),
        archive: format!("{HERE}/{id}/tron-bo.zip?ly-do={coded}"),
        as_of: as_of.map(|then| drawn(&then, &q.date, &desk)),
        case,
        faults,
        reason,
        not_yet,
        log,
        looks,
    };
    let shell = desk.shell.title(words("Hồ sơ")).current(super::HOME);
    Ok(if body.faults.is_empty() { Page::new(shell, body) } else { Page::faulty(shell, body) }.into_response())
}

fn drawn(then: &AsOf, date: &str, desk: &OfficerDesk) -> Then {
    let lang = desk.cx.lang;
    let facts =
        then.facts.iter().fold(web::facts(), |facts, (name, value)| facts.part(name.clone(), web::Part::text(value.clone())));
    let happened = then.happened.iter().map(|(at, said)| (base::wording::date_time(*at, lang), said.say(lang))).collect();
    Then { date: date.to_owned(), facts, happened, papers: then.papers.clone() }
}

/// The complete file with its proofs.
pub async fn archive(
    desk: OfficerDesk,
    Extension(files): Extension<Arc<dyn Files>>,
    id: Result<Path<Uuid>, PathRejection>,
    Query(q): Query<Wanted>,
) -> Result<Response, Problem> {
    desk.require::<ReadCase>()?;
    let (Path(id), reason) = (id?, q.reason());
    if reason.is_empty() {
        return Ok(go(format!("{HERE}/{id}")).into_response());
    }
    let (code, bytes) = case::archive(&desk.house.db, &desk.house.files, &desk.cx, files, id, reason).await?;
    Ok((saved(&format!("{code}.zip"), "application/zip"), bytes).into_response())
}
