//! Every rule of the one-stop: command + dossier + facts → events, or an [`Objection`]. Pure; no clock, no database.

use crate::dossier::{Dossier, Officer, Outcome, ResultChannel, State, SupplementItem, Verdict, When};
use crate::draft::{FeeDue, fee_due};
use crate::events::Event;
use crate::objection::Objection;
use base::calendar::WorkCalendar;
use base::due::{Calculation, DuePolicy};
use base::{DossierCode, Moment};
use catalogue::package::{Channel, Level, Package, PaperKind, PaperRow, Step, StepAct, TermRow};
use catalogue::{ReceivedAt, VersionId};
use directory::{Unit, UnitKind};
use jiff::SignedDuration;
use std::collections::BTreeSet;
use uuid::Uuid;

/// Working hours within which an online filing is checked (OS-13).
pub const CHECK_WORKING_HOURS: i64 = 8;
/// Most letters of a text in a few words: reasons of late entries and items of form 02, which stand in the log; what a rating says.
pub const MOST_LETTERS: usize = 1_000;
/// Most letters of a note, and of the reason of an act: more belongs into a file.
pub const MOST_NOTE: usize = 4_000;
/// Most letters of a result's number and symbol.
pub const MOST_NUMBER: usize = 60;

/// What a rule may know besides the dossier.
pub struct Facts<'a> {
    /// Fact and entry time of this act.
    pub when: When,
    /// The version this dossier stands under: before acceptance the one in force now, afterwards the one frozen then (OS-36).
    pub version: VersionId,
    /// Its package.
    pub package: &'a Package,
    /// Its steps, completed ([`crate::dossier::route`]).
    pub route: &'a [Step],
    /// Working calendar of the unit whose clock runs.
    pub calendar: &'a WorkCalendar,
    /// Counting convention, cut-off hour.
    pub policy: &'a DuePolicy,
}

/// What the desk found and chose at acceptance.
pub struct AcceptanceCheck<'a> {
    /// Where the list said, when it was filed, that the procedure is received (OS-08); none: it was not on the list then.
    pub received_at: Option<ReceivedAt>,
    /// The receiving desk is that of a commune, not the provincial centre.
    pub at_commune: bool,
    /// Term row chosen by the officer, when several fit.
    pub term: Option<&'a str>,
    /// The version the officer looked at; none: whichever is in force.
    pub shown: Option<VersionId>,
    /// The fee as it stands since filing.
    pub fee: FiledFee<'a>,
    /// Verdict on each paper id.
    pub verdicts: &'a [(String, Verdict)],
}

/// The fee as it stands since filing, before acceptance says what is owed.
#[derive(Clone, Debug)]
pub struct FiledFee<'a> {
    /// What is owed so far; an amount that the package leaves open may have been typed at the desk.
    pub due: FeeDue,
    /// The package it follows from.
    pub package: &'a Package,
    /// It was paid.
    pub is_paid: bool,
}

/// An acceptance that only lacks its number; numbers come last.
#[derive(Debug)]
pub struct Acceptance {
    /// Row of terms used.
    pub term: TermRow,
    /// How the due time came about, shown to everyone.
    pub calculation: Calculation,
    /// The fee owed from now on.
    pub fee: FeeDue,
    happened_at: Moment,
    version: VersionId,
    case: Option<String>,
    step: String,
    step_due_at: Option<Moment>,
    late_reason: Option<String>,
}

impl Acceptance {
    /// Fixes the code taken from the series.
    pub fn numbered(self, code: DossierCode) -> Event {
        Event::Accepted {
            happened_at: self.happened_at,
            code,
            version: self.version,
            term: self.term.id,
            fees: self.fee.rows,
            case: self.case,
            due_at: self.calculation.due_at,
            step: self.step,
            step_due_at: self.step_due_at,
            late_reason: self.late_reason,
        }
    }
}

