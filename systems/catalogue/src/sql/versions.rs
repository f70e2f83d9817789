//! Versions.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sea_query::{Expr, ExprTrait as _, Query};
use store::{By, Read, Write, sql};
use uuid::Uuid;

use crate::error::Error;
use crate::package::{Level, Package};
use crate::version::{Origin, VersionId};

/// The content of one version.
pub(crate) async fn package(tx: &Read<'_>, id: VersionId) -> Result<Option<String>, Error> {
    Ok(tx.opt(sql!("SELECT package FROM catalogue_version WHERE id = $1"), &[&id]).await?)
}

/// The content of these versions.
pub(crate) async fn packages(tx: &Read<'_>, ids: &BTreeSet<VersionId>) -> Result<Vec<(VersionId, String)>, Error> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let query = Query::select()
        .columns(["id", "package"])
        .from("catalogue_version")
        .and_where(Expr::col("id").is_in(ids.iter().map(|id| id.0)))
        .to_owned();
    Ok(tx.all_dyn(&query).await?)
}

/// The version, unless an import is still staging it: code, origin and when it was published.
pub(crate) async fn published(tx: &Read<'_>, id: VersionId) -> Result<Option<(String, Origin, base::Moment)>, Error> {
    let q = sql!("SELECT code, origin, published_at FROM catalogue_version WHERE id = $1 AND state <> 'staged'");
    Ok(tx.opt(q, &[&id]).await?)
}

/// The version in force on a day.
pub(crate) async fn in_force(tx: &Read<'_>, code: &str, day: Date) -> Result<Option<VersionId>, Error> {
    let q = sql!(
        "SELECT id FROM catalogue_version
         WHERE code = $1 AND state = 'live' AND (from_day IS NULL OR from_day <= $2) AND (to_day IS NULL OR to_day > $2)
         ORDER BY CASE origin WHEN 'written' THEN 0 ELSE 1 END, COALESCE(from_day, '') DESC, published_at DESC, id DESC
         LIMIT 1"
    );
    Ok(tx.opt(q, &[&code, &day.to_string()]).await?)
}

/// Id, origin and content of every version in force on a day, with the list's word about it.
pub(crate) async fn all_in_force(tx: &Read<'_>, day: Date) -> Result<Vec<(String, bool)>, Error> {
    let q = sql!(
        "SELECT p.package, l.code IS NOT NULL
         FROM (
           SELECT id, code, ROW_NUMBER() OVER (
             PARTITION BY code
             ORDER BY CASE origin WHEN 'written' THEN 0 ELSE 1 END, COALESCE(from_day, '') DESC, published_at DESC, id DESC
           ) AS place
           FROM catalogue_version
           WHERE state = 'live' AND (from_day IS NULL OR from_day <= $1) AND (to_day IS NULL OR to_day > $1)
         ) v
         JOIN catalogue_version p ON p.id = v.id
         LEFT JOIN catalogue_listing l ON l.code = v.code
           AND l.valid_from <= $2 AND (l.valid_to IS NULL OR l.valid_to > $2)
         WHERE v.place = 1
         ORDER BY v.code"
    );
    Ok(tx.all(q, &[&day.to_string(), &super::local::last_of(day)]).await?)
}

/// Origin of a version.
pub(crate) async fn origin(tx: &Read<'_>, id: VersionId) -> Result<Option<Origin>, Error> {
    Ok(tx.opt(sql!("SELECT origin FROM catalogue_version WHERE id = $1"), &[&id]).await?)
}

/// The latest live version of one origin, with the hash of its content.
pub(crate) async fn latest(tx: &Read<'_>, code: &str, origin: Origin) -> Result<Option<(VersionId, String)>, Error> {
    let q = sql!(
        "SELECT id, hash FROM catalogue_version WHERE code = $1 AND origin = $2 AND state = 'live'
         ORDER BY published_at DESC, id DESC LIMIT 1"
    );
    Ok(tx.opt(q, &[&code, &origin]).await?)
}

