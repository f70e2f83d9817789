//! Receptions at a counter, for programs that stand beside the screen: queue machines, kiosks, scanners.

use super::officers::Answer;
use super::views::{DossierLine, Happened, Person};
use super::{once_done, once_json};
use crate::acts::Receive;
use crate::counter::{self, CardSeen, Press, Typed};
use crate::decide::is_required;
use crate::service::{self, Error, FirstPicks, Screen};
use axum::Json;
use axum::extract::Path;
use base::{Lang, Moment};
use directory::{Cx, For, OfficerDesk};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{Read, Write};
use utoipa::ToSchema;
use uuid::Uuid;
use web::{Once, Problem};

/// What is known so far, sent whole each time.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Receiving {
    /// Number of the queue.
    pub ticket: String,
    /// Text of the card's QR code, as a scanner typed it.
    pub card: String,
    /// The officer compared the repaired reading with the card: used, or thrown away. Absent: not asked.
    pub card_agreed: Option<bool>,
    /// The person; absent: as the card says, or as kept before.
    pub applicant: Option<Person>,
    /// Who files for them.
    pub submitter: String,
    /// Nobody stands at the desk: it came in an envelope by the public postal service.
    pub by_post: bool,
    /// Procedure code.
    pub procedure: String,
    /// Case of the procedure.
    pub case: String,
    /// Agency code of the commune whose authority it is, where the address does not say it. No other unit is taken.
    pub commune: Option<String>,
    /// Row of terms, where several fit.
    pub term: String,
    /// Ids of the papers that were seen and are in order.
    pub papers: Vec<String>,
    /// `desk`, `post`, `electronic`.
    pub result_channel: String,
    /// Amount in đồng, where the package cannot know it.
    pub fee: Option<i64>,
    /// The amount cannot be told yet: form 01 says that it is not settled.
    pub fee_open: bool,
    /// The fee was taken: its amount is said too, where the package cannot know it.
    pub fee_taken: bool,
    /// When it happened, if not now.
    #[serde(flatten)]
    pub when: Happened,
}

/// A reception as it stands.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct ReceptionView {
    /// Its id.
    pub id: Uuid,
    /// Another number is called first.
    pub parked: bool,
    /// Number of the queue.
    pub ticket: String,
    /// What the card's text came to: `none`, `wrong`, `asks` (compare with the card, then `card_agreed`), `read`.
    pub card: String,
    /// What was repaired in it, in words.
    pub cures: Vec<String>,
    /// The person.
    pub applicant: Person,
    /// Procedure code.
    pub procedure: Option<String>,
    /// Its short name.
    pub procedure_name: Option<String>,
    /// Papers asked of somebody who comes in person.
    pub papers: Vec<AskedPaper>,
    /// Competent unit, as far as known.
    pub unit: Option<String>,
    /// Rows of terms to choose from; more than one allowance is a person's choice.
    pub terms: Vec<String>,
    /// Due time, if accepted now.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due_at: Option<Moment>,
    /// Names of required papers that are not there: receiving leads to form 02.
    pub missing: Vec<String>,
    /// Why the list does not let this desk receive it (`received-elsewhere`, `not-received-here`).
    pub not_here: Option<String>,
    /// Version in force by which it is received.
    pub version: Option<Uuid>,
    /// The dossier it became.
    pub dossier: Option<Uuid>,
}

/// A paper asked at the counter.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct AskedPaper {
    /// Id in the package.
    pub id: String,
    /// Name.
    pub name: String,
    /// Without it the dossier is not accepted.
    pub required: bool,
    /// It was seen and is in order.
    pub seen: bool,
}

/// Something open at the desk.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct WaitingView {
    /// The reception.
    pub id: Uuid,
    /// Number of the queue.
    pub ticket: String,
    /// The person, as far as known.
    pub name: String,
    /// The procedure's short name.
    pub procedure: Option<String>,
    /// Who worked on it.
    pub officer: String,
}

impl ReceptionView {
    fn of(screen: &Screen, lang: Lang) -> ReceptionView {
        let (row, data, package) = (&screen.reception.row, &screen.reception.data, screen.reception.package());
        let seen = counter::ticked(data);
        let (card, cures) = match counter::card_of(data) {
            CardSeen::None => ("none", vec![]),
            CardSeen::Wrong(_) => ("wrong", vec![]),
            CardSeen::Asks(reading) => ("asks", reading.cures),
            CardSeen::Read(reading) => ("read", reading.cures),
        };
        ReceptionView {
            id: row.id,
            parked: row.parked,
            ticket: data.ticket.clone(),
            card: card.to_owned(),
            cures: cures.iter().map(|cure| cure.words(lang)).collect(),
            applicant: Person::from(&data.applicant),
            procedure: package.map(|p| p.code.to_string()),
            procedure_name: package.map(|p| service::short_name(p).to_owned()),
            papers: package.map_or_else(Vec::new, |p| {
                let asked = counter::asked(data, p);
                let line = |paper: &catalogue::package::PaperRow| AskedPaper {
                    id: paper.id.clone(),
                    name: paper.name.clone(),
                    required: is_required(paper),
                    seen: seen.contains(&paper.id),
                };
                asked.into_iter().map(line).collect()
            }),
            unit: screen.places.as_ref().and_then(|p| p.unit.as_ref()).map(|u| u.name.clone()),
            terms: screen.offer.iter().flat_map(|o| &o.terms).map(|t| t.id.clone()).collect(),
            due_at: screen.offer.as_ref().and_then(|o| o.due.as_ref()).map(|c| c.due_at),
            missing: screen.offer.as_ref().map_or_else(Vec::new, |o| o.missing.clone()),
            not_here: screen.not_here.as_ref().map(|objection| objection.code().to_owned()),
            version: screen.reception.version.as_ref().map(|v| v.id.0),
            dossier: row.dossier,
        }
    }
}

