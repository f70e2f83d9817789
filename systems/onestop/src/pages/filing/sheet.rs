//! A page of a draft in somebody's hands: from which state of the draft it was drawn, which inputs it speaks of, and what was changed on
//! another page since. Pure.
//!
//! Two tabs or two machines may hold the same page. What one of them has not seen it must not overwrite: a question that was answered
//! elsewhere since the page was drawn stays as it is held, and the person chooses between both texts.

use super::{CONTACT, RESULT, contact, form_page, pages};
use crate::dossier::ResultChannel;
use crate::draft::{Change, DraftData};
use crate::form::inputs;
use base::Moment;
use catalogue::package::Package;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The hidden input that says which sheet a form was sent from.
const SHEET: &str = "to-nay";
/// Names an input that was typed in, once for each; a form without it speaks of all its inputs.
const ONLY: &str = "chi-nhung";
/// Before a question: the version of the draft in which the other text was seen.
const SEEN_AT: &str = "da-xem.";
/// Before a question: which of two texts was chosen.
const CHOICE: &str = "chon.";

/// Inputs with their values.
pub(super) type Inputs = Vec<(String, String)>;

/// One drawing of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sheet {
    /// The version of the draft it was drawn from.
    pub version: i64,
    /// Which drawing: what came from it is never news to it.
    pub id: Uuid,
}

impl Sheet {
    /// The sheet a form was sent from; programs, and pages of before there were sheets, name none.
    fn of(sent: &[(String, String)]) -> Option<Sheet> {
        let (version, id) = last(sent, SHEET).split_once('.')?;
        Some(Sheet { version: version.parse().ok()?, id: id.parse().ok()? })
    }
}

impl std::fmt::Display for Sheet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.version, self.id)
    }
}

/// A question that was answered otherwise on another page since this one was drawn.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Dispute {
    /// Its name.
    pub question: String,
    /// What the draft holds.
    pub held: Inputs,
    /// What this page sent.
    pub sent: Inputs,
    /// When the other text was kept.
    pub at: Moment,
    /// In which version of the draft.
    pub version: i64,
}

/// What of a page is taken.
#[derive(Debug)]
pub(super) struct Settled {
    /// All inputs of the page; those it does not speak of and those in dispute as they are held.
    pub inputs: Inputs,
    /// What the person must choose.
    pub disputes: Vec<Dispute>,
}

/// The last value sent under a name; empty when there is none.
pub(super) fn last<'s>(sent: &'s [(String, String)], name: &str) -> &'s str {
    sent.iter().rev().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
}

/// The name of the choice between the two texts of a question.
pub(super) fn choice(question: &str) -> String {
    format!("{CHOICE}{question}")
}

/// Settles what a page sent with what the draft holds.
pub(super) fn settle(data: &DraftData, package: &Package, page: &str, sent: &[(String, String)], now: Moment) -> Settled {
    let only: BTreeSet<&str> = sent.iter().filter(|(name, _)| name == ONLY).map(|(_, input)| input.as_str()).collect();
    let came = |inputs: &Inputs| -> Inputs {
        let one = |(name, value): &(String, String)| -> Inputs {
            if only.is_empty() || only.contains(name.as_str()) {
                sent.iter().filter(|(n, _)| n == name).cloned().collect()
            } else {
                vec![(name.clone(), value.clone())]
            }
        };
        inputs.iter().flat_map(one).collect()
    };
    let before = held(data, package, page);
    let mut tried = data.clone();
    put(&mut tried, package, page, &before.iter().flat_map(|(_, inputs)| came(inputs)).collect::<Inputs>(), now);
    let dispute = |(question, held): &(String, Inputs), wanted: Inputs| {
        let change = elsewhere(data, page, question, held, &wanted, sent)?;
        Some(Dispute { question: question.clone(), held: held.clone(), sent: wanted, at: change.at, version: change.version })
    };
    let wanted = self::held(&tried, package, page);
    let disputes: Vec<Dispute> = before.iter().zip(wanted).filter_map(|(held, (_, wanted))| dispute(held, wanted)).collect();
    let taken = |(question, held): &(String, Inputs)| {
        if disputes.iter().any(|d| d.question == *question) { held.clone() } else { came(held) }
    };
    let inputs = before.iter().flat_map(taken).collect();
    Settled { inputs, disputes }
}

