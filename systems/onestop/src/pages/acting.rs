//! What officers do to a dossier: each handler reads the form, calls the act, and leads back.

use crate::dossier::{Outcome, ResultChannel, SupplementItem, Verdict, When};
use crate::objection::Objection;
use crate::printing;
use crate::sent::Sent;
use crate::service::{self};
use crate::sql::papers::Attachment;
use axum::extract::Path;
use base::{AgencyCode, Moment};
use catalogue::VersionId;
use directory::OfficerDesk;
use std::collections::BTreeSet;
use uuid::Uuid;
use web::{Go, Problem, go};

fn page(id: Uuid) -> String {
    format!("/can-bo/ho-so/{id}")
}

/// Fact and entry time as the form says: nothing given is now.
pub fn when(sent: &Sent, now: Moment) -> Result<When, Problem> {
    let typed = sent.field("xay-ra");
    if typed.is_empty() {
        return Ok(When::now(now));
    }
    let local: jiff::civil::DateTime =
        typed.parse().map_err(|_| Problem::from(service::Error::from(Objection::ImpossibleTime)))?;
    let reason = sent.field("nhap-muon").trim();
    Ok(When { happened_at: Moment::from_local(local), recorded_at: now, reason: (!reason.is_empty()).then(|| reason.to_owned()) })
}

/// `POST …/giay-to`: what the desk found about one paper.
pub async fn check_paper(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let verdict = Verdict::parse(sent.field("ket-luan")).ok_or_else(|| Problem::unreadable("verdict"))?;
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, paper) = (desk.cx.clone(), sent.field("giay-to").to_owned());
    desk.house
        .db
        .write(async move |tx: &store::Write<'_>| service::check_paper(tx, &cx, id, &paper, verdict, when.clone()).await)
        .await?;
    Ok(go(page(id)))
}

/// `POST …/tiep-nhan`: form 01.
pub async fn accept(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, term) = (desk.cx.clone(), sent.field("thoi-han").to_owned());
    let shown = sent.field("phien-ban").parse().ok().map(VersionId);
    let row = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            service::accept(tx, &cx, id, (!term.is_empty()).then_some(term.as_str()), shown, when.clone()).await
        })
        .await?;
    Ok(go(page(id)).saying("Đã tiếp nhận, mã hồ sơ {0}", &[row.name_code()]))
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
    desk.house
        .db
        .write(async move |tx: &store::Write<'_>| service::request_supplement(tx, &cx, id, items.clone(), when.clone()).await)
        .await?;
    Ok(go(page(id)).saying("Đã gửi phiếu yêu cầu bổ sung", &[]))
}

/// `POST …/nhan-bo-sung`: what form 02 asked for, brought to the desk.
pub async fn receive_supplement(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let brought: BTreeSet<String> =
        sent.fields.iter().filter(|(name, _)| name == "da-nhan").map(|(_, paper)| paper.clone()).collect();
    let (cx, scans) = (desk.cx.clone(), sent.good_papers()?);
    desk.house
        .db
        .write(async move |tx: &store::Write<'_>| service::receive_supplement(tx, &cx, id, &brought, &scans, when.clone()).await)
        .await?;
    Ok(go(page(id)).saying("Đã nhận phần bổ sung, kiểm rồi tiếp nhận", &[]))
}

/// `POST …/nhan-viec`: takes the step.
pub async fn claim(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let (cx, when) = (desk.cx.clone(), when(&sent, desk.cx.by.now)?);
    desk.house.db.write(async move |tx: &store::Write<'_>| service::claim(tx, &cx, id, when.clone()).await).await?;
    Ok(go(page(id)).saying("Bạn đang giữ hồ sơ này", &[]))
}

/// `POST …/tra-hang`: gives the step back to everybody of its role.
pub async fn release(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, reason) = (desk.cx.clone(), sent.field("ly-do").to_owned());
    desk.house.db.write(async move |tx: &store::Write<'_>| service::release(tx, &cx, id, when.clone(), &reason).await).await?;
    Ok(go(page(id)).saying("Bước này về hàng chung", &[]))
}

/// `POST …/ghi-chu`: a note, a file, or both
pub async fn add_note(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, text, stored) = (desk.cx.clone(), sent.field("ghi-chu").to_owned(), sent.file()?);
    let said = if stored.is_some() { "Đã lưu tệp và ghi chú" } else { "Đã lưu ghi chú" };
    desk.house
        .db
        .write(async move |tx: &store::Write<'_>| {
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
    let row = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            if let Some(stored) = &stored {
                let file = stored.keep(tx, &cx, "handling").await?;
                service::add_file(tx, &cx, id, when.clone(), file).await?;
            }
            service::pass_on(tx, &cx, id, when.clone(), &note).await
        })
        .await?;
    Ok(go("/can-bo").saying("Đã chuyển {0} sang bước {1}", &[row.name_code(), row.step_name.as_deref().unwrap_or_default()]))
}

