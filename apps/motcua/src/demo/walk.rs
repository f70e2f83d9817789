//! One dossier from filing to the result in hand, through the running server, as people in front of its pages would do it.
use super::{
    browser::{Browser, Page},
    data,
};
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use serde::Deserialize;
use std::{collections::BTreeMap, collections::BTreeSet};

#[derive(Deserialize)]
struct Script {
    procedure: String,
    citizen: String,
    commune: String,
    officers: Vec<String>,
    answers: BTreeMap<String, String>,
}

/// Tells of one step: what was done, by whom, and where to look.
type Tell<'a> = dyn Fn(&str, &str, &str) + 'a;

/// Walks it. Every step is told with its link.
pub async fn walk(base: &str, tell: &Tell<'_>) -> Result<()> {
    let script: Script = toml::from_str(include_str!("walk.toml")).into_diagnostic()?;
    let citizens = data::citizens()?;
    let citizen =
        citizens.citizen.iter().find(|c| c.key == script.citizen).ok_or_else(|| miette!("no citizen {}", script.citizen))?;
    let browser = sign_in(base, "/dang-nhap", "/ho-so-cua-toi", &citizen.key, &citizens.password).await?;
    let code = file(&browser, &script).await.wrap_err("the citizen could not file")?;
    let track = format!("/tra-cuu/{code}");
    tell(&format!("filed, filing code {code}"), &citizen.name, &track);
    handle(base, &script, &code, tell).await.wrap_err("the officers could not go on")?;
    rate(&browser, &track).await.wrap_err("the citizen could not rate")?;
    tell("rated", &citizen.name, &track);
    Ok(())
}

async fn sign_in(base: &str, door: &str, next: &str, login: &str, password: &str) -> Result<Browser> {
    let browser = Browser::open(base)?;
    let page = browser.get(&format!("{door}?next={next}")).await?;
    let fields = pairs([("ten", login), ("mat-khau", password)]);
    browser.send(&page, door, &fields).await.wrap_err_with(|| format!("{login} could not sign in"))?;
    Ok(browser)
}

/// Page by page to the filing code.
async fn file(browser: &Browser, script: &Script) -> Result<String> {
    let start = format!("/nop/{}", script.procedure);
    let mut page = browser.get(&start).await?;
    page = browser.send(&page, &start, &[]).await?;
    let mut last = (String::new(), 0);
    loop {
        let action = page.path.clone();
        if let Some((draft, _)) = action.rsplit_once('/').filter(|(draft, _)| page.offers(&format!("{draft}/nop"))) {
            let filed = browser.send(&page, &format!("{draft}/nop"), &[]).await?;
            let code = filed.path.strip_prefix("/tra-cuu/").ok_or_else(|| miette!("sent, but led to {}", filed.path))?;
            return Ok(code.to_owned());
        }
        let names = page.names(&action)?;
        // The same page may come again when an answer opens more questions, never with the same ones.
        let now = (action.clone(), names.len());
        if now == last {
            return Err(miette!("{action} came back: {}", page.fault().unwrap_or_default()));
        }
        last = now;
        let papers: Vec<String> = names.iter().filter(|n| n.starts_with("tep.")).cloned().collect();
        page = if papers.is_empty() {
            browser.send(&page, &action, &answers(&page, &names, script)).await?
        } else {
            let file = |field: String| (field.clone(), format!("{}.pdf", field.trim_start_matches("tep.")), PAPER);
            browser.upload(&page, &action, papers.into_iter().map(file).collect()).await?
        };
    }
}

fn answers(page: &Page, names: &[String], script: &Script) -> Vec<(String, String)> {
    names
        .iter()
        .filter_map(|name| {
            let typed = script.answers.get(name).cloned();
            // A commune is picked by its name: the value behind it is made when the units are loaded.
            let picked = || page.choice(&script.commune).filter(|_| name == "xa" || name == "noi_dang_ky");
            Some((name.clone(), typed.or_else(picked)?))
        })
        .collect()
}