/// Accepts a submitted dossier at a one-stop desk (form 01).
///
/// Freezes the version in force now, which may be another than the one filed for, and computes the due time. Objects when the procedure is
/// not received at this desk (OS-08), when the version changed under the officer's eyes, when its term is open, and when papers are missing
/// or unchecked: missing papers lead to form 02, never to a refusal (OS-11).
pub fn accept(dossier: &Dossier, check: &AcceptanceCheck<'_>, facts: &Facts<'_>) -> Result<Acceptance, Objection> {
    dossier.must_be(State::Submitted)?;
    let happened_at = facts.fact(dossier)?;
    received_here(check.received_at, check.at_commune)?;
    if check.shown.is_some_and(|shown| shown != facts.version) {
        return Err(Objection::VersionChanged);
    }
    papers_in_order(dossier, check.verdicts, facts.package)?;
    let term = term_row(dossier, facts.package, check.term)?;
    let calculation = calculate(&term, happened_at, facts)?;
    let first = facts.route.first().ok_or(Objection::OtherStep)?;
    Ok(Acceptance {
        step_due_at: facts.step_due(first, happened_at),
        step: first.id.clone(),
        happened_at,
        version: facts.version,
        case: dossier.case.clone(),
        late_reason: facts.late(),
        fee: fee_from_acceptance(dossier, &check.fee, facts.package),
        term,
        calculation,
    })
}

/// Can a filing of this procedure be begun here: no other system takes it, and it is on the list (OS-08)?
pub fn filed_here(package: &Package, is_listed: bool) -> Result<(), Objection> {
    if let Some(elsewhere) = &package.elsewhere {
        let at = [&elsewhere.system, &elsewhere.advice, &elsewhere.address].into_iter().filter(|t| !t.is_empty()).cloned();
        return Err(Objection::FiledElsewhere { at: at.collect() });
    }
    if is_listed { Ok(()) } else { Err(Objection::NotReceivedHere) }
}

/// May somebody with so many open drafts begin another one?
pub fn may_begin(open: i64, most: u32) -> Result<(), Objection> {
    if open < i64::from(most) { Ok(()) } else { Err(Objection::TooManyDrafts) }
}

/// Is a procedure received at this kind of desk (OS-08)?
pub fn received_here(received_at: Option<ReceivedAt>, at_commune: bool) -> Result<(), Objection> {
    match received_at {
        None => Err(Objection::NotReceivedHere),
        Some(listed) if listed.takes(at_commune) => Ok(()),
        Some(_) => Err(Objection::ReceivedElsewhere { at_commune: !at_commune }),
    }
}

/// The due time of a row, accepted at `start`. A same-day procedure ends the same day, after the cut-off hour the next working day (OS-14).
pub fn calculate(term: &TermRow, start: Moment, facts: &Facts<'_>) -> Result<Calculation, Objection> {
    let allowance = facts.package.allowance(term).ok_or(Objection::TermNotSettled)?;
    base::due::due(start, allowance, facts.policy, facts.calendar).map_err(|_| Objection::BeyondCalendar)
}

/// The one row of terms that governs this dossier.
///
/// Rows for this channel and case; if several remain the officer's choice decides (1.013225: the law itself leaves 15 or 20 days open).
pub fn term_row(dossier: &Dossier, package: &Package, chosen: Option<&str>) -> Result<TermRow, Objection> {
    term_for(package, dossier.channel, dossier.case.as_deref(), chosen)
}

/// Rows of terms for a channel and case; a row for the case goes before rows for all.
pub fn fitting_terms<'p>(package: &'p Package, channel: Channel, case: Option<&str>) -> Vec<&'p TermRow> {
    let fitting: Vec<&TermRow> = package
        .terms
        .iter()
        .filter(|t| t.channels.is_empty() || t.channels.contains(&channel))
        .filter(|t| t.case.is_none() || t.case.as_deref() == case)
        .collect();
    let specific = fitting.iter().any(|t| t.case.is_some());
    fitting.into_iter().filter(|t| !specific || t.case.is_some()).collect()
}

