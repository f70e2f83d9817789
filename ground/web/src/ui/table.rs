//! Tables with a caption, sorted heads, group rows, selection and pages. A page may also write its own `<table>` and use only the heads.

use askama::Template;

use super::html_safe;
use crate::filters;
use crate::i18n::Words;
use crate::scene::Part;

/// How a list is sorted, as it stands in the query (`?xep=han` or `?xep=-han`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sort {
    /// The column.
    pub by: String,
    /// The other way round.
    pub down: bool,
}

impl Sort {
    /// Reads `?xep=`; anything not offered becomes the first.
    pub fn read(query: &str, offered: &[&str]) -> Sort {
        let asked = crate::visit::query_value(query, "xep").unwrap_or_default();
        let (down, by) = match asked.strip_prefix('-') {
            Some(by) => (true, by),
            None => (false, asked.as_str()),
        };
        match offered.iter().find(|o| **o == by) {
            Some(by) => Sort { by: (*by).to_owned(), down },
            None => Sort { by: offered.first().copied().unwrap_or_default().to_owned(), down: false },
        }
    }
}

/// The head of one column.
#[derive(Debug, Clone, Template)]
#[template(path = "ui/head.html")]
pub struct Head {
    label: Words,
    sorted: Option<(String, Option<bool>)>,
    class: &'static str,
}

/// A head that cannot be sorted by.
pub fn head(label: impl Into<Words>) -> Head {
    Head { label: label.into(), sorted: None, class: "" }
}

/// A head that sorts. `path` and `query` are those of the page.
pub fn sort_head(label: impl Into<Words>, by: &str, sort: &Sort, path: &str, query: &str) -> Head {
    let active = sort.by == by;
    let value = if active && !sort.down { format!("-{by}") } else { by.to_owned() };
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(k, _)| k != "xep" && k != "trang");
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("xep", &value).finish();
    Head { label: label.into(), sorted: Some((format!("{path}?{query}"), active.then_some(sort.down))), class: "" }
}

impl Head {
    /// A class: `r` for figures.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Head {
        self.class = class;
        self
    }
}

/// One cell.
#[derive(Debug)]
pub struct Cell {
    part: Part,
    class: &'static str,
    head: bool,
}

impl Cell {
    /// Text that is shown as it is: names, codes, figures.
    pub fn raw(text: impl std::fmt::Display) -> Cell {
        Cell { part: Part::raw(text), class: "", head: false }
    }

    /// A sentence of ours.
    pub fn text(text: impl Into<Words>) -> Cell {
        Cell { part: Part::text(text), class: "", head: false }
    }

    /// A component.
    pub fn of(part: impl askama::FastWritable + askama::filters::HtmlSafe + Send + Sync + 'static) -> Cell {
        Cell { part: Part::of(part), class: "", head: false }
    }

    /// A link.
    pub fn link(href: impl std::fmt::Display, text: impl std::fmt::Display) -> Cell {
        Cell { part: Part::of(Anchor { href: href.to_string(), text: text.to_string() }), class: "", head: false }
    }

    /// A class: `r`, `code`, `quiet`, `c-due`.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Cell {
        self.class = class;
        self
    }

    /// The cell that names its row.
    #[must_use]
    pub fn row_head(mut self) -> Cell {
        self.head = true;
        self
    }
}

#[derive(Debug, Template)]
#[template(source = r#"<a href="{{ href }}">{{ web::name(text) }}</a>"#, ext = "html")]
struct Anchor {
    href: String,
    text: String,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    cells: Vec<Cell>,
    pick: Option<(String, Words, bool)>,
    href: Option<String>,
}

impl Row {
    /// A row.
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Row {
        Row { cells: cells.into_iter().collect(), pick: None, href: None }
    }

    /// It can be chosen: the value sent, what is said of the box, whether it is ticked.
    #[must_use]
    pub fn pick(mut self, value: impl std::fmt::Display, label: impl Into<Words>, ticked: bool) -> Row {
        self.pick = Some((value.to_string(), label.into(), ticked));
        self
    }

    /// Where `Enter` leads, for officers' keys; a link must stand in a cell too.
    #[must_use]
    pub fn opens(mut self, href: impl std::fmt::Display) -> Row {
        self.href = Some(href.to_string());
        self
    }
}

/// Rows under a heading of their own.
#[derive(Debug, Default)]
pub struct Group {
    head: Option<(Words, Words)>,
    rows: Vec<Row>,
}

/// A table.
#[derive(Debug, Template)]
#[template(path = "ui/table.html")]
pub struct Table {
    caption: Words,
    quiet_caption: bool,
    count: Option<u64>,
    heads: Vec<Head>,
    groups: Vec<Group>,
    pick_name: Option<&'static str>,
    class: &'static str,
    loading: u8,
    keys: bool,
    label: Words,
    id: &'static str,
}
html_safe!(Head, Anchor, Table);

/// A table with its caption and heads.
pub fn table(caption: impl Into<Words>, heads: impl IntoIterator<Item = Head>) -> Table {
    let caption = caption.into();
    Table {
        label: caption.clone(),
        caption,
        quiet_caption: false,
        count: None,
        heads: heads.into_iter().collect(),
        groups: Vec::new(),
        pick_name: None,
        class: "",
        loading: 0,
        keys: false,
        id: "bang",
    }
}

impl Table {
    /// A row, in the last group.
    #[must_use]
    pub fn row(mut self, row: Row) -> Table {
        if self.groups.is_empty() {
            self.groups.push(Group::default());
        }
        if let Some(group) = self.groups.last_mut() {
            group.rows.push(row);
        }
        self
    }

    /// Rows.
    #[must_use]
    pub fn rows(self, rows: impl IntoIterator<Item = Row>) -> Table {
        rows.into_iter().fold(self, Table::row)
    }

    /// Begins a group: "Hạn hôm nay, thứ Hai 23/11", "5 hồ sơ".
    #[must_use]
    pub fn group(mut self, title: impl Into<Words>, remark: impl Into<Words>) -> Table {
        self.groups.push(Group { head: Some((title.into(), remark.into())), rows: Vec::new() });
        self
    }

    /// The caption is there for screen readers only.
    #[must_use]
    pub fn quiet_caption(mut self) -> Table {
        self.quiet_caption = true;
        self
    }

    /// How many there are in all, behind the caption.
    #[must_use]
    pub fn count(mut self, count: u64) -> Table {
        self.count = Some(count);
        self
    }

    /// Rows can be chosen; the boxes send this name.
    #[must_use]
    pub fn picks(mut self, name: &'static str) -> Table {
        self.pick_name = Some(name);
        self
    }

    /// One more class: `inbox`.
    #[must_use]
    pub fn class(mut self, class: &'static str) -> Table {
        self.class = class;
        self
    }

    /// Officers' keys work on its rows (J, K, X, Enter).
    #[must_use]
    pub fn keys(mut self) -> Table {
        self.keys = true;
        self
    }

    /// The script refreshes it under this id; needs [`crate::Shell::refresh`].
    #[must_use]
    pub fn id(mut self, id: &'static str) -> Table {
        self.id = id;
        self
    }

    /// Grey rows in the shape of what comes; only while a script fetches.
    #[must_use]
    pub fn loading(mut self, rows: u8) -> Table {
        self.loading = rows;
        self
    }

    fn width(&self) -> usize {
        self.heads.len() + usize::from(self.pick_name.is_some())
    }
}
