//! Buttons and links that look like buttons. One primary per view; the form number or ground of an act stands under it.

use askama::Template;

use super::{Maybe, html_safe};
use crate::i18n::{Rich, Words};

/// A button, or a link that looks like one.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/button.html")]
pub struct Button {
    label: Words,
    classes: Vec<&'static str>,
    href: Option<String>,
    name: Option<(String, String)>,
    action: Option<String>,
    icon_before: Option<&'static str>,
    icon_after: Option<&'static str>,
    key: Option<&'static str>,
    shown_key: Option<&'static str>,
    about: Option<Words>,
    ground: Option<Rich>,
    busy: bool,
    why_not: Option<Words>,
    plain_type: bool,
    id: Option<String>,
    form: Option<String>,
    rests: bool,
}
html_safe!(Button);

/// A button that sends its form: verb and thing, "Nộp hồ sơ".
pub fn button(label: impl Into<Words>) -> Button {
    Button {
        label: label.into(),
        classes: Vec::new(),
        href: None,
        name: None,
        action: None,
        icon_before: None,
        icon_after: None,
        key: None,
        shown_key: None,
        about: None,
        ground: None,
        busy: false,
        why_not: None,
        plain_type: false,
        id: None,
        form: None,
        rests: false,
    }
}

/// A link in the shape of a button.
pub fn link_button(href: impl std::fmt::Display, label: impl Into<Words>) -> Button {
    let mut button = button(label);
    button.href = Some(href.to_string());
    button
}

impl Button {
    fn class(mut self, class: &'static str) -> Button {
        self.classes.push(class);
        self
    }

    /// The one main act of the view.
    #[must_use]
    pub fn primary(self) -> Button {
        self.class("btn-primary")
    }

    /// Softer than the main act.
    #[must_use]
    pub fn soft(self) -> Button {
        self.class("btn-soft")
    }

    /// An act that costs somebody something.
    #[must_use]
    pub fn danger(self) -> Button {
        self.class("btn-danger")
    }

    /// Like a link.
    #[must_use]
    pub fn plain(self) -> Button {
        self.class("btn-plain")
    }

    /// Large, for the one act of a citizen's page.
    #[must_use]
    pub fn big(self) -> Button {
        self.class("btn-big")
    }

    /// Small, in rows.
    #[must_use]
    pub fn small(self) -> Button {
        self.class("btn-s")
    }

    /// As wide as its column.
    #[must_use]
    pub fn wide(self) -> Button {
        self.class("btn-wide")
    }

    /// An icon before the words.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Button {
        self.icon_before = Some(name);
        self
    }

    /// An icon behind the words.
    #[must_use]
    pub fn icon_after(mut self, name: &'static str) -> Button {
        self.icon_after = Some(name);
        self
    }

    /// The key that presses it (`T`, `ctrl+enter`), for officers; shown on it.
    #[must_use]
    pub fn key(mut self, key: &'static str) -> Button {
        self.key = Some(key);
        self.shown_key = Some(match key {
            "ctrl+enter" => "Ctrl Enter",
            other => other,
        });
        self
    }

    /// What it sends besides the fields.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>, value: impl std::fmt::Display) -> Button {
        self.name = Some((name.into(), value.to_string()));
        self
    }

    /// Sends the form to another address.
    #[must_use]
    pub fn action(mut self, href: impl std::fmt::Display) -> Button {
        self.action = Some(href.to_string());
        self
    }

    /// The form it belongs to, when it stands outside.
    #[must_use]
    pub fn form(mut self, id: impl Into<String>) -> Button {
        self.form = Some(id.into());
        self
    }

    /// More words for who cannot see the row: "Gỡ" + " giay-chung-sinh.pdf".
    #[must_use]
    pub fn about(mut self, what: impl Maybe) -> Button {
        self.about = what.maybe();
        self
    }

    /// The form number or legal ground, under the button.
    #[must_use]
    pub fn ground(mut self, ground: impl Into<Rich>) -> Button {
        self.ground = Some(ground.into());
        self
    }

    /// It is being done.
    #[must_use]
    pub fn busy(mut self) -> Button {
        self.busy = true;
        self
    }

    /// It cannot be pressed now, and why, in words beside it.
    #[must_use]
    pub fn why_not(mut self, reason: impl Maybe) -> Button {
        self.why_not = reason.maybe();
        self
    }

    /// Does not send the form; for scripts only.
    #[must_use]
    pub fn for_script(mut self) -> Button {
        self.plain_type = true;
        self
    }

    /// An id.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Button {
        self.id = Some(id.into());
        self
    }

    /// For the gallery: how it looks under the pointer or with focus.
    pub(crate) fn looks(self, class: &'static str) -> Button {
        self.class(class)
    }

    /// For the gallery: cannot be pressed, with the reason elsewhere.
    pub(crate) fn rests(mut self) -> Button {
        self.rests = true;
        self
    }

    fn class_list(&self) -> String {
        let mut all = String::from("btn");
        for class in &self.classes {
            all.push(' ');
            all.push_str(class);
        }
        all
    }

    fn before(&self) -> Option<&'static str> {
        if self.busy { Some("turn") } else { self.icon_before }
    }
}
