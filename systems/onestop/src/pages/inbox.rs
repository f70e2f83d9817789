//! The officers' inbox: most urgent first, grouped by working day.

use super::words::{channel, channel_words, due_bar};
use crate::acts::List;
use crate::dossier::{channel_of, channel_word};
use crate::row::DossierRow;
use crate::sql::dossiers::{self, Asked, Clockwork, Held, Queue, SortBy};
use askama::Template;
use axum::extract::Query;
use base::{Lang, Moment};
use catalogue::package::Channel;
use directory::{OfficerDesk, WorkTime};
use serde::Deserialize;
use web::filters;
use web::ui::desk::{Keys, holder, keys};
use web::ui::message::{Emptiness, Empty, empty};
use web::ui::nav::{Chip, Pager, Tab, Tabs, chip, pager, tabs};
use web::ui::status::Status;
use web::ui::table::{Cell, Row, Sort, Table, head, sort_head, table};
use web::{Page, Problem, Words, raw, words};

/// Rows on one page.
pub const PER_PAGE: u64 = 50;

/// Columns a list can be sorted by, as the address names them.
const SORTS: [(&str, SortBy); 3] = [("han", SortBy::Due), ("ma", SortBy::Code), ("thu-tuc", SortBy::Procedure)];

/// What the address of the inbox asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Ask {
    /// Tab.
    pub hang: String,
    /// Words.
    pub q: String,
    /// Field of procedures.
    pub linh_vuc: String,
    /// `direct`, `online`, `post`.
    pub kenh: String,
    /// `chua`: nobody holds it; `toi`: the one who asks.
    pub giu: String,
    /// Column to sort by, `-` before it: the other way round.
    pub xep: String,
    /// Page, from 1.
    pub trang: Option<u64>,
}

impl Ask {
    /// What is asked, page and all that is empty left out.
    fn said(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("hang", &self.hang),
            ("q", &self.q),
            ("linh-vuc", &self.linh_vuc),
            ("kenh", &self.kenh),
            ("giu", &self.giu),
            ("xep", &self.xep),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.as_str())).collect()
    }

    /// What a new search keeps of the list.
    fn kept(&self) -> Vec<(&'static str, &str)> {
        self.said().into_iter().filter(|(name, _)| *name != "q").collect()
    }

    /// The address of the same list, without its page.
    fn query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(self.said()).finish()
    }

    fn href(&self) -> String {
        format!("/can-bo?{}", self.query())
    }

    fn sort(&self) -> Sort {
        let offered = SORTS.map(|(word, _)| word);
        let sort = Sort::read(&format!("xep={}", self.xep), &offered);
        // what is closed too is read from the latest
        if self.xep.is_empty() { Sort { down: Queue::of(&self.hang) == Queue::All, ..sort } } else { sort }
    }

    fn asked(&self, page: u64) -> Asked {
        let sort = self.sort();
        Asked {
            query: self.q.clone(),
            field: (!self.linh_vuc.is_empty()).then(|| self.linh_vuc.clone()),
            channel: channel_of(&self.kenh),
            held: match self.giu.as_str() {
                "chua" => Held::ByNobody,
                "toi" => Held::ByMe,
                _ => Held::Any,
            },
            sort: SORTS.into_iter().find(|(word, _)| *word == sort.by).map_or(SortBy::Due, |(_, by)| by),
            down: sort.down,
            offset: (page - 1) * PER_PAGE,
            limit: PER_PAGE,
            ..Asked::of(Queue::of(&self.hang))
        }
    }

    fn is_narrowed(&self) -> bool {
        [&self.q, &self.linh_vuc, &self.kenh, &self.giu].iter().any(|value| !value.is_empty())
    }
}

/// The inbox as a page.
#[derive(Template)]
#[template(path = "inbox.html")]
pub struct Inbox {
    ask: Ask,
    tabs: Tabs,
    /// The field chosen, to take off again; none is chosen: those there are.
    field: Option<Chip>,
    fields: Vec<Chip>,
    chips: Vec<Chip>,
    table: Option<Table>,
    empty: Empty,
    pager: Pager,
    keys: Keys,
    at: String,
    can_receive: bool,
}

