//! Fields of a form: label always visible, hint and error tied to the control, every kind in one frame.

use askama::Template;

use super::{Maybe, html_safe, id_of};
use crate::filters;
use crate::i18n::{Rich, Words, words};

/// One thing to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: Words,
    /// A line under it.
    pub hint: Option<Words>,
}

impl Choice {
    /// A thing to choose.
    pub fn new(value: impl Into<String>, label: impl Into<Words>) -> Choice {
        Choice { value: value.into(), label: label.into(), hint: None }
    }

    /// A line under it.
    #[must_use]
    pub fn hint(mut self, hint: impl Maybe) -> Choice {
        self.hint = hint.maybe();
        self
    }
}

/// The three parts of a date as they were typed; nothing is corrected in silence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateParts {
    /// Day.
    pub day: String,
    /// Month.
    pub month: String,
    /// Year.
    pub year: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Control {
    Text { kind: &'static str, list: Vec<String>, from: Option<&'static str> },
    Area { rows: u8 },
    Select { choices: Vec<Choice> },
    Radios { choices: Vec<Choice> },
    Checks { choices: Vec<Choice> },
    Date { parts: DateParts, wrong: String },
    Locked { more: Option<Words> },
    File { accept: String, required: bool },
}

/// A field with its label, hint, error and note.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/field.html")]
pub struct Field {
    name: String,
    id: String,
    label: Words,
    control: Control,
    values: Vec<String>,
    hint: Option<Words>,
    error: Option<Words>,
    optional: Option<Words>,
    note: Option<Rich>,
    note_icon: &'static str,
    width: u8,
    inline: bool,
    hidden_label: bool,
    placeholder: Option<Words>,
    inputmode: Option<&'static str>,
    autocomplete: Option<String>,
    maxlength: Option<u32>,
    class: &'static str,
    keep: bool,
    extra: Vec<(&'static str, String)>,
}
html_safe!(Field);

impl Field {
    fn new(name: impl AsRef<str>, label: impl Into<Words>, control: Control) -> Field {
        Field {
            name: name.as_ref().to_owned(),
            id: id_of(name.as_ref()),
            label: label.into(),
            control,
            values: Vec::new(),
            hint: None,
            error: None,
            optional: None,
            note: None,
            note_icon: "shield",
            width: 0,
            inline: false,
            hidden_label: false,
            placeholder: None,
            inputmode: None,
            autocomplete: None,
            maxlength: None,
            class: "",
            keep: true,
            extra: Vec::new(),
        }
    }

    /// What stands in it. For checks, call it once for each that is ticked.
    #[must_use]
    pub fn value(mut self, value: impl std::fmt::Display) -> Field {
        self.values.push(value.to_string());
        self
    }

    /// What stands in it, if anything does.
    #[must_use]
    pub fn value_opt(mut self, value: Option<impl std::fmt::Display>) -> Field {
        self.values.extend(value.map(|v| v.to_string()));
        self
    }

    /// All that is ticked.
    #[must_use]
    pub fn values<T: std::fmt::Display>(mut self, values: impl IntoIterator<Item = T>) -> Field {
        self.values.extend(values.into_iter().map(|v| v.to_string()));
        self
    }

    /// One line that helps before typing.
    #[must_use]
    pub fn hint(mut self, hint: impl Maybe) -> Field {
        self.hint = hint.maybe();
        self
    }

    /// What is wrong and how to put it right.
    #[must_use]
    pub fn error(mut self, error: impl Maybe) -> Field {
        self.error = error.maybe();
        self
    }

    /// The fault of this field, out of all of a form.
    #[must_use]
    pub fn fault_in(mut self, faults: &[crate::problem::FieldFault]) -> Field {
        self.error = faults.iter().find(|f| f.field == self.name).map(|f| f.message.clone());
        self
    }

    /// Says that it may stay empty.
    #[must_use]
    pub fn optional(self) -> Field {
        self.aside(words("không bắt buộc"))
    }

