//! Administrators keep people and their posts: find, add, change, give and end posts, reset a password, let go.
use askama::Template;
use axum::{
    extract::Query,
    response::{IntoResponse, Response},
};
use base::Seed;
use http::header;
use store::{Read, Write};
use web::{Choice, Field, FieldFault, Once, Page, Problem, Row, Status, filters, go, words};

use super::{
    citizen::looks_like_email,
    form::{At, Fields, day, told},
    me::history_table,
};
use crate::{
    Error, For, NewPerson, NewPost, Objection, OfficerDesk, Person, PersonId, Post, PostId, Realm, Role, Secrecy, Subject,
    UnitId, acts, add_person, add_post, change_person, end_post, hash_password, may, person_leaves, policy,
    service::{
        people::{person, remove_totp_of},
        sessions,
    },
    set_password, sql, usual_end,
};

const PER_PAGE: u64 = 50;

#[derive(Template)]
#[template(path = "people.html")]
pub struct PeoplePage {
    crumbs: web::ui::nav::Crumbs,
    find: Field,
    table: Option<web::ui::table::Table>,
    pager: web::ui::nav::Pager,
    query: String,
}

#[derive(Template)]
#[template(path = "person.html")]
pub struct PersonPage {
    person: Person,
    crumbs: web::ui::nav::Crumbs,
    here: bool,
    posts: Vec<(Post, bool)>,
    lang: base::Lang,
    now: base::Moment,
    faults: Vec<FieldFault>,
    which: &'static str,
    change: Vec<Field>,
    give: Vec<Field>,
    leave: Vec<Field>,
    may_change: bool,
    may_reset: bool,
    has_totp: bool,
    history: Option<web::ui::table::Table>,
}

#[derive(Template)]
#[template(path = "person_add.html")]
pub struct AddPage {
    faults: Vec<FieldFault>,
    fields: Vec<Field>,
    unit_name: String,
    roles: Field,
}

#[derive(Template)]
#[template(path = "password_once.html")]
pub struct PasswordOnce {
    name: String,
    login: String,
    password: String,
    back: String,
}

/// What the list shows.
#[derive(serde::Deserialize)]
pub struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    trang: Option<u64>,
}

/// People of the administrator's units, by name.
pub async fn page(desk: OfficerDesk, Query(q): Query<Wanted>) -> Result<Page<PeoplePage>, Problem> {
    desk.require::<acts::ReadPerson>()?;
    let (who, now, sought) = (desk.cx.who.clone(), desk.cx.by.now, base::text::fold(&q.q));
    let at = q.trang.unwrap_or(1).clamp(1, 10_000);
    let (people, total) = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let rights = policy::filter::<acts::ReadPerson>(&who);
            sql::people::allowed(tx, rights, &sought, now, PER_PAGE, (at - 1) * PER_PAGE).await
        })
        .await?;
    let rows = people.iter().map(|p| {
        let state = match (p.valid_to, p.posts) {
            (Some(to), _) if to <= now => web::badge(Status::Idle, "Đã thôi làm việc"),
            (_, 0) => web::badge(Status::Hold, "Chưa có chức vụ"),
            _ => web::badge(Status::Ok, "Đang làm việc"),
        };
        Row::new([
            web::Cell::link(format!("/quan-tri/nguoi/{}", p.id), &p.name).row_head(),
            web::Cell::raw(&p.login),
            web::Cell::raw(&p.unit_name),
            web::Cell::raw(p.posts).class("r"),
            web::Cell::of(state),
        ])
    });
    let heads = [
        web::head("Họ tên"),
        web::head("Tên đăng nhập"),
        web::head("Đơn vị giữ hồ sơ"),
        web::head("Chức vụ").class("r"),
        web::head("Trạng thái"),
    ];
    let table = (!people.is_empty()).then(|| web::table("Người", heads).quiet_caption().rows(rows));
    let total = u64::try_from(total).unwrap_or_default();
    let body = PeoplePage {
        crumbs: web::crumbs([("/quan-tri", "Quản trị")], "Người và chức vụ"),
        find: web::text("q", words("Tìm theo họ tên, tên đăng nhập")).kind("search").value(&q.q).quiet_label().width(20),
        table,
        pager: web::pager("/quan-tri/nguoi", desk.visit.query(), at, PER_PAGE, total, "người"),
        query: q.q,
    };
    Ok(Page::new(desk.shell.title(words("Người và chức vụ")).current("/quan-tri"), body))
}

