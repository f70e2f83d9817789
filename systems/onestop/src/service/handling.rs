//! The competent unit at work: take, note, pass on, send back, decide, issue.

use super::{Error, load, officer};
use crate::acts::{Handle, Issue, Resolve};
use crate::decide;
use crate::dossier::{Outcome, When};
use crate::events::Event;
use crate::row::DossierRow;
use crate::sql::{
    self,
    papers::{Attachment, Note},
};
use directory::Cx;
use store::Write;
use uuid::Uuid;

/// Takes the current step.
pub async fn claim(tx: &Write<'_>, cx: &Cx, id: Uuid) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    let when = When::now(cx.by.now);
    let time = dossier.time(tx, &when).await?;
    let event = decide::claim(&dossier.row.dossier()?, &officer(cx), &dossier.facts(&time, when))?;
    dossier.save(tx, cx, &[event]).await
}

/// Adds a note for colleagues.
pub async fn add_note(tx: &Write<'_>, cx: &Cx, id: Uuid, text: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    if text.trim().is_empty() {
        return Err(crate::objection::Objection::ReasonNeeded.into());
    }
    let note = keep_note(tx, cx, id, "note", text).await?;
    dossier.save(tx, cx, &[Event::Noted { happened_at: cx.by.now, note }]).await
}

/// Adds a file in handling.
pub async fn add_file(tx: &Write<'_>, cx: &Cx, id: Uuid, mut file: Attachment) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    file.dossier = Some(id);
    file.role = "handling".to_owned();
    sql::papers::insert_attachment(tx, &file).await?;
    dossier.save(tx, cx, &[Event::FileAdded { happened_at: cx.by.now, attachment: file.id }]).await
}

/// Closes a processing step and enters the next.
pub async fn pass_on(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, note: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let event = decide::pass_on(&dossier.row.dossier()?, &officer(cx), &dossier.facts(&time, when))?;
    if !note.trim().is_empty() {
        keep_note(tx, cx, id, "note", note).await?;
    }
    dossier.save(tx, cx, &[event]).await
}

/// One step back, with the reason.
pub async fn send_back(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, reason: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Handle>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let note = note_id(cx, "send_back");
    let event = decide::send_back(&dossier.row.dossier()?, &officer(cx), reason, note, &dossier.facts(&time, when))?;
    keep_note(tx, cx, id, "send_back", reason).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Approves, or rejects with a reason.
pub async fn resolve(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, outcome: Outcome, reason: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Resolve>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let note = (!reason.trim().is_empty()).then(|| note_id(cx, "decision"));
    let event = decide::resolve(&dossier.row.dossier()?, &officer(cx), outcome, reason, note, &dossier.facts(&time, when))?;
    if note.is_some() {
        keep_note(tx, cx, id, "decision", reason).await?;
    }
    dossier.save(tx, cx, &[event]).await
}

/// Issues the result kept in `file` and tells the applicant.
pub async fn issue(tx: &Write<'_>, cx: &Cx, id: Uuid, when: When, mut file: Attachment) -> Result<DossierRow, Error> {
    let dossier = load::<Issue>(tx, cx, id).await?;
    let time = dossier.time(tx, &when).await?;
    let event = decide::issue(&dossier.row.dossier()?, &officer(cx), file.id, &dossier.facts(&time, when))?;
    file.dossier = Some(id);
    file.role = "result".to_owned();
    sql::papers::insert_attachment(tx, &file).await?;
    let row = dossier.save(tx, cx, &[event]).await?;
    notices::tell(tx, &cx.by, &crate::messages::issued(&row)).await?;
    Ok(row)
}

fn note_id(cx: &Cx, kind: &str) -> Uuid {
    cx.by.seed.uuid_at(cx.by.now, kind, 0)
}

pub(super) async fn keep_note(tx: &Write<'_>, cx: &Cx, dossier: Uuid, kind: &str, text: &str) -> Result<Uuid, Error> {
    let id = note_id(cx, kind);
    let note = Note {
        id,
        dossier,
        kind: kind.to_owned(),
        text: base::text::nfc(text.trim()),
        by_person: cx.who.person.map(|p| p.0).unwrap_or_default(),
        by_name: cx.who.name.clone(),
        at: cx.by.now,
    };
    sql::papers::insert_note(tx, &note).await?;
    Ok(id)
}
