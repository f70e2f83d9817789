//! Who may do what, on which thing: one typed description that decides a single case ([`allow`]) and selects a list ([`filter`]).
//!
//! An act names the roles that hold it and how far each reaches. For one person these grants become a few *clauses*; any one suffices, and
//! within a clause every *test* must hold. `allow` asks the tests of a [`Standing`]; `filter` writes the same tests as SQL.
use std::{marker::PhantomData, ops::Deref};

use sea_query::{Cond, Condition, Expr, ExprTrait};
use uuid::Uuid;

use crate::{Actor, PersonId, PostId, Realm, Role};

/// How secret a thing is; a post reads up to its own clearance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(i64)]
pub enum Secrecy {
    /// Everyone whose act reaches the thing.
    #[default]
    Ordinary = 0,
    /// Sensitive personal data (adoption, health, juveniles): only posts cleared for it.
    Sensitive = 1,
    /// Under the law on state secrets.
    Secret = 2,
}

impl Secrecy {
    /// The number kept in the database; larger is more secret.
    pub fn level(self) -> i64 {
        self as i64
    }

    /// Reads a kept number; an unknown one counts as the most secret.
    pub fn of(level: i64) -> Self {
        match level {
            0 => Secrecy::Ordinary,
            1 => Secrecy::Sensitive,
            _ => Secrecy::Secret,
        }
    }
}

/// What rights ask of a thing: where it belongs, who works on it, whose it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'a> {
    /// Path of the competent unit (`/…/`). Empty: no unit, and then only [`Reach::Anywhere`] reaches it.
    pub unit_path: &'a str,
    /// Path of the desk that received it and will hand out the result.
    pub desk_path: Option<&'a str>,
    /// The post it is assigned to.
    pub assignee: Option<PostId>,
    /// The citizen's account it belongs to.
    pub owner: Option<Uuid>,
    /// The person who did the act that another pair of eyes must check.
    pub author: Option<PersonId>,
    /// How secret it is.
    pub secrecy: Secrecy,
}

/// The same facts as columns of the thing's table, for lists. A missing column means that no such thing has the fact.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// Table (or its alias in the query).
    pub table: &'static str,
    /// `text`: path of the competent unit.
    pub unit_path: &'static str,
    /// `text`: path of the receiving desk.
    pub desk_path: Option<&'static str>,
    /// `uuid`: post.
    pub assignee: Option<&'static str>,
    /// `uuid`: citizen's account.
    pub owner: Option<&'static str>,
    /// `uuid`: person.
    pub author: Option<&'static str>,
    /// `bigint`: [`Secrecy::level`].
    pub secrecy: Option<&'static str>,
}

impl Columns {
    /// A table whose things have a unit path and nothing else; the base for struct update syntax.
    pub const fn of(table: &'static str, unit_path: &'static str) -> Self {
        Self { table, unit_path, desk_path: None, assignee: None, owner: None, author: None, secrecy: None }
    }
}

/// Something acts are done to.
pub trait Thing {
    /// Where it stands now.
    fn standing(&self) -> Standing<'_>;
    /// Where lists find the same facts.
    const COLUMNS: Columns;
}

/// How far a role carries an act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every thing of the house, whatever its unit.
    Anywhere,
    /// Every thing too, but only for posts in the root unit: what belongs to the house as a whole (settings, texts, backups).
    House,
    /// Things whose competent unit is the post's unit or below it.
    Subtree,
    /// Things whose competent unit is exactly the post's unit.
    OwnUnit,
    /// Things received at the post's desk (or a desk below the post's unit).
    Desk,
    /// Things assigned to the post.
    Assigned,
}

/// One role that holds an act, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// How far it reaches.
    pub reach: Reach,
}

impl Grant {
    /// A grant in one short line.
    pub const fn to(role: Role, reach: Reach) -> Self {
        Self { role, reach }
    }
}

/// The rights of an act, as data.
#[derive(Clone, Copy, Debug)]
pub struct ActSpec {
    /// `system.act`, stable: routes, logs and the reading record name it.
    pub name: &'static str,
    /// In Vietnamese, as a person would say it; the key of its translation.
    pub title: &'static str,
    /// Any one of these suffices.
    pub grants: &'static [Grant],
    /// The citizen who owns the thing may too.
    pub owner: bool,
    /// Shows personal data: the reading is recorded before the answer leaves.
    pub personal: bool,
    /// Whoever did the act before may not do this one.
    pub four_eyes: bool,
    /// Answers 404 instead of 403: that the thing exists is itself a secret.
    pub hidden: bool,
}