struct Known {
    person: For<acts::ReadPerson>,
    posts: Vec<Post>,
    has_totp: bool,
    history: Vec<sql::credentials::Tried>,
}

async fn known(desk: &OfficerDesk, id: PersonId) -> Result<Known, Problem> {
    let cx = desk.cx.clone();
    Ok(desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let person = person::<acts::ReadPerson>(tx, &cx, id).await?;
            let proofs = sql::credentials::proofs(tx, id.0).await?;
            Ok::<_, Error>(Known {
                posts: sql::people::posts_of(tx, id).await?,
                has_totp: proofs.is_some_and(|p| p.totp_confirmed_at.is_some()),
                history: sql::credentials::history(tx, id.0, 20).await?,
                person,
            })
        })
        .await?)
}

fn roles_field(form: Option<&Fields>, faults: &[FieldFault]) -> Field {
    let choices = Role::ALL.map(|r| Choice::new(r.code(), r.title()));
    let field = web::checks("vai-tro", words("Vai trò"), choices).fault_in(faults);
    match form {
        Some(form) => field.values(form.all("vai-tro")),
        None => field,
    }
}

fn draw(desk: &OfficerDesk, known: Known, which: &'static str, form: Option<&Fields>, faults: Vec<FieldFault>) -> PersonPage {
    let Known { person, posts, has_totp, history } = known;
    let (now, lang, who) = (desk.cx.by.now, desk.cx.lang, &desk.cx.who);
    let value = |name: &str, now: &str| form.map_or_else(|| now.to_owned(), |f| f.get(name).to_owned());
    let text = |name: &'static str, label: &'static str, now: &str| {
        web::text(name, words(label)).value(value(name, now)).fault_in(&faults)
    };
    let change = vec![
        text("ho-ten", "Họ và tên", &person.name).width(30),
        text("email", "Thư điện tử", person.email.as_deref().unwrap_or_default()).kind("email").width(30).optional(),
        text("dien-thoai", "Điện thoại", person.phone.as_deref().unwrap_or_default()).kind("tel").width(20).optional(),
    ];
    let homes = std::iter::once(Choice::new("", "Không biệt phái")).chain(
        posts
            .iter()
            .filter(|p| p.to.is_none())
            .map(|p| Choice::new(p.id.to_string(), web::raw(format!("{}, {}", p.title, p.unit_name)))),
    );
    let give = vec![
        text("don-vi", "Mã định danh của đơn vị", "").hint(words("Ví dụ: H12.101.01")).width(20),
        text("chuc-vu", "Tên chức vụ", "").hint(words("Ví dụ: Chuyên viên một cửa")).width(30),
        roles_field(form, &faults),
        web::select("goc", words("Biệt phái từ"), homes)
            .value(value("goc", ""))
            .width(30)
            .hint(words("Người biệt phái chỉ có quyền ở quầy khi chức vụ gốc còn hiệu lực."))
            .fault_in(&faults),
        text("den", "Đến ngày", "").hint(words("Dạng 31/12/2026. Để trống: không thời hạn.")).width(10).optional(),
    ];
    let leave = vec![text("ly-do", "Lý do", "").hint(words("Ví dụ: nghỉ hưu, chuyển tỉnh khác.")).width(30)];
    let posts = posts
        .into_iter()
        .map(|post| {
            let mine = may::<acts::EndPost>(who, &post) && post.to.is_none_or(|to| to > now);
            (post, mine)
        })
        .collect();
    PersonPage {
        crumbs: web::crumbs([("/quan-tri", "Quản trị"), ("/quan-tri/nguoi", "Người và chức vụ")], web::raw(&person.name)),
        here: person.valid_to.is_none_or(|to| to > now),
        posts,
        lang,
        now,
        which,
        change,
        give,
        leave,
        may_change: may::<acts::ChangePerson>(who, &person),
        may_reset: may::<acts::SetPasswordFor>(who, &person),
        has_totp,
        history: (!history.is_empty()).then(|| history_table(&history, lang)),
        faults,
        person: person.into_inner(),
    }
}

impl PersonPage {
    fn when(&self, at: &base::Moment) -> String {
        base::wording::date_time(*at, self.lang)
    }

    fn left(&self) -> Option<String> {
        self.person.valid_to.as_ref().map(|at| self.when(at))
    }

    fn in_force(&self, post: &Post) -> bool {
        post.from <= self.now && post.to.is_none_or(|to| to > self.now)
    }
}

