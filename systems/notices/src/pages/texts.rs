//! The texts of messages: read, preview, write an own one, go back to the program's.
use askama::Template;
use axum::{
    Form,
    extract::{Path, rejection::PathRejection},
    response::{IntoResponse, Response},
};
use base::Lang;
use directory::OfficerDesk;
use store::{Read, Write};
use web::{Field, FieldFault, Page, Problem, Row, Status, filters, go, words};

use super::{WriteTexts, messages::text_of};
use crate::{
    sql,
    template::{Fault, Template as MessageTemplate, Text},
};

#[derive(Template)]
#[template(path = "texts.html")]
pub struct TextsPage {
    crumbs: web::ui::nav::Crumbs,
    table: Option<web::ui::table::Table>,
}

#[derive(Template)]
#[template(path = "text.html")]
pub struct TextPage {
    crumbs: web::ui::nav::Crumbs,
    title: &'static str,
    faults: Vec<FieldFault>,
    fields: web::ui::table::Table,
    texts: Vec<OneText>,
}

/// The form of one language.
pub struct OneText {
    lang: Lang,
    own: bool,
    subject: Field,
    body: Field,
    preview: Option<Text>,
}

impl OneText {
    fn heading(&self) -> &'static str {
        match self.lang {
            Lang::Vi => "Tiếng Việt",
            Lang::En => "Tiếng Anh",
        }
    }
}

/// Every template.
pub async fn page(desk: OfficerDesk) -> Result<Page<TextsPage>, Problem> {
    desk.require::<WriteTexts>()?;
    let changed = desk.house.db.read(async move |tx: &Read<'_>| sql::changed(tx).await).await?;
    let rows = crate::templates().map(|t| {
        let own = changed.iter().any(|(code, ..)| code == t.code);
        let state =
            if own { web::badge(Status::Run, "Tỉnh đã sửa") } else { web::badge(Status::Idle, "Như phần mềm") };
        let link = Link { href: format!("/quan-tri/tin-nhan/mau/{}", t.code), title: t.title };
        Row::new([web::Cell::of(link).row_head(), web::Cell::raw(&t.vi.subject), web::Cell::of(state)])
    });
    let heads = [web::head("Khi nào gửi"), web::head("Tiêu đề"), web::head("Lời văn")];
    let table = crate::templates().next().map(|_| web::table("Mẫu thư", heads).quiet_caption().rows(rows));
    let crumbs = web::crumbs([("/quan-tri", "Quản trị"), ("/quan-tri/tin-nhan", "Thư gửi đi")], "Mẫu thư");
    Ok(Page::new(desk.shell.title(words("Mẫu thư")).current("/quan-tri"), TextsPage { crumbs, table }))
}

#[derive(Debug, Template)]
#[template(source = r#"<a href="{{ href }}">{{ title|t }}</a>"#, ext = "html")]
struct Link {
    href: String,
    title: &'static str,
}
impl askama::filters::HtmlSafe for Link {}

fn template(code: Result<Path<String>, PathRejection>) -> Result<&'static MessageTemplate, Problem> {
    let Path(code) = code?;
    crate::templates().find(|t| t.code == code).ok_or_else(Problem::not_found)
}

/// What was typed for one language.
#[derive(serde::Deserialize)]
pub struct Typed {
    lang: String,
    tieu_de: String,
    noi_dung: String,
    #[serde(default)]
    viec: String,
}

