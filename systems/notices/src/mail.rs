//! The channel e-mail: SMTP, over a line whose certificate is verified.
use std::{path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls as LettreTls, TlsParameters},
    },
};
use serde::{Deserialize, Serialize};

use crate::sql::Outgoing;

/// How to reach the mail server; `[mail]` in the configuration file. Nothing is sent while `host` is empty.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Name of the mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the line is protected.
    pub tls: Tls,
    /// Sender: `Một cửa tỉnh Cà Mau <motcua@example.vn>`.
    pub from: String,
    /// Sign-in name, when the server asks for one.
    pub user: String,
    /// Password.
    pub password: String,
    /// Further certificate authority, PEM: the province's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
}

/// How the line to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// Not at all: only to a server on the same machine.
    None,
    /// Upgraded after the greeting, or nothing is sent.
    Starttls,
    /// From the first byte.
    Tls,
}

/// Why settings or a message do not work.
#[derive(Clone, Debug, thiserror::Error)]
pub enum MailError {
    /// The settings.
    #[error("mail settings: {0}")]
    Settings(String),
    /// The server will never take this message.
    #[error("{0}")]
    Never(String),
    /// It may work later.
    #[error("{0}")]
    Later(String),
}

/// An open door to the mail server; connections are kept and reused.
#[derive(Clone, Debug)]
pub struct Sender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    host: String,
}

impl Sender {
    /// Reads the settings; nothing is connected yet.
    pub fn new(mail: &Mail) -> Result<Self, MailError> {
        let wrong = |e: String| MailError::Settings(e);
        let from: Mailbox = mail.from.parse().map_err(|e| wrong(format!("the sender {:?}: {e}", mail.from)))?;
        let local = ["localhost", "127.0.0.1", "::1"].contains(&mail.host.as_str());
        if mail.tls == Tls::None && !local {
            return Err(wrong("a line without TLS is only for a mail server on this machine".into()));
        }
        let mut parameters = TlsParameters::builder(mail.host.clone());
        if let Some(file) = &mail.ca_file {
            let pem = std::fs::read(file).map_err(|e| wrong(format!("{}: {e}", file.display())))?;
            parameters = parameters
                .add_root_certificate(Certificate::from_pem(&pem).map_err(|e| wrong(format!("{}: {e}", file.display())))?);
        }
        let parameters = || parameters.clone().build().map_err(|e| wrong(e.to_string()));
        let tls = match mail.tls {
            Tls::None => LettreTls::None,
            Tls::Starttls => LettreTls::Required(parameters()?),
            Tls::Tls => LettreTls::Wrapper(parameters()?),
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(mail.host.clone())
            .port(mail.port)
            .tls(tls)
            .timeout(Some(Duration::from_secs(30)));
        if !mail.user.is_empty() {
            transport = transport.credentials(Credentials::new(mail.user.clone(), mail.password.clone()));
        }
        Ok(Sender { transport: transport.build(), from, host: mail.host.clone() })
    }

    /// Hands one message to the mail server; the answer is what the server said.
    pub async fn send(&self, message: &Outgoing) -> Result<String, MailError> {
        let letter = self.letter(message)?;
        match self.transport.send(letter).await {
            Ok(said) => Ok(said.message().collect::<Vec<_>>().join(" ")),
            Err(error) if error.is_permanent() => Err(MailError::Never(words(&error))),
            Err(error) => Err(MailError::Later(words(&error))),
        }
    }

    fn letter(&self, message: &Outgoing) -> Result<Message, MailError> {
        let to: Mailbox = message.recipient.parse().map_err(|e| MailError::Never(format!("the address cannot be read: {e}")))?;
        // the same message sent twice (a crash after sending) has the same id, by which mail servers know the twin
        let domain = self.from.email.domain();
        Message::builder()
            .message_id(Some(format!("<{}@{domain}>", message.id)))
            .date(std::time::SystemTime::UNIX_EPOCH + Duration::from_micros(message.created_at.micros().max(0).cast_unsigned()))
            .from(self.from.clone())
            .to(to)
            .header(AutoSubmitted)
            .subject(message.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(message.body.clone())
            .map_err(|e| MailError::Never(e.to_string()))
    }

    /// Name of the server.
    pub fn host(&self) -> &str {
        &self.host
    }
}

/// An error with its sources: lettre's own words alone say little.
fn words(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}

/// `Auto-Submitted: auto-generated` (RFC 3834): absence notes do not answer us.
#[derive(Clone)]
struct AutoSubmitted;

impl lettre::message::header::Header for AutoSubmitted {
    fn name() -> lettre::message::header::HeaderName {
        lettre::message::header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }
    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }
    fn display(&self) -> lettre::message::header::HeaderValue {
        lettre::message::header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}
