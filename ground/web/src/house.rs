//! What every handler may reach: the house, its settings, and the rooms it is made of.

use std::sync::Arc;
use std::time::Duration;

use base::Clock;
use serde::{Deserialize, Serialize};

use crate::budget::Budget;
use crate::routes::{ApiRoutes, Routes};

/// The state of every router: cheap to clone. A room's own state goes through axum's `Extension`.
#[derive(Clone)]
pub struct House {
    /// The database.
    pub db: store::Db,
    /// The file store.
    pub files: store::Files,
    /// The time.
    pub clock: Clock,
    /// What the province has chosen.
    pub settings: Arc<Settings>,
    /// Places in the menus, from all rooms, in their order.
    pub links: Arc<[Link]>,
    /// The text of `/metrics`, when a recorder is installed.
    pub metrics: Option<Arc<dyn Fn() -> String + Send + Sync>>,
}

impl House {
    /// A house without menus and metrics; the program adds them when it knows its rooms.
    pub fn new(db: store::Db, files: store::Files, clock: Clock, settings: Settings) -> House {
        House { db, files, clock, settings: Arc::new(settings), links: Arc::from([]), metrics: None }
    }

    /// The links of one place, in order.
    pub fn links_at(&self, place: Place) -> impl Iterator<Item = &Link> {
        self.links.iter().filter(move |l| l.place == place)
    }
}

/// What the province chooses for its pages; `[web]` in the configuration file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The name under the mark: "Tỉnh Cà Mau".
    pub province: String,
    /// The address people type, without a slash at the end. `https://` makes cookies `Secure` and asks for HSTS.
    pub address: String,
    /// The number to call for help.
    pub hotline: String,
    /// When the number answers.
    pub hotline_hours: String,
    /// Where centres can be found, shown in the foot of citizens' pages.
    pub centres: String,
    /// Largest file a person may attach, in bytes.
    pub max_file: u64,
    /// Largest form without files, in bytes.
    pub max_form: usize,
    /// Types of files that may be attached, as extensions.
    pub file_types: Vec<String>,
    /// How long an unfinished upload is kept, in hours.
    pub upload_hours: u32,
    /// What one visitor may have sent that is in no dossier yet: the papers of a whole filing, twice over. `bytes` is at least `max_file`.
    pub visitor_uploads: Budget,
    /// The same for everybody of one network; all desks of a centre share one.
    pub network_uploads: Budget,
    /// Forms of one visitor that wait, for a week at most, until somebody has signed in again.
    pub visitor_parked: Budget,
    /// The same for everybody of one network.
    pub network_parked: Budget,
    /// A citizen's session ends after this many minutes without a request.
    pub citizen_idle_minutes: u32,
    /// An officer's session ends after this many minutes without a request.
    pub officer_idle_minutes: u32,
    /// Every session ends after this many hours.
    pub session_hours: u32,
    /// A request is given up after this many seconds.
    pub request_seconds: u64,
    /// Addresses of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// Other sites whose scripts may read answers of the API, as `https://portal.example`. Empty: none. Pages are never shared.
    pub allowed_origins: Vec<String>,
    /// Where somebody who found a hole reports it, as `mailto:` or `https:`; shown in `/.well-known/security.txt`.
    pub security_contacts: Vec<String>,
    /// Where the rules of such a report are written, as `https:`; may be empty.
    pub security_policy: String,
    /// What a machine that counts brings to `/metrics` as `Authorization: Bearer …`, at least 16 characters. Empty: only this machine itself
    /// may count, and no proxy for others.
    pub metrics_token: String,
    /// The demo profile: people and dossiers are fictional, and pages say so.
    pub demo: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            province: "Tỉnh Cà Mau".into(), // not on screen: a name
            address: "http://127.0.0.1:8080".into(),
            hotline: "1900 0000".into(),
            hotline_hours: "7:00–17:00".into(),
            centres: "64 Trung tâm Phục vụ hành chính công xã, phường".into(),
            max_file: 10_000_000,
            max_form: 1024 * 1024,
            file_types: ["pdf", "jpg", "jpeg", "png", "docx", "xlsx", "doc", "xls", "odt", "zip"].map(String::from).to_vec(),
            upload_hours: 24,
            visitor_uploads: Budget { number: 100, bytes: 1_000_000_000 },
            network_uploads: Budget { number: 2_000, bytes: 20_000_000_000 },
            visitor_parked: Budget { number: 50, bytes: 20_000_000 },
            network_parked: Budget { number: 2_000, bytes: 200_000_000 },
            citizen_idle_minutes: 60,
            officer_idle_minutes: 120,
            session_hours: 12,
            request_seconds: 30,
            trusted_proxies: Vec::new(),
            allowed_origins: Vec::new(),
            security_contacts: Vec::new(),
            security_policy: String::new(),
            metrics_token: String::new(),
            demo: false,
        }
    }
}

impl Settings {
    /// Whether people reach the house over TLS.
    pub fn https(&self) -> bool {
        self.address.starts_with("https://")
    }

