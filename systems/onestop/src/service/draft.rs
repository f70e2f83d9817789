//! A citizen prepares a filing and sends it.

use super::Error;
use crate::changes::Changes;
use crate::decide::{self, papers_asked};
use crate::dossier::{ResultChannel, State, channel_word};
use crate::draft::{DraftData, asked, fee_due};
use crate::events::Event;
use crate::form::{Fault, Fields, Wrong};
use crate::objection::Objection;
use crate::places::{self, Places};
use crate::row::DossierRow;
use crate::sql::{self, drafts::DraftRow, papers::PaperState};
use base::{FilingCode, Moment, ProcedureCode};
use catalogue::Version;
use catalogue::VersionId;
use catalogue::package::{Channel, Package, PaperKind};
use directory::{Cx, WorkTime};
use futures_util::future::{try_join_all, try_join3};
use std::collections::BTreeSet;
use store::{FileId, Read, Write};
use uuid::Uuid;

/// A draft with its data read and its version at hand.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The row.
    pub row: DraftRow,
    /// What was typed so far.
    pub data: DraftData,
    /// The version in force, which it is filled in for.
    pub version: Version,
    /// The version it was begun by.
    pub begun: Version,
}

impl Draft {
    /// What the version in force says otherwise than the one the person began by.
    pub fn changes(&self) -> Changes {
        self.changes_since(&self.begun)
    }

    /// The form asks otherwise than the one that was begun.
    pub fn form_changed(&self) -> bool {
        self.begun.package.form != self.version.package.form
    }

    fn changes_since(&self, shown: &Version) -> Changes {
        Changes::between(&shown.package, &self.version.package, Channel::Online, self.data.case.as_deref())
    }
}

/// How many drafts one person may have open; a setting of the house.
#[derive(Clone, Copy, Debug)]
pub struct MostDrafts(pub u32);

impl Default for MostDrafts {
    /// A business that begins one every working day has room for four months of them.
    fn default() -> MostDrafts {
        MostDrafts(100)
    }
}

/// Starts a draft of a citizen; the applicant is the person signed in until they say otherwise. What cannot be filed here is not begun.
pub async fn start_draft(
    tx: &Write<'_>,
    cx: &Cx,
    code: &ProcedureCode,
    case: Option<String>,
    most: MostDrafts,
) -> Result<Uuid, Error> {
    let version = catalogue::current(tx, code, cx.by.now).await?;
    decide::filed_here(&version.package, catalogue::receivable(tx, &version.package.code, cx.by.now).await?)?;
    decide::may_begin(sql::drafts::open(tx, cx.who.subject.id).await?, most.0)?;
    let mut data = DraftData { case, ..DraftData::default() };
    data.applicant = directory::own_data(tx, &cx.who).await?.map(Into::into).unwrap_or_default();
    crate::prefill::fill(&mut data, &version.package, cx.by.now.date());
    can_be_kept(&data)?;
    let id = cx.by.seed.uuid_at(cx.by.now, "draft", 0);
    sql::drafts::insert(
        tx,
        &DraftRow {
            id,
            version: 1,
            owner: Some(cx.who.subject.id),
            officer: None,
            desk: None,
            visit: None,
            procedure_code: version.package.code.to_string(),
            procedure_version: version.id.0,
            data: serde_json::to_string(&data)?,
            saved_at: cx.by.now,
            started_at: cx.by.now,
            parked: false,
            dossier: None,
        },
    )
    .await?;
    Ok(id)
}

/// A citizen's own draft; somebody else's does not exist for them.
pub async fn own_draft(tx: &Read<'_>, cx: &Cx, id: Uuid) -> Result<Draft, Error> {
    let row = sql::drafts::by_id(tx, id).await?.filter(|d| d.owner == Some(cx.who.subject.id)).ok_or(Error::NotFound)?;
    let data = serde_json::from_str(&row.data)?;
    let begun = catalogue::frozen(tx, VersionId(row.procedure_version)).await?;
    let version = match row.dossier {
        Some(_) => begun.clone(),
        None => super::in_force_after(tx, begun.clone(), cx.by.now).await?,
    };
    Ok(Draft { row, data, version, begun })
}

/// One of a citizen's drafts, for their list.
#[derive(Clone, Debug)]
pub struct OwnDraft {
    /// Its id.
    pub id: Uuid,
    /// Procedure.
    pub procedure_code: String,
    /// Its name for lists.
    pub name: String,
    /// Last kept.
    pub saved_at: Moment,
}

/// One's own drafts that were not sent, last touched first.
pub async fn own_drafts(tx: &Read<'_>, cx: &Cx) -> Result<Vec<OwnDraft>, Error> {
    let rows = sql::drafts::owned(tx, cx.who.subject.id).await?;
    let versions = catalogue::frozen_all(tx, rows.iter().map(|row| VersionId(row.procedure_version))).await?;
    let own = |row: DraftRow| {
        let version = versions.get(&VersionId(row.procedure_version));
        let name = version.map_or_else(|| row.procedure_code.clone(), |v| short_name(&v.package).to_owned());
        OwnDraft { id: row.id, procedure_code: row.procedure_code, name, saved_at: row.saved_at }
    };
    Ok(rows.into_iter().map(own).collect())
}

