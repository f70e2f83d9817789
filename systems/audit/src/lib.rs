//! Evidence: what the house can prove of itself, to somebody who does not trust it.
//!
//! - Every **day** a *bill* ([`bill`]) covers all that was written (the log of `store`) and all looks at personal data (`directory`): counts,
//!   two Merkle roots ([`merkle`]), the lists of leaves, the bill before. It stands in the log itself, and an outside authority stamps it
//!   (RFC 3161, [`service::stamp`]).
//! - [`service::verify`] walks bills, leaves, log, looks and stamps and names each thing that does not fit, and where ([`finding`]).
//!   [`service::export`] gives the same to `sha256sum` and `openssl`.
//!
//! - **Watching** ([`service::watch`]): an hour in which an officer looks at far more than on their own usual days raises an alarm; a citizen
//!   complains about a look; an auditor draws samples by a seed, opens a dossier with a reason ([`service::case`]), as it was on a date and
//!   as a complete file with proofs. What a dossier is, this system does not know: [`files::Files`] is plugged in.
//!
//! # How to cover one more table
//!
//! Its rows get a seal when they are written (a hash over every field) and, when the bill is written, its number and theirs; a list of leaves
//! and a root in [`bill::Bill`] under a new [`bill::FORMAT`]; a walk in `service::verify`; its alterations in `tests/tamper.rs`.
pub mod acts;
pub mod bill;
pub mod decide;
mod error;
mod event;
pub mod files;
pub mod finding;
mod health;
pub mod jobs;
pub mod merkle;
pub mod objection;
mod pages;
pub mod service;
mod settings;
mod sql;
mod stamp_fault;
mod sum;
pub mod watch;
mod wire;

pub use error::Error;
pub use event::{AuditEvent, bill_stream};
pub use settings::Settings;
pub use sql::bills::{BillRow, bill as bill_of, last as last_bill, state as bill_state};
pub use sum::{NoSum, Sum};

web::catalogue!("../i18n/en.toml");

/// Tables of this system.
pub const MIGRATIONS: &[store::Migration] = &[
    store::Migration { number: 1, name: "bills", sql: include_str!("../migrations/0001_bills.sql") },
    store::Migration { number: 2, name: "watch", sql: include_str!("../migrations/0002_watch.sql") },
];

/// The evidence as one value. The program adds [`jobs::hands`] and runs [`jobs::keep_billing`] beside the requests.
pub fn room(settings: &Settings, files: std::sync::Arc<dyn files::Files>) -> web::Room {
    use directory::Act as _;
    web::Room::new("audit")
        .migrations(MIGRATIONS)
        .pages(pages::routes(!settings.tsa.is_empty(), files))
        .link(web::Link::rail(pages::HOME, "Kiểm tra", "shield").act(acts::ReadEvidence::SPEC.name).order(80))
        .link(web::Link::rail(pages::ALARMS, "Cảnh báo", "flag").act(acts::CloseAlarm::SPEC.name).order(81))
        .link(web::Link::account(pages::LOOKS, "Ai đã xem dữ liệu của bạn", "shield"))
        .health(web::Health { name: "evidence", title: "Bảng kê", ask: health::ask })
}
