//! The history of sign-ins.
use base::Moment;
use store::{Error, FromRow, Read, Row, Write, sql};
use uuid::Uuid;

/// One line of the history of sign-ins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// The line.
    pub id: Uuid,
    /// Realm.
    pub realm: String,
    /// Who, when it is known.
    pub subject: Option<Uuid>,
    /// When.
    pub at: Moment,
    /// How it went.
    pub outcome: String,
    /// From where.
    pub network: String,
    /// Browser.
    pub device: Option<Uuid>,
    /// The person signed in from this browser before.
    pub known_device: bool,
    /// What the browser calls itself.
    pub agent: String,
    /// The provider of identities they came by.
    pub provider: Option<String>,
    /// The level of the identity.
    pub level: Option<String>,
    /// Why an answer was refused, for the log.
    pub detail: Option<String>,
}

store::from_row!(Tried { id, realm, subject, at, outcome, network, device, known_device, agent, provider, level, detail });

/// Writes a line.
pub async fn record(tx: &Write<'_>, tried: &Tried) -> Result<(), Error> {
    tx.run(
        sql!(
            "INSERT INTO sign_in (id, realm, subject, at, outcome, network, device, known_device, agent, provider, level, detail)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        &[
            &tried.id,
            &tried.realm,
            &tried.subject,
            &tried.at,
            &tried.outcome,
            &tried.network,
            &tried.device,
            &tried.known_device,
            &tried.agent,
            &tried.provider,
            &tried.level,
            &tried.detail,
        ],
    )
    .await
    .map(drop)
}

/// The last lines of one account.
pub async fn history(tx: &Read<'_>, subject: Uuid, limit: i64) -> Result<Vec<Tried>, Error> {
    tx.all(
        sql!(
            "SELECT id, realm, subject, at, outcome, network, device, known_device, agent, provider, level, detail FROM sign_in
             WHERE subject = $1 ORDER BY at DESC, id LIMIT $2"
        ),
        &[&subject, &limit],
    )
    .await
}

/// The last answers of a provider that let nobody in, since a moment, the latest first.
pub async fn refused(tx: &Read<'_>, provider: &str, since: Moment, limit: i64) -> Result<Vec<Tried>, Error> {
    tx.all(
        sql!(
            "SELECT id, realm, subject, at, outcome, network, device, known_device, agent, provider, level, detail FROM sign_in
             WHERE provider = $1 AND outcome = 'refused' AND at > $2 ORDER BY at DESC, id LIMIT $3"
        ),
        &[&provider, &since, &limit],
    )
    .await
}

/// A try with the person it names.
#[derive(Clone, Debug)]
pub struct Line {
    /// The try.
    pub tried: Tried,
    /// Name of the person, when it is known who.
    pub name: Option<String>,
}

impl FromRow for Line {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Line { tried: Tried::from_row(row)?, name: row.get(Tried::FIELDS.len())? })
    }
}

/// Tries of the people a condition of the policy lets through, before a moment, the latest first; `failed`: only those that failed.
pub async fn history_of(
    tx: &Read<'_>,
    rights: sea_query::Condition,
    before: Moment,
    failed: bool,
    limit: u64,
) -> Result<Vec<Line>, Error> {
    use sea_query::{Expr, ExprTrait as _, Order, Query};
    let mut select = Query::select();
    for column in Tried::FIELDS {
        select.column(("sign_in", *column));
    }
    select
        .column(("person", "name"))
        .from("sign_in")
        .inner_join("person", Expr::col(("person", "id")).equals(("sign_in", "subject")))
        .cond_where(rights)
        .and_where(Expr::col(("sign_in", "at")).lt(before.micros()))
        .order_by(("sign_in", "at"), Order::Desc)
        .order_by(("sign_in", "id"), Order::Asc)
        .limit(limit);
    if failed {
        select.and_where(Expr::col(("sign_in", "outcome")).like("wrong%"));
    }
    tx.all_dyn(&select).await
}
