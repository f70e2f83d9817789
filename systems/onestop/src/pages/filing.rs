//! A citizen files: contact, the form page by page, papers, how to get the result, a last look, sent.

mod contact;
mod draw;
mod sheet;
mod take;

use crate::address;
use crate::decide;
use crate::objection::Objection;
use crate::sent::Sent;
use crate::service::{self, Draft, Error, MostDrafts};
use crate::sql::papers::Attachment;
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::{Moment, ProcedureCode};
use catalogue::VersionId;
use catalogue::package::{FormPage, Package, PaperKind};
use directory::Citizen;
use http::StatusCode;
use serde::Deserialize;
use sheet::Dispute;
use std::collections::BTreeSet;
use std::sync::Arc;
use take::{missing, take, told};
use uuid::Uuid;
use web::filters;
use web::ui::field::{Choice, Field, radios};
use web::{FieldFault, Once, Page, Problem, Words, go, raw, words};

/// Pages around those of the e-form.
const CONTACT: &str = "lien-he";
const PAPERS: &str = "giay-to";
const RESULT: &str = "nhan-ket-qua";
const REVIEW: &str = "xem-lai";

/// Before the first page.
#[derive(Template)]
#[template(path = "filing_start.html")]
pub struct Start {
    code: String,
    name: String,
    cases: Option<Field>,
    papers: Vec<String>,
    pages: usize,
    drafts: Vec<(Uuid, String)>,
}

/// `GET /nop/{code}`
pub async fn start(citizen: Citizen, Path(code): Path<ProcedureCode>) -> Result<Page<Start>, Problem> {
    let cx = citizen.cx.clone();
    let (version, receivable, drafts) = citizen
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let version = catalogue::current(tx, &code, cx.by.now).await?;
            let receivable = catalogue::receivable(tx, &version.package.code, cx.by.now).await?;
            Ok::<_, Error>((version, receivable, service::own_drafts(tx, &cx).await?))
        })
        .await?;
    decide::filed_here(&version.package, receivable).map_err(Error::from)?;
    let lang = citizen.cx.lang;
    let package = catalogue::package::told(version.package, lang);
    let body = Start {
        cases: (package.cases.len() > 1).then(|| {
            radios(
                "truong-hop",
                "Trường hợp của bạn",
                package.cases.iter().map(|c| Choice::new(&c.id, raw(&c.name)).hint(raw(&c.when))),
            )
        }),
        papers: package
            .papers
            .iter()
            .filter(|p| matches!(p.kind, PaperKind::Submit) && !p.by_form)
            .map(|p| p.name.clone())
            .collect(),
        pages: pages(&package).len(),
        drafts: drafts
            .into_iter()
            .filter(|d| d.procedure_code == package.code.to_string())
            .map(|d| (d.id, base::wording::near(d.saved_at, citizen.cx.by.now, lang)))
            .collect(),
        code: package.code.to_string(),
        name: package.name.clone(),
    };
    let shell = citizen.shell.title(raw(service::short_name(&package))).main_class("page form-page");
    Ok(Page::new(shell, body))
}

/// `POST /nop/{code}`: the same page sent twice is one draft.
pub async fn begin(
    citizen: Citizen,
    Path(code): Path<ProcedureCode>,
    Extension(most): Extension<MostDrafts>,
    sent: Sent,
) -> Result<web::Go, Problem> {
    let (cx, case) = (citizen.cx.clone(), sent.field("truong-hop").to_owned());
    let once = Once::of_form(&citizen.visit, sent.field("lan"));
    let id = once
        .run(&citizen.house, &sent.digest(), async move |tx: &store::Write<'_>| {
            let case = (!case.is_empty()).then(|| case.clone());
            service::start_draft(tx, &cx, &code, case, most).await.map(|id| id.to_string())
        })
        .await?;
    Ok(go(format!("/nop/nhap/{id}/{CONTACT}")))
}

/// Names and titles of all pages of a draft, in order.
fn pages(package: &Package) -> Vec<(String, Words)> {
    let mut out = vec![(CONTACT.to_owned(), words("Người nộp"))];
    for page in package.form.iter().flat_map(|f| &f.pages) {
        out.push((page.id.clone(), raw(if page.short.is_empty() { &page.title } else { &page.short })));
    }
    out.push((PAPERS.to_owned(), words("Giấy tờ")));
    out.push((RESULT.to_owned(), words("Nhận kết quả")));
    out.push((REVIEW.to_owned(), words("Xem lại, gửi")));
    out
}

fn form_page<'p>(package: &'p Package, id: &str) -> Option<&'p FormPage> {
    package.form.iter().flat_map(|f| &f.pages).find(|p| p.id == id)
}

