//! The walk-in counter: what its one form says, and what follows from it. Pure.
//!
//! The form is sent whole, with one of several buttons; everything typed is kept in the reception as typed, right or wrong. Steps are
//! counted here from what changed, so that the count is the same with and without scripts.

use crate::address;
use crate::decide::{self, Facts, is_required, papers_asked};
use crate::dossier::{ResultChannel, Verdict, When, route};
use crate::draft::{Applicant, DraftData, FeeDue, asked as of_person, fee_due, is_by_rate, sum_typed};
use crate::form::{Fault, Wrong};
use crate::objection::Objection;
use base::card::{self, CardError, Reading};
use base::due::Calculation;
use base::person::PartialDate;
use base::{Moment, text};
use catalogue::Version;
use catalogue::package::{Competence, Package, PaperRow, TermRow};
use directory::WorkTime;
use std::collections::BTreeSet;
use uuid::Uuid;

/// A known procedure is received within so many seconds…
pub const TARGET_SECONDS: u32 = 60;
/// … and so many interactions.
pub const TARGET_STEPS: u32 = 12;

/// Most letters of a queue's number.
pub const MOST_TICKET: usize = 20;
/// Most letters of a name.
pub const MOST_NAME: usize = 200;
/// Most letters of an address.
pub const MOST_ADDRESS: usize = 300;

/// What the form of the counter sent, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// Number of the queue, when there is one.
    pub ticket: String,
    /// Text a scanner typed.
    pub card: String,
    /// The person by hand; repeated by the form after a card was read, so that it can be put right.
    pub person: Applicant,
    /// Who files for them.
    pub submitter: String,
    /// It came in an envelope.
    pub by_post: bool,
    /// Words searched for.
    pub search: String,
    /// Code of the procedure picked.
    pub procedure: String,
    /// Procedure the following answers were given for: answers for another one are let go.
    pub answers_of: String,
    /// Case.
    pub case: String,
    /// Commune.
    pub commune: Option<Uuid>,
    /// Term row.
    pub term: String,
    /// Papers ticked.
    pub papers: BTreeSet<String>,
    /// How the result is wanted.
    pub result: String,
    /// Amount, where the package cannot know it.
    pub fee: String,
    /// The amount cannot be told yet.
    pub fee_open: bool,
    /// The fee was taken.
    pub fee_taken: bool,
    /// When it happened, if not now.
    pub happened_at: String,
    /// Why it is entered late.
    pub late_reason: String,
}

/// The button that sent the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// A script keeps the form up to date.
    ByItself,
    /// "Cập nhật".
    Update,
    /// The card's text was read rightly.
    CardAgreed,
    /// It was not.
    CardDropped,
    /// Every required paper is there.
    AllPapers,
    /// Another number is called first.
    Park,
    /// Form 01 or form 02.
    Receive,
}

/// Names of inputs.
pub mod input {
    #![allow(missing_docs)] // the words of the form
    pub const TICKET: &str = "so-thu-tu";
    pub const CARD: &str = "the";
    pub const NAME: &str = "ho-ten";
    pub const ID: &str = "so-giay-to";
    pub const BIRTH: &str = "ngay-sinh";
    pub const SEX: &str = "gioi-tinh";
    pub const ADDRESS: &str = "dia-chi";
    pub const PHONE: &str = "dien-thoai";
    pub const EMAIL: &str = "thu-dien-tu";
    pub const SUBMITTER: &str = "nguoi-nop-thay";
    pub const BY_POST: &str = "qua-buu-chinh";
    pub const SEARCH: &str = "tim-thu-tuc";
    pub const PROCEDURE: &str = "thu-tuc";
    pub const ANSWERS_OF: &str = "cua-thu-tuc";
    pub const CASE: &str = "truong-hop";
    pub const COMMUNE: &str = "xa";
    pub const TERM: &str = "thoi-han";
    pub const PAPER: &str = "giay.";
    pub const RESULT: &str = "nhan-ket-qua";
    pub const FEE: &str = "le-phi";
    pub const FEE_OPEN: &str = "chua-ro-phi";
    pub const FEE_TAKEN: &str = "da-thu";
    pub const HAPPENED: &str = "xay-ra";
    pub const LATE: &str = "nhap-muon";
}

