//! A message: what the sender says, merged and queued in the sender's own unit of work.
use std::{fmt, str::FromStr};

use base::Lang;
use serde::{Deserialize, Serialize};
use store::{By, Write};
use uuid::Uuid;

use crate::{
    Wishes, sql,
    template::{Fault, Said, Template, Text, merge},
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
    /// Whom: the account whose [`Wishes`] are asked.
    pub to: Uuid,
    /// Where it goes; nobody is turned away for having no address, and the record says that there was none.
    pub email: Option<String>,
    /// The language the recipient uses right now, when it is the recipient who acts: kept for the messages to come until they choose.
    pub spoken: Option<Lang>,
    /// Values of the merge fields.
    pub fields: Vec<(&'static str, Said)>,
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
    /// The recipient wants no e-mail.
    Unwanted,
}

impl State {
    /// All states.
    pub const ALL: [State; 5] = [State::Queued, State::Sent, State::Failed, State::NoAddress, State::Unwanted];

    /// In Vietnamese; the key of its translation.
    pub fn title(self) -> &'static str {
        match self {
            State::Queued => "Đang chờ gửi",
            State::Sent => "Đã gửi",
            State::Failed => "Không gửi được",
            State::NoAddress => "Không có địa chỉ thư",
            State::Unwanted => "Người nhận không nhận thư",
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
            State::Unwanted => "unwanted",
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

/// Queues a message in the language its recipient wants; it leaves after the commit, or never when the unit is rolled back. Without a mail
/// server it stays in the queue. To whoever wants no e-mail nothing is sent but what the law says they must be told, and the record says so.
pub async fn tell(tx: &Write<'_>, by: &By, notice: &Notice) -> Result<Uuid, Error> {
    let wishes = match sql::kept_wishes(tx, notice.to).await? {
        Some(chosen) => chosen,
        None => learn(tx, by, notice).await?,
    };
    let lang = wishes.lang;
    let own = sql::text(tx, notice.template.code, lang.code()).await?;
    let own = own.map(|(subject, body)| Text { subject: subject.into(), body: body.into() });
    let values: Vec<(&str, String)> = notice.fields.iter().map(|(name, said)| (*name, said.told_in(lang).to_owned())).collect();
    let text = merge(own.as_ref().unwrap_or(notice.template.text(lang)), &values)?;
    let email = notice.email.as_deref().map(str::trim).filter(|e| !e.is_empty());
    let state = match email {
        None => State::NoAddress,
        Some(_) if !wishes.allow(notice.template.must) => State::Unwanted,
        Some(_) => State::Queued,
    };
    let id = by.id("notice", tx.serial());
    let message = sql::NewMessage {
        id,
        template: notice.template.code,
        about_kind: notice.about_kind,
        about: notice.about,
        recipient: email.unwrap_or_default(),
        subject: &text.subject,
        body: &text.body,
        lang: lang.code(),
        state,
        now: by.now,
    };
    sql::insert(tx, &message).await?;
    if state == State::Queued {
        store::enqueue(tx, by, &Deliver { message: id }).await?;
    }
    Ok(id)
}

/// Whoever chose nothing yet is written to in the language they use, from their first act on.
async fn learn(tx: &Write<'_>, by: &By, notice: &Notice) -> Result<Wishes, Error> {
    let (wishes, worth_keeping) = Wishes::learned(notice.spoken);
    if worth_keeping {
        sql::set_wishes(tx, notice.to, wishes, by.now).await?;
    }
    Ok(wishes)
}
