//! Words on screen. The Vietnamese sentence is the key; each crate keeps its English in one file, `i18n/en.toml`.
//!
//! In templates: `{{ "Nộp hồ sơ"|t }}`. In Rust: `web::words("Bước {0} trên {1}").with(2).with(6)`, printed with `{{ words }}`.
//! A sentence without English is shown in Vietnamese and found by [`missing`] in a test.
//!
//! ```toml
//! "Nộp hồ sơ" = "File a dossier"
//! "{0} hồ sơ" = { one = "{0} dossier", other = "{0} dossiers" }
//! ```

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use askama::{FastWritable, Values};
use serde::Deserialize;

use crate::scene;

mod scan;
pub use scan::missing;

pub use base::Lang;

/// The value of the `lang` attribute.
pub fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "vi",
        Lang::En => "en",
    }
}

/// Reads `vi` or `en`.
pub fn read_lang(text: &str) -> Option<Lang> {
    match text {
        "vi" => Some(Lang::Vi),
        "en" => Some(Lang::En),
        _ => None,
    }
}

/// The text of one crate's catalogue; filled by [`catalogue!`](crate::catalogue).
#[linkme::distributed_slice]
#[allow(unsafe_code)]
pub static CATALOGUES: [(&'static str, &'static str)];

/// Adds this crate's English to the house: `web::catalogue!("../i18n/en.toml");` once, in `lib.rs`.
#[macro_export]
macro_rules! catalogue {
    ($path:literal) => {
        #[$crate::linkme::distributed_slice($crate::i18n::CATALOGUES)]
        #[linkme(crate = $crate::linkme)]
        #[allow(missing_docs, unsafe_code)]
        static ENGLISH: (&'static str, &'static str) = (env!("CARGO_CRATE_NAME"), include_str!($path));
    };
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Entry {
    Plain(String),
    Counted { one: String, other: String },
}

/// Reads a catalogue; a fault is reported with its place, as `toml` words it.
fn read(text: &str) -> Result<HashMap<String, Entry>, toml::de::Error> {
    toml::from_str(text)
}

fn english() -> &'static HashMap<String, Entry> {
    static ALL: OnceLock<HashMap<String, Entry>> = OnceLock::new();
    ALL.get_or_init(|| {
        let mut all = HashMap::new();
        for (name, text) in CATALOGUES {
            match read(text) {
                Ok(entries) => all.extend(entries),
                // A broken catalogue costs English, not the page; the scanner test of that crate fails on it.
                Err(error) => tracing::error!(catalogue = name, %error, "catalogue could not be read"),
            }
        }
        all
    })
}

/// A sentence to be said in the reader's language, with numbered blanks `{0}`, `{1}`…
///
/// Printed in a template it is translated and escaped. What fills the blanks is shown as it is, unless it is `Words` itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words {
    key: Cow<'static, str>,
    args: Vec<Words>,
    raw: bool,
    /// The same in English, where no catalogue can know it: figures.
    english: Option<Box<str>>,
}

/// Starts a sentence: `words("Còn {0} chỗ cần sửa").with(2)`.
pub fn words(key: &'static str) -> Words {
    Words { key: Cow::Borrowed(key), ..Words::default() }
}

/// Text that is no sentence of ours (a name, a code): never looked up.
pub fn raw(text: impl fmt::Display) -> Words {
    Words { key: Cow::Owned(text.to_string()), raw: true, ..Words::default() }
}

/// Text that is no sentence and still differs between the languages: figures (`1,8 MB`, `1.8 MB`).
pub fn figures(write: impl Fn(Lang) -> String) -> Words {
    Words { english: Some(write(Lang::En).into()), ..raw(write(Lang::Vi)) }
}

impl Words {
    /// Fills the next blank.
    #[must_use]
    pub fn with(mut self, value: impl fmt::Display) -> Words {
        self.args.push(raw(value));
        self
    }

    /// Fills the next blank with a sentence that is translated too.
    #[must_use]
    pub fn with_words(mut self, value: impl Into<Words>) -> Words {
        self.args.push(value.into());
        self
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }

