//! Where to go: the centre of a commune, with its address, its telephone and whether it is open now.

use askama::Template;
use base::calendar::WorkCalendar;
use base::{Lang, Moment};
use directory::{Unit, UnitId};
use store::Read;
use web::filters;
use web::ui::status::Badge;
use web::{Choice, Field, Status, Words, words};

use crate::{Error, ReceivedAt};

/// A centre, and how it stands now.
#[derive(Clone, Debug)]
pub struct Centre {
    /// Its name.
    pub name: String,
    /// Address; empty when nobody entered it.
    pub address: String,
    /// Telephone; empty when nobody entered it.
    pub phone: String,
    /// Open or closed.
    pub state: Badge,
    /// Until when, or from when again.
    pub until: Words,
    /// The hours of today; empty on a day off.
    pub hours: String,
}

/// Choose a commune, see its centre. Works as a plain form.
#[derive(Debug, Template)]
#[template(path = "near.html")]
pub struct Near {
    /// Where the form leads.
    action: String,
    /// What else stands in the address.
    kept: Vec<(&'static str, String)>,
    pick: Option<Field>,
    centre: Option<Centre>,
}
impl askama::filters::HtmlSafe for Near {}

/// The name of the commune in addresses.
pub const COMMUNE: &str = "xa";

/// Finds the centre of the commune that was asked for; without one, the provincial centre where it receives.
pub async fn near(
    tx: &Read<'_>,
    received_at: ReceivedAt,
    asked: &str,
    now: Moment,
    lang: Lang,
    action: String,
    kept: Vec<(&'static str, String)>,
) -> Result<Near, Error> {
    let communes = if received_at.takes(true) { directory::communes(tx, now).await? } else { vec![] };
    let asked: Option<UnitId> = asked.parse().ok().filter(|id| communes.iter().any(|c| c.id == *id));
    let desk = match asked {
        Some(id) => there(directory::desk_of(tx, id, now).await)?,
        None if received_at.takes(false) => there(directory::provincial_desk(tx, now).await)?,
        None => None,
    };
    let centre = match desk {
        Some(desk) => Some(centre(tx, desk, now, lang).await?),
        None => None,
    };
    let first = if received_at.takes(false) { "Trung tâm cấp tỉnh" } else { "Chọn xã, phường" };
    let choices = std::iter::once(Choice::new("", first))
        .chain(communes.iter().map(|c| Choice::new(c.id.to_string(), web::raw(&c.short_name))));
    let pick = (!communes.is_empty())
        .then(|| web::select(COMMUNE, words("Xã, phường"), choices).value(asked.map(|id| id.to_string()).unwrap_or_default()));
    Ok(Near { action, kept, pick, centre })
}

/// A house without centres is no fault of the visitor.
fn there(found: Result<Unit, store::Error>) -> Result<Option<Unit>, Error> {
    match found {
        Ok(unit) => Ok(Some(unit)),
        Err(store::Error::NoRow) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

async fn centre(tx: &Read<'_>, desk: Unit, now: Moment, lang: Lang) -> Result<Centre, Error> {
    let calendar = directory::WorkTime::of_unit(tx, desk.id, now).await?.calendar;
    let (state, until) = standing(&calendar, now, lang);
    let hours = calendar.spans(now.date()).map(|(from, to)| format!("{}–{}", web::say::hour(from), web::say::hour(to)));
    Ok(Centre {
        name: desk.name,
        address: desk.address,
        phone: desk.phone,
        state,
        until,
        hours: hours.collect::<Vec<_>>().join(", "),
    })
}

/// Open until when, or closed until when.
fn standing(calendar: &WorkCalendar, now: Moment, lang: Lang) -> (Badge, Words) {
    let spans: Vec<(Moment, Moment)> = calendar.spans(now.date()).collect();
    if let Some((_, to)) = spans.iter().find(|(from, to)| *from <= now && now < *to) {
        return (web::badge(Status::Ok, "Đang mở"), words("đến {0}").with(web::say::hour(*to)));
    }
    let closed = web::badge(Status::Idle, "Đang đóng");
    if let Some((from, _)) = spans.iter().find(|(from, _)| now < *from) {
        return (closed, words("mở lúc {0}").with(web::say::hour(*from)));
    }
    let next = calendar.working_day_after(now.date());
    let again = next.and_then(|day| calendar.spans(day).next()).map(|(from, _)| from);
    match again {
        Some(from) => {
            let day = base::wording::long_date(from.date(), lang);
            (closed, words("mở lại {0}, {1}").with(web::say::hour(from)).with(day))
        }
        None => (closed, Words::default()),
    }
}
