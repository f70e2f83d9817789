//! The administrators' own front page, and the history of sign-ins.
use askama::Template;
use axum::extract::Query;
use base::Moment;
use store::Read;
use web::{Page, Part, Problem, Row, filters, words};

use super::me::outcome;
use crate::{OfficerDesk, acts, extract::admin_links, policy, sql};

#[derive(Template)]
#[template(path = "admin.html")]
pub struct AdminPage {
    links: Vec<web::Link>,
}

#[derive(Template)]
#[template(path = "sign_ins.html")]
pub struct SignInsPage {
    crumbs: web::ui::nav::Crumbs,
    chips: Vec<web::ui::nav::Chip>,
    table: Option<web::ui::table::Table>,
    earlier: Option<String>,
}

/// What an administrator may look after.
pub async fn page(desk: OfficerDesk) -> Result<Page<AdminPage>, Problem> {
    let links: Vec<web::Link> = admin_links(&desk.house, &desk.cx.who).cloned().collect();
    if links.is_empty() {
        return Err(Problem::denied(words("Trang này dành cho người giữ chức vụ quản trị.")));
    }
    Ok(Page::new(desk.shell.title(words("Quản trị")).current("/quan-tri"), AdminPage { links }))
}

/// Which part of the history.
#[derive(serde::Deserialize)]
pub struct Wanted {
    #[serde(default)]
    sai: String,
    #[serde(default)]
    truoc: Option<i64>,
}

const PER_PAGE: u64 = 100;

/// Sign-ins of the people of the administrator's units, the latest first.
pub async fn sign_ins(desk: OfficerDesk, Query(q): Query<Wanted>) -> Result<Page<SignInsPage>, Problem> {
    desk.require::<acts::ReadSignIns>()?;
    let (who, lang, failed) = (desk.cx.who.clone(), desk.cx.lang, !q.sai.is_empty());
    let before = q.truoc.map_or(desk.cx.by.now, Moment::from_micros);
    let lines = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let rights = policy::filter::<acts::ReadSignIns>(&who);
            sql::credentials::history_of(tx, rights, before, failed, PER_PAGE).await
        })
        .await?;
    let rows = lines.iter().map(|line| {
        let (status, said) = outcome(&line.tried.outcome);
        let known = if line.tried.known_device { words("máy quen") } else { words("máy lạ") };
        let person = line.tried.subject.map(|id| format!("/quan-tri/nguoi/{id}")).unwrap_or_default();
        Row::new([
            web::Cell::raw(base::wording::date_time(line.tried.at, lang)).row_head(),
            web::Cell::link(person, line.name.as_deref().unwrap_or_default()),
            web::Cell::of(web::badge(status, said)),
            web::Cell::of(Part::all(vec![Part::raw(&line.tried.agent), Part::of(web::tag(known))])),
            web::Cell::raw(&line.tried.network).class("num"),
        ])
    });
    let heads = [web::head("Lúc"), web::head("Người"), web::head("Kết quả"), web::head("Trình duyệt"), web::head("Mạng")];
    let table = (!lines.is_empty()).then(|| web::table("Lịch sử đăng nhập", heads).quiet_caption().rows(rows));
    let more = (lines.len() as u64 == PER_PAGE).then(|| lines.last().map(|l| l.tried.at.micros())).flatten();
    let body = SignInsPage {
        crumbs: web::crumbs([("/quan-tri", "Quản trị")], "Lịch sử đăng nhập"),
        chips: vec![
            web::chip("/quan-tri/dang-nhap", "Tất cả").current(!failed),
            web::chip("/quan-tri/dang-nhap?sai=1", "Chỉ lần sai").current(failed),
        ],
        table,
        earlier: more.map(|at| format!("/quan-tri/dang-nhap?truoc={at}{}", if failed { "&sai=1" } else { "" })),
    };
    Ok(Page::new(desk.shell.title(words("Lịch sử đăng nhập")).current("/quan-tri"), body))
}
