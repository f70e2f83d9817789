//! What the house says: notices, toasts, empty lists, long work, saved lines, conflicts.

use askama::Template;

use super::status::Status;
use super::{Maybe, html_safe};
use crate::filters;
use crate::i18n::{Rich, Words};
use crate::scene::Part;

/// A box that must be read.
#[derive(Debug, Template)]
#[template(path = "ui/notice.html")]
pub struct Notice {
    status: Option<Status>,
    mark: &'static str,
    title: Option<Words>,
    text: Option<Rich>,
    level: u8,
    part: Option<Part>,
    class: &'static str,
}

/// A box that must be read: `notice(Status::Warn, "Phiên làm việc hết sau 5 phút")`.
pub fn notice(status: Status, title: impl Maybe) -> Notice {
    Notice { status: Some(status), mark: status.icon(), title: title.maybe(), text: None, level: 2, part: None, class: "" }
}

/// A box with something worth knowing.
pub fn info(title: impl Maybe) -> Notice {
    Notice { status: None, mark: "info", title: title.maybe(), text: None, level: 2, part: None, class: "" }
}

impl Notice {
    /// The message.
    #[must_use]
    pub fn text(mut self, text: impl Into<Rich>) -> Notice {
        self.text = Some(text.into());
        self
    }

    /// Another icon than the status's own.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Notice {
        self.mark = name;
        self
    }

    /// Its title is an `h2`.
    #[must_use]
    pub fn heading2(mut self) -> Notice {
        self.level = 2;
        self
    }

    /// Components under the message.
    #[must_use]
    pub fn part(mut self, part: Part) -> Notice {
        self.part = Some(part);
        self
    }

    /// One more class: `w766` hangs it under an act, `todo`, `small`.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Notice {
        self.class = class;
        self
    }
}

/// Confirms what can be undone. Nothing that must be read.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="toast" role="status" data-toast>{{ web::icon("check") }}<div>{{ text }}{% if let Some(action) = action %} <a href="{{ action.0 }}">{{ action.1 }}</a>{% endif %}</div></div>"#,
    ext = "html"
)]
pub struct Toast {
    text: Words,
    action: Option<(String, Words)>,
}

impl Toast {
    /// A toast.
    pub fn new(text: impl Into<Words>) -> Toast {
        Toast { text: text.into(), action: None }
    }

    /// A link in it, usually "Hoàn tác".
    #[must_use]
    pub fn action(mut self, href: impl Into<String>, label: impl Into<Words>) -> Toast {
        self.action = Some((href.into(), label.into()));
        self
    }
}

/// Whether what was typed is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Kept by the server.
    Saved,
    /// On its way.
    Saving,
    /// Kept on this machine only.
    Here,
}

/// Says when the draft was last kept; the autosave script changes it.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<span class="saved{% if state == Kept::Here %} warn-text{% endif %}" role="status" data-saved>{{ web::script_icons("check turn off info") }}{% match state %}{% when Kept::Saved %}{{ web::icon_as("check", "ok-text") }}{% when Kept::Saving %}{{ web::icon("turn") }}{% when Kept::Here %}{{ web::icon("off") }}{% endmatch %} <span>{{ text }}</span></span>"#,
    ext = "html"
)]
pub struct Saved {
    state: Kept,
    text: Words,
}

/// The saved line: "Đã lưu nháp lúc 14:27. Mất mạng không mất chữ đã gõ."
pub fn saved(state: Kept, text: impl Into<Words>) -> Saved {
    Saved { state, text: text.into() }
}

/// The strip while the network is away; the script shows it, and it can be drawn by the server.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="offline" role="status">{{ web::icon("off") }}<b>{{ title }}</b><span>{{ text }}</span><a href="">{{ "Thử lại"|t }}</a></div>"#,
    ext = "html"
)]
pub struct Offline {
    title: Words,
    text: Words,
}

/// The offline strip.
pub fn offline(title: impl Into<Words>, text: impl Into<Words>) -> Offline {
    Offline { title: title.into(), text: text.into() }
}

/// Why a list is empty; the three differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emptiness {
    /// Nothing has ever been here.
    First,
    /// Nothing matches.
    NoMatch,
    /// Everything is done.
    AllDone,
}

/// An empty list: why, and what to do next.
#[derive(Debug, Template)]
#[template(path = "ui/empty.html")]
pub struct Empty {
    kind: Emptiness,
    title: Words,
    text: Rich,
    action: Option<(String, Words)>,
    bare: bool,
    level: u8,
}

/// An empty list: why it is empty and what to do next.
pub fn empty(kind: Emptiness, title: impl Into<Words>, text: impl Into<Rich>) -> Empty {
    Empty { kind, title: title.into(), text: text.into(), action: None, bare: false, level: 2 }
}

impl Empty {
    /// What to do next.
    #[must_use]
    pub fn action(mut self, href: impl std::fmt::Display, label: impl Into<Words>) -> Empty {
        self.action = Some((href.to_string(), label.into()));
        self
    }

    /// Its title is an `h2`: straight under the page's heading.
    #[must_use]
    pub fn heading2(mut self) -> Empty {
        self.level = 2;
        self
    }

    /// Without the card around it, inside a table's frame.
    #[must_use]
    pub fn bare(mut self) -> Empty {
        self.bare = true;
        self
    }
}

/// Long work: its progress in counts and time, or its report.
#[derive(Debug, Template)]
#[template(path = "ui/long.html")]
pub struct Long {
    title: Words,
    percent: Option<u8>,
    text: Rich,
    failed: bool,
    part: Option<Part>,
    id: Option<String>,
}

/// Work under way. `percent` is `None` when the whole is not known.
pub fn long(title: impl Into<Words>, percent: Option<u8>, text: impl Into<Rich>) -> Long {
    Long { title: title.into(), percent: Some(percent.unwrap_or(255)), text: text.into(), failed: false, part: None, id: None }
}

/// The report of work that has ended.
pub fn long_done(title: impl Into<Words>, text: impl Into<Rich>) -> Long {
    Long { title: title.into(), percent: None, text: text.into(), failed: false, part: None, id: None }
}

impl Long {
    /// It did not all go well.
    #[must_use]
    pub fn with_failures(mut self) -> Long {
        self.failed = true;
        self
    }

    /// Buttons under it.
    #[must_use]
    pub fn part(mut self, part: Part) -> Long {
        self.part = Some(part);
        self
    }

    /// The script refreshes this one; needs an id and [`crate::Shell::refresh`].
    #[must_use]
    pub fn live(mut self, id: impl Into<String>) -> Long {
        self.id = Some(id.into());
        self
    }
}

/// Somebody changed it first: who, when, and one's own text below.
#[derive(Debug, Template)]
#[template(path = "ui/conflict.html")]
pub struct Conflict {
    text: Rich,
    fresh: Option<String>,
    typed: Vec<(Words, String)>,
}

/// The box of a 409: who changed it and when; what was typed is put below with [`Conflict::typed`].
pub fn conflict(text: impl Into<Rich>) -> Conflict {
    Conflict { text: text.into(), fresh: None, typed: Vec::new() }
}

impl Conflict {
    /// Where the new version is.
    #[must_use]
    pub fn fresh(mut self, href: impl std::fmt::Display) -> Conflict {
        self.fresh = Some(href.to_string());
        self
    }

    /// A text the person had typed.
    #[must_use]
    pub fn typed(mut self, label: impl Into<Words>, text: impl std::fmt::Display) -> Conflict {
        self.typed.push((label.into(), text.to_string()));
        self
    }
}

html_safe!(Notice, Toast, Saved, Offline, Empty, Long, Conflict);
