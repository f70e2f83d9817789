//! Who issues a paper: a unit, the body above it and the place it sits in, as they were called when the paper was made (not on screen).
//!
//! Form 01 and form 02 come from the desk that receives, whichever agency decides (OS-05): the competent unit is found, or found anew, while
//! the paper is in somebody's hand already.

use crate::places;
use crate::service::Error;
use base::Moment;
use directory::{Unit, UnitId, UnitKind, unit::Form};
use paper::Office;
use store::Read;

/// A unit at the head of a paper at a time.
///
/// The body above it stands over its name; a People's Committee stands alone. The place is that of the commune it belongs to, else of the
/// province.
pub async fn office(tx: &Read<'_>, unit: UnitId, at: Moment) -> Result<Office, Error> {
    let issuer = places::unit(tx, unit).await?;
    let (name, kind) = called(tx, &issuer, at).await?;
    if is_committee(kind) {
        return Ok(Office { parent: String::new(), place: place_of(&name), name });
    }
    let mut office = Office { name, ..Office::default() };
    let mut next = issuer.parent;
    while let Some(id) = next {
        let above = places::unit(tx, id).await?;
        let (name, kind) = called(tx, &above, at).await?;
        if is_committee(kind) {
            office.place = place_of(&name);
        }
        if office.parent.is_empty() {
            office.parent = name;
        }
        next = above.parent.filter(|_| office.place.is_empty());
    }
    Ok(office)
}

/// Name and kind of a unit at a time; before its first day they are those it has now.
async fn called(tx: &Read<'_>, unit: &Unit, at: Moment) -> Result<(String, UnitKind), Error> {
    let form = directory::form_at(tx, unit.id, at).await?;
    Ok(form.map_or_else(|| (unit.name.clone(), unit.kind), |Form { name, kind, .. }| (name, kind)))
}

fn is_committee(kind: UnitKind) -> bool {
    matches!(kind, UnitKind::Commune | UnitKind::Province)
}

/// The place of the date line: the name of a People's Committee without the words for its kind.
fn place_of(committee: &str) -> String {
    let rest = ["Ủy ban nhân dân", "UBND"].iter().find_map(|k| committee.strip_prefix(k)).unwrap_or(committee).trim();
    ["phường ", "xã ", "đặc khu ", "tỉnh ", "Phường ", "Xã ", "Đặc khu ", "Tỉnh "]
        .iter()
        .find_map(|k| rest.strip_prefix(k))
        .unwrap_or(rest)
        .to_owned()
}
