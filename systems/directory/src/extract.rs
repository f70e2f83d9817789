//! What handlers take: [`OfficerDesk`], [`Citizen`], [`Visitor`] — the house, the context of the act, and the shell around the page.
use axum::{
    extract::{FromRef, FromRequestParts},
    response::{IntoResponse, Response},
};
use http::request::Parts;
use store::{By, Read};
use web::{Bar, Go, House, NavItem, Place as Menu, Problem, Session, Shell, Visit, go, words};

use crate::{
    Act, Actor, CitizenAccountId, Cx, Denied, PersonId, Realm, SignIn,
    acts::spec_of,
    may_somewhere,
    service::sign_in::{Device, Place},
    sql,
};

/// An officer who is signed in, with the posts in force at this request.
pub struct OfficerDesk {
    /// The house.
    pub house: House,
    /// Who acts, for which post, when.
    pub cx: Cx,
    /// Around the page, with the places this officer may go to.
    pub shell: Shell,
    /// The request.
    pub visit: Visit,
    /// The session.
    pub session: Session,
    /// What is still missing in how the officer signs in.
    pub sign_in: SignIn,
}

/// A citizen who is signed in.
pub struct Citizen {
    /// The house.
    pub house: House,
    /// Who acts, when.
    pub cx: Cx,
    /// Around the page.
    pub shell: Shell,
    /// The request.
    pub visit: Visit,
    /// The session.
    pub session: Session,
}

/// Anyone; a citizen who is signed in is known.
pub struct Visitor {
    /// The house.
    pub house: House,
    /// Around the page.
    pub shell: Shell,
    /// The request.
    pub visit: Visit,
    /// The citizen, if signed in.
    pub who: Option<Cx>,
}

/// An officer who is signed in but may still have to change a password or enrol the second factor: for the pages where that is done.
pub struct AtDoor(pub OfficerDesk);

/// Why an extractor gave nothing.
#[derive(Debug)]
pub enum Elsewhere {
    /// The request cannot be done.
    Problem(Problem),
    /// Something else comes first.
    Go(Go),
}

impl IntoResponse for Elsewhere {
    fn into_response(self) -> Response {
        match self {
            Elsewhere::Problem(problem) => problem.into_response(),
            Elsewhere::Go(go) => go.into_response(),
        }
    }
}

impl From<Problem> for Elsewhere {
    fn from(problem: Problem) -> Self {
        Elsewhere::Problem(problem)
    }
}

/// Where an officer sets a password of their own.
pub const PASSWORD_PAGE: &str = "/can-bo/toi/mat-khau";
/// Where an officer enrols the second factor.
pub const TOTP_PAGE: &str = "/can-bo/toi/ma-hai-lop";

impl OfficerDesk {
    /// Whether there is anything the officer may do this to; the door of a list page.
    pub fn require<A: Act>(&self) -> Result<(), Denied> {
        if may_somewhere(&A::SPEC, &self.cx.who) { Ok(()) } else { Err(Denied::of(&A::SPEC)) }
    }

