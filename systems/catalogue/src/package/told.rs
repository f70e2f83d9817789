//! A package in the reader's language.

use super::{EForm, Package};
use base::Lang;
use std::sync::Arc;

impl Package {
    /// The package with its own sentences in the reader's language, for a page. What has no English stays as it is, and so do names,
    /// codes and the law. Never keep the answer: what is decided and printed is the Vietnamese.
    #[must_use]
    pub fn told_in(mut self, lang: Lang) -> Package {
        if lang == Lang::Vi || self.english.is_empty() {
            return self;
        }
        let english = std::mem::take(&mut self.english);
        let tell = |said: &mut String| {
            if let Some(text) = english.get(said.as_str()) {
                said.clone_from(text);
            }
        };
        [&mut self.summary, &mut self.competent_agency, &mut self.conditions].into_iter().for_each(tell);
        self.guidance.iter_mut().for_each(tell);
        self.cases.iter_mut().flat_map(|c| [&mut c.name, &mut c.when]).for_each(tell);
        self.terms.iter_mut().for_each(|t| tell(&mut t.condition));
        self.fees.iter_mut().flat_map(|f| [&mut f.name, &mut f.per, &mut f.condition]).for_each(tell);
        self.papers.iter_mut().flat_map(|p| [&mut p.name, &mut p.note]).for_each(tell);
        self.steps.iter_mut().for_each(|s| tell(&mut s.name));
        self.results.iter_mut().for_each(|r| tell(&mut r.name));
        if let Some(form) = &mut self.form {
            tell_form(form, tell);
        }
        self.english = english;
        self
    }

    /// One of the package's sentences in the reader's language; the sentence itself when it has no English.
    pub fn say<'a>(&'a self, said: &'a str, lang: Lang) -> &'a str {
        match lang {
            Lang::Vi => said,
            Lang::En => self.english.get(said).map_or(said, String::as_str),
        }
    }
}

/// A shared package for a page in the reader's language; costs nothing in Vietnamese.
#[must_use]
pub fn told(package: Arc<Package>, lang: Lang) -> Arc<Package> {
    match lang {
        Lang::Vi => package,
        Lang::En => Arc::new(Arc::unwrap_or_clone(package).told_in(lang)),
    }
}

fn tell_form(form: &mut EForm, tell: impl Fn(&mut String)) {
    tell(&mut form.title);
    for page in &mut form.pages {
        tell(&mut page.title);
        tell(&mut page.short);
        for field in &mut page.fields {
            tell(&mut field.label);
            tell(&mut field.hint);
            field.options.iter_mut().for_each(|o| tell(&mut o.label));
        }
    }
}
