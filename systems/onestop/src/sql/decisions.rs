//! SQL of the leader's queue.

use crate::acts::Resolve;
use crate::row::DossierRow;
use directory::Actor;
use sea_query::{Condition, Expr, ExprTrait, Order, Query};
use store::{Error, Read};

/// Most rows of the queue at once.
pub const MOST: u64 = 60;

/// Dossiers that wait for this person's decision.
pub(super) fn waiting_for(who: &Actor) -> Condition {
    let me = who.person.map(|p| p.0).unwrap_or_default();
    Condition::all()
        .add(directory::filter::<Resolve>(who))
        .add(Expr::col("state").eq("in_progress"))
        .add(Expr::col("step_role").eq("leader"))
        .add(Expr::col("assignee").is_null().or(Expr::col("assignee").eq(me)))
}

/// What waits for this person's decision, nearest due first.
pub async fn waiting(tx: &Read<'_>, who: &Actor) -> Result<Vec<DossierRow>, Error> {
    let mut query = Query::select();
    query
        .columns(DossierRow::FIELDS.iter().copied())
        .from("onestop_dossier")
        .cond_where(waiting_for(who))
        .order_by("sort_due_at", Order::Asc)
        .order_by("id", Order::Asc)
        .limit(MOST);
    tx.all_dyn(&query).await
}

/// How much waits for this person's decision.
pub async fn count(tx: &Read<'_>, who: &Actor) -> Result<i64, Error> {
    let mut query = Query::select();
    query.expr(Expr::cust("COUNT(*)")).from("onestop_dossier").cond_where(waiting_for(who));
    tx.one_dyn(&query).await
}