/// Act in the address, step as printed, fields of its form.
type WalkedAct = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The acts of officers, in the order in which one is looked for on a dossier's page.
const ACTS: [WalkedAct; 6] = [
    ("tiep-nhan", "accepted, form 01", &[]),
    ("nhan-viec", "taken up", &[]),
    ("chuyen-tiep", "worked on and passed on", &[("ghi-chu", "Đã đối chiếu dữ liệu, đủ điều kiện.")]), // not on screen: what somebody types
    ("duyet", "approved", &[]),
    ("ban-hanh", "result issued, marked unsigned", &[]),
    ("tra-ket-qua", "result returned", &[("kenh", "electronic")]),
];

/// Whoever may act acts, until the result is returned.
async fn handle(base: &str, script: &Script, code: &str, tell: &Tell<'_>) -> Result<()> {
    let officers = data::officers()?;
    let mut people = vec![];
    for login in &script.officers {
        let officer = officers.officer.iter().find(|o| o.user == *login).ok_or_else(|| miette!("no officer {login}"))?;
        people.push((officer, sign_in(base, "/can-bo/dang-nhap", "/can-bo", login, &officers.password).await?));
    }
    let mut link: Option<String> = None;
    for _ in 0..30 {
        let mut idle = true;
        for (officer, browser) in &people {
            let dossier = match &link {
                Some(link) => link.clone(),
                None => match browser.get(&format!("/can-bo?q={code}")).await?.link("/can-bo/ho-so/") {
                    Some(found) => link.insert(found.split('?').next().unwrap_or_default().to_owned()).clone(),
                    None => continue,
                },
            };
            let Ok(page) = browser.get(&dossier).await else { continue };
            papers(browser, &dossier, &page).await?;
            let page = browser.get(&dossier).await?;
            let asks = |word: &str| page.text.contains(&format!("{dossier}?viec={word}"));
            let Some((word, done, fields)) =
                ACTS.iter().find(|(word, ..)| page.offers(&format!("{dossier}/{word}")) || asks(word))
            else {
                continue;
            };
            let page = if asks(word) { browser.get(&format!("{dossier}?viec={word}")).await? } else { page };
            let fields = pairs(fields.iter().copied());
            browser.send(&page, &format!("{dossier}/{word}"), &fields).await?;
            tell(done, &officer.name, &dossier);
            if *word == "tra-ket-qua" {
                return Ok(());
            }
            idle = false;
        }
        if idle {
            return Err(miette!("nobody may do anything with {code} any more"));
        }
    }
    Err(miette!("{code} is still not returned"))
}

/// The desk finds every paper in order.
async fn papers(browser: &Browser, dossier: &str, page: &Page) -> Result<()> {
    let action = format!("{dossier}/giay-to");
    if !page.offers(&action) {
        return Ok(());
    }
    let papers: BTreeSet<&str> =
        page.text.split("name=\"giay-to\" value=\"").skip(1).filter_map(|t| t.split('"').next()).collect();
    for paper in papers {
        let hidden = pairs([("giay-to", paper), ("ket-luan", "good")]);
        browser.send(page, &action, &hidden).await?;
    }
    Ok(())
}

async fn rate(browser: &Browser, track: &str) -> Result<()> {
    let page = browser.get(track).await?;
    let action = page.action_ending("/danh-gia").ok_or_else(|| miette!("{track} asks for no rating"))?;
    browser.send(&page, action, &pairs([("muc", "5"), ("y-kien", "")])).await.map(drop)
}

fn pairs<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    fields.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
}

/// A paper of one page that says nothing.
const PAPER: &[u8] = b"%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 595]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 62>>stream
BT /F1 18 Tf 60 500 Td (Giay to mau cua ban trinh dien) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Times-Roman>>endobj
trailer<</Root 1 0 R>>
%%EOF
";
