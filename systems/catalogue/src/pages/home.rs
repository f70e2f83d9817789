//! The front page: find the right thing, or see where a dossier is.

use super::lately::{self, Figures};
use super::near::{Near, near};
use super::words;
use crate::performance::Performance;
use crate::{Error, Finder};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, Query};
use base::calendar::WorkCalendar;
use directory::{Visitor, WorkTime};
use jiff::ToSpan;
use serde::Deserialize;
use std::sync::{Arc, LazyLock};
use web::filters;
use web::{Page, Problem, Words};

/// A life event of the front page.
#[derive(Clone, Debug, Deserialize)]
pub struct LifeEvent {
    /// Word in addresses.
    pub id: String,
    /// Heading.
    pub name: String,
    /// What it covers.
    pub description: String,
    /// The heading in English.
    pub name_en: String,
    /// What it covers, in English.
    pub description_en: String,
    /// Symbol.
    pub icon: String,
    /// Procedures, most asked first.
    pub procedures: Vec<String>,
}

impl LifeEvent {
    /// The heading in the reader's language.
    pub fn name(&self) -> Words {
        web::i18n::figures(|lang| lang.pick(&self.name, &self.name_en).clone())
    }

    /// What it covers, in the reader's language.
    pub fn description(&self) -> Words {
        web::i18n::figures(|lang| lang.pick(&self.description, &self.description_en).clone())
    }
}

/// The nine events, from `data/demo/life-events.toml`; a province edits the list there.
static EVENTS: LazyLock<Vec<LifeEvent>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        event: Vec<LifeEvent>,
    }
    let text = include_str!("../../../../data/demo/life-events.toml");
    // a test reads the file, so an unreadable one does not leave the house
    toml::from_str::<File>(text).map(|f| f.event).unwrap_or_default()
});

/// The front page.
#[derive(Template)]
#[template(path = "home.html")]
pub struct Home {
    events: &'static [LifeEvent],
    holiday: Option<Words>,
    total: String,
    near: Near,
    figures: Option<Figures>,
}

/// Which commune's centre is shown.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The commune.
    #[serde(default)]
    pub xa: String,
}

/// `GET /`
pub async fn show(
    visitor: Visitor,
    Extension(finder): Extension<Arc<Finder>>,
    time: WorkTime,
    Extension(performance): Extension<Option<Arc<dyn Performance>>>,
    Query(asked): Query<Asked>,
) -> Result<Page<Home>, Problem> {
    let (now, lang) = (visitor.visit.at(), visitor.visit.lang());
    let index = finder.index(&visitor.house.db, now).await?;
    let look = async move |tx: &store::Read<'_>| {
        near(tx, crate::ReceivedAt::All, &asked.xa, now, lang, "/#den-tan-noi".to_owned(), vec![]).await
    };
    let near = visitor.house.db.read(look).await?;
    let total = web::say::count(index.len() as u64);
    let figures = match performance {
        Some(performance) => Some(lately::figures(&performance.lately(&visitor.house.db, now).await?, lang)),
        None => None,
    };
    let body = Home { events: &EVENTS, holiday: next_holiday(&time.calendar, now.date(), lang), total, near, figures };
    Ok(Page::new(visitor.shell.title(web::words("Một cửa")).current("/").main_class(""), body))
}

/// A day off within a week, because people come in vain.
fn next_holiday(calendar: &WorkCalendar, today: jiff::civil::Date, lang: base::Lang) -> Option<Words> {
    let until = today.checked_add(7.days()).ok()?;
    let (date, day) = calendar.special_days(today, until).find(|(date, _)| !calendar.is_working_day(*date))?;
    let name = day.name_in(lang);
    let mut day = base::wording::long_date(date, lang);
    // it begins the sentence
    if let Some(first) = day.chars().next() {
        day.replace_range(..first.len_utf8(), &first.to_uppercase().to_string());
    }
    Some(web::words("{0}: các trung tâm nghỉ, {1}").with(day).with(name))
}

/// Procedures of one life event.
#[derive(Template)]
#[template(path = "event.html")]
pub struct EventPage {
    event: &'static LifeEvent,
    procedures: Vec<Short>,
}

/// A procedure in a list.
pub struct Short {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Summary.
    pub summary: String,
    /// Term.
    pub term: Words,
    /// Fee.
    pub fee: Words,
    /// Where it is decided.
    pub levels: Words,
    /// Ways to file.
    pub channels: Words,
    /// It can be filed here.
    pub listed: bool,
}

/// `GET /viec/{event}`
pub async fn event(visitor: Visitor, Path(id): Path<String>) -> Result<Page<EventPage>, Problem> {
    let event = EVENTS.iter().find(|e| e.id == id).ok_or_else(Problem::not_found)?;
    let (now, lang) = (visitor.visit.at(), visitor.visit.lang());
    let procedures = visitor
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let mut found = Vec::new();
            for code in event.procedures.iter().filter_map(|c| c.parse().ok()) {
                match crate::current(tx, &code, now).await {
                    Ok(version) => {
                        let listed = crate::listed(tx, &code, now).await?.is_some();
                        found.push(short(&version.package, listed, lang));
                    }
                    Err(Error::NotFound) => {}
                    Err(other) => return Err(other),
                }
            }
            Ok::<_, Error>(found)
        })
        .await?;
    Ok(Page::new(visitor.shell.title(event.name()), EventPage { event, procedures }))
}

/// A package as a line of a list.
pub fn short(package: &std::sync::Arc<crate::package::Package>, listed: bool, lang: base::Lang) -> Short {
    let package = &crate::package::told(package.clone(), lang);
    Short {
        code: package.code.to_string(),
        name: package.name.clone(),
        summary: package.summary.clone(),
        term: words::terms(package, lang),
        fee: words::fees(package),
        levels: words::levels(package),
        channels: words::channels(package),
        listed,
    }
}
