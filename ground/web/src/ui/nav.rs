//! Ways between pages: tabs, chips, pages of a list, crumbs. All are links.

use askama::Template;

use super::html_safe;
use super::status::Status;
use crate::filters;
use crate::i18n::Words;

/// One tab.
#[derive(Debug, Clone)]
pub struct Tab {
    href: String,
    label: Words,
    count: Option<(u64, &'static str)>,
    current: bool,
}

impl Tab {
    /// A tab.
    pub fn new(href: impl std::fmt::Display, label: impl Into<Words>) -> Tab {
        Tab { href: href.to_string(), label: label.into(), count: None, current: false }
    }

    /// How much lies behind it.
    #[must_use]
    pub fn count(mut self, count: u64) -> Tab {
        self.count = Some((count, ""));
        self
    }

    /// How much, and how it stands (warn or bad, when not zero).
    #[must_use]
    pub fn count_as(mut self, count: u64, status: Status) -> Tab {
        self.count = Some((count, if count > 0 { status.class() } else { "" }));
        self
    }

    /// The one that is open.
    #[must_use]
    pub fn current(mut self, is: bool) -> Tab {
        self.current = is;
        self
    }
}

/// Queues or views, one page each.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<nav class="tabs" aria-label="{{ label }}">{% for tab in tabs %}<a href="{{ tab.href }}"{% if tab.current %} aria-current="page"{% endif %}>{{ tab.label }}{% if let Some(count) = tab.count %} <span class="n{% if !count.1.is_empty() %} {{ count.1 }}{% endif %}">{{ count.0 }}</span>{% endif %}</a>{% endfor %}</nav>"#,
    ext = "html"
)]
pub struct Tabs {
    label: Words,
    tabs: Vec<Tab>,
}

/// Tabs.
pub fn tabs(label: impl Into<Words>, tabs: impl IntoIterator<Item = Tab>) -> Tabs {
    Tabs { label: label.into(), tabs: tabs.into_iter().collect() }
}

/// A filter that can be put on or taken off.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<a class="chip" href="{{ href }}"{% if current %} aria-current="true"{% endif %}>{% if let Some(name) = mark %}{{ web::icon(name) }}{% endif %}{{ label }}{% if removes %}{{ web::icon("close") }}{% endif %}</a>"#,
    ext = "html"
)]
pub struct Chip {
    href: String,
    label: Words,
    current: bool,
    removes: bool,
    mark: Option<&'static str>,
}

/// A chip.
pub fn chip(href: impl std::fmt::Display, label: impl Into<Words>) -> Chip {
    Chip { href: href.to_string(), label: label.into(), current: false, removes: false, mark: None }
}

impl Chip {
    /// It is on.
    #[must_use]
    pub fn current(mut self, is: bool) -> Chip {
        self.current = is;
        self
    }

    /// It is on, and following it takes it off.
    #[must_use]
    pub fn removes(mut self) -> Chip {
        self.current = true;
        self.removes = true;
        self
    }

    /// An icon before it.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Chip {
        self.mark = Some(name);
        self
    }
}

/// Pages of a list, and how much of it is in sight.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/pager.html")]
pub struct Pager {
    label: Words,
    seen: Words,
    before: Option<String>,
    after: Option<String>,
}

/// Pages of a list: `pager(path_and_query, page, per_page, total, "thủ tục")`. `page` counts from 1; the query's own `trang` is replaced.
pub fn pager(path: &str, query: &str, page: u64, per_page: u64, total: u64, things: impl Into<Words>) -> Pager {
    let (page, things) = (page.max(1), things.into());
    let from = (page - 1) * per_page + 1;
    let to = (page * per_page).min(total);
    let link = |n: u64| {
        let kept = form_urlencoded::parse(query.as_bytes()).filter(|(k, _)| k != "trang");
        let query: String =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("trang", &n.to_string()).finish();
        format!("{path}?{query}")
    };
    Pager {
        label: crate::i18n::words("Các trang: {0}").with_words(things.clone()),
        seen: crate::i18n::words("{0}–{1} trên {2} {3}")
            .with(crate::say::count(from.min(total)))
            .with(crate::say::count(to))
            .with(crate::say::count(total))
            .with_words(things),
        before: (page > 1).then(|| link(page - 1)),
        after: (page * per_page < total).then(|| link(page + 1)),
    }
}

/// Where the page lies.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<nav class="crumbs" aria-label="{{ "Đường dẫn"|t }}"><ol>{% for (href, label) in before %}<li><a href="{{ href }}">{{ label }}</a></li>{% endfor %}<li aria-current="page">{{ here }}</li></ol></nav>"#,
    ext = "html"
)]
pub struct Crumbs {
    before: Vec<(String, Words)>,
    here: Words,
}

/// Crumbs: the pages above, then this one.
pub fn crumbs<H: std::fmt::Display, W: Into<Words>>(above: impl IntoIterator<Item = (H, W)>, here: impl Into<Words>) -> Crumbs {
    Crumbs { before: above.into_iter().map(|(h, w)| (h.to_string(), w.into())).collect(), here: here.into() }
}

html_safe!(Tabs, Chip, Pager, Crumbs);
