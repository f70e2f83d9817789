//! The page: how the house is, its settings, its backups, its jobs.
use super::{Config, Keep, backup, restore};
use crate::{
    commands::config::settings,
    doctor::{self, Finding, State as How},
    house::Open,
};
use askama::Template;
use axum::{
    Extension, Form,
    extract::{Query, State},
};
use directory::OfficerDesk;
use serde::Deserialize;
use std::{fs::File, io::BufReader, sync::Arc};
use store::{JobView, Parked, Read};
use web::ui::table::Table;
use web::{Cell, Go, House, Page, Problem, Row, Status, badge, filters, go, head, raw, table, words};

/// The page.
#[derive(Template)]
#[template(path = "system.html")]
pub struct System {
    at: String,
    deep: bool,
    findings: Table,
    parked: Vec<Parked>,
    backups: Option<Table>,
    postgres: bool,
    waiting: Option<(String, u64, u64)>,
    failed: Option<web::Words>,
    settings: Table,
    jobs: Option<Table>,
}

/// What the address asks.
#[derive(Deserialize)]
pub struct Ask {
    /// Also the whole chain and every file.
    #[serde(default)]
    ky: String,
}

/// `GET /quan-tri/he-thong`
pub async fn show(
    desk: OfficerDesk,
    State(house): State<House>,
    Extension(config): Extension<Arc<Config>>,
    Query(ask): Query<Ask>,
) -> Result<Page<System>, Problem> {
    desk.require::<Keep>()?;
    let open = Open { db: house.db.clone(), files: house.files.clone(), clock: house.clock.clone() };
    let (deep, lang) = (!ask.ky.is_empty(), desk.cx.lang);
    let found = doctor::look(&config, &open, deep).await?;
    let (parked, jobs) = house
        .db
        .read(async |tx: &Read<'_>| Ok::<_, store::Error>((store::parked(tx).await?, store::jobs(tx, None, None, 20).await?)))
        .await?;
    let body = System {
        at: base::wording::date_time(desk.cx.by.now, lang),
        deep,
        findings: findings(&found),
        parked,
        backups: backups(&config),
        postgres: house.db.kind() == store::EngineKind::Postgres,
        waiting: waiting(&config, lang).await,
        failed: restore::failed().map(|why| crate::say::data(&why)),
        settings: settings_table(&config)?,
        jobs: (!jobs.is_empty()).then(|| jobs_table(&jobs, &desk)),
    };
    Ok(Page::new(desk.shell.title("Hệ thống").current(super::PAGE).compact(true).main_class("work"), body))
}

fn findings(found: &[Finding]) -> Table {
    let heads = [head("Mục"), head("Tình trạng"), head("Thấy gì"), head("Việc cần làm")];
    found.iter().fold(table("Tình trạng", heads), |table, finding| {
        let state = match finding.state {
            How::Well => badge(Status::Ok, "Tốt"),
            How::Ailing => badge(Status::Warn, "Cần xem"),
            How::Down => badge(Status::Bad, "Hỏng"),
        };
        let cells = [finding.what.clone(), finding.seen.clone(), finding.cure.clone()].map(Cell::text);
        let [what, seen, cure] = cells;
        table.row(Row::new([what.row_head(), Cell::of(state), seen, cure]))
    })
}

fn backups(config: &Config) -> Option<Table> {
    let mut found: Vec<(String, u64)> = std::fs::read_dir(backup::folder(config))
        .ok()?
        .flatten()
        .filter_map(|f| Some((f.file_name().into_string().ok()?, f.metadata().ok()?.len())))
        .filter(|(name, _)| name.ends_with(".zip"))
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    let heads = [head("Tệp"), head("Cỡ").class("r")];
    let rows = found.iter().map(|(name, size)| {
        let href = format!("/quan-tri/he-thong/sao-luu/{name}");
        Row::new([Cell::link(href, name), Cell::raw(web::say::size(*size)).class("r")])
    });
    (!found.is_empty()).then(|| rows.fold(table("Bản sao lưu trên máy này", heads), Table::row))
}

async fn waiting(config: &Config, lang: base::Lang) -> Option<(String, u64, u64)> {
    let file = File::open(restore::waiting(config)).ok()?;
    let manifest = store::verify_backup(BufReader::new(file), Arc::new(|_: &str, _: u64| {})).await.ok()?;
    let rows = manifest.tables.iter().map(|t| t.rows).sum();
    Some((base::wording::date_time(manifest.made, lang), rows, manifest.files))
}

fn settings_table(config: &Config) -> Result<Table, Problem> {
    let all = settings(config.file.as_deref(), config).map_err(|e| Problem::ours(e.to_string()))?;
    let heads = [head("Tên"), head("Giá trị"), head("Lấy từ")];
    Ok(all.iter().fold(table("Cấu hình", heads), |table, s| {
        let source = if s.source == "default" { words("mặc định") } else { raw(&s.source) };
        table.row(Row::new([Cell::raw(&s.name), Cell::raw(&s.value), Cell::text(source)]))
    }))
}

fn jobs_table(jobs: &[JobView], desk: &OfficerDesk) -> Table {
    let heads = [head("Việc"), head("Tình trạng"), head("Kết quả"), head("Lúc")];
    jobs.iter().fold(table("Việc gần đây", heads), |table, job| {
        let state = match job.state.as_str() {
            "waiting" => badge(Status::Idle, "đang chờ"),
            "running" => badge(Status::Run, "đang chạy"),
            "done" => badge(Status::Ok, "xong"),
            "cancelled" => badge(Status::Idle, "đã hủy"),
            _ => badge(Status::Bad, "hỏng"),
        };
        let outcome = job.error.as_deref().or(job.report.as_deref()).or(job.note.as_deref()).unwrap_or_default();
        let when = base::wording::near(job.finished.unwrap_or(job.created), desk.cx.by.now, desk.cx.lang);
        table.row(Row::new([Cell::text(job.title.as_str()), Cell::of(state), Cell::raw(outcome), Cell::raw(when)]))
    })
}

/// The parked event to tell again.
#[derive(Deserialize)]
pub struct Again {
    nghe: String,
    cho: i64,
}

/// `POST /quan-tri/he-thong/nghe-lai`
pub async fn tell_again(
    desk: OfficerDesk,
    Extension(config): Extension<Arc<Config>>,
    Form(again): Form<Again>,
) -> Result<Go, Problem> {
    desk.require::<Keep>()?;
    let rooms = crate::rooms::rooms(&config);
    let ear = rooms.iter().flat_map(|r| r.listeners.iter()).find(|e| e.name() == again.nghe).cloned();
    let ear = ear.ok_or_else(Problem::not_found)?;
    store::hear_again(&desk.house.db, ear, again.cho).await?;
    Ok(go(super::PAGE).saying("Bộ nghe đã xử lý được sự kiện", &[]))
}
