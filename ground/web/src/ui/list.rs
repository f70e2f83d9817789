//! Lists that tell a story or keep things in order: tasks, steps, timeline, facts.

use askama::Template;

use super::status::{Badge, Status, badge};
use super::{Maybe, html_safe};
use crate::filters;
use crate::i18n::{Rich, Words};
use crate::scene::Part;

/// One task of a task list.
#[derive(Debug, Clone)]
pub struct Task {
    label: Words,
    href: Option<String>,
    hint: Option<Words>,
    state: Badge,
}

impl Task {
    /// A task that can be opened.
    pub fn new(href: impl std::fmt::Display, label: impl Into<Words>, status: Status, state: impl Into<Words>) -> Task {
        Task { label: label.into(), href: Some(href.to_string()), hint: None, state: badge(status, state) }
    }

    /// A task that cannot be opened yet, and why.
    pub fn shut(label: impl Into<Words>, why: impl Maybe, state: impl Into<Words>) -> Task {
        Task { label: label.into(), href: None, hint: why.maybe(), state: badge(Status::Idle, state) }
    }

    /// A line under it.
    #[must_use]
    pub fn hint(mut self, hint: impl Maybe) -> Task {
        self.hint = hint.maybe();
        self
    }
}

/// What is to be done, each with its state.
#[derive(Debug, Template)]
#[template(
    source = r#"<ul class="tasks">{% for task in tasks %}<li><div>{% if let Some(href) = task.href %}<a href="{{ href }}">{{ task.label }}</a>{% else %}<span class="quiet">{{ task.label }}</span>{% endif %}{% if let Some(hint) = task.hint %}<span class="hint">{{ hint }}</span>{% endif %}</div>{{ task.state }}</li>{% endfor %}</ul>"#,
    ext = "html"
)]
pub struct TaskList {
    tasks: Vec<Task>,
}

/// A task list.
pub fn task_list(tasks: impl IntoIterator<Item = Task>) -> TaskList {
    TaskList { tasks: tasks.into_iter().collect() }
}

/// Where one is on the way through a form.
#[derive(Debug, Template)]
#[template(path = "ui/steps.html")]
pub struct Steps {
    labels: Vec<Words>,
    now: usize,
}

/// A stepper; `now` counts from 1.
pub fn steps<W: Into<Words>>(labels: impl IntoIterator<Item = W>, now: usize) -> Steps {
    Steps { labels: labels.into_iter().map(Into::into).collect(), now }
}

/// When a happening lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It happened.
    Past,
    /// It is happening.
    Now,
    /// It is still to come.
    Next,
}

/// One happening of a timeline.
#[derive(Debug)]
pub struct Happening {
    when: When,
    title: Rich,
    time: Option<(String, Words)>,
    about: Option<Rich>,
    mark: Option<&'static str>,
}

impl Happening {
    /// A happening.
    pub fn new(when: When, title: impl Into<Rich>) -> Happening {
        let mark = match when {
            When::Past => Some("check"),
            When::Now => Some("pen"),
            When::Next => None,
        };
        Happening { when, title: title.into(), time: None, about: None, mark }
    }

    /// When, for machines (ISO 8601) and for people.
    #[must_use]
    pub fn at(mut self, iso: impl std::fmt::Display, words: impl Into<Words>) -> Happening {
        self.time = Some((iso.to_string(), words.into()));
        self
    }

    /// A line about it.
    #[must_use]
    pub fn about(mut self, text: impl Into<Rich>) -> Happening {
        self.about = Some(text.into());
        self
    }

    /// Another mark in its dot.
    #[must_use]
    pub fn mark(mut self, icon: &'static str) -> Happening {
        self.mark = Some(icon);
        self
    }
}

/// What happened, is happening, and comes.
#[derive(Debug, Template)]
#[template(path = "ui/timeline.html")]
pub struct Timeline {
    happenings: Vec<Happening>,
    headings: bool,
}

/// A timeline for citizens: each happening under its heading.
pub fn timeline(happenings: impl IntoIterator<Item = Happening>) -> Timeline {
    Timeline { happenings: happenings.into_iter().collect(), headings: true }
}

impl Timeline {
    /// For officers: small, without headings.
    #[must_use]
    pub fn dense(mut self) -> Timeline {
        self.headings = false;
        self
    }
}

/// Names and values.
#[derive(Debug, Template)]
#[template(
    source = r#"<dl class="facts{% if !class.is_empty() %} {{ class }}{% endif %}">{% for (name, value) in rows %}<dt>{{ name }}</dt><dd>{{ value }}</dd>{% endfor %}</dl>"#,
    ext = "html"
)]
pub struct Facts {
    rows: Vec<(Words, Part)>,
    class: &'static str,
}

/// Names and values; start empty and add.
pub fn facts() -> Facts {
    Facts { rows: Vec::new(), class: "" }
}

impl Facts {
    /// A value that is shown as it is.
    #[must_use]
    pub fn row(mut self, name: impl Into<Words>, value: impl std::fmt::Display) -> Facts {
        self.rows.push((name.into(), Part::raw(value)));
        self
    }

    /// A value made of components.
    #[must_use]
    pub fn part(mut self, name: impl Into<Words>, value: Part) -> Facts {
        self.rows.push((name.into(), value));
        self
    }

    /// A value only when there is one.
    #[must_use]
    pub fn row_opt(self, name: impl Into<Words>, value: Option<impl std::fmt::Display>) -> Facts {
        match value {
            Some(value) => self.row(name, value),
            None => self,
        }
    }

    /// Another class (`facts-1` for one column).
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Facts {
        self.class = class;
        self
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

html_safe!(TaskList, Steps, Timeline, Facts);
