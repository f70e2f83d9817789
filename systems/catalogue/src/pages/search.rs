//! Results of a search, each with why it is there; and the whole catalogue by field.

use super::home::{Short, short};
use crate::package::Level;
use crate::search::{Facets, Narrow, Why};
use crate::{Error, Finder};
use askama::Template;
use axum::Extension;
use axum::extract::Query;
use axum::response::{IntoResponse, Response};
use directory::Visitor;
use serde::Deserialize;
use std::sync::Arc;
use web::filters;
use web::ui::nav::{Pager, pager};
use web::{Choice, Field, Page, Problem, Words, raw, words};

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
    /// Decided at this level.
    #[serde(default)]
    pub cap: String,
    /// Of this field.
    #[serde(default)]
    pub linh_vuc: String,
    /// With (`co`) or without (`khong`) a foreign element.
    #[serde(default)]
    pub nuoc_ngoai: String,
    /// Only what can be filed on the network here.
    #[serde(default)]
    pub o_day: bool,
}

/// Levels in addresses.
const LEVELS: [(Level, &str); 3] = [(Level::Commune, "xa"), (Level::Province, "tinh"), (Level::Ministry, "bo")];

impl Ask {
    fn narrow(&self) -> Narrow {
        Narrow {
            level: LEVELS.iter().find(|(_, word)| *word == self.cap).map(|(level, _)| *level),
            field: Some(self.linh_vuc.clone()).filter(|f| !f.is_empty()),
            foreign: match self.nuoc_ngoai.as_str() {
                "co" => Some(true),
                "khong" => Some(false),
                _ => None,
            },
            here: self.o_day,
            literal: self.dung,
            ..Narrow::default()
        }
    }

    /// The filters that are on, by their names in addresses.
    fn on(&self) -> Vec<(&'static str, &str)> {
        let all = [("cap", self.cap.as_str()), ("linh_vuc", &self.linh_vuc), ("nuoc_ngoai", &self.nuoc_ngoai)];
        let mut on: Vec<_> = all.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        on.extend(self.o_day.then_some(("o_day", "true")));
        on
    }

    /// As it stands in addresses, without the page.
    fn query(&self, with_filters: bool, literal: bool) -> String {
        let mut said = url::form_urlencoded::Serializer::new(String::new());
        said.append_pair("q", &self.q);
        if literal {
            said.append_pair("dung", "true");
        }
        if with_filters {
            said.extend_pairs(self.on());
        }
        said.finish()
    }
}

/// The filters, with how many hits each would leave.
fn filters_of(ask: &Ask, facets: &Facets) -> Vec<Field> {
    let counted = |label: &'static str, n: usize| words("{0} ({1})").with_words(words(label)).with(n);
    let mut fields = vec![];
    if facets.here > 0 || ask.o_day {
        let here = Choice::new("true", counted("Nộp trực tuyến được ngay ở đây", facets.here));
        let field = web::checks("o_day", words("Nộp ở đây"), [here]);
        fields.push(if ask.o_day { field.value("true") } else { field });
    }
    let levels = LEVELS.iter().zip(facets.levels).filter(|((_, word), n)| *n > 0 || *word == ask.cap);
    let levels: Vec<Choice> =
        levels.map(|((level, word), n)| Choice::new(*word, counted(super::words::level(*level), n))).collect();
    if levels.len() > 1 || !ask.cap.is_empty() {
        let all = std::iter::once(Choice::new("", "Mọi cấp")).chain(levels);
        fields.push(web::radios("cap", words("Nơi giải quyết"), all).value(&ask.cap));
    }
    if facets.foreign.iter().all(|n| *n > 0) || !ask.nuoc_ngoai.is_empty() {
        let choices = [
            Choice::new("", "Không xét"),
            Choice::new("co", counted("có yếu tố nước ngoài", facets.foreign[0])),
            Choice::new("khong", counted("không có yếu tố nước ngoài", facets.foreign[1])),
        ];
        fields.push(web::radios("nuoc_ngoai", words("Yếu tố nước ngoài"), choices).value(&ask.nuoc_ngoai));
    }
    if facets.fields.len() > 1 || !ask.linh_vuc.is_empty() {
        let every = std::iter::once(Choice::new("", "Mọi lĩnh vực"));
        let known = facets.fields.iter().map(|(name, n)| Choice::new(name.clone(), raw(format!("{name} ({n})"))));
        fields.push(web::select("linh_vuc", words("Lĩnh vực"), every.chain(known)).value(&ask.linh_vuc));
    }
    fields
}

/// The search field above the results, as a strip across the page.
#[derive(Template)]
#[template(path = "find_strip.html")]
struct FindStrip {
    query: String,
}

/// The results.
#[derive(Template)]
#[template(path = "search.html")]
pub struct Results {
    query: String,
    total: usize,
    hits: Vec<HitLine>,
    read_as: Option<Words>,
    as_typed: String,
    literal: bool,
    pager: Pager,
    filters: Vec<Field>,
    all: Option<String>,
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
) -> Result<Response, Problem> {
    let (now, lang) = (visitor.visit.at(), visitor.visit.lang());
    let index = finder.index(&visitor.house.db, now).await?;
    let ask = Ask { q: ask.q.chars().take(300).collect(), ..ask };
    if ask.q.trim().is_empty() {
        // nothing asked: everything, by field
        return Ok(web::go("/thu-tuc").into_response());
    }
    let found = crate::search::search(&index, &ask.q, &ask.narrow());
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
    let listed = |code: &str| index.entry(code).is_some_and(|e| e.listed);
    let hits: Vec<HitLine> = shown
        .iter()
        .zip(&packages)
        .map(|(hit, package)| HitLine {
            short: short(package, listed(&hit.code), lang),
            name: marked(&hit.name, &hit.marks),
            why: why(&hit.why),
        })
        .collect();
    let understood = &found.understood;
    // "khai sinh" has no marks to leave out
    let has_marks = hits.iter().any(|h| h.name.iter().any(|(mark, part)| *mark && !part.is_ascii()));
    let corrected = understood.corrected.iter().map(|(_, read)| read.as_str()).collect::<Vec<_>>().join(", ");
    let body = Results {
        total,
        hits,
        read_as: match (understood.without_marks && has_marks, corrected.is_empty()) {
            _ if ask.dung => None,
            (_, false) => Some(words("Chúng tôi hiểu là “{0}”.").with(corrected)),
            (true, true) => Some(words("Bạn gõ không dấu, chúng tôi hiểu là có dấu.")),
            (false, true) => None,
        },
        as_typed: format!("/tim?{}", ask.query(true, true)),
        literal: ask.dung,
        pager: pager("/tim", &ask.query(true, ask.dung), page as u64, PER_PAGE as u64, total as u64, words("thủ tục")),
        filters: filters_of(&ask, &found.facets),
        all: (!ask.on().is_empty()).then(|| format!("/tim?{}", ask.query(false, ask.dung))),
        query: ask.q,
    };
    let title = words("{0} thủ tục cho “{1}”").with(total).with(&body.query);
    let strip = FindStrip { query: body.query.clone() };
    Ok(Page::new(visitor.shell.title(title).before_main(&strip), body).into_response())
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
