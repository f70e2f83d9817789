//! People and the posts they hold. Pure.
use base::Moment;
use serde::Serialize;

use crate::{Columns, Objection, PersonId, PostId, Role, Secrecy, Standing, Thing, Unit, UnitId};

/// Somebody who works for the province.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    /// The person.
    pub id: PersonId,
    /// Name as typed.
    pub name: String,
    /// The name they sign in with: lower case, no accents, unique for ever.
    pub login: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Came.
    pub valid_from: Moment,
    /// Left.
    pub valid_to: Option<Moment>,
    /// The unit that keeps the person's file.
    pub unit: UnitId,
    /// Its path.
    pub unit_path: String,
    /// Version of the stream.
    #[serde(skip)]
    pub version: i64,
}

impl Thing for Person {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: &self.unit_path, ..Standing::default() }
    }
    const COLUMNS: Columns = Columns::of("person", "unit_path");
}

/// A person to be added.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// Name as typed.
    pub name: String,
    /// The name they sign in with.
    pub login: String,
    /// Where notices go.
    pub email: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// The unit that keeps the person's file.
    pub unit: UnitId,
}

/// A post: one person in one unit with some roles for some time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Post {
    /// The post.
    pub id: PostId,
    /// Its holder.
    pub person: PersonId,
    /// Its unit.
    pub unit: UnitId,
    /// Path of the unit.
    pub unit_path: String,
    /// Name of the unit today.
    pub unit_name: String,
    /// Name of the post ("Chuyên viên").
    pub title: String,
    /// What it lets the holder do.
    pub roles: Vec<Role>,
    /// How secret a thing it may see.
    pub clearance: Secrecy,
    /// For a seconded officer: the post at home, without which this one gives no rights (OS-04).
    pub home: Option<PostId>,
    /// Begins.
    pub from: Moment,
    /// Ends (first instant without rights).
    pub to: Option<Moment>,
}

impl Thing for Post {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: &self.unit_path, ..Standing::default() }
    }
    const COLUMNS: Columns = Columns::of("unit", "path");
}

/// A post to be given.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// Holder.
    pub person: PersonId,
    /// Unit.
    pub unit: UnitId,
    /// Name of the post.
    pub title: String,
    /// What it lets the holder do.
    pub roles: Vec<Role>,
    /// How secret a thing it may see.
    pub clearance: Secrecy,
    /// For a seconded officer: the post at home.
    pub home: Option<PostId>,
    /// Begins.
    pub from: Moment,
    /// Ends, when known.
    pub to: Option<Moment>,
}

/// The law of posts.
pub mod decide {
    use super::*;

    /// A post has at least one role, a span that is not empty, and a unit that exists when it begins. The home post of a seconded
    /// officer belongs to the same person and to another unit. An auditor comes for an inspection, and inspections end.
    pub fn give(new: &NewPost, unit: &Unit, home: Option<&Post>) -> Result<(), Objection> {
        if new.roles.is_empty() {
            return Err(Objection::NoRole);
        }
        if new.to.is_some_and(|to| to <= new.from) {
            return Err(Objection::Backwards);
        }
        if new.roles.contains(&Role::Auditor) && new.to.is_none_or(|to| to > longest_audit(new.from)) {
            return Err(Objection::AuditWithoutEnd);
        }
        if !unit.in_force(new.from) {
            return Err(Objection::UnitNotInForce { name: unit.name.clone() });
        }
        match home {
            Some(home) if home.person != new.person || home.unit == new.unit => Err(Objection::NotAHomePost),
            _ => Ok(()),
        }
    }

    /// The latest end of an auditor's post that begins now: the same day a year later, whole.
    pub fn longest_audit(from: Moment) -> Moment {
        from.plus(jiff::SignedDuration::from_hours(24 * 367))
    }

    /// The end of a post for which none is asked: an auditor's has one all the same, the latest there may be.
    pub fn usual_end(roles: &[Role], from: Moment) -> Option<Moment> {
        roles.contains(&Role::Auditor).then(|| longest_audit(from))
    }

    /// A post ends once. An end in the past would undo rights that were used: it ends now at the earliest.
    pub fn end(post: &Post, at: Moment, now: Moment) -> Result<(), Objection> {
        if post.to.is_some_and(|to| to <= now) {
            return Err(Objection::PostEnded);
        }
        if at < now { Err(Objection::Backwards) } else { Ok(()) }
    }
}
