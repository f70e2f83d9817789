//! Draws the counter from what a reception holds.

use super::Shown;
use crate::address;
use crate::counter::{self, CardSeen, TARGET_SECONDS, TARGET_STEPS, input};
use crate::decide::{MOST_LETTERS, is_required};
use crate::draft::DraftData;
use crate::objection::Objection;
use crate::pages::dossier::term_words;
use crate::pages::words::changed;
use crate::printing::print_receipt;
use crate::service::{GoTo, NotTaken, RESULT_CHANNELS, Screen};
use askama::Template;
use base::card::{self, Doubt, IdentityCard, Reading};
use base::due::{Calculation, Step};
use base::person::PartialDate;
use base::{Lang, Moment, wording};
use catalogue::package::{Competence, PaperKind, PaperRow};
use directory::WorkTime;
use uuid::Uuid;
use web::filters;
use web::ui::field::{Choice, ErrorSummary, Field, error_summary, radios, select, text};
use web::ui::message::{Notice, notice};
use web::ui::status::Status;
use web::{Words, raw, rich, words};

/// The screen.
#[derive(Template)]
#[template(path = "counter.html")]
pub struct Counter {
    id: Uuid,
    fresh: bool,
    ticket: String,
    pace: Pace,
    waiting: Vec<WaitingLine>,
    drop: Option<Words>,
    summary: Option<ErrorSummary>,
    objection: Option<Notice>,
    card: Field,
    /// Both readings of each part of a garbled card, and how to mend the scanner.
    ask: Vec<String>,
    doubts: Vec<String>,
    identity: Option<Identity>,
    by_hand: Vec<Field>,
    hand_open: bool,
    /// How an address of before is written today; beside the fields, since a card fills them unseen.
    anew: Option<Field>,
    contact: Vec<Field>,
    submitter: Field,
    by_post: bool,
    hints: Vec<Notice>,
    search: Field,
    searched: bool,
    /// The words searched for.
    words: String,
    picks: Vec<PickLine>,
    not_taken: Vec<NotTakenLine>,
    /// How many more were found and are not received here.
    more: usize,
    chosen: Option<Chosen>,
    result: Field,
    happened: String,
    late: Field,
    late_open: bool,
    due_label: Words,
    due: Option<String>,
    due_about: Words,
    person_done: bool,
    procedure_done: bool,
    papers_done: bool,
    left: Vec<(Words, bool)>,
    form02: bool,
    accept: Words,
    next: &'static str,
}

/// How quickly it goes.
struct Pace {
    seconds: u32,
    running: bool,
    shown: String,
    spoken: Words,
    width: u32,
    slow: bool,
    steps: u32,
    most: u32,
}

struct WaitingLine {
    id: Uuid,
    name: Words,
    about: Words,
}

/// What the card says, as the officer compares it.
struct Identity {
    name: String,
    number: String,
    birth: Words,
    address: String,
    issued: Option<String>,
}

struct PickLine {
    n: usize,
    code: String,
    name: String,
    on: bool,
}

/// A procedure that was found and is not received here.
struct NotTakenLine {
    code: String,
    name: String,
    go_to: Words,
}

/// What follows from the procedure.
struct Chosen {
    code: String,
    name: String,
    unit: Option<String>,
    why: Words,
    forwards: bool,
    term: Words,
    choices: Vec<Field>,
    required: Vec<PaperLine>,
    optional: Vec<PaperLine>,
    all_there: bool,
    fee: Option<Words>,
    fee_about: Vec<Words>,
    fee_field: Option<Field>,
    fee_open: bool,
    fee_taken: bool,
}

struct PaperLine {
    id: String,
    name: String,
    about: Words,
    ticked: bool,
}

