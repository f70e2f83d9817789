//! Officers sign in: name and password, then the second factor; and sign out.
use askama::Template;
use axum::{
    Extension,
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};
use store::{Read, Write};
use web::{Field, FieldFault, House, Page, Problem, Shell, Visit, filters, go, local, session, words};

use super::form::Fields;
use crate::{
    AtDoor, Cx, Error, PersonId, Realm,
    extract::{CameFrom, device_cookie, nobody},
    identity::{client::Providers, provider::Provider},
    service::{
        account,
        identity::{self, Arrived},
        sessions,
        sign_in::{self, Device, NotIn, Place, Proved, Step},
    },
    sql,
};

/// Where to go after signing in, citizen or officer, and whether something typed was kept.
#[derive(serde::Deserialize, Default)]
pub struct Wanted {
    /// A page of ours.
    #[serde(default)]
    pub next: String,
    /// Not empty: kept.
    #[serde(default)]
    pub giu: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    faults: Vec<FieldFault>,
    login: Field,
    password: Field,
    next: String,
    kept: bool,
    demo: bool,
    change_over: bool,
    ways: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
pub struct CodePage {
    faults: Vec<FieldFault>,
    code: Field,
    next: String,
}

fn shell(visit: &Visit, house: &House) -> Shell {
    Shell::citizen(visit, house).nav(vec![]).title(words("Đăng nhập cho cán bộ")).main_class("page form-page").plain()
}

/// A page of the officers' side to go to, never one elsewhere.
pub fn wanted(next: &str) -> String {
    local(next).filter(|path| Realm::of_path(path) == Realm::Officer).unwrap_or("/can-bo").to_owned()
}

/// The page, the first time and after a try that came to nothing: every other way in stands on it.
async fn body(
    house: &House,
    visit: &Visit,
    place: &Place,
    login: &str,
    next: &str,
    faults: Vec<FieldFault>,
) -> Result<SignInPage, Problem> {
    let change_over = !super::change_over::people_here(house, visit, place).await?.is_empty();
    let ways = super::identity::ways(house, Realm::Officer, next).await?;
    Ok(SignInPage {
        login: web::text("ten", words("Tên đăng nhập")).value(login).autocomplete("username").width(20).fault_in(&faults),
        password: web::text("mat-khau", words("Mật khẩu"))
            .kind("password")
            .autocomplete("current-password")
            .width(20)
            .fault_in(&faults),
        next: next.to_owned(),
        kept: false,
        demo: house.settings.demo,
        change_over,
        ways,
        faults,
    })
}

/// Asks for name and password.
pub async fn page(
    State(house): State<House>,
    visit: Visit,
    CameFrom(place): CameFrom,
    Query(q): Query<Wanted>,
) -> Result<Page<SignInPage>, Problem> {
    let mut body = body(&house, &visit, &place, "", &q.next, vec![]).await?;
    body.kept = !q.giu.is_empty();
    Ok(Page::new(shell(&visit, &house), body))
}

/// Looks at name and password.
pub async fn send(
    State(house): State<House>,
    visit: Visit,
    CameFrom(place): CameFrom,
    form: Fields,
) -> Result<Response, Problem> {
    let (login, password, next) = (form.get("ten"), form.raw("mat-khau").to_owned(), form.get("next"));
    let by = nobody(&visit);
    let step = sign_in::with_password(&house.db, &by, Realm::Officer, login, password, &place, visit.key().0).await?;
    match step {
        Ok(Step::In(proved)) => enter(&house, &visit, &place, &proved, By::Everything, wanted(next)).await,
        Ok(Step::Second) => Ok(go(format!("/can-bo/dang-nhap/ma?next={}", encoded(next))).into_response()),
        Err(why) => {
            let body = body(&house, &visit, &place, login, next, vec![refused(why, by.now)]).await?;
            Ok(again(why, Page::faulty(shell(&visit, &house), body), by.now))
        }
    }
}

/// The words for a try that came to nothing; the same for every reason that would give an account away.
pub fn refused(why: NotIn, now: base::Moment) -> FieldFault {
    match why {
        NotIn::Wrong => {
            FieldFault::new("mat-khau", words("Tên hoặc mật khẩu chưa đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt."))
        }
        NotIn::Wait(until) => {
            FieldFault::new("mat-khau", words("Đã thử sai nhiều lần từ đây. Thử lại sau {0} giây.").with(seconds(until, now)))
        }
        NotIn::Again => FieldFault::new("mat-khau", words("Bước trước đã quá lâu hoặc sai nhiều lần. Nhập lại tên và mật khẩu.")),
    }
}

fn seconds(until: base::Moment, now: base::Moment) -> i64 {
    (until.micros() - now.micros() + 999_999) / 1_000_000
}

/// A faulty page; one that must wait says so to programs too.
pub fn again<B: Template>(why: NotIn, page: Page<B>, now: base::Moment) -> Response {
    match why {
        NotIn::Wait(until) => {
            let mut response = page.status(StatusCode::TOO_MANY_REQUESTS).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds(until, now)));
            response
        }
        _ => page.into_response(),
    }
}

