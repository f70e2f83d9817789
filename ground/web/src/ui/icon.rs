//! The icons of the house, 24 × 24, stroked in the colour of the text. A page carries only those it uses, in one sprite.

use crate::scene::hand_written;

/// Every icon by name, sorted; the drawing is the inside of its `<symbol>`.
pub const ICONS: &[(&str, &str)] = &[
    (
        "baby",
        r##"<circle cx="12" cy="12" r="8.5"/><path d="M9 14.5c1.6 1.8 4.4 1.8 6 0M9 10v.2M15 10v.2M12 3.5c-.4 1.6.5 2.6 2 2.5"/>"##,
    ),
    ("back", r##"<path d="M9 6 4 11l5 5M4.5 11H15a5 5 0 0 1 0 10h-3"/>"##),
    ("bell", r##"<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"/>"##),
    ("book", r##"<path d="M4 5c3-1 6-.5 8 1 2-1.5 5-2 8-1v14c-3-1-6-.5-8 1-2-1.5-5-2-8-1zM12 6v14"/>"##),
    ("build", r##"<path d="M4 20h16M6 20V10l6-5 6 5v10M6 13h12M12 5v15M9 16h0"/>"##),
    ("building", r##"<path d="M3.5 20.5h17M5 20.5V9l7-5 7 5v11.5M9 20.5v-8M12 20.5v-8M15 20.5v-8M5 9h14"/>"##),
    ("cal", r##"<path d="M4.5 6h15v14h-15zM4.5 10.5h15M8.5 3.5v4M15.5 3.5v4"/>"##),
    ("candle", r##"<path d="M9 11h6v9.5H9zM12 11V8.5M12 8.5c-2-1.6-1.6-3 0-5 1.6 2 2 3.4 0 5zM6.5 20.5h11"/>"##),
    ("chart", r##"<path d="M4 20h16M7 20v-7M12 20V5M17 20v-10"/>"##),
    ("chat", r##"<path d="M4 5h16v11H11l-4.5 4v-4H4z"/>"##),
    ("check", r##"<path d="m5 12.5 4.5 4.5L19 7.5"/>"##),
    ("clock", r##"<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>"##),
    ("close", r##"<path d="m6 6 12 12M18 6 6 18"/>"##),
    (
        "coin",
        r##"<ellipse cx="12" cy="7" rx="7.5" ry="3"/><path d="M4.5 7v5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3V7M4.5 12v5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3v-5"/>"##,
    ),
    ("copy", r##"<path d="M8.5 8.5H20V20H8.5zM15.5 8.5V4H4v11.5h4.5"/>"##),
    ("desk", r##"<path d="M3.5 11h17M5 11v9M19 11v9M8 11V6.5h8V11M12 14.5v2"/>"##),
    ("down", r##"<path d="M12 4v11m-4.5-4 4.5 4.5L16.5 11M4.5 16v3.5h15V16"/>"##),
    ("downc", r##"<path d="m5 9 7 7 7-7"/>"##),
    ("file", r##"<path d="M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6M9 16h6"/>"##),
    ("filter", r##"<path d="M4 6h16M7 12h10M10 18h4"/>"##),
    ("flag", r##"<path d="M5.5 21V4M5.5 4.5h12l-2.5 4 2.5 4h-12"/>"##),
    (
        "flow",
        r##"<rect x="3.5" y="4" width="6" height="5"/><rect x="14.5" y="9.5" width="6" height="5"/><rect x="3.5" y="15" width="6" height="5"/><path d="M9.5 6.5h2.5v11H9.5M12 12h2.5"/>"##,
    ),
    (
        "gear",
        r##"<circle cx="12" cy="12" r="3"/><path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9 18 18M6 18l2.1-2.1M15.9 8.1 18 6"/>"##,
    ),
    ("globe", r##"<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c3 2.5 3 14.5 0 17-3-2.5-3-14.5 0-17"/>"##),
    ("go", r##"<path d="M4 12h15m-6-6 6 6-6 6"/>"##),
    ("heart", r##"<path d="M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.2 4.2 4.2 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z"/>"##),
    (
        "help",
        r##"<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.5c.2-1.6 1.2-2.4 2.6-2.4 1.5 0 2.5.9 2.5 2.2 0 1.9-2.5 2-2.5 4M12 16.8v.1"/>"##,
    ),
    ("home", r##"<path d="m3.5 11 8.5-7 8.5 7M6 9.5V20h12V9.5M10 20v-6h4v6"/>"##),
    ("inbox", r##"<path d="M3.5 13 6 5h12l2.5 8v6h-17zM3.5 13H9c0 1.8 1.2 3 3 3s3-1.2 3-3h5.5"/>"##),
    ("info", r##"<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.5v.1"/>"##),
    ("land", r##"<path d="M3.5 6.5 9 4l6 2.5L20.5 4v13.5L15 20l-6-2.5L3.5 20zM9 4v13.5M15 6.5V20"/>"##),
    ("left", r##"<path d="m15 5-7 7 7 7"/>"##),
    ("lock", r##"<path d="M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3"/>"##),
    ("mail", r##"<path d="M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7"/>"##),
    ("menu", r##"<path d="M4 7h16M4 12h16M4 17h16"/>"##),
    ("moon", r##"<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>"##),
    ("net", r##"<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c3 3 3 14 0 17M12 3.5c-3 3-3 14 0 17"/>"##),
    (
        "off",
        r##"<path d="m4 4 16 16M8.5 15a5 5 0 0 1 5.5-1M5.5 11.5A10 10 0 0 1 9 9.4M3 8a14 14 0 0 1 3-2M12.5 8.3A10 10 0 0 1 18.5 11.5M10 5.2A14 14 0 0 1 21 8M12 18.5v.1"/>"##,
    ),
    ("out", r##"<path d="M10 4H5v16h5M14 8l4 4-4 4M18 12H9"/>"##),
    ("pen", r##"<path d="M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5"/>"##),
    ("phone", r##"<path d="M5 4h4l1.5 4.5L8 10c1 2.7 3 4.8 6 6l1.5-2.5L20 15v4c0 .6-.4 1-1 1C11 20 4 13 4 5c0-.6.4-1 1-1z"/>"##),
    ("pin", r##"<path d="M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0C18.5 15 12 21 12 21z"/><circle cx="12" cy="10" r="2.3"/>"##),
    ("play", r##"<path d="M7 4.5 19 12 7 19.5z"/>"##),
    ("plus", r##"<path d="M12 5v14M5 12h14"/>"##),
    ("print", r##"<path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z"/>"##),
    ("qr", r##"<path d="M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5M20 14v2.5M14 20h2.5M20 20v-.5"/>"##),
    ("right", r##"<path d="m9 5 7 7-7 7"/>"##),
    ("rings", r##"<circle cx="8.5" cy="14" r="5.5"/><circle cx="15.5" cy="14" r="5.5"/><path d="m7 5 1.5-2h0L10 5 8.5 7z"/>"##),
    (
        "s-bad",
        r##"<path d="M12 1.5 22.5 12 12 22.5 1.5 12z" fill="currentColor" stroke="none"/><path d="M12 7.5v5.5M12 16.2v.1" fill="none" stroke="var(--surface)" stroke-width="2.6"/>"##,
    ),
    (
        "s-hold",
        r##"<rect x="3" y="3" width="18" height="18" rx="3" fill="currentColor" stroke="none"/><path d="M9.2 8v8M14.8 8v8" fill="none" stroke="var(--surface)" stroke-width="2.6"/>"##,
    ),
    ("s-idle", r##"<circle cx="12" cy="12" r="7.5" fill="none" stroke="currentColor" stroke-width="3"/>"##),
    (
        "s-ok",
        r##"<circle cx="12" cy="12" r="9.5" fill="currentColor" stroke="none"/><path d="m7.5 12.3 3.2 3.2 6-6.5" fill="none" stroke="var(--surface)" stroke-width="2.6"/>"##,
    ),
    (
        "s-run",
        r##"<circle cx="12" cy="12" r="7.8" fill="none" stroke="currentColor" stroke-width="2.6"/><path d="M12 4.2a7.8 7.8 0 0 1 0 15.6z" fill="currentColor"/>"##,
    ),
    (
        "s-warn",
        r##"<path d="M12 2.8 22.3 21H1.7z" fill="currentColor" stroke="none"/><path d="M12 9.5v5M12 17.6v.1" fill="none" stroke="var(--surface)" stroke-width="2.4"/>"##,
    ),
    ("search", r##"<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>"##),
    ("send", r##"<path d="M20.5 3.5 10 14M20.5 3.5 14 20.5 10 14 3.5 10z"/>"##),
    ("shield", r##"<path d="M12 3.5 19 6v6c0 4.5-3 7.3-7 8.5C8 19.3 5 16.5 5 12V6z"/>"##),
    (
        "shop",
        r##"<path d="M4 9.5 5.5 4h13L20 9.5M4 9.5a2.6 2.6 0 0 0 5.3 0 2.7 2.7 0 0 0 5.4 0 2.6 2.6 0 0 0 5.3 0M5.5 12.5V20h13v-7.5M10 20v-4h4v4"/>"##,
    ),
    ("star", r##"<path d="m12 3.5 2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17.1 6.7 20l1.1-6L3.4 9.8l6-.8z"/>"##),
    (
        "sun",
        r##"<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2.5M12 19v2.5M2.5 12H5M19 12h2.5M5.3 5.3 7 7M17 17l1.7 1.7M5.3 18.7 7 17M17 7l1.7-1.7"/>"##,
    ),
    ("track", r##"<path d="M4 4h5v5H4zM15 4h5v5h-5zM4 15h5v5H4zM15 15h2v2h-2zM20 20h-2M20 16v1M15 20v0"/>"##),
    ("traffic", r##"<path d="M8.5 3.5h7v17h-7zM12 7.2v.1M12 12v.1M12 16.8v.1"/>"##),
    ("trash", r##"<path d="M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13"/>"##),
    ("turn", r##"<path d="M19 12a7 7 0 1 1-2.2-5.1M17 3v4h-4"/>"##),
    ("upc", r##"<path d="m5 15 7-7 7 7"/>"##),
    ("upload", r##"<path d="M12 15.5V4.5m-4.5 4L12 4l4.5 4.5M4.5 15v4.5h15V15"/>"##),
    ("user", r##"<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"/>"##),
    (
        "users",
        r##"<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5M15 5.3a3.5 3.5 0 0 1 0 6.4M17.5 14.9c2.2.8 3.6 2.5 4 5.1"/>"##,
    ),
    ("zoom", r##"<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5M8.5 11h5M11 8.5v5"/>"##),
];

/// An icon by name; decoration only, words stand beside it. An unknown name is a fault that the tests find.
#[derive(Debug, Clone)]
pub struct Icon {
    name: &'static str,
    class: &'static str,
}

/// An icon in the size of the text.
pub fn icon(name: &str) -> Icon {
    Icon { name: known(name), class: "" }
}

/// An icon with another class (`ok-text`, `i-file`).
pub fn icon_as(name: &str, class: &'static str) -> Icon {
    Icon { name: known(name), class }
}

fn known(name: &str) -> &'static str {
    match ICONS.binary_search_by_key(&name, |(n, _)| n) {
        Ok(at) => ICONS[at].0,
        Err(_) => {
            tracing::error!(icon = name, "there is no such icon");
            debug_assert!(false, "there is no icon {name}");
            "help"
        }
    }
}

hand_written!(Icon, |icon, dest, scene| {
    if let Some(scene) = scene {
        scene.icons.borrow_mut().insert(icon.name);
    }
    let space = if icon.class.is_empty() { "" } else { " " };
    write!(
        dest,
        "<svg class=\"i{space}{}\" viewBox=\"0 0 24 24\" aria-hidden=\"true\" focusable=\"false\"><use href=\"#{}\"/></svg>",
        icon.class, icon.name
    )?;
});

/// Icons that only a script draws: nothing is written here, but the sprite holds them.
#[derive(Debug, Clone)]
pub struct ScriptIcons(Vec<&'static str>);

/// Puts icons into the sprite for a script: `script_icons("check turn off")`.
pub fn script_icons(names: &str) -> ScriptIcons {
    ScriptIcons(names.split_whitespace().map(known).collect())
}

hand_written!(ScriptIcons, |it, dest, scene| {
    if let Some(scene) = scene {
        scene.icons.borrow_mut().extend(it.0.iter().copied());
    }
    dest.write_str("")?;
});

/// The sprite of the icons named.
pub(crate) fn sprite<'a>(names: impl IntoIterator<Item = &'a &'static str>) -> String {
    let mut out = String::from("<svg class=\"sprite\" aria-hidden=\"true\" focusable=\"false\">");
    for name in names {
        if let Ok(at) = ICONS.binary_search_by_key(name, |(n, _)| n) {
            out.push_str("<symbol id=\"");
            out.push_str(name);
            out.push_str("\" viewBox=\"0 0 24 24\">");
            out.push_str(ICONS[at].1);
            out.push_str("</symbol>");
        }
    }
    out.push_str("</svg>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icons_are_sorted_so_that_they_are_found() {
        assert!(ICONS.is_sorted_by_key(|(n, _)| *n));
    }
}
