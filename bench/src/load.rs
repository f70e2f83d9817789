//! What people send: a filing that a commune receives, its acceptance, and the people who do it.
use crate::{
    http::Line,
    server::{Place, token},
};
use base::{Clock, Seed};
use directory::{Cx, NewPerson, NewPost, Role, Unit, UnitKind, service::units::tree};
use miette::{IntoDiagnostic, Result, miette};
use serde_json::{Value, json};
use store::{Db, Read, StoreOptions, Write};

/// A procedure without obligatory attachments: what is measured is the filing, not the upload.
pub const PROCEDURE: &str = "1.014027";
/// Password of the people of the load; the demo's.
const PASSWORD: &str = "can-bo-demo-2026";

/// A centre of a commune and who receives there.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Code of the commune in the statistics office.
    pub commune: String,
    /// Sign-in name of its desk officer.
    pub login: String,
}

/// A desk officer for each of the communes' centres.
pub async fn desks(place: &Place) -> Result<Vec<Desk>> {
    let db = Db::open(&place.target(), &StoreOptions { connections: 4, ..StoreOptions::default() }).await.into_diagnostic()?;
    let cx = Cx::machine(Clock::system().now());
    let who = cx.clone();
    let units: Result<Vec<Unit>, directory::Error> = db.read(async move |tx: &Read<'_>| tree(tx, &who).await).await;
    let units = units.into_diagnostic()?;
    let hashed = directory::hash_password(PASSWORD, &[], &Seed::fresh()).await.into_diagnostic()?;
    let mut found: Vec<(Desk, Unit)> = vec![];
    for commune in units.iter().filter(|u| u.kind == UnitKind::Commune) {
        let centre = units.iter().find(|u| u.kind == UnitKind::Centre && u.parent == Some(commune.id));
        if let (Some(centre), Some(gso)) = (centre, &commune.gso_code) {
            found.push((Desk { commune: gso.clone(), login: format!("tai.{gso}") }, centre.clone()));
        }
    }
    let people = found.clone();
    let done: Result<(), directory::Error> = db
        .write(async move |tx: &Write<'_>| {
            for (desk, centre) in &people {
                let person = NewPerson {
                    name: "Người Tải Thử".into(),
                    login: desk.login.clone(),
                    email: None,
                    phone: None,
                    unit: centre.id,
                };
                let id = directory::add_person(tx, &cx, &person).await?;
                let (clearance, from) = (Default::default(), cx.by.now);
                let roles = vec![Role::DeskOfficer];
                let post =
                    NewPost { person: id, unit: centre.id, title: "Quầy".into(), roles, clearance, home: None, from, to: None };
                directory::add_post(tx, &cx, &post).await?;
                directory::set_password(tx, &cx, id, &hashed, true).await?;
            }
            Ok(())
        })
        .await;
    done.into_diagnostic()?;
    Ok(found.into_iter().map(|(desk, _)| desk).collect())
}

/// The token of the citizen who files everything.
pub async fn citizen(port: u16) -> Result<String> {
    token(port, "/dang-nhap", "tran-thi-thu", "nguoi-dan-demo-2026").await
}

/// Where the applicants of the load live: each draft has a house of its own, so that its dossiers are known whatever else is written.
pub const HOUSES: &str = "Ấp Mẫu, số ";

/// Starts and fills a draft; answers its id.
pub async fn draft(line: &mut Line, commune: &str) -> Result<String> {
    let made = line.post("/api/v1/drafts", None, &json!({ "procedure": PROCEDURE })).await?;
    let id = made.json()["id"].as_str().map(str::to_owned).ok_or_else(|| miette!("no draft: {} {}", made.status, made.text()))?;
    let answers = json!({
        "xa": commune, "nguoi.ho_ten": "Nguyễn Văn Tải", "nguoi.ngay_sinh": "1948", "nguoi.gioi_tinh": "nam",
        "nguoi.so_dinh_danh": "099048000001", "nguoi.thuong_tru": "Ấp Mẫu, tỉnh Cà Mau", "ho_ngheo": "khong", "luong_huu": "khong",
        "nhan": "tien_mat", "cam_doan": "co"
    });
    let person = json!({ "name": "Nguyễn Văn Tải", "id_number": "099048000001", "birth": "1948", "sex": "male", "phone": "", "email": "",
        "address": format!("{HOUSES}{id}") });
    let body = json!({ "applicant": person, "commune": commune, "answers": answers, "result_channel": "desk" });
    let filled = line
        .send(
            "PUT",
            &format!("/api/v1/drafts/{id}"),
            "content-type: application/json\r\n",
            &serde_json::to_vec(&body).into_diagnostic()?,
        )
        .await?;
    if filled.status == 200 { Ok(id) } else { Err(miette!("not filled: {} {}", filled.status, filled.text())) }
}

/// Sends a draft; the key makes it safe to ask again.
pub async fn submit(line: &mut Line, draft: &str) -> Result<(u16, Value)> {
    let answer = line.post(&format!("/api/v1/drafts/{draft}/submit"), Some(draft), &json!({})).await?;
    Ok((answer.status, answer.json()))
}

/// The desk has seen the one paper that is shown at the desk.
pub async fn check(line: &mut Line, dossier: &str) -> Result<()> {
    let body = json!({ "paper": "giay-to-tuy-than", "verdict": "good" });
    let answer = line.post(&format!("/api/v1/dossiers/{dossier}/papers"), None, &body).await?;
    if answer.status == 204 { Ok(()) } else { Err(miette!("not checked: {} {}", answer.status, answer.text())) }
}

/// Accepts a dossier; the key makes it safe to ask again.
pub async fn accept(line: &mut Line, dossier: &str) -> Result<(u16, Value)> {
    let answer = line.post(&format!("/api/v1/dossiers/{dossier}/accept"), Some(dossier), &json!({})).await?;
    Ok((answer.status, answer.json()))
}

/// The token of one desk officer.
pub async fn token_of(port: u16, desk: &Desk) -> Result<String> {
    token(port, "/can-bo/dang-nhap", &desk.login, PASSWORD).await
}
