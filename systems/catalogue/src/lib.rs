//! Procedures as versioned packages; authority by date.
//!
//! Vocabulary: a *record* is what an outside source says about a procedure; a *package* is everything a province decides about it; a
//! *version* is a package published once, for ever; the *list* says what can be filed here (OS-08). Records become packages by rules that invent
//! nothing: what they leave open stays open until a named person *settles* it. What people wrote stands before what was imported.
//!
//! | module | what it holds |
//! |---|---|
//! | [`package`] [`record`] | pure: packages and their checks; records and the rules that turn them into packages |
//! | [`search`] | pure: from what a person types to the right procedure |
//! | [`decide`] | pure: the law of what may be published, settled and listed |
//! | [`version`](current) | reads that other systems ask: [`frozen`], [`current`], [`listed`] |
//! | [`service`] | acts: publish, settle a term, change the list; the index of this process |
//! | [`import`] | a file of records, staged in chunks and switched over at once |
//!
//! # How to add an act
//!
//! 1. `acts.rs`: its rights. 2. `decide.rs`: its rule. 3. `event.rs`: what happened, with a frozen sample in `tests/samples/`. `service/`: load for
//!    the act → rule → rows and event, one file per act. 4. a page and an API route that call it. 5. `tests/`: a module named after the act, its rights beside it.

pub mod acts;
mod api;
pub mod decide;
mod error;
mod event;
pub mod import;
mod list;
pub mod package;
pub mod pages;
pub mod performance;
pub mod record;
pub mod search;
pub mod service;
mod sql;
mod version;

pub use decide::{NewListing, Settle, WHOLE};
pub use error::{Error, Objection};
pub use event::CatalogueEvent;
pub use list::{OnList, on_list};
pub use service::{Finder, publish, publish_written, put_listing, put_on_list, settle_term, take_off_list};
pub use sql::procedures::{Figures, Line, Wanted, fields, figures, page};
pub use version::{
    Listing, Origin, ReceivedAt, UnknownWord, Version, VersionId, current, frozen, frozen_all, listed, listed_all, receivable,
};

/// Tables of this system.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration { number: 1, name: "versions", sql: include_str!("../migrations/0001_versions.sql") },
    store::Migration { number: 2, name: "half_days", sql: include_str!("../migrations/0002_half_days.sql") },
    store::Migration { number: 3, name: "listings", sql: include_str!("../migrations/0003_listings.sql") },
];

/// The catalogue as one value; `finder` is the index of this process, which other rooms may ask too; `performance` counts dossiers for
/// the front page, where there is a room that keeps them.
pub fn room(finder: std::sync::Arc<Finder>, performance: Option<std::sync::Arc<dyn performance::Performance>>) -> web::Room {
    web::Room::new("catalogue")
        .migrations(MIGRATIONS)
        .pages(pages::routes(finder.clone(), performance))
        .api(api::api(finder))
        .job(store::hand(import::Importer))
        .link(web::Link::citizen("/thu-tuc", "Các thủ tục", "book").order(5))
        .link(
            web::Link::admin("/quan-tri/thu-tuc", "Danh mục thủ tục", "book")
                .act(<acts::Read as directory::Act>::SPEC.name)
                .order(40),
        )
}

web::catalogue!("../i18n/en.toml");