/// Do these rows give the same time, so that nobody has to choose?
pub fn promise_the_same(package: &Package, rows: &[&TermRow]) -> bool {
    let said = |row: &TermRow| (row.value, row.unit, package.allowance(row));
    rows.windows(2).all(|two| said(two[0]) == said(two[1]))
}

/// [`term_row`] before there is a dossier.
pub fn term_for(package: &Package, channel: Channel, case: Option<&str>, chosen: Option<&str>) -> Result<TermRow, Objection> {
    match (fitting_terms(package, channel, case).as_slice(), chosen) {
        ([], _) => Err(Objection::TermNotSettled),
        (rows, Some(id)) => rows.iter().find(|t| t.id == id).map(|t| (*t).clone()).ok_or(Objection::ChooseTerm),
        ([one], None) => Ok((*one).clone()),
        (rows, None) if promise_the_same(package, rows) => Ok(rows[0].clone()),
        _ => Err(Objection::ChooseTerm),
    }
}

/// The fee owed from acceptance on: what the package `now` asks (OS-36). What was paid stays as it was filed, and so does what is asked the
/// same.
pub fn fee_from_acceptance(dossier: &Dossier, filed: &FiledFee<'_>, now: &Package) -> FeeDue {
    let of = |package| fee_due(package, dossier.channel, dossier.case.as_deref());
    let asked = of(now);
    if filed.is_paid || asked == of(filed.package) { filed.due.clone() } else { asked }
}

/// Whether every paper asked of the filing was looked at and none is missing.
pub fn papers_in_order(dossier: &Dossier, verdicts: &[(String, Verdict)], package: &Package) -> Result<(), Objection> {
    let verdict = |id: &str| verdicts.iter().find(|(paper, _)| paper == id).map(|(_, v)| *v);
    let asked = papers_asked(package, dossier.channel, dossier.case.as_deref());
    let missing: Vec<String> =
        asked.iter().filter(|p| verdict(&p.id) == Some(Verdict::Missing)).map(|p| p.name.clone()).collect();
    if !missing.is_empty() {
        return Err(Objection::PapersMissing { papers: missing });
    }
    let unchecked: Vec<String> =
        asked.into_iter().filter(|p| is_required(p) && !p.by_form && verdict(&p.id).is_none()).map(|p| p.name.clone()).collect();
    if !unchecked.is_empty() {
        return Err(Objection::PapersUnchecked { papers: unchecked });
    }
    Ok(())
}

/// Must it be there before a dossier is accepted?
pub fn is_required(paper: &PaperRow) -> bool {
    matches!(paper.kind, PaperKind::Submit | PaperKind::Present)
}

/// Papers asked of a filing of this channel and case: what its desk checks, what form 02 may name. Remarks are no papers.
pub fn papers_asked<'p>(package: &'p Package, channel: Channel, case: Option<&str>) -> Vec<&'p PaperRow> {
    let fits = |p: &&PaperRow| {
        p.kind != PaperKind::Note
            && (p.case.is_none() || p.case.as_deref() == case)
            && (p.channels.is_empty() || p.channels.contains(&channel))
    };
    package.papers.iter().filter(fits).collect()
}

/// Keeps the desk's finding about one of the papers `asked`.
///
/// Form 01 names the papers found good as received: of those that came online, none is that is among the `unseen`, of which there is nothing.
pub fn check_paper(
    dossier: &Dossier,
    paper: &str,
    verdict: Verdict,
    asked: &[&str],
    unseen: &[&str],
    facts: &Facts<'_>,
) -> Result<Event, Objection> {
    dossier.must_be(State::Submitted)?;
    if !asked.contains(&paper) {
        return Err(Objection::PaperNotAsked);
    }
    if verdict == Verdict::Good && dossier.channel == Channel::Online && unseen.contains(&paper) {
        return Err(Objection::NothingSeen);
    }
    Ok(Event::PaperChecked { happened_at: facts.fact(dossier)?, paper: paper.to_owned(), verdict, late_reason: facts.late() })
}

