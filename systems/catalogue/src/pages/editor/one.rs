//! One procedure as its editors see it: settle its open terms, put it on the Chairman's list or take it off.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use base::due::{Amount, TermUnit};
use base::{Lang, Moment, ProcedureCode};
use directory::OfficerDesk;
use jiff::civil::Time;
use serde::Deserialize;
use store::{Read, Write};
use web::filters;
use web::ui::list::{Facts, Timeline};
use web::ui::nav::Crumbs;
use web::ui::table::Table;
use web::{Cell, Choice, Field, FieldFault, Happening, Once, Page, Part, Problem, Row, Status, When, go, raw, words};

use crate::decide::Settlement;
use crate::package::{Package, TermRow};
use crate::pages::form::{Fields, told};
use crate::pages::words as say;
use crate::record::Proposal;
use crate::sql::records::{unit_of, unit_word};
use crate::{CatalogueEvent, Error, Listing, NewListing, Origin, ReceivedAt, Settle, WHOLE, acts, sql};

/// The page.
#[derive(Template)]
#[template(path = "editor/one.html")]
pub struct OnePage {
    crumbs: Crumbs,
    package: Arc<Package>,
    faults: Vec<FieldFault>,
    facts: Facts,
    terms: Option<Table>,
    blocking: usize,
    settle: Vec<Field>,
    proposals: Vec<(usize, web::Words, String)>,
    is_listed: bool,
    listed: Facts,
    holds: bool,
    decisions: Option<Table>,
    put: Vec<Field>,
    take_off: Vec<Field>,
    history: Option<Timeline>,
    doubts: Vec<String>,
}

/// What is known of one procedure.
struct Known {
    package: Arc<Package>,
    origin: Origin,
    published_at: Moment,
    settled: Vec<Settlement>,
    listings: Vec<Listing>,
    events: Vec<(Moment, String, CatalogueEvent)>,
}

/// Which proposal fills the form.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Its number, from 0.
    de_xuat: Option<usize>,
}

async fn known(desk: &OfficerDesk, code: ProcedureCode) -> Result<Known, Problem> {
    let now = desk.cx.by.now;
    Ok(desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let version = crate::current(tx, &code, now).await?;
            let (_, origin, published_at) = sql::versions::published(tx, version.id).await?.ok_or(Error::NotFound)?;
            let procedure = sql::procedures::procedure(tx, code.base()).await?.ok_or(Error::NotFound)?;
            let mut events = vec![];
            for e in store::events::<CatalogueEvent>(tx, procedure.stream).await?.into_iter().rev().take(12) {
                let who = directory::person(tx, directory::PersonId(e.who)).await?.map(|p| p.name);
                events.push((e.at, who.unwrap_or_default(), e.event));
            }
            Ok::<_, Error>(Known {
                settled: sql::records::settlements(tx, code.base()).await?,
                listings: sql::local::rows(tx, code.base()).await?,
                package: version.package,
                origin,
                published_at,
                events,
            })
        })
        .await?)
}

fn code_of(text: &str) -> Result<ProcedureCode, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

/// `GET /quan-tri/thu-tuc/{code}`
pub async fn show(desk: OfficerDesk, Path(code): Path<String>, Query(asked): Query<Asked>) -> Result<Page<OnePage>, Problem> {
    desk.require::<acts::Read>()?;
    let known = known(&desk, code_of(&code)?).await?;
    let body = draw(&desk, known, asked.de_xuat, None, vec![]);
    let title = raw(body.package.title());
    Ok(Page::new(desk.shell.title(title).current("/quan-tri"), body))
}

async fn again(desk: OfficerDesk, code: ProcedureCode, form: &Fields, faults: Vec<FieldFault>) -> Result<Response, Problem> {
    let known = known(&desk, code).await?;
    let body = draw(&desk, known, None, Some(form), faults);
    let title = raw(body.package.title());
    Ok(Page::faulty(desk.shell.title(title).current("/quan-tri"), body).into_response())
}

