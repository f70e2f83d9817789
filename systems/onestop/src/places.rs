//! Which desk receives a filing and which unit decides it: routed by competence, never by the receiving desk (OS-05).

use crate::draft::DraftData;
use crate::service::Error;
use base::AgencyCode;
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

/// Places of an online filing: the desk of the commune filed with, unless the list sends the procedure to desks of another kind (OS-08).
pub async fn of(tx: &Read<'_>, data: &DraftData, package: &Package, received_at: Option<ReceivedAt>) -> Result<Places, Error> {
    let unit = competent(tx, data, package, None).await?;
    let desk = match (received_at, data.commune, &unit) {
        (Some(ReceivedAt::Province), ..) | (_, None, None) => directory::provincial_desk(tx).await?,
        (_, Some(commune), _) => directory::desk_of(tx, UnitId(commune)).await?,
        (_, None, Some(unit)) => directory::desk_of(tx, unit.id).await?,
    };
    Ok(Places { desk, unit })
}

/// Places of a reception at a desk: it receives for every unit of the province (OS-03). `commune` is the one the desk belongs to.
pub async fn at_desk(
    tx: &Read<'_>,
    desk: &Unit,
    commune: Option<&Unit>,
    data: &DraftData,
    package: &Package,
) -> Result<Places, Error> {
    let unit = competent(tx, data, package, commune).await?;
    Ok(Places { desk: desk.clone(), unit })
}

async fn competent(tx: &Read<'_>, data: &DraftData, package: &Package, here: Option<&Unit>) -> Result<Option<Unit>, Error> {
    let commune = async || -> Result<Option<Unit>, Error> {
        match data.commune {
            Some(id) if here.is_none_or(|unit| unit.id.0 != id) => Ok(Some(unit(tx, UnitId(id)).await?)),
            _ => Ok(here.cloned()),
        }
    };
    match &package.competence {
        Competence::Commune { by_field: Some(field) } => match data.answers.get(field) {
            "" => commune().await,
            place => match directory::unit_by_place(tx, place).await? {
                Some(unit) => Ok(Some(unit)),
                None => commune().await,
            },
        },
        Competence::Commune { by_field: None } | Competence::Anywhere => commune().await,
        Competence::Department { key } => Ok(directory::unit_by_key(tx, key).await?),
        // an imported record without competence: the commune decides what only communes decide, the rest waits for a person
        Competence::Unknown if package.levels == [Level::Commune] => commune().await,
        Competence::Unknown => Ok(None),
    }
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
