//! Dossiers for an auditor, through the port of `audit`: found, drawn from, complete, and as they were on a date.

use crate::dossier::{State, route};
use crate::events::Event;
use crate::row::DossierRow;
use crate::service::canonical;
use crate::sql::{dossiers, evidence as sql, papers};
use crate::story::{Happened, Place, story};
use audit::files::{AsOf, Case, Content, Files, Told};
use base::Moment;
use catalogue::VersionId;
use directory::UnitId;
use serde_json::json;
use std::collections::BTreeSet;
use store::{Error, FileId, Read};
use uuid::Uuid;
use web::{Words, raw, words};

/// Gives dossiers to the evidence.
#[derive(Clone, Copy, Debug)]
pub struct Dossiers;

impl Files for Dossiers {
    fn by_code<'a>(&'a self, tx: &'a Read<'_>, code: &'a str) -> Told<'a, Option<Case>> {
        Box::pin(async move { Ok(dossiers::by_code(tx, &canonical(code)).await?.map(case)) })
    }

    fn by_id<'a>(&'a self, tx: &'a Read<'_>, id: Uuid) -> Told<'a, Option<Case>> {
        Box::pin(async move { Ok(dossiers::by_id(tx, id).await?.map(case)) })
    }

    fn by_ids<'a>(&'a self, tx: &'a Read<'_>, ids: &'a [Uuid]) -> Told<'a, Vec<Case>> {
        Box::pin(async move { Ok(dossiers::by_ids(tx, ids).await?.into_iter().map(case).collect()) })
    }

    fn filed<'a>(&'a self, tx: &'a Read<'_>, unit_path: &'a str, from: Moment, to: Moment) -> Told<'a, Vec<Uuid>> {
        Box::pin(async move { sql::filed(tx, unit_path, from, to).await })
    }

    fn complete<'a>(&'a self, tx: &'a Read<'_>, id: Uuid) -> Told<'a, Vec<(String, Content)>> {
        Box::pin(complete(tx, id))
    }

    fn as_of<'a>(&'a self, tx: &'a Read<'_>, id: Uuid, at: Moment) -> Told<'a, Option<AsOf>> {
        Box::pin(as_of(tx, id, at))
    }
}

fn case(row: DossierRow) -> Case {
    Case {
        id: row.id,
        code: row.name_code().to_owned(),
        unit_path: row.unit_path.unwrap_or(row.desk_path),
        unit_name: row.unit_name.unwrap_or(row.desk_name),
        title: row.procedure_name,
        owner: row.owner,
        filed_at: row.submitted_at,
    }
}

/// Everything a dossier holds now: one text for programs, and each file as it was given.
async fn complete(tx: &Read<'_>, id: Uuid) -> Result<Vec<(String, Content)>, Error> {
    let Some(row) = dossiers::by_id(tx, id).await? else { return Ok(vec![]) };
    let asked = papers::papers(tx, id).await?;
    let papers::Added { files, notes, supplements } = papers::added(tx, id).await?;
    let mut all = vec![];
    let mut listed = vec![];
    for (n, file) in files.iter().enumerate() {
        // names come from people: no folder of theirs, no way out of the archive
        let name = format!("giay-to/{:02}-{}", n + 1, file.name.replace(['/', '\\'], "_"));
        listed.push(
            json!({ "file": name, "paper": file.paper, "role": file.role, "sha256": file.sha256, "added_at": file.added_at }),
        );
        if let Some(kept) = store::file(tx, FileId(file.file)).await? {
            all.push((name, Content::Kept(kept)));
        }
    }
    // a text that somebody spoilt goes along as it is
    let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap_or_else(|_| text.into());
    let text = json!({
        "id": row.id,
        "filing_code": row.filing_code,
        "code": row.code,
        "state": row.state,
        "procedure": { "code": row.procedure_code, "version": row.procedure_version, "name": row.procedure_name },
        "channel": row.channel,
        "desk": row.desk_name,
        "unit": row.unit_name,
        "step": row.step_name,
        "assignee": row.assignee_name,
        "applicant": {
            "name": row.applicant_name, "id": row.applicant_id, "birth": row.applicant_birth, "sex": row.applicant_sex,
            "phone": row.applicant_phone, "email": row.applicant_email, "address": row.applicant_address,
        },
        "submitter": row.submitter_name,
        "answers": parsed(&row.answers),
        "submitted_at": row.submitted_at,
        "accepted_at": row.accepted_at,
        "due_at": row.due_at,
        "calculation": row.calculation.as_deref().map(parsed),
        "fee": {
            "amount": row.fee_due, "note": row.fee_note, "rows": row.fee_rows.as_deref().map(parsed), "paid_at": row.fee_paid_at,
        },
        "outcome": row.outcome,
        "issued_at": row.issued_at,
        "on_time": row.on_time,
        "returned_at": row.returned_at,
        "papers": asked.iter().map(|p| json!({ "paper": p.paper, "name": p.name, "verdict": p.verdict })).collect::<Vec<_>>(),
        "files": listed,
        "notes": notes.iter().map(|n| json!({ "at": n.at, "by": n.by_name, "kind": n.kind, "text": n.text })).collect::<Vec<_>>(),
        "supplements": supplements.iter().map(|s| json!({ "round": s.round, "at": s.requested_at, "by": s.requested_by, "items": parsed(&s.items), "answered_at": s.answered_at })).collect::<Vec<_>>(),
        "rating": papers::rating(tx, id).await?.map(|(score, comment)| json!({ "score": score, "comment": comment })),
    });
    all.insert(0, ("ho-so.json".into(), Content::Bytes(serde_json::to_vec_pretty(&text)?)));
    Ok(all)
}

