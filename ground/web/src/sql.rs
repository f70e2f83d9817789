//! What the house's own room keeps in its tables: sessions, what was parked, uploads. The only place with SQL here.

use base::Moment;
use store::{Error, FileId, Read, Write, sql};
use uuid::Uuid;

use crate::session::{Key, Realm, Session, Subject};

/// Whether the database answers at all.
pub(crate) async fn is_there(tx: &Read<'_>) -> Result<bool, Error> {
    tx.one::<i64>(sql!("SELECT 1"), &[]).await.map(|one| one == 1)
}

struct SessionRow {
    key: Key,
    realm: Realm,
    subject: Uuid,
    post: Option<Uuid>,
    started_at: Moment,
    seen_at: Moment,
    ends_at: Moment,
    device: String,
}
store::from_row!(SessionRow { key, realm, subject, post, started_at, seen_at, ends_at, device });

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Session {
        Session {
            key: row.key,
            subject: Subject { realm: row.realm, id: row.subject },
            post: row.post,
            started_at: row.started_at,
            seen_at: row.seen_at,
            ends_at: row.ends_at,
            device: row.device,
        }
    }
}

/// The session of a token, over or not.
pub(crate) async fn session(tx: &Read<'_>, key: Key) -> Result<Option<Session>, Error> {
    let row: Option<SessionRow> = tx
        .opt(
            sql!("SELECT key, realm, subject, post, started_at, seen_at, ends_at, device FROM web_session WHERE key = $1"),
            &[&key],
        )
        .await?;
    Ok(row.map(Session::from))
}

/// The sessions of a subject, newest first.
pub(crate) async fn sessions_of(tx: &Read<'_>, subject: Subject) -> Result<Vec<Session>, Error> {
    let rows: Vec<SessionRow> = tx
        .all(
            sql!(
                "SELECT key, realm, subject, post, started_at, seen_at, ends_at, device FROM web_session
                 WHERE subject = $1 AND realm = $2 ORDER BY started_at DESC"
            ),
            &[&subject.id, &subject.realm],
        )
        .await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// A new session; `previous` is the token the browser had before.
pub(crate) async fn add_session(tx: &Write<'_>, session: &Session, previous: Option<Key>) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO web_session (key, realm, subject, post, started_at, seen_at, ends_at, device, previous)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        &[
            &session.key,
            &session.subject.realm,
            &session.subject.id,
            &session.post,
            &session.started_at,
            &session.seen_at,
            &session.ends_at,
            &session.device,
            &previous,
        ],
    )
    .await?;
    Ok(())
}

/// Notes that a session is in use.
pub(crate) async fn touch_session(tx: &Write<'_>, key: Key, now: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE web_session SET seen_at = $2 WHERE key = $1 AND seen_at < $2"), &[&key, &now]).await?;
    Ok(())
}

/// Changes the post of a session.
pub(crate) async fn set_post(tx: &Write<'_>, key: Key, post: Option<Uuid>) -> Result<(), Error> {
    tx.run(sql!("UPDATE web_session SET post = $2 WHERE key = $1"), &[&key, &post]).await?;
    Ok(())
}

/// Ends one session.
pub(crate) async fn end_session(tx: &Write<'_>, key: Key) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM web_session WHERE key = $1"), &[&key]).await?;
    Ok(())
}

/// Ends the sessions of a subject, except perhaps one; answers how many.
pub(crate) async fn end_sessions(tx: &Write<'_>, subject: Subject, except: Option<Key>) -> Result<u64, Error> {
    match except {
        Some(key) => {
            tx.run(
                sql!("DELETE FROM web_session WHERE subject = $1 AND realm = $2 AND key <> $3"),
                &[&subject.id, &subject.realm, &key],
            )
            .await
        }
        None => tx.run(sql!("DELETE FROM web_session WHERE subject = $1 AND realm = $2"), &[&subject.id, &subject.realm]).await,
    }
}

/// Forgets the sessions that ended before `until`.
pub(crate) async fn forget_sessions(tx: &Write<'_>, until: Moment) -> Result<u64, Error> {
    tx.run(sql!("DELETE FROM web_session WHERE ends_at < $1"), &[&until]).await
}

/// What waits under a browser's old token moves to its new one: parked posts of this subject or of nobody, and uploads.
pub(crate) async fn move_along(tx: &Write<'_>, before: Key, key: Key, subject: Uuid) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE web_parked SET key = $2, subject = $3 WHERE key = $1 AND (subject IS NULL OR subject = $3)"),
        &[&before, &key, &subject],
    )
    .await?;
    tx.run(sql!("UPDATE web_upload SET owner = $2 WHERE owner = $1"), &[&before, &key]).await?;
    Ok(())
}

/// Fields that wait until somebody has signed in again.
pub(crate) struct Waiting {
    pub(crate) id: Uuid,
    pub(crate) key: Key,
    /// Whose session had just ended, when there was one.
    pub(crate) subject: Option<Uuid>,
    pub(crate) path: String,
    /// The fields as JSON.
    pub(crate) fields: String,
    pub(crate) at: Moment,
}

/// Parks fields.
pub(crate) async fn park(tx: &Write<'_>, waiting: &Waiting) -> Result<(), Error> {
    let Waiting { id, key, subject, path, fields, at } = waiting;
    tx.run(
        sql!("INSERT INTO web_parked (id, key, subject, path, fields, at) VALUES ($1, $2, $3, $4, $5, $6)"),
        &[id, key, subject, path, fields, at],
    )
    .await?;
    Ok(())
}