/// Draws the screen.
pub(super) fn draw(screen: &Screen, shown: &Shown, now: Moment, time: &WorkTime, lang: Lang) -> Counter {
    let data = &screen.reception.data;
    let seen = counter::card_of(data);
    let faults = &shown.faults;
    let chosen = chosen(screen, faults, lang);
    let missing = screen.offer.as_ref().is_some_and(|o| !o.missing.is_empty());
    let (due_label, due, due_about) = due(screen, now, lang);
    let papers_done = chosen.as_ref().is_some_and(|c| c.all_there);
    let person_known = !data.applicant.name.is_empty();
    let unread = birth_is_unread(&seen, data);
    let person_done = person_known && !unread;
    Counter {
        id: screen.reception.row.id,
        fresh: shown.fresh,
        ticket: data.ticket.clone(),
        pace: pace(data, shown.fresh, now),
        waiting: screen.waiting.iter().map(|w| waiting(w, now, lang)).collect(),
        drop: shown.asks_to_drop.then(|| match person_known {
            true => words("Bỏ những gì đã điền cho {0}?").with(&data.applicant.name),
            false => words("Bỏ những gì đã điền?"),
        }),
        summary: (shown.failed && !faults.is_empty()).then(|| error_summary(faults)),
        objection: shown.objection.as_ref().or(screen.not_here.as_ref()).map(objection),
        card: card_field(&seen, data, lang),
        ask: match &seen {
            CardSeen::Asks(reading) => reading.cures.iter().map(|cure| cure.words(lang)).collect(),
            _ => vec![],
        },
        doubts: match &seen {
            CardSeen::Read(reading) => reading.doubts.iter().map(|d| d.words(lang)).collect(),
            _ => vec![],
        },
        identity: identity(&seen, data, lang),
        hand_open: !matches!(seen, CardSeen::Read(_)) || unread || faults.iter().any(|f| HAND.contains(&f.field.as_str())),
        by_hand: by_hand(data, faults),
        anew: address::offer(input::ADDRESS, &data.applicant.address),
        contact: vec![
            text(input::PHONE, words("Điện thoại nhận tin"))
                .kind("tel")
                .value(&data.applicant.phone)
                .autocomplete("off")
                .class("num")
                .fault_in(faults),
            text(input::EMAIL, words("Thư điện tử"))
                .kind("email")
                .value(&data.applicant.email)
                .autocomplete("off")
                .fault_in(faults),
        ],
        submitter: text(input::SUBMITTER, words("Người nộp thay"))
            .value(data.submitter_name.as_deref().unwrap_or_default())
            .autocomplete("off")
            .max(counter::MOST_NAME as u32)
            .optional()
            .fault_in(faults),
        by_post: data.by_post,
        hints: hints(screen, now, lang),
        search: text(input::SEARCH, words("Tìm thủ tục"))
            .quiet_label()
            .kind("search")
            .value(&data.search)
            .placeholder("Gõ tên, viết tắt cũng được: ks, xnhn…")
            .autocomplete("off")
            .data("data-key", "s")
            .data("data-live-typed", ""),
        searched: screen.searched,
        words: data.search.clone(),
        not_taken: screen.found.not_taken.iter().map(not_taken).collect(),
        more: screen.found.more,
        picks: screen
            .found
            .picks
            .iter()
            .enumerate()
            .map(|(i, p)| PickLine {
                n: i + 1,
                code: p.code.clone(),
                name: p.name.clone(),
                on: screen.reception.row.procedure_code == p.code,
            })
            .collect(),
        result: result_field(data, faults),
        happened: data.happened_at.clone(),
        late: text(input::LATE, words("Lý do nhập muộn"))
            .value(&data.late_reason)
            .autocomplete("off")
            .max(MOST_LETTERS as u32)
            .fault_in(faults),
        late_open: !data.happened_at.is_empty() || !data.late_reason.is_empty(),
        person_done,
        procedure_done: chosen.is_some(),
        papers_done,
        left: vec![
            (words("Người nộp"), person_done),
            (words("Thủ tục"), chosen.is_some()),
            (words("Giấy tờ"), papers_done),
            (words("Nhận kết quả"), data.result_channel.is_some()),
            (
                words("Lệ phí"),
                chosen.as_ref().is_some_and(|c| c.fee_taken || c.fee_open || c.fee.is_none() && c.fee_field.is_none()),
            ),
        ],
        form02: missing,
        accept: accept_words(screen, missing, now, time),
        next: match (person_known, chosen.is_some()) {
            (true, false) => "tt-1",
            _ => "",
        },
        chosen,
        due_label,
        due,
        due_about,
    }
}

