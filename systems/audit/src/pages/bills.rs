//! Bills: the list, one of them, its files, and "now".
use askama::Template;
use axum::{
    Extension,
    extract::{Path, Query, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use directory::{OfficerDesk, may};
use store::Read;
use web::{Page, Problem, Row, Status, filters, go, notice, raw, rich, ui::message::Notice, words};

use super::{HOME, Stamps, detail, saved, stamp_reason};
use crate::{
    Sum,
    acts::{Evidence, ReadEvidence, WriteBillNow},
    bill::Bill,
    service::{
        export::{self, stem},
        write::{Order, write_bill_by},
    },
    sql::bills::{self, BillRow},
    stamp_fault::StampFault,
};

const PER_PAGE: u32 = 60;

#[derive(Template)]
#[template(path = "bills.html")]
pub struct BillsPage {
    table: Option<web::ui::table::Table>,
    earlier: Option<String>,
    waiting: Option<Notice>,
    may_write: bool,
}

/// Which part of the list.
#[derive(serde::Deserialize)]
pub struct Wanted {
    #[serde(default)]
    truoc: Option<i64>,
}

fn stamp_badge(row: &BillRow) -> web::ui::status::Badge {
    match (&row.token, &row.stamp_error) {
        (Some(_), _) => web::badge(Status::Ok, "Đã đóng dấu"),
        (None, Some(_)) => web::badge(Status::Warn, "Đang thử lại"),
        (None, None) => web::badge(Status::Idle, "Chưa đóng dấu"),
    }
}

/// Says that bills wait for their stamps, and why.
fn waiting(unstamped: u64, stamps: bool, why: Option<&str>) -> Option<Notice> {
    if unstamped > 0 && !stamps {
        let text =
            "{0} bảng kê chưa đóng dấu. Đặt audit.tsa và audit.roots trong motcua.toml; các bảng kê cũ sẽ được đóng dấu sau.";
        return Some(notice(Status::Warn, "Chưa có nơi cấp dấu thời gian").text(rich(text).with(unstamped)));
    }
    let (fault, said) = StampFault::read(why?);
    let text = rich("{0} bảng kê đang chờ, hệ thống tự thử lại. {1}").with(unstamped).with_words(fault.words());
    Some(notice(Status::Warn, "Bảng kê đang chờ dấu thời gian").text(text).part(detail(said)))
}

/// Every bill, the latest first.
pub async fn list(
    desk: OfficerDesk,
    Extension(Stamps(stamps)): Extension<Stamps>,
    Query(q): Query<Wanted>,
) -> Result<Page<BillsPage>, Problem> {
    desk.require::<ReadEvidence>()?;
    let before = q.truoc.unwrap_or(i64::MAX);
    let (rows, (_, unstamped, why)) = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            Ok::<_, store::Error>((bills::before(tx, before, PER_PAGE).await?, bills::state(tx).await?))
        })
        .await?;
    let lang = desk.cx.lang;
    let lines = rows.iter().map(|row| {
        let bill = Bill::read(&row.body);
        let count = |n: Option<i64>| web::Cell::raw(n.map_or_else(String::new, |n| base::wording::number_in(n, lang))).class("r");
        Row::new([
            web::Cell::link(format!("/kiem-tra/bang-ke/{}", row.number), row.number).row_head(),
            web::Cell::raw(base::wording::date_time(row.at, lang)),
            count(bill.as_ref().map(|b| b.events.to - b.events.from)),
            count(bill.as_ref().map(|b| b.reads.total.cast_signed())),
            web::Cell::of(stamp_badge(row)),
        ])
    });
    let heads = [
        web::head("Số"),
        web::head("Lập lúc"),
        web::head("Sự kiện").class("r"),
        web::head("Lượt xem").class("r"),
        web::head("Dấu thời gian"),
    ];
    let table = (!rows.is_empty()).then(|| web::table("Bảng kê hằng ngày", heads).quiet_caption().rows(lines));
    let earlier = rows.last().filter(|last| last.number > 1).map(|last| format!("{HOME}?truoc={}", last.number));
    let waiting = waiting(unstamped, stamps, why.as_deref());
    let body = BillsPage { table, earlier, waiting, may_write: may::<WriteBillNow>(&desk.cx.who, &Evidence) };
    Ok(Page::new(desk.shell.title(words("Bảng kê")).current(HOME), body))
}