/// Code and hash of every live imported version.
pub(crate) async fn imported_hashes(tx: &Read<'_>) -> Result<Vec<(String, String)>, Error> {
    let q = sql!("SELECT code, hash FROM catalogue_version WHERE origin = 'imported' AND state = 'live'");
    Ok(tx.all(q, &[]).await?)
}

/// A version to be kept.
pub(crate) struct NewVersion<'a> {
    pub id: VersionId,
    pub origin: Origin,
    /// The import that stages it; none: it is live at once.
    pub import: Option<Uuid>,
    pub package: &'a Package,
    pub hash: String,
    pub json: String,
}

/// Keeps versions.
pub(crate) async fn insert(tx: &Write<'_>, by: &By, versions: &[NewVersion<'_>]) -> Result<(), Error> {
    let rows: Vec<Kept> = versions.iter().map(Kept::of).collect();
    let values: Vec<_> = versions.iter().zip(&rows).map(|(v, k)| k.values(v, by)).collect();
    let q = sql!(
        "INSERT INTO catalogue_version (id, code, origin, state, import, hash, package, from_day, to_day, name, title, title_key, folded,
           field, field_key, levels, agency, decision, open_terms, doubts, papers, published_at, published_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
    );
    tx.run_each(q, &values).await?;
    Ok(())
}

/// What the row repeats of the package.
struct Kept {
    code: String,
    state: &'static str,
    from_day: Option<String>,
    to_day: Option<String>,
    title: String,
    title_key: Vec<u8>,
    folded: String,
    field_key: Vec<u8>,
    levels: String,
    open_terms: i64,
    doubts: i64,
    papers: i64,
}

impl Kept {
    fn of(v: &NewVersion<'_>) -> Kept {
        let p = v.package;
        let levels: String = p.levels.iter().map(|l| format!("{},", level(*l))).collect();
        Kept {
            code: p.code.base().to_owned(),
            state: if v.import.is_some() { "staged" } else { "live" },
            from_day: p.decision.effective_from.map(|d| d.to_string()),
            to_day: p.decision.effective_to.map(|d| d.to_string()),
            title: p.title(),
            title_key: base::text::sort_key(&p.title()),
            folded: format!("{} {}", p.code.base(), base::text::tokens(&format!("{} {}", p.name, p.short_name)).join(" ")),
            field_key: base::text::sort_key(&p.field),
            levels: format!(",{levels}"),
            open_terms: count(p.blocking_terms()),
            doubts: count(p.fees.iter().filter(|f| f.doubtful).count()),
            papers: count(p.papers_asked().count()),
        }
    }

    fn values<'a>(&'a self, v: &'a NewVersion<'a>, by: &'a By) -> Vec<store::Bound<'a>> {
        store::values![
            &v.id,
            &self.code,
            &v.origin,
            self.state,
            &v.import,
            &v.hash,
            &v.json,
            &self.from_day,
            &self.to_day,
            &v.package.name,
            &self.title,
            &self.title_key,
            &self.folded,
            &v.package.field,
            &self.field_key,
            &self.levels,
            &v.package.competent_agency,
            &v.package.decision.number,
            &self.open_terms,
            &self.doubts,
            &self.papers,
            &by.now,
            &by.who
        ]
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// The word kept for a level.
pub(crate) fn level(level: Level) -> &'static str {
    match level {
        Level::Commune => "commune",
        Level::Province => "province",
        Level::Ministry => "ministry",
    }
}

/// The imported version of a procedure is about to be replaced.
pub(crate) async fn retire_imported(tx: &Write<'_>, code: &str) -> Result<(), Error> {
    let q = sql!("UPDATE catalogue_version SET state = 'past' WHERE code = $1 AND origin = 'imported' AND state = 'live'");
    tx.run(q, &[&code]).await?;
    Ok(())
}

/// Takes back what an import staged for a procedure: its other record came later in the same file.
pub(crate) async fn unstage(tx: &Write<'_>, import: Uuid, code: &str) -> Result<(), Error> {
    tx.run(sql!("DELETE FROM catalogue_version WHERE import = $1 AND code = $2 AND state = 'staged'"), &[&import, &code]).await?;
    Ok(())
}
