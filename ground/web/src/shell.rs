//! What stands around every page: head, menus, foot. `Page { shell, body }` is what a handler returns.

use std::sync::Arc;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

use crate::filters;
use crate::house::{House, Place, Settings};
use crate::i18n::{Lang, Words, words};
use crate::scene::Scene;
use crate::ui::icon::sprite;
use crate::visit::Visit;

/// A place in the menu of one page.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where it leads.
    pub href: String,
    /// The words.
    pub label: Words,
    /// The icon.
    pub icon: &'static str,
    /// How much waits there.
    pub count: Option<u64>,
}

impl NavItem {
    /// A place in the menu.
    pub fn new(href: impl Into<String>, label: impl Into<Words>, icon: &'static str) -> NavItem {
        NavItem { href: href.into(), label: label.into(), icon, count: None }
    }

    /// How much waits there; nothing is shown for zero.
    #[must_use]
    pub fn count(mut self, count: u64) -> NavItem {
        self.count = (count > 0).then_some(count);
        self
    }
}

/// The officer's own corner of the top bar.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// The unit: "Phường An Xuyên".
    pub unit: String,
    /// What it is: "Trung tâm Phục vụ hành chính công".
    pub place: String,
    /// The officer's name.
    pub name: String,
    /// The post: "Chuyên viên một cửa".
    pub post: String,
    /// The page of the person: posts to change, signing out.
    pub me: String,
}

impl Bar {
    /// Two letters of a name, for the round mark: the first of the last two words.
    pub fn letters(name: &str) -> String {
        let parts: Vec<&str> = name.split_whitespace().collect();
        let last_two = &parts[parts.len().saturating_sub(2)..];
        last_two.iter().filter_map(|w| w.chars().next()).flat_map(char::to_uppercase).collect()
    }
}

#[derive(Debug, Clone)]
enum Kind {
    Citizen { name: Option<String> },
    Officer(Bar),
}

/// What stands around one page.
#[derive(Clone)]
pub struct Shell {
    visit: Visit,
    settings: Arc<Settings>,
    kind: Kind,
    title: Words,
    failed: bool,
    nav: Vec<NavItem>,
    foot: Vec<NavItem>,
    current: Option<String>,
    main_class: &'static str,
    compact: Option<bool>,
    find: (String, String),
    refresh: Option<u32>,
    toast: Option<crate::ui::message::Toast>,
    before: Option<String>,
    /// Icons that it uses; the page's one sprite holds them too.
    before_icons: std::collections::BTreeSet<&'static str>,
    /// Offers signing in, on citizens' pages.
    offers_sign_in: bool,
    style: Option<&'static str>,
}

impl Shell {
    /// Around a citizen's page. `directory` adds the name of who has signed in with [`Shell::signed_in`].
    pub fn citizen(visit: &Visit, house: &House) -> Shell {
        Shell::bare_citizen(visit, house.settings.clone(), citizen_nav(house))
    }

    /// The same without a house: for problems while the house is away, and for samples.
    pub fn bare_citizen(visit: &Visit, settings: Arc<Settings>, nav: Vec<NavItem>) -> Shell {
        Shell {
            visit: visit.clone(),
            settings,
            kind: Kind::Citizen { name: None },
            title: words("Một cửa"),
            failed: false,
            nav,
            foot: Vec::new(),
            current: None,
            main_class: "page",
            compact: None,
            find: (String::new(), String::new()),
            refresh: None,
            toast: crate::said::of(visit),
            before: None,
            before_icons: Default::default(),
            offers_sign_in: true,
            style: None,
        }
    }

    /// Around an officer's page. `nav` is what this officer may see (`directory` asks the policy).
    pub fn officer(visit: &Visit, house: &House, bar: Bar, nav: Vec<NavItem>) -> Shell {
        let foot = house.links_at(Place::RailFoot).map(|l| NavItem::new(l.href, l.label, l.icon)).collect();
        Shell::bare_officer(visit, house.settings.clone(), bar, nav, foot)
    }

    /// The same without a house.
    pub fn bare_officer(visit: &Visit, settings: Arc<Settings>, bar: Bar, nav: Vec<NavItem>, foot: Vec<NavItem>) -> Shell {
        let find = ("/can-bo".into(), String::new());
        Shell {
            kind: Kind::Officer(bar),
            nav,
            foot,
            main_class: "work",
            find,
            ..Shell::bare_citizen(visit, settings, Vec::new())
        }
    }

    /// A citizens' shell for samples and tests.
    pub fn sample(lang: Lang) -> Shell {
        let visit = Visit::still(lang, "/");
        let nav = vec![
            NavItem::new("/tra-cuu", words("Tra cứu hồ sơ"), "track"),
            NavItem::new("/ho-so-cua-toi", words("Hồ sơ của tôi"), "inbox"),
        ];
        Shell::bare_citizen(&visit, Arc::new(Settings::default()), nav)
    }

