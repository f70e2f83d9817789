//! What other systems ask of the directory: units by what they are called, the desk that receives for a unit, people's addresses.
use std::collections::{BTreeMap, BTreeSet};

use base::{Lang, Moment};
use store::{Error, Read};
use uuid::Uuid;

use crate::{Actor, CitizenAccountId, Person, PersonId, Realm, Unit, UnitId, sql, unit::Form};

/// One unit.
pub async fn unit(tx: &Read<'_>, id: UnitId) -> Result<Option<Unit>, Error> {
    sql::units::unit(tx, id).await
}

/// The unit at the top of the house; none before the first is added.
pub async fn root(tx: &Read<'_>) -> Result<Option<Unit>, Error> {
    sql::units::root(tx).await
}

/// The unit that data files call by this key (`so-tu-phap`).
pub async fn unit_by_key(tx: &Read<'_>, key: &str) -> Result<Option<Unit>, Error> {
    sql::units::by_key(tx, key).await
}

/// The unit that bears this agency code at a time.
pub async fn unit_by_code(tx: &Read<'_>, code: &base::AgencyCode, at: Moment) -> Result<Option<Unit>, Error> {
    sql::units::by_code(tx, code, at).await
}

/// The commune with this code of the statistics office (`31825`) at a time.
pub async fn unit_by_place(tx: &Read<'_>, gso_code: &str, at: Moment) -> Result<Option<Unit>, Error> {
    sql::units::by_place(tx, gso_code, at).await
}

/// The unit that took over the whole of one that has ended (TL-04): its only successor, of the same kind and in force at this time. None while
/// the unit lasts, after it was divided, and when the successor has ended too.
pub async fn heir(tx: &Read<'_>, unit: &Unit, at: Moment) -> Result<Option<Unit>, Error> {
    if unit.valid_to.is_none_or(|to| at < to) {
        return Ok(None);
    }
    Ok(sql::units::only_successor(tx, unit.id, at).await?.filter(|heir| heir.kind == unit.kind))
}

/// The [`heir`] of the commune that had this code of the statistics office last.
pub async fn heir_of_place(tx: &Read<'_>, gso_code: &str, at: Moment) -> Result<Option<Unit>, Error> {
    match sql::units::ended_at_place(tx, gso_code, at).await? {
        Some(ended) => heir(tx, &ended, at).await,
        None => Ok(None),
    }
}

/// Units that `rights` reaches ([`crate::filter`] of an act on units), in the order of the tree.
pub async fn units_allowed(tx: &Read<'_>, rights: sea_query::Condition) -> Result<Vec<Unit>, Error> {
    sql::units::allowed(tx, rights).await
}

/// What a unit was called at a time.
pub async fn form_at(tx: &Read<'_>, id: UnitId, at: Moment) -> Result<Option<Form>, Error> {
    sql::units::form_at(tx, id, at).await
}

/// The desk that receives for a unit at a time: the unit itself if it receives, else the first centre or desk below it, else the provincial one.
pub async fn desk_of(tx: &Read<'_>, id: UnitId, at: Moment) -> Result<Unit, Error> {
    let unit = sql::units::unit(tx, id).await?.ok_or(Error::NoRow)?;
    if unit.kind.receives() && unit.in_force(at) {
        return Ok(unit);
    }
    let below = sql::units::subtree(tx, &unit.path, &past(&unit.path)).await?;
    match nearest(below, at) {
        // the province's own centre lies under its office; a commune's desk is no desk of the whole province
        Some(desk) if unit.parent.is_some() => Ok(desk),
        _ => provincial_desk(tx, at).await,
    }
}

/// The provincial public service centre at a time: the receiving unit that lies nearest to the root and below no commune.
pub async fn provincial_desk(tx: &Read<'_>, at: Moment) -> Result<Unit, Error> {
    sql::units::provincial_desk(tx, at).await?.ok_or(Error::NoRow)
}

