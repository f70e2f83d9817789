//! Units through time, people, posts and roles, sign-in, and the policy: who may do what, on which thing.
//!
//! - A **unit** has a place in a tree (`path`), a kind, an agency code and validity; names outlive units ([`unit`]).
//! - A **person** holds **posts**; a post is one unit, some roles, from–to. A seconded officer's desk post counts only while the post at
//!   home lasts too ([`person`]).
//! - An [`Actor`] is whoever acts now, with the posts in force. The [`policy`] decides one case ([`allow`]) and selects a list
//!   ([`filter`]) from one description.
//!
//! # How to add an act
//!
//! ```
//! use directory::{Act, ActSpec, Columns, Grant, PostId, Reach, Role, Standing, Thing};
//!
//! struct Dossier { unit_path: String, desk_path: String, assignee: Option<PostId> }
//! impl Thing for Dossier {
//!     fn standing(&self) -> Standing<'_> {
//!         Standing { unit_path: &self.unit_path, desk_path: Some(&self.desk_path), assignee: self.assignee, ..Default::default() }
//!     }
//!     const COLUMNS: Columns =
//!         Columns { desk_path: Some("desk_path"), assignee: Some("assignee"), ..Columns::of("dossier", "unit_path") };
//! }
//!
//! /// Accepts at a desk.
//! enum Accept {}
//! impl Act for Accept {
//!     type On = Dossier;
//!     const SPEC: ActSpec = ActSpec {
//!         name: "onestop.accept",
//!         title: "Tiếp nhận hồ sơ",
//!         grants: &[Grant::to(Role::DeskOfficer, Reach::Desk), Grant::to(Role::DeskHead, Reach::Desk)],
//!         ..ActSpec::NOBODY
//!     };
//! }
//! ```
//!
//! Load the thing, then `allow::<Accept>(&cx.who, dossier)?`: functions that do the act take `&For<Accept>`. Lists add
//! `filter::<Accept>(&cx.who)` to their query. Name the act at the door of the route, and write who may and who may not in
//! `tests/accept_rights.rs`.
//!
//! # How to add a role
//!
//! Add a variant to [`Role`] (its word in data and its title), give it to acts as grants; the administrator's screen and the import offer it
//! at once. A role says nothing by itself: what it may do stands in the acts.
mod actor;
mod event;
mod ids;
mod objection;
pub mod person;
pub mod policy;
pub mod secret;
pub mod unit;

pub use actor::{Actor, Held, Realm, Role, Subject, UnknownRole};
pub use event::Event;
pub use ids::{CitizenAccountId, PersonId, PostId, UnitId};
pub use objection::Objection;
pub use person::{NewPerson, NewPost, Person, Post};
pub use policy::{
    Act, ActSpec, Columns, Denied, For, Grant, Reach, Secrecy, Standing, Thing, allow, filter, may, may_somewhere, within,
};
pub use unit::{NewUnit, Unit, UnitKind};
