//! The leader's queue: read, decide, and the next opens by itself. Paper and draft stand side by side, the proposal under them.

use super::acting;
use super::dossier::{answered, verdict_badge};
use super::words::urgency;
use crate::acts::Resolve;
use crate::dossier::Verdict;
use crate::objection::Objection;
use crate::row::DossierRow;
use crate::sent::Sent;
use crate::service::{self, Decision, DecisionQueue, Error, Whole};
use crate::sql::papers::Attachment;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::due::left;
use base::{Lang, Moment, wording};
use catalogue::package::StepAct;
use directory::{OfficerDesk, WorkTime};
use http::StatusCode;
use serde::Deserialize;
use store::Write;
use uuid::Uuid;
use web::filters;
use web::ui::field::{Field, area};
use web::ui::list::Facts;
use web::ui::message::{Emptiness, Empty, Notice, empty, notice};
use web::ui::status::{Badge, Status, badge};
use web::{Page, Problem, Words, go, raw, words};

const HERE: &str = "/can-bo/duyet";

/// What the address asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Ask {
    /// The dossier in front.
    pub ho_so: Option<Uuid>,
    /// The paper shown on the left.
    pub giay: Option<Uuid>,
    /// The draft shown on the right.
    pub du_thao: Option<Uuid>,
}

/// The queue.
#[derive(Template)]
#[template(path = "decisions.html")]
pub struct Decisions {
    lines: Vec<Line>,
    front: Option<Front>,
    objection: Option<Notice>,
    done: Empty,
}

struct Line {
    id: Uuid,
    name: String,
    code: String,
    procedure: String,
    due: Badge,
    on: bool,
    opened: bool,
    own: bool,
}

struct Front {
    id: Uuid,
    before: Option<Uuid>,
    next: Option<Uuid>,
    place: Words,
    title: Words,
    code: String,
    mark: Badge,
    papers: Pane,
    drafts: Pane,
    answers: Facts,
    has_answers: bool,
    proposal: Option<Proposal>,
    checks: Vec<(&'static str, Words)>,
    /// What the desk found about each paper.
    checked: Vec<(String, Badge)>,
    /// Why this person cannot approve it.
    why_not: Option<Words>,
    other_act: bool,
    reason: Field,
}

/// One side: what can be looked at, and what is.
struct Pane {
    files: Vec<Tab>,
    shown: Option<Shown>,
}

struct Tab {
    n: usize,
    id: Uuid,
    name: String,
    on: bool,
}

struct Shown {
    id: Uuid,
    name: String,
    about: Words,
    picture: bool,
    pdf: bool,
}

struct Proposal {
    text: String,
    by: String,
    at: String,
}

/// `GET /can-bo/duyet`
pub async fn show(desk: OfficerDesk, time: WorkTime, Query(ask): Query<Ask>) -> Result<Response, Problem> {
    desk.require::<Resolve>().map_err(Error::from)?;
    draw(desk, &time, &ask, None, "").await
}

async fn draw(
    desk: OfficerDesk,
    time: &WorkTime,
    ask: &Ask,
    objection: Option<Objection>,
    typed: &str,
) -> Result<Response, Problem> {
    let (cx, asked) = (desk.cx.clone(), ask.ho_so);
    let queue = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| service::open_decisions(tx, &cx, asked).await)
        .await
        .map_err(Problem::from)?;
    let body = body(&queue, ask, objection.as_ref(), typed, &desk, time);
    let shell = desk
        .shell
        .title(words("Chờ tôi duyệt ({0})").with(queue.rows.len()))
        .current(HERE)
        .main_class("work leader")
        .waiting(HERE, queue.rows.len() as u64);
    Ok(match objection {
        Some(Objection::ReasonNeeded) => Page::faulty(shell, body).into_response(),
        Some(_) => Page::new(shell.failed(true), body).status(StatusCode::CONFLICT).into_response(),
        None => Page::new(shell, body).into_response(),
    })
}

