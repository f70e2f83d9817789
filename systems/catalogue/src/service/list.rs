//! The Chairman's list: what can be filed here, and at which centres (OS-08).

use base::ProcedureCode;
use directory::{Cx, allow};
use jiff::civil::Date;
use store::Write;
use web::words;

use crate::acts::ChangeList;
use crate::error::{Error, Objection};
use crate::event::CatalogueEvent;
use crate::sql;
use crate::version::{Listing, ReceivedAt, frozen};

/// A row to be put on the list.
#[derive(Clone, Debug, PartialEq)]
pub struct NewListing {
    /// At which centres.
    pub received_at: ReceivedAt,
    /// By which decision.
    pub decision: String,
    /// First day; absent: at once.
    pub from: Option<Date>,
    /// Day after the last one.
    pub to: Option<Date>,
}

/// Puts a procedure on the list, or changes where it is received.
///
/// Objects when the procedure lives in another system.
pub async fn put_listing(tx: &Write<'_>, cx: &Cx, code: &ProcedureCode, new: &NewListing) -> Result<(), Error> {
    let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
    let procedure = allow::<ChangeList>(&cx.who, procedure)?;
    if new.decision.trim().chars().count() < 3 {
        return Err(Error::fault("decision", words("Ghi số hiệu quyết định của Chủ tịch UBND tỉnh.")));
    }
    if let (Some(from), Some(to)) = (new.from, new.to)
        && to <= from
    {
        return Err(Error::fault("to", words("Ngày hết hiệu lực phải sau ngày có hiệu lực.")));
    }
    let id = sql::versions::in_force(tx, code.base(), cx.by.now.local().date()).await?.ok_or(Error::NotFound)?;
    let package = frozen(tx, id).await?.package;
    if let Some(elsewhere) = &package.elsewhere {
        return Err(Objection::HandledElsewhere { system: elsewhere.system.clone() }.into());
    }
    let row = Listing {
        code: code.national(),
        received_at: new.received_at,
        name: package.title(),
        decision: new.decision.trim().to_owned(),
        from_day: new.from.map(|d| d.to_string()),
        to_day: new.to.map(|d| d.to_string()),
    };
    sql::local::put(tx, Some(&cx.by), &row).await?;
    let event = CatalogueEvent::Listed { code: code.national(), received_at: new.received_at, decision: row.decision };
    sql::procedures::append(tx, &cx.by, &procedure, event).await
}

/// Takes a procedure off the list. Dossiers already filed go on.
pub async fn take_off_list(tx: &Write<'_>, cx: &Cx, code: &ProcedureCode, decision: &str) -> Result<(), Error> {
    let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
    let procedure = allow::<ChangeList>(&cx.who, procedure)?;
    if decision.trim().chars().count() < 3 {
        return Err(Error::fault("decision", words("Ghi số hiệu quyết định của Chủ tịch UBND tỉnh.")));
    }
    if !sql::local::remove(tx, code.base()).await? {
        return Err(Objection::NotListed.into());
    }
    let event = CatalogueEvent::Unlisted { code: code.national(), decision: decision.trim().to_owned() };
    sql::procedures::append(tx, &cx.by, &procedure, event).await
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