/// Papers that somebody brought to the desk because form 02 asked for them: the desk saw them, whether or not it made a file of them.
pub fn brought_to_desk<'e>(happened: impl IntoIterator<Item = &'e Event>) -> BTreeSet<String> {
    let (mut open, mut brought) = (BTreeSet::new(), BTreeSet::new());
    for event in happened {
        match event {
            Event::SupplementRequested { items, .. } => open = items.iter().map(|item| item.paper.clone()).collect(),
            Event::Supplemented { at_desk: true, .. } => brought.append(&mut open),
            _ => {}
        }
    }
    brought
}

/// Asks the applicant to complete the filing (form 02): one full list of papers it is `asked` for, a reason and a ground per item (OS-11).
pub fn request_supplement(
    dossier: &Dossier,
    items: Vec<SupplementItem>,
    asked: &[&str],
    facts: &Facts<'_>,
) -> Result<Event, Objection> {
    dossier.must_be(State::Submitted)?;
    let happened_at = facts.fact(dossier)?;
    if items.is_empty() {
        return Err(Objection::NothingAsked);
    }
    if items.iter().any(|i| i.reason.trim().is_empty() || i.ground.trim().is_empty()) {
        return Err(Objection::ItemWithoutGround);
    }
    if items.iter().any(|i| is_long(&i.reason) || is_long(&i.ground)) {
        return Err(Objection::TooLong);
    }
    if items.iter().any(|i| !asked.contains(&i.paper.as_str())) {
        return Err(Objection::PaperNotAsked);
    }
    Ok(Event::SupplementRequested { happened_at, items, late_reason: facts.late() })
}

/// A file for an item of the open form 02, from the applicant or scanned at the desk.
pub fn add_supplement(
    dossier: &Dossier,
    paper: &str,
    open: &[SupplementItem],
    attachment: Uuid,
    facts: &Facts<'_>,
) -> Result<Event, Objection> {
    dossier.must_be(State::AwaitingSupplement)?;
    if !open.iter().any(|item| item.paper == paper) {
        return Err(Objection::PaperNotAsked);
    }
    Ok(Event::FileAdded { happened_at: facts.fact(dossier)?, attachment, late_reason: facts.late() })
}

/// The applicant has sent what form 02 asked for; the desk's check starts again (OS-13).
///
/// Objects while an item of the `open` form has nothing of `brought`: form 02 is one full list, and so is its answer.
pub fn supplement(
    dossier: &Dossier,
    open: &[SupplementItem],
    brought: &BTreeSet<String>,
    facts: &Facts<'_>,
) -> Result<Event, Objection> {
    dossier.must_be(State::AwaitingSupplement)?;
    let happened_at = facts.fact(dossier)?;
    let missing: Vec<String> = open.iter().filter(|i| !brought.contains(&i.paper)).map(|i| facts.paper_name(&i.paper)).collect();
    if !missing.is_empty() {
        return Err(Objection::SupplementIncomplete { papers: missing });
    }
    let check_due_at = check_due(facts.calendar, happened_at)?;
    Ok(Event::Supplemented { happened_at, check_due_at, at_desk: false, late_reason: facts.late() })
}

