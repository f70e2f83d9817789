//! A citizen says how they want to be told.
use askama::Template;
use axum::response::{IntoResponse, Response};
use base::Lang;
use directory::Citizen;
use store::{Read, Write};
use web::{Choice, Field, FieldFault, Page, Problem, filters, go, words};

use crate::{Wishes, set_wishes, wishes};

/// Where a citizen chooses.
pub const HERE: &str = "/tai-khoan/thu-bao";

#[derive(Template)]
#[template(path = "wishes.html")]
pub struct WishesPage {
    faults: Vec<FieldFault>,
    fields: [Field; 2],
}

/// What was chosen.
#[derive(serde::Deserialize)]
pub struct Chosen {
    #[serde(default)]
    ngon_ngu: String,
    #[serde(default)]
    thu: String,
}

fn body(email: &str, lang: &str, faults: Vec<FieldFault>) -> WishesPage {
    let languages = [Choice::new("vi", "Tiếng Việt"), Choice::new("en", "Tiếng Anh")];
    let mail = [
        Choice::new("co", "Nhận thư báo về hồ sơ của tôi"),
        Choice::new("khong", "Không nhận")
            .hint("Thư báo cần bổ sung giấy tờ vẫn gửi: pháp luật buộc phải báo. Mọi việc khác xem ở trang tra cứu."),
    ];
    let fields = [
        web::radios("thu", words("Thư điện tử"), mail).value(email).fault_in(&faults),
        web::radios("ngon_ngu", words("Ngôn ngữ của thư"), languages).value(lang).fault_in(&faults),
    ];
    WishesPage { faults, fields }
}

/// Shows what holds now.
pub async fn page(me: Citizen) -> Result<Page<WishesPage>, Problem> {
    let subject = me.cx.who.subject.id;
    let now = me.house.db.read(async move |tx: &Read<'_>| wishes(tx, subject).await).await?;
    let body = body(if now.email { "co" } else { "khong" }, now.lang.code(), vec![]);
    Ok(Page::new(me.shell.title(words("Thư báo")).main_class("page form-page"), body))
}

/// Keeps what was chosen.
pub async fn choose(me: Citizen, axum::Form(chosen): axum::Form<Chosen>) -> Result<Response, Problem> {
    let lang = [Lang::Vi, Lang::En].into_iter().find(|l| l.code() == chosen.ngon_ngu);
    let email = match chosen.thu.as_str() {
        "co" => Some(true),
        "khong" => Some(false),
        _ => None,
    };
    let (Some(email), Some(lang)) = (email, lang) else {
        let missing = |field: &'static str, there: bool| (!there).then(|| FieldFault::new(field, words("Chọn một trong hai.")));
        let faults = missing("thu", email.is_some()).into_iter().chain(missing("ngon_ngu", lang.is_some())).collect();
        let body = body(&chosen.thu, &chosen.ngon_ngu, faults);
        return Ok(Page::faulty(me.shell.title(words("Thư báo")).main_class("page form-page"), body).into_response());
    };
    let (subject, now) = (me.cx.who.subject.id, me.cx.by.now);
    me.house.db.write(async move |tx: &Write<'_>| set_wishes(tx, subject, Wishes { email, lang }, now).await).await?;
    Ok(go(HERE).saying("Đã lưu. Thư gửi từ bây giờ theo lựa chọn này.", &[]).into_response())
}
