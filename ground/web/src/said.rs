//! A sentence that one page leaves for the next: after a post, a redirect, then "Đã giao 3 hồ sơ. Hoàn tác".

use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderValue, StatusCode, header};

use crate::i18n::{Words, raw, words};
use crate::ui::message::Toast;
use crate::visit::Visit;

const COOKIE: &str = "said";

/// Leads the browser on after a post (303), perhaps leaving a sentence for the next page.
#[derive(Debug, Clone)]
pub struct Go {
    to: String,
    said: Option<(String, Vec<String>, Option<String>)>,
}

/// Leads on to a path of ours.
pub fn go(to: impl Into<String>) -> Go {
    Go { to: to.into(), said: None }
}

impl Go {
    /// Leaves a sentence: only to confirm what can be seen elsewhere too, never what must be read.
    #[must_use]
    pub fn saying(mut self, key: &'static str, args: &[&str]) -> Go {
        self.said = Some((key.to_owned(), args.iter().map(|a| (*a).to_owned()).collect(), None));
        self
    }

    /// Where the act can be undone.
    #[must_use]
    pub fn undo(mut self, href: impl Into<String>) -> Go {
        if let Some(said) = &mut self.said {
            said.2 = Some(href.into());
        }
        self
    }
}

impl IntoResponse for Go {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let headers = response.headers_mut();
        let to = local(&self.to).unwrap_or("/");
        headers.insert(header::LOCATION, HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/")));
        if let Some(said) = self.said {
            let text = serde_json::to_vec(&said).unwrap_or_default();
            let cookie = format!("{COOKIE}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", URL_SAFE_NO_PAD.encode(text));
            if let Ok(value) = HeaderValue::from_str(&cookie) {
                headers.append(header::SET_COOKIE, value);
            }
        }
        response
    }
}

/// A path of ours, or nothing: never `//elsewhere` or `https://elsewhere`.
pub fn local(next: &str) -> Option<&str> {
    let ok = next.starts_with('/')
        && !next.starts_with("//")
        && !next.starts_with("/\\")
        && next.bytes().all(|b| (0x21..0x7f).contains(&b));
    ok.then_some(next)
}

/// The sentence left for this visit.
pub(crate) fn of(visit: &Visit) -> Option<Toast> {
    let bytes = URL_SAFE_NO_PAD.decode(visit.said()?).ok()?;
    let (key, args, undo): (String, Vec<String>, Option<String>) = serde_json::from_slice(&bytes).ok()?;
    let sentence = args.iter().fold(Words::from(key), |w, a| w.with_words(raw(a)));
    let toast = Toast::new(sentence);
    Some(match undo.as_deref().and_then(local) {
        Some(href) => toast.action(href, words("Hoàn tác")),
        None => toast,
    })
}

/// Clears the sentence once it was shown.
pub(crate) const CLEAR: &str = "said=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";