impl ActSpec {
    /// An act nobody may do; the base for struct update syntax.
    pub const NOBODY: ActSpec =
        ActSpec { name: "", title: "", grants: &[], owner: false, personal: false, four_eyes: false, hidden: false };
}

/// Something that can be done to a [`Thing`]; a type without a value, so that rights are named in signatures.
pub trait Act {
    /// What it is done to.
    type On: Thing;
    /// Who may.
    const SPEC: ActSpec;
}

/// A thing that was loaded *for* an act: the proof that the rights were asked. Only [`allow`] makes one.
#[derive(Debug)]
pub struct For<A: Act> {
    thing: A::On,
    through: Option<PostId>,
    act: PhantomData<A>,
}

impl<A: Act> For<A> {
    /// The post whose right it was; none for a citizen on their own thing.
    pub fn through(&self) -> Option<PostId> {
        self.through
    }

    /// Gives the thing up to be changed; the proof ends here.
    pub fn into_inner(self) -> A::On {
        self.thing
    }
}

impl<A: Act> Deref for For<A> {
    type Target = A::On;
    fn deref(&self) -> &A::On {
        &self.thing
    }
}

/// The answer no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{act} is not allowed here")]
pub struct Denied {
    /// Name of the act.
    pub act: &'static str,
    /// What the person wanted to do, in Vietnamese.
    pub title: &'static str,
    /// Answer as if the thing did not exist.
    pub hidden: bool,
}

impl Denied {
    /// The denial of an act.
    pub fn of(spec: &ActSpec) -> Self {
        Denied { act: spec.name, title: spec.title, hidden: spec.hidden }
    }
}

/// Decides one case.
pub fn allow<A: Act>(who: &Actor, thing: A::On) -> Result<For<A>, Denied> {
    let through = decide(&A::SPEC, who, &thing.standing())?;
    Ok(For { thing, through, act: PhantomData })
}

/// Decides without taking the thing: whether to draw a button.
pub fn may<A: Act>(who: &Actor, thing: &A::On) -> bool {
    decide(&A::SPEC, who, &thing.standing()).is_ok()
}

/// Whether there can be any thing this person may do the act to: whether to draw a menu entry, open a list page.
pub fn may_somewhere(spec: &ActSpec, who: &Actor) -> bool {
    !clauses(spec, who).is_empty()
}

/// The same rules as a condition over [`Thing::COLUMNS`], for lists.
pub fn filter<A: Act>(who: &Actor) -> Condition {
    condition(&A::SPEC, who, &A::On::COLUMNS)
}

/// [`filter`] over other columns: a query that joins the thing under another name.
pub fn condition(spec: &ActSpec, who: &Actor, columns: &Columns) -> Condition {
    let mut any = Cond::any();
    'clauses: for clause in clauses(spec, who) {
        let mut all = Cond::all();
        for test in &clause.tests {
            match test.sql(columns) {
                Asked::Never => continue 'clauses,
                Asked::Always => {}
                Asked::If(condition) => all = all.add(condition),
            }
        }
        if all.is_empty() {
            return Cond::all().add(Expr::val(1).eq(1));
        }
        any = any.add(all);
    }
    // no clause at all must select nothing: an empty condition would select everything
    if any.is_empty() { any.add(Expr::val(1).eq(0)) } else { any }
}

/// A test over rows. What is known before any row is seen does not go into the statement: SQLite looks nothing up for an OR that has a
/// constant side.
enum Asked {
    Always,
    Never,
    If(Condition),
}

/// Decides over a standing alone; the answer is the post through which the right comes.
pub fn decide(spec: &ActSpec, who: &Actor, standing: &Standing<'_>) -> Result<Option<PostId>, Denied> {
    clauses(spec, who)
        .into_iter()
        .find(|clause| clause.tests.iter().all(|test| test.holds(standing)))
        .map(|clause| clause.post)
        .ok_or_else(|| Denied::of(spec))
}

/// One way to have the right: through this post, when every test holds.
struct Clause<'a> {
    post: Option<PostId>,
    tests: Vec<Test<'a>>,
}