    /// A quiet remark beside the label: "theo thoả thuận của cha mẹ".
    #[must_use]
    pub fn aside(mut self, remark: impl Maybe) -> Field {
        self.optional = remark.maybe();
        self
    }

    /// A line under the control, with a tick: what was understood.
    #[must_use]
    pub fn note(mut self, note: impl Into<Rich>) -> Field {
        self.note = Some(note.into());
        self.note_icon = "check";
        self
    }

    /// A line under a locked field: where it comes from, when, and what to do if it is wrong.
    #[must_use]
    pub fn source(mut self, source: impl Into<Rich>) -> Field {
        self.note = Some(source.into());
        self.note_icon = "shield";
        self
    }

    /// More quiet words in a locked field.
    #[must_use]
    pub fn more(mut self, text: impl Maybe) -> Field {
        if let Control::Locked { more } = &mut self.control {
            *more = text.maybe();
        }
        self
    }

    /// How wide it is, in letters: 2, 4, 10, 20 or 30; otherwise as wide as the column.
    #[must_use]
    pub fn width(mut self, letters: u8) -> Field {
        self.width = letters;
        self
    }

    /// The type of a text field: `tel`, `email`, `password`, `search`, `number`.
    #[must_use]
    pub fn kind(mut self, of: &'static str) -> Field {
        if let Control::Text { kind, .. } = &mut self.control {
            *kind = of;
        }
        self.keep = of != "password";
        self
    }

    /// Digits on the telephone's keyboard.
    #[must_use]
    pub fn digits(mut self) -> Field {
        self.inputmode = Some("numeric");
        self
    }

    /// The keyboard a telephone shows.
    #[must_use]
    pub fn inputmode(mut self, mode: &'static str) -> Field {
        self.inputmode = Some(mode);
        self
    }

    /// What a browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, what: impl AsRef<str>) -> Field {
        self.autocomplete = Some(what.as_ref().to_owned());
        self
    }

    /// Suggestions of a text field, offered by the browser.
    #[must_use]
    pub fn suggestions<T: std::fmt::Display>(mut self, all: impl IntoIterator<Item = T>) -> Field {
        if let Control::Text { list, .. } = &mut self.control {
            list.extend(all.into_iter().map(|t| t.to_string()));
        }
        self
    }

    /// Suggestions that several fields of a page share; the page draws them once with [`suggestions`].
    #[must_use]
    pub fn suggestions_of(mut self, list: &'static str) -> Field {
        if let Control::Text { from, .. } = &mut self.control {
            *from = Some(list);
        }
        self
    }

    /// The kinds of file a [`file`] field offers first: `.csv,.xlsx`. What a file is, its content decides.
    #[must_use]
    pub fn accept(mut self, kinds: impl Into<String>) -> Field {
        if let Control::File { accept, .. } = &mut self.control {
            *accept = kinds.into();
        }
        self
    }

    /// The form is not sent without this file.
    #[must_use]
    pub fn must(mut self) -> Field {
        if let Control::File { required, .. } = &mut self.control {
            *required = true;
        }
        self
    }

    /// An example inside the empty field; never instead of the label.
    #[must_use]
    pub fn placeholder(mut self, text: impl Maybe) -> Field {
        self.placeholder = text.maybe();
        self
    }

    /// The most letters it takes.
    #[must_use]
    pub fn max(mut self, letters: u32) -> Field {
        self.maxlength = Some(letters);
        self
    }

    /// Lines of a text area.
    #[must_use]
    pub fn rows(mut self, lines: u8) -> Field {
        if let Control::Area { rows } = &mut self.control {
            *rows = lines;
        }
        self
    }

    /// Choices side by side.
    #[must_use]
    pub fn inline(mut self) -> Field {
        self.inline = true;
        self
    }

    /// The label is there for screen readers only; where a heading says the same.
    #[must_use]
    pub fn quiet_label(mut self) -> Field {
        self.hidden_label = true;
        self
    }

    /// Another id, when a name stands twice on a page.
    #[must_use]
    pub fn id(mut self, id: impl AsRef<str>) -> Field {
        self.id = id_of(id.as_ref());
        self
    }

