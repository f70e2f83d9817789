//! Administrators decide about time: the days of each year by its notice, and how terms are counted.
use askama::Template;
use axum::response::{IntoResponse, Response};
use base::{
    Lang, Moment,
    calendar::{DayKind, WorkCalendar},
    due::{Convention, DuePolicy},
};
use jiff::civil::Time;
use store::{Read, Write};
use web::{Choice, Field, FieldFault, Page, Problem, Row, Status, filters, go, words};

use super::form::{At, Fields, day, told};
use crate::{
    Error, OfficerDesk, acts, decide_counting, decide_year,
    service::time::rules,
    time::{DatedDay, Says, TimeRule, TypedDay, WorkTime, decide_days, draft_of},
};

#[derive(Template)]
#[template(path = "time.html")]
pub struct TimePage {
    crumbs: web::ui::nav::Crumbs,
    years: web::ui::table::Table,
    counting: web::ui::table::Table,
    faults: Vec<FieldFault>,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "time_year.html")]
pub struct YearPage {
    year: i16,
    crumbs: web::ui::nav::Crumbs,
    faults: Vec<FieldFault>,
    table: web::ui::table::Table,
    ground: Field,
    decided: bool,
    past: bool,
}

/// Empty lines offered below a year's table: swaps and days a notice adds.
const SPARE_LINES: usize = 6;
/// Lines of a table that are read at most.
const MOST_LINES: usize = 120;

const KINDS: [(DayKind, &str, &str); 6] = [
    (DayKind::Statutory, "le", "Nghỉ lễ"),
    (DayKind::Compensatory, "bu", "Nghỉ bù"),
    (DayKind::SwappedOff, "hoan-doi", "Nghỉ hoán đổi"),
    (DayKind::Makeup, "lam-bu", "Làm bù"),
    (DayKind::MorningOff, "nghi-sang", "Nghỉ buổi sáng"),
    (DayKind::AfternoonOff, "nghi-chieu", "Nghỉ buổi chiều"),
];
const CONVENTIONS: [(Convention, &str, &str, &str); 2] = [
    (
        Convention::WorkingDaysEndOfDay,
        "ngay",
        "Theo ngày làm việc",
        "Không tính ngày tiếp nhận; hết hạn vào cuối giờ của ngày làm việc cuối.",
    ),
    (Convention::HoursExact8hPerDay, "gio", "Theo giờ làm việc", "Mỗi ngày 8 giờ làm việc, tính từ phút tiếp nhận."),
];

fn convention_title(of: Convention) -> &'static str {
    CONVENTIONS.iter().find(|(c, ..)| *c == of).map_or("", |(_, _, title, _)| title)
}

