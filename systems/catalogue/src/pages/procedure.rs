//! One procedure: who, how long, how much, which papers, the steps, where to go, the law last. "Which case is yours" is a plain GET.

use super::near::{Near, near};
use super::words;
use crate::package::{Channel, Competence, FeeRow, Package, PaperKind, PaperRow, StepRole, Terms};
use crate::{Error, Listing};
use askama::Template;
use axum::extract::{Path, Query};
use base::{Lang, ProcedureCode};
use directory::{Unit, Visitor};
use serde::Deserialize;
use std::sync::Arc;
use web::filters;
use web::ui::status::{Badge, Status, badge};
use web::{Choice, Field, Page, Problem, Words, raw};

/// The page.
#[derive(Template)]
#[template(path = "procedure.html")]
pub struct ProcedurePage {
    package: Arc<Package>,
    title: String,
    official: Option<String>,
    service: Words,
    levels: Words,
    who: Option<Words>,
    channels: Words,
    terms: Vec<Words>,
    fee: Words,
    fees: Vec<(String, Words, String)>,
    groups: Vec<Group>,
    notes: Vec<String>,
    steps: Vec<(usize, Words, Words)>,
    which: Vec<Field>,
    yours: Option<Words>,
    can: Can,
    /// Where it is handed in here; the unit that decides, when the directory knows it.
    near: Option<Near>,
    decides: Option<Unit>,
}

/// Papers of one case, or of all.
pub struct Group {
    /// The case; none: everybody's.
    pub case: Option<String>,
    /// Folded away: many cases and none of them chosen.
    pub folded: bool,
    /// Name, what is asked, how many and when.
    pub papers: Vec<(String, Badge, Vec<Words>)>,
}

/// Whether it can be filed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Can {
    /// On the network, and at centres.
    Online,
    /// At centres only.
    AtCentres,
    /// On the list, but a term waits for a person.
    Waits,
    /// Not on the list.
    Elsewhere,
    /// In another system.
    OtherSystem,
}

/// What the address says about the visitor's case.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// The way of filing.
    #[serde(default)]
    pub cach: String,
    /// The case.
    #[serde(default)]
    pub th: String,
    /// The commune whose centre is looked for.
    #[serde(default)]
    pub xa: String,
}

/// Words of ways of filing in addresses.
const WAYS: [(Channel, &str, &str); 3] = [
    (Channel::Online, "truc-tuyen", "Nộp trực tuyến"),
    (Channel::Direct, "truc-tiep", "Nộp tại trung tâm"),
    (Channel::Post, "buu-chinh", "Gửi bưu chính"),
];

/// The visitor's own filing, as far as it was told.
#[derive(Clone, Copy, Debug, Default)]
struct Yours<'a> {
    channel: Option<Channel>,
    case: Option<&'a str>,
}

impl<'a> Yours<'a> {
    /// What the address names and the package knows.
    fn of(package: &Package, asked: &'a Asked) -> Yours<'a> {
        let offered = package.channels();
        let channel = WAYS.iter().find(|(_, word, _)| *word == asked.cach).map(|(c, ..)| *c).filter(|c| offered.contains(c));
        Yours { channel, case: Some(asked.th.as_str()).filter(|th| package.cases.iter().any(|c| c.id == *th)) }
    }

    /// Could a row be for it? What was not told stays open.
    fn fits(self, channels: &[Channel], case: Option<&str>) -> bool {
        let way = self.channel.is_none_or(|c| crate::package::channels_of(channels).contains(&c));
        way && match (case, self.case) {
            (Some(row), Some(mine)) => row == mine,
            _ => true,
        }
    }
}

/// `GET /thu-tuc/{code}`
pub async fn show(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Page<ProcedurePage>, Problem> {
    let code: ProcedureCode = code.parse().map_err(|_| Problem::not_found())?;
    let (now, lang) = (visitor.visit.at(), visitor.visit.lang());
    let body = visitor
        .house
        .db
        .read(async move |tx: &store::Read<'_>| {
            let package = crate::package::told(crate::current(tx, &code, now).await?.package, lang);
            let listing = crate::listed(tx, &code, now).await?.filter(|_| package.elsewhere.is_none());
            let decides = match &package.competence {
                Competence::Department { key } => directory::unit_by_key(tx, key).await?,
                _ => None,
            };
            let mut body = draw(package, listing.as_ref(), &asked, lang);
            if let Some(listing) = &listing {
                let kept = [("cach", &asked.cach), ("th", &asked.th)];
                let kept = kept.into_iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| (n, v.clone())).collect();
                let action = format!("/thu-tuc/{}#noi-nop", code.base());
                body.near = Some(near(tx, listing.received_at, &asked.xa, now, lang, action, kept).await?);
            }
            body.decides = decides;
            Ok::<_, Error>(body)
        })
        .await?;
    Ok(Page::new(visitor.shell.title(raw(&body.title)), body))
}