/// The desk receives what form 02 asked for, from whoever brings it: nobody needs a telephone or an account for that. What it takes in, it
/// has looked at, so each item is found good with it.
pub fn receive_supplement(
    dossier: &Dossier,
    open: &[SupplementItem],
    brought: &BTreeSet<String>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Objection> {
    let Event::Supplemented { happened_at, check_due_at, late_reason, .. } = supplement(dossier, open, brought, facts)? else {
        return Err(Objection::OtherStep);
    };
    if brought.iter().any(|paper| open.iter().all(|item| item.paper != *paper)) {
        return Err(Objection::PaperNotAsked);
    }
    let good = |item: &SupplementItem| Event::PaperChecked {
        happened_at,
        paper: item.paper.clone(),
        verdict: Verdict::Good,
        late_reason: late_reason.clone(),
    };
    let found: Vec<Event> = open.iter().map(good).collect();
    let supplemented = Event::Supplemented { happened_at, check_due_at, at_desk: true, late_reason };
    Ok([supplemented].into_iter().chain(found).collect())
}

/// When an online filing must be checked: 8 working hours after the system received it (OS-13).
pub fn check_due(calendar: &WorkCalendar, received: Moment) -> Result<Moment, Objection> {
    calendar.add_working(received, SignedDuration::from_hours(CHECK_WORKING_HOURS)).ok_or(Objection::BeyondCalendar)
}

/// A unit somebody names as competent.
#[derive(Clone, Copy, Debug)]
pub struct Agency<'a> {
    /// The unit.
    pub id: Uuid,
    /// Its place in the tree.
    pub path: &'a str,
    /// What it is.
    pub kind: UnitKind,
    /// It exists when it is named.
    pub in_force: bool,
}

impl<'a> Agency<'a> {
    /// A unit as it is at a moment.
    pub fn of(unit: &'a Unit, at: Moment) -> Agency<'a> {
        Agency { id: unit.id.0, path: &unit.path, kind: unit.kind, in_force: unit.in_force(at) }
    }

    /// Desks and centres receive, divisions act for their agency: none of them decides in its own name.
    fn decides(&self) -> bool {
        self.in_force && !self.kind.receives() && self.kind != UnitKind::Division
    }

    /// May it be competent for a procedure: does it decide at all, and at a level at which this version is decided (OS-05)?
    fn may_decide(&self, package: &Package) -> Result<(), Objection> {
        match (self.decides(), is_of_level(self.kind, package)) {
            (false, _) => Err(Objection::NotAnAgency),
            (true, false) => Err(Objection::OtherLevel),
            (true, true) => Ok(()),
        }
    }
}

/// Does such a unit belong to a level at which the procedure is decided? A record that names no level leaves it open.
pub fn is_of_level(kind: UnitKind, package: &Package) -> bool {
    let level = match kind {
        UnitKind::Commune => Level::Commune,
        UnitKind::Vertical => Level::Ministry,
        _ => Level::Province,
    };
    package.levels.is_empty() || package.levels.contains(&level)
}

/// The commune an officer chose at the counter: one that is there at that moment. Any other unit is named by whoever heads the desk.
pub fn chosen_commune(unit: &Agency<'_>, package: &Package) -> Result<(), Objection> {
    unit.may_decide(package)?;
    if unit.kind == UnitKind::Commune { Ok(()) } else { Err(Objection::OtherLevel) }
}

/// When somebody was received at a desk that is there since `desk_since`, by a version of the procedure.
///
/// Objects to a moment of the future, to one before the desk or the version began, and to one that is older than any late entry may be: it
/// would number a dossier among those of a day on which nobody could have received it.
pub fn received_then(when: &When, desk_since: Moment, package: &Package) -> Result<(), Objection> {
    let before_version = package.decision.effective_from.is_some_and(|day| when.happened_at.date() < day);
    if when.happened_at.since(when.recorded_at) >= SLACK {
        Err(Objection::ImpossibleTime)
    } else if when.is_too_old() {
        Err(Objection::TooOld)
    } else if when.happened_at < desk_since || before_version {
        Err(Objection::BeforeBeginning)
    } else {
        Ok(())
    }
}

/// A supervisor names the competent unit, where the rules could not find it or found the wrong one (OS-05); `note` holds the reason.
///
/// Only before work has begun: a dossier that was passed on goes back to its first step first. The unit is of a level at which the version
/// is decided. A change of unit says why.
pub fn determine_competence(
    dossier: &Dossier,
    unit: &Agency<'_>,
    reason: &str,
    note: Uuid,
    facts: &Facts<'_>,
) -> Result<Event, Objection> {
    match dossier.state {
        State::Submitted | State::AwaitingSupplement => {}
        State::InProgress if dossier.step == Some(0) => {}
        State::InProgress => return Err(Objection::WorkHasBegun),
        is => return Err(Objection::NotIn { is, needs: State::InProgress }),
    }
    let happened_at = facts.fact(dossier)?;
    unit.may_decide(facts.package)?;
    if dossier.unit_path.as_deref() == Some(unit.path) {
        return Err(Objection::AlreadyCompetent);
    }
    let is_silent = reason.trim().is_empty();
    if is_silent && dossier.unit_path.is_some() {
        return Err(Objection::ReasonNeeded);
    }
    Ok(Event::CompetenceDetermined { happened_at, unit: unit.id, note: (!is_silent).then_some(note), late_reason: facts.late() })
}

/// The step in hand, when this officer may work on it: it is theirs by role, and nobody else holds it.
pub fn in_hand<'r>(dossier: &Dossier, by: &Officer, route: &'r [Step]) -> Result<&'r Step, Objection> {
    let step = dossier.working_step(route)?;
    if !by.roles.contains(&step.role) {
        return Err(Objection::OtherRole { role: step.role });
    }
    if dossier.assignee.is_some_and(|holder| holder != by.person) {
        return Err(Objection::HeldByAnother);
    }
    Ok(step)
}

