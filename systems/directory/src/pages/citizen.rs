//! Citizens sign in. A local account exists in the demo only; in real use people come by national identity or the national portal.
use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use http::StatusCode;
use store::{Read, Write};
use web::{Field, FieldFault, House, Page, Problem, Row, Shell, Visit, filters, go, local, session, words};

use super::{
    form::{Fields, faults},
    sign_in::{Wanted, again, refused},
};
use crate::{
    Citizen, CitizenAccountId, Error, NewCitizen, Realm, Subject,
    extract::{CameFrom, nobody},
    hash_password, register as open_account,
    service::{
        account::CitizenAccount,
        sign_in::{self, Step},
    },
    sql,
};

#[derive(Template)]
#[template(path = "citizen_sign_in.html")]
pub struct SignInPage {
    demo: bool,
    faults: Vec<FieldFault>,
    login: Field,
    password: Field,
    next: String,
    register: String,
    kept: bool,
}

#[derive(Template)]
#[template(path = "citizen_register.html")]
pub struct RegisterPage {
    faults: Vec<FieldFault>,
    fields: Vec<Field>,
    next: String,
}

#[derive(Template)]
#[template(path = "citizen_account.html")]
pub struct AccountPage {
    account: CitizenAccount,
    links: Vec<web::Link>,
    looks: Option<web::ui::table::Table>,
}

fn shell(visit: &Visit, house: &House, title: web::Words) -> Shell {
    Shell::citizen(visit, house).title(title).main_class("page form-page").plain()
}

fn wanted(next: &str) -> String {
    local(next).filter(|path| Realm::of_path(path) == Realm::Citizen).unwrap_or("/").to_owned()
}

fn encoded(next: &str) -> String {
    next.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B").replace('?', "%3F")
}

fn body(house: &House, login: &str, next: &str, kept: bool, faults: Vec<FieldFault>) -> SignInPage {
    SignInPage {
        demo: house.settings.demo,
        login: web::text("ten", words("Tên đăng nhập")).value(login).autocomplete("username").width(20).fault_in(&faults),
        password: web::text("mat-khau", words("Mật khẩu"))
            .kind("password")
            .autocomplete("current-password")
            .width(20)
            .fault_in(&faults),
        register: format!("/dang-ky?next={}", encoded(next)),
        next: next.to_owned(),
        kept,
        faults,
    }
}

/// Asks for name and password in the demo; says plainly what is still to come elsewhere.
pub async fn page(State(house): State<House>, visit: Visit, Query(q): Query<Wanted>) -> Page<SignInPage> {
    let shell = shell(&visit, &house, words("Đăng nhập"));
    Page::new(shell, body(&house, "", &q.next, !q.giu.is_empty(), vec![]))
}

fn only_in_the_demo(house: &House) -> Result<(), Problem> {
    if house.settings.demo { Ok(()) } else { Err(Problem::not_found()) }
}

/// Looks at name and password.
pub async fn send(
    State(house): State<House>,
    visit: Visit,
    CameFrom(place): CameFrom,
    form: Fields,
) -> Result<Response, Problem> {
    only_in_the_demo(&house)?;
    let (login, password, next) = (form.get("ten"), form.raw("mat-khau").to_owned(), form.get("next"));
    let by = nobody(&visit);
    match sign_in::with_password(&house.db, &by, Realm::Citizen, login, password, &place, visit.key().0).await? {
        Ok(Step::In(proved)) => enter(&house, &visit, proved.subject, wanted(next)).await,
        // citizens have no second factor here
        Ok(Step::Second) => Err(Problem::not_found()),
        Err(why) => {
            let faulty = body(&house, login, next, false, vec![refused(why, by.now)]);
            Ok(again(why, Page::faulty(shell(&visit, &house, words("Đăng nhập")), faulty), by.now))
        }
    }
}

