//! The catalogue as its editors see it: every procedure in force, narrowed by what is to be done about it.

use askama::Template;
use axum::extract::Query;
use directory::OfficerDesk;
use serde::Deserialize;
use store::Read;
use web::filters;
use web::ui::nav::{Crumbs, Pager, Tabs};
use web::ui::table::Table;
use web::{Cell, Choice, Field, Page, Problem, Row, Status, Tab, raw, words};

use crate::pages::words::levels_of;
use crate::{Error, Figures, Line, Origin, ReceivedAt, Wanted, acts};

/// Procedures on one page.
const PER_PAGE: u64 = 50;
/// This page.
const HERE: &str = "/quan-tri/thu-tuc";

/// The page.
#[derive(Template)]
#[template(path = "editor/list.html")]
pub struct ListPage {
    crumbs: Crumbs,
    tabs: Tabs,
    queue: &'static str,
    find: Vec<Field>,
    may_import: bool,
    is_empty: bool,
    narrowed: bool,
    table: Table,
    pager: Pager,
}

/// What the list is narrowed to.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Words of a name, or a code.
    #[serde(default)]
    q: String,
    /// A field.
    #[serde(default)]
    linh_vuc: String,
    /// Who wrote it.
    #[serde(default)]
    nguon: String,
    /// The queue.
    #[serde(default)]
    loc: String,
    /// Page, from 1.
    trang: Option<u64>,
}

/// What waits for an editor, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Queue {
    All,
    Blocked,
    Open,
    Listed,
}

impl Queue {
    const ALL: [Queue; 4] = [Queue::All, Queue::Blocked, Queue::Open, Queue::Listed];

    fn word(self) -> &'static str {
        match self {
            Queue::All => "",
            Queue::Blocked => "vuong",
            Queue::Open => "cho-chot",
            Queue::Listed => "danh-muc",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Queue::All => "Tất cả",
            Queue::Blocked => "Trong danh mục, chưa nhận được",
            Queue::Open => "Chờ chốt thời hạn",
            Queue::Listed => "Trong danh mục tiếp nhận",
        }
    }

    fn of(word: &str) -> Queue {
        Queue::ALL.into_iter().find(|q| q.word() == word).unwrap_or(Queue::All)
    }

    fn many(self, figures: &Figures) -> u64 {
        let n = match self {
            Queue::All => figures.all,
            Queue::Blocked => figures.blocked,
            Queue::Open => figures.open,
            Queue::Listed => figures.listed,
        };
        u64::try_from(n).unwrap_or(0)
    }

    fn wanted(self, wanted: Wanted) -> Wanted {
        match self {
            Queue::All => wanted,
            Queue::Blocked => Wanted { open: Some(true), listed: Some(true), ..wanted },
            Queue::Open => Wanted { open: Some(true), ..wanted },
            Queue::Listed => Wanted { listed: Some(true), ..wanted },
        }
    }
}

