//! Receptions of people who came in person: open, keep, park, take up, receive; visits of several people and procedures.

use super::{Draft, Error, accept, allowed, draft, in_force_after, request_supplement};
use crate::acts::{self, Receive, See};
use crate::changes::Changes;
use crate::counter::{self, Press, Typed};
use crate::decide::{self, Agency};
use crate::dossier::{SupplementItem, Verdict};
use crate::draft::DraftData;
use crate::objection::Objection;
use crate::places;
use crate::row::DossierRow;
use crate::sql::counter::OfVisit;
use crate::sql::{self, drafts::DraftRow};
use base::{Moment, ProcedureCode};
use catalogue::package::Package;
use catalogue::{Version, VersionId};
use directory::{Cx, For, Unit, UnitId, allow};
use jiff::SignedDuration;
use store::{Read, Write};
use uuid::Uuid;

/// A reception nobody touched for so long is free for every officer of its desk: nobody has to come back to let a colleague go on.
pub const UNTOUCHED_MINUTES: i64 = 15;

/// The desk of the post acted in, for receiving there.
///
/// Objects when that post is at no desk, so that nobody receives for a centre by accident.
pub async fn own_desk(tx: &Read<'_>, cx: &Cx) -> Result<For<Receive>, Error> {
    let held = cx.who.post().filter(|held| held.unit_kind.receives()).ok_or(Objection::NotAtDesk)?;
    Ok(allow::<Receive>(&cx.who, places::unit(tx, held.unit).await?)?)
}

/// A reception with its data read. Its procedure is chosen, or not yet.
#[derive(Clone, Debug)]
pub struct Reception {
    /// The row.
    pub row: DraftRow,
    /// What was typed so far.
    pub data: DraftData,
    /// The version in force when it is received, or was.
    pub version: Option<Version>,
    /// The version it was begun by.
    begun: Option<Version>,
}

impl Reception {
    /// A reception that just began.
    pub(super) fn new(cx: &Cx, desk: UnitId, id: Uuid, visit: Uuid) -> Reception {
        let row = DraftRow {
            id,
            version: 1,
            owner: None,
            officer: cx.who.person.map(|p| p.0),
            desk: Some(desk.0),
            visit: Some(visit),
            procedure_code: String::new(),
            procedure_version: Uuid::nil(),
            data: String::new(),
            saved_at: cx.by.now,
            started_at: cx.by.now,
            parked: false,
            dossier: None,
        };
        Reception { row, data: DraftData { taken_up_at: Some(cx.by.now), ..DraftData::default() }, version: None, begun: None }
    }

    async fn read(tx: &Read<'_>, cx: &Cx, row: DraftRow) -> Result<Reception, Error> {
        let data: DraftData = serde_json::from_str(&row.data)?;
        if !row.has_procedure() {
            return Ok(Reception { row, data, version: None, begun: None });
        }
        let begun = catalogue::frozen(tx, VersionId(row.procedure_version)).await?;
        let version = match row.dossier {
            Some(_) => begun.clone(),
            None => in_force_after(tx, begun.clone(), data.received_at(cx.by.now)).await?,
        };
        Ok(Reception { row, data, version: Some(version), begun: Some(begun) })
    }

    /// What the version in force says otherwise than the one it was begun by: while it was parked, perhaps.
    pub fn changes(&self) -> Changes {
        match (&self.begun, &self.version) {
            (Some(begun), Some(now)) => {
                Changes::between(&begun.package, &now.package, self.data.channel_at_desk(), self.data.case.as_deref())
            }
            _ => Changes::default(),
        }
    }

    /// The package of the procedure chosen.
    pub fn package(&self) -> Option<&Package> {
        self.version.as_ref().map(|v| &*v.package)
    }

    fn to_row(&self, cx: &Cx) -> Result<DraftRow, Error> {
        let data = serde_json::to_string(&self.data)?;
        Ok(DraftRow { data, saved_at: cx.by.now, ..self.row.clone() })
    }
}

/// May this officer of the desk go on with it?
fn is_free(row: &DraftRow, cx: &Cx) -> bool {
    let untouched = cx.by.now.plus(SignedDuration::from_mins(-UNTOUCHED_MINUTES));
    row.parked || row.officer == cx.who.person.map(|p| p.0) || row.saved_at < untouched
}

async fn row_at(tx: &Read<'_>, desk: &Unit, id: Uuid) -> Result<Option<DraftRow>, Error> {
    let row = sql::drafts::by_id(tx, id).await?;
    // another desk's reception, or a citizen's draft, does not exist here
    if row.as_ref().is_some_and(|r| r.desk != Some(desk.id.0)) { Err(Error::NotFound) } else { Ok(row) }
}

