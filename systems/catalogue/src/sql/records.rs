//! Records as they came, and what people settled about their open rows.

use base::{
    Moment,
    due::{Amount, TermUnit},
};
use store::{By, Read, Write, sql};
use uuid::Uuid;

use crate::decide::Settlement;
use crate::error::Error;
use crate::record::{Layer, Record};

store::text_value!(Layer);

/// A settlement as it is kept.
struct Kept {
    code: String,
    term: String,
    value: u32,
    half: bool,
    unit: Unit,
    same_day: bool,
    basis: String,
    name: String,
    at: Moment,
}
store::from_row!(Kept { code, term, value, half, unit, same_day, basis, name, at });

impl Kept {
    /// The code and what was settled about it.
    fn read(self) -> (String, Settlement) {
        let Kept { code, term, value, half, unit, same_day, basis, name, at } = self;
        let value = Amount::halves(value.saturating_mul(2) + u32::from(half));
        (code, Settlement { term, value, unit: unit.0, same_day, basis, name, at })
    }
}

/// A unit of terms as the database keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit(pub TermUnit);

/// The word of a unit, in data and in forms.
pub(crate) fn unit_word(unit: TermUnit) -> &'static str {
    match unit {
        TermUnit::WorkingDay => "working_day",
        TermUnit::WorkingHour => "working_hour",
        TermUnit::CalendarDay => "calendar_day",
        TermUnit::Month => "month",
    }
}

/// The unit of a word.
pub(crate) fn unit_of(word: &str) -> Option<TermUnit> {
    [TermUnit::WorkingDay, TermUnit::WorkingHour, TermUnit::CalendarDay, TermUnit::Month]
        .into_iter()
        .find(|u| unit_word(*u) == word)
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(unit_word(self.0))
    }
}
impl std::str::FromStr for Unit {
    type Err = String;
    fn from_str(word: &str) -> Result<Unit, String> {
        unit_of(word).map(Unit).ok_or_else(|| format!("{word:?} is no unit"))
    }
}
store::text_value!(Unit);

/// What was settled about a procedure.
pub(crate) async fn settlements(tx: &Read<'_>, code: &str) -> Result<Vec<Settlement>, Error> {
    let q = sql!(
        "SELECT code, term, value, half, unit, same_day, basis, settled_name, settled_at FROM catalogue_settlement
         WHERE code = $1 ORDER BY settled_at, term"
    );
    let kept: Vec<Kept> = tx.all(q, &[&code]).await?;
    Ok(kept.into_iter().map(|kept| kept.read().1).collect())
}

/// Everything that was settled: code and settlement.
pub(crate) async fn all_settlements(tx: &Read<'_>) -> Result<Vec<(String, Settlement)>, Error> {
    let q = sql!(
        "SELECT code, term, value, half, unit, same_day, basis, settled_name, settled_at FROM catalogue_settlement
         ORDER BY settled_at, term"
    );
    let kept: Vec<Kept> = tx.all(q, &[]).await?;
    Ok(kept.into_iter().map(Kept::read).collect())
}

/// Keeps what a person settled.
pub(crate) async fn settle(tx: &Write<'_>, by: &By, code: &str, s: &Settlement) -> Result<(), Error> {
    let q = sql!(
        "INSERT INTO catalogue_settlement (code, term, value, half, unit, same_day, basis, settled_by, settled_name, settled_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (code, term) DO UPDATE
         SET value = $3, half = $4, unit = $5, same_day = $6, basis = $7, settled_by = $8, settled_name = $9, settled_at = $10"
    );
    let (value, half, unit) = (s.value.floor(), s.value.has_half(), Unit(s.unit));
    tx.run(q, &[&code, &s.term, &value, &half, &unit, &s.same_day, &s.basis, &by.who, &s.name, &s.at]).await?;
    Ok(())
}

/// The live records of a procedure.
pub(crate) async fn live(tx: &Read<'_>, code: &str) -> Result<Vec<Record>, Error> {
    let bodies: Vec<String> =
        tx.all(sql!("SELECT body FROM catalogue_record WHERE code = $1 AND state = 'live'"), &[&code]).await?;
    bodies.iter().map(|b| Ok(serde_json::from_str(b)?)).collect()
}

/// Code, layer and hash of every live record.
pub(crate) async fn hashes(tx: &Read<'_>) -> Result<Vec<(String, Layer, String)>, Error> {
    Ok(tx.all(sql!("SELECT code, layer, hash FROM catalogue_record WHERE state = 'live'"), &[]).await?)
}

/// A record to be staged.
pub(crate) struct NewRecord {
    pub id: Uuid,
    pub code: String,
    pub layer: Layer,
    pub hash: String,
    pub body: String,
}

/// Stages records.
pub(crate) async fn stage(tx: &Write<'_>, import: Uuid, records: &[NewRecord]) -> Result<(), Error> {
    let rows: Vec<_> =
        records.iter().map(|r| store::values![&r.id, &r.code, &r.layer, "staged", &import, &r.hash, &r.body]).collect();
    let q = sql!("INSERT INTO catalogue_record (id, code, layer, state, import, hash, body) VALUES ($1, $2, $3, $4, $5, $6, $7)");
    tx.run_each(q, &rows).await?;
    Ok(())
}
