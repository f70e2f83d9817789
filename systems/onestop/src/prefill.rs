//! Answers the house already knows, put into a fresh draft. Everything stays correctable by the person.

use crate::draft::DraftData;
use crate::form::{DATE_PARTS, inputs};
use catalogue::package::{Field, FieldKind, Package, Prefill};

/// Fills empty answers from the applicant's own data.
pub fn fill(data: &mut DraftData, package: &Package) {
    let fields = package.form.iter().flat_map(|f| &f.pages).flat_map(|p| &p.fields);
    for field in fields {
        let Some(source) = field.prefill else { continue };
        if inputs(field).iter().any(|name| !data.answers.get(name).is_empty()) {
            continue;
        }
        let known = match source {
            Prefill::Name => data.applicant.name.clone(),
            Prefill::BirthDate => data.applicant.birth.clone(),
            Prefill::CitizenId => data.applicant.id_number.clone(),
            Prefill::Sex => sex_choice(field, &data.applicant.sex),
            Prefill::Address => data.applicant.address.clone(),
            Prefill::Phone => data.applicant.phone.clone(),
            Prefill::Email => data.applicant.email.clone(),
        };
        put(data, field, &known);
    }
}

fn put(data: &mut DraftData, field: &Field, known: &str) {
    if known.is_empty() {
        return;
    }
    if matches!(field.kind, FieldKind::Date | FieldKind::PartialDate) {
        // 2026-11-05, 2026-11 or 2026: the last part is the smallest known
        let parts: Vec<&str> = known.split('-').rev().collect();
        for (part, value) in DATE_PARTS[3 - parts.len().min(3)..].iter().zip(parts) {
            data.answers.0.insert(format!("{}.{part}", field.id), value.trim_start_matches('0').to_owned());
        }
    } else {
        data.answers.0.insert(field.id.clone(), known.to_owned());
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
