//! A named person says what an open term row means, and on what basis.

use base::{ProcedureCode, due::TermUnit};
use directory::{Cx, allow};
use store::Write;
use web::words;

use super::compose::{WHOLE, apply, compose};
use super::publish::keep;
use crate::acts::SettleTerm;
use crate::error::{Error, Objection};
use crate::event::CatalogueEvent;
use crate::sql;
use crate::sql::records::{Settlement, Unit};
use crate::version::{Origin, VersionId, frozen};

/// What a person settles.
#[derive(Clone, Debug, PartialEq)]
pub struct Settle {
    /// The row; [`WHOLE`] makes one for a procedure that has none.
    pub term: String,
    /// Amount.
    pub value: u32,
    /// Unit.
    pub unit: TermUnit,
    /// Done within the day of acceptance (OS-14).
    pub same_day: bool,
    /// The text it follows from.
    pub basis: String,
}

/// Longest allowance anybody will believe, in any unit.
const LONGEST: u32 = 1_000;

impl Settle {
    fn check(&self) -> Result<(), Error> {
        if self.value == 0 || self.value > LONGEST {
            return Err(Error::fault("value", words("Thời hạn từ 1 đến {0}.").with(LONGEST)));
        }
        if self.same_day && (self.value, self.unit) != (1, TermUnit::WorkingDay) {
            return Err(Error::fault("same_day", words("“Trong ngày” chỉ đi với 1 ngày làm việc.")));
        }
        if self.basis.trim().chars().count() < 5 {
            return Err(Error::fault("basis", words("Ghi căn cứ: số hiệu văn bản, điều khoản.")));
        }
        Ok(())
    }
}

/// Settles an open term row: a new version carries it, dossiers accepted before keep theirs.
///
/// Objects when the row has its value and unit from the record itself. What a person settled before may be settled anew.
pub async fn settle_term(tx: &Write<'_>, cx: &Cx, code: &ProcedureCode, settle: Settle) -> Result<VersionId, Error> {
    let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
    let procedure = allow::<SettleTerm>(&cx.who, procedure)?;
    settle.check()?;
    let day = cx.by.now.local().date();
    let id = sql::versions::in_force(tx, code.base(), day).await?.ok_or(Error::NotFound)?;
    let version = frozen(tx, id).await?;
    if let Some(elsewhere) = &version.package.elsewhere {
        return Err(Objection::HandledElsewhere { system: elsewhere.system.clone() }.into());
    }
    let known = sql::records::settlements(tx, code.base()).await?;
    match version.package.term(&settle.term) {
        None if settle.term == WHOLE && version.package.terms.is_empty() => {}
        None => return Err(Objection::NoSuchTerm.into()),
        Some(row) if row.settled().is_some() && !known.iter().any(|s| s.term == settle.term) => {
            return Err(Objection::TermNotOpen.into());
        }
        Some(_) => {}
    }
    let settlement = Settlement {
        term: settle.term.clone(),
        value: settle.value,
        unit: Unit(settle.unit),
        same_day: settle.same_day,
        basis: settle.basis.trim().to_owned(),
        name: cx.who.name.clone(),
        at: cx.by.now,
    };
    sql::records::settle(tx, &cx.by, code.base(), &settlement).await?;
    let origin = sql::versions::origin(tx, id).await?.ok_or(Error::NotFound)?;
    let records = sql::records::live(tx, code.base()).await?;
    let settled = sql::records::settlements(tx, code.base()).await?;
    let package = match compose(&records, &settled).filter(|_| origin == Origin::Imported) {
        Some(parsed) => parsed.package,
        // written by people, or loaded as a package: the row itself is set
        None => {
            let mut package = (*version.package).clone();
            if let Some(row) = package.terms.iter_mut().find(|t| t.id == settle.term) {
                (row.value, row.unit) = (None, None);
            }
            apply(&mut package, &settlement);
            package
        }
    };
    let id = keep(tx, &cx.by, &package, origin).await?;
    let event = CatalogueEvent::TermSettled {
        code: code.national(),
        version: id,
        term: settle.term,
        value: settle.value,
        unit: settle.unit,
        same_day: settle.same_day,
        basis: settlement.basis,
    };
    sql::procedures::append(tx, &cx.by, &procedure, event).await?;
    Ok(id)
}
