//! Papers of a dossier: what is printed, and from which facts. Papers speak Vietnamese (not on screen).

use crate::dossier::{Outcome, ResultChannel, Verdict, channel_word};
use crate::draft::fixed_sum;
use crate::pages::dossier::sentences;
use crate::row::DossierRow;
use crate::service::Whole;
use crate::sql::papers::{PaperState, Supplement};
use base::calendar::OfficeHours;
use base::due::{Calculation, Step, Term, TermUnit};
use base::{Lang, Moment};
use catalogue::package::{Channel, FeeRow, Package, PrintReceipt, TermRow};
use directory::Unit;
use jiff::civil::Time;
use paper::{
    AcceptanceReceipt, Code, CopyKind, DayLeftOut, Fee, Filed, Identity, Issue, Lookup, Office, PaperReceived, Party,
    RegisterLine, ResultSheet, Signer, Signing, Slip, Stage, SupplementRequest,
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

/// Form 01 of an accepted dossier. `None` when it was not accepted.
pub fn receipt(whole: &Whole, house: &House<'_>) -> Option<AcceptanceReceipt> {
    let (row, papers, package) = (&whole.row, &whole.papers, &whole.version.package);
    let (code, accepted, due) = (row.code.as_deref()?, row.accepted_at?, row.due_at?);
    let calculation: Calculation = serde_json::from_str(row.calculation.as_deref()?).ok()?;
    let online = row.channel == channel_word(Channel::Online);
    let number = code.rsplit('-').next().unwrap_or_default();
    let term = package.terms.iter().find(|t| Some(&t.id) == row.term_row.as_ref());
    Some(AcceptanceReceipt {
        issue: Issue { id: format!("{}/01", row.id), at: accepted.local() },
        office: office(&row.desk_name, row.unit_name.as_deref()),
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
            .map(|p| PaperReceived {
                name: p.name.clone(),
                kind: copy_kind(p, online),
                count: p.originals.max(p.copies).max(1) as u32,
            })
            .collect(),
        sets: 1,
        term: term_words(&calculation),
        term_row: term.map(|t| row_words(t, package)).unwrap_or_default(),
        received_at: accepted.local(),
        due_at: due.local(),
        left_out: left_out(&calculation),
        due_note: if calculation.days.iter().any(|d| d.step == Step::AfterCutOff) {
            format!("Tiếp nhận sau {} nên trả vào ngày làm việc tiếp theo", cut_off_words(calculation.policy.cut_off))
        } else {
            String::new()
        },
        changed: sentences(&whole.changes, Lang::Vi).iter().map(|said| said.say(Lang::Vi)).collect(),
        return_by: return_words(row.result_channel(), &row.desk_name),
        fees: fees(whole),
        register: RegisterLine {
            book: format!("{:02}/{}", accepted.date().month(), accepted.date().year()),
            number: number.parse().unwrap_or(0),
        },
        filed: match row.channel.as_str() {
            "online" => Filed::Online { verified: false },
            "post" => Filed::Post,
            _ => Filed::Counter,
        },
        officer: row.accepted_by_name.clone().unwrap_or_default(),
        signing: if online { Signing::Unsigned } else { Signing::ByHand },
    })
}

/// Form 02: the latest list asked for.
pub fn supplement_request(
    row: &DossierRow,
    asked: &Supplement,
    papers: &[PaperState],
    package: &Package,
    house: &House<'_>,
) -> SupplementRequest {
    let name = |id: &str| papers.iter().find(|p| p.paper == id).map_or_else(|| id.to_owned(), |p| p.name.clone());
    SupplementRequest {
        issue: Issue { id: format!("{}/02/{}", row.id, asked.round), at: asked.requested_at.local() },
        office: office(&row.desk_name, row.unit_name.as_deref()),
        number: format!("{:02}/HDHS", asked.round),
        code: code_of(row),
        lookup: lookup(row.name_code(), house),
        applicant: party(row),
        procedure: paper::Procedure { code: package.code.to_string(), name: package.name.clone() },
        stage: Stage::Reception,
        round: u32::try_from(asked.round).unwrap_or(1),
        items: asked
            .items()
            .into_iter()
            .map(|i| paper::SupplementItem { paper: name(&i.paper), what: i.reason, kind: None, count: 1, legal: i.ground })
            .collect(),
        until: None,
        advice: "Nộp bổ sung qua trang tra cứu hồ sơ hoặc tại trung tâm. Thời hạn giải quyết tính từ lúc hồ sơ được tiếp nhận."
            .to_owned(),
        officer: asked.requested_by.clone(),
        officer_phone: house.hotline.to_owned(),
        signing: Signing::Unsigned,
    }
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

/// The large-type slip for people without telephone and e-mail; `desk` is where they come back to, open in these hours.
pub fn slip(row: &DossierRow, desk: &Unit, hours: OfficeHours, house: &House<'_>) -> Slip {
    Slip {
        issue: Issue { id: format!("{}/slip", row.id), at: row.accepted_at.unwrap_or(row.submitted_at).local() },
        office: office(&row.desk_name, row.unit_name.as_deref()),
        code: code_of(row),
        lookup: lookup(row.name_code(), house),
        applicant: row.applicant_name.clone(),
        procedure: row.procedure_name.clone(),
        due_at: row.due_at.map(Moment::local),
        address: if desk.address.is_empty() { row.desk_name.clone() } else { desk.address.clone() },
        hours: hours_words(hours),
        bring: "Phiếu này và giấy tờ tùy thân".to_owned(),
    }
}

/// The result as a letter: an unsigned draft until digital signing exists, and marked so on every page.
pub fn result_sheet(
    row: &DossierRow,
    number: &str,
    reason: &str,
    package: &Package,
    at: Moment,
    house: &House<'_>,
) -> ResultSheet {
    let approved = row.outcome.as_deref().and_then(Outcome::parse) == Some(Outcome::Approved);
    let unit = row.unit_name.clone().unwrap_or_else(|| row.desk_name.clone());
    let result = package.results.first().map_or("kết quả", |r| r.name.as_str());
    let mut body = vec![if approved {
        format!("{unit} đồng ý giải quyết hồ sơ {} của {}: {}.", row.name_code(), row.applicant_name, package.name)
    } else {
        format!("{unit} không giải quyết hồ sơ {} của {}: {}.", row.name_code(), row.applicant_name, package.name)
    }];
    body.push(if approved { format!("Kết quả: {result}.") } else { format!("Lý do: {}", reason.trim()) });
    ResultSheet {
        issue: Issue { id: format!("{}/result", row.id), at: at.local() },
        office: Office { parent: String::new(), place: place_of(&unit), name: unit.clone() },
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

fn office(desk: &str, unit: Option<&str>) -> Office {
    Office { parent: unit.unwrap_or_default().to_owned(), place: place_of(unit.unwrap_or(desk)), name: desk.to_owned() }
}

/// The place of the date line: a unit's name without the words for its kind.
fn place_of(unit: &str) -> String {
    let kinds = ["Trung tâm Phục vụ hành chính công", "Ủy ban nhân dân", "UBND"];
    let rest = kinds.iter().find_map(|k| unit.strip_prefix(k)).unwrap_or(unit).trim();
    ["phường ", "xã ", "đặc khu ", "tỉnh ", "Phường ", "Xã ", "Đặc khu ", "Tỉnh "]
        .iter()
        .find_map(|k| rest.strip_prefix(k))
        .unwrap_or(rest)
        .to_owned()
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

fn copy_kind(paper: &PaperState, online: bool) -> CopyKind {
    match (online, paper.by_form) {
        (true, true) => CopyKind::Electronic,
        (true, false) => CopyKind::Scan,
        (false, _) if paper.originals > 0 => CopyKind::Original,
        (false, _) => CopyKind::Photocopy,
    }
}

/// The allowance in words ("3 ngày làm việc").
pub fn term_words(calculation: &Calculation) -> String {
    match calculation.term {
        Term::SameDay => "trong ngày".to_owned(),
        Term::Lasting { amount, unit } => format!("{amount} {}", unit_words(unit)),
    }
}

/// A unit of terms in words.
pub fn unit_words(unit: TermUnit) -> &'static str {
    match unit {
        TermUnit::WorkingDay => "ngày làm việc",
        TermUnit::WorkingHour => "giờ làm việc",
        TermUnit::CalendarDay => "ngày",
        TermUnit::Month => "tháng",
    }
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

fn left_out(calculation: &Calculation) -> Vec<DayLeftOut> {
    calculation
        .days
        .iter()
        .filter_map(|line| match &line.step {
            Step::Weekend => Some(DayLeftOut { day: line.date, reason: "nghỉ hằng tuần".to_owned() }),
            Step::Holiday { name, .. } => Some(DayLeftOut { day: line.date, reason: format!("nghỉ {}", name.vi) }),
            _ => None,
        })
        .collect()
}

fn return_words(channel: ResultChannel, desk: &str) -> String {
    match channel {
        ResultChannel::Desk => format!("tại {desk}"),
        ResultChannel::Post => "qua bưu chính công ích".to_owned(),
        ResultChannel::Electronic => format!("bản điện tử qua trang tra cứu; bản giấy tại {desk} khi có yêu cầu"),
    }
}

/// The fee by its rows; as one line where the amount follows from no fixed rows (so much a page), or the rows were not kept. What was paid
/// before acceptance follows from the version filed for.
fn fees(whole: &Whole) -> Vec<Fee> {
    let row = &whole.row;
    let Some(due) = row.fee_due.filter(|amount| *amount > 0) else { return Vec::new() };
    let paid = row.fee_paid_at.is_some();
    let ids = row.fee_rows();
    let rows_of =
        |package: &'_ Package| -> Vec<FeeRow> { package.fees.iter().filter(|f| ids.contains(&f.id)).cloned().collect() };
    let [now, filed] = [&whole.version, &whole.filed].map(|version| rows_of(&version.package));
    let rows = if fixed_sum(&now) != Some(due) && fixed_sum(&filed) == Some(due) { filed } else { now };
    let named = |f: &FeeRow| match f.condition.is_empty() {
        true => f.name.clone(),
        false => format!("{} ({})", f.name, f.condition),
    };
    if fixed_sum(&rows) == Some(due) {
        let line = |f: &FeeRow| Fee { name: named(f), amount: f.amount.unwrap_or_default().unsigned_abs(), paid };
        return rows.iter().filter(|f| f.amount != Some(0)).map(line).collect();
    }
    let names: Vec<&str> = rows.iter().map(|f| f.name.as_str()).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    let name = if names.is_empty() { "Phí, lệ phí".to_owned() } else { names.join(", ") };
    vec![Fee { name, amount: due.unsigned_abs(), paid }]
}