/// Fields behind "by hand".
const HAND: [&str; 5] = [input::NAME, input::ID, input::BIRTH, input::SEX, input::ADDRESS];

fn pace(data: &DraftData, fresh: bool, now: Moment) -> Pace {
    let seconds = data.seconds(now);
    Pace {
        seconds,
        running: !fresh,
        shown: format!("{:02}:{:02}", seconds / 60, seconds % 60),
        spoken: words("Đã qua {0} giây").with(seconds),
        width: seconds.min(TARGET_SECONDS) * 180 / TARGET_SECONDS,
        slow: seconds > TARGET_SECONDS,
        steps: data.interactions,
        most: TARGET_STEPS,
    }
}

fn waiting(w: &crate::service::Waiting, now: Moment, lang: Lang) -> WaitingLine {
    let name = match (w.name.is_empty(), w.ticket.is_empty()) {
        (false, true) => raw(&w.name),
        (false, false) => words("Số {0}: {1}").with(&w.ticket).with(&w.name),
        (true, false) => words("Số {0}").with(&w.ticket),
        (true, true) => words("Chưa ghi tên"),
    };
    let at = wording::near(w.saved_at, now, lang);
    let about = match &w.procedure {
        Some(procedure) => words("{0}; {1}, {2}").with(procedure).with(&w.officer).with(at),
        None => words("{0}, {1}").with(&w.officer).with(at),
    };
    WaitingLine { id: w.id, name, about }
}

fn objection(objection: &Objection) -> Notice {
    let mut said = words(objection.said());
    if !objection.details().is_empty() {
        said = words("{0} {1}").with_words(said).with(objection.details().join("; "));
    }
    let out = notice(Status::Bad, words("Chưa tiếp nhận được")).text(said);
    match objection.ground() {
        Some(ground) => out.part(web::Part::text(words(ground))),
        None => out,
    }
}

fn card_field(seen: &CardSeen, data: &DraftData, lang: Lang) -> Field {
    let field = text(input::CARD, words("Quét hoặc dán mã QR trên thẻ căn cước"))
        .class("mono")
        .autocomplete("off")
        .data("data-live-now", "");
    // nobody there yet: the scanner's text goes here
    let field = if data.applicant.name.is_empty() { field.data("data-first", "") } else { field };
    match seen {
        CardSeen::None => field,
        // the text stays to be looked at; reading it again says the same
        CardSeen::Wrong(error) => field.value(&data.card).error(raw(error.words(lang))),
        CardSeen::Asks(_) => field,
        CardSeen::Read(reading) if reading.cures.is_empty() => field.note(rich("Đọc được 7 trường trên thẻ")),
        CardSeen::Read(_) => field.note(rich("Đã đối chiếu với thẻ")),
    }
}

/// The person as the card names them, while nothing was changed by hand since.
fn identity(seen: &CardSeen, data: &DraftData, lang: Lang) -> Option<Identity> {
    let CardSeen::Read(Reading { card, .. }) = seen else { return None };
    let person = &data.applicant;
    (person.id_number == card.id.to_string()).then(|| Identity {
        name: person.name.clone(),
        number: grouped(&person.id_number),
        birth: birth(&person.birth, &person.sex),
        address: person.address.clone(),
        issued: issued(card, lang),
    })
}

/// Does the card say when the person was born, in a way nobody could read, and was it not typed since?
fn birth_is_unread(seen: &CardSeen, data: &DraftData) -> bool {
    let CardSeen::Read(reading) = seen else { return false };
    let is_birth = |doubt: &Doubt| matches!(doubt, Doubt::Unreadable { field: card::Field::Birth, .. });
    data.applicant.birth.is_empty() && reading.doubts.iter().any(is_birth)
}

fn issued(card: &IdentityCard, lang: Lang) -> Option<String> {
    card.issued.map(|day| wording::date(day, lang))
}

