//! Units through time: a tree with validity, succession and the names units bore. Pure.
use base::{AgencyCode, Moment, calendar::OfficeHours};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use web::{Words, words};

use crate::{Columns, Objection, Standing, Thing, UnitId};

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// People's Committee of the province.
    Province,
    /// Specialised agency of the province (sở, ban).
    Department,
    /// People's Committee of a commune, ward or special zone.
    Commune,
    /// Division inside an agency (phòng).
    Division,
    /// Public service centre, of the province or of a commune.
    Centre,
    /// One-stop desk inside a centre or an agency.
    Desk,
    /// Agency of a ministry in the province (tax, social insurance, land registry).
    Vertical,
    /// Public non-business unit, committee, other.
    Other,
}

impl UnitKind {
    /// All kinds, in the order screens show them.
    pub const ALL: [UnitKind; 8] = [
        UnitKind::Province,
        UnitKind::Department,
        UnitKind::Commune,
        UnitKind::Division,
        UnitKind::Centre,
        UnitKind::Desk,
        UnitKind::Vertical,
        UnitKind::Other,
    ];

    /// The word kept in data and in import files.
    pub fn code(self) -> &'static str {
        match self {
            UnitKind::Province => "province",
            UnitKind::Department => "department",
            UnitKind::Commune => "commune",
            UnitKind::Division => "division",
            UnitKind::Centre => "centre",
            UnitKind::Desk => "desk",
            UnitKind::Vertical => "vertical",
            UnitKind::Other => "other",
        }
    }

    /// In Vietnamese; the key of its translation.
    pub fn title(self) -> &'static str {
        match self {
            UnitKind::Province => "Ủy ban nhân dân tỉnh",
            UnitKind::Department => "Sở, ban, ngành",
            UnitKind::Commune => "Ủy ban nhân dân cấp xã",
            UnitKind::Division => "Phòng chuyên môn",
            UnitKind::Centre => "Trung tâm Phục vụ hành chính công",
            UnitKind::Desk => "Quầy, bộ phận một cửa",
            UnitKind::Vertical => "Cơ quan ngành dọc",
            UnitKind::Other => "Đơn vị khác",
        }
    }

    /// Whether dossiers are received and returned there.
    pub fn receives(self) -> bool {
        matches!(self, UnitKind::Centre | UnitKind::Desk)
    }
}

store::text_value!(UnitKind);

impl std::fmt::Display for UnitKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.code())
    }
}

impl std::str::FromStr for UnitKind {
    type Err = UnknownKind;
    fn from_str(s: &str) -> Result<Self, UnknownKind> {
        // files written by people have the title
        let is = |k: &UnitKind| k.code() == s || base::text::fold(k.title()) == base::text::fold(s);
        UnitKind::ALL.into_iter().find(is).ok_or_else(|| UnknownKind(s.to_owned()))
    }
}

/// A word that is no kind of unit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a kind of unit")]
pub struct UnknownKind(pub String);

/// A unit as it is, or as it was at some time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unit {
    /// The unit, through every change of name and code.
    pub id: UnitId,
    /// Its agency code.
    pub code: AgencyCode,
    /// The key by which import files name it; stable, unique for ever.
    pub key: String,
    /// Its name, as papers print it.
    pub name: String,
    /// Its name in lists.
    pub short_name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The unit above it.
    pub parent: Option<UnitId>,
    /// Its place in the tree: `/…/…/`, one step per unit. A unit's path begins with its parent's.
    pub path: String,
    /// Code of the statistics office (`31825`).
    pub gso_code: Option<String>,
    /// Address people go to.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Begins.
    pub valid_from: Moment,
    /// Ended (first instant without it).
    pub valid_to: Option<Moment>,
    /// Version of its stream.
    #[serde(skip)]
    pub version: i64,
}

impl Unit {
    /// Whether it exists at this instant.
    pub fn in_force(&self, at: Moment) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| at < to)
    }

    /// Depth below the root (the root is 0).
    pub fn depth(&self) -> usize {
        self.path.matches('/').count().saturating_sub(2)
    }
}

impl Thing for Unit {
    fn standing(&self) -> Standing<'_> {
        Standing { unit_path: &self.path, ..Standing::default() }
    }
    const COLUMNS: Columns = Columns::of("unit", "path");
}

/// The step a unit adds to its parent's path: twelve hex digits of its id, so that neither name nor code is part of a place in the tree.
pub fn path_of(parent: Option<&str>, id: UnitId) -> String {
    format!("{}{}/", parent.unwrap_or("/"), &id.0.simple().to_string()[20..])
}

/// A unit to be added.
#[derive(Clone, Debug)]
pub struct NewUnit {
    /// The key import files will name it by; empty: the agency code.
    pub key: String,
    /// Agency code.
    pub code: AgencyCode,
    /// Name, as papers print it.
    pub name: String,
    /// Name in lists; empty: the name.
    pub short_name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The unit above it; none only for the first unit of the house.
    pub parent: Option<UnitId>,
    /// Code of the statistics office.
    pub gso_code: Option<String>,
    /// Address people go to.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Office hours of its own, from the beginning.
    pub hours: Option<OfficeHours>,
    /// Begins.
    pub valid_from: Moment,
}