impl Receiving {
    /// As the form of the counter says it; `kept` is the person as known so far.
    fn typed(&self, kept: Option<crate::draft::Applicant>, commune: Option<Uuid>) -> Typed {
        let text = |t: &str| base::text::line(t);
        let person = self.applicant.clone().map(Into::into).or(kept).unwrap_or_default();
        Typed {
            ticket: text(&self.ticket),
            card: text(&self.card),
            person,
            submitter: text(&self.submitter),
            by_post: self.by_post,
            search: String::new(),
            procedure: text(&self.procedure),
            answers_of: text(&self.procedure),
            case: text(&self.case),
            commune,
            term: text(&self.term),
            papers: self.papers.iter().cloned().collect(),
            result: text(&self.result_channel),
            fee: self.fee.map_or_else(String::new, |fee| fee.to_string()),
            fee_open: self.fee_open,
            fee_taken: self.fee_taken,
            happened_at: self.when.happened_at.map_or_else(String::new, |at| at.local().to_string()),
            late_reason: self.when.late_reason.clone().unwrap_or_default(),
        }
    }

    fn press(&self) -> Press {
        match self.card_agreed {
            Some(true) => Press::CardAgreed,
            Some(false) => Press::CardDropped,
            None => Press::ByItself,
        }
    }
}

async fn shown(tx: &Read<'_>, cx: &Cx, at: &For<Receive>, id: Uuid) -> Result<ReceptionView, Error> {
    Ok(ReceptionView::of(&service::screen(tx, cx, at, Some(id), &FirstPicks::default()).await?, cx.lang))
}

/// What is open at the desk of the post acted in.
#[utoipa::path(get, path = "/api/v1/receptions", tag = "officers", responses((status = 200, body = Vec<WaitingView>)))]
pub async fn waiting(desk: OfficerDesk) -> Result<Json<Vec<WaitingView>>, Problem> {
    let cx = desk.cx.clone();
    let screen = desk
        .house
        .db
        .read(async move |tx: &Read<'_>| {
            let at = service::own_desk(tx, &cx).await?;
            service::screen(tx, &cx, &at, None, &FirstPicks::default()).await
        })
        .await?;
    let line = |w: service::Waiting| WaitingView {
        id: w.id,
        ticket: w.ticket,
        name: w.name,
        procedure: w.procedure,
        officer: w.officer,
    };
    Ok(Json(screen.waiting.into_iter().map(line).collect()))
}

/// One reception this officer works on.
#[utoipa::path(get, path = "/api/v1/receptions/{id}", tag = "officers", params(("id" = Uuid, Path)), responses((status = 200, body = ReceptionView)))]
pub async fn see(desk: OfficerDesk, Path(id): Path<Uuid>) -> Result<Json<ReceptionView>, Problem> {
    let cx = desk.cx.clone();
    let look = async move |tx: &Read<'_>| {
        let at: For<Receive> = service::own_desk(tx, &cx).await?;
        shown(tx, &cx, &at, id).await
    };
    Ok(Json(desk.house.db.read(look).await?))
}

/// Keeps what is known, right or wrong, under an id the caller made; the first call opens the reception.
#[utoipa::path(put, path = "/api/v1/receptions/{id}", tag = "officers", params(("id" = Uuid, Path)), request_body = Receiving, responses((status = 200, body = ReceptionView), (status = 409)))]
pub async fn keep(
    desk: OfficerDesk,
    Path(id): Path<Uuid>,
    once: Once,
    Json(body): Json<Receiving>,
) -> Result<Json<ReceptionView>, Problem> {
    let agency = match body.commune.as_deref().filter(|c| !c.is_empty()) {
        Some(code) => {
            Some(code.parse::<base::AgencyCode>().map_err(|_| Problem::unreadable("commune is an agency code such as H12.126"))?)
        }
        None => None,
    };
    let (cx, sent) = (desk.cx.clone(), Arc::new(body));
    let body = sent.clone();
    once_json(&once, &desk.house, &*sent, async move |tx: &Write<'_>| {
        let at = service::own_desk(tx, &cx).await?;
        let kept = match service::reception(tx, &cx, &at, id).await {
            Ok(reception) => Some(reception.data),
            Err(Error::NotFound) => None,
            Err(error) => return Err(error),
        };
        let commune = match &agency {
            Some(code) => Some(directory::unit_by_code(tx, code, cx.by.now).await?.ok_or(Error::NotFound)?.id.0),
            None => kept.as_ref().and_then(|data| data.commune),
        };
        let typed = body.typed(kept.map(|data| data.applicant), commune);
        service::keep_reception(tx, &cx, &at, id, &typed, body.press()).await?;
        shown(tx, &cx, &at, id).await
    })
    .await
}