    /// Says it.
    pub fn say(&self, lang: Lang) -> String {
        let pattern = self.pattern(lang);
        if self.args.is_empty() {
            return pattern.into_owned();
        }
        fill(&pattern, |n| self.args.get(n).map(|a| a.say(lang)))
    }

    fn pattern(&self, lang: Lang) -> Cow<'_, str> {
        if let (Lang::En, Some(english)) = (lang, &self.english) {
            return Cow::Borrowed(english);
        }
        if self.raw || lang == Lang::Vi {
            return Cow::Borrowed(&self.key);
        }
        match english().get(self.key.as_ref()) {
            Some(Entry::Plain(text)) => Cow::Borrowed(text),
            Some(Entry::Counted { one, other }) => {
                let is_one = self.args.first().is_some_and(|a| a.key == "1");
                Cow::Borrowed(if is_one { one } else { other })
            }
            None => Cow::Borrowed(&self.key),
        }
    }
}

/// Replaces `{0}`, `{1}`…; a blank without a value stays as written, so that a fault is seen.
fn fill(pattern: &str, value: impl Fn(usize) -> Option<String>) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let Some(close) = rest.find('}') else { break };
        match rest[1..close].parse().ok().and_then(&value) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&rest[..=close]),
        }
        rest = &rest[close + 1..];
    }
    out.push_str(rest);
    out
}

/// Is this Vietnamese, by its letters? Names without any mark read the same in both languages.
fn is_vietnamese(text: &str) -> bool {
    text.chars().any(|c| matches!(c, 'ă' | 'Ă' | 'â' | 'Â' | 'đ' | 'Đ' | 'ê' | 'Ê' | 'ô' | 'Ô' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | 'à'..='ã' | 'À'..='Ã' | 'è'..='é' | 'È'..='É' | 'ì'..='í' | 'Ì'..='Í' | 'ò'..='õ' | 'Ò'..='Õ' | 'ù'..='ú' | 'Ù'..='Ú' | 'ý' | 'Ý' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | '\u{1ea0}'..='\u{1ef9}'))
}

/// Writes text, escaped; on an English page what is still Vietnamese (names, what people typed) is marked so, for those who listen.
pub(crate) fn marked(dest: &mut dyn fmt::Write, text: &str, lang: Lang) -> askama::Result<()> {
    let text_is = lang == Lang::En && is_vietnamese(text);
    let escaped = escape(text);
    Ok(if text_is { write!(dest, "<span lang=\"vi\">{escaped}</span>") } else { dest.write_str(&escaped) }?)
}

/// A name on a page, marked as Vietnamese where the page is English. See [`name`].
#[derive(Debug, Clone)]
pub struct Name(String);

/// Text that is no sentence of ours and stands in a template by itself: a name, a title, what somebody typed.
pub fn name(text: impl AsRef<str>) -> Name {
    Name(text.as_ref().to_owned())
}

crate::scene::hand_written!(Name, |it, dest, scene| {
    return marked(dest, &it.0, scene.map(|s| s.lang).unwrap_or_default());
});

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Lang::Vi))
    }
}

impl FastWritable for Words {
    fn write_into(&self, dest: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.say(scene::lang(values)))?)
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Words {
        Words { key: Cow::Owned(text.to_owned()), ..Words::default() }
    }
}
impl From<&&str> for Words {
    fn from(text: &&str) -> Words {
        Words::from(*text)
    }
}
impl From<&&&str> for Words {
    fn from(text: &&&str) -> Words {
        Words::from(**text)
    }
}
impl From<String> for Words {
    fn from(text: String) -> Words {
        Words { key: Cow::Owned(text), ..Words::default() }
    }
}
impl From<&String> for Words {
    fn from(text: &String) -> Words {
        Words::from(text.as_str())
    }
}
impl From<&Words> for Words {
    fn from(words: &Words) -> Words {
        words.clone()
    }
}