impl NewUnit {
    /// A unit with nothing but what it must have.
    pub fn new(code: AgencyCode, name: impl Into<String>, kind: UnitKind, parent: Option<UnitId>, valid_from: Moment) -> Self {
        let (key, short_name, address, phone) = Default::default();
        NewUnit {
            key,
            code,
            name: name.into(),
            short_name,
            kind,
            parent,
            gso_code: None,
            address,
            phone,
            hours: None,
            valid_from,
        }
    }
}

/// One name (and code, and kind) a unit bore, from–to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Form {
    /// Name.
    pub name: String,
    /// Code.
    pub code: AgencyCode,
    /// Kind.
    pub kind: UnitKind,
    /// Instrument that made it so.
    pub ground: String,
    /// Begins.
    pub from: Moment,
    /// Ends.
    pub to: Option<Moment>,
}

/// Another name, code or kind from a day on.
#[derive(Clone, Debug)]
pub struct Renaming {
    /// Name, as papers print it.
    pub name: String,
    /// Name in lists.
    pub short_name: String,
    /// Code.
    pub code: AgencyCode,
    /// Kind.
    pub kind: UnitKind,
    /// By which instrument.
    pub ground: String,
    /// From when.
    pub from: Moment,
}

/// What papers do not keep.
#[derive(Clone, Debug)]
pub struct Details {
    /// Address people go to.
    pub address: String,
    /// Telephone.
    pub phone: String,
}

/// Office hours of a unit from a day on.
#[derive(Clone, Debug, PartialEq)]
pub struct HoursFrom {
    /// The first day on which they hold.
    pub from: Date,
    /// The hours; none: those of the unit above.
    pub hours: Option<OfficeHours>,
    /// By which instrument.
    pub ground: String,
}

/// Most letters of a unit's name, which papers print whole.
pub const MOST_NAME: usize = 300;

/// Why a name is none that papers could print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongName {
    /// Nothing is written.
    #[error("a unit has a name")]
    Empty,
    /// More letters than papers have room for.
    #[error("the name is too long")]
    TooLong,
}

impl WrongName {
    /// What is wrong, and how to put it right.
    pub fn words(self) -> Words {
        match self {
            WrongName::Empty => words("Ghi tên đầy đủ của đơn vị."),
            WrongName::TooLong => words("Tên đơn vị dài nhất {0} ký tự.").with(MOST_NAME),
        }
    }
}

/// The law of units.
pub mod decide {
    use super::*;

    /// A unit has a name, as papers print it.
    pub fn name(name: &str) -> Result<(), WrongName> {
        match name.chars().count() {
            _ if name.trim().is_empty() => Err(WrongName::Empty),
            letters if letters > MOST_NAME => Err(WrongName::TooLong),
            _ => Ok(()),
        }
    }

    /// A unit stands below an existing unit, and begins while that one exists.
    pub fn add(new: &NewUnit, parent: Option<&Unit>, has_root: bool) -> Result<(), Objection> {
        match parent {
            Some(above) if !above.in_force(new.valid_from) => Err(Objection::UnitNotInForce { name: above.name.clone() }),
            None if has_root => Err(Objection::SecondRoot),
            _ => Ok(()),
        }
    }

    /// A new name begins inside the unit's life, after the present form began, and not later than now. A unit that has ended keeps its name.
    pub fn rename(unit: &Unit, present: &Form, from: Moment, now: Moment) -> Result<(), Objection> {
        still(unit, from)?;
        if from > now {
            return Err(Objection::NotYet);
        }
        still(unit, now)?;
        if from <= present.from { Err(Objection::Backwards) } else { Ok(()) }
    }

    /// A unit ends once, not before it began; each successor exists then, and it is not its own successor (TL-04). On a day ahead too: until
    /// then it goes on as it was. `open_below` are those that would outlast it.
    pub fn close(unit: &Unit, at: Moment, successors: &[Unit], open_below: i64) -> Result<(), Objection> {
        if unit.valid_to.is_some() {
            return Err(not_in_force(unit));
        }
        still(unit, at)?;
        if open_below > 0 {
            return Err(Objection::UnitsBelow { count: open_below });
        }
        match successors.iter().find(|s| s.id == unit.id || !s.in_force(at)) {
            Some(wrong) => Err(Objection::UnitNotInForce { name: wrong.name.clone() }),
            None => Ok(()),
        }
    }

    /// Hours change while the unit lives, from today on or later: no day that was worked is counted anew (CA-06).
    pub fn hours(unit: &Unit, from: Date, today: Date) -> Result<(), Objection> {
        if from < today {
            return Err(Objection::Backwards);
        }
        still(unit, Moment::from_local(from.at(23, 59, 59, 0)))
    }

    fn still(unit: &Unit, at: Moment) -> Result<(), Objection> {
        if unit.in_force(at) { Ok(()) } else { Err(not_in_force(unit)) }
    }

    fn not_in_force(unit: &Unit) -> Objection {
        Objection::UnitNotInForce { name: unit.name.clone() }
    }
}
