//! Papers of a dossier: what is printed, and from which facts. Papers speak Vietnamese (not on screen).

use crate::dossier::{Outcome, ResultChannel, Verdict, channel_word};
use crate::draft::fixed_sum;
use crate::pages::dossier::sentences;
use crate::row::DossierRow;
use crate::service::Whole;
use crate::sql::papers::{PaperState, Supplement};
use base::calendar::OfficeHours;
use base::due::{Calculation, Step, Term};
use base::{Lang, Moment, wording};
use catalogue::package::{Channel, FeeRow, Package, PrintReceipt, TermRow};
use directory::Unit;
use jiff::civil::Time;
use paper::{
    AcceptanceReceipt, Code, Copies, CopyKind, DayLeftOut, Fee, Fees, Filed, Identity, Issue, Lookup, Office, PaperReceived,
    Party, ResultSheet, Signer, Signing, Slip, Stage, SupplementItem, SupplementRequest,
};

/// Is form 01 printed at the desk for a dossier accepted at `at`? The file exists in any case.
pub fn print_receipt(policy: PrintReceipt, at: Moment, cut_off: Time) -> bool {
    match policy {
        PrintReceipt::Always => true,
        PrintReceipt::AfterCutOff => at.time() > cut_off,
        PrintReceipt::Never => false,
    }
}

/// Where the papers of this house say one can ask.
#[derive(Clone, Debug)]
pub struct House<'a> {
    /// Public address, without a slash at the end.
    pub address: &'a str,
    /// Telephone for help.
    pub hotline: &'a str,
}

/// Form 01 of an accepted dossier, from the desk that received it. `None` when it was not accepted.
///
/// The house keeps no numbers of the dossier register (form 07) yet, so form 01 names none: the day's number in the code comes again every
/// day.
pub fn receipt(whole: &Whole, office: Office, house: &House<'_>) -> Option<AcceptanceReceipt> {
    let (row, papers, package) = (&whole.row, &whole.papers, &whole.version.package);
    let (code, accepted, due) = (row.code.as_deref()?, row.accepted_at?, row.due_at?);
    let calculation: Calculation = serde_json::from_str(row.calculation.as_deref()?).ok()?;
    let number = code.rsplit('-').next().unwrap_or_default();
    let term = package.terms.iter().find(|t| Some(&t.id) == row.term_row.as_ref());
    Some(AcceptanceReceipt {
        issue: Issue { id: format!("{}/01", row.id), at: accepted.local() },
        return_by: return_words(row, &office.name),
        office,
        number: format!("{number}/TNHS"),
        code: code.to_owned(),
        lookup: lookup(code, house),
        applicant: party(row),
        submitter: row.submitter_name.clone(),
        procedure: paper::Procedure { code: package.code.to_string(), name: package.name.clone() },
        papers: papers
            .iter()
            // what was shown and taken home again was not received
            .filter(|p| p.by_form || (p.kind != "present" && p.verdict() == Some(Verdict::Good)))
            .flat_map(|p| received(p, is_online(row)))
            .collect(),
        sets: 1,
        term: wording::term(&calculation.term, Lang::Vi),
        term_row: term.map(|t| row_words(t, package)).unwrap_or_default(),
        received_at: accepted.local(),
        due_at: due.local(),
        left_out: left_out(&calculation),
        due_note: due_note(&calculation),
        changed: sentences(&whole.changes, Lang::Vi).iter().map(|said| said.say(Lang::Vi)).collect(),
        fees: fees(whole),
        register: None,
        filed: match row.channel.as_str() {
            "online" => Filed::Online { verified: false },
            "post" => Filed::Post,
            _ => Filed::Counter,
        },
        officer: row.accepted_by_name.clone().unwrap_or_default(),
        signing: signing(row),
    })
}

