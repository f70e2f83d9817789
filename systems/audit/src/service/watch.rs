//! Watching for bulk look-ups, complaints of citizens, samples.
use std::collections::HashMap;

use base::Moment;
use directory::{Cx, PersonId, UnitId, allow};
use jiff::SignedDuration;
use store::{By, Db, Loaded, Read, Write, append};
use uuid::Uuid;

use crate::{
    AuditEvent, Error, Sum,
    acts::{AnswerComplaint, CloseAlarm, Complain, DrawSample, SeeComplaints, SeeSamples},
    decide::{self, Watch},
    files::{Case, Files},
    objection::Objection,
    sql::watch as sql,
    watch::{Alarm, Complaint, LookAtMine, Sample},
};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Raises an alarm for each officer who looked at far more things in this hour or the one before than on their own usual days; answers how
/// many are new.
pub async fn watch(db: &Db, now: Moment, rule: &Watch) -> Result<u64, Error> {
    let this = hour_of(now);
    let from = this.plus(-HOUR);
    let free = i64::from(rule.free);
    let busy = db.read(async move |tx: &Read<'_>| directory::busy_hours(tx, from, now, free).await).await?;
    let mut raised = 0;
    for (officer, hour, looks) in busy {
        let since = hour.plus(SignedDuration::from_hours(-24 * i64::from(rule.days)));
        let (before, actor, top) = db
            .read(async move |tx: &Read<'_>| {
                let before = directory::busiest_hours(tx, officer, since, Moment::from_local(hour.date().at(0, 0, 0, 0))).await?;
                Ok::<_, store::Error>((before, directory::actor(tx, PersonId(officer), hour).await?, top(tx).await?))
            })
            .await?;
        let usual = decide::usual(&before.into_iter().map(|n| u32::try_from(n).unwrap_or(u32::MAX)).collect::<Vec<_>>());
        if !decide::is_bulk(u32::try_from(looks).unwrap_or(u32::MAX), usual, rule) {
            continue;
        }
        let by = By::system(now);
        let held = actor.as_ref().and_then(|a| a.post());
        let (unit_path, unit_name) = held.map_or(top, |h| (h.unit_path.clone(), h.unit_name.clone()));
        let alarm = Alarm {
            id: by.id("alarm", 0),
            officer,
            officer_name: actor.as_ref().map(|a| a.name.clone()).unwrap_or_default(),
            unit_path,
            unit_name,
            hour,
            looks,
            usual: usual.into(),
            raised_at: now,
            closed_at: None,
            closed_by: None,
            reason: None,
        };
        raised += db
            .write(async move |tx: &Write<'_>| {
                if !sql::insert_alarm(tx, &alarm).await? {
                    return Ok::<_, store::Error>(0);
                }
                let event = AuditEvent::AlarmRaised { officer, hour, looks, usual: alarm.usual };
                append(tx, &by, Loaded::new::<AuditEvent>(alarm.id), &[event]).await?;
                Ok(1)
            })
            .await?;
    }
    Ok(raised)
}

/// The unit at the top of the house, path and name: it answers for whoever had no post when the hour began.
async fn top(tx: &Read<'_>) -> Result<(String, String), store::Error> {
    Ok(directory::root(tx).await?.map(|unit| (unit.path, unit.short_name)).unwrap_or_default())
}

fn hour_of(at: Moment) -> Moment {
    Moment::from_micros(at.micros() - at.micros().rem_euclid(3_600_000_000))
}

/// Closes an alarm with a reason; whoever it is about cannot.
pub async fn close_alarm(tx: &Write<'_>, cx: &Cx, id: Uuid, reason: &str) -> Result<(), Error> {
    let alarm = allow::<CloseAlarm>(&cx.who, sql::alarm(tx, id).await?.ok_or(Error::Missing("alarm"))?)?;
    decide::close_alarm(alarm.closed_at, reason)?;
    sql::close_alarm(tx, id, cx.by.now, &cx.who.name, reason).await?;
    append(tx, &cx.by, Loaded::at::<AuditEvent>(id, 1), &[AuditEvent::AlarmClosed {}]).await?;
    Ok(())
}

/// A look at this citizen's data.
pub async fn look_at_mine(tx: &Read<'_>, cx: &Cx, look: Uuid) -> Result<directory::For<Complain>, Error> {
    let look = directory::look(tx, look).await?.ok_or(Error::Missing("look"))?;
    Ok(allow::<Complain>(&cx.who, LookAtMine(look))?)
}