/// One person.
pub async fn one(desk: OfficerDesk, At(id): At<PersonId>) -> Result<Page<PersonPage>, Problem> {
    let known = known(&desk, id).await?;
    let body = draw(&desk, known, "", None, vec![]);
    let title = web::raw(&body.person.name);
    Ok(Page::new(desk.shell.title(title).current("/quan-tri"), body))
}

async fn again(
    desk: OfficerDesk,
    id: PersonId,
    which: &'static str,
    form: &Fields,
    faults: Vec<FieldFault>,
) -> Result<Response, Problem> {
    let known = known(&desk, id).await?;
    let body = draw(&desk, known, which, Some(form), faults);
    let title = web::raw(&body.person.name);
    Ok(Page::faulty(desk.shell.title(title).current("/quan-tri"), body).into_response())
}

fn here(id: PersonId) -> String {
    format!("/quan-tri/nguoi/{id}")
}

fn email(form: &Fields) -> Result<Option<String>, FieldFault> {
    let email = form.line("email");
    if email.as_deref().is_some_and(|e| !looks_like_email(e)) {
        return Err(FieldFault::new("email", words("Địa chỉ thư có dạng ten@noi.vn. Xem lại dấu @ và phần sau nó.")));
    }
    Ok(email)
}

/// Changes name, e-mail, telephone.
pub async fn change(desk: OfficerDesk, At(id): At<PersonId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::ChangePerson>()?;
    let email = match email(&form) {
        Ok(email) => email,
        Err(fault) => return again(desk, id, "change", &form, vec![fault]).await,
    };
    let (cx, name, phone) = (desk.cx.clone(), form.get("ho-ten").to_owned(), form.line("dien-thoai"));
    let done = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| change_person(tx, &cx, id, &name, email.clone(), phone.clone()).await)
        .await;
    match done {
        Ok(()) => Ok(go(here(id)).saying("Đã lưu thông tin.", &[]).into_response()),
        Err(error) => {
            let faults = told(error, "ho-ten")?.into_iter().map(|f| FieldFault::new("ho-ten", f.message)).collect();
            again(desk, id, "change", &form, faults).await
        }
    }
}

fn roles(form: &Fields) -> Vec<Role> {
    form.all("vai-tro").filter_map(|word| word.parse().ok()).collect()
}

/// Gives a post, from now on.
pub async fn give(desk: OfficerDesk, once: Once, At(person): At<PersonId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::GivePost>()?;
    let (cx, now) = (desk.cx.clone(), desk.cx.by.now);
    let mut wrong = vec![];
    let title = form.line("chuc-vu");
    if title.is_none() {
        wrong.push(FieldFault::new("chuc-vu", words("Ghi tên chức vụ, ví dụ Chuyên viên.")));
    }
    if roles(&form).is_empty() {
        wrong.push(FieldFault::new("vai-tro", words("Chọn ít nhất một vai trò.")));
    }
    let to = match form.get("den") {
        "" => None,
        // the day named is still worked
        text => match day(text, "den", now) {
            Ok(day) => Some(base::Moment::from_micros(day.micros() + 24 * 3600 * 1_000_000)),
            Err(fault) => {
                wrong.push(fault);
                None
            }
        },
    };
    if !wrong.is_empty() {
        return again(desk, person, "give", &form, wrong).await;
    }
    let (code, roles, home) = (form.get("don-vi").to_owned(), roles(&form), form.get("goc").parse::<PostId>().ok());
    let title = title.unwrap_or_default();
    let done = once
        .run(&desk.house, &form, async move |tx: &Write<'_>| {
            let unknown = || Error::fault("don-vi", words("Không có đơn vị nào mang mã {0}.").with(&code));
            let parsed = code.parse().map_err(|_| unknown())?;
            let unit = sql::units::by_code(tx, &parsed, now).await?.ok_or_else(unknown)?.id;
            let (title, roles, clearance) = (title.clone(), roles.clone(), Secrecy::Ordinary);
            let new = NewPost { person, unit, title, roles, clearance, home, from: now, to };
            Ok(add_post(tx, &cx, &new).await?.to_string())
        })
        .await;
    match done {
        Ok(_) => Ok(go(here(person)).saying("Đã giao chức vụ, có hiệu lực ngay.", &[]).into_response()),
        Err(error) => {
            let without_end = matches!(error, Error::Objection(Objection::AuditWithoutEnd));
            again(desk, person, "give", &form, told(error, if without_end { "den" } else { "don-vi" })?).await
        }
    }
}

