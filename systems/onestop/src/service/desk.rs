//! The one-stop desk at work: check, accept, ask for a supplement, hand over; and receptions of people who came in person.

use super::{Draft, Error, Terms, draft, load};
use crate::acts::{Accept, DetermineCompetence, RequestSupplement, ReturnResult};
use crate::decide::{self, AcceptanceCheck};
use crate::dossier::{ResultChannel, SupplementItem, Verdict, When};
use crate::draft::DraftData;
use crate::places;
use crate::row::DossierRow;
use crate::sql::{self, drafts::DraftRow};
use base::{DossierCode, ProcedureCode};
use catalogue::package::Channel;
use directory::{Cx, UnitId};
use store::{Read, Series, Write};
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
pub async fn accept(
    tx: &Write<'_>,
    cx: &Cx,
    terms: &Terms,
    id: Uuid,
    term: Option<&str>,
    when: When,
) -> Result<DossierRow, Error> {
    let dossier = load::<Accept>(tx, cx, id).await?;
    let verdicts: Vec<(String, Verdict)> =
        sql::papers::papers(tx, id).await?.into_iter().filter_map(|p| p.verdict().map(|v| (p.paper.clone(), v))).collect();
    let check = AcceptanceCheck {
        received_here: catalogue::receivable(tx, &dossier.version.package.code).await?,
        term,
        verdicts: &verdicts,
    };
    let rules = dossier.row.dossier()?;
    let acceptance = decide::accept(&rules, &check, &dossier.facts(terms, when))?;
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
    terms: &Terms,
    id: Uuid,
    items: Vec<SupplementItem>,
    when: When,
) -> Result<DossierRow, Error> {
    let dossier = load::<RequestSupplement>(tx, cx, id).await?;
    let kept = serde_json::to_string(&items)?;
    let event = decide::request_supplement(&dossier.row.dossier()?, items, &dossier.facts(terms, when))?;
    sql::papers::insert_supplement(tx, id, cx.by.now, &cx.who.name, &kept).await?;
    let row = dossier.save(tx, cx, &[event]).await?;
    notices::tell(tx, &cx.by, &crate::messages::supplement_requested(&row)).await?;
    Ok(row)
}

/// Names the competent unit when the rules could not (OS-05).
pub async fn determine_competence(tx: &Write<'_>, cx: &Cx, terms: &Terms, id: Uuid, unit: UnitId) -> Result<DossierRow, Error> {
    let dossier = load::<DetermineCompetence>(tx, cx, id).await?;
    let unit = places::unit(tx, unit).await?;
    let event = decide::determine_competence(&dossier.row.dossier()?, unit.id.0, &dossier.facts(terms, When::now(cx.by.now)))?;
    dossier
        .save_with(tx, cx, &[event], |row| {
            row.unit_path = Some(unit.path);
            row.unit_name = Some(unit.name);
        })
        .await
}

/// Hands the result over.
pub async fn return_result(
    tx: &Write<'_>,
    cx: &Cx,
    terms: &Terms,
    id: Uuid,
    channel: ResultChannel,
    when: When,
) -> Result<DossierRow, Error> {
    let dossier = load::<ReturnResult>(tx, cx, id).await?;
    let event = decide::return_result(&dossier.row.dossier()?, channel, &dossier.facts(terms, when))?;
    let row = dossier.save(tx, cx, &[event]).await?;
    notices::tell(tx, &cx.by, &crate::messages::returned(&row)).await?;
    Ok(row)
}

/// Opens a reception for somebody at the desk.
pub async fn open_reception(
    tx: &Write<'_>,
    cx: &Cx,
    desk: UnitId,
    visit: Option<Uuid>,
    code: &ProcedureCode,
) -> Result<Uuid, Error> {
    let version = catalogue::current(tx, code, cx.by.now).await?;
    let id = cx.by.seed.uuid_at(cx.by.now, "reception", 0);
    let row = DraftRow {
        id,
        version: 1,
        owner: None,
        officer: cx.who.person.map(|p| p.0),
        desk: Some(desk.0),
        visit: Some(visit.unwrap_or_else(|| cx.by.seed.uuid_at(cx.by.now, "visit", 0))),
        procedure_code: version.package.code.to_string(),
        procedure_version: version.id.0,
        data: serde_json::to_string(&DraftData::default())?,
        saved_at: cx.by.now,
        started_at: cx.by.now,
        parked: false,
        dossier: None,
    };
    sql::drafts::insert(tx, &row).await?;
    Ok(id)
}

/// A reception this officer may go on with: their own, or one parked at their desk.
pub async fn reception(tx: &Read<'_>, cx: &Cx, desk: UnitId, id: Uuid) -> Result<Draft, Error> {
    let mine = cx.who.person.map(|p| p.0);
    let row = sql::drafts::by_id(tx, id)
        .await?
        .filter(|d| d.desk == Some(desk.0) && (d.officer == mine || d.parked))
        .ok_or(Error::NotFound)?;
    draft::read_draft(tx, row).await
}

/// Receives a person at the desk: files and accepts, or asks for what is missing (form 02), in one act.
///
/// What an officer types for a citizen is a direct filing, never online.
pub async fn receive(tx: &Write<'_>, cx: &Cx, terms: &Terms, desk: UnitId, id: Uuid, when: When) -> Result<DossierRow, Error> {
    let reception = reception(tx, cx, desk, id).await?;
    if let Some(dossier) = reception.row.dossier {
        return sql::dossiers::by_id(tx, dossier).await?.ok_or(Error::NotFound);
    }
    let package = &reception.version.package;
    let places = places::at_desk(tx, desk, &reception.data, package).await?;
    let filed = draft::file(tx, cx, terms, &reception, places, Channel::Direct).await?;
    let missing: Vec<SupplementItem> = reception
        .data
        .papers(package)
        .into_iter()
        .filter(|p| reception.data.verdicts.get(&p.id) == Some(&Verdict::Missing))
        .map(|p| SupplementItem {
            paper: p.id.clone(),
            reason: format!("Nộp {}", p.name),
            ground: crate::messages::ground_of(p, package),
        })
        .collect();
    if missing.is_empty() {
        accept(tx, cx, terms, filed.id, reception.data.term.as_deref(), when).await
    } else {
        request_supplement(tx, cx, terms, filed.id, missing, when).await
    }
}
