//! Files of an online filing: attach one to the paper it is for, take it out again.

use super::{Draft, Error, own_draft, save_draft};
use crate::decide::papers_asked;
use crate::objection::Objection;
use crate::sent::Stored;
use crate::sql::papers::{self, Attachment};
use catalogue::package::{Channel, PaperKind, PaperRow};
use directory::Cx;
use store::{FileId, Read, Write};
use uuid::Uuid;

/// Files one paper may have.
pub const MOST_FILES: usize = 20;
/// Bytes all files of one filing may have together.
pub const MOST_BYTES: i64 = 200_000_000;

/// Why a file cannot be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileWrong {
    /// This filing does not ask for such a paper, or not as a file.
    NotAsked,
    /// The paper has [`MOST_FILES`] already.
    TooMany,
    /// All files together would be over [`MOST_BYTES`].
    TooHeavy,
    /// The upload is not there any more: never finished, another browser's, or left lying for too long.
    Gone,
}

impl Draft {
    /// Papers this filing may attach files for; one that is only shown, or that the e-form itself is, has none.
    pub fn papers_to_send(&self) -> Vec<&PaperRow> {
        let package = &self.version.package;
        let is_sent = |p: &&PaperRow| p.kind != PaperKind::Present && !(p.by_form && package.form.is_some());
        papers_asked(package, Channel::Online, self.data.case.as_deref()).into_iter().filter(is_sent).collect()
    }
}

/// Attaches a file to a paper of one's own draft; the same file for the same paper twice is one attachment.
///
/// The draft is saved with it, so that a file added while the draft is being sent either goes along or is refused, and never lies between.
pub async fn attach(tx: &Write<'_>, cx: &Cx, draft: Uuid, paper: &str, file: &Stored) -> Result<(), Error> {
    let draft = own_draft(tx, cx, draft).await?;
    if draft.row.dossier.is_some() {
        return Err(Objection::AlreadyFiled.into());
    }
    if !draft.papers_to_send().iter().any(|p| p.id == paper) {
        return Err(Error::File(FileWrong::NotAsked));
    }
    let have = papers::of_draft(tx, draft.row.id).await?;
    if have.iter().any(|a| Some(a.id) == file.id()) {
        return Ok(());
    }
    let mut new = file.keep(tx, cx, "paper").await?;
    (new.draft, new.paper) = (Some(draft.row.id), Some(paper.to_owned()));
    let same = |a: &&Attachment| a.paper == new.paper && a.sha256 == new.sha256 && a.name == new.name;
    if have.iter().any(|a| same(&a)) {
        store::let_go(tx, FileId(new.file)).await?;
        return Ok(());
    }
    if have.iter().filter(|a| a.paper == new.paper).count() >= MOST_FILES {
        return Err(Error::File(FileWrong::TooMany));
    }
    if have.iter().map(|a| a.size).sum::<i64>().saturating_add(new.size) > MOST_BYTES {
        return Err(Error::File(FileWrong::TooHeavy));
    }
    papers::insert_attachment(tx, &new).await?;
    save_draft(tx, cx, &draft).await
}

/// Takes a file out of one's own draft; one that is gone already is no fault.
pub async fn detach(tx: &Write<'_>, cx: &Cx, draft: Uuid, attachment: Uuid) -> Result<(), Error> {
    let draft = own_draft(tx, cx, draft).await?;
    if draft.row.dossier.is_some() {
        return Err(Objection::AlreadyFiled.into());
    }
    let Some(found) = papers::of_draft(tx, draft.row.id).await?.into_iter().find(|a| a.id == attachment) else {
        return Ok(());
    };
    papers::remove(tx, draft.row.id, found.id, cx.by.now).await?;
    store::let_go(tx, FileId(found.file)).await?;
    save_draft(tx, cx, &draft).await
}

/// Files of one's own draft, oldest first.
pub async fn attached(tx: &Read<'_>, cx: &Cx, draft: Uuid) -> Result<Vec<Attachment>, Error> {
    let draft = own_draft(tx, cx, draft).await?;
    Ok(papers::of_draft(tx, draft.row.id).await?)
}
