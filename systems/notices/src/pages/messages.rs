//! How far messages got.
use askama::Template;
use axum::{
    extract::{Path, Query},
    response::{IntoResponse, Response},
};
use base::Moment;
use directory::OfficerDesk;
use store::{Read, Write};
use uuid::Uuid;
use web::{Page, Problem, Row, Status, filters, go, words};

use super::ReadMessages;
use crate::{Deliver, State, sql, template};

const PER_PAGE: i64 = 100;

#[derive(Template)]
#[template(path = "messages.html")]
pub struct MessagesPage {
    crumbs: web::ui::nav::Crumbs,
    chips: Vec<web::ui::nav::Chip>,
    table: Option<web::ui::table::Table>,
    earlier: Option<String>,
    waiting: i64,
}

/// Which part of the list.
#[derive(serde::Deserialize)]
pub struct Wanted {
    #[serde(default)]
    trang_thai: String,
    #[serde(default)]
    truoc: Option<i64>,
}

/// `n•••@example.vn`: enough to recognise, too little to collect.
pub fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((name, host)) => format!("{}•••@{host}", name.chars().take(1).collect::<String>()),
        None => String::new(),
    }
}

fn badge(state: State) -> web::ui::status::Badge {
    let status = match state {
        State::Queued => Status::Hold,
        State::Sent => Status::Ok,
        State::Failed => Status::Bad,
        State::NoAddress | State::Unwanted => Status::Idle,
    };
    web::badge(status, state.title())
}

/// The list, the newest first.
pub async fn page(desk: OfficerDesk, Query(q): Query<Wanted>) -> Result<Page<MessagesPage>, Problem> {
    desk.require::<ReadMessages>()?;
    let chosen: Option<State> = q.trang_thai.parse().ok();
    let (lang, before) = (desk.cx.lang, q.truoc.map_or(desk.cx.by.now, Moment::from_micros));
    let (lines, counts) = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            Ok::<_, store::Error>((sql::list(tx, chosen, before, PER_PAGE).await?, sql::counts(tx).await?))
        })
        .await?;
    let count = |state: State| counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
    let rows = lines.iter().map(|m| {
        let title = crate::templates().find(|t| t.code == m.template).map_or_else(|| web::raw(&m.template), |t| words(t.title));
        let why = m.error.clone().filter(|_| m.state != State::Sent).unwrap_or_default();
        let again = if m.state == State::Failed {
            web::Cell::of(Again { id: m.id })
        } else {
            web::Cell::raw(m.sent_at.map(|at| base::wording::date_time(at, lang)).unwrap_or_default())
        };
        Row::new([
            web::Cell::raw(base::wording::date_time(m.created_at, lang)).row_head(),
            web::Cell::text(title),
            web::Cell::raw(masked(&m.recipient)),
            web::Cell::of(badge(m.state)),
            web::Cell::raw(m.tries).class("r"),
            web::Cell::raw(why),
            again,
        ])
    });
    let heads = [
        web::head("Xếp hàng lúc"),
        web::head("Mẫu thư"),
        web::head("Gửi tới"),
        web::head("Trạng thái"),
        web::head("Số lần thử").class("r"),
        web::head("Máy chủ thư trả lời"),
        web::head("Gửi lúc"),
    ];
    let table = (!lines.is_empty()).then(|| web::table("Thư gửi đi", heads).quiet_caption().rows(rows));
    let mut chips = vec![web::chip("/quan-tri/tin-nhan", "Tất cả").current(chosen.is_none())];
    chips.extend(State::ALL.map(|state| {
        let label = words("{0}: {1}").with_words(state.title()).with(count(state));
        web::chip(format!("/quan-tri/tin-nhan?trang_thai={state}"), label).current(chosen == Some(state))
    }));
    let more = (lines.len() as i64 == PER_PAGE).then(|| lines.last().map(|l| l.created_at.micros())).flatten();
    let body = MessagesPage {
        crumbs: web::crumbs([("/quan-tri", "Quản trị")], "Thư gửi đi"),
        chips,
        table,
        earlier: more.map(|at| format!("/quan-tri/tin-nhan?truoc={at}&trang_thai={}", q.trang_thai)),
        waiting: count(State::Queued),
    };
    Ok(Page::new(desk.shell.title(words("Thư gửi đi")).current("/quan-tri"), body))
}

#[derive(Debug, Template)]
#[template(
    source = r#"<form method="post" action="/quan-tri/tin-nhan/{{ id }}/gui-lai">{{ web::csrf() }}{{ web::button("Gửi lại").small() }}</form>"#,
    ext = "html"
)]
struct Again {
    id: Uuid,
}
impl askama::filters::HtmlSafe for Again {}

/// Queues a failed message anew.
pub async fn again(
    desk: OfficerDesk,
    id: Result<Path<Uuid>, axum::extract::rejection::PathRejection>,
) -> Result<Response, Problem> {
    desk.require::<ReadMessages>()?;
    let (Path(id), by) = (id?, desk.cx.by);
    let queued = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let queued = sql::requeue(tx, id).await?;
            if queued {
                store::enqueue(tx, &by, &Deliver { message: id }).await?;
            }
            Ok::<_, store::Error>(queued)
        })
        .await?;
    if !queued {
        return Err(Problem::not_found());
    }
    Ok(go("/quan-tri/tin-nhan").saying("Đã xếp hàng gửi lại.", &[]).into_response())
}

/// The text of a template in force, and whether it is the province's own.
pub async fn text_of(
    tx: &Read<'_>,
    template: &'static template::Template,
    lang: base::Lang,
) -> Result<(template::Text, bool), store::Error> {
    Ok(match sql::text(tx, template.code, lang.code()).await? {
        Some((subject, body)) => (template::Text { subject: subject.into(), body: body.into() }, true),
        None => (template.text(lang).clone(), false),
    })
}
