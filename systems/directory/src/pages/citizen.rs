//! Citizens sign in. A local account exists in the demo only; in real use people come by national identity or the national portal.
use askama::Template;
use axum::{
    Extension,
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
    hash_password,
    identity::{
        account::{AccountKind, CitizenAccount},
        client::Providers,
    },
    register as open_account,
    service::{
        account, identity, sessions,
        sign_in::{self, Step},
    },
    sql::identity::Linked,
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
    ways: Vec<(String, String)>,
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
    links: Vec<web::Link>,
    facts: web::ui::list::Facts,
    name: String,
    organisation: bool,
    sure: Option<web::Words>,
    identities: Option<web::ui::table::Table>,
    represented: Option<web::ui::table::Table>,
    history: Option<web::ui::table::Table>,
}

fn shell(visit: &Visit, house: &House, title: web::Words) -> Shell {
    Shell::citizen(visit, house).title(title).main_class("page form-page").plain()
}

/// A page of the citizens' side to go to, never one elsewhere.
pub fn wanted(next: &str) -> String {
    local(next).filter(|path| Realm::of_path(path) == Realm::Citizen).unwrap_or("/").to_owned()
}

fn encoded(next: &str) -> String {
    next.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B").replace('?', "%3F")
}

/// The page, the first time and after a try that came to nothing: every other way in stands on it.
async fn body(house: &House, login: &str, next: &str, faults: Vec<FieldFault>) -> Result<SignInPage, Problem> {
    let ways = super::identity::ways(house, Realm::Citizen, next).await?;
    Ok(SignInPage {
        demo: house.settings.demo,
        login: web::text("ten", words("Tên đăng nhập")).value(login).autocomplete("username").width(20).fault_in(&faults),
        password: web::text("mat-khau", words("Mật khẩu"))
            .kind("password")
            .autocomplete("current-password")
            .width(20)
            .fault_in(&faults),
        register: format!("/dang-ky?next={}", encoded(next)),
        next: next.to_owned(),
        kept: false,
        ways,
        faults,
    })
}

/// Shows the ways in; in the demo name and password too. Without any it says plainly what is still to come.
pub async fn page(State(house): State<House>, visit: Visit, Query(q): Query<Wanted>) -> Result<Page<SignInPage>, Problem> {
    let mut body = body(&house, "", &q.next, vec![]).await?;
    body.kept = !q.giu.is_empty();
    Ok(Page::new(shell(&visit, &house, words("Đăng nhập")), body))
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
            let faulty = body(&house, login, next, vec![refused(why, by.now)]).await?;
            Ok(again(why, Page::faulty(shell(&visit, &house, words("Đăng nhập")), faulty), by.now))
        }
    }
}

async fn enter(house: &House, visit: &Visit, subject: Subject, to: String) -> Result<Response, Problem> {
    let opening = session::opening(visit, house);
    let opened = house.db.write(async move |tx: &Write<'_>| sessions::open(tx, &opening, subject, None).await).await?;
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

/// What the account holds, whose word it stands on, and who came in.
pub async fn account(me: Citizen) -> Result<Page<AccountPage>, Problem> {
    let (id, lang) = (CitizenAccountId(me.cx.who.subject.id), me.cx.lang);
    let known = me.house.db.read(async move |tx: &Read<'_>| account::citizen(tx, id).await).await?;
    let account::Citizen { account, has_password, identities, represented, history } = known;
    let when = |at: base::Moment| base::wording::date_time(at, lang);
    let organisation = account.kind == AccountKind::Organisation;
    let people = represented.iter().map(|r| {
        let what = match &r.tax_code {
            Some(code) if !organisation => format!("{} ({code})", r.name),
            _ => r.name.clone(),
        };
        Row::new([web::Cell::raw(what).row_head(), web::Cell::raw(when(r.first_at)), web::Cell::raw(when(r.last_at))])
    });
    let caption = if organisation { "Ai đã vào thay tổ chức này" } else { "Tổ chức bạn đã vào thay" };
    let heads = [web::head("Tên"), web::head("Lần đầu"), web::head("Gần nhất")];
    let body = AccountPage {
        links: me.house.links_at(web::Place::Account).cloned().collect(),
        facts: facts(&account, has_password),
        sure: account.verified_at.map(|at| words("Số định danh đã được nơi xác thực xác nhận lúc {0}.").with(when(at))),
        identities: (!identities.is_empty()).then(|| identity_table(&identities, lang)),
        represented: (!represented.is_empty()).then(|| web::table(caption, heads).rows(people)),
        history: (!history.is_empty()).then(|| super::me::history_table(&history, lang)),
        name: account.name,
        organisation,
    };
    Ok(Page::new(me.shell.title(words("Tài khoản")), body))
}

fn facts(account: &CitizenAccount, has_password: bool) -> web::ui::list::Facts {
    web::facts()
        .row_opt("Tên đăng nhập", has_password.then_some(&account.login))
        .row_opt("Mã số thuế", account.tax_code.as_ref())
        .row_opt("Số định danh cá nhân", account.citizen_id.as_ref())
        .row_opt("Điện thoại", account.phone.as_ref())
        .row_opt("Thư điện tử", account.email.as_ref())
}

/// The identities of an account: by whose word, at which level.
fn identity_table(identities: &[Linked], lang: base::Lang) -> web::ui::table::Table {
    let when = |at: base::Moment| web::Cell::raw(base::wording::date_time(at, lang));
    let rows = identities.iter().map(|linked| {
        Row::new([
            web::Cell::raw(&linked.provider).row_head(),
            web::Cell::raw(linked.level.as_deref().unwrap_or("–")),
            when(linked.linked_at),
            linked.last_at.map_or_else(|| web::Cell::text("Chưa dùng"), when),
        ])
    });
    let heads = [web::head("Nơi xác thực"), web::head("Mức"), web::head("Gắn lúc"), web::head("Dùng gần nhất")];
    web::table("Danh tính đã gắn", heads).id("danh-tinh").rows(rows)
}

/// Signs out; whoever came by a provider may sign out there too.
pub async fn out(me: Citizen, Extension(providers): Extension<Providers>) -> Result<Response, Problem> {
    let ending = me.session.clone();
    let left = me.house.db.write(async move |tx: &Write<'_>| identity::leave(tx, &ending).await).await?;
    let gone = session::Closed::of(&me.visit);
    if let Some(there) = super::identity::signed_out(&me.house, &providers, &me.visit, left).await? {
        return Ok((gone, there).into_response());
    }
    Ok((StatusCode::SEE_OTHER, gone, go("/").saying("Đã đăng xuất.", &[])).into_response())
}

/// Ends every other session of the account.
pub async fn out_everywhere(me: Citizen) -> Result<Response, Problem> {
    let (by, subject, key) = (me.cx.by, me.cx.who.subject, me.session.key);
    let ended = me.house.db.write(async move |tx: &Write<'_>| account::out_everywhere(tx, &by, subject, key).await).await?;
    Ok(go("/tai-khoan").saying("Đã kết thúc {0} phiên ở nơi khác.", &[&ended.to_string()]).into_response())
}
