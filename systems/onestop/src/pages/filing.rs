//! A citizen files: contact, the form page by page, papers, how to get the result, a last look, sent.

use super::words::{field_faults, result_channel};
use crate::dossier::ResultChannel;
use crate::form::{Answers, DATE_PARTS};
use crate::sent::Sent;
use crate::service::{self, Draft, Error, Terms};
use crate::sql::papers::{self, Attachment};
use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use base::{Moment, ProcedureCode};
use catalogue::package::{Field as Asked, FieldKind, FormPage, Package, PaperKind};
use directory::Citizen;
use std::collections::BTreeSet;
use uuid::Uuid;
use web::filters;
use web::ui::field::{Choice, DateParts, Field, area, checks, date, radios, select, text};
use web::ui::file::{FileLine, FileState, Files, files};
use web::ui::list::{Facts, Steps, facts, steps};
use web::ui::message::{Kept, Saved, saved};
use web::{FieldFault, Page, Problem, Words, go, raw, words};

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
            let receivable = catalogue::receivable(tx, &version.package.code).await?;
            let drafts = crate::sql::drafts::owned(tx, cx.who.subject.id).await?;
            Ok::<_, Error>((version, receivable, drafts))
        })
        .await?;
    if !receivable {
        return Err(Error::from(crate::objection::Objection::NotReceivedHere).into());
    }
    let package = version.package;
    let lang = citizen.cx.lang;
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
        pages: package.form.as_ref().map_or(0, |f| f.pages.len()) + 4,
        drafts: drafts
            .into_iter()
            .filter(|d| d.procedure_code == package.code.to_string())
            .map(|d| (d.id, base::wording::near(d.saved_at, citizen.cx.by.now, lang)))
            .collect(),
        code: package.code.to_string(),
        name: package.name.clone(),
    };
    Ok(Page::new(citizen.shell.title(raw(service::short_name(&package))), body))
}

/// `POST /nop/{code}`
pub async fn begin(citizen: Citizen, Path(code): Path<ProcedureCode>, sent: Sent) -> Result<web::Go, Problem> {
    let (cx, case) = (citizen.cx.clone(), sent.field("truong-hop").to_owned());
    let id = citizen
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            service::start_draft(tx, &cx, &code, (!case.is_empty()).then(|| case.clone())).await
        })
        .await?;
    Ok(go(format!("/nop/nhap/{id}/{CONTACT}")))
}

/// One page of a filing.
#[derive(Template)]
#[template(path = "filing_step.html")]
pub struct Step {
    draft: Uuid,
    page: String,
    procedure: String,
    title: Words,
    steps: Steps,
    place: Words,
    saved: Saved,
    summary: Option<web::ui::field::ErrorSummary>,
    fields: Vec<Field>,
    uploads: Vec<Files>,
    notes: Vec<String>,
    review: Vec<ReviewPage>,
    back: Option<String>,
    last: bool,
}

/// What was answered on one page.
struct ReviewPage {
    title: Words,
    href: String,
    facts: Facts,
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
            let draft = service::own_draft(tx, &cx, id).await?;
            let attached = papers::of_draft(tx, id).await?;
            let communes = directory::communes(tx, cx.by.now).await?;
            Ok::<_, Error>(Drawn { draft, attached, communes })
        })
        .await?)
}

/// `GET /nop/nhap/{id}/{page}`
pub async fn show(citizen: Citizen, Path((id, page)): Path<(Uuid, String)>) -> Result<Response, Problem> {
    let drawn = load(&citizen, id).await?;
    if let Some(dossier) = drawn.draft.row.dossier {
        return Ok(filed(&citizen, dossier).await?.into_response());
    }
    if !pages(&drawn.draft.version.package).iter().any(|(p, _)| *p == page) {
        return Err(Problem::not_found());
    }
    let body = draw(&citizen, &drawn, &page, &[]);
    let title = body.title.clone();
    Ok(Page::new(citizen.shell.title(title).main_class("page form-page"), body).into_response())
}

