//! People, their posts, and who they are when they act.
use std::collections::BTreeSet;

use base::Moment;
use store::{Error, FromRow, Read, Row, Write, sql};
use uuid::Uuid;
use web::Key;

use crate::{Actor, Held, NewPerson, NewPost, Person, PersonId, Post, PostId, Role, Secrecy, SignIn, Unit, UnitId};

macro_rules! person_columns {
    () => {
        "person.id, person.name, person.login, person.email, person.phone, person.valid_from, person.valid_to, person.unit, \
         person.unit_path, person.version"
    };
}

store::from_row!(Person { id, name, login, email, phone, valid_from, valid_to, unit, unit_path, version });

macro_rules! post_columns {
    () => {
        "p.id, p.person, p.unit, unit.path, unit.short_name, p.title, p.roles, p.clearance, p.home, p.valid_from, p.valid_to"
    };
}

impl FromRow for Post {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Post {
            id: row.get(0)?,
            person: row.get(1)?,
            unit: row.get(2)?,
            unit_path: row.get(3)?,
            unit_name: row.get(4)?,
            title: row.get(5)?,
            roles: roles(&row.get::<String>(6)?),
            clearance: Secrecy::of(row.get(7)?),
            home: row.get(8)?,
            from: row.get(9)?,
            to: row.get(10)?,
        })
    }
}

/// Roles are kept as words with blanks between; a word this program does not know gives no right.
fn roles(kept: &str) -> Vec<Role> {
    kept.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

fn words(roles: &[Role]) -> String {
    roles.iter().map(|r| r.code()).collect::<Vec<_>>().join(" ")
}

/// One person.
pub async fn person(tx: &Read<'_>, id: PersonId) -> Result<Option<Person>, Error> {
    tx.opt(sql!(concat!("SELECT ", person_columns!(), " FROM person WHERE person.id = $1")), &[&id]).await
}

/// The person with this sign-in name.
pub async fn by_login(tx: &Read<'_>, login: &str) -> Result<Option<Person>, Error> {
    tx.opt(sql!(concat!("SELECT ", person_columns!(), " FROM person WHERE person.login = $1")), &[&login]).await
}

/// One post.
pub async fn post(tx: &Read<'_>, id: PostId) -> Result<Option<Post>, Error> {
    tx.opt(sql!(concat!("SELECT ", post_columns!(), " FROM post p JOIN unit ON unit.id = p.unit WHERE p.id = $1")), &[&id]).await
}

/// Every post a person has or had, the newest first.
pub async fn posts_of(tx: &Read<'_>, person: PersonId) -> Result<Vec<Post>, Error> {
    tx.all(
        sql!(concat!(
            "SELECT ",
            post_columns!(),
            " FROM post p JOIN unit ON unit.id = p.unit WHERE p.person = $1 ORDER BY p.valid_from DESC, p.id"
        )),
        &[&person],
    )
    .await
}

/// A line of a unit's staff.
#[derive(Clone, Debug)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Name of the post.
    pub title: String,
    /// Roles.
    pub roles: Vec<Role>,
    /// Seconded from elsewhere.
    pub seconded: bool,
}

impl FromRow for Member {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Member {
            person: row.get(0)?,
            name: row.get(1)?,
            title: row.get(2)?,
            roles: roles(&row.get::<String>(3)?),
            seconded: row.get::<Option<Uuid>>(4)?.is_some(),
        })
    }
}

/// Who holds a post in force in exactly this unit, by name. Posts whose home post (or home unit, or person) ended are not in force.
pub async fn staff(tx: &Read<'_>, unit: UnitId, at: Moment) -> Result<Vec<Member>, Error> {
    tx.all(
        sql!(
            "SELECT person.id, person.name, p.title, p.roles, p.home
             FROM post p
             JOIN person ON person.id = p.person
             JOIN unit ON unit.id = p.unit
             LEFT JOIN post h ON h.id = p.home
             LEFT JOIN unit hu ON hu.id = h.unit
             WHERE p.unit = $1
               AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to > $2)
               AND (person.valid_to IS NULL OR person.valid_to > $2)
               AND (unit.valid_to IS NULL OR unit.valid_to > $2)
               AND (p.home IS NULL OR (h.valid_from <= $2 AND (h.valid_to IS NULL OR h.valid_to > $2)
                    AND (hu.valid_to IS NULL OR hu.valid_to > $2)))
             ORDER BY person.sort_key, p.id"
        ),
        &[&unit, &at],
    )
    .await
}

