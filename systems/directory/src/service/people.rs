//! People and posts: add, change, give, end, leave; passwords set for somebody.
use base::Moment;
use store::{Loaded, Read, Write, append};

use crate::{
    Act, Cx, DirectoryEvent as Event, Error, For, NewPerson, NewPost, Objection, Person, PersonId, Post, PostId, acts, allow,
    person::decide,
    secret::{hashing, password},
    service::units::unit,
    sql,
};

/// A person, for an act.
pub async fn person<A: Act<On = Person>>(tx: &Read<'_>, cx: &Cx, id: PersonId) -> Result<For<A>, Error> {
    let person = sql::people::person(tx, id).await?.ok_or(Error::Missing("person"))?;
    Ok(allow::<A>(&cx.who, person)?)
}

/// The sign-in name as it is kept: folded, without blanks. None when nothing sensible is left.
pub fn login(typed: &str) -> Option<String> {
    let name: String = base::text::fold(typed).trim().to_owned();
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    (2..=64).contains(&name.len()).then_some(name).filter(|n| n.chars().all(sound))
}

/// Adds a person; the first post and the password follow as acts of their own.
pub async fn add_person(tx: &Write<'_>, cx: &Cx, new: &NewPerson) -> Result<PersonId, Error> {
    let home = unit::<acts::AddPerson>(tx, cx, new.unit).await?;
    let mut new = new.clone();
    new.name = name(&new.name)?;
    new.login = login(&new.login)
        .ok_or_else(|| Error::fault("login", "Tên đăng nhập gồm 2–64 chữ không dấu, số, dấu chấm, gạch. Ví dụ: an.nguyen"))?;
    if !home.in_force(cx.by.now) {
        return Err(Objection::UnitNotInForce { name: home.name.clone() }.into());
    }
    if sql::people::by_login(tx, &new.login).await?.is_some() {
        return Err(Objection::LoginTaken { login: new.login }.into());
    }
    let id = PersonId(cx.by.id(&format!("person {}", new.login), 0));
    let version = append(tx, &cx.by, Loaded::new::<Event>(id.0), &[Event::PersonAdded { person: id }]).await?;
    sql::people::insert(tx, id, &new, &home, cx.by.now, version).await?;
    Ok(id)
}

pub(crate) fn name(typed: &str) -> Result<String, Error> {
    typed
        .parse::<base::person::PersonName>()
        .map(|n| n.as_str().to_owned())
        .map_err(|_| Error::fault("name", "Ghi họ tên như trên giấy tờ, không quá 200 ký tự."))
}

/// Changes name, e-mail, telephone.
pub async fn change_person(
    tx: &Write<'_>,
    cx: &Cx,
    id: PersonId,
    new_name: &str,
    email: Option<String>,
    phone: Option<String>,
) -> Result<(), Error> {
    let mut person = person::<acts::ChangePerson>(tx, cx, id).await?.into_inner();
    (person.name, person.email, person.phone) = (name(new_name)?, email, phone);
    let version = append(tx, &cx.by, stream(&person), &[Event::PersonChanged { person: id }]).await?;
    Ok(sql::people::change(tx, &person, version).await?)
}

/// Records that a person leaves: every post ends at once, and so does every right.
pub async fn person_leaves(tx: &Write<'_>, cx: &Cx, id: PersonId, at: Moment, reason: &str) -> Result<(), Error> {
    let person = person::<acts::ChangePerson>(tx, cx, id).await?;
    if person.valid_to.is_some() {
        return Err(Objection::PersonLeft.into());
    }
    if at < cx.by.now {
        return Err(Objection::Backwards.into());
    }
    let version = append(tx, &cx.by, stream(&person), &[Event::PersonLeft { person: id, at }]).await?;
    Ok(sql::people::leave(tx, id, at, reason, version).await?)
}

/// Gives a post. The administrator of the unit gives it, wherever the person comes from.
pub async fn add_post(tx: &Write<'_>, cx: &Cx, new: &NewPost) -> Result<PostId, Error> {
    let at = unit::<acts::GivePost>(tx, cx, new.unit).await?;
    let holder = sql::people::person(tx, new.person).await?.ok_or(Error::Missing("person"))?;
    if holder.valid_to.is_some_and(|left| left <= new.from) {
        return Err(Objection::PersonLeft.into());
    }
    let home = match new.home {
        Some(home) => Some(sql::people::post(tx, home).await?.ok_or(Error::Missing("home post"))?),
        None => None,
    };
    decide::give(new, &at, home.as_ref())?;
    let id = PostId(cx.by.id(&format!("post {} {} {} {}", new.person, new.unit, new.title, new.from), 0));
    let event = Event::PostGiven {
        post: id,
        person: new.person,
        unit: new.unit,
        roles: new.roles.clone(),
        clearance: new.clearance,
        home: new.home,
        from: new.from,
        to: new.to,
    };
    let version = append(tx, &cx.by, stream(&holder), &[event]).await?;
    sql::people::insert_post(tx, id, new).await?;
    sql::people::version(tx, new.person, version).await?;
    Ok(id)
}

/// Ends a post: its rights end the same instant, and with it those of every desk post that stands on it.
pub async fn end_post(tx: &Write<'_>, cx: &Cx, id: PostId, at: Moment, reason: &str) -> Result<(), Error> {
    let post: Post = sql::people::post(tx, id).await?.ok_or(Error::Missing("post"))?;
    let post = allow::<acts::EndPost>(&cx.who, post)?;
    decide::end(&post, at, cx.by.now)?;
    let holder = sql::people::person(tx, post.person).await?.ok_or(Error::Missing("person"))?;
    let event = Event::PostEnded { post: id, at, reason: reason.to_owned() };
    let version = append(tx, &cx.by, stream(&holder), &[event]).await?;
    sql::people::end_post(tx, id, at, reason).await?;
    Ok(sql::people::version(tx, holder.id, version).await?)
}

pub(crate) fn stream(person: &Person) -> Loaded {
    Loaded::at::<Event>(person.id.0, person.version)
}

/// A password that was judged and hashed, ready to be kept inside a unit of work. Hashing takes tens of milliseconds and never runs there.
#[derive(Clone)]
pub struct Hashed(String);

/// Judges and hashes a password for somebody with these names.
pub async fn hash_password(password: &str, names: &[&str], seed: &base::Seed) -> Result<Hashed, Error> {
    password::judge(password, names)?;
    Ok(Hashed(hashing::hash(password.to_owned(), seed).await?))
}

/// Sets somebody's password; they will be asked for a new one of their own unless `keep` says that this one stays (demo, command line).
pub async fn set_password(tx: &Write<'_>, cx: &Cx, id: PersonId, hashed: &Hashed, keep: bool) -> Result<(), Error> {
    let person = person::<acts::SetPasswordFor>(tx, cx, id).await?;
    let version = append(tx, &cx.by, stream(&person), &[Event::PasswordSet { own: false }]).await?;
    sql::credentials::set_password(tx, id.0, &hashed.0, cx.by.now, !keep).await?;
    sql::credentials::unprove(tx, id.0, None, cx.by.now).await?;
    Ok(sql::people::version(tx, id, version).await?)
}

impl Hashed {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Hashed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashed(…)")
    }
}

/// Takes somebody's lost second factor away; they enrol another at the next sign-in.
pub async fn remove_totp_of(tx: &Write<'_>, cx: &Cx, id: PersonId) -> Result<(), Error> {
    person::<acts::SetPasswordFor>(tx, cx, id).await?;
    super::account::remove_totp(tx, &cx.by, id.0, false).await
}