/// Form 02 of one round, from the desk that asked; `phone` is that desk's.
///
/// It goes out before acceptance, so it keeps the filing code also when it is printed again later. The house keeps no numbers of it: whoever
/// hands it over on paper writes one.
pub fn supplement_request(
    whole: &Whole,
    asked: &Supplement,
    office: Office,
    phone: &str,
    house: &House<'_>,
) -> SupplementRequest {
    let (row, package) = (&whole.row, &whole.version.package);
    SupplementRequest {
        issue: Issue { id: format!("{}/02/{}", row.id, asked.round), at: asked.requested_at.local() },
        office,
        number: "/HDHS".to_owned(),
        code: Code::Filing(row.filing_code.clone()),
        lookup: lookup(&row.filing_code, house),
        applicant: party(row),
        procedure: paper::Procedure { code: package.code.to_string(), name: package.name.clone() },
        stage: Stage::Reception,
        round: u32::try_from(asked.round).unwrap_or(1),
        items: asked
            .items()
            .into_iter()
            .map(|i| SupplementItem {
                paper: paper_name(whole, &i.paper),
                what: i.reason,
                wanted: paper_of(whole, &i.paper).map(copies_asked).unwrap_or_default(),
                legal: i.ground,
            })
            .collect(),
        until: None,
        advice: "Nộp bổ sung qua trang tra cứu hồ sơ hoặc tại trung tâm. Thời hạn giải quyết tính từ lúc hồ sơ được tiếp nhận."
            .to_owned(),
        officer: asked.requested_by.clone(),
        officer_phone: phone.to_owned(),
        signing: signing(row),
    }
}

fn is_online(row: &DossierRow) -> bool {
    row.channel == channel_word(Channel::Online)
}

/// Who came in person or wrote by post is given paper, signed by pen; who filed on the network an electronic copy.
fn signing(row: &DossierRow) -> Signing {
    if is_online(row) { Signing::Unsigned } else { Signing::ByHand }
}

fn paper_of<'w>(whole: &'w Whole, id: &str) -> Option<&'w PaperState> {
    whole.papers.iter().find(|p| p.paper == id)
}

fn paper_name(whole: &Whole, id: &str) -> String {
    paper_of(whole, id).map_or_else(|| id.to_owned(), |p| p.name.clone())
}

/// The term ran out on a day off and ends on the next working day (OS-31).
fn rolled_on(calculation: &Calculation) -> bool {
    calculation.days.iter().any(|d| matches!(d.step, Step::RolledOn { .. }))
}

/// Why it is due on another day than the term alone says: a same-day procedure (OS-14), a last day that is off (OS-31).
fn due_note(calculation: &Calculation) -> String {
    let cut_off = calculation.policy.cut_off;
    if rolled_on(calculation) {
        return "Ngày cuối của thời hạn là ngày nghỉ nên trả vào ngày làm việc tiếp theo".to_owned();
    }
    let received = match calculation.days.first().map(|d| &d.step) {
        Some(Step::AfterCutOff) if calculation.start.time() >= cut_off => format!("sau {}", cut_off_words(cut_off)),
        Some(Step::AfterCutOff) => "sau giờ làm việc".to_owned(),
        Some(Step::Weekend | Step::Holiday { .. }) if calculation.term == Term::SameDay => "vào ngày nghỉ".to_owned(),
        _ => return String::new(),
    };
    format!("Tiếp nhận {received} nên trả vào ngày làm việc tiếp theo")
}

/// "15 giờ", "15 giờ 30".
fn cut_off_words(cut_off: Time) -> String {
    match cut_off.minute() {
        0 => format!("{} giờ", cut_off.hour()),
        minute => format!("{} giờ {minute:02}", cut_off.hour()),
    }
}

/// "Thứ Hai đến thứ Sáu, 07:00–11:00 và 13:00–17:00".
fn hours_words(hours: OfficeHours) -> String {
    let spans = [hours.morning(), hours.afternoon()].into_iter().flatten();
    let open = spans.map(|s| format!("{}–{}", s.from().strftime("%H:%M"), s.to().strftime("%H:%M")));
    format!("Thứ Hai đến thứ Sáu, {}", open.collect::<Vec<_>>().join(" và "))
}

/// The open form 02: what it asks for is still missing.
fn open_request(whole: &Whole) -> Option<&Supplement> {
    whole.supplements.last().filter(|asked| asked.answered_at.is_none())
}

/// When what the slip says came about.
pub fn slip_made_at(whole: &Whole) -> Moment {
    let row = &whole.row;
    row.accepted_at.or_else(|| Some(open_request(whole)?.requested_at)).unwrap_or(row.submitted_at)
}