/// Ends a post: its rights end this instant.
pub async fn end(desk: OfficerDesk, At((person, post)): At<(PersonId, PostId)>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::EndPost>()?;
    let (cx, now, reason) = (desk.cx.clone(), desk.cx.by.now, form.line("ly-do").unwrap_or_default());
    desk.house.db.write(async move |tx: &Write<'_>| end_post(tx, &cx, post, now, &reason).await).await?;
    Ok(go(here(person)).saying("Đã kết thúc chức vụ; quyền hết từ lúc này.", &[]).into_response())
}

/// The person leaves: posts, sessions and rights end this instant.
pub async fn leave(desk: OfficerDesk, At(id): At<PersonId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::ChangePerson>()?;
    let Some(reason) = form.line("ly-do") else {
        return again(desk, id, "leave", &form, vec![FieldFault::new("ly-do", words("Ghi lý do."))]).await;
    };
    let (cx, now) = (desk.cx.clone(), desk.cx.by.now);
    let subject = Subject { realm: Realm::Officer, id: id.0 };
    let done = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            person_leaves(tx, &cx, id, now, &reason).await?;
            sessions::end_all(tx, subject, None).await
        })
        .await;
    match done {
        Ok(_) => Ok(go(here(id)).saying("Đã ghi nhận; mọi chức vụ và phiên làm việc đã kết thúc.", &[]).into_response()),
        Err(error) => again(desk, id, "leave", &form, told(error, "ly-do")?).await,
    }
}