/// Draws the page of a package, without the places to go.
pub fn draw(package: Arc<Package>, listing: Option<&Listing>, asked: &Asked, lang: Lang) -> ProcedurePage {
    let short = !package.short_name.is_empty();
    let yours = Yours::of(&package, asked);
    let fees: Vec<&FeeRow> = package.fees.iter().filter(|f| yours.fits(&f.channels, f.case.as_deref())).collect();
    ProcedurePage {
        title: if short { package.short_name.clone() } else { package.title() },
        official: Some(package.name.clone()).filter(|name| short || *name != package.title()),
        service: web::words(match package.service {
            crate::package::ServiceKind::Full => "Dịch vụ công trực tuyến toàn trình",
            crate::package::ServiceKind::Partial => "Dịch vụ công trực tuyến một phần",
            crate::package::ServiceKind::Information => "Cung cấp thông tin trực tuyến",
        }),
        levels: words::levels(&package),
        who: decided_by(&package),
        channels: words::channels(&package),
        terms: terms(&package, yours, lang),
        fee: words::fees_of(&fees),
        fees: fees.iter().map(|f| fee_line(f)).collect(),
        groups: groups(&package, yours),
        notes: package.notes().map(|p| p.name.clone()).collect(),
        steps: steps(&package, listing.is_some(), lang),
        which: if package.differs() { which(&package, yours) } else { vec![] },
        yours: said(&package, yours),
        can: can(&package, listing),
        near: None,
        decides: None,
        package,
    }
}

fn can(package: &Package, listing: Option<&Listing>) -> Can {
    let settled = |channel| {
        package.terms.iter().any(|t| t.settled().is_some() && crate::package::channels_of(&t.channels).contains(&channel))
    };
    match listing {
        _ if package.elsewhere.is_some() => Can::OtherSystem,
        None => Can::Elsewhere,
        Some(_) if settled(Channel::Online) => Can::Online,
        Some(_) if package.terms.iter().any(|t| t.settled().is_some()) => Can::AtCentres,
        Some(_) => Can::Waits,
    }
}

/// By what the unit that decides is found.
fn decided_by(package: &Package) -> Option<Words> {
    match &package.competence {
        Competence::Commune { by_field: Some(id) } => {
            let fields = package.form.iter().flat_map(|f| &f.pages).flat_map(|p| &p.fields);
            let label = fields.into_iter().find(|f| f.id == *id).map(|f| f.label.clone())?;
            Some(web::words("Theo “{0}” bạn ghi trong tờ khai. Nộp ở trung tâm nào trong tỉnh cũng được.").with(label))
        }
        Competence::Anywhere => Some(web::words("Trung tâm nào nhận thì giải quyết tại đó.")),
        _ => None,
    }
}

/// The allowances of the visitor's case, else all of them.
fn terms(package: &Package, yours: Yours<'_>, lang: Lang) -> Vec<Words> {
    if let Some(channel) = yours.channel {
        return match package.terms_for(channel, yours.case) {
            Terms::None => vec![web::words("Bản ghi không nêu thời hạn cho cách nộp này")],
            Terms::One(row) => vec![words::term(package, row, lang)],
            Terms::Choice(rows) | Terms::Open(rows) => unique(rows.into_iter().map(|row| words::term(package, row, lang))),
        };
    }
    unique(package.terms.iter().filter(|t| yours.fits(&t.channels, t.case.as_deref())).map(|row| {
        let said = words::term(package, row, lang);
        match row.case.as_ref().and_then(|id| package.cases.iter().find(|c| c.id == *id)) {
            Some(case) if yours.case.is_none() => web::words("{0}: {1}").with(&case.name).with_words(said),
            _ if row.channels.is_empty() => said,
            _ => web::words("{0}, {1}").with_words(said).with_words(words::channel_names(&row.channels)),
        }
    }))
}

