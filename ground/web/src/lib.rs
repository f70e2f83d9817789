//! What every page stands on: the shell, the components, sessions, CSRF, problems, uploads, words in two languages.
//!
//! # How to add a page
//!
//! 1. A struct with what it shows, its template in your crate's `templates/`, and `use web::filters;` beside it:
//!    ```ignore
//!    use askama::Template;
//!    use web::{filters, Field, Page, Problem, Visit, House};
//!
//!    #[derive(Template)]
//!    #[template(path = "track.html")]
//!    struct Track { code: Field }
//!    ```
//!    ```html
//!    <h1>{{ "Tra cứu hồ sơ"|t }}</h1>
//!    <form method="post">{{ web::csrf() }}{{ code }}{{ web::button("Xem tiến độ").primary() }}</form>
//!    ```
//! 2. A handler that returns it. The shell comes from `directory`'s extractors (`Visitor`, `Citizen`, `OfficerDesk`), or from
//!    [`Shell::citizen`] where nobody needs to be known:
//!    ```ignore
//!    async fn track(house: State<House>, visit: Visit) -> Result<Page<Track>, Problem> {
//!        Ok(Page::new(Shell::citizen(&visit, &house).title("Tra cứu hồ sơ"), Track { code: web::text("ma", "Mã hồ sơ") }))
//!    }
//!    ```
//!    After a failed send: `Page::faulty(shell, the same body with its errors)`, which answers 422.
//!    After a good one: `Ok(web::go("/ho-so/…").saying("Đã gửi {0}", &[code]))`.
//! 3. Its address and door in your room: `Routes::new().get("/tra-cuu", Door::Public, track)`.
//! 4. Its English in `i18n/en.toml`, once announced with `web::catalogue!("../i18n/en.toml")`; a test calls [`i18n::missing`].
//! 5. What the blanks of its address stand for, in `apps/motcua/tests/town.rs`: there every page is drawn, and tried by somebody who may not.
//!
//! Every sentence is Vietnamese in the code and translated when it is written: `{{ "…"|t }}`, [`words`], [`rich`], and every text given
//! to a component. Text that is not ours (names, codes) goes through [`raw`], or straight as a value.
//!
//! # How to add a component
//!
//! See [`ui`].
//!
//! # What goes where
//!
//! | module | what it holds |
//! |---|---|
//! | [`house`] [`routes`] [`server`] | the house and its rooms, addresses with their doors, everything put together |
//! | [`visit`] [`session`] [`guard`] [`parked`] | one request, who it is, whether the form is ours, what was typed |
//! | [`shell`] [`scene`] [`ui`] [`said`] | what stands around a page, how templates are drawn, components, a sentence for the next page |
//! | [`problem`] [`once`] [`upload`] [`Budget`] | errors for people and programs, the same send twice, files, how much may wait |
//! | [`i18n`] [`say`] | words in two languages, figures |

// Templates name the crate as other crates do.
extern crate self as web;

#[doc(hidden)]
pub use linkme;

mod budget;
mod cors;
mod gallery;
pub mod guard;
pub mod health;
pub mod house;
pub mod i18n;
mod network;
pub mod once;
pub mod openapi;
mod pages;
pub mod parked;
pub mod problem;
pub mod routes;
pub mod said;
pub mod say;
pub mod scene;
pub mod server;
pub mod session;
pub mod shell;
mod sql;
pub mod ui;
mod unread;
pub mod upload;
pub mod visit;

