//! Addresses, each with the door it stands behind. The list is what the rights tests walk through.

use axum::Router;
use axum::handler::Handler;
use axum::routing::{MethodFilter, on};
use http::Method;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};

use crate::house::House;

/// Who may come through. It is declared here and enforced by the handler's extractor (`directory`); a test compares the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Door {
    /// Anyone.
    Public,
    /// A citizen who has signed in.
    Citizen,
    /// An officer allowed this act; `""` for any officer who has signed in.
    Officer(&'static str),
}

/// One address, as the tests see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// GET, POST…
    pub method: Method,
    /// The path with its blanks: `/thu-tuc/{code}`.
    pub path: String,
    /// Who may come through.
    pub door: Door,
}

/// The pages of a room.
///
/// ```ignore
/// Routes::new()
///     .get("/tim", Door::Public, pages::search)
///     .post("/nop/{code}", Door::Citizen, pages::submit)
/// ```
#[derive(Default)]
pub struct Routes {
    router: Router<House>,
    list: Vec<Route>,
}

impl Routes {
    /// No addresses yet.
    pub fn new() -> Routes {
        Routes::default()
    }

    /// Adds a page that is read.
    #[must_use]
    pub fn get<H, T>(self, path: &str, door: Door, handler: H) -> Routes
    where
        H: Handler<T, House>,
        T: 'static,
    {
        self.on(MethodFilter::GET, Method::GET, path, door, handler)
    }

    /// Adds an address that is written to.
    #[must_use]
    pub fn post<H, T>(self, path: &str, door: Door, handler: H) -> Routes
    where
        H: Handler<T, House>,
        T: 'static,
    {
        self.on(MethodFilter::POST, Method::POST, path, door, handler)
    }

    /// Adds an address with another method (PUT, PATCH, DELETE, HEAD, OPTIONS).
    #[must_use]
    pub fn other<H, T>(self, method: Method, path: &str, door: Door, handler: H) -> Routes
    where
        H: Handler<T, House>,
        T: 'static,
    {
        // A method that axum does not know would be a typing fault of ours; GET is then refused by the duplicate check.
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        self.on(filter, method, path, door, handler)
    }

    fn on<H, T>(mut self, filter: MethodFilter, method: Method, path: &str, door: Door, handler: H) -> Routes
    where
        H: Handler<T, House>,
        T: 'static,
    {
        self.list.push(Route { method, path: path.to_owned(), door });
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    /// Puts the addresses of another list beside these.
    #[must_use]
    pub fn and(mut self, other: Routes) -> Routes {
        self.list.extend(other.list);
        self.router = self.router.merge(other.router);
        self
    }

    /// Changes the router underneath: a room's own `Extension`, a body limit.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(Router<House>) -> Router<House>) -> Routes {
        self.router = change(self.router);
        self
    }

    /// Every address.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    pub(crate) fn into_parts(self) -> (Router<House>, Vec<Route>) {
        (self.router, self.list)
    }
}

/// The JSON face of a room; each handler carries `#[utoipa::path(…)]` with its full path under `/api/v1`.
///
/// ```ignore
/// ApiRoutes::new().add(Door::Public, web::routes!(api::procedures))
/// ```
#[derive(Default)]
pub struct ApiRoutes {
    router: OpenApiRouter<House>,
    list: Vec<Route>,
}

impl ApiRoutes {
    /// No addresses yet.
    pub fn new() -> ApiRoutes {
        ApiRoutes::default()
    }

    /// Adds the addresses of `web::routes!(…)`.
    #[must_use]
    pub fn add(mut self, door: Door, mut routes: UtoipaMethodRouter<House>) -> ApiRoutes {
        for (path, item) in &mut routes.1.paths {
            let methods = [
                (&mut item.get, Method::GET),
                (&mut item.post, Method::POST),
                (&mut item.put, Method::PUT),
                (&mut item.patch, Method::PATCH),
                (&mut item.delete, Method::DELETE),
            ];
            for (operation, method) in methods {
                if let Some(operation) = operation {
                    crate::openapi::complete(operation, door, &method);
                    self.list.push(Route { method, path: path.clone(), door });
                }
            }
        }
        self.router = self.router.routes(routes);
        self
    }

    /// Puts the addresses of another list beside these: calls that carry files have a body limit of their own.
    #[must_use]
    pub fn and(mut self, other: ApiRoutes) -> ApiRoutes {
        self.list.extend(other.list);
        self.router = self.router.merge(other.router);
        self
    }

    /// Changes the router underneath: a room's own `Extension`, a body limit.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(OpenApiRouter<House>) -> OpenApiRouter<House>) -> ApiRoutes {
        self.router = change(self.router);
        self
    }

    /// Every address.
    pub fn list(&self) -> &[Route] {
        &self.list
    }

    pub(crate) fn into_parts(self) -> (Router<House>, utoipa::openapi::OpenApi, Vec<Route>) {
        let (router, document) = self.router.split_for_parts();
        (router, document, self.list)
    }
}