fn body(
    queue: &DecisionQueue,
    ask: &Ask,
    objection: Option<&Objection>,
    typed: &str,
    desk: &OfficerDesk,
    time: &WorkTime,
) -> Decisions {
    let (now, lang) = (desk.cx.by.now, desk.cx.lang);
    let me = desk.cx.who.person.map(|p| p.0);
    let front = queue.whole.as_ref().map(|w| w.row.id);
    Decisions {
        lines: queue
            .rows
            .iter()
            .map(|row| Line {
                id: row.id,
                name: row.applicant_name.clone(),
                code: row.name_code().to_owned(),
                procedure: row.procedure_name.clone(),
                due: due_badge(row, now, time, lang),
                on: Some(row.id) == front,
                opened: queue.opened.contains(&row.id),
                own: row.authors().any(|author| Some(author) == me),
            })
            .collect(),
        front: queue.whole.as_ref().map(|whole| front_of(whole, queue, ask, objection, typed, desk, time)),
        // a missing reason stands beside its field
        objection: objection.filter(|o| **o != Objection::ReasonNeeded).map(said),
        done: empty(
            Emptiness::AllDone,
            words("Không còn hồ sơ nào chờ bạn duyệt"),
            words("Hồ sơ mới hiện ở đây khi công chức trình lên."),
        )
        .heading2()
        .action("/can-bo", words("Về hồ sơ của đơn vị")),
    }
}

fn said(objection: &Objection) -> Notice {
    notice(Status::Bad, words("Chưa làm được việc này")).text(words(objection.said()))
}

fn front_of(
    whole: &Whole,
    queue: &DecisionQueue,
    ask: &Ask,
    objection: Option<&Objection>,
    typed: &str,
    desk: &OfficerDesk,
    time: &WorkTime,
) -> Front {
    let (row, now, lang) = (&whole.row, desk.cx.by.now, desk.cx.lang);
    let at = queue.rows.iter().position(|r| r.id == row.id).unwrap_or(0);
    let of = |role: &'static str| whole.files.iter().filter(move |a| a.role == role).collect::<Vec<_>>();
    let drafts = of("handling");
    let mine = row.authors().any(|author| Some(author) == desk.cx.who.person.map(|p| p.0));
    let other_act = current_act(whole) != Some(StepAct::Approve);
    let reason = area("ly-do", words("Lý do")).rows(3).aside(words("bắt buộc khi trả lại, không giải quyết")).value(typed);
    let proposal = whole.notes.iter().rev().find(|n| n.kind == "note");
    Front {
        id: row.id,
        before: at.checked_sub(1).map(|i| queue.rows[i].id),
        next: queue.rows.get(at + 1).map(|r| r.id),
        place: words("{0} trên {1}").with(at + 1).with(queue.rows.len()),
        title: words("{0}: {1}").with(&row.procedure_name).with(&row.applicant_name),
        code: row.name_code().to_owned(),
        mark: match urgency(row, now, time) {
            Status::Bad => badge(Status::Bad, words("Đã quá hạn")),
            Status::Warn => badge(Status::Warn, words("Sắp đến hạn")),
            _ => badge(Status::Ok, words("Không cảnh báo")),
        },
        papers: pane(&of("paper"), ask.giay, false),
        // the last draft is the one proposed
        drafts: pane(&drafts, ask.du_thao, true),
        answers: answered(whole, false),
        has_answers: whole.filed.package.form.is_some() && row.answers != "{}",
        proposal: proposal.map(|note| Proposal {
            text: note.text.clone(),
            by: note.by_name.clone(),
            at: wording::near(note.at, now, lang),
        }),
        checks: checks(whole, now, lang),
        checked: whole.papers.iter().filter_map(|p| p.verdict().map(|v| (p.name.clone(), verdict_badge(v)))).collect(),
        why_not: mine.then(|| words(Objection::OwnWork.said())),
        other_act,
        reason: match objection {
            // focus goes where something is missing
            Some(Objection::ReasonNeeded) => {
                reason.error(words("Ghi lý do để người nhận biết phải làm gì.")).data("data-focus", "")
            }
            _ => reason,
        },
    }
}