async fn enter(house: &House, visit: &Visit, subject: Subject, to: String) -> Result<Response, Problem> {
    let opening = session::opening(visit, house);
    let opened = house.db.write(async move |tx: &Write<'_>| session::open(tx, &opening, subject, None).await).await?;
    Ok((opened, go(to)).into_response())
}

fn register_body(form: Option<&Fields>, next: &str, faults: Vec<FieldFault>) -> RegisterPage {
    let value = |name: &str| form.map_or(String::new(), |f| f.get(name).to_owned());
    let text = |name: &'static str, label: &'static str| web::text(name, words(label)).value(value(name)).fault_in(&faults);
    let fields = vec![
        text("ho-ten", "Họ và tên").hint(words("Như trên giấy tờ của bạn.")).autocomplete("name").width(30),
        text("so-dinh-danh", "Số định danh cá nhân").hint(words("12 chữ số trên thẻ căn cước.")).digits().width(20).optional(),
        text("dien-thoai", "Điện thoại").kind("tel").autocomplete("tel").width(20).optional(),
        text("email", "Thư điện tử").kind("email").autocomplete("email").width(30).optional(),
        text("ten", "Tên đăng nhập")
            .hint(words("Chữ không dấu, số, dấu chấm. Ví dụ: an.nguyen"))
            .autocomplete("username")
            .width(20),
        web::text("mat-khau", words("Mật khẩu"))
            .kind("password")
            .autocomplete("new-password")
            .hint(words("Ít nhất 10 ký tự. Một câu ngắn của riêng bạn là tốt nhất."))
            .width(20)
            .fault_in(&faults),
    ];
    RegisterPage { fields, next: next.to_owned(), faults }
}

/// Asks what a demo account needs.
pub async fn register_page(
    State(house): State<House>,
    visit: Visit,
    Query(q): Query<Wanted>,
) -> Result<Page<RegisterPage>, Problem> {
    only_in_the_demo(&house)?;
    Ok(Page::new(shell(&visit, &house, words("Mở tài khoản thử")), register_body(None, &q.next, vec![])))
}

/// Opens a demo account and signs its holder in.
pub async fn register(State(house): State<House>, visit: Visit, form: Fields) -> Result<Response, Problem> {
    only_in_the_demo(&house)?;
    let (by, next) = (nobody(&visit), form.get("next"));
    let opened = match new_citizen(&form, by.now.date()) {
        Ok(new) => open(&house, &by, new, form.raw("mat-khau")).await,
        Err(faults) => Ok(Err(faults)),
    }?;
    match opened {
        Ok(id) => enter(&house, &visit, Subject { realm: Realm::Citizen, id: id.0 }, wanted(next)).await,
        Err(faults) => {
            let faulty = register_body(Some(&form), next, faults);
            Ok(Page::faulty(shell(&visit, &house, words("Mở tài khoản thử")), faulty).into_response())
        }
    }
}

async fn open(
    house: &House,
    by: &store::By,
    new: NewCitizen,
    password: &str,
) -> Result<Result<CitizenAccountId, Vec<FieldFault>>, Problem> {
    let hashed = match hash_password(password, &[&new.login, &new.name], &by.seed).await {
        Ok(hashed) => hashed,
        Err(error) => return Ok(Err(renamed(faults(error)?))),
    };
    let by = *by;
    match house.db.write(async move |tx: &Write<'_>| open_account(tx, &by, &new, &hashed).await).await {
        Ok(id) => Ok(Ok(id)),
        Err(Error::Objection(taken)) => Ok(Err(vec![FieldFault::new("ten", taken.words())])),
        Err(error) => Ok(Err(renamed(faults(error)?))),
    }
}

fn renamed(faults: Vec<FieldFault>) -> Vec<FieldFault> {
    let rename = |fault: FieldFault| {
        let field = match fault.field.as_str() {
            "login" => "ten",
            "name" => "ho-ten",
            "password" => "mat-khau",
            other => other,
        };
        FieldFault::new(field.to_owned(), fault.message)
    };
    faults.into_iter().map(rename).collect()
}

/// Reads the form; every fault is told at once.
fn new_citizen(form: &Fields, today: jiff::civil::Date) -> Result<NewCitizen, Vec<FieldFault>> {
    let mut faults = vec![];
    if form.get("ho-ten").is_empty() {
        faults.push(FieldFault::new("ho-ten", words("Ghi họ tên như trên giấy tờ, không quá 200 ký tự.")));
    }
    let citizen_id = form.line("so-dinh-danh");
    if let Some(typed) = &citizen_id
        && let Err(wrong) = base::CitizenId::given(typed, today)
    {
        faults.push(FieldFault::new("so-dinh-danh", web::i18n::figures(|lang| wrong.words(lang))));
    }
    let email = form.line("email");
    if email.as_deref().is_some_and(|e| !looks_like_email(e)) {
        faults.push(FieldFault::new("email", words("Địa chỉ thư có dạng ten@noi.vn. Xem lại dấu @ và phần sau nó.")));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(NewCitizen {
        login: form.get("ten").to_owned(),
        name: form.get("ho-ten").to_owned(),
        email,
        phone: form.line("dien-thoai"),
        citizen_id,
    })
}

/// One @ with something before it and a dotted name after it: more would turn real addresses away.
pub fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.') && !host.contains('@')
    }) && !text.contains(char::is_whitespace)
        && text.len() <= 254
}

/// What the account holds, and who looked at the holder's data.
pub async fn account(me: Citizen) -> Result<Page<AccountPage>, Problem> {
    let (id, now) = (me.cx.who.subject.id, me.visit.at());
    let (account, looks) = me
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let account = sql::credentials::citizen_account(tx, CitizenAccountId(id)).await?.ok_or(Error::Missing("account"))?;
            Ok::<_, Error>((account, sql::reads::of_owner(tx, id, now, 100).await?))
        })
        .await?;
    let lang = me.cx.lang;
    let rows = looks.iter().map(|look| {
        let who = [look.name.clone(), look.unit.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
        Row::new([
            web::Cell::raw(base::wording::date_time(look.at, lang)).row_head(),
            web::Cell::raw(who),
            web::Cell::text(look.purpose.as_str()),
        ])
    });
    let heads = [web::head("Lúc"), web::head("Ai xem"), web::head("Để làm gì")];
    let looks = (!looks.is_empty()).then(|| web::table("Ai đã xem dữ liệu của bạn", heads).rows(rows));
    let links = me.house.links_at(web::Place::Account).cloned().collect();
    Ok(Page::new(me.shell.title(words("Tài khoản")), AccountPage { account, links, looks }))
}

/// Signs out.
pub async fn out(me: Citizen) -> Result<Response, Problem> {
    let key = me.session.key;
    me.house.db.write(async move |tx: &Write<'_>| session::close(tx, key).await).await?;
    Ok((StatusCode::SEE_OTHER, session::Closed::of(&me.visit), go("/").saying("Đã đăng xuất.", &[])).into_response())
}
