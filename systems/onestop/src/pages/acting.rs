//! What officers do to a dossier: each handler reads the form, calls the act, and leads back.

use crate::dossier::{Outcome, ResultChannel, SupplementItem, Verdict, When};
use crate::draft::{FeeSaid, sum_typed};
use crate::letterhead;
use crate::objection::Objection;
use crate::printing;
use crate::row::DossierRow;
use crate::sent::Sent;
use crate::service::{self, Error};
use crate::sql::papers::Attachment;
use axum::extract::Path;
use base::{AgencyCode, Moment};
use catalogue::VersionId;
use directory::{OfficerDesk, UnitId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use store::{Read, Write};
use uuid::Uuid;
use web::{Go, Once, Problem, go};

fn page(id: Uuid) -> String {
    format!("/can-bo/ho-so/{id}")
}

/// Fact and entry time as the form says: nothing given is now.
pub fn when(sent: &Sent, now: Moment) -> Result<When, Problem> {
    let typed = sent.field("xay-ra");
    if typed.is_empty() {
        return Ok(When::now(now));
    }
    let local: jiff::civil::DateTime = typed.parse().map_err(|_| Problem::from(Error::from(Objection::ImpossibleTime)))?;
    let reason = sent.field("nhap-muon").trim();
    Ok(When { happened_at: Moment::from_local(local), recorded_at: now, reason: (!reason.is_empty()).then(|| reason.to_owned()) })
}

/// The key of a form that was sent. A page of a dossier has several forms, and its Back button leads to it again: what a form says is part
/// of its key.
fn key(desk: &OfficerDesk, sent: &Sent) -> Once {
    let page = sent.field("lan");
    if page.is_empty() {
        return Once::of_form(&desk.visit, "");
    }
    let said = sent.digest().iter().fold(Sha256::new_with_prefix(page), |hash, part| hash.chain_update(part).chain_update("\n"));
    Once::of_form(&desk.visit, &hex::encode(said.finalize()))
}

/// Does an act once. Pressed twice it is done once, and both presses get the same answer: what the page says of it.
pub(super) async fn once<T, F>(desk: &OfficerDesk, sent: &Sent, act: F) -> Result<T, Error>
where
    T: Serialize + DeserializeOwned,
    F: AsyncFn(&Write<'_>) -> Result<T, Error> + Send + 'static,
{
    let answer = key(desk, sent)
        .run(&desk.house, &sent.digest(), async move |tx: &Write<'_>| Ok::<_, Error>(serde_json::to_string(&act(tx).await?)?))
        .await?;
    Ok(serde_json::from_str(&answer)?)
}

/// `POST …/giay-to`: what the desk found about one paper.
pub async fn check_paper(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let verdict = Verdict::parse(sent.field("ket-luan")).ok_or_else(|| Problem::unreadable("verdict"))?;
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, paper) = (desk.cx.clone(), sent.field("giay-to").to_owned());
    once(&desk, &sent, async move |tx: &Write<'_>| {
        service::check_paper(tx, &cx, id, &paper, verdict, when.clone()).await.map(drop)
    })
    .await?;
    Ok(go(page(id)))
}

/// `POST …/tiep-nhan`: form 01.
pub async fn accept(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, term) = (desk.cx.clone(), sent.field("thoi-han").to_owned());
    let shown = sent.field("phien-ban").parse().ok().map(VersionId);
    let said = fee_said(&sent)?;
    let code = once(&desk, &sent, async move |tx: &Write<'_>| {
        let term = (!term.is_empty()).then_some(term.as_str());
        Ok(code_of(&service::accept_saying(tx, &cx, id, term, shown, said, when.clone()).await?))
    })
    .await?;
    Ok(go(page(id)).saying("Đã tiếp nhận, mã hồ sơ {0}", &[&code]))
}

/// The fee as the form says it: an empty amount leaves it open.
fn fee_said(sent: &Sent) -> Result<FeeSaid, Problem> {
    let typed = sent.field("le-phi").trim();
    let amount = sum_typed(typed);
    if !typed.is_empty() && amount.is_none() {
        return Err(Problem::fault(vec![web::FieldFault::new("le-phi", web::words("Ghi bằng chữ số."))]));
    }
    Ok(FeeSaid { amount, is_taken: !sent.field("da-thu").is_empty() })
}

fn code_of(row: &DossierRow) -> String {
    row.name_code().to_owned()
}

/// The code, and the step it stands at then.
pub(super) fn code_and_step(row: &DossierRow) -> (String, String) {
    (code_of(row), row.step_name.clone().unwrap_or_default())
}

