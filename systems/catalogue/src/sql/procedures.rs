//! Procedures: their streams, and what lists show of the version in force.

use jiff::civil::Date;
use sea_query::{Alias, Cond, Expr, ExprTrait, Order, Query, SelectStatement};
use store::{By, Loaded, Read, Write, sql};

use crate::acts::Procedure;
use crate::error::Error;
use crate::event::CatalogueEvent;
use crate::package::Level;
use crate::version::{Origin, ReceivedAt, VersionId};

/// A procedure that is known.
pub(crate) async fn procedure(tx: &Read<'_>, code: &str) -> Result<Option<Procedure>, Error> {
    Ok(tx.opt(sql!("SELECT code, stream, events FROM catalogue_procedure WHERE code = $1"), &[&code]).await?)
}

/// The procedure's row, made when it is new.
pub(crate) async fn known(tx: &Write<'_>, by: &By, code: &str) -> Result<Procedure, Error> {
    if let Some(found) = procedure(tx, code).await? {
        return Ok(found);
    }
    let stream = by.id("catalogue procedure", tx.serial());
    let q = sql!("INSERT INTO catalogue_procedure (code, stream, events) VALUES ($1, $2, 0) ON CONFLICT (code) DO NOTHING");
    tx.run(q, &[&code, &stream]).await?;
    procedure(tx, code).await?.ok_or(Error::NotFound)
}

/// Appends to the procedure's stream and notes that the catalogue changed.
pub(crate) async fn append(tx: &Write<'_>, by: &By, procedure: &Procedure, event: CatalogueEvent) -> Result<(), Error> {
    let loaded = Loaded::at::<CatalogueEvent>(procedure.stream, procedure.events);
    let events = store::append(tx, by, loaded, &[event]).await?;
    tx.run(sql!("UPDATE catalogue_procedure SET events = $2 WHERE code = $1"), &[&procedure.code, &events]).await?;
    changed(tx).await
}

/// Notes that what is in force changed, so that every process builds its index anew.
pub(crate) async fn changed(tx: &Write<'_>) -> Result<(), Error> {
    tx.run(sql!("UPDATE catalogue_change SET n = n + 1 WHERE one = 1"), &[]).await?;
    Ok(())
}

/// How often what is in force has changed.
pub(crate) async fn changes(tx: &Read<'_>) -> Result<i64, Error> {
    Ok(tx.one(sql!("SELECT n FROM catalogue_change WHERE one = 1"), &[]).await?)
}

/// A procedure as lists show it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Line {
    /// National code.
    pub code: String,
    /// The version in force.
    pub version: VersionId,
    /// Full name.
    pub name: String,
    /// Name for lists.
    pub title: String,
    /// Field.
    pub field: String,
    /// Levels as `,commune,province,`.
    pub levels: String,
    /// Competent agency as printed.
    pub agency: String,
    /// Decision that published it.
    pub decision: String,
    /// Who wrote the version.
    pub origin: Origin,
    /// Term rows that block acceptance.
    pub open_terms: i64,
    /// Doubtful fees.
    pub doubts: i64,
    /// Papers asked.
    pub papers: i64,
    /// Where it can be filed; none: not here.
    pub received_at: Option<ReceivedAt>,
}
store::from_row!(Line {
    code,
    version,
    name,
    title,
    field,
    levels,
    agency,
    decision,
    origin,
    open_terms,
    doubts,
    papers,
    received_at
});

/// What a list is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Words of the name, or a code.
    pub words: String,
    /// Exactly this field.
    pub field: String,
    /// Decided at this level.
    pub level: Option<Level>,
    /// Only from here.
    pub origin: Option<Origin>,
    /// Only those that can (or cannot) be filed here.
    pub listed: Option<bool>,
    /// Only those with (or without) open term rows.
    pub open: Option<bool>,
}

/// Columns of [`Line`] that come from the version.
const SHOWN: [&str; 12] =
    ["code", "id", "name", "title", "field", "levels", "agency", "decision", "origin", "open_terms", "doubts", "papers"];

/// The versions in force on a day, one a procedure, as a subquery. The package itself is left out: sorting would carry it along.
fn in_force(day: Date) -> SelectStatement {
    let a = Alias::new;
    let day = day.to_string();
    Query::select()
        .columns(SHOWN.iter().copied().chain(["folded", "field_key", "title_key"]))
        .expr_as(
            Expr::cust(
                "ROW_NUMBER() OVER (PARTITION BY code ORDER BY CASE origin WHEN 'written' THEN 0 ELSE 1 END, \
                 COALESCE(from_day, '') DESC, published_at DESC, id DESC)",
            ),
            a("place"),
        )
        .from(a("catalogue_version"))
        .and_where(Expr::col(a("state")).eq("live"))
        .cond_where(Cond::any().add(Expr::col(a("from_day")).is_null()).add(Expr::col(a("from_day")).lte(day.clone())))
        .cond_where(Cond::any().add(Expr::col(a("to_day")).is_null()).add(Expr::col(a("to_day")).gt(day)))
        .to_owned()
}

/// The list's row of a procedure that holds on that day.
fn on_list(day: Date) -> Cond {
    let a = Alias::new;
    let l = |name: &'static str| Expr::col((a("catalogue_listing"), a(name)));
    let at = super::local::last_of(day).micros();
    Cond::all()
        .add(l("code").equals((a("v"), a("code"))))
        .add(l("valid_from").lte(at))
        .add(Cond::any().add(l("valid_to").is_null()).add(l("valid_to").gt(at)))
}

