//! Where is my dossier? The code shows progress; names, papers and the result need one thing more: an own account, or the telephone or
//! personal number it was filed with.

use super::dossier::{Calculated, calculated, happening};
use super::papers::{Paper, made, own_file};
use super::words::{changed, due_bar, fee, result_channel, state_badge, used};
use crate::dossier::State;
use crate::row::DossierRow;
use crate::sent::Sent;
use crate::service::{self, Error, Glimpse, Proof, Whole};
use crate::sql::papers::Attachment;
use crate::story::story;
use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::Moment;
use directory::{CameFrom, Citizen, Cx, Visitor, WorkTime};
use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::Deserialize;
use store::By;
use uuid::Uuid;
use web::filters;
use web::ui::field::{Choice, Field, area, radios, text};
use web::ui::file::{Files, files};
use web::ui::list::{Facts, Timeline, facts, timeline};
use web::ui::message::Notice;
use web::ui::nav::{Pager, pager};
use web::ui::qr::{Qr, qr};
use web::ui::status::{Badge, Due};
use web::{Once, Page, Problem, Shell, Words, go, raw, words};

/// `GET /tra-cuu`
#[derive(Template)]
#[template(path = "track_ask.html")]
pub struct AskPage {
    code: Field,
}

/// What the address asks.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    /// A code typed on the front page.
    #[serde(default)]
    pub ma: String,
}