impl Typed {
    /// Reads what was sent; unknown names are ignored.
    pub fn of(fields: &[(String, String)]) -> Typed {
        let mut fields = fields.to_vec();
        address::as_chosen(&mut fields);
        let get = |name: &str| fields.iter().rev().find(|(n, _)| n == name).map_or_else(String::new, |(_, v)| text::line(v));
        let birth = get(input::BIRTH);
        Typed {
            ticket: get(input::TICKET),
            card: get(input::CARD),
            person: Applicant {
                name: get(input::NAME),
                id_number: get(input::ID),
                // kept as people read it only while it cannot be read
                birth: birth.parse::<PartialDate>().map_or(birth, |date| date.to_string()),
                sex: match get(input::SEX).as_str() {
                    word @ ("male" | "female") => word.to_owned(),
                    _ => String::new(),
                },
                phone: get(input::PHONE),
                email: get(input::EMAIL),
                address: get(input::ADDRESS),
            },
            submitter: get(input::SUBMITTER),
            by_post: !get(input::BY_POST).is_empty(),
            search: get(input::SEARCH),
            procedure: get(input::PROCEDURE),
            answers_of: get(input::ANSWERS_OF),
            case: get(input::CASE),
            commune: get(input::COMMUNE).parse().ok(),
            term: get(input::TERM),
            papers: fields.iter().filter_map(|(n, _)| n.strip_prefix(input::PAPER)).map(str::to_owned).collect(),
            result: get(input::RESULT),
            fee: get(input::FEE),
            fee_open: !get(input::FEE_OPEN).is_empty(),
            fee_taken: !get(input::FEE_TAKEN).is_empty(),
            happened_at: get(input::HAPPENED),
            late_reason: get(input::LATE),
        }
    }
}

/// What the text of the card came to.
#[derive(Clone, Debug, PartialEq)]
pub enum CardSeen {
    /// No card was scanned.
    None,
    /// The text is no card.
    Wrong(CardError),
    /// A keyboard garbled it: both readings are shown, and the officer compares with the card before it is used.
    Asks(Reading),
    /// Read; what is in doubt is shown.
    Read(Reading),
}

/// Reads the card of a reception.
pub fn card_of(data: &DraftData) -> CardSeen {
    if data.card.is_empty() {
        return CardSeen::None;
    }
    match card::read(&data.card) {
        Err(error) => CardSeen::Wrong(error),
        Ok(reading) if !reading.cures.is_empty() && !data.card_agreed => CardSeen::Asks(reading),
        Ok(reading) => CardSeen::Read(reading),
    }
}

/// Takes the form into the reception. `package` is that of the procedure picked; answers given for another procedure are let go.
pub fn take(data: &mut DraftData, typed: &Typed, press: Press, package: Option<&Package>) {
    let before = data.clone();
    data.ticket.clone_from(&typed.ticket);
    data.submitter_name = some(&typed.submitter);
    data.by_post = typed.by_post;
    let mut steps = take_person(data, typed, press);
    steps += take_procedure(data, typed, press, package);
    data.happened_at.clone_from(&typed.happened_at);
    data.late_reason.clone_from(&typed.late_reason);
    steps += changed(&before, data);
    steps += u32::from(!matches!(press, Press::ByItself));
    data.interactions = data.interactions.saturating_add(steps);
}

/// Steps beside those that [`changed`] sees.
fn take_person(data: &mut DraftData, typed: &Typed, press: Press) -> u32 {
    let former = std::mem::take(&mut data.applicant);
    let scanned = !typed.card.is_empty() && typed.card != data.card;
    let mut fields = 0;
    if scanned {
        (data.card, data.card_agreed) = (typed.card.clone(), false);
    } else {
        fields = differences(&former, &typed.person);
    }
    match press {
        Press::CardAgreed => data.card_agreed = true,
        Press::CardDropped => data.card.clear(),
        _ => {}
    }
    data.applicant = typed.person.clone();
    if (scanned || press == Press::CardAgreed)
        && let CardSeen::Read(reading) = card_of(data)
    {
        let read = of_card(&reading);
        // another person's card: the telephone number of the one before is not theirs
        let other = !former.id_number.is_empty() && former.id_number != read.id_number;
        let kept = if other { Applicant::default() } else { typed.person.clone() };
        data.applicant = Applicant { phone: kept.phone, email: kept.email, ..read };
    }
    u32::from(scanned) + fields
}