/// The step this officer may close by `act` now, and the one entered then.
pub fn turn<'r>(dossier: &Dossier, by: &Officer, act: StepAct, route: &'r [Step]) -> Result<(&'r Step, &'r Step), Objection> {
    if dossier.working_step(route)?.act != act {
        return Err(Objection::OtherStep);
    }
    let step = in_hand(dossier, by, route)?;
    let next = dossier.step.and_then(|i| route.get(i + 1)).ok_or(Objection::OtherStep)?;
    Ok((step, next))
}

/// Takes the current step, which is of one's own role. Nothing happens to what they hold already.
pub fn claim(dossier: &Dossier, by: &Officer, facts: &Facts<'_>) -> Result<Option<Event>, Objection> {
    let step = in_hand(dossier, by, facts.route)?;
    if dossier.assignee.is_some() {
        return Ok(None);
    }
    Ok(Some(Event::Claimed { happened_at: facts.fact(dossier)?, step: step.id.clone(), late_reason: facts.late() }))
}

/// Gives a held step back to everybody of its role: its holder at any time, whoever heads the unit or the desk with a reason that the
/// holder can read in `note`.
pub fn release(dossier: &Dossier, by: &Officer, reason: &str, note: Uuid, facts: &Facts<'_>) -> Result<Event, Objection> {
    let step = dossier.working_step(facts.route)?;
    let holder = dossier.assignee.ok_or(Objection::NotHeld)?;
    let own = holder == by.person;
    if !own && !by.heads {
        return Err(Objection::HeldByAnother);
    }
    let happened_at = facts.fact(dossier)?;
    let is_silent = reason.trim().is_empty();
    if is_silent && !own {
        return Err(Objection::ReasonNeeded);
    }
    Ok(Event::Released {
        happened_at,
        step: step.id.clone(),
        holder,
        note: (!is_silent).then_some(note),
        late_reason: facts.late(),
    })
}

/// A note for colleagues, while the dossier is worked on; its text stays in rows.
pub fn add_note(dossier: &Dossier, text: &str, note: Uuid, facts: &Facts<'_>) -> Result<Event, Objection> {
    dossier.must_be(State::InProgress)?;
    let happened_at = facts.fact(dossier)?;
    if text.trim().is_empty() {
        return Err(Objection::NothingWritten);
    }
    Ok(Event::Noted { happened_at, note, late_reason: facts.late() })
}

