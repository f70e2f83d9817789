//! Results of a search, each with why it is there; and the whole catalogue by field.

use super::home::{Short, short};
use crate::search::{Narrow, Why};
use crate::{Error, Finder};
use askama::Template;
use axum::Extension;
use axum::extract::Query;
use directory::Visitor;
use serde::Deserialize;
use std::sync::Arc;
use web::filters;
use web::ui::nav::{Pager, pager};
use web::{Page, Problem, Words, raw, words};

/// Results on one page.
const PER_PAGE: usize = 10;

/// What the address asks.
#[derive(Debug, Default, Deserialize)]
pub struct Ask {
    /// The question.
    #[serde(default)]
    pub q: String,
    /// Page, from 1.
    pub trang: Option<usize>,
    /// Take the words as typed.
    #[serde(default)]
    pub dung: bool,
}

/// The results.
#[derive(Template)]
#[template(path = "search.html")]
pub struct Results {
    query: String,
    total: usize,
    hits: Vec<HitLine>,
    read_as: Option<Words>,
    literal: bool,
    pager: Pager,
}

struct HitLine {
    short: Short,
    name: Vec<(bool, String)>,
    why: Words,
}

/// `GET /tim?q=…`
pub async fn show(
    visitor: Visitor,
    Extension(finder): Extension<Arc<Finder>>,
    Query(ask): Query<Ask>,
) -> Result<Page<Results>, Problem> {
    let (now, lang) = (visitor.visit.at(), visitor.visit.lang());
    let index = finder.index(&visitor.house.db, now).await?;
    let question: String = ask.q.chars().take(300).collect();
    let found = crate::search::search(&index, &question, &Narrow { literal: ask.dung, ..Narrow::default() });
    let page = ask.trang.unwrap_or(1).clamp(1, 1_000);
    let total = found.hits.len();
    let shown: Vec<_> = found.hits.into_iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).collect();
    let codes: Vec<base::ProcedureCode> = shown.iter().filter_map(|h| h.code.parse().ok()).collect();
    let packages = visitor
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let mut found = Vec::new();
            for code in &codes {
                found.push(crate::current(tx, code, now).await?.package);
            }
            Ok::<_, Error>(found)
        })
        .await?;
    let hits = shown
        .iter()
        .zip(&packages)
        .map(|(hit, package)| HitLine { short: short(package, lang), name: marked(&hit.name, &hit.marks), why: why(&hit.why) })
        .collect();
    let said: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("q", &question).finish();
    let body = Results {
        total,
        hits,
        read_as: found.understood.without_marks.then(|| words("Bạn gõ không dấu, chúng tôi hiểu là có dấu.")),
        literal: ask.dung,
        pager: pager("/tim", &said, page as u64, PER_PAGE as u64, total as u64, words("thủ tục")),
        query: question,
    };
    let title = words("{0} thủ tục cho “{1}”").with(total).with(&body.query);
    Ok(Page::new(visitor.shell.title(title), body))
}

/// The name cut where marks begin and end.
fn marked(name: &str, marks: &[(usize, usize)]) -> Vec<(bool, String)> {
    let mut out = Vec::new();
    let mut at = 0;
    for (from, to) in marks {
        if let (Some(before), Some(inside)) = (name.get(at..*from), name.get(*from..*to)) {
            out.push((false, before.to_owned()));
            out.push((true, inside.to_owned()));
            at = *to;
        }
    }
    out.push((false, name.get(at..).unwrap_or_default().to_owned()));
    out
}

fn why(reasons: &[Why]) -> Words {
    match reasons.first() {
        Some(Why::Code) => words("đúng mã thủ tục bạn gõ."),
        Some(Why::Phrase { words: said }) => words("tên khớp cả cụm “{0}”.").with(said),
        Some(Why::Words { words: said }) => words("tên có “{0}”.").with(said),
        Some(Why::Called { words: said }) => words("người dân hay gọi là “{0}”.").with(said),
        Some(Why::Means { said, means }) => words("“{0}” trong luật gọi là “{1}”.").with(said).with(means),
        Some(Why::Result { name }) => words("kết quả nhận được là {0}.").with(name),
        Some(Why::Paper { name }) => words("giấy tờ cần nộp có {0}.").with(name),
        Some(Why::Field { name }) => words("thuộc lĩnh vực {0}.").with(name),
        None => words("gần với điều bạn gõ."),
    }
}

/// Every procedure of one field, or the fields.
#[derive(Template)]
#[template(path = "fields.html")]
pub struct Fields {
    field: Option<String>,
    fields: Vec<(String, usize)>,
    procedures: Vec<(String, String)>,
    total: usize,
}

/// Which field.
#[derive(Debug, Default, Deserialize)]
pub struct Which {
    /// Name of a field.
    #[serde(default)]
    pub linh_vuc: String,
}

/// `GET /thu-tuc`
pub async fn fields(
    visitor: Visitor,
    Extension(finder): Extension<Arc<Finder>>,
    Query(which): Query<Which>,
) -> Result<Page<Fields>, Problem> {
    let index = finder.index(&visitor.house.db, visitor.visit.at()).await?;
    let mut counted = std::collections::BTreeMap::<Vec<u8>, (String, usize)>::new();
    let mut procedures = Vec::new();
    for entry in index.entries() {
        counted.entry(base::text::sort_key(&entry.field)).or_insert((entry.field.clone(), 0)).1 += 1;
        if entry.field == which.linh_vuc {
            procedures.push((entry.code.clone(), entry.name.clone()));
        }
    }
    procedures.sort_by_cached_key(|(_, name)| base::text::sort_key(name));
    let body = Fields {
        total: index.len(),
        field: (!which.linh_vuc.is_empty()).then_some(which.linh_vuc),
        fields: counted.into_values().collect(),
        procedures,
    };
    let title = body.field.as_ref().map_or_else(|| words("Thủ tục theo lĩnh vực"), raw);
    Ok(Page::new(visitor.shell.title(title), body))
}

/// An address with a field in it.
pub fn field_href(field: &str) -> String {
    let said: String = url::form_urlencoded::Serializer::new(String::new()).append_pair("linh_vuc", field).finish();
    format!("/thu-tuc?{said}")
}
