//! A file that a browser sends, kept in parts until the job has read it.

use directory::{Act, Cx, Denied, may_somewhere};
use sha2::{Digest, Sha256};
use store::{Db, Read, Write};
use uuid::Uuid;

use super::{ImportError, ImportJob};
use crate::acts::Import;
use crate::error::Error;
use crate::sql;

/// Largest file taken.
pub const MOST_BYTES: u64 = 64_000_000;
/// Bytes of one part.
const PART: usize = 1 << 20;

/// A file on its way in.
#[derive(Debug)]
pub struct Upload {
    db: Db,
    cx: Cx,
    id: Uuid,
    file: String,
    parts: i64,
    bytes: u64,
    waiting: Vec<u8>,
    digest: Sha256,
}

impl Upload {
    /// Begins, for somebody who may import.
    pub fn begin(db: &Db, cx: &Cx, file: &str) -> Result<Upload, Denied> {
        if !may_somewhere(&Import::SPEC, &cx.who) {
            return Err(Denied::of(&Import::SPEC));
        }
        Ok(Upload {
            db: db.clone(),
            cx: cx.clone(),
            id: cx.by.id("catalogue import", 0),
            file: web::upload::clean_name(file),
            parts: 0,
            bytes: 0,
            waiting: vec![],
            digest: Sha256::new(),
        })
    }

    /// Takes more bytes. Over the limit it forgets what came and says so.
    pub async fn more(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST_BYTES {
            self.forget().await?;
            return Err(store::Error::TooLarge { limit: MOST_BYTES }.into());
        }
        self.digest.update(bytes);
        self.waiting.extend_from_slice(bytes);
        while self.waiting.len() >= PART {
            let rest = self.waiting.split_off(PART);
            let part = std::mem::replace(&mut self.waiting, rest);
            self.keep(part).await?;
        }
        Ok(())
    }

    async fn keep(&mut self, part: Vec<u8>) -> Result<(), ImportError> {
        let (id, n, by, file, name) = (self.id, self.parts, self.cx.by, self.file.clone(), self.cx.who.name.clone());
        self.parts += 1;
        self.db
            .write(async move |tx: &Write<'_>| {
                sql::imports::receive(tx, &by, id, &file, &name).await?;
                sql::imports::put_part(tx, id, n, &part).await
            })
            .await?;
        Ok(())
    }

    /// The line broke, or the file is no good: nothing stays.
    pub async fn forget(&self) -> Result<(), ImportError> {
        let id = self.id;
        self.db.write(async move |tx: &Write<'_>| sql::imports::forget(tx, id).await).await?;
        Ok(())
    }

    /// The file is whole: orders the import. `None`: it is empty. Ordered before under the same key, the answer is the import of then.
    pub async fn order(mut self, once: &web::Once) -> Result<Option<Uuid>, ImportError> {
        if self.bytes == 0 {
            return Ok(None);
        }
        let part = std::mem::take(&mut self.waiting);
        if !part.is_empty() {
            self.keep(part).await?;
        }
        let key = once.key(self.digest.finalize());
        let (cx, id, file) = (self.cx, self.id, self.file);
        let ordered = self
            .db
            .write(async move |tx: &Write<'_>| {
                if let Some(key) = &key
                    && let Some(before) = store::answered(tx, key).await?
                {
                    sql::imports::forget(tx, id).await?;
                    return Ok(before.parse().unwrap_or(id));
                }
                let job =
                    ImportJob { import: id, file: file.clone(), owner: cx.by.who, name: cx.who.name.clone(), post: cx.by.post };
                let job = store::enqueue(tx, &cx.by, &job).await?;
                sql::imports::wait(tx, id, job.0).await?;
                if let Some(key) = &key {
                    store::remember(tx, key, &id.to_string(), cx.by.now).await?;
                }
                Ok::<_, Error>(id)
            })
            .await?;
        Ok(Some(ordered))
    }
}

/// The bytes of an upload.
pub(super) async fn bytes(db: &Db, id: Uuid) -> Result<Vec<u8>, Error> {
    db.read(async move |tx: &Read<'_>| Ok(sql::imports::parts(tx, id).await?.concat())).await
}