/// Writes a new person.
pub async fn insert(tx: &Write<'_>, id: PersonId, new: &NewPerson, unit: &Unit, now: Moment, version: i64) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO person (id, name, sort_key, folded, login, email, phone, unit, unit_path, valid_from, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        &[
            &id,
            &new.name,
            &base::text::sort_key(&new.name),
            &searched(&new.name, &new.login),
            &new.login,
            &new.email,
            &new.phone,
            &unit.id,
            &unit.path,
            &now,
            &version,
        ],
    )
    .await
    .map(drop)
}

/// Changes name, e-mail and telephone.
pub async fn change(tx: &Write<'_>, person: &Person, version: i64) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE person SET name = $2, sort_key = $3, folded = $4, email = $5, phone = $6, version = $7 WHERE id = $1"),
        &[
            &person.id,
            &person.name,
            &base::text::sort_key(&person.name),
            &searched(&person.name, &person.login),
            &person.email,
            &person.phone,
            &version,
        ],
    )
    .await
    .map(drop)
}

fn searched(name: &str, login: &str) -> String {
    format!("{} {}", base::text::fold(name), base::text::fold(login))
}

/// A person leaves: nothing of theirs lasts beyond this.
pub async fn leave(tx: &Write<'_>, person: PersonId, at: Moment, reason: &str, version: i64) -> Result<(), Error> {
    tx.run(sql!("UPDATE person SET valid_to = $2, version = $3 WHERE id = $1"), &[&person, &at, &version]).await?;
    tx.run(
        sql!("UPDATE post SET valid_to = $2, ended_because = $3 WHERE person = $1 AND (valid_to IS NULL OR valid_to > $2)"),
        &[&person, &at, &reason],
    )
    .await
    .map(drop)
}

/// Bumps the version after events about posts and credentials.
pub async fn version(tx: &Write<'_>, person: PersonId, version: i64) -> Result<(), Error> {
    tx.run(sql!("UPDATE person SET version = $2 WHERE id = $1"), &[&person, &version]).await.map(drop)
}

/// Writes a new post.
pub async fn insert_post(tx: &Write<'_>, id: PostId, new: &NewPost) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO post (id, person, unit, title, roles, clearance, home, valid_from, valid_to)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &[&id, &new.person, &new.unit, &new.title, &words(&new.roles), &new.clearance.level(), &new.home, &new.from, &new.to],
    )
    .await
    .map(drop)
}

/// Ends a post.
pub async fn end_post(tx: &Write<'_>, id: PostId, at: Moment, reason: &str) -> Result<(), Error> {
    tx.run(sql!("UPDATE post SET valid_to = $2, ended_because = $3 WHERE id = $1"), &[&id, &at, &reason]).await.map(drop)
}

/// Everything rights ask about an officer, in one statement: name, sign-in state, and the posts that may be in force.
struct Known {
    name: String,
    left: Option<Moment>,
    totp: Option<Moment>,
    must_change: Option<bool>,
    second_there: Option<bool>,
    held: Option<Held>,
}

impl FromRow for Known {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        let post: Option<PostId> = row.get(4)?;
        let left: Option<Moment> = row.get(1)?;
        let held = match post {
            None => None,
            Some(post) => {
                // a seconded officer's post counts from the later beginning to the earlier end of the two; units and the person end it too
                let home_from: Option<Moment> = row.get(12)?;
                let ends: [Option<Moment>; 4] = [row.get(11)?, row.get(13)?, row.get(14)?, row.get(15)?];
                let from: Moment = row.get(10)?;
                Some(Held {
                    post,
                    unit: row.get(5)?,
                    unit_path: row.get(6)?,
                    unit_name: row.get(7)?,
                    unit_kind: row.get(17)?,
                    title: row.get(8)?,
                    roles: roles(&row.get::<String>(9)?),
                    clearance: Secrecy::of(row.get(16)?),
                    from: home_from.map_or(from, |home| home.max(from)),
                    to: ends.into_iter().chain([left]).flatten().min(),
                })
            }
        };
        Ok(Known { name: row.get(0)?, left, totp: row.get(2)?, must_change: row.get(3)?, second_there: row.get(18)?, held })
    }
}

