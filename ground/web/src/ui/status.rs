//! Status: shape, word and colour together; take away the colour and it is still read. A row shows a badge or a due bar, not both.

use askama::Template;

use super::html_safe;
use crate::i18n::Words;

/// The six statuses of the house.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// ○ not begun: "Bản nháp", "Chưa tính giờ".
    Idle,
    /// ◐ under way: "Đang xử lý".
    Run,
    /// ● with a tick: "Đúng hạn".
    Ok,
    /// ▲ look out: "Sắp đến hạn".
    Warn,
    /// ◆ late or wrong: "Quá hạn".
    Bad,
    /// ■ waiting: "Tạm dừng".
    Hold,
}

impl Status {
    /// All six, for galleries and tests.
    pub const ALL: [Status; 6] = [Status::Idle, Status::Run, Status::Ok, Status::Warn, Status::Bad, Status::Hold];

    /// Its class.
    pub fn class(self) -> &'static str {
        match self {
            Status::Idle => "idle",
            Status::Run => "run",
            Status::Ok => "ok",
            Status::Warn => "warn",
            Status::Bad => "bad",
            Status::Hold => "hold",
        }
    }

    /// Its shape.
    pub fn icon(self) -> &'static str {
        match self {
            Status::Idle => "s-idle",
            Status::Run => "s-run",
            Status::Ok => "s-ok",
            Status::Warn => "s-warn",
            Status::Bad => "s-bad",
            Status::Hold => "s-hold",
        }
    }
}

/// A status in one word or two.
#[derive(Debug, Clone, Template)]
#[template(source = r#"<span class="badge {{ status.class() }}">{{ web::icon(status.icon()) }}{{ label }}</span>"#, ext = "html")]
pub struct Badge {
    status: Status,
    label: Words,
}

/// A status in one word or two.
pub fn badge(status: Status, label: impl Into<Words>) -> Badge {
    Badge { status, label: label.into() }
}

impl Badge {
    /// The class of its status, for what stands around it.
    pub fn class(&self) -> &'static str {
        self.status.class()
    }
}

/// A small neutral mark: "chờ xã U Minh".
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<span class="tag">{% if let Some(name) = mark %}{{ web::icon(name) }}{% endif %}{{ label }}</span>"#,
    ext = "html"
)]
pub struct Tag {
    label: Words,
    mark: Option<&'static str>,
}

/// A small neutral mark.
pub fn tag(label: impl Into<Words>) -> Tag {
    Tag { label: label.into(), mark: None }
}

impl Tag {
    /// An icon before it.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Tag {
        self.mark = Some(name);
        self
    }
}

/// How much time is left: words first, a bar repeats them by length and pattern.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/due.html")]
pub struct Due {
    status: Status,
    label: Words,
    at: Words,
    used: u8,
    until: Option<i64>,
}

/// Time left in words, the moment, and how much of the term is used (0–100).
pub fn due(status: Status, label: impl Into<Words>, at: impl Into<Words>, used: u8) -> Due {
    Due { status, label: label.into(), at: at.into(), used: used.min(100), until: None }
}

impl Due {
    /// Lets the script count the minutes down; only for less than an hour of running office time.
    #[must_use]
    pub fn counting_to(mut self, moment: base::Moment) -> Due {
        self.until = Some(moment.micros() / 1_000_000);
        self
    }
}

html_safe!(Badge, Tag, Due);