fn draw(desk: &OfficerDesk, known: Known, proposal: Option<usize>, form: Option<&Fields>, faults: Vec<FieldFault>) -> OnePage {
    let lang = desk.cx.lang;
    let Known { package, origin, published_at, settled, listings, events } = known;
    let proposals = if package.blocking_terms() > 0 { crate::record::proposals(&package) } else { vec![] };
    let chosen = proposal.and_then(|n| proposals.get(n));
    let now = desk.cx.by.now;
    let held = listings.iter().find(|l| l.holds_at(now));
    let last = listings.iter().rev().find(|l| l.reaches_past(now));
    let decision = &package.decision;
    let facts = web::facts()
        .row("Mã thủ tục", &package.code)
        .row_opt("Mã của tỉnh", Some(&package.local_code).filter(|c| !c.is_empty()))
        .row("Lĩnh vực", &package.field)
        .part("Nơi giải quyết", Part::text(say::levels(&package)))
        .row_opt("Cơ quan thực hiện", Some(&package.competent_agency).filter(|c| !c.is_empty()))
        .row_opt("Công bố theo", Some(&decision.number).filter(|c| !c.is_empty()))
        .row_opt("Quyết định của bộ", Some(&decision.central).filter(|c| !c.is_empty()))
        .part(
            "Nguồn",
            Part::text(match origin {
                Origin::Written => "Tỉnh soạn",
                Origin::Imported => "Nhập từ tệp",
            }),
        )
        .row("Bản này có từ", base::wording::date_time(published_at, lang))
        .row("Giấy tờ phải có", package.papers_asked().count());
    let doubts = package.fees.iter().filter(|f| f.doubtful).map(|f| match f.amount {
        Some(amount) => format!("{}: {} đồng. {}", f.name, base::wording::number(amount), f.condition), // not on screen: as the record says it
        None => format!("{}. {}", f.name, f.condition),
    });
    let history = events.iter().map(|(at, who, event)| happening(*at, who, event, lang));
    let history: Vec<Happening> = history.collect();
    OnePage {
        crumbs: web::crumbs([("/quan-tri", "Quản trị"), ("/quan-tri/thu-tuc", "Danh mục thủ tục")], raw(package.title())),
        facts,
        terms: (!package.terms.is_empty()).then(|| terms(&package, &settled, lang)),
        blocking: package.blocking_terms(),
        settle: settle_fields(&package, &settled, chosen, form, &faults, lang),
        proposals: proposals
            .iter()
            .enumerate()
            .map(|(n, p)| (n, say::allowance(p.value, p.unit, p.same_day, lang), p.quote.clone()))
            .collect(),
        holds: held.is_some(),
        put: put_fields(last, form, &faults),
        take_off: vec![decision_field("so-quyet-dinh-bo", form, &faults)],
        is_listed: last.is_some(),
        listed: held.map_or_else(web::facts, |l| listed(l, lang)),
        decisions: listings.iter().any(|l| !l.holds_at(now)).then(|| decisions(&listings, lang)),
        history: (!history.is_empty()).then(|| web::timeline(history).dense()),
        doubts: doubts.collect(),
        faults,
        package,
    }
}

/// For whom a row is: its channels, its case, what the record says beside it.
fn for_whom(package: &Package, row: &TermRow) -> web::Words {
    let case = row.case.as_ref().and_then(|id| package.cases.iter().find(|c| c.id == *id));
    let channels = say::channel_names(&row.channels);
    match case {
        Some(case) => words("{0} · {1}").with_words(channels).with(&case.name),
        None => channels,
    }
}

fn terms(package: &Package, settled: &[Settlement], lang: Lang) -> Table {
    let rows = package.terms.iter().map(|row| {
        let by_person = settled.iter().any(|s| s.term == row.id);
        let state = match row.settled() {
            None => web::badge(Status::Warn, "Chờ chốt"),
            Some(_) if by_person => web::badge(Status::Ok, "Đã chốt"),
            Some(_) => web::badge(Status::Idle, "Theo bản ghi"),
        };
        let printed = match (row.settled(), row.value) {
            (None, Some(n)) => words("bản ghi chỉ ghi “{0}”").with(n),
            (None, None) => words("bản ghi để trống"),
            _ => say::term_alone(package, row, lang),
        };
        let about = [&row.condition, &row.note, &row.basis].into_iter().filter(|t| !t.is_empty()).cloned();
        Row::new([
            Cell::text(for_whom(package, row)).row_head(),
            Cell::text(printed),
            Cell::raw(about.collect::<Vec<_>>().join(" · ")).class("quiet"),
            Cell::of(state),
        ])
    });
    let heads = [web::head("Dành cho"), web::head("Thời hạn"), web::head("Điều kiện, ghi chú, căn cứ"), web::head("Trạng thái")];
    web::table("Thời hạn theo cách nộp và trường hợp", heads).quiet_caption().rows(rows)
}