/// Every open unit where dossiers are received, by name.
pub async fn desks(tx: &Read<'_>, at: Moment) -> Result<Vec<Unit>, Error> {
    sql::units::of_kinds(tx, crate::UnitKind::Centre, crate::UnitKind::Desk, at).await
}

/// Every open commune, by name.
pub async fn communes(tx: &Read<'_>, at: Moment) -> Result<Vec<Unit>, Error> {
    sql::units::of_kinds(tx, crate::UnitKind::Commune, crate::UnitKind::Commune, at).await
}

/// Every open agency that decides dossiers (communes and departments), by name.
pub async fn agencies(tx: &Read<'_>, at: Moment) -> Result<Vec<Unit>, Error> {
    sql::units::of_kinds(tx, crate::UnitKind::Department, crate::UnitKind::Commune, at).await
}

fn nearest(units: Vec<Unit>, at: Moment) -> Option<Unit> {
    units.into_iter().filter(|u| u.kind.receives() && u.in_force(at)).min_by_key(|u| u.path.len())
}

/// First path after everything below `path`.
fn past(path: &str) -> String {
    format!("{}0", path.trim_end_matches('/'))
}

/// One person.
pub async fn person(tx: &Read<'_>, id: PersonId) -> Result<Option<Person>, Error> {
    sql::people::person(tx, id).await
}

/// The officer as an actor at this instant: for work that goes on in somebody's name. None when the person left.
pub async fn actor(tx: &Read<'_>, id: PersonId, at: Moment) -> Result<Option<Actor>, Error> {
    Ok(sql::people::actor(tx, id, None, at).await?.map(|(actor, _)| actor))
}

/// Names of people and of places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Names of people; whoever is none of the house's people has none.
    pub people: BTreeMap<Uuid, String>,
    /// Names of communes, by their codes of the statistics office.
    pub places: BTreeMap<String, String>,
}

/// Names of these people, and of the communes that have these codes at a time, in one statement however many there are.
pub async fn names(tx: &Read<'_>, people: &BTreeSet<Uuid>, places: &BTreeSet<String>, at: Moment) -> Result<Names, Error> {
    sql::people::names(tx, people, places, at).await
}

/// Where messages reach somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Name as typed.
    pub name: String,
    /// E-mail, when known.
    pub email: Option<String>,
    /// Telephone, when known.
    pub phone: Option<String>,
    /// The language they read.
    pub lang: Lang,
}

/// Where messages reach an officer or a citizen with an account.
pub async fn address(tx: &Read<'_>, of: crate::Subject) -> Result<Option<Address>, Error> {
    Ok(match of.realm {
        Realm::Officer => sql::people::person(tx, PersonId(of.id)).await?.map(|p| Address {
            name: p.name,
            email: p.email,
            phone: p.phone,
            lang: Lang::Vi,
        }),
        Realm::Citizen => sql::credentials::citizen_account(tx, CitizenAccountId(of.id)).await?.map(|a| Address {
            name: a.name,
            email: a.email,
            phone: a.phone,
            lang: Lang::Vi,
        }),
    })
}

/// What a citizen's account knows about its holder, to be offered in forms.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnData {
    /// Name as typed.
    pub name: String,
    /// Citizen id: as typed by the holder, or as a provider of identities answers for it.
    pub id_number: String,
    /// Telephone, or empty.
    pub phone: String,
    /// E-mail, or empty.
    pub email: String,
}

/// What the account of this citizen knows, or of the person who acts for an organisation; none for officers and visitors without an account.
pub async fn own_data(tx: &Read<'_>, who: &Actor) -> Result<Option<OwnData>, Error> {
    if who.subject.realm != Realm::Citizen {
        return Ok(None);
    }
    let person = who.through.unwrap_or(CitizenAccountId(who.subject.id));
    Ok(sql::credentials::citizen_account(tx, person).await?.map(|a| OwnData {
        name: a.name,
        id_number: a.citizen_id.unwrap_or_default(),
        phone: a.phone.unwrap_or_default(),
        email: a.email.unwrap_or_default(),
    }))
}