    async fn of(parts: &mut Parts, house: House) -> Result<OfficerDesk, Elsewhere> {
        let visit = <Visit as FromRequestParts<House>>::from_request_parts(parts, &house).await?;
        let session = visit.session(&house).await.map_err(Problem::from)?;
        let session = session.filter(|s| s.subject.realm == Realm::Officer).ok_or_else(|| Problem::sign_in(Realm::Officer))?;
        let (person, now) = (PersonId(session.subject.id), visit.at());
        let key = session.key;
        let known = house.db.read(async move |tx: &Read<'_>| sql::people::actor(tx, person, Some(key), now).await);
        // a person who left is nobody, whatever the cookie says
        let (mut who, sign_in) = known.await.map_err(Problem::from)?.ok_or_else(|| Problem::sign_in(Realm::Officer))?;
        if let Some(held) = who.posts.iter().find(|h| Some(h.post.0) == session.post) {
            who.acting = Some(held.post);
        }
        let cx = context(&visit, who);
        let shell = Shell::officer(&visit, &house, bar(&cx.who), nav(&house, &cx.who));
        Ok(OfficerDesk { house, cx, shell, visit, session, sign_in })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OfficerDesk
where
    House: FromRef<S>,
{
    type Rejection = Elsewhere;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<OfficerDesk, Elsewhere> {
        let desk = OfficerDesk::of(parts, House::from_ref(state)).await?;
        // in the demo a newcomer signs in with a name and a password; in real use a second factor is not a choice
        let first = match desk.sign_in {
            SignIn { must_change: true, .. } => Some(PASSWORD_PAGE),
            SignIn { second: false, .. } if !desk.house.settings.demo => Some(TOTP_PAGE),
            _ => None,
        };
        match first {
            None => Ok(desk),
            Some(_) if desk.visit.wants_json() => {
                let why = words("Đăng nhập bằng trình duyệt một lần để đặt mật khẩu riêng và mã xác thực hai lớp.");
                Err(Problem::denied(why).into())
            }
            Some(page) => Err(Elsewhere::Go(go(page))),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AtDoor
where
    House: FromRef<S>,
{
    type Rejection = Elsewhere;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<AtDoor, Elsewhere> {
        OfficerDesk::of(parts, House::from_ref(state)).await.map(AtDoor)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor
where
    House: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Visitor, Problem> {
        let house = House::from_ref(state);
        let visit = <Visit as FromRequestParts<House>>::from_request_parts(parts, &house).await?;
        let shell = Shell::citizen(&visit, &house);
        let who = citizen(&visit, &house).await?.map(|(_, cx)| cx);
        let shell = match &who {
            Some(cx) => shell.signed_in(cx.who.name.clone()),
            None => shell,
        };
        Ok(Visitor { house, shell, visit, who })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Citizen
where
    House: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Citizen, Problem> {
        let house = House::from_ref(state);
        let visit = <Visit as FromRequestParts<House>>::from_request_parts(parts, &house).await?;
        let Some((session, cx)) = citizen(&visit, &house).await? else { return Err(no_citizen(&visit, &house).await?) };
        let shell = Shell::citizen(&visit, &house).signed_in(cx.who.name.clone());
        Ok(Citizen { house, cx, shell, visit, session })
    }
}

/// What is said to whoever comes to a citizen's place and is none: an officer may not, everybody else signs in first.
pub async fn no_citizen(visit: &Visit, house: &House) -> Result<Problem, Problem> {
    let session = visit.session(house).await?;
    Ok(match session.filter(|s| s.subject.realm == Realm::Officer) {
        Some(_) => {
            Problem::denied(words("Bạn đang đăng nhập là cán bộ, việc này của người dân. Đăng nhập bằng tài khoản công dân."))
        }
        None => Problem::sign_in(Realm::Citizen),
    })
}

async fn citizen(visit: &Visit, house: &House) -> Result<Option<(Session, Cx)>, Problem> {
    let Some(session) = visit.session(house).await?.filter(|s| s.subject.realm == Realm::Citizen) else { return Ok(None) };
    let id = CitizenAccountId(session.subject.id);
    let key = session.key;
    let come = house.db.read(async move |tx: &Read<'_>| sql::credentials::who_came(tx, key, id).await).await?;
    let who = come.map(|come| Actor { through: come.through, ..Actor::citizen(id.0, come.name, visit.at()) });
    Ok(who.map(|who| (session, context(visit, who))))
}

fn context(visit: &Visit, who: Actor) -> Cx {
    let post = who.post().map(|held| held.post.0);
    // an organisation acts through a person, and the log names the person
    let acts = who.through.map_or(who.subject.id, |person| person.0);
    let by = By { who: acts, post, now: visit.at(), trace: visit.trace(), seed: visit.seed().part("act", 0) };
    Cx { by, who, lang: visit.lang() }
}

/// The context of somebody who is not signed in: signing in, registering.
pub(crate) fn nobody(visit: &Visit) -> By {
    By { who: uuid::Uuid::nil(), post: None, now: visit.at(), trace: visit.trace(), seed: visit.seed().part("act", 0) }
}

fn bar(who: &Actor) -> Bar {
    let held = who.post();
    Bar {
        unit: held.map(|h| h.unit_name.clone()).unwrap_or_default(),
        place: held.map(|h| h.unit_kind.title().to_owned()).unwrap_or_default(),
        name: who.name.clone(),
        post: held.map(|h| h.title.clone()).unwrap_or_default(),
        me: "/can-bo/toi".into(),
    }
}

/// The places of the rail this officer may go to; administrators' places share one.
fn nav(house: &House, who: &Actor) -> Vec<NavItem> {
    let open = |link: &&web::Link| link.act.is_none_or(|act| spec_of(act).is_some_and(|spec| may_somewhere(spec, who)));
    let mut nav: Vec<NavItem> = house.links_at(Menu::Rail).filter(open).map(|l| NavItem::new(l.href, l.label, l.icon)).collect();
    if house.links_at(Menu::Admin).any(|l| open(&l)) {
        nav.push(NavItem::new("/quan-tri", words("Quản trị"), "gear"));
    }
    nav
}

/// The places of the administrators' menu this officer may go to.
pub(crate) fn admin_links<'a>(house: &'a House, who: &'a Actor) -> impl Iterator<Item = &'a web::Link> {
    house
        .links_at(Menu::Admin)
        .filter(|link| link.act.is_none_or(|act| spec_of(act).is_some_and(|spec| may_somewhere(spec, who))))
}

/// Where a sign-in comes from.
pub struct CameFrom(pub Place);

/// The cookie that names a browser.
pub(crate) fn device_cookie(https: bool) -> &'static str {
    if https { "__Host-motcua-may" } else { "motcua-may" }
}

impl<S: Send + Sync> FromRequestParts<S> for CameFrom
where
    House: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<CameFrom, Problem> {
        let house = House::from_ref(state);
        let visit = <Visit as FromRequestParts<House>>::from_request_parts(parts, &house).await?;
        let wanted = device_cookie(house.settings.https());
        let device = parts
            .headers
            .get_all(http::header::COOKIE)
            .iter()
            .filter_map(|v| v.to_str().ok())
            .flat_map(|v| v.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(name, value)| (name == wanted).then(|| Device::parse(value)).flatten());
        Ok(CameFrom(Place { network: visit.network(), device, agent: visit.device().to_owned() }))
    }
}
