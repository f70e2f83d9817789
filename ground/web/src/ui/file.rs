//! Files of a form: what was received, what is on its way, what could not be read; and the place to add one.

use askama::Template;

use super::status::{Status, badge};
use super::{Maybe, html_safe, id_of};
use crate::filters;
use crate::i18n::{Words, words};

/// How a file stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileState {
    /// All of it is here; the first letters of its SHA-256.
    Received {
        /// Hex digits of the hash.
        sha256: String,
    },
    /// On its way.
    Sending {
        /// Bytes here.
        sent: u64,
    },
    /// It could not be taken, and what to do.
    Refused {
        /// Why.
        why: Words,
    },
}

/// One file.
#[derive(Debug, Clone)]
pub struct FileLine {
    id: String,
    name: String,
    size: u64,
    more: Option<Words>,
    state: FileState,
    href: Option<String>,
    warn: Option<Words>,
}

impl FileLine {
    /// A file by its id, its name and size.
    pub fn new(id: impl std::fmt::Display, name: impl std::fmt::Display, size: u64, state: FileState) -> FileLine {
        FileLine { id: id.to_string(), name: name.to_string(), size, more: None, state, href: None, warn: None }
    }

    /// More about it: "2 trang".
    #[must_use]
    pub fn more(mut self, text: impl Maybe) -> FileLine {
        self.more = text.maybe();
        self
    }

    /// Where it can be read.
    #[must_use]
    pub fn href(mut self, href: impl std::fmt::Display) -> FileLine {
        self.href = Some(href.to_string());
        self
    }

    /// Something to look at, without refusing: "ảnh có vẻ mờ".
    #[must_use]
    pub fn warn(mut self, text: impl Maybe) -> FileLine {
        self.warn = text.maybe();
        self
    }

    fn sum(&self) -> Option<String> {
        match &self.state {
            FileState::Received { sha256 } if sha256.len() >= 8 => Some(format!("{} {}", &sha256[..4], &sha256[4..8])),
            _ => None,
        }
    }

    /// How much of it is here.
    fn so_far(&self) -> Words {
        match self.state {
            FileState::Sending { sent } => {
                words("{0} trên {1}").with_words(crate::say::size(sent)).with_words(crate::say::size(self.size))
            }
            _ => Words::default(),
        }
    }

    fn percent(&self) -> u64 {
        match self.state {
            FileState::Sending { sent } if self.size > 0 => sent.min(self.size) * 100 / self.size,
            _ => 0,
        }
    }

    fn told(&self) -> crate::ui::status::Badge {
        match self.state {
            FileState::Received { .. } => badge(Status::Ok, words("Đã nhận đủ")),
            FileState::Sending { .. } => badge(Status::Run, words("Đang gửi")),
            FileState::Refused { .. } => badge(Status::Bad, words("Chưa nhận")),
        }
    }
}

/// Files of one paper and the place to add one. Without a script it is a plain file field inside a multipart form.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/files.html")]
pub struct Files {
    name: String,
    id: String,
    legend: Words,
    aside: Option<Words>,
    hint: Option<Words>,
    error: Option<Words>,
    lines: Vec<FileLine>,
    accept: String,
    endpoint: Option<String>,
    max: u64,
    many: bool,
    remove: Option<String>,
    full: bool,
}
html_safe!(Files);

/// Files under a legend. `name` is the field of the plain form.
pub fn files(name: impl AsRef<str>, legend: impl Into<Words>, lines: impl IntoIterator<Item = FileLine>) -> Files {
    Files {
        name: name.as_ref().to_owned(),
        id: id_of(name.as_ref()),
        legend: legend.into(),
        aside: None,
        hint: None,
        error: None,
        lines: lines.into_iter().collect(),
        accept: ".pdf,.jpg,.jpeg,.png".into(),
        endpoint: None,
        max: 10_000_000,
        many: false,
        remove: None,
        full: false,
    }
}

impl Files {
    /// A quiet remark beside the legend: "nếu có".
    #[must_use]
    pub fn aside(mut self, remark: impl Maybe) -> Files {
        self.aside = remark.maybe();
        self
    }

    /// A hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Maybe) -> Files {
        self.hint = hint.maybe();
        self
    }

    /// What is wrong and how to put it right.
    #[must_use]
    pub fn error(mut self, error: impl Maybe) -> Files {
        self.error = error.maybe();
        self
    }

    /// What may be chosen, as extensions: `["pdf", "jpg"]`.
    #[must_use]
    pub fn accept<T: AsRef<str>>(mut self, types: &[T]) -> Files {
        self.accept = types.iter().map(|t| format!(".{}", t.as_ref())).collect::<Vec<_>>().join(",");
        self
    }

    /// Where the script sends files by tus, so that a cut line goes on where it stopped. The id of the upload comes back in the
    /// hidden field `name` + `.id`.
    #[must_use]
    pub fn endpoint(mut self, href: impl Into<String>) -> Files {
        self.endpoint = Some(href.into());
        self
    }

    /// The largest file, in bytes.
    #[must_use]
    pub fn max(mut self, bytes: u64) -> Files {
        self.max = bytes;
        self
    }

    /// Several at once may be chosen.
    #[must_use]
    pub fn many(mut self) -> Files {
        self.many = true;
        self
    }

    /// Removing posts the file's id to this address, in the field `tep`.
    #[must_use]
    pub fn remove(mut self, action: impl Into<String>) -> Files {
        self.remove = Some(action.into());
        self
    }

    /// No more can be added.
    #[must_use]
    pub fn full(mut self, is: bool) -> Files {
        self.full = is;
        self
    }

    fn described(&self) -> String {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-h", self.id));
        }
        if self.error.is_some() {
            ids.push(format!("{}-e", self.id));
        }
        ids.join(" ")
    }
}
