//! The Chairman's list: what can be filed here, and at which centres (OS-08).

use base::{Moment, ProcedureCode};
use directory::{Cx, allow};
use store::Write;

use crate::acts::ChangeList;
use crate::decide::{self, NewListing};
use crate::error::Error;
use crate::event::CatalogueEvent;
use crate::sql;
use crate::version::{Listing, frozen};

/// Puts a procedure on the list, or changes where it is received, from now or from a later day on. What was filed before is judged by the
/// row that held then.
pub async fn put_listing(tx: &Write<'_>, cx: &Cx, code: &ProcedureCode, new: &NewListing) -> Result<(), Error> {
    let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
    let procedure = allow::<ChangeList>(&cx.who, procedure)?;
    let id = sql::versions::in_force(tx, code.base(), cx.by.now.local().date()).await?.ok_or(Error::NotFound)?;
    let rows = sql::local::rows(tx, code.base()).await?;
    let row = decide::put_on_list(new, &frozen(tx, id).await?.package, &rows, cx.by.now)?;
    end(tx, &decide::followed(&rows, &row)).await?;
    sql::local::put(tx, Some(&cx.by), &row).await?;
    let event = CatalogueEvent::Listed { code: row.code, received_at: row.received_at, decision: row.decision };
    sql::procedures::append(tx, &cx.by, &procedure, event).await
}

/// Takes a procedure off the list, now and for the days to come. Dossiers already filed go on.
pub async fn take_off_list(tx: &Write<'_>, cx: &Cx, code: &ProcedureCode, decision: &str) -> Result<(), Error> {
    let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
    let procedure = allow::<ChangeList>(&cx.who, procedure)?;
    let rows = sql::local::rows(tx, code.base()).await?;
    let decision = decide::take_off_list(&rows, decision, cx.by.now)?;
    end(tx, &decide::ended(&rows, cx.by.now, &decision)).await?;
    sql::procedures::append(tx, &cx.by, &procedure, CatalogueEvent::Unlisted { code: code.national(), decision }).await
}

async fn end(tx: &Write<'_>, rows: &[Listing]) -> Result<(), Error> {
    for row in rows {
        sql::local::end(tx, row).await?;
    }
    Ok(())
}

/// Puts a procedure on the list at the first load of a province: no decision, no event, nobody's act. Where people have decided since, their
/// word stands.
pub async fn put_on_list(tx: &Write<'_>, code: &ProcedureCode, received_at: &str, name: &str) -> Result<(), Error> {
    let rows = sql::local::rows(tx, code.base()).await?;
    if rows.iter().any(|row| !row.decision.is_empty() || row.ended_by.is_some()) {
        return Ok(());
    }
    let row = Listing {
        code: code.national(),
        received_at: received_at.parse().unwrap_or_default(),
        name: name.to_owned(),
        decision: String::new(),
        valid_from: Moment::EPOCH,
        valid_to: None,
        ended_by: None,
    };
    sql::local::put(tx, None, &row).await?;
    sql::procedures::changed(tx).await
}