/// A file in handling, a draft of the result: only whoever works on the step changes what the next one reads.
pub fn add_file(dossier: &Dossier, by: &Officer, attachment: Uuid, facts: &Facts<'_>) -> Result<Event, Objection> {
    in_hand(dossier, by, facts.route)?;
    Ok(Event::FileAdded { happened_at: facts.fact(dossier)?, attachment, late_reason: facts.late() })
}

/// Closes a processing step and enters the next.
pub fn pass_on(dossier: &Dossier, by: &Officer, facts: &Facts<'_>) -> Result<Event, Objection> {
    let (step, next) = turn(dossier, by, StepAct::Process, facts.route)?;
    let happened_at = facts.fact(dossier)?;
    if dossier.unit_path.is_none() {
        return Err(Objection::NoCompetentUnit);
    }
    Ok(Event::PassedOn {
        happened_at,
        from: step.id.clone(),
        to: next.id.clone(),
        step_due_at: facts.step_due(next, happened_at),
        late_reason: facts.late(),
    })
}

/// Sends the dossier one step back; `note` holds the reason.
pub fn send_back(dossier: &Dossier, by: &Officer, reason: &str, note: Uuid, facts: &Facts<'_>) -> Result<Event, Objection> {
    let step = in_hand(dossier, by, facts.route)?;
    let happened_at = facts.fact(dossier)?;
    let at = dossier.step.filter(|i| *i > 0).ok_or(Objection::NoStepBefore)?;
    if reason.trim().is_empty() {
        return Err(Objection::ReasonNeeded);
    }
    let before = &facts.route[at - 1];
    Ok(Event::SentBack {
        happened_at,
        from: step.id.clone(),
        to: before.id.clone(),
        note,
        step_due_at: facts.step_due(before, happened_at),
        late_reason: facts.late(),
    })
}

/// Whether this officer may decide: it is their turn, and nothing in it is their own work.
pub fn may_decide<'r>(dossier: &Dossier, by: &Officer, route: &'r [Step]) -> Result<(&'r Step, &'r Step), Objection> {
    let at = turn(dossier, by, StepAct::Approve, route)?;
    if dossier.authors.contains(&by.person) { Err(Objection::OwnWork) } else { Ok(at) }
}

/// Approves, or rejects with a reason. Nobody decides on their own work, however many others worked on it since.
pub fn resolve(
    dossier: &Dossier,
    by: &Officer,
    outcome: Outcome,
    reason: &str,
    note: Option<Uuid>,
    facts: &Facts<'_>,
) -> Result<Event, Objection> {
    let (step, next) = may_decide(dossier, by, facts.route)?;
    let happened_at = facts.fact(dossier)?;
    if outcome == Outcome::Rejected && reason.trim().is_empty() {
        return Err(Objection::ReasonNeeded);
    }
    Ok(Event::Decided {
        happened_at,
        outcome,
        note,
        from: step.id.clone(),
        to: next.id.clone(),
        step_due_at: facts.step_due(next, happened_at),
        late_reason: facts.late(),
    })
}

/// Issues the result under the `number` the unit's own register gave it: from here the dossier counts as resolved (OS-20).
pub fn issue(dossier: &Dossier, by: &Officer, attachment: Uuid, number: &str, facts: &Facts<'_>) -> Result<Event, Objection> {
    turn(dossier, by, StepAct::Issue, facts.route)?;
    let happened_at = facts.fact(dossier)?;
    let due_at = dossier.due_at.ok_or(Objection::OtherStep)?;
    dossier.outcome.ok_or(Objection::OtherStep)?;
    let number = number.trim();
    if number.chars().count() > MOST_NUMBER {
        return Err(Objection::TooLong);
    }
    Ok(Event::Issued {
        happened_at,
        attachment,
        number: (!number.is_empty()).then(|| number.to_owned()),
        signed: false,
        on_time: happened_at <= due_at,
        late_reason: facts.late(),
    })
}