fn differences(a: &Applicant, b: &Applicant) -> u32 {
    let pairs = [
        (&a.name, &b.name),
        (&a.id_number, &b.id_number),
        (&a.birth, &b.birth),
        (&a.sex, &b.sex),
        (&a.phone, &b.phone),
        (&a.email, &b.email),
        (&a.address, &b.address),
    ];
    count(pairs.into_iter().map(|(a, b)| a != b))
}

/// The person a card names.
fn of_card(reading: &Reading) -> Applicant {
    let card = &reading.card;
    Applicant {
        name: card.name.to_string(),
        id_number: card.id.to_string(),
        birth: card.birth.map_or_else(String::new, |b| b.to_string()),
        sex: card.sex.map_or("", sex_word).to_owned(),
        address: card.address.clone(),
        ..Applicant::default()
    }
}

fn sex_word(sex: base::ids::Sex) -> &'static str {
    match sex {
        base::ids::Sex::Male => "male",
        base::ids::Sex::Female => "female",
    }
}

fn take_procedure(data: &mut DraftData, typed: &Typed, press: Press, package: Option<&Package>) -> u32 {
    let code = package.map(|p| p.code.to_string()).unwrap_or_default();
    let picked = !code.is_empty() && typed.answers_of != code;
    data.result_channel = ResultChannel::parse(&typed.result);
    data.search = if picked { String::new() } else { typed.search.clone() };
    let Some(package) = package else { return 0 };
    if picked {
        // answers of the one before say nothing about this one; a single case is no choice
        data.case = (package.cases.len() == 1).then(|| package.cases[0].id.clone());
        data.term = None;
        (data.fee, data.fee_open, data.fee_taken) = (String::new(), false, false);
        (data.commune, data.commune_chosen) = (None, false);
        data.verdicts.clear();
        judge(data, package, |_| false);
        return 1;
    }
    data.case = package.cases.iter().find(|c| c.id == typed.case).map(|c| c.id.clone());
    data.term = some(&typed.term);
    if typed.commune != data.commune {
        (data.commune, data.commune_chosen) = (typed.commune, typed.commune.is_some());
    }
    (data.fee, data.fee_open, data.fee_taken) = (typed.fee.clone(), typed.fee_open, typed.fee_taken);
    let all = press == Press::AllPapers;
    let ticked_before = ticked(data);
    judge(data, package, |p| typed.papers.contains(&p.id) || (all && is_required(p)));
    if all { 0 } else { count(ticked(data).symmetric_difference(&ticked_before).map(|_| true)) }
}

/// A finding for each paper asked: ticked is seen and in order; what is required and not ticked is missing; the rest is not needed.
fn judge(data: &mut DraftData, package: &Package, is_there: impl Fn(&PaperRow) -> bool) {
    let found = |p: &PaperRow| match (is_there(p), is_required(p)) {
        (true, _) => Verdict::Good,
        (false, true) => Verdict::Missing,
        (false, false) => Verdict::NotNeeded,
    };
    data.verdicts = asked(data, package).into_iter().map(|p| (p.id.clone(), found(p))).collect();
}

/// Papers ticked as seen.
pub fn ticked(data: &DraftData) -> BTreeSet<String> {
    data.verdicts.iter().filter(|(_, v)| **v == Verdict::Good).map(|(id, _)| id.clone()).collect()
}

/// Papers asked of what is received here.
pub fn asked<'p>(data: &DraftData, package: &'p Package) -> Vec<&'p PaperRow> {
    papers_asked(package, data.channel_at_desk(), data.case.as_deref())
}

/// Choices that changed, each one step. Persons and papers are counted where they are taken.
fn changed(before: &DraftData, now: &DraftData) -> u32 {
    count([
        before.ticket != now.ticket,
        before.submitter_name != now.submitter_name,
        before.by_post != now.by_post,
        before.search != now.search && !now.search.is_empty(),
        before.case != now.case && before.case.is_some() | now.case.is_some(),
        now.commune_chosen && before.commune != now.commune,
        before.term != now.term && now.term.is_some(),
        before.result_channel != now.result_channel,
        before.fee != now.fee && !now.fee.is_empty(),
        before.fee_open != now.fee_open,
        before.fee_taken != now.fee_taken,
        before.happened_at != now.happened_at,
        before.late_reason != now.late_reason,
    ])
}

