//! The competent unit at work: take, give back, note, pass on, send back, decide, issue.

use super::{Error, load, officer};
use crate::acts::{Handle, Issue, Release, Resolve};
use crate::decide;
use crate::dossier::{Outcome, When};
use crate::form::{self, Fault};
use crate::row::DossierRow;
use crate::sql::{
    self,
    papers::{Attachment, Note},
};
use directory::Cx;
use store::Write;
use uuid::Uuid;

/// Takes the current step.
pub async fn claim(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let event = decide::claim(&dossier.row.dossier()?, &officer(cx, &dossier.row), &dossier.facts(&time, when))?;
    match event {
        Some(event) => dossier.save(tx, cx, &[event]).await,
        None => Ok(dossier.row.into_inner()),
    }
}

/// Gives a held step back to everybody of its role.
pub async fn release(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, reason: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Release>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let (by, note) = (officer(cx, &dossier.row), note_id(cx, "release"));
    let event = decide::release(&dossier.row.dossier()?, &by, reason, note, &dossier.facts(&time, when))?;
    keep_note(tx, cx, id, "release", reason).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Adds a note for colleagues.
pub async fn add_note(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, text: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let event = decide::add_note(&dossier.row.dossier()?, text, note_id(cx, "note"), &dossier.facts(&time, when))?;
    keep_note(tx, cx, id, "note", text).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Adds a file in handling.
pub async fn add_file(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, mut file: Attachment) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let event = decide::add_file(&dossier.row.dossier()?, &officer(cx, &dossier.row), file.id, &dossier.facts(&time, when))?;
    file.dossier = Some(id);
    file.role = "handling".to_owned();
    sql::papers::insert_attachment(tx, &file).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Closes a processing step and enters the next.
pub async fn pass_on(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, note: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let event = decide::pass_on(&dossier.row.dossier()?, &officer(cx, &dossier.row), &dossier.facts(&time, when))?;
    keep_note(tx, cx, id, "note", note).await?;
    dossier.save(tx, cx, &[event]).await
}

/// One step back, with the reason.
pub async fn send_back(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, reason: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let (by, note) = (officer(cx, &dossier.row), note_id(cx, "send_back"));
    let event = decide::send_back(&dossier.row.dossier()?, &by, reason, note, &dossier.facts(&time, when))?;
    keep_note(tx, cx, id, "send_back", reason).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Approves, or rejects with a reason.
pub async fn resolve(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, outcome: Outcome, reason: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Resolve>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let note = (!reason.trim().is_empty()).then(|| note_id(cx, "decision"));
    let by = officer(cx, &dossier.row);
    let event = decide::resolve(&dossier.row.dossier()?, &by, outcome, reason, note, &dossier.facts(&time, when))?;
    keep_note(tx, cx, id, "decision", reason).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Issues the result kept in `file` under the number the unit's register gave it, and tells the applicant.
pub async fn issue(
    tx: &Write<'_>,
    cx: &Cx,
    id: Uuid,
    when: When,
    mut file: Attachment,
    number: &str,
) -> Result<DossierRow, Error> {
    let dossier = load::<Issue>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let (by, number) = (officer(cx, &dossier.row), base::text::line(number));
    let event = decide::issue(&dossier.row.dossier()?, &by, file.id, &number, &dossier.facts(&time, when))?;
    file.dossier = Some(id);
    file.role = "result".to_owned();
    sql::papers::insert_attachment(tx, &file).await?;
    let row = dossier.save(tx, cx, &[event]).await?;
    notices::tell(tx, &cx.by, &crate::messages::issued(&row)).await?;
    Ok(row)
}

pub(super) fn note_id(cx: &Cx, kind: &str) -> Uuid {
    cx.by.seed.uuid_at(cx.by.now, kind, 0)
}

/// Keeps the words of an act; none, when none were said. Too many are refused whole: none is cut off.
pub(super) async fn keep_note(tx: &Write<'_>, cx: &Cx, dossier: Uuid, kind: &str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Ok(());
    }
    let text = base::text::nfc(text.trim());
    if let Some(wrong) = form::too_long(&text, decide::MOST_NOTE) {
        return Err(Error::Faults(vec![Fault { field: "text".to_owned(), wrong }]));
    }
    let note = Note {
        id: note_id(cx, kind),
        dossier,
        kind: kind.to_owned(),
        text,
        by_person: cx.who.person.map(|p| p.0).unwrap_or_default(),
        by_name: cx.who.name.clone(),
        at: cx.by.now,
    };
    Ok(sql::papers::insert_note(tx, &note).await?)
}
