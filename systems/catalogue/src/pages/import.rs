//! Importing a file of procedures: send it, leave it, find it again with its report.

use askama::Template;
use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::{Multipart, Path};
use axum::response::{IntoResponse, Response};
use base::Lang;
use directory::OfficerDesk;
use http::{HeaderValue, header};
use store::{Read, Write};
use uuid::Uuid;
use web::filters;
use web::ui::nav::Crumbs;
use web::ui::table::Table;
use web::{Cell, Field, Once, Page, Problem, Row, Status, Words, go, words};

use crate::import::{self, FaultLine, ImportError, MOST_BYTES, Progress, Report, Summary, Template as Blank, Upload};
use crate::record::Warning;
use crate::{Error, acts};

/// This page.
const HERE: &str = "/quan-tri/thu-tuc/nhap";
/// Faults shown on the page; the file has them all.
const SHOWN: u32 = 100;

/// The form, and what was imported before.
#[derive(Template)]
#[template(path = "editor/import.html")]
pub struct ImportPage {
    crumbs: Crumbs,
    error: Option<Words>,
    file: Field,
    before: Option<Table>,
}

/// One import: under way, or its report.
#[derive(Template)]
#[template(path = "editor/progress.html")]
pub struct ProgressPage {
    crumbs: Crumbs,
    progress: Progress,
    title: Words,
    text: Words,
    percent: Option<u8>,
    why: Words,
    started: String,
    figures: Vec<(&'static str, String)>,
    warnings: Option<Table>,
    faults: Option<Table>,
}

/// Takes the file that a form has in one input and orders its import. The inner error is for the person beside the field.
///
/// Both the page and the API come through here. Whatever goes wrong, nothing of the file stays.
pub async fn receive(
    desk: &OfficerDesk,
    once: &Once,
    form: Result<Multipart, MultipartRejection>,
    input: &str,
) -> Result<Result<Uuid, Words>, Problem> {
    let mut form = form.map_err(|e| Problem::unreadable(e.to_string()))?;
    let mut once = once.clone();
    loop {
        let part = match form.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => return Ok(Err(words("Chọn tệp JSONL, CSV hoặc XLSX cần nhập."))),
            Err(e) => return cut(&e),
        };
        if part.name() == Some("lan") {
            let key = part.text().await.map_err(|e| Problem::unreadable(e.to_string()))?;
            once = Once::of_form(&desk.visit, &key);
            continue;
        }
        if part.name() != Some(input) {
            continue;
        }
        let Some(name) = part.file_name().filter(|n| !n.is_empty()).map(str::to_owned) else { continue };
        let mut upload = Upload::begin(&desk.house.db, &desk.cx, &name)?;
        let mut part = part;
        loop {
            match part.chunk().await {
                Ok(Some(bytes)) => match upload.more(&bytes).await {
                    Ok(()) => {}
                    Err(ImportError::Catalogue(Error::Store(store::Error::TooLarge { .. }))) => return Ok(Err(too_large())),
                    Err(e) => return Err(problem(e)),
                },
                Ok(None) => break,
                Err(e) => {
                    upload.forget().await.map_err(problem)?;
                    return cut(&e);
                }
            }
        }
        return match upload.order(&once).await.map_err(problem)? {
            Some(id) => Ok(Ok(id)),
            None => Ok(Err(words("Tệp này rỗng. Chọn lại tệp có nội dung."))),
        };
    }
}

fn too_large() -> Words {
    words("Tệp này quá nặng, tối đa {0}. Tách thành nhiều tệp rồi nhập lần lượt.").with(web::say::size(MOST_BYTES))
}

fn cut(e: &MultipartError) -> Result<Result<Uuid, Words>, Problem> {
    if e.status() == http::StatusCode::PAYLOAD_TOO_LARGE { Ok(Err(too_large())) } else { Err(Problem::unreadable(e.to_string())) }
}

fn problem(e: ImportError) -> Problem {
    match e {
        ImportError::Catalogue(e) => e.into(),
        other => Problem::ours(other.to_string()),
    }
}

fn crumbs(here: impl Into<Words>, deep: bool) -> Crumbs {
    let above = [("/quan-tri", "Quản trị"), ("/quan-tri/thu-tuc", "Danh mục thủ tục"), (HERE, "Nhập từ tệp")];
    web::crumbs(above.into_iter().take(if deep { 3 } else { 2 }), here)
}

