//! Evidence in a folder, for somebody who judges it without us: plain files for `sha256sum` and `openssl ts`.
use std::{io, path::Path};

use store::{Db, FileId, Files, Read};
use uuid::Uuid;

use crate::{
    Error,
    sql::bills::{self, BillRow},
};

/// One file of the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The beginning of the names of a bill's files.
pub fn stem(number: i64) -> String {
    format!("bill-{number:06}")
}

/// The files of one bill: text, stamp, both lists of leaves. What is gone is left out.
pub async fn parts(db: &Db, files: &Files, row: &BillRow) -> Result<Vec<Part>, Error> {
    let stem = stem(row.number);
    let mut parts = vec![Part { name: format!("{stem}.json"), bytes: row.body.clone().into_bytes() }];
    if let Some(token) = &row.token {
        parts.push(Part { name: format!("{stem}.tst"), bytes: token.clone() });
    }
    // an empty list has no file in the house, but a name in the bill
    for (what, file) in [("events", row.events_file), ("reads", row.reads_file)] {
        let bytes = match file {
            Some(id) => read(db, files, id).await?,
            None => Some(vec![]),
        };
        parts.extend(bytes.map(|bytes| Part { name: format!("{stem}-{what}.txt"), bytes }));
    }
    Ok(parts)
}

async fn read(db: &Db, files: &Files, id: Uuid) -> Result<Option<Vec<u8>>, Error> {
    let Some(row) = db.read(async move |tx: &Read<'_>| store::file(tx, FileId(id)).await).await? else { return Ok(None) };
    Ok(files.find(&row).await?)
}

/// Why the evidence could not be written.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// The house.
    #[error(transparent)]
    House(#[from] Error),
    /// The folder.
    #[error(transparent)]
    Folder(#[from] io::Error),
}

/// Writes every bill into a folder that is empty or not there; answers how many files.
pub async fn export(db: &Db, files: &Files, folder: &Path, roots: Option<&[u8]>) -> Result<u64, NotWritten> {
    std::fs::create_dir_all(folder)?;
    if std::fs::read_dir(folder)?.next().is_some() {
        return Err(io::Error::from(io::ErrorKind::AlreadyExists).into());
    }
    let mut written = 0;
    let numbers = db.read(async |tx: &Read<'_>| bills::numbers(tx).await).await.map_err(Error::from)?;
    for number in numbers {
        let row = db.read(async move |tx: &Read<'_>| bills::bill(tx, number).await).await.map_err(Error::from)?;
        let Some(row) = row else { continue };
        for part in parts(db, files, &row).await? {
            std::fs::write(folder.join(&part.name), &part.bytes)?;
            written += 1;
        }
    }
    if let Some(roots) = roots {
        std::fs::write(folder.join("roots.pem"), roots)?;
        written += 1;
    }
    Ok(written)
}