/// The rows that a person may settle: those still open, and those that a person settled before.
fn settle_fields(
    package: &Package,
    settled: &[Settlement],
    chosen: Option<&Proposal>,
    form: Option<&Fields>,
    faults: &[FieldFault],
    lang: Lang,
) -> Vec<Field> {
    if package.elsewhere.is_some() {
        return vec![];
    }
    let may = |row: &&TermRow| row.settled().is_none() || settled.iter().any(|s| s.term == row.id);
    let mut choices: Vec<Choice> = package
        .terms
        .iter()
        .filter(may)
        .map(|row| {
            let choice = Choice::new(row.id.clone(), for_whom(package, row));
            let hint = if row.settled().is_some() { say::term_alone(package, row, lang) } else { raw(&row.note) };
            if hint.is_empty() { choice } else { choice.hint(hint) }
        })
        .collect();
    if package.terms.is_empty() {
        choices.push(Choice::new(WHOLE, "Mọi cách nộp, mọi trường hợp").hint("Bản ghi không có dòng thời hạn nào."));
    }
    if choices.is_empty() {
        return vec![];
    }
    let value = |name: &str| form.map(|f| f.get(name).to_owned());
    let units = [
        Choice::new("same_day", "trong ngày"),
        Choice::new(unit_word(TermUnit::WorkingDay), "ngày làm việc"),
        Choice::new(unit_word(TermUnit::WorkingHour), "giờ làm việc"),
        Choice::new(unit_word(TermUnit::CalendarDay), "ngày"),
        Choice::new(unit_word(TermUnit::Month), "tháng"),
    ];
    let unit_now = chosen.map(|p| if p.same_day { "same_day" } else { unit_word(p.unit) }).unwrap_or_default();
    let value_now = chosen.filter(|p| !p.same_day).map(|p| p.value.to_string());
    let ticked: Vec<String> = match form {
        Some(form) => form.all("dong").map(str::to_owned).collect(),
        // one row needs no choice
        None if choices.len() == 1 => choices.iter().map(|c| c.value.clone()).collect(),
        None => vec![],
    };
    vec![
        web::checks("dong", words("Dành cho"), choices).values(ticked).fault_in(faults),
        web::radios("don-vi", words("Tính bằng"), units)
            .hint("“Ngày” tính cả ngày nghỉ. “Trong ngày”: nhận sau 15:00 thì trả ngày làm việc tiếp theo (OS-14).")
            .inline()
            .value(value("don-vi").unwrap_or_else(|| unit_now.to_owned()))
            .fault_in(faults),
        web::text("so", words("Số"))
            .hint("Nửa ngày ghi 0,5. Để trống khi chọn “trong ngày”.")
            .value_opt(value("so").or(value_now))
            .inputmode("decimal")
            .width(4)
            .fault_in(faults),
        web::text("can-cu", words("Căn cứ"))
            .hint("Số hiệu văn bản, điều khoản. Tên bạn và ngày chốt được ghi kèm.")
            .value_opt(value("can-cu"))
            .width(30)
            .fault_in(faults),
    ]
}

fn decision_field(name: &'static str, form: Option<&Fields>, faults: &[FieldFault]) -> Field {
    web::text(name, words("Số quyết định của Chủ tịch UBND tỉnh"))
        .value_opt(form.map(|f| f.get(name).to_owned()))
        .width(20)
        .fault_in(faults)
}

fn put_fields(listing: Option<&Listing>, form: Option<&Fields>, faults: &[FieldFault]) -> Vec<Field> {
    let places = ReceivedAt::ALL.map(|at| Choice::new(at.as_str(), at.title()));
    let now = listing.map(|l| l.received_at).unwrap_or_default().as_str();
    let value = |name: &str| form.map(|f| f.get(name).to_owned()).filter(|v| !v.is_empty());
    let day = |name: &'static str, label: &'static str, hint: &'static str| {
        web::text(name, words(label)).hint(words(hint)).value_opt(value(name)).width(10).optional().fault_in(faults)
    };
    vec![
        web::radios("noi-nhan", words("Nhận ở"), places)
            .value(value("noi-nhan").unwrap_or_else(|| now.to_owned()))
            .fault_in(faults),
        decision_field("so-quyet-dinh", form, faults),
        day(
            "tu-ngay",
            "Từ ngày",
            "Dạng 01/07/2025. Để trống: từ bây giờ. Khi đang nhận, ngày đã qua cũng tính từ bây giờ: hồ sơ xét theo danh mục của ngày nộp.",
        ),
        day("den-ngay", "Đến hết ngày", "Để trống: đến khi có quyết định khác."),
    ]
}

