//! One request, as pages need to know it: language, theme, who holds which cookie, the trace code.
//!
//! The layer [`crate::server`] makes it and puts it into the request; handlers take `visit: Visit`.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::extract::{ConnectInfo, FromRequestParts, OptionalFromRequestParts, Request};
use base::{Moment, Seed};
use http::request::Parts;
use http::{HeaderMap, Method, Uri, header};
use uuid::Uuid;

use crate::house::Settings;
use crate::i18n::Lang;
use crate::problem::Problem;
use crate::session::{Key, Realm, Standing, Token};

/// One request.
#[derive(Clone)]
pub struct Visit(Arc<Inner>);

struct Inner {
    lang: Lang,
    theme: Option<Theme>,
    method: Method,
    uri: Uri,
    trace: Uuid,
    seed: Seed,
    at: Moment,
    wants_json: bool,
    https: bool,
    realm: Realm,
    token: Option<Token>,
    bearer: bool,
    /// A token made during this visit, because a form needed one or somebody signed in.
    made: OnceLock<Token>,
    used: AtomicBool,
    session: tokio::sync::OnceCell<Standing>,
    said: Option<String>,
    device: String,
    address: Option<IpAddr>,
}

/// Light or dark, when the person has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`.
    pub fn code(self) -> &'static str {
        match self {
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    fn parse(text: &str) -> Option<Theme> {
        match text {
            "light" => Some(Theme::Light),
            "dark" => Some(Theme::Dark),
            _ => None,
        }
    }
}

impl Visit {
    /// Reads a request. `seed` gives the trace and, if one is needed, the cookie.
    pub fn read(method: &Method, uri: &Uri, headers: &HeaderMap, settings: &Settings, at: Moment, seed: Seed) -> Visit {
        Visit::from_peer(None, (method, uri, headers), settings, at, seed)
    }

    /// Reads a request that came over a line.
    pub(crate) fn of(request: &Request, settings: &Settings, at: Moment, seed: Seed) -> Visit {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
        Visit::from_peer(peer, (request.method(), request.uri(), request.headers()), settings, at, seed)
    }

    fn from_peer(
        peer: Option<IpAddr>,
        (method, uri, headers): (&Method, &Uri, &HeaderMap),
        settings: &Settings,
        at: Moment,
        seed: Seed,
    ) -> Visit {
        let path = uri.path();
        let is_api = path.starts_with("/api/");
        let realm = Realm::of_path(path);
        let lang = query_value(uri.query().unwrap_or_default(), "lang")
            .or_else(|| cookie(headers, "lang").map(str::to_owned))
            .and_then(|l| crate::i18n::read_lang(&l))
            .unwrap_or_default();
        let bearer = headers
            .get(header::AUTHORIZATION)
            .and_then(|v| v.to_str().ok())
            .and_then(|v| v.strip_prefix("Bearer "))
            .and_then(Token::parse);
        let of = |realm: Realm| cookie(headers, realm.cookie(settings.https())).and_then(Token::parse);
        // A program names its token; a script of our own pages comes with a cookie, the officer's first.
        let token = match (is_api, &bearer) {
            (true, Some(token)) => Some(token.clone()),
            (true, None) => of(Realm::Officer).or_else(|| of(Realm::Citizen)),
            (false, _) => of(realm),
        };
        let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let wants_json = is_api || (accept.contains("json") && !accept.contains("text/html"));
        Visit(Arc::new(Inner {
            lang,
            theme: cookie(headers, "theme").and_then(Theme::parse),
            method: method.clone(),
            uri: uri.clone(),
            trace: seed.uuid("trace", 0),
            seed,
            at,
            wants_json,
            https: settings.https(),
            realm,
            token,
            bearer: is_api && bearer.is_some(),
            made: OnceLock::new(),
            used: AtomicBool::new(false),
            session: tokio::sync::OnceCell::new(),
            said: cookie(headers, "said").map(str::to_owned),
            device: device(headers),
            address: crate::network::address(peer, headers, &settings.trusted_proxies),
        }))
    }

    /// A visit for samples and tests, at a fixed moment.
    pub fn still(lang: Lang, path: &'static str) -> Visit {
        let uri = format!("{path}{}lang={}", if path.contains('?') { "&" } else { "?" }, crate::i18n::lang_code(lang));
        let uri = uri.parse().unwrap_or_else(|_| Uri::from_static("/"));
        Visit::read(&Method::GET, &uri, &HeaderMap::new(), &Settings::default(), Moment::from_micros(0), Seed([7; 32]))
    }

    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// The theme chosen, if any.
    pub fn theme(&self) -> Option<Theme> {
        self.0.theme
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.0.method
    }

    /// The path asked for.
    pub fn path(&self) -> &str {
        self.0.uri.path()
    }

