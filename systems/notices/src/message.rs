//! A message: what the sender says, merged and queued in the sender's own unit of work.

use crate::template::{Fault, Template, merge};
use base::Lang;
use store::{By, Write, sql};
use uuid::Uuid;

/// What a system wants somebody to be told.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Template of the sending system.
    pub template: &'static Template,
    /// Kind of thing it is about: `dossier`.
    pub about_kind: &'static str,
    /// Which.
    pub about: Uuid,
    /// Where it goes; without an address nothing is queued, and nobody is turned away for having none.
    pub email: Option<String>,
    /// Language of the recipient.
    pub lang: Lang,
    /// Values of the merge fields.
    pub fields: Vec<(&'static str, String)>,
}

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

/// Queues a message; it leaves after the commit, or never when the unit is rolled back.
pub async fn tell(tx: &Write<'_>, by: &By, notice: &Notice) -> Result<(), Error> {
    let Some(email) = notice.email.as_deref().filter(|e| !e.is_empty()) else { return Ok(()) };
    let text = merge(notice.template.text(notice.lang), &notice.fields)?;
    let id = by.id("notice", tx.serial());
    tx.run(
        sql!(
            "INSERT INTO notices_message (id, template, about_kind, about, channel, recipient, subject, body, state, created_at)
             VALUES ($1, $2, $3, $4, 'email', $5, $6, $7, 'queued', $8)"
        ),
        &[
            &id,
            &notice.template.code,
            &notice.about_kind,
            &notice.about,
            &email,
            &text.subject.into_owned(),
            &text.body.into_owned(),
            &by.now,
        ],
    )
    .await?;
    Ok(())
}
