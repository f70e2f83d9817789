//! What the counter's screen shows: what was typed, procedures to pick, where it goes, who else waits.

use super::counter::not_here;
use super::{Error, Reception, UNTOUCHED_MINUTES, reception, short_name};
use crate::acts::Receive;
use crate::counter::{self, Offer};
use crate::dossier::ResultChannel;
use crate::draft::DraftData;
use crate::objection::Objection;
use crate::places::{self, Places};
use crate::sql;
use crate::sql::counter::OpenDossier;
use base::{Moment, ProcedureCode};
use catalogue::package::Elsewhere;
use catalogue::{Listing, OnList, VersionId};
use directory::{Cx, For, Unit, WorkTime};
use jiff::SignedDuration;
use std::sync::Arc;
use store::Read;
use uuid::Uuid;

/// Procedures offered by a digit.
pub const PICKS: usize = 6;
/// What a desk received in so many days decides which: up to the start of today, so that no digit names another procedure during the day.
const USE_DAYS: i64 = 30;
/// Most procedures shown that were found and are not received here; the rest is counted.
pub const MOST_NOT_TAKEN: usize = 3;
/// Codes of procedures offered first at a desk that has no history of its own yet, as the house is set up.
#[derive(Clone, Debug, Default)]
pub struct FirstPicks(pub Arc<[String]>);
/// How the result can be wanted here, quickest first; a file needs somewhere to say that it is there.
pub const RESULT_CHANNELS: [ResultChannel; 3] = [ResultChannel::Electronic, ResultChannel::Desk, ResultChannel::Post];

/// A procedure to pick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Code.
    pub code: String,
    /// Short name.
    pub name: String,
}

/// A procedure that was searched for and is not received at this desk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// Code.
    pub code: String,
    /// Short name.
    pub name: String,
    /// Where to send the person.
    pub go_to: GoTo,
}

/// Where a procedure is received that is not received here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GoTo {
    /// In another system, the police's own for example.
    System(Elsewhere),
    /// At centres of another kind.
    Centres {
        /// At those of communes; otherwise at the provincial one.
        at_commune: bool,
    },
    /// At the agency that its record names; empty: none is named.
    Agency(String),
}

/// What a search came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Received here, best first.
    pub picks: Vec<Pick>,
    /// Not received here, best first.
    pub not_taken: Vec<NotTaken>,
    /// How many more are not received here.
    pub more: usize,
}

/// Something open at the desk.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The reception.
    pub id: Uuid,
    /// Number of the queue.
    pub ticket: String,
    /// The person, as far as known.
    pub name: String,
    /// The procedure's short name.
    pub procedure: Option<String>,
    /// Who worked on it.
    pub officer: String,
    /// When it was touched last.
    pub saved_at: Moment,
}

/// Everything the screen shows.
#[derive(Clone, Debug)]
pub struct Screen {
    /// The desk.
    pub desk: Unit,
    /// The commune it belongs to; none at the provincial centre.
    pub commune: Option<Unit>,
    /// What was typed so far; an empty one when nobody has come yet.
    pub reception: Reception,
    /// Procedures to pick by a digit: the most received here, or what was searched for; beside them what was found and is not received here.
    pub found: Found,
    /// A search was made.
    pub searched: bool,
    /// Communes to choose from, when one decides.
    pub communes: Vec<Unit>,
    /// Where it goes.
    pub places: Option<Places>,
    /// Term, due time, fee, missing papers.
    pub offer: Option<Offer>,
    /// Other receptions open at this desk.
    pub waiting: Vec<Waiting>,
    /// The person's open dossiers that this officer may see.
    pub open: Vec<OpenDossier>,
    /// Why the procedure chosen cannot be received at this desk.
    pub not_here: Option<Objection>,
    /// How many of the same procedure there are anywhere.
    pub same_elsewhere: i64,
}