pub use budget::Budget;
pub use house::{Health, House, Link, Place, Room, Settings, Wellness};
pub use i18n::{Lang, Rich, Words, name, raw, rich, words};
pub use once::Once;
pub use problem::{FieldFault, Problem};
pub use routes::{ApiRoutes, Door, Route, Routes};
pub use said::{Go, go, local};
pub use scene::{Part, Scene, filters};
pub use server::{App, build};
pub use session::{Key, Realm, Session, Subject};
pub use shell::{Bar, NavItem, Page, Shell};
pub use ui::button::{Button, button, link_button};
pub use ui::desk::{batch, decision, holder, keys, presence, stat};
pub use ui::field::{
    Choice, DateParts, Field, area, checks, csrf, csrf_once, date, error_summary, error_summary_of, file, hidden, locked, radios,
    select, text,
};
pub use ui::file::{FileLine, FileState, files};
pub use ui::icon::{icon, icon_as, script_icons};
pub use ui::list::{Happening, Task, When, facts, steps, task_list, timeline};
pub use ui::message::{Emptiness, Kept, Toast, conflict, empty, info, long, long_done, notice, offline, saved};
pub use ui::nav::{Tab, chip, crumbs, pager, tabs};
pub use ui::qr::qr;
pub use ui::status::{Status, badge, due, tag};
pub use ui::table::{Cell, Group, Row, Sort, head, sort_head, table};
pub use utoipa_axum::routes;
pub use visit::{Theme, Visit};

use http::Method;

catalogue!("../i18n/en.toml");

/// The tables of this room.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration { number: 1, name: "sessions", sql: include_str!("../migrations/0001_sessions.sql") },
    store::Migration { number: 2, name: "budgets", sql: include_str!("../migrations/0002_budgets.sql") },
];

/// Keeps the house tidy for as long as it runs: sessions, parked posts and uploads that are over are forgotten.
pub async fn keep_tidy(house: House) {
    let mut beat = tokio::time::interval(std::time::Duration::from_secs(600));
    loop {
        beat.tick().await;
        if let Err(error) = tidy(&house).await {
            tracing::warn!(%error, "could not tidy up; the next round tries again");
        }
    }
}

/// One round of tidying; answers how much was forgotten.
pub async fn tidy(house: &House) -> Result<u64, store::Error> {
    let now = house.clock.now();
    let mut forgotten = house.db.write(async move |tx: &store::Write<'_>| session::sweep(tx, now).await).await?;
    loop {
        let some = house.db.write(async move |tx: &store::Write<'_>| upload::sweep(tx, now).await).await?;
        if some == 0 {
            return Ok(forgotten);
        }
        forgotten += some;
    }
}

/// The address of a style or script, with its hash in it.
pub(crate) fn asset(name: &str) -> &'static str {
    assets::url(name)
}

/// The address of the mark, for the browser's tab.
pub(crate) fn mark_url() -> &'static str {
    assets::url("mark.svg")
}

/// The house's own room: styles and scripts, the gallery, health, the API's document.
pub fn room() -> Room {
    let pages = Routes::new()
        .get("/health", Door::Public, health::health)
        .get("/metrics", Door::Public, health::metrics)
        .get("/.well-known/security.txt", Door::Public, pages::security_txt)
        .get("/t/{file}", Door::Public, pages::asset)
        .get("/ui", Door::Public, gallery::page)
        .get("/ui/can-bo", Door::Public, gallery::officer_page)
        .get("/ui/loi/{code}", Door::Public, pages::problem)
        .get("/giao-dien", Door::Public, pages::theme)
        .get("/con-day", Door::Public, pages::alive)
        .get("/can-bo/con-day", Door::Public, pages::alive)
        .get("/kha-nang-tiep-can", Door::Public, pages::access)
        .get("/du-lieu-cua-ban", Door::Public, pages::privacy)
        .get("/can-bo/tro-giup", Door::Public, pages::officer_help)
        .get("/giu/{id}", Door::Citizen, parked::page)
        .get("/can-bo/giu/{id}", Door::Officer(""), parked::page)
        .get("/api", Door::Public, openapi::page)
        .get("/api/openapi.json", Door::Public, openapi::json);
    let pages = [upload::ENDPOINT, upload::OFFICER_ENDPOINT].into_iter().fold(pages, |pages, at| {
        let door = if at == upload::ENDPOINT { Door::Public } else { Door::Officer("") };
        let one = format!("{at}/{{id}}");
        pages
            .other(Method::OPTIONS, at, Door::Public, upload::tus::options)
            .post(at, door, upload::tus::create)
            .other(Method::HEAD, &one, door, upload::tus::offset)
            .other(Method::PATCH, &one, door, upload::tus::piece)
            .other(Method::DELETE, &one, door, upload::tus::give_up)
    });
    Room::new("web").migrations(MIGRATIONS).pages(pages)
}
