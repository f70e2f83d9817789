//! The applicant's own acts on a filed dossier: complete it, rate it.

use super::{Error, FileWrong, load};
use crate::acts::Own;
use crate::decide::{self, Facts};
use crate::dossier::{Dossier, SupplementItem, When};
use crate::events::Event;
use crate::form::{Fault, Wrong};
use crate::objection::Objection;
use crate::row::DossierRow;
use crate::sent::Stored;
use crate::sql::{self, papers::Supplement};
use directory::Cx;
use store::{Read, Write};
use uuid::Uuid;

/// One's own dossiers on one page of their list.
pub const OWN_ON_A_PAGE: u64 = 200;

/// A page of one's own dossiers, counted from 1, newest first.
pub async fn own_dossiers(tx: &Read<'_>, cx: &Cx, page: u64) -> Result<Vec<DossierRow>, Error> {
    let before = page.saturating_sub(1) * OWN_ON_A_PAGE;
    Ok(sql::dossiers::owned(tx, cx.who.subject.id, before, OWN_ON_A_PAGE).await?)
}

/// How many dossiers one has.
pub async fn how_many_own(tx: &Read<'_>, cx: &Cx) -> Result<u64, Error> {
    Ok(sql::dossiers::how_many_owned(tx, cx.who.subject.id).await?)
}

/// What came of handing something in.
#[derive(Clone, Debug)]
pub struct HandedIn {
    /// The dossier as it is then: back with the desk, or still waiting.
    pub row: DossierRow,
    /// Papers of form 02 that still have no file.
    pub missing: Vec<String>,
}

/// Hands in files for form 02, each named with its paper. They are kept at once; the form is answered when no paper of it is without one.
pub async fn hand_in(tx: &Write<'_>, cx: &Cx, id: Uuid, files: &[(String, Stored)]) -> Result<HandedIn, Error> {
    let dossier = load::<Own>(tx, cx, id).await?;
    let when = When::now(cx.by.now);
    let time = dossier.time(tx, &when).await?;
    let (rules, facts) = (dossier.row.dossier()?, dossier.facts(&time, when));
    let form = sql::papers::supplements(tx, id).await?.pop();
    let open = form.as_ref().map(Supplement::items).unwrap_or_default();
    let mut events = add_supplement_files(tx, cx, &rules, &open, files, &facts).await?;
    let since = form.map_or(cx.by.now, |form| form.requested_at);
    let brought =
        sql::papers::added(tx, id).await?.files.into_iter().filter(|a| a.added_at >= since).filter_map(|a| a.paper).collect();
    let missing = match decide::supplement(&rules, &open, &brought, &facts) {
        Ok(event) => {
            sql::papers::answer_supplement(tx, id, cx.by.now).await?;
            // what was found before is looked at again
            sql::papers::forget_verdicts(tx, id, &open).await?;
            events.push(event);
            vec![]
        }
        Err(Objection::SupplementIncomplete { papers }) if !files.is_empty() => papers,
        Err(objection) => return Err(objection.into()),
    };
    let row = if events.is_empty() { dossier.row.into_inner() } else { dossier.save(tx, cx, &events).await? };
    Ok(HandedIn { row, missing })
}

/// Keeps files for the open form 02; one that is kept already is not kept twice.
pub(super) async fn add_supplement_files(
    tx: &Write<'_>,
    cx: &Cx,
    dossier: &Dossier,
    open: &[SupplementItem],
    files: &[(String, Stored)],
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Error> {
    let id = dossier.id.0;
    let mut have = sql::papers::added(tx, id).await?.files;
    let mut events = Vec::new();
    for (paper, file) in files {
        if have.iter().any(|a| Some(a.id) == file.id()) {
            continue;
        }
        if have.iter().filter(|a| a.paper.as_deref() == Some(paper)).count() >= 2 * super::MOST_FILES {
            return Err(Error::File(FileWrong::TooMany));
        }
        let mut new = file.keep(tx, cx, "paper").await?;
        events.push(decide::add_supplement(dossier, paper, open, new.id, facts)?);
        (new.dossier, new.paper) = (Some(id), Some(paper.clone()));
        sql::papers::insert_attachment(tx, &new).await?;
        have.push(new);
    }
    Ok(events)
}

/// Rates the handling, once. Words that are too many are refused whole: none is cut off.
pub async fn rate(tx: &Write<'_>, cx: &Cx, id: Uuid, score: u8, comment: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Own>(tx, cx, id).await?;
    let when = When::now(cx.by.now);
    let time = dossier.time(tx, &when).await?;
    let event = decide::rate(&dossier.row.dossier()?, score, &dossier.facts(&time, when))?;
    let comment = base::text::nfc(comment.trim());
    let typed = comment.chars().count();
    if typed > decide::MOST_LETTERS {
        let wrong = Wrong::TooLong { max: decide::MOST_LETTERS, typed };
        return Err(Error::Faults(vec![Fault { field: "comment".to_owned(), wrong }]));
    }
    sql::papers::insert_rating(tx, id, i64::from(score), &comment, cx.by.now).await?;
    dossier.save(tx, cx, &[event]).await
}