/// A sentence with marks: `**strong**` and `[link]({0})`, the blank holding the address. Everything else is escaped.
///
/// Whole sentences stay whole for the translator: `rich("Chữ đã gõ được giữ. [Ở lại]({0})").with("/")`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rich(Words);

/// Starts a sentence with marks.
pub fn rich(key: &'static str) -> Rich {
    Rich(words(key))
}

impl Rich {
    /// Fills the next blank.
    #[must_use]
    pub fn with(self, value: impl fmt::Display) -> Rich {
        Rich(self.0.with(value))
    }

    /// Fills the next blank with a sentence that is translated too.
    #[must_use]
    pub fn with_words(self, value: impl Into<Words>) -> Rich {
        Rich(self.0.with_words(value))
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The HTML in a language. Marks are read in the pattern only, never in what fills the blanks.
    pub fn html(&self, lang: Lang) -> String {
        let blank = |n: usize| self.0.args.get(n).map(|a| escape(&a.say(lang)));
        let pattern = self.0.pattern(lang);
        if self.0.raw {
            return escape(&pattern);
        }
        marks(&pattern, &blank)
    }
}

fn marks(pattern: &str, blank: &dyn Fn(usize) -> Option<String>) -> String {
    let mut out = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while !rest.is_empty() {
        if let Some((inside, after)) = rest.strip_prefix("**").and_then(|r| r.split_once("**")) {
            out.push_str("<b>");
            out.push_str(&fill(&escape(inside), blank));
            out.push_str("</b>");
            rest = after;
        } else if let Some((label, (href, after))) =
            rest.strip_prefix('[').and_then(|r| r.split_once("](")).and_then(|(l, r)| r.split_once(')').map(|p| (l, p)))
        {
            let href = fill(&escape(href), blank);
            // Only our own addresses, telephone and mail; a value can never become a script.
            let href = if safe_href(&href) { href } else { String::from("#") };
            out.push_str(&format!("<a href=\"{href}\">{}</a>", fill(&escape(label), blank)));
            rest = after;
        } else {
            // The first letter is plain text whatever it is; a letter may be several bytes long.
            let next = rest.char_indices().skip(1).find(|(_, c)| matches!(c, '*' | '[')).map_or(rest.len(), |(at, _)| at);
            out.push_str(&fill(&escape(&rest[..next]), blank));
            rest = &rest[next..];
        }
    }
    out
}

/// Whether an address may stand in a link: our own paths, fragments, https, telephone, mail.
pub fn safe_href(href: &str) -> bool {
    ["/", "#", "?", "https://", "http://", "tel:", "mailto:", "sms:"].iter().any(|p| href.starts_with(p))
}

/// Escapes text for HTML, in content and in quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&#34;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

impl fmt::Display for Rich {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.html(Lang::Vi))
    }
}
impl FastWritable for Rich {
    fn write_into(&self, dest: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        Ok(dest.write_str(&self.html(scene::lang(values)))?)
    }
}
impl askama::filters::HtmlSafe for Rich {}

impl From<&str> for Rich {
    fn from(text: &str) -> Rich {
        Rich(Words::from(text))
    }
}
impl From<String> for Rich {
    fn from(text: String) -> Rich {
        Rich(Words::from(text))
    }
}
impl From<&String> for Rich {
    fn from(text: &String) -> Rich {
        Rich(Words::from(text))
    }
}
impl From<Words> for Rich {
    fn from(words: Words) -> Rich {
        Rich(words)
    }
}
impl From<&Rich> for Rich {
    fn from(rich: &Rich) -> Rich {
        rich.clone()
    }
}

impl Rich {
    /// The sentence without marks, for programs and for print.
    pub fn plain(&self, lang: Lang) -> String {
        let mut text = self.0.say(lang).replace("**", "");
        while let Some(open) = text.find("](") {
            let Some(close) = text[open..].find(')') else { break };
            text.replace_range(open..=open + close, "");
            if let Some(at) = text[..open].rfind('[') {
                text.remove(at);
            }
        }
        text
    }
}
