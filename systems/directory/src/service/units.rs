//! Units: add, rename, detail, hours, close.
use base::{AgencyCode, Moment};
use store::{Loaded, Read, Write, append};

use crate::{
    Act, Cx, DirectoryEvent as Event, Error, For, NewUnit, Objection, Unit, UnitId, UnitKind, acts, allow, policy, sql,
    unit::{Details, HoursFrom, Renaming, decide, path_of},
};

/// A unit, for an act.
pub async fn unit<A: Act<On = Unit>>(tx: &Read<'_>, cx: &Cx, id: UnitId) -> Result<For<A>, Error> {
    let unit = sql::units::unit(tx, id).await?.ok_or(Error::Missing("unit"))?;
    Ok(allow::<A>(&cx.who, unit)?)
}

/// Adds a unit below another; the first unit of the house has none above and is added by the program itself (first start, import).
pub async fn add_unit(tx: &Write<'_>, cx: &Cx, new: &NewUnit) -> Result<UnitId, Error> {
    let parent = match new.parent {
        Some(id) => Some(unit::<acts::AddUnit>(tx, cx, id).await?),
        None => {
            policy::decide(&<acts::AddUnit as Act>::SPEC, &cx.who, &crate::Standing { unit_path: "/", ..Default::default() })?;
            None
        }
    };
    decide::name(&new.name)?;
    decide::add(new, parent.as_deref(), new.parent.is_none() && sql::units::root(tx).await?.is_some())?;
    let key = if new.key.is_empty() { new.code.to_string() } else { new.key.clone() };
    let id = UnitId(cx.by.id(&format!("unit {key}"), 0));
    code_is_free(tx, &new.code, id, new.valid_from, None).await?;
    if let Some(holder) = sql::units::by_key(tx, &key).await? {
        return Err(Objection::KeyTaken { key, name: holder.name }.into());
    }
    let event =
        Event::UnitAdded { unit: id, code: new.code.clone(), unit_kind: new.kind, parent: new.parent, from: new.valid_from };
    let version = append(tx, &cx.by, Loaded::new::<Event>(id.0), &[event]).await?;
    sql::units::insert(tx, id, &path_of(parent.as_ref().map(|p| p.path.as_str()), id), new, version).await?;
    if new.hours.is_some() {
        let first = HoursFrom { from: new.valid_from.date(), hours: new.hours, ground: String::new() };
        sql::units::set_hours(tx, &cx.by, id, &first).await?;
    }
    Ok(id)
}

/// A code belongs to one unit at a time; this one wants it from–to.
async fn code_is_free(tx: &Read<'_>, code: &AgencyCode, unit: UnitId, from: Moment, to: Option<Moment>) -> Result<(), Error> {
    match sql::units::code_holder(tx, code, unit, from, to).await? {
        Some(holder) => Err(Objection::CodeTaken { code: code.to_string(), name: holder.name }.into()),
        None => Ok(()),
    }
}

/// Gives a unit another name, code or kind; the past keeps the old ones.
pub async fn rename_unit(tx: &Write<'_>, cx: &Cx, id: UnitId, to: &Renaming) -> Result<(), Error> {
    let unit = unit::<acts::ChangeUnit>(tx, cx, id).await?;
    let forms = sql::units::forms(tx, id).await?;
    let present = forms.last().ok_or(Error::Missing("form of the unit"))?;
    decide::name(&to.name)?;
    decide::rename(&unit, present, to.from, cx.by.now)?;
    code_is_free(tx, &to.code, id, to.from, unit.valid_to).await?;
    let (code, ground) = (to.code.clone(), to.ground.clone());
    let event = Event::UnitRenamed { unit: id, code, unit_kind: to.kind, from: to.from, ground };
    let version = append(tx, &cx.by, Loaded::at::<Event>(id.0, unit.version), &[event]).await?;
    Ok(sql::units::rename(tx, &unit, to, version).await?)
}

/// Changes address and telephone.
pub async fn detail_unit(tx: &Write<'_>, cx: &Cx, id: UnitId, details: &Details) -> Result<(), Error> {
    let unit = unit::<acts::ChangeUnit>(tx, cx, id).await?;
    let version = append(tx, &cx.by, Loaded::at::<Event>(id.0, unit.version), &[Event::UnitDetailed { unit: id }]).await?;
    Ok(sql::units::detail(tx, id, details, version).await?)
}

/// Says which hours a unit keeps from a day on. Due times given before stay; what is counted from that day on goes by the new hours.
pub async fn set_hours(tx: &Write<'_>, cx: &Cx, id: UnitId, hours: &HoursFrom) -> Result<(), Error> {
    let unit = unit::<acts::ChangeUnit>(tx, cx, id).await?;
    decide::hours(&unit, hours.from, cx.by.now.date())?;
    let event = Event::UnitHoursSet { unit: id, from: hours.from, hours: hours.hours, ground: hours.ground.clone() };
    let version = append(tx, &cx.by, Loaded::at::<Event>(id.0, unit.version), &[event]).await?;
    sql::units::touch(tx, id, version).await?;
    Ok(sql::units::set_hours(tx, &cx.by, id, hours).await?)
}

/// Ends a unit. Its posts give no rights from that instant on; its successors are named for what is still open (TL-04).
pub async fn close_unit(
    tx: &Write<'_>,
    cx: &Cx,
    id: UnitId,
    at: Moment,
    successors: &[UnitId],
    ground: &str,
) -> Result<(), Error> {
    let unit = unit::<acts::CloseUnit>(tx, cx, id).await?;
    let mut followers = vec![];
    for successor in successors {
        followers.push(sql::units::unit(tx, *successor).await?.ok_or(Error::Missing("successor"))?);
    }
    decide::close(&unit, at, &followers, sql::units::open_below(tx, id, at).await?)?;
    let (successors, ground) = (successors.to_vec(), ground.to_owned());
    let event = Event::UnitClosed { unit: id, at, successors: successors.clone(), ground: ground.clone() };
    let version = append(tx, &cx.by, Loaded::at::<Event>(id.0, unit.version), &[event]).await?;
    Ok(sql::units::close(tx, id, at, &successors, &ground, version).await?)
}

/// The units an administrator may see, parents before children, siblings by name.
pub async fn tree(tx: &Read<'_>, cx: &Cx) -> Result<Vec<Unit>, Error> {
    let mut units = sql::units::allowed(tx, policy::filter::<acts::ReadUnit>(&cx.who)).await?;
    in_order(&mut units);
    Ok(units)
}

/// Puts units that come by name into the order of the tree, keeping siblings by name.
pub fn in_order(units: &mut Vec<Unit>) {
    let mut left = std::mem::take(units);
    let known: std::collections::HashSet<UnitId> = left.iter().map(|u| u.id).collect();
    let mut below: std::collections::HashMap<Option<UnitId>, Vec<Unit>> = Default::default();
    for unit in left.drain(..) {
        below.entry(unit.parent.filter(|p| known.contains(p))).or_default().push(unit);
    }
    let mut open: Vec<Unit> = below.remove(&None).unwrap_or_default().into_iter().rev().collect();
    while let Some(unit) = open.pop() {
        open.extend(below.remove(&Some(unit.id)).unwrap_or_default().into_iter().rev());
        units.push(unit);
    }
}

/// Open units where dossiers are received: centres and desks.
pub async fn receiving(tx: &Read<'_>, at: Moment) -> Result<Vec<Unit>, Error> {
    let units = sql::units::of_kinds(tx, UnitKind::Centre, UnitKind::Desk, at).await?;
    Ok(units)
}
