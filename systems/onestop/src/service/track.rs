//! Looking at a dossier: by its owner, by an officer, or by whoever holds its code and knows one thing more.

use super::{Error, allowed, governing, papers_asked_now};
use crate::acts::{self, List, Own, See};
use crate::changes::Changes;
use crate::dossier::route;
use crate::events::Event;
use crate::form::Answers;
use crate::row::DossierRow;
use crate::sql::{self, papers};
use crate::story::Happened;
use base::codes::FilingCodeError;
use base::{DossierCode, FilingCode, Lang, Moment};
use catalogue::Version;
use catalogue::package::{Channel, FieldKind, Package, Step};
use directory::{Actor, Cx};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::{Db, FileId, FileRow, Read, Write};
use uuid::Uuid;

/// How long a proof opens a dossier.
pub const PASS_MINUTES: i64 = 30;
/// Wrong proofs of one dossier from one network within an hour, after which that network waits. The code alone still shows the progress, and
/// the owner elsewhere is not held up.
pub const WRONG_TRIES: i64 = 10;
/// The same from everywhere together, so that many networks do not guess faster than one. After them everybody waits who has yet to prove,
/// the owner too; not whoever is signed in, or holds a pass.
pub const WRONG_TRIES_ALL: i64 = 200;
/// Wrong proofs from one network within an hour over all dossiers that were named by their dossier code: such codes follow one another, so
/// that somebody who knows one person's number could walk along them.
///
/// A centre, a school or a village shares one address, and only mistyping spends the budget: at one wrong proof in twenty it lets 800 people
/// in within the hour. A walk along the few hundred numbers a desk gives in one day takes most of a day. A filing code is random: nobody
/// walks along those, and who has one still proves where the budget of the network is spent.
pub const WRONG_TRIES_NETWORK: i64 = 40;
const WINDOW_HOURS: i64 = 1;

/// Everything a dossier's page shows.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The row.
    pub row: DossierRow,
    /// The version it stands under: frozen at acceptance, before that the one in force now.
    pub version: Version,
    /// The version it was filed for, whose form was answered.
    pub filed: Version,
    /// What the one changes against the other.
    pub changes: Changes,
    /// Its steps.
    pub route: Vec<Step>,
    /// Papers asked, also those that only the version in force asks.
    pub papers: Vec<papers::PaperState>,
    /// Files.
    pub files: Vec<papers::Attachment>,
    /// Notes and reasons.
    pub notes: Vec<papers::Note>,
    /// Every form 02.
    pub supplements: Vec<papers::Supplement>,
    /// What happened.
    pub happened: Vec<Happened>,
    /// Names of the officers who did it; for officers only.
    pub officers: BTreeMap<Uuid, String>,
    /// Rating, once given.
    pub rating: Option<i64>,
    /// Names of the communes answered in the form, by their code.
    pub communes: BTreeMap<String, String>,
}

impl Whole {
    /// The package's sentences in the reader's language, for a page; papers that are printed take it as it is kept.
    #[must_use]
    pub fn told_in(mut self, lang: Lang) -> Whole {
        if lang == Lang::Vi {
            return self;
        }
        let (package, filed) = (&self.version.package, &self.filed.package);
        let say = |said: &mut String| *said = package.say(filed.say(said, lang), lang).to_owned();
        self.papers.iter_mut().for_each(|p| say(&mut p.name));
        self.route.iter_mut().for_each(|s| say(&mut s.name));
        self.row.step_name.iter_mut().for_each(say);
        self.version.package = catalogue::package::told(self.version.package, lang);
        self.filed.package = catalogue::package::told(self.filed.package, lang);
        if !self.changes.is_empty() {
            self.changes = changes(&self.row, &self.filed, &self.version);
        }
        self
    }
}

