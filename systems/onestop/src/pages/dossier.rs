//! One dossier at work: facts and papers, the paper itself, the clock and the next acts. One page for the desk, the case officer and the
//! leader; what each may do now decides which buttons stand there.

use super::words::{channel, due_bar, fee, masked_id, result_channel, state_badge, urgency};
use crate::acts;
use crate::decide;
use crate::dossier::{State, Verdict};
use crate::form::Answers;
use crate::row::DossierRow;
use crate::service::{self, Terms, Whole};
use crate::sql::papers::{Attachment, PaperState};
use crate::story::{self, Place};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use base::due::Calculation;
use base::{Lang, Moment};
use catalogue::package::{Channel, FieldKind, StepAct, TermRow};
use directory::{Actor, Cx, OfficerDesk, Unit, may};
use serde::Deserialize;
use uuid::Uuid;
use web::filters;
use web::ui::field::{Choice, Field, area, text};
use web::ui::list::{Facts, Happening, Timeline, When, facts, timeline};
use web::ui::status::{Badge, Due, Status, badge};
use web::{Page, Problem, Words, raw};

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
    buttons: Vec<Act>,
    ask: Option<Asking>,
    story: Timeline,
    notes: Vec<NoteLine>,
    can_note: bool,
    form01: bool,
    form02: bool,
    slip: bool,
}

struct PaperLine {
    number: usize,
    id: String,
    name: String,
    about: Words,
    file: Option<Uuid>,
    on: bool,
    verdict: Option<Verdict>,
    optional: bool,
    verdict_badge: Option<Badge>,
}

struct FileLine {
    id: Uuid,
    name: String,
    about: Words,
}

struct Viewer {
    id: Uuid,
    name: String,
    about: Words,
    picture: bool,
    pdf: bool,
    warn: bool,
}

struct Clock {
    class: &'static str,
    label: Words,
    bar: Due,
    promise: Option<Words>,
    calculation: Option<Calculated>,
}

/// How a due time came about, a line a day.
pub struct Calculated {
    /// "3 ngày làm việc".
    pub term: String,
    /// Days.
    pub lines: Vec<CalculatedDay>,
}

/// One day of a calculation.
pub struct CalculatedDay {
    /// The day in words.
    pub day: String,
    /// What it counts as.
    pub counts: Words,
    /// Why.
    pub why: Words,
    /// Skipped, so hatched.
    pub skipped: bool,
    /// The last day.
    pub last: bool,
}

/// A button and the ground under it.
struct Act {
    word: &'static str,
    label: Words,
    ground: Words,
    key: &'static str,
    primary: bool,
    asks: bool,
    /// It can also be entered as something that happened before.
    late: bool,
}

/// The one more thing an act asks.
struct Asking {
    word: &'static str,
    title: Words,
    button: Words,
    ground: Words,
    fields: Vec<Field>,
    file: bool,
}

struct NoteLine {
    text: String,
    by: String,
    at: String,
    kind: Words,
}

/// `GET /can-bo/ho-so/{id}`
pub async fn show(
    desk: OfficerDesk,
    Extension(terms): Extension<Terms>,
    Path(id): Path<Uuid>,
    Query(ask): Query<Ask>,
) -> Result<Page<DossierPage>, Problem> {
    let cx = desk.cx.clone();
    let purpose = desk.cx.who.post().map_or_else(String::new, |held| held.title.clone());
    let routing = ask.viec == "tham-quyen";
    let (whole, to_decide, agencies, terms) = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let whole = service::see(tx, &cx, id, &purpose).await?;
            let agencies = if routing { directory::agencies(tx, cx.by.now).await? } else { vec![] };
            let terms = terms.at(tx, whole.row.desk).await?;
            Ok::<_, service::Error>((whole, service::decisions_waiting(tx, &cx).await?, agencies, terms))
        })
        .await?;
    let body = draw(&whole, &ask, &agencies, &desk.cx, &terms);
    let title = raw(format!("{} {}", whole.row.name_code(), whole.row.procedure_name));
    let shell = desk.shell.title(title).current("/can-bo").compact(true).main_class("work dossier");
    Ok(Page::new(shell.waiting("/can-bo/duyet", to_decide), body))
}

