//! Files: a folder today, S3 behind the same face later. Addressed by the hash of the stored bytes, per owner, never shared.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio_util::bytes::Bytes;
use uuid::Uuid;

use crate::{By, Error, Read, Write, from_row, sql};

/// Id of a kept file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FileId(pub Uuid);
crate::uuid_value!(FileId);

/// Bytes that lie safely in the store but belong to nobody yet: `keep` them in a unit, or they are swept after a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// Whose file it will be (a draft, a dossier): equal bytes of two owners are two objects.
    pub owner: Uuid,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// Their number.
    pub size: u64,
}

/// A kept file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Id.
    pub id: FileId,
    /// Owner.
    pub owner: Uuid,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// Number of bytes.
    pub size: u64,
}
from_row!(FileRow { id, owner, sha256, size });

/// The file store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files {
    objects: Arc<dyn ObjectStore>,
    /// Where bytes wait until their hash is known; on the same disk as the objects, so that a rename is enough.
    staging: PathBuf,
    root: PathBuf,
    turn: Arc<AtomicU64>,
}

impl Files {
    /// A folder; made when absent.
    pub async fn folder(root: impl Into<PathBuf>) -> Result<Files, Error> {
        let root: PathBuf = root.into();
        let staging = root.join("staging");
        tokio::fs::create_dir_all(&staging).await.map_err(|e| disk(&e))?;
        tokio::fs::create_dir_all(root.join("objects")).await.map_err(|e| disk(&e))?;
        let objects = LocalFileSystem::new_with_prefix(root.join("objects")).map_err(|e| fault(&e))?;
        Ok(Files { objects: Arc::new(objects), staging, root, turn: Arc::default() })
    }

    /// Stores a stream of bytes. When it fails, is cut, or is longer than `limit`, nothing is left.
    pub async fn put<S, B, X>(&self, owner: Uuid, limit: u64, bytes: S) -> Result<Stored, Error>
    where
        S: Stream<Item = Result<B, X>>,
        B: AsRef<[u8]>,
        X: std::fmt::Display,
    {
        let staged = Staged(self.staging.join(format!("{}-{}", std::process::id(), self.turn.fetch_add(1, Ordering::Relaxed))));
        let mut file = tokio::fs::File::create(&staged.0).await.map_err(|e| disk(&e))?;
        let (mut hash, mut size) = (Sha256::new(), 0u64);
        let mut bytes = std::pin::pin!(bytes);
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|e| Error::File(e.to_string()))?;
            let chunk = chunk.as_ref();
            size += chunk.len() as u64;
            if size > limit {
                return Err(Error::TooLarge { limit });
            }
            hash.update(chunk);
            file.write_all(chunk).await.map_err(|e| disk(&e))?;
        }
        file.flush().await.map_err(|e| disk(&e))?;
        file.sync_all().await.map_err(|e| disk(&e))?;
        drop(file);
        let stored = Stored { owner, sha256: hash.finalize().into(), size };
        self.place(staged, &stored).await?;
        Ok(stored)
    }

    /// Stores bytes that are at hand.
    pub async fn put_bytes(&self, owner: Uuid, bytes: &[u8]) -> Result<Stored, Error> {
        let once = futures_util::stream::once(std::future::ready(Ok::<_, std::convert::Infallible>(bytes)));
        self.put(owner, u64::MAX, once).await
    }

    /// Moves staged bytes to their address and makes the move durable.
    async fn place(&self, staged: Staged, stored: &Stored) -> Result<(), Error> {
        let to = self.root.join("objects").join(address(stored.owner, &stored.sha256).as_ref());
        tokio::task::spawn_blocking(move || {
            let folder = to.parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(folder)?;
            std::fs::rename(&staged.0, &to)?;
            for folder in to.ancestors().skip(1).take(3) {
                std::fs::File::open(folder)?.sync_all()?;
            }
            Ok(())
        })
        .await
        .map_err(|_| Error::Panicked)?
        .map_err(|e: io::Error| disk(&e))
    }

    /// The bytes of a kept file, as a stream.
    pub async fn get(&self, file: &FileRow) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        let found = self.objects.get(&address(file.owner, &file.sha256)).await.map_err(|e| fault(&e))?;
        Ok(found.into_stream().map_err(|e| fault(&e)).boxed())
    }

    /// All bytes of a kept file; for small ones.
    pub async fn read(&self, file: &FileRow) -> Result<Vec<u8>, Error> {
        let found = self.objects.get(&address(file.owner, &file.sha256)).await.map_err(|e| fault(&e))?;
        Ok(found.bytes().await.map_err(|e| fault(&e))?.to_vec())
    }
}

/// Makes stored bytes a file of the house, in the unit that refers to it. The same bytes of the same owner are one file.
pub async fn keep(tx: &Write<'_>, by: &By, stored: &Stored) -> Result<FileId, Error> {
    tx.one(
        sql!(
            "INSERT INTO store_file (id, owner, sha256, size, at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (owner, sha256) DO UPDATE SET size = excluded.size RETURNING id"
        ),
        &[&by.id("file", tx.serial()), &stored.owner, &stored.sha256, &stored.size, &by.now],
    )
    .await
}

/// Finds a kept file.
pub async fn file(tx: &Read<'_>, id: FileId) -> Result<Option<FileRow>, Error> {
    tx.opt(sql!("SELECT id, owner, sha256, size FROM store_file WHERE id = $1"), &[&id]).await
}

/// Lets a file go: its bytes are swept later.
pub async fn let_go(tx: &Write<'_>, id: FileId) -> Result<bool, Error> {
    Ok(tx.run(sql!("DELETE FROM store_file WHERE id = $1"), &[&id]).await? == 1)
}

/// Deletes itself unless it was moved to its address.
struct Staged(PathBuf);

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn address(owner: Uuid, sha256: &[u8; 32]) -> object_store::path::Path {
    let owner = owner.simple().to_string();
    object_store::path::Path::from(format!("{}/{owner}/{}", &owner[30..], hex::encode(sha256)))
}

pub(crate) fn disk(e: &io::Error) -> Error {
    match e.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::Full(e.to_string()),
        _ => Error::File(e.to_string()),
    }
}

fn fault(e: &object_store::Error) -> Error {
    Error::File(e.to_string())
}