/// The officer as an actor at this instant; none when there is no such person or the person left. `session`: the one they work in, when it is
/// asked what is still missing in how they signed in.
pub async fn actor(tx: &Read<'_>, id: PersonId, session: Option<Key>, at: Moment) -> Result<Option<(Actor, SignIn)>, Error> {
    let known: Vec<Known> = tx
        .all(
            sql!(
                "SELECT person.name, person.valid_to, c.totp_confirmed_at, c.must_change,
                        p.id, unit.id, unit.path, unit.short_name, p.title, p.roles, p.valid_from, p.valid_to,
                        h.valid_from, h.valid_to, unit.valid_to, hu.valid_to, p.clearance, unit.kind, s.second
                 FROM person
                 LEFT JOIN credential c ON c.subject = person.id
                 LEFT JOIN identity_session s ON s.session = $3 AND s.subject = person.id AND NOT s.waiting
                 LEFT JOIN post p ON p.person = person.id AND p.valid_from <= $2 AND (p.valid_to IS NULL OR p.valid_to > $2)
                 LEFT JOIN unit ON unit.id = p.unit
                 LEFT JOIN post h ON h.id = p.home
                 LEFT JOIN unit hu ON hu.id = h.unit
                 WHERE person.id = $1
                 ORDER BY p.valid_from, p.id"
            ),
            &[&id, &at, &session],
        )
        .await?;
    let Some(first) = known.first() else { return Ok(None) };
    if first.left.is_some_and(|left| left <= at) {
        return Ok(None);
    }
    let standing = SignIn {
        second: first.totp.is_some() || first.second_there.unwrap_or(false),
        must_change: first.must_change.unwrap_or(false),
    };
    let name = first.name.clone();
    let held = known.into_iter().filter_map(|k| k.held).filter(|h| h.in_force(at)).collect();
    Ok(Some((Actor::officer(id, name, at, held), standing)))
}

/// A line of the list of people.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The person.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// Left.
    pub valid_to: Option<Moment>,
    /// Name of the unit that keeps the file.
    pub unit_name: String,
    /// Posts in force.
    pub posts: i64,
}

store::from_row!(Listed { id, name, login, valid_to, unit_name, posts });

/// People a condition of the policy lets through, by name; `folded` narrows by name and sign-in name.
pub async fn allowed(
    tx: &Read<'_>,
    rights: sea_query::Condition,
    folded: &str,
    now: Moment,
    limit: u64,
    offset: u64,
) -> Result<(Vec<Listed>, i64), Error> {
    use sea_query::{Expr, ExprTrait as _, Func, Order, Query};
    let mut from = Query::select();
    from.from("person").inner_join("unit", Expr::col(("unit", "id")).equals(("person", "unit"))).cond_where(rights);
    for word in folded.split_whitespace() {
        // a word is looked for as it stands: no sign in it is a pattern
        let pattern = format!("%{}%", word.replace(['%', '_', '\\'], ""));
        from.and_where(Expr::col(("person", "folded")).like(pattern));
    }
    let mut count = from.clone();
    count.expr(Func::count(Expr::col(("person", "id"))));
    let posts = Query::select()
        .expr(Func::count(Expr::col(("post", "id"))))
        .from("post")
        .and_where(Expr::col(("post", "person")).equals(("person", "id")))
        .and_where(Expr::col(("post", "valid_from")).lte(now.micros()))
        .cond_where(
            sea_query::Cond::any()
                .add(Expr::col(("post", "valid_to")).is_null())
                .add(Expr::col(("post", "valid_to")).gt(now.micros())),
        )
        .to_owned();
    from.columns([("person", "id"), ("person", "name"), ("person", "login"), ("person", "valid_to"), ("unit", "short_name")])
        .expr(Expr::from(posts))
        .order_by(("person", "sort_key"), Order::Asc)
        .order_by(("person", "id"), Order::Asc)
        .limit(limit)
        .offset(offset);
    Ok((tx.all_dyn(&from).await?, tx.one_dyn(&count).await?))
}

/// Names of people by id, and of the communes of a time by code, in one statement.
pub async fn names(tx: &Read<'_>, people: &BTreeSet<Uuid>, places: &BTreeSet<String>, at: Moment) -> Result<crate::Names, Error> {
    use sea_query::{Expr, ExprTrait as _, Query, UnionType};
    let mut out = crate::Names::default();
    let mut communes = Query::select();
    communes
        .columns(["id", "gso_code", "name"])
        .from("unit")
        .and_where(Expr::col("gso_code").is_in(places.iter().map(String::as_str)))
        .and_where(Expr::col("kind").eq("commune"))
        .and_where(Expr::col("valid_from").lte(at.micros()))
        .cond_where(sea_query::Cond::any().add(Expr::col("valid_to").is_null()).add(Expr::col("valid_to").gt(at.micros())));
    let mut query = Query::select();
    query
        .column("id")
        .expr(Expr::cust("CAST(NULL AS text)"))
        .column("name")
        .from("person")
        .and_where(Expr::col("id").is_in(people.iter().copied()));
    let rows: Vec<(Uuid, Option<String>, String)> = match (people.is_empty(), places.is_empty()) {
        (true, true) => vec![],
        (false, true) => tx.all_dyn(&query).await?,
        (true, false) => tx.all_dyn(&communes).await?,
        (false, false) => tx.all_dyn(query.union(UnionType::All, communes)).await?,
    };
    for (id, place, name) in rows {
        match place {
            Some(place) => drop(out.places.insert(place, name)),
            None => drop(out.people.insert(id, name)),
        }
    }
    Ok(out)
}
