//! The one-stop desk at work: check, accept, ask for a supplement and receive it, name the competent unit, hand over.

use super::handling::{keep_note, note_id};
use super::own::add_supplement_files;
use super::{Error, Loaded, governing, load};
use crate::acts::{Accept, DetermineCompetence, ReceiveSupplement, RequestSupplement, ReturnResult};
use crate::decide::{self, AcceptanceCheck, Agency, FiledFee};
use crate::dossier::{Dossier, ResultChannel, SupplementItem, Verdict, When};
use crate::draft::FeeSaid;
use crate::events::Event;
use crate::form::Fault;
use crate::places;
use crate::row::DossierRow;
use crate::sent::Stored;
use crate::sql;
use crate::sql::papers::{Attachment, PaperState, Supplement};
use base::DossierCode;
use catalogue::VersionId;
use catalogue::package::{Package, PaperKind};
use directory::{Act, Cx, UnitId};
use std::collections::BTreeSet;
use store::{Series, Write};
use uuid::Uuid;

/// Keeps the desk's finding about one paper.
pub async fn check_paper(
    tx: &Write<'_>,
    cx: &Cx,
    id: Uuid,
    paper: &str,
    verdict: Verdict,
    when: When,
) -> Result<DossierRow, Error> {
    let dossier = load::<Accept>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let (rules, have) = (dossier.row.dossier()?, sql::papers::papers(tx, id).await?);
    let asked = papers_of(&have, &rules, &dossier);
    let (files, happened) = (sql::papers::added(tx, id).await?.files, store::events::<Event>(tx, id).await?);
    let unseen = unseen(&asked, &files, happened.iter().map(|recorded| &recorded.event));
    let event = decide::check_paper(&rules, paper, verdict, &ids(&asked), &unseen, &dossier.facts(&time, when))?;
    keep_papers(tx, id, &have, &asked, [paper]).await?;
    keep_verdicts(tx, cx, id, std::slice::from_ref(&event)).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Accepts a filing with nothing more to say about its fee.
pub async fn accept(
    tx: &Write<'_>,
    cx: &Cx,
    id: Uuid,
    term: Option<&str>,
    shown: Option<VersionId>,
    when: When,
) -> Result<DossierRow, Error> {
    accept_saying(tx, cx, id, term, shown, FeeSaid::default(), when).await
}

/// Accepts a filing: form 01, gapless code, due time. The number is taken last (shortest lock). `shown` is the version the officer saw;
/// `said` tells the amount that the package leaves open.
pub async fn accept_saying(
    tx: &Write<'_>,
    cx: &Cx,
    id: Uuid,
    term: Option<&str>,
    shown: Option<VersionId>,
    said: FeeSaid,
    when: When,
) -> Result<DossierRow, Error> {
    let mut dossier = load::<Accept>(tx, cx, id).await?;
    // the version of the day the fact was on, which a paper book may have before today's
    dossier.stands_under(governing(tx, &dossier.row, when.happened_at).await?);
    let time = dossier.time(tx, &when).await?;
    let verdicts: Vec<(String, Verdict)> =
        sql::papers::papers(tx, id).await?.into_iter().filter_map(|p| p.verdict().map(|v| (p.paper.clone(), v))).collect();
    let desk = places::unit(tx, UnitId(dossier.row.desk)).await?;
    let commune = places::commune_over(tx, &desk).await?;
    // by the row that held when it was filed: whatever the list says since, what was let in is answered where it lies (OS-08)
    let listing = catalogue::listed(tx, &dossier.version.package.code, dossier.row.submitted_at).await?;
    let filed = catalogue::frozen(tx, dossier.row.filed_version()).await?;
    let check = AcceptanceCheck {
        received_at: listing.map(|l| l.received_at),
        at_commune: commune.is_some(),
        term,
        shown,
        fee: FiledFee { due: dossier.row.fee(), package: &filed.package, is_paid: dossier.row.fee_paid_at.is_some() },
        verdicts: &verdicts,
    };
    let rules = dossier.row.dossier()?;
    let acceptance = decide::accept(&rules, &check, &dossier.facts(&time, when))?;
    let calculation = serde_json::to_string(&acceptance.calculation)?;
    let fee =
        said.settle(acceptance.fee.clone()).map_err(|wrong| Error::Faults(vec![Fault { field: "fee".to_owned(), wrong }]))?;
    let taken_at = said.is_taken.then_some(acceptance.calculation.start);
    let fee_rows = serde_json::to_string(&fee.rows)?;
    let (agency, day) = (places::agency(&desk, commune.as_ref()), acceptance.calculation.start.date());
    let number = store::number(tx, &Series { scope: format!("dossier:{agency}"), day: day.to_string() }).await?;
    let event = acceptance.numbered(DossierCode::make(&agency, day, number)?);
    let row = dossier
        .save_with(tx, cx, &[event], |row| {
            row.calculation = Some(calculation);
            (row.fee_due, row.fee_note, row.fee_rows) = (fee.amount, fee.note(), Some(fee_rows));
            row.fee_paid_at = row.fee_paid_at.or(taken_at);
        })
        .await?;
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
    let (rules, have) = (dossier.row.dossier()?, sql::papers::papers(tx, id).await?);
    let asked = papers_of(&have, &rules, &dossier);
    let kept = serde_json::to_string(&items)?;
    let papers: Vec<String> = items.iter().map(|i| i.paper.clone()).collect();
    let event = decide::request_supplement(&rules, items, &ids(&asked), &dossier.facts(&time, when))?;
    keep_papers(tx, id, &have, &asked, papers.iter().map(String::as_str)).await?;
    sql::papers::insert_supplement(tx, id, cx.by.now, &cx.who.name, &kept).await?;
    let row = dossier.save(tx, cx, &[event]).await?;
    notices::tell(tx, &cx.by, &crate::messages::supplement_requested(&row)).await?;
    Ok(row)
}

/// Receives at the desk what form 02 asked for: the papers seen there, and scans of them where they were made.
pub async fn receive_supplement(
    tx: &Write<'_>,
    cx: &Cx,
    id: Uuid,
    brought: &BTreeSet<String>,
    scans: &[(String, Stored)],
    when: When,
) -> Result<DossierRow, Error> {
    let dossier = load::<ReceiveSupplement>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let (rules, facts) = (dossier.row.dossier()?, dossier.facts(&time, when));
    let open = sql::papers::supplements(tx, id).await?.last().map(Supplement::items).unwrap_or_default();
    let received = decide::receive_supplement(&rules, &open, brought, &facts)?;
    let mut events = add_supplement_files(tx, cx, &rules, &open, scans, &facts).await?;
    keep_verdicts(tx, cx, id, &received).await?;
    events.extend(received);
    sql::papers::answer_supplement(tx, id, cx.by.now).await?;
    dossier.save(tx, cx, &events).await
}

/// Names the competent unit when the rules could not, or found the wrong one (OS-05).
pub async fn determine_competence(
    tx: &Write<'_>,
    cx: &Cx,
    id: Uuid,
    unit: UnitId,
    reason: &str,
    when: When,
) -> Result<DossierRow, Error> {
    let dossier = load::<DetermineCompetence>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let unit = places::unit(tx, unit).await?;
    let agency = Agency::of(&unit, when.happened_at);
    let (rules, note) = (dossier.row.dossier()?, note_id(cx, "competence"));
    let event = decide::determine_competence(&rules, &agency, reason, note, &dossier.facts(&time, when))?;
    keep_note(tx, cx, id, "competence", reason).await?;
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

/// Papers asked of a dossier: those it was filed with, and those the version it stands under asks besides, which nobody was asked for yet.
pub(super) fn papers_asked_now(have: &[PaperState], dossier: &Dossier, package: &Package) -> Vec<PaperState> {
    let more = decide::papers_asked(package, dossier.channel, dossier.case.as_deref())
        .into_iter()
        .filter(|p| have.iter().all(|h| h.paper != p.id))
        .enumerate()
        .map(|(n, p)| PaperState::asked(p, have.len() + n, package, dossier.channel));
    have.iter().cloned().chain(more).collect()
}

/// Papers of which there is nothing to look at: neither shown at the desk nor made of the form, no file came, and nobody brought them.
pub(crate) fn unseen<'p, 'e>(
    asked: &'p [PaperState],
    files: &[Attachment],
    happened: impl IntoIterator<Item = &'e Event>,
) -> Vec<&'p str> {
    let brought = decide::brought_to_desk(happened);
    let is_sent = |p: &PaperState| files.iter().any(|file| file.paper.as_ref() == Some(&p.paper)) || brought.contains(&p.paper);
    let needs_file = |p: &PaperState| !p.by_form && p.kind != super::kind_word(PaperKind::Present);
    asked.iter().filter(|p| needs_file(p) && !is_sent(p)).map(|p| p.paper.as_str()).collect()
}

fn papers_of<A: Act<On = DossierRow>>(have: &[PaperState], rules: &Dossier, dossier: &Loaded<A>) -> Vec<PaperState> {
    papers_asked_now(have, rules, &dossier.version.package)
}

fn ids(papers: &[PaperState]) -> Vec<&str> {
    papers.iter().map(|p| p.paper.as_str()).collect()
}

/// Writes those of the papers named that the dossier has not had until now.
async fn keep_papers<'p>(
    tx: &Write<'_>,
    id: Uuid,
    have: &[PaperState],
    asked: &[PaperState],
    named: impl IntoIterator<Item = &'p str>,
) -> Result<(), Error> {
    for paper in named.into_iter().collect::<BTreeSet<_>>() {
        let is_new = have.iter().all(|h| h.paper != paper);
        if let Some(new) = asked.iter().find(|p| is_new && p.paper == paper) {
            sql::papers::insert_paper(tx, id, new).await?;
        }
    }
    Ok(())
}

/// Writes what was found about papers beside them.
async fn keep_verdicts(tx: &Write<'_>, cx: &Cx, id: Uuid, events: &[Event]) -> Result<(), Error> {
    let by = cx.who.person.map(|p| p.0).unwrap_or_default();
    for event in events {
        if let Event::PaperChecked { happened_at, paper, verdict, .. } = event {
            sql::papers::set_verdict(tx, id, paper, *verdict, by, *happened_at).await?;
        }
    }
    Ok(())
}