/// A reception this officer works on. One that became a dossier is shown to every officer of its desk.
pub async fn reception(tx: &Read<'_>, cx: &Cx, desk: &For<Receive>, id: Uuid) -> Result<Reception, Error> {
    let row = row_at(tx, desk, id).await?.ok_or(Error::NotFound)?;
    if row.dossier.is_none() && row.officer != cx.who.person.map(|p| p.0) {
        return Err(Objection::ReceptionTaken.into());
    }
    Reception::read(tx, cx, row).await
}

/// The reception this officer left open last, to go on with after whatever came between.
pub async fn own_open(tx: &Read<'_>, cx: &Cx, desk: &For<Receive>) -> Result<Option<Uuid>, Error> {
    let me = cx.who.person.map(|p| p.0).unwrap_or_default();
    let open = sql::drafts::at_desk(tx, desk.id.0, me, Moment::from_micros(0)).await?;
    Ok(open.into_iter().find(|d| d.officer == Some(me) && !d.parked).map(|d| d.id))
}

/// Keeps the form of the counter as typed, right or wrong; the first time it makes the reception `id`, which the page chose.
///
/// A reception that became a dossier stays as it is: the same form sent again changes nothing.
pub async fn keep_reception(
    tx: &Write<'_>,
    cx: &Cx,
    desk: &For<Receive>,
    id: Uuid,
    typed: &Typed,
    press: Press,
) -> Result<Reception, Error> {
    let (mut reception, is_new) = match row_at(tx, desk, id).await? {
        Some(row) if row.dossier.is_some() => return Reception::read(tx, cx, row).await,
        Some(row) if !is_free(&row, cx) => return Err(Objection::ReceptionTaken.into()),
        Some(row) => (Reception::read(tx, cx, row).await?, false),
        None => (Reception::new(cx, desk.id, id, cx.by.seed.uuid_at(cx.by.now, "visit", 0)), true),
    };
    pick(tx, cx, &mut reception, &typed.procedure).await?;
    let before = reception.data.clone();
    counter::take(&mut reception.data, typed, press, reception.version.as_ref().map(|v| &*v.package));
    find_commune(tx, cx, &mut reception, &before).await?;
    commune_may_decide(tx, cx, &reception).await?;
    reception.row.officer = cx.who.person.map(|p| p.0);
    reception.data.officer_name.clone_from(&cx.who.name);
    reception.row.parked = press == Press::Park;
    if press == Press::Park {
        reception.data.stop_clock(cx.by.now);
    } else if reception.data.taken_up_at.is_none() {
        reception.data.taken_up_at = Some(cx.by.now);
    }
    let row = reception.to_row(cx)?;
    if is_new {
        if let Some(visit) = row.visit {
            sql::counter::open_visit(tx, visit, desk.id.0, row.officer.unwrap_or_default(), cx.by.now).await?;
        }
        sql::drafts::insert(tx, &row).await?;
        reception.row = row;
    } else {
        sql::drafts::save(tx, &row).await?;
        reception.row = DraftRow { version: row.version + 1, ..row };
    }
    Ok(reception)
}

/// Sets the procedure typed, in its version of when it is received; of today, where a time was typed at which there was none.
async fn pick(tx: &Read<'_>, cx: &Cx, reception: &mut Reception, code: &str) -> Result<(), Error> {
    let Ok(code) = code.parse::<ProcedureCode>() else { return Ok(()) };
    let version = match catalogue::current(tx, &code, reception.data.received_at(cx.by.now)).await {
        Err(catalogue::Error::NotFound) => catalogue::current(tx, &code, cx.by.now).await?,
        found => found?,
    };
    reception.row.procedure_code = version.package.code.national().to_string();
    reception.row.procedure_version = version.id.0;
    reception.begun = Some(version.clone());
    reception.version = Some(version);
    Ok(())
}

/// The commune whose authority it is, from the address, unless the officer picked one.
async fn find_commune(tx: &Read<'_>, cx: &Cx, reception: &mut Reception, before: &DraftData) -> Result<(), Error> {
    let Some(package) = reception.version.as_ref().map(|v| v.package.clone()) else { return Ok(()) };
    if !counter::asks_commune(&package) {
        (reception.data.commune, reception.data.commune_chosen) = (None, false);
        return Ok(());
    }
    let moved = before.applicant.address != reception.data.applicant.address;
    if reception.data.commune_chosen || (reception.data.commune.is_some() && !moved) {
        return Ok(());
    }
    let communes = directory::communes(tx, cx.by.now).await?;
    let address = &reception.data.applicant.address;
    let named = counter::recognise(address, communes.iter().map(|u| (u.id.0, u.short_name.as_str())));
    // written the old way it names a commune of before; the one of today is competent
    let of_today = crate::address::commune(address);
    let moved = || communes.iter().find(|u| u.gso_code.is_some() && u.gso_code == of_today).map(|u| u.id.0);
    reception.data.commune = named.or_else(moved);
    Ok(())
}

