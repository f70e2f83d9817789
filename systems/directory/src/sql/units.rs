//! Units, the names they bore, who followed whom.
use base::{AgencyCode, Moment, calendar::OfficeHoursError};
use store::{By, Error, FromRow, Read, Row, Write, sql};

use crate::{HoursFrom, NewUnit, Unit, UnitId, UnitKind, unit::Form};

macro_rules! columns {
    () => {
        "u.id, u.code, u.key, u.name, u.short_name, u.kind, u.parent, u.path, u.gso_code, u.address, u.phone, \
         u.valid_from, u.valid_to, u.version"
    };
}

impl FromRow for Unit {
    fn from_row(row: &Row<'_>) -> Result<Self, Error> {
        Ok(Unit {
            id: row.get(0)?,
            code: row.get(1)?,
            key: row.get(2)?,
            name: row.get(3)?,
            short_name: row.get(4)?,
            kind: row.get(5)?,
            parent: row.get(6)?,
            path: row.get(7)?,
            gso_code: row.get(8)?,
            address: row.get(9)?,
            phone: row.get(10)?,
            valid_from: row.get(11)?,
            valid_to: row.get(12)?,
            version: row.get(13)?,
        })
    }
}

/// One unit.
pub async fn unit(tx: &Read<'_>, id: UnitId) -> Result<Option<Unit>, Error> {
    tx.opt(sql!(concat!("SELECT ", columns!(), " FROM unit u WHERE u.id = $1")), &[&id]).await
}

/// The unit that import files call by this key.
pub async fn by_key(tx: &Read<'_>, key: &str) -> Result<Option<Unit>, Error> {
    tx.opt(sql!(concat!("SELECT ", columns!(), " FROM unit u WHERE u.key = $1")), &[&key]).await
}

/// The unit that bears this agency code at a time.
pub async fn by_code(tx: &Read<'_>, code: &AgencyCode, at: Moment) -> Result<Option<Unit>, Error> {
    tx.opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM unit_form f JOIN unit u ON u.id = f.unit
              WHERE f.code = $1 AND f.valid_from <= $2 AND (f.valid_to IS NULL OR f.valid_to > $2)"
        )),
        &[code, &at],
    )
    .await
}

/// The first unit but this one that bears a code at any time from–to.
pub async fn code_holder(
    tx: &Read<'_>,
    code: &AgencyCode,
    but: UnitId,
    from: Moment,
    to: Option<Moment>,
) -> Result<Option<Unit>, Error> {
    tx.opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM unit_form f JOIN unit u ON u.id = f.unit
              WHERE f.code = $1 AND f.unit <> $2 AND (f.valid_to IS NULL OR f.valid_to > $3)
                AND (CAST($4 AS bigint) IS NULL OR f.valid_from < $4)
              ORDER BY f.valid_from, f.unit LIMIT 1"
        )),
        &[code, &but, &from, &to],
    )
    .await
}

/// The root, once there is one.
pub async fn root(tx: &Read<'_>) -> Result<Option<Unit>, Error> {
    tx.opt(sql!(concat!("SELECT ", columns!(), " FROM unit u WHERE u.parent IS NULL")), &[]).await
}

/// Every unit below a path (the path's own unit too), parents before children, siblings by name.
pub async fn subtree(tx: &Read<'_>, path: &str, past_path: &str) -> Result<Vec<Unit>, Error> {
    let found: Vec<Unit> = tx
        .all(
            sql!(concat!("SELECT ", columns!(), " FROM unit u WHERE u.path >= $1 AND u.path < $2 ORDER BY u.sort_key, u.id")),
            &[&path, &past_path],
        )
        .await?;
    Ok(found)
}

/// A unit and those above it, the root first; none when there is no such unit. Walks up by id, so it costs the same in any house.
pub async fn with_those_above(tx: &Read<'_>, id: UnitId) -> Result<Vec<Unit>, Error> {
    tx.all(
        sql!(concat!(
            "WITH RECURSIVE up (id, parent) AS (
               SELECT id, parent FROM unit WHERE id = $1
               UNION ALL SELECT a.id, a.parent FROM unit a JOIN up ON a.id = up.parent)
             SELECT ",
            columns!(),
            " FROM up JOIN unit u ON u.id = up.id ORDER BY length(u.path)"
        )),
        &[&id],
    )
    .await
}

