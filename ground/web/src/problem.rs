//! What went wrong, for programs (RFC 9457) and for people: what happened, what was kept, what to do, a code for the telephone.
//!
//! Handlers return `Result<_, Problem>`. Which form it takes is decided where the request is known, in [`crate::server`].

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::filters;
use crate::guard::{Posted, own_words};
use crate::house::House;
use crate::i18n::{Rich, Words, words};
use crate::session::Realm;
use crate::shell::Shell;
use crate::visit::Visit;

/// A fault in one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The field's name.
    pub field: String,
    /// What is wrong and how to put it right.
    pub message: Words,
}

impl FieldFault {
    /// A fault in a field.
    pub fn new(field: impl Into<String>, message: impl Into<Words>) -> FieldFault {
        FieldFault { field: field.into(), message: message.into() }
    }
}

/// Why a request was not done. Small, since every handler's `Result` carries room for it.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inside>);

impl std::ops::Deref for Problem {
    type Target = Inside;
    fn deref(&self) -> &Inside {
        &self.0
    }
}
impl std::ops::DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Inside {
        &mut self.0
    }
}

/// What a problem holds; read through the methods of [`Problem`].
#[derive(Debug, Clone)]
pub struct Inside {
    pub(crate) status: StatusCode,
    /// A word for programs: `not-found`, `objection`…
    pub(crate) kind: &'static str,
    pub(crate) title: Words,
    pub(crate) detail: Rich,
    pub(crate) ground: Option<String>,
    pub(crate) faults: Vec<FieldFault>,
    pub(crate) way_out: Vec<(String, Words)>,
    pub(crate) sign_in: Option<Realm>,
    /// For the log only.
    pub(crate) inner: Option<String>,
    /// Whether sending the same again may help.
    pub(crate) again: bool,
    pub(crate) retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: Words, detail: impl Into<Rich>) -> Problem {
        Problem(Box::new(Inside {
            status,
            kind,
            title,
            detail: detail.into(),
            ground: None,
            faults: Vec::new(),
            way_out: Vec::new(),
            sign_in: None,
            inner: None,
            again: false,
            retry_after: None,
        }))
    }

    /// 404: it does not exist, or one may not know that it does.
    pub fn not_found() -> Problem {
        let detail = words("Kiểm tra lại địa chỉ hoặc mã: đủ dấu chấm và gạch, như H12.198-261123-0007.");
        Problem::new(StatusCode::NOT_FOUND, "not-found", words("Không có trang này, hoặc bạn không được xem"), detail)
            .way("/tra-cuu", words("Tra cứu hồ sơ"))
            .way("/", words("Về trang đầu"))
    }

    /// 403: known, but not allowed. `why` says what it takes: "Duyệt hồ sơ cần vai trò lãnh đạo."
    pub fn denied(why: impl Into<Rich>) -> Problem {
        Problem::new(StatusCode::FORBIDDEN, "denied", words("Bạn không có quyền làm việc này"), why)
    }

    /// 401: sign in first. Browsers are led to the sign-in page, and what they had typed is kept.
    pub fn sign_in(realm: Realm) -> Problem {
        let mut problem = Problem::new(
            StatusCode::UNAUTHORIZED,
            "sign-in",
            words("Cần đăng nhập"),
            words("Phiên làm việc đã hết hoặc chưa bắt đầu."),
        );
        problem.sign_in = Some(realm);
        problem
    }

    /// 401: signing in came to nothing. `why` says what was wrong: "Tên hoặc mật khẩu chưa đúng."
    pub fn not_in(realm: Realm, why: impl Into<Rich>) -> Problem {
        let mut problem = Problem::new(StatusCode::UNAUTHORIZED, "sign-in", words("Chưa đăng nhập được"), why);
        problem.sign_in = Some(realm);
        problem
    }

    /// 409: the system does not let this be done, and says on what ground.
    pub fn objection(detail: impl Into<Rich>, ground: impl Into<String>) -> Problem {
        let mut problem = Problem::new(StatusCode::CONFLICT, "objection", words("Chưa làm được việc này"), detail);
        let ground = ground.into();
        problem.ground = (!ground.is_empty()).then_some(ground);
        problem
    }

    /// 409: somebody changed it while the page was open. `detail` says who and when.
    pub fn conflict(detail: impl Into<Rich>) -> Problem {
        Problem::new(StatusCode::CONFLICT, "conflict", words("Hồ sơ vừa đổi khi bạn đang mở"), detail)
    }

    /// 422: faults in fields. Pages usually draw their form again; this is for programs and for forms without a page.
    pub fn fault(faults: Vec<FieldFault>) -> Problem {
        let title = words("Còn {0} chỗ cần sửa").with(faults.len());
        let mut problem =
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "fault", title, words("Những gì bạn đã điền vẫn còn nguyên."));
        problem.faults = faults;
        problem
    }

    /// 400: the request itself cannot be read.
    pub fn unreadable(why: impl Into<String>) -> Problem {
        let detail = words("Máy chủ không đọc được yêu cầu này. Tải lại trang rồi thử lại.");
        Problem::new(StatusCode::BAD_REQUEST, "unreadable", words("Yêu cầu bị hỏng trên đường đi"), detail).because(why)
    }

    /// 403: a form that does not come from our own page, or from one left open too long.
    pub fn stale_form() -> Problem {
        let detail =
            words("Trang này mở từ phiên trước nên chúng tôi chưa nhận. Những gì bạn đã điền còn nguyên bên dưới, bấm gửi lại.");
        let mut problem = Problem::new(StatusCode::FORBIDDEN, "stale-form", words("Trang đã mở quá lâu"), detail);
        problem.again = true;
        problem
    }

    /// 413: too large. `limit` in bytes.
    pub fn too_large(limit: u64) -> Problem {
        let detail = words("Tối đa {0} một lần gửi. Chụp lại ở cỡ nhỏ hơn, hoặc tách thành nhiều tệp.")
            .with_words(crate::say::size(limit));
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", words("Nặng quá mức nhận được"), detail)
    }

    /// 415: a type of content that is not taken here.
    pub fn wrong_type(detail: impl Into<Rich>) -> Problem {
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type", words("Loại tệp này chúng tôi chưa nhận được"), detail)
    }

    /// 429: too often. Says when to try again.
    pub fn too_often(seconds: u64) -> Problem {
        let detail = words("Thử lại sau {0} giây.").with(seconds);
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often", words("Bạn thử quá nhiều lần"), detail);
        problem.retry_after = Some(seconds);
        problem
    }

    /// 429: too much lies here that nobody has taken. `detail` says what was kept and what to do.
    pub(crate) fn too_much(title: Words, detail: impl Into<Rich>) -> Problem {
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often", title, detail);
        problem.retry_after = Some(3600);
        problem
    }

    /// 500: our fault. `why` goes to the log, never to the page.
    pub fn ours(why: impl Into<String>) -> Problem {
        let detail = words("Chưa có gì được ghi nửa chừng. Thử lại sau vài phút, hoặc gọi tổng đài và đọc mã lỗi.");
        let mut problem =
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "ours", words("Lỗi của chúng tôi, không phải của bạn"), detail)
                .because(why);
        problem.again = true;
        problem
    }

    /// 503: the database or the disk is away for a moment.
    pub fn away(why: impl Into<String>) -> Problem {
        let detail = words(
            "Máy chủ đang gián đoạn, thường trong vài chục giây. Chưa có gì được ghi nửa chừng, và không có gì đã lưu bị mất.",
        );
        let mut problem =
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "away", words("Chúng tôi đang gián đoạn"), detail).because(why);
        problem.again = true;
        problem.retry_after = Some(15);
        problem
    }

    /// 503: somebody whom we asked does not answer. `detail` says who, and what to do meanwhile.
    pub fn unanswered(detail: impl Into<Rich>) -> Problem {
        Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unanswered", words("Nơi được hỏi chưa trả lời được"), detail)
    }

    /// Adds what the log should know.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Problem {
        self.inner = Some(why.into());
        self
    }

    /// Changes the heading.
    #[must_use]
    pub fn titled(mut self, title: impl Into<Words>) -> Problem {
        self.title = title.into();
        self
    }

    /// Adds a way out: a link under the message.
    #[must_use]
    pub fn way(mut self, href: impl Into<String>, label: impl Into<Words>) -> Problem {
        self.way_out.push((href.into(), label.into()));
        self
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The word for programs.
    pub fn kind(&self) -> &'static str {
        self.kind
    }

    /// The body for programs.
    pub(crate) fn json(&self, lang: crate::i18n::Lang, trace: &str, instance: &str) -> String {
        #[derive(Serialize)]
        struct Fault<'a> {
            field: &'a str,
            message: String,
        }
        #[derive(Serialize)]
        struct Body<'a> {
            #[serde(rename = "type")]
            kind: String,
            title: String,
            status: u16,
            detail: String,
            instance: &'a str,
            trace: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            ground: Option<&'a str>,
            /// What exactly could not be read, for whoever wrote the program.
            #[serde(skip_serializing_if = "Option::is_none")]
            cause: Option<&'a str>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            errors: Vec<Fault<'a>>,
        }
        let body = Body {
            kind: format!("/api#{}", self.kind),
            title: self.title.say(lang),
            status: self.status.as_u16(),
            detail: self.detail.plain(lang),
            instance,
            trace,
            ground: self.ground.as_deref(),
            cause: self.inner.as_deref().filter(|why| self.kind == "unreadable" && !why.is_empty()),
            errors: self.faults.iter().map(|f| Fault { field: &f.field, message: f.message.say(lang) }).collect(),
        };
        serde_json::to_string(&body).unwrap_or_else(|_| String::from("{}"))
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.title)?;
        if let Some(inner) = &self.inner {
            write!(f, ": {inner}")?;
        }
        Ok(())
    }
}
impl std::error::Error for Problem {}

