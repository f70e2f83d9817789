//! The one-stop desk at work: check, accept, ask for a supplement, hand over.

use super::{Error, load};
use crate::acts::{Accept, DetermineCompetence, RequestSupplement, ReturnResult};
use crate::decide::{self, AcceptanceCheck};
use crate::dossier::{ResultChannel, SupplementItem, Verdict, When};
use crate::places;
use crate::row::DossierRow;
use crate::sql;
use base::DossierCode;
use directory::{Cx, UnitId};
use store::{Series, Write};
use uuid::Uuid;

/// Keeps the desk's finding about one paper.
pub async fn check_paper(tx: &Write<'_>, cx: &Cx, id: Uuid, paper: &str, verdict: Verdict) -> Result<(), Error> {
    let dossier = load::<Accept>(tx, cx, id).await?;
    if dossier.row.state()? != crate::dossier::State::Submitted {
        let is = dossier.row.state()?;
        return Err(crate::objection::Objection::NotIn { is, needs: crate::dossier::State::Submitted }.into());
    }
    let by = cx.who.person.map(|p| p.0).unwrap_or_default();
    let kept = sql::papers::set_verdict(tx, id, paper, verdict, by, cx.by.now).await?;
    if kept { Ok(()) } else { Err(Error::NotFound) }
}

/// Accepts a filing: form 01, gapless code, due time. The number is taken last (shortest lock).
pub async fn accept(tx: &Write<'_>, cx: &Cx, id: Uuid, term: Option<&str>, when: When) -> Result<DossierRow, Error> {
    let dossier = load::<Accept>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let verdicts: Vec<(String, Verdict)> =
        sql::papers::papers(tx, id).await?.into_iter().filter_map(|p| p.verdict().map(|v| (p.paper.clone(), v))).collect();
    let check = AcceptanceCheck {
        // who filed while it was on the list is answered
        received_here: catalogue::receivable(tx, &dossier.version.package.code, dossier.row.submitted_at).await?,
        term,
        verdicts: &verdicts,
    };
    let rules = dossier.row.dossier()?;
    let acceptance = decide::accept(&rules, &check, &dossier.facts(&time, when))?;
    let calculation = serde_json::to_string(&acceptance.calculation)?;
    let (agency, day) = (places::agency(tx, UnitId(dossier.row.desk)).await?, acceptance.calculation.start.date());
    let number = store::number(tx, &Series { scope: format!("dossier:{agency}"), day: day.to_string() }).await?;
    let event = acceptance.numbered(DossierCode::make(&agency, day, number)?);
    let row = dossier.save_with(tx, cx, &[event], |row| row.calculation = Some(calculation)).await?;
    notices::tell(tx, &cx.by, &crate::messages::accepted(&row)).await?;
    Ok(row)
}

/// Asks for a supplement (form 02), one full list.
pub async fn request_supplement(
    tx: &Write<'_>,
    cx: &Cx,
    id: Uuid,
    items: Vec<SupplementItem>,
    when: When,
) -> Result<DossierRow, Error> {
    let dossier = load::<RequestSupplement>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let kept = serde_json::to_string(&items)?;
    let event = decide::request_supplement(&dossier.row.dossier()?, items, &dossier.facts(&time, when))?;
    sql::papers::insert_supplement(tx, id, cx.by.now, &cx.who.name, &kept).await?;
    let row = dossier.save(tx, cx, &[event]).await?;
    notices::tell(tx, &cx.by, &crate::messages::supplement_requested(&row)).await?;
    Ok(row)
}

/// Names the competent unit when the rules could not (OS-05).
pub async fn determine_competence(tx: &Write<'_>, cx: &Cx, id: Uuid, unit: UnitId) -> Result<DossierRow, Error> {
    let dossier = load::<DetermineCompetence>(tx, cx, id).await?;
    let when = When::now(cx.by.now);
    let time = dossier.time(tx, &when).await?;
    let unit = places::unit(tx, unit).await?;
    let event = decide::determine_competence(&dossier.row.dossier()?, unit.id.0, &dossier.facts(&time, when))?;
    dossier
        .save_with(tx, cx, &[event], |row| {
            row.unit_path = Some(unit.path);
            row.unit_name = Some(unit.name);
        })
        .await
}

/// Hands the result over.
pub async fn return_result(tx: &Write<'_>, cx: &Cx, id: Uuid, channel: ResultChannel, when: When) -> Result<DossierRow, Error> {
    let dossier = load::<ReturnResult>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let event = decide::return_result(&dossier.row.dossier()?, channel, &dossier.facts(&time, when))?;
    let row = dossier.save(tx, cx, &[event]).await?;
    notices::tell(tx, &cx.by, &crate::messages::returned(&row)).await?;
    Ok(row)
}
