//! The officers' inbox: most urgent first, grouped by working day.

use super::words::{channel, due_bar};
use crate::acts::List;
use crate::row::DossierRow;
use crate::sql::dossiers::{self, Asked, Clockwork, Queue};
use askama::Template;
use axum::extract::Query;
use base::{Lang, Moment};
use directory::{OfficerDesk, WorkTime};
use serde::Deserialize;
use web::filters;
use web::ui::desk::{Keys, holder, keys};
use web::ui::message::{Emptiness, Empty, empty};
use web::ui::nav::{Pager, Tab, Tabs, pager, tabs};
use web::ui::status::Status;
use web::ui::table::{Cell, Row, Table, head, table};
use web::{Page, Problem, Words, raw, words};

/// Rows on one page.
pub const PER_PAGE: u64 = 50;

/// What the address of the inbox asks.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    /// Tab.
    #[serde(default)]
    pub hang: String,
    /// Words.
    #[serde(default)]
    pub q: String,
    /// Page, from 1.
    #[serde(default)]
    pub trang: Option<u64>,
}

/// The inbox as a page.
#[derive(Template)]
#[template(path = "inbox.html")]
pub struct Inbox {
    queue: Queue,
    query: String,
    tabs: Tabs,
    table: Option<Table>,
    empty: Empty,
    pager: Pager,
    keys: Keys,
    at: String,
    can_receive: bool,
}

/// `GET /can-bo`
pub async fn show(desk: OfficerDesk, time: WorkTime, Query(ask): Query<Ask>) -> Result<Page<Inbox>, Problem> {
    let queue = Queue::of(&ask.hang);
    let page = ask.trang.unwrap_or(1).clamp(1, 10_000);
    let asked = Asked { queue, words: base::text::tokens(&ask.q), field: None, offset: (page - 1) * PER_PAGE, limit: PER_PAGE };
    let now = desk.cx.by.now;
    let clockwork = clockwork(now);
    let cx = desk.cx.clone();
    crate::service::searched(&desk.house.db, &cx, &asked.words).await?;
    let (rows, counts, to_decide) = desk
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let rows = dossiers::list::<List>(tx, &cx.who, &asked, &clockwork).await?;
            let counts = dossiers::counts::<List>(tx, &cx.who, &clockwork).await?;
            let to_decide = crate::service::decisions_waiting(tx, &cx).await?;
            Ok::<_, crate::service::Error>((rows, counts, to_decide))
        })
        .await?;
    let total = Queue::ALL.iter().position(|q| *q == queue).and_then(|i| counts.get(i)).copied().unwrap_or(0);
    let todo = counts.first().copied().unwrap_or(0);
    let body = Inbox {
        queue,
        tabs: tabs_of(queue, &counts),
        table: (!rows.is_empty()).then(|| table_of(&rows, queue, now, &time, desk.cx.lang)),
        empty: emptiness(queue, &ask.q).heading2(),
        pager: pager("/can-bo", &query_of(queue, &ask.q), page, PER_PAGE, total.unsigned_abs(), words("hồ sơ")),
        keys: keys().of_list(),
        at: now.local().strftime("%H:%M").to_string(),
        can_receive: desk.cx.who.has(directory::Role::DeskOfficer) || desk.cx.who.has(directory::Role::DeskHead),
        query: ask.q,
    };
    let shell = desk
        .shell
        .title(words("Hồ sơ cần làm ({0})").with(todo))
        .current("/can-bo")
        .compact(true)
        .refresh(60)
        .waiting("/can-bo", todo.unsigned_abs())
        .waiting("/can-bo/duyet", to_decide);
    Ok(Page::new(shell, body))
}

/// The moments a list is cut at, from now.
pub fn clockwork(now: Moment) -> Clockwork {
    let end = now.date().at(23, 59, 59, 999_999_000);
    Clockwork { now, end_of_today: Moment::from_local(end) }
}

fn query_of(queue: Queue, query: &str) -> String {
    let coded: String =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("hang", queue.word()).append_pair("q", query).finish();
    coded
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

fn emptiness(queue: Queue, query: &str) -> Empty {
    if !query.is_empty() {
        return empty(Emptiness::NoMatch, words("Không có hồ sơ nào khớp"), words("Thử ít chữ hơn, hoặc xem tất cả hồ sơ."))
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

fn table_of(rows: &[DossierRow], queue: Queue, now: Moment, time: &WorkTime, lang: Lang) -> Table {
    let heads = ["Hạn", "Mã hồ sơ", "Người nộp", "Thủ tục", "Bước", "Người giữ", "Kênh"].map(|h| head(words(h)));
    let mut out = table(words("Hồ sơ, gấp nhất ở trên"), heads).quiet_caption().class("inbox inbox-plain").keys();
    let mut last = None;
    for row in rows {
        if queue != Queue::All {
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
