//! SQL of a dossier's papers, attachments, notes, supplements and rating.

use crate::dossier::{SupplementItem, Verdict};
use base::Moment;
use catalogue::package::{Channel, Package, PaperRow};
use store::{Error, Read, Write, sql};
use uuid::Uuid;

/// One required paper of a dossier, as it was when filed.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // columns of onestop_paper
pub struct PaperState {
    pub paper: String,
    pub position: i64,
    pub name: String,
    pub kind: String,
    pub originals: i64,
    pub copies: i64,
    pub basis: String,
    pub by_form: bool,
    pub verdict: Option<String>,
}
store::from_row!(PaperState { paper, position, name, kind, originals, copies, basis, by_form, verdict });

impl PaperState {
    /// A paper the package asks for, nothing found about it yet.
    pub fn asked(paper: &PaperRow, position: usize, package: &Package, channel: Channel) -> PaperState {
        PaperState {
            paper: paper.id.clone(),
            position: position as i64,
            name: paper.name.clone(),
            kind: crate::service::kind_word(paper.kind).to_owned(),
            originals: i64::from(paper.originals),
            copies: i64::from(paper.copies),
            basis: paper.basis.clone(),
            by_form: paper.by_form && package.form.is_some() && channel == Channel::Online,
            verdict: None,
        }
    }

    /// What the desk found.
    pub fn verdict(&self) -> Option<Verdict> {
        self.verdict.as_deref().and_then(Verdict::parse)
    }
}

/// Papers of a dossier in the package's order.
pub async fn papers(tx: &Read<'_>, dossier: Uuid) -> Result<Vec<PaperState>, Error> {
    tx.all(
        sql!(
            "SELECT paper, position, name, kind, originals, copies, basis, by_form, verdict
             FROM onestop_paper WHERE dossier = $1 ORDER BY position"
        ),
        &[&dossier],
    )
    .await
}

/// Writes the papers asked of a new dossier.
pub async fn insert_paper(tx: &Write<'_>, dossier: Uuid, p: &PaperState) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO onestop_paper (dossier, paper, position, name, kind, originals, copies, basis, by_form, verdict)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        &[&dossier, &p.paper, &p.position, &p.name, &p.kind, &p.originals, &p.copies, &p.basis, &p.by_form, &p.verdict],
    )
    .await?;
    Ok(())
}

/// Keeps the desk's finding on one paper; false when the dossier asks for no such paper.
pub async fn set_verdict(
    tx: &Write<'_>,
    dossier: Uuid,
    paper: &str,
    verdict: Verdict,
    by: Uuid,
    at: Moment,
) -> Result<bool, Error> {
    Ok(tx
        .run(
            sql!("UPDATE onestop_paper SET verdict = $3, checked_by = $4, checked_at = $5 WHERE dossier = $1 AND paper = $2"),
            &[&dossier, &paper, &verdict.as_str(), &by, &at],
        )
        .await?
        == 1)
}

/// Forgets what the desk found about the papers of these items: they came anew.
pub async fn forget_verdicts(tx: &Write<'_>, dossier: Uuid, items: &[SupplementItem]) -> Result<(), Error> {
    for item in items {
        tx.run(
            sql!(
                "UPDATE onestop_paper SET verdict = NULL, checked_by = NULL, checked_at = NULL WHERE dossier = $1 AND paper = $2"
            ),
            &[&dossier, &item.paper],
        )
        .await?;
    }
    Ok(())
}

/// A kept file and what it is for.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // columns of onestop_attachment
pub struct Attachment {
    pub id: Uuid,
    pub draft: Option<Uuid>,
    pub dossier: Option<Uuid>,
    pub paper: Option<String>,
    pub role: String,
    pub file: Uuid,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub sha256: String,
    pub hint: Option<String>,
    pub added_at: Moment,
    pub added_by: Option<Uuid>,
}
store::from_row!(Attachment { id, draft, dossier, paper, role, file, name, media_type, size, sha256, hint, added_at, added_by });

