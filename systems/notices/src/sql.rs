//! All SQL of notices.
use base::{Lang, Moment};
use store::{Error, Read, Write, sql};
use uuid::Uuid;

use crate::{State, Wishes};

/// A message on its way out.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// Id.
    pub id: Uuid,
    /// Where it goes.
    pub recipient: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// How far it got.
    pub state: State,
    /// When it was queued.
    pub created_at: Moment,
}
store::from_row!(Outgoing { id, recipient, subject, body, state, created_at });

/// A message to be queued.
pub struct NewMessage<'a> {
    pub id: Uuid,
    pub template: &'a str,
    pub about_kind: &'a str,
    pub about: Uuid,
    pub recipient: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    pub lang: &'a str,
    pub state: State,
    pub now: Moment,
}

/// Keeps a message.
pub async fn insert(tx: &Write<'_>, m: &NewMessage<'_>) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO notices_message
               (id, template, about_kind, about, channel, recipient, subject, body, lang, state, created_at)
             VALUES ($1, $2, $3, $4, 'email', $5, $6, $7, $8, $9, $10)"
        ),
        &[&m.id, &m.template, &m.about_kind, &m.about, &m.recipient, &m.subject, &m.body, &m.lang, &m.state, &m.now],
    )
    .await
    .map(drop)
}

/// One message.
pub async fn outgoing(tx: &Read<'_>, id: Uuid) -> Result<Option<Outgoing>, Error> {
    tx.opt(sql!("SELECT id, recipient, subject, body, state, created_at FROM notices_message WHERE id = $1"), &[&id]).await
}

/// It left.
pub async fn sent(tx: &Write<'_>, id: Uuid, reply: &str, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "UPDATE notices_message SET state = 'sent', sent_at = $2, reply = $3, error = NULL, tries = tries + 1
             WHERE id = $1 AND state = 'queued'"
        ),
        &[&id, &now, &reply],
    )
    .await
    .map(drop)
}

/// A try came to nothing; `state` says whether there will be another.
pub async fn not_sent(tx: &Write<'_>, id: Uuid, state: State, error: &str) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE notices_message SET state = $2, error = $3, tries = tries + 1 WHERE id = $1 AND state = 'queued'"),
        &[&id, &state, &error],
    )
    .await
    .map(drop)
}

/// Queues a failed message anew; false when it is not failed.
pub async fn requeue(tx: &Write<'_>, id: Uuid) -> Result<bool, Error> {
    let done = tx.run(sql!("UPDATE notices_message SET state = 'queued' WHERE id = $1 AND state = 'failed'"), &[&id]).await?;
    Ok(done == 1)
}

/// A line of the administrators' list: no text, no full address.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Id.
    pub id: Uuid,
    /// Template.
    pub template: String,
    /// Where it goes.
    pub recipient: String,
    /// How far it got.
    pub state: State,
    /// Tries so far.
    pub tries: i64,
    /// Why the last try failed.
    pub error: Option<String>,
    /// Queued.
    pub created_at: Moment,
    /// Left.
    pub sent_at: Option<Moment>,
}
store::from_row!(Listed { id, template, recipient, state, tries, error, created_at, sent_at });

/// The newest messages before a moment, of one state or all.
pub async fn list(tx: &Read<'_>, state: Option<State>, before: Moment, limit: i64) -> Result<Vec<Listed>, Error> {
    let state = state.map(|s| s.to_string());
    tx.all(
        sql!(
            "SELECT id, template, recipient, state, tries, error, created_at, sent_at FROM notices_message
             WHERE (CAST($1 AS text) IS NULL OR state = $1) AND created_at < $2 ORDER BY created_at DESC, id LIMIT $3"
        ),
        &[&state, &before, &limit],
    )
    .await
}

/// How many messages stand in each state.
pub async fn counts(tx: &Read<'_>) -> Result<Vec<(State, i64)>, Error> {
    tx.all(sql!("SELECT state, count(*) FROM notices_message GROUP BY state"), &[]).await
}

/// How many messages have waited since before a moment, and since when the oldest.
pub async fn waiting(tx: &Read<'_>, before: Moment) -> Result<(i64, Option<Moment>), Error> {
    tx.one(sql!("SELECT count(*), min(created_at) FROM notices_message WHERE state = 'queued' AND created_at < $1"), &[&before])
        .await
}

/// How one thing's messages stand, oldest first.
#[derive(Clone, Debug)]
pub struct About {
    /// Template.
    pub template: String,
    /// How far it got.
    pub state: State,
    /// Queued.
    pub created_at: Moment,
    /// Left.
    pub sent_at: Option<Moment>,
}
store::from_row!(About { template, state, created_at, sent_at });

/// The messages about one thing, oldest first.
pub async fn about(tx: &Read<'_>, about: Uuid) -> Result<Vec<About>, Error> {
    tx.all(
        sql!("SELECT template, state, created_at, sent_at FROM notices_message WHERE about = $1 ORDER BY created_at, id"),
        &[&about],
    )
    .await
}

/// The text an administrator wrote.
pub async fn text(tx: &Read<'_>, template: &str, lang: &str) -> Result<Option<(String, String)>, Error> {
    tx.opt(sql!("SELECT subject, body FROM notices_text WHERE template = $1 AND lang = $2"), &[&template, &lang]).await
}

/// Which templates have a text of the province's own.
pub async fn changed(tx: &Read<'_>) -> Result<Vec<(String, String, Moment)>, Error> {
    tx.all(sql!("SELECT template, lang, changed_at FROM notices_text"), &[]).await
}

/// Keeps a text in place of the program's own.
pub async fn set_text(
    tx: &Write<'_>,
    template: &str,
    lang: &str,
    subject: &str,
    body: &str,
    who: Uuid,
    now: Moment,
) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO notices_text (template, lang, subject, body, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (template, lang) DO UPDATE SET subject = $3, body = $4, changed_at = $5, changed_by = $6"
        ),
        &[&template, &lang, &subject, &body, &now, &who],
    )
    .await
    .map(drop)
}

/// Back to the program's own text.
pub async fn drop_text(tx: &Write<'_>, template: &str, lang: &str) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM notices_text WHERE template = $1 AND lang = $2"), &[&template, &lang]).await.map(drop)
}

/// What a person chose, or what was kept for them; none: nothing yet.
pub async fn kept_wishes(tx: &Read<'_>, subject: Uuid) -> Result<Option<Wishes>, Error> {
    let kept: Option<(bool, String)> =
        tx.opt(sql!("SELECT email, lang FROM notices_preference WHERE subject = $1"), &[&subject]).await?;
    Ok(kept.map(|(email, lang)| Wishes { email, lang: if lang == Lang::En.code() { Lang::En } else { Lang::Vi } }))
}

/// How a person wants to be told; nothing said: in Vietnamese, by e-mail.
pub async fn wishes(tx: &Read<'_>, subject: Uuid) -> Result<Wishes, Error> {
    Ok(kept_wishes(tx, subject).await?.unwrap_or_default())
}

/// Keeps how a person wants to be told.
pub async fn set_wishes(tx: &Write<'_>, subject: Uuid, wishes: Wishes, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO notices_preference (subject, email, lang, changed_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (subject) DO UPDATE SET email = $2, lang = $3, changed_at = $4"
        ),
        &[&subject, &wishes.email, &wishes.lang.code(), &now],
    )
    .await
    .map(drop)
}
