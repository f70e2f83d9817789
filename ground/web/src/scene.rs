//! What every template may ask while it is being written: the language, the CSRF token, which icons were used.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;

use askama::{FastWritable, Template, Values};

use crate::i18n::{Lang, Words};
use crate::visit::Visit;

/// The values that travel through one rendering.
#[derive(Default)]
pub struct Scene {
    /// The reader's language.
    pub lang: Lang,
    visit: Option<Visit>,
    pub(crate) icons: RefCell<BTreeSet<&'static str>>,
    ids: Cell<u32>,
}

impl Scene {
    /// A scene without a visitor: for samples and tests.
    pub fn still(lang: Lang) -> Scene {
        Scene { lang, ..Scene::default() }
    }

    pub(crate) fn of(visit: &Visit) -> Scene {
        Scene { lang: visit.lang(), visit: Some(visit.clone()), ..Scene::default() }
    }

    /// What a form must carry. Asking makes the visitor's cookie when there is none.
    pub(crate) fn csrf(&self) -> String {
        self.visit.as_ref().map(Visit::csrf).unwrap_or_default()
    }

    /// A key that is new for each drawing of a form: the same send twice is one act.
    pub(crate) fn once(&self) -> String {
        self.visit.as_ref().map(|v| v.seed().uuid("once", u64::from(self.fresh())).to_string()).unwrap_or_default()
    }

    /// Writes a template in this scene.
    pub fn draw(&self, template: &impl Template) -> askama::Result<String> {
        template.render_with_values(self)
    }

    /// A number not used before on this page, for ids.
    pub(crate) fn fresh(&self) -> u32 {
        self.ids.set(self.ids.get() + 1);
        self.ids.get()
    }
}

impl Values for Scene {
    fn get_value<'a>(&'a self, key: &str) -> Option<&'a dyn Any> {
        (key == "scene").then_some(self as &dyn Any)
    }
}

pub(crate) fn scene(values: &dyn Values) -> Option<&Scene> {
    values.get_value("scene").and_then(|v| v.downcast_ref())
}

pub(crate) fn lang(values: &dyn Values) -> Lang {
    scene(values).map(|s| s.lang).unwrap_or_default()
}

/// Any component, put away for later: cells of tables, bodies of panels.
pub struct Part(Box<dyn FastWritable + Send + Sync>);

impl Part {
    /// Keeps a component.
    pub fn of(part: impl FastWritable + askama::filters::HtmlSafe + Send + Sync + 'static) -> Part {
        Part(Box::new(part))
    }

    /// Keeps a sentence; it is escaped when written.
    pub fn text(text: impl Into<Words>) -> Part {
        Part(Box::new(Escaped(text.into())))
    }

    /// Keeps text that is not ours to translate; it is escaped when written.
    pub fn raw(text: impl fmt::Display) -> Part {
        Part(Box::new(Escaped(crate::i18n::raw(text))))
    }

    /// Several parts, one after another, with a space between.
    pub fn all(parts: Vec<Part>) -> Part {
        Part(Box::new(Several(parts)))
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part")
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write_into(f, askama::NO_VALUES).map_err(|_| fmt::Error)
    }
}
impl FastWritable for Part {
    fn write_into(&self, dest: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        self.0.write_into(dest, values)
    }
}
impl askama::filters::HtmlSafe for Part {}

struct Escaped(Words);
impl FastWritable for Escaped {
    fn write_into(&self, dest: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        crate::i18n::marked(dest, &self.0.say(lang(values)), lang(values))
    }
}
struct Several(Vec<Part>);
impl FastWritable for Several {
    fn write_into(&self, dest: &mut dyn fmt::Write, values: &dyn Values) -> askama::Result<()> {
        for (n, part) in self.0.iter().enumerate() {
            if n > 0 {
                dest.write_char(' ')?;
            }
            part.write_into(dest, values)?;
        }
        Ok(())
    }
}

/// Filters for every template of the house: `use web::filters;` beside the struct.
#[allow(missing_docs)] // what the filter macro makes besides the functions
pub mod filters {
    use askama::Values;

    use crate::i18n::Words;

    /// Says a Vietnamese sentence in the reader's language.
    #[askama::filter_fn]
    pub fn t(text: impl Into<Words>, values: &dyn Values) -> askama::Result<String> {
        Ok(text.into().say(super::lang(values)))
    }

    /// Says a sentence with one blank: `{{ "{0} hồ sơ"|t1(count) }}`.
    #[askama::filter_fn]
    pub fn t1<A: std::fmt::Display>(text: impl Into<Words>, values: &dyn Values, a: A) -> askama::Result<String> {
        Ok(text.into().with(a).say(super::lang(values)))
    }

    /// Says a sentence with two blanks.
    #[askama::filter_fn]
    pub fn t2<A: std::fmt::Display, B: std::fmt::Display>(
        text: impl Into<Words>,
        values: &dyn Values,
        a: A,
        b: B,
    ) -> askama::Result<String> {
        Ok(text.into().with(a).with(b).say(super::lang(values)))
    }

    /// Says a sentence with marks (`**strong**`, `[link](/address)`).
    #[askama::filter_fn]
    pub fn rich(text: impl Into<crate::i18n::Rich>, _values: &dyn Values) -> askama::Result<crate::i18n::Rich> {
        Ok(text.into())
    }
}

/// Writes parts of a component that cannot be a template.
macro_rules! hand_written {
    ($type:ty, |$self:ident, $dest:ident, $scene:ident| $body:block) => {
        impl ::askama::FastWritable for $type {
            fn write_into(&self, $dest: &mut dyn ::std::fmt::Write, values: &dyn ::askama::Values) -> ::askama::Result<()> {
                let $self = self;
                #[allow(unused_variables)]
                let $scene = $crate::scene::scene(values);
                $body
                #[allow(unreachable_code)]
                Ok(())
            }
        }
        impl ::std::fmt::Display for $type {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::askama::FastWritable::write_into(self, f, ::askama::NO_VALUES).map_err(|_| ::std::fmt::Error)
            }
        }
        impl ::askama::filters::HtmlSafe for $type {}
    };
}
pub(crate) use hand_written;
