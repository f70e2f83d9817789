//! Sweeping: bytes nobody refers to, answers and jobs nobody asks for any more.

use std::{
    io,
    path::{Path, PathBuf},
};

use base::Moment;
use jiff::SignedDuration;
use uuid::Uuid;

use crate::{Db, Error, Files, Write, files::blocking, sql};

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

/// Deletes bytes that belong to no file, a day after they came. Safe beside a running server.
pub async fn sweep_files(db: &Db, files: &Files, now: Moment) -> Result<Swept, Error> {
    let mut swept = Swept::default();
    let root = files.root.clone();
    let (old, leftovers) = blocking(move || {
        let mut leftovers = old_files(&root.join("staging"), now, GIVEN_UP)?;
        leftovers.extend(old_files(&root.join("trash"), now, GIVEN_UP)?);
        Ok((old_files(&root.join("objects"), now, UNUSED)?, leftovers))
    })
    .await?;
    for path in old {
        let Some((owner, sha256)) = address_of(&path) else { continue };
        swept.objects += u64::from(sweep_one(db, files, now, owner, sha256).await?);
    }
    swept.leftovers = blocking(move || Ok(leftovers.iter().filter(|p| std::fs::remove_file(p).is_ok()).count() as u64)).await?;
    Ok(swept)
}

/// Marks the address first, so that nobody can keep it meanwhile; then takes the bytes away; then the mark.
async fn sweep_one(db: &Db, files: &Files, now: Moment, owner: Uuid, sha256: [u8; 32]) -> Result<bool, Error> {
    let id = base::Seed::fresh().uuid("swept", 0);
    let marked = db
        .write(async move |tx: &Write<'_>| -> Result<bool, Error> {
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

/// Deletes finished jobs: those nobody owns (mails) after a week, the others after a year.
pub async fn sweep_jobs(tx: &Write<'_>, now: Moment) -> Result<u64, Error> {
    let (week, year) = (now.plus(SignedDuration::from_hours(-7 * 24)), now.plus(SignedDuration::from_hours(-365 * 24)));
    tx.run(
        sql!(
            "DELETE FROM store_job
             WHERE state IN ('done', 'cancelled') AND (owner IS NULL AND finished < $1 OR finished < $2)"
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
