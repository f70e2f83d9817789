//! Administrators keep the tree of units: look, add, rename, detail, end, import.
use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Multipart, Query, multipart::MultipartRejection},
    response::{IntoResponse, Response},
};
use base::{Moment, calendar::WorkCalendar};
use http::{HeaderValue, header};
use store::{Read, Write};
use web::{Choice, Field, FieldFault, Page, Problem, Row, Status, filters, go, words};

use super::form::{At, Fields, day, told};
use crate::{
    Error, For, HoursFrom, NewUnit, OfficerDesk, Unit, UnitId, UnitKind, WorkTime, acts, add_unit, close_unit, detail_unit, may,
    rename_unit,
    service::{
        import::{self, ImportError, Report, import_units},
        units::{tree, unit as load},
    },
    set_hours, sql,
    unit::{Details, Form, Renaming, decide},
};

#[derive(Template)]
#[template(path = "units.html")]
pub struct UnitsPage {
    crumbs: web::ui::nav::Crumbs,
    find: Field,
    table: Option<web::ui::table::Table>,
    here: Option<Unit>,
    may_add: bool,
    query: String,
}

#[derive(Template)]
#[template(path = "unit.html")]
pub struct UnitPage {
    unit: Unit,
    crumbs: web::ui::nav::Crumbs,
    facts: web::ui::list::Facts,
    history: web::ui::table::Table,
    successors: Vec<Unit>,
    staff: Option<web::ui::table::Table>,
    faults: Vec<FieldFault>,
    which: &'static str,
    detail: Vec<Field>,
    hours: Option<web::ui::table::Table>,
    set_hours: Vec<Field>,
    rename: Vec<Field>,
    close: Vec<Field>,
    may_change: bool,
    open: bool,
}

impl UnitPage {
    /// An address with the unit in the place of `@`.
    fn at(&self, pattern: &str) -> String {
        pattern.replace('@', &self.unit.id.to_string())
    }
}

#[derive(Template)]
#[template(path = "unit_add.html")]
pub struct AddPage {
    parent: Unit,
    faults: Vec<FieldFault>,
    fields: Vec<Field>,
}

#[derive(Template)]
#[template(path = "units_import.html")]
pub struct ImportPage {
    error: Option<web::Words>,
    report: Option<Report>,
    rehearsed: bool,
    only_try: Field,
    faults: Option<web::ui::table::Table>,
}

/// What the list shows.
#[derive(serde::Deserialize)]
pub struct Wanted {
    #[serde(default)]
    duoi: String,
    #[serde(default)]
    q: String,
}

fn status(unit: &Unit, now: Moment) -> web::ui::status::Badge {
    match unit.valid_to {
        Some(to) if to <= now => web::badge(Status::Idle, "Đã kết thúc"),
        _ if now < unit.valid_from => web::badge(Status::Idle, "Chưa hoạt động"),
        Some(_) => web::badge(Status::Warn, "Sắp kết thúc"),
        None => web::badge(Status::Ok, "Đang hoạt động"),
    }
}