async fn filed(citizen: &Citizen, dossier: Uuid) -> Result<web::Go, Problem> {
    let cx = citizen.cx.clone();
    let whole = citizen.house.db.read(async move |tx: &store::Read<'_>| service::see_own(tx, &cx, dossier).await).await?;
    Ok(go(format!("/tra-cuu/{}", whole.row.name_code())))
}

fn draw(citizen: &Citizen, drawn: &Drawn, page: &str, faults: &[FieldFault]) -> Step {
    let package = &drawn.draft.version.package;
    let data = &drawn.draft.data;
    let all = pages(package);
    let at = all.iter().position(|(p, _)| p == page).unwrap_or(0);
    let fields: Vec<Field> = match page {
        CONTACT => contact(drawn),
        RESULT => vec![how_to_return(data.result_channel)],
        PAPERS | REVIEW => vec![],
        _ => form_page(package, page)
            .map(|p| {
                p.fields
                    .iter()
                    .filter(|f| data.answers.shows(f))
                    .map(|f| drawn_field(f, &data.answers, &drawn.communes))
                    .collect()
            })
            .unwrap_or_default(),
    };
    let fields: Vec<Field> = fields.into_iter().map(|f| f.fault_in(faults)).collect();
    Step {
        draft: drawn.draft.row.id,
        page: page.to_owned(),
        procedure: service::short_name(package).to_owned(),
        title: form_page(package, page).map_or_else(|| all[at].1.clone(), |p| raw(&p.title)),
        steps: steps(all.iter().map(|(_, label)| label.clone()), at + 1),
        place: words("Bước {0} trên {1}").with(at + 1).with(all.len()),
        saved: saved(
            Kept::Saved,
            words("Đã lưu nháp lúc {0}. Mất mạng không mất chữ đã gõ.").with(web::say::hour(drawn.draft.row.saved_at)),
        ),
        summary: (!faults.is_empty()).then(|| summary(faults, &fields)),
        uploads: if page == PAPERS { uploads(citizen, drawn, faults) } else { vec![] },
        notes: if page == PAPERS { remarks(package) } else { vec![] },
        review: if page == REVIEW { review(drawn) } else { vec![] },
        back: at.checked_sub(1).map(|before| format!("/nop/nhap/{}/{}", drawn.draft.row.id, all[before].0)),
        last: page == REVIEW,
        fields,
    }
}

fn summary(faults: &[FieldFault], fields: &[Field]) -> web::ui::field::ErrorSummary {
    if fields.is_empty() { web::error_summary(faults) } else { web::error_summary_of(fields) }
}

fn contact(drawn: &Drawn) -> Vec<Field> {
    let person = &drawn.draft.data.applicant;
    let birth: Vec<&str> = person.birth.split('-').collect();
    let part = |i: usize| birth.get(i).map(|p| p.trim_start_matches('0').to_owned()).unwrap_or_default();
    vec![
        text("ho-ten", "Họ, chữ đệm, tên").value(&person.name).hint("Như trên giấy tờ tùy thân.").autocomplete("name").width(30),
        text("so", "Số định danh")
            .value(&person.id_number)
            .hint("12 số trên thẻ căn cước; không có thì ghi số hộ chiếu, hoặc để trống.")
            .optional()
            .width(20),
        date("ngay-sinh", "Ngày sinh", DateParts { day: part(2), month: part(1), year: part(0) })
            .hint("Chỉ nhớ năm thì chỉ ghi năm.")
            .optional(),
        text("dien-thoai", "Điện thoại").value(&person.phone).kind("tel").autocomplete("tel").optional().width(20),
        text("thu", "Thư điện tử")
            .value(&person.email)
            .kind("email")
            .autocomplete("email")
            .hint("Để nhận tin khi hồ sơ có bước mới.")
            .optional()
            .width(30),
        text("dia-chi", "Nơi cư trú").value(&person.address).optional().width(30),
        select(
            "xa",
            "Nộp cho xã, phường nào",
            std::iter::once(Choice::new("", "Chọn xã, phường"))
                .chain(drawn.communes.iter().map(|u| Choice::new(u.id.0.to_string(), raw(&u.name)))),
        )
        .hint("Thường là nơi cư trú. Trung tâm nào trong tỉnh cũng nhận thay được.")
        .value_opt(drawn.draft.data.commune),
        checks("nop-thay", "Nộp thay", [Choice::new("co", "Tôi nộp thay người khác")])
            .values(drawn.draft.data.submitter_name.as_ref().map(|_| "co")),
        text("nguoi-nop", "Tên người nộp thay").value_opt(drawn.draft.data.submitter_name.as_deref()).optional().width(30),
    ]
}

fn take_contact(draft: &mut Draft, sent: &Sent) -> Vec<FieldFault> {
    let clean = |name: &str| base::text::line(sent.field(name));
    let person = &mut draft.data.applicant;
    (person.name, person.id_number, person.phone) = (clean("ho-ten"), clean("so"), clean("dien-thoai"));
    (person.email, person.address) = (clean("thu"), clean("dia-chi"));
    let [day, month, year] = DATE_PARTS.map(|p| clean(&format!("ngay-sinh.{p}")));
    person.birth =
        [&year, &month, &day].into_iter().take_while(|p| !p.is_empty()).map(|p| format!("{p:0>2}")).collect::<Vec<_>>().join("-");
    draft.data.commune = sent.field("xa").parse().ok();
    let on_behalf = sent.field("nop-thay") == "co";
    draft.data.submitter_name = on_behalf.then(|| clean("nguoi-nop"));
    let mut faults = Vec::new();
    let mut wrong = |field: &str, said: &'static str| faults.push(FieldFault::new(field, words(said)));
    if draft.data.applicant.name.is_empty() {
        wrong("ho-ten", "Điền họ, chữ đệm, tên.");
    }
    if draft.data.commune.is_none() {
        wrong("xa", "Chọn xã, phường nhận hồ sơ.");
    }
    if on_behalf && draft.data.submitter_name.as_deref().is_none_or(str::is_empty) {
        wrong("nguoi-nop", "Điền tên người nộp thay.");
    }
    let id = draft.data.applicant.id_number.clone();
    if !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()) && id.parse::<base::CitizenId>().is_err() {
        wrong("so", "Số định danh có 12 chữ số. Xem lại từng số.");
    }
    if !(day.is_empty() && month.is_empty() && year.is_empty()) {
        let number = |p: &str| if p.is_empty() { Ok(None) } else { p.parse().map(Some) };
        let read = match (year.parse(), number(&month), number(&day)) {
            (Ok(year), Ok(month), Ok(day)) => base::person::PartialDate::new(year, month, day).ok(),
            _ => None,
        };
        if read.is_none() {
            wrong("ngay-sinh", "Ghi ngày bằng số, ví dụ 5 11 2026.");
        }
    }
    faults
}

