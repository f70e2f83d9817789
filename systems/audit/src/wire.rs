//! One request over HTTP/1.1, over TLS that is verified, or in the clear when the address says so.
use std::{path::Path, sync::Arc, time::Duration};

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, ServerName, pem::PemObject};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

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
    /// Another status than 200.
    #[error("the answer has status {0}")]
    Status(u16),
}

/// Where requests go.
#[derive(Clone)]
pub struct Line {
    url: url::Url,
    tls: Option<TlsConnector>,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Line").field(&self.url.as_str()).finish()
    }
}

impl Line {
    /// Reads the address and, for TLS, whom to trust: the file, else the machine's authorities.
    pub fn new(address: &str, authority: Option<&Path>) -> Result<Line, Unanswered> {
        let wrong = || Unanswered::Address(address.to_owned());
        let url = url::Url::parse(address).map_err(|_| wrong())?;
        let tls = match (url.scheme(), url.host_str()) {
            ("http", Some(_)) => None,
            ("https", Some(_)) => Some(TlsConnector::from(Arc::new(trusting(authority)?))),
            _ => return Err(wrong()),
        };
        Ok(Line { url, tls })
    }

    /// Posts bytes of one type and reads at most `limit` bytes of the answer.
    pub async fn post(&self, kind: &'static str, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Unanswered> {
        timeout(PATIENCE, self.exchange(kind, body, limit)).await.map_err(|_| Unanswered::Late)?
    }

    async fn exchange(&self, kind: &'static str, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Unanswered> {
        let (host, port) = (self.url.host_str().unwrap_or_default(), self.url.port_or_known_default().unwrap_or(80));
        let line = TcpStream::connect((host.trim_matches(['[', ']']), port)).await.map_err(broken)?;
        match &self.tls {
            None => self.ask(line, kind, body, limit).await,
            Some(tls) => {
                let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(broken)?;
                self.ask(tls.connect(name, line).await.map_err(broken)?, kind, body, limit).await
            }
        }
    }

    async fn ask<L>(&self, line: L, kind: &'static str, body: Vec<u8>, limit: usize) -> Result<Vec<u8>, Unanswered>
    where
        L: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(line)).await.map_err(broken)?;
        let driver = tokio::spawn(connection);
        let path = &self.url[url::Position::BeforePath..url::Position::AfterQuery];
        let request = hyper::Request::post(path)
            .header("host", self.url[url::Position::BeforeHost..url::Position::AfterPort].to_owned())
            .header("content-type", kind)
            .header("connection", "close")
            .body(Full::new(Bytes::from(body)))
            .map_err(broken)?;
        let answer = sender.send_request(request).await.map_err(broken)?;
        if answer.status() != 200 {
            return Err(Unanswered::Status(answer.status().as_u16()));
        }
        let read = Limited::new(answer.into_body(), limit).collect().await.map_err(broken)?;
        driver.abort();
        Ok(read.to_bytes().to_vec())
    }
}

fn broken(e: impl std::fmt::Display) -> Unanswered {
    Unanswered::Line(e.to_string())
}

fn trusting(authority: Option<&Path>) -> Result<rustls::ClientConfig, Unanswered> {
    let mut roots = rustls::RootCertStore::empty();
    match authority {
        Some(file) => {
            for certificate in CertificateDer::pem_file_iter(file).map_err(|e| broken(format!("{}: {e}", file.display())))? {
                roots.add(certificate.map_err(broken)?).map_err(broken)?;
            }
        }
        None => drop(roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs)),
    }
    if roots.is_empty() {
        return Err(broken("no authority to verify the line with (ca_file)"));
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    Ok(builder.map_err(broken)?.with_root_certificates(roots).with_no_client_auth())
}
