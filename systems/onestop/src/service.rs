//! Use cases: load + rights → decide → save + append. Short functions named after the act; each takes the transaction it runs in.

mod attach;
mod counter;
mod decisions;
mod desk;
mod draft;
mod handling;
mod own;
mod screen;
mod track;

pub use attach::*;
pub use counter::*;
pub use decisions::*;
pub use desk::*;
pub use draft::*;
pub use handling::*;
pub use own::*;
pub use screen::*;
pub use track::*;

use crate::decide::Facts;
use crate::dossier::{Officer, When, route};
use crate::events::Event;
use crate::form::Fault;
use crate::objection::Objection;
use crate::row::{DossierRow, Unreadable};
use crate::sql;
use base::Moment;
use catalogue::package::{Step, StepRole};
use catalogue::{Version, VersionId};
use directory::{Act, Actor, Cx, Denied, For, Role, UnitId, WorkTime, allow, within};
use store::{Read, Write};
use uuid::Uuid;

/// Why a use case did not happen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The house does not allow it now.
    #[error(transparent)]
    Objection(#[from] Objection),
    /// This person may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such thing.
    #[error("not found")]
    NotFound,
    /// Answers need correcting.
    #[error("{} answers need correcting", .0.len())]
    Faults(Vec<Fault>),
    /// Papers are still to be attached.
    #[error("{} papers are missing", .0.len())]
    PapersMissing(Vec<String>),
    /// A file cannot be attached.
    #[error("the file cannot be attached: {0:?}")]
    File(FileWrong),
    /// A program sent fields that the form does not have.
    #[error("the form has no fields {0:?}")]
    NoSuchFields(Vec<String>),
    /// A row is unreadable.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Error),
    /// The directory.
    #[error(transparent)]
    Directory(#[from] directory::Error),
    /// Notices.
    #[error(transparent)]
    Notices(#[from] notices::Error),
    /// The database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A dossier code cannot be made of the unit's agency code; only a unit without one can cause it.
    #[error(transparent)]
    Code(#[from] base::codes::DossierCodeError),
    /// A kept document cannot be read; only a changed database can cause it.
    #[error("kept JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// A dossier loaded for an act, with the version it stands under.
pub(crate) struct Loaded<A: Act<On = DossierRow>> {
    pub row: For<A>,
    pub version: Version,
    pub route: Vec<Step>,
}

/// Loads a dossier *for* an act: rights first, then the version it stands under.
pub(crate) async fn load<A: Act<On = DossierRow>>(tx: &Read<'_>, cx: &Cx, id: Uuid) -> Result<Loaded<A>, Error> {
    let row = allowed::<A>(tx, cx, id).await?;
    let version = governing(tx, &row, cx.by.now).await?;
    let route = route(&version.package);
    Ok(Loaded { row, version, route })
}

/// A dossier loaded for an act that asks no rules of its procedure.
pub(crate) async fn allowed<A: Act<On = DossierRow>>(tx: &Read<'_>, cx: &Cx, id: Uuid) -> Result<For<A>, Error> {
    let row = sql::dossiers::by_id(tx, id).await?.ok_or(Error::NotFound)?;
    Ok(allow::<A>(&cx.who, row)?)
}

/// The version a dossier stands under: from acceptance on the one frozen then, before it the one in force at that moment.
pub(crate) async fn governing(tx: &Read<'_>, row: &DossierRow, at: Moment) -> Result<Version, Error> {
    let kept = catalogue::frozen(tx, VersionId(row.procedure_version)).await?;
    if row.accepted_at.is_some() { Ok(kept) } else { in_force_after(tx, kept, at).await }
}

/// The version in force for what was begun by another one, perhaps. Where none is any more, or the procedure moved to another system, what
/// was begun while it was received here goes by the one it was begun by.
pub(crate) async fn in_force_after(tx: &Read<'_>, begun: Version, at: Moment) -> Result<Version, Error> {
    match catalogue::current(tx, &begun.package.code, at).await {
        Ok(version) if version.package.elsewhere.is_none() => Ok(version),
        Ok(_) | Err(catalogue::Error::NotFound) => Ok(begun),
        Err(error) => Err(error.into()),
    }
}

impl<A: Act<On = DossierRow>> Loaded<A> {
    /// Days, hours and counting at the desk whose clock runs, when this act happened.
    pub async fn time(&self, tx: &Read<'_>, when: &When) -> Result<WorkTime, Error> {
        Ok(WorkTime::of_unit(tx, UnitId(self.row.desk), when.happened_at).await?)
    }

    /// Puts it under another version.
    pub fn stands_under(&mut self, version: Version) {
        self.route = route(&version.package);
        self.version = version;
    }

    pub fn facts<'f>(&'f self, time: &'f WorkTime, when: When) -> Facts<'f> {
        Facts {
            when,
            version: self.version.id,
            package: &self.version.package,
            route: &self.route,
            calendar: &time.calendar,
            policy: &time.policy,
        }
    }

    /// Applies what happened to the row and writes row and events.
    pub async fn save(self, tx: &Write<'_>, cx: &Cx, events: &[Event]) -> Result<DossierRow, Error> {
        self.save_with(tx, cx, events, |_| {}).await
    }

    /// The same, with facts of the act that no event carries.
    pub async fn save_with(
        self,
        tx: &Write<'_>,
        cx: &Cx,
        events: &[Event],
        also: impl FnOnce(&mut DossierRow),
    ) -> Result<DossierRow, Error> {
        let Loaded { row, route, .. } = self;
        let mut row = row.into_inner();
        also(&mut row);
        let name = cx.who.name.clone();
        for event in events {
            row.apply(event, cx.who.person.map(|p| (p.0, name.as_str())), &route);
        }
        Ok(sql::dossiers::save(tx, &cx.by, row, events).await?)
    }
}

/// The officer behind an act, as rules see them: with the roles of those posts that reach this dossier.
pub(crate) fn officer(cx: &Cx, row: &DossierRow) -> Officer {
    officer_of(&cx.who, row)
}

/// The same, from who it is.
pub(crate) fn officer_of(who: &Actor, row: &DossierRow) -> Officer {
    let (mut roles, mut heads) = (Vec::new(), false);
    for held in who.in_force() {
        let at_desk = within(&row.desk_path, &held.unit_path);
        let in_unit = row.unit_path.as_deref().is_some_and(|unit| within(unit, &held.unit_path));
        for role in &held.roles {
            match role {
                Role::DeskOfficer | Role::DeskHead if at_desk => roles.push(StepRole::DeskOfficer),
                Role::CaseOfficer if in_unit => roles.push(StepRole::CaseOfficer),
                Role::Leader if in_unit => roles.push(StepRole::Leader),
                Role::Clerk if in_unit => roles.push(StepRole::Clerk),
                _ => {}
            }
            heads |= (*role == Role::DeskHead && at_desk) || (*role == Role::Leader && in_unit);
        }
    }
    Officer { person: who.person.map(|p| p.0).unwrap_or_default(), post: who.post().map(|held| held.post.0), roles, heads }
}
