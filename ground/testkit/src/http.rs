//! An HTTP client that behaves like a browser without scripts: cookies, redirects, and the hidden fields of a form.
use std::sync::Arc;

use reqwest::{Client, Response, StatusCode, cookie::Jar, redirect::Policy};

/// A visitor with cookies.
#[derive(Clone)]
pub struct Visitor {
    client: Client,
    base: String,
    jar: Arc<Jar>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Page {
    /// Status of the last answer, after redirects.
    pub status: StatusCode,
    /// Address after redirects, without the host.
    pub path: String,
    /// The text.
    pub text: String,
}

impl Visitor {
    /// A visitor of `http://127.0.0.1:port`.
    pub fn of(base: &str) -> Visitor {
        Visitor::with(base, Arc::default(), Policy::default())
    }

    /// The same, but one who stays where a redirect leads elsewhere, to look at it.
    pub fn without_redirects(base: &str) -> Visitor {
        Visitor::with(base, Arc::default(), Policy::none())
    }

    /// The same visitor with the same cookies, who follows redirects again.
    pub fn with_redirects(&self) -> Visitor {
        Visitor::with(&self.base, self.jar.clone(), Policy::default())
    }

    fn with(base: &str, jar: Arc<Jar>, redirects: Policy) -> Visitor {
        let client = Client::builder().cookie_provider(jar.clone()).redirect(redirects).build().unwrap();
        Visitor { client, base: base.trim_end_matches('/').to_owned(), jar }
    }

    /// The client itself, for what has no helper.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Full address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Page {
        read(self.client.get(self.url(path)).send().await.unwrap()).await
    }

    /// Sends a form; the CSRF field of `from` (a page with that form) is filled in as a browser would.
    pub async fn post(&self, from: &Page, path: &str, fields: &[(&str, &str)]) -> Page {
        let mut all: Vec<(&str, &str)> = fields.to_vec();
        let csrf = from.hidden("csrf");
        if let Some(csrf) = &csrf {
            all.push(("csrf", csrf));
        }
        let body = all.iter().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect::<Vec<_>>().join("&");
        let request = self.client.post(self.url(path)).header("content-type", "application/x-www-form-urlencoded").body(body);
        read(request.send().await.unwrap()).await
    }

    /// Opens an address anywhere.
    pub async fn open(&self, url: &str) -> Page {
        read(self.client.get(url).send().await.unwrap()).await
    }

    /// Sends fields to an address anywhere.
    pub async fn send(&self, url: &str, fields: &[(&str, String)]) -> Page {
        let body = fields.iter().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect::<Vec<_>>().join("&");
        let request = self.client.post(url).header("content-type", "application/x-www-form-urlencoded").body(body);
        read(request.send().await.unwrap()).await
    }
}

impl Page {
    /// Value of a hidden field (or any field whose name stands before its value).
    pub fn hidden(&self, name: &str) -> Option<String> {
        let at = self.text.find(&format!("name=\"{name}\""))?;
        let tag = &self.text[self.text[..at].rfind('<')?..];
        let tag = &tag[..tag.find('>')?];
        let value = &tag[tag.find("value=\"")? + 7..];
        Some(value[..value.find('"')?].replace("&quot;", "\"").replace("&amp;", "&"))
    }

    /// Panics with the text when the status is another one.
    #[track_caller]
    pub fn must(self, status: u16) -> Page {
        assert_eq!(self.status.as_u16(), status, "{} answered:\n{}", self.path, self.text.chars().take(2000).collect::<String>());
        self
    }
}

async fn read(answer: Response) -> Page {
    let status = answer.status();
    let url = answer.url();
    let path = url.query().map_or_else(|| url.path().to_owned(), |q| format!("{}?{q}", url.path()));
    Page { status, path, text: answer.text().await.unwrap() }
}

fn escape(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
            b' ' => "+".to_owned(),
            _ => format!("%{b:02X}"),
        })
        .collect()
}
