//! Publishing a version.

use directory::{Cx, allow};
use store::{By, Write};

use crate::acts::Publish;
use crate::decide;
use crate::error::Error;
use crate::event::CatalogueEvent;
use crate::package::Package;
use crate::sql;
use crate::sql::versions::NewVersion;
use crate::version::{Origin, VersionId};

/// Publishes a package written by people, for somebody who may.
///
/// It stands before anything imported; the same content again is the same version.
pub async fn publish_written(tx: &Write<'_>, cx: &Cx, package: &Package) -> Result<VersionId, Error> {
    let procedure = sql::procedures::known(tx, &cx.by, package.code.base()).await?;
    let _procedure = allow::<Publish>(&cx.who, procedure)?;
    publish(tx, &cx.by, package, Origin::Written).await
}

/// Publishes a package. Rights were asked by the caller (a first load, an act of this room).
pub async fn publish(tx: &Write<'_>, by: &By, package: &Package, origin: Origin) -> Result<VersionId, Error> {
    decide::publish(package, origin)?;
    let hash = package.hash();
    let code = package.code.base();
    if let Some((id, same)) = sql::versions::latest(tx, code, origin).await?
        && same == hash
    {
        return Ok(id);
    }
    let id = keep(tx, by, package, origin).await?;
    let procedure = sql::procedures::known(tx, by, code).await?;
    let event = CatalogueEvent::Published { code: package.code.national(), version: id, hash, origin };
    sql::procedures::append(tx, by, &procedure, event).await?;
    Ok(id)
}

/// Keeps a version, live at once. A later imported version replaces the earlier one; written ones wait for their days side by side.
pub(super) async fn keep(tx: &Write<'_>, by: &By, package: &Package, origin: Origin) -> Result<VersionId, Error> {
    let id = VersionId(by.id("catalogue version", tx.serial()));
    if origin == Origin::Imported {
        sql::versions::retire_imported(tx, package.code.base()).await?;
    }
    let json = serde_json::to_string(package)?;
    let version = NewVersion { id, origin, import: None, package, hash: package.hash(), json };
    sql::versions::insert(tx, by, &[version]).await?;
    Ok(id)
}
