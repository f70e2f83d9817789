//! Verification on order, its last verdict, and how to do it without us.
use askama::Template;
use axum::response::{IntoResponse, Response};
use directory::OfficerDesk;
use store::{Job, JobView, Read, Write};
use web::{Page, Problem, Row, Status, filters, go, notice, ui::message::Notice, words};

use super::{HOME, detail, stamp_reason};
use crate::{acts::ReadEvidence, finding::Verdict, jobs::VerifyEvidence};

#[derive(Template)]
#[template(path = "verdict.html")]
pub struct VerdictPage {
    crumbs: web::ui::nav::Crumbs,
    under_way: bool,
    failed: Option<Notice>,
    verdict: Option<Verdict>,
    at: String,
    figures: Vec<(&'static str, u64)>,
    findings: Option<web::ui::table::Table>,
}

/// The last verdict, or that one is under way.
pub async fn show(desk: OfficerDesk) -> Result<Page<VerdictPage>, Problem> {
    desk.require::<ReadEvidence>()?;
    let lang = desk.cx.lang;
    let last = desk.house.db.read(async |tx: &Read<'_>| store::jobs(tx, Some(VerifyEvidence::NAME), None, 5).await).await?;
    let under_way = last.first().is_some_and(|j| matches!(j.state.as_str(), "waiting" | "running"));
    let done: Option<&JobView> = last.iter().find(|j| j.report.is_some());
    let verdict: Option<Verdict> = done.and_then(|j| serde_json::from_str(j.report.as_deref()?).ok());
    let figures = verdict.as_ref().map(|v| {
        vec![
            ("Bảng kê", v.bills),
            ("Sự kiện", v.events + v.events_open),
            ("Lượt xem", v.reads),
            ("Chưa vào bảng kê", v.events_open + v.reads_open),
            ("Đã hủy nội dung", v.blanked),
            ("Dấu thời gian đúng", v.stamped),
            ("Chưa đóng dấu", v.unstamped),
            ("Dấu chưa kiểm được", v.unjudged),
        ]
    });
    let findings = verdict.as_ref().filter(|v| !v.is_sound()).map(|v| {
        let rows = v.findings.iter().map(|f| {
            let place: Vec<String> = f.place_words().iter().map(|w| w.say(lang)).collect();
            Row::new([
                web::Cell::text(f.fault.words()).row_head(),
                web::Cell::raw(place.join(", ")),
                f.why.as_deref().map_or_else(|| web::Cell::raw(""), |kept| web::Cell::of(stamp_reason(kept))),
            ])
        });
        web::table("Chỗ không khớp", [web::head("Không khớp"), web::head("Ở đâu"), web::head("Chi tiết")]).rows(rows)
    });
    let body = VerdictPage {
        crumbs: web::crumbs([(HOME, "Bảng kê")], "Xác minh"),
        under_way,
        failed: last.first().filter(|j| j.state == "failed").map(|j| failed(j.error.as_deref().unwrap_or_default())),
        at: done.and_then(|j| j.finished).map(|at| base::wording::date_time(at, lang)).unwrap_or_default(),
        figures: figures.unwrap_or_default(),
        findings,
        verdict,
    };
    Ok(Page::new(desk.shell.title(words("Xác minh")).current(HOME), body))
}

fn failed(error: &str) -> Notice {
    let text = "Không có gì bị thay đổi. Chạy lại sau; nếu vẫn dừng, gửi chi tiết kỹ thuật này cho người quản trị.";
    notice(Status::Bad, "Lần xác minh cuối không chạy hết").text(text).part(detail(error))
}

/// Orders a verification; one that is under way is enough.
pub async fn order(desk: OfficerDesk) -> Result<Response, Problem> {
    desk.require::<ReadEvidence>()?;
    let by = desk.cx.by;
    desk.house
        .db
        .write(async move |tx: &Write<'_>| {
            let last = store::jobs(tx, Some(VerifyEvidence::NAME), None, 1).await?;
            if !last.iter().any(|j| matches!(j.state.as_str(), "waiting" | "running")) {
                store::enqueue(tx, &by, &VerifyEvidence { owner: by.who }).await?;
            }
            Ok::<_, store::Error>(())
        })
        .await?;
    Ok(go("/kiem-tra/xac-minh").into_response())
}

#[derive(Template)]
#[template(path = "by_hand.html")]
pub struct ByHandPage {
    crumbs: web::ui::nav::Crumbs,
    steps: Vec<(&'static str, String)>,
}

/// The guide as it stands in the repository: its commands are those a test runs.
const GUIDE: &str = include_str!("../../../../docs/audit.md");

const STEPS: [&str; 4] = [
    "Danh sách đúng là danh sách của bảng kê",
    "Bảng kê nối nhau, không thiếu số nào",
    "Cơ quan cấp dấu thời gian chứng thực từng bảng kê",
    "Gốc Merkle tính từ danh sách",
];

/// The commands that reproduce the verdict without us.
pub async fn by_hand(desk: OfficerDesk) -> Result<Page<ByHandPage>, Problem> {
    desk.require::<ReadEvidence>()?;
    let commands = GUIDE.split("```bash\n").skip(1).map(|part| part.split("```").next().unwrap_or_default().to_owned());
    let body = ByHandPage {
        crumbs: web::crumbs([(HOME, "Bảng kê")], "Tự kiểm"),
        steps: STEPS.into_iter().zip(commands).collect(),
    };
    Ok(Page::new(desk.shell.title(words("Tự kiểm")).current(HOME), body))
}