/// The last change of a question that the sheet has neither made nor seen, when it would be overwritten.
fn elsewhere<'d>(
    data: &'d DraftData,
    page: &str,
    question: &str,
    held: &[(String, String)],
    wanted: &[(String, String)],
    sent: &[(String, String)],
) -> Option<&'d Change> {
    let sheet = Sheet::of(sent)?;
    let seen: i64 = last(sent, &format!("{SEEN_AT}{question}")).parse().unwrap_or(0);
    let seen = seen.max(sheet.version);
    let overwritten = held.iter().zip(wanted).filter(|((_, held), (_, wanted))| flat(held) != flat(wanted));
    overwritten
        .filter_map(|((name, _), _)| data.changed.get(&key(page, name)))
        .filter(|change| change.version > seen && change.sheet != sheet.id)
        .max_by_key(|change| change.version)
}

/// Puts what a page says into a draft, as typed.
pub(super) fn put(data: &mut DraftData, package: &Package, page: &str, sent: &[(String, String)], now: Moment) {
    match page {
        CONTACT => {
            contact::take(data, sent);
            crate::prefill::fill(data, package, now.date());
        }
        RESULT => data.result_channel = ResultChannel::parse(last(sent, "kenh")),
        _ => {
            if let Some(asked) = form_page(package, page) {
                data.answers.take(asked, sent);
            }
        }
    }
}

/// Notes on which inputs, of whatever page, are now otherwise than before; `version` is the one the draft is about to have.
pub(super) fn note(
    data: &mut DraftData,
    before: &DraftData,
    package: &Package,
    sent: &[(String, String)],
    version: i64,
    at: Moment,
) {
    let by = Change { version, sheet: Sheet::of(sent).map_or(Uuid::nil(), |sheet| sheet.id), at };
    for (page, _) in pages(package) {
        let flatten = |all: Vec<(String, Inputs)>| all.into_iter().flat_map(|(_, inputs)| inputs);
        let was: BTreeMap<String, String> = flatten(held(before, package, &page)).collect();
        for (name, value) in flatten(held(data, package, &page)) {
            if was.get(&name) != Some(&value) {
                data.changed.insert(key(&page, &name), by.clone());
            }
        }
    }
}

/// Puts the text that was chosen in the place of the one held; what was typed anew meanwhile stays.
pub(super) fn as_chosen(fields: &mut Inputs) {
    let choices: Vec<String> =
        fields.iter().filter(|(name, _)| name.starts_with(CHOICE)).map(|(_, choice)| choice.clone()).collect();
    for choice in choices {
        let Ok((held, mine)) = serde_json::from_str::<(Inputs, Inputs)>(&choice) else { continue };
        let sent = |name: &str| fields.iter().filter(|(n, _)| n == name).map(|(_, v)| v.as_str()).collect::<Vec<_>>().join("\n");
        if held.iter().any(|(name, value)| flat(&sent(name)) != flat(value)) {
            continue;
        }
        fields.retain(|(name, _)| !mine.iter().any(|(n, _)| n == name));
        if fields.iter().any(|(name, _)| name == ONLY) {
            fields.extend(mine.iter().map(|(name, _)| (ONLY.to_owned(), name.clone())));
        }
        fields.extend(mine);
    }
}

/// What a draft holds of a page: each question with its inputs, as a page that nobody touched sends them.
fn held(data: &DraftData, package: &Package, page: &str) -> Vec<(String, Inputs)> {
    match page {
        CONTACT => contact::held(data),
        RESULT => {
            let channel = data.result_channel.map_or("", ResultChannel::as_str);
            vec![("kenh".to_owned(), vec![("kenh".to_owned(), channel.to_owned())])]
        }
        _ => {
            let asked = form_page(package, page).into_iter().flat_map(|page| &page.fields);
            let value = |name: String| {
                let value = data.answers.get(&name).to_owned();
                (name, value)
            };
            asked.map(|field| (field.id.clone(), inputs(field).into_iter().map(value).collect())).collect()
        }
    }
}

/// Where the last change of an input is noted.
fn key(page: &str, input: &str) -> String {
    format!("{page}/{input}")
}

/// A browser sends the ends of lines its own way.
fn flat(text: &str) -> String {
    text.replace("\r\n", "\n")
}
