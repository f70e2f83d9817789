//! Uploads over lines that break: bytes are appended to a part until it is whole, also after a restart.

use std::{
    io::{self, Read as _},
    path::PathBuf,
    sync::PoisonError,
};

use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::{
    Error, Files, Stored,
    files::{Staged, blocking, disk},
};

/// An upload that is not whole yet.
#[derive(Debug)]
pub struct Part<'a> {
    files: &'a Files,
    id: Uuid,
    path: PathBuf,
}

impl Files {
    /// The upload of this id; it need not exist yet.
    pub fn part(&self, id: Uuid) -> Part<'_> {
        Part { files: self, id, path: self.root.join("parts").join(id.simple().to_string()) }
    }
}

impl Part<'_> {
    /// How many bytes have arrived; `None` when nothing was begun (or it was swept).
    pub async fn offset(&self) -> Result<Option<u64>, Error> {
        match tokio::fs::metadata(&self.path).await {
            Ok(found) => Ok(Some(found.len())),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(disk(&e)),
        }
    }

    /// Begins an empty upload.
    pub async fn begin(&self) -> Result<(), Error> {
        tokio::fs::File::create(&self.path).await.map(drop).map_err(|e| disk(&e))
    }

    /// Appends bytes at `offset`, which must be where the part ends, and answers the new end.
    ///
    /// When the line breaks, what has arrived stays: ask for the offset and go on. What would make it longer than `limit` is not kept.
    pub async fn append<S, B, X>(&self, offset: u64, limit: u64, bytes: S) -> Result<u64, Error>
    where
        S: Stream<Item = Result<B, X>>,
        B: AsRef<[u8]>,
    {
        let _alone = self.alone()?;
        let mut file = tokio::fs::OpenOptions::new().append(true).open(&self.path).await.map_err(|e| disk(&e))?;
        let mut end = file.metadata().await.map_err(|e| disk(&e))?.len();
        if end != offset {
            return Err(Error::Conflict);
        }
        let mut bytes = std::pin::pin!(bytes);
        let mut broken = None;
        while let Some(Ok(chunk)) = bytes.next().await {
            let chunk = chunk.as_ref();
            if end + chunk.len() as u64 > limit {
                broken = Some(Error::TooLarge { limit });
                break;
            }
            if let Err(e) = file.write_all(chunk).await {
                broken = Some(disk(&e));
                break;
            }
            end += chunk.len() as u64;
        }
        // A chunk that was written by half does not count. tokio's file may still be writing: flush first.
        let _ = file.flush().await;
        if broken.is_some() {
            file.set_len(end).await.map_err(|e| disk(&e))?;
        }
        file.sync_data().await.map_err(|e| disk(&e))?;
        broken.map_or(Ok(end), Err)
    }

    /// Makes the whole part a stored file; [`Error::Conflict`] when it has not `size` bytes yet.
    pub async fn finish(self, owner: Uuid, size: u64) -> Result<Stored, Error> {
        let _alone = self.alone()?;
        let staged = self.files.stage();
        let (from, to) = (self.path.clone(), staged.0.clone());
        let (sha256, found) = blocking(move || {
            let mut file = std::fs::OpenOptions::new().read(true).write(true).open(&from)?;
            let found = file.metadata()?.len();
            if found != size {
                return Ok(([0; 32], found));
            }
            let (mut hash, mut chunk) = (Sha256::new(), vec![0; 1 << 16]);
            loop {
                match file.read(&mut chunk)? {
                    0 => break,
                    n => hash.update(chunk.get(..n).unwrap_or_default()),
                }
            }
            // The sweep counts from now on, not from the day the last bytes came.
            #[expect(clippy::disallowed_methods, reason = "the clock of the file system")]
            file.set_modified(std::time::SystemTime::now())?;
            file.sync_all()?;
            std::fs::rename(&from, &to)?;
            Ok((hash.finalize().into(), found))
        })
        .await?;
        if found != size {
            return Err(Error::Conflict);
        }
        let stored = Stored { owner, sha256, size };
        self.files.place(staged, &stored).await?;
        Ok(stored)
    }

    /// Forgets the upload.
    pub async fn discard(self) -> Result<(), Error> {
        drop(Staged(self.path.clone()));
        Ok(())
    }

    /// Two requests must not write to one part.
    fn alone(&self) -> Result<Alone<'_>, Error> {
        let mut busy = self.files.busy.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.insert(self.id) { Ok(Alone(self)) } else { Err(Error::Busy("this upload is being written to".into())) }
    }
}

struct Alone<'a>(&'a Part<'a>);

impl Drop for Alone<'_> {
    fn drop(&mut self) {
        self.0.files.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.0.id);
    }
}
