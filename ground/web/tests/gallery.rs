//! `/ui` shows every component in every state: who adds one adds it there.

use std::collections::BTreeSet;

use crate::house::Service;

/// Settings that change what is sent, said to machines, or counted, and nothing that is seen; and functions that draw no component of
/// their own. Everything else stands in the gallery.
const UNSEEN: &[&str] = &[
    "csrf",
    "csrf_once",
    "data",
    "endpoint",
    "error_summary",
    "fault_in",
    "form",
    "heading2",
    "hidden",
    "icon_as",
    "inputmode",
    "live",
    "name",
    "many",
    "max",
    "must",
    "read",
    "row_opt",
    "script_icons",
    "value_opt",
];

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// What a module offers: functions that make a component, settings of components, and the variants of their states.
fn offered(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut of = None;
    for line in text.lines() {
        let name = |from: &str| from.split(['(', '<', ' ', ',', '{']).next().unwrap_or_default().to_owned();
        if let Some(rest) = line.strip_prefix("pub fn ").or_else(|| line.strip_prefix("    pub fn ")) {
            // What is asked of a component, instead of set, shows nothing.
            if !rest.contains("(&self") && !rest.contains("(self) -> &'static str") {
                found.insert(name(rest));
            }
        } else if let Some(rest) = line.strip_prefix("pub enum ") {
            of = Some(name(rest));
        } else if line == "}" {
            of = None;
        } else if let (Some(of), Some(rest)) = (&of, line.strip_prefix("    ").filter(|r| r.starts_with(char::is_uppercase))) {
            found.insert(format!("{of}::{}", name(rest)));
        }
    }
    found
}

#[test]
fn no_component_and_no_state_of_one_is_missing_from_the_gallery() {
    let gallery = ["src/gallery.rs", "templates/pages/gallery.html", "templates/pages/gallery-officer.html"].map(read).concat();
    let shown = |what: &String| match what.contains("::") {
        true => gallery.contains(what),
        false => gallery.contains(&format!("{what}(")) || gallery.contains(&format!("::{what}")),
    };
    let (mut all, mut missing) = (BTreeSet::new(), vec![]);
    for entry in std::fs::read_dir(format!("{}/src/ui", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let offers = offered(&read(&format!("src/ui/{name}")));
        missing.extend(offers.iter().filter(|o| !shown(o) && !UNSEEN.contains(&o.as_str())).map(|o| format!("{name}: {o}")));
        all.extend(offers);
    }
    assert!(all.len() > 100, "only {} were found", all.len());
    assert!(missing.is_empty(), "not on /ui:\n{}", missing.join("\n"));
    let gone: Vec<_> = UNSEEN.iter().filter(|name| !all.contains(**name)).collect();
    assert!(gone.is_empty(), "called unseen and not there: {gone:?}");
}

#[test]
fn the_gallery_draws_every_kind_of_field_with_and_without_its_fault_and_every_state_of_lists() {
    testkit::run(async {
        let service = Service::on(testkit::Engine::Sqlite.fresh().await).await;
        let page = service.get("/ui", "").await.text;
        let (_, rest) = page.split_once("id=\"g-o\"").unwrap();
        let (plain, rest) = rest.split_once("id=\"g-sai\"").unwrap();
        let (faulty, rest) = rest.split_once("</section>").unwrap();
        let kinds =
            ["type=\"text\"", "<textarea", "<select", "type=\"radio\"", "type=\"checkbox\"", "type=\"file\"", "class=\"parts\""];
        for kind in kinds {
            assert!(plain.contains(kind), "{kind}");
            assert!(faulty.contains(kind), "{kind} with its fault");
        }
        assert!(!plain.contains("field-error"));
        assert_eq!(faulty.matches("field-error").count(), kinds.len());
        assert_eq!(plain.matches("<datalist").count(), 2, "suggestions of one field and of several");
        // A list of files: with lines, empty, at fault, full.
        let (files, rest) = rest.split_once("id=\"g-loi\"").unwrap();
        assert_eq!((files.matches("data-upload").count(), files.matches("<ul class=\"files\" hidden>").count()), (4, 2));
        assert_eq!((files.matches("field-error").count(), files.matches("class=\"drop\"").count()), (1, 3));
        let (pages, rest) = rest.split_once("id=\"g-bang\"").unwrap();
        let ways = |part: &str| pages.matches(part).count();
        assert_eq!((ways("class=\"pager\""), ways("rel=\"prev\""), ways("rel=\"next\"")), (4, 2, 2));
        let (_, long) = rest.split_once("id=\"g-lau\"").unwrap();
        let (long, _) = long.split_once("</section>").unwrap();
        assert_eq!((long.matches("<progress max=").count(), long.matches("<progress aria-label=").count()), (1, 1));
    });
}
