//! Who looked at personal data.
use base::Moment;
use sea_query::{Expr, ExprTrait, Query};
use sha2::{Digest, Sha256};
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// One look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Which look.
    pub id: Uuid,
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

store::from_row!(Look { id, who, name, unit, act, purpose, thing_kind, thing, at });

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

impl NewLook<'_> {
    /// SHA-256 over all that is kept of a look, each text preceded by its length: fields cannot change unseen.
    fn seal(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update("motcua look 1");
        hash.update(self.id);
        hash.update(self.who);
        for maybe in [self.post, self.owner] {
            hash.update([u8::from(maybe.is_some())]);
            hash.update(maybe.unwrap_or_default());
        }
        for text in [self.act, self.purpose, self.thing_kind] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text);
        }
        hash.update(self.thing);
        hash.update(self.at.micros().to_be_bytes());
        hash.update(self.trace);
        hash.finalize().into()
    }
}

/// Writes a look.
pub(crate) async fn insert(tx: &Write<'_>, look: &NewLook<'_>) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO reads (id, who, post, act, purpose, thing_kind, thing, owner, at, trace, seal)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
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
            &look.seal(),
        ],
    )
    .await
    .map(drop)
}

/// Who looked at anything of this citizen's account, the latest first.
pub async fn of_owner(tx: &Read<'_>, owner: Uuid, before: Moment, limit: i64) -> Result<Vec<Look>, Error> {
    tx.all(
        sql!(
            "SELECT r.id, r.who, person.name, unit.short_name, r.act, r.purpose, r.thing_kind, r.thing, r.at
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
            "SELECT r.id, r.who, person.name, unit.short_name, r.act, r.purpose, r.thing_kind, r.thing, r.at
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

/// A look with everything an auditor or its owner asks about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedAt {
    /// Which look.
    pub id: Uuid,
    /// Who looked: an officer.
    pub who: Uuid,
    /// Name of the officer.
    pub name: Option<String>,
    /// Path of the unit of the post.
    pub unit_path: Option<String>,
    /// The unit, as it is called today.
    pub unit: Option<String>,
    /// Name of the act.
    pub act: String,
    /// What for.
    pub purpose: String,
    /// What was looked at.
    pub thing_kind: String,
    /// Which.
    pub thing: Uuid,
    /// Whose it is.
    pub owner: Option<Uuid>,
    /// When.
    pub at: Moment,
}
store::from_row!(LookedAt { id, who, name, unit_path, unit, act, purpose, thing_kind, thing, owner, at });

/// One look.
pub async fn look(tx: &Read<'_>, id: Uuid) -> Result<Option<LookedAt>, Error> {
    tx.opt(
        sql!(
            "SELECT r.id, r.who, person.name, unit.path, unit.short_name, r.act, r.purpose, r.thing_kind, r.thing, r.owner, r.at
             FROM reads r
             LEFT JOIN person ON person.id = r.who
             LEFT JOIN post ON post.id = r.post
             LEFT JOIN unit ON unit.id = post.unit
             WHERE r.id = $1"
        ),
        &[&id],
    )
    .await
}

/// What is asked of the looks; what is empty does not narrow.
#[derive(Clone, Debug, Default)]
pub struct LooksAsked {
    /// Folded words of the officer's name, or the sign-in name.
    pub officer: String,
    /// A unit with all below, by its path.
    pub unit_path: String,
    /// One thing.
    pub thing: Option<Uuid>,
    /// From when.
    pub from: Option<Moment>,
    /// Before when.
    pub before: Option<Moment>,
}

/// Looks by people of units that `rights` reaches (a condition over `unit.path`), the latest first.
pub async fn looks(tx: &Read<'_>, rights: sea_query::Condition, asked: &LooksAsked, limit: u64) -> Result<Vec<LookedAt>, Error> {
    let mut query = Query::select();
    query
        .columns([("reads", "id"), ("reads", "who"), ("person", "name"), ("unit", "path"), ("unit", "short_name")])
        .columns(["act", "purpose", "thing_kind", "thing", "owner", "at"].map(|c| ("reads", c)))
        .from("reads")
        .left_join("person", Expr::col(("person", "id")).equals(("reads", "who")))
        .inner_join("post", Expr::col(("post", "id")).equals(("reads", "post")))
        .inner_join("unit", Expr::col(("unit", "id")).equals(("post", "unit")))
        .cond_where(rights)
        .order_by(("reads", "at"), sea_query::Order::Desc)
        .order_by(("reads", "id"), sea_query::Order::Asc)
        .limit(limit);
    for word in asked.officer.split_whitespace() {
        let pattern =
            sea_query::LikeExpr::new(format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")))
                .escape('\\');
        let named = Expr::col(("person", "folded")).like(pattern.clone()).or(Expr::col(("person", "login")).like(pattern));
        query.and_where(named);
    }
    if let Some(stem) = asked.unit_path.strip_suffix('/') {
        let path = || Expr::col(("unit", "path"));
        query.and_where(path().gte(asked.unit_path.as_str())).and_where(path().lt(format!("{stem}0")));
    }
    if let Some(thing) = asked.thing {
        query.and_where(Expr::col(("reads", "thing")).eq(thing));
    }
    if let Some(from) = asked.from {
        query.and_where(Expr::col(("reads", "at")).gte(from.micros()));
    }
    if let Some(before) = asked.before {
        query.and_where(Expr::col(("reads", "at")).lt(before.micros()));
    }
    tx.all_dyn(&query).await
}

/// Whether anybody looked at anything since then.
pub async fn looked_since(tx: &Read<'_>, since: Moment) -> Result<bool, Error> {
    tx.one(sql!("SELECT EXISTS (SELECT 1 FROM reads WHERE at >= $1)"), &[&since]).await
}

/// Officers who looked at more than `over` different things within an hour of this time: who, the hour, how many.
pub async fn busy_hours(tx: &Read<'_>, from: Moment, to: Moment, over: i64) -> Result<Vec<(Uuid, Moment, i64)>, Error> {
    let found: Vec<(Uuid, i64, i64)> = tx
        .all(
            sql!(
                "SELECT who, at / 3600000000, count(DISTINCT thing) FROM reads WHERE at >= $1 AND at < $2
                 GROUP BY who, at / 3600000000 HAVING count(DISTINCT thing) > $3 ORDER BY 2, 1"
            ),
            &[&from, &to, &over],
        )
        .await?;
    Ok(found.into_iter().map(|(who, hour, n)| (who, Moment::from_micros(hour.saturating_mul(3_600_000_000)), n)).collect())
}

/// How many different things one officer looked at in the busiest hour of each day with any look.
pub async fn busiest_hours(tx: &Read<'_>, who: Uuid, from: Moment, to: Moment) -> Result<Vec<i64>, Error> {
    // days are those of Vietnam, seven hours ahead
    tx.all(
        sql!(
            "SELECT max(n) FROM
               (SELECT (at + 25200000000) / 86400000000 AS day, count(DISTINCT thing) AS n FROM reads
                WHERE who = $1 AND at >= $2 AND at < $3 GROUP BY (at + 25200000000) / 86400000000, at / 3600000000) AS hours
             GROUP BY day"
        ),
        &[&who, &from, &to],
    )
    .await
}

/// A look as evidence: where it stands in which bill, the seal it got when it was written, and the one its fields give now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedLook {
    /// Which look.
    pub id: Uuid,
    /// The bill that covers it.
    pub bill: Option<i64>,
    /// Its number in that bill.
    pub leaf: Option<i64>,
    /// Name of the act.
    pub act: String,
    /// As kept; looks older than the seals got theirs with their first bill.
    pub kept: Option<Vec<u8>>,
    /// As computed from the fields now.
    pub seal: [u8; 32],
}

struct Kept {
    id: Uuid,
    who: Uuid,
    post: Option<Uuid>,
    act: String,
    purpose: String,
    thing_kind: String,
    thing: Uuid,
    owner: Option<Uuid>,
    at: Moment,
    trace: Uuid,
    seal: Option<Vec<u8>>,
    bill: Option<i64>,
    leaf: Option<i64>,
}
store::from_row!(Kept { id, who, post, act, purpose, thing_kind, thing, owner, at, trace, seal, bill, leaf });

impl Kept {
    fn sealed(self) -> SealedLook {
        let look = NewLook {
            id: self.id,
            who: self.who,
            post: self.post,
            act: &self.act,
            purpose: &self.purpose,
            thing_kind: &self.thing_kind,
            thing: self.thing,
            owner: self.owner,
            at: self.at,
            trace: self.trace,
        };
        let seal = look.seal();
        SealedLook { id: self.id, bill: self.bill, leaf: self.leaf, act: self.act, kept: self.seal, seal }
    }
}

macro_rules! kept {
    ($rest:literal) => {
        sql!(concat!(
            "SELECT id, who, post, act, purpose, thing_kind, thing, owner, at, trace, seal, bill, leaf FROM reads WHERE ",
            $rest
        ))
    };
}

fn sealed(rows: Vec<Kept>) -> Vec<SealedLook> {
    rows.into_iter().map(Kept::sealed).collect()
}

/// Puts looks that stand in no bill yet into this one, numbered from `leaf` on; answers how many.
pub async fn put_into_bill(tx: &Write<'_>, bill: i64, leaf: i64, limit: u32) -> Result<u64, Error> {
    let open = sealed(tx.all(kept!("bill IS NULL ORDER BY at, id LIMIT $1"), &[&limit]).await?);
    let rows: Vec<_> = open
        .iter()
        .zip(leaf..)
        .map(|(look, leaf)| (look.id, leaf, look.kept.clone().unwrap_or_else(|| look.seal.to_vec())))
        .collect();
    let rows: Vec<_> = rows.iter().map(|(id, leaf, seal)| store::values![&bill, leaf, seal, id]).collect();
    tx.run_each(sql!("UPDATE reads SET bill = $1, leaf = $2, seal = $3 WHERE id = $4"), &rows).await
}

/// The number that the next look of a bill gets.
pub async fn next_leaf(tx: &Read<'_>, bill: i64) -> Result<i64, Error> {
    tx.one(sql!("SELECT coalesce(max(leaf) + 1, 0) FROM reads WHERE bill = $1"), &[&bill]).await
}

/// Looks of one bill after a number, in order.
pub async fn of_bill(tx: &Read<'_>, bill: i64, after: i64, limit: u32) -> Result<Vec<SealedLook>, Error> {
    tx.all(kept!("bill = $1 AND leaf > $2 ORDER BY leaf LIMIT $3"), &[&bill, &after, &limit]).await.map(sealed)
}

/// Looks that no bill up to `last` covers, by their id.
pub async fn beyond_bill(tx: &Read<'_>, last: i64, after: Uuid, limit: u32) -> Result<Vec<SealedLook>, Error> {
    tx.all(
        kept!("(bill IS NULL OR leaf IS NULL OR bill < 1 OR bill > $1) AND id > $2 ORDER BY id LIMIT $3"),
        &[&last, &after, &limit],
    )
    .await
    .map(sealed)
}

/// The looks of one thing as evidence.
pub async fn of_thing_sealed(tx: &Read<'_>, thing: Uuid) -> Result<Vec<SealedLook>, Error> {
    tx.all(kept!("thing = $1 ORDER BY at, id"), &[&thing]).await.map(sealed)
}