/// The large-type slip for people without telephone and e-mail; `desk` is where they come back to, open in these hours.
pub fn slip(whole: &Whole, office: Office, desk: &Unit, hours: OfficeHours, house: &House<'_>) -> Slip {
    let row = &whole.row;
    let asked = open_request(whole).map(Supplement::items).unwrap_or_default();
    let missing: Vec<String> = asked.iter().map(|item| paper_name(whole, &item.paper)).collect();
    let bring = match missing.as_slice() {
        [] => "Phiếu này và giấy tờ tùy thân",
        _ => "Phiếu này, giấy tờ tùy thân và các giấy tờ còn thiếu ghi ở trên",
    };
    Slip {
        issue: Issue { id: format!("{}/slip", row.id), at: slip_made_at(whole).local() },
        code: code_of(row),
        lookup: lookup(row.name_code(), house),
        applicant: row.applicant_name.clone(),
        procedure: row.procedure_name.clone(),
        due_at: row.due_at.map(Moment::local),
        missing,
        address: if desk.address.is_empty() { office.name.clone() } else { desk.address.clone() },
        office,
        hours: hours_words(hours),
        bring: bring.to_owned(),
    }
}

/// The result as a letter of the unit that decided: an unsigned draft until digital signing exists, and marked so on every page.
pub fn result_sheet(
    row: &DossierRow,
    office: Office,
    number: &str,
    reason: &str,
    package: &Package,
    at: Moment,
    house: &House<'_>,
) -> ResultSheet {
    let approved = row.outcome.as_deref().and_then(Outcome::parse) == Some(Outcome::Approved);
    let unit = &office.name;
    let result = package.results.first().map_or("kết quả", |r| r.name.as_str());
    let mut body = vec![if approved {
        format!("{unit} đồng ý giải quyết hồ sơ {} của {}: {}.", row.name_code(), row.applicant_name, package.name)
    } else {
        format!("{unit} không giải quyết hồ sơ {} của {}: {}.", row.name_code(), row.applicant_name, package.name)
    }];
    body.push(if approved { format!("Kết quả: {result}.") } else { format!("Lý do: {}", reason.trim()) });
    ResultSheet {
        issue: Issue { id: format!("{}/result", row.id), at: at.local() },
        office,
        number: number.to_owned(),
        kind: "Thông báo".to_owned(),
        subject: format!("kết quả giải quyết thủ tục {}", row.procedure_name),
        code: row.name_code().to_owned(),
        lookup: lookup(row.name_code(), house),
        to: row.applicant_name.clone(),
        grounds: package.legal.iter().take(3).map(|l| format!("Căn cứ {} {}", l.title, l.number)).collect(),
        body,
        facts: Vec::new(),
        signer: Signer { capacity: String::new(), post: "Người có thẩm quyền".to_owned(), name: String::new() },
        copies: vec!["Như trên".to_owned(), "Lưu hồ sơ".to_owned()],
    }
}

fn code_of(row: &DossierRow) -> Code {
    row.code.clone().map_or_else(|| Code::Filing(row.filing_code.clone()), Code::Dossier)
}

fn lookup(code: &str, house: &House<'_>) -> Lookup {
    let bare = house.address.trim_start_matches("https://").trim_start_matches("http://");
    Lookup { qr: format!("{}/tra-cuu/{code}", house.address), page: format!("{bare}/tra-cuu"), phone: house.hotline.to_owned() }
}

fn party(row: &DossierRow) -> Party {
    Party {
        name: row.applicant_name.clone(),
        identity: row.applicant_id.as_ref().map(|id| {
            if id.parse::<base::CitizenId>().is_ok() {
                Identity::Citizen(id.clone())
            } else {
                Identity::Other("giấy tờ".into(), id.clone())
            }
        }),
        address: row.applicant_address.clone(),
        phone: row.applicant_phone.clone(),
        email: row.applicant_email.clone(),
    }
}

/// Originals and copies, as the procedure asks for them; none where it does not say.
fn copies_asked(paper: &PaperState) -> Vec<Copies> {
    let asked = |kind, count: i64| Some(Copies { kind, count: u32::try_from(count).ok().filter(|n| *n > 0)? });
    [asked(CopyKind::Original, paper.originals), asked(CopyKind::Copy, paper.copies)].into_iter().flatten().collect()
}

/// A paper in the forms it came in: files on the network, at a desk what the procedure asks for.
fn received(paper: &PaperState, online: bool) -> Vec<PaperReceived> {
    let asked = copies_asked(paper);
    let most = asked.iter().map(|c| c.count).max().unwrap_or(1);
    let came = match (online, paper.by_form) {
        (true, true) => vec![Copies { kind: CopyKind::Electronic, count: most }],
        (true, false) => vec![Copies { kind: CopyKind::Scan, count: most }],
        (false, _) if asked.is_empty() => vec![Copies { kind: CopyKind::Copy, count: 1 }],
        (false, _) => asked,
    };
    came.into_iter().map(|Copies { kind, count }| PaperReceived { name: paper.name.clone(), kind, count }).collect()
}

