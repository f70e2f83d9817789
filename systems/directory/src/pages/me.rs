//! One's own account: posts to act in, password, PIN, second factor, sessions, history of sign-ins.
use askama::Template;
use axum::response::{IntoResponse, Response};
use store::{Read, Write};
use web::{Field, FieldFault, Page, Part, Problem, Row, Session, Status, filters, go, session, words};

use super::form::{Fields, faults};
use crate::{
    AtDoor, Error, Held, OfficerDesk, PersonId,
    service::account::{self, Account},
    sql::credentials::Tried,
};

#[derive(Template)]
#[template(path = "me.html")]
pub struct Me {
    name: String,
    posts: Vec<Held>,
    acting: Option<crate::PostId>,
    account: Account,
    sessions: web::ui::table::Table,
    history: web::ui::table::Table,
    lang: base::Lang,
}

impl Me {
    fn when(&self, at: &base::Moment) -> String {
        moment(*at, self.lang)
    }
}

#[derive(Template)]
#[template(path = "me_password.html")]
pub struct PasswordPage {
    faults: Vec<FieldFault>,
    current: Field,
    new: Field,
    must: bool,
}

#[derive(Template)]
#[template(path = "me_pin.html")]
pub struct PinPage {
    faults: Vec<FieldFault>,
    current: Field,
    pin: Field,
    has: bool,
}

/// The page of the person.
pub async fn page(AtDoor(desk): AtDoor) -> Result<Page<Me>, Problem> {
    let (person, subject) = (PersonId(desk.cx.by.who), desk.cx.who.subject);
    let (account, sessions) = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| Ok::<_, Error>((account::account(tx, person).await?, session::list(tx, subject).await?)))
        .await?;
    let body = Me {
        name: desk.cx.who.name.clone(),
        acting: desk.cx.who.acting,
        posts: desk.cx.who.in_force().cloned().collect(),
        sessions: session_table(&sessions, &desk.session, desk.cx.lang),
        history: history_table(&account.history, desk.cx.lang),
        account,
        lang: desk.cx.lang,
    };
    Ok(Page::new(desk.shell.title(words("Tài khoản của tôi")), body))
}

fn moment(at: base::Moment, lang: base::Lang) -> String {
    base::wording::date_time(at, lang)
}

fn session_table(sessions: &[Session], mine: &Session, lang: base::Lang) -> web::ui::table::Table {
    let rows = sessions.iter().map(|s| {
        let here = if s.key == mine.key { web::Cell::of(web::badge(Status::Run, "Phiên này")) } else { web::Cell::raw("") };
        let device = if s.device.is_empty() { web::Cell::text("Không rõ trình duyệt") } else { web::Cell::raw(&s.device) };
        Row::new([device.row_head(), web::Cell::raw(moment(s.started_at, lang)), web::Cell::raw(moment(s.seen_at, lang)), here])
    });
    let heads = [web::head("Trình duyệt"), web::head("Đăng nhập lúc"), web::head("Dùng gần nhất"), web::head("Trạng thái")];
    web::table("Đang đăng nhập ở đâu", heads).id("phien").rows(rows)
}

/// The words for an outcome of the history.
pub fn outcome(code: &str) -> (Status, &'static str) {
    match code {
        "in" => (Status::Ok, "Đã vào"),
        "in_pin" => (Status::Ok, "Đã vào bằng PIN"),
        "in_recovery" => (Status::Warn, "Đã vào bằng mã dự phòng"),
        "in_identity" => (Status::Ok, "Đã vào bằng danh tính"),
        "identity" => (Status::Run, "Đúng danh tính, chờ mã"),
        "ended_by_provider" => (Status::Idle, "Nơi xác thực cho đăng xuất"),
        "refused" => (Status::Bad, "Câu trả lời bị từ chối"),
        "password" => (Status::Run, "Đúng mật khẩu, chờ mã"),
        "wrong_password" => (Status::Bad, "Sai mật khẩu"),
        "wrong_code" => (Status::Bad, "Sai mã xác thực"),
        "wrong_pin" => (Status::Bad, "Sai PIN"),
        _ => (Status::Idle, "Khác"),
    }
}

/// A table of tries.
pub fn history_table(tries: &[Tried], lang: base::Lang) -> web::ui::table::Table {
    let rows = tries.iter().map(|t| {
        let (status, said) = outcome(&t.outcome);
        let known = if t.known_device { words("máy quen") } else { words("máy lạ") };
        Row::new([
            web::Cell::raw(moment(t.at, lang)).row_head(),
            web::Cell::of(web::badge(status, said)),
            web::Cell::of(Part::all(vec![Part::raw(&t.agent), Part::of(web::tag(known))])),
            web::Cell::raw(&t.network).class("num"),
        ])
    });
    let heads = [web::head("Lúc"), web::head("Kết quả"), web::head("Trình duyệt"), web::head("Mạng")];
    web::table("Lịch sử đăng nhập", heads).id("lich-su").rows(rows)
}

