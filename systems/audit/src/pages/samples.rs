//! Random samples: drawn by a seed, kept, and drawn again by anybody who doubts.
use askama::Template;
use axum::{
    Extension,
    extract::{Path, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use base::Moment;
use directory::{OfficerDesk, filter};
use std::sync::Arc;
use store::{Read, Write};
use uuid::Uuid;
use web::{Choice, Field, FieldFault, Page, Problem, Row, filters, go, words};

use super::{Fields, day, tabs, units};
use crate::{
    Error,
    acts::{DrawSample, SeeSamples},
    files::Files,
    objection::Objection,
    service::watch::{Drawing, Seen, draw_sample, see_sample},
    sql::watch as sql,
};

const HERE: &str = "/kiem-tra/mau";

#[derive(Template)]
#[template(path = "samples.html")]
pub struct SamplesPage {
    tabs: web::ui::nav::Tabs,
    faults: Vec<FieldFault>,
    fields: Vec<Field>,
    table: Option<web::ui::table::Table>,
}

async fn body(desk: &OfficerDesk, form: Option<&Fields>, faults: Vec<FieldFault>) -> Result<SamplesPage, Problem> {
    let who = desk.cx.who.clone();
    let samples = desk.house.db.read(async move |tx: &Read<'_>| sql::samples(tx, filter::<SeeSamples>(&who)).await).await?;
    let (all, lang) = (units::<DrawSample>(desk).await?, desk.cx.lang);
    let value = |name: &str, first: &str| form.map_or(first.to_owned(), |f| f.line(name));
    let today = desk.cx.by.now.date();
    let month = base::wording::date(today.first_of_month(), lang);
    let fields = vec![
        web::select("don-vi", words("Đơn vị và cấp dưới"), all.iter().map(|u| Choice::new(u.id.to_string(), web::raw(&u.name))))
            .value(value("don-vi", ""))
            .fault_in(&faults),
        web::text("tu", words("Nộp từ ngày")).width(10).value(value("tu", &month)).fault_in(&faults),
        web::text("den", words("Đến ngày")).width(10).value(value("den", &base::wording::date(today, lang))).fault_in(&faults),
        web::text("so", words("Số hồ sơ")).kind("number").width(4).value(value("so", "20")).fault_in(&faults),
        web::text("hat-giong", words("Hạt giống"))
            .width(20)
            .value(value("hat-giong", ""))
            .hint("Chữ hoặc số bất kỳ, ví dụ kết quả xổ số. Cùng hạt giống thì rút ra cùng hồ sơ.")
            .fault_in(&faults),
    ];
    let rows = samples.iter().map(|s| {
        Row::new([
            web::Cell::link(format!("{HERE}/{}", s.id), base::wording::date_time(s.drawn_at, lang)).row_head(),
            web::Cell::raw(&s.unit_name),
            web::Cell::raw(&s.seed),
            web::Cell::raw(s.ids().len()).class("r"),
            web::Cell::raw(base::wording::number_in(s.population, lang)).class("r"),
            web::Cell::raw(&s.drawn_by),
        ])
    });
    let heads = [
        web::head("Rút lúc"),
        web::head("Đơn vị"),
        web::head("Hạt giống"),
        web::head("Số rút").class("r"),
        web::head("Trong số").class("r"),
        web::head("Người rút"),
    ];
    let table = (!samples.is_empty()).then(|| web::table("Mẫu đã rút", heads).rows(rows));
    Ok(SamplesPage { tabs: tabs(desk, HERE), faults, fields, table })
}

/// Samples that were drawn, and the form for another.
pub async fn list(desk: OfficerDesk) -> Result<Page<SamplesPage>, Problem> {
    desk.require::<DrawSample>()?;
    let body = body(&desk, None, vec![]).await?;
    Ok(Page::new(desk.shell.title(words("Rút mẫu")).current(super::HOME), body))
}

fn drawing(form: &Fields) -> Result<Drawing, Vec<FieldFault>> {
    let mut faults = vec![];
    let mut fault = |field: &'static str, message: &'static str| faults.push(FieldFault::new(field, words(message)));
    let unit = form.line("don-vi").parse().map_err(|_| fault("don-vi", "Chọn đơn vị.")).ok();
    let date = |field: &'static str| day(&form.line(field), field).ok().flatten();
    let (since, until) = (date("tu"), date("den"));
    for (name, at) in [("tu", since), ("den", until)] {
        if at.is_none() {
            fault(name, "Không đọc được ngày này. Ghi dạng 01/07/2025.");
        }
    }
    if since.zip(until).is_some_and(|(since, until)| until < since) {
        fault("den", "Ngày cuối sớm hơn ngày đầu.");
    }
    let wanted = form.line("so").parse::<usize>().ok().filter(|n| (1..=1000).contains(n));
    if wanted.is_none() {
        fault("so", "Ghi một số từ 1 đến 1000.");
    }
    let seed = form.line("hat-giong");
    if seed.is_empty() || seed.chars().count() > 100 {
        fault("hat-giong", "Ghi hạt giống, không quá 100 ký tự.");
    }
    match (unit, since, until, wanted) {
        (Some(unit), Some(since), Some(until), Some(wanted)) if faults.is_empty() => {
            // the last day counts whole
            let until: Moment = until.plus(jiff::SignedDuration::from_hours(24));
            Ok(Drawing { unit, since, until, seed, wanted })
        }
        _ => Err(faults),
    }
}

/// Draws.
pub async fn draw(desk: OfficerDesk, Extension(files): Extension<Arc<dyn Files>>, form: Fields) -> Result<Response, Problem> {
    let faults = match drawing(&form) {
        Ok(of) => {
            let cx = desk.cx.clone();
            let drawn = desk.house.db.write(async move |tx: &Write<'_>| draw_sample(tx, &cx, &*files, &of).await).await;
            match drawn {
                Ok(id) => return Ok(go(format!("{HERE}/{id}")).saying("Đã rút mẫu và lưu lại.", &[]).into_response()),
                Err(Error::Objection(why @ Objection::NothingToDraw)) => vec![FieldFault::new("don-vi", why.words())],
                Err(other) => return Err(other.into()),
            }
        }
        Err(faults) => faults,
    };
    desk.require::<DrawSample>()?;
    let body = body(&desk, Some(&form), faults).await?;
    Ok(Page::faulty(desk.shell.title(words("Rút mẫu")).current(super::HOME), body).into_response())
}

#[derive(Template)]
#[template(path = "sample.html")]
pub struct SamplePage {
    crumbs: web::ui::nav::Crumbs,
    facts: web::ui::list::Facts,
    table: web::ui::table::Table,
    changed: bool,
}

/// One sample: what was drawn, and whether the same is drawn today.
pub async fn one(
    desk: OfficerDesk,
    Extension(files): Extension<Arc<dyn Files>>,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Page<SamplePage>, Problem> {
    let (Path(id), cx, lang) = (id?, desk.cx.clone(), desk.cx.lang);
    let Seen { sample, cases, population } =
        desk.house.db.read(async move |tx: &Read<'_>| see_sample(tx, &cx, &*files, id).await).await?;
    let rows = cases.iter().enumerate().map(|(n, (id, case))| {
        let code = case.as_ref().map_or_else(|| id.to_string(), |c| c.code.clone());
        Row::new([
            web::Cell::raw(n + 1).class("r"),
            web::Cell::link(format!("/kiem-tra/ho-so/{id}"), code).row_head(),
            web::Cell::raw(case.as_ref().map(|c| c.title.as_str()).unwrap_or_default()),
            web::Cell::raw(case.as_ref().map(|c| c.unit_name.as_str()).unwrap_or_default()),
            web::Cell::raw(case.as_ref().map(|c| base::wording::date_time(c.filed_at, lang)).unwrap_or_default()),
        ])
    });
    let heads =
        [web::head("Thứ tự").class("r"), web::head("Mã hồ sơ"), web::head("Thủ tục"), web::head("Đơn vị"), web::head("Nộp lúc")];
    let facts = web::facts()
        .row("Đơn vị", &sample.unit_name)
        .row("Hạt giống", &sample.seed)
        .row("Nộp từ", base::wording::date_time(sample.since, lang))
        .row("Nộp trước", base::wording::date_time(sample.until, lang))
        .row("Trong số", base::wording::number_in(sample.population, lang))
        .row("SHA-256 của danh sách", &sample.population_sum)
        .row("Rút lúc", base::wording::date_time(sample.drawn_at, lang))
        .row("Người rút", &sample.drawn_by);
    let body = SamplePage {
        crumbs: web::crumbs([(HERE, "Rút mẫu")], words("Mẫu đã rút")),
        facts,
        table: web::table("Hồ sơ trong mẫu", heads).rows(rows),
        changed: crate::decide::population_sum(&population).to_string() != sample.population_sum,
    };
    Ok(Page::new(desk.shell.title(words("Mẫu đã rút")).current(super::HOME), body))
}