/// Loads the screen of a reception; `None`: for somebody who has not come yet, under an id that the page may use.
pub async fn screen(tx: &Read<'_>, cx: &Cx, desk: &For<Receive>, id: Option<Uuid>, first: &FirstPicks) -> Result<Screen, Error> {
    let now = cx.by.now;
    let reception = match id {
        Some(id) => reception(tx, cx, desk, id).await?,
        None => Reception::new(cx, desk.id, cx.by.seed.uuid_at(now, "reception", 0), Uuid::nil()),
    };
    let commune = places::commune_over(tx, desk).await?;
    let searched = !reception.data.search.is_empty();
    let picks = if searched { vec![] } else { most_used(tx, cx, desk, commune.is_some(), &reception, first).await? };
    let data = &reception.data;
    let package = reception.package();
    let person = data.applicant.id_as_kept();
    let (open, same) = match (person.is_empty(), package) {
        (true, _) => (vec![], 0),
        (false, None) => (sql::counter::open_of_person(tx, &cx.who, &person).await?, 0),
        (false, Some(package)) => {
            let open = sql::counter::open_of_person(tx, &cx.who, &person).await?;
            let code = package.code.to_string();
            let same = sql::counter::same_open_anywhere(tx, &person, &code).await?;
            let seen = open.iter().filter(|o| o.procedure_code == code).count() as i64;
            (open, (same - seen).max(0))
        }
    };
    let start = data.received_at(now);
    let here = WorkTime::of_unit(tx, desk.id, start).await?;
    Ok(Screen {
        communes: if package.is_some_and(counter::asks_commune) { directory::communes(tx, now).await? } else { vec![] },
        places: match package {
            Some(package) => Some(places::at_desk(tx, desk, commune.as_ref(), data, package, start).await?),
            None => None,
        },
        offer: reception.version.as_ref().map(|v| counter::offer(data, v, &here, start)),
        not_here: match package {
            Some(package) => not_here(tx, commune.is_some(), package, start).await?,
            None => None,
        },
        waiting: waiting(tx, cx, desk, reception.row.id).await?,
        searched,
        desk: (**desk).clone(),
        commune,
        found: Found { picks, ..Found::default() },
        open,
        same_elsewhere: same,
        reception,
    })
}

/// What the desk received most lately; while it has no history, what the house offers first, then the list itself.
async fn most_used(
    tx: &Read<'_>,
    cx: &Cx,
    desk: &Unit,
    commune: bool,
    reception: &Reception,
    first: &FirstPicks,
) -> Result<Vec<Pick>, Error> {
    let today = Moment::from_local(cx.by.now.date().at(0, 0, 0, 0));
    let since = today.plus(SignedDuration::from_hours(-24 * USE_DAYS));
    let used = sql::counter::most_received(tx, desk.id.0, since, today, PICKS as i64).await?;
    let codes = used.into_iter().map(|(code, _)| code).chain(first.0.iter().cloned());
    let mut picks = received_here(tx, cx, commune, codes).await?;
    if picks.len() < PICKS {
        let known: Vec<String> = picks.iter().map(|p| p.code.clone()).collect();
        let listed = catalogue::on_list(tx, cx.by.now).await?.into_iter();
        let rest = listed.filter(|l| l.received_at.takes(commune) && !known.contains(&l.code));
        picks.extend(rest.take(PICKS - known.len()).map(|l| Pick { code: l.code, name: l.name }));
    }
    // what was picked from a search stays in sight
    if let Some(package) = reception.package()
        && !picks.iter().any(|p| p.code == package.code.national().to_string())
    {
        picks.truncate(PICKS - 1);
        picks.push(Pick { code: package.code.national().to_string(), name: short_name(package).to_owned() });
    }
    Ok(picks)
}

/// Those of the codes that are received at such a desk, each once, until there are enough.
async fn received_here(
    tx: &Read<'_>,
    cx: &Cx,
    commune: bool,
    codes: impl IntoIterator<Item = String>,
) -> Result<Vec<Pick>, Error> {
    let codes: Vec<ProcedureCode> = codes.into_iter().filter_map(|code| code.parse().ok()).collect();
    let listed = catalogue::listed_all(tx, &codes, cx.by.now).await?.into_iter().filter(|l| l.received_at.takes(commune));
    Ok(listed.take(PICKS).map(picked).collect())
}