/// `GET /can-bo`
pub async fn show(desk: OfficerDesk, time: WorkTime, Query(ask): Query<Ask>) -> Result<Page<Inbox>, Problem> {
    let page = ask.trang.unwrap_or(1).clamp(1, 10_000);
    let asked = ask.asked(page);
    let (now, queue) = (desk.cx.by.now, asked.queue);
    let clockwork = clockwork(now);
    let cx = desk.cx.clone();
    crate::service::searched(&desk.house.db, &cx, &asked.query).await?;
    let (rows, counts) = desk
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let rows = dossiers::list::<List>(tx, &cx.who, &asked, &clockwork).await?;
            Ok::<_, store::Error>((rows, dossiers::counts::<List>(tx, &cx.who, &asked, &clockwork).await?))
        })
        .await?;
    let todo = counts.tabs.first().copied().unwrap_or(0);
    let body = Inbox {
        tabs: tabs_of(queue, &counts.tabs),
        field: chosen_field(&ask),
        fields: fields_of(&ask, &counts.fields),
        chips: chips_of(&ask),
        table: (!rows.is_empty()).then(|| table_of(&rows, &ask, now, &time, desk.cx.lang)),
        empty: emptiness(queue, ask.is_narrowed()).heading2(),
        pager: pager("/can-bo", &ask.query(), page, PER_PAGE, counts.matched.unsigned_abs(), words("hồ sơ")),
        keys: keys().of_list(),
        at: now.local().strftime("%H:%M").to_string(),
        can_receive: desk.cx.who.has(directory::Role::DeskOfficer) || desk.cx.who.has(directory::Role::DeskHead),
        ask,
    };
    let shell = desk
        .shell
        .title(words("Hồ sơ cần làm ({0})").with(todo))
        .current("/can-bo")
        .compact(true)
        .refresh(60)
        .waiting("/can-bo", todo.unsigned_abs())
        .waiting("/can-bo/duyet", counts.to_decide.unsigned_abs());
    Ok(Page::new(shell, body))
}

/// The field the list is narrowed to; following it takes it off.
fn chosen_field(ask: &Ask) -> Option<Chip> {
    let off = Ask { linh_vuc: String::new(), ..ask.clone() };
    (!ask.linh_vuc.is_empty()).then(|| chip(off.href(), words("Lĩnh vực: {0}").with(&ask.linh_vuc)).removes())
}

/// Fields of the queue, each narrowing the list to it.
fn fields_of(ask: &Ask, fields: &[(String, i64)]) -> Vec<Chip> {
    let one = |(field, n): &(String, i64)| {
        let on = Ask { linh_vuc: field.clone(), ..ask.clone() };
        chip(on.href(), words("{0} ({1})").with(field).with(n))
    };
    fields.iter().map(one).collect()
}

/// Who holds them, and how they came.
fn chips_of(ask: &Ask) -> Vec<Chip> {
    let held = [("chua", "Chưa ai nhận"), ("toi", "Tôi đang giữ")].map(|(word, said)| {
        let is_on = ask.giu == word;
        (is_on, Ask { giu: if is_on { String::new() } else { word.to_owned() }, ..ask.clone() }, words(said))
    });
    let came = [Channel::Online, Channel::Direct, Channel::Post].map(|came| {
        let is_on = channel_of(&ask.kenh) == Some(came);
        let kenh = if is_on { String::new() } else { channel_word(came).to_owned() };
        (is_on, Ask { kenh, ..ask.clone() }, channel_words(came))
    });
    let drawn = |(is_on, to, said): (bool, Ask, Words)| match is_on {
        true => chip(to.href(), said).removes(),
        false => chip(to.href(), said),
    };
    held.into_iter().chain(came).map(drawn).collect()
}

/// The moments a list is cut at, from now.
pub fn clockwork(now: Moment) -> Clockwork {
    let end = now.date().at(23, 59, 59, 999_999_000);
    Clockwork { now, end_of_today: Moment::from_local(end) }
}

fn tabs_of(queue: Queue, counts: &[i64]) -> Tabs {
    tabs(
        words("Hàng chờ"),
        Queue::ALL.iter().zip(counts).map(|(q, n)| {
            let tab = Tab::new(format!("/can-bo?hang={}", q.word()), words(q.name())).current(*q == queue);
            let n = n.unsigned_abs();
            match q {
                Queue::All => tab,
                Queue::Overdue if n > 0 => tab.count_as(n, Status::Bad),
                Queue::DueToday if n > 0 => tab.count_as(n, Status::Warn),
                _ => tab.count(n),
            }
        }),
    )
}

