//! The parts of a page. Each is a value: `{{ web::text("ho-ten", "Họ tên").value(name).error(fault) }}` in a template, or made in the
//! handler and printed with `{{ field }}`. Every text given is a Vietnamese sentence that is translated and escaped when written.
//!
//! **How to add a component**: a struct in the module it belongs to, its template under `templates/ui/` (or [`hand_written!`] when it
//! must look at the scene), `html_safe!(It)`, a small constructor function, its states in [`crate::gallery`], its style in
//! `ground/assets/styles/`, and a line in the escaping test.

pub mod button;
pub mod desk;
pub mod field;
pub mod file;
pub mod icon;
pub mod list;
pub mod message;
pub mod nav;
pub mod qr;
pub mod status;
pub mod table;

/// Marks templates whose output is whole, escaped HTML.
macro_rules! html_safe {
    ($($type:ty),+ $(,)?) => { $( impl ::askama::filters::HtmlSafe for $type {} )+ };
}
pub(crate) use html_safe;

/// Text that may be absent, from any of the usual shapes.
pub trait Maybe {
    /// The text, if there is one that is not empty.
    fn maybe(self) -> Option<crate::i18n::Words>;
}

macro_rules! maybe {
    ($($type:ty),+) => { $( impl Maybe for $type {
        fn maybe(self) -> Option<crate::i18n::Words> {
            let words = crate::i18n::Words::from(self);
            (!words.is_empty()).then_some(words)
        }
    } )+ };
}
maybe!(&str, &&str, String, &String, crate::i18n::Words, &crate::i18n::Words);
impl<T: Maybe> Maybe for Option<T> {
    fn maybe(self) -> Option<crate::i18n::Words> {
        self.and_then(Maybe::maybe)
    }
}
impl<'a, T> Maybe for &'a Option<T>
where
    &'a T: Maybe,
{
    fn maybe(self) -> Option<crate::i18n::Words> {
        self.as_ref().and_then(Maybe::maybe)
    }
}

/// An id made of a name: letters, digits and dashes.
pub(crate) fn id_of(name: &str) -> String {
    let mut id: String = name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '-' }).collect();
    if !id.starts_with(|c: char| c.is_ascii_alphabetic()) {
        id.insert(0, 'f');
    }
    id
}