/// Keeps the version of a unit's stream where nothing else of the unit changed.
pub async fn touch(tx: &Write<'_>, id: UnitId, version: i64) -> Result<(), Error> {
    tx.run(sql!("UPDATE unit SET version = $2 WHERE id = $1"), &[&id, &version]).await.map(drop)
}

/// How many units hang directly below that have not ended at a time.
pub async fn open_below(tx: &Read<'_>, id: UnitId, at: Moment) -> Result<i64, Error> {
    tx.one(sql!("SELECT count(*) FROM unit WHERE parent = $1 AND (valid_to IS NULL OR valid_to > $2)"), &[&id, &at]).await
}

/// Writes a new unit and the first form it has.
pub async fn insert(tx: &Write<'_>, id: UnitId, path: &str, new: &NewUnit, version: i64) -> Result<(), Error> {
    let key = if new.key.is_empty() { new.code.to_string() } else { new.key.clone() };
    let short_name = if new.short_name.is_empty() { &new.name } else { &new.short_name };
    tx.run(
        sql!(
            "INSERT INTO unit (id, code, key, name, short_name, sort_key, kind, parent, path, gso_code, address, phone,
               valid_from, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        ),
        &[
            &id,
            &new.code,
            &key,
            &new.name,
            short_name,
            &base::text::sort_key(short_name),
            &new.kind,
            &new.parent,
            &path,
            &new.gso_code,
            &new.address,
            &new.phone,
            &new.valid_from,
            &version,
        ],
    )
    .await?;
    let (name, code, kind, ground) = (new.name.clone(), new.code.clone(), new.kind, String::new());
    insert_form(tx, id, &Form { name, code, kind, ground, from: new.valid_from, to: None }).await
}

async fn insert_form(tx: &Write<'_>, id: UnitId, form: &Form) -> Result<(), Error> {
    tx.run(
        sql!("INSERT INTO unit_form (unit, valid_from, valid_to, name, code, kind, ground) VALUES ($1, $2, $3, $4, $5, $6, $7)"),
        &[&id, &form.from, &form.to, &form.name, &form.code, &form.kind, &form.ground],
    )
    .await
    .map(drop)
}

store::from_row!(Form { name, code, kind, ground, from, to });

/// Every form a unit had, the present one last.
pub async fn forms(tx: &Read<'_>, id: UnitId) -> Result<Vec<Form>, Error> {
    tx.all(
        sql!("SELECT name, code, kind, ground, valid_from, valid_to FROM unit_form WHERE unit = $1 ORDER BY valid_from"),
        &[&id],
    )
    .await
}

/// What a unit was called at a time.
pub async fn form_at(tx: &Read<'_>, id: UnitId, at: Moment) -> Result<Option<Form>, Error> {
    tx.opt(
        sql!(
            "SELECT name, code, kind, ground, valid_from, valid_to FROM unit_form
             WHERE unit = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)"
        ),
        &[&id, &at],
    )
    .await
}

/// Ends the present form and begins another, which lasts as long as the unit.
pub async fn rename(tx: &Write<'_>, unit: &Unit, to: &crate::unit::Renaming, version: i64) -> Result<(), Error> {
    tx.run(
        sql!("UPDATE unit_form SET valid_to = $2 WHERE unit = $1 AND (valid_to IS NULL OR valid_to > $2)"),
        &[&unit.id, &to.from],
    )
    .await?;
    let (name, code, ground) = (to.name.clone(), to.code.clone(), to.ground.clone());
    insert_form(tx, unit.id, &Form { name, code, kind: to.kind, ground, from: to.from, to: unit.valid_to }).await?;
    tx.run(
        sql!("UPDATE unit SET name = $2, short_name = $3, sort_key = $4, code = $5, kind = $6, version = $7 WHERE id = $1"),
        &[&unit.id, &to.name, &to.short_name, &base::text::sort_key(&to.short_name), &to.code, &to.kind, &version],
    )
    .await
    .map(drop)
}