    /// An officers' shell for samples and tests.
    pub fn sample_officer(lang: Lang) -> Shell {
        let visit = Visit::still(lang, "/can-bo");
        let bar = Bar {
            unit: "Phường An Xuyên".into(),
            place: "Trung tâm Phục vụ hành chính công".into(),
            name: "Lê Thị Thí Điểm".into(), // not on screen: a name
            post: "Chuyên viên một cửa".into(),
            me: "/can-bo/toi".into(),
        };
        let nav = vec![
            NavItem::new("/can-bo", words("Hồ sơ"), "inbox").count(24),
            NavItem::new("/can-bo/tai-quay", words("Tại quầy"), "desk"),
            NavItem::new("/can-bo/duyet", words("Duyệt, ký"), "pen").count(11),
        ];
        Shell::bare_officer(&visit, Arc::new(Settings::default()), bar, nav, Vec::new())
    }

    /// The page's own title; " – Một cửa" is put behind it.
    #[must_use]
    pub fn title(mut self, title: impl Into<Words>) -> Shell {
        self.title = title.into();
        self
    }

    /// After a failed send: the title begins with "Lỗi:".
    #[must_use]
    pub fn failed(mut self, failed: bool) -> Shell {
        self.failed = failed;
        self
    }

    /// Who has signed in, on citizens' pages.
    #[must_use]
    pub fn signed_in(mut self, name: impl Into<String>) -> Shell {
        if let Kind::Citizen { name: who } = &mut self.kind {
            *who = Some(name.into());
        }
        self
    }

    /// Without the button that leads to signing in: for the pages where one signs in.
    #[must_use]
    pub fn plain(mut self) -> Shell {
        self.offers_sign_in = false;
        self
    }

    /// Which place of the menu this page belongs to, when it is not its own address.
    #[must_use]
    pub fn current(mut self, href: impl Into<String>) -> Shell {
        self.current = Some(href.into());
        self
    }

    /// Changes the menu.
    #[must_use]
    pub fn nav(mut self, nav: Vec<NavItem>) -> Shell {
        self.nav = nav;
        self
    }

    /// Says how much waits at a place of the menu; nothing when it is not in this menu.
    #[must_use]
    pub fn waiting(mut self, href: &str, count: u64) -> Shell {
        if let Some(item) = self.nav.iter_mut().find(|item| item.href == href) {
            item.count = (count > 0).then_some(count);
        }
        self
    }

    /// The class of `main`: `page form-page`, `work dossier`; `""` when the page brings its own widths.
    #[must_use]
    pub fn main_class(mut self, class: &'static str) -> Shell {
        self.main_class = class;
        self
    }

    /// The officers' density on any page, or the citizens' on an officer's.
    #[must_use]
    pub fn compact(mut self, compact: bool) -> Shell {
        self.compact = Some(compact);
        self
    }

    /// Where the search field of the top bar sends, and what stands in it.
    #[must_use]
    pub fn find(mut self, action: impl Into<String>, query: impl Into<String>) -> Shell {
        self.find = (action.into(), query.into());
        self
    }

    /// Lets the script fetch this page again every so many seconds and replace what has `data-refresh`, never under the pointer.
    #[must_use]
    pub fn refresh(mut self, seconds: u32) -> Shell {
        self.refresh = Some(seconds);
        self
    }

    /// Something between head and main, such as the search strip; already escaped HTML from a template.
    #[must_use]
    pub fn before_main(mut self, part: &impl Template) -> Shell {
        let scene = Scene::still(self.visit.lang());
        self.before = scene.draw(part).ok();
        self.before_icons = scene.icons.take();
        self
    }

    /// Another style sheet than that of its kind.
    #[must_use]
    pub fn style(mut self, name: &'static str) -> Shell {
        self.style = Some(name);
        self
    }

    /// The visit this page answers.
    pub fn visit(&self) -> &Visit {
        &self.visit
    }

    /// The settings of the house.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The reader's language.
    pub fn lang(&self) -> Lang {
        self.visit.lang()
    }

    /// Draws the whole page. The body first, since it names the icons that the sprite must hold.
    pub fn draw(&self, body: &impl Template) -> askama::Result<String> {
        let scene = Scene::of(&self.visit);
        let body = scene.draw(body)?;
        scene.icons.borrow_mut().extend(self.before_icons.iter().copied());
        let html = match &self.kind {
            Kind::Citizen { name } => scene.draw(&CitizenPage { shell: self, name: name.as_deref(), body: &body })?,
            Kind::Officer(bar) => scene.draw(&OfficerPage { shell: self, bar, letters: Bar::letters(&bar.name), body: &body })?,
        };
        let sprite = sprite(scene.icons.borrow().iter());
        Ok(html.replacen(SPRITE_HERE, &sprite, 1))
    }

