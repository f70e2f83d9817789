//! The applicant's own acts on a filed dossier: complete it, rate it.

use super::{Error, Terms, load};
use crate::acts::Own;
use crate::decide;
use crate::dossier::When;
use crate::row::DossierRow;
use crate::sql::{self, papers::Attachment};
use directory::Cx;
use store::Write;
use uuid::Uuid;

/// Adds a file asked for by form 02; it is sent with [`supplement`].
pub async fn add_supplement_file(tx: &Write<'_>, cx: &Cx, id: Uuid, mut file: Attachment) -> Result<(), Error> {
    let dossier = load::<Own>(tx, cx, id).await?;
    if dossier.row.state()? != crate::dossier::State::AwaitingSupplement {
        let is = dossier.row.state()?;
        return Err(crate::objection::Objection::NotIn { is, needs: crate::dossier::State::AwaitingSupplement }.into());
    }
    file.dossier = Some(id);
    file.role = "paper".to_owned();
    Ok(sql::papers::insert_attachment(tx, &file).await?)
}

/// Hands in what form 02 asked for.
pub async fn supplement(tx: &Write<'_>, cx: &Cx, terms: &Terms, id: Uuid) -> Result<DossierRow, Error> {
    let dossier = load::<Own>(tx, cx, id).await?;
    let event = decide::supplement(&dossier.row.dossier()?, &dossier.facts(terms, When::now(cx.by.now)))?;
    sql::papers::answer_supplement(tx, id, cx.by.now).await?;
    dossier.save(tx, cx, &[event]).await
}

/// Rates the handling, once.
pub async fn rate(tx: &Write<'_>, cx: &Cx, terms: &Terms, id: Uuid, score: u8, comment: &str) -> Result<DossierRow, Error> {
    let dossier = load::<Own>(tx, cx, id).await?;
    let event = decide::rate(&dossier.row.dossier()?, score, &dossier.facts(terms, When::now(cx.by.now)))?;
    let comment: String = base::text::nfc(comment.trim()).chars().take(1_000).collect();
    sql::papers::insert_rating(tx, id, i64::from(score), &comment, cx.by.now).await?;
    dossier.save(tx, cx, &[event]).await
}
