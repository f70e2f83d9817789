//! One dossier at work: facts and papers, the paper itself, the clock and the next acts. One page for the desk, the case officer and the
//! leader; what each may do now decides which buttons stand there.

mod changed;
mod clock;
mod next;
mod papers;
mod story;

use self::changed::ChangeLine;
use self::clock::Clock;
use self::next::{Asking, Next};
use self::papers::{FileLine, PaperLine, Viewer};
use super::words::{channel, fee, masked_id, result_channel, state_badge};
use crate::acts;
use crate::dossier::{State, Verdict};
use crate::form::Answers;
use crate::row::DossierRow;
use crate::service::{self, Whole};
use askama::Template;
use axum::extract::{Path, Query};
use base::Lang;
use catalogue::package::FieldKind;
use directory::{Cx, OfficerDesk, Unit, UnitId, WorkTime, may};
use serde::Deserialize;
use uuid::Uuid;
use web::filters;
use web::ui::list::{Facts, Timeline, facts};
use web::ui::status::Badge;
use web::{Page, Problem, Words, raw};

pub use self::changed::sentences;
pub use self::clock::{Calculated, calculated};
pub use self::next::term_words;
pub(super) use self::papers::verdict_badge;
pub use self::story::happening;

/// What the address of the page asks.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    /// Attachment shown in the middle.
    pub tep: Option<Uuid>,
    /// Personal number in full.
    #[serde(default)]
    pub so: bool,
    /// An act that asks one more thing before it is done.
    #[serde(default)]
    pub viec: String,
}

/// The page.
#[derive(Template)]
#[template(path = "dossier.html")]
pub struct DossierPage {
    id: Uuid,
    code: String,
    name: String,
    state: Badge,
    channel: Words,
    facts: Facts,
    answers: Facts,
    has_answers: bool,
    papers: Vec<PaperLine>,
    checked: Words,
    can_check: bool,
    others: Vec<FileLine>,
    viewer: Option<Viewer>,
    clock: Clock,
    changed: Vec<ChangeLine>,
    accepted: bool,
    version: Uuid,
    waits: Facts,
    next: Next,
    ask: Option<Asking>,
    story: Timeline,
    notes: Vec<NoteLine>,
    form01: bool,
    form02: bool,
    earlier: Vec<i64>,
    slip: bool,
}

struct NoteLine {
    text: String,
    by: String,
    at: String,
    kind: Words,
}

/// `GET /can-bo/ho-so/{id}`
pub async fn show(desk: OfficerDesk, Path(id): Path<Uuid>, Query(ask): Query<Ask>) -> Result<Page<DossierPage>, Problem> {
    let cx = desk.cx.clone();
    let routing = ask.viec == "tham-quyen";
    let (whole, to_decide, agencies, time) = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let whole = service::see(tx, &cx, id, None).await?.told_in(cx.lang);
            let agencies = if routing { directory::agencies(tx, cx.by.now).await? } else { vec![] };
            let time = WorkTime::of_unit(tx, UnitId(whole.row.desk), cx.by.now).await?;
            Ok::<_, service::Error>((whole, service::decisions_waiting(tx, &cx).await?, agencies, time))
        })
        .await?;
    let body = draw(&whole, &ask, &agencies, &desk.cx, &time);
    let title = raw(format!("{} {}", whole.row.name_code(), whole.row.procedure_name));
    let shell = desk.shell.title(title).current("/can-bo").compact(true).main_class("work dossier");
    Ok(Page::new(shell.waiting("/can-bo/duyet", to_decide), body))
}