fn how_to_return(chosen: Option<ResultChannel>) -> Field {
    let choice = |c: ResultChannel| Choice::new(c.as_str(), result_channel(c));
    radios(
        "kenh",
        "Bạn muốn nhận kết quả thế nào",
        [ResultChannel::Electronic, ResultChannel::Desk, ResultChannel::Post].map(choice),
    )
    .value_opt(chosen.map(ResultChannel::as_str))
}

/// One field of an e-form as a control of the page. Its words come from the package.
pub fn drawn_field(field: &Asked, answers: &Answers, communes: &[directory::Unit]) -> Field {
    let (name, label) = (&field.id, raw(&field.label));
    let typed = answers.get(name);
    let choice = |c: &catalogue::package::Choice| Choice::new(&c.value, raw(&c.label));
    let drawn = match field.kind {
        FieldKind::LongText => area(name, label).value(typed).rows(4),
        FieldKind::Date | FieldKind::PartialDate => {
            let part = |p: &str| answers.get(&format!("{name}.{p}")).to_owned();
            date(name, label, DateParts { day: part("d"), month: part("m"), year: part("y") })
        }
        FieldKind::OneOf if field.options.len() <= 6 => radios(name, label, field.options.iter().map(choice)).value(typed),
        FieldKind::OneOf => {
            select(name, label, std::iter::once(Choice::new("", "Chọn")).chain(field.options.iter().map(choice))).value(typed)
        }
        FieldKind::ManyOf => {
            checks(name, label, field.options.iter().map(choice)).values(typed.split('\n').filter(|v| !v.is_empty()))
        }
        FieldKind::YesNo => radios(name, label, [Choice::new("co", "Có"), Choice::new("khong", "Không")]).inline().value(typed),
        FieldKind::Consent => {
            checks(name, words("Cam đoan"), [Choice::new("co", label)]).values((!typed.is_empty()).then_some("co"))
        }
        FieldKind::Commune => select(
            name,
            label,
            std::iter::once(Choice::new("", "Chọn xã, phường"))
                .chain(communes.iter().filter_map(|u| u.gso_code.as_ref().map(|p| Choice::new(p, raw(&u.name))))),
        )
        .value(typed),
        FieldKind::Phone => text(name, label).value(typed).kind("tel").width(20),
        FieldKind::Email => text(name, label).value(typed).kind("email").width(30),
        FieldKind::Number | FieldKind::Money | FieldKind::Year | FieldKind::CitizenId | FieldKind::TaxCode => {
            text(name, label).value(typed).digits().width(20)
        }
        _ => text(name, label).value(typed).width(30),
    };
    let drawn = if field.hint.is_empty() { drawn } else { drawn.hint(raw(&field.hint)) };
    if field.required { drawn } else { drawn.optional() }
}