/// The children of one unit, or what a search finds.
pub async fn page(desk: OfficerDesk, Query(q): Query<Wanted>) -> Result<Page<UnitsPage>, Problem> {
    desk.require::<acts::ReadUnit>()?;
    let (cx, now) = (desk.cx.clone(), desk.cx.by.now);
    let units = desk.house.db.read(async move |tx: &Read<'_>| tree(tx, &cx).await).await?;
    let by_id: HashMap<UnitId, &Unit> = units.iter().map(|u| (u.id, u)).collect();
    let here = q.duoi.parse().ok().and_then(|id: UnitId| by_id.get(&id).copied());
    let sought = base::text::fold(q.q.trim());
    let shown: Vec<&Unit> = if sought.is_empty() {
        let top = |u: &&Unit| u.parent.is_none_or(|p| !by_id.contains_key(&p));
        match here {
            Some(here) => units.iter().filter(|u| u.parent == Some(here.id)).collect(),
            None => {
                let tops: Vec<&Unit> = units.iter().filter(top).collect();
                // one root is opened at once
                match tops[..] {
                    [root] => std::iter::once(root).chain(units.iter().filter(|u| u.parent == Some(root.id))).collect(),
                    _ => tops,
                }
            }
        }
    } else {
        let hit = |u: &&Unit| {
            [&u.name, &u.short_name, &u.key].iter().any(|t| base::text::fold(t).contains(&sought))
                || base::text::fold(&u.code.to_string()).contains(&sought)
        };
        units.iter().filter(hit).take(100).collect()
    };
    let rows = shown.iter().map(|unit| {
        let below = units.iter().filter(|u| u.parent == Some(unit.id)).count();
        let open =
            if below > 0 { web::Cell::link(format!("/quan-tri/don-vi?duoi={}", unit.id), below) } else { web::Cell::raw("") };
        Row::new([
            web::Cell::link(format!("/quan-tri/don-vi/{}", unit.id), &unit.short_name).row_head(),
            web::Cell::raw(&unit.code).class("code"),
            web::Cell::text(unit.kind.title()),
            open.class("r"),
            web::Cell::of(status(unit, now)),
        ])
    });
    let heads = [
        web::head("Đơn vị"),
        web::head("Mã định danh"),
        web::head("Loại"),
        web::head("Trực thuộc").class("r"),
        web::head("Trạng thái"),
    ];
    let table = (!shown.is_empty()).then(|| web::table("Đơn vị", heads).quiet_caption().rows(rows));
    let mut above: Vec<(String, String)> = vec![("/quan-tri".into(), "Quản trị".into())];
    if let Some(here) = here {
        above.push(("/quan-tri/don-vi".into(), "Đơn vị".into()));
        let parents = units.iter().filter(|u| u.id != here.id && here.path.starts_with(&u.path));
        above.extend(parents.map(|u| (format!("/quan-tri/don-vi?duoi={}", u.id), u.short_name.clone())));
    }
    let crumbs = web::crumbs(above, here.map_or_else(|| words("Đơn vị"), |u| web::raw(&u.short_name)));
    let body = UnitsPage {
        crumbs,
        find: web::text("q", words("Tìm theo tên, mã, khóa")).kind("search").value(&q.q).quiet_label().width(20),
        table,
        may_add: here.is_some_and(|u| may::<acts::AddUnit>(&desk.cx.who, u)),
        here: here.cloned(),
        query: q.q,
    };
    Ok(Page::new(desk.shell.title(words("Đơn vị")).current("/quan-tri"), body))
}

struct Known {
    unit: For<acts::ReadUnit>,
    above: Vec<Unit>,
    forms: Vec<Form>,
    successors: Vec<Unit>,
    staff: Vec<sql::people::Member>,
    hours: Vec<HoursFrom>,
    /// The calendar of this unit, and of the unit above.
    time: WorkCalendar,
    hours_above: WorkCalendar,
}

async fn known(desk: &OfficerDesk, id: UnitId) -> Result<Known, Problem> {
    let (cx, now) = (desk.cx.clone(), desk.cx.by.now);
    Ok(desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let unit = load::<acts::ReadUnit>(tx, &cx, id).await?;
            let above = sql::units::with_those_above(tx, id).await?;
            let (forms, successors) = (sql::units::forms(tx, id).await?, sql::units::successors(tx, id).await?);
            let (staff, hours) = (sql::people::staff(tx, id, now).await?, sql::units::hours(tx, id).await?);
            let time = WorkTime::of_unit(tx, id, now).await?.calendar;
            let hours_above = match unit.parent {
                Some(parent) => WorkTime::of_unit(tx, parent, now).await?.calendar,
                None => WorkTime::of_house(tx, now).await?.calendar,
            };
            Ok::<_, Error>(Known { above, forms, successors, staff, hours, time, hours_above, unit })
        })
        .await?)
}

