//! What the house's own room keeps in its tables: sessions, what was parked, uploads. The only place with SQL here.

use base::Moment;
use store::{Error, FileId, Read, Write, sql};
use uuid::Uuid;

use crate::budget::{Lying, Who};
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

/// What was left in a browser becomes the subject's who signs in there: uploads of theirs or of nobody, and parked posts of nobody, which
/// might be somebody else's and to which therefore nobody is led.
pub(crate) async fn move_along(tx: &Write<'_>, before: Key, key: Key, subject: Uuid, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE web_parked SET subject = $2, seen_at = $3 WHERE key = $1 AND subject IS NULL"),
        &[&before, &subject, &now],
    )
    .await?;
    tx.run(
        sql!("UPDATE web_upload SET owner = $2, subject = $3 WHERE owner = $1 AND (subject IS NULL OR subject = $3)"),
        &[&before, &key, &subject],
    )
    .await?;
    Ok(())
}

/// Parks fields, as JSON, until somebody has signed in again.
pub(crate) async fn park(tx: &Write<'_>, id: Uuid, who: &Who, path: &str, fields: &str) -> Result<(), Error> {
    tx.run(
        sql!("INSERT INTO web_parked (id, key, subject, network, path, fields, at) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        &[&id, &who.key, &who.subject, &who.network, &path, &fields, &who.at],
    )
    .await?;
    Ok(())
}

/// Path and fields that wait for this subject; from now on they are seen.
pub(crate) async fn see_parked(tx: &Write<'_>, id: Uuid, subject: Uuid, now: Moment) -> Result<Option<(String, String)>, Error> {
    tx.opt(
        sql!("UPDATE web_parked SET seen_at = $3 WHERE id = $1 AND subject = $2 RETURNING path, fields"),
        &[&id, &subject, &now],
    )
    .await
}

/// The newest of what waits for this subject unseen.
pub(crate) async fn unseen(tx: &Read<'_>, subject: Uuid) -> Result<Option<Uuid>, Error> {
    tx.opt(sql!("SELECT id FROM web_parked WHERE subject = $1 AND seen_at IS NULL ORDER BY at DESC LIMIT 1"), &[&subject]).await
}

/// What is parked of a visitor.
pub(crate) async fn parked_of_visitor(tx: &Read<'_>, who: &Who) -> Result<Lying, Error> {
    tx.one(
        sql!("SELECT count(*), COALESCE(sum(octet_length(fields)), 0) FROM web_parked WHERE key = $1 OR subject = $2"),
        &[&who.key, &who.subject],
    )
    .await
}

/// What is parked from a network.
pub(crate) async fn parked_of_network(tx: &Read<'_>, network: &str) -> Result<Lying, Error> {
    tx.one(sql!("SELECT count(*), COALESCE(sum(octet_length(fields)), 0) FROM web_parked WHERE network = $1"), &[&network]).await
}

/// Forgets what was parked before `until`.
pub(crate) async fn forget_parked(tx: &Write<'_>, until: Moment) -> Result<u64, Error> {
    tx.run(sql!("DELETE FROM web_parked WHERE at < $1"), &[&until]).await
}

/// Makes the requests of a network that leave something here wait for each other, so that each sees what the one before it left.
pub(crate) async fn take_turn(tx: &Write<'_>, network: &str, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!("INSERT INTO web_network (network, at) VALUES ($1, $2) ON CONFLICT (network) DO UPDATE SET at = excluded.at"),
        &[&network, &now],
    )
    .await?;
    Ok(())
}

/// Forgets the networks that have left nothing since `until`.
pub(crate) async fn forget_networks(tx: &Write<'_>, until: Moment) -> Result<u64, Error> {
    tx.run(sql!("DELETE FROM web_network WHERE at < $1"), &[&until]).await
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
    who: &Who,
    name: &str,
    length: i64,
    expires_at: Moment,
) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO web_upload (id, owner, subject, network, name, length, received, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8)"
        ),
        &[&id, &who.key, &who.subject, &who.network, &name, &length, &who.at, &expires_at],
    )
    .await?;
    Ok(())
}

/// What a visitor has sent that nobody has taken, what was given up or refused included: its bytes lie here too.
pub(crate) async fn uploads_of_visitor(tx: &Read<'_>, who: &Who) -> Result<Lying, Error> {
    tx.one(
        sql!("SELECT count(*), COALESCE(sum(length), 0) FROM web_upload WHERE owner = $1 OR subject = $2"),
        &[&who.key, &who.subject],
    )
    .await
}