/// Marks a response as a problem that the server layer has still to put into words.
#[derive(Clone)]
pub(crate) struct Undressed(pub(crate) Problem);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.extensions_mut().insert(Undressed(self));
        response
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Problem {
        Problem::ours(format!("template: {error}"))
    }
}
impl From<axum::extract::rejection::FormRejection> for Problem {
    fn from(error: axum::extract::rejection::FormRejection) -> Problem {
        Problem::unreadable(error.to_string())
    }
}
impl From<axum::extract::rejection::QueryRejection> for Problem {
    fn from(error: axum::extract::rejection::QueryRejection) -> Problem {
        Problem::unreadable(error.to_string())
    }
}
impl From<axum::extract::rejection::PathRejection> for Problem {
    fn from(error: axum::extract::rejection::PathRejection) -> Problem {
        Problem::not_found().because(error.to_string())
    }
}
impl From<axum::extract::rejection::JsonRejection> for Problem {
    fn from(error: axum::extract::rejection::JsonRejection) -> Problem {
        Problem::unreadable(error.to_string())
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Problem {
        use store::Error as E;
        match &error {
            E::NoRow => Problem::not_found().because("no row"),
            E::Conflict => {
                Problem::conflict(words("Người khác vừa sửa trước bạn. Tải lại trang để xem bản mới.")).because("conflict")
            }
            E::KeyReused => Problem::new(
                StatusCode::CONFLICT,
                "key-reused",
                words("Khóa gửi này đã dùng cho nội dung khác"),
                words("Tải lại trang rồi gửi lại."),
            ),
            E::TooLarge { limit } => Problem::too_large(*limit),
            E::Away(_) | E::Busy(_) | E::Lost(_) => Problem::away(error.to_string()),
            E::Full(_) => {
                let detail = words(
                    "Ổ đĩa của máy chủ đã đầy: hãy báo quản trị viên. Chưa có gì được ghi nửa chừng, không có gì đã lưu bị mất.",
                );
                let mut problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "away", words("Máy chủ hết chỗ ghi"), detail)
                    .because(error.to_string());
                problem.again = true;
                problem
            }
            _ => Problem::ours(error.to_string()),
        }
    }
}