/// The events until then, told again: what they changed since is undone by not hearing it.
async fn as_of(tx: &Read<'_>, id: Uuid, at: Moment) -> Result<Option<AsOf>, Error> {
    let Some(now) = dossiers::by_id(tx, id).await? else { return Ok(None) };
    let happened: Vec<Happened> = store::events::<Event>(tx, id)
        .await?
        .into_iter()
        .filter(|e| e.at < at)
        .map(|e| Happened { recorded_at: e.at, by: e.who, event: e.event })
        .collect();
    if happened.is_empty() {
        return Ok(None);
    }
    let version = catalogue::frozen(tx, VersionId(now.procedure_version)).await.map_err(|e| Error::Value(e.to_string()))?;
    let people: BTreeSet<Uuid> = happened.iter().map(|h| h.by).collect();
    let names = directory::names(tx, &people, &BTreeSet::new(), at).await?.people;
    let steps = route(&version.package);
    let mut row = as_filed(now);
    for h in &happened {
        if let Event::Submitted { unit, .. } = &h.event {
            row.unit = *unit;
        }
        row.apply(&h.event, names.get(&h.by).map(|name| (h.by, name.as_str())), &steps);
    }
    let unit = match row.unit {
        // as it was called then
        Some(unit) => directory::form_at(tx, UnitId(unit), at).await?.map(|form| form.name),
        None => None,
    };
    let lines = story(&row, &happened, &steps, true);
    let said = |line: &crate::story::Line| line.args.iter().fold(words(line.said), |said, arg| said.with(arg));
    let present = lines.iter().find(|l| l.place == Place::Now).map(said);
    let mut facts: Vec<(Words, Words)> = vec![(words("Mã hồ sơ"), raw(row.name_code()))];
    facts.push((words("Tình trạng"), present.unwrap_or_else(|| words("Đã trả kết quả"))));
    facts.extend(unit.map(|name| (words("Cơ quan giải quyết"), raw(name))));
    facts.extend(row.due_at.map(|due| (words("Hạn trả"), time(due))));
    facts.extend(row.assignee_name.as_ref().map(|name| (words("Người đang giữ"), raw(name))));
    let happened = lines.iter().filter(|l| l.place == Place::Done).filter_map(|l| Some((l.at?, said(l)))).collect();
    let files = papers::added(tx, id).await?.files;
    let papers = files.into_iter().filter(|f| f.added_at < at).map(|f| f.name).collect();
    Ok(Some(AsOf { facts, happened, papers }))
}

fn time(at: Moment) -> Words {
    web::i18n::figures(move |lang| base::wording::date_time(at, lang))
}

/// The dossier on the day it was filed: everything that events bring is not there yet.
pub fn as_filed(mut row: DossierRow) -> DossierRow {
    row.state = State::Submitted.as_str().to_owned();
    (row.procedure_version, row.filed_version) = (row.filed_version().0, None);
    (row.code, row.term_row, row.outcome, row.calculation) = (None, None, None, None);
    (row.unit, row.unit_name) = (None, None);
    (row.step, row.step_name, row.step_role, row.step_due_at, row.step_at_desk) = (None, None, None, None, false);
    (row.assignee, row.assignee_name) = (None, None);
    row.authors.clear();
    (row.accepted_at, row.accepted_by_name, row.due_at) = (None, None, None);
    (row.issued_at, row.on_time, row.returned_at, row.result_number) = (None, None, None, None);
    (row.fee_due, row.fee_note, row.fee_rows, row.fee_paid_at) = (None, None, None, None);
    row.rated = false;
    row
}