/// Draws the page from everything loaded.
fn draw(whole: &Whole, ask: &Ask, agencies: &[Unit], cx: &Cx, terms: &Terms) -> DossierPage {
    let (who, now, lang, row) = (&cx.who, cx.by.now, cx.lang, &whole.row);
    let accepting = row.state().is_ok_and(|s| s == State::Submitted) && may::<acts::Accept>(who, row);
    let shown = shown_file(whole, ask.tep);
    let papers = papers(whole, shown.map(|a| a.id));
    let seen = papers.iter().filter(|p| p.verdict.is_some()).count();
    let buttons = buttons(whole, who);
    let asking = buttons.iter().find(|b| b.word == ask.viec).and_then(|b| asking(b.word, whole, agencies, lang));
    DossierPage {
        id: row.id,
        code: row.name_code().to_owned(),
        name: row.procedure_name.clone(),
        state: state_badge(row),
        channel: channel(row),
        facts: about(row, ask.so, lang),
        answers: answered(whole, ask.so),
        has_answers: whole.version.package.form.is_some() && row.answers != "{}",
        checked: web::words("{0} trên {1} đã kiểm").with(seen).with(papers.len()),
        papers,
        can_check: accepting,
        others: others(whole),
        viewer: shown.map(viewer),
        clock: clock(whole, now, terms, lang, accepting),
        ask: asking,
        buttons,
        story: timeline_of(whole, now, lang),
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
                    _ => Words::default(),
                },
            })
            .collect(),
        can_note: row.state().is_ok_and(|s| s == State::InProgress) && may::<acts::Handle>(who, row),
        form01: row.accepted_at.is_some(),
        form02: !whole.supplements.is_empty(),
        slip: row.applicant_phone.is_none() && row.applicant_email.is_none(),
    }
}

fn about(row: &DossierRow, full_number: bool, lang: Lang) -> Facts {
    let number = row.applicant_id.as_deref().map(|id| if full_number { id.to_owned() } else { masked_id(id) });
    facts()
        .row("Người có yêu cầu", &row.applicant_name)
        .row_opt("Người nộp thay", row.submitter_name.as_deref())
        .row_opt("Số định danh", number)
        .row_opt("Ngày sinh", row.applicant_birth.as_deref().map(birth))
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
    let Some(form) = &whole.version.package.form else { return facts() };
    let answers: Answers = serde_json::from_str(&whole.row.answers).unwrap_or_default();
    form.pages
        .iter()
        .flat_map(|p| &p.fields)
        .filter(|f| answers.shows(f))
        .map(|f| (f, answers.shown(f)))
        .filter(|(_, said)| !said.is_empty())
        .map(|(f, said)| match f.kind {
            FieldKind::CitizenId if !full_numbers => (f, masked_id(&said)),
            _ => (f, whole.communes.get(&said).cloned().unwrap_or(said)),
        })
        .fold(facts(), |facts, (field, said)| facts.row(raw(&field.label), said))
}

fn shown_file(whole: &Whole, asked: Option<Uuid>) -> Option<&Attachment> {
    asked.and_then(|id| whole.files.iter().find(|a| a.id == id)).or_else(|| whole.files.iter().find(|a| a.paper.is_some()))
}