/// Hands the result over.
pub fn return_result(dossier: &Dossier, channel: ResultChannel, facts: &Facts<'_>) -> Result<Event, Objection> {
    dossier.must_be(State::Issued)?;
    Ok(Event::Returned { happened_at: facts.fact(dossier)?, channel, late_reason: facts.late() })
}

/// The applicant rates, once, after the result was issued (OS-50): by the citizen only, so that no officer enters it for them.
pub fn rate(dossier: &Dossier, score: u8, facts: &Facts<'_>) -> Result<Event, Objection> {
    if !matches!(dossier.state, State::Issued | State::Returned) {
        return Err(Objection::NotIn { is: dossier.state, needs: State::Returned });
    }
    if dossier.rated {
        return Err(Objection::AlreadyRated);
    }
    if !(1..=5).contains(&score) {
        return Err(Objection::ScoreOutOfRange);
    }
    Ok(Event::Rated { happened_at: facts.fact(dossier)?, score })
}

fn is_long(text: &str) -> bool {
    text.chars().count() > MOST_LETTERS
}

/// How far two clocks may stand apart, and how far a minute typed by hand may lie before the act of the same minute.
const SLACK: SignedDuration = SignedDuration::from_mins(1);

impl Facts<'_> {
    /// When the fact was, for the record.
    ///
    /// Objects to a fact of the future, to one before the last act that moved the dossier (a date never makes a term look kept), to one
    /// older than [`When::MOST_DAYS_LATE`], and to an entry more than [`When::TOLERANCE_MINUTES`] late that does not say why.
    fn fact(&self, dossier: &Dossier) -> Result<Moment, Objection> {
        let When { happened_at, recorded_at, .. } = self.when;
        if happened_at.since(recorded_at) >= SLACK {
            return Err(Objection::ImpossibleTime);
        }
        if dossier.last_at.since(happened_at) >= SLACK {
            return Err(Objection::BeforeLastAct);
        }
        if self.when.is_too_old() {
            return Err(Objection::TooOld);
        }
        let why = self.when.reason.as_deref().map(str::trim).unwrap_or_default();
        if self.when.gap_minutes() > When::TOLERANCE_MINUTES && why.is_empty() {
            return Err(Objection::LateEntryNeedsReason);
        }
        if is_long(why) {
            return Err(Objection::TooLong);
        }
        Ok(happened_at.min(recorded_at).max(dossier.last_at))
    }

    /// Why it was entered late, if that was said.
    fn late(&self) -> Option<String> {
        self.when.reason.as_deref().map(str::trim).filter(|why| !why.is_empty()).map(base::text::nfc)
    }

    /// A step's own due time from the moment it is entered, when minutes are allotted to it.
    fn step_due(&self, step: &Step, entered: Moment) -> Option<Moment> {
        let span = SignedDuration::from_mins(i64::from(step.minutes));
        if span.is_zero() { None } else { self.calendar.add_working(entered, span) }
    }

    /// What a paper is called, for the person who has to bring it.
    fn paper_name(&self, id: &str) -> String {
        self.package.papers.iter().find(|p| p.id == id).map_or_else(|| id.to_owned(), |p| p.name.clone())
    }
}

impl Dossier {
    fn must_be(&self, needs: State) -> Result<(), Objection> {
        if self.state == needs { Ok(()) } else { Err(Objection::NotIn { is: self.state, needs }) }
    }

    fn working_step<'r>(&self, route: &'r [Step]) -> Result<&'r Step, Objection> {
        self.must_be(State::InProgress)?;
        self.current(route).ok_or(Objection::OtherStep)
    }
}
