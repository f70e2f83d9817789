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
//! `tests/accept_rights.rs`. Announce the acts of a room once with `directory::acts!(ALL)`, so that menus and tests know them.
//!
//! # How to add a role
//!
//! Add a variant to [`Role`] (its word in data and its title), give it to acts as grants; the administrator's screen and the import offer it
//! at once. A role says nothing by itself: what it may do stands in the acts.
mod actor;
pub mod acts;
mod api;
mod cx;
mod error;
mod event;
mod extract;
pub mod identity;
mod ids;
mod lookup;
mod objection;
mod pages;
pub mod person;
pub mod policy;
pub mod secret;
pub mod service;
mod sql;
pub mod time;
pub mod unit;

pub use actor::{Actor, Held, Role, UnknownRole};
pub use cx::{Cx, SignIn};
pub use error::Error;
pub use event::DirectoryEvent;
pub use extract::{AtDoor, CameFrom, Citizen, Elsewhere, OfficerDesk, Visitor, no_citizen};
pub use identity::client::SignInSettings;
pub use ids::{CitizenAccountId, PersonId, PostId, UnitId};
#[doc(hidden)]
pub use linkme;
pub use lookup::*;
pub use objection::Objection;
pub use person::decide::{longest_audit, usual_end};
pub use person::{NewPerson, NewPost, Person, Post};
pub use policy::{
    Act, ActSpec, Columns, Denied, For, Grant, Reach, Secrecy, Standing, Thing, allow, condition, filter, may, may_somewhere,
    within,
};
pub use service::citizens::{NewCitizen, register};
pub use service::people::{Hashed, add_person, add_post, change_person, end_post, hash_password, person_leaves, set_password};
pub use service::reads::{
    About, Look, LookedAt, LooksAsked, busiest_hours, busy_hours, evidence, look, looked_at_by, looked_since, looks,
    read_recorded, search_recorded, who_looked_at_owner, who_looked_at_thing,
};
pub use service::time::{decide_counting, decide_year};
pub use service::units::{add_unit, close_unit, detail_unit, rename_unit, set_hours};
pub use time::WorkTime;
pub use unit::{Details, HoursFrom, NewUnit, Unit, UnitKind};
pub use web::{Realm, Subject};

web::catalogue!("../i18n/en.toml");

/// Tables of this system.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration { number: 1, name: "units", sql: include_str!("../migrations/0001_units.sql") },
    store::Migration { number: 2, name: "people", sql: include_str!("../migrations/0002_people.sql") },
    store::Migration { number: 3, name: "sign_in", sql: include_str!("../migrations/0003_sign_in.sql") },
    store::Migration { number: 4, name: "reads", sql: include_str!("../migrations/0004_reads.sql") },
    store::Migration { number: 5, name: "time", sql: include_str!("../migrations/0005_time.sql") },
    store::Migration { number: 6, name: "hours", sql: include_str!("../migrations/0006_hours.sql") },
    store::Migration { number: 7, name: "reads_as_evidence", sql: include_str!("../migrations/0007_reads_as_evidence.sql") },
    store::Migration { number: 8, name: "identity", sql: include_str!("../migrations/0008_identity.sql") },
    store::Migration { number: 9, name: "codes_through_time", sql: include_str!("../migrations/0009_codes_through_time.sql") },
];

/// The directory as one value, with the settings of signing in as they come.
pub fn room() -> web::Room {
    room_with(SignInSettings::default())
}

/// The directory with these settings of signing in.
pub fn room_with(settings: SignInSettings) -> web::Room {
    use web::{Link, Place, Room};
    let providers = axum::Extension(identity::client::Providers::new(settings));
    let (of_pages, of_api) = (providers.clone(), providers);
    Room::new("directory")
        .migrations(MIGRATIONS)
        .pages(pages::routes().with(|router| router.layer(of_pages)))
        .api(api::api().with(|router| router.layer(of_api)))
        .link(Link { place: Place::RailFoot, ..Link::rail("/can-bo/doi-ca", "Đổi ca", "user") })
        .link(Link::admin("/quan-tri/don-vi", "Đơn vị", "building").act(acts::ReadUnit::SPEC.name).order(10))
        .link(Link::admin("/quan-tri/nguoi", "Người và chức vụ", "users").act(acts::ReadPerson::SPEC.name).order(20))
        .link(Link::admin("/quan-tri/lich", "Lịch và cách tính hạn", "clock").act(acts::DecideTime::SPEC.name).order(25))
        .link(Link::admin("/quan-tri/danh-tinh", "Nhà cung cấp danh tính", "lock").act(acts::KeepProviders::SPEC.name).order(28))
        .link(Link::admin("/quan-tri/dang-nhap", "Lịch sử đăng nhập", "lock").act(acts::ReadSignIns::SPEC.name).order(30))
}
