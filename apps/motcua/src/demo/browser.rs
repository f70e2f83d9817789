//! A browser without scripts, for the walk: cookies, redirects, forms with their hidden fields. It reads our own pages only.
use miette::{IntoDiagnostic, Result, miette};
use reqwest::{Client, Response, multipart::Form};

/// One person's browser.
pub struct Browser {
    client: Client,
    base: String,
}

/// A page that was read.
pub struct Page {
    /// Its path, after redirects.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Browser {
    /// A browser that has been nowhere yet.
    pub fn open(base: &str) -> Result<Browser> {
        let client = Client::builder().cookie_store(true).no_proxy().build().into_diagnostic()?;
        Ok(Browser { client, base: base.to_owned() })
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Result<Page> {
        read(self.client.get(format!("{}{path}", self.base)).send().await.into_diagnostic()?).await
    }

    /// Sends the form of a page that leads to `action`, as a browser would: with its hidden fields.
    pub async fn send(&self, page: &Page, action: &str, fields: &[(String, String)]) -> Result<Page> {
        let mut all = page.hidden(action)?;
        all.extend_from_slice(fields);
        let body = all.iter().map(|(k, v)| format!("{}={}", escape(k), escape(v))).collect::<Vec<_>>().join("&");
        let request = self.client.post(format!("{}{action}", self.base));
        read(request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await.into_diagnostic()?).await
    }

    /// Sends a form with files.
    pub async fn upload(&self, page: &Page, action: &str, files: Vec<(String, String, &'static [u8])>) -> Result<Page> {
        let mut form = Form::new();
        for (name, value) in page.hidden(action)? {
            form = form.text(name, value);
        }
        for (field, name, bytes) in files {
            let part = reqwest::multipart::Part::bytes(bytes).file_name(name).mime_str("application/pdf").into_diagnostic()?;
            form = form.part(field, part);
        }
        read(self.client.post(format!("{}{action}", self.base)).multipart(form).send().await.into_diagnostic()?).await
    }
}

impl Page {
    /// The form that leads to `action`.
    fn form(&self, action: &str) -> Result<&str> {
        let at = self
            .text
            .find(&format!("action=\"{action}\""))
            .ok_or_else(|| miette!("{} has no form that leads to {action}", self.path))?;
        let from = self.text[..at].rfind("<form").unwrap_or(at);
        let to = self.text[at..].find("</form>").map_or(self.text.len(), |n| at + n);
        Ok(&self.text[from..to])
    }

    /// Whether there is such a form.
    pub fn offers(&self, action: &str) -> bool {
        self.text.contains(&format!("action=\"{action}\""))
    }

    /// Where the form goes whose address ends so.
    pub fn action_ending(&self, end: &str) -> Option<&str> {
        self.text.split("action=\"").skip(1).filter_map(|t| t.split('"').next()).find(|action| action.ends_with(end))
    }

    fn hidden(&self, action: &str) -> Result<Vec<(String, String)>> {
        let inputs = self.form(action)?.split("<input").skip(1).filter_map(|t| t.split('>').next());
        Ok(inputs
            .filter(|tag| attribute(tag, "type").as_deref() == Some("hidden"))
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
            .collect())
    }

    /// Names of everything that can be filled in; what stands in a part that is switched off cannot.
    pub fn names(&self, action: &str) -> Result<Vec<String>> {
        let mut names: Vec<String> = Vec::new();
        let mut off = 0;
        for tag in self.form(action)?.split('<').filter_map(|tag| tag.split('>').next()) {
            match (tag.starts_with("fieldset"), tag.starts_with("/fieldset")) {
                (true, _) if off > 0 || tag.ends_with(" disabled") => off += 1,
                (_, true) if off > 0 => off -= 1,
                _ if off == 0 => names.extend(attribute(tag, "name")),
                _ => {}
            }
        }
        names.dedup();
        Ok(names)
    }

    /// The value of the choice that ends with these words.
    pub fn choice(&self, words: &str) -> Option<String> {
        let at = self.text.find(&format!("{words}</option>"))?;
        attribute(&self.text[self.text[..at].rfind("<option")?..at], "value")
    }

    /// What a failed send said.
    pub fn fault(&self) -> Option<String> {
        let at = self.text.find("role=\"alert\"")?;
        let to = self.text[at..].find("</ul>").map_or(self.text.len(), |n| at + n);
        let plain = self.text[at..to].split('<').filter_map(|t| t.split_once('>').map(|(_, text)| text.trim()));
        Some(plain.filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" "))
    }

    /// The first link that begins with this.
    pub fn link(&self, prefix: &str) -> Option<String> {
        let at = self.text.find(&format!("href=\"{prefix}"))? + 6;
        Some(self.text[at..].split('"').next()?.replace("&amp;", "&"))
    }
}

async fn read(answer: Response) -> Result<Page> {
    let (status, url) = (answer.status(), answer.url().clone());
    let page = Page { path: url.path().to_owned(), text: answer.text().await.into_diagnostic()? };
    // 422 is the same form again, with what is missing: a person reads it and goes on.
    if status.is_success() || status == reqwest::StatusCode::UNPROCESSABLE_ENTITY {
        return Ok(page);
    }
    let said = page
        .fault()
        .unwrap_or_else(|| page.text.split("<h1").nth(1).and_then(|h| h.split(['>', '<']).nth(1)).unwrap_or_default().to_owned());
    Err(miette!("{} answered {status}: {said}", page.path))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag[at..].split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&#34;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
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