fn papers(whole: &Whole, on: Option<Uuid>) -> Vec<PaperLine> {
    let line = |(i, p): (usize, &PaperState)| {
        let files: Vec<&Attachment> = whole.files.iter().filter(|a| a.paper.as_ref() == Some(&p.paper)).collect();
        let verdict = p.verdict();
        PaperLine {
            number: i + 1,
            id: p.paper.clone(),
            name: p.name.clone(),
            about: match files.as_slice() {
                [] if p.by_form => web::words("khai trên mạng"),
                [] if p.kind == "present" => web::words("xuất trình, không thu"),
                [] => web::words("{0} bản chính, {1} bản sao").with(p.originals).with(p.copies),
                [one] => web::words("{0} · {1}").with(web::say::size(one.size.unsigned_abs())).with(sum(&one.sha256)),
                many => web::words("{0} tệp").with(many.len()),
            },
            file: files.first().map(|a| a.id),
            on: files.iter().any(|a| Some(a.id) == on),
            optional: p.kind == "if_applicable" || p.by_form,
            verdict,
            verdict_badge: verdict.map(verdict_badge),
        }
    };
    whole.papers.iter().enumerate().map(line).collect()
}

/// What the desk found, as a badge.
pub(super) fn verdict_badge(verdict: Verdict) -> Badge {
    match verdict {
        Verdict::Good => badge(Status::Ok, "Đạt"),
        Verdict::Missing => badge(Status::Bad, "Chưa đạt"),
        Verdict::NotNeeded => badge(Status::Idle, "Không cần"),
    }
}

fn sum(sha256: &str) -> String {
    format!("{} {}", sha256.get(0..4).unwrap_or_default(), sha256.get(4..8).unwrap_or_default())
}

fn others(whole: &Whole) -> Vec<FileLine> {
    whole
        .files
        .iter()
        .filter(|a| a.paper.is_none())
        .map(|a| FileLine {
            id: a.id,
            name: a.name.clone(),
            about: if a.role == "result" { web::words("kết quả, chưa ký số") } else { web::words("thêm khi xử lý") },
        })
        .collect()
}

fn viewer(file: &Attachment) -> Viewer {
    Viewer {
        id: file.id,
        name: file.name.clone(),
        about: web::words("{0} · mã kiểm {1}").with(web::say::size(file.size.unsigned_abs())).with(sum(&file.sha256)),
        picture: matches!(file.media_type.as_str(), "image/jpeg" | "image/png"),
        pdf: file.media_type == "application/pdf",
        warn: file.hint.as_deref() == Some("blurred"),
    }
}

fn clock(whole: &Whole, now: Moment, terms: &Terms, lang: Lang, accepting: bool) -> Clock {
    let row = &whole.row;
    let label = match row.state() {
        Ok(State::Submitted) => web::words("Hạn kiểm tra hồ sơ, 8 giờ làm việc"),
        Ok(State::AwaitingSupplement) => web::words("Chờ người nộp bổ sung"),
        Ok(State::InProgress) => {
            web::words("Hạn trả kết quả {0}").with(row.due_at.map(|d| base::wording::due_time(d, lang)).unwrap_or_default())
        }
        _ => web::words("Kết quả"),
    };
    Clock {
        class: if row.state().is_ok_and(|s| matches!(s, State::Submitted | State::InProgress)) {
            urgency(row, now, terms).class()
        } else {
            "ok"
        },
        label,
        bar: due_bar(row, now, terms, lang),
        promise: if accepting { promise(whole, now, terms, lang) } else { None },
        calculation: row.calculation.as_deref().and_then(|json| serde_json::from_str(json).ok()).map(|c| calculated(&c, lang)),
    }
}

/// What the due time would be if the dossier were accepted now: said before the act.
fn promise(whole: &Whole, now: Moment, terms: &Terms, lang: Lang) -> Option<Words> {
    let dossier = whole.row.dossier().ok()?;
    let term = crate::decide::term_row(&dossier, &whole.version.package, None).ok()?;
    let facts = crate::decide::Facts {
        when: crate::dossier::When::now(now),
        version: whole.version.id,
        package: &whole.version.package,
        route: &whole.route,
        calendar: &terms.calendar,
        policy: &terms.policy,
    };
    let due = crate::decide::calculate(&term, now, &facts).ok()?.due_at;
    Some(web::words("Nếu tiếp nhận bây giờ: hẹn trả {0}.").with(base::wording::due_time(due, lang)))
}