/// A citizen complains about a look at their data.
pub async fn complain(tx: &Write<'_>, cx: &Cx, look: Uuid, words: &str) -> Result<Uuid, Error> {
    let look = look_at_mine(tx, cx, look).await?;
    decide::complain(words)?;
    let about = &look.0;
    let (unit_path, unit_name) = match &about.unit_path {
        Some(path) => (path.clone(), about.unit.clone().unwrap_or_default()),
        None => top(tx).await?,
    };
    let complaint = Complaint {
        id: cx.by.id("complaint", 0),
        look: about.id,
        owner: cx.who.subject.id,
        officer: about.who,
        officer_name: about.name.clone().unwrap_or_default(),
        unit_path,
        unit_name,
        purpose: about.purpose.clone(),
        looked_at: about.at,
        words: words.to_owned(),
        made_at: cx.by.now,
        answer: None,
        answered_at: None,
        answered_by: None,
    };
    if !sql::insert_complaint(tx, &complaint).await? {
        return Err(Objection::Complained.into());
    }
    append(tx, &cx.by, Loaded::new::<AuditEvent>(complaint.id), &[AuditEvent::Complained { look: about.id }]).await?;
    Ok(complaint.id)
}

/// Opens a complaint: the citizen's words are personal, the reading is recorded.
pub async fn see_complaint(tx: &Write<'_>, cx: &Cx, id: Uuid, purpose: &str) -> Result<directory::For<SeeComplaints>, Error> {
    let found = sql::complaint(tx, id).await?.ok_or(Error::Missing("complaint"))?;
    let complaint = allow::<SeeComplaints>(&cx.who, found)?;
    directory::read_recorded(tx, cx, &complaint, directory::About { kind: "complaint", id }, purpose).await?;
    Ok(complaint)
}

/// Answers a complaint; whoever it is about cannot.
pub async fn answer_complaint(tx: &Write<'_>, cx: &Cx, id: Uuid, answer: &str) -> Result<(), Error> {
    let complaint = allow::<AnswerComplaint>(&cx.who, sql::complaint(tx, id).await?.ok_or(Error::Missing("complaint"))?)?;
    decide::answer(complaint.answered_at, answer)?;
    sql::answer(tx, id, cx.by.now, &cx.who.name, answer).await?;
    append(tx, &cx.by, Loaded::at::<AuditEvent>(id, 1), &[AuditEvent::ComplaintAnswered {}]).await?;
    Ok(())
}

/// What a sample is drawn from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// The unit, with all below.
    pub unit: UnitId,
    /// Filed from.
    pub since: Moment,
    /// Filed before.
    pub until: Moment,
    /// The seed.
    pub seed: String,
    /// How many.
    pub wanted: usize,
}

/// A sample that was drawn, and what there is of it today.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The sample.
    pub sample: Sample,
    /// What was drawn, in the order drawn; without the dossier when it is not there any more.
    pub cases: Vec<(Uuid, Option<Case>)>,
    /// All that could be drawn today.
    pub population: Vec<Uuid>,
}

/// Sees a sample again.
pub async fn see_sample(tx: &Read<'_>, cx: &Cx, files: &dyn Files, id: Uuid) -> Result<Seen, Error> {
    let sample = sql::sample(tx, id).await?.ok_or(Error::Missing("sample"))?;
    let sample = allow::<SeeSamples>(&cx.who, sample)?.into_inner();
    let ids = sample.ids();
    let mut found: HashMap<Uuid, Case> = files.by_ids(tx, &ids).await?.into_iter().map(|case| (case.id, case)).collect();
    let cases = ids.into_iter().map(|id| (id, found.remove(&id))).collect();
    let population = files.filed(tx, &sample.unit_path, sample.since, sample.until).await?;
    Ok(Seen { sample, cases, population })
}

/// Draws a sample by its seed and keeps what was drawn, from how many.
pub async fn draw_sample(tx: &Write<'_>, cx: &Cx, files: &dyn Files, of: &Drawing) -> Result<Uuid, Error> {
    let unit = directory::unit(tx, of.unit).await?.ok_or(Error::Missing("unit"))?;
    let unit = allow::<DrawSample>(&cx.who, unit)?;
    let population = files.filed(tx, &unit.path, of.since, of.until).await?;
    decide::draw_sample(&population)?;
    let drawn = decide::draw(&of.seed, &population, of.wanted).iter().map(Uuid::to_string).collect::<Vec<_>>().join(" ");
    let (population_sum, drawn_sum) = (decide::population_sum(&population), Sum::of(&drawn));
    let sample = Sample {
        id: cx.by.id("sample", 0),
        unit_path: unit.path.clone(),
        unit_name: unit.name.clone(),
        seed: of.seed.clone(),
        since: of.since,
        until: of.until,
        population: population.len() as i64,
        population_sum: population_sum.to_string(),
        drawn,
        drawn_at: cx.by.now,
        drawn_by: cx.who.name.clone(),
    };
    sql::insert_sample(tx, &sample).await?;
    let event = AuditEvent::SampleDrawn { population: sample.population, population_sum, drawn_sum };
    append(tx, &cx.by, Loaded::new::<AuditEvent>(sample.id), &[event]).await?;
    Ok(sample.id)
}
