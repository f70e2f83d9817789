//! The leader's queue: what waits for a decision, what was opened already, and what a decision leads to next.

use super::{Error, Whole, resolve, see, send_back};
use crate::dossier::{Outcome, When};
use crate::row::DossierRow;
use crate::sql;
use directory::{Cx, PersonId};
use std::collections::HashSet;
use store::{Read, Write};
use uuid::Uuid;

/// What a leader decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Granted.
    Approve,
    /// Not granted.
    Reject,
    /// Back to whoever prepared it.
    SendBack,
}

/// The queue, with the dossier that is open.
#[derive(Clone, Debug)]
pub struct DecisionQueue {
    /// Nearest due first.
    pub rows: Vec<DossierRow>,
    /// Those this person opened at some time.
    pub opened: HashSet<Uuid>,
    /// The one in front.
    pub whole: Option<Whole>,
}

/// Opens the queue at the dossier asked for, or at the nearest due. The reading is recorded before anything is shown.
pub async fn open_decisions(tx: &Write<'_>, cx: &Cx, asked: Option<Uuid>) -> Result<DecisionQueue, Error> {
    let rows = sql::decisions::waiting(tx, &cx.who).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let front = asked.filter(|id| ids.contains(id)).or(ids.first().copied());
    let me = cx.who.person.unwrap_or(PersonId(Uuid::nil()));
    let mut opened: HashSet<Uuid> = directory::looked_at_by(tx, me, &ids).await?.into_iter().collect();
    let whole = match front {
        Some(id) => Some(see(tx, cx, id, Some("phê duyệt hồ sơ")).await?),
        None => None,
    };
    opened.extend(front);
    Ok(DecisionQueue { rows, opened, whole })
}

/// How much waits for this person's decision; nothing for those who decide nothing.
pub async fn decisions_waiting(tx: &Read<'_>, cx: &Cx) -> Result<u64, Error> {
    if !cx.who.has(directory::Role::Leader) {
        return Ok(0);
    }
    Ok(sql::decisions::count(tx, &cx.who).await?.unsigned_abs())
}

/// Decides.
pub async fn decide(
    tx: &Write<'_>,
    cx: &Cx,
    id: Uuid,
    decision: Decision,
    reason: &str,
    when: When,
) -> Result<DossierRow, Error> {
    match decision {
        Decision::Approve => resolve(tx, cx, id, when, Outcome::Approved, reason).await,
        Decision::Reject => resolve(tx, cx, id, when, Outcome::Rejected, reason).await,
        Decision::SendBack => send_back(tx, cx, id, when, reason).await,
    }
}