/// A calculation in words, a line a day.
pub fn calculated(c: &Calculation, lang: Lang) -> Calculated {
    use base::due::Step;
    let last = c.due_at.date();
    let named = |day: &base::due::DayName| lang.pick(&day.vi, &day.en).clone();
    let lines = c
        .days
        .iter()
        .map(|line| {
            let (counts, why, skipped) = match &line.step {
                Step::Accepted => (
                    raw("–"),
                    web::words("{0} tiếp nhận; ngày đầu tính từ hôm sau").with(c.start.local().strftime("%H:%M")),
                    false,
                ),
                Step::AfterCutOff => (
                    raw("–"),
                    web::words("{0} tiếp nhận, sau giờ chốt nên tính ngày sau").with(c.start.local().strftime("%H:%M")),
                    false,
                ),
                Step::Counted { reached, name } => {
                    (web::words("ngày {0}").with(reached), name.as_ref().map(|n| raw(named(n))).unwrap_or_default(), false)
                }
                Step::Worked { minutes, reached, name } => (
                    web::words("{0} phút").with(minutes),
                    web::words("cộng dồn {0} phút {1}").with(reached).with(name.as_ref().map(named).unwrap_or_default()),
                    false,
                ),
                Step::RolledOn { .. } => (raw("–"), web::words("Hạn rơi vào ngày nghỉ nên lùi đến ngày làm việc này"), false),
                Step::Weekend => (web::words("bỏ qua"), web::words("Nghỉ hằng tuần"), true),
                Step::Holiday { name } => (web::words("bỏ qua"), raw(named(name)), true),
            };
            let is_last = line.date == last;
            let why = if is_last && !skipped {
                web::words("Hết hạn lúc {0}").with(c.due_at.local().strftime("%H:%M"))
            } else {
                why
            };
            CalculatedDay { day: base::wording::long_date(line.date, lang), counts, why, skipped, last: is_last }
        })
        .collect();
    Calculated { term: base::wording::term(&c.term, lang), lines }
}

fn buttons(whole: &Whole, who: &Actor) -> Vec<Act> {
    let row = &whole.row;
    let act = |word, label: &'static str, ground: &'static str, key, primary, asks| Act {
        word,
        label: web::words(label),
        ground: web::words(ground),
        key,
        primary,
        asks,
        late: !asks && word != "nhan-viec",
    };
    let mut out = Vec::new();
    match row.state() {
        Ok(State::Submitted) if may::<acts::Accept>(who, row) => {
            let choose = choices(whole).len() > 1;
            let missing = whole.papers.iter().any(|p| p.verdict() == Some(Verdict::Missing));
            if !missing {
                out.push(act("tiep-nhan", "Tiếp nhận, gửi giấy hẹn", "Mẫu 01, Thông tư 03/2025/TT-VPCP", "t", true, choose));
            }
            out.push(act("bo-sung", "Yêu cầu bổ sung", "Mẫu 02, một lần, nêu đủ từng giấy tờ và lý do", "b", missing, true));
        }
        Ok(State::InProgress) => working(whole, who, &mut out, &act),
        Ok(State::Issued) if may::<acts::ReturnResult>(who, row) => {
            out.push(act("tra-ket-qua", "Trả kết quả", "Đối chiếu người nhận với giấy hẹn", "t", true, true));
        }
        _ => {}
    }
    if row.unit.is_none() && may::<acts::DetermineCompetence>(who, row) {
        out.push(act(
            "tham-quyen",
            "Chọn cơ quan giải quyết",
            "Chuyển theo thẩm quyền, không theo nơi nộp",
            "",
            out.is_empty(),
            true,
        ));
    }
    out
}