fn uploads(citizen: &Citizen, drawn: &Drawn, faults: &[FieldFault]) -> Vec<Files> {
    let draft = drawn.draft.row.id;
    let package = &drawn.draft.version.package;
    drawn
        .draft
        .data
        .papers(package)
        .into_iter()
        .filter(|p| p.kind != PaperKind::Present && !(p.by_form && package.form.is_some()))
        .map(|p| {
            let lines = drawn.attached.iter().filter(|a| a.paper.as_ref() == Some(&p.id)).map(|a| {
                let line = FileLine::new(a.id, &a.name, a.size.unsigned_abs(), FileState::Received { sha256: a.sha256.clone() });
                if a.hint.is_some() { line.warn(words("Ảnh có thể mờ, xem lại trước khi gửi.")) } else { line }
            });
            let name = format!("tep.{}", p.id);
            let fault = faults.iter().find(|f| f.field == name).map(|f| f.message.clone());
            files(&name, raw(&p.name), lines)
                .hint(if p.note.is_empty() {
                    words("Ảnh chụp hoặc PDF, mỗi tệp tối đa {0}.").with(web::say::size(citizen.house.settings.max_file))
                } else {
                    raw(&p.note)
                })
                .error(fault)
                .max(citizen.house.settings.max_file)
                .accept(&citizen.house.settings.file_types)
                .remove(format!("/nop/nhap/{draft}/go"))
        })
        .collect()
}

/// Papers only shown at the desk, and the record's remarks: told, never asked for as a file.
fn remarks(package: &Package) -> Vec<String> {
    package.papers.iter().filter(|p| matches!(p.kind, PaperKind::Present | PaperKind::Note)).map(|p| p.name.clone()).collect()
}

fn review(drawn: &Drawn) -> Vec<ReviewPage> {
    let draft = &drawn.draft;
    let href = |page: &str| format!("/nop/nhap/{}/{page}", draft.row.id);
    let person = &draft.data.applicant;
    let commune = drawn.communes.iter().find(|u| Some(u.id.0) == draft.data.commune);
    let filled = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    let mut out = vec![ReviewPage {
        title: words("Người nộp"),
        href: href(CONTACT),
        facts: facts()
            .row("Họ, chữ đệm, tên", &person.name)
            .row_opt("Số định danh", filled(&person.id_number))
            .row_opt("Điện thoại", filled(&person.phone))
            .row_opt("Thư điện tử", filled(&person.email))
            .row_opt("Nơi cư trú", filled(&person.address))
            .row_opt("Người nộp thay", draft.data.submitter_name.as_deref())
            .row_opt("Nộp cho", commune.map(|u| u.name.as_str())),
    }];
    for page in draft.version.package.form.iter().flat_map(|f| &f.pages) {
        let shown = page.fields.iter().filter(|f| draft.data.answers.shows(f));
        let facts = shown.map(|f| (f, draft.data.answers.shown(f))).filter(|(_, said)| !said.is_empty());
        out.push(ReviewPage {
            title: raw(&page.title),
            href: href(&page.id),
            facts: facts.fold(web::facts(), |facts, (f, said)| facts.row(raw(&f.label), said)),
        });
    }
    let named =
        |a: &Attachment| draft.version.package.papers.iter().find(|p| Some(&p.id) == a.paper.as_ref()).map(|p| p.name.clone());
    out.push(ReviewPage {
        title: words("Giấy tờ"),
        href: href(PAPERS),
        facts: drawn.attached.iter().fold(web::facts(), |facts, a| facts.row(raw(named(a).unwrap_or_default()), &a.name)),
    });
    out.push(ReviewPage {
        title: words("Nhận kết quả"),
        href: href(RESULT),
        facts: match draft.data.result_channel {
            Some(channel) => web::facts().part("Cách nhận", web::Part::text(result_channel(channel))),
            None => web::facts(),
        },
    });
    out
}