/// What is asked of a thing. Each has its two readings side by side: of a standing, and as SQL.
enum Test<'a> {
    UnitWithin(&'a str),
    UnitIs(&'a str),
    DeskWithin(&'a str),
    AssignedTo(PostId),
    OwnedBy(Uuid),
    NotBy(PersonId),
    SecretUpTo(Secrecy),
}

fn clauses<'a>(spec: &ActSpec, who: &'a Actor) -> Vec<Clause<'a>> {
    let mut found = vec![];
    match who.subject.realm {
        Realm::Citizen if spec.owner => found.push(Clause { post: None, tests: vec![Test::OwnedBy(who.subject.id)] }),
        Realm::Citizen => {}
        Realm::Officer => {
            for held in who.in_force() {
                for grant in spec.grants.iter().filter(|g| held.roles.contains(&g.role)) {
                    if grant.reach == Reach::House && !is_root(&held.unit_path) {
                        continue;
                    }
                    let mut tests = match grant.reach {
                        Reach::Anywhere | Reach::House => vec![Test::SecretUpTo(held.clearance)],
                        Reach::Subtree => vec![Test::UnitWithin(&held.unit_path), Test::SecretUpTo(held.clearance)],
                        Reach::OwnUnit => vec![Test::UnitIs(&held.unit_path), Test::SecretUpTo(held.clearance)],
                        Reach::Desk => vec![Test::DeskWithin(&held.unit_path), Test::SecretUpTo(held.clearance)],
                        // whoever assigned it answered for the secrecy
                        Reach::Assigned => vec![Test::AssignedTo(held.post)],
                    };
                    if spec.four_eyes {
                        tests.extend(who.person.map(Test::NotBy));
                    }
                    found.push(Clause { post: Some(held.post), tests });
                }
            }
        }
    }
    found
}

impl Test<'_> {
    fn holds(&self, s: &Standing<'_>) -> bool {
        match self {
            Test::UnitWithin(path) => within(s.unit_path, path),
            Test::UnitIs(path) => s.unit_path == *path,
            Test::DeskWithin(path) => s.desk_path.is_some_and(|desk| within(desk, path)),
            Test::AssignedTo(post) => s.assignee == Some(*post),
            Test::OwnedBy(account) => s.owner == Some(*account),
            Test::NotBy(person) => s.author != Some(*person),
            Test::SecretUpTo(clearance) => s.secrecy <= *clearance,
        }
    }

    fn sql(&self, c: &Columns) -> Asked {
        let col = |name: &'static str| Expr::col((c.table, name));
        let of = |column: Option<&'static str>, test: &dyn Fn(Expr) -> Condition| {
            column.map_or(Asked::Never, |name| Asked::If(test(col(name))))
        };
        match self {
            Test::UnitWithin(path) => within_sql(col(c.unit_path), path),
            Test::UnitIs(path) => Asked::If(Cond::all().add(col(c.unit_path).eq(*path))),
            Test::DeskWithin(path) => c.desk_path.map_or(Asked::Never, |desk| within_sql(col(desk), path)),
            Test::AssignedTo(post) => of(c.assignee, &|a| Cond::all().add(a.eq(post.0))),
            Test::OwnedBy(account) => of(c.owner, &|o| Cond::all().add(o.eq(*account))),
            Test::NotBy(person) => {
                c.author.map_or(Asked::Always, |a| Asked::If(Cond::any().add(col(a).is_null()).add(col(a).ne(person.0))))
            }
            Test::SecretUpTo(clearance) => {
                c.secrecy.map_or(Asked::Always, |s| Asked::If(Cond::all().add(col(s).lte(clearance.level()))))
            }
        }
    }
}

/// Whether `path` is `top` or below it. Paths begin and end with `/`, so a prefix is a subtree.
pub fn within(path: &str, top: &str) -> bool {
    !top.is_empty() && path.starts_with(top)
}

/// Whether a path is that of the root unit (or of the program itself, above it).
fn is_root(path: &str) -> bool {
    path.matches('/').count() <= 2
}

/// A range instead of LIKE: both engines walk the index, and no sign in a path can be taken for a pattern. `0` follows `/`.
fn within_sql(column: Expr, top: &str) -> Asked {
    match top.strip_suffix('/') {
        Some(stem) => Asked::If(Cond::all().add(column.clone().gte(top)).add(column.lt(format!("{stem}0")))),
        None => Asked::Never,
    }
}