fn working(
    whole: &Whole,
    who: &Actor,
    out: &mut Vec<Act>,
    act: &dyn Fn(&'static str, &'static str, &'static str, &'static str, bool, bool) -> Act,
) {
    let row = &whole.row;
    let Some(step) = row.step.and_then(|s| usize::try_from(s).ok()).and_then(|s| whole.route.get(s)) else { return };
    let held_by_me = row.assignee.is_some() && row.assignee == who.person.map(|p| p.0);
    if row.assignee.is_some() && !held_by_me {
        return;
    }
    let first = row.step == Some(0);
    match step.act {
        StepAct::Process if may::<acts::Handle>(who, row) => {
            if row.assignee.is_none() {
                out.push(act("nhan-viec", "Nhận về mình", "Tên bạn hiện ở cột người giữ", "a", true, false));
            }
            out.push(act("chuyen-tiep", "Chuyển bước tiếp", "Ghi vào phiếu kiểm soát, mẫu 06", "t", held_by_me, true));
        }
        StepAct::Approve if may::<acts::Resolve>(who, row) => {
            out.push(act("duyet", "Phê duyệt", "Chuyển ngay sang bước ban hành", "y", true, false));
            out.push(act("khong-duyet", "Không giải quyết", "Văn bản nêu rõ lý do, được tính là kết quả", "", false, true));
        }
        StepAct::Issue if may::<acts::Issue>(who, row) => {
            out.push(act("ban-hanh", "Ban hành kết quả", "Bản chưa ký số, ghi rõ trên từng trang", "t", true, true));
        }
        _ => {}
    }
    if !first && may::<acts::Handle>(who, row) {
        out.push(act("tra-lai", "Trả lại một bước", "Người làm bước trước đọc được lý do", "r", false, true));
    }
}

/// Term rows a person may have to choose between.
fn choices(whole: &Whole) -> Vec<&TermRow> {
    let channel = crate::dossier::channel_of(&whole.row.channel).unwrap_or(Channel::Direct);
    decide::fitting_terms(&whole.version.package, channel, whole.row.case_id.as_deref())
}

/// What an act asks before it is done. Every act can be entered late; those that ask nothing else ask only that.
fn asking(word: &'static str, whole: &Whole, agencies: &[Unit], lang: Lang) -> Option<Asking> {
    let make = |title: &'static str, button: &'static str, ground: &'static str, fields, file| Asking {
        word,
        title: web::words(title),
        button: web::words(button),
        ground: web::words(ground),
        fields,
        file,
    };
    Some(match word {
        "tiep-nhan" if choices(whole).len() < 2 => {
            make("Tiếp nhận, gửi giấy hẹn", "Tiếp nhận, gửi giấy hẹn", "Mẫu 01, Thông tư 03/2025/TT-VPCP", vec![], false)
        }
        "duyet" => make("Phê duyệt", "Phê duyệt", "Chuyển ngay sang bước ban hành", vec![], false),
        "tiep-nhan" => {
            let rows = choices(whole).into_iter().map(|t| Choice::new(&t.id, raw(term_words(t, lang)))).collect::<Vec<_>>();
            let field = web::ui::field::radios("thoi-han", "Thời hạn áp dụng cho hồ sơ này", rows);
            make(
                "Chọn thời hạn",
                "Tiếp nhận, gửi giấy hẹn",
                "Pháp luật để người tiếp nhận chọn; giấy hẹn ghi rõ dòng đã chọn",
                vec![field],
                false,
            )
        }
        "bo-sung" => make(
            "Yêu cầu bổ sung",
            "Gửi phiếu yêu cầu bổ sung",
            "Mẫu 02, Thông tư 03/2025/TT-VPCP: một lần, đủ mọi nội dung",
            supplement_fields(whole),
            false,
        ),
        "chuyen-tiep" => make(
            "Chuyển bước tiếp",
            "Chuyển",
            "Ghi vào phiếu kiểm soát, mẫu 06",
            vec![area("ghi-chu", "Ghi chú cho người sau").optional()],
            true,
        ),
        "tra-lai" => make("Trả lại một bước", "Trả lại", "Cần lý do", vec![area("ly-do", "Lý do trả lại")], false),
        "khong-duyet" => make(
            "Không giải quyết",
            "Không giải quyết",
            "Người nộp nhận văn bản nêu rõ lý do",
            vec![area("ly-do", "Lý do và căn cứ pháp lý")],
            false,
        ),
        "ban-hanh" => make(
            "Ban hành kết quả",
            "Ban hành",
            "Không chọn tệp thì hệ thống soạn thông báo kết quả; bản nào cũng ghi rõ chưa ký số",
            vec![],
            true,
        ),
        "tra-ket-qua" => make(
            "Trả kết quả",
            "Đã trả kết quả",
            "Đối chiếu người nhận với giấy hẹn và giấy tờ tùy thân",
            vec![
                web::ui::field::radios(
                    "kenh",
                    "Trả bằng cách nào",
                    [("desk", "Tại quầy"), ("post", "Qua bưu chính"), ("electronic", "Bản điện tử")]
                        .map(|(v, l)| Choice::new(v, l)),
                )
                .value(&whole.row.result_channel),
            ],
            false,
        ),
        "tham-quyen" => make(
            "Chọn cơ quan giải quyết",
            "Chuyển",
            "Hồ sơ chuyển theo thẩm quyền",
            vec![web::ui::field::select(
                "co-quan",
                "Cơ quan có thẩm quyền",
                agencies.iter().map(|unit| Choice::new(unit.code.to_string(), raw(&unit.name))),
            )],
            false,
        ),
        _ => return None,
    })
}