    /// How long a request may take.
    pub fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_seconds.max(1))
    }
}

/// A system of the province, as one value.
///
/// ```ignore
/// pub fn room() -> web::Room {
///     web::Room::new("catalogue")
///         .migrations(MIGRATIONS)
///         .pages(Routes::new().get("/thu-tuc/{code}", Door::Public, pages::procedure))
///         .link(Link::citizen("/thu-tuc", "Thủ tục", "book"))
/// }
/// ```
pub struct Room {
    /// The crate's name; also the name of its migrations.
    pub name: &'static str,
    /// Its tables.
    pub migrations: &'static [store::Migration],
    /// Its pages.
    pub pages: Routes,
    /// Its JSON face.
    pub api: ApiRoutes,
    /// Those who hear events.
    pub listeners: Vec<Arc<dyn store::Ear>>,
    /// Those who do long work.
    pub jobs: Vec<Arc<dyn store::Hand>>,
    /// Its places in the menus.
    pub links: Vec<Link>,
    /// Its answers to "are you well?".
    pub health: Vec<Health>,
}

impl Room {
    /// An empty room.
    pub fn new(name: &'static str) -> Room {
        Room {
            name,
            migrations: &[],
            pages: Routes::new(),
            api: ApiRoutes::new(),
            listeners: Vec::new(),
            jobs: Vec::new(),
            links: Vec::new(),
            health: Vec::new(),
        }
    }

    /// Sets the tables.
    #[must_use]
    pub fn migrations(mut self, migrations: &'static [store::Migration]) -> Room {
        self.migrations = migrations;
        self
    }

    /// Sets the pages.
    #[must_use]
    pub fn pages(mut self, pages: Routes) -> Room {
        self.pages = pages;
        self
    }

    /// Sets the JSON face.
    #[must_use]
    pub fn api(mut self, api: ApiRoutes) -> Room {
        self.api = api;
        self
    }

    /// Adds one who hears events.
    #[must_use]
    pub fn listener(mut self, listener: Arc<dyn store::Ear>) -> Room {
        self.listeners.push(listener);
        self
    }

    /// Adds one who does long work.
    #[must_use]
    pub fn job(mut self, job: Arc<dyn store::Hand>) -> Room {
        self.jobs.push(job);
        self
    }

    /// Adds a place in a menu.
    #[must_use]
    pub fn link(mut self, link: Link) -> Room {
        self.links.push(link);
        self
    }

    /// Adds a health check.
    #[must_use]
    pub fn health(mut self, check: Health) -> Room {
        self.health.push(check);
        self
    }
}

/// Where a link stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The head of citizens' pages.
    Citizen,
    /// The rail of officers' pages.
    Rail,
    /// The rail's foot.
    RailFoot,
    /// The administrators' menu.
    Admin,
    /// The page of a citizen's account.
    Account,
}

/// A place in a menu.
#[derive(Debug, Clone)]
pub struct Link {
    /// Which menu.
    pub place: Place,
    /// Where it leads.
    pub href: &'static str,
    /// The words, Vietnamese.
    pub label: &'static str,
    /// The icon.
    pub icon: &'static str,
    /// The act one must be allowed to do to see it; `None` is for everyone who sees the menu.
    pub act: Option<&'static str>,
    /// Links stand by this number, then in room order.
    pub order: i32,
}

impl Link {
    /// A link in the head of citizens' pages.
    pub const fn citizen(href: &'static str, label: &'static str, icon: &'static str) -> Link {
        Link { place: Place::Citizen, href, label, icon, act: None, order: 0 }
    }

    /// A link in the officers' rail.
    pub const fn rail(href: &'static str, label: &'static str, icon: &'static str) -> Link {
        Link { place: Place::Rail, href, label, icon, act: None, order: 0 }
    }

    /// A link in the administrators' menu.
    pub const fn admin(href: &'static str, label: &'static str, icon: &'static str) -> Link {
        Link { place: Place::Admin, href, label, icon, act: None, order: 0 }
    }

    /// A link on the page of a citizen's account.
    pub const fn account(href: &'static str, label: &'static str, icon: &'static str) -> Link {
        Link { place: Place::Account, href, label, icon, act: None, order: 0 }
    }

    /// Only for those allowed this act.
    #[must_use]
    pub const fn act(mut self, act: &'static str) -> Link {
        self.act = Some(act);
        self
    }

    /// Its place among the others.
    #[must_use]
    pub const fn order(mut self, order: i32) -> Link {
        self.order = order;
        self
    }
}

/// What a health check says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum Wellness {
    /// All is well.
    Well,
    /// It works, but somebody should look.
    Ailing {
        /// What is wrong.
        why: String,
    },
    /// It does not work.
    Down {
        /// What is wrong.
        why: String,
    },
}

/// One health check of a room.
#[derive(Clone)]
pub struct Health {
    /// What is asked, for programs.
    pub name: &'static str,
    /// The same for people.
    pub title: &'static str,
    /// Asks it.
    pub ask: fn(House) -> futures_util::future::BoxFuture<'static, Wellness>,
}