fn count(changes: impl IntoIterator<Item = bool>) -> u32 {
    changes.into_iter().map(u32::from).sum()
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Does the residence decide who is competent, so that a commune is asked for?
pub fn asks_commune(package: &Package) -> bool {
    matches!(package.competence, Competence::Commune { .. })
}

/// The commune an address names, the last part that names one first: `Ấp Mẫu, Xã Đất Mũi, tỉnh Cà Mau`, `P. An Xuyên`.
pub fn recognise<'u>(address: &str, communes: impl IntoIterator<Item = (Uuid, &'u str)> + Clone) -> Option<Uuid> {
    let kinds = [("p. ", "phường "), ("x. ", "xã "), ("p.", "phường "), ("x.", "xã ")]; // not on screen
    address.split(',').rev().map(text::spelling).find_map(|part| {
        let full = kinds
            .iter()
            .find_map(|(short, whole)| part.strip_prefix(short).map(|rest| format!("{}{rest}", text::spelling(whole) + " ")))
            .unwrap_or(part);
        communes.clone().into_iter().find(|(_, name)| text::spelling(name) == full).map(|(id, _)| id)
    })
}

/// How well a name answers what was typed: all words begin words of the name (`dang ky khai`), or the letters are its initials in order
/// (`xnhn`: xác nhận … hôn nhân). Smaller is better; none: it does not.
pub fn fits(name: &str, typed: &[String]) -> Option<usize> {
    let words = text::tokens(name);
    let at = |part: &String| words.iter().position(|w| w.starts_with(part.as_str()));
    if let Some(places) = typed.iter().map(at).collect::<Option<Vec<_>>>() {
        return Some(places.into_iter().min().unwrap_or(0));
    }
    let [letters] = typed else { return None };
    let mut initials = words.iter().filter_map(|w| w.chars().next());
    let in_order = letters.chars().count() > 1 && letters.chars().all(|c| initials.any(|i| i == c));
    in_order.then_some(words.len())
}

/// What the desk can promise with what is known so far.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Rows of terms that fit.
    pub terms: Vec<TermRow>,
    /// They give different times: which of them governs is the officer's choice.
    pub is_choice: bool,
    /// The row that governs, or why none does yet.
    pub term: Result<TermRow, Objection>,
    /// Due time, if accepted now.
    pub due: Option<Calculation>,
    /// The fee as the package knows it.
    pub fee: FeeDue,
    /// Names of required papers that are not there.
    pub missing: Vec<String>,
}

/// Works out the offer of a procedure.
pub fn offer(data: &DraftData, version: &Version, time: &WorkTime, start: Moment) -> Offer {
    let package = &version.package;
    let (channel, case) = (data.channel_at_desk(), data.case.as_deref());
    let route = route(package);
    let facts = Facts {
        when: When::now(start),
        version: version.id,
        package,
        route: &route,
        calendar: &time.calendar,
        policy: &time.policy,
    };
    let term = decide::term_for(package, channel, case, data.term.as_deref());
    let fitting = decide::fitting_terms(package, channel, case);
    Offer {
        is_choice: !decide::promise_the_same(package, &fitting),
        terms: fitting.into_iter().cloned().collect(),
        due: term.as_ref().ok().and_then(|row| decide::calculate(row, start, &facts).ok()),
        term,
        fee: fee_due(package, channel, case),
        missing: asked(data, package)
            .into_iter()
            .filter(|p| data.verdicts.get(&p.id) == Some(&Verdict::Missing))
            .map(|p| p.name.clone())
            .collect(),
    }
}

impl DraftData {
    /// The amount typed, where the package knows none.
    pub fn fee_typed(&self) -> Option<i64> {
        sum_typed(&self.fee)
    }

    /// Fact and entry time: nothing typed is now.
    pub fn when(&self, now: Moment) -> Result<When, Objection> {
        if self.happened_at.is_empty() {
            return Ok(When::now(now));
        }
        let local: jiff::civil::DateTime = self.happened_at.parse().map_err(|_| Objection::ImpossibleTime)?;
        Ok(When { happened_at: Moment::from_local(local), recorded_at: now, reason: some(&self.late_reason) })
    }