/// `POST …/bo-sung`: form 02.
pub async fn request_supplement(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let items: Vec<SupplementItem> = sent
        .fields
        .iter()
        .filter_map(|(name, value)| name.strip_prefix("ly-do.").filter(|_| !value.trim().is_empty()).map(|paper| (paper, value)))
        .map(|(paper, reason)| SupplementItem {
            paper: paper.to_owned(),
            reason: reason.trim().to_owned(),
            ground: sent.field(&format!("can-cu.{paper}")).trim().to_owned(),
        })
        .collect();
    let cx = desk.cx.clone();
    once(&desk, &sent, async move |tx: &Write<'_>| {
        service::request_supplement(tx, &cx, id, items.clone(), when.clone()).await.map(drop)
    })
    .await?;
    Ok(go(page(id)).saying("Đã gửi phiếu yêu cầu bổ sung", &[]))
}

/// `POST …/nhan-bo-sung`: what form 02 asked for, brought to the desk.
pub async fn receive_supplement(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let brought: BTreeSet<String> =
        sent.fields.iter().filter(|(name, _)| name == "da-nhan").map(|(_, paper)| paper.clone()).collect();
    let (cx, scans) = (desk.cx.clone(), sent.good_papers()?);
    once(&desk, &sent, async move |tx: &Write<'_>| {
        service::receive_supplement(tx, &cx, id, &brought, &scans, when.clone()).await.map(drop)
    })
    .await?;
    Ok(go(page(id)).saying("Đã nhận phần bổ sung, kiểm rồi tiếp nhận", &[]))
}

/// `POST …/nhan-viec`: takes the step.
pub async fn claim(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let (cx, when) = (desk.cx.clone(), when(&sent, desk.cx.by.now)?);
    once(&desk, &sent, async move |tx: &Write<'_>| service::claim(tx, &cx, id, when.clone()).await.map(drop)).await?;
    Ok(go(page(id)).saying("Bạn đang giữ hồ sơ này", &[]))
}

/// `POST …/tra-hang`: gives the step back to everybody of its role.
pub async fn release(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, reason) = (desk.cx.clone(), sent.field("ly-do").to_owned());
    once(&desk, &sent, async move |tx: &Write<'_>| service::release(tx, &cx, id, when.clone(), &reason).await.map(drop)).await?;
    Ok(go(page(id)).saying("Bước này về hàng chung", &[]))
}

/// `POST …/ghi-chu`: a note, a file, or both
pub async fn add_note(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, text, stored) = (desk.cx.clone(), sent.field("ghi-chu").to_owned(), sent.file()?);
    let said = if stored.is_some() { "Đã lưu tệp và ghi chú" } else { "Đã lưu ghi chú" };
    once(&desk, &sent, async move |tx: &Write<'_>| {
        if let Some(stored) = &stored {
            let file = stored.keep(tx, &cx, "handling").await?;
            service::add_file(tx, &cx, id, when.clone(), file).await?;
        }
        if stored.is_some() && text.trim().is_empty() {
            Ok(())
        } else {
            service::add_note(tx, &cx, id, when.clone(), &text).await.map(drop)
        }
    })
    .await?;
    Ok(go(page(id)).saying(said, &[]))
}

/// `POST …/chuyen-tiep`: closes the processing step, with a note and a file for the next.
pub async fn pass_on(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, note) = (desk.cx.clone(), sent.field("ghi-chu").to_owned());
    let stored = sent.file()?;
    let (code, step) = once(&desk, &sent, async move |tx: &Write<'_>| {
        if let Some(stored) = &stored {
            let file = stored.keep(tx, &cx, "handling").await?;
            service::add_file(tx, &cx, id, when.clone(), file).await?;
        }
        Ok(code_and_step(&service::pass_on(tx, &cx, id, when.clone(), &note).await?))
    })
    .await?;
    Ok(go("/can-bo").saying("Đã chuyển {0} sang bước {1}", &[&code, &step]))
}

/// `POST …/tra-lai`: one step back.
pub async fn send_back(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, reason) = (desk.cx.clone(), sent.field("ly-do").to_owned());
    let (code, step) = once(&desk, &sent, async move |tx: &Write<'_>| {
        Ok(code_and_step(&service::send_back(tx, &cx, id, when.clone(), &reason).await?))
    })
    .await?;
    Ok(go("/can-bo").saying("Đã trả {0} về bước {1}", &[&code, &step]))
}