fn listed(row: &Listing, lang: Lang) -> Facts {
    web::facts()
        .part("Nhận ở", Part::text(row.received_at.title()))
        .row_opt("Theo quyết định", Some(&row.decision).filter(|d| !d.is_empty()))
        .row_opt("Từ ngày", row.begins().map(|at| instant(at, lang)))
        .row_opt("Hết hiệu lực từ", row.valid_to.map(|at| instant(at, lang)))
}

/// A day, with its hour when something began or ended within it.
fn instant(at: Moment, lang: Lang) -> String {
    if at.time() == Time::midnight() { base::wording::date(at.date(), lang) } else { base::wording::date_time(at, lang) }
}

/// What was ever decided about where it is received, the latest first.
fn decisions(listings: &[Listing], lang: Lang) -> Table {
    let rows = listings.iter().rev().map(|row| {
        let decision = if row.decision.is_empty() { words("Danh mục ban đầu") } else { raw(&row.decision) };
        let end = match (row.valid_to, &row.ended_by) {
            (Some(to), Some(by)) if to == row.valid_from => words("rút lại theo {0}").with(by),
            (Some(to), Some(by)) => words("{0}, theo {1}").with(instant(to, lang)).with(by),
            (Some(to), None) => raw(instant(to, lang)),
            (None, _) => raw(""),
        };
        Row::new([
            Cell::text(decision).row_head(),
            Cell::text(row.received_at.title()),
            Cell::text(row.begins().map_or_else(|| words("từ đầu"), |at| raw(instant(at, lang)))),
            Cell::text(end),
        ])
    });
    let heads = [web::head("Theo quyết định"), web::head("Nhận ở"), web::head("Từ ngày"), web::head("Hết hiệu lực từ")];
    web::table("Các quyết định về nơi nhận, mới nhất ở trên", heads).rows(rows)
}

fn happening(at: Moment, who: &str, event: &CatalogueEvent, lang: Lang) -> Happening {
    let title = match event {
        CatalogueEvent::Published { .. } => words("Công bố phiên bản do tỉnh soạn"),
        CatalogueEvent::TermSettled { value, unit, same_day, basis, .. } => {
            words("Chốt thời hạn {0}, căn cứ {1}").with_words(say::allowance(*value, *unit, *same_day, lang)).with(basis)
        }
        CatalogueEvent::Listed { received_at, decision, .. } => {
            words("Đưa vào danh mục tiếp nhận theo {0}: {1}").with(decision).with_words(words(received_at.title()))
        }
        CatalogueEvent::Unlisted { decision, .. } => words("Đưa ra khỏi danh mục tiếp nhận theo {0}").with(decision),
        CatalogueEvent::Imported { file, .. } => words("Nhập từ tệp {0}").with(file),
    };
    let done = Happening::new(When::Past, title).at(at, raw(base::wording::date_time(at, lang)));
    if who.is_empty() { done } else { done.about(raw(who)) }
}

/// `POST /quan-tri/thu-tuc/{code}/thoi-han`: the rows that were ticked get one allowance, in one unit of work.
pub async fn settle(desk: OfficerDesk, once: Once, Path(code): Path<String>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::SettleTerm>()?;
    let code = code_of(&code)?;
    let order = match read_settle(&form) {
        Ok(order) => order,
        Err(faults) => return again(desk, code, &form, faults).await,
    };
    let (cx, of) = (desk.cx.clone(), code.clone());
    let done = once
        .run(&desk.house, &form, async move |tx: &Write<'_>| {
            for one in &order {
                crate::settle_term(tx, &cx, &of, one.clone()).await?;
            }
            Ok::<_, Error>(String::new())
        })
        .await;
    match done {
        Ok(_) => {
            let said = "Đã chốt thời hạn. Hồ sơ tiếp nhận từ bây giờ tính theo dòng này.";
            Ok(go(format!("/quan-tri/thu-tuc/{}", code.base())).saying(said, &[]).into_response())
        }
        Err(error) => {
            let names = [("value", "so"), ("same_day", "don-vi"), ("basis", "can-cu")];
            again(desk, code, &form, told(error, "dong", &names)?).await
        }
    }
}

