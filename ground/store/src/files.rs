//! Files: a folder today, S3 behind the same face later. Addressed by the hash of the stored bytes, per owner, never shared.

use std::{
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use futures_util::{Stream, StreamExt, TryStreamExt, stream::BoxStream};
use jiff::SignedDuration;
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio_util::bytes::Bytes;
use uuid::Uuid;

use crate::{By, Error, Read, Write, from_row, sql};

/// The file in the store that says whose it is: the id of its house.
const HOUSE: &str = "house";

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
    /// Where kept bytes are read from: the part of the face that S3 will share as it is.
    objects: Arc<dyn ObjectStore>,
    /// `objects/`, and beside it on the same disk, so that a rename is enough: `staging/`, `trash/`.
    pub(crate) root: PathBuf,
    /// Names made by different processes must not meet.
    holder: Uuid,
    turn: Arc<AtomicU64>,
}

impl Files {
    /// A folder; made when absent.
    pub async fn folder(root: impl Into<PathBuf>) -> Result<Files, Error> {
        let root: PathBuf = root.into();
        let made = root.clone();
        // What people sent in is for nobody else on the machine.
        blocking(move || {
            let mut private = std::fs::DirBuilder::new();
            private.recursive(true).mode(0o700);
            ["objects", "staging", "trash"].iter().try_for_each(|folder| private.create(made.join(folder)))
        })
        .await?;
        let objects = LocalFileSystem::new_with_prefix(root.join("objects")).map_err(|e| fault(&e))?;
        let holder = base::Seed::fresh().uuid("files", 0);
        Ok(Files { objects: Arc::new(objects), root, holder, turn: Arc::default() })
    }

    /// The house whose files these are; none when nothing says so.
    pub(crate) async fn house(&self) -> Result<Option<Uuid>, Error> {
        let file = self.root.join(HOUSE);
        blocking(move || match std::fs::read_to_string(file) {
            Ok(text) => text.trim().parse().map(Some).map_err(io::Error::other),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        })
        .await
    }

    /// Says whose files these are.
    pub(crate) async fn belong_to(&self, house: Uuid) -> Result<(), Error> {
        let (staged, root) = (self.stage(), self.root.clone());
        blocking(move || {
            let mut file = std::fs::File::create(&staged.0)?;
            io::Write::write_all(&mut file, format!("{house}\n").as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&staged.0, root.join(HOUSE))?;
            std::fs::File::open(&root)?.sync_all()
        })
        .await
    }

    /// Whether no bytes are kept here at all.
    pub(crate) async fn are_none(&self) -> Result<bool, Error> {
        let objects = self.root.join("objects");
        blocking(move || Ok(!holds_a_file(&objects)?)).await
    }

    /// Stores a stream of bytes. When it fails, is cut, or is longer than `limit`, nothing is left.
    pub async fn put<S, B, X>(&self, owner: Uuid, limit: u64, bytes: S) -> Result<Stored, Error>
    where
        S: Stream<Item = Result<B, X>>,
        B: AsRef<[u8]>,
        X: std::fmt::Display,
    {
        let staged = self.stage();
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

    /// A name of its own for bytes whose hash is not known yet.
    pub(crate) fn stage(&self) -> Staged {
        Staged(self.root.join("staging").join(format!("{}-{}", self.holder, self.turn.fetch_add(1, Ordering::Relaxed))))
    }

    /// Stores bytes that are at hand.
    pub async fn put_bytes(&self, owner: Uuid, bytes: &[u8]) -> Result<Stored, Error> {
        let once = futures_util::stream::once(std::future::ready(Ok::<_, std::convert::Infallible>(bytes)));
        self.put(owner, u64::MAX, once).await
    }

    /// Moves staged bytes to their address and makes the move durable.
    pub(crate) async fn place(&self, staged: Staged, stored: &Stored) -> Result<(), Error> {
        let to = self.path(stored.owner, &stored.sha256);
        blocking(move || {
            let folder = to.parent().unwrap_or(Path::new("."));
            std::fs::create_dir_all(folder)?;
            std::fs::rename(&staged.0, &to)?;
            for folder in to.ancestors().skip(1).take(3) {
                std::fs::File::open(folder)?.sync_all()?;
            }
            Ok(())
        })
        .await
    }

    /// Where an object lies in the folder.
    pub(crate) fn path(&self, owner: Uuid, sha256: &[u8; 32]) -> PathBuf {
        self.root.join("objects").join(address(owner, sha256).as_ref())
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

    /// The same; `None` when the bytes are gone, which is another thing than a store that cannot be read.
    pub async fn find(&self, file: &FileRow) -> Result<Option<Vec<u8>>, Error> {
        match self.objects.get(&address(file.owner, &file.sha256)).await {
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            found => {
                let found = found.map_err(|e| fault(&e))?;
                Ok(Some(found.bytes().await.map_err(|e| fault(&e))?.to_vec()))
            }
        }
    }
}

/// A sweeper is done with one object long before this; a mark that is older was left by one that died.
const MARKED: SignedDuration = SignedDuration::from_mins(1);

/// Makes stored bytes a file of the house, in the unit that refers to it. The same bytes of the same owner are one file, counted.
pub async fn keep(tx: &Write<'_>, by: &By, stored: &Stored) -> Result<FileId, Error> {
    let kept: Option<FileId> = tx
        .opt(
            sql!(
                "INSERT INTO store_file (id, owner, sha256, size, at, uses) VALUES ($1, $2, $3, $4, $5, 1)
                 ON CONFLICT (owner, sha256) DO UPDATE
                 SET uses = store_file.uses + 1, size = excluded.size,
                     at = CASE WHEN store_file.uses = 0 THEN excluded.at ELSE store_file.at END
                 WHERE store_file.uses > 0 OR store_file.at < $6
                 RETURNING id"
            ),
            &[
                &by.id(&format!("file {} {}", stored.owner, hex::encode(stored.sha256)), 0),
                &stored.owner,
                &stored.sha256,
                &stored.size,
                &by.now,
                &by.now.plus(-MARKED),
            ],
        )
        .await?;
    kept.ok_or_else(|| Error::File("the bytes lay unused for too long and are being swept: store them again".into()))
}

/// Finds a kept file.
pub async fn file(tx: &Read<'_>, id: FileId) -> Result<Option<FileRow>, Error> {
    tx.opt(sql!("SELECT id, owner, sha256, size FROM store_file WHERE id = $1 AND uses > 0"), &[&id]).await
}

/// Lets one use of a file go; after the last one its bytes are swept.
pub async fn let_go(tx: &Write<'_>, id: FileId) -> Result<bool, Error> {
    let left: Option<i64> =
        tx.opt(sql!("UPDATE store_file SET uses = uses - 1 WHERE id = $1 AND uses > 0 RETURNING uses"), &[&id]).await?;
    if left == Some(0) {
        tx.run(sql!("DELETE FROM store_file WHERE id = $1 AND uses = 0"), &[&id]).await?;
    }
    Ok(left.is_some())
}

/// File work on a thread where waiting for the disk holds up nobody.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Panicked)?.map_err(|e| disk(&e))
}

/// Deletes itself unless it was moved to its address.
pub(crate) struct Staged(pub(crate) PathBuf);

impl Drop for Staged {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn holds_a_file(folder: &Path) -> io::Result<bool> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() || holds_a_file(&entry.path())? {
            return Ok(true);
        }
    }
    Ok(false)
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
