//! One request to an outside authority, over TLS that is verified, or in the clear when the address says so.
use std::{path::Path, time::Duration};

use reqwest::{Certificate, Client, StatusCode, Url, redirect};

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The address is none of ours.
    #[error("{0} is no http or https address")]
    Address(String),
    /// No line, or it broke.
    #[error("{0}")]
    Line(String),
    /// It took too long.
    #[error("no answer within {} seconds", PATIENCE.as_secs())]
    Late,
    /// More than any answer may be.
    #[error("too much was answered")]
    Long,
    /// Another status than 200.
    #[error("the answer has status {0}")]
    Status(u16),
}

/// Where requests go.
#[derive(Clone, Debug)]
pub struct Line {
    url: Url,
    client: Client,
}

impl Line {
    /// Reads the address and, for TLS, whom to trust: the file, else the machine's authorities.
    pub fn new(address: &str, authority: Option<&Path>) -> Result<Line, Unanswered> {
        let wrong = || Unanswered::Address(address.to_owned());
        let url = Url::parse(address).map_err(|_| wrong())?;
        let mut client = Client::builder().redirect(redirect::Policy::none()).timeout(PATIENCE);
        match (url.scheme(), url.host_str(), authority) {
            ("https", Some(_), Some(file)) => client = client.tls_certs_only(certificates(file)?),
            ("https", Some(_), None) => {}
            // in the clear nobody is trusted, and no authority of the machine is looked for
            ("http", Some(_), _) => client = client.tls_certs_only([]),
            _ => return Err(wrong()),
        }
        Ok(Line { url, client: client.build().map_err(|e| broken(&e))? })
    }

    /// Posts bytes of one type and reads at most `limit` bytes of the answer.
    pub async fn post(&self, kind: &'static str, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Unanswered> {
        let sent = self.client.post(self.url.clone()).header("content-type", kind).body(body).send().await;
        let mut answer = sent.map_err(|e| broken(&e))?;
        if answer.status() != StatusCode::OK {
            return Err(Unanswered::Status(answer.status().as_u16()));
        }
        let mut read = vec![];
        while let Some(piece) = answer.chunk().await.map_err(|e| broken(&e))? {
            read.extend_from_slice(&piece);
            if read.len() > limit {
                return Err(Unanswered::Long);
            }
        }
        Ok(read)
    }
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Unanswered> {
    let wrong = |e: &dyn std::fmt::Display| Unanswered::Line(format!("{}: {e}", file.display()));
    let found = Certificate::from_pem_bundle(&std::fs::read(file).map_err(|e| wrong(&e))?).map_err(|e| wrong(&e))?;
    if found.is_empty() { Err(wrong(&"no certificate in it (ca_file)")) } else { Ok(found) }
}

/// The innermost reason.
fn broken(error: &reqwest::Error) -> Unanswered {
    if error.is_timeout() {
        return Unanswered::Late;
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    Unanswered::Line(cause.to_string())
}
