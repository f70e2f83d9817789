//! One procedure: who, how long, how much, which papers, the steps, the law last.

use super::words;
use crate::Error;
use crate::package::{Package, PaperKind, StepRole};
use askama::Template;
use axum::extract::Path;
use base::{Lang, ProcedureCode};
use directory::Visitor;
use std::sync::Arc;
use web::filters;
use web::ui::status::{Badge, Status, badge};
use web::{Page, Problem, Words, raw};

/// The page.
#[derive(Template)]
#[template(path = "procedure.html")]
pub struct ProcedurePage {
    package: Arc<Package>,
    title: String,
    official: Option<String>,
    levels: Words,
    channels: Words,
    service: Words,
    terms: Vec<Words>,
    fee: Words,
    fees: Vec<(String, Words, String)>,
    papers: Vec<(String, Badge, String)>,
    notes: Vec<String>,
    steps: Vec<(usize, String, Words)>,
    can_file: bool,
    open_terms: bool,
}

/// `GET /thu-tuc/{code}`
pub async fn show(visitor: Visitor, Path(code): Path<String>) -> Result<Page<ProcedurePage>, Problem> {
    let code: ProcedureCode = code.parse().map_err(|_| Problem::not_found())?;
    let (now, lang) = (visitor.visit.at(), visitor.visit.lang());
    let (package, listed) = visitor
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let version = crate::current(tx, &code, now).await?;
            let listed = crate::receivable(tx, &version.package.code).await?;
            Ok::<_, Error>((version.package, listed))
        })
        .await?;
    let body = draw(package, listed, lang);
    Ok(Page::new(visitor.shell.title(raw(&body.title)), body))
}

/// Draws the page of a package.
pub fn draw(package: Arc<Package>, listed: bool, lang: Lang) -> ProcedurePage {
    let short = !package.short_name.is_empty();
    let papers = package.papers.iter().filter(|p| p.kind != PaperKind::Note).map(|p| {
        let mark = match p.kind {
            PaperKind::Submit if p.by_form => badge(Status::Run, "Khai trên mạng"),
            PaperKind::Submit => badge(Status::Warn, "Phải nộp"),
            PaperKind::Present => badge(Status::Ok, "Chỉ xuất trình"),
            _ => badge(Status::Idle, "Chỉ khi cần"),
        };
        (p.name.clone(), mark, p.note.clone())
    });
    let (route, _) = package.process();
    ProcedurePage {
        title: if short { package.short_name.clone() } else { package.name.clone() },
        official: short.then(|| package.name.clone()),
        levels: words::levels(&package),
        channels: words::channels(&package),
        service: web::words(match package.service {
            crate::package::ServiceKind::Full => "Dịch vụ công trực tuyến toàn trình",
            crate::package::ServiceKind::Partial => "Dịch vụ công trực tuyến một phần",
            crate::package::ServiceKind::Information => "Cung cấp thông tin trực tuyến",
        }),
        terms: package.terms.iter().map(|t| words::term(&package, t, lang)).collect(),
        fee: words::fees(&package),
        fees: package
            .fees
            .iter()
            .map(|f| {
                let amount = match f.amount {
                    Some(amount) if !f.doubtful => web::words("{0} đồng").with(base::wording::number(amount)),
                    _ => web::words("theo quy định"),
                };
                (f.name.clone(), amount, f.condition.clone())
            })
            .collect(),
        papers: papers.collect(),
        notes: package.papers.iter().filter(|p| p.kind == PaperKind::Note).map(|p| p.name.clone()).collect(),
        steps: route
            .iter()
            .enumerate()
            .map(|(i, step)| {
                let who = match step.role {
                    StepRole::DeskOfficer => "Trung tâm",
                    StepRole::CaseOfficer => "Công chức chuyên môn",
                    StepRole::Leader => "Lãnh đạo",
                    StepRole::Clerk => "Văn thư",
                };
                (i + 1, step.name.clone(), web::words(who))
            })
            .collect(),
        open_terms: package.open_terms().next().is_some() || package.terms.is_empty(),
        can_file: listed && package.elsewhere.is_none(),
        package,
    }
}
