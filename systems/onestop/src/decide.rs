//! Every rule of the one-stop: command + dossier + facts → events, or an [`Objection`]. Pure; no clock, no database.

use crate::dossier::{Dossier, Officer, Outcome, ResultChannel, State, SupplementItem, Verdict, When};
use crate::events::Event;
use crate::objection::Objection;
use base::calendar::WorkCalendar;
use base::due::{Calculation, DuePolicy, Term, TermUnit};
use base::{DossierCode, Moment};
use catalogue::VersionId;
use catalogue::package::{Channel, Package, PaperKind, Step, StepAct, TermRow};
use jiff::SignedDuration;
use uuid::Uuid;

/// Working hours within which an online filing is checked (OS-13).
pub const CHECK_WORKING_HOURS: i64 = 8;

/// What a rule may know besides the dossier.
pub struct Facts<'a> {
    /// Fact and entry time of this act.
    pub when: When,
    /// The version in force for this dossier.
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
    /// The procedure is on the list received at this desk (OS-08).
    pub received_here: bool,
    /// Term row chosen by the officer, when several fit.
    pub term: Option<&'a str>,
    /// Verdict on each paper id.
    pub verdicts: &'a [(String, Verdict)],
}

/// An acceptance that only lacks its number; numbers come last.
#[derive(Debug)]
pub struct Acceptance {
    /// Row of terms used.
    pub term: TermRow,
    /// How the due time came about, shown to everyone.
    pub calculation: Calculation,
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
/// Freezes the procedure version and computes the due time. Objects when the procedure is not received at this desk (OS-08), when its term
/// is open, and when papers are missing or unchecked: missing papers lead to form 02, never to a refusal (OS-11).
pub fn accept(dossier: &Dossier, check: &AcceptanceCheck<'_>, facts: &Facts<'_>) -> Result<Acceptance, Objection> {
    dossier.must_be(State::Submitted)?;
    facts.possible_after(dossier.submitted_at)?;
    if !check.received_here {
        return Err(Objection::NotReceivedHere);
    }
    papers_in_order(dossier, check, facts.package)?;
    let term = term_row(dossier, facts.package, check.term)?;
    let calculation = calculate(&term, facts.when.happened_at, facts)?;
    let first = facts.route.first().ok_or(Objection::OtherStep)?;
    Ok(Acceptance {
        step_due_at: facts.step_due(first),
        step: first.id.clone(),
        happened_at: facts.when.happened_at,
        version: facts.version,
        case: dossier.case.clone(),
        late_reason: facts.when.reason.clone(),
        term,
        calculation,
    })
}

/// The due time of a row, accepted at `start`. A same-day procedure ends the same day, after the cut-off hour the next working day (OS-14).
pub fn calculate(term: &TermRow, start: Moment, facts: &Facts<'_>) -> Result<Calculation, Objection> {
    let (Some(value), Some(unit)) = (term.value, term.unit) else { return Err(Objection::TermNotSettled) };
    // a same-day procedure may have longer rows too (1.004859): only its one-day rows end the same day
    let allowance = if facts.package.same_day && (value, unit) == (1, TermUnit::WorkingDay) {
        Term::SameDay
    } else {
        Term::new(value, unit).map_err(|_| Objection::TermNotSettled)?
    };
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

/// [`term_row`] before there is a dossier.
pub fn term_for(package: &Package, channel: Channel, case: Option<&str>, chosen: Option<&str>) -> Result<TermRow, Objection> {
    match (fitting_terms(package, channel, case).as_slice(), chosen) {
        ([], _) => Err(Objection::TermNotSettled),
        (rows, Some(id)) => rows.iter().find(|t| t.id == id).map(|t| (*t).clone()).ok_or(Objection::ChooseTerm),
        ([one], None) => Ok((*one).clone()),
        (rows, None) if rows.iter().all(|t| (t.value, t.unit) == (rows[0].value, rows[0].unit)) => Ok(rows[0].clone()),
        _ => Err(Objection::ChooseTerm),
    }
}

fn papers_in_order(dossier: &Dossier, check: &AcceptanceCheck<'_>, package: &Package) -> Result<(), Objection> {
    let verdict = |id: &str| check.verdicts.iter().find(|(paper, _)| paper == id).map(|(_, v)| *v);
    let asked = |p: &&catalogue::package::PaperRow| {
        matches!(p.kind, PaperKind::Submit | PaperKind::Present)
            && !p.by_form
            && (p.case.is_none() || p.case == dossier.case)
            && (p.channels.is_empty() || p.channels.contains(&dossier.channel))
    };
    let missing: Vec<String> =
        package.papers.iter().filter(|p| verdict(&p.id) == Some(Verdict::Missing)).map(|p| p.name.clone()).collect();
    if !missing.is_empty() {
        return Err(Objection::PapersMissing { papers: missing });
    }
    let unchecked: Vec<String> =
        package.papers.iter().filter(asked).filter(|p| verdict(&p.id).is_none()).map(|p| p.name.clone()).collect();
    if !unchecked.is_empty() {
        return Err(Objection::PapersUnchecked { papers: unchecked });
    }
    Ok(())
}

/// Asks the applicant to complete the filing (form 02): one full list, a reason and a ground per item (OS-11).
pub fn request_supplement(dossier: &Dossier, items: Vec<SupplementItem>, facts: &Facts<'_>) -> Result<Event, Objection> {
    dossier.must_be(State::Submitted)?;
    facts.possible_after(dossier.submitted_at)?;
    if items.is_empty() {
        return Err(Objection::NothingAsked);
    }
    if items.iter().any(|i| i.reason.trim().is_empty() || i.ground.trim().is_empty()) {
        return Err(Objection::ItemWithoutGround);
    }
    Ok(Event::SupplementRequested { happened_at: facts.when.happened_at, items, late_reason: facts.when.reason.clone() })
}

/// The applicant hands in what form 02 asked for; the desk's check starts again (OS-13).
pub fn supplement(dossier: &Dossier, facts: &Facts<'_>) -> Result<Event, Objection> {
    dossier.must_be(State::AwaitingSupplement)?;
    let check_due_at = check_due(facts.calendar, facts.when.happened_at)?;
    Ok(Event::Supplemented { happened_at: facts.when.happened_at, check_due_at })
}

/// When an online filing must be checked: 8 working hours after the system received it (OS-13).
pub fn check_due(calendar: &WorkCalendar, received: Moment) -> Result<Moment, Objection> {
    calendar.add_working(received, SignedDuration::from_hours(CHECK_WORKING_HOURS)).ok_or(Objection::BeyondCalendar)
}

/// A supervisor names the competent unit when the rules could not find it (OS-05).
pub fn determine_competence(dossier: &Dossier, unit: Uuid, facts: &Facts<'_>) -> Result<Event, Objection> {
    if !matches!(dossier.state, State::Submitted | State::InProgress) {
        return Err(Objection::NotIn { is: dossier.state, needs: State::InProgress });
    }
    Ok(Event::CompetenceDetermined { happened_at: facts.when.happened_at, unit })
}

/// Takes the current step.
pub fn claim(dossier: &Dossier, by: &Officer, facts: &Facts<'_>) -> Result<Event, Objection> {
    let step = dossier.working_step(facts.route)?;
    if dossier.assignee.is_some_and(|holder| holder != by.person) {
        return Err(Objection::HeldByAnother);
    }
    Ok(Event::Claimed { happened_at: facts.when.happened_at, step: step.id.clone() })
}

/// Closes a processing step and enters the next.
pub fn pass_on(dossier: &Dossier, by: &Officer, facts: &Facts<'_>) -> Result<Event, Objection> {
    let (step, next) = dossier.step_and_next(facts.route, StepAct::Process)?;
    dossier.held_by(by)?;
    facts.entered_properly(dossier)?;
    if dossier.unit_path.is_none() {
        return Err(Objection::NoCompetentUnit);
    }
    Ok(Event::PassedOn {
        happened_at: facts.when.happened_at,
        from: step.id.clone(),
        to: next.id.clone(),
        step_due_at: facts.step_due(next),
        late_reason: facts.when.reason.clone(),
    })
}

/// Sends the dossier one step back; `note` holds the reason.
pub fn send_back(dossier: &Dossier, by: &Officer, reason: &str, note: Uuid, facts: &Facts<'_>) -> Result<Event, Objection> {
    let step = dossier.working_step(facts.route)?;
    dossier.held_by(by)?;
    facts.entered_properly(dossier)?;
    if reason.trim().is_empty() {
        return Err(Objection::ReasonNeeded);
    }
    let at = dossier.step.filter(|i| *i > 0).ok_or(Objection::NoStepBefore)?;
    let before = &facts.route[at - 1];
    Ok(Event::SentBack {
        happened_at: facts.when.happened_at,
        from: step.id.clone(),
        to: before.id.clone(),
        note,
        step_due_at: facts.step_due(before),
    })
}

/// Approves, or rejects with a reason. Nobody approves their own work.
pub fn resolve(
    dossier: &Dossier,
    by: &Officer,
    outcome: Outcome,
    reason: &str,
    note: Option<Uuid>,
    facts: &Facts<'_>,
) -> Result<Event, Objection> {
    let (step, next) = dossier.step_and_next(facts.route, StepAct::Approve)?;
    dossier.held_by(by)?;
    facts.entered_properly(dossier)?;
    if dossier.processed_by == Some(by.person) {
        return Err(Objection::OwnWork);
    }
    if outcome == Outcome::Rejected && reason.trim().is_empty() {
        return Err(Objection::ReasonNeeded);
    }
    Ok(Event::Decided {
        happened_at: facts.when.happened_at,
        outcome,
        note,
        from: step.id.clone(),
        to: next.id.clone(),
        step_due_at: facts.step_due(next),
        late_reason: facts.when.reason.clone(),
    })
}

/// Issues the result: from here the dossier counts as resolved (OS-20).
pub fn issue(dossier: &Dossier, by: &Officer, attachment: Uuid, facts: &Facts<'_>) -> Result<Event, Objection> {
    dossier.step_and_next(facts.route, StepAct::Issue)?;
    dossier.held_by(by)?;
    facts.entered_properly(dossier)?;
    let due_at = dossier.due_at.ok_or(Objection::OtherStep)?;
    dossier.outcome.ok_or(Objection::OtherStep)?;
    Ok(Event::Issued {
        happened_at: facts.when.happened_at,
        attachment,
        signed: false,
        on_time: facts.when.happened_at <= due_at,
        late_reason: facts.when.reason.clone(),
    })
}

/// Hands the result over.
pub fn return_result(dossier: &Dossier, channel: ResultChannel, facts: &Facts<'_>) -> Result<Event, Objection> {
    dossier.must_be(State::Issued)?;
    facts.possible_after(dossier.issued_at.unwrap_or(dossier.submitted_at))?;
    Ok(Event::Returned { happened_at: facts.when.happened_at, channel, late_reason: facts.when.reason.clone() })
}

/// The applicant rates, once, after the result was issued (OS-50; by the citizen only, W22).
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
    Ok(Event::Rated { happened_at: facts.when.happened_at, score })
}

impl Facts<'_> {
    /// A step's own due time from now, when minutes are allotted to it.
    pub fn step_due(&self, step: &Step) -> Option<Moment> {
        let span = SignedDuration::from_mins(i64::from(step.minutes));
        if span.is_zero() { None } else { self.calendar.add_working(self.when.happened_at, span) }
    }

    fn possible_after(&self, earlier: Moment) -> Result<(), Objection> {
        let gap = self.when.gap_minutes();
        if gap < 0 || self.when.happened_at < earlier {
            return Err(Objection::ImpossibleTime);
        }
        let explained = self.when.reason.as_deref().is_some_and(|r| !r.trim().is_empty());
        if gap > When::TOLERANCE_MINUTES && !explained {
            return Err(Objection::LateEntryNeedsReason);
        }
        Ok(())
    }

    fn entered_properly(&self, dossier: &Dossier) -> Result<(), Objection> {
        self.possible_after(dossier.submitted_at)
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

    fn step_and_next<'r>(&self, route: &'r [Step], act: StepAct) -> Result<(&'r Step, &'r Step), Objection> {
        let step = self.working_step(route)?;
        if step.act != act {
            return Err(Objection::OtherStep);
        }
        let next = self.step.and_then(|i| route.get(i + 1)).ok_or(Objection::OtherStep)?;
        Ok((step, next))
    }

    fn held_by(&self, by: &Officer) -> Result<(), Objection> {
        if self.assignee.is_some_and(|holder| holder != by.person) { Err(Objection::HeldByAnother) } else { Ok(()) }
    }
}
