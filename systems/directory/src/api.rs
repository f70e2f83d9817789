//! JSON for programs: sign in for a bearer token, who am I, units, people, posts. Each call becomes the same command as the page's.
use axum::{
    Extension, Form, Json,
    extract::{Path, State},
};
use base::Moment;
use serde::{Deserialize, Serialize};
use store::{Read, Write};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{ApiRoutes, Door, House, Once, Problem, Visit, routes, session, words};

use crate::{
    Act as _, Citizen, Error, NewPerson, NewPost, NewUnit, OfficerDesk, OwnData, PersonId, PostId, Realm, Role, Secrecy, Unit,
    UnitId, UnitKind, acts, add_person, add_post, add_unit, end_post,
    extract::{CameFrom, nobody},
    identity::client::Providers,
    own_data,
    service::{
        identity::{self, Exchange},
        sessions,
        sign_in::{self, NotIn, Step},
        units::tree,
    },
    sql,
};

/// Addresses under `/api/v1`.
pub fn api() -> ApiRoutes {
    ApiRoutes::new()
        .add(Door::Public, routes!(sign_in_for_token))
        .add(Door::Public, routes!(ordered_out))
        .add(Door::Officer(""), routes!(me))
        .add(Door::Officer(""), routes!(act_in))
        .add(Door::Citizen, routes!(my_account))
        .add(Door::Public, routes!(sign_out))
        .add(Door::Officer(acts::ReadUnit::SPEC.name), routes!(units))
        .add(Door::Officer(acts::AddUnit::SPEC.name), routes!(create_unit))
        .add(Door::Officer(acts::AddPerson::SPEC.name), routes!(create_person))
        .add(Door::Officer(acts::GivePost::SPEC.name), routes!(give_post))
        .add(Door::Officer(acts::EndPost::SPEC.name), routes!(end_a_post))
}

/// What proves who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    /// `officer`, or `citizen` (demo profile only).
    realm: String,
    /// Sign-in name.
    login: String,
    /// Password.
    password: String,
    /// One-time or recovery code, when a second factor is enrolled.
    #[serde(default)]
    code: String,
}

/// A token for `Authorization: Bearer …`.
#[derive(Serialize, ToSchema)]
pub struct Token {
    /// Keep it secret; it is shown once.
    token: String,
    /// When it ends whatever happens.
    ends_at: String,
    /// Name of the person.
    name: String,
}

/// Signs a program in.
#[utoipa::path(post, path = "/api/v1/sign-in", tag = "directory", request_body = Credentials, responses((status = 200, body = Token), (status = 401, description = "Name, password or code is wrong."), (status = 422), (status = 429)))]
pub async fn sign_in_for_token(
    State(house): State<House>,
    visit: Visit,
    CameFrom(place): CameFrom,
    Json(given): Json<Credentials>,
) -> Result<Json<Token>, Problem> {
    let realm = match given.realm.as_str() {
        "officer" => Realm::Officer,
        "citizen" if house.settings.demo => Realm::Citizen,
        _ => {
            return Err(Error::fault("realm", words("Ghi officer; citizen chỉ đăng nhập bằng mật khẩu ở bản trình diễn.")).into());
        }
    };
    let by = nobody(&visit);
    let half_way = by.seed.bytes("half way", 0);
    let refused = |why: NotIn| match why {
        NotIn::Wait(until) => Problem::too_often(u64::try_from((until.micros() - by.now.micros()) / 1_000_000 + 1).unwrap_or(1)),
        NotIn::Wrong => Problem::not_in(realm, words("Tên, mật khẩu hoặc mã xác thực chưa đúng. Chưa mở phiên nào.")),
        NotIn::Again => Problem::not_in(realm, words("Bước trước đã quá lâu hoặc sai nhiều lần. Nhập lại tên và mật khẩu.")),
    };
    let step = sign_in::with_password(&house.db, &by, realm, &given.login, given.password, &place, half_way).await?;
    let proved = match step.map_err(refused)? {
        Step::In(proved) => proved,
        Step::Second => sign_in::with_code(&house.db, &by, realm, given.code, &place, half_way).await?.map_err(refused)?,
    };
    let (opening, subject) = (session::opening(&visit, &house), proved.subject);
    let opened = house
        .db
        .write(async move |tx: &Write<'_>| {
            let post = match subject.realm {
                Realm::Officer => sql::people::actor(tx, PersonId(subject.id), None, by.now).await?,
                Realm::Citizen => None,
            };
            let post = post.and_then(|(who, _)| who.post().map(|held| held.post.0));
            sessions::open(tx, &opening, subject, post).await
        })
        .await?;
    Ok(Json(Token { token: opened.token.reveal(), ends_at: opened.session.ends_at.to_string(), name: proved.name }))
}