/// Adds an attachment.
pub async fn insert_attachment(tx: &Write<'_>, a: &Attachment) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO onestop_attachment (id, draft, dossier, paper, role, file, name, media_type, size, sha256, hint, added_at, added_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        &[
            &a.id, &a.draft, &a.dossier, &a.paper, &a.role, &a.file, &a.name, &a.media_type, &a.size, &a.sha256, &a.hint, &a.added_at,
            &a.added_by,
        ],
    )
    .await?;
    Ok(())
}

/// Attachments of a draft that were not taken out again.
pub async fn of_draft(tx: &Read<'_>, draft: Uuid) -> Result<Vec<Attachment>, Error> {
    tx.all(
        sql!(
            "SELECT id, draft, dossier, paper, role, file, name, media_type, size, sha256, hint, added_at, added_by
             FROM onestop_attachment WHERE draft = $1 AND removed_at IS NULL ORDER BY added_at, id"
        ),
        &[&draft],
    )
    .await
}

/// One attachment.
pub async fn attachment(tx: &Read<'_>, id: Uuid) -> Result<Option<Attachment>, Error> {
    tx.opt(
        sql!(
            "SELECT id, draft, dossier, paper, role, file, name, media_type, size, sha256, hint, added_at, added_by
             FROM onestop_attachment WHERE id = $1 AND removed_at IS NULL"
        ),
        &[&id],
    )
    .await
}

/// Moves a draft's attachments to the dossier it became.
pub async fn hand_over(tx: &Write<'_>, draft: Uuid, dossier: Uuid) -> Result<(), Error> {
    tx.run(sql!("UPDATE onestop_attachment SET dossier = $2 WHERE draft = $1 AND removed_at IS NULL"), &[&draft, &dossier])
        .await?;
    Ok(())
}

/// Takes an attachment out of a draft; false when it was gone already.
pub async fn remove(tx: &Write<'_>, draft: Uuid, id: Uuid, at: Moment) -> Result<bool, Error> {
    Ok(tx
        .run(
            sql!("UPDATE onestop_attachment SET removed_at = $3 WHERE id = $2 AND draft = $1 AND dossier IS NULL AND removed_at IS NULL"),
            &[&draft, &id, &at],
        )
        .await?
        == 1)
}

/// A note, or the reason of an act.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // columns of onestop_note
pub struct Note {
    pub id: Uuid,
    pub dossier: Uuid,
    pub kind: String,
    pub text: String,
    pub by_person: Uuid,
    pub by_name: String,
    pub at: Moment,
}

/// Adds a note.
pub async fn insert_note(tx: &Write<'_>, n: &Note) -> Result<(), Error> {
    tx.run(
        sql!("INSERT INTO onestop_note (id, dossier, kind, text, by_person, by_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        &[&n.id, &n.dossier, &n.kind, &n.text, &n.by_person, &n.by_name, &n.at],
    )
    .await?;
    Ok(())
}

/// One form 02.
#[derive(Clone, Debug)]
#[allow(missing_docs)] // columns of onestop_supplement
pub struct Supplement {
    pub round: i64,
    pub requested_at: Moment,
    pub requested_by: String,
    pub items: String,
    pub answered_at: Option<Moment>,
}
store::from_row!(Supplement { round, requested_at, requested_by, items, answered_at });

impl Supplement {
    /// What it asks for; a list that cannot be read is shown as empty rather than hiding the dossier.
    pub fn items(&self) -> Vec<SupplementItem> {
        serde_json::from_str(&self.items).unwrap_or_default()
    }
}

/// Adds the next form 02 of a dossier.
pub async fn insert_supplement(tx: &Write<'_>, dossier: Uuid, at: Moment, by_name: &str, items: &str) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO onestop_supplement (dossier, round, requested_at, requested_by, items)
             SELECT $1, COALESCE(MAX(round), 0) + 1, $2, $3, $4 FROM onestop_supplement WHERE dossier = $1"
        ),
        &[&dossier, &at, &by_name, &items],
    )
    .await?;
    Ok(())
}

/// Marks the open form 02 as answered.
pub async fn answer_supplement(tx: &Write<'_>, dossier: Uuid, at: Moment) -> Result<(), Error> {
    tx.run(sql!("UPDATE onestop_supplement SET answered_at = $2 WHERE dossier = $1 AND answered_at IS NULL"), &[&dossier, &at])
        .await?;
    Ok(())
}