/// Path and fields that wait for this subject under this token.
pub(crate) async fn parked(tx: &Read<'_>, id: Uuid, key: Key, subject: Uuid) -> Result<Option<(String, String)>, Error> {
    tx.opt(
        sql!("SELECT path, fields FROM web_parked WHERE id = $1 AND key = $2 AND (subject IS NULL OR subject = $3)"),
        &[&id, &key, &subject],
    )
    .await
}

/// Forgets what was parked before `until`.
pub(crate) async fn forget_parked(tx: &Write<'_>, until: Moment) -> Result<u64, Error> {
    tx.run(sql!("DELETE FROM web_parked WHERE at < $1"), &[&until]).await
}

/// An upload on its way.
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) length: i64,
    pub(crate) received: i64,
    /// The hash, once it is whole.
    pub(crate) sha256: Option<[u8; 32]>,
    pub(crate) expires_at: Moment,
}
store::from_row!(Upload { name, length, received, sha256, expires_at });

/// Begins an upload: nothing of it is here yet.
pub(crate) async fn begin_upload(
    tx: &Write<'_>,
    id: Uuid,
    owner: Key,
    name: &str,
    length: i64,
    now: Moment,
    expires_at: Moment,
) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO web_upload (id, owner, name, length, received, created_at, expires_at) VALUES ($1, $2, $3, $4, 0, $5, $6)"
        ),
        &[&id, &owner, &name, &length, &now, &expires_at],
    )
    .await?;
    Ok(())
}

/// An upload of this visitor.
pub(crate) async fn upload(tx: &Read<'_>, owner: Key, id: Uuid) -> Result<Option<Upload>, Error> {
    tx.opt(sql!("SELECT name, length, received, sha256, expires_at FROM web_upload WHERE id = $1 AND owner = $2"), &[&id, &owner])
        .await
}

/// Notes `more` bytes after the `from` that were here; false when another piece was quicker.
pub(crate) async fn advance(tx: &Write<'_>, owner: Key, id: Uuid, from: i64, more: i64) -> Result<bool, Error> {
    let moved = tx
        .run(
            sql!("UPDATE web_upload SET received = received + $4 WHERE id = $1 AND owner = $2 AND received = $3"),
            &[&id, &owner, &from, &more],
        )
        .await?;
    Ok(moved == 1)
}

/// Adds the piece that starts at `from`.
pub(crate) async fn add_piece(tx: &Write<'_>, upload: Uuid, from: i64, file: FileId) -> Result<(), Error> {
    tx.run(sql!("INSERT INTO web_upload_part (upload, starts, file) VALUES ($1, $2, $3)"), &[&upload, &from, &file]).await?;
    Ok(())
}

/// The pieces of an upload, in their order.
pub(crate) async fn pieces(tx: &Read<'_>, upload: Uuid) -> Result<Vec<FileId>, Error> {
    tx.all(sql!("SELECT file FROM web_upload_part WHERE upload = $1 ORDER BY starts"), &[&upload]).await
}

/// Takes the pieces of an upload out; answers them.
pub(crate) async fn take_pieces(tx: &Write<'_>, upload: Uuid) -> Result<Vec<FileId>, Error> {
    tx.all(sql!("DELETE FROM web_upload_part WHERE upload = $1 RETURNING file"), &[&upload]).await
}

/// Whether an upload is there and its pieces have not become one file yet.
pub(crate) async fn is_in_pieces(tx: &Read<'_>, id: Uuid) -> Result<bool, Error> {
    let file: Option<Option<FileId>> = tx.opt(sql!("SELECT file FROM web_upload WHERE id = $1"), &[&id]).await?;
    Ok(file == Some(None))
}

/// Notes the file that the pieces have become, and what it is.
pub(crate) async fn set_whole(
    tx: &Write<'_>,
    owner: Key,
    id: Uuid,
    file: FileId,
    sha256: &[u8; 32],
    kind: &str,
) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE web_upload SET file = $3, sha256 = $4, kind = $5 WHERE id = $1 AND owner = $2"),
        &[&id, &owner, &file, sha256, &kind],
    )
    .await?;
    Ok(())
}

/// A whole upload, as a form takes it.
pub(crate) struct Whole {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) length: i64,
    pub(crate) file: FileId,
    pub(crate) sha256: [u8; 32],
    pub(crate) kind: String,
}
store::from_row!(Whole { id, name, length, file, sha256, kind });

/// Takes a whole upload of this visitor out.
pub(crate) async fn take_whole(tx: &Write<'_>, owner: Key, id: Uuid) -> Result<Option<Whole>, Error> {
    tx.opt(
        sql!(
            "DELETE FROM web_upload WHERE id = $1 AND owner = $2 AND file IS NOT NULL
             RETURNING id, name, length, file, sha256, kind"
        ),
        &[&id, &owner],
    )
    .await
}

/// Takes an upload out in any state; answers the file it had become, and `None` when it was not there.
pub(crate) async fn drop_upload(tx: &Write<'_>, owner: Key, id: Uuid) -> Result<Option<Option<FileId>>, Error> {
    tx.opt(sql!("DELETE FROM web_upload WHERE id = $1 AND owner = $2 RETURNING file"), &[&id, &owner]).await
}

/// Some uploads that nobody finished or took in time, each with the file it had become.
pub(crate) async fn expired(tx: &Read<'_>, now: Moment) -> Result<Vec<(Uuid, Key, Option<FileId>)>, Error> {
    tx.all(sql!("SELECT id, owner, file FROM web_upload WHERE expires_at < $1 ORDER BY id LIMIT 200"), &[&now]).await
}
