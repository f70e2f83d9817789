//! Parts of officers' pages: who holds what, the batch bar, the decision bar, keys, figures.

use askama::Template;

use super::{Maybe, html_safe};
use crate::filters;
use crate::i18n::{Rich, Words, words};
use crate::scene::Part;
use crate::shell::Bar;

/// Who holds a thing.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"{% if let Some(name) = name %}{% if present %}<span class="presence"><span class="avatar avatar-s" aria-hidden="true">{{ letters }}</span><span>{{ "đang được xử lý bởi"|t }}<br>{{ name }}</span></span>{% else %}<span class="holder"><span class="avatar avatar-s" aria-hidden="true">{{ letters }}</span>{{ name }}</span>{% endif %}{% else %}<span class="meta">{{ "chưa ai nhận"|t }}</span>{% endif %}"#,
    ext = "html"
)]
pub struct Holder {
    name: Option<String>,
    letters: String,
    present: bool,
}

/// Who holds it, or nobody yet.
pub fn holder(name: Option<&str>) -> Holder {
    Holder { name: name.map(str::to_owned), letters: Bar::letters(name.unwrap_or_default()), present: false }
}

/// Somebody has it open right now.
pub fn presence(name: &str) -> Holder {
    Holder { present: true, ..holder(Some(name)) }
}

/// A key of the keyboard and what it does.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<p class="keys">{% for (keys, words) in rows %}<span>{% for key in keys %}<kbd>{{ key }}</kbd> {% endfor %}{{ words }}</span>{% endfor %}</p>"#,
    ext = "html"
)]
pub struct Keys {
    rows: Vec<(Vec<&'static str>, Words)>,
}

/// Keys shown in place; start empty and add.
pub fn keys() -> Keys {
    Keys { rows: Vec::new() }
}

impl Keys {
    /// One or more keys and what they do: `.key("J K", "lên, xuống")`.
    #[must_use]
    pub fn key(mut self, keys: &'static str, words: impl Into<Words>) -> Keys {
        self.rows.push((keys.split(' ').collect(), words.into()));
        self
    }

    /// The keys of every list.
    #[must_use]
    pub fn of_list(self) -> Keys {
        self.key("J K", words("xuống, lên")).key("X", words("chọn")).key("Enter", words("mở")).key("?", words("mọi phím"))
    }
}

/// What can be done with the chosen rows; shown by the script when something is chosen, always there without it.
#[derive(Debug, Template)]
#[template(
    source = r#"<div class="batch" role="region" aria-label="{{ "Thao tác hàng loạt"|t }}" data-batch><b data-picked="{{ "Đã chọn {0} hồ sơ"|t }}">{{ title }}</b>{% if let Some(shared) = shared %}<span class="small" data-shared>{{ shared }}</span>{% endif %}<span class="grow"></span>{{ acts }}</div>"#,
    ext = "html"
)]
pub struct Batch {
    title: Words,
    shared: Option<Words>,
    acts: Part,
}

/// The batch bar. Its buttons stand in the same form as the table.
pub fn batch(title: impl Into<Words>, acts: Part) -> Batch {
    Batch { title: title.into(), shared: None, acts }
}

impl Batch {
    /// What the chosen have in common.
    #[must_use]
    pub fn shared(mut self, what: impl Maybe) -> Batch {
        self.shared = what.maybe();
        self
    }
}

/// Under the papers of a decision: what is proposed, what to send back with, and the acts.
#[derive(Debug, Template)]
#[template(
    source = r#"<div class="decide" role="region" aria-label="{{ "Quyết định"|t }}"><div class="decide-why">{{ why }}</div><div class="decide-back">{{ back }}</div><div class="decide-act">{{ acts }}</div></div>"#,
    ext = "html"
)]
pub struct Decision {
    why: Part,
    back: Part,
    acts: Part,
}

/// The decision bar in its three columns.
pub fn decision(why: Part, back: Part, acts: Part) -> Decision {
    Decision { why, back, acts }
}

/// A figure with its count, its period, and a way to what lies behind.
#[derive(Debug, Template)]
#[template(
    source = r#"<div class="card stat-card"><div class="stat"><span class="l">{{ label }}</span><span class="v{% if bad %} bad-text{% endif %}">{{ value }}</span></div>{% if let Some(share) = share %}<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect width="100" height="8" class="f5"/><rect width="{{ share }}" height="8" class="f1"/></svg>{% endif %}<p class="meta">{{ about }}</p></div>"#,
    ext = "html"
)]
pub struct Stat {
    label: Words,
    value: Words,
    about: Rich,
    bad: bool,
    share: Option<u8>,
}

/// A figure.
pub fn stat(label: impl Into<Words>, value: impl Into<Words>, about: impl Into<Rich>) -> Stat {
    Stat { label: label.into(), value: value.into(), about: about.into(), bad: false, share: None }
}

impl Stat {
    /// It is bad news.
    #[must_use]
    pub fn bad(mut self, is: bool) -> Stat {
        self.bad = is;
        self
    }

    /// A bar of so many per cent.
    #[must_use]
    pub fn share(mut self, percent: u8) -> Stat {
        self.share = Some(percent.min(100));
        self
    }
}

html_safe!(Holder, Keys, Batch, Decision, Stat);