fn draw(desk: &OfficerDesk, known: Known, which: &'static str, form: Option<&Fields>, faults: Vec<FieldFault>) -> UnitPage {
    let lang = desk.cx.lang;
    let Known { unit, above, forms, successors, staff, hours: own_hours, time, hours_above } = known;
    let value = |name: &str, now: &str| form.map_or_else(|| now.to_owned(), |f| f.get(name).to_owned());
    let text = |name: &'static str, label: &'static str, now: &str| {
        web::text(name, words(label)).value(value(name, now)).fault_in(&faults)
    };
    let detail = vec![
        text("dia-chi", "Địa chỉ", &unit.address).width(30),
        text("dien-thoai", "Điện thoại", &unit.phone).kind("tel").width(20),
    ];
    let today = desk.cx.by.now.date();
    let own = own_hours.iter().rfind(|h| h.from <= today).and_then(|h| h.hours).map(|h| h.to_string()).unwrap_or_default();
    let set_hours = vec![
        text("gio", "Giờ làm việc riêng", &own)
            .hint(
                words("Dạng 07:00-11:00 13:00-17:00; buổi nghỉ ghi dấu gạch. Để trống: theo đơn vị cấp trên ({0}).")
                    .with(hours_above.hours_on(today)),
            )
            .width(30),
        text("gio-tu", "Áp dụng từ ngày", "").hint(words("Từ hôm nay trở đi. Dạng 01/07/2025.")).width(10),
        text("gio-van-ban", "Theo văn bản", "").hint(words("Số, ký hiệu của quyết định hoặc thông báo.")).width(30),
    ];
    let through_time = own_hours.iter().rev().map(|h| {
        Row::new([
            web::Cell::raw(base::wording::date(h.from, lang)).row_head(),
            h.hours.map_or_else(|| web::Cell::text("theo đơn vị cấp trên"), web::Cell::raw),
            web::Cell::raw(&h.ground),
        ])
    });
    let heads = [web::head("Từ"), web::head("Giờ làm việc"), web::head("Theo văn bản")];
    let hours = web::table("Giờ làm việc riêng qua các thời kỳ", heads).id("gio-cu").rows(through_time);
    let hours = (!own_hours.is_empty()).then_some(hours);
    let kinds = UnitKind::ALL.map(|k| Choice::new(k.code(), k.title()));
    let rename = vec![
        text("ten", "Tên đầy đủ", &unit.name).width(30),
        text("ten-ngan", "Tên ngắn trong danh sách", &unit.short_name).width(30),
        text("ma", "Mã định danh", &unit.code.to_string()).width(20),
        web::select("loai", words("Loại"), kinds).value(value("loai", unit.kind.code())).width(30).fault_in(&faults),
        text("van-ban", "Theo văn bản", "").hint(words("Số, ký hiệu của nghị quyết hoặc quyết định.")).width(30),
        text("tu", "Có hiệu lực từ", "").hint(words("Dạng 01/07/2025. Để trống: từ bây giờ.")).width(10).optional(),
    ];
    let close = vec![
        text("ke-tuc", "Mã các đơn vị kế tục", "")
            .hint(words("Cách nhau bằng dấu phẩy. Ví dụ: H12.101, H12.102"))
            .width(30)
            .optional(),
        text("van-ban-kt", "Theo văn bản", "").width(30),
        text("luc", "Kết thúc từ", "").hint(words("Dạng 01/07/2025. Để trống: ngay bây giờ.")).width(10).optional(),
    ];
    let facts = web::facts()
        .row("Mã định danh", &unit.code)
        .row("Khóa", &unit.key)
        .part("Loại", web::Part::text(unit.kind.title()))
        .row_opt("Mã Cục Thống kê", unit.gso_code.as_ref())
        .row("Giờ làm việc hôm nay", time.hours_on(today))
        .row("Hoạt động từ", base::wording::date(unit.valid_from.date(), lang))
        .row_opt("Kết thúc từ", unit.valid_to.map(|to| base::wording::date_time(to, lang)))
        .part("Trạng thái", web::Part::of(status(&unit, desk.cx.by.now)));
    let history = forms.iter().rev().map(|form| {
        Row::new([
            web::Cell::raw(&form.name).row_head(),
            web::Cell::raw(&form.code).class("code"),
            web::Cell::raw(base::wording::date(form.from.date(), lang)),
            web::Cell::raw(form.to.map(|to| base::wording::date(to.date(), lang)).unwrap_or_default()),
            web::Cell::raw(&form.ground),
        ])
    });
    let heads = [web::head("Tên"), web::head("Mã"), web::head("Từ"), web::head("Đến"), web::head("Theo văn bản")];
    let history = web::table("Tên qua các thời kỳ", heads).id("ten-cu").rows(history);
    let members = staff.iter().map(|m| {
        let roles = m.roles.iter().map(|r| words(r.title()).say(lang)).collect::<Vec<_>>().join(", ");
        let seconded = if m.seconded { web::Cell::of(web::tag("biệt phái")) } else { web::Cell::raw("") };
        Row::new([
            web::Cell::link(format!("/quan-tri/nguoi/{}", m.person), &m.name).row_head(),
            web::Cell::text(m.title.as_str()),
            web::Cell::raw(roles),
            seconded,
        ])
    });
    let heads = [web::head("Người"), web::head("Chức vụ"), web::head("Vai trò"), web::head("Ghi chú")];
    let staff_table = (!staff.is_empty()).then(|| web::table("Người đang giữ chức vụ", heads).id("nguoi").rows(members));
    let mut crumbs: Vec<(String, String)> =
        vec![("/quan-tri".into(), "Quản trị".into()), ("/quan-tri/don-vi".into(), "Đơn vị".into())];
    let parents = above.iter().filter(|u| u.id != unit.id);
    crumbs.extend(parents.map(|u| (format!("/quan-tri/don-vi?duoi={}", u.id), u.short_name.clone())));
    let open = unit.valid_to.is_none_or(|to| desk.cx.by.now < to);
    UnitPage {
        crumbs: web::crumbs(crumbs, web::raw(&unit.short_name)),
        may_change: may::<acts::ChangeUnit>(&desk.cx.who, &unit),
        open,
        facts,
        history,
        successors,
        staff: staff_table,
        faults,
        which,
        detail,
        hours,
        set_hours,
        rename,
        close,
        unit: unit.into_inner(),
    }
}