async fn draw(
    desk: &OfficerDesk,
    template: &'static MessageTemplate,
    typed: Option<(Lang, &Typed)>,
    faults: Vec<FieldFault>,
) -> Result<TextPage, Problem> {
    let mut texts = vec![];
    for lang in [Lang::Vi, Lang::En] {
        let (mut text, own) = desk.house.db.read(async move |tx: &Read<'_>| text_of(tx, template, lang).await).await?;
        if let Some((_, typed)) = typed.filter(|(which, _)| *which == lang) {
            text = Text { subject: typed.tieu_de.clone().into(), body: typed.noi_dung.clone().into() };
        }
        let mine: Vec<FieldFault> = faults.iter().filter(|f| f.field.ends_with(lang.code())).cloned().collect();
        let id = |name: &str| format!("{name}-{}", lang.code());
        let fault = |name: &str| mine.iter().find(|f| f.field == id(name)).map(|f| f.message.clone());
        let subject = web::text("tieu_de", words("Tiêu đề")).id(id("tieu_de")).value(&text.subject).width(30);
        let body = web::area("noi_dung", words("Nội dung")).id(id("noi_dung")).value(&text.body).rows(8);
        texts.push(OneText {
            lang,
            own,
            subject: match fault("tieu_de") {
                Some(message) => subject.error(message),
                None => subject,
            },
            body: match fault("noi_dung") {
                Some(message) => body.error(message),
                None => body,
            },
            preview: template.preview(&text).ok(),
        });
    }
    let rows = template.fields.iter().map(|(name, example)| {
        Row::new([web::Cell::raw(format!("{{{name}}}")).class("mono").row_head(), web::Cell::raw(example)])
    });
    let fields = web::table("Trường trộn", [web::head("Viết"), web::head("Ví dụ khi gửi")]).id("truong").rows(rows);
    let crumbs = web::crumbs(
        [("/quan-tri", "Quản trị"), ("/quan-tri/tin-nhan", "Thư gửi đi"), ("/quan-tri/tin-nhan/mau", "Mẫu thư")],
        template.title,
    );
    Ok(TextPage { crumbs, title: template.title, faults, fields, texts })
}

/// One template with its texts and what they look like when sent.
pub async fn one(desk: OfficerDesk, code: Result<Path<String>, PathRejection>) -> Result<Page<TextPage>, Problem> {
    desk.require::<WriteTexts>()?;
    let template = template(code)?;
    let body = draw(&desk, template, None, vec![]).await?;
    Ok(Page::new(desk.shell.title(words(template.title)).current("/quan-tri"), body))
}

/// The words for a fault of a text.
fn said(fault: &Fault) -> web::Words {
    match fault {
        Fault::UnknownField(name) | Fault::NoValue(name) => words("Mẫu này không có trường {0}.").with(format!("{{{name}}}")),
        Fault::Open => words("Có dấu mở ngoặc nhọn mà không có dấu đóng."),
        Fault::Empty => words("Tiêu đề và nội dung không được để trống."),
    }
}

/// Keeps a text of the province's own, or goes back to the program's.
pub async fn save(
    desk: OfficerDesk,
    code: Result<Path<String>, PathRejection>,
    form: Result<Form<Typed>, axum::extract::rejection::FormRejection>,
) -> Result<Response, Problem> {
    desk.require::<WriteTexts>()?;
    let template = template(code)?;
    let Form(typed) = form?;
    let lang = if typed.lang == "en" { Lang::En } else { Lang::Vi };
    let here = format!("/quan-tri/tin-nhan/mau/{}", template.code);
    if typed.viec == "bo" {
        desk.house.db.write(async move |tx: &Write<'_>| sql::drop_text(tx, template.code, lang.code()).await).await?;
        return Ok(go(here).saying("Đã trở lại lời văn của phần mềm.", &[]).into_response());
    }
    let subject = base::text::line(&typed.tieu_de);
    let body = base::text::nfc(&typed.noi_dung).replace("\r\n", "\n");
    let text = Text { subject: subject.clone().into(), body: body.clone().into() };
    if let Err(fault) = template.check(&text) {
        let field = if subject.is_empty() || template.check(&Text { body: "x".into(), ..text }).is_err() {
            "tieu_de"
        } else {
            "noi_dung"
        };
        let faults = vec![FieldFault::new(format!("{field}-{}", lang.code()), said(&fault))];
        let page = draw(&desk, template, Some((lang, &typed)), faults).await?;
        return Ok(Page::faulty(desk.shell.title(words(template.title)).current("/quan-tri"), page).into_response());
    }
    let by = desk.cx.by;
    desk.house
        .db
        .write(async move |tx: &Write<'_>| sql::set_text(tx, template.code, lang.code(), &subject, &body, by.who, by.now).await)
        .await?;
    Ok(go(here).saying("Đã lưu. Thư gửi từ bây giờ dùng lời văn này.", &[]).into_response())
}
