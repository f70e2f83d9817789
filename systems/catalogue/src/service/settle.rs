//! A named person says what an open term row means, and on what basis.

use base::ProcedureCode;
use directory::{Cx, allow};
use store::Write;

use super::compose::compose;
use super::publish::keep;
use crate::acts::SettleTerm;
use crate::decide::{self, Settle};
use crate::error::Error;
use crate::event::CatalogueEvent;
use crate::sql;
use crate::version::{Origin, VersionId, frozen};

/// Settles an open term row: a new version carries it, dossiers accepted before keep theirs.
pub async fn settle_term(tx: &Write<'_>, cx: &Cx, code: &ProcedureCode, order: Settle) -> Result<VersionId, Error> {
    let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
    let procedure = allow::<SettleTerm>(&cx.who, procedure)?;
    let id = sql::versions::in_force(tx, code.base(), cx.by.now.local().date()).await?.ok_or(Error::NotFound)?;
    let version = frozen(tx, id).await?;
    let before = sql::records::settlements(tx, code.base()).await?;
    let settlement = decide::settle(&order, &version.package, &before, &cx.who.name, cx.by.now)?;
    sql::records::settle(tx, &cx.by, code.base(), &settlement).await?;
    let origin = sql::versions::origin(tx, id).await?.ok_or(Error::NotFound)?;
    let records = sql::records::live(tx, code.base()).await?;
    let settled = sql::records::settlements(tx, code.base()).await?;
    let package = match compose(&records, &settled).filter(|_| origin == Origin::Imported) {
        Some(parsed) => parsed.package,
        // written by people, or loaded as a package: the row itself is set
        None => {
            let mut package = (*version.package).clone();
            if let Some(row) = package.terms.iter_mut().find(|t| t.id == order.term) {
                (row.value, row.unit, row.same_day) = (None, None, None);
            }
            decide::apply(&mut package, &settlement);
            package
        }
    };
    let id = keep(tx, &cx.by, &package, origin).await?;
    let event = CatalogueEvent::TermSettled {
        code: code.national(),
        version: id,
        term: order.term,
        value: order.value,
        unit: order.unit,
        same_day: order.same_day,
        basis: settlement.basis,
    };
    sql::procedures::append(tx, &cx.by, &procedure, event).await?;
    Ok(id)
}
