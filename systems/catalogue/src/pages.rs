//! Public pages: find a procedure, read it. The numbers on them are counted, or not there.

pub mod home;
pub mod procedure;
pub mod search;
mod words;

use crate::Finder;
use axum::Extension;
use std::sync::Arc;
use web::{Door, Routes};

/// Addresses of the public pages.
pub(crate) fn routes(finder: Arc<Finder>) -> Routes {
    Routes::new()
        .get("/", Door::Public, home::show)
        .get("/tim", Door::Public, search::show)
        .get("/thu-tuc", Door::Public, search::fields)
        .get("/viec/{event}", Door::Public, home::event)
        .get("/thu-tuc/{code}", Door::Public, procedure::show)
        .with(|router| router.layer(Extension(finder)))
}