/// One unit.
pub async fn one(desk: OfficerDesk, At(id): At<UnitId>) -> Result<Page<UnitPage>, Problem> {
    let known = known(&desk, id).await?;
    let body = draw(&desk, known, "", None, vec![]);
    let title = web::raw(&body.unit.short_name);
    Ok(Page::new(desk.shell.title(title).current("/quan-tri"), body))
}

async fn again(
    desk: OfficerDesk,
    id: UnitId,
    which: &'static str,
    form: &Fields,
    faults: Vec<FieldFault>,
) -> Result<Response, Problem> {
    let known = known(&desk, id).await?;
    let body = draw(&desk, known, which, Some(form), faults);
    let title = web::raw(&body.unit.short_name);
    Ok(Page::faulty(desk.shell.title(title).current("/quan-tri"), body).into_response())
}

/// Changes address and telephone.
pub async fn detail(desk: OfficerDesk, At(id): At<UnitId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::ChangeUnit>()?;
    let details =
        Details { address: form.line("dia-chi").unwrap_or_default(), phone: form.line("dien-thoai").unwrap_or_default() };
    let cx = desk.cx.clone();
    desk.house.db.write(async move |tx: &Write<'_>| detail_unit(tx, &cx, id, &details).await).await?;
    Ok(go(format!("/quan-tri/don-vi/{id}")).saying("Đã lưu địa chỉ, điện thoại.", &[]).into_response())
}

/// Says which hours are kept from a day on.
pub async fn hours(desk: OfficerDesk, At(id): At<UnitId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::ChangeUnit>()?;
    let order = match read_hours(&form, desk.cx.by.now) {
        Ok(order) => order,
        Err(faults) => return again(desk, id, "hours", &form, faults).await,
    };
    let cx = desk.cx.clone();
    match desk.house.db.write(async move |tx: &Write<'_>| set_hours(tx, &cx, id, &order).await).await {
        Ok(()) => {
            let said = "Đã ghi giờ làm việc. Giờ hẹn đã in giữ nguyên.";
            Ok(go(format!("/quan-tri/don-vi/{id}")).saying(said, &[]).into_response())
        }
        Err(error) => again(desk, id, "hours", &form, told(error, "gio-tu")?).await,
    }
}

fn read_hours(form: &Fields, now: Moment) -> Result<HoursFrom, Vec<FieldFault>> {
    let mut faults = vec![];
    let hours = form.line("gio").map(|h| h.parse()).transpose();
    if hours.is_err() {
        faults.push(FieldFault::new("gio", words("Giờ ghi dạng 07:00-11:00 13:00-17:00; buổi nghỉ ghi dấu gạch.")));
    }
    let from = match form.line("gio-tu") {
        Some(text) => day(&text, "gio-tu", now).map_err(|fault| faults.push(fault)).ok(),
        None => {
            faults.push(FieldFault::new("gio-tu", words("Ghi ngày bắt đầu áp dụng.")));
            None
        }
    };
    let ground = form.line("gio-van-ban");
    if ground.is_none() {
        faults.push(FieldFault::new("gio-van-ban", words("Ghi văn bản làm căn cứ.")));
    }
    match (hours, from, ground) {
        (Ok(hours), Some(from), Some(ground)) => Ok(HoursFrom { from: from.date(), hours, ground }),
        _ => Err(faults),
    }
}

/// Gives another name, code or kind.
pub async fn rename(desk: OfficerDesk, At(id): At<UnitId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::ChangeUnit>()?;
    let to = match renaming(&form, desk.cx.by.now) {
        Ok(to) => to,
        Err(faults) => return again(desk, id, "rename", &form, faults).await,
    };
    let cx = desk.cx.clone();
    match desk.house.db.write(async move |tx: &Write<'_>| rename_unit(tx, &cx, id, &to).await).await {
        Ok(()) => Ok(go(format!("/quan-tri/don-vi/{id}")).saying("Đã đổi. Giấy tờ cũ vẫn mang tên cũ.", &[]).into_response()),
        Err(error) => again(desk, id, "rename", &form, told(error, "ma")?).await,
    }
}

fn renaming(form: &Fields, now: Moment) -> Result<Renaming, Vec<FieldFault>> {
    let mut faults = vec![];
    let name = named(form).map_err(|fault| faults.push(fault)).ok();
    let code = form.get("ma").parse().map_err(|_| faults.push(code_fault("ma"))).ok();
    let kind = form.get("loai").parse().map_err(|_| faults.push(FieldFault::new("loai", words("Chọn loại đơn vị.")))).ok();
    let ground = form.line("van-ban");
    if ground.is_none() {
        faults.push(FieldFault::new("van-ban", words("Ghi văn bản làm căn cứ đổi.")));
    }
    let from = day(form.get("tu"), "tu", now).map_err(|fault| faults.push(fault)).ok();
    match (name, code, kind, ground, from) {
        (Some(name), Some(code), Some(kind), Some(ground), Some(from)) => {
            let short_name = form.line("ten-ngan").unwrap_or_else(|| name.clone());
            Ok(Renaming { name, short_name, code, kind, ground, from })
        }
        _ => Err(faults),
    }
}

/// The name typed, by the rule that programs are held to as well.
fn named(form: &Fields) -> Result<String, FieldFault> {
    let name = form.line("ten").unwrap_or_default();
    decide::name(&name).map_err(|wrong| FieldFault::new("ten", wrong.words()))?;
    Ok(name)
}

fn code_fault(field: &'static str) -> FieldFault {
    FieldFault::new(field, words("Mã định danh có dạng H12.101 hoặc H12.101.02."))
}

/// Ends a unit.
pub async fn close(desk: OfficerDesk, At(id): At<UnitId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::CloseUnit>()?;
    let (cx, now) = (desk.cx.clone(), desk.cx.by.now);
    let at = match (day(form.get("luc"), "luc", now), form.line("van-ban-kt")) {
        (Err(fault), _) => return again(desk, id, "close", &form, vec![fault]).await,
        (_, None) => {
            let fault = FieldFault::new("van-ban-kt", words("Ghi văn bản làm căn cứ kết thúc."));
            return again(desk, id, "close", &form, vec![fault]).await;
        }
        (Ok(at), Some(_)) => at,
    };
    let codes: Vec<String> =
        form.get("ke-tuc").split([',', ';']).map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect();
    let ground = form.line("van-ban-kt").unwrap_or_default();
    let done = desk
        .house
        .db
        .write(async move |tx: &Write<'_>| {
            let mut successors = vec![];
            for code in &codes {
                let unknown = || Error::fault("ke-tuc", words("Không có đơn vị nào mang mã {0}.").with(code));
                let parsed = code.parse().map_err(|_| unknown())?;
                successors.push(sql::units::by_code(tx, &parsed, at).await?.ok_or_else(unknown)?.id);
            }
            close_unit(tx, &cx, id, at, &successors, &ground).await
        })
        .await;
    match done {
        Ok(()) => {
            let said = if at > now {
                "Đã ghi ngày kết thúc. Đến lúc đó đơn vị vẫn hoạt động."
            } else {
                "Đã kết thúc đơn vị."
            };
            Ok(go(format!("/quan-tri/don-vi/{id}")).saying(said, &[]).into_response())
        }
        Err(error) => again(desk, id, "close", &form, told(error, "ke-tuc")?).await,
    }
}