/// `POST …/duyet`
pub async fn approve(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    resolve(desk, id, sent, Outcome::Approved).await
}

/// `POST …/khong-duyet`
pub async fn reject(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    resolve(desk, id, sent, Outcome::Rejected).await
}

async fn resolve(desk: OfficerDesk, id: Uuid, sent: Sent, outcome: Outcome) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, reason) = (desk.cx.clone(), sent.field("ly-do").to_owned());
    let code = once(&desk, &sent, async move |tx: &Write<'_>| {
        Ok(code_of(&service::resolve(tx, &cx, id, when.clone(), outcome, &reason).await?))
    })
    .await?;
    let said = match outcome {
        Outcome::Approved => "Đã phê duyệt {0}",
        Outcome::Rejected => "Đã ghi không giải quyết {0}",
    };
    // read, decide, next: the leader's queue opens with the nearest due first
    Ok(go("/can-bo").saying(said, &[&code]))
}

/// `POST …/ban-hanh`: the result from a file, or a letter made here, marked unsigned.
pub async fn issue(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, number) = (desk.cx.clone(), sent.field("so").to_owned());
    let is_done = key(&desk, &sent).answered(&desk.house, &sent.digest()).await?.is_some();
    let stored = match sent.file()? {
        // pressed again, no second letter is made
        None if !is_done => Some(result_letter(&desk, id, &number).await?),
        chosen => chosen,
    };
    let code = once(&desk, &sent, async move |tx: &Write<'_>| {
        let stored = stored.as_ref().ok_or(Error::NotFound)?;
        let file: Attachment = stored.keep(tx, &cx, "result").await?;
        Ok(code_of(&service::issue(tx, &cx, id, when.clone(), file, &number).await?))
    })
    .await?;
    Ok(go(page(id)).saying("Đã ban hành kết quả {0}", &[&code]))
}

/// The letter for results that have no file of their own, under the number the unit's register gave it.
pub async fn result_letter(desk: &OfficerDesk, id: Uuid, number: &str) -> Result<crate::sent::Stored, Problem> {
    let cx = desk.cx.clone();
    let whole =
        desk.house.db.write(async move |tx: &Write<'_>| service::see(tx, &cx, id, Some("ban hành kết quả")).await).await?;
    let reason = whole.notes.iter().rev().find(|n| n.kind == "decision").map(|n| n.text.clone()).unwrap_or_default();
    let settings = desk.house.settings.clone();
    let now = desk.cx.by.now;
    let unit = UnitId(whole.row.unit.unwrap_or(whole.row.desk));
    let office = desk.house.db.read(async move |tx: &Read<'_>| letterhead::office(tx, unit, now).await).await?;
    let letter = printing::result_sheet(
        &whole.row,
        office,
        &base::text::line(number),
        &reason,
        &whole.version.package,
        now,
        &printing::House { address: &settings.address, hotline: &settings.hotline },
    );
    let bytes = super::papers::render(letter).await?;
    crate::sent::Stored::made(&desk.house, id, "ket-qua.pdf", "application/pdf", &bytes).await
}

/// `POST …/tra-ket-qua`
pub async fn return_result(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let channel = ResultChannel::parse(sent.field("kenh")).ok_or_else(|| Problem::unreadable("channel"))?;
    let cx = desk.cx.clone();
    let code = once(&desk, &sent, async move |tx: &Write<'_>| {
        Ok(code_of(&service::return_result(tx, &cx, id, channel, when.clone()).await?))
    })
    .await?;
    Ok(go(page(id)).saying("Đã trả kết quả {0}", &[&code]))
}

/// `POST …/tham-quyen`: names the competent unit by its agency code.
pub async fn determine_competence(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let code: AgencyCode = sent.field("co-quan").trim().parse().map_err(|_| unknown_unit())?;
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, reason) = (desk.cx.clone(), sent.field("ly-do").to_owned());
    let unit = once(&desk, &sent, async move |tx: &Write<'_>| {
        let unit = directory::unit_by_code(tx, &code, cx.by.now).await?.ok_or(Error::NotFound)?;
        let row = service::determine_competence(tx, &cx, id, unit.id, &reason, when.clone()).await?;
        Ok(row.unit_name.unwrap_or_default())
    })
    .await?;
    Ok(go(page(id)).saying("Hồ sơ chuyển đến {0}", &[&unit]))
}

fn unknown_unit() -> Problem {
    Problem::fault(vec![web::FieldFault::new("co-quan", web::words("Chọn cơ quan trong danh sách."))])
}