#[derive(Template)]
#[template(path = "bill.html")]
pub struct BillPage {
    crumbs: web::ui::nav::Crumbs,
    number: i64,
    stamp: web::ui::status::Badge,
    facts: web::ui::list::Facts,
    counts: Option<web::ui::table::Table>,
    files: Vec<(String, &'static str)>,
    unreadable: bool,
}

async fn row(desk: &OfficerDesk, number: i64) -> Result<BillRow, Problem> {
    let found = desk.house.db.read(async move |tx: &Read<'_>| bills::bill(tx, number).await).await?;
    found.ok_or_else(Problem::not_found)
}

/// One bill: what it covers, and its files.
pub async fn one(desk: OfficerDesk, number: Result<Path<i64>, PathRejection>) -> Result<Page<BillPage>, Problem> {
    desk.require::<ReadEvidence>()?;
    let Path(number) = number?;
    let (row, lang) = (row(&desk, number).await?, desk.cx.lang);
    let bill = Bill::read(&row.body);
    let time = |at| base::wording::date_time(at, lang);
    let mut facts = web::facts().row("Lập lúc", time(row.at)).row_opt("Thời điểm trong dấu", row.stamped_at.map(time));
    if let Some(kept) = &row.stamp_error {
        facts = facts.part("Chưa đóng dấu được vì", stamp_reason(kept));
    }
    facts = facts.row("SHA-256", Sum::of(&row.body));
    let mut counts = None;
    if let Some(bill) = &bill {
        facts = facts
            .row("Bảng kê trước", bill.previous)
            .row("Chỗ trong sổ", format!("{}–{}", bill.events.from + 1, bill.events.to))
            .row("Gốc Merkle của sự kiện", bill.events.root)
            .row("Gốc Merkle của lượt xem", bill.reads.root);
        if bill.events.blanked > 0 {
            facts = facts.row("Sự kiện đã hủy nội dung", bill.events.blanked);
        }
        counts = Some(counted(bill));
    }
    let mut files = vec![(format!("{}.json", stem(number)), "Bảng kê")];
    if row.token.is_some() {
        files.push((format!("{}.tst", stem(number)), "Dấu thời gian"));
    }
    files.push((format!("{}-events.txt", stem(number)), "Danh sách sự kiện"));
    files.push((format!("{}-reads.txt", stem(number)), "Danh sách lượt xem"));
    let title = words("Bảng kê số {0}").with(number);
    let body = BillPage {
        crumbs: web::crumbs([(HOME, "Bảng kê")], title.clone()),
        number,
        stamp: stamp_badge(&row),
        facts,
        counts,
        files,
        unreadable: bill.is_none(),
    };
    Ok(Page::new(desk.shell.title(title).current(HOME), body))
}

fn counted(bill: &Bill) -> web::ui::table::Table {
    let written = bill
        .events
        .counts
        .iter()
        .flat_map(|(system, kinds)| kinds.iter().map(move |(kind, n)| (words("Sự kiện"), format!("{system}.{kind}"), *n)));
    let looked = bill.reads.counts.iter().map(|(act, n)| {
        // acts have a name in words; kinds of events are for programs
        let title = directory::acts::spec_of(act).map_or_else(|| raw(act), |spec| words(spec.title));
        (words("Lượt xem: {0}").with_words(title), act.clone(), *n)
    });
    let rows = written.chain(looked).map(|(what, code, n)| {
        Row::new([web::Cell::text(what).row_head(), web::Cell::raw(code).class("code"), web::Cell::raw(n).class("r")])
    });
    web::table("Đã kê", [web::head("Loại"), web::head("Mã"), web::head("Số lượng").class("r")]).rows(rows)
}

/// A file of a bill.
pub async fn part(desk: OfficerDesk, at: Result<Path<(i64, String)>, PathRejection>) -> Result<Response, Problem> {
    desk.require::<ReadEvidence>()?;
    let Path((number, name)) = at?;
    let row = row(&desk, number).await?;
    let parts = export::parts(&desk.house.db, &desk.house.files, &row).await?;
    let part = parts.into_iter().find(|p| p.name == name).ok_or_else(Problem::not_found)?;
    let kind = match name.rsplit('.').next() {
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    Ok((saved(&name, kind), part.bytes).into_response())
}

/// Writes a bill now.
pub async fn write_now(desk: OfficerDesk, Extension(Stamps(stamp)): Extension<Stamps>) -> Result<Response, Problem> {
    let cx = &desk.cx;
    directory::allow::<WriteBillNow>(&cx.who, Evidence)?;
    let order = Order { who: cx.by.who, post: cx.by.post, now: cx.by.now, stamp };
    let clock = desk.house.clock.clone();
    let number = write_bill_by(&desk.house.db, &desk.house.files, &order, &|| clock.now()).await?;
    Ok(go(format!("/kiem-tra/bang-ke/{number}")).saying("Đã lập bảng kê số {0}.", &[&number.to_string()]).into_response())
}