/// Opens a dossier for an officer; the reading is recorded before the answer leaves. Without a purpose it is what there is to do with it.
pub async fn see(tx: &Write<'_>, cx: &Cx, id: Uuid, purpose: Option<&str>) -> Result<Whole, Error> {
    let row = allowed::<See>(tx, cx, id).await?;
    let purpose = purpose.unwrap_or_else(|| acts::purpose(&row, &cx.who));
    directory::read_recorded(tx, cx, &row, directory::About { kind: "dossier", id }, purpose).await?;
    whole(tx, cx, row.into_inner(), true).await
}

/// A list that was searched for words is looked through for somebody: that is recorded, without the words, before the list is shown.
pub async fn searched(db: &Db, cx: &Cx, query: &str) -> Result<(), Error> {
    if base::text::tokens(query).is_empty() {
        return Ok(());
    }
    let cx = cx.clone();
    db.write(async move |tx: &Write<'_>| {
        Ok(directory::search_recorded::<List>(tx, &cx, "tìm hồ sơ theo tên, mã hoặc số định danh").await?)
    })
    .await
}

/// Opens one's own dossier.
pub async fn see_own(tx: &Read<'_>, cx: &Cx, id: Uuid) -> Result<Whole, Error> {
    let row = allowed::<Own>(tx, cx, id).await?;
    whole(tx, cx, row.into_inner(), false).await
}

/// Everything about a dossier; `officers` names those who worked on it. However much happened, it takes no more statements; a rating one.
async fn whole(tx: &Read<'_>, cx: &Cx, row: DossierRow, officers: bool) -> Result<Whole, Error> {
    let id = row.id;
    let version = governing(tx, &row, cx.by.now).await?;
    let filed = catalogue::frozen(tx, row.filed_version()).await?;
    let kept = papers::papers(tx, id).await?;
    let papers = if row.accepted_at.is_some() { kept } else { papers_asked_now(&kept, &row.dossier()?, &version.package) };
    let happened = happened(tx, id).await?;
    let doers: BTreeSet<Uuid> = happened.iter().map(|h| h.by).filter(|_| officers).collect();
    let named = directory::names(tx, &doers, &communes_answered(&row, &filed), row.submitted_at).await?;
    let added = papers::added(tx, id).await?;
    Ok(Whole {
        papers,
        files: added.files,
        notes: added.notes,
        supplements: added.supplements,
        rating: if row.rated { papers::rating(tx, id).await?.map(|(score, _)| score) } else { None },
        happened,
        officers: named.people,
        communes: named.places,
        changes: changes(&row, &filed, &version),
        route: route(&version.package),
        filed,
        row,
        version,
    })
}

fn changes(row: &DossierRow, filed: &Version, stands_under: &Version) -> Changes {
    if filed.id == stands_under.id {
        return Changes::default();
    }
    let channel = crate::dossier::channel_of(&row.channel).unwrap_or(Channel::Direct);
    Changes::between(&filed.package, &stands_under.package, channel, row.case_id.as_deref())
}

/// Codes of communes the form was answered with.
fn communes_answered(row: &DossierRow, version: &Version) -> BTreeSet<String> {
    let answers: Answers = serde_json::from_str(&row.answers).unwrap_or_default();
    let fields = version.package.form.iter().flat_map(|f| &f.pages).flat_map(|p| &p.fields);
    let codes = fields.filter(|f| f.kind == FieldKind::Commune).map(|f| answers.get(&f.id).to_owned());
    codes.filter(|code| !code.is_empty()).collect()
}

async fn happened(tx: &Read<'_>, id: Uuid) -> Result<Vec<Happened>, Error> {
    let events = store::events::<Event>(tx, id).await?;
    Ok(events.into_iter().map(|e| Happened { recorded_at: e.at, by: e.who, event: e.event }).collect())
}

/// What a code alone shows: no name, no papers.
#[derive(Clone, Debug)]
pub struct Glimpse {
    /// The row; pages take only codes, times and the procedure from it.
    pub row: DossierRow,
    /// Its steps.
    pub route: Vec<Step>,
    /// The package that governs it.
    pub package: Arc<Package>,
    /// What happened.
    pub happened: Vec<Happened>,
}

