//! SQL for the auditor: what there is to draw a sample from.

use base::Moment;
use store::{Error, Read, sql};
use uuid::Uuid;

/// Ids of the dossiers filed in a period, of a unit and all below; while no unit is competent, of the desk.
pub async fn filed(tx: &Read<'_>, unit_path: &str, from: Moment, to: Moment) -> Result<Vec<Uuid>, Error> {
    let past = format!("{}0", unit_path.trim_end_matches('/'));
    tx.all(
        sql!(
            "SELECT id FROM onestop_dossier
             WHERE submitted_at >= $1 AND submitted_at < $2
               AND COALESCE(unit_path, desk_path) >= $3 AND COALESCE(unit_path, desk_path) < $4
             ORDER BY id"
        ),
        &[&from, &to, &unit_path, &past],
    )
    .await
}
