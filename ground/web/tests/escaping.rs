//! Whatever text comes in, it goes out as text.

use web::*;

const EVIL: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";

#[test]
fn no_component_lets_text_become_html() {
    let choices = || [Choice::new(EVIL, EVIL).hint(EVIL)];
    let parts: Vec<(&str, Part)> = vec![
        (
            "text",
            Part::of(
                text(EVIL, EVIL).value(EVIL).hint(EVIL).error(EVIL).note(EVIL).aside(EVIL).placeholder(EVIL).suggestions([EVIL]),
            ),
        ),
        ("area", Part::of(area("a", EVIL).value(EVIL).data("data-x", EVIL))),
        ("select", Part::of(select("a", EVIL, choices()).value(EVIL))),
        ("radios", Part::of(radios("a", EVIL, choices()).value(EVIL).error(EVIL))),
        ("checks", Part::of(checks("a", EVIL, choices()).value(EVIL))),
        ("date", Part::of(date("a", EVIL, DateParts { day: EVIL.into(), month: EVIL.into(), year: EVIL.into() }).error(EVIL))),
        ("locked", Part::of(locked(EVIL, EVIL).more(EVIL).source(EVIL))),
        ("hidden", Part::of(hidden(EVIL, EVIL))),
        ("summary", Part::of(error_summary(&[FieldFault::new(EVIL, EVIL)]))),
        ("button", Part::of(button(EVIL).name(EVIL, EVIL).about(EVIL).ground(EVIL).why_not(EVIL).action(EVIL))),
        ("link", Part::of(link_button("/a", EVIL))),
        ("badge", Part::of(badge(Status::Bad, EVIL))),
        ("tag", Part::of(tag(EVIL))),
        ("due", Part::of(due(Status::Warn, EVIL, EVIL, 40))),
        ("tasks", Part::of(task_list([Task::new("/a", EVIL, Status::Ok, EVIL).hint(EVIL), Task::shut(EVIL, EVIL, EVIL)]))),
        ("steps", Part::of(steps([EVIL, EVIL], 1))),
        ("timeline", Part::of(timeline([Happening::new(When::Now, EVIL).at(EVIL, EVIL).about(EVIL)]))),
        ("facts", Part::of(facts().row(EVIL, EVIL).part(EVIL, Part::text(EVIL)))),
        (
            "table",
            Part::of(
                table(EVIL, [head(EVIL)]).group(EVIL, EVIL).picks("x").row(
                    Row::new([Cell::raw(EVIL), Cell::text(EVIL), Cell::link("/a", EVIL)]).pick(EVIL, EVIL, true).opens(EVIL),
                ),
            ),
        ),
        ("notice", Part::of(notice(Status::Hold, EVIL).text(EVIL).part(Part::raw(EVIL)))),
        ("toast", Part::of(Toast::new(EVIL).action("/a", EVIL))),
        ("saved", Part::of(saved(Kept::Saved, EVIL))),
        ("offline", Part::of(offline(EVIL, EVIL))),
        ("empty", Part::of(empty(Emptiness::NoMatch, EVIL, EVIL).action("/a", EVIL))),
        ("long", Part::of(long(EVIL, Some(3), EVIL))),
        ("conflict", Part::of(conflict(EVIL).typed(EVIL, EVIL))),
        ("tabs", Part::of(tabs(EVIL, [Tab::new("/a", EVIL).count(3)]))),
        ("chip", Part::of(chip("/a", EVIL).removes())),
        ("pager", Part::of(pager("/a", EVIL, 2, 10, 50, EVIL))),
        ("crumbs", Part::of(crumbs([("/a", EVIL)], EVIL))),
        (
            "files",
            Part::of(
                files(EVIL, EVIL, [FileLine::new(EVIL, EVIL, 9, FileState::Refused { why: EVIL.into() }).more(EVIL).warn(EVIL)])
                    .hint(EVIL)
                    .error(EVIL)
                    .remove("/x"),
            ),
        ),
        ("qr", Part::of(qr(EVIL, EVIL))),
        ("holder", Part::of(holder(Some(EVIL)))),
        ("presence", Part::of(presence(EVIL))),
        ("keys", Part::of(keys().key("J", EVIL))),
        ("batch", Part::of(batch(EVIL, Part::raw(EVIL)).shared(EVIL))),
        ("decision", Part::of(decision(Part::raw(EVIL), Part::text(EVIL), Part::raw(EVIL)))),
        ("stat", Part::of(stat(EVIL, EVIL, EVIL))),
        ("rich", Part::of(rich("**{0}** [x]({0})").with(EVIL))),
    ];
    for (name, part) in parts {
        let html = part.to_string();
        assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("\"'>"), "{name}: {html}");
    }
}

#[test]
fn a_link_in_a_sentence_never_becomes_a_script() {
    let html = rich("[x]({0})").with("javascript:alert(1)").html(Lang::Vi);
    assert_eq!(html, "<a href=\"#\">x</a>");
}

#[test]
fn words_are_counted_and_blanks_filled_in_both_languages() {
    let one = words("Còn {0} chỗ cần sửa").with(1);
    let two = words("Còn {0} chỗ cần sửa").with(2);
    assert_eq!(
        (one.say(Lang::Vi), one.say(Lang::En), two.say(Lang::En)),
        ("Còn 1 chỗ cần sửa".into(), "1 thing to correct".into(), "2 things to correct".into())
    );
    assert_eq!(words("{0} trên {1}").with("{1}").with("b").say(Lang::Vi), "{1} trên b");
}
