//! The port to whoever keeps dossiers: this system knows evidence, not what a dossier is. `apps/motcua` plugs it in.
use std::{future::Future, pin::Pin};

use base::Moment;
use directory::{Columns, Standing, Thing};
use store::{FileRow, Read};
use uuid::Uuid;
use web::Words;

/// A dossier as the auditor finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id; also the stream of its events.
    pub id: Uuid,
    /// The code people call it by.
    pub code: String,
    /// What it is about, without names.
    pub title: String,
    /// Path of the competent unit; while it is not determined, of the desk.
    pub unit_path: String,
    /// Its name.
    pub unit_name: String,
    /// The citizen's account it belongs to.
    pub owner: Uuid,
    /// When it was filed.
    pub filed_at: Moment,
}

impl Thing for Case {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: &self.unit_path, owner: Some(self.owner), ..Standing::default() }
    }
    const COLUMNS: Columns = Columns::of("case", "unit_path");
}

/// A part of the complete file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Bytes at hand.
    Bytes(Vec<u8>),
    /// A kept file.
    Kept(FileRow),
}

/// A dossier as it was at a moment.
#[derive(Clone, Debug)]
pub struct AsOf {
    /// What was true: name and value.
    pub facts: Vec<(Words, Words)>,
    /// What had happened: when, what.
    pub happened: Vec<(Moment, Words)>,
    /// Papers that were there.
    pub papers: Vec<String>,
}

/// An answer that is had within a unit of work.
pub type Told<'a, T> = Pin<Box<dyn Future<Output = Result<T, store::Error>> + 'a>>;

/// Whoever keeps dossiers. No right is asked here: this system asks for its own acts before it calls.
pub trait Files: Send + Sync {
    /// A dossier by a code as people type it.
    fn by_code<'a>(&'a self, tx: &'a Read<'_>, code: &'a str) -> Told<'a, Option<Case>>;
    /// A dossier by its id.
    fn by_id<'a>(&'a self, tx: &'a Read<'_>, id: Uuid) -> Told<'a, Option<Case>>;
    /// Dossiers by their ids, in any order; those that are not there are left out. Asked one by one, unless whoever keeps them can do
    /// better.
    fn by_ids<'a>(&'a self, tx: &'a Read<'_>, ids: &'a [Uuid]) -> Told<'a, Vec<Case>> {
        Box::pin(async move {
            let mut found = vec![];
            for id in ids {
                found.extend(self.by_id(tx, *id).await?);
            }
            Ok(found)
        })
    }
    /// Ids of the dossiers filed in a period with a unit or below it.
    fn filed<'a>(&'a self, tx: &'a Read<'_>, unit_path: &'a str, from: Moment, to: Moment) -> Told<'a, Vec<Uuid>>;
    /// Everything a dossier holds: names in the archive, and contents.
    fn complete<'a>(&'a self, tx: &'a Read<'_>, id: Uuid) -> Told<'a, Vec<(String, Content)>>;
    /// A dossier as it was; `None` when it was not there yet.
    fn as_of<'a>(&'a self, tx: &'a Read<'_>, id: Uuid, at: Moment) -> Told<'a, Option<AsOf>>;
}
