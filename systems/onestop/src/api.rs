//! JSON for programs: every step of a dossier. Each call becomes the same command as the page's.
//!
//! Calls that change something take `Idempotency-Key`; the same key again gives the same answer and changes nothing.

mod citizens;
mod counter;
mod officers;
mod views;

use crate::acts;
use axum::extract::DefaultBodyLimit;
use directory::Act;
use web::{ApiRoutes, Door, routes};

/// Largest call with its file, in bytes.
const MAX_CALL: usize = 32 * 1024 * 1024;

const fn officer<A: Act>() -> Door {
    Door::Officer(A::SPEC.name)
}

/// Addresses of this room under `/api/v1`.
pub fn api() -> ApiRoutes {
    ApiRoutes::new()
        .add(Door::Public, routes!(citizens::track))
        .add(Door::Citizen, routes!(citizens::start))
        .add(Door::Citizen, routes!(citizens::draft, citizens::fill))
        .add(Door::Citizen, routes!(citizens::attach))
        .add(Door::Citizen, routes!(citizens::submit))
        .add(Door::Citizen, routes!(citizens::mine))
        .add(Door::Citizen, routes!(citizens::own))
        .add(Door::Citizen, routes!(citizens::file))
        .add(Door::Citizen, routes!(citizens::paper))
        .add(Door::Citizen, routes!(citizens::supplement))
        .add(Door::Citizen, routes!(citizens::rate))
        .add(officer::<acts::List>(), routes!(officers::list))
        .add(officer::<acts::See>(), routes!(officers::see))
        .add(officer::<acts::See>(), routes!(officers::file))
        .add(officer::<acts::See>(), routes!(officers::paper))
        .add(officer::<acts::Handle>(), routes!(officers::add_file))
        .add(officer::<acts::Issue>(), routes!(officers::issue_file))
        .add(officer::<acts::Accept>(), routes!(officers::check_paper))
        .add(officer::<acts::Accept>(), routes!(officers::accept))
        .add(officer::<acts::RequestSupplement>(), routes!(officers::request_supplement))
        .add(officer::<acts::ReceiveSupplement>(), routes!(officers::receive_supplement))
        .add(officer::<acts::DetermineCompetence>(), routes!(officers::determine_competence))
        .add(officer::<acts::Handle>(), routes!(officers::claim))
        .add(officer::<acts::Release>(), routes!(officers::release))
        .add(officer::<acts::Handle>(), routes!(officers::add_note))
        .add(officer::<acts::Handle>(), routes!(officers::pass_on))
        .add(officer::<acts::Handle>(), routes!(officers::send_back))
        .add(officer::<acts::Resolve>(), routes!(officers::approve))
        .add(officer::<acts::Resolve>(), routes!(officers::reject))
        .add(officer::<acts::Issue>(), routes!(officers::issue))
        .add(officer::<acts::ReturnResult>(), routes!(officers::return_result))
        .add(officer::<acts::Receive>(), routes!(counter::waiting))
        .add(officer::<acts::Receive>(), routes!(counter::see, counter::keep, counter::discard))
        .add(officer::<acts::Receive>(), routes!(counter::receive))
        .add(officer::<acts::Receive>(), routes!(counter::park))
        .add(officer::<acts::Receive>(), routes!(counter::take_up))
        .with(|router| router.layer(DefaultBodyLimit::max(MAX_CALL)))
}
