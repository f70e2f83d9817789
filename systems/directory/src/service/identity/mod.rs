//! Signing in through a provider of identities:
//!
//! - asking: [`begin`] asks, [`answer`] believes or refuses;
//! - citizens: [`citizen_arrives`] finds the account of a person or an organisation, or opens one;
//! - officers: [`officer_arrives`] finds the officer; nobody is ever made;
//! - sessions: [`keep_session`] remembers what a session is at the provider, so that [`leave`], [`ordered_out`] and [`seen_out`] can end it;
//! - keeping: administrators keep providers, and link identities by hand.
//!
//! Accounts are found by (issuer, subject). What is believed, and which identities are one person, is judged in [`crate::identity`].
mod asking;
mod citizens;
mod keeping;
mod officers;
mod sessions;

use store::{By, Db};
use uuid::Uuid;
use web::House;

use super::sign_in::Place;
use crate::{
    Error,
    identity::{Refused, client::Providers, provider::Provider},
    sql::{credentials::Tried, identity::Linked},
};

pub use crate::identity::{answer::Said, provider::Addresses};
pub use asking::{Arrived, answer, begin, turned_away};
pub use citizens::{Came, citizen_arrives};
pub use keeping::{all, keep_provider, link_by_hand, must_keep, provider, refusals, unlink};
pub use officers::officer_arrives;
pub use sessions::{came_in, keep_session, keep_waiting, leave, ordered_out, seen_out, way_out};

/// Why nobody came in.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    /// The answer is not believed, or leads to nobody.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Something else.
    #[error(transparent)]
    Error(#[from] Error),
}

impl From<store::Error> for Stop {
    fn from(error: store::Error) -> Self {
        Stop::Error(error.into())
    }
}

/// One exchange with a provider: through which lines, in the name of which house, by whom and when.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    db: &'a Db,
    house: &'a str,
    providers: &'a Providers,
    provider: &'a Provider,
    by: By,
}

impl<'a> Exchange<'a> {
    /// Of this house with this provider.
    pub fn of(house: &'a House, providers: &'a Providers, provider: &'a Provider, by: By) -> Exchange<'a> {
        Exchange { db: &house.db, house: &house.settings.address, providers, provider, by }
    }

    fn must_be_on(&self) -> Result<(), Refused> {
        if self.provider.active { Ok(()) } else { Err(Refused::Off) }
    }

    fn addresses(&self) -> Addresses {
        Addresses::of(self.house, self.provider)
    }
}

/// One line of the history of sign-ins by a provider.
fn line(by: &By, provider: &Provider, subject: Option<Uuid>, outcome: &str, place: &Place, level: Option<String>) -> Tried {
    Tried {
        id: by.id("sign in by a provider", 0),
        realm: provider.realm.code().to_owned(),
        subject,
        at: by.now,
        outcome: outcome.to_owned(),
        network: place.network.clone(),
        device: place.device.map(|d| d.id),
        known_device: false,
        agent: place.agent.chars().take(200).collect(),
        provider: Some(provider.key.clone()),
        level,
        detail: None,
    }
}

/// An identity that belongs to this account from now on, not used yet.
fn belonging(by: &By, provider: &Provider, sub: &str, subject: Uuid, how: &'static str) -> Linked {
    Linked {
        issuer: provider.issuer.clone(),
        sub: sub.to_owned(),
        acts_for: String::new(),
        subject,
        provider: provider.key.clone(),
        level: None,
        how: how.to_owned(),
        linked_at: by.now,
        last_at: None,
    }
}