/// Files and accepts, or asks for what is missing (form 02), in one act. The same again gives the same dossier.
#[utoipa::path(post, path = "/api/v1/receptions/{id}/receive", tag = "officers", params(("id" = Uuid, Path)), responses((status = 200, body = DossierLine), (status = 409), (status = 422)))]
pub async fn receive(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once) -> Answer {
    let cx = desk.cx.clone();
    once_json(&once, &desk.house, &(), async move |tx: &Write<'_>| {
        let at = service::own_desk(tx, &cx).await?;
        Ok(DossierLine::from(&service::receive(tx, &cx, &at, id).await?))
    })
    .await
}

/// Another number is called first: whoever works at the desk may go on with it.
#[utoipa::path(post, path = "/api/v1/receptions/{id}/park", tag = "officers", params(("id" = Uuid, Path)), responses((status = 204), (status = 409)))]
pub async fn park(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once) -> Result<StatusCode, Problem> {
    let cx = desk.cx.clone();
    once_done(&once, &desk.house, &(), async move |tx: &Write<'_>| {
        let at = service::own_desk(tx, &cx).await?;
        service::park(tx, &cx, &at, id).await
    })
    .await
}

/// Takes up what was parked at this desk, by whomever.
#[utoipa::path(post, path = "/api/v1/receptions/{id}/take-up", tag = "officers", params(("id" = Uuid, Path)), responses((status = 200, body = ReceptionView), (status = 409)))]
pub async fn take_up(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once) -> Result<Json<ReceptionView>, Problem> {
    let cx = desk.cx.clone();
    once_json(&once, &desk.house, &(), async move |tx: &Write<'_>| {
        let at = service::own_desk(tx, &cx).await?;
        service::take_up(tx, &cx, &at, id).await?;
        shown(tx, &cx, &at, id).await
    })
    .await
}

/// How a visit goes on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GoingOn {
    /// Id of the next reception, made by the caller.
    pub next: Uuid,
    /// For the same person: another procedure. Otherwise the next person of the visit.
    #[serde(default)]
    pub same_person: bool,
}

/// Goes on within a visit: another procedure for the same person, or the next person.
#[utoipa::path(post, path = "/api/v1/receptions/{id}/next", tag = "officers", params(("id" = Uuid, Path)), request_body = GoingOn, responses((status = 200, body = ReceptionView), (status = 409)))]
pub async fn go_on(
    desk: OfficerDesk,
    Path(id): Path<Uuid>,
    once: Once,
    Json(body): Json<GoingOn>,
) -> Result<Json<ReceptionView>, Problem> {
    let (cx, GoingOn { next, same_person }) = (desk.cx.clone(), body);
    once_json(&once, &desk.house, &(next, same_person), async move |tx: &Write<'_>| {
        let at = service::own_desk(tx, &cx).await?;
        let next = service::next_in_visit(tx, &cx, &at, id, next, same_person).await?;
        shown(tx, &cx, &at, next).await
    })
    .await
}

/// Ends the visit of a reception.
#[utoipa::path(post, path = "/api/v1/receptions/{id}/end-visit", tag = "officers", params(("id" = Uuid, Path)), responses((status = 204), (status = 404)))]
pub async fn end_visit(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once) -> Result<StatusCode, Problem> {
    let cx = desk.cx.clone();
    once_done(&once, &desk.house, &(), async move |tx: &Write<'_>| {
        let at = service::own_desk(tx, &cx).await?;
        service::end_visit(tx, &cx, &at, id).await
    })
    .await
}

/// Throws away what was typed for somebody who left; a dossier stays.
#[utoipa::path(delete, path = "/api/v1/receptions/{id}", tag = "officers", params(("id" = Uuid, Path)), responses((status = 204), (status = 409)))]
pub async fn discard(desk: OfficerDesk, Path(id): Path<Uuid>, once: Once) -> Result<StatusCode, Problem> {
    let cx = desk.cx.clone();
    once_done(&once, &desk.house, &(), async move |tx: &Write<'_>| {
        let at = service::own_desk(tx, &cx).await?;
        service::discard_reception(tx, &cx, &at, id).await
    })
    .await
}