/// Everything a page of a draft is drawn from.
struct Drawn {
    draft: Draft,
    attached: Vec<Attachment>,
    communes: Vec<directory::Unit>,
}

async fn load(citizen: &Citizen, id: Uuid) -> Result<Drawn, Problem> {
    let cx = citizen.cx.clone();
    Ok(citizen
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let mut draft = service::own_draft(tx, &cx, id).await?;
            draft.version.package = catalogue::package::told(draft.version.package, cx.lang);
            draft.begun.package = catalogue::package::told(draft.begun.package, cx.lang);
            let attached = service::attached(tx, &cx, id).await?;
            let communes = directory::communes(tx, cx.by.now).await?;
            Ok::<_, Error>(Drawn { draft, attached, communes })
        })
        .await?)
}

/// What the address of a page says besides.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    /// Answers just sent have opened so many more questions.
    #[serde(default)]
    them: usize,
}

/// `GET /nop/nhap/{id}/{page}`
pub async fn show(citizen: Citizen, Path((id, page)): Path<(Uuid, String)>, Query(ask): Query<Ask>) -> Result<Response, Problem> {
    let drawn = load(&citizen, id).await?;
    if let Some(dossier) = drawn.draft.row.dossier {
        return Ok(filed(&citizen, dossier).await?.into_response());
    }
    if !pages(&drawn.draft.version.package).iter().any(|(p, _)| *p == page) {
        return Err(Problem::not_found());
    }
    let body = draw::step(&citizen, &drawn, &page, &[], &[], ask.them);
    let title = body.title();
    Ok(Page::new(citizen.shell.title(title).main_class("page form-page"), body).into_response())
}

async fn filed(citizen: &Citizen, dossier: Uuid) -> Result<web::Go, Problem> {
    let cx = citizen.cx.clone();
    let whole = citizen.house.db.read(async move |tx: &store::Read<'_>| service::see_own(tx, &cx, dossier).await).await?;
    Ok(go(format!("/tra-cuu/{}", whole.row.name_code())))
}

/// `POST /nop/nhap/{id}/{page}`: keeps what was typed, right or wrong; goes on only without faults, and only when nothing was answered
/// otherwise elsewhere meanwhile.
pub async fn keep(citizen: Citizen, Path((id, page)): Path<(Uuid, String)>, mut sent: Sent) -> Result<Response, Problem> {
    sheet::as_chosen(&mut sent.fields);
    address::as_chosen(&mut sent.fields);
    let later = sent.field("sau") == "co";
    let (cx, at, sent) = (citizen.cx.clone(), page.clone(), Arc::new(sent));
    let taken = citizen
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let draft = service::own_draft(tx, &cx, id).await?;
            match draft.row.dossier {
                Some(dossier) => Ok(Err(dossier)),
                None => take(tx, &cx, draft, &at, &sent).await.map(Ok),
            }
        })
        .await?;
    let taken = match taken {
        Ok(taken) => taken,
        Err(dossier) => return Ok(filed(&citizen, dossier).await?.into_response()),
    };
    if !taken.disputes.is_empty() {
        return again(citizen, id, &page, taken.faults, taken.disputes).await;
    }
    if later {
        return Ok(go("/ho-so-cua-toi").saying("Đã lưu bản nháp, làm tiếp lúc nào cũng được", &[]).into_response());
    }
    if !taken.faults.is_empty() {
        return again(citizen, id, &page, taken.faults, vec![]).await;
    }
    match (taken.opened.first(), taken.dated.first()) {
        // Questions nobody has seen yet are shown, not complained about.
        (Some(first), _) => {
            Ok(go(format!("/nop/nhap/{id}/{page}?them={}#cau-{}", taken.opened.len(), draw::anchor(first))).into_response())
        }
        (None, Some(field)) => Ok(go(format!("/nop/nhap/{id}/{page}#{}", address::anchor(field))).into_response()),
        (None, None) => Ok(go(next_of(&taken.draft, &page)).into_response()),
    }
}

/// Where a page without faults leads.
fn next_of(draft: &Draft, page: &str) -> String {
    let all = pages(&draft.version.package);
    let at = all.iter().position(|(p, _)| p == page).unwrap_or(0);
    let next = all.get(at + 1).map_or(REVIEW, |(p, _)| p.as_str());
    format!("/nop/nhap/{}/{next}", draft.row.id)
}

