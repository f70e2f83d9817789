//! What the demo province promises beyond the format: the packages hang together with each other, the units, the people and the lists.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::due::{Amount, TermUnit};
use base::{AgencyCode, CitizenId, ProcedureCode};
use catalogue::package::{self, Competence, FieldKind, Package, PaperKind, ServiceKind, StepAct};

/// Minutes of a working day (OS-33).
const WORKING_DAY: u32 = 480;

fn text(path: &str) -> String {
    std::fs::read_to_string(crate::data().join(path)).unwrap()
}

fn packages() -> BTreeMap<ProcedureCode, Package> {
    let list = std::fs::read_dir(crate::data().join("procedures")).unwrap();
    let dirs = list.map(|f| f.unwrap().path()).filter(|p| p.is_dir());
    dirs.map(|d| package::read(&d).unwrap()).map(|p| (p.code.clone(), p)).collect()
}

/// First cells of each line; the cells asked for hold no quotes.
fn rows(csv: &str, cells: usize) -> Vec<Vec<String>> {
    csv.lines().skip(1).map(|l| l.split(',').take(cells).map(str::to_owned).collect()).collect()
}

fn assert_none(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[derive(serde::Deserialize)]
struct Events {
    event: Vec<LifeEvent>,
}

#[derive(serde::Deserialize)]
struct LifeEvent {
    id: String,
    procedures: Vec<ProcedureCode>,
}

#[derive(serde::Deserialize)]
struct Officers {
    officer: Vec<Officer>,
}

#[derive(serde::Deserialize)]
struct Officer {
    user: String,
    #[serde(default)]
    seconded: bool,
    post: Vec<Post>,
}

#[derive(serde::Deserialize)]
struct Post {
    unit: String,
    roles: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Citizens {
    citizen: Vec<Citizen>,
}

#[derive(serde::Deserialize)]
struct Citizen {
    key: String,
    born: String,
    commune: String,
    citizen_id: Option<CitizenId>,
    passport: Option<String>,
}

#[test]
fn there_are_at_least_sixty_packages_and_twelve_full_forms() {
    let all = packages();
    assert!(all.len() >= 60, "{} packages", all.len());
    let forms = all.values().filter(|p| p.form.is_some()).count();
    assert!(forms >= 12, "{forms} forms");
}

#[test]
fn every_package_has_a_short_name_synonyms_a_summary_and_a_source() {
    let lacks =
        |p: &Package| [p.short_name.is_empty(), p.synonyms.is_empty(), p.summary.is_empty(), p.source.is_empty()].contains(&true);
    assert_none(packages().values().filter(|p| lacks(p)).map(|p| p.code.to_string()).collect());
}

#[test]
fn no_two_packages_share_a_short_name_or_a_synonym() {
    let mut seen: HashMap<String, ProcedureCode> = HashMap::new();
    let mut wrong = vec![];
    for p in packages().values() {
        let own: BTreeSet<String> = std::iter::once(&p.short_name).chain(&p.synonyms).map(|s| s.to_lowercase()).collect();
        for word in own {
            if let Some(other) = seen.insert(word.clone(), p.code.clone()) {
                wrong.push(format!("{} and {other}: {word}", p.code));
            }
        }
    }
    assert_none(wrong);
}

#[test]
fn minutes_of_the_steps_add_up_to_the_shortest_term() {
    let mut wrong = vec![];
    for p in packages().values().filter(|p| !p.steps.is_empty()) {
        let sum: u32 = p.steps.iter().map(|s| s.minutes).sum();
        let settled: Vec<(Amount, TermUnit)> = p.terms.iter().filter_map(|t| t.settled()).collect();
        let minutes = |n: &Amount| n.in_halves() * WORKING_DAY / 2;
        let days = settled.iter().filter(|(_, u)| *u == TermUnit::WorkingDay).map(|(n, _)| minutes(n)).min();
        let fits = match days {
            Some(minutes) => sum == minutes,
            // Two days of each calendar week are off, so a calendar term holds at most five sevenths of its days as work.
            None => settled
                .iter()
                .filter(|(_, u)| *u == TermUnit::CalendarDay)
                .map(|(n, _)| minutes(n) * 5 / 7)
                .min()
                .is_some_and(|most| 0 < sum && sum <= most),
        };
        if !fits {
            wrong.push(format!("{}: steps take {sum} minutes, terms are {settled:?}", p.code));
        }
        let acts: Vec<StepAct> = p.steps.iter().map(|s| s.act).collect();
        for act in [StepAct::Process, StepAct::Approve, StepAct::Issue, StepAct::Return] {
            if !acts.contains(&act) {
                wrong.push(format!("{}: no step that stands for {act:?}", p.code));
            }
        }
    }
    assert_none(wrong);
}

#[test]
fn what_a_source_leaves_open_says_so() {
    let mut wrong = vec![];
    for p in packages().values() {
        for t in p.terms.iter().filter(|t| t.settled().is_none() && t.basis.is_empty()) {
            wrong.push(format!("{}: term {} is open and does not say why", p.code, t.id));
        }
        for f in p.fees.iter().filter(|f| f.amount.is_none() && f.condition.is_empty()) {
            wrong.push(format!("{}: fee {} has no amount and does not say who sets it", p.code, f.id));
        }
        if p.elsewhere.is_none() && p.terms.is_empty() {
            wrong.push(format!("{}: no term row at all", p.code));
        }
    }
    assert_none(wrong);
}

#[test]
fn only_a_package_with_a_form_lets_the_form_stand_for_a_paper() {
    let mut wrong = vec![];
    for p in packages().values() {
        let stands = p.papers.iter().filter(|r| r.by_form).count();
        if (stands == 1) != p.form.is_some() {
            wrong.push(format!("{}: {stands} papers stand for the form", p.code));
        }
    }
    assert_none(wrong);
}

#[test]
fn competence_names_a_department_that_exists_or_a_field_that_asks_for_a_commune() {
    let units: BTreeSet<String> = rows(&text("units/units.csv"), 1).into_iter().map(|r| r[0].clone()).collect();
    let mut wrong = vec![];
    for p in packages().values() {
        let known = match &p.competence {
            Competence::Department { key } => units.contains(key),
            Competence::Commune { by_field: Some(id) } => p
                .form
                .iter()
                .flat_map(|f| &f.pages)
                .flat_map(|page| &page.fields)
                .any(|f| f.id == *id && f.kind == FieldKind::Commune && f.required && f.show_if.is_none()),
            Competence::Commune { by_field: None } | Competence::Anywhere | Competence::Unknown => true,
        };
        if !known {
            wrong.push(format!("{}: {:?}", p.code, p.competence));
        }
    }
    assert_none(wrong);
}

#[test]
fn matters_of_another_register_cannot_be_filed_here() {
    let on_list: BTreeSet<String> = rows(&text("demo/local-list.csv"), 1).into_iter().map(|r| r[0].clone()).collect();
    let mut wrong = vec![];
    for p in packages().values() {
        let listed = on_list.contains(&p.code.to_string());
        match &p.elsewhere {
            Some(there) => {
                let fileable = listed || !p.steps.is_empty() || p.form.is_some() || p.service != ServiceKind::Information;
                let slots = p.papers.iter().any(|r| r.kind != PaperKind::Note);
                if fileable || slots || there.advice.is_empty() {
                    wrong.push(format!("{}: lives elsewhere and can be filed here", p.code));
                }
            }
            None if !listed => wrong.push(format!("{}: not on the list of the demo province", p.code)),
            None => {}
        }
        if p.decision.agency == "Bộ Công an" && p.elsewhere.is_none() {
            wrong.push(format!("{}: a matter of the police without its mirror", p.code));
        }
    }
    let ours: BTreeSet<String> = packages().keys().map(ToString::to_string).collect();
    wrong.extend(on_list.difference(&ours).map(|c| format!("{c}: on the list, but there is no package")));
    assert_none(wrong);
}

#[test]
fn life_events_and_packages_name_each_other() {
    let events: Events = toml::from_str(&text("demo/life-events.toml")).unwrap();
    assert_eq!(events.event.len(), 9);
    let listed: BTreeSet<(String, ProcedureCode)> =
        events.event.iter().flat_map(|e| e.procedures.iter().map(|c| (e.id.clone(), c.clone()))).collect();
    let told: BTreeSet<(String, ProcedureCode)> =
        packages().values().flat_map(|p| p.life_events.iter().map(|e| (e.clone(), p.code.clone()))).collect();
    assert_eq!(listed, told);
}

/// Wording of screens: no formula of courtesy, no "invalid", no exclamation mark, money written out.
#[test]
fn packages_speak_to_people_in_the_words_of_the_house() {
    let forbidden = ["vui lòng", "quý khách", "không hợp lệ", "xin lỗi", "!", " vnđ", " đ ", "submit", "ok"];
    let mut wrong = vec![];
    for p in packages().values() {
        let form = p.form.iter().flat_map(|f| &f.pages).flat_map(|page| {
            std::iter::once(page.title.as_str())
                .chain(page.fields.iter().flat_map(|f| [f.label.as_str(), f.hint.as_str()]))
                .chain(page.fields.iter().flat_map(|f| f.options.iter().map(|o| o.label.as_str())))
        });
        let papers = p.papers.iter().flat_map(|r| [r.name.as_str(), r.note.as_str()]);
        let said = form.chain(papers).chain(p.guidance.iter().map(String::as_str)).chain([p.summary.as_str()]);
        for sentence in said {
            let low = format!(" {} ", sentence.to_lowercase());
            for word in forbidden.iter().filter(|w| match w.len() {
                2 => low.split_whitespace().any(|s| s == **w),
                _ => low.contains(**w),
            }) {
                wrong.push(format!("{}: “{word}” in “{sentence}”", p.code));
            }
            if base::text::nfc(sentence) != sentence {
                wrong.push(format!("{}: not NFC: “{sentence}”", p.code));
            }
        }
    }
    assert_none(wrong);
}

#[test]
fn units_have_one_key_and_one_code_and_stand_below_a_unit_named_before() {
    let (mut keys, mut codes) = (BTreeSet::new(), BTreeSet::new());
    let mut communes = 0;
    for row in rows(&text("units/units.csv"), 4) {
        let [key, code, parent, kind] = <[String; 4]>::try_from(row).unwrap();
        code.parse::<AgencyCode>().unwrap();
        assert!(parent.is_empty() || keys.contains(&parent), "{key} before {parent}");
        assert!(["province", "department", "commune", "centre", "division"].contains(&kind.as_str()), "{kind}");
        communes += usize::from(kind == "commune");
        assert!(codes.insert(code), "{key}: the code is used twice");
        assert!(keys.insert(key.clone()), "{key} twice");
    }
    assert_eq!(communes, 64);
}

#[test]
fn demo_people_are_invented_and_stand_in_units_that_exist() {
    let units: BTreeSet<String> = rows(&text("units/units.csv"), 1).into_iter().map(|r| r[0].clone()).collect();
    let officers: Officers = toml::from_str(&text("demo/officers.toml")).unwrap();
    let mut users = BTreeSet::new();
    for o in &officers.officer {
        assert!(users.insert(&o.user), "{} twice", o.user);
        assert_eq!(o.seconded, o.post.len() == 2, "{}: home post and desk post", o.user);
        for post in &o.post {
            assert!(units.contains(&post.unit), "{}: no unit {}", o.user, post.unit);
            assert!(!post.roles.is_empty(), "{}: a post without a role", o.user);
        }
    }
    let citizens: Citizens = toml::from_str(&text("demo/citizens.toml")).unwrap();
    let mut ids = BTreeSet::new();
    for c in &citizens.citizen {
        assert!(units.contains(&c.commune), "{}: no commune {}", c.key, c.commune);
        let Some(id) = &c.citizen_id else {
            assert!(c.passport.is_some(), "{}: neither number nor passport", c.key);
            continue;
        };
        assert!(id.province().is_none(), "{}: a province code that was given out", c.key);
        assert_eq!(c.born[..4], id.birth_year().to_string(), "{}", c.key);
        assert!(ids.insert(id.to_string()), "{}: the number is used twice", c.key);
    }
}

#[test]
fn whoever_reads_english_can_fill_in_every_form() {
    let mut wrong = vec![];
    for p in packages().values().filter(|p| p.form.is_some()) {
        let told = p.clone().told_in(base::Lang::En);
        let (ours, theirs) = (serde_json::to_value(p).unwrap(), serde_json::to_value(&told).unwrap());
        for part in ["/summary", "/form", "/papers", "/steps", "/results", "/cases", "/guidance"] {
            let (ours, theirs) = (ours.pointer(part), theirs.pointer(part));
            untold(part, ours, theirs, &p.english, &mut wrong);
        }
        for said in p.english.keys().filter(|said| !ours.to_string().contains(&serde_json::to_string(said).unwrap())) {
            wrong.push(format!("{}: en.toml translates what the package does not say: {said}", p.code));
        }
    }
    assert_none(wrong);
}

/// Collects sentences under the keys people read that are the same in English, and have no English of their own.
fn untold(
    key: &str,
    ours: Option<&serde_json::Value>,
    theirs: Option<&serde_json::Value>,
    english: &BTreeMap<String, String>,
    wrong: &mut Vec<String>,
) {
    use serde_json::Value;
    match (ours, theirs) {
        (Some(Value::Object(ours)), Some(Value::Object(theirs))) => {
            ours.iter().for_each(|(key, value)| untold(key, Some(value), theirs.get(key), english, wrong));
        }
        (Some(Value::Array(ours)), Some(Value::Array(theirs))) => {
            ours.iter().zip(theirs).for_each(|(o, t)| untold(key, Some(o), Some(t), english, wrong));
        }
        (Some(Value::String(said)), Some(Value::String(told))) => {
            let is_read =
                matches!(key, "label" | "hint" | "title" | "short" | "name" | "note" | "when" | "/summary" | "/guidance");
            if is_read && said == told && !english.contains_key(said) {
                wrong.push(format!("no English: {said}"));
            }
        }
        _ => {}
    }
}
