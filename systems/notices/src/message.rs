//! A message: what the sender says, merged and queued in the sender's own unit of work.
use std::{fmt, str::FromStr};

use base::Lang;
use serde::{Deserialize, Serialize};
use store::{By, Write};
use uuid::Uuid;

use crate::{
    sql,
    template::{Fault, Template, Text, merge},
};

/// What a system wants somebody to be told.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Template of the sending system.
    pub template: &'static Template,
    /// Kind of thing it is about: `dossier`.
    pub about_kind: &'static str,
    /// Which.
    pub about: Uuid,
    /// Where it goes; nobody is turned away for having no address, and the record says that there was none.
    pub email: Option<String>,
    /// Language of the recipient.
    pub lang: Lang,
    /// Values of the merge fields.
    pub fields: Vec<(&'static str, String)>,
}

/// How far a message got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits, or is tried again.
    Queued,
    /// The mail server took it.
    Sent,
    /// Will not be tried again.
    Failed,
    /// There is no address to send it to.
    NoAddress,
}

impl State {
    /// All states.
    pub const ALL: [State; 4] = [State::Queued, State::Sent, State::Failed, State::NoAddress];

    /// In Vietnamese; the key of its translation.
    pub fn title(self) -> &'static str {
        match self {
            State::Queued => "Đang chờ gửi",
            State::Sent => "Đã gửi",
            State::Failed => "Không gửi được",
            State::NoAddress => "Không có địa chỉ thư",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            State::Queued => "queued",
            State::Sent => "sent",
            State::Failed => "failed",
            State::NoAddress => "no_address",
        })
    }
}

impl FromStr for State {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        State::ALL.into_iter().find(|state| state.to_string() == s).ok_or_else(|| format!("{s:?} is no state of a message"))
    }
}

store::text_value!(State);

/// Why a message could not be queued.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The template and its fields do not fit.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Problem {
    fn from(error: Error) -> web::Problem {
        match error {
            Error::Store(error) => error.into(),
            Error::Fault(fault) => web::Problem::ours(fault.to_string()),
        }
    }
}

/// The order to send one message.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deliver {
    /// Which.
    pub message: Uuid,
}

impl store::Job for Deliver {
    const NAME: &'static str = "notices.deliver";
    /// With pauses that grow to an hour: about a day, so that a mail server may be away over night.
    const TRIES: u32 = 30;
    fn title(&self) -> String {
        "Gửi thư báo tin".into()
    }
}

/// Queues a message; it leaves after the commit, or never when the unit is rolled back. Without a mail server it stays in the queue.
pub async fn tell(tx: &Write<'_>, by: &By, notice: &Notice) -> Result<Uuid, Error> {
    let own = sql::text(tx, notice.template.code, notice.lang.code()).await?;
    let own = own.map(|(subject, body)| Text { subject: subject.into(), body: body.into() });
    let text = merge(own.as_ref().unwrap_or(notice.template.text(notice.lang)), &notice.fields)?;
    let email = notice.email.as_deref().map(str::trim).filter(|e| !e.is_empty());
    let id = by.id("notice", tx.serial());
    let message = sql::NewMessage {
        id,
        template: notice.template.code,
        about_kind: notice.about_kind,
        about: notice.about,
        recipient: email.unwrap_or_default(),
        subject: &text.subject,
        body: &text.body,
        lang: notice.lang.code(),
        state: if email.is_some() { State::Queued } else { State::NoAddress },
        now: by.now,
    };
    sql::insert(tx, &message).await?;
    if email.is_some() {
        store::enqueue(tx, by, &Deliver { message: id }).await?;
    }
    Ok(id)
}
