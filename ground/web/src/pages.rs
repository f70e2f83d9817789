//! Small pages of the house itself: styles and scripts, theme, what we keep, how accessible it is, keys.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::filters;
use crate::house::House;
use crate::i18n::{raw, rich, words};
use crate::problem::{FieldFault, Problem};
use crate::said::{go, local};
use crate::shell::{Page, Shell};
use crate::visit::{Visit, query_value};

/// A style or script. Its name holds its hash, so it is kept for ever.
pub(crate) async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let accepts = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let asset = assets::find(&file, accepts).ok_or_else(Problem::not_found)?;
    let coding = asset.coding;
    let content_type = asset.content_type;
    let mut response = asset.into_bytes().into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    match coding {
        assets::Coding::Brotli => headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br")),
        assets::Coding::Gzip => headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip")),
        assets::Coding::Plain => None,
    };
    Ok(response)
}

/// Light, dark, or as the system says; then back.
pub(crate) async fn theme(visit: Visit) -> Response {
    let next = query_value(visit.query(), "next").and_then(|n| local(&n).map(str::to_owned)).unwrap_or_else(|| "/".into());
    let cookie = match query_value(visit.query(), "nen").as_deref() {
        Some(theme @ ("light" | "dark")) => format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax"),
        _ => "theme=; Path=/; Max-Age=0; SameSite=Lax".to_owned(),
    };
    let mut response = go(next).into_response();
    response.headers_mut().extend(HeaderValue::from_str(&cookie).ok().map(|v| (header::SET_COOKIE, v)));
    response
}

/// Where to report a hole (RFC 9116), as long as the settings say so. It holds for a quarter of a year from the day it is read: whoever
/// runs the house reads the settings more often than that.
pub(crate) async fn security_txt(State(house): State<House>, visit: Visit) -> Result<Response, Problem> {
    let settings = &house.settings;
    if settings.security_contacts.is_empty() {
        return Err(Problem::not_found());
    }
    let mut text: String = settings.security_contacts.iter().map(|contact| format!("Contact: {contact}\n")).collect();
    let until = visit.at().plus(jiff::SignedDuration::from_hours(24 * 90)).date();
    text += &format!("Expires: {until}T00:00:00Z\nPreferred-Languages: vi, en\n");
    text += &format!("Canonical: {}/.well-known/security.txt\n", settings.address);
    if !settings.security_policy.is_empty() {
        text += &format!("Policy: {}\n", settings.security_policy);
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// "Still there": keeps the session awake; 401 when it is over.
pub(crate) async fn alive(State(house): State<House>, visit: Visit) -> Result<StatusCode, Problem> {
    match visit.session(&house).await? {
        Some(_) => Ok(StatusCode::NO_CONTENT),
        None => Err(Problem::sign_in(visit.realm())),
    }
}

#[derive(Template)]
#[template(path = "pages/access.html")]
struct Access {
    hotline: String,
}

/// How accessible these pages are, and whom to tell when they are not.
pub(crate) async fn access(State(house): State<House>, visit: Visit) -> Page<impl Template> {
    let shell = Shell::citizen(&visit, &house).title("Khả năng tiếp cận của trang này").main_class("page form-page prose");
    Page::new(shell, Access { hotline: house.settings.hotline.clone() })
}

#[derive(Template)]
#[template(path = "pages/privacy.html")]
struct Privacy {
    citizen_minutes: u32,
    upload_hours: u32,
}

/// What is kept about a visitor, and for how long.
pub(crate) async fn privacy(State(house): State<House>, visit: Visit) -> Page<impl Template> {
    let shell = Shell::citizen(&visit, &house).title("Chúng tôi giữ gì, trong bao lâu").main_class("page form-page prose");
    let body = Privacy { citizen_minutes: house.settings.citizen_idle_minutes, upload_hours: house.settings.upload_hours };
    Page::new(shell, body)
}

#[derive(Template)]
#[template(path = "pages/officer-help.html")]
struct OfficerHelp {
    hotline: String,
}

/// Help for officers: keys, theme, language, the number to call.
pub(crate) async fn officer_help(State(house): State<House>, visit: Visit) -> Page<impl Template> {
    let shell = Shell::citizen(&visit, &house).title("Trợ giúp cho cán bộ").main_class("page form-page prose").compact(true);
    Page::new(shell, OfficerHelp { hotline: house.settings.hotline.clone() })
}

/// Each page of a problem, to be looked at.
pub(crate) async fn problem(Path(code): Path<u16>) -> Problem {
    let fault = |field: &str, message: &'static str| FieldFault::new(field, words(message));
    match code {
        403 => Problem::denied("Duyệt hồ sơ đất đai cần vai trò “lãnh đạo Chi nhánh”. Chưa có gì thay đổi."),
        409 => Problem::conflict(rich("{0} đã tiếp nhận lúc {1}.").with_words(raw("Hồ Văn Kiểm Thử")).with("14:29"))
            .way("/ui", words("Xem bản mới")),
        413 => Problem::too_large(10_000_000),
        415 => Problem::wrong_type("Máy chủ không mở được tệp này. Chụp lại ở dạng JPG hoặc gửi PDF."),
        422 => Problem::fault(vec![fault("dinh-danh", "Số định danh có 12 chữ số, bạn gõ 11.")]),
        429 => Problem::too_often(60),
        500 => Problem::ours("a sample, not a fault"),
        503 => Problem::away("a sample, not a fault"),
        _ => Problem::not_found(),
    }
}