fn supplement_fields(whole: &Whole) -> Vec<Field> {
    let package = &whole.version.package;
    whole
        .papers
        .iter()
        .filter(|p| !p.by_form || p.verdict() == Some(Verdict::Missing))
        .flat_map(|p| {
            let ground = package.papers.iter().find(|row| row.id == p.paper).map(|row| crate::messages::ground_of(row, package));
            let missing = p.verdict() == Some(Verdict::Missing);
            [
                area(format!("ly-do.{}", p.paper), web::words("{0}: thiếu hoặc sai chỗ nào").with(&p.name))
                    .rows(2)
                    .value(if missing { format!("Nộp {}", p.name) } else { String::new() }) // not on screen: words of form 02
                    .optional(),
                text(format!("can-cu.{}", p.paper), web::words("Căn cứ pháp lý")).value_opt(ground).width(30),
            ]
        })
        .collect()
}

/// A row of terms in words with its condition.
pub fn term_words(row: &TermRow, lang: Lang) -> String {
    let amount = match (row.value, row.unit) {
        (Some(value), Some(unit)) => base::due::Term::new(value, unit).map(|t| base::wording::term(&t, lang)).unwrap_or_default(),
        _ => lang.pick("chưa xác định", "not settled").to_owned(),
    };
    if row.condition.is_empty() { amount } else { format!("{amount}: {}", row.condition) }
}

/// The story as a timeline for officers.
fn timeline_of(whole: &Whole, now: Moment, lang: Lang) -> Timeline {
    let lines = story::story(&whole.row, &whole.happened, &whole.route, true);
    let named = |line: &story::Line| line.by.and_then(|by| whole.officers.get(&by)).map(raw);
    timeline(lines.into_iter().rev().map(|line| {
        let by = named(&line);
        happening(line, by, now, lang)
    }))
    .dense()
}

/// One line of a story as a happening.
pub fn happening(line: story::Line, by: Option<Words>, now: Moment, lang: Lang) -> Happening {
    let when = match line.place {
        Place::Done => When::Past,
        Place::Now => When::Now,
        Place::Next => When::Next,
    };
    let said = line.args.iter().fold(web::words(line.said), |w, a| w.with(a));
    let mut out = Happening::new(when, said);
    if let Some(at) = line.at {
        out = out.at(at.timestamp(), raw(base::wording::near(at, now, lang)));
    }
    match (by, line.entered_at.map(|entered| base::wording::near(entered, now, lang))) {
        (Some(by), Some(entered)) => out.about(web::words("{0}, nhập lúc {1}").with(by).with(entered)),
        (None, Some(entered)) => out.about(web::words("nhập lúc {0}").with(entered)),
        (Some(by), None) => out.about(by),
        (None, None) => out,
    }
}