    /// When it is received: now, or when it was by the paper book.
    pub fn received_at(&self, now: Moment) -> Moment {
        self.when(now).map_or(now, |when| when.happened_at)
    }

    /// Working seconds at the counter so far; while parked, time stands still.
    pub fn seconds(&self, now: Moment) -> u32 {
        let running = self.taken_up_at.map_or(0, |since| now.since(since).as_secs());
        self.spent.saturating_add(u32::try_from(running).unwrap_or(0))
    }

    /// Stops the clock.
    pub fn stop_clock(&mut self, now: Moment) {
        self.spent = self.seconds(now);
        self.taken_up_at = None;
    }
}

/// What is wrong with what was typed.
pub fn faults(data: &DraftData, today: jiff::civil::Date) -> Vec<Fault> {
    let beside = |fault: Fault| Fault { field: input_of(&fault.field).to_owned(), ..fault };
    let mut out: Vec<Fault> = data.applicant.faults(today).into_iter().map(beside).collect();
    if !data.fee.is_empty() && data.fee_typed().is_none() {
        out.push(Fault { field: input::FEE.to_owned(), wrong: Wrong::Number });
    }
    out.extend(too_long(data));
    out
}

/// What has more letters than its input takes. Nothing is cut off: it is kept as typed until somebody shortens it.
fn too_long(data: &DraftData) -> impl Iterator<Item = Fault> {
    let person = &data.applicant;
    let limits = [
        (input::TICKET, data.ticket.as_str(), MOST_TICKET),
        (input::NAME, person.name.as_str(), MOST_NAME),
        (input::ADDRESS, person.address.as_str(), MOST_ADDRESS),
        (input::SUBMITTER, data.submitter_name.as_deref().unwrap_or_default(), MOST_NAME),
        (input::LATE, data.late_reason.as_str(), decide::MOST_LETTERS),
    ];
    limits.into_iter().filter_map(|(field, written, max)| {
        let typed = written.chars().count();
        (typed > max).then(|| Fault { field: field.to_owned(), wrong: Wrong::TooLong { max, typed } })
    })
}

/// The input of this form that asks for a part of the person.
fn input_of(field: &str) -> &str {
    match field {
        of_person::NAME => input::NAME,
        of_person::ID_NUMBER => input::ID,
        of_person::BIRTH => input::BIRTH,
        of_person::PHONE => input::PHONE,
        of_person::EMAIL => input::EMAIL,
        field => field,
    }
}

/// What accepting needs besides.
pub fn gaps(data: &DraftData, package: Option<&Package>) -> Vec<Fault> {
    let fault = |field: &str, label: &str| Fault { field: field.to_owned(), wrong: Wrong::NotChosen { label: label.to_owned() } };
    let empty = |field: &str, label: &str| Fault { field: field.to_owned(), wrong: Wrong::Missing { label: label.to_owned() } };
    let mut out = Vec::new();
    if data.result_channel == Some(ResultChannel::Post) && data.applicant.address.is_empty() {
        out.push(empty(input::ADDRESS, "Nơi cư trú"));
    }
    match package {
        None => out.push(fault(input::PROCEDURE, "Thủ tục")),
        Some(package) if package.cases.len() > 1 && data.case.is_none() => out.push(fault(input::CASE, "Trường hợp")),
        Some(_) => {}
    }
    if data.result_channel.is_none() {
        out.push(fault(input::RESULT, "Cách nhận kết quả"));
    }
    if package.is_some_and(|package| lacks_amount(data, package)) {
        out.push(empty(input::FEE, "Lệ phí"));
    }
    out
}

/// Is the amount of the fee still to be said? It is where it was taken already, and, for what can be accepted, where the package knows the
/// rate and only the desk sees how many pages or copies there are; unless the desk says that it cannot be told yet.
fn lacks_amount(data: &DraftData, package: &Package) -> bool {
    let due = fee_due(package, data.channel_at_desk(), data.case.as_deref());
    if due.amount.is_some() || !data.fee.is_empty() {
        return false;
    }
    let is_complete = data.verdicts.values().all(|found| *found != Verdict::Missing);
    data.fee_taken || (is_by_rate(package, &due) && is_complete && !data.fee_open)
}