/// Every form 02 of a dossier, in order.
pub async fn supplements(tx: &Read<'_>, dossier: Uuid) -> Result<Vec<Supplement>, Error> {
    tx.all(
        sql!("SELECT round, requested_at, requested_by, items, answered_at FROM onestop_supplement WHERE dossier = $1 ORDER BY round"),
        &[&dossier],
    )
    .await
}

/// Keeps the rating.
pub async fn insert_rating(tx: &Write<'_>, dossier: Uuid, score: i64, comment: &str, at: Moment) -> Result<(), Error> {
    tx.run(
        sql!("INSERT INTO onestop_rating (dossier, score, comment, at) VALUES ($1, $2, $3, $4)"),
        &[&dossier, &score, &comment, &at],
    )
    .await?;
    Ok(())
}

/// Score and comment of a dossier.
pub async fn rating(tx: &Read<'_>, dossier: Uuid) -> Result<Option<(i64, String)>, Error> {
    tx.opt(sql!("SELECT score, comment FROM onestop_rating WHERE dossier = $1"), &[&dossier]).await
}

/// What was added to a dossier: files, and what people wrote.
#[derive(Clone, Debug, Default)]
pub struct Added {
    /// Attachments that were not taken out again, oldest first.
    pub files: Vec<Attachment>,
    /// Notes and reasons, oldest first.
    pub notes: Vec<Note>,
    /// Every form 02, in order.
    pub supplements: Vec<Supplement>,
}

/// A file, a note or a form 02, in one shape.
struct Line {
    of: String,
    id: Uuid,
    kind: String,
    text: String,
    by: Option<Uuid>,
    by_name: String,
    at: Moment,
    number: i64,
    answered_at: Option<Moment>,
    draft: Option<Uuid>,
    paper: Option<String>,
    file: Option<Uuid>,
    media_type: Option<String>,
    sha256: Option<String>,
    hint: Option<String>,
}
store::from_row!(Line { of, id, kind, text, by, by_name, at, number, answered_at, draft, paper, file, media_type, sha256, hint });

/// What was added to a dossier: in one statement, for three would lift the dossier's page over its ceiling of twelve.
pub async fn added(tx: &Read<'_>, dossier: Uuid) -> Result<Added, Error> {
    let lines: Vec<Line> = tx
        .all(
            sql!(
                "SELECT 'file', id, role, name, added_by, '', added_at, size, CAST(NULL AS bigint), draft, paper, file,
                        media_type, sha256, hint
                 FROM onestop_attachment WHERE dossier = $1 AND removed_at IS NULL
                 UNION ALL
                 SELECT 'note', id, kind, text, by_person, by_name, at, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL
                 FROM onestop_note WHERE dossier = $1
                 UNION ALL
                 SELECT 'supplement', dossier, '', items, NULL, requested_by, requested_at, round, answered_at, NULL, NULL, NULL,
                        NULL, NULL, NULL
                 FROM onestop_supplement WHERE dossier = $1
                 ORDER BY 7, 1, 2, 8"
            ),
            &[&dossier],
        )
        .await?;
    let mut out = Added::default();
    for line in lines {
        let Line { id, kind, text, by, by_name, at, number, .. } = line;
        match line.of.as_str() {
            "note" => out.notes.push(Note { id, dossier, kind, text, by_person: by.unwrap_or_default(), by_name, at }),
            "supplement" => out.supplements.push(Supplement {
                round: number,
                requested_at: at,
                requested_by: by_name,
                items: text,
                answered_at: line.answered_at,
            }),
            _ => out.files.push(Attachment {
                id,
                draft: line.draft,
                dossier: Some(dossier),
                paper: line.paper,
                role: kind,
                file: line.file.unwrap_or_default(),
                name: text,
                media_type: line.media_type.unwrap_or_default(),
                size: number,
                sha256: line.sha256.unwrap_or_default(),
                hint: line.hint,
                added_at: at,
                added_by: by,
            }),
        }
    }
    Ok(out)
}