fn clock(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

async fn known(desk: &OfficerDesk) -> Result<(Vec<TimeRule>, WorkTime), Problem> {
    let (cx, now) = (desk.cx.clone(), desk.cx.by.now);
    let look = async move |tx: &Read<'_>| Ok::<_, Error>((rules(tx, &cx).await?, WorkTime::of_house(tx, now).await?));
    Ok(desk.house.db.read(look).await?)
}

/// Every year at hand, and how terms are counted.
pub async fn page(desk: OfficerDesk) -> Result<Page<TimePage>, Problem> {
    let body = overview(&desk, None, vec![]).await?;
    Ok(Page::new(desk.shell.title(words("Lịch và cách tính hạn")).current("/quan-tri"), body))
}

async fn overview(desk: &OfficerDesk, form: Option<&Fields>, faults: Vec<FieldFault>) -> Result<TimePage, Problem> {
    let (rules, time) = known(desk).await?;
    let (lang, now) = (desk.cx.lang, desk.cx.by.now);
    let this = now.date().year();
    let rows = (this - 1..=this + 2).rev().map(|year| {
        let decided = rules.iter().find(|r| matches!(r.says, Says::Days(_)) && r.from.date().year() == year);
        let (status, source) = standing(year, decided, &time.calendar);
        Row::new([
            web::Cell::link(format!("/quan-tri/lich/{year}"), year).row_head(),
            web::Cell::of(status),
            source,
            web::Cell::raw(decided.map(|r| base::wording::date_time(r.decided_at, lang)).unwrap_or_default()),
        ])
    });
    let heads = [web::head("Năm"), web::head("Tình trạng"), web::head("Căn cứ"), web::head("Ghi lúc")];
    let years = web::table("Lịch nghỉ các năm", heads).rows(rows);
    let counted = rules.iter().rev().filter_map(|rule| match &rule.says {
        Says::Counting(policy) => Some((rule, *policy)),
        Says::Days(_) => None,
    });
    let in_force = rules.iter().rposition(|r| matches!(r.says, Says::Counting(_)) && r.from <= now);
    let line = |policy: DuePolicy, from: String, ground: web::Cell, status| {
        Row::new([
            web::Cell::text(convention_title(policy.convention)).row_head(),
            web::Cell::raw(clock(policy.cut_off)).class("num"),
            web::Cell::raw(from),
            ground,
            web::Cell::of(status),
        ])
    };
    let status = |here: bool, from: Moment| match (here, from > now) {
        (true, _) => web::badge(Status::Ok, "Đang áp dụng"),
        (_, true) => web::badge(Status::Warn, "Sắp áp dụng"),
        _ => web::badge(Status::Idle, "Đã thay"),
    };
    let mut lines: Vec<Row> = counted
        .map(|(rule, policy)| {
            let here = in_force.and_then(|n| rules.get(n)) == Some(rule);
            line(policy, base::wording::date_time(rule.from, lang), web::Cell::raw(&rule.ground), status(here, rule.from))
        })
        .collect();
    let first =
        if in_force.is_none() { web::badge(Status::Ok, "Đang áp dụng") } else { web::badge(Status::Idle, "Đã thay") };
    lines.push(line(DuePolicy::default(), String::new(), web::Cell::text("Mặc định của phần mềm"), first));
    let heads = [
        web::head("Cách tính"),
        web::head("Giờ chốt trong ngày"),
        web::head("Từ"),
        web::head("Theo văn bản"),
        web::head("Tình trạng"),
    ];
    let value = |name: &str, now: String| form.map_or(now, |f| f.get(name).to_owned());
    let choices = CONVENTIONS.map(|(_, code, title, about)| Choice::new(code, title).hint(words(about)));
    let present = CONVENTIONS.iter().find(|(c, ..)| *c == time.policy.convention).map_or("", |(_, code, ..)| code);
    let fields = vec![
        web::radios("cach", words("Cách tính ngày làm việc"), choices).value(value("cach", present.into())).fault_in(&faults),
        web::text("chot", words("Giờ chốt của thủ tục trả trong ngày"))
            .hint(words("Tiếp nhận đến hết giờ này thì trả trong ngày; sau đó trả vào ngày làm việc tiếp theo."))
            .value(value("chot", clock(time.policy.cut_off)))
            .fault_in(&faults)
            .width(5),
        web::text("tu", words("Áp dụng từ ngày"))
            .hint(words("Dạng 01/01/2027. Hồ sơ đã tiếp nhận giữ nguyên giờ hẹn."))
            .value(value("tu", String::new()))
            .fault_in(&faults)
            .width(10),
        web::text("van-ban", words("Theo văn bản"))
            .hint(words("Số, ký hiệu của quyết định."))
            .value(value("van-ban", String::new()))
            .fault_in(&faults)
            .width(30),
    ];
    let counting = web::table("Cách tính hạn qua các thời kỳ", heads).rows(lines);
    let crumbs = web::crumbs([("/quan-tri", "Quản trị")], "Lịch và cách tính hạn");
    Ok(TimePage { crumbs, years, counting, faults, fields })
}

fn standing(year: i16, decided: Option<&TimeRule>, calendar: &WorkCalendar) -> (web::ui::status::Badge, web::Cell) {
    match decided {
        Some(rule) => (web::badge(Status::Ok, "Đã có lịch chính thức"), web::Cell::raw(&rule.ground)),
        None if calendar.is_settled(year) => {
            (web::badge(Status::Ok, "Đã có lịch chính thức"), web::Cell::text("Kèm theo phần mềm"))
        }
        None => (web::badge(Status::Warn, "Tạm tính"), web::Cell::text("Tính theo Bộ luật Lao động, chờ thông báo của năm")),
    }
}

/// Says how terms are counted from a day on.
pub async fn count(desk: OfficerDesk, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::DecideTime>()?;
    let faults = match counting(&form, desk.cx.by.now) {
        Ok((policy, from, ground)) => {
            let cx = desk.cx.clone();
            match desk.house.db.write(async move |tx: &Write<'_>| decide_counting(tx, &cx, policy, from, &ground).await).await {
                Ok(()) => return Ok(go("/quan-tri/lich").saying("Đã ghi cách tính hạn.", &[]).into_response()),
                Err(error) => told(error, "tu")?,
            }
        }
        Err(faults) => faults,
    };
    let body = overview(&desk, Some(&form), faults).await?;
    Ok(Page::faulty(desk.shell.title(words("Lịch và cách tính hạn")).current("/quan-tri"), body).into_response())
}

fn counting(form: &Fields, now: Moment) -> Result<(DuePolicy, Moment, String), Vec<FieldFault>> {
    let mut faults = vec![];
    let convention = CONVENTIONS.iter().find(|(_, code, ..)| *code == form.get("cach")).map(|(c, ..)| *c);
    if convention.is_none() {
        faults.push(FieldFault::new("cach", words("Chọn cách tính.")));
    }
    let cut_off = form.get("chot").parse::<Time>().ok();
    if cut_off.is_none() {
        faults.push(FieldFault::new("chot", words("Giờ ghi dạng 15:00.")));
    }
    let from = match form.line("tu") {
        Some(text) => day(&text, "tu", now).map_err(|fault| faults.push(fault)).ok(),
        None => {
            faults.push(FieldFault::new("tu", words("Ghi ngày bắt đầu áp dụng.")));
            None
        }
    };
    let ground = form.line("van-ban");
    if ground.is_none() {
        faults.push(FieldFault::new("van-ban", words("Ghi văn bản làm căn cứ.")));
    }
    match (convention, cut_off, from, ground) {
        (Some(convention), Some(cut_off), Some(from), Some(ground)) => Ok((DuePolicy { convention, cut_off }, from, ground)),
        _ => Err(faults),
    }
}

/// The days of one year.
pub async fn year(desk: OfficerDesk, At(year): At<i16>) -> Result<Page<YearPage>, Problem> {
    let (rules, time) = known(&desk).await?;
    let body = draw(&desk, year, &rules, &time, None, vec![])?;
    Ok(Page::new(desk.shell.title(words("Lịch nghỉ năm {0}").with(year)).current("/quan-tri"), body))
}

fn draw(
    desk: &OfficerDesk,
    year: i16,
    rules: &[TimeRule],
    time: &WorkTime,
    form: Option<(&[TypedDay], &str)>,
    faults: Vec<FieldFault>,
) -> Result<YearPage, Problem> {
    let now = desk.cx.by.now;
    let decided = rules.iter().find(|r| matches!(r.says, Says::Days(_)) && r.from.date().year() == year);
    let mut lines = match form {
        Some((typed, _)) => typed.to_vec(),
        None => draft_of(year, &time.calendar).iter().map(as_typed).collect(),
    };
    if lines.is_empty() {
        return Err(Problem::not_found());
    }
    let filled = lines.iter().rposition(|l| *l != TypedDay::default()).map_or(0, |n| n + 1);
    lines.resize((filled + SPARE_LINES).min(MOST_LINES), TypedDay::default());
    let rows = lines.iter().enumerate().map(|(n, line)| {
        let kinds = std::iter::once(Choice::new("", "")).chain(KINDS.map(|(_, code, title)| Choice::new(code, title)));
        let kind = KINDS.iter().find(|(k, ..)| Some(*k) == line.kind).map_or("", |(_, code, _)| code);
        let weekday = line.date.parse::<base::person::PartialDate>().ok().and_then(|d| d.full());
        let about = |what: &'static str| words(what).with(n + 1);
        Row::new([
            web::Cell::of(
                web::text(format!("ngay-{n}"), about("Ngày, dòng {0}"))
                    .quiet_label()
                    .width(10)
                    .value(&line.date)
                    .fault_in(&faults),
            ),
            web::Cell::raw(weekday.map(|d| base::wording::weekday(d.weekday(), desk.cx.lang)).unwrap_or_default()).class("quiet"),
            web::Cell::of(
                web::select(format!("loai-{n}"), about("Loại, dòng {0}"), kinds).quiet_label().value(kind).fault_in(&faults),
            ),
            web::Cell::of(
                web::text(format!("ten-{n}"), about("Tên, dòng {0}")).quiet_label().width(30).value(&line.name).fault_in(&faults),
            ),
            web::Cell::of(
                web::text(format!("ten-en-{n}"), about("Tên tiếng Anh, dòng {0}")).quiet_label().width(20).value(&line.name_en),
            ),
        ])
    });
    let heads = [web::head("Ngày"), web::head("Thứ"), web::head("Loại"), web::head("Tên hoặc lý do"), web::head("Tên tiếng Anh")];
    let ground = form.map_or_else(|| decided.map(|r| r.ground.clone()).unwrap_or_default(), |(_, ground)| ground.to_owned());
    let title = web::words("Lịch nghỉ năm {0}").with(year);
    Ok(YearPage {
        year,
        crumbs: web::crumbs([("/quan-tri", "Quản trị"), ("/quan-tri/lich", "Lịch và cách tính hạn")], title.clone()),
        table: web::table(title, heads).quiet_caption().rows(rows),
        ground: web::text("van-ban", words("Theo văn bản"))
            .hint(words("Số, ký hiệu của thông báo lịch nghỉ. Ví dụ: 9441/TB-BNV"))
            .value(ground)
            .fault_in(&faults)
            .width(30),
        decided: decided.is_some() || time.calendar.is_settled(year),
        past: year < now.date().year(),
        faults,
    })
}

fn as_typed(dated: &DatedDay) -> TypedDay {
    TypedDay {
        date: base::wording::date(dated.date, Lang::Vi),
        kind: Some(dated.day.kind),
        name: dated.day.name.clone(),
        name_en: dated.day.name_en.clone(),
    }
}

/// Writes down the days of a year.
pub async fn decide(desk: OfficerDesk, At(year): At<i16>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::DecideTime>()?;
    let typed: Vec<TypedDay> = (0..MOST_LINES)
        .map(|n| TypedDay {
            date: form.line(&format!("ngay-{n}")).unwrap_or_default(),
            kind: KINDS.iter().find(|(_, code, _)| *code == form.get(&format!("loai-{n}"))).map(|(k, ..)| *k),
            name: form.line(&format!("ten-{n}")).unwrap_or_default(),
            name_en: form.line(&format!("ten-en-{n}")).unwrap_or_default(),
        })
        .collect();
    let ground = form.line("van-ban");
    let mut faults = vec![];
    if ground.is_none() {
        faults.push(FieldFault::new("van-ban", words("Ghi số, ký hiệu của thông báo lịch nghỉ.")));
    }
    let days = decide_days(year, desk.cx.by.now, &typed);
    if let (Ok(days), Some(ground)) = (&days, &ground) {
        let (cx, days, ground) = (desk.cx.clone(), days.clone(), ground.clone());
        desk.house.db.write(async move |tx: &Write<'_>| decide_year(tx, &cx, year, &days, &ground).await).await?;
        return Ok(go("/quan-tri/lich").saying("Đã ghi lịch nghỉ năm {0}.", &[&year.to_string()]).into_response());
    }
    faults.extend(days.err().unwrap_or_default());
    let (rules, time) = known(&desk).await?;
    let body = draw(&desk, year, &rules, &time, Some((&typed, ground.as_deref().unwrap_or_default())), faults)?;
    Ok(Page::faulty(desk.shell.title(words("Lịch nghỉ năm {0}").with(year)).current("/quan-tri"), body).into_response())
}