/// `GET /tra-cuu`: asks for a code; with one, leads to it.
pub async fn ask(visitor: Visitor, Query(ask): Query<Ask>) -> Result<Response, Problem> {
    let code = service::canonical(&ask.ma);
    if code.is_empty() {
        let shell = visitor.shell.title(words("Tra cứu hồ sơ")).current("/tra-cuu");
        return Ok(Page::new(shell, AskPage { code: code_field(&ask.ma) }).into_response());
    }
    let wanted = code.clone();
    let found = visitor.house.db.read(async move |tx: &store::Read<'_>| service::glimpse(tx, &wanted).await).await;
    match found {
        Ok(found) => Ok(go(format!("/tra-cuu/{}", found.row.name_code())).into_response()),
        Err(Error::NotFound) => Ok(no_such(visitor.shell, &ask.ma, visitor.visit.lang()).into_response()),
        Err(other) => Err(other.into()),
    }
}

fn code_field(typed: &str) -> Field {
    text("ma", "Mã hồ sơ hoặc mã nộp")
        .hint("Mã hồ sơ in trên giấy tiếp nhận, ví dụ H12.198-261123-0007. Mã nộp có khi vừa nộp, ví dụ N-7Q4K-20XX.")
        .value(typed)
        .width(30)
}

/// The question again, saying what is wrong with the code where that can be known.
fn no_such(shell: Shell, typed: &str, lang: base::Lang) -> Page<AskPage> {
    let unknown = words("Không có hồ sơ mang mã này. Xem lại từng chữ, số trên giấy hẹn hoặc trang báo đã nộp.");
    let said = service::mistyped(typed, lang).map_or(unknown, raw);
    Page::faulty(shell.title(words("Tra cứu hồ sơ")).current("/tra-cuu"), AskPage { code: code_field(typed).error(said) })
}

/// A dossier as its owner, or anybody with its code, sees it.
#[derive(Template)]
#[template(path = "track.html")]
pub struct Track {
    code: String,
    /// A secret: only for who has shown to be the applicant.
    filing_code: Option<String>,
    accepted: bool,
    name: String,
    who: Option<String>,
    badge: Badge,
    status: &'static str,
    headline: Words,
    sentence: Words,
    bar: Option<Due>,
    ends: Option<(String, Words, String)>,
    qr: Qr,
    story: Timeline,
    calculation: Option<Calculated>,
    full: Option<Full>,
    proof: Option<Field>,
    /// Nothing was given that could be proven.
    closed: bool,
}

/// What one needs more than the code for.
struct Full {
    todo: Option<Todo>,
    changed: Option<Notice>,
    result: Option<(Uuid, Words)>,
    rate: Option<[Field; 2]>,
    rated: Option<i64>,
    facts: Facts,
    files: Vec<SentFile>,
    looks: usize,
    /// Signed in with the account it was filed by: each look can be read there.
    own: bool,
    form01: bool,
    form02: bool,
}

/// A file that was sent, with the paper it is.
struct SentFile {
    id: Uuid,
    paper: String,
    name: String,
    size: Words,
}

/// What form 02 asks for.
struct Todo {
    items: Vec<(String, String, String)>,
    uploads: Vec<Files>,
}

/// Who asks: by account, by pass, or by code alone.
async fn holder(visitor: &Visitor, headers: &HeaderMap, row: &DossierRow) -> Result<Option<Cx>, Problem> {
    let now = visitor.visit.at();
    if let Some(cx) = visitor.who.as_ref().filter(|cx| cx.who.subject.id == row.owner) {
        return Ok(Some(cx.clone()));
    }
    let Some(token) = pass_of(headers) else { return Ok(None) };
    let row = row.clone();
    let actor =
        visitor.house.db.read(async move |tx: &store::Read<'_>| service::pass_holder(tx, &token, &row, now).await).await?;
    Ok(actor.map(|who| Cx { by: by(visitor, who.subject.id), who, lang: visitor.visit.lang() }))
}

/// What the log keeps of somebody without an account.
pub(crate) fn by(visitor: &Visitor, who: Uuid) -> By {
    let visit = &visitor.visit;
    By { who, post: None, now: visit.at(), trace: visit.trace(), seed: visit.seed().part("act", 0) }
}

const PASS: &str = "xem";

fn pass_of(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == PASS)
        .map(|(_, value)| value.to_owned())
}

/// `GET /tra-cuu/{code}`
pub async fn show(visitor: Visitor, time: WorkTime, Path(code): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    draw(visitor, &time, code, &headers, None).await
}

async fn draw(
    visitor: Visitor,
    time: &WorkTime,
    code: String,
    headers: &HeaderMap,
    fault: Option<Words>,
) -> Result<Response, Problem> {
    let lang = visitor.visit.lang();
    let wanted = code.clone();
    let found = visitor.house.db.read(async move |tx: &store::Read<'_>| service::glimpse(tx, &wanted).await).await;
    let glimpse = match found {
        Ok(glimpse) => glimpse.told_in(lang),
        Err(Error::NotFound) => return Ok(no_such(visitor.shell, &code, lang).status(StatusCode::NOT_FOUND).into_response()),
        Err(other) => return Err(other.into()),
    };
    let whole = match holder(&visitor, headers, &glimpse.row).await? {
        Some(cx) => {
            let id = glimpse.row.id;
            let seen = visitor
                .house
                .db
                .read(async move |tx: &store::Read<'_>| {
                    let whole = service::see_own(tx, &cx, id).await?.told_in(lang);
                    let looks = directory::who_looked_at_thing(tx, id, 200).await?;
                    Ok::<_, Error>((whole, looks.len()))
                })
                .await?;
            Some(seen)
        }
        None => None,
    };
    let body = body(&visitor, &glimpse, whole.as_ref(), time, fault.clone());
    let shell = visitor.shell.title(raw(&body.name)).current("/tra-cuu");
    let page = if fault.is_some() { Page::faulty(shell, body) } else { Page::new(shell, body) };
    Ok(page.into_response())
}

fn body(visitor: &Visitor, glimpse: &Glimpse, whole: Option<&(Whole, usize)>, time: &WorkTime, fault: Option<Words>) -> Track {
    let (row, now, lang) = (&glimpse.row, visitor.visit.at(), visitor.visit.lang());
    let address = format!("{}/tra-cuu/{}", visitor.house.settings.address, row.name_code());
    let (headline, sentence) = headline(row, lang);
    let running = row.state().is_ok_and(|s| s == State::InProgress);
    Track {
        code: row.name_code().to_owned(),
        filing_code: whole.filter(|_| row.code.is_some()).map(|_| row.filing_code.clone()),
        accepted: row.code.is_some(),
        name: row.procedure_name.clone(),
        who: whole.map(|_| row.applicant_name.clone()),
        badge: state_badge(row),
        status: state_badge(row).class(),
        headline,
        sentence,
        bar: running.then(|| due_bar(row, now, time, lang)),
        ends: row.accepted_at.zip(row.due_at).filter(|_| running).map(|(from, to)| {
            (base::wording::near(from, now, lang), words("đã dùng {0} % thời hạn").with(used(row, now, time)), base::wording::near(to, now, lang))
        }),
        qr: qr(address, words("Mã QR của trang này")),
        story: timeline(
            story(row, &glimpse.happened, &glimpse.route, false).into_iter().map(|line| happening(line, None, now, lang)),
        ),
        calculation: row.calculation.as_deref().and_then(|c| serde_json::from_str(c).ok()).map(|c| calculated(&c, lang)),
        full: whole.map(|(whole, looks)| full(visitor, whole, *looks)),
        closed: whole.is_none() && !service::can_be_proven(row),
        proof: (whole.is_none() && service::can_be_proven(row)).then(|| {
            text("biet", "Số điện thoại hoặc số định danh đã ghi khi nộp")
                .hint("Chỉ có mã thì xem được bước đang làm và ngày hẹn. Muốn xem tên, giấy tờ, kết quả cần thêm một trong hai số này.")
                .width(20)
                .error(fault)
        }),
    }
}

/// The biggest words: what the person came for.
fn headline(row: &DossierRow, lang: base::Lang) -> (Words, Words) {
    let time = |at: Option<Moment>| at.map(|at| base::wording::due_time(at, lang)).unwrap_or_default();
    match row.state() {
        Ok(State::Submitted) => (
            words("Trả lời trước {0}").with(time(Some(row.check_due_at))),
            words("Trung tâm đang kiểm tra giấy tờ. Thời hạn giải quyết tính từ lúc tiếp nhận."),
        ),
        Ok(State::AwaitingSupplement) => {
            (words("Bạn cần bổ sung giấy tờ"), words("Hồ sơ chờ bạn, không mất chỗ. Gửi đủ thì trung tâm kiểm tra tiếp."))
        }
        Ok(State::InProgress) => (
            words("Hẹn trả {0}").with(time(row.due_at)),
            words("{0}: {1}")
                .with(row.unit_name.as_deref().unwrap_or_default())
                .with(row.step_name.as_deref().unwrap_or_default()),
        ),
        Ok(State::Issued) => (words("Đã có kết quả"), words("{0}").with_words(result_channel(row.result_channel()))),
        Ok(State::Returned) => (words("Đã trả kết quả"), words("{0}").with(time(row.returned_at))),
        Err(_) => (words("Đang xử lý"), Words::default()),
    }
}

fn full(visitor: &Visitor, whole: &Whole, looks: usize) -> Full {
    let row = &whole.row;
    let state = row.state();
    let done = state.as_ref().is_ok_and(|s| matches!(s, State::Issued | State::Returned));
    Full {
        todo: state.as_ref().is_ok_and(|s| *s == State::AwaitingSupplement).then(|| todo(visitor, whole)),
        changed: changed(&whole.changes, words("Từ lúc bạn nộp, thủ tục có bản mới"), visitor.visit.lang()),
        result: whole.files.iter().find(|f| f.role == "result").map(|f| (f.id, web::say::size(f.size.unsigned_abs()))),
        rate: (done && !row.rated).then(rating_fields),
        rated: whole.rating,
        facts: facts()
            .row("Nơi tiếp nhận", &row.desk_name)
            .row_opt("Nơi giải quyết", row.unit_name.as_deref())
            .part("Nhận kết quả", web::Part::text(result_channel(row.result_channel())))
            .part("Phí, lệ phí", web::Part::text(fee(row))),
        files: sent_files(whole),
        looks,
        own: visitor.who.as_ref().is_some_and(|cx| cx.who.subject.id == row.owner),
        form01: row.accepted_at.is_some(),
        form02: !whole.supplements.is_empty(),
    }
}

/// Files that were sent, in the order of the papers they are.
fn sent_files(whole: &Whole) -> Vec<SentFile> {
    let place = |f: &Attachment| whole.papers.iter().position(|p| Some(&p.paper) == f.paper.as_ref());
    let mut files: Vec<&Attachment> = whole.files.iter().filter(|f| f.role == "paper").collect();
    files.sort_by_key(|f| place(f));
    let told = |f: &Attachment| SentFile {
        id: f.id,
        paper: place(f).map(|n| whole.papers[n].name.clone()).unwrap_or_default(),
        name: f.name.clone(),
        size: web::say::size(f.size.unsigned_abs()),
    };
    files.into_iter().map(told).collect()
}

/// Five answers, none chosen beforehand: what nobody touched is not counted as satisfied.
fn rating_fields() -> [Field; 2] {
    let answers =
        [("5", "Rất hài lòng"), ("4", "Hài lòng"), ("3", "Bình thường"), ("2", "Không hài lòng"), ("1", "Rất không hài lòng")];
    [
        radios("muc", "Bạn thấy việc giải quyết hồ sơ này thế nào", answers.map(|(v, l)| Choice::new(v, l))),
        area("y-kien", "Muốn nói thêm điều gì").optional().max(crate::decide::MOST_LETTERS as u32),
    ]
}

fn todo(visitor: &Visitor, whole: &Whole) -> Todo {
    let asked = whole.supplements.last().map(crate::sql::papers::Supplement::items).unwrap_or_default();
    let name = |id: &str| whole.papers.iter().find(|p| p.paper == id).map_or_else(|| id.to_owned(), |p| p.name.clone());
    let since = whole.supplements.last().map(|s| s.requested_at);
    let uploads = asked
        .iter()
        .map(|item| {
            let sent = whole.files.iter().filter(|f| f.paper.as_ref() == Some(&item.paper) && Some(f.added_at) > since);
            let lines = sent.map(|f| {
                web::FileLine::new(f.id, &f.name, f.size.unsigned_abs(), web::FileState::Received { sha256: f.sha256.clone() })
            });
            files(format!("tep.{}", item.paper), raw(name(&item.paper)), lines)
                .max(visitor.house.settings.max_file)
                .many()
                .endpoint(web::upload::endpoint(web::Realm::Citizen))
                .accept(&visitor.house.settings.file_types)
        })
        .collect();
    Todo { items: asked.iter().map(|i| (name(&i.paper), i.reason.clone(), i.ground.clone())).collect(), uploads }
}

/// `POST /tra-cuu/{code}/xem`: the one thing more.
pub async fn prove(
    visitor: Visitor,
    time: WorkTime,
    Path(code): Path<String>,
    headers: HeaderMap,
    CameFrom(place): CameFrom,
    sent: Sent,
) -> Result<Response, Problem> {
    let (by, wanted, known) = (by(&visitor, Uuid::nil()), code.clone(), sent.field("biet").to_owned());
    let proof = visitor
        .house
        .db
        .write(async move |tx: &store::Write<'_>| service::prove(tx, &by.seed, by.now, &place.network, &wanted, &known).await)
        .await?;
    let again = |said: &'static str| Some(words(said));
    match proof {
        Proof::Pass(pass) => {
            let token = pass.token;
            let secure = if visitor.house.settings.https() { "; Secure" } else { "" };
            let cookie =
                format!("{PASS}={token}; Path=/tra-cuu/; Max-Age={}; HttpOnly; SameSite=Lax{secure}", service::PASS_MINUTES * 60);
            let mut response = go(format!("/tra-cuu/{code}")).into_response();
            if let Ok(value) = HeaderValue::from_str(&cookie) {
                response.headers_mut().append(SET_COOKIE, value);
            }
            Ok(response)
        }
        Proof::Wrong => {
            let fault = again("Số này không khớp với số đã ghi khi nộp. Xem lại trên giấy hẹn.");
            draw(visitor, &time, code, &headers, fault).await
        }
        Proof::TooMany => {
            let fault = again("Đã thử sai nhiều lần. Thử lại sau một giờ, hoặc gọi trung tâm.");
            draw(visitor, &time, code, &headers, fault).await
        }
    }
}

/// The dossier of a code and who may act on it as its owner.
async fn owned(visitor: &Visitor, headers: &HeaderMap, code: String) -> Result<(DossierRow, Cx), Problem> {
    let glimpse = visitor.house.db.read(async move |tx: &store::Read<'_>| service::glimpse(tx, &code).await).await?;
    let cx = holder(visitor, headers, &glimpse.row).await?.ok_or_else(Problem::not_found)?;
    Ok((glimpse.row, cx))
}

/// `POST /tra-cuu/{code}/danh-gia`
pub async fn rate(visitor: Visitor, Path(code): Path<String>, headers: HeaderMap, sent: Sent) -> Result<web::Go, Problem> {
    let (row, cx) = owned(&visitor, &headers, code).await?;
    let (score, comment) = (sent.field("muc").parse().unwrap_or(0), sent.field("y-kien").to_owned());
    let (id, once) = (row.id, Once::of_form(&visitor.visit, sent.field("lan")));
    once.run(&visitor.house, &sent.digest(), async move |tx: &store::Write<'_>| {
        service::rate(tx, &cx, id, score, &comment).await.map(|_| String::new())
    })
    .await?;
    Ok(go(format!("/tra-cuu/{}", row.name_code())).saying("Cảm ơn bạn đã đánh giá", &[]))
}

/// `POST /tra-cuu/{code}/bo-sung`: files asked for by form 02. They are kept at once; the form is answered when none is missing.
pub async fn supplement(visitor: Visitor, Path(code): Path<String>, headers: HeaderMap, sent: Sent) -> Result<Response, Problem> {
    let (row, cx) = owned(&visitor, &headers, code).await?;
    let id = row.id;
    let files = sent.good_papers()?;
    let once = Once::of_form(&visitor.visit, sent.field("lan"));
    let missing = once
        .run(&visitor.house, &sent.digest(), async move |tx: &store::Write<'_>| {
            Ok::<_, Error>(serde_json::to_string(&service::hand_in(tx, &cx, id, &files).await?.missing)?)
        })
        .await?;
    let missing: Vec<String> = serde_json::from_str(&missing).map_err(|e| Problem::ours(e.to_string()))?;
    let to = go(format!("/tra-cuu/{}", row.name_code()));
    Ok(match missing.as_slice() {
        [] => to.saying("Đã gửi phần bổ sung", &[]),
        missing => to.saying("Đã giữ tệp bạn gửi. Còn thiếu: {0}", &[&missing.join("; ")]),
    }
    .into_response())
}

/// `GET /tra-cuu/{code}/tep/{file}`
pub async fn file(visitor: Visitor, Path((code, file)): Path<(String, Uuid)>, headers: HeaderMap) -> Result<Response, Problem> {
    let (row, cx) = owned(&visitor, &headers, code).await?;
    own_file(&visitor.house, &cx, row.id, file).await
}

/// `GET /tra-cuu/{code}/giay-hen.pdf`
pub async fn receipt(visitor: Visitor, Path(code): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    paper(visitor, code, headers, Paper::Receipt).await
}

/// `GET /tra-cuu/{code}/bo-sung.pdf`
pub async fn supplement_paper(visitor: Visitor, Path(code): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    paper(visitor, code, headers, Paper::Supplement).await
}

async fn paper(visitor: Visitor, code: String, headers: HeaderMap, which: Paper) -> Result<Response, Problem> {
    let (row, cx) = owned(&visitor, &headers, code).await?;
    let whole = visitor.house.db.read(async move |tx: &store::Read<'_>| service::see_own(tx, &cx, row.id).await).await?;
    made(&visitor.house, &whole, which).await
}

/// A citizen's dossiers and drafts.
#[derive(Template)]
#[template(path = "mine.html")]
pub struct Mine {
    drafts: Vec<(Uuid, String, String)>,
    dossiers: Vec<Own>,
    /// Only where one page does not hold them.
    pager: Option<Pager>,
}

/// What the address of the list asks.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// Page, from 1.
    pub trang: Option<u64>,
}

struct Own {
    code: String,
    name: String,
    badge: Badge,
    headline: Words,
}

/// `GET /ho-so-cua-toi`
pub async fn mine(citizen: Citizen, Query(which): Query<Which>) -> Result<Page<Mine>, Problem> {
    let (cx, page) = (citizen.cx.clone(), which.trang.unwrap_or(1).clamp(1, 10_000));
    let (drafts, rows, all) = citizen
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let drafts = service::own_drafts(tx, &cx).await?;
            let rows = service::own_dossiers(tx, &cx, page).await?;
            let here = rows.len() as u64;
            // most people's fit on one page: nothing has to be counted
            let all = if page == 1 && here < service::OWN_ON_A_PAGE { here } else { service::how_many_own(tx, &cx).await? };
            Ok::<_, Error>((drafts, rows, all))
        })
        .await?;
    let (now, lang) = (citizen.cx.by.now, citizen.cx.lang);
    let body = Mine {
        drafts: drafts.into_iter().map(|d| (d.id, d.name, base::wording::near(d.saved_at, now, lang))).collect(),
        dossiers: rows
            .iter()
            .map(|row| Own {
                code: row.name_code().to_owned(),
                name: row.procedure_name.clone(),
                badge: state_badge(row),
                headline: headline(row, lang).0,
            })
            .collect(),
        pager: (all > service::OWN_ON_A_PAGE)
            .then(|| pager("/ho-so-cua-toi", "", page, service::OWN_ON_A_PAGE, all, words("hồ sơ"))),
    };
    Ok(Page::new(citizen.shell.title(words("Hồ sơ của tôi")).current("/ho-so-cua-toi"), body))
}