fn emptiness(queue: Queue, narrowed: bool) -> Empty {
    if narrowed {
        return empty(
            Emptiness::NoMatch,
            words("Không có hồ sơ nào khớp"),
            words("Thử ít chữ hơn, bỏ bớt điều kiện, hoặc xem tất cả hồ sơ."),
        )
        .action("/can-bo?hang=tat-ca", words("Xem tất cả"));
    }
    match queue {
        Queue::Todo | Queue::ToAccept | Queue::DueToday | Queue::ToReturn => {
            empty(Emptiness::AllDone, words("Hết việc trong hàng này"), words("Hồ sơ mới sẽ tự hiện ở đây."))
        }
        Queue::Overdue => {
            empty(Emptiness::AllDone, words("Không có hồ sơ quá hạn"), words("Mọi hồ sơ của đơn vị đang trong hạn."))
        }
        _ => empty(Emptiness::First, words("Chưa có hồ sơ nào"), words("Hồ sơ sẽ hiện ở đây khi có người nộp.")),
    }
}

fn table_of(rows: &[DossierRow], ask: &Ask, now: Moment, time: &WorkTime, lang: Lang) -> Table {
    let (sort, query) = (ask.sort(), ask.query());
    let sorted = |said: &'static str, by: &str| sort_head(words(said), by, &sort, "/can-bo", &query);
    let heads = [
        sorted("Hạn", "han"),
        sorted("Mã hồ sơ", "ma"),
        head(words("Người nộp")),
        sorted("Thủ tục", "thu-tuc"),
        head(words("Bước")),
        head(words("Người giữ")),
        head(words("Kênh")),
    ];
    let by_day = sort.by == "han" && !sort.down;
    let caption = if by_day { words("Hồ sơ, gấp nhất ở trên") } else { words("Hồ sơ") };
    let mut out = table(caption, heads).quiet_caption().class("inbox inbox-plain").keys();
    let mut last = None;
    for row in rows {
        if by_day && Queue::of(&ask.hang) != Queue::All {
            let group = group_of(row, now, time, lang);
            if last.as_ref() != Some(&group) {
                out = out.group(group.0.clone(), group.1.clone());
                last = Some(group);
            }
        }
        out = out.row(line(row, now, time, lang));
    }
    out
}

/// The heading a row stands under: late, today, or the working day it is due.
fn group_of(row: &DossierRow, now: Moment, time: &WorkTime, lang: Lang) -> (Words, Words) {
    let none = Words::default();
    let day = row.sort_due_at.date();
    match row.state() {
        Ok(crate::dossier::State::AwaitingSupplement) => (words("Chờ người nộp"), none),
        Ok(crate::dossier::State::Issued | crate::dossier::State::Returned) => (words("Đã có kết quả"), none),
        _ if row.sort_due_at < now => (words("Quá hạn"), words("cần văn bản xin lỗi và hẹn lại (mẫu 04)")),
        _ if day == now.date() => (words("Hạn hôm nay, {0}").with(base::wording::long_date(day, lang)), none),
        _ if Some(day) == time.calendar.working_day_after(now.date()) => (
            words("Ngày làm việc tới, {0}").with(base::wording::long_date(day, lang)),
            holidays_between(now, row.sort_due_at, time, lang),
        ),
        _ => (words("Sau đó"), none),
    }
}

/// Holidays on the way, named, because people ask why the day is skipped.
fn holidays_between(now: Moment, to: Moment, time: &WorkTime, lang: Lang) -> Words {
    let off: Vec<String> = time
        .calendar
        .special_days(now.date(), to.date())
        .filter(|(date, _)| !time.calendar.is_working_day(*date))
        .map(|(date, day)| format!("{} {}", base::wording::long_date(date, lang), day.name_in(lang)))
        .collect();
    if off.is_empty() { Words::default() } else { words("nghỉ {0}").with(off.join(", ")) }
}

fn line(row: &DossierRow, now: Moment, time: &WorkTime, lang: Lang) -> Row {
    let href = format!("/can-bo/ho-so/{}", row.id);
    let step = match row.state() {
        Ok(crate::dossier::State::Submitted) => words("Kiểm tra"),
        Ok(crate::dossier::State::AwaitingSupplement) => words("Chờ bổ sung"),
        Ok(crate::dossier::State::Issued) => words("Chờ trả kết quả"),
        Ok(crate::dossier::State::Returned) => words("Đã trả"),
        _ => raw(row.step_name.as_deref().unwrap_or_default()),
    };
    Row::new([
        Cell::of(due_bar(row, now, time, lang)).class("c-due"),
        Cell::link(&href, row.name_code()).class("code").row_head(),
        Cell::raw(&row.applicant_name).class("c-who"),
        Cell::raw(&row.procedure_name).class("c-proc"),
        Cell::text(step),
        Cell::of(holder(row.assignee_name.as_deref())).class("c-hold"),
        Cell::text(channel(row)).class("quiet"),
    ])
    .opens(href)
}