fn unique(all: impl Iterator<Item = Words>) -> Vec<Words> {
    let mut found = vec![];
    for one in all {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

fn fee_line(f: &FeeRow) -> (String, Words, String) {
    let amount = match f.amount {
        Some(amount) if !f.doubtful && f.per.is_empty() => web::say::dong(amount),
        Some(amount) if !f.doubtful => web::words("{0} {1}").with_words(web::say::dong(amount)).with_words(f.per.as_str()),
        _ => web::words("theo quy định"),
    };
    (f.name.clone(), amount, f.condition.clone())
}

/// Papers asked: everybody's first, then those of each case, or only those of the visitor's.
fn groups(package: &Package, yours: Yours<'_>) -> Vec<Group> {
    let asked: Vec<&PaperRow> = package.papers_asked().filter(|p| yours.fits(&p.channels, p.case.as_deref())).collect();
    let of = |case: Option<&str>| -> Vec<_> { asked.iter().filter(|p| p.case.as_deref() == case).map(|p| paper(p)).collect() };
    if let Some(case) = yours.case {
        let papers = asked.iter().filter(|p| p.case.as_deref().is_none_or(|c| c == case)).map(|p| paper(p)).collect();
        return vec![Group { case: None, folded: false, papers }];
    }
    let everybody = std::iter::once(Group { case: None, folded: false, papers: of(None) });
    let folded = package.cases.len() > 1;
    let cases = package.cases.iter().map(|c| Group { case: Some(c.name.clone()), folded, papers: of(Some(&c.id)) });
    everybody.chain(cases).filter(|g| !g.papers.is_empty()).collect()
}

fn paper(p: &PaperRow) -> (String, Badge, Vec<Words>) {
    let mark = match p.kind {
        PaperKind::Submit if p.by_form => badge(Status::Run, "Khai trên mạng"),
        PaperKind::Submit => badge(Status::Warn, "Phải nộp"),
        PaperKind::Present => badge(Status::Ok, "Chỉ xuất trình"),
        _ => badge(Status::Idle, "Chỉ khi cần"),
    };
    let mut about = vec![];
    if !p.by_form && p.kind != PaperKind::Present {
        about.extend((p.originals > 0).then(|| web::words("{0} bản chính").with(p.originals)));
        about.extend((p.copies > 0).then(|| web::words("{0} bản sao").with(p.copies)));
    }
    about.extend(Some(&p.note).filter(|n| !n.is_empty()).map(raw));
    (p.name.clone(), mark, about)
}

/// What happens after the filing. Of a procedure that is not received here we know only what its record says.
fn steps(package: &Package, listed: bool, lang: Lang) -> Vec<(usize, Words, Words)> {
    let (route, plain) = package.process();
    if plain && !listed {
        return vec![];
    }
    let who = |role: StepRole| match role {
        StepRole::DeskOfficer => "Trung tâm",
        StepRole::CaseOfficer => "Công chức chuyên môn",
        StepRole::Leader => "Lãnh đạo",
        StepRole::Clerk => "Văn thư",
    };
    let inside = route.iter().map(|step| {
        let by = web::words(who(step.role));
        let by = if step.minutes == 0 { by } else { web::words("{0}, {1}").with_words(by).with(minutes(step.minutes, lang)) };
        (raw(&step.name), by)
    });
    let before = [
        (web::words("Bạn nộp hồ sơ"), web::words("Bạn")),
        (web::words("Kiểm tra, tiếp nhận, hẹn ngày trả"), web::words("Trung tâm")),
    ];
    before.into_iter().chain(inside).enumerate().map(|(i, (name, by))| (i + 1, name, by)).collect()
}

/// Minutes of work as hours, where they are whole.
fn minutes(n: u32, lang: Lang) -> String {
    let pattern = if n.is_multiple_of(60) { web::words("{0} giờ").with(n / 60) } else { web::words("{0} phút").with(n) };
    pattern.say(lang)
}

/// The questions of "which case is yours".
fn which(package: &Package, yours: Yours<'_>) -> Vec<Field> {
    let mut asked = vec![];
    let offered = package.channels();
    if offered.len() > 1 {
        let ways = WAYS.iter().filter(|(c, ..)| offered.contains(c)).map(|(_, word, label)| Choice::new(*word, *label));
        let now = WAYS.iter().find(|(c, ..)| Some(*c) == yours.channel).map_or("", |(_, word, _)| *word);
        asked.push(web::radios("cach", web::words("Bạn nộp cách nào"), ways).inline().value(now));
    }
    if !package.cases.is_empty() {
        let cases = package.cases.iter().map(|c| {
            let choice = Choice::new(c.id.clone(), raw(&c.name));
            if c.when.is_empty() { choice } else { choice.hint(raw(&c.when)) }
        });
        let now = yours.case.unwrap_or_default();
        asked.push(if package.cases.len() > 6 {
            let all = std::iter::once(Choice::new("", "Chưa chọn")).chain(cases);
            web::select("th", web::words("Trường hợp nào giống bạn"), all).value(now)
        } else {
            web::radios("th", web::words("Trường hợp nào giống bạn"), cases).value(now)
        });
    }
    asked
}

/// The chosen case in words.
fn said(package: &Package, yours: Yours<'_>) -> Option<Words> {
    let way = yours.channel.and_then(|c| WAYS.iter().find(|(of, ..)| *of == c)).map(|(_, _, label)| web::words(label));
    let case = yours.case.and_then(|id| package.cases.iter().find(|c| c.id == id)).map(|c| raw(&c.name));
    match (way, case) {
        (Some(way), Some(case)) => Some(web::words("{0} · {1}").with_words(way).with_words(case)),
        (way, case) => way.or(case),
    }
}