/// Which row of terms it is, where the procedure has several: its condition, else the case or the channel it is for.
fn row_words(row: &TermRow, package: &Package) -> String {
    if !row.condition.is_empty() || package.terms.len() < 2 {
        return row.condition.clone();
    }
    let case = package.cases.iter().find(|c| Some(&c.id) == row.case.as_ref()).map(|c| c.name.clone());
    let channels = row.channels.iter().map(|c| match c {
        Channel::Direct => "nộp trực tiếp".to_owned(),
        Channel::Online => "nộp trực tuyến".to_owned(),
        Channel::Post => "nộp qua bưu chính".to_owned(),
    });
    case.into_iter().chain(channels).collect::<Vec<_>>().join(", ")
}

/// Days off that the count passed over on its way: neither the day of receipt nor the day of return is one of them. A term in days of the
/// calendar passes over none, also when its end rolls on.
fn left_out(calculation: &Calculation) -> Vec<DayLeftOut> {
    if rolled_on(calculation) {
        return Vec::new();
    }
    let (received, due) = (calculation.start.date(), calculation.due_at.date());
    calculation
        .days
        .iter()
        .filter(|line| received < line.date && line.date < due)
        .filter_map(|line| match &line.step {
            Step::Weekend => Some(DayLeftOut { day: line.date, reason: "nghỉ hằng tuần".to_owned() }),
            Step::Holiday { name, .. } => Some(DayLeftOut { day: line.date, reason: format!("nghỉ {}", name.vi) }),
            _ => None,
        })
        .collect()
}

/// What stands after "Đăng ký nhận kết quả tại:".
fn return_words(row: &DossierRow, desk: &str) -> String {
    match row.result_channel() {
        ResultChannel::Desk => desk.to_owned(),
        ResultChannel::Post if row.applicant_address.is_some() => "địa chỉ trên, qua dịch vụ bưu chính công ích".to_owned(),
        ResultChannel::Post => "địa chỉ do người nộp báo, qua dịch vụ bưu chính công ích".to_owned(),
        ResultChannel::Electronic => format!("trang tra cứu (bản điện tử); bản giấy tại {desk} khi có yêu cầu"),
    }
}

/// The fee by its rows; as one sum where the amount follows from no fixed rows (so much a page), or the rows were not kept; open where
/// nobody wrote an amount. What was paid before acceptance follows from the version filed for.
fn fees(whole: &Whole) -> Fees {
    let row = &whole.row;
    let paid = row.fee_paid_at.is_some();
    let ids = row.fee_rows();
    let rows_of =
        |package: &'_ Package| -> Vec<FeeRow> { package.fees.iter().filter(|f| ids.contains(&f.id)).cloned().collect() };
    let [now, filed] = [&whole.version, &whole.filed].map(|version| rows_of(&version.package));
    let Some(due) = row.fee_due else {
        let rules = if now.is_empty() { row.fee_note.iter().cloned().collect() } else { now.iter().map(rate).collect() };
        return Fees::Open { rules, paid };
    };
    if due == 0 {
        return Fees::Known(Vec::new());
    }
    let rows = if fixed_sum(&now) != Some(due) && fixed_sum(&filed) == Some(due) { filed } else { now };
    if fixed_sum(&rows) == Some(due) {
        let line = |f: &FeeRow| Fee { names: vec![named(f)], amount: f.amount.unwrap_or_default().unsigned_abs(), paid };
        return Fees::Known(rows.iter().filter(|f| f.amount != Some(0)).map(line).collect());
    }
    let mut names: Vec<String> = Vec::new();
    for row in rows {
        if !names.contains(&row.name) {
            names.push(row.name);
        }
    }
    Fees::Known(vec![Fee { names, amount: due.unsigned_abs(), paid }])
}

fn named(fee: &FeeRow) -> String {
    if fee.condition.is_empty() { fee.name.clone() } else { format!("{} ({})", fee.name, fee.condition) }
}

/// What decides the amount of a row: its figure where there is a certain one, and its condition.
fn rate(fee: &FeeRow) -> String {
    let figure = fee.amount.filter(|_| !fee.doubtful).map(|n| format!("{} đồng {}", wording::number(n), fee.per));
    let known = [figure.as_deref().unwrap_or_default().trim(), fee.condition.trim_end_matches('.')];
    let said: Vec<&str> = known.into_iter().filter(|part| !part.is_empty()).collect();
    if said.is_empty() { fee.name.clone() } else { format!("{}: {}", fee.name, said.join(", ")) }
}