fn add_body(parent: Unit, form: Option<&Fields>, faults: Vec<FieldFault>) -> AddPage {
    let value = |name: &str| form.map_or(String::new(), |f| f.get(name).to_owned());
    let text = |name: &'static str, label: &'static str| web::text(name, words(label)).value(value(name)).fault_in(&faults);
    let kinds = UnitKind::ALL.map(|k| Choice::new(k.code(), k.title()));
    let kind = if form.is_some() { value("loai") } else { UnitKind::Division.code().to_owned() };
    let fields = vec![
        text("ten", "Tên đầy đủ").hint(words("Như in trên giấy tờ.")).width(30),
        text("ten-ngan", "Tên ngắn trong danh sách").width(30).optional(),
        text("ma", "Mã định danh").hint(words("Theo quyết định của tỉnh. Ví dụ: H12.101.02")).width(20),
        web::select("loai", words("Loại"), kinds).value(kind).width(30).fault_in(&faults),
        text("khoa", "Khóa trong tệp nhập")
            .hint(words("Tên tắt không đổi, ví dụ so-tu-phap. Để trống: lấy mã."))
            .width(20)
            .optional(),
        text("gso", "Mã Cục Thống kê").hint(words("Chỉ xã, phường, đặc khu: 5 chữ số.")).digits().width(10).optional(),
    ];
    AddPage { parent, fields, faults }
}

