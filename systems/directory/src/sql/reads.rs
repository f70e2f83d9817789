//! Who looked at personal data.
use base::Moment;
use sea_query::{Expr, ExprTrait, Query};
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// One look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Who looked: an officer.
    pub who: Uuid,
    /// Name of the officer.
    pub name: Option<String>,
    /// In which unit, as it is called today.
    pub unit: Option<String>,
    /// Name of the act.
    pub act: String,
    /// What for.
    pub purpose: String,
    /// What was looked at.
    pub thing_kind: String,
    /// Which.
    pub thing: Uuid,
    /// When.
    pub at: Moment,
}

store::from_row!(Look { who, name, unit, act, purpose, thing_kind, thing, at });

/// A look to be written.
pub(crate) struct NewLook<'a> {
    pub id: Uuid,
    pub who: Uuid,
    pub post: Option<Uuid>,
    pub act: &'a str,
    pub purpose: &'a str,
    pub thing_kind: &'a str,
    pub thing: Uuid,
    pub owner: Option<Uuid>,
    pub at: Moment,
    pub trace: Uuid,
}

/// Writes a look.
pub(crate) async fn insert(tx: &Write<'_>, look: &NewLook<'_>) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO reads (id, who, post, act, purpose, thing_kind, thing, owner, at, trace)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        &[
            &look.id,
            &look.who,
            &look.post,
            &look.act,
            &look.purpose,
            &look.thing_kind,
            &look.thing,
            &look.owner,
            &look.at,
            &look.trace,
        ],
    )
    .await
    .map(drop)
}

/// Who looked at anything of this citizen's account, the latest first.
pub async fn of_owner(tx: &Read<'_>, owner: Uuid, before: Moment, limit: i64) -> Result<Vec<Look>, Error> {
    tx.all(
        sql!(
            "SELECT r.who, person.name, unit.short_name, r.act, r.purpose, r.thing_kind, r.thing, r.at
             FROM reads r
             LEFT JOIN person ON person.id = r.who
             LEFT JOIN post ON post.id = r.post
             LEFT JOIN unit ON unit.id = post.unit
             WHERE r.owner = $1 AND r.at < $2 ORDER BY r.at DESC, r.id LIMIT $3"
        ),
        &[&owner, &before, &limit],
    )
    .await
}

/// Which of these things this person looked at, at some time.
pub async fn by_person(tx: &Read<'_>, who: Uuid, things: &[Uuid]) -> Result<Vec<Uuid>, Error> {
    if things.is_empty() {
        return Ok(vec![]);
    }
    let query = Query::select()
        .distinct()
        .column("thing")
        .from("reads")
        .and_where(Expr::col("who").eq(who))
        .and_where(Expr::col("thing").is_in(things.iter().copied()))
        .to_owned();
    tx.all_dyn(&query).await
}

/// Who looked at one thing, the latest first.
pub async fn of_thing(tx: &Read<'_>, thing: Uuid, limit: i64) -> Result<Vec<Look>, Error> {
    tx.all(
        sql!(
            "SELECT r.who, person.name, unit.short_name, r.act, r.purpose, r.thing_kind, r.thing, r.at
             FROM reads r
             LEFT JOIN person ON person.id = r.who
             LEFT JOIN post ON post.id = r.post
             LEFT JOIN unit ON unit.id = post.unit
             WHERE r.thing = $1 ORDER BY r.at DESC, r.id LIMIT $2"
        ),
        &[&thing, &limit],
    )
    .await
}