fn read_settle(form: &Fields) -> Result<Vec<Settle>, Vec<FieldFault>> {
    let mut faults = vec![];
    let rows: Vec<&str> = form.all("dong").collect();
    if rows.is_empty() {
        faults.push(FieldFault::new("dong", words("Chọn ít nhất một dòng để chốt.")));
    }
    let same_day = form.get("don-vi") == "same_day";
    let unit = if same_day { Some(TermUnit::WorkingDay) } else { unit_of(form.get("don-vi")) };
    if unit.is_none() {
        faults.push(FieldFault::new("don-vi", words("Chọn cách tính.")));
    }
    let value = if same_day { Some(Amount::whole(1)) } else { form.get("so").parse::<Amount>().ok() };
    if value.is_none() {
        faults.push(FieldFault::new("so", words("Ghi số, ví dụ 3 hoặc 0,5.")));
    }
    let basis = form.line("can-cu");
    if basis.is_empty() {
        faults.push(FieldFault::new("can-cu", words("Ghi căn cứ: số hiệu văn bản, điều khoản.")));
    }
    match (unit, value) {
        (Some(unit), Some(value)) if faults.is_empty() => {
            let settle = |term: &&str| Settle { term: (*term).to_owned(), value, unit, same_day, basis: basis.clone() };
            Ok(rows.iter().map(settle).collect())
        }
        _ => Err(faults),
    }
}

/// `POST /quan-tri/thu-tuc/{code}/danh-muc`
pub async fn put_on_list(desk: OfficerDesk, once: Once, Path(code): Path<String>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::ChangeList>()?;
    let code = code_of(&code)?;
    let row = match read_listing(&form) {
        Ok(row) => row,
        Err(faults) => return again(desk, code, &form, faults).await,
    };
    let (cx, of) = (desk.cx.clone(), code.clone());
    let put = async move |tx: &Write<'_>| crate::put_listing(tx, &cx, &of, &row).await.map(|()| String::new());
    match once.run(&desk.house, &form, put).await {
        Ok(_) => {
            let to = format!("/quan-tri/thu-tuc/{}", code.base());
            Ok(go(to).saying("Đã ghi vào danh mục tiếp nhận.", &[]).into_response())
        }
        Err(error) => {
            let names = [("decision", "so-quyet-dinh"), ("to", "den-ngay")];
            again(desk, code, &form, told(error, "noi-nhan", &names)?).await
        }
    }
}

fn read_listing(form: &Fields) -> Result<NewListing, Vec<FieldFault>> {
    let mut faults = vec![];
    let received_at = form.get("noi-nhan").parse().ok();
    if received_at.is_none() {
        faults.push(FieldFault::new("noi-nhan", words("Chọn nơi nhận.")));
    }
    let mut day = |name| form.day(name).map_err(|fault| faults.push(fault)).unwrap_or_default();
    let from = day("tu-ngay");
    // people name the last day, the list keeps the day after it
    let to = day("den-ngay").and_then(|last| last.tomorrow().ok());
    match received_at {
        Some(received_at) if faults.is_empty() => Ok(NewListing { received_at, decision: form.line("so-quyet-dinh"), from, to }),
        _ => Err(faults),
    }
}

/// `POST /quan-tri/thu-tuc/{code}/bo-danh-muc`
pub async fn take_off_list(desk: OfficerDesk, once: Once, Path(code): Path<String>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::ChangeList>()?;
    let code = code_of(&code)?;
    let (cx, of, decision) = (desk.cx.clone(), code.clone(), form.line("so-quyet-dinh-bo"));
    let take = async move |tx: &Write<'_>| crate::take_off_list(tx, &cx, &of, &decision).await.map(|()| String::new());
    match once.run(&desk.house, &form, take).await {
        Ok(_) => {
            let to = format!("/quan-tri/thu-tuc/{}", code.base());
            Ok(go(to).saying("Đã đưa ra khỏi danh mục. Hồ sơ đã nộp vẫn đi tiếp.", &[]).into_response())
        }
        Err(error) => {
            let names = [("decision", "so-quyet-dinh-bo")];
            again(desk, code, &form, told(error, "so-quyet-dinh-bo", &names)?).await
        }
    }
}