    /// The query string, without the question mark.
    pub fn query(&self) -> &str {
        self.0.uri.query().unwrap_or_default()
    }

    /// Path and query, to come back to.
    pub fn here(&self) -> String {
        self.0.uri.path_and_query().map(|p| p.as_str().to_owned()).unwrap_or_else(|| "/".into())
    }

    /// The id of this request in the log and on error pages.
    pub fn trace(&self) -> Uuid {
        self.0.trace
    }

    /// The trace as people read it over the telephone: `7Q4K-20AF`.
    pub fn trace_code(&self) -> String {
        trace_code(self.0.trace)
    }

    /// Chance for this request; derive with your own label.
    pub fn seed(&self) -> Seed {
        self.0.seed
    }

    /// When the request came.
    pub fn at(&self) -> Moment {
        self.0.at
    }

    /// Whether a program asks.
    pub fn wants_json(&self) -> bool {
        self.0.wants_json
    }

    /// Which realm this address belongs to.
    pub fn realm(&self) -> Realm {
        self.0.realm
    }

    /// Whether the request came with a bearer token instead of a cookie.
    pub fn is_bearer(&self) -> bool {
        self.0.bearer
    }

    /// The visitor's own key, also before signing in: owns drafts and uploads. Makes a cookie when there is none.
    pub fn key(&self) -> Key {
        self.token().key()
    }

    /// The key the request came with, if any.
    pub fn known_key(&self) -> Option<Key> {
        self.0.token.as_ref().map(Token::key)
    }

    /// What a form must carry.
    pub fn csrf(&self) -> String {
        self.token().csrf()
    }

    pub(crate) fn token(&self) -> &Token {
        if let Some(made) = self.0.made.get() {
            return made;
        }
        match &self.0.token {
            Some(token) => token,
            None => {
                self.0.used.store(true, Ordering::Relaxed);
                self.0.made.get_or_init(|| Token::new(self.0.seed.bytes("token", 0)))
            }
        }
    }

    /// A new token, for signing in (so that a token known before is worth nothing after).
    pub(crate) fn rotate(&self) -> Token {
        Token::new(self.0.seed.bytes("token", 1))
    }

    /// The cookie to set, when this visit made a token.
    pub(crate) fn cookie_to_set(&self) -> Option<String> {
        let made = self.0.made.get()?;
        Some(made.cookie(self.0.realm, self.0.https))
    }

    /// What the browser calls itself, shortened: "Chrome, Windows".
    pub fn device(&self) -> &str {
        &self.0.device
    }

    /// The network the request came from: /24 of IPv4, /56 of IPv6; `?` when it did not come over a line.
    pub fn network(&self) -> String {
        self.0.address.map_or_else(|| "?".to_owned(), crate::network::network_of)
    }

    pub(crate) fn said(&self) -> Option<&str> {
        self.0.said.as_deref()
    }

    pub(crate) fn is_https(&self) -> bool {
        self.0.https
    }

    pub(crate) fn session_cell(&self) -> &tokio::sync::OnceCell<Standing> {
        &self.0.session
    }

    pub(crate) fn request_token(&self) -> Option<&Token> {
        self.0.token.as_ref()
    }
}

/// Eight letters and digits of a trace, without those that sound alike.
pub fn trace_code(trace: Uuid) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut bits = u64::from_be_bytes(trace.as_bytes()[8..].try_into().unwrap_or_default());
    let mut out = String::with_capacity(9);
    for n in 0..8 {
        if n == 4 {
            out.push('-');
        }
        out.push(char::from(LETTERS[(bits & 31) as usize]));
        bits >>= 5;
    }
    out
}

/// One cookie of a request.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

/// One value of a query string, decoded.
pub(crate) fn query_value(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find_map(|(key, value)| (key == name).then(|| value.into_owned()))
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, Problem> {
        // Every router is served through `server::build`, which puts it there; anything else is our own fault.
        parts
            .extensions
            .get::<Visit>()
            .cloned()
            .ok_or_else(|| Problem::ours("no visit in the request: serve through web::server::build"))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Visit>, Problem> {
        Ok(parts.extensions.get::<Visit>().cloned())
    }
}

/// Browser and system in two words, so that people know their sessions apart; nothing finer is kept.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let pick = |names: &[(&str, &'static str)]| names.iter().find(|(part, _)| agent.contains(part)).map_or("?", |(_, name)| name);
    let browser = pick(&[
        ("CocCoc", "Cốc Cốc"), // not on screen: a name
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = pick(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    if browser == "?" && system == "?" {
        agent.chars().filter(|c| !c.is_control()).take(40).collect()
    } else {
        format!("{browser}, {system}")
    }
}