/// `POST /nop/nhap/{id}/{page}`: keeps what was typed, right or wrong; goes on only without faults.
pub async fn keep(citizen: Citizen, Path((id, page)): Path<(Uuid, String)>, sent: Sent) -> Result<Response, Problem> {
    let stored = sent.store_all(&citizen.house, id).await?;
    let later = sent.field("sau") == "co";
    let (cx, at, fields) = (citizen.cx.clone(), page.clone(), sent.fields.clone());
    let sent = std::sync::Arc::new(sent);
    let kept = citizen
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let draft = service::own_draft(tx, &cx, id).await?;
            if draft.row.dossier.is_some() {
                return Ok((draft, vec![]));
            }
            for (field, stored) in &stored {
                let mut attachment = stored.keep(tx, &cx, "paper").await?;
                attachment.draft = Some(id);
                attachment.paper = field.strip_prefix("tep.").map(str::to_owned);
                papers::insert_attachment(tx, &attachment).await?;
            }
            keep_answers(tx, &cx, draft, &at, &fields, &sent).await
        })
        .await?;
    let (draft, faults) = kept;
    if draft.row.dossier.is_some() {
        return show(citizen, Path((id, page))).await;
    }
    if later {
        return Ok(go("/ho-so-cua-toi").saying("Đã lưu bản nháp, làm tiếp lúc nào cũng được", &[]).into_response());
    }
    if !faults.is_empty() {
        return again(citizen, id, &page, faults).await;
    }
    Ok(go(next_of(&draft, &page)).into_response())
}

async fn keep_answers(
    tx: &store::Write<'_>,
    cx: &directory::Cx,
    mut draft: Draft,
    page: &str,
    fields: &[(String, String)],
    sent: &Sent,
) -> Result<(Draft, Vec<FieldFault>), Error> {
    match page {
        CONTACT => {
            let faults = take_contact(&mut draft, sent);
            let package = draft.version.package.clone();
            crate::prefill::fill(&mut draft.data, &package);
            service::save_draft(tx, cx, &draft).await?;
            Ok((draft, faults))
        }
        RESULT => {
            draft.data.result_channel = ResultChannel::parse(sent.field("kenh"));
            service::save_draft(tx, cx, &draft).await?;
            let missing = draft.data.result_channel.is_none();
            let faults =
                if missing { vec![FieldFault::new("kenh", words("Chọn một cách nhận kết quả."))] } else { vec![] };
            Ok((draft, faults))
        }
        PAPERS => {
            let have: BTreeSet<String> = papers::of_draft(tx, draft.row.id).await?.into_iter().filter_map(|a| a.paper).collect();
            let faults = missing(&draft, &have);
            Ok((draft, faults))
        }
        _ => {
            let draft = service::keep_page(tx, cx, draft.row.id, page, fields).await?;
            let asked = form_page(&draft.version.package, page).ok_or(Error::NotFound)?;
            let faults = field_faults(&draft.data.answers.faults(asked, cx.by.now.date()));
            Ok((draft, faults))
        }
    }
}

/// Where a page without faults leads.
fn next_of(draft: &Draft, page: &str) -> String {
    let all = pages(&draft.version.package);
    let at = all.iter().position(|(p, _)| p == page).unwrap_or(0);
    let next = all.get(at + 1).map_or(REVIEW, |(p, _)| p.as_str());
    format!("/nop/nhap/{}/{next}", draft.row.id)
}