/// `POST /nop/nhap/{id}/{page}/luu`: autosave; answers with the minute it was kept, or with what was answered otherwise elsewhere.
pub async fn autosave(citizen: Citizen, Path((id, page)): Path<(Uuid, String)>, mut sent: Sent) -> Result<Response, Problem> {
    address::as_chosen(&mut sent.fields);
    let (cx, sent) = (citizen.cx.clone(), Arc::new(sent));
    let now: Moment = citizen.cx.by.now;
    let disputes = citizen
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let draft = service::own_draft(tx, &cx, id).await?;
            take(tx, &cx, draft, &page, &sent).await.map(|taken| taken.disputes)
        })
        .await?;
    let status = if disputes.is_empty() { StatusCode::OK } else { StatusCode::CONFLICT };
    Ok((status, axum::Json(serde_json::json!({ "saved_at": now, "disputes": disputes }))).into_response())
}

/// `POST /nop/nhap/{id}/go`: takes a file out again; what else the form held is kept.
pub async fn remove(citizen: Citizen, Path(id): Path<Uuid>, sent: Sent) -> Result<web::Go, Problem> {
    let file: Uuid = sent.field("tep").parse().map_err(|_| Problem::unreadable("file"))?;
    let (cx, sent) = (citizen.cx.clone(), Arc::new(sent));
    citizen
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let draft = service::own_draft(tx, &cx, id).await?;
            take(tx, &cx, draft, PAPERS, &sent).await?;
            service::detach(tx, &cx, id, file).await
        })
        .await?;
    Ok(go(format!("/nop/nhap/{id}/{PAPERS}")))
}

/// `POST /nop/nhap/{id}/nop`: sends; the same draft sent twice is one dossier.
pub async fn submit(citizen: Citizen, Path(id): Path<Uuid>, sent: Sent) -> Result<Response, Problem> {
    let cx = citizen.cx.clone();
    let shown = sent.field("ban").parse().ok().map(VersionId);
    let sent = citizen.house.db.write(async move |tx: &store::Write<'_>| service::submit(tx, &cx, id, shown).await).await;
    match sent {
        Ok(row) => Ok(go(format!("/tra-cuu/{}", row.name_code()))
            // the code is a secret: it stands on the page itself, never in a sentence carried from one page to the next
            .saying("Đã nộp hồ sơ. Ghi lại mã nộp trên trang này.", &[])
            .into_response()),
        Err(Error::Faults(faults)) => {
            let drawn = load(&citizen, id).await?;
            let page = page_of(&drawn.draft.version.package, &faults[0].field);
            again(citizen, id, &page, told(&faults), vec![]).await
        }
        Err(Error::PapersMissing(_)) => {
            let drawn = load(&citizen, id).await?;
            let have: BTreeSet<String> = drawn.attached.iter().filter_map(|a| a.paper.clone()).collect();
            let faults = missing(&drawn.draft, &have);
            again(citizen, id, PAPERS, faults, vec![]).await
        }
        // the last look again, with what changed above it
        Err(Error::Objection(Objection::VersionChanged)) => {
            let drawn = load(&citizen, id).await?;
            let body = draw::step(&citizen, &drawn, REVIEW, &[], &[], 0);
            let shell = citizen.shell.title(body.title()).main_class("page form-page").failed(true);
            Ok(Page::new(shell, body).status(StatusCode::CONFLICT).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// The page on which a field is asked.
fn page_of(package: &Package, field: &str) -> String {
    if field == crate::draft::asked::CHANNEL {
        return RESULT.to_owned();
    }
    let pages = package.form.iter().flat_map(|f| &f.pages);
    pages.into_iter().find(|p| p.fields.iter().any(|f| f.id == field)).map_or(CONTACT.to_owned(), |p| p.id.clone())
}

/// Draws a page again with its faults, and with both texts of what was answered otherwise elsewhere; faults of other pages wait for theirs.
async fn again(
    citizen: Citizen,
    id: Uuid,
    page: &str,
    faults: Vec<FieldFault>,
    disputes: Vec<Dispute>,
) -> Result<Response, Problem> {
    let drawn = load(&citizen, id).await?;
    let disputed = disputes.iter().map(|d| {
        FieldFault::new(d.question.clone(), words("Ô này vừa được ghi khác ở một trang hay máy khác. Chọn chữ để giữ."))
    });
    let faults: Vec<FieldFault> = disputed.chain(faults).collect();
    let body = draw::step(&citizen, &drawn, page, &faults, &disputes, 0);
    let status = if disputes.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    let shell = citizen.shell.title(body.title()).main_class("page form-page");
    Ok(Page::faulty(shell, body).status(status).into_response())
}

/// `POST /nop/nhap/{id}/xoa`
pub async fn discard(citizen: Citizen, Path(id): Path<Uuid>) -> Result<web::Go, Problem> {
    let cx = citizen.cx.clone();
    citizen.house.db.write(async move |tx: &store::Write<'_>| service::discard_draft(tx, &cx, id).await).await?;
    Ok(go("/ho-so-cua-toi").saying("Đã xóa bản nháp", &[]))
}
