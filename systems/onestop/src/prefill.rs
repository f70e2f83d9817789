//! Answers the house already knows, put into a draft. Everything stays correctable by the person: what they put right where it was asked
//! first is put right wherever it was filled in from there, and what they wrote themselves is never touched.

use crate::draft::{Applicant, DraftData, asked};
use crate::form::{Answers, DATE_PARTS, citizen_id, inputs};
use catalogue::package::{Field, FieldKind, Package, Prefill};
use jiff::civil::Date;

/// Fills in what is known of the applicant: answers that are empty, and those that still stand as they were filled in before. What is wrong
/// about the applicant is not spread.
pub fn fill(data: &mut DraftData, package: &Package, today: Date) {
    let known = sound(&data.applicant, today);
    let fields = package.form.iter().flat_map(|f| &f.pages).flat_map(|p| &p.fields);
    for field in fields {
        let Some(source) = field.prefill else { continue };
        let names = inputs(field);
        if names.iter().any(|name| data.answers.get(name) != data.prefilled.get(name)) {
            continue;
        }
        let now = answers(field, &answer(field, source, &known, today));
        for name in names {
            keep(&mut data.answers, &name, now.get(&name));
            keep(&mut data.prefilled, &name, now.get(&name));
        }
    }
}

/// The applicant without what is wrong.
fn sound(typed: &Applicant, today: Date) -> Applicant {
    let mut known = typed.clone();
    for fault in typed.faults(today) {
        match fault.field.as_str() {
            asked::NAME => known.name.clear(),
            asked::ID_NUMBER => known.id_number.clear(),
            asked::BIRTH => known.birth.clear(),
            asked::PHONE => known.phone.clear(),
            asked::EMAIL => known.email.clear(),
            _ => {}
        }
    }
    known
}

/// What is known of the applicant, as this field takes it; empty when it does not.
fn answer(field: &Field, source: Prefill, known: &Applicant, today: Date) -> String {
    match source {
        Prefill::Name => known.name.clone(),
        Prefill::BirthDate => known.birth.clone(),
        // a passport has a number too, which is none of twelve digits
        Prefill::CitizenId => citizen_id(&known.id_number, today).unwrap_or_default(),
        Prefill::Sex => sex_choice(field, &known.sex),
        Prefill::Address => known.address.clone(),
        Prefill::Phone => known.phone.clone(),
        Prefill::Email => known.email.clone(),
    }
}

/// The inputs of a field, filled in.
fn answers(field: &Field, known: &str) -> Answers {
    let mut out = Answers::default();
    if matches!(field.kind, FieldKind::Date | FieldKind::PartialDate) {
        // 2026-11-05, 2026-11 or 2026: the last part is the smallest known
        let parts: Vec<&str> = known.split('-').rev().collect();
        for (part, value) in DATE_PARTS[3 - parts.len().min(3)..].iter().zip(parts) {
            keep(&mut out, &format!("{}.{part}", field.id), value.trim_start_matches('0'));
        }
    } else {
        keep(&mut out, &field.id, known);
    }
    out
}

fn keep(answers: &mut Answers, name: &str, value: &str) {
    if value.is_empty() {
        answers.0.remove(name);
    } else {
        answers.0.insert(name.to_owned(), value.to_owned());
    }
}

/// The form's own value for a sex; forms name their choices themselves.
fn sex_choice(field: &Field, sex: &str) -> String {
    let wanted = match sex {
        "male" => ["nam", "male"],
        "female" => ["nu", "female"],
        _ => return String::new(),
    };
    field.options.iter().find(|o| wanted.contains(&o.value.as_str())).map_or_else(String::new, |o| o.value.clone())
}