/// `POST /nop/nhap/{id}/{page}/luu`: autosave; answers with the minute it was kept.
pub async fn autosave(citizen: Citizen, Path((id, page)): Path<(Uuid, String)>, sent: Sent) -> Result<Response, Problem> {
    let (cx, fields) = (citizen.cx.clone(), sent.fields.clone());
    let sent = std::sync::Arc::new(sent);
    let now: Moment = citizen.cx.by.now;
    citizen
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let draft = service::own_draft(tx, &cx, id).await?;
            keep_answers(tx, &cx, draft, &page, &fields, &sent).await
        })
        .await?;
    Ok(axum::Json(serde_json::json!({ "saved_at": now })).into_response())
}

/// `POST /nop/nhap/{id}/go`: takes a file out again.
pub async fn remove(citizen: Citizen, Path(id): Path<Uuid>, sent: Sent) -> Result<web::Go, Problem> {
    let cx = citizen.cx.clone();
    let file: Uuid = sent.field("tep").parse().map_err(|_| Problem::unreadable("file"))?;
    citizen
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            service::own_draft(tx, &cx, id).await?;
            papers::remove(tx, id, file, cx.by.now).await.map_err(Error::from)
        })
        .await?;
    Ok(go(format!("/nop/nhap/{id}/{PAPERS}")))
}

/// `POST /nop/nhap/{id}/nop`: sends; the same draft sent twice is one dossier.
pub async fn submit(citizen: Citizen, Extension(terms): Extension<Terms>, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    let cx = citizen.cx.clone();
    let sent = citizen.house.db.write(async move |tx: &store::Write<'_>| service::submit(tx, &cx, &terms, id).await).await;
    match sent {
        Ok(row) => Ok(go(format!("/tra-cuu/{}", row.name_code()))
            .saying("Đã nộp hồ sơ. Mã nộp {0}", &[&row.filing_code])
            .into_response()),
        Err(Error::Faults(faults)) => {
            let drawn = load(&citizen, id).await?;
            let page = page_of(&drawn.draft.version.package, &faults[0].field);
            again(citizen, id, &page, field_faults(&faults)).await
        }
        Err(Error::PapersMissing(_)) => {
            let drawn = load(&citizen, id).await?;
            let have: BTreeSet<String> = drawn.attached.iter().filter_map(|a| a.paper.clone()).collect();
            let faults = missing(&drawn.draft, &have);
            again(citizen, id, PAPERS, faults).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The page on which a field is asked.
fn page_of(package: &Package, field: &str) -> String {
    let pages = package.form.iter().flat_map(|f| &f.pages);
    pages.into_iter().find(|p| p.fields.iter().any(|f| f.id == field)).map_or(CONTACT.to_owned(), |p| p.id.clone())
}

fn missing(draft: &Draft, have: &BTreeSet<String>) -> Vec<FieldFault> {
    let fault =
        |p: &catalogue::package::PaperRow| FieldFault::new(format!("tep.{}", p.id), words("Thêm giấy tờ: {0}").with(&p.name));
    draft.data.missing(&draft.version.package, have).into_iter().map(fault).collect()
}

/// Draws a page again with its faults; faults of other pages wait for theirs.
async fn again(citizen: Citizen, id: Uuid, page: &str, faults: Vec<FieldFault>) -> Result<Response, Problem> {
    let drawn = load(&citizen, id).await?;
    let body = draw(&citizen, &drawn, page, &faults);
    let title = body.title.clone();
    Ok(Page::faulty(citizen.shell.title(title).main_class("page form-page"), body).into_response())
}

/// `POST /nop/nhap/{id}/xoa`
pub async fn discard(citizen: Citizen, Path(id): Path<Uuid>) -> Result<web::Go, Problem> {
    let cx = citizen.cx.clone();
    citizen
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            service::own_draft(tx, &cx, id).await?;
            crate::sql::drafts::discard(tx, id).await.map_err(Error::from)
        })
        .await?;
    Ok(go("/ho-so-cua-toi").saying("Đã xóa bản nháp", &[]))
}