/// `GET /quan-tri/thu-tuc`
pub async fn show(desk: OfficerDesk, Query(asked): Query<Asked>) -> Result<Page<ListPage>, Problem> {
    desk.require::<acts::Read>()?;
    let (day, page, queue) = (desk.cx.by.now.local().date(), asked.trang.unwrap_or(1).clamp(1, 100_000), Queue::of(&asked.loc));
    let typed = Wanted {
        words: asked.q.chars().take(200).collect(),
        field: asked.linh_vuc.clone(),
        origin: asked.nguon.parse().ok(),
        ..Wanted::default()
    };
    let narrowed = typed != Wanted::default();
    let wanted = queue.wanted(typed);
    let (lines, total, fields, figures) = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let (lines, total) = crate::page(tx, day, &wanted, false, (page - 1) * PER_PAGE, PER_PAGE).await?;
            let fields = crate::fields(tx, day, &Wanted::default()).await?;
            Ok::<_, Error>((lines, total, fields, crate::figures(tx, day).await?))
        })
        .await?;
    let said = query(&asked);
    let tabs = Queue::ALL.map(|q| {
        let status = if q == Queue::Blocked { Status::Bad } else { Status::Warn };
        let many = q.many(&figures);
        let href = format!("{HERE}?loc={}&{said}", q.word());
        let tab = Tab::new(href, q.title()).current(q == queue);
        if matches!(q, Queue::Blocked | Queue::Open) { tab.count_as(many, status) } else { tab.count(many) }
    });
    let heads = [
        web::head("Thủ tục"),
        web::head("Lĩnh vực"),
        web::head("Nơi giải quyết"),
        web::head("Nguồn"),
        web::head("Thời hạn"),
        web::head("Nhận ở đây"),
    ];
    let body = ListPage {
        crumbs: web::crumbs([("/quan-tri", "Quản trị")], "Danh mục thủ tục"),
        tabs: web::tabs("Việc cần làm với danh mục", tabs),
        queue: queue.word(),
        find: find(&asked, fields),
        may_import: desk.require::<acts::Import>().is_ok(),
        is_empty: lines.is_empty(),
        narrowed: narrowed || queue != Queue::All,
        table: web::table(words(queue.title()), heads).quiet_caption().class("catalogue").keys().rows(lines.iter().map(row)),
        pager: web::pager(HERE, &format!("loc={}&{said}", queue.word()), page, PER_PAGE, total, words("thủ tục")),
    };
    Ok(Page::new(desk.shell.title(words("Danh mục thủ tục")).current("/quan-tri"), body))
}

fn find(asked: &Asked, fields: Vec<(String, i64)>) -> Vec<Field> {
    let every = std::iter::once(Choice::new("", "Mọi lĩnh vực"));
    let fields = every.chain(fields.into_iter().map(|(name, n)| Choice::new(name.clone(), raw(format!("{name} ({n})")))));
    let sources = [
        Choice::new("", "Mọi nguồn"),
        Choice::new(Origin::Written.as_str(), "Tỉnh soạn"),
        Choice::new(Origin::Imported.as_str(), "Nhập từ tệp"),
    ];
    vec![
        web::text("q", words("Tên hoặc mã")).kind("search").value(&asked.q).width(20),
        web::select("linh_vuc", words("Lĩnh vực"), fields).value(&asked.linh_vuc).width(30),
        web::select("nguon", words("Nguồn"), sources).value(&asked.nguon),
    ]
}

/// The filters as they stand in addresses, without queue and page.
fn query(asked: &Asked) -> String {
    let mut said = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("q", &asked.q), ("linh_vuc", &asked.linh_vuc), ("nguon", &asked.nguon)] {
        if !value.is_empty() {
            said.append_pair(name, value);
        }
    }
    said.finish()
}

fn row(line: &Line) -> Row {
    let href = format!("{HERE}/{}", line.code);
    let term = match line.open_terms {
        0 => web::badge(Status::Ok, "Đã rõ"),
        n => web::badge(Status::Warn, words("Chờ chốt {0}").with(n)),
    };
    let source = match line.origin {
        Origin::Written => web::tag("Tỉnh soạn"),
        Origin::Imported => web::tag("Nhập từ tệp"),
    };
    let received = match line.received_at {
        None => Cell::text("Không").class("quiet"),
        Some(ReceivedAt::All) => Cell::text("Mọi trung tâm"),
        Some(ReceivedAt::Province) => Cell::text("Cấp tỉnh"),
        Some(ReceivedAt::Commune) => Cell::text("Cấp xã"),
    };
    Row::new([
        Cell::of(Named { href: href.clone(), title: line.title.clone(), code: line.code.clone() }).row_head(),
        Cell::raw(&line.field),
        Cell::text(levels_of(&line.levels)),
        Cell::of(source),
        Cell::of(term),
        received,
    ])
    .opens(href)
}

/// The name as a link, the code under it.
#[derive(Debug, Template)]
#[template(source = r#"<a href="{{ href }}">{{ title }}</a> <span class="meta code">{{ code }}</span>"#, ext = "html")]
struct Named {
    href: String,
    title: String,
    code: String,
}
impl askama::filters::HtmlSafe for Named {}