/// `POST …/tra-lai`: one step back.
pub async fn send_back(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, reason) = (desk.cx.clone(), sent.field("ly-do").to_owned());
    let row = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| service::send_back(tx, &cx, id, when.clone(), &reason).await)
        .await?;
    Ok(go("/can-bo").saying("Đã trả {0} về bước {1}", &[row.name_code(), row.step_name.as_deref().unwrap_or_default()]))
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
    let row = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| service::resolve(tx, &cx, id, when.clone(), outcome, &reason).await)
        .await?;
    let said = match outcome {
        Outcome::Approved => "Đã phê duyệt {0}",
        Outcome::Rejected => "Đã ghi không giải quyết {0}",
    };
    // read, decide, next: the leader's queue opens with the nearest due first
    Ok(go("/can-bo").saying(said, &[row.name_code()]))
}

/// `POST …/ban-hanh`: the result from a file, or a letter made here, marked unsigned.
pub async fn issue(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, number) = (desk.cx.clone(), sent.field("so").to_owned());
    let stored = match sent.file()? {
        Some(stored) => stored,
        None => result_letter(&desk, id, &number).await?,
    };
    let row = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let file: Attachment = stored.keep(tx, &cx, "result").await?;
            service::issue(tx, &cx, id, when.clone(), file, &number).await
        })
        .await?;
    Ok(go(page(id)).saying("Đã ban hành kết quả {0}", &[row.name_code()]))
}

/// The letter for results that have no file of their own, under the number the unit's register gave it.
pub async fn result_letter(desk: &OfficerDesk, id: Uuid, number: &str) -> Result<crate::sent::Stored, Problem> {
    let cx = desk.cx.clone();
    let whole =
        desk.house.db.write(async move |tx: &store::Write<'_>| service::see(tx, &cx, id, Some("ban hành kết quả")).await).await?;
    let reason = whole.notes.iter().rev().find(|n| n.kind == "decision").map(|n| n.text.clone()).unwrap_or_default();
    let settings = desk.house.settings.clone();
    let now = desk.cx.by.now;
    let letter = printing::result_sheet(
        &whole.row,
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
    let row = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| service::return_result(tx, &cx, id, channel, when.clone()).await)
        .await?;
    Ok(go(page(id)).saying("Đã trả kết quả {0}", &[row.name_code()]))
}

/// `POST …/tham-quyen`: names the competent unit by its agency code.
pub async fn determine_competence(desk: OfficerDesk, Path(id): Path<Uuid>, sent: Sent) -> Result<Go, Problem> {
    let code: AgencyCode = sent.field("co-quan").trim().parse().map_err(|_| unknown_unit())?;
    let when = when(&sent, desk.cx.by.now)?;
    let (cx, reason) = (desk.cx.clone(), sent.field("ly-do").to_owned());
    let row = desk
        .house
        .db
        .write(async move |tx: &store::Write<'_>| {
            let unit = directory::unit_by_code(tx, &code).await?.ok_or(service::Error::NotFound)?;
            service::determine_competence(tx, &cx, id, unit.id, &reason, when.clone()).await
        })
        .await?;
    Ok(go(page(id)).saying("Hồ sơ chuyển đến {0}", &[row.unit_name.as_deref().unwrap_or_default()]))
}

fn unknown_unit() -> Problem {
    Problem::fault(vec![web::FieldFault::new("co-quan", web::words("Chọn cơ quan trong danh sách."))])
}