/// Five groups of letters that are not mistaken for each other: about 95 bits.
fn readable_password(seed: &Seed) -> String {
    const LETTERS: &[u8] = b"abcdefghkmnpqrstuvwxyz23456789";
    let bytes = seed.bytes("first password", 0);
    let letter = |b: &u8| char::from(LETTERS[usize::from(*b) % LETTERS.len()]);
    bytes[..20].chunks(4).map(|group| group.iter().map(letter).collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A first password, shown once; the person sets an own one at the first sign-in. Sessions of the old password end.
async fn new_password(desk: OfficerDesk, id: PersonId) -> Result<Response, Problem> {
    let cx = desk.cx.clone();
    let person = desk.house.db.read(async move |tx: &Read<'_>| person::<acts::SetPasswordFor>(tx, &cx, id).await).await?;
    let password = readable_password(&desk.cx.by.seed);
    let hashed = hash_password(&password, &[], &desk.cx.by.seed).await?;
    let cx = desk.cx.clone();
    let subject = Subject { realm: Realm::Officer, id: id.0 };
    desk.house
        .db
        .write(async move |tx: &Write<'_>| {
            set_password(tx, &cx, id, &hashed, false).await?;
            sessions::end_all(tx, subject, None).await
        })
        .await?;
    let body = PasswordOnce { name: person.name.clone(), login: person.login.clone(), password, back: here(id) };
    let mut response = Page::new(desk.shell.title(words("Mật khẩu ban đầu")).current("/quan-tri"), body).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, http::HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Resets a password.
pub async fn password(desk: OfficerDesk, At(id): At<PersonId>) -> Result<Response, Problem> {
    desk.require::<acts::SetPasswordFor>()?;
    new_password(desk, id).await
}

/// Takes a lost second factor away.
pub async fn remove_totp(desk: OfficerDesk, At(id): At<PersonId>) -> Result<Response, Problem> {
    desk.require::<acts::SetPasswordFor>()?;
    let cx = desk.cx.clone();
    desk.house.db.write(async move |tx: &Write<'_>| remove_totp_of(tx, &cx, id).await).await?;
    Ok(go(here(id)).saying("Đã gỡ mã hai lớp. Người đó bật lại khi đăng nhập.", &[]).into_response())
}

/// In which unit to add.
#[derive(serde::Deserialize)]
pub struct In {
    #[serde(default, rename = "don-vi")]
    unit: String,
}

fn add_body(unit_name: String, form: Option<&Fields>, code: &str, faults: Vec<FieldFault>) -> AddPage {
    let value = |name: &str, now: &str| form.map_or_else(|| now.to_owned(), |f| f.get(name).to_owned());
    let text = |name: &'static str, label: &'static str, now: &str| {
        web::text(name, words(label)).value(value(name, now)).fault_in(&faults)
    };
    AddPage {
        fields: vec![
            text("ho-ten", "Họ và tên", "").hint(words("Như trên giấy tờ.")).autocomplete("off").width(30),
            text("ten", "Tên đăng nhập", "")
                .hint(words("Chữ không dấu, số, dấu chấm. Ví dụ: an.nguyen"))
                .autocomplete("off")
                .width(20),
            text("email", "Thư điện tử", "").kind("email").autocomplete("off").width(30).optional(),
            text("dien-thoai", "Điện thoại", "").kind("tel").autocomplete("off").width(20).optional(),
            text("don-vi", "Mã định danh của đơn vị", code).hint(words("Ví dụ: H12.101.01")).width(20),
            text("chuc-vu", "Tên chức vụ", "").hint(words("Ví dụ: Chuyên viên một cửa")).width(30),
        ],
        roles: roles_field(form, &faults),
        unit_name,
        faults,
    }
}

/// Asks for a person with a first post.
pub async fn add_page(desk: OfficerDesk, Query(q): Query<In>) -> Result<Page<AddPage>, Problem> {
    desk.require::<acts::AddPerson>()?;
    let cx = desk.cx.clone();
    let unit = match q.unit.parse::<UnitId>() {
        Ok(id) => {
            let unit = desk
                .house
                .db
                .read(async move |tx: &Read<'_>| crate::service::units::unit::<acts::AddPerson>(tx, &cx, id).await)
                .await?;
            Some(unit.into_inner())
        }
        Err(_) => None,
    };
    let code = unit.as_ref().map(|u| u.code.to_string()).unwrap_or_default();
    let body = add_body(unit.map(|u| u.short_name).unwrap_or_default(), None, &code, vec![]);
    Ok(Page::new(desk.shell.title(words("Thêm người")).current("/quan-tri"), body))
}

/// Adds a person with a first post, and shows the first password once.
pub async fn add(desk: OfficerDesk, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::AddPerson>()?;
    let (cx, now) = (desk.cx.clone(), desk.cx.by.now);
    let mut wrong = vec![];
    let email = email(&form).map_err(|fault| wrong.push(fault)).ok().flatten();
    if form.get("ho-ten").is_empty() {
        wrong.push(FieldFault::new("ho-ten", words("Ghi họ tên như trên giấy tờ, không quá 200 ký tự.")));
    }
    if form.get("chuc-vu").is_empty() {
        wrong.push(FieldFault::new("chuc-vu", words("Ghi tên chức vụ, ví dụ Chuyên viên.")));
    }
    if roles(&form).is_empty() {
        wrong.push(FieldFault::new("vai-tro", words("Chọn ít nhất một vai trò.")));
    }
    let done = if wrong.is_empty() {
        let typed = (form.get("ho-ten").to_owned(), form.get("ten").to_owned(), email, form.line("dien-thoai"));
        let (code, title, roles) = (form.get("don-vi").to_owned(), form.get("chuc-vu").to_owned(), roles(&form));
        desk.house
            .db
            .write(async move |tx: &Write<'_>| {
                let unknown = || Error::fault("don-vi", words("Không có đơn vị nào mang mã {0}.").with(&code));
                let parsed = code.parse().map_err(|_| unknown())?;
                let unit = sql::units::by_code(tx, &parsed, now).await?.ok_or_else(unknown)?.id;
                let (name, login, email, phone) = typed.clone();
                let person = add_person(tx, &cx, &NewPerson { name, login, email, phone, unit }).await?;
                let (title, roles, clearance) = (title.clone(), roles.clone(), Secrecy::Ordinary);
                let to = usual_end(&roles, now);
                let post = NewPost { person, unit, title, roles, clearance, home: None, from: now, to };
                add_post(tx, &cx, &post).await?;
                Ok(person)
            })
            .await
            .map_err(|error| told(error, "ten"))
    } else {
        Err(Ok(wrong))
    };
    match done {
        Ok(person) => new_password(desk, person).await,
        Err(faults) => {
            let rename = |f: FieldFault| match f.field.as_str() {
                "login" => FieldFault::new("ten", f.message),
                "name" => FieldFault::new("ho-ten", f.message),
                _ => f,
            };
            let faults = faults?.into_iter().map(rename).collect();
            let body = add_body(String::new(), Some(&form), "", faults);
            Ok(Page::faulty(desk.shell.title(words("Thêm người")).current("/quan-tri"), body).into_response())
        }
    }
}