/// Draws the page from everything loaded.
fn draw(whole: &Whole, ask: &Ask, agencies: &[Unit], cx: &Cx, time: &WorkTime) -> DossierPage {
    let (who, now, lang, row) = (&cx.who, cx.by.now, cx.lang, &whole.row);
    let accepting = row.state().is_ok_and(|s| s == State::Submitted) && may::<acts::Accept>(who, row);
    let shown = papers::shown_file(whole, ask.tep);
    let papers = papers::papers(whole, shown.map(|a| a.id));
    let seen = papers.iter().filter(|p| p.verdict.is_some()).count();
    let next = next::next(whole, who);
    let me = who.person.map(|p| p.0).unwrap_or_default();
    let asking = next.acts.iter().find(|b| b.word == ask.viec).and_then(|b| next::asking(b.word, whole, agencies, me, lang));
    DossierPage {
        id: row.id,
        code: row.name_code().to_owned(),
        name: row.procedure_name.clone(),
        state: state_badge(row),
        channel: channel(row),
        facts: about(row, ask.so, lang),
        answers: answered(whole, ask.so),
        has_answers: whole.filed.package.form.is_some() && row.answers != "{}",
        checked: web::words("{0} trên {1} đã kiểm").with(seen).with(papers.len()),
        papers,
        can_check: accepting,
        others: papers::others(whole),
        viewer: shown.map(papers::viewer),
        clock: clock::clock(whole, now, time, lang, accepting),
        changed: changed::lines(&whole.changes, lang),
        accepted: row.accepted_at.is_some(),
        version: whole.version.id.0,
        waits: next::waits(whole, who, now, lang),
        ask: asking,
        next,
        story: story::timeline_of(whole, now, lang),
        notes: whole
            .notes
            .iter()
            .map(|n| NoteLine {
                text: n.text.clone(),
                by: n.by_name.clone(),
                at: base::wording::near(n.at, now, lang),
                kind: match n.kind.as_str() {
                    "send_back" => web::words("lý do trả lại"),
                    "decision" => web::words("ý kiến quyết định"),
                    "release" => web::words("lý do trả về hàng chung"),
                    "competence" => web::words("lý do chọn cơ quan"),
                    _ => Words::default(),
                },
            })
            .collect(),
        form01: row.accepted_at.is_some(),
        form02: !whole.supplements.is_empty(),
        earlier: whole.supplements.iter().rev().skip(1).map(|s| s.round).collect(),
        slip: row.applicant_phone.is_none() && row.applicant_email.is_none(),
    }
}

fn about(row: &DossierRow, full_number: bool, lang: Lang) -> Facts {
    let number = row.applicant_id.as_deref().map(|id| if full_number { id.to_owned() } else { masked_id(id) });
    let person = facts()
        .row("Người có yêu cầu", &row.applicant_name)
        .row_opt("Người nộp thay", row.submitter_name.as_deref())
        .row_opt("Số định danh", number)
        .row_opt("Ngày sinh", row.applicant_birth.as_deref().map(birth));
    let person = match row.applicant_sex.as_deref().and_then(super::words::sex) {
        Some(sex) => person.part("Giới tính", web::Part::text(sex)),
        None => person,
    };
    person
        .row_opt("Điện thoại", row.applicant_phone.as_deref())
        .row_opt("Thư điện tử", row.applicant_email.as_deref())
        .row_opt("Nơi cư trú", row.applicant_address.as_deref())
        .row("Nơi tiếp nhận", &row.desk_name)
        .row("Nơi giải quyết", row.unit_name.as_deref().unwrap_or("—"))
        .part("Nhận kết quả", web::Part::text(result_channel(row.result_channel())))
        .part("Phí, lệ phí", web::Part::text(fee(row)))
        .row("Nộp lúc", base::wording::date_time(row.submitted_at, lang))
}

/// A birth date as kept (`1998`, `1998-05`, `1998-05-20`) in the order people read.
fn birth(kept: &str) -> String {
    kept.split('-').rev().collect::<Vec<_>>().join("/")
}

/// The answers of the form. Personal numbers stay hidden until they are asked for, as in the facts beside them.
pub(super) fn answered(whole: &Whole, full_numbers: bool) -> Facts {
    let Some(form) = &whole.filed.package.form else { return facts() };
    let answers: Answers = serde_json::from_str(&whole.row.answers).unwrap_or_default();
    form.pages
        .iter()
        .flat_map(|p| &p.fields)
        .filter(|f| answers.shows(f))
        .filter_map(|f| Some((f, answers.shown(f)?)))
        .map(|(f, said)| match f.kind {
            FieldKind::CitizenId if !full_numbers => (f, raw(masked_id(answers.get(&f.id)))),
            FieldKind::Commune => (f, whole.communes.get(answers.get(&f.id)).map_or(said, raw)),
            _ => (f, said),
        })
        .fold(facts(), |facts, (field, said)| facts.part(raw(&field.label), web::Part::text(said)))
}