    /// Codes and digests: `mono`, `num`, `code`.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Field {
        self.class = class;
        self
    }

    /// Which parts of a date are wrong: any of `d`, `m`, `y`.
    #[must_use]
    pub fn wrong_parts(mut self, which: &str) -> Field {
        if let Control::Date { wrong, .. } = &mut self.control {
            *wrong = which.to_owned();
        }
        self
    }

    /// A data attribute for a script: `.data("data-suggest", "/goi-y/xa")`.
    #[must_use]
    pub fn data(mut self, name: &'static str, value: impl Into<String>) -> Field {
        debug_assert!(name.starts_with("data-"));
        self.extra.push((name, value.into()));
        self
    }

    /// What it is sent as.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where a link in the error summary leads.
    pub fn anchor(&self) -> String {
        match &self.control {
            Control::Date { wrong, .. } => format!("{}-{}", self.id, wrong.chars().next().unwrap_or('d')),
            Control::Radios { .. } | Control::Checks { .. } => format!("{}-0", self.id),
            _ => self.id.clone(),
        }
    }

    /// The list of suggestions this field shares with others.
    pub fn shared_list(&self) -> Option<&'static str> {
        match &self.control {
            Control::Text { from, .. } => *from,
            _ => None,
        }
    }

    fn is_group(&self) -> bool {
        matches!(self.control, Control::Radios { .. } | Control::Checks { .. } | Control::Date { .. })
    }

    fn first(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    fn has(&self, value: &str) -> bool {
        self.values.iter().any(|v| v == value)
    }

    /// The ids that describe the control.
    fn described(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-h", self.id));
        }
        if self.error.is_some() {
            ids.push(format!("{}-e", self.id));
        }
        if self.note.is_some() {
            ids.push(format!("{}-n", self.id));
        }
        ids.join(" ")
    }

    fn width_class(&self) -> &'static str {
        match self.width {
            0 => "",
            1..=2 => " w-2",
            3..=4 => " w-4",
            5..=12 => " w-10",
            13..=20 => " w-20",
            _ => " w-30",
        }
    }

    fn is_wrong(&self, part: &str) -> bool {
        match &self.control {
            Control::Date { wrong, .. } => self.error.is_some() && (wrong.is_empty() || wrong.contains(part)),
            _ => self.error.is_some(),
        }
    }
}

/// A line of text.
pub fn text(name: impl AsRef<str>, label: impl Into<Words>) -> Field {
    Field::new(name, label, Control::Text { kind: "text", list: Vec::new(), from: None })
}

/// One file, sent with its form; where files are added one by one and a line may break it is [`crate::files`]. The choice of a file
/// cannot be kept by a page, so nothing tries to.
pub fn file(name: impl AsRef<str>, label: impl Into<Words>) -> Field {
    let mut field = Field::new(name, label, Control::File { accept: String::new(), required: false });
    field.keep = false;
    field
}

/// Several lines.
pub fn area(name: impl AsRef<str>, label: impl Into<Words>) -> Field {
    Field::new(name, label, Control::Area { rows: 4 })
}

/// One out of many, folded away.
pub fn select(name: impl AsRef<str>, label: impl Into<Words>, choices: impl IntoIterator<Item = Choice>) -> Field {
    Field::new(name, label, Control::Select { choices: choices.into_iter().collect() })
}

/// One out of a few, all in sight.
pub fn radios(name: impl AsRef<str>, legend: impl Into<Words>, choices: impl IntoIterator<Item = Choice>) -> Field {
    Field::new(name, legend, Control::Radios { choices: choices.into_iter().collect() })
}

/// Any out of a few.
pub fn checks(name: impl AsRef<str>, legend: impl Into<Words>, choices: impl IntoIterator<Item = Choice>) -> Field {
    Field::new(name, legend, Control::Checks { choices: choices.into_iter().collect() })
}

/// A date in three parts, sent as `name.d`, `name.m`, `name.y`.
pub fn date(name: impl AsRef<str>, legend: impl Into<Words>, parts: DateParts) -> Field {
    Field::new(name, legend, Control::Date { parts, wrong: String::new() })
}

