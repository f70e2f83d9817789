//! The floors hold: no room uses one it may not, and the page about it says the same.
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

/// Floors from the lowest up.
const FLOORS: [&str; 4] = ["ground", "tools", "systems", "apps"];

#[derive(serde::Deserialize)]
struct Room {
    what: String,
    may_use: Vec<String>,
}

type Floors = BTreeMap<String, BTreeMap<String, Room>>;

fn floors() -> Floors {
    toml::from_str(&std::fs::read_to_string(testkit::root().join("docs/floors.toml")).unwrap()).unwrap()
}

/// What cargo knows: room → floor, rooms used (dev-dependencies apart).
fn rooms() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let root = testkit::root();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let out = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(&root)
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&out.stdout).unwrap();
    let short = |name: &str| name.strip_prefix("motcua-").unwrap_or(name).to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    let inside: BTreeSet<&str> = packages.iter().map(|p| p["name"].as_str().unwrap()).collect();
    packages
        .iter()
        .map(|p| {
            let folder =
                p["manifest_path"].as_str().unwrap().strip_prefix(root.to_str().unwrap()).unwrap().trim_start_matches('/');
            let floor = folder.split('/').next().unwrap().to_owned();
            let floor = if floor == "bench" { "apps".to_owned() } else { floor };
            let uses = p["dependencies"].as_array().unwrap().iter();
            let uses = uses.filter(|d| d["kind"].as_str() != Some("dev")).map(|d| d["name"].as_str().unwrap());
            (short(p["name"].as_str().unwrap()), (floor, uses.filter(|n| inside.contains(n)).map(short).collect()))
        })
        .collect()
}

#[test]
fn every_room_is_on_its_floor_and_uses_only_what_it_may() {
    let floors = floors();
    let rooms = rooms();
    let lower: BTreeSet<String> =
        ["ground", "tools"].iter().flat_map(|f| floors[*f].keys().cloned()).filter(|r| r != "testkit").collect();
    let mut wrong = vec![];
    for (room, (floor, uses)) in &rooms {
        let Some(declared) = floors.get(floor).and_then(|f| f.get(room)) else {
            wrong.push(format!("{room} stands in {floor}/ but not in docs/floors.toml"));
            continue;
        };
        for used in uses {
            let free = floor == "systems" && lower.contains(used);
            if !free && !declared.may_use.iter().any(|m| m == used || m == "*") {
                wrong.push(format!("{room} may not use {used}"));
            }
        }
    }
    for (floor, declared) in &floors {
        for room in declared.keys().filter(|r| *r != "bench" && !rooms.contains_key(*r)) {
            wrong.push(format!("{floor}/{room} is declared but there is no such crate: no empty rooms"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn systems_use_each_other_in_one_direction() {
    let systems = &floors()["systems"];
    fn reaches(systems: &BTreeMap<String, Room>, from: &str, to: &str) -> bool {
        systems[from].may_use.iter().any(|next| next == to || reaches(systems, next, to))
    }
    for room in systems.keys() {
        assert!(!reaches(systems, room, room), "{room} uses itself");
    }
}

/// Set `UPDATE=1` to write the table anew.
#[test]
fn the_page_about_the_house_shows_these_floors() {
    let mut table = String::from("| floor | room | what it is | may use |\n|---|---|---|---|\n");
    let floors = floors();
    for floor in FLOORS {
        for (room, Room { what, may_use }) in &floors[floor] {
            let may = if may_use.is_empty() { "—".to_owned() } else { may_use.join(", ").replace('*', "all") };
            table += &format!("| {floor} | `{room}` | {what} | {may} |\n");
        }
    }
    let path = testkit::root().join("docs/architecture.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let (start, end) = ("<!-- floors -->\n", "<!-- /floors -->");
    let from = page.find(start).expect("a place for the table") + start.len();
    let to = page.find(end).expect("its end");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{}{table}{}", &page[..from], &page[to..])).unwrap();
        return;
    }
    assert_eq!(&page[from..to], table, "run this test with UPDATE=1");
}

#[test]
fn every_system_that_writes_events_proves_its_frozen_samples() {
    fn texts(folder: &std::path::Path) -> String {
        let Ok(found) = std::fs::read_dir(folder) else { return String::new() };
        let read = |path: std::path::PathBuf| {
            if path.is_dir() { texts(&path) } else { std::fs::read_to_string(path).unwrap_or_default() }
        };
        found.map(|entry| read(entry.unwrap().path())).collect()
    }
    let mut writing = 0;
    for system in floors()["systems"].keys() {
        let folder = testkit::root().join("systems").join(system);
        let events = texts(&folder.join("src")).matches("store::Event for").count();
        assert_eq!(texts(&folder.join("tests")).matches("testkit::frozen::<").count(), events, "{system}");
        writing += events;
    }
    assert!(writing > 2);
}
