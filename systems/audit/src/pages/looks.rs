//! Who looked at what: a search that is a look itself, with its reason.
use askama::Template;
use axum::{Extension, extract::Query};
use directory::{About, LooksAsked, OfficerDesk, allow, filter};
use std::sync::Arc;
use store::Write;
use web::{Choice, Field, FieldFault, Page, Problem, Row, filters, words};

use super::{day, tabs, units};
use crate::{
    Error,
    acts::{DrawSample, SearchLooks},
    files::Files,
    watch::LooksOf,
};

const HERE: &str = "/kiem-tra/luot-xem";
const LIMIT: u64 = 200;

#[derive(Template)]
#[template(path = "looks.html")]
pub struct LooksPage {
    tabs: web::ui::nav::Tabs,
    faults: Vec<FieldFault>,
    fields: Vec<Field>,
    asked: bool,
    table: Option<web::ui::table::Table>,
    cut: bool,
}

/// What is asked.
#[derive(Clone, Default, serde::Deserialize)]
pub struct Wanted {
    #[serde(default, rename = "can-bo")]
    officer: String,
    #[serde(default, rename = "don-vi")]
    unit: String,
    #[serde(default, rename = "ho-so")]
    case: String,
    #[serde(default, rename = "tu")]
    from: String,
    #[serde(default, rename = "den")]
    to: String,
    #[serde(default, rename = "ly-do")]
    reason: String,
}

/// The form, and what it found once a reason was given.
pub async fn show(
    desk: OfficerDesk,
    Extension(files): Extension<Arc<dyn Files>>,
    Query(q): Query<Wanted>,
) -> Result<Page<LooksPage>, Problem> {
    desk.require::<SearchLooks>()?;
    let all = units::<DrawSample>(&desk).await?;
    let mut faults = vec![];
    let asked = [&q.officer, &q.unit, &q.case, &q.from, &q.to, &q.reason].iter().any(|v| !v.is_empty());
    let unit = all.iter().find(|u| u.id.to_string() == q.unit).or(all.first()).ok_or_else(Problem::not_found)?;
    let mut read = |text: &str, field| day(text, field).map_err(|fault| faults.push(fault)).ok().flatten();
    let (from, to) = (read(&q.from, "tu"), read(&q.to, "den"));
    let reason = base::text::line(&q.reason);
    if asked && reason.is_empty() {
        faults.push(FieldFault::new("ly-do", words("Ghi lý do tra cứu; lý do được lưu cùng lượt xem này.")));
    }
    let mut found = None;
    if asked && faults.is_empty() {
        let (cx, path, id, q) = (desk.cx.clone(), unit.path.clone(), unit.id.0, q.clone());
        let looks = desk
            .house
            .db
            .write(async move |tx: &Write<'_>| {
                let of = allow::<SearchLooks>(&cx.who, LooksOf(path.clone()))?;
                directory::read_recorded(tx, &cx, &of, About { kind: "looks", id }, &reason).await?;
                let case = base::text::line(&q.case);
                let thing = match case.is_empty() {
                    true => None,
                    // a code that is none of ours finds nothing, rather than everything
                    false => Some(files.by_code(tx, &case).await?.map_or(uuid::Uuid::nil(), |c| c.id)),
                };
                let next = to.map(|t| t.plus(jiff::SignedDuration::from_hours(24)));
                let asked =
                    LooksAsked { officer: base::text::fold(&q.officer), unit_path: path.clone(), thing, from, before: next };
                Ok::<_, Error>(directory::looks(tx, filter::<SearchLooks>(&cx.who), &asked, LIMIT).await?)
            })
            .await?;
        found = Some(looks);
    }
    let lang = desk.cx.lang;
    let rows = found.iter().flatten().map(|l| {
        let act = directory::acts::spec_of(&l.act).map_or_else(|| web::raw(&l.act), |spec| words(spec.title));
        Row::new([
            web::Cell::raw(base::wording::date_time(l.at, lang)).row_head(),
            web::Cell::raw(l.name.as_deref().unwrap_or_default()),
            web::Cell::raw(l.unit.as_deref().unwrap_or_default()),
            web::Cell::text(act),
            web::Cell::text(l.purpose.as_str()),
            web::Cell::raw(l.thing).class("quiet small"),
        ])
    });
    let heads = [
        web::head("Lúc"),
        web::head("Cán bộ"),
        web::head("Đơn vị"),
        web::head("Việc"),
        web::head("Để làm gì"),
        web::head("Mã bên trong"),
    ];
    let count = found.as_ref().map_or(0, Vec::len);
    let table = (count > 0).then(|| web::table("Lượt xem", heads).quiet_caption().rows(rows));
    let choices = all.iter().map(|u| Choice::new(u.id.to_string(), web::raw(&u.name)));
    let fields = vec![
        web::text("can-bo", words("Cán bộ")).value(&q.officer).optional(),
        web::select("don-vi", words("Đơn vị và cấp dưới"), choices).value(unit.id),
        web::text("ho-so", words("Mã hồ sơ")).value(&q.case).optional(),
        web::text("tu", words("Từ ngày")).value(&q.from).width(10).optional().fault_in(&faults),
        web::text("den", words("Đến ngày")).value(&q.to).width(10).optional().fault_in(&faults),
        web::text("ly-do", words("Lý do tra cứu")).value(&q.reason).fault_in(&faults),
    ];
    let body = LooksPage { tabs: tabs(&desk, HERE), faults, fields, asked: found.is_some(), table, cut: count as u64 == LIMIT };
    let shell = desk.shell.title(words("Lượt xem")).current(super::HOME);
    Ok(if body.faults.is_empty() { Page::new(shell, body) } else { Page::faulty(shell, body) })
}