/// What the state already holds: shown, not asked. Give it a [`Field::source`].
pub fn locked(label: impl Into<Words>, value: impl std::fmt::Display) -> Field {
    let label = label.into();
    let id = format!("khoa-{}", id_of(&base::text::fold(&label.to_string())));
    Field::new(id, label, Control::Locked { more: None }).value(value)
}

/// The hidden word that every form with `method="post"` carries.
#[derive(Debug, Clone, Copy)]
pub struct Csrf {
    once: bool,
}

/// The hidden CSRF word: the first thing inside every `<form method="post">`.
pub fn csrf() -> Csrf {
    Csrf { once: false }
}

/// The CSRF word and a key that makes the same send twice one act (`lan`, read it with [`crate::once::Once`]).
pub fn csrf_once() -> Csrf {
    Csrf { once: true }
}

crate::scene::hand_written!(Csrf, |it, dest, scene| {
    let (csrf, once) = match scene {
        Some(scene) => (scene.csrf(), if it.once { scene.once() } else { String::new() }),
        None => (String::new(), String::new()),
    };
    write!(dest, "<input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">")?;
    if it.once {
        write!(dest, "<input type=\"hidden\" name=\"lan\" value=\"{once}\">")?;
    }
});

/// Suggestions that several fields of a page share.
#[derive(Debug, Clone)]
pub struct Suggestions(&'static str, Vec<String>);

/// Draws the suggestions fields ask for with [`Field::suggestions_of`].
pub fn suggestions<T: std::fmt::Display>(list: &'static str, all: impl IntoIterator<Item = T>) -> Suggestions {
    Suggestions(list, all.into_iter().map(|t| t.to_string()).collect())
}

crate::scene::hand_written!(Suggestions, |it, dest, scene| {
    let _ = scene;
    write!(dest, "<datalist id=\"{}\">", crate::i18n::escape(it.0))?;
    for item in &it.1 {
        write!(dest, "<option value=\"{}\"></option>", crate::i18n::escape(item))?;
    }
    write!(dest, "</datalist>")?;
});

/// A hidden value.
#[derive(Debug, Clone)]
pub struct Hidden(String, String);

/// A hidden value; it is escaped.
pub fn hidden(name: impl std::fmt::Display, value: impl std::fmt::Display) -> Hidden {
    Hidden(name.to_string(), value.to_string())
}

crate::scene::hand_written!(Hidden, |it, dest, scene| {
    let (name, value) = (crate::i18n::escape(&it.0), crate::i18n::escape(&it.1));
    write!(dest, "<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")?;
});

/// All faults of a form together, on top of it. Focus goes there after a failed send.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/summary.html")]
pub struct ErrorSummary {
    faults: Vec<(String, Words)>,
    kept: Words,
}
html_safe!(ErrorSummary);

/// The summary of the faults of fields; prints nothing when there are none.
pub fn error_summary(faults: &[crate::problem::FieldFault]) -> ErrorSummary {
    let faults = faults.iter().map(|f| (id_of(&f.field), f.message.clone())).collect();
    ErrorSummary { faults, kept: words("Những gì bạn đã điền vẫn còn nguyên.") }
}

/// The summary, taken from the fields themselves, so that links lead to the very part that is wrong.
pub fn error_summary_of<'a>(fields: impl IntoIterator<Item = &'a Field>) -> ErrorSummary {
    let faults = fields.into_iter().filter_map(|f| f.error.clone().map(|e| (f.anchor(), e))).collect();
    ErrorSummary { faults, kept: words("Những gì bạn đã điền vẫn còn nguyên.") }
}

impl ErrorSummary {
    /// Adds a fault that leads to an id.
    #[must_use]
    pub fn add(mut self, id: impl Into<String>, message: impl Into<Words>) -> ErrorSummary {
        self.faults.push((id.into(), message.into()));
        self
    }

    fn heading(&self) -> Words {
        words("Còn {0} chỗ cần sửa").with(self.faults.len())
    }
}