async fn page(desk: &OfficerDesk, error: Option<Words>) -> Result<ImportPage, Problem> {
    let (cx, lang) = (desk.cx.clone(), desk.cx.lang);
    let before = desk.house.db.read(async move |tx: &Read<'_>| import::latest(tx, &cx, 20).await).await?;
    let rows = before.iter().map(|p| {
        let (status, title) = state(p);
        let figures = p.report.as_ref().map(|r| r.summary);
        let n = |of: Option<u64>| Cell::raw(of.map(web::say::count).unwrap_or_default()).class("r");
        Row::new([
            Cell::link(format!("{HERE}/{}", p.id), &p.file).row_head(),
            Cell::raw(base::wording::date_time(p.started_at, lang)),
            Cell::raw(&p.by),
            Cell::of(web::badge(status, title)),
            n(figures.map(|f| f.read)),
            n(figures.map(|f| f.new)),
            n(figures.map(|f| f.changed)),
            n(figures.map(|f| f.unreadable)),
        ])
    });
    let heads = [
        web::head("Tên tệp"),
        web::head("Lúc"),
        web::head("Người nhập"),
        web::head("Trạng thái"),
        web::head("Số dòng").class("r"),
        web::head("Mới").class("r"),
        web::head("Đổi").class("r"),
        web::head("Chưa đọc được").class("r"),
    ];
    let before = (!before.is_empty()).then(|| web::table("Các lần nhập gần đây", heads).rows(rows));
    let file = web::file("tep", "Tệp JSONL, CSV hoặc XLSX")
        .hint(words("Tối đa {0}. Nội dung tệp quyết định cách đọc, không phải đuôi tệp.").with(web::say::size(MOST_BYTES)))
        .accept(".jsonl,.ndjson,.json,.csv,.tsv,.txt,.xlsx")
        .error(error.clone());
    Ok(ImportPage { crumbs: crumbs("Nhập từ tệp", false), error, file, before })
}

/// `GET /quan-tri/thu-tuc/nhap`
pub async fn show(desk: OfficerDesk) -> Result<Page<ImportPage>, Problem> {
    desk.require::<acts::Import>()?;
    let body = page(&desk, None).await?;
    Ok(Page::new(desk.shell.title(words("Nhập thủ tục từ tệp")).current("/quan-tri"), body))
}

/// `POST /quan-tri/thu-tuc/nhap`
pub async fn send(desk: OfficerDesk, form: Result<Multipart, MultipartRejection>) -> Result<Response, Problem> {
    desk.require::<acts::Import>()?;
    let once = Once::of_form(&desk.visit, "");
    match receive(&desk, &once, form, "tep").await? {
        Ok(id) => Ok(go(format!("{HERE}/{id}")).into_response()),
        Err(why) => {
            let body = page(&desk, Some(why)).await?;
            Ok(Page::faulty(desk.shell.title(words("Nhập thủ tục từ tệp")).current("/quan-tri"), body).into_response())
        }
    }
}

fn state(p: &Progress) -> (Status, &'static str) {
    match p.state {
        "done" if p.report.as_ref().is_some_and(|r| r.summary.unreadable > 0) => (Status::Warn, "Đã nhập, có dòng chưa đọc được"),
        "done" => (Status::Ok, "Đã nhập"),
        "failed" => (Status::Bad, "Chưa nhập được"),
        "again" => (Status::Hold, "Sẽ tự thử lại"),
        "waiting" => (Status::Idle, "Đang chờ đến lượt"),
        _ => (Status::Run, "Đang nhập"),
    }
}

/// `GET /quan-tri/thu-tuc/nhap/{id}`
pub async fn progress(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Page<ProgressPage>, Problem> {
    desk.require::<acts::Import>()?;
    let cx = desk.cx.clone();
    let (progress, faults) = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let progress = import::progress(tx, &cx, id).await?;
            let faults = match progress.report {
                Some(_) => import::unreadable(tx, &cx, id, 0, SHOWN).await?,
                None => vec![],
            };
            Ok::<_, Error>((progress, faults))
        })
        .await?;
    let under_way = progress.is_under_way();
    let body = drawn(progress, &faults, desk.cx.lang);
    let shell = desk.shell.title(words("Nhập tệp {0}").with(&body.progress.file)).current("/quan-tri");
    Ok(Page::new(if under_way { shell.refresh(2) } else { shell }, body))
}

