//! The Chairman's list: what can be filed here, and at which centres (OS-08).

use base::ProcedureCode;
use directory::{Cx, allow};
use store::Write;

use crate::acts::ChangeList;
use crate::decide::{self, NewListing};
use crate::error::Error;
use crate::event::CatalogueEvent;
use crate::sql;
use crate::version::{Listing, frozen};

/// Puts a procedure on the list, or changes where it is received.
pub async fn put_listing(tx: &Write<'_>, cx: &Cx, code: &ProcedureCode, new: &NewListing) -> Result<(), Error> {
    let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
    let procedure = allow::<ChangeList>(&cx.who, procedure)?;
    let id = sql::versions::in_force(tx, code.base(), cx.by.now.local().date()).await?.ok_or(Error::NotFound)?;
    let row = decide::put_on_list(new, &frozen(tx, id).await?.package)?;
    sql::local::put(tx, Some(&cx.by), &row).await?;
    let event = CatalogueEvent::Listed { code: row.code, received_at: row.received_at, decision: row.decision };
    sql::procedures::append(tx, &cx.by, &procedure, event).await
}

/// Takes a procedure off the list. Dossiers already filed go on.
pub async fn take_off_list(tx: &Write<'_>, cx: &Cx, code: &ProcedureCode, decision: &str) -> Result<(), Error> {
    let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
    let procedure = allow::<ChangeList>(&cx.who, procedure)?;
    let row = sql::local::listing(tx, code.base()).await?;
    let decision = decide::take_off_list(row.as_ref(), decision)?;
    sql::local::remove(tx, code.base()).await?;
    sql::procedures::append(tx, &cx.by, &procedure, CatalogueEvent::Unlisted { code: code.national(), decision }).await
}

/// Puts a procedure on the list at the first load of a province: no decision, no event, nobody's act.
pub async fn put_on_list(tx: &Write<'_>, code: &ProcedureCode, received_at: &str, name: &str) -> Result<(), Error> {
    let row = Listing {
        code: code.national(),
        received_at: received_at.parse().unwrap_or_default(),
        name: name.to_owned(),
        decision: String::new(),
        from_day: None,
        to_day: None,
    };
    sql::local::put(tx, None, &row).await?;
    sql::procedures::changed(tx).await
}
