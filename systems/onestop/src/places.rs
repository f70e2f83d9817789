//! Which desk receives a filing and which unit decides it: routed by competence, never by the receiving desk (OS-05). What the rules cannot
//! tell is not guessed: the dossier waits for a person.

use crate::draft::DraftData;
use crate::service::Error;
use base::{AgencyCode, Moment};
use catalogue::ReceivedAt;
use catalogue::package::{Competence, Level, Package};
use directory::{Unit, UnitId, UnitKind};
use store::Read;

/// The two units a dossier has from the start.
#[derive(Clone, Debug)]
pub struct Places {
    /// The desk that receives it and, unless said otherwise, hands out the result.
    pub desk: Unit,
    /// The competent unit; `None`: waits for a supervisor's decision.
    pub unit: Option<Unit>,
}

/// Places of an online filing at a time: the desk of the commune filed with, unless the list sends the procedure to desks of another kind (OS-08).
pub async fn of(
    tx: &Read<'_>,
    data: &DraftData,
    package: &Package,
    received_at: Option<ReceivedAt>,
    at: Moment,
) -> Result<Places, Error> {
    let decides = competent(tx, data, package, None, at).await?;
    let filed_with = match data.commune {
        Some(id) => answers_for(tx, unit(tx, UnitId(id)).await?, at).await?,
        None => None,
    };
    let desk = match (received_at, filed_with.as_ref().or(decides.as_ref())) {
        (Some(ReceivedAt::Province), _) | (_, None) => directory::provincial_desk(tx, at).await?,
        (_, Some(unit)) => directory::desk_of(tx, unit.id, at).await?,
    };
    Ok(Places { desk, unit: decides })
}

/// Places of a reception at a desk at a time: it receives for every unit of the province (OS-03). `commune` is the one the desk belongs to.
pub async fn at_desk(
    tx: &Read<'_>,
    desk: &Unit,
    commune: Option<&Unit>,
    data: &DraftData,
    package: &Package,
    at: Moment,
) -> Result<Places, Error> {
    let unit = competent(tx, data, package, commune, at).await?;
    Ok(Places { desk: desk.clone(), unit })
}

async fn competent(
    tx: &Read<'_>,
    data: &DraftData,
    package: &Package,
    here: Option<&Unit>,
    at: Moment,
) -> Result<Option<Unit>, Error> {
    let commune = async || -> Result<Option<Unit>, Error> {
        let named = match data.commune {
            Some(id) if here.is_none_or(|unit| unit.id.0 != id) => Some(unit(tx, UnitId(id)).await?),
            _ => here.cloned(),
        };
        match named {
            Some(unit) => answers_for(tx, unit, at).await,
            None => Ok(None),
        }
    };
    match &package.competence {
        Competence::Commune { by_field: Some(field) } if !data.answers.get(field).is_empty() => {
            answers_for_place(tx, data.answers.get(field), at).await
        }
        Competence::Commune { .. } if lives_elsewhere(data, here) => Ok(None),
        Competence::Commune { .. } | Competence::Anywhere => commune().await,
        Competence::Department { key } => match directory::unit_by_key(tx, key).await? {
            Some(unit) => answers_for(tx, unit, at).await,
            None => Ok(None),
        },
        // an imported record without competence: the commune decides what only communes decide, the rest waits for a person
        Competence::Unknown if package.levels == [Level::Commune] => commune().await,
        Competence::Unknown => Ok(None),
    }
}

/// Who answers for a unit at a time: the unit itself while it is in force.
///
/// TL-04 maps an ended unit to its successors, by the instrument that ended it. Where the directory names exactly one, the whole unit went
/// into that one, and nothing is left to decide: it answers. Where it names several, or none, the law leaves the choice to a person, by
/// parcel or residence, and nobody answers here: the dossier waits in the queue "Chưa rõ thẩm quyền" (OS-05).
async fn answers_for(tx: &Read<'_>, unit: Unit, at: Moment) -> Result<Option<Unit>, Error> {
    if unit.in_force(at) { Ok(Some(unit)) } else { Ok(directory::heir(tx, &unit, at).await?) }
}

/// The same for the place with this code of the statistics office.
async fn answers_for_place(tx: &Read<'_>, gso_code: &str, at: Moment) -> Result<Option<Unit>, Error> {
    match directory::unit_by_place(tx, gso_code, at).await? {
        Some(unit) => Ok(Some(unit)),
        None => Ok(directory::heir_of_place(tx, gso_code, at).await?),
    }
}

/// At a desk: the address of the applicant names a commune, and it was found to be none of this house's, or one of several.
fn lives_elsewhere(data: &DraftData, here: Option<&Unit>) -> bool {
    here.is_some() && data.commune.is_none() && !place::resolve(&data.applicant.address).new.is_empty()
}

/// The commune a desk belongs to; none over the provincial centre.
pub async fn commune_over(tx: &Read<'_>, desk: &Unit) -> Result<Option<Unit>, Error> {
    let Some(parent) = desk.parent else { return Ok(None) };
    let parent = unit(tx, parent).await?;
    Ok((parent.kind == UnitKind::Commune).then_some(parent))
}

/// A unit that must exist.
pub async fn unit(tx: &Read<'_>, id: UnitId) -> Result<Unit, Error> {
    directory::unit(tx, id).await?.ok_or(Error::NotFound)
}

/// The agency code dossier codes of a desk begin with: its commune's, or its own (OS-41).
pub fn agency(desk: &Unit, commune: Option<&Unit>) -> AgencyCode {
    commune.map_or_else(|| desk.code.clone(), |commune| commune.code.clone())
}