fn current_act(whole: &Whole) -> Option<StepAct> {
    whole.row.step.and_then(|s| usize::try_from(s).ok()).and_then(|s| whole.route.get(s)).map(|step| step.act)
}

fn pane(files: &[&Attachment], asked: Option<Uuid>, last: bool) -> Pane {
    let at = files.iter().position(|a| Some(a.id) == asked).or(if last { files.len().checked_sub(1) } else { Some(0) });
    let shown = at.and_then(|i| files.get(i));
    Pane {
        files: files
            .iter()
            .enumerate()
            .map(|(i, a)| Tab { n: i + 1, id: a.id, name: a.name.clone(), on: Some(i) == at })
            .collect(),
        shown: shown.map(|a| Shown {
            id: a.id,
            name: a.name.clone(),
            about: words("{0} · mã kiểm {1}")
                .with(web::say::size(a.size.unsigned_abs()))
                .with(a.sha256.get(..8).unwrap_or_default()),
            picture: matches!(a.media_type.as_str(), "image/jpeg" | "image/png"),
            pdf: a.media_type == "application/pdf",
        }),
    }
}

/// What was checked before, in one glance.
fn checks(whole: &Whole, now: Moment, lang: Lang) -> Vec<(&'static str, Words)> {
    let row = &whole.row;
    let asked = whole.papers.iter().filter(|p| p.verdict() != Some(Verdict::NotNeeded)).count();
    let good = whole.papers.iter().filter(|p| p.verdict() == Some(Verdict::Good)).count();
    let mark = if good == asked { "s-ok" } else { "s-warn" };
    let mut out = vec![(mark, words("{0} trên {1} giấy tờ đạt").with(good).with(asked))];
    if let Some(due) = row.due_at {
        let icon = if due < now { "s-bad" } else { "s-ok" };
        out.push((icon, words("Hẹn trả {0}").with(wording::due_time(due, lang))));
    }
    let back = whole.notes.iter().filter(|n| n.kind == "send_back").count();
    if back > 0 {
        out.push(("s-warn", words("Đã trả lại {0} lần").with(back)));
    }
    out
}

fn due_badge(row: &DossierRow, now: Moment, time: &WorkTime, lang: Lang) -> Badge {
    let rest = left(now, row.sort_due_at, &time.calendar);
    let status = urgency(row, now, time);
    if rest.late {
        badge(status, raw(wording::left(&rest, lang)))
    } else {
        badge(status, raw(wording::near(row.sort_due_at, now, lang)))
    }
}

/// `POST /can-bo/duyet/{id}`
pub async fn decide(desk: OfficerDesk, time: WorkTime, Path(id): Path<Uuid>, sent: Sent) -> Result<Response, Problem> {
    let decision = match sent.field("viec") {
        "duyet" => Decision::Approve,
        "khong-duyet" => Decision::Reject,
        "tra-lai" => Decision::SendBack,
        _ => return Err(Problem::unreadable("decision")),
    };
    let when = acting::when(&sent, desk.cx.by.now)?;
    let (cx, reason) = (desk.cx.clone(), sent.field("ly-do").to_owned());
    let decided = acting::once(&desk, &sent, async move |tx: &Write<'_>| {
        Ok(acting::code_and_step(&service::decide(tx, &cx, id, decision, &reason, when.clone()).await?))
    })
    .await;
    match decided {
        Ok((code, step)) => {
            let said = match decision {
                Decision::Approve => "Đã phê duyệt {0}",
                Decision::Reject => "Đã ghi không giải quyết {0}",
                Decision::SendBack => "Đã trả {0} về bước {1}",
            };
            let next = sent.field("sau").parse::<Uuid>().map_or_else(|_| HERE.to_owned(), |next| format!("{HERE}?ho-so={next}"));
            Ok(go(next).saying(said, &[&code, &step]).into_response())
        }
        // somebody was faster: the queue as it is now, and what happened
        Err(Error::Objection(objection)) => {
            let ask = Ask { ho_so: Some(id), ..Ask::default() };
            draw(desk, &time, &ask, Some(objection), sent.field("ly-do")).await
        }
        Err(error) => Err(error.into()),
    }
}