/// Chooses the post to act in.
pub async fn act_as(desk: OfficerDesk, form: Fields) -> Result<Response, Problem> {
    let chosen = form.get("chuc-vu");
    let held = desk.cx.who.in_force().find(|h| h.post.to_string() == chosen).ok_or_else(Problem::not_found)?;
    let (key, post, title) = (desk.session.key, held.post.0, held.title.clone());
    desk.house.db.write(async move |tx: &Write<'_>| session::change_post(tx, key, Some(post)).await).await?;
    Ok(go("/can-bo/toi").saying("Bạn đang làm việc với chức vụ {0}.", &[&title]).into_response())
}

fn current(faults: &[FieldFault]) -> Field {
    web::text("mat-khau", words("Mật khẩu hiện tại")).kind("password").autocomplete("current-password").width(20).fault_in(faults)
}

fn password_body(must: bool, faults: Vec<FieldFault>) -> PasswordPage {
    PasswordPage {
        current: current(&faults),
        new: web::text("mat-khau-moi", words("Mật khẩu mới"))
            .kind("password")
            .autocomplete("new-password")
            .hint(words(
                "Ít nhất 10 ký tự. Một câu ngắn của riêng bạn là tốt nhất; không bắt buộc số hay dấu, không phải đổi định kỳ.",
            ))
            .width(20)
            .fault_in(&faults),
        must,
        faults,
    }
}

/// Asks for a new password.
pub async fn password_page(AtDoor(desk): AtDoor) -> Page<PasswordPage> {
    Page::new(desk.shell.title(words("Đổi mật khẩu")), password_body(desk.sign_in.must_change, vec![]))
}

/// The names of form fields differ from those of the use cases.
fn renamed(faults: Vec<FieldFault>) -> Vec<FieldFault> {
    let rename = |fault: FieldFault| {
        let field = match fault.field.as_str() {
            "current" => "mat-khau",
            "password" => "mat-khau-moi",
            "code" => "otp",
            other => other,
        };
        FieldFault::new(field.to_owned(), fault.message)
    };
    faults.into_iter().map(rename).collect()
}

/// Changes the password; the other sessions end.
pub async fn change_password(AtDoor(desk): AtDoor, form: Fields) -> Result<Response, Problem> {
    let (by, key) = (desk.cx.by, desk.session.key);
    let person = PersonId(by.who);
    let login = desk.house.db.read(async move |tx: &Read<'_>| account::account(tx, person).await).await?.login;
    let (given, new) = (form.raw("mat-khau").to_owned(), form.raw("mat-khau-moi"));
    match account::change_password(&desk.house.db, &by, by.who, given, new, &login, Some(key)).await {
        Ok(()) => Ok(go("/can-bo/toi").saying("Đã đổi mật khẩu. Các phiên ở nơi khác đã kết thúc.", &[]).into_response()),
        Err(error) => {
            let faults = renamed(faults(error)?);
            let body = password_body(desk.sign_in.must_change, faults);
            Ok(Page::faulty(desk.shell.title(words("Đổi mật khẩu")), body).into_response())
        }
    }
}

fn pin_body(has: bool, faults: Vec<FieldFault>) -> PinPage {
    PinPage {
        current: current(&faults),
        pin: web::text("pin", words("Mã PIN mới"))
            .kind("password")
            .digits()
            .max(6)
            .autocomplete("off")
            .hint(words("6 chữ số, không phải 123456 hay ngày lặp số. Chỉ dùng trên máy bạn đã đăng nhập đầy đủ trong ngày."))
            .width(10)
            .fault_in(&faults),
        has,
        faults,
    }
}

/// Asks for a PIN.
pub async fn pin_page(desk: OfficerDesk) -> Result<Page<PinPage>, Problem> {
    let person = PersonId(desk.cx.by.who);
    let account = desk.house.db.read(async move |tx: &Read<'_>| account::account(tx, person).await).await?;
    Ok(Page::new(desk.shell.title(words("Mã PIN đổi ca")), pin_body(account.proofs.pin, vec![])))
}

/// Sets the PIN.
pub async fn set_pin(desk: OfficerDesk, form: Fields) -> Result<Response, Problem> {
    let by = desk.cx.by;
    let (given, pin) = (form.raw("mat-khau").to_owned(), form.raw("pin").to_owned());
    match account::set_pin(&desk.house.db, &by, by.who, given, pin).await {
        Ok(()) => Ok(go("/can-bo/toi").saying("Đã đặt mã PIN đổi ca.", &[]).into_response()),
        Err(error) => {
            let faults = renamed(faults(error)?);
            Ok(Page::faulty(desk.shell.title(words("Mã PIN đổi ca")), pin_body(false, faults)).into_response())
        }
    }
}

/// Ends every other session and makes every browser prove itself again.
pub async fn out_everywhere(AtDoor(desk): AtDoor) -> Result<Response, Problem> {
    let (by, subject, key) = (desk.cx.by, desk.cx.who.subject, desk.session.key);
    let ended = desk.house.db.write(async move |tx: &Write<'_>| account::out_everywhere(tx, &by, subject, key).await).await?;
    Ok(go("/can-bo/toi").saying("Đã kết thúc {0} phiên ở nơi khác.", &[&ended.to_string()]).into_response())
}