/// What a typed word asks of the folded names: whole words ("tử" is not in "thủ tục"), and codes from their beginning.
/// Letters, digits and dots only: no sign in it can be taken for a pattern.
fn patterns(typed: &str) -> Vec<String> {
    if typed.contains(|c: char| c.is_ascii_digit()) {
        let code: String = base::text::fold(typed).chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect();
        return vec![format!("% {code}%")];
    }
    base::text::tokens(typed).into_iter().map(|word| format!("% {word} %")).collect()
}

fn select(day: Date, wanted: &Wanted) -> SelectStatement {
    let a = Alias::new;
    let v = |name: &'static str| Expr::col((a("v"), a(name)));
    let mut q = Query::select()
        .from_subquery(in_force(day), a("v"))
        .left_join(a("catalogue_listing"), on_list(day))
        .and_where(v("place").eq(1))
        .to_owned();
    for pattern in wanted.words.split_whitespace().flat_map(patterns) {
        q.and_where(Expr::cust("(' ' || v.folded || ' ')").like(pattern));
    }
    if !wanted.field.is_empty() {
        q.and_where(v("field").eq(wanted.field.clone()));
    }
    if let Some(level) = wanted.level {
        q.and_where(v("levels").like(format!("%,{},%", super::versions::level(level))));
    }
    if let Some(origin) = wanted.origin {
        q.and_where(v("origin").eq(origin.as_str()));
    }
    let listed = Expr::col((a("catalogue_listing"), a("code")));
    match wanted.listed {
        Some(true) => q.and_where(listed.is_not_null()),
        Some(false) => q.and_where(listed.is_null()),
        None => &mut q,
    };
    match wanted.open {
        Some(true) => q.and_where(v("open_terms").gt(0)),
        Some(false) => q.and_where(v("open_terms").eq(0)),
        None => &mut q,
    };
    q
}

/// One page of procedures and how many there are in all, in dictionary order (by field first, when `by_field`).
pub async fn page(
    tx: &Read<'_>,
    day: Date,
    wanted: &Wanted,
    by_field: bool,
    from: u64,
    many: u64,
) -> Result<(Vec<Line>, u64), Error> {
    let a = Alias::new;
    let mut total = select(day, wanted);
    total.expr(Expr::cust("COUNT(*)"));
    let count: i64 = tx.one_dyn(&total).await?;
    let mut q = select(day, wanted);
    shown(&mut q);
    if by_field {
        q.order_by((a("v"), a("field_key")), Order::Asc);
    }
    q.order_by((a("v"), a("title_key")), Order::Asc).order_by((a("v"), a("code")), Order::Asc).limit(many).offset(from);
    Ok((tx.all_dyn(&q).await?, u64::try_from(count).unwrap_or(0)))
}

/// The lines of given procedures, in no order.
pub(crate) async fn lines(tx: &Read<'_>, day: Date, codes: &[String]) -> Result<Vec<Line>, Error> {
    let mut q = select(day, &Wanted::default());
    q.and_where(Expr::col((Alias::new("v"), Alias::new("code"))).is_in(codes.iter().cloned()));
    shown(&mut q);
    Ok(tx.all_dyn(&q).await?)
}

/// The columns of [`Line`].
fn shown(q: &mut SelectStatement) {
    let a = Alias::new;
    for column in SHOWN {
        q.column((a("v"), a(column)));
    }
    q.column((a("catalogue_listing"), a("received_at")));
}

/// Fields with how many procedures each has, in dictionary order.
pub async fn fields(tx: &Read<'_>, day: Date, wanted: &Wanted) -> Result<Vec<(String, i64)>, Error> {
    let a = Alias::new;
    let mut q = select(day, wanted);
    q.column((a("v"), a("field"))).expr(Expr::cust("COUNT(*)"));
    q.group_by_columns([(a("v"), a("field")), (a("v"), a("field_key"))]).order_by((a("v"), a("field_key")), Order::Asc);
    Ok(tx.all_dyn(&q).await?)
}

/// Figures of the catalogue's front page: in all, written, listed, with open terms, listed with open terms.
pub async fn figures(tx: &Read<'_>, day: Date) -> Result<Figures, Error> {
    let mut q = select(day, &Wanted::default());
    for part in [
        "COUNT(*)",
        "COALESCE(SUM(CASE WHEN v.origin = 'written' THEN 1 ELSE 0 END), 0)",
        "COALESCE(SUM(CASE WHEN catalogue_listing.code IS NOT NULL THEN 1 ELSE 0 END), 0)",
        "COALESCE(SUM(CASE WHEN v.open_terms > 0 THEN 1 ELSE 0 END), 0)",
        "COALESCE(SUM(CASE WHEN v.open_terms > 0 AND catalogue_listing.code IS NOT NULL THEN 1 ELSE 0 END), 0)",
        "COALESCE(SUM(CASE WHEN v.papers = 0 THEN 1 ELSE 0 END), 0)",
    ] {
        q.expr(Expr::cust(format!("CAST({part} AS bigint)")));
    }
    Ok(tx.one_dyn(&q).await?)
}

/// Figures of the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Figures {
    /// Procedures in force.
    pub all: i64,
    /// Of them written by people.
    pub written: i64,
    /// Of them on the list.
    pub listed: i64,
    /// With a term row that blocks acceptance.
    pub open: i64,
    /// On the list and with such a row.
    pub blocked: i64,
    /// Without any paper.
    pub without_papers: i64,
}
store::from_row!(Figures { all, written, listed, open, blocked, without_papers });

/// Counts one more change if nobody changed the catalogue since `before` (and counts none when there is nothing to tell). `false`: somebody did.
pub(crate) async fn unchanged(tx: &Write<'_>, before: i64, changing: bool) -> Result<bool, Error> {
    let q = sql!("UPDATE catalogue_change SET n = n + $2 WHERE one = 1 AND n = $1");
    Ok(tx.run(q, &[&before, &i64::from(changing)]).await? == 1)
}