#[derive(askama::Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage<'a> {
    problem: &'a Problem,
    trace: String,
    hotline: &'a str,
    here: String,
    fields: Vec<(String, String)>,
    shown: Vec<String>,
}

/// The page for people. It needs no database: it must be drawn when that is away.
pub(crate) fn page(house: &House, visit: &Visit, mut problem: Problem, posted: Option<Posted>) -> Response {
    if visit.realm() == Realm::Officer {
        problem.way_out.retain(|(href, _)| Realm::of_path(href) == Realm::Officer);
        problem.way_out.push(("/can-bo".into(), words("Về hồ sơ của quầy")));
    }
    let fields = posted.as_ref().map(Posted::keepable).unwrap_or_default();
    let shown = own_words(&fields);
    let shell = Shell::citizen(visit, house).title(problem.title.clone()).main_class("page form-page problem-page");
    let shell = shell.compact(visit.realm() == Realm::Officer);
    let status = problem.status;
    let trace = visit.trace_code();
    let body = ProblemPage { problem: &problem, trace, hotline: &house.settings.hotline, here: visit.here(), fields, shown };
    match shell.draw(&body) {
        Ok(html) => {
            let mut response = (status, axum::response::Html(html)).into_response();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(error) => {
            tracing::error!(%error, "the problem page could not be drawn");
            (status, problem.title.say(visit.lang())).into_response()
        }
    }
}

impl Problem {
    /// 460: a piece of a file came damaged (tus).
    pub(crate) fn checksum() -> Problem {
        let status = StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST);
        let detail = words("Mã kiểm không khớp, phần tệp bị hỏng trên đường. Gửi lại phần này.");
        Problem::new(status, "checksum", words("Tệp bị hỏng trên đường"), detail)
    }

    /// 412: another version of tus.
    pub(crate) fn precondition(version: &'static str) -> Problem {
        let detail = words("Máy chủ nhận tệp theo tus {0}.").with(version);
        Problem::new(StatusCode::PRECONDITION_FAILED, "tus-version", words("Cách gửi tệp này chúng tôi chưa nhận"), detail)
    }

    /// 405: nothing answers to this method here.
    pub fn wrong_method() -> Problem {
        let detail = words("Mở trang này bằng liên kết, không gửi thẳng vào địa chỉ.");
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", words("Địa chỉ này không nhận cách gửi đó"), detail)
    }
}
