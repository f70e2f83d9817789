//! JSON for programs: every step of a dossier. Each call becomes the same command as the page's.
//!
//! Calls that change something take `Idempotency-Key`; the same key again gives the same answer and changes nothing.

mod addresses;
mod citizens;
mod counter;
mod holder;
mod officers;
mod views;

use crate::acts;
use crate::service::Error;
use axum::Json;
use axum::extract::DefaultBodyLimit;
use directory::Act;
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use store::Write;
use web::{ApiRoutes, Door, House, Once, Problem, routes};

/// Largest call with its file, in bytes.
const MAX_CALL: usize = 32 * 1024 * 1024;

const fn officer<A: Act>() -> Door {
    Door::Officer(A::SPEC.name)
}

/// Does something once and answers with what came of it; asked again with the same key, the same answer.
async fn once_json<T, B, F>(once: &Once, house: &House, body: &B, work: F) -> Result<Json<T>, Problem>
where
    T: Serialize + DeserializeOwned,
    B: Serialize,
    F: AsyncFn(&Write<'_>) -> Result<T, Error> + Send + 'static,
{
    let answer = once.run(house, body, async move |tx: &Write<'_>| Ok::<_, Error>(serde_json::to_string(&work(tx).await?)?));
    serde_json::from_str(&answer.await?).map(Json).map_err(|e| Problem::ours(e.to_string()))
}

/// The same for what has nothing to answer.
async fn once_done<B, F>(once: &Once, house: &House, body: &B, work: F) -> Result<StatusCode, Problem>
where
    B: Serialize,
    F: AsyncFn(&Write<'_>) -> Result<(), Error> + Send + 'static,
{
    once.run(house, body, async move |tx: &Write<'_>| work(tx).await.map(|()| String::new())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Addresses of this room under `/api/v1`.
pub fn api() -> ApiRoutes {
    ApiRoutes::new()
        .add(Door::Public, routes!(addresses::today))
        .add(Door::Public, routes!(citizens::track))
        .add(Door::Public, routes!(citizens::prove))
        .add(Door::Citizen, routes!(citizens::start))
        .add(Door::Citizen, routes!(citizens::draft, citizens::fill, citizens::discard))
        .add(Door::Citizen, routes!(citizens::drafts))
        .add(Door::Citizen, routes!(citizens::detach))
        .add(Door::Citizen, routes!(citizens::submit))
        .add(Door::Citizen, routes!(citizens::mine))
        .add(Door::Citizen, routes!(citizens::own))
        .add(Door::Citizen, routes!(citizens::file))
        .add(Door::Citizen, routes!(citizens::paper))
        .add(Door::Citizen, routes!(citizens::rate))
        .add(officer::<acts::List>(), routes!(officers::list))
        .add(officer::<acts::See>(), routes!(officers::see))
        .add(officer::<acts::See>(), routes!(officers::file))
        .add(officer::<acts::See>(), routes!(officers::paper))
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
        .add(officer::<acts::Receive>(), routes!(counter::go_on))
        .add(officer::<acts::Receive>(), routes!(counter::end_visit))
        .and(with_files())
}

/// Calls that carry files. All others have the limit of forms.
fn with_files() -> ApiRoutes {
    ApiRoutes::new()
        .add(Door::Citizen, routes!(citizens::attach))
        .add(Door::Citizen, routes!(citizens::supplement))
        .add(officer::<acts::Handle>(), routes!(officers::add_file))
        .add(officer::<acts::Issue>(), routes!(officers::issue_file))
        .with(|router| router.layer(DefaultBodyLimit::max(MAX_CALL)))
}