/// Throws one's own unfinished draft away, with its files.
pub async fn discard_draft(tx: &Write<'_>, cx: &Cx, id: Uuid) -> Result<(), Error> {
    own_draft(tx, cx, id).await?;
    if !sql::drafts::discard(tx, id).await? {
        return Err(Objection::AlreadyFiled.into());
    }
    // only now: a file that was attached meanwhile is there, and none comes any more
    for file in sql::papers::of_draft(tx, id).await? {
        sql::papers::remove(tx, id, file.id, cx.by.now).await?;
        store::let_go(tx, FileId(file.file)).await?;
    }
    Ok(())
}

/// Keeps a changed draft; one that was sent is a dossier and cannot be changed here.
pub async fn save_draft(tx: &Write<'_>, cx: &Cx, draft: &Draft) -> Result<(), Error> {
    if draft.row.dossier.is_some() {
        return Err(Objection::AlreadyFiled.into());
    }
    can_be_kept(&draft.data)?;
    let row = DraftRow { data: serde_json::to_string(&draft.data)?, saved_at: cx.by.now, ..draft.row.clone() };
    Ok(sql::drafts::save(tx, &row).await?)
}

fn can_be_kept(data: &DraftData) -> Result<(), Error> {
    let faults = data.beyond_keeping();
    if faults.is_empty() { Ok(()) } else { Err(Error::Faults(faults)) }
}

/// Sends a draft: all of it is checked again, then it is one dossier, however often this is called; a double click is no second one.
///
/// It is filed by the version in force; when that is another one than `shown`, the person sees first what changed.
pub async fn submit(tx: &Write<'_>, cx: &Cx, id: Uuid, shown: Option<VersionId>) -> Result<DossierRow, Error> {
    let draft = own_draft(tx, cx, id).await?;
    if let Some(dossier) = draft.row.dossier {
        return sql::dossiers::by_id(tx, dossier).await?.ok_or(Error::NotFound);
    }
    if let Some(shown) = shown.filter(|shown| *shown != draft.version.id)
        && !draft.changes_since(&catalogue::frozen(tx, shown).await?).is_empty()
    {
        return Err(Objection::VersionChanged.into());
    }
    let attached = sql::papers::of_draft(tx, id).await?;
    let listing = catalogue::listed(tx, &draft.version.package.code, cx.by.now).await?;
    let received_at = listing.ok_or(Objection::NotReceivedHere)?.received_at;
    ready(&draft, attached.iter().filter_map(|a| a.paper.clone()).collect(), cx.by.now)?;
    let places = places::of(tx, &draft.data, &draft.version.package, Some(received_at), cx.by.now).await?;
    decide::received_here(Some(received_at), places::commune_over(tx, &places.desk).await?.is_some())?;
    let row = file(tx, cx, &draft, places, Channel::Online, cx.by.now).await?;
    notices::tell(tx, &cx.by, &crate::messages::submitted(&row, cx.lang)).await?;
    Ok(row)
}

/// Everything a sent filing must have; the faults of all pages at once.
fn ready(draft: &Draft, have: BTreeSet<String>, now: Moment) -> Result<(), Error> {
    let package = &draft.version.package;
    let mut faults = draft.data.contact_faults(now.date());
    faults.extend(package.form.iter().flat_map(|f| &f.pages).flat_map(|p| draft.data.answers.faults(p, now.date())));
    if draft.data.result_channel.is_none() {
        faults.push(Fault { field: asked::CHANNEL.to_owned(), wrong: Wrong::NoChannel });
    }
    if !faults.is_empty() {
        return Err(Error::Faults(faults));
    }
    let missing: Vec<String> = draft.data.missing(package, &have).iter().map(|p| p.name.clone()).collect();
    if !missing.is_empty() {
        return Err(Error::PapersMissing(missing));
    }
    Ok(())
}

