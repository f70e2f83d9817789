//! Public pages: find a procedure, read it. The numbers on them are counted, or not there. And the screens of the catalogue's editors.

pub mod editor;
mod form;
pub mod home;
pub(crate) mod import;
mod lately;
pub mod near;
pub mod procedure;
pub mod search;
mod words;

use crate::performance::Performance;
use crate::{Finder, acts};
use axum::Extension;
use axum::extract::DefaultBodyLimit;
use directory::Act;
use std::sync::Arc;
use web::{Door, Routes};

/// Addresses of the public pages.
pub(crate) fn routes(finder: Arc<Finder>, performance: Option<Arc<dyn Performance>>) -> Routes {
    Routes::new()
        .get("/", Door::Public, home::show)
        .get("/tim", Door::Public, search::show)
        .get("/thu-tuc", Door::Public, search::fields)
        .get("/viec/{event}", Door::Public, home::event)
        .get("/thu-tuc/{code}", Door::Public, procedure::show)
        .and(editors())
        .with(|router| router.layer(Extension(finder)).layer(Extension(performance)))
}

/// The editors' screens.
fn editors() -> Routes {
    const fn act<A: Act>() -> Door {
        Door::Officer(A::SPEC.name)
    }
    let importing = Routes::new()
        .get("/quan-tri/thu-tuc/nhap", act::<acts::Import>(), import::show)
        .post("/quan-tri/thu-tuc/nhap", act::<acts::Import>(), import::send)
        .with(|router| router.layer(DefaultBodyLimit::max(crate::api::MOST_CALL)));
    Routes::new()
        .get("/quan-tri/thu-tuc", act::<acts::Read>(), editor::list::show)
        .get("/quan-tri/thu-tuc/{code}", act::<acts::Read>(), editor::one::show)
        .post("/quan-tri/thu-tuc/{code}/thoi-han", act::<acts::SettleTerm>(), editor::one::settle)
        .post("/quan-tri/thu-tuc/{code}/danh-muc", act::<acts::ChangeList>(), editor::one::put_on_list)
        .post("/quan-tri/thu-tuc/{code}/bo-danh-muc", act::<acts::ChangeList>(), editor::one::take_off_list)
        .get("/quan-tri/thu-tuc/nhap/{id}", act::<acts::Import>(), import::progress)
        .post("/quan-tri/thu-tuc/nhap/{id}/dung", act::<acts::Import>(), import::stop)
        .get("/quan-tri/thu-tuc/nhap/{id}/loi.csv", act::<acts::Import>(), import::faults)
        .get("/quan-tri/thu-tuc/mau/{file}", act::<acts::Import>(), import::template)
        .and(importing)
}