/// The same from a network.
pub(crate) async fn uploads_of_network(tx: &Read<'_>, network: &str) -> Result<Lying, Error> {
    tx.one(sql!("SELECT count(*), COALESCE(sum(length), 0) FROM web_upload WHERE network = $1"), &[&network]).await
}

/// An upload of this browser, or of whoever has signed in there.
pub(crate) async fn upload(tx: &Read<'_>, owner: Key, id: Uuid) -> Result<Option<Upload>, Error> {
    tx.opt(
        sql!(
            "SELECT name, length, received, sha256, expires_at FROM web_upload
             WHERE id = $1 AND NOT dropped AND (owner = $2 OR subject = (SELECT subject FROM web_session WHERE key = $2))"
        ),
        &[&id, &owner],
    )
    .await
}

/// Notes `more` bytes after the `from` that were here; false when another piece was quicker.
pub(crate) async fn advance(tx: &Write<'_>, id: Uuid, from: i64, more: i64) -> Result<bool, Error> {
    let moved = tx
        .run(
            sql!("UPDATE web_upload SET received = received + $3 WHERE id = $1 AND received = $2 AND NOT dropped"),
            &[&id, &from, &more],
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

/// The hash of an upload that is there, once its pieces have become one file.
pub(crate) async fn whole(tx: &Read<'_>, id: Uuid) -> Result<Option<Option<[u8; 32]>>, Error> {
    tx.opt(sql!("SELECT sha256 FROM web_upload WHERE id = $1 AND NOT dropped"), &[&id]).await
}

/// Notes the hash of what the pieces become, and what it is; false when that was done already, or the upload is gone.
pub(crate) async fn become_whole(tx: &Write<'_>, id: Uuid, sha256: &[u8; 32], kind: &str) -> Result<bool, Error> {
    let became = tx
        .run(
            sql!("UPDATE web_upload SET sha256 = $2, kind = $3 WHERE id = $1 AND sha256 IS NULL AND NOT dropped"),
            &[&id, sha256, &kind],
        )
        .await?;
    Ok(became == 1)
}

/// Notes the file that the pieces have become.
pub(crate) async fn set_file(tx: &Write<'_>, id: Uuid, file: FileId) -> Result<(), Error> {
    tx.run(sql!("UPDATE web_upload SET file = $2 WHERE id = $1"), &[&id, &file]).await?;
    Ok(())
}

/// Refuses what the pieces would become.
pub(crate) async fn refuse_upload(tx: &Write<'_>, id: Uuid) -> Result<(), Error> {
    tx.run(sql!("UPDATE web_upload SET dropped = true WHERE id = $1 AND file IS NULL"), &[&id]).await?;
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

/// Takes a whole upload out, of this browser or of whoever has signed in there.
pub(crate) async fn take_whole(tx: &Write<'_>, owner: Key, id: Uuid) -> Result<Option<Whole>, Error> {
    tx.opt(
        sql!(
            "DELETE FROM web_upload
             WHERE id = $1 AND file IS NOT NULL AND NOT dropped
               AND (owner = $2 OR subject = (SELECT subject FROM web_session WHERE key = $2))
             RETURNING id, name, length, file, sha256, kind"
        ),
        &[&id, &owner],
    )
    .await
}

/// Gives an upload up in any state; answers the file it had become, and `None` when it was not there.
pub(crate) async fn drop_upload(tx: &Write<'_>, owner: Key, id: Uuid) -> Result<Option<Option<FileId>>, Error> {
    tx.opt(
        sql!(
            "UPDATE web_upload SET dropped = true
             WHERE id = $1 AND NOT dropped AND (owner = $2 OR subject = (SELECT subject FROM web_session WHERE key = $2))
             RETURNING file"
        ),
        &[&id, &owner],
    )
    .await
}

/// Forgets an upload; answers the file it had become, unless that was let go when it was given up.
pub(crate) async fn forget_upload(tx: &Write<'_>, id: Uuid) -> Result<Option<FileId>, Error> {
    let was: Option<(Option<FileId>, bool)> =
        tx.opt(sql!("DELETE FROM web_upload WHERE id = $1 RETURNING file, dropped"), &[&id]).await?;
    Ok(was.and_then(|(file, dropped)| file.filter(|_| !dropped)))
}

/// Some uploads whose time is over.
pub(crate) async fn expired(tx: &Read<'_>, now: Moment) -> Result<Vec<Uuid>, Error> {
    tx.all(sql!("SELECT id FROM web_upload WHERE expires_at < $1 ORDER BY id LIMIT 200"), &[&now]).await
}
