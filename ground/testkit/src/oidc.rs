//! A real OpenID Connect provider (npm `oidc-provider`), and somebody who signs in and out on its pages.
use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

use crate::http::{Page, Visitor};

/// A provider that runs.
pub struct OidcProvider {
    child: Child,
    /// Its name, and where it is.
    pub issuer: String,
}

impl OidcProvider {
    /// Starts one with these clients (as the standard's registration words them) and accounts (name → claims), or says that it is not
    /// installed: then the test is skipped with that message.
    pub fn start(clients: &Value, accounts: &Value) -> Option<OidcProvider> {
        let folder = crate::root().join("ground/testkit/oidc");
        if !folder.join("node_modules/oidc-provider").is_dir() {
            eprintln!("skipped: oidc-provider is not installed (`make tools`)");
            return None;
        }
        let port = crate::free_port();
        let asked = json!({"port": port, "clients": clients, "accounts": accounts}).to_string();
        let mut command = Command::new("node");
        command.arg("provider.mjs").arg(asked).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let ready = said.by_ref().lines().map_while(Result::ok).any(|line| line == "ready");
        assert!(ready, "the provider did not come up");
        // it dies of a listener that hangs up
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Some(OidcProvider { child, issuer: format!("http://localhost:{port}") })
    }

    /// From its first page on, somebody signs in as this account and agrees; answers where the browser ends.
    pub async fn sign_in(&self, browser: &Visitor, login: &str, begun: Page) -> Page {
        let asked = send_form(browser, &begun, &[("login", login), ("password", "x")]).await;
        // the second page asks whether the house may know; it is not shown when it was asked before
        if asked.text.contains("name=\"prompt\"") { send_form(browser, &asked, &[]).await } else { asked }
    }

    /// On its page for signing out, somebody says yes.
    pub async fn sign_out(&self, browser: &Visitor, asked: Page) -> Page {
        send_form(browser, &asked, &[("logout", "yes")]).await
    }
}

/// Sends the first form of a page as a browser would.
async fn send_form(browser: &Visitor, page: &Page, fields: &[(&str, &str)]) -> Page {
    let (_, form) = page.text.split_once("<form").unwrap_or_else(|| panic!("no form in:\n{}", page.text));
    let (_, action) = form.split_once("action=\"").unwrap();
    let action = action.split('"').next().unwrap().replace("&amp;", "&");
    let hidden = ["prompt", "xsrf"].into_iter().filter_map(|name| page.hidden(name).map(|value| (name, value)));
    let mut all: Vec<(&str, String)> = hidden.collect();
    all.extend(fields.iter().map(|(name, value)| (*name, (*value).to_owned())));
    browser.send(&action, &all).await
}

impl Drop for OidcProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