/// Twelve digits in threes, as they are read aloud.
fn grouped(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    digits.chunks(3).map(|three| three.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// A birth date as far as it is known, in the order people read.
fn read_birth(kept: &str) -> String {
    kept.parse::<PartialDate>().map_or_else(|_| kept.to_owned(), PartialDate::vi)
}

fn birth(kept: &str, sex: &str) -> Words {
    let date = read_birth(kept);
    match sex {
        "male" if date.is_empty() => words("Nam"),
        "female" if date.is_empty() => words("Nữ"),
        "male" => words("{0}, nam").with(date),
        "female" => words("{0}, nữ").with(date),
        _ => raw(date),
    }
}

fn by_hand(data: &DraftData, faults: &[web::FieldFault]) -> Vec<Field> {
    let person = &data.applicant;
    let field =
        |name: &str, label: &'static str, value: &str| text(name, words(label)).value(value).autocomplete("off").fault_in(faults);
    vec![
        field(input::NAME, "Họ và tên", &person.name).max(counter::MOST_NAME as u32),
        field(input::ID, "Số giấy tờ", &person.id_number).aside("nếu có").class("num").max(40),
        field(input::BIRTH, "Ngày sinh", &read_birth(&person.birth)).aside("hoặc năm").class("num").max(12),
        field(input::ADDRESS, "Nơi cư trú", &person.address).max(counter::MOST_ADDRESS as u32),
        select(
            input::SEX,
            words("Giới tính"),
            [("", words("Chưa rõ")), ("male", words("Nam")), ("female", words("Nữ"))].map(|(v, l)| Choice::new(v, l)),
        )
        .value(&person.sex),
    ]
}

fn hints(screen: &Screen, now: Moment, lang: Lang) -> Vec<Notice> {
    let package = screen.reception.package();
    let title = words("Thủ tục có bản mới từ lúc mở lượt này");
    let mut out: Vec<Notice> = changed(&screen.reception.changes(), title, lang).into_iter().collect();
    let open = screen.open.iter().take(2).map(|open| {
        let same = package.is_some_and(|p| p.code.to_string() == open.procedure_code);
        let said = match (same, package.is_some()) {
            (true, _) => "[{0}]({1}) {2}, hạn {3}. Cùng thủ tục, xem có phải nộp lại không.",
            (false, true) => "[{0}]({1}) {2}, hạn {3}. Khác thủ tục, vẫn nhận được.",
            (false, false) => "[{0}]({1}) {2}, hạn {3}.",
        };
        notice(Status::Warn, words("Người này đang có hồ sơ khác"))
            .text(
                rich(said)
                    .with(&open.code)
                    .with(format!("/can-bo/ho-so/{}", open.id))
                    .with(&open.procedure_name)
                    .with(wording::near(open.due_at, now, lang)),
            )
            .class("small")
    });
    out.extend(open);
    if screen.same_elsewhere > 0 {
        out.push(
            notice(Status::Warn, words("Đang có hồ sơ cùng thủ tục ở nơi khác"))
                .text(words("{0} hồ sơ của số định danh này. Hỏi lại người nộp; vẫn nhận được.").with(screen.same_elsewhere))
                .class("small"),
        );
    }
    out
}

fn not_taken(found: &NotTaken) -> NotTakenLine {
    let go_to = match &found.go_to {
        GoTo::System(other) => raw(format!("{}. {} {}", other.system, other.advice, other.address).trim_end()),
        GoTo::Centres { at_commune: true } => words("Nhận tại trung tâm của xã, phường."),
        GoTo::Centres { at_commune: false } => words("Nhận tại Trung tâm Phục vụ hành chính công cấp tỉnh."),
        GoTo::Agency(agency) if agency.is_empty() => words("Chưa có trong danh mục của tỉnh. Gọi tổng đài để hỏi nơi nộp."),
        GoTo::Agency(agency) => words("Nộp tại cơ quan giải quyết: {0}.").with(agency),
    };
    NotTakenLine { code: found.code.clone(), name: found.name.clone(), go_to }
}

fn chosen(screen: &Screen, faults: &[web::FieldFault], lang: Lang) -> Option<Chosen> {
    let (package, offer, places) = (screen.reception.package()?, screen.offer.as_ref()?, screen.places.as_ref()?);
    let data = &screen.reception.data;
    let mut choices = Vec::new();
    if package.cases.len() > 1 {
        let cases = package.cases.iter().map(|c| Choice::new(&c.id, raw(&c.name)));
        choices.push(choice(input::CASE, "Trường hợp", cases, data.case.as_deref()).fault_in(faults));
    }
    if !screen.communes.is_empty() {
        let communes = screen.communes.iter().map(|u| Choice::new(u.id.0.to_string(), raw(&u.short_name)));
        choices.push(choice(input::COMMUNE, "Xã, phường", communes, data.commune.map(|c| c.to_string()).as_deref()));
    }
    if offer.is_choice {
        let rows = offer.terms.iter().map(|t| Choice::new(&t.id, raw(term_words(t, package.allowance(t), lang))));
        choices.push(choice(input::TERM, "Thời hạn", rows, data.term.as_deref()));
    }
    let line = |p: &&PaperRow| PaperLine {
        id: p.id.clone(),
        name: p.name.clone(),
        about: paper_about(p),
        ticked: counter::ticked(data).contains(&p.id),
    };
    let (required, optional): (Vec<_>, Vec<_>) = counter::asked(data, package).into_iter().partition(|p| is_required(p));
    let fee = offer.fee.amount;
    Some(Chosen {
        code: package.code.to_string(),
        name: package.name.clone(),
        unit: places.unit.as_ref().map(|u| u.name.clone()),
        why: why(screen),
        forwards: places.unit.as_ref().is_some_and(|u| !directory::within(&screen.desk.path, &u.path)),
        term: match &offer.term {
            Ok(row) => raw(term_words(row, package.allowance(row), lang)),
            Err(objection) => words(objection.said()),
        },
        choices,
        all_there: offer.missing.is_empty(),
        required: required.iter().map(line).collect(),
        optional: optional.iter().map(line).collect(),
        fee_field: fee.is_none().then(|| {
            text(input::FEE, words("Lệ phí"))
                .value(&data.fee)
                .aside("đồng")
                .autocomplete("off")
                .class("num")
                .max(15)
                .fault_in(faults)
        }),
        fee: fee.filter(|n| *n > 0).map(web::say::dong),
        fee_about: fee_about(screen),
        fee_open: data.fee_open,
        fee_taken: data.fee_taken,
    })
}

/// A choice that nothing was chosen in yet says so.
fn choice(name: &str, label: &'static str, of: impl Iterator<Item = Choice>, value: Option<&str>) -> Field {
    let none = Choice::new("", words("Chọn…"));
    select(name, words(label), std::iter::once(none).chain(of)).value(value.unwrap_or_default())
}

/// How the competent unit was found.
fn why(screen: &Screen) -> Words {
    let data = &screen.reception.data;
    let Some(package) = screen.reception.package() else { return Words::default() };
    match (&package.competence, screen.places.as_ref().and_then(|p| p.unit.as_ref())) {
        (_, None) => words("Hồ sơ vào hàng chờ xác định thẩm quyền"),
        (Competence::Commune { .. }, Some(_)) if data.commune_chosen => words("do người tiếp nhận chọn"),
        (Competence::Commune { .. }, Some(_)) if data.commune.is_some() => words("nơi cư trú của người nộp"),
        (Competence::Commune { .. } | Competence::Unknown, Some(_)) => words("nơi có trung tâm này, vì chưa rõ nơi cư trú"),
        (Competence::Anywhere, Some(_)) => words("nơi nào tiếp nhận thì nơi đó giải quyết"),
        (Competence::Department { .. }, Some(_)) => words("cơ quan cấp tỉnh"),
    }
}

fn paper_about(paper: &PaperRow) -> Words {
    match paper.kind {
        PaperKind::Present => words("xuất trình, không thu bản sao"),
        _ if paper.by_form => words("điền tại quầy, người nộp ký"),
        PaperKind::IfApplicable if !paper.note.is_empty() => raw(&paper.note),
        _ => match (paper.originals, paper.copies) {
            (0, 0) => Words::default(),
            (n, 0) => words("{0} bản chính").with(n),
            (0, n) => words("{0} bản sao").with(n),
            (n, m) => words("{0} bản chính, {1} bản sao").with(n).with(m),
        },
    }
}

/// Rates and conditions that the amount depends on.
fn fee_about(screen: &Screen) -> Vec<Words> {
    let (Some(package), Some(offer)) = (screen.reception.package(), screen.offer.as_ref()) else { return vec![] };
    let rates = package.fees.iter().filter(|f| !f.per.is_empty()).filter_map(|f| {
        let amount = web::say::dong(f.amount?);
        Some(match f.condition.is_empty() {
            true => words("{0} {1}").with_words(amount).with(&f.per),
            false => words("{0} {1}: {2}").with_words(amount).with(&f.per).with(&f.condition),
        })
    });
    let rated: Vec<Words> = rates.collect();
    if rated.is_empty() { offer.fee.notes.iter().map(raw).collect() } else { rated }
}

fn result_field(data: &DraftData, faults: &[web::FieldFault]) -> Field {
    let reachable = !(data.applicant.phone.is_empty() && data.applicant.email.is_empty());
    let label = |channel| match channel {
        crate::dossier::ResultChannel::Electronic => words("Tải bản điện tử"),
        crate::dossier::ResultChannel::Desk => words("Bản giấy tại trung tâm này"),
        crate::dossier::ResultChannel::Post => words("Bưu chính về nhà"),
    };
    let choices = RESULT_CHANNELS.map(|channel| {
        let choice = Choice::new(channel.as_str(), label(channel));
        match channel {
            crate::dossier::ResultChannel::Electronic if !reachable && !data.applicant.name.is_empty() => {
                choice.hint(words("không có điện thoại, thư điện tử để báo tin"))
            }
            _ => choice,
        }
    });
    radios(input::RESULT, words("Nhận kết quả"), choices).value(data.result_channel.map_or("", |c| c.as_str())).fault_in(faults)
}

fn due(screen: &Screen, now: Moment, lang: Lang) -> (Words, Option<String>, Words) {
    let data = &screen.reception.data;
    let label = match data.when(now) {
        Ok(when) if !data.happened_at.is_empty() => {
            words("Hẹn trả, tiếp nhận lúc {0}").with(wording::near(when.happened_at, now, lang))
        }
        _ => words("Hẹn trả, nếu tiếp nhận bây giờ ({0})").with(now.local().strftime("%H:%M")),
    };
    match screen.offer.as_ref() {
        None => (label, None, words("Chọn thủ tục để biết ngày hẹn.")),
        Some(offer) => match (&offer.due, &offer.term) {
            (Some(calculation), _) => (label, Some(wording::due_time(calculation.due_at, lang)), left_out(calculation, lang)),
            (None, Err(objection)) => (label, None, words(objection.said())),
            (None, Ok(_)) => (label, None, words(Objection::BeyondCalendar.said())),
        },
    }
}

/// The term, and which holidays stand between.
fn left_out(calculation: &Calculation, lang: Lang) -> Words {
    let off: Vec<String> = calculation
        .days
        .iter()
        .filter_map(|line| match &line.step {
            Step::Holiday { name } => Some(format!("{} ({})", line.date.strftime("%d/%m"), lang.pick(&name.vi, &name.en))),
            _ => None,
        })
        .collect();
    let term = wording::term(&calculation.term, lang);
    if off.is_empty() { raw(term) } else { words("{0}; không tính {1}").with(term).with(off.join(", ")) }
}

fn accept_words(screen: &Screen, missing: bool, now: Moment, time: &WorkTime) -> Words {
    let prints = screen.reception.package().is_none_or(|p| print_receipt(p.print_receipt, now, time.policy.cut_off));
    words(match (missing, prints) {
        (true, _) => "In phiếu bổ sung (mẫu 02)",
        (false, true) => "Tiếp nhận, in giấy hẹn",
        (false, false) => "Tiếp nhận, gửi giấy hẹn",
    })
}
