//! Versions of procedures: published once, never changed, found by id or by what is in force on a day.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use base::{Moment, ProcedureCode};
use serde::{Deserialize, Serialize};
use store::Read;
use uuid::Uuid;

use crate::error::Error;
use crate::package::Package;
use crate::sql;

/// Identifies a published version for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionId(pub Uuid);
store::uuid_value!(VersionId);

/// A published version.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// Its content.
    pub package: Arc<Package>,
}

/// Where a version comes from. An import never supersedes what people wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// By people, as a package.
    Written,
    /// From a record of the national portal or a list.
    Imported,
}

/// At which centres a procedure can be filed (OS-08). Without a limit every centre of the province receives it (OS-03).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceivedAt {
    /// At every centre.
    #[default]
    All,
    /// At the provincial centre only.
    Province,
    /// At the centres of communes, wards and special zones only.
    Commune,
}

/// A word that is not in its list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not known here")]
pub struct UnknownWord(String);

macro_rules! words {
    ($of:ident { $($variant:ident = $word:literal),+ }) => {
        impl $of {
            /// The word kept in data.
            pub fn as_str(self) -> &'static str {
                match self { $($of::$variant => $word),+ }
            }
        }
        impl std::fmt::Display for $of {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
        impl std::str::FromStr for $of {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word { $($word => Ok($of::$variant),)+ _ => Err(UnknownWord(word.to_owned())) }
            }
        }
        store::text_value!($of);
    };
}
words!(Origin { Written = "written", Imported = "imported" });
words!(ReceivedAt { All = "all", Province = "province", Commune = "commune" });

impl ReceivedAt {
    /// All of them, in the order screens show them.
    pub const ALL: [ReceivedAt; 3] = [ReceivedAt::All, ReceivedAt::Province, ReceivedAt::Commune];

    /// Is it received at a centre of a commune (or, otherwise, at the provincial one)?
    pub fn takes(self, commune: bool) -> bool {
        match self {
            ReceivedAt::All => true,
            ReceivedAt::Commune => commune,
            ReceivedAt::Province => !commune,
        }
    }

    /// In Vietnamese; the key of its translation.
    pub fn title(self) -> &'static str {
        match self {
            ReceivedAt::All => "Mọi trung tâm trong tỉnh",
            ReceivedAt::Province => "Chỉ trung tâm cấp tỉnh",
            ReceivedAt::Commune => "Chỉ trung tâm cấp xã",
        }
    }
}

/// A row of the Chairman's list: what one decision says about one procedure, and while it holds (OS-08).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listing {
    /// National code.
    pub code: ProcedureCode,
    /// At which centres.
    pub received_at: ReceivedAt,
    /// The name the list gives it.
    pub name: String,
    /// By which decision; empty: it came with the first load of the province.
    pub decision: String,
    /// From when on it holds; [`Moment::EPOCH`]: since always.
    pub valid_from: Moment,
    /// The first instant after it; its own beginning, when it was withdrawn before that came.
    pub valid_to: Option<Moment>,
    /// The decision that ended or withdrew it.
    pub ended_by: Option<String>,
}
store::from_row!(Listing { code, received_at, name, decision, valid_from, valid_to, ended_by });

impl Listing {
    /// Does it hold at this moment?
    pub fn holds_at(&self, at: Moment) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| at < to)
    }

    /// Does it hold at this moment, or at one after it?
    pub fn reaches_past(&self, at: Moment) -> bool {
        self.valid_to.is_none_or(|to| to > at.max(self.valid_from))
    }

    /// When it begins; none: since always.
    pub fn begins(&self) -> Option<Moment> {
        Some(self.valid_from).filter(|from| *from > Moment::EPOCH)
    }
}

/// Versions read lately. A version never changes, so one read per process is enough; the bound keeps memory small.
static READ: LazyLock<Mutex<HashMap<VersionId, Arc<Package>>>> = LazyLock::new(Mutex::default);
const MOST_KEPT: usize = 256;

/// The version a dossier was frozen with.
pub async fn frozen(tx: &Read<'_>, id: VersionId) -> Result<Version, Error> {
    let kept = READ.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    if let Some(package) = kept {
        return Ok(Version { id, package });
    }
    let json = sql::versions::package(tx, id).await?.ok_or(Error::NotFound)?;
    let package: Arc<Package> = Arc::new(serde_json::from_str(&json)?);
    keep(id, package.clone());
    Ok(Version { id, package })
}

/// Versions by their ids, as [`frozen`] gives each: those this process has not read lately are read in one statement. An id that is no
/// version's is left out.
pub async fn frozen_all(tx: &Read<'_>, ids: impl IntoIterator<Item = VersionId>) -> Result<HashMap<VersionId, Version>, Error> {
    let (mut found, mut unread) = (HashMap::new(), BTreeSet::new());
    {
        let read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            match read.get(&id) {
                Some(package) => drop(found.insert(id, Version { id, package: package.clone() })),
                None => drop(unread.insert(id)),
            }
        }
    }
    for (id, json) in sql::versions::packages(tx, &unread).await? {
        let package: Arc<Package> = Arc::new(serde_json::from_str(&json)?);
        keep(id, package.clone());
        found.insert(id, Version { id, package });
    }
    Ok(found)
}

fn keep(id: VersionId, package: Arc<Package>) {
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if read.len() >= MOST_KEPT {
        read.clear();
    }
    read.insert(id, package);
}

/// The version in force for a code: what people wrote stands before what was imported, the later one before the earlier.
pub async fn current(tx: &Read<'_>, code: &ProcedureCode, at: Moment) -> Result<Version, Error> {
    let id = sql::versions::in_force(tx, code.base(), at.local().date()).await?.ok_or(Error::NotFound)?;
    frozen(tx, id).await
}

/// Is this procedure on the list of what can be filed here at that moment (OS-08)?
pub async fn receivable(tx: &Read<'_>, code: &ProcedureCode, at: Moment) -> Result<bool, Error> {
    Ok(listed(tx, code, at).await?.is_some())
}

/// The list's row for this procedure that holds, or held, at that moment. What is decided later does not change the answer for a moment at
/// which a row held.
pub async fn listed(tx: &Read<'_>, code: &ProcedureCode, at: Moment) -> Result<Option<Listing>, Error> {
    Ok(sql::local::rows(tx, code.base()).await?.into_iter().find(|l| l.holds_at(at)))
}

/// The list's rows for these codes that hold at that moment, in their order, in one statement.
pub async fn listed_all(tx: &Read<'_>, codes: &[ProcedureCode], at: Moment) -> Result<Vec<Listing>, Error> {
    let bases: Vec<&str> = codes.iter().map(ProcedureCode::base).collect();
    let mut rows: Vec<Listing> = sql::local::rows_of(tx, &bases).await?.into_iter().filter(|l| l.holds_at(at)).collect();
    rows.sort_by_key(|l| bases.iter().position(|base| *base == l.code.base()));
    Ok(rows)
}