/// What answers the words typed: `hits` of the catalogue's search first, then names whose initials were typed (`xnhn`). Nothing that was found
/// is silently left out: what is on the list for other centres, and the hits `off_list`, come with where to go (OS-06).
pub async fn found(
    tx: &Read<'_>,
    cx: &Cx,
    desk: &For<Receive>,
    words: &str,
    hits: Vec<String>,
    off_list: &[String],
) -> Result<Found, Error> {
    let commune = places::commune_over(tx, desk).await?.is_some();
    let words = base::text::tokens(words);
    let mut by_name: Vec<(usize, OnList)> = catalogue::on_list(tx, cx.by.now)
        .await?
        .into_iter()
        .filter_map(|l| counter::fits(&l.name, &words).map(|rank| (rank, l)))
        .collect();
    by_name.sort_by_key(|(rank, l)| (*rank, l.name.chars().count()));
    let codes = hits.into_iter().chain(by_name.into_iter().map(|(_, l)| l.code)).take(PICKS * 4);
    let codes: Vec<ProcedureCode> = codes.filter_map(|code| code.parse().ok()).collect();
    let listed = catalogue::listed_all(tx, &codes, cx.by.now).await?;
    let (here, there): (Vec<_>, Vec<_>) = listed.into_iter().partition(|l| l.received_at.takes(commune));
    let not_taken = off_list.len() + there.len();
    let mut out = Found { picks: here.into_iter().take(PICKS).map(picked).collect(), ..Found::default() };
    for code in off_list.iter().take(MOST_NOT_TAKEN) {
        out.not_taken.extend(off_the_list(tx, cx, code).await?);
    }
    let room = MOST_NOT_TAKEN - out.not_taken.len();
    let at_others = GoTo::Centres { at_commune: !commune };
    out.not_taken.extend(there.into_iter().take(room).map(picked).map(|Pick { code, name }| NotTaken {
        code,
        name,
        go_to: at_others.clone(),
    }));
    out.more = not_taken.saturating_sub(out.not_taken.len());
    Ok(out)
}

fn picked(listing: Listing) -> Pick {
    Pick { code: listing.code.national().to_string(), name: listing.name }
}

/// A procedure that stands in the catalogue and not on the list: its own words say where it is received.
async fn off_the_list(tx: &Read<'_>, cx: &Cx, code: &str) -> Result<Option<NotTaken>, Error> {
    let Ok(code) = code.parse::<ProcedureCode>() else { return Ok(None) };
    let package = match catalogue::current(tx, &code, cx.by.now).await {
        Ok(version) => catalogue::package::told(version.package, cx.lang),
        // the index is a moment older than the catalogue
        Err(catalogue::Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(NotTaken {
        code: package.code.national().to_string(),
        name: short_name(&package).to_owned(),
        go_to: package.elsewhere.clone().map_or_else(|| GoTo::Agency(package.competent_agency.clone()), GoTo::System),
    }))
}

async fn waiting(tx: &Read<'_>, cx: &Cx, desk: &Unit, but: Uuid) -> Result<Vec<Waiting>, Error> {
    let me = cx.who.person.map(|p| p.0).unwrap_or_default();
    let untouched = cx.by.now.plus(SignedDuration::from_mins(-UNTOUCHED_MINUTES));
    let rows = sql::drafts::at_desk(tx, desk.id.0, me, untouched).await?;
    let versions =
        catalogue::frozen_all(tx, rows.iter().filter(|r| r.has_procedure()).map(|r| VersionId(r.procedure_version))).await?;
    let mut out = Vec::new();
    for row in rows.into_iter().filter(|r| r.id != but) {
        let data: DraftData = serde_json::from_str(&row.data)?;
        out.push(Waiting {
            id: row.id,
            procedure: versions.get(&VersionId(row.procedure_version)).map(|v| short_name(&v.package).to_owned()),
            saved_at: row.saved_at,
            ticket: data.ticket,
            name: data.applicant.name,
            officer: data.officer_name,
        });
    }
    Ok(out)
}
