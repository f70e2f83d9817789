//! The applicant's own acts on a filed dossier: complete it, rate it.

use super::{Error, FileWrong, load};
use crate::acts::Own;
use crate::decide;
use crate::dossier::When;
use crate::row::DossierRow;
use crate::sent::Stored;
use crate::sql;
use directory::Cx;
use store::{Read, Write};
use uuid::Uuid;

/// One's own dossiers, newest first.
pub async fn own_dossiers(tx: &Read<'_>, cx: &Cx) -> Result<Vec<DossierRow>, Error> {
    Ok(sql::dossiers::owned(tx, cx.who.subject.id).await?)
}

/// Adds a file asked for by form 02; it is sent with [`supplement`].
pub async fn add_supplement_file(tx: &Write<'_>, cx: &Cx, id: Uuid, paper: &str, file: &Stored) -> Result<(), Error> {
    let dossier = load::<Own>(tx, cx, id).await?;
    if dossier.row.state()? != crate::dossier::State::AwaitingSupplement {
        let is = dossier.row.state()?;
        return Err(crate::objection::Objection::NotIn { is, needs: crate::dossier::State::AwaitingSupplement }.into());
    }
    let asked = sql::papers::supplements(tx, id).await?.last().map(sql::papers::Supplement::items).unwrap_or_default();
    if !asked.iter().any(|item| item.paper == paper) {
        return Err(Error::File(FileWrong::NotAsked));
    }
    let have = sql::papers::of_dossier(tx, id).await?;
    if have.iter().any(|a| Some(a.id) == file.id()) {
        return Ok(());
    }
    if have.iter().filter(|a| a.paper.as_deref() == Some(paper)).count() >= 2 * super::MOST_FILES {
        return Err(Error::File(FileWrong::TooMany));
    }
    let mut new = file.keep(tx, cx, "paper").await?;
    (new.dossier, new.paper) = (Some(id), Some(paper.to_owned()));
    Ok(sql::papers::insert_attachment(tx, &new).await?)
}

/// Hands in what form 02 asked for.
pub async fn supplement(tx: &Write<'_>, cx: &Cx, id: Uuid) -> Result<DossierRow, Error> {
    let dossier = load::<Own>(tx, cx, id).await?;
    let when = When::now(cx.by.now);
    let time = dossier.time(tx, &when).await?;
    let event = decide::supplement(&dossier.row.dossier()?, &dossier.facts(&time, when))?;
    sql::papers::answer_supplement(tx, id, cx.by.now).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Rates the handling, once.
pub async fn rate(tx: &Write<'_>, cx: &Cx, id: Uuid, score: u8, comment: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Own>(tx, cx, id).await?;
    let when = When::now(cx.by.now);
    let time = dossier.time(tx, &when).await?;
    let event = decide::rate(&dossier.row.dossier()?, score, &dossier.facts(&time, when))?;
    let comment: String = base::text::nfc(comment.trim()).chars().take(1_000).collect();
    sql::papers::insert_rating(tx, id, i64::from(score), &comment, cx.by.now).await?;
    dossier.save(tx, cx, &[event]).await
}