fn drawn(progress: Progress, faults: &[FaultLine], lang: Lang) -> ProgressPage {
    let percent = progress.of.filter(|of| *of > 0).map(|of| (progress.read.min(of) * 100 / of) as u8);
    let text = match (progress.state, progress.of) {
        ("waiting", _) => words("Tệp đã nhận đủ, bắt đầu trong giây lát. Rời trang này cũng được, việc nhập vẫn đi tiếp."),
        (_, Some(of)) => words("Đã đọc {0} trên {1} dòng. Rời trang này cũng được, việc nhập vẫn đi tiếp.")
            .with(web::say::count(progress.read))
            .with(web::say::count(of)),
        _ => words("Đã đọc {0} dòng. Rời trang này cũng được, việc nhập vẫn đi tiếp.").with(web::say::count(progress.read)),
    };
    let fault_rows = faults
        .iter()
        .map(|f| Row::new([Cell::raw(f.line).class("r").row_head(), Cell::raw(&f.code).class("code"), Cell::raw(&f.reason)]));
    let heads = [web::head("Dòng").class("r"), web::head("Mã thủ tục"), web::head("Vì sao")];
    ProgressPage {
        crumbs: crumbs(web::raw(&progress.file), true),
        title: words(state(&progress).1),
        text,
        percent,
        why: progress.why.as_ref().map_or_else(
            || words("Việc nhập bị ngắt nhiều lần. Nhập lại tệp này; nếu vẫn vậy, báo quản trị hệ thống."),
            web::raw,
        ),
        started: base::wording::date_time(progress.started_at, lang),
        figures: progress.report.as_ref().map(|r| figures(&r.summary)).unwrap_or_default(),
        warnings: progress.report.as_ref().and_then(warnings),
        faults: (!faults.is_empty()).then(|| web::table("Dòng chưa đọc được", heads).rows(fault_rows)),
        progress,
    }
}

fn figures(s: &Summary) -> Vec<(&'static str, String)> {
    let all = [
        ("Dòng đã đọc", s.read),
        ("Thủ tục mới", s.new),
        ("Có thay đổi", s.changed),
        ("Như cũ", s.unchanged),
        ("Chưa đọc được", s.unreadable),
    ];
    all.map(|(label, n)| (label, web::say::count(n))).into()
}

/// What a person should look at, and where.
fn warnings(report: &Report) -> Option<Table> {
    let rows = report.warnings.iter().map(|(warning, n)| {
        let where_to = match warning {
            Warning::TermOpen | Warning::TermMissing => "/quan-tri/thu-tuc?loc=cho-chot",
            _ => "",
        };
        let what = if where_to.is_empty() {
            Cell::text(warning.words())
        } else {
            Cell::of(Leads { href: where_to, text: warning.words() })
        };
        Row::new([what.row_head(), Cell::raw(web::say::count(*n)).class("r")])
    });
    let heads = [web::head("Cần người xem lại"), web::head("Số thủ tục").class("r")];
    (!report.warnings.is_empty()).then(|| web::table("Cần người xem lại", heads).quiet_caption().rows(rows))
}

/// A sentence of ours as a link.
#[derive(Debug, Template)]
#[template(source = r#"<a href="{{ href }}">{{ text|t }}</a>"#, ext = "html")]
struct Leads {
    href: &'static str,
    text: &'static str,
}
impl askama::filters::HtmlSafe for Leads {}

/// `POST /quan-tri/thu-tuc/nhap/{id}/dung`
pub async fn stop(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    desk.require::<acts::Import>()?;
    let cx = desk.cx.clone();
    let asked = desk.house.db.write(async move |tx: &Write<'_>| import::stop(tx, &cx, id).await).await?;
    let said = if asked {
        "Đang dừng. Danh mục giữ nguyên như trước."
    } else {
        "Lần nhập này đã xong, không còn gì để dừng."
    };
    Ok(go(format!("{HERE}/{id}")).saying(said, &[]).into_response())
}

fn download(mime: &'static str, name: &str, bytes: Vec<u8>) -> Result<Response, Problem> {
    let disposition =
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(|e| Problem::ours(e.to_string()))?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(mime)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, bytes).into_response())
}

/// `GET /quan-tri/thu-tuc/nhap/{id}/loi.csv`: every kept row that could not be read, to be put right and imported again.
pub async fn faults(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    desk.require::<acts::Import>()?;
    let cx = desk.cx.clone();
    let faults = desk.house.db.read(async move |tx: &Read<'_>| import::unreadable(tx, &cx, id, 0, 5_000).await).await?;
    let rows = faults.into_iter().map(|f| vec![sheet::Cell::from(f.line.to_string()), f.code.into(), f.reason.into()]);
    let mut out = vec![];
    let heads = ["Dòng", "Mã thủ tục", "Vì sao"]; // not on screen: heads of a file
    sheet::write_csv(&mut out, &heads, rows).map_err(|e| Problem::ours(e.to_string()))?;
    download("text/csv; charset=utf-8", "dong-chua-doc-duoc.csv", out)
}

/// `GET /quan-tri/thu-tuc/mau/{file}`: an empty file to fill.
pub async fn template(desk: OfficerDesk, Path(file): Path<String>) -> Result<Response, Problem> {
    desk.require::<acts::Import>()?;
    let kind: Blank = file.strip_prefix("mau.").and_then(|k| k.parse().ok()).ok_or_else(Problem::not_found)?;
    let bytes = kind.bytes().map_err(|e| Problem::ours(e.to_string()))?;
    download(kind.mime(), &format!("thu-tuc.{}", kind.extension()), bytes)
}