/// Changes what papers do not keep: address, telephone.
pub async fn detail(tx: &Write<'_>, unit: UnitId, d: &crate::unit::Details, version: i64) -> Result<(), Error> {
    tx.run(sql!("UPDATE unit SET address = $2, phone = $3, version = $4 WHERE id = $1"), &[&unit, &d.address, &d.phone, &version])
        .await
        .map(drop)
}

/// Hours as they are kept.
struct KeptHours {
    from: Moment,
    hours: Option<String>,
    ground: String,
}
store::from_row!(KeptHours { from, hours, ground });

impl KeptHours {
    fn read(self) -> Result<HoursFrom, Error> {
        // hours are checked before they are kept; a row that fails here was changed by hand
        let wrong = |e: OfficeHoursError| Error::Column { column: 1, reason: e.to_string() };
        let hours = self.hours.map(|text| text.parse().map_err(wrong)).transpose()?;
        Ok(HoursFrom { from: self.from.date(), hours, ground: self.ground })
    }
}

/// The hours of a unit's own through time, the first day first.
pub async fn hours(tx: &Read<'_>, unit: UnitId) -> Result<Vec<HoursFrom>, Error> {
    let kept: Vec<KeptHours> =
        tx.all(sql!("SELECT valid_from, hours, ground FROM unit_hours WHERE unit = $1 ORDER BY valid_from"), &[&unit]).await?;
    kept.into_iter().map(KeptHours::read).collect()
}

/// The hours of a unit and of those above it through time, the root first, each with its first day first; none when there is no such unit.
pub async fn hours_with_those_above(tx: &Read<'_>, unit: UnitId) -> Result<Vec<Vec<HoursFrom>>, Error> {
    let rows: Vec<(i64, Option<Moment>, Option<String>)> = tx
        .all(
            sql!(
                "WITH RECURSIVE up (id, parent) AS (
                   SELECT id, parent FROM unit WHERE id = $1
                   UNION ALL SELECT a.id, a.parent FROM unit a JOIN up ON a.id = up.parent)
                 SELECT length(u.path), h.valid_from, h.hours
                 FROM up JOIN unit u ON u.id = up.id LEFT JOIN unit_hours h ON h.unit = u.id
                 ORDER BY length(u.path), h.valid_from"
            ),
            &[&unit],
        )
        .await?;
    let (mut chain, mut depth) = (Vec::<Vec<HoursFrom>>::new(), None);
    for (at, from, hours) in rows {
        if depth != Some(at) {
            depth = Some(at);
            chain.push(vec![]);
        }
        if let (Some(of), Some(from)) = (chain.last_mut(), from) {
            of.push(KeptHours { from, hours, ground: String::new() }.read()?);
        }
    }
    Ok(chain)
}

/// Writes the hours from a day on, in the place of earlier ones for the same day.
pub async fn set_hours(tx: &Write<'_>, by: &By, unit: UnitId, set: &HoursFrom) -> Result<(), Error> {
    let from = Moment::from_local(set.from.at(0, 0, 0, 0));
    tx.run(
        sql!(
            "INSERT INTO unit_hours (unit, valid_from, hours, ground, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (unit, valid_from) DO UPDATE
               SET hours = excluded.hours, ground = excluded.ground, decided_at = excluded.decided_at, decided_by = excluded.decided_by"
        ),
        &[&unit, &from, &set.hours.as_ref().map(ToString::to_string), &set.ground, &by.now, &by.who],
    )
    .await
    .map(drop)
}

/// Ends a unit and names its successors.
pub async fn close(
    tx: &Write<'_>,
    unit: UnitId,
    at: Moment,
    successors: &[UnitId],
    ground: &str,
    version: i64,
) -> Result<(), Error> {
    tx.run(sql!("UPDATE unit SET valid_to = $2, version = $3 WHERE id = $1"), &[&unit, &at, &version]).await?;
    tx.run(sql!("UPDATE unit_form SET valid_to = $2 WHERE unit = $1 AND valid_to IS NULL"), &[&unit, &at]).await?;
    for successor in successors {
        tx.run(
            sql!("INSERT INTO succession (unit, successor, at, ground) VALUES ($1, $2, $3, $4)"),
            &[&unit, successor, &at, &ground],
        )
        .await?;
    }
    Ok(())
}