/// Objects to a choice that is no commune, neither now nor when the person came: what else may be competent is named by whoever heads the
/// desk (OS-05). A year typed wrongly does not touch a choice that is right today.
async fn commune_may_decide(tx: &Read<'_>, cx: &Cx, reception: &Reception) -> Result<(), Error> {
    let (data, Some(package)) = (&reception.data, reception.package()) else { return Ok(()) };
    let Some(chosen) = data.commune.filter(|_| data.commune_chosen) else { return Ok(()) };
    let unit = directory::unit(tx, UnitId(chosen)).await?.ok_or(Objection::NotAnAgency)?;
    let at = if unit.in_force(cx.by.now) { cx.by.now } else { data.received_at(cx.by.now) };
    Ok(decide::chosen_commune(&Agency::of(&unit, at), package)?)
}

/// Puts a reception aside, as it is, for whoever of the desk goes on with it.
pub async fn park(tx: &Write<'_>, cx: &Cx, desk: &For<Receive>, id: Uuid) -> Result<(), Error> {
    let mut reception = reception(tx, cx, desk, id).await?;
    if reception.row.dossier.is_none() && !reception.row.parked {
        reception.row.parked = true;
        reception.data.stop_clock(cx.by.now);
        sql::drafts::save(tx, &reception.to_row(cx)?).await?;
    }
    Ok(())
}

/// Takes up what was parked at this desk, by whomever.
pub async fn take_up(tx: &Write<'_>, cx: &Cx, desk: &For<Receive>, id: Uuid) -> Result<Reception, Error> {
    let row = row_at(tx, desk, id).await?.ok_or(Error::NotFound)?;
    if row.dossier.is_some() {
        return Reception::read(tx, cx, row).await;
    }
    if !is_free(&row, cx) {
        return Err(Objection::ReceptionTaken.into());
    }
    let mut reception = Reception::read(tx, cx, row).await?;
    if reception.row.parked || reception.row.officer != cx.who.person.map(|p| p.0) {
        // what lay untouched was not worked on
        if !reception.row.parked {
            reception.data.stop_clock(reception.row.saved_at);
        }
        reception.data.taken_up_at = Some(cx.by.now);
    }
    reception.row.parked = false;
    reception.row.officer = cx.who.person.map(|p| p.0);
    reception.data.officer_name.clone_from(&cx.who.name);
    sql::drafts::save(tx, &reception.to_row(cx)?).await?;
    Ok(reception)
}

/// Throws away what was typed for somebody who left; a dossier stays.
pub async fn discard_reception(tx: &Write<'_>, cx: &Cx, desk: &For<Receive>, id: Uuid) -> Result<(), Error> {
    match row_at(tx, desk, id).await? {
        Some(row) if !is_free(&row, cx) => Err(Objection::ReceptionTaken.into()),
        Some(row) => Ok(sql::drafts::discard(tx, row.id).await.map(drop)?),
        None => Ok(()),
    }
}

/// Receives a person at the desk: files and accepts, or asks for what is missing (form 02), in one act. The same again gives the same dossier.
///
/// What an officer types for a citizen is a direct filing or one that came by post, never online (OS-07). Objects to a day on which nobody
/// could have received it, to a choice of commune that is none, and through the rules of acceptance; answers that are missing or wrong come back as faults, with everything typed still kept.
pub async fn receive(tx: &Write<'_>, cx: &Cx, desk: &For<Receive>, id: Uuid) -> Result<DossierRow, Error> {
    let mut reception = reception(tx, cx, desk, id).await?;
    if let Some(dossier) = reception.row.dossier {
        return sql::dossiers::by_id(tx, dossier).await?.ok_or(Error::NotFound);
    }
    let faults: Vec<_> = counter::faults(&reception.data, cx.by.now.date())
        .into_iter()
        .chain(counter::gaps(&reception.data, reception.package()))
        .collect();
    let Some(version) = reception.version.clone().filter(|_| faults.is_empty()) else { return Err(Error::Faults(faults)) };
    let when = reception.data.when(cx.by.now)?;
    reception.data.stop_clock(cx.by.now);
    let package = &version.package;
    decide::received_then(&when, desk.valid_from, package)?;
    commune_may_decide(tx, cx, &reception).await?;
    let commune = places::commune_over(tx, desk).await?;
    if let Some(objection) = not_here(tx, commune.is_some(), package, when.happened_at).await? {
        return Err(objection.into());
    }
    let places = places::at_desk(tx, desk, commune.as_ref(), &reception.data, package, when.happened_at).await?;
    let missing: Vec<SupplementItem> = counter::asked(&reception.data, package)
        .into_iter()
        .filter(|p| reception.data.verdicts.get(&p.id) == Some(&Verdict::Missing))
        .map(|p| SupplementItem {
            paper: p.id.clone(),
            reason: format!("Nộp {}", p.name), // not on screen: words of form 02
            ground: crate::messages::ground_of(p, package),
        })
        .collect();
    let data = reception.data.clone();
    let draft = Draft { row: reception.to_row(cx)?, data, version: version.clone(), begun: version.clone() };
    let filed = draft::file(tx, cx, &draft, places, reception.data.channel_at_desk(), when.happened_at).await?;
    if missing.is_empty() {
        accept(tx, cx, filed.id, reception.data.term.as_deref(), None, when).await
    } else {
        request_supplement(tx, cx, filed.id, missing, when).await
    }
}

