//! The auditor's pages, and the citizen's page about looks.
mod alarms;
mod bills;
mod cases;
mod complaints;
mod looks;
mod samples;
mod verdict;

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Form,
    extract::{FromRequest, Request},
};
use base::Moment;
use directory::{Act, ActSpec, OfficerDesk, Unit, filter, may_somewhere};
use http::{
    HeaderName, HeaderValue,
    header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
};
use store::Read;
use web::{Door, FieldFault, Part, Problem, Routes, Tab, words};

use crate::{
    acts::{
        AnswerComplaint, CloseAlarm, DrawSample, ReadCase, ReadEvidence, SearchLooks, SeeAlarms, SeeComplaints, SeeSamples,
        WriteBillNow,
    },
    files::Files,
    stamp_fault::StampFault,
};

/// Where the auditor begins.
pub const HOME: &str = "/kiem-tra";
/// Where heads of units see alarms.
pub const ALARMS: &str = "/kiem-tra/canh-bao";
pub use complaints::LOOKS;

/// Whether new bills are to be stamped.
#[derive(Clone, Copy, Debug)]
struct Stamps(bool);

const fn officer<A: Act>() -> Door {
    Door::Officer(A::SPEC.name)
}

/// Every page with its door.
pub fn routes(stamps: bool, files: Arc<dyn Files>) -> Routes {
    Routes::new()
        .get(HOME, officer::<ReadEvidence>(), bills::list)
        .post("/kiem-tra/bang-ke", officer::<WriteBillNow>(), bills::write_now)
        .get("/kiem-tra/bang-ke/{number}", officer::<ReadEvidence>(), bills::one)
        .get("/kiem-tra/bang-ke/{number}/{part}", officer::<ReadEvidence>(), bills::part)
        .get("/kiem-tra/xac-minh", officer::<ReadEvidence>(), verdict::show)
        .post("/kiem-tra/xac-minh", officer::<ReadEvidence>(), verdict::order)
        .get("/kiem-tra/tu-kiem", officer::<ReadEvidence>(), verdict::by_hand)
        .get("/kiem-tra/luot-xem", officer::<SearchLooks>(), looks::show)
        .get(ALARMS, officer::<SeeAlarms>(), alarms::show)
        .post("/kiem-tra/canh-bao/{id}", officer::<CloseAlarm>(), alarms::close)
        .get("/kiem-tra/khieu-nai", officer::<SeeComplaints>(), complaints::list)
        .get("/kiem-tra/khieu-nai/{id}", officer::<SeeComplaints>(), complaints::one)
        .post("/kiem-tra/khieu-nai/{id}", officer::<AnswerComplaint>(), complaints::reply)
        .get("/kiem-tra/mau", officer::<DrawSample>(), samples::list)
        .post("/kiem-tra/mau", officer::<DrawSample>(), samples::draw)
        .get("/kiem-tra/mau/{id}", officer::<SeeSamples>(), samples::one)
        .get("/kiem-tra/ho-so", officer::<ReadCase>(), cases::ask)
        .get("/kiem-tra/ho-so/{id}", officer::<ReadCase>(), cases::one)
        .get("/kiem-tra/ho-so/{id}/tron-bo.zip", officer::<ReadCase>(), cases::archive)
        .get(LOOKS, Door::Citizen, complaints::mine)
        .get("/tai-khoan/luot-xem/{id}", Door::Citizen, complaints::form)
        .post("/tai-khoan/luot-xem/{id}", Door::Citizen, complaints::send)
        .with(|router| router.layer(Extension(Stamps(stamps))).layer(Extension(files)))
}

/// The places of the evidence that this officer may go to.
fn tabs(desk: &OfficerDesk, here: &str) -> web::ui::nav::Tabs {
    let places: [(&str, &'static str, &ActSpec); 6] = [
        (HOME, "Bảng kê", &ReadEvidence::SPEC),
        ("/kiem-tra/luot-xem", "Lượt xem", &SearchLooks::SPEC),
        (ALARMS, "Cảnh báo", &SeeAlarms::SPEC),
        ("/kiem-tra/khieu-nai", "Khiếu nại", &SeeComplaints::SPEC),
        ("/kiem-tra/mau", "Rút mẫu", &DrawSample::SPEC),
        ("/kiem-tra/ho-so", "Hồ sơ", &ReadCase::SPEC),
    ];
    let open = places.into_iter().filter(|(_, _, spec)| may_somewhere(spec, &desk.cx.who));
    web::tabs(words("Kiểm tra"), open.map(|(href, label, _)| Tab::new(href, words(label)).current(href == here)))
}

/// Units in which the officer may do an act that is done to units.
async fn units<A: Act<On = Unit>>(desk: &OfficerDesk) -> Result<Vec<Unit>, Problem> {
    let who = desk.cx.who.clone();
    let mut all = desk.house.db.read(async move |tx: &Read<'_>| directory::units_allowed(tx, filter::<A>(&who)).await).await?;
    // the widest first: it is what the form begins with
    all.sort_by_key(|u| u.path.matches('/').count());
    Ok(all)
}

/// A day as people write it, its first instant; nothing typed: `None`.
fn day(text: &str, field: &'static str) -> Result<Option<Moment>, FieldFault> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = text.parse::<base::person::PartialDate>().ok().and_then(base::person::PartialDate::full);
    day.map(|day| Some(Moment::from_local(day.at(0, 0, 0, 0))))
        .ok_or_else(|| FieldFault::new(field, words("Không đọc được ngày này. Ghi dạng 01/07/2025.")))
}

/// Technical detail beside a sentence of ours: in the words of the machine that noticed it.
#[derive(Debug, Template)]
#[template(source = r#"<code class="small" lang="en">{{ text }}</code>"#, ext = "html")]
struct Detail {
    text: String,
}
impl askama::filters::HtmlSafe for Detail {}

fn detail(text: &str) -> Part {
    Part::of(Detail { text: text.to_owned() })
}

/// Why a stamp is missing or proves nothing, as it was kept: our sentence, then the detail.
fn stamp_reason(kept: &str) -> Part {
    let (fault, said) = StampFault::read(kept);
    Part::all(vec![Part::text(fault.words()), detail(said)])
}

/// The fields of a plain form as they were sent.
struct Fields(Vec<(String, String)>);

/// Longest text that is kept of one field.
const LONGEST: usize = 4000;

impl Fields {
    fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// On one line, in NFC.
    fn line(&self, name: &str) -> String {
        base::text::line(self.raw(name))
    }

    /// With its lines, without blanks around it.
    fn text(&self, name: &str) -> String {
        self.raw(name).trim().chars().filter(|c| *c != '\0').take(LONGEST).collect()
    }
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Fields, Problem> {
        let Form(fields) = Form::<Vec<(String, String)>>::from_request(request, state).await?;
        Ok(Fields(fields))
    }
}

/// Headers of bytes that are saved, never shown as a page of ours.
fn saved(name: &str, kind: &'static str) -> [(HeaderName, HeaderValue); 4] {
    let as_file =
        HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")).unwrap_or(HeaderValue::from_static("attachment"));
    [
        (CONTENT_TYPE, HeaderValue::from_static(kind)),
        (CONTENT_DISPOSITION, as_file),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ]
}
