//! Sessions begin and end here, and what a session is at a provider of identities goes with it, in one unit of work.
use store::Write;
use uuid::Uuid;
use web::{
    Key, Subject,
    session::{self, Opened, Opening},
};

use crate::{Error, sql::identity as sql};

/// Signs a subject in. The session this browser had before ends; a provider's word that waited for the second factor goes along.
pub async fn open(tx: &Write<'_>, opening: &Opening, subject: Subject, post: Option<Uuid>) -> Result<Opened, Error> {
    let opened = session::open(tx, opening, subject, post).await?;
    let session = &opened.session;
    if let Some(before) = opened.before {
        sql::waited(tx, before, session.key, subject.id, session.ends_at).await?;
        sql::forget_there(tx, before).await?;
    }
    sql::forget_over(tx, session.started_at).await?;
    Ok(opened)
}

/// Ends one session.
pub async fn end(tx: &Write<'_>, key: Key) -> Result<(), Error> {
    session::close(tx, key).await?;
    Ok(sql::forget_there(tx, key).await?)
}

/// Ends every session of a subject, except perhaps the one in hand; answers how many.
pub async fn end_all(tx: &Write<'_>, subject: Subject, except: Option<Key>) -> Result<u64, Error> {
    let ended = session::close_all(tx, subject, except).await?;
    sql::forget_all_there(tx, subject.id, except).await?;
    Ok(ended)
}