/// Why the list does not let a desk of this kind receive a procedure (OS-08), if it does not.
pub(super) async fn not_here(tx: &Read<'_>, at_commune: bool, package: &Package, at: Moment) -> Result<Option<Objection>, Error> {
    let listing = catalogue::listed(tx, &package.code, at).await?;
    Ok(decide::received_here(listing.map(|l| l.received_at), at_commune).err())
}

/// Goes on within a visit after the reception `from`: another procedure for the same person, or the next person.
pub async fn next_in_visit(
    tx: &Write<'_>,
    cx: &Cx,
    desk: &For<Receive>,
    from: Uuid,
    id: Uuid,
    same_person: bool,
) -> Result<Uuid, Error> {
    if let Some(row) = row_at(tx, desk, id).await? {
        return Ok(row.id);
    }
    let former = reception(tx, cx, desk, from).await?;
    let visit = former.row.visit.unwrap_or_else(|| cx.by.seed.uuid_at(cx.by.now, "visit", 0));
    let mut next = Reception::new(cx, desk.id, id, visit);
    next.data.ticket = former.data.ticket;
    next.data.officer_name.clone_from(&cx.who.name);
    if same_person {
        next.data.applicant = former.data.applicant;
        next.data.submitter_name = former.data.submitter_name;
        (next.data.card, next.data.card_agreed) = (former.data.card, former.data.card_agreed);
    }
    sql::drafts::insert(tx, &next.to_row(cx)?).await?;
    Ok(id)
}

/// Ends the visit of a reception.
pub async fn end_visit(tx: &Write<'_>, cx: &Cx, desk: &For<Receive>, of: Uuid) -> Result<(), Error> {
    let row = row_at(tx, desk, of).await?.ok_or(Error::NotFound)?;
    match row.visit {
        Some(visit) => Ok(sql::counter::close_visit(tx, visit, desk.id.0, cx.by.now).await?),
        None => Ok(()),
    }
}

/// What a reception came to.
#[derive(Clone, Debug)]
pub struct Done {
    /// The dossier.
    pub row: DossierRow,
    /// Its version.
    pub version: Version,
    /// The reception.
    pub reception: Reception,
    /// Everything the visit brought so far.
    pub visit: Vec<OfVisit>,
}

/// The page after receiving; `None` while nothing was received. It names people to every officer of the desk: that somebody looked at them
/// is recorded before it is shown.
pub async fn done(tx: &Write<'_>, cx: &Cx, desk: &For<Receive>, id: Uuid) -> Result<Option<Done>, Error> {
    let reception = reception(tx, cx, desk, id).await?;
    let Some(dossier) = reception.row.dossier else { return Ok(None) };
    let row = looked_at(tx, cx, dossier).await?;
    let version = catalogue::frozen(tx, VersionId(row.procedure_version)).await?;
    let visit = match reception.row.visit {
        Some(visit) => sql::counter::of_visit(tx, visit, desk.id.0).await?,
        None => vec![],
    };
    for other in visit.iter().filter(|of| of.id != dossier) {
        looked_at(tx, cx, other.id).await?;
    }
    Ok(Some(Done { row, version, reception, visit }))
}

async fn looked_at(tx: &Write<'_>, cx: &Cx, id: Uuid) -> Result<DossierRow, Error> {
    let row = allowed::<See>(tx, cx, id).await?;
    directory::read_recorded(tx, cx, &row, directory::About { kind: "dossier", id }, acts::purpose(&row, &cx.who)).await?;
    Ok(row.into_inner())
}
