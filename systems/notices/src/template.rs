//! Texts of messages with merge fields, in Vietnamese and English. Pure.
use std::borrow::Cow;

use base::Lang;

/// A kind of message: declared once by the system that sends it.
#[derive(Debug)]
pub struct Template {
    /// `system.message`, stable: rows and edited texts name it.
    pub code: &'static str,
    /// When it is sent, in Vietnamese; the key of its translation.
    pub title: &'static str,
    /// The law says that this must be told: it is sent whatever the person wishes.
    pub must: bool,
    /// Merge fields, each with an example for the preview.
    pub fields: &'static [(&'static str, &'static str)],
    /// In Vietnamese.
    pub vi: Text,
    /// In English.
    pub en: Text,
}

/// Subject and body with `{field}` in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub subject: Cow<'static, str>,
    /// Plain text; paragraphs are separated by an empty line.
    pub body: Cow<'static, str>,
}

impl Text {
    /// A text written in the program.
    pub const fn new(subject: &'static str, body: &'static str) -> Self {
        Text { subject: Cow::Borrowed(subject), body: Cow::Borrowed(body) }
    }
}

/// The value of a merge field, in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    vi: String,
    en: String,
}

impl Said {
    /// What each language makes of it.
    pub fn of(words: impl Fn(Lang) -> String) -> Said {
        Said { vi: words(Lang::Vi), en: words(Lang::En) }
    }

    /// In one of them.
    pub fn told_in(&self, lang: Lang) -> &str {
        lang.pick(&self.vi, &self.en)
    }
}

impl<T: Into<String>> From<T> for Said {
    /// Names and codes are the same in both.
    fn from(same: T) -> Said {
        let vi: String = same.into();
        Said { en: vi.clone(), vi }
    }
}

/// What is wrong with a text or with the fields given for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The text names a field that the template does not have.
    #[error("the template has no field {0:?}")]
    UnknownField(String),
    /// The sender gave no value for a field the text names.
    #[error("no value for the field {0:?}")]
    NoValue(String),
    /// A `{` without its `}`.
    #[error("an opening brace without its closing one")]
    Open,
    /// No subject or no body.
    #[error("subject and body must not be empty")]
    Empty,
}

impl Template {
    /// The text of a language as declared.
    pub fn text(&self, lang: Lang) -> &Text {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }

    /// Checks a text an administrator wrote: only known fields, nothing empty.
    pub fn check(&self, text: &Text) -> Result<(), Fault> {
        if text.subject.trim().is_empty() || text.body.trim().is_empty() {
            return Err(Fault::Empty);
        }
        let examples: Vec<_> = self.fields.iter().map(|(n, e)| (*n, (*e).to_owned())).collect();
        merge(text, &examples).map(drop).map_err(|fault| match fault {
            Fault::NoValue(name) => Fault::UnknownField(name),
            other => other,
        })
    }

    /// The text with the examples in it.
    pub fn preview(&self, text: &Text) -> Result<Text, Fault> {
        merge(text, &self.fields.iter().map(|(n, e)| (*n, (*e).to_owned())).collect::<Vec<_>>())
    }
}

/// Puts the values in. A value is text: nothing in it is read as a field, and in the subject it stays on one line.
pub fn merge(text: &Text, values: &[(&str, String)]) -> Result<Text, Fault> {
    let one_line = |s: String| s.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Text { subject: one_line(fill(&text.subject, values)?).into(), body: fill(&text.body, values)?.into() })
}

fn fill(text: &str, values: &[(&str, String)]) -> Result<String, Fault> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').ok_or(Fault::Open)?;
        let value = values.iter().find(|(n, _)| *n == name).ok_or_else(|| Fault::NoValue(name.to_owned()))?;
        out.push_str(before);
        out.push_str(&value.1);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    static TEMPLATE: Template = Template {
        code: "test.accepted",
        title: "Khi hồ sơ được tiếp nhận",
        must: false,
        fields: &[("code", "H12.201-261123-0001"), ("name", "Nguyễn Văn Mẫu")],
        vi: Text::new("Hồ sơ {code} đã được tiếp nhận", "Chào {name},\n\nHồ sơ {code} đã được tiếp nhận."),
        en: Text::new("Dossier {code} was accepted", "Dear {name},\n\nDossier {code} was accepted."),
    };

    #[test]
    fn values_are_text_and_never_fields_or_header_lines() {
        let values = [("code", "{name}\r\nBcc: a@example.vn".to_owned()), ("name", "Nguyễn Văn Mẫu".to_owned())];
        let made = merge(TEMPLATE.text(Lang::Vi), &values).unwrap();
        assert_eq!(made.subject, "Hồ sơ {name} Bcc: a@example.vn đã được tiếp nhận");
        assert!(made.body.starts_with("Chào Nguyễn Văn Mẫu,"));
    }

    #[test]
    fn a_text_names_only_fields_of_its_template() {
        assert_eq!(TEMPLATE.check(&TEMPLATE.vi), Ok(()));
        assert_eq!(TEMPLATE.check(&Text::new("x", "{thing}")), Err(Fault::UnknownField("thing".into())));
        assert_eq!(TEMPLATE.check(&Text::new("x", "{code")), Err(Fault::Open));
        assert_eq!(TEMPLATE.check(&Text::new(" ", "x")), Err(Fault::Empty));
        assert_eq!(merge(&TEMPLATE.en, &[]), Err(Fault::NoValue("code".into())));
    }
}
