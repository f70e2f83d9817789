//! Messages to people: templates in two languages, the queue, the channel e-mail, and how far each message got.
//!
//! A system declares its [`Template`](template::Template)s, announces them with [`templates!`], and calls [`tell`] inside its own unit of
//! work: the message leaves after the commit, or never, in the language its recipient wants ([`Wishes`]). [`postman`] takes queued messages to the mail server, with retries that grow to an
//! hour; without a mail server they wait, the administrators' page shows them and the health check says so.
//!
//! # How to add a message
//!
//! 1. A `static` [`Template`](template::Template) with its merge fields (each with an example), in Vietnamese and English.
//! 2. Put it into the list given to [`templates!`]: administrators can then read, preview and change its text.
//! 3. `tell(tx, &cx.by, &Notice { template: &MINE, … })` where the thing happens.
//!
//! # How to add a channel
//!
//! A job like [`Deliver`] with its own [`store::Work`], and a state of its own per message: the sender's call stays the same.
mod api;
mod health;
mod mail;
mod message;
mod pages;
mod postman;
mod sql;
pub mod template;
mod wishes;

use std::sync::Arc;

pub use mail::{Mail, MailError, Sender, Tls};
pub use message::{Deliver, Error, Notice, State, tell};
pub use postman::Postman;
pub use sql::{About, about as told_about, set_wishes, wishes};
pub use wishes::Wishes;

#[doc(hidden)]
pub use directory::linkme;

web::catalogue!("../i18n/en.toml");

/// The templates of every room, for the administrators' page. A room adds its own with [`templates!`].
#[linkme::distributed_slice]
#[linkme(crate = directory::linkme)]
#[allow(unsafe_code)] // the registry is a section of the program; nothing of ours is unsafe
pub static TEMPLATES: [&'static [&'static template::Template]];

/// `notices::templates!(ALL);` announces the templates of a room: `ALL` is a `&'static [&'static Template]`.
#[macro_export]
macro_rules! templates {
    ($all:expr) => {
        #[$crate::linkme::distributed_slice($crate::TEMPLATES)]
        #[linkme(crate = $crate::linkme)]
        #[allow(missing_docs, unsafe_code)]
        static TEMPLATES_OF_THIS_ROOM: &[&$crate::template::Template] = $all;
    };
}

/// Every template that was announced.
pub fn templates() -> impl Iterator<Item = &'static template::Template> {
    TEMPLATES.iter().flat_map(|room| room.iter().copied())
}

/// Tables of this system.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration { number: 1, name: "messages", sql: include_str!("../migrations/0001_messages.sql") },
    store::Migration { number: 2, name: "delivery", sql: include_str!("../migrations/0002_delivery.sql") },
    store::Migration { number: 3, name: "wishes", sql: include_str!("../migrations/0003_wishes.sql") },
];

/// The notices as one value. The program adds [`postman`] when a mail server is configured.
pub fn room() -> web::Room {
    web::Room::new("notices")
        .migrations(MIGRATIONS)
        .pages(pages::routes())
        .api(api::api())
        .link(web::Link::account(pages::WISHES, "Thư báo: ngôn ngữ, nhận hay không", "mail"))
        .link(web::Link::admin("/quan-tri/tin-nhan", "Thư gửi đi", "mail").act(pages::ReadMessages::SPEC.name).order(60))
        .health(web::Health { name: "mail", title: "Thư gửi đi", ask: health::ask })
}

use directory::Act as _;

/// Who takes queued messages to the mail server; without it they wait.
pub fn postman(mail: &Mail) -> Result<Arc<dyn store::Hand>, MailError> {
    Ok(store::hand(Postman(Sender::new(mail)?)))
}
