//! The list of rooms, in floor order. Migrations, menus, addresses, listeners, jobs, `doctor` and the tests follow from it.
use crate::{admin, config::Config};
use std::sync::Arc;
use store::Migration;
use web::Room;

/// The rooms above the ground. `web` adds its own.
pub fn rooms(config: &Config) -> Vec<Room> {
    let finder = catalogue::Finder::new();
    // the front page tells how well the dossiers go; the catalogue below them cannot know
    let performance = Some(Arc::new(onestop::performance::Counted::default()) as Arc<dyn catalogue::performance::Performance>);
    vec![
        directory::room_with(config.sign_in()),
        audit::room(&config.audit, Arc::new(onestop::evidence::Dossiers)),
        notices::room(),
        catalogue::room(finder.clone(), performance),
        onestop::room(
            finder,
            onestop::service::FirstPicks(config.counter_picks.clone().into()),
            onestop::service::MostDrafts(config.citizen_drafts),
        ),
        admin::room(config),
    ]
}

/// Tables of all rooms, in the order in which they are made.
pub fn migrations() -> Vec<(&'static str, &'static [Migration])> {
    let mut all: Vec<(&'static str, &'static [Migration])> = vec![("web", web::MIGRATIONS)];
    all.extend(rooms(&Config::default()).iter().map(|room| (room.name, room.migrations)));
    all
}

/// The program's own tables.
pub(crate) const MIGRATIONS: &[Migration] =
    &[Migration { number: 1, name: "notes", sql: include_str!("../migrations/0001_notes.sql") }];