/// Makes the dossier of a draft, for every channel the same way. `happened_at` is when it was filed: at a desk perhaps before it was typed.
pub(super) async fn file(
    tx: &Write<'_>,
    cx: &Cx,
    draft: &Draft,
    places: Places,
    channel: Channel,
    happened_at: Moment,
) -> Result<DossierRow, Error> {
    let package = &draft.version.package;
    let id = cx.by.seed.uuid_at(cx.by.now, "dossier", 0);
    let filing_code = free_code(tx, cx).await?;
    let check_due_at = decide::check_due(&WorkTime::of_unit(tx, places.desk.id, happened_at).await?.calendar, happened_at)?;
    let submitted = Event::Submitted {
        happened_at,
        filing_code,
        procedure: package.code.clone(),
        version: draft.version.id,
        channel,
        desk: places.desk.id.0,
        unit: places.unit.as_ref().map(|u| u.id.0),
        check_due_at,
    };
    let mut row = new_row(id, draft, &places, channel, happened_at, check_due_at, &filing_code)?;
    row.owner = draft.row.owner.unwrap_or(id);
    row.visit = draft.row.visit;
    let row = sql::dossiers::create(tx, &cx.by, row, &[submitted]).await?;
    let papers =
        papers_asked(package, channel, draft.data.case.as_deref()).into_iter().enumerate().map(|(position, paper)| PaperState {
            verdict: draft.data.verdicts.get(&paper.id).map(|v| v.as_str().to_owned()),
            ..PaperState::asked(paper, position, package, channel)
        });
    let (papers, sent) = (papers.collect::<Vec<_>>(), DraftRow { dossier: Some(id), saved_at: cx.by.now, ..draft.row.clone() });
    // None waits for another: one round trip for all on PostgreSQL.
    try_join3(
        try_join_all(papers.iter().map(|state| sql::papers::insert_paper(tx, id, state))),
        sql::papers::hand_over(tx, draft.row.id, id),
        sql::drafts::save(tx, &sent),
    )
    .await?;
    Ok(row)
}

/// The word kept for a kind of paper.
pub fn kind_word(kind: PaperKind) -> &'static str {
    match kind {
        PaperKind::Submit => "submit",
        PaperKind::Present => "present",
        PaperKind::IfApplicable => "if_applicable",
        PaperKind::Note => "note",
    }
}

fn new_row(
    id: Uuid,
    draft: &Draft,
    places: &Places,
    channel: Channel,
    now: Moment,
    check_due_at: Moment,
    filing_code: &FilingCode,
) -> Result<DossierRow, Error> {
    let package = &draft.version.package;
    let data = &draft.data;
    let person = &data.applicant;
    let fee = fee_due(package, channel, data.case.as_deref());
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let short = short_name(package);
    let answers: serde_json::Value = match &package.form {
        Some(form) => {
            let shown = data.answers.0.iter().filter(|(name, _)| form.field(name).is_none_or(|f| data.answers.shows(f)));
            serde_json::Value::Object(shown.map(|(n, v)| (n.clone(), v.clone().into())).collect())
        }
        None => serde_json::Value::Object(serde_json::Map::new()),
    };
    Ok(DossierRow {
        id,
        version: 0,
        filing_code: filing_code.to_string(),
        code: None,
        state: State::Submitted.as_str().to_owned(),
        procedure_code: package.code.to_string(),
        procedure_version: draft.version.id.0,
        procedure_name: short.to_owned(),
        field: package.field.clone(),
        channel: channel_word(channel).to_owned(),
        case_id: data.case.clone(),
        desk: places.desk.id.0,
        desk_path: places.desk.path.clone(),
        desk_name: places.desk.name.clone(),
        unit: places.unit.as_ref().map(|u| u.id.0),
        unit_path: places.unit.as_ref().map(|u| u.path.clone()),
        unit_name: places.unit.as_ref().map(|u| u.name.clone()),
        step: None,
        step_name: None,
        step_role: None,
        step_at_desk: false,
        step_due_at: None,
        assignee: None,
        assignee_name: None,
        authors: String::new(),
        owner: id,
        applicant_name: person.name.clone(),
        applicant_id: some(&person.id_as_kept()),
        applicant_birth: some(&person.birth),
        applicant_sex: some(&person.sex),
        applicant_phone: some(&person.phone),
        applicant_email: some(&person.email),
        applicant_address: some(&person.address),
        submitter_name: data.submitter_name.clone(),
        result_channel: data.result_channel.unwrap_or(ResultChannel::Desk).as_str().to_owned(),
        answers: answers.to_string(),
        form_title: package.form.as_ref().map(|f| f.title.clone()),
        submitted_at: now,
        check_due_at,
        accepted_at: None,
        accepted_by_name: None,
        due_at: None,
        sort_due_at: check_due_at,
        calculation: None,
        term_row: data.term.clone(),
        outcome: None,
        issued_at: None,
        on_time: None,
        returned_at: None,
        fee_due: fee.amount.or_else(|| data.fee_typed()),
        fee_note: fee.note(),
        fee_rows: Some(serde_json::to_string(&fee.rows)?),
        fee_paid_at: data.fee_taken.then_some(now),
        rated: false,
        visit: None,
        last_at: now,
        filed_version: None,
        result_number: None,
    })
}

/// A filing code nobody has: out of 32⁷ two filings may be given the same.
async fn free_code(tx: &Read<'_>, cx: &Cx) -> Result<FilingCode, Error> {
    let mut n = 0;
    loop {
        let code = FilingCode::from_seed(&cx.by.seed, n);
        if !sql::dossiers::has_filing_code(tx, &code).await? {
            return Ok(code);
        }
        n += 1;
    }
}

/// The name for lists.
pub fn short_name(package: &Package) -> &str {
    if package.short_name.is_empty() { &package.name } else { &package.short_name }
}
