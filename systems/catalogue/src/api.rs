//! JSON for programs: find and read procedures, the Chairman's list, open terms, imports. Each call becomes the same command as the page's.
//!
//! Reading what is in force needs no sign-in. Calls that change something take `Idempotency-Key`; the same key again gives the same
//! answer and changes nothing.

mod editors;
mod imports;
mod public;
mod views;

use std::sync::Arc;

use axum::Extension;
use axum::extract::DefaultBodyLimit;
use directory::Act;
use web::{ApiRoutes, Door, routes};

use crate::{Finder, acts, import};

/// Most bytes of a call: the largest file, and the form around it.
pub(crate) const MOST_CALL: usize = import::MOST_BYTES as usize + (1 << 20);

const fn officer<A: Act>() -> Door {
    Door::Officer(A::SPEC.name)
}

/// Addresses of this room under `/api/v1`.
pub(crate) fn api(finder: Arc<Finder>) -> ApiRoutes {
    ApiRoutes::new()
        .add(Door::Public, routes!(public::procedures))
        .add(Door::Public, routes!(public::procedure))
        .add(Door::Public, routes!(public::version))
        .add(Door::Public, routes!(public::fields))
        .add(Door::Public, routes!(public::list))
        .add(officer::<acts::Read>(), routes!(editors::open_terms))
        .add(officer::<acts::SettleTerm>(), routes!(editors::settle))
        .add(officer::<acts::ChangeList>(), routes!(editors::put_on_list, editors::take_off_list))
        .add(officer::<acts::Import>(), routes!(imports::progress))
        .add(officer::<acts::Import>(), routes!(imports::unreadable))
        .add(officer::<acts::Import>(), routes!(imports::stop))
        .with(|router| router.layer(Extension(finder)))
        .and(with_files())
}

/// The call that carries a file, beside what else its address answers. All others have the limit of forms.
fn with_files() -> ApiRoutes {
    ApiRoutes::new()
        .add(officer::<acts::Import>(), routes!(imports::order, imports::latest))
        .with(|router| router.layer(DefaultBodyLimit::max(MOST_CALL)))
}
