//! The administrator's screens for the machine itself: state, settings, backup, restore, jobs, parked events.
//!
//! They are for administrators of the whole house: who keeps a commune does not carry the province's data home.
mod backup;
mod page;
mod restore;

use crate::config::Config;
use axum::{Extension, extract::DefaultBodyLimit};
use directory::{Act, ActSpec, Columns, Grant, Reach, Role, Standing, Thing};
use std::sync::Arc;
use web::{Door, Link, Room, Routes};

pub use restore::{ASKED, put_in_place};

/// The machine that everything runs on: it belongs to the house as a whole.
#[derive(Debug)]
pub struct Machine;

impl Thing for Machine {
    fn standing(&self) -> Standing<'_> {
        Standing::default()
    }
    const COLUMNS: Columns = Columns::of("program_note", "name");
}

/// Keeps the machine.
#[derive(Debug)]
pub enum Keep {}

impl Act for Keep {
    type On = Machine;
    const SPEC: ActSpec = ActSpec {
        name: "motcua.keep",
        title: "Trông coi hệ thống",
        grants: &[Grant::to(Role::Administrator, Reach::House)],
        ..ActSpec::NOBODY
    };
}

directory::acts!(&[Keep::SPEC]);

web::catalogue!("../../i18n/en.toml");

/// Where the page stands.
pub const PAGE: &str = "/quan-tri/he-thong";

/// The program's own room.
pub fn room(config: &Config) -> Room {
    let door = Door::Officer(Keep::SPEC.name);
    let pages = Routes::new()
        .get(PAGE, door, page::show)
        .post("/quan-tri/he-thong/sao-luu", door, backup::begin)
        .get("/quan-tri/he-thong/sao-luu/{name}", door, backup::download)
        .post("/quan-tri/he-thong/khoi-phuc", door, restore::upload)
        .post("/quan-tri/he-thong/khoi-phuc/thay", door, restore::confirm)
        .post("/quan-tri/he-thong/khoi-phuc/bo", door, restore::drop_waiting)
        .post("/quan-tri/he-thong/nghe-lai", door, page::tell_again)
        .with(|router| router.layer(Extension(Arc::new(config.clone()))).layer(DefaultBodyLimit::disable()));
    Room::new("motcua")
        .migrations(crate::rooms::MIGRATIONS)
        .pages(pages)
        .job(store::hand(backup::Keeper { data: config.data.clone() }))
        .link(Link::admin(PAGE, "Hệ thống", "gear").act(Keep::SPEC.name).order(90))
}