/// Asks for a unit below this one.
pub async fn add_page(desk: OfficerDesk, At(id): At<UnitId>) -> Result<Page<AddPage>, Problem> {
    let cx = desk.cx.clone();
    let parent = desk.house.db.read(async move |tx: &Read<'_>| load::<acts::AddUnit>(tx, &cx, id).await).await?;
    Ok(Page::new(desk.shell.title(words("Thêm đơn vị")).current("/quan-tri"), add_body(parent.into_inner(), None, vec![])))
}

/// Adds a unit below this one.
pub async fn add(desk: OfficerDesk, At(parent): At<UnitId>, form: Fields) -> Result<Response, Problem> {
    desk.require::<acts::AddUnit>()?;
    let mut wrong = vec![];
    let name = named(&form).map_err(|fault| wrong.push(fault)).ok();
    let code = form.get("ma").parse().map_err(|_| wrong.push(code_fault("ma"))).ok();
    let kind = form.get("loai").parse().map_err(|_| wrong.push(FieldFault::new("loai", words("Chọn loại đơn vị.")))).ok();
    let cx = desk.cx.clone();
    let done = match (name, code, kind) {
        (Some(name), Some(code), Some(kind)) => {
            let mut new = NewUnit::new(code, name, kind, Some(parent), cx.by.now);
            new.short_name = form.line("ten-ngan").unwrap_or_default();
            new.key = form.line("khoa").unwrap_or_default();
            new.gso_code = form.line("gso");
            desk.house.db.write(async move |tx: &Write<'_>| add_unit(tx, &cx, &new).await).await.map_err(|e| told(e, "ma"))
        }
        _ => Err(Ok(wrong)),
    };
    match done {
        Ok(id) => Ok(go(format!("/quan-tri/don-vi/{id}")).saying("Đã thêm đơn vị.", &[]).into_response()),
        Err(faults) => {
            let (faults, cx) = (faults?, desk.cx.clone());
            let above = desk.house.db.read(async move |tx: &Read<'_>| load::<acts::AddUnit>(tx, &cx, parent).await).await?;
            let body = add_body(above.into_inner(), Some(&form), faults);
            Ok(Page::faulty(desk.shell.title(words("Thêm đơn vị")).current("/quan-tri"), body).into_response())
        }
    }
}

fn import_body(
    error: Option<web::Words>,
    report: Option<Report>,
    rehearsed: bool,
    faults: Option<web::ui::table::Table>,
) -> ImportPage {
    let only_try = web::checks("thu", words("Trước khi nhập"), [Choice::new("1", "Chỉ xem thử, chưa ghi gì")]);
    // after a rehearsal the next step is the real thing
    let only_try = if rehearsed { only_try } else { only_try.value("1") };
    ImportPage { error, report, rehearsed, only_try, faults }
}

/// Asks for a file of units.
pub async fn import_page(desk: OfficerDesk) -> Result<Page<ImportPage>, Problem> {
    desk.require::<acts::AddUnit>()?;
    let body = import_body(None, None, false, None);
    Ok(Page::new(desk.shell.title(words("Nhập danh mục đơn vị")).current("/quan-tri"), body))
}

/// Brings a file of units in, or rehearses it.
pub async fn import(desk: OfficerDesk, form: Result<Multipart, MultipartRejection>) -> Result<Response, Problem> {
    desk.require::<acts::AddUnit>()?;
    let mut form = form.map_err(|e| Problem::unreadable(e.to_string()))?;
    let (mut file, mut rehearsed) = (vec![], false);
    while let Some(part) = form.next_field().await.map_err(|e| Problem::unreadable(e.to_string()))? {
        match part.name().unwrap_or_default() {
            "tep" => file = part.bytes().await.map_err(|e| Problem::unreadable(e.to_string()))?.to_vec(),
            "thu" => rehearsed = true,
            _ => {}
        }
    }
    let shell = desk.shell.title(words("Nhập danh mục đơn vị")).current("/quan-tri");
    match import_units(&desk.house.db, desk.cx, std::io::Cursor::new(file), rehearsed).await {
        Ok(report) => {
            let rows = report
                .faults
                .iter()
                .map(|fault| Row::new([web::Cell::raw(fault.line).class("r").row_head(), web::Cell::text(fault.reason.clone())]));
            let heads = [web::head("Dòng").class("r"), web::head("Vì sao và sửa thế nào")];
            let faults = (!report.faults.is_empty()).then(|| web::table("Dòng chưa nhập được", heads).rows(rows));
            Ok(Page::new(shell, import_body(None, Some(report), rehearsed, faults)).into_response())
        }
        Err(ImportError::File(error)) => {
            let error = Some(import::reason(&error));
            Ok(Page::faulty(shell, import_body(error, None, rehearsed, None)).into_response())
        }
        Err(ImportError::Directory(error)) => Err(error.into()),
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(ImportError::Rehearsed(_)) => Err(Problem::ours("a rehearsal left its unit")),
    }
}

/// The template, filled with the units there are.
pub async fn template(desk: OfficerDesk, At(kind): At<String>) -> Result<Response, Problem> {
    desk.require::<acts::ReadUnit>()?;
    let cx = desk.cx.clone();
    let units = desk.house.db.read(async move |tx: &Read<'_>| tree(tx, &cx).await).await?;
    let (mut out, heads, rows) = (vec![], import::template_heads(), import::template(&units, desk.cx.by.now));
    let (kind, name) = match kind.as_str() {
        "mau.csv" => {
            sheet::write_csv(&mut out, &heads, rows).map_err(|e| Problem::ours(e.to_string()))?;
            ("text/csv; charset=utf-8", "don-vi.csv")
        }
        "mau.xlsx" => {
            out = sheet::write_xlsx("don-vi", &heads, rows).map_err(|e| Problem::ours(e.to_string()))?;
            ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "don-vi.xlsx")
        }
        _ => return Err(Problem::not_found()),
    };
    let disposition =
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).map_err(|e| Problem::ours(e.to_string()))?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, out).into_response())
}