/// An order of a provider of identities.
#[derive(Deserialize, ToSchema)]
pub struct Order {
    /// Whom to sign out, signed by the provider.
    logout_token: String,
}

/// A provider of identities orders somebody out (OpenID Connect Back-Channel Logout).
#[utoipa::path(
    post, path = "/api/v1/identity-providers/{key}/sign-out", tag = "directory",
    params(("key" = String, Path, description = "The provider's key.")),
    request_body(content = Order, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "The sessions ended."))
)]
pub async fn ordered_out(
    State(house): State<House>,
    Extension(providers): Extension<Providers>,
    visit: Visit,
    Path(key): Path<String>,
    Form(order): Form<Order>,
) -> Result<([(http::HeaderName, &'static str); 1], ()), Problem> {
    let found = house.db.read(async move |tx: &Read<'_>| identity::provider(tx, &key).await).await?;
    let provider = found.ok_or_else(Problem::not_found)?;
    identity::ordered_out(&Exchange::of(&house, &providers, &provider, nobody(&visit)), &order.logout_token).await?;
    Ok(([(http::header::CACHE_CONTROL, "no-store")], ()))
}

/// A post held now.
#[derive(Serialize, ToSchema)]
pub struct HeldView {
    /// Post.
    post: Uuid,
    /// Unit.
    unit: Uuid,
    /// Name of the unit.
    unit_name: String,
    /// Name of the post.
    title: String,
    /// Roles.
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct Me {
    /// Person.
    person: Uuid,
    /// Name.
    name: String,
    /// Posts in force.
    posts: Vec<HeldView>,
    /// The one acted in.
    acting: Option<Uuid>,
}

/// Who am I, with which posts?
#[utoipa::path(get, path = "/api/v1/me", tag = "directory", responses((status = 200, body = Me)))]
pub async fn me(desk: OfficerDesk) -> Json<Me> {
    let held = |h: &crate::Held| HeldView {
        post: h.post.0,
        unit: h.unit.0,
        unit_name: h.unit_name.clone(),
        title: h.title.clone(),
        roles: h.roles.clone(),
    };
    let who = &desk.cx.who;
    Json(Me {
        person: desk.cx.by.who,
        name: who.name.clone(),
        posts: who.in_force().map(held).collect(),
        acting: who.post().map(|held| held.post.0),
    })
}

/// The post to act in.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActingPost {
    /// One of the posts in force.
    post: Uuid,
}

/// Chooses the post to act in, as long as this token lasts.
#[utoipa::path(put, path = "/api/v1/me/post", tag = "directory", request_body = ActingPost, responses((status = 204), (status = 404)))]
pub async fn act_in(desk: OfficerDesk, once: Once, Json(chosen): Json<ActingPost>) -> Result<http::StatusCode, Problem> {
    let held = desk.cx.who.in_force().find(|h| h.post.0 == chosen.post).ok_or_else(Problem::not_found)?;
    let (key, post) = (desk.session.key, held.post.0);
    once.run(&desk.house, &chosen, async move |tx: &Write<'_>| {
        session::change_post(tx, key, Some(post)).await.map(|()| String::new())
    })
    .await?;
    Ok(http::StatusCode::NO_CONTENT)
}

/// What the account of a citizen knows of them.
#[derive(Serialize, ToSchema)]
pub struct AccountView {
    /// Name.
    name: String,
    /// Personal number, or empty.
    id_number: String,
    /// Telephone, or empty.
    phone: String,
    /// E-mail, or empty.
    email: String,
}

/// Which citizen am I?
#[utoipa::path(get, path = "/api/v1/my/account", tag = "citizens", responses((status = 200, body = AccountView)))]
pub async fn my_account(citizen: Citizen) -> Result<Json<AccountView>, Problem> {
    let who = citizen.cx.who.clone();
    let own = citizen.house.db.read(async move |tx: &Read<'_>| own_data(tx, &who).await).await?.ok_or_else(Problem::not_found)?;
    let OwnData { name, id_number, phone, email } = own;
    Ok(Json(AccountView { name, id_number, phone, email }))
}

/// Ends the token, an officer's or a citizen's. One that ended already is no fault.
#[utoipa::path(post, path = "/api/v1/sign-out", tag = "directory", responses((status = 204)))]
pub async fn sign_out(State(house): State<House>, visit: Visit) -> Result<http::StatusCode, Problem> {
    if let Some(key) = visit.session(&house).await?.map(|session| session.key) {
        house.db.write(async move |tx: &Write<'_>| sessions::end(tx, key).await).await?;
    }
    Ok(http::StatusCode::NO_CONTENT)
}

/// A unit as programs see it.
#[derive(Serialize, ToSchema)]
pub struct UnitView {
    /// Id.
    id: Uuid,
    /// Key of import files.
    key: String,
    /// Agency code.
    code: String,
    /// Name.
    name: String,
    /// Kind.
    kind: String,
    /// The unit above.
    parent: Option<Uuid>,
    /// Begins.
    valid_from: String,
    /// Ended.
    valid_to: Option<String>,
}

impl From<Unit> for UnitView {
    fn from(u: Unit) -> Self {
        UnitView {
            id: u.id.0,
            key: u.key,
            code: u.code.to_string(),
            name: u.name,
            kind: u.kind.code().to_owned(),
            parent: u.parent.map(|p| p.0),
            valid_from: u.valid_from.to_string(),
            valid_to: u.valid_to.map(|to| to.to_string()),
        }
    }
}

/// The units this administrator keeps, parents before children.
#[utoipa::path(get, path = "/api/v1/units", tag = "directory", responses((status = 200, body = Vec<UnitView>)))]
pub async fn units(desk: OfficerDesk) -> Result<Json<Vec<UnitView>>, Problem> {
    desk.require::<acts::ReadUnit>()?;
    let cx = desk.cx.clone();
    let units = desk.house.db.read(async move |tx: &Read<'_>| tree(tx, &cx).await).await?;
    Ok(Json(units.into_iter().map(UnitView::from).collect()))
}

/// What was made.
#[derive(Serialize, Deserialize, ToSchema)]
pub struct Made {
    /// Its id.
    id: Uuid,
}

fn made(answer: &str) -> Result<Json<Made>, Problem> {
    Ok(Json(Made { id: answer.parse().map_err(|_| Problem::ours("an answer that is no id"))? }))
}

/// A unit to add.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitOrder {
    /// The unit above.
    parent: Uuid,
    /// Agency code.
    code: String,
    /// Name.
    name: String,
    /// Kind.
    kind: String,
}

/// Adds a unit, from now on.
#[utoipa::path(post, path = "/api/v1/units", tag = "directory", request_body = UnitOrder, responses((status = 200, body = Made)))]
pub async fn create_unit(desk: OfficerDesk, once: Once, Json(order): Json<UnitOrder>) -> Result<Json<Made>, Problem> {
    desk.require::<acts::AddUnit>()?;
    let code = order.code.parse().map_err(|_| Error::fault("code", words("Mã định danh có dạng H12.101 hoặc H12.101.02.")))?;
    let kind: UnitKind = order.kind.parse().map_err(|_| Error::fault("kind", words("Chọn loại đơn vị.")))?;
    let new = NewUnit::new(code, base::text::line(&order.name), kind, Some(UnitId(order.parent)), desk.cx.by.now);
    let cx = desk.cx.clone();
    let answer = once
        .run(&desk.house, &order, async move |tx: &Write<'_>| Ok::<_, Error>(add_unit(tx, &cx, &new).await?.to_string()))
        .await?;
    made(&answer)
}

/// A person to add; posts and the first password follow.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonOrder {
    /// Name as typed.
    name: String,
    /// Sign-in name.
    login: String,
    /// E-mail.
    email: Option<String>,
    /// Telephone.
    phone: Option<String>,
    /// The unit that keeps the file.
    unit: Uuid,
}

/// Adds a person.
#[utoipa::path(post, path = "/api/v1/people", tag = "directory", request_body = PersonOrder, responses((status = 200, body = Made)))]
pub async fn create_person(desk: OfficerDesk, once: Once, Json(order): Json<PersonOrder>) -> Result<Json<Made>, Problem> {
    desk.require::<acts::AddPerson>()?;
    let PersonOrder { name, login, email, phone, unit } = order.clone();
    let (new, cx) = (NewPerson { name, login, email, phone, unit: UnitId(unit) }, desk.cx.clone());
    let answer = once
        .run(&desk.house, &order, async move |tx: &Write<'_>| Ok::<_, Error>(add_person(tx, &cx, &new).await?.to_string()))
        .await?;
    made(&answer)
}

/// A post to give.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostOrder {
    /// Holder.
    person: Uuid,
    /// Unit.
    unit: Uuid,
    /// Name of the post.
    title: String,
    /// Roles.
    #[schema(value_type = Vec<String>)]
    roles: Vec<Role>,
    /// Home post of a seconded officer.
    home: Option<Uuid>,
    /// Ends, RFC 3339; absent: without end.
    #[schema(value_type = Option<String>)]
    to: Option<Moment>,
}

/// Gives a post, from now on.
#[utoipa::path(post, path = "/api/v1/posts", tag = "directory", request_body = PostOrder, responses((status = 200, body = Made)))]
pub async fn give_post(desk: OfficerDesk, once: Once, Json(order): Json<PostOrder>) -> Result<Json<Made>, Problem> {
    desk.require::<acts::GivePost>()?;
    let PostOrder { person, unit, title, roles, home, to } = order.clone();
    let (cx, home) = (desk.cx.clone(), home.map(PostId));
    let (person, unit, clearance, from) = (PersonId(person), UnitId(unit), Secrecy::Ordinary, cx.by.now);
    let new = NewPost { person, unit, title, roles, clearance, home, from, to };
    let answer = once
        .run(&desk.house, &order, async move |tx: &Write<'_>| Ok::<_, Error>(add_post(tx, &cx, &new).await?.to_string()))
        .await?;
    made(&answer)
}

/// Why a post ends.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndOrder {
    /// Why.
    reason: String,
}

/// Ends a post: its rights end this instant.
#[utoipa::path(post, path = "/api/v1/posts/{id}/end", tag = "directory", params(("id" = Uuid, Path)), request_body = EndOrder, responses((status = 204)))]
pub async fn end_a_post(
    desk: OfficerDesk,
    once: Once,
    at: crate::pages::At<PostId>,
    Json(order): Json<EndOrder>,
) -> Result<http::StatusCode, Problem> {
    desk.require::<acts::EndPost>()?;
    let (cx, now, reason) = (desk.cx.clone(), desk.cx.by.now, order.reason.clone());
    once.run(&desk.house, &order, async move |tx: &Write<'_>| {
        end_post(tx, &cx, at.0, now, &reason).await.map(|()| String::new())
    })
    .await?;
    Ok(http::StatusCode::NO_CONTENT)
}
