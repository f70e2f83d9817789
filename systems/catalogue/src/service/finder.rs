//! The index that every page and program asks: built when first needed, and again when the catalogue or the day changed.

use std::sync::{Arc, PoisonError, RwLock};

use base::Moment;
use jiff::civil::Date;
use store::{Db, Read};

use crate::error::Error;
use crate::package::Package;
use crate::search::{Entry, Index};
use crate::sql;

/// One index for a whole process. Other processes that change the catalogue are noticed within a second.
#[derive(Default)]
pub struct Finder {
    kept: RwLock<Option<Kept>>,
    building: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Kept {
    index: Arc<Index>,
    /// Number of changes it was built after.
    changes: i64,
    day: Date,
    checked: Moment,
}

/// How long an index is believed without asking.
const BELIEVED_MICROS: i64 = 1_000_000;

impl std::fmt::Debug for Finder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finder").finish_non_exhaustive()
    }
}

impl Finder {
    /// An index that is built when it is first asked for.
    pub fn new() -> Arc<Finder> {
        Arc::new(Finder::default())
    }

    /// The index as of now. While it is built anew, others are given the one before.
    pub async fn index(&self, db: &Db, now: Moment) -> Result<Arc<Index>, Error> {
        let kept = self.kept();
        let fresh = |k: &Kept| k.day == now.local().date() && (0..BELIEVED_MICROS).contains(&(now.micros() - k.checked.micros()));
        if let Some(k) = kept.as_ref().filter(|k| fresh(k)) {
            return Ok(k.index.clone());
        }
        let _turn = match (&kept, self.building.try_lock()) {
            (_, Ok(turn)) => turn,
            (Some(k), Err(_)) => return Ok(k.index.clone()),
            (None, Err(_)) => self.building.lock().await,
        };
        // somebody may have built it while we waited
        if let Some(k) = self.kept().filter(|k| fresh(k)) {
            return Ok(k.index);
        }
        let day = now.local().date();
        let changes = db.read(async move |tx: &Read<'_>| sql::procedures::changes(tx).await).await?;
        let index = match self.kept().filter(|k| k.changes == changes && k.day == day) {
            Some(k) => k.index,
            None => build(db, day).await?,
        };
        let kept = Kept { index: index.clone(), changes, day, checked: now };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
        Ok(index)
    }

    fn kept(&self) -> Option<Kept> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn build(db: &Db, day: Date) -> Result<Arc<Index>, Error> {
    let packages = db.read(async move |tx: &Read<'_>| sql::versions::all_in_force(tx, day).await).await?;
    let built = tokio::task::spawn_blocking(move || {
        let mut entries = Vec::with_capacity(packages.len());
        for (json, listed) in packages {
            let package: Package = serde_json::from_str(&json)?;
            entries.push(Entry::of(&package, listed));
        }
        Ok::<_, Error>(Arc::new(Index::build(entries)?))
    })
    .await;
    built.map_err(|e| store::Error::Unfit(format!("building the index: {e}")))?
}