/// Finds a dossier by a code typed by anybody.
pub async fn glimpse(tx: &Read<'_>, code: &str) -> Result<Glimpse, Error> {
    let row = sql::dossiers::by_code(tx, &canonical(code)).await?.ok_or(Error::NotFound)?;
    let version = catalogue::frozen(tx, catalogue::VersionId(row.procedure_version)).await?;
    Ok(Glimpse {
        happened: happened(tx, row.id).await?,
        route: crate::dossier::route(&version.package),
        package: version.package,
        row,
    })
}

impl Glimpse {
    /// The steps by their names in the reader's language.
    #[must_use]
    pub fn told_in(mut self, lang: Lang) -> Glimpse {
        let package = &self.package;
        let say = |said: &mut String| *said = package.say(said, lang).to_owned();
        self.route.iter_mut().for_each(|s| say(&mut s.name));
        self.row.step_name.iter_mut().for_each(say);
        self
    }
}

/// A code as kept: people type lower case, spaces, O for 0, and leave out the N.
pub fn canonical(code: &str) -> String {
    let typed = code.trim();
    let filing = typed.parse::<FilingCode>().or_else(|_| format!("N{typed}").parse());
    filing.map_or_else(|_: FilingCodeError| typed.to_uppercase().split_whitespace().collect(), |code| code.to_string())
}

/// What is wrong with a code that nothing was found by, where its shape or its check character tells.
pub fn mistyped(code: &str, lang: Lang) -> Option<String> {
    let typed = code.trim();
    let filing = [typed.to_owned(), format!("N{typed}")].map(|code| code.parse::<FilingCode>());
    if filing.iter().any(Result::is_ok) {
        return None;
    }
    // words of eight letters are no code that lost its N
    let is_code_like = typed.starts_with(['N', 'n']) || typed.contains(|c: char| c.is_ascii_digit());
    if is_code_like && filing.contains(&Err(FilingCodeError::Check)) {
        return Some(FilingCodeError::Check.words(lang).to_owned());
    }
    if typed.starts_with(['N', 'n']) {
        return Some(FilingCodeError::Form.words(lang).to_owned());
    }
    typed.parse::<DossierCode>().err().filter(|_| typed.contains('-')).map(|wrong| wrong.words(lang))
}

/// What a proof gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// What the cookie, or a program, shall hold; kept as its hash only.
    pub token: String,
    /// The dossier it opens.
    pub dossier: Uuid,
    /// Until when.
    pub until: Moment,
}

/// The answer to a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It fits.
    Pass(Pass),
    /// It does not fit.
    Wrong,
    /// Too many wrong ones lately.
    TooMany,
}

/// Opens a dossier to whoever knows the telephone number or the personal number it was filed with. Wrong tries are counted and kept.
pub async fn prove(
    tx: &Write<'_>,
    cx_seed: &base::Seed,
    now: Moment,
    network: &str,
    code: &str,
    known: &str,
) -> Result<Proof, Error> {
    let code = canonical(code);
    let row = sql::dossiers::by_code(tx, &code).await?.ok_or(Error::NotFound)?;
    let budgets = budgets(&row, &code, network);
    if !charge(tx, &budgets, now).await? {
        return Ok(Proof::TooMany);
    }
    let typed = digits(known);
    if !proofs(&row).any(|kept| kept == typed) {
        return Ok(Proof::Wrong);
    }
    give_back(tx, &budgets).await?;
    let token = hex::encode(cx_seed.bytes("pass", 0));
    let until = now.plus(SignedDuration::from_mins(PASS_MINUTES));
    sql::passes::keep(tx, &hashed(&token), row.id, until, now).await?;
    Ok(Proof::Pass(Pass { token, dossier: row.id, until }))
}

/// What opens a dossier beside its code: its telephone and its number, where they are long enough to be no guess.
fn proofs(row: &DossierRow) -> impl Iterator<Item = String> {
    let kept = [row.applicant_phone.as_deref(), row.applicant_id.as_deref()];
    kept.into_iter().flatten().map(digits).filter(|kept| kept.len() >= 8)
}