/// Who followed a unit, directly.
pub async fn successors(tx: &Read<'_>, unit: UnitId) -> Result<Vec<Unit>, Error> {
    tx.all(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM succession s JOIN unit u ON u.id = s.successor WHERE s.unit = $1 ORDER BY u.sort_key, u.id"
        )),
        &[&unit],
    )
    .await
}

/// The unit in force at a time that alone followed one that has ended.
pub async fn only_successor(tx: &Read<'_>, ended: UnitId, at: Moment) -> Result<Option<Unit>, Error> {
    tx.opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM succession s JOIN unit u ON u.id = s.successor
              WHERE s.unit = $1 AND u.valid_from <= $2 AND (u.valid_to IS NULL OR u.valid_to > $2)
                AND NOT EXISTS (SELECT 1 FROM succession o WHERE o.unit = s.unit AND o.successor <> s.successor)"
        )),
        &[&ended, &at],
    )
    .await
}

/// Every unit a condition of the policy lets through, by name.
pub async fn allowed(tx: &Read<'_>, rights: sea_query::Condition) -> Result<Vec<Unit>, Error> {
    use sea_query::Query;
    let columns = [
        "id",
        "code",
        "key",
        "name",
        "short_name",
        "kind",
        "parent",
        "path",
        "gso_code",
        "address",
        "phone",
        "valid_from",
        "valid_to",
        "version",
    ];
    let mut select = Query::select();
    for column in columns {
        select.column(("unit", column));
    }
    select.from("unit").cond_where(rights).order_by(("unit", "sort_key"), sea_query::Order::Asc);
    tx.all_dyn(&select).await
}

/// Units of two kinds in force at a time, by name.
pub async fn of_kinds(tx: &Read<'_>, one: UnitKind, other: UnitKind, at: Moment) -> Result<Vec<Unit>, Error> {
    tx.all(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM unit u WHERE u.kind IN ($1, $2) AND u.valid_from <= $3 AND (u.valid_to IS NULL OR u.valid_to > $3)
              ORDER BY u.sort_key, u.id"
        )),
        &[&one, &other, &at],
    )
    .await
}

/// The commune with this code of the statistics office at a time.
pub async fn by_place(tx: &Read<'_>, gso_code: &str, at: Moment) -> Result<Option<Unit>, Error> {
    tx.opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM unit u
              WHERE u.gso_code = $1 AND u.kind = 'commune' AND u.valid_from <= $2 AND (u.valid_to IS NULL OR u.valid_to > $2)"
        )),
        &[&gso_code, &at],
    )
    .await
}

/// The commune that had this code of the statistics office last, of those that had ended by a time.
pub async fn ended_at_place(tx: &Read<'_>, gso_code: &str, at: Moment) -> Result<Option<Unit>, Error> {
    tx.opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM unit u WHERE u.gso_code = $1 AND u.kind = 'commune' AND u.valid_to <= $2 ORDER BY u.valid_to DESC, u.id LIMIT 1"
        )),
        &[&gso_code, &at],
    )
    .await
}

/// The receiving unit in force at a time nearest to the root that lies below no commune.
pub async fn provincial_desk(tx: &Read<'_>, at: Moment) -> Result<Option<Unit>, Error> {
    tx.opt(
        sql!(concat!(
            "SELECT ",
            columns!(),
            " FROM unit u
              WHERE u.kind IN ('centre', 'desk') AND u.valid_from <= $1 AND (u.valid_to IS NULL OR u.valid_to > $1)
                AND NOT EXISTS (SELECT 1 FROM unit c WHERE c.kind = 'commune' AND substr(u.path, 1, length(c.path)) = c.path)
              ORDER BY length(u.path), u.code LIMIT 1"
        )),
        &[&at],
    )
    .await
}