fn encoded(next: &str) -> String {
    next.bytes()
        .map(|b| if b.is_ascii_alphanumeric() || b"/-_.~".contains(&b) { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect()
}

/// How an officer proved who they are.
#[derive(Clone)]
pub enum By {
    /// With everything that is asked: from now on a PIN will do on this browser.
    Everything,
    /// By a provider's word, which is everything that is asked.
    Provider(Box<(Provider, Arrived)>),
    /// With a PIN: the browser counts as proved no longer than before.
    Pin,
}

/// Opens the session of an officer.
pub async fn enter(
    house: &House,
    visit: &Visit,
    place: &Place,
    proved: &Proved,
    how: By,
    to: String,
) -> Result<Response, Problem> {
    let by = nobody(visit);
    let opening = session::opening(visit, house);
    let (device, cookie) = match place.device {
        Some(device) => (device, None),
        None => {
            let (device, secret) = Device::fresh(&by);
            (device, Some(secret))
        }
    };
    let subject = proved.subject;
    let opened = house
        .db
        .write(async move |tx: &Write<'_>| {
            let post = sql::people::actor(tx, PersonId(subject.id), None, by.now)
                .await?
                .and_then(|(who, _)| who.post().map(|h| h.post.0));
            if !matches!(how, By::Pin) {
                sign_in::remember_device(tx, &by, subject.id, &device).await?;
            }
            let opened = sessions::open(tx, &opening, subject, post).await?;
            if let By::Provider(word) = &how {
                let (provider, arrived) = &**word;
                identity::keep_session(tx, provider, arrived, &opened, None).await?;
            }
            Ok::<_, Error>(opened)
        })
        .await?;
    let secure = if house.settings.https() { "; Secure" } else { "" };
    let cookie = cookie.map(|secret| {
        let name = device_cookie(house.settings.https());
        (header::SET_COOKIE, format!("{name}={secret}; Path=/; Max-Age=15552000; HttpOnly; SameSite=Lax{secure}"))
    });
    Ok((opened, axum::response::AppendHeaders(cookie), go(to)).into_response())
}

/// Asks for the second factor.
pub async fn code_page(State(house): State<House>, visit: Visit, Query(q): Query<Wanted>) -> Result<Response, Problem> {
    let waits = match visit.known_key() {
        None => false,
        Some(key) => {
            let now = visit.at();
            house.db.read(async move |tx: &Read<'_>| sign_in::is_half_way(tx, &key.0, Realm::Officer, now).await).await?
        }
    };
    if !waits {
        return Ok(go(Realm::Officer.sign_in()).into_response());
    }
    Ok(Page::new(shell(&visit, &house), code_body(&q.next, vec![])).into_response())
}

fn code_body(next: &str, faults: Vec<FieldFault>) -> CodePage {
    CodePage {
        code: web::text("otp", words("Mã xác thực"))
            .hint(words("6 số trong ứng dụng xác thực, hoặc một mã dự phòng."))
            .autocomplete("one-time-code")
            .width(10)
            .fault_in(&faults),
        next: next.to_owned(),
        faults,
    }
}

/// Looks at the second factor.
pub async fn send_code(
    State(house): State<House>,
    visit: Visit,
    CameFrom(place): CameFrom,
    form: Fields,
) -> Result<Response, Problem> {
    let (code, next) = (form.get("otp").to_owned(), form.get("next"));
    let by = nobody(&visit);
    match sign_in::with_code(&house.db, &by, Realm::Officer, code, &place, visit.key().0).await? {
        Ok(proved) => enter(&house, &visit, &place, &proved, By::Everything, wanted(next)).await,
        Err(NotIn::Wrong) => {
            let fault = FieldFault::new("otp", words("Mã chưa đúng, hoặc đã dùng rồi. Chờ mã kế tiếp, tối đa 30 giây."));
            Ok(Page::faulty(shell(&visit, &house), code_body(next, vec![fault])).into_response())
        }
        Err(why) => {
            let body = body(&house, &visit, &place, "", next, vec![refused(why, by.now)]).await?;
            Ok(again(why, Page::faulty(shell(&visit, &house), body), by.now))
        }
    }
}

/// Signs out and leaves the desk: this browser asks for everything again.
pub async fn out(
    AtDoor(desk): AtDoor,
    Extension(providers): Extension<Providers>,
    CameFrom(place): CameFrom,
) -> Result<Response, Problem> {
    let Cx { by, .. } = desk.cx;
    let (ending, device) = (desk.session.clone(), place.device.map(|d| d.id));
    let left = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            account::leave_browser(tx, &by, by.who, device).await?;
            identity::leave(tx, &ending).await
        })
        .await?;
    // what the browser still shows of the house goes too
    let clear = [(HeaderName::from_static("clear-site-data"), "\"cache\"")];
    let gone = session::Closed::of(&desk.visit);
    if let Some(there) = super::identity::signed_out(&desk.house, &providers, &desk.visit, left).await? {
        return Ok((gone, clear, there).into_response());
    }
    Ok((gone, clear, go(Realm::Officer.sign_in()).saying("Đã đăng xuất.", &[])).into_response())
}
