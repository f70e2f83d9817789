//! Sweeping: bytes nobody refers to, answers and jobs nobody asks for any more.

use std::{
    io,
    path::{Path, PathBuf},
    time::Instant,
};

use base::Moment;
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{Db, Error, Files, Write, befores, files::blocking, house, sql};

/// What a sweep took away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Objects without a file.
    pub objects: u64,
    /// Files whose writing was cut off.
    pub leftovers: u64,
}

/// Bytes that nobody has kept within this time are swept.
const UNUSED: SignedDuration = SignedDuration::from_hours(24);
/// What was cut off while it was written is let go after this time.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(72);

/// How long one word of [`hold`] binds.
const HELD: SignedDuration = SignedDuration::from_mins(2);
/// One that reaches further comes from a clock that was wrong, and does not bind.
const ABSURD: SignedDuration = SignedDuration::from_hours(24);

/// Nobody sweeps files for the next two minutes. Said again and again by whoever reads them at length; whoever died over it is soon
/// forgotten. It is not the turn of a sweeper (lease `sweep`), which one of them has for most of each hour.
pub(crate) async fn hold(tx: &Write<'_>, now: Moment) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO store_lease (name, holder, until) VALUES ('files', $1, $2)
             ON CONFLICT (name) DO UPDATE SET until = excluded.until
             WHERE store_lease.until < excluded.until OR store_lease.until > $3"
        ),
        &[&Uuid::nil(), &now.plus(HELD), &now.plus(ABSURD)],
    )
    .await
    .map(drop)
}

/// Whether files are held. The row stays locked until the end of the unit: whoever holds after this one begins to read only when our mark
/// is there.
async fn is_held(tx: &Write<'_>, now: Moment) -> Result<bool, Error> {
    let until: Moment = tx
        .one(
            sql!(
                "INSERT INTO store_lease (name, holder, until) VALUES ('files', $1, 0)
                 ON CONFLICT (name) DO UPDATE SET until = store_lease.until RETURNING until"
            ),
            &[&Uuid::nil()],
        )
        .await?;
    Ok((now..=now.plus(ABSURD)).contains(&until))
}

/// Deletes bytes that belong to no file, a day after they came. Safe beside a running server.
///
/// As long as the data of before a restore is there, it may need bytes of which the present rows know nothing: they stay.
pub async fn sweep_files(db: &Db, files: &Files, now: Moment) -> Result<Swept, Error> {
    house::check(db, files).await?;
    let (began, all_stay) = (Instant::now(), !befores(db).await?.is_empty());
    let mut swept = Swept::default();
    let root = files.root.clone();
    let (old, leftovers) = blocking(move || {
        let mut leftovers = old_files(&root.join("staging"), now, GIVEN_UP)?;
        if all_stay {
            return Ok((Vec::new(), leftovers));
        }
        leftovers.extend(old_files(&root.join("trash"), now, GIVEN_UP)?);
        Ok((old_files(&root.join("objects"), now, UNUSED)?, leftovers))
    })
    .await?;
    for path in old {
        let Some((owner, sha256)) = address_of(&path) else { continue };
        let at = now.plus(SignedDuration::try_from(began.elapsed()).unwrap_or_default());
        swept.objects += u64::from(sweep_one(db, files, at, owner, sha256).await?);
    }
    forget_marks(db, now).await?;
    swept.leftovers = blocking(move || Ok(leftovers.iter().filter(|p| std::fs::remove_file(p).is_ok()).count() as u64)).await?;
    Ok(swept)
}

/// Marks the address first, so that nobody can keep it meanwhile; then takes the bytes away; then the mark.
async fn sweep_one(db: &Db, files: &Files, now: Moment, owner: Uuid, sha256: [u8; 32]) -> Result<bool, Error> {
    let id = base::Seed::fresh().uuid("swept", 0);
    let marked = db
        .write(async move |tx: &Write<'_>| -> Result<bool, Error> {
            if is_held(tx, now).await? {
                return Ok(false);
            }
            // A mark left by a crash is taken over.
            let free = tx
                .run(
                    sql!(
                        "INSERT INTO store_file (id, owner, sha256, size, at, uses) VALUES ($1, $2, $3, 0, $4, 0)
                         ON CONFLICT (owner, sha256) DO UPDATE SET at = excluded.at WHERE store_file.uses = 0"
                    ),
                    &[&id, &owner, &sha256, &now],
                )
                .await?;
            Ok(free == 1)
        })
        .await?;
    if !marked {
        return Ok(false);
    }
    let (path, trash) = (files.path(owner, &sha256), files.root.join("trash").join(id.simple().to_string()));
    let gone = blocking(move || {
        std::fs::rename(&path, &trash)?;
        // The same bytes may have come again this moment: then they are given back.
        if is_old(&trash, now, UNUSED)? {
            std::fs::remove_file(&trash)?;
            return Ok(true);
        }
        std::fs::rename(&trash, &path)?;
        Ok(false)
    })
    .await;
    db.write(async move |tx: &Write<'_>| {
        tx.run(sql!("DELETE FROM store_file WHERE owner = $1 AND sha256 = $2 AND uses = 0"), &[&owner, &sha256]).await
    })
    .await?;
    gone
}

/// Forgets the marks of sweepers that died over them.
async fn forget_marks(db: &Db, now: Moment) -> Result<(), Error> {
    let day_ago = now.plus(-UNUSED);
    db.write(async move |tx: &Write<'_>| {
        tx.run(sql!("DELETE FROM store_file WHERE uses = 0 AND at < $1"), &[&day_ago]).await.map(drop)
    })
    .await
}

/// Deletes jobs that have ended: those nobody owns (mails) after a week, the others and whatever failed after a year.
pub async fn sweep_jobs(tx: &Write<'_>, now: Moment) -> Result<u64, Error> {
    let (week, year) = (now.plus(SignedDuration::from_hours(-7 * 24)), now.plus(SignedDuration::from_hours(-365 * 24)));
    tx.run(
        sql!(
            "DELETE FROM store_job
             WHERE state IN ('done', 'cancelled') AND (owner IS NULL AND finished < $1 OR finished < $2)
                OR state = 'failed' AND finished < $2"
        ),
        &[&week, &year],
    )
    .await
}

/// How long an answer can be asked for again.
const ANSWERS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Everything that is swept regularly: files, answers after a week, jobs.
pub async fn sweep(db: &Db, files: Option<&Files>, now: Moment) -> Result<Swept, Error> {
    db.write(async move |tx: &Write<'_>| {
        crate::forget_answers(tx, now.plus(-ANSWERS)).await?;
        sweep_jobs(tx, now).await
    })
    .await?;
    match files {
        Some(files) => sweep_files(db, files, now).await,
        None => Ok(Swept::default()),
    }
}

fn old_files(folder: &Path, now: Moment, age: SignedDuration) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(old_files(&entry.path(), now, age)?);
        } else if is_old(&entry.path(), now, age).unwrap_or(false) {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn is_old(path: &Path, now: Moment, age: SignedDuration) -> io::Result<bool> {
    let since = path.metadata()?.modified()?;
    let since = jiff::Timestamp::try_from(since).map_err(io::Error::other)?;
    Ok(now.since(Moment::from(since)) > age)
}

/// `…/ab/<owner>/<sha256>` back to owner and hash.
fn address_of(path: &Path) -> Option<(Uuid, [u8; 32])> {
    let mut parts = path.iter().rev().filter_map(|p| p.to_str());
    let sha256 = hex::decode(parts.next()?).ok()?.try_into().ok()?;
    Some((parts.next()?.parse().ok()?, sha256))
}
