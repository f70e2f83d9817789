//! Versions of procedures: published once, never changed, found by id or by what is in force.

use crate::package::Package;
use base::{Moment, ProcedureCode};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use store::{By, Read, Write, sql};
use uuid::Uuid;

/// Identifies a published version for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VersionId(pub Uuid);

/// A published version.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its id.
    pub id: VersionId,
    /// Its content.
    pub package: Arc<Package>,
}

/// Where a version comes from. An import never supersedes what people wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// By people, as a package.
    Written,
    /// From a record of the national portal or a list.
    Imported,
}

impl Origin {
    /// The word kept in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Origin::Written => "written",
            Origin::Imported => "imported",
        }
    }
}

/// Why the catalogue could not answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No procedure with this code, or no such version.
    #[error("no such procedure")]
    NotFound,
    /// A kept package cannot be read; only a changed database can cause it.
    #[error("kept package: {0}")]
    Package(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<Error> for web::Problem {
    fn from(error: Error) -> web::Problem {
        match error {
            Error::NotFound => web::Problem::not_found(),
            Error::Store(error) => error.into(),
            Error::Package(error) => web::Problem::ours(error.to_string()),
        }
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
    let json: Option<String> = tx.opt(sql!("SELECT package FROM catalogue_version WHERE id = $1"), &[&id.0]).await?;
    let package: Arc<Package> = Arc::new(serde_json::from_str(&json.ok_or(Error::NotFound)?)?);
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    if read.len() >= MOST_KEPT {
        read.clear();
    }
    read.insert(id, package.clone());
    Ok(Version { id, package })
}

/// The version in force for a code.
pub async fn current(tx: &Read<'_>, code: &ProcedureCode, _at: Moment) -> Result<Version, Error> {
    let id: Option<Uuid> =
        tx.opt(sql!("SELECT version FROM catalogue_procedure WHERE code = $1"), &[&code.national().to_string()]).await?;
    frozen(tx, VersionId(id.ok_or(Error::NotFound)?)).await
}

/// Is this procedure on the list of what can be filed here (OS-08)?
pub async fn receivable(tx: &Read<'_>, code: &ProcedureCode) -> Result<bool, Error> {
    let found: Option<String> =
        tx.opt(sql!("SELECT received_at FROM catalogue_local WHERE code = $1"), &[&code.national().to_string()]).await?;
    Ok(found.is_some())
}

/// Publishes a package as the version in force; the same content again is the same version.
pub async fn publish(tx: &Write<'_>, by: &By, package: &Package, origin: Origin) -> Result<VersionId, Error> {
    let code = package.code.national().to_string();
    let hash = package.hash();
    let same: Option<Uuid> = tx
        .opt(
            sql!(
                "SELECT v.id FROM catalogue_version v JOIN catalogue_procedure p ON p.version = v.id
                 WHERE p.code = $1 AND v.hash = $2"
            ),
            &[&code, &hash],
        )
        .await?;
    if let Some(id) = same {
        return Ok(VersionId(id));
    }
    let id = by.id("catalogue version", tx.serial());
    tx.run(
        sql!(
            "INSERT INTO catalogue_version (id, code, origin, hash, package, published_at, published_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7)"
        ),
        &[&id, &code, &origin.as_str(), &hash, &serde_json::to_string(package)?, &by.now, &by.who],
    )
    .await?;
    tx.run(
        sql!(
            "INSERT INTO catalogue_procedure (code, version, origin) VALUES ($1, $2, $3)
             ON CONFLICT (code) DO UPDATE SET version = $2, origin = $3"
        ),
        &[&code, &id, &origin.as_str()],
    )
    .await?;
    Ok(VersionId(id))
}

/// Puts a procedure on the Chairman's list.
pub async fn put_on_list(tx: &Write<'_>, code: &ProcedureCode, received_at: &str, name: &str) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO catalogue_local (code, received_at, name) VALUES ($1, $2, $3)
             ON CONFLICT (code) DO UPDATE SET received_at = $2, name = $3"
        ),
        &[&code.national().to_string(), &received_at, &name],
    )
    .await?;
    Ok(())
}