    fn lang_code(&self) -> &'static str {
        crate::i18n::lang_code(self.visit.lang())
    }

    fn is_current(&self, href: &str) -> bool {
        match &self.current {
            Some(current) => current == href,
            None => self.visit.path() == href,
        }
    }

    fn css(&self) -> &'static str {
        let own = if matches!(self.kind, Kind::Officer(_)) { "officer.css" } else { "citizen.css" };
        crate::asset(self.style.unwrap_or(own))
    }

    fn js(&self) -> &'static str {
        crate::asset(if matches!(self.kind, Kind::Officer(_)) { "officer.js" } else { "citizen.js" })
    }

    /// Seconds since 1970, for counters that follow the server's clock.
    fn now(&self) -> i64 {
        self.visit.at().micros() / 1_000_000
    }

    /// Minutes until a session ends by itself, for whoever has signed in.
    fn session_minutes(&self) -> Option<u32> {
        match &self.kind {
            Kind::Officer(_) => Some(self.settings.officer_idle_minutes),
            Kind::Citizen { name: Some(_) } => Some(self.settings.citizen_idle_minutes),
            Kind::Citizen { name: None } => None,
        }
    }

    fn alive(&self) -> &'static str {
        if matches!(self.kind, Kind::Officer(_)) { "/can-bo/con-day" } else { "/con-day" }
    }

    fn theme(&self) -> Option<&'static str> {
        self.visit.theme().map(|t| t.code())
    }

    fn is_compact(&self) -> bool {
        self.compact.unwrap_or(matches!(self.kind, Kind::Officer(_)))
    }

    fn other_lang_href(&self) -> String {
        let other = if self.visit.lang() == Lang::Vi { "en" } else { "vi" };
        let mut kept: Vec<(String, String)> = form_urlencoded::parse(self.visit.query().as_bytes())
            .filter(|(k, _)| k != "lang")
            .map(|(k, v)| (k.into(), v.into()))
            .collect();
        kept.push(("lang".into(), other.into()));
        let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish();
        // A page that answers a post has no address of its own to read again.
        let path = if self.visit.method() == http::Method::GET { self.visit.path() } else { "/" };
        format!("{path}?{query}")
    }

    fn sign_in_href(&self) -> String {
        let next: String = form_urlencoded::byte_serialize(self.visit.here().as_bytes()).collect();
        format!("/dang-nhap?next={next}")
    }

    fn here(&self) -> String {
        self.visit.here()
    }

    fn full_title(&self) -> String {
        let lang = self.visit.lang();
        let title = self.title.say(lang);
        let house = words("Một cửa").say(lang);
        let failed = if self.failed { words("Lỗi: {0}").with(&title).say(lang) } else { title.clone() };
        if title == house { failed } else { format!("{failed} – {house}") }
    }
}

/// Menu links of citizens' pages.
fn citizen_nav(house: &House) -> Vec<NavItem> {
    house.links_at(Place::Citizen).map(|l| NavItem::new(l.href, l.label, l.icon)).collect()
}

const SPRITE_HERE: &str = "<!--sprite-->";

#[derive(Template)]
#[template(path = "shell/citizen.html")]
struct CitizenPage<'a> {
    shell: &'a Shell,
    name: Option<&'a str>,
    body: &'a str,
}

#[derive(Template)]
#[template(path = "shell/officer.html")]
struct OfficerPage<'a> {
    shell: &'a Shell,
    bar: &'a Bar,
    letters: String,
    body: &'a str,
}

/// A whole page: what a handler returns.
///
/// ```ignore
/// Ok(Page::new(shell.title("Tra cứu hồ sơ"), TrackPage { code }))
/// ```
pub struct Page<B> {
    /// What stands around.
    pub shell: Shell,
    /// What it is about.
    pub body: B,
    status: StatusCode,
}

impl<B: Template> Page<B> {
    /// A page answered with 200.
    pub fn new(shell: Shell, body: B) -> Page<B> {
        Page { shell, body, status: StatusCode::OK }
    }

    /// The form again, with what is wrong: 422, and "Lỗi:" before the title.
    pub fn faulty(shell: Shell, body: B) -> Page<B> {
        Page { shell: shell.failed(true), body, status: StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// Another status.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Page<B> {
        self.status = status;
        self
    }
}

impl<B: Template> IntoResponse for Page<B> {
    fn into_response(self) -> Response {
        match self.shell.draw(&self.body) {
            Ok(html) => {
                let mut response = (self.status, Html(html)).into_response();
                // What a page shows may be personal: kept by nobody but the browser's own back button.
                response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
                response
            }
            Err(error) => crate::problem::Problem::from(error).into_response(),
        }
    }
}