/// Whether anybody can prove to be the applicant; a dossier filed with neither telephone nor number opens to an account only.
pub fn can_be_proven(row: &DossierRow) -> bool {
    proofs(row).next().is_some()
}

/// What a proof is charged to, and how much that bears: always in this order, so that two proofs never wait for each other.
fn budgets(row: &DossierRow, code: &str, network: &str) -> Vec<(String, i64)> {
    let of_dossier = [(format!("{} {network}", row.id), WRONG_TRIES), (row.id.to_string(), WRONG_TRIES_ALL)];
    let of_network = (code != row.filing_code).then(|| (network.to_owned(), WRONG_TRIES_NETWORK));
    of_network.into_iter().chain(of_dossier).collect()
}

/// Charges a proof to all its budgets, or to none when one of them is spent.
async fn charge(tx: &Write<'_>, budgets: &[(String, i64)], now: Moment) -> Result<bool, Error> {
    let window = now.plus(SignedDuration::from_hours(-WINDOW_HOURS));
    for (at, (budget, most)) in budgets.iter().enumerate() {
        if !sql::passes::charge(tx, budget, *most, now, window).await? {
            give_back(tx, &budgets[..at]).await?;
            return Ok(false);
        }
    }
    Ok(true)
}

async fn give_back(tx: &Write<'_>, budgets: &[(String, i64)]) -> Result<(), Error> {
    for (budget, _) in budgets {
        sql::passes::give_back(tx, budget).await?;
    }
    Ok(())
}

/// The owner of a dossier, as whoever holds this pass may act; a dossier the pass does not open is not there.
pub async fn held(tx: &Read<'_>, token: &str, dossier: Uuid, now: Moment) -> Result<Actor, Error> {
    let row = sql::dossiers::by_id(tx, dossier).await?.ok_or(Error::NotFound)?;
    pass_holder(tx, token, &row, now).await?.ok_or(Error::NotFound)
}

/// Whom a pass lets act: the dossier's owner, for this dossier only. `None`: no pass, or not to this dossier.
pub async fn pass_holder(tx: &Read<'_>, token: &str, row: &DossierRow, now: Moment) -> Result<Option<Actor>, Error> {
    let holds = sql::passes::holds(tx, &hashed(token), row.id, now).await?;
    Ok(holds.then(|| Actor::citizen(row.owner, row.applicant_name.clone(), now)))
}

fn hashed(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn digits(text: &str) -> String {
    let kept: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    kept.strip_prefix("84").filter(|rest| rest.len() == 9).map_or(kept.clone(), |rest| format!("0{rest}")).to_uppercase()
}

/// A file of a dossier, and its bytes in the store.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// What it is and what it is for.
    pub attachment: papers::Attachment,
    /// Where its bytes are.
    pub file: FileRow,
}

/// Opens a file of a dossier for an officer; the reading is recorded before the answer leaves.
pub async fn see_file(tx: &Write<'_>, cx: &Cx, dossier: Uuid, file: Uuid) -> Result<KeptFile, Error> {
    let row = allowed::<See>(tx, cx, dossier).await?;
    let kept = kept_file(tx, dossier, file).await?;
    directory::read_recorded(tx, cx, &row, directory::About { kind: "dossier", id: dossier }, "mở tệp của hồ sơ").await?;
    Ok(kept)
}

/// A file of one's own dossier.
pub async fn own_file(tx: &Read<'_>, cx: &Cx, dossier: Uuid, file: Uuid) -> Result<KeptFile, Error> {
    allowed::<Own>(tx, cx, dossier).await?;
    kept_file(tx, dossier, file).await
}

async fn kept_file(tx: &Read<'_>, dossier: Uuid, file: Uuid) -> Result<KeptFile, Error> {
    let attachment = papers::attachment(tx, file).await?.filter(|a| a.dossier == Some(dossier)).ok_or(Error::NotFound)?;
    let file = store::file(tx, FileId(attachment.file)).await?.ok_or(Error::NotFound)?;
    Ok(KeptFile { attachment, file })
}
